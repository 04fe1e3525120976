"""webctp.exchanges.products: the shipped data, and every mistake an editor of it can make."""

import re
from collections import Counter
from collections.abc import Mapping
from pathlib import Path

from twisted.trial.unittest import SynchronousTestCase

from tests.exchanges.test_datafile import assert_in_chinese
from webctp.exchanges.datafile import DataFileError
from webctp.exchanges.productfile import DATA_FILE, default, read_products
from webctp.exchanges.products import (
    ANY_PRICE,
    CALL,
    FIVE_LEVEL_PRICE,
    LIMIT_PRICE,
    OPTIONS,
    PUT,
    SPOT_OPTION,
    USE_HISTORY,
    Product,
)

TEXT = DATA_FILE.read_text("utf-8")


class ShippedTests(SynchronousTestCase):
    """The products that webctp ships."""

    def test_counts(self) -> None:
        futures = [p for p in default().values() if not p.is_option]
        self.assertEqual(
            Counter(p.exchange_id for p in futures),
            {"SHFE": 20, "INE": 5, "DCE": 26, "CZCE": 27, "CFFEX": 8, "GFEX": 5},
        )
        underlyings = {p.underlying for p in default().values() if p.is_option}
        self.assertGreaterEqual(len(underlyings), 40)

    def test_facts_of_well_known_products(self) -> None:
        for product_id, multiple, tick, night in [
            ("cu", 5, 10, 1500),
            ("au", 1000, 0.02, 1590),
            ("ag", 15, 1, 1590),
            ("rb", 10, 1, 1380),
            ("wr", 10, 1, None),
            ("sc", 1000, 0.1, 1590),
            ("i", 100, 0.5, 1380),
            ("lh", 16, 5, None),
            ("TA", 5, 2, 1380),
            ("AP", 10, 1, None),
            ("IF", 300, 0.2, None),
            ("TS", 20000, 0.002, None),
            ("lc", 1, 20, None),
        ]:
            with self.subTest(product_id=product_id):
                product = default()[product_id]
                self.assertEqual((product.volume_multiple, product.price_tick), (multiple, tick))
                self.assertEqual(product.hours.night and product.hours.night[1], night)

    def test_what_differs_by_exchange(self) -> None:
        price_types = {
            "SHFE": {LIMIT_PRICE, ANY_PRICE},
            "INE": {LIMIT_PRICE, ANY_PRICE},
            "DCE": {LIMIT_PRICE, ANY_PRICE},
            "CZCE": {LIMIT_PRICE, ANY_PRICE},
            "GFEX": {LIMIT_PRICE, ANY_PRICE},
        }
        for product in default().values():
            with self.subTest(product_id=product.product_id):
                by_date = product.position_date_type == USE_HISTORY
                self.assertEqual(by_date, product.exchange_id in ("SHFE", "INE"))
                if product.exchange_id == "DCE" and product.underlying is not None:
                    self.assertEqual(product.orders.price_types, {LIMIT_PRICE})
                elif product.exchange_id == "CFFEX":
                    self.assertIn(FIVE_LEVEL_PRICE, product.orders.price_types)
                else:
                    self.assertEqual(product.orders.price_types, price_types[product.exchange_id])

    def test_facts_of_2026(self) -> None:
        """Fees, ticks and volumes of November 2026; the file says where they are from."""
        products = default()
        for name, by_money, by_volume in (
            ("SF", 0, 12),
            ("SM", 0, 12),
            ("CY", 0, 4),
            ("lu", 0.00001, 0),
            ("fu", 0.00001, 0),
            ("SH", 0.0001, 0),
            ("ad", 0.00005, 0),
            ("op", 0.00005, 0),
        ):
            paid = products[name].commission
            self.assertEqual((paid.open_by_money, paid.open_by_volume), (by_money, by_volume), name)
        self.assertEqual((products["lc"].price_limit, products["lc"].margin.long), (0.11, 0.13))
        self.assertEqual(products["ec"].price_tick, 0.5)
        self.assertEqual({products[n].months.nearest for n in ("l_f", "v_f", "pp_f")}, {6})
        for name, least, limit, market in (("ZC", 4, 50, 10), ("CJ", 1, 100, 20)):
            orders = products[name].orders
            self.assertEqual(
                (orders.min_open_volume, orders.max_limit_volume, orders.max_market_volume),
                (least, limit, market),
                name,
            )
        for name in ("cu", "cu_o", "sc", "sc_o"):
            self.assertEqual(products[name].orders.max_market_volume, 60, name)

    def test_the_larger_side(self) -> None:
        """CTP's page ONRSPQRYTRADINGACCOUNT: SHFE, CFFEX, and of INE sc."""
        for product in default().values():
            granted = product.exchange_id in ("SHFE", "CFFEX") or product.product_id == "sc"
            self.assertEqual(
                product.max_margin_side, granted and not product.is_option, product.product_id
            )

    def test_options(self) -> None:
        products = default()
        self.assertEqual(products["m_o"].underlying, products["m"])
        self.assertEqual(products["m_o"].product_class, OPTIONS)
        self.assertEqual(products["SRC"].options_types, (CALL,))
        self.assertEqual(products["SRP"].options_types, (PUT,))
        self.assertEqual(products["IO"].underlying, products["IF"])
        self.assertEqual(products["IO"].product_class, SPOT_OPTION)
        self.assertEqual(products["IO"].volume_multiple, 100)

    def test_every_product_is_sound(self) -> None:
        for product_id, product in default().items():
            with self.subTest(product_id=product_id):
                self.assertEqual(product.product_id, product_id)
                self.assertEqual(product.is_option, product.strikes is not None)
                self.assertEqual(product.is_option, bool(product.options_types))
                self.assertEqual(product.is_option, product.underlying is not None)
                # A day's limits must leave room for prices.
                self.assertGreater(
                    product.reference_price * product.price_limit, 4 * product.price_tick
                )
                self.assertLess(product.margin.long, 1)
                ticks = product.reference_price / product.price_tick
                if not product.is_option:
                    self.assertAlmostEqual(ticks, round(ticks), places=6)
                # Simulated money counts in 1e-4 yuan.
                self.assertEqual(round(product.price_tick, 4), product.price_tick)

    def test_days_are_four_hours_or_less(self) -> None:
        for product in default().values():
            minutes = sum(end - start for start, end in product.hours.day)
            self.assertIn(minutes, (225, 240, 255))


class EditedTests(SynchronousTestCase):
    """The products file, edited."""

    def edited(self, old: str, new: str) -> Mapping[str, Product]:
        """Load the shipped file with the first `old` replaced by `new`."""
        self.assertIn(old, TEXT)
        path = Path(self.mktemp())
        path.write_text(TEXT.replace(old, new, 1), "utf-8")
        return read_products(path)

    def refusal(self, old: str, new: str) -> str:
        """Return the one line that the edited file is refused with."""
        problem = self.assertRaises(DataFileError, self.edited, old, new)
        error = str(problem)
        assert_in_chinese(self, problem, error)
        self.assertRegex(error, r"\A[^\n]+:\d+: [^\n]+\Z")
        return error

    def test_an_edit_takes_effect(self) -> None:
        self.assertEqual(
            self.edited("ReferencePrice: 86500", "ReferencePrice: 90000")["cu"].reference_price,
            90000,
        )

    def test_the_line_is_the_one_with_the_mistake(self) -> None:
        line = TEXT[: TEXT.index("ReferencePrice: 86500")].count("\n") + 1
        error = self.refusal("ReferencePrice: 86500", "ReferencePrice: dear")
        self.assertIn(
            f":{line}: Exchanges SHFE Products cu: ReferencePrice: "
            "'dear' found; write a number above 0",
            error,
        )

    def test_every_key_of_a_product_is_needed(self) -> None:
        start = TEXT.index("      cu:\n")
        block = TEXT[start : TEXT.index("      al:\n")]
        for key in (
            "ProductName", "VolumeMultiple", "PriceTick", "ReferencePrice", "Volatility",
            "DailyVolume", "OpenInterest",
        ):  # fmt: skip
            with self.subTest(key=key):
                shorter = re.sub(rf"{key}: [^,{{}}]+,?", "", block, count=1)
                error = self.refusal(block, shorter)
                self.assertIn(f"Exchanges SHFE Products cu: {key}: missing; write ", error)

    def test_mistakes_in_a_product(self) -> None:
        cu = "{ProductName: 铜, VolumeMultiple: 5, PriceTick: 10,"
        for new, wanted in [
            (cu.replace("5", "0"), "VolumeMultiple: '0' found; write a whole number above 0"),
            (cu.replace("5", "2.5"), "VolumeMultiple: '2.5' found"),
            (cu.replace("10", "-1"), "PriceTick: '-1' found; write a number above 0"),
            (cu.replace("10", "nan"), "PriceTick: 'nan' found"),
            (cu.replace("10", "inf"), "PriceTick: 'inf' found"),
            (cu.replace("10", "[10]"), "PriceTick: no single value"),
            (cu.replace("PriceTick", "PriceTik"), "PriceTick: missing"),
            (
                cu.replace("铜", "铜" * 9),
                "ProductName: '铜铜铜铜铜铜铜铜铜' found; write a Chinese",
            ),
            (cu.replace("铜", "🐂"), "ProductName: '🐂' found"),
            (cu + "Pricetick: 1,", "Pricetick: unknown key; did you mean PriceTick"),
            (cu + "Night: late,", "Night: 'late' found; write one of the Sessions (day, index"),
            (cu + "Night: day,", "Night: a night session is one range of time"),
            (cu + 'Day: "02:30",', "Day: runs over midnight"),
            (cu + "Margin: [0.1],", "Margin: 1 values found; write two"),
            (cu + "Margin: 0.1,", "Margin: no list; write a list"),
            (cu + "PriceLimit: 7,", "PriceLimit: '7' found; write a share below 1"),
            (cu + "CommissionByVolume: [1, 2],", "CommissionByVolume: 2 values found"),
            (cu + "LimitVolume: [9, 1],", "LimitVolume: 9 is above 1"),
            (cu + "OrderTypes: [Limit, IOC],", "OrderTypes: 'IOC' found; write any of Limit"),
            (cu + "PositionDate: today,", "PositionDate: 'today' found; write UseHistory or"),
            (cu + "MaxMarginSide: 1,", "MaxMarginSide: '1' found; write true or false"),
            (cu + "ListedSince: 2025-13-01,", "ListedSince: '2025-13-01' found; write a day as"),
            (cu + "Suffix: X,", "Suffix: 'X' found; write F"),
            (cu + "Months: {},", "Months: lists no month; give Nearest"),
            (cu + "Months: {Within: 3},", "Months: Within and Following need a Cycle"),
            (cu + "Months: {Cycle: [13]},", "Months: Cycle: '13' found; write months of the year"),
            (cu + "Months: {Nearst: 3},", "Months: Nearst: unknown key; did you mean Nearest"),
            (cu + "LastTradingDay: {},", "LastTradingDay: give one of Day, TradingDay"),
            (cu + "LastTradingDay: {Day: 31},", "LastTradingDay: Day: '31' found; write a day"),
            (cu + "LastTradingDay: {Day: 1, TradingDay: 2},", "LastTradingDay: give one of"),
            (cu + "LastTradingDay: {Weekday: 5},", "LastTradingDay: Weekday and Nth belong"),
            (cu + "LastTradingDay: {Day: 1, UpTo: 5},", "LastTradingDay: UpTo belongs to"),
        ]:
            with self.subTest(new=new):
                error = self.refusal(cu, new)
                self.assertIn(": Exchanges SHFE Products cu", error)
                self.assertIn(wanted, error)

    def test_mistakes_in_options(self) -> None:
        option = "Option: {PriceTick: 2, CommissionByVolume: [5, 5, 5],"
        steps = "{40000: 500, 80000: 1000, Above: 2000}"
        for old, new, wanted in [
            (option, option + "Strike: 1,", "Strike: unknown key; did you mean Strikes"),
            (option, "Option: {PriceTick: 2,", "no commission; give CommissionByMoney or"),
            (option, option + "ProductID: 3,", "ProductID: '3' found; write letters"),
            (option, option + "ProductID: al,", "product al is given twice; keep one"),
            (steps, "{40000: 500}", "Strikes: the last step is missing; write it as Above: 50"),
            (steps, "{}", "Strikes: the last step is missing"),
            (steps, "{Below: 500, Above: 1}", "Strikes: Below: no price; write the price up to"),
            (steps, "{4: 0, Above: 1}", "Strikes: 4: '0' found; write a number above 0"),
        ]:
            with self.subTest(new=new):
                self.assertIn(wanted, self.refusal(old, new))

    def test_mistakes_in_the_frame(self) -> None:
        for old, new, wanted in [
            ("  SHFE:", "  SHF:", "Exchanges: SHF: unknown exchange; one of SHFE, INE, DCE"),
            (
                "\nSessions:",
                "\nHours: {}\nSessions:",
                "Hours: unknown key; write one of Exchanges, Sessions",
            ),
            ("      cu:", "      c-u:", "Products c-u: 'c-u' is no ProductID"),
            ("      cu:", "      al:", "Products: al: given twice; keep one"),
            ("      WH:", "      m:", "product m is given twice; keep one"),
            ("09:00-10:15", "9:00-10:15", "Sessions: day: '9:00-10:15' found; write times"),
            ("09:00-10:15", "09:00-25:00", "'09:00-25:00' found"),
            ("09:00-10:15", "09:00-10:45", "Sessions: day: the ranges overlap or run backwards"),
            ("ExchangeName: 上海期货交易所", "Name: x", "SHFE: ExchangeName: missing"),
        ]:
            with self.subTest(new=new):
                self.assertIn(wanted, self.refusal(old, new))

    def test_no_products_at_all(self) -> None:
        path = Path(self.mktemp())
        path.write_text("Sessions: {}\nExchanges: {}\n", "utf-8")
        error = str(self.assertRaises(DataFileError, read_products, path))
        self.assertIn("no products; list at least one under Exchanges", error)

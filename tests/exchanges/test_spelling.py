"""webctp.exchanges.spelling: each exchange's own IDs, both ways."""

from hypothesis import given, settings
from hypothesis import strategies as st
from twisted.trial.unittest import SynchronousTestCase

from webctp.exchanges.productfile import default
from webctp.exchanges.products import Product
from webctp.exchanges.rules import month_number, year_month
from webctp.exchanges.spelling import (
    EXCHANGES,
    Spelled,
    future_id,
    option_id,
    option_product_ids,
    parse,
    symbol_of,
)

NEAR = month_number(2026, 11)


class SpellingTests(SynchronousTestCase):
    """IDs as the exchanges print them."""

    def test_futures(self) -> None:
        for exchange_id, product_id, month, wanted in [
            ("SHFE", "cu", (2026, 12), "cu2612"),
            ("INE", "sc", (2029, 3), "sc2903"),
            ("DCE", "m", (2027, 1), "m2701"),
            ("CZCE", "CF", (2027, 1), "CF701"),
            ("CZCE", "TA", (2030, 9), "TA009"),
            ("CFFEX", "IF", (2026, 12), "IF2612"),
            ("GFEX", "lc", (2027, 1), "lc2701"),
        ]:
            with self.subTest(wanted=wanted):
                self.assertEqual(future_id(exchange_id, product_id, month_number(*month)), wanted)
        self.assertEqual(future_id("DCE", "pp_f", month_number(2027, 2), "F"), "pp2702F")

    def test_options(self) -> None:
        for exchange_id, series, kind, strike, wanted in [
            ("SHFE", "cu2612", "1", 80000.0, "cu2612C80000"),
            ("INE", "sc2612", "2", 455.0, "sc2612P455"),
            ("DCE", "m2701", "1", 3000.0, "m2701-C-3000"),
            ("CZCE", "SR701", "1", 6000.0, "SR701C6000"),
            ("CFFEX", "IO2612", "1", 4000.0, "IO2612-C-4000"),
            ("GFEX", "lc2701", "2", 92000.0, "lc2701-P-92000"),
            ("GFEX", "pt2702", "2", 2.5, "pt2702-P-2.5"),
        ]:
            with self.subTest(wanted=wanted):
                self.assertEqual(option_id(exchange_id, series, kind, strike), wanted)

    def test_option_products(self) -> None:
        self.assertEqual(option_product_ids("DCE", "m"), (("m_o", ("1", "2")),))
        self.assertEqual(option_product_ids("CFFEX", "IF", "IO"), (("IO", ("1", "2")),))
        self.assertEqual(option_product_ids("CZCE", "SR"), (("SRC", ("1",)), ("SRP", ("2",))))

    def test_what_is_spelled_otherwise_is_none(self) -> None:
        for exchange_id, instrument_id in [
            ("CZCE", "CF2701"),
            ("SHFE", "cu612"),
            ("SHFE", "cu2613"),
            ("SHFE", "cu2600"),
            ("SHFE", "cu2612-C-80000"),
            ("DCE", "m2701C3000"),
            ("DCE", "m2701-C3000"),
            ("DCE", "m2701-X-3000"),
            ("DCE", "m2701-C-"),
            ("DCE", "m2701 "),
            ("DCE", "m２７０１"),
            ("CFFEX", "IF"),
            ("CFFEX", ""),
        ]:
            with self.subTest(instrument_id=instrument_id):
                found = parse(exchange_id, instrument_id, NEAR)
                self.assertIsNone(found)

    def test_czce_year_is_the_near_one(self) -> None:
        for near, year in {2019: 2021, 2025: 2021, 2027: 2031, 2035: 2031}.items():
            with self.subTest(near=near):
                found = parse("CZCE", "TA105", month_number(near, 5))
                self.assertEqual(found, Spelled("TA", month_number(year, 5)))

    @settings(deadline=None, max_examples=200)
    @given(
        st.sampled_from(list(default().values())),
        st.integers(-50, 50),
        st.sampled_from(("1", "2")),
        st.integers(1, 10**6).map(lambda n: n / 20),
    )
    def test_round_trip(self, product: Product, ahead: int, kind: str, strike: float) -> None:
        month = NEAR + ahead
        exchange_id = product.exchange_id
        letters = symbol_of(product.product_id)
        future = future_id(exchange_id, letters, month, product.suffix)
        self.assertEqual(parse(exchange_id, future, NEAR), Spelled(letters, month, product.suffix))
        option = option_id(exchange_id, future, kind, strike)
        self.assertEqual(
            parse(exchange_id, option, NEAR), Spelled(letters, month, product.suffix, kind, strike)
        )

    @settings(deadline=None, max_examples=200)
    @given(st.sampled_from(EXCHANGES), st.text(max_size=20))
    def test_any_text_is_parsed_or_none(self, exchange_id: str, text: str) -> None:
        found = parse(exchange_id, text, NEAR)
        if found is not None:
            self.assertTrue(text.startswith(found.symbol))

    @given(st.integers(2000 * 12, 2100 * 12))
    def test_month_numbers(self, number: int) -> None:
        year, month = year_month(number)
        self.assertTrue(1 <= month <= 12)
        self.assertEqual(month_number(year, month), number)

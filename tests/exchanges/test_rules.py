"""webctp.exchanges.rules: listed months and last trading days, against the exchanges' own."""

from datetime import date

from hypothesis import given, settings
from hypothesis import strategies as st
from twisted.trial.unittest import SynchronousTestCase

from webctp.exchanges.calendar import Closing, TradingCalendar, default
from webctp.exchanges.productfile import default as products
from webctp.exchanges.products import Product
from webctp.exchanges.rules import DateRule, MonthRule, month_number, year_month

RULES = st.builds(
    MonthRule,
    nearest=st.integers(0, 14),
    cycle=st.sets(st.integers(1, 12), min_size=1).map(lambda months: tuple(sorted(months))),
    within=st.integers(0, 36),
    following=st.integers(0, 8),
)


class MonthRuleTests(SynchronousTestCase):
    """Which months are listed."""

    def months(self, product_id: str, year: int, month: int) -> list[str]:
        """Return the months listed while that month is the nearest, as the IDs show them."""
        rule = products()[product_id].months
        found = [year_month(number) for number in rule.listed(month_number(year, month))]
        return [f"{year % 100}{month:02}" for year, month in found]

    def test_months_of_well_known_products(self) -> None:
        for product_id, wanted in {
            "IF": "2612 2701 2703 2706",
            "T": "2612 2703 2706",
            "au": "2612 2701 2702 2704 2706 2708 2710 2712",
            "SR": "2701 2703 2705 2707 2709 2711",
            "m": "2612 2701 2703 2705 2707 2708 2709 2711",
            "AP": "2612 2701 2703 2704 2705 2710 2711",
            "IO": "2612 2701 2702 2703 2706 2709",
        }.items():
            with self.subTest(product_id=product_id):
                self.assertEqual(" ".join(self.months(product_id, 2026, 12)), wanted)
        self.assertEqual(len(self.months("cu", 2026, 12)), 12)
        self.assertEqual(self.months("sc", 2026, 12)[-3:], ["2903", "2906", "2909"])

    @settings(deadline=None)
    @given(RULES, st.integers(2026 * 12, 2027 * 12))
    def test_a_month_is_listed_from_its_listing_to_its_expiry(
        self, rule: MonthRule, first: int
    ) -> None:
        for month in rule.listed(first):
            listing = rule.first_at_listing(month)
            self.assertLessEqual(listing, first)
            self.assertNotIn(month, rule.listed(listing - 1))
            for nearest in range(listing, first + 1):
                self.assertIn(month, rule.listed(nearest))


class DateRuleTests(SynchronousTestCase):
    """Last trading days."""

    def test_last_trading_days_that_were(self) -> None:
        for product_id, month, day in [
            ("cu", (2025, 11), "2025-11-17"),  # the 15th was a Saturday
            ("rb", (2026, 2), "2026-02-24"),  # the 15th fell into the Spring Festival
            ("sc", (2024, 1), "2023-12-29"),
            ("fu", (2025, 5), "2025-04-30"),
            ("m", (2025, 9), "2025-09-12"),
            ("jd", (2025, 10), "2025-10-28"),
            ("IF", (2025, 9), "2025-09-19"),
            ("T", (2025, 12), "2025-12-12"),
            ("ec", (2025, 10), "2025-10-27"),
            ("cu_o", (2025, 12), "2025-11-24"),
            ("sc_o", (2025, 12), "2025-11-12"),
            ("IO", (2026, 6), "2026-06-22"),  # the third Friday was a holiday
        ]:
            with self.subTest(product_id=product_id):
                rule = products()[product_id].last_trading_day
                found = rule.date_of(month_number(*month), default())
                self.assertEqual(found.isoformat(), day)

    @settings(deadline=None)
    @given(st.sampled_from(list(products().values())), st.integers(2024 * 12, 2029 * 12))
    def test_it_is_a_trading_day_and_later_months_expire_later(
        self, product: Product, month: int
    ) -> None:
        rule = product.last_trading_day
        found = rule.date_of(month, default())
        self.assertTrue(default().is_trading_day(found))
        self.assertLess(found, rule.date_of(month + 1, default()))

    def test_a_month_closed_altogether_still_gives_a_day(self) -> None:
        closed = TradingCalendar({2026: (Closing("关闭", (5, 1), (5, 31)),)}, ())
        may = month_number(2026, 5)
        for rule in (
            DateRule(trading_day=10),
            DateRule(trading_day=-5),
            DateRule(weekday=1, nth=-1),
            DateRule(weekday=5, nth=3),
            DateRule(day=15),
        ):
            with self.subTest(rule=rule):
                self.assertEqual(rule.date_of(may, closed), date(2026, 6, 1))

    def test_a_short_month_gives_the_furthest_day(self) -> None:
        short = TradingCalendar({2026: (Closing("关闭", (5, 8), (5, 31)),)}, ())
        may = month_number(2026, 5)
        self.assertEqual(DateRule(trading_day=10).date_of(may, short), date(2026, 5, 7))
        self.assertEqual(DateRule(trading_day=-13).date_of(may, short), date(2026, 5, 1))

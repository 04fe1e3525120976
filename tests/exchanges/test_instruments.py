"""webctp.exchanges.instruments: what is listed on a day."""

from collections import Counter
from dataclasses import replace
from datetime import date
from itertools import pairwise

from hypothesis import given, settings
from hypothesis import strategies as st
from twisted.trial.unittest import SynchronousTestCase

from webctp.exchanges.calendar import default as calendar
from webctp.exchanges.instruments import (
    Instrument,
    listed,
    listed_months,
    series_of,
    strike_prices,
)
from webctp.exchanges.productfile import default
from webctp.exchanges.products import CALL, FUTURES, OPTIONS, PUT
from webctp.exchanges.rules import month_number
from webctp.exchanges.spelling import parse, symbol_of

DAYS = st.sampled_from(calendar().trading_days(2026) + calendar().trading_days(2027))


def by_id(trading_day: date) -> dict[str, Instrument]:
    """Return what is listed on a day by InstrumentID."""
    return {instrument.instrument_id: instrument for instrument in listed(trading_day)}


class ListedTests(SynchronousTestCase):
    """The list of a trading day."""

    @settings(deadline=None, max_examples=12)
    @given(DAYS)
    def test_every_day_has_its_futures_and_options(self, day: date) -> None:
        instruments = listed(day)
        kinds = Counter(instrument.product.is_option for instrument in instruments)
        self.assertTrue(700 <= kinds[False] <= 950, kinds)
        self.assertTrue(5_000 <= kinds[True] <= 20_000, kinds)
        self.assertEqual(len({i.instrument_id for i in instruments}), len(instruments))
        listed_products = {i.product.product_id for i in instruments}
        self.assertEqual(listed_products, set(default()))

    @settings(deadline=None, max_examples=12)
    @given(DAYS)
    def test_dates_are_coherent(self, day: date) -> None:
        for series in {instrument.series for instrument in listed(day)}:
            self.assertLessEqual(series.open_date, day, series)
            self.assertLessEqual(day, series.expire_date, series)
            self.assertLessEqual(series.expire_date, series.start_deliv_date, series)
            self.assertLessEqual(series.start_deliv_date, series.end_deliv_date, series)

    @settings(deadline=None, max_examples=6)
    @given(DAYS)
    def test_ids_say_what_the_instrument_is(self, day: date) -> None:
        near = month_number(day.year, day.month)
        futures = {i.instrument_id for i in listed(day) if not i.product.is_option}
        for i in listed(day):
            found = parse(i.exchange_id, i.instrument_id, near)
            assert found is not None, i.instrument_id
            product = i.product
            named = product.underlying if product.product_class == OPTIONS else product
            assert named is not None
            self.assertEqual(found.symbol, symbol_of(named.product_id))
            self.assertEqual(
                found.month, month_number(i.series.delivery_year, i.series.delivery_month)
            )
            self.assertEqual(found.options_type, i.options_type)
            self.assertEqual(found.strike_price, i.strike_price)
            if product.product_class == FUTURES:
                self.assertEqual(i.series.underlying_id, product.product_id)
            elif product.product_class == OPTIONS:
                self.assertIn(i.series.underlying_id, futures)
            # CTP's InstrumentName holds 20 bytes, its InstrumentID 30.
            self.assertLessEqual(len(i.name.encode("gbk")), 20)
            self.assertLessEqual(len(i.instrument_id), 30)

    def test_a_contract_month_is_listed_from_its_opening_to_its_expiry(self) -> None:
        days = calendar().trading_days(2026) + calendar().trading_days(2027)
        for product in default().values():
            before: set[int] = set()
            for day in days:
                months = set(listed_months(product, day, calendar()))
                for month in months - before if before else ():
                    series = series_of(product, month, calendar())
                    self.assertEqual(series.open_date, day, series)
                for month in before - months:
                    series = series_of(product, month, calendar())
                    last = calendar().previous_trading_day(day)
                    self.assertEqual(series.expire_date, last, series)
                before = months

    def test_spelling_and_dates_of_a_known_day(self) -> None:
        instruments = by_id(date(2026, 11, 24))
        for instrument_id, opened, expires in [
            ("cu2612", "2025-12-16", "2026-12-15"),
            ("IF2612", "2026-04-20", "2026-12-18"),
            ("CF701", "2026-01-19", "2027-01-15"),
            ("m2701", "2026-01-19", "2027-01-15"),
            ("lc2701", "2026-01-19", "2027-01-15"),
            ("sc2612", "2023-12-01", "2026-11-30"),
            ("l2701F", "2026-07-01", "2026-12-31"),
            ("cu2612C86000", "2026-04-16", "2026-11-24"),
            ("m2701-C-3000", "2026-05-20", "2026-12-16"),
            ("SR701P5400", "2026-05-20", "2026-12-11"),
            ("IO2612-P-4500", "2025-12-22", "2026-12-18"),
        ]:
            with self.subTest(instrument_id=instrument_id):
                series = instruments[instrument_id].series
                self.assertEqual(series.open_date.isoformat(), opened)
                self.assertEqual(series.expire_date.isoformat(), expires)
        self.assertEqual(instruments["cu2612"].name, "铜2612")
        self.assertEqual(instruments["CF701"].name, "一号棉花2701")
        self.assertEqual(instruments["IO2612-P-4500"].series.underlying_id, "IO2612")
        self.assertEqual(instruments["SR701P5400"].options_type, PUT)

    def test_nothing_is_listed_before_its_product_is(self) -> None:
        before = {i.product.product_id for i in listed(date(2025, 11, 26))}
        after = by_id(date(2025, 11, 27))
        self.assertFalse(before & {"pt", "pt_o"})
        self.assertEqual(after["pt2606"].series.open_date, date(2025, 11, 27))

    def test_a_selection_of_products(self) -> None:
        only = {"cu": default()["cu"]}
        found = [i.instrument_id for i in listed(date(2026, 11, 24), only)]
        self.assertEqual((len(found), found[0], found[-1]), (12, "cu2612", "cu2711"))


class StrikeTests(SynchronousTestCase):
    """Strike prices."""

    def test_steps_change_at_their_bounds(self) -> None:
        strikes = strike_prices(default()["cu_o"])
        at = strikes.index(80000)
        self.assertEqual(strikes[at - 1 : at + 2], (79000, 80000, 82000))

    def test_chains_are_around_the_reference_price(self) -> None:
        for product in default().values():
            if product.strikes is None:
                continue
            with self.subTest(product_id=product.product_id):
                strikes = strike_prices(product)
                self.assertEqual(len(strikes), 2 * product.strikes.each_side + 1)
                self.assertEqual(list(strikes), sorted(set(strikes)))
                self.assertTrue(strikes[0] < product.reference_price < strikes[-1])

    def test_far_months_of_index_options_step_twice_as_wide(self) -> None:
        strikes: dict[str, list[float]] = {}
        for name, instrument in by_id(date(2026, 11, 24)).items():
            if name.startswith("IO") and "-C-" in name:
                strikes.setdefault(name[:6], []).append(instrument.strike_price)
        steps = {
            month: {round(b - a, 6) for a, b in pairwise(found) if 2500 < a < b < 5000}
            for month, found in strikes.items()
        }
        near = {month: {50} for month in ("IO2612", "IO2701", "IO2702")}
        far = {month: {100} for month in ("IO2703", "IO2706", "IO2709")}
        self.assertEqual(steps, near | far)

    def test_options_on_silicon_step_by_100_below_5000(self) -> None:
        cheap = replace(default()["si_o"], reference_price=4_500.0)
        self.assertEqual({b - a for a, b in pairwise(strike_prices(cheap)) if b <= 5_000}, {100})

    def test_calls_and_puts_share_strikes(self) -> None:
        sides: dict[str, set[tuple[str, float]]] = {CALL: set(), PUT: set()}
        for i in listed(date(2026, 11, 24)):
            if i.product.is_option:
                sides[i.options_type].add((i.series.series_id, i.strike_price))
        self.assertEqual(sides[CALL], sides[PUT])

    def test_a_future_has_none(self) -> None:
        self.assertRaises(ValueError, strike_prices, default()["cu"])

"""webctp.exchanges.sessions: hours, statuses, and the dates of ticks."""

from datetime import date, datetime, timedelta
from itertools import pairwise

from hypothesis import given, settings
from hypothesis import strategies as st
from twisted.trial.unittest import SynchronousTestCase

from webctp.exchanges.calendar import default as calendar
from webctp.exchanges.productfile import default
from webctp.exchanges.products import Product
from webctp.exchanges.sessions import (
    AUCTION_ORDERING,
    BEFORE_TRADING,
    CLOSED,
    CONTINUOUS,
    NO_TRADING,
    action_day,
    anything_open,
    is_open,
    next_phase,
    phase_at,
    phases,
    segments,
    status_at,
    trading_day_of_tick,
    update_millisec,
)
from webctp.exchanges.spelling import EXCHANGES

PRODUCTS = st.sampled_from(list(default().values()))
DAYS = st.sampled_from(calendar().trading_days(2026) + calendar().trading_days(2027)[:-1])
MOMENTS = st.datetimes(datetime(2026, 1, 5), datetime(2027, 12, 29))


class AnythingOpen(SynchronousTestCase):
    """Whether the exchanges trade at all."""

    def test_it_is_from_the_first_opening_to_the_last_end(self) -> None:
        told = {
            text: anything_open(datetime.fromisoformat(text))
            for text in (
                "2026-11-27T20:59:59",
                "2026-11-27T21:00:00",
                "2026-11-28T02:29:59",
                "2026-11-28T02:30:00",
                "2026-11-28T10:00:00",
                "2026-11-30T08:59:59",
                "2026-11-30T10:20:00",
                "2026-11-30T12:00:00",
                "2026-11-30T14:59:59",
                "2026-11-30T15:15:00",
                "2026-10-01T10:00:00",
            )
        }
        self.assertEqual(
            [text for text, is_so in told.items() if is_so],
            [
                "2026-11-27T21:00:00",
                "2026-11-28T02:29:59",
                "2026-11-30T10:20:00",
                "2026-11-30T14:59:59",
            ],
            "CFFEX trades through the break of the others; a Saturday and a holiday do not count",
        )

    @given(MOMENTS)
    @settings(max_examples=60, deadline=None)
    def test_it_is_when_some_product_is(self, moment: datetime) -> None:
        each = any(is_open(product, moment) for product in default().values())
        self.assertEqual(anything_open(moment), each)


class SegmentTests(SynchronousTestCase):
    """Stretches of continuous trading."""

    def spans(self, product_id: str, day: str) -> list[str]:
        """Return the segments of a day as text."""
        found = segments(default()[product_id], date.fromisoformat(day))
        return [f"{s.start:%m-%d %H:%M}-{s.end:%m-%d %H:%M}" for s in found]

    def test_a_friday_night_is_mondays(self) -> None:
        self.assertEqual(
            self.spans("au", "2026-11-30"),
            [
                "11-27 21:00-11-28 02:30",
                "11-30 09:00-11-30 10:15",
                "11-30 10:30-11-30 11:30",
                "11-30 13:30-11-30 15:00",
            ],
        )

    def test_no_night_after_a_holiday(self) -> None:
        self.assertEqual(self.spans("au", "2026-10-08")[0], "10-08 09:00-10-08 10:15")

    def test_financial_futures(self) -> None:
        morning = "11-30 09:30-11-30 11:30"
        self.assertEqual(self.spans("IF", "2026-11-30"), [morning, "11-30 13:00-11-30 15:00"])
        self.assertEqual(self.spans("T", "2026-11-30"), [morning, "11-30 13:00-11-30 15:15"])

    @settings(deadline=None)
    @given(PRODUCTS, DAYS)
    def test_segments_lie_in_order_within_their_trading_day(
        self, product: Product, day: date
    ) -> None:
        found = segments(product, day)
        for segment in found:
            self.assertLess(segment.start, segment.end)
            self.assertEqual(calendar().trading_day_of(segment.start), day)
            self.assertEqual(calendar().trading_day_of(segment.end), day)
        for before, after in pairwise(found):
            self.assertLess(before.end, after.start)


class StatusTests(SynchronousTestCase):
    """InstrumentStatus over a day."""

    def test_a_day_with_a_night(self) -> None:
        found = phases(default()["rb"], date(2026, 11, 24))
        self.assertEqual(
            [f"{p.start:%d %H:%M} {p.status}" for p in found],
            [
                "23 17:00 1",
                "23 20:55 3",
                "23 20:59 5",
                "23 21:00 2",
                "23 23:00 1",
                "24 08:55 3",
                "24 08:59 5",
                "24 09:00 2",
                "24 10:15 1",
                "24 10:30 2",
                "24 11:30 1",
                "24 13:30 2",
                "24 15:00 6",
            ],
        )

    def test_index_futures_call_at_nine_twenty_five(self) -> None:
        product = default()["IF"]
        for clock, status in {
            "09:24:59": BEFORE_TRADING,
            "09:25:00": AUCTION_ORDERING,
            "09:30:00": CONTINUOUS,
            "11:30:00": NO_TRADING,
            "14:59:59": CONTINUOUS,
            "15:00:00": CLOSED,
            "17:00:00": BEFORE_TRADING,
        }.items():
            with self.subTest(clock=clock):
                moment = datetime.fromisoformat(f"2026-11-24T{clock}")
                self.assertEqual(status_at(product, moment), status)

    @settings(deadline=None)
    @given(PRODUCTS, MOMENTS)
    def test_open_means_within_a_segment(self, product: Product, moment: datetime) -> None:
        day = calendar().trading_day_of(moment)
        within = any(s.start <= moment < s.end for s in segments(product, day))
        self.assertEqual(is_open(product, moment), within)

    @settings(deadline=None)
    @given(PRODUCTS, MOMENTS)
    def test_the_status_holds_until_the_next_phase(
        self, product: Product, moment: datetime
    ) -> None:
        phase, present = next_phase(product, moment), phase_at(product, moment)
        self.assertGreater(phase.start, moment)
        self.assertEqual(status_at(product, phase.start), phase.status)
        last = phase.start - timedelta.resolution
        self.assertEqual(status_at(product, last), status_at(product, moment))
        told = phase.status, phase.cancels
        self.assertNotEqual(told, (present.status, present.cancels))


class TickTests(SynchronousTestCase):
    """What ticks carry, by exchange."""

    def test_dates_at_night(self) -> None:
        night, day = datetime(2026, 11, 27, 22, 0), date(2026, 11, 30)
        self.assertEqual(action_day("DCE", day, night), day)
        for exchange_id in "SHFE", "INE", "CZCE", "GFEX", "CFFEX":
            self.assertEqual(action_day(exchange_id, day, night), date(2026, 11, 27))
        self.assertEqual(trading_day_of_tick("CZCE", day, night), date(2026, 11, 27))
        for exchange_id in "SHFE", "INE", "DCE", "GFEX", "CFFEX":
            self.assertEqual(trading_day_of_tick(exchange_id, day, night), day)

    def test_dates_where_no_exchange_trades(self) -> None:
        monday = date(2026, 11, 30)
        for moment in datetime(2026, 11, 28, 20, 0), datetime(2026, 11, 29, 1, 0):
            self.assertEqual(action_day("DCE", monday, moment), moment.date())
        self.assertEqual(action_day("DCE", monday, datetime(2026, 11, 28, 1, 0)), monday)

    def test_dates_by_day(self) -> None:
        noon, day = datetime(2026, 11, 27, 11, 0), date(2026, 11, 27)
        for exchange_id in EXCHANGES:
            self.assertEqual(trading_day_of_tick(exchange_id, day, noon), day)
            self.assertEqual(action_day(exchange_id, day, noon), day)

    def test_milliseconds(self) -> None:
        moment = datetime(2026, 11, 27, 22, 0, 0, 500_000)
        self.assertEqual(update_millisec("CZCE", moment), 0)
        self.assertEqual(update_millisec("SHFE", moment), 500)

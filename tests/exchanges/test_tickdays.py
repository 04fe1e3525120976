"""The trading day of a tick."""

from datetime import date, datetime, timedelta, timezone

from hypothesis import given
from hypothesis import strategies as st
from twisted.trial.unittest import SynchronousTestCase

from tests.conformance import holds
from webctp.exchanges.calendar import default as calendar
from webctp.exchanges.sessions import trading_day_of_tick
from webctp.exchanges.tickdays import TickDays

CHINA = timezone(timedelta(hours=8))
_RECEIVED = st.integers(0, 2**63)
FRIDAY, MONDAY = date(2026, 11, 27), date(2026, 11, 30)


def at(moment: datetime) -> int:
    """A time of China in nanoseconds since 1970."""
    return int(moment.replace(tzinfo=CHINA).timestamp()) * 10**9


class TickDaysTests(SynchronousTestCase):
    """What ticks tell, and when that is the day by the clock."""

    def day(
        self, told: str, time: str, instrument: str = "TA701", received: datetime | None = None
    ) -> date | None:
        moment = received or datetime(2026, 11, 27, 21, 0, 1)
        return TickDays().of(told.encode(), time.encode(), instrument.encode(), at(moment))

    def test_czces_evening_is_the_next_trading_days(self) -> None:
        self.assertEqual(self.day("20261127", "21:00:00"), MONDAY)
        self.assertEqual(self.day("20261127", "21:00:00", "SR701C6000"), MONDAY)
        self.assertEqual(self.day("20261127", "21:00:00", "SPD CF701&CF705"), MONDAY)
        # Our clock is late.
        early = datetime(2026, 11, 27, 20, 59, 50)
        self.assertEqual(self.day("20261127", "21:00:00", received=early), MONDAY)

    @holds("HQSM-2")
    def test_czces_day_is_its_own(self) -> None:
        noon = datetime(2026, 11, 27, 11, 0)
        self.assertEqual(self.day("20261127", "11:00:00", received=noon), FRIDAY)

    def test_others_tell_the_trading_day(self) -> None:
        for name in ("cu2701", "m2701-C-3000", "IF2612", "cu2701\0TA701", "nothing", ""):
            self.assertEqual(self.day("20261130", "21:00:00", name), MONDAY)
            self.assertEqual(self.day("20261127", "21:00:00", name), FRIDAY)

    @holds("HQSM-2")
    def test_a_front_that_tells_the_trading_day_of_czce_is_believed(self) -> None:
        self.assertEqual(self.day("20261130", "21:00:00"), MONDAY)

    def test_stale_ticks(self) -> None:
        morning = datetime(2026, 11, 30, 8, 45)
        self.assertEqual(self.day("20261127", "22:59:59", received=morning), MONDAY)
        self.assertEqual(self.day("20261127", "15:00:00", received=morning), FRIDAY)

    def test_what_is_no_day(self) -> None:
        for told in ("", "20261131", "2026112", "../../20", "19800100", "2026 123"):
            for name in ("TA701", "cu2701"):
                self.assertIsNone(self.day(told, "21:00:00", name))

    def test_what_is_no_time(self) -> None:
        for time in ("", "2", "99:00:00", "ab"):
            self.assertEqual(self.day("20261127", time), FRIDAY)

    @given(
        st.datetimes(datetime(2026, 1, 5), datetime(2027, 12, 29)),
        st.sampled_from((("CZCE", b"TA701"), ("SHFE", b"cu2701"), ("DCE", b"m2701"))),
    )
    def test_whatever_a_simulated_exchange_tells(
        self, moment: datetime, listed: tuple[str, bytes]
    ) -> None:
        exchange, name = listed
        day = calendar().trading_day_of(moment)
        told = f"{trading_day_of_tick(exchange, day, moment):%Y%m%d}".encode()
        time = f"{moment:%H:%M:%S}".encode()
        self.assertEqual(TickDays().of(told, time, name, at(moment)), day)

    @given(
        st.binary(max_size=9), st.binary(max_size=9), st.binary(max_size=31), st.integers(0, 2**63)
    )
    def test_any_bytes(self, told: bytes, time: bytes, name: bytes, received: int) -> None:
        TickDays().of(told, time, name, received)

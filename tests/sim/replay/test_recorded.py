"""What ticks of elsewhere drive an exchange by."""

from datetime import date, datetime, timedelta

from twisted.trial.unittest import SynchronousTestCase

from tests.sim.paper.support import PaperCase
from webctp.exchanges import calendar
from webctp.exchanges.sessions import CONTINUOUS
from webctp.sim.replay.recorded import DAYS_AHEAD, RecordedDays

DAY = date(2026, 11, 24)


class DaysTests(SynchronousTestCase):
    """A timeline of ticks."""

    def test_the_day_is_the_ticks_whatever_the_time(self) -> None:
        days = RecordedDays(calendar.default(), DAY)
        self.assertEqual(days.day_of(datetime(2030, 1, 1)).date, DAY)
        days.go_to(date(2026, 11, 27))
        self.assertEqual(days.day_of(datetime.min).date, date(2026, 11, 27))
        self.assertEqual(days.day.following, date(2026, 11, 30))

    def test_it_never_closes(self) -> None:
        days = RecordedDays(calendar.default(), DAY)
        night = datetime(2026, 11, 24, 3)
        self.assertEqual(days.phase(None, night).status, CONTINUOUS)  # type: ignore[arg-type]
        self.assertTrue(days.connected(night) and days.banks_take(night))
        self.assertGreater(days.next_change(night), night + timedelta(days=10_000))


class DriverTests(PaperCase):
    """Which ticks begin a trading day."""

    def test_a_later_day_that_may_be_right(self) -> None:
        self.paper()
        driver = self.made._driver
        for day, begins in (
            (None, False),
            (DAY, False),
            (DAY - timedelta(days=1), False),
            (DAY + timedelta(days=1), True),
            (DAY + timedelta(days=DAYS_AHEAD), True),
            (DAY + timedelta(days=DAYS_AHEAD + 1), False),
        ):
            self.assertIs(driver.is_of_new_day(day), begins, str(day))

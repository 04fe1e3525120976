"""webctp.exchanges.calendar: trading days, night sessions, and the data file."""

from datetime import date, datetime, time, timedelta
from pathlib import Path

from hypothesis import given, settings
from hypothesis import strategies as st
from twisted.trial.unittest import SynchronousTestCase

from tests.exchanges.test_datafile import assert_in_chinese
from webctp.exchanges.calendar import DATA_FILE, TradingCalendar, default, load
from webctp.exchanges.datafile import DataFileError

DAYS = st.dates(date(2023, 6, 1), date(2028, 6, 1))
MOMENTS = st.datetimes(datetime(2024, 1, 2), datetime(2027, 12, 30))


class TradingDayTests(SynchronousTestCase):
    """The calendar that webctp ships."""

    calendar: TradingCalendar

    def setUp(self) -> None:
        self.calendar = default()

    def test_published_years_have_the_published_number_of_days(self) -> None:
        counts = {year: len(self.calendar.trading_days(year)) for year in (2024, 2025, 2026)}
        self.assertEqual(counts, {2024: 242, 2025: 243, 2026: 242})

    def test_days_around_holidays(self) -> None:
        for day, next_day in {
            "2024-02-08": "2024-02-19",
            "2025-01-27": "2025-02-05",
            "2025-09-30": "2025-10-09",
            "2026-02-13": "2026-02-24",
            "2026-09-30": "2026-10-08",
            "2026-11-20": "2026-11-23",
        }.items():
            with self.subTest(day=day):
                following = self.calendar.next_trading_day(date.fromisoformat(day))
                self.assertEqual(following.isoformat(), next_day)
                self.assertEqual(self.calendar.previous_trading_day(following).isoformat(), day)

    def test_weekends_worked_to_make_up_for_a_holiday_do_not_trade(self) -> None:
        self.assertFalse(self.calendar.is_trading_day(date(2026, 2, 14)))
        self.assertFalse(self.calendar.is_trading_day(date(2026, 10, 10)))

    def test_night_session_only_over_a_plain_weekend(self) -> None:
        for day, held in {
            "2026-11-24": True,  # Tuesday after Monday
            "2026-11-23": True,  # Monday after Friday
            "2026-10-08": False,  # after the National Day week
            "2026-04-07": False,  # Tuesday after a holiday on Monday
            "2026-06-22": False,  # Monday after a holiday on Friday
            "2025-01-02": False,  # after a single day
        }.items():
            with self.subTest(day=day):
                self.assertEqual(self.calendar.has_night(date.fromisoformat(day)), held)

    def test_trading_day_of_a_moment(self) -> None:
        for moment, day in {
            "2026-11-23T09:00": "2026-11-23",
            "2026-11-23T16:59:59": "2026-11-23",
            "2026-11-23T17:00": "2026-11-24",
            "2026-11-27T21:00": "2026-11-30",  # Friday night
            "2026-11-28T02:00": "2026-11-30",  # still the same session
            "2026-11-29T12:00": "2026-11-30",
            "2026-09-30T21:00": "2026-10-08",  # no session, and yet the next day
        }.items():
            with self.subTest(moment=moment):
                found = self.calendar.trading_day_of(datetime.fromisoformat(moment))
                self.assertEqual(found.isoformat(), day)

    @settings(deadline=None, max_examples=60)
    @given(DAYS)
    def test_next_and_previous_undo_each_other(self, day: date) -> None:
        calendar = self.calendar
        following = calendar.next_trading_day(day)
        self.assertTrue(calendar.is_trading_day(following))
        self.assertGreater(following, day)
        self.assertEqual(
            calendar.previous_trading_day(following),
            day if calendar.is_trading_day(day) else calendar.previous_trading_day(day),
        )

    @settings(deadline=None, max_examples=60)
    @given(DAYS, st.integers(1, 40))
    def test_counting_days_is_stepping(self, day: date, count: int) -> None:
        stepped = day
        for _ in range(count):
            stepped = self.calendar.next_trading_day(stepped)
        self.assertEqual(self.calendar.next_trading_day(day, count), stepped)
        back = self.calendar.previous_trading_day(stepped, count)
        self.assertEqual(self.calendar.next_trading_day(back), self.calendar.next_trading_day(day))

    @settings(deadline=None, max_examples=60)
    @given(MOMENTS, st.timedeltas(timedelta(), timedelta(days=20)))
    def test_the_trading_day_never_runs_back(self, moment: datetime, later: timedelta) -> None:
        first = self.calendar.trading_day_of(moment)
        self.assertTrue(self.calendar.is_trading_day(first))
        self.assertLessEqual(first, self.calendar.trading_day_of(moment + later))

    @settings(deadline=None, max_examples=60)
    @given(DAYS, st.times())
    def test_a_trading_days_daytime_is_its_own(self, day: date, at: time) -> None:
        moment = datetime.combine(day, at)
        if self.calendar.is_trading_day(day) and at.hour < 17:
            self.assertEqual(self.calendar.trading_day_of(moment), day)
        else:
            self.assertNotEqual(self.calendar.trading_day_of(moment), day)


class FileTests(SynchronousTestCase):
    """The holidays file, edited."""

    def edited(self, old: str, new: str) -> TradingCalendar:
        """Load the shipped file with `old` replaced by `new`."""
        text = DATA_FILE.read_text("utf-8")
        self.assertIn(old, text)
        path = Path(self.mktemp())
        path.write_text(text.replace(old, new, 1), "utf-8")
        return load(path)

    def test_an_edit_takes_effect(self) -> None:
        calendar = self.edited("    国庆节: 10-01..10-07\n  2027", "    台风: 10-12\n  2027")
        self.assertFalse(calendar.is_trading_day(date(2026, 10, 12)))
        self.assertTrue(calendar.is_trading_day(date(2026, 10, 1)))

    def test_known_years(self) -> None:
        self.assertEqual(default().known_years, (2024, 2025, 2026, 2027))

    def test_other_years_close_on_fixed_holidays(self) -> None:
        self.assertFalse(default().is_trading_day(date(2029, 10, 2)))
        self.assertTrue(default().is_trading_day(date(2029, 10, 9)))

    def test_mistakes_name_file_line_key_and_remedy(self) -> None:
        for old, new, wanted in [
            (
                "端午节: 06-10",
                "端午节: 6-10",
                "Years 2024: 端午节: '6-10' found; write a day as MM-DD",
            ),
            ("端午节: 06-10", "端午节: 13-10", "'13-10' found"),
            ("端午节: 06-10", "端午节: 02-30", "'02-30' found"),
            ("02-09..02-17", "02-17..02-09", "'02-17..02-09' found"),
            ("  2024:", "  24:", "Years: 24: no year; write it with four digits"),
            ("  2025:", "  2024:", "Years: 2024: given twice; keep one"),
            ("OtherYears", "OtherYear", "OtherYear: unknown key; did you mean OtherYears"),
        ]:
            with self.subTest(new=new):
                problem = self.assertRaises(DataFileError, self.edited, old, new)
                error = str(problem)
                assert_in_chinese(self, problem, error)
                self.assertIn(wanted, error)
                self.assertRegex(error, r"\A[^\n]+:\d+: [^\n]+\Z")

"""Moments of a command line."""

from datetime import UTC, datetime, timedelta

from twisted.trial.unittest import SynchronousTestCase

from webctp.commands.moments import moment_of, span_of


class Moments(SynchronousTestCase):
    """Spans, dates and times."""

    def test_spans(self) -> None:
        for text, lasts in (
            ("30m", timedelta(minutes=30)),
            ("12h", timedelta(hours=12)),
            ("7d", timedelta(days=7)),
        ):
            self.assertEqual(span_of(text), lasts)
        for text in ("", "7", "d", "0d", "-7d", "7w", "123456d", "７d", "7d "):
            self.assertIsNone(span_of(text), text)

    def test_dates_and_times(self) -> None:
        for text, moment in (
            ("2026-11-27", datetime(2026, 11, 27, tzinfo=UTC)),
            ("2026-11-27T09:00", datetime(2026, 11, 27, 9, tzinfo=UTC)),
            ("2026-11-27T09:00+08:00", datetime(2026, 11, 27, 1, tzinfo=UTC)),
        ):
            self.assertEqual(moment_of(text), moment)
            self.assertEqual(moment_of(text).tzinfo, UTC)

    def test_what_is_none(self) -> None:
        for text in ("", "soon", "2026-13-01", "7d"):
            self.assertRaises(ValueError, moment_of, text)
        self.assertRaises(OverflowError, moment_of, "0001-01-01T00:00+08:00")

"""Read moments of a command line: dates, times, and spans from now on or back. Pure but for now."""

import re
from datetime import UTC, datetime, timedelta
from typing import Final

_SPAN: Final = re.compile(r"([1-9][0-9]{0,4})([mhd])", re.ASCII)
_UNITS: Final = {"m": "minutes", "h": "hours", "d": "days"}


def span_of(text: str) -> timedelta | None:
    """Return what ``30m``, ``12h`` or ``7d`` lasts; None for another text."""
    found = _SPAN.fullmatch(text)
    return None if found is None else timedelta(**{_UNITS[found[2]]: int(found[1])})


def moment_of(text: str) -> datetime:
    """Return a date (its first moment) or a time, in UTC, as it is where it names no zone.

    :raises ValueError: for another text.
    :raises OverflowError: where it lies beyond every calendar in UTC.
    """
    moment = datetime.fromisoformat(text)
    return moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment.astimezone(UTC)

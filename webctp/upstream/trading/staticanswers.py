"""Answers to queries that depend on nothing but the trading day, kept for all who ask.

Whole lists (a query that names nothing) are what programs ask for when they start, and are kept
before everything else. Of the others the least recently used go first; one that is large although
it names something is odd, and nobody else's.
"""

from collections import OrderedDict
from typing import Final

from webctp.ctp.catalog import Method
from webctp.upstream.session.reply import Reply

STATIC: Final = (
    "ReqQryExchange",
    "ReqQryProduct",
    "ReqQryProductGroup",
    "ReqQryInstrument",
    "ReqQryCombLeg",
)
"""Queries whose answer depends on nothing but the trading day: what is listed, not what it does.

Left out on purpose: ReqQryClassifiedInstrument (may ask for what can be traded now) and every
rate, price, limit and account.
"""

MEBIBYTE: Final = 1024 * 1024
WHOLE_BYTES: Final = 96 * MEBIBYTE
"""What whole lists may take: 50,000 instruments are half of it."""
NAMED_BYTES: Final = 32 * MEBIBYTE
"""What answers to queries that name something may take together."""
LARGEST_NAMED: Final = 8 * MEBIBYTE
"""What one of them may take: an exchange's instruments are half of it."""
_ROW: Final = 200
"""Bytes that a row takes beside its body: its objects."""

_Key = tuple[str, bytes]


class StaticAnswers:
    """Keep the static answers of a trading day, for all sessions of a front and broker."""

    def __init__(self) -> None:
        self._day = ""
        self._whole: dict[_Key, tuple[Reply, ...]] = {}
        self._named: OrderedDict[_Key, tuple[Reply, ...]] = OrderedDict()
        self._sizes: dict[_Key, int] = {}

    def day(self, trading_day: str) -> None:
        """Say which trading day it is; answers of another are forgotten."""
        if trading_day != self._day:
            self._day = trading_day
            self._whole.clear()
            self._named.clear()
            self._sizes.clear()

    def find(self, method: Method, body: bytes) -> tuple[Reply, ...] | None:
        """Return the kept answer to a query, row by row; None for none."""
        key = method.name, body
        if key in self._named:
            self._named.move_to_end(key)
            return self._named[key]
        return self._whole.get(key)

    def takes(self, method: Method, body: bytes, rows: list[Reply]) -> bool:
        """Return whether an answer that has come so far may still be kept."""
        largest = LARGEST_NAMED if names_something(body) else WHOLE_BYTES
        return method.name in STATIC and len(rows) * (_ROW + len(rows[0].body or b"")) <= largest

    def keep(self, method: Method, body: bytes, rows: tuple[Reply, ...]) -> None:
        """Keep a whole answer without an error, once a trading day is known."""
        if not self._day:
            return
        key, size = (method.name, body), size_of(rows)
        if not names_something(body):
            others = sum(self._sizes[one] for one in self._whole if one != key)
            if others + size <= WHOLE_BYTES:
                self._whole[key] = rows
                self._sizes[key] = size
        elif size <= LARGEST_NAMED:
            self._named[key] = rows
            self._named.move_to_end(key)
            self._sizes[key] = size
            total = sum(self._sizes[one] for one in self._named)
            while total > NAMED_BYTES:
                oldest, _ = self._named.popitem(last=False)
                total -= self._sizes.pop(oldest)


def names_something(body: bytes) -> bool:
    """Return whether a query's struct asks for less than everything."""
    return bool(body.strip(b"\0"))


def size_of(rows: tuple[Reply, ...]) -> int:
    """Return about how many bytes an answer takes: its rows are of one struct."""
    first = rows[0]
    return len(rows) * (_ROW + len(first.body or b"") + len(first.info or b""))

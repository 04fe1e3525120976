"""A portfolio's queries: one at a time, at the session's pace, repeated where CTP says "later".

Everything runs in the reactor's thread.
"""

from collections.abc import Callable, Collection, Mapping
from functools import partial
from typing import Any, Final, Protocol

from twisted.internet.interfaces import IDelayedCall, IReactorTime

from webctp.ctp import errors
from webctp.ctp.catalog import Catalogue, Method
from webctp.ctp.codec import Layout, codec_for
from webctp.ctp.refusal import Refusal
from webctp.ctp.rspinfo import RspInfo
from webctp.upstream.portfolio.counts import PortfolioCounts
from webctp.upstream.portfolio.facts import Row
from webctp.upstream.session.reply import OnReply, Reply

PRICE_PACE: Final = 2.0
"""Seconds between two queries for prices, where there is no market data: half of CTP's pace."""
AGAIN: Final = 5.0
"""Seconds until a query that was not answered is repeated."""

NOTHING: Final[Mapping[str, str]] = {}

OnRows = Callable[[list[Row], int], object]
"""Takes the rows of an answer, and the ErrorID that CTP answered in their place; 0 for none."""


class Ask(Protocol):
    """Sends a query as soon as its turn comes: ``TradingSession.request``."""

    def __call__(
        self, method: Method, body: dict[str, Any], on_reply: OnReply, asker: object = None
    ) -> int:
        """Send it; the replies go to ``on_reply``."""


class PriceTurn:
    """Choose whose price is asked for next, where there is no market data: each in its turn."""

    def __init__(self) -> None:
        self._asked: dict[str, float] = {}

    def take(self, names: Collection[str], now: float) -> str | None:
        """Return the instrument that was asked for the longest ago; None where it is too soon."""
        last = max(self._asked.values(), default=-PRICE_PACE)
        if not names or now - last < PRICE_PACE:
            return None
        name = min(sorted(names), key=lambda one: self._asked.get(one, 0.0))
        self._asked[name] = now
        return name


class Asking:
    """Send one query after another.

    :param fields: by query, what is read of its rows.
    :param person: the fields that say whose account it is.
    """

    def __init__(
        self,
        clock: IReactorTime,
        catalogue: Catalogue,
        ask: Ask,
        fields: Mapping[str, tuple[str, ...]],
        person: Mapping[str, str],
        counts: PortfolioCounts,
    ) -> None:
        self._clock = clock
        self._catalogue = catalogue
        self._codec = codec_for(catalogue.module)
        self._info = RspInfo(catalogue)
        self._ask = ask
        self._fields = fields
        self._person = person
        self._counts = counts
        self._layouts: dict[str, Layout] = {}
        self._timer: IDelayedCall | None = None
        self._on_error: Callable[[], object] | None = None
        self._number = 0
        self.is_busy = False
        """Whether a query is under way, or waits to be repeated."""

    def guard(self, on_error: Callable[[], object]) -> None:
        """Call this where an answer cannot be taken, with the exception at hand; it is over then.

        Without that the exception goes to whoever brings the answer.
        """
        self._on_error = on_error

    def knows(self, name: str) -> bool:
        """Return whether the loaded library has a query."""
        return name in self._catalogue.methods

    def ask(
        self,
        name: str,
        on_rows: OnRows,
        asked: Mapping[str, str] = NOTHING,
        each: Callable[[Row], object] | None = None,
    ) -> None:
        """Send a query, again and again until CTP has answered it or :meth:`stop` is called.

        :param asked: fields of the request beside those of the person.
        :param each: takes each row as it comes, in place of a list of all.
        """
        self._number += 1
        self.is_busy = True
        number = self._number
        method = self._catalogue.methods[name]
        known = self._codec.layout(method.request_struct).by_name
        given = {**self._person, **asked}
        body = {key: value for key, value in given.items() if value and key in known}
        rows: list[Row] = []
        take = rows.append if each is None else each
        answer = None if method.answer is None else method.answer.struct

        def on_reply(reply: Reply) -> None:
            if number != self._number:
                return
            try:
                taken(reply)
            except Exception:
                if self._on_error is None:
                    raise
                self.stop()  # what is left of the answer comes to nothing
                self._on_error()

        def taken(reply: Reply) -> None:
            if reply.body is not None and answer is not None and reply.callback.struct == answer:
                take(self._layout(name, answer).unpack(reply.body))
            if not reply.is_last:
                return
            code = self._info.code(reply.info)
            if code < 0 or code in errors.QUERY_BUSY:
                self._later(partial(self.ask, name, on_rows, asked, each))
                return
            self.is_busy = False
            on_rows(rows, code)

        self._counts.queries += 1
        try:
            self._ask(method, body, on_reply, self)
        except Refusal:  # too many wait
            self._later(partial(self.ask, name, on_rows, asked, each))

    def stop(self) -> None:
        """Let what is under way come to nothing."""
        self._number += 1
        self.is_busy = False
        if self._timer is not None and self._timer.active():
            self._timer.cancel()
        self._timer = None

    def _later(self, again: Callable[[], None]) -> None:
        self._timer = self._clock.callLater(AGAIN, again)

    def _layout(self, name: str, struct: str) -> Layout:
        found = self._layouts.get(name)
        if found is None:
            whole = self._codec.layout(struct)
            wanted = [field for field in self._fields[name] if field in whole.by_name]
            found = self._layouts[name] = whole.part(wanted)
        return found

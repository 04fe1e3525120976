"""Requests that wait until the market data of their instruments has come.

An account on paper is subscribed to what its traders name. Before the first tick nothing is known
of an instrument, not even its price limits: whoever orders in it first waits for that tick, a
moment. What else the session orders meanwhile waits behind it, so that nothing is overtaken.
"""

from collections import deque
from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from typing import Final, Protocol

from webctp.sim.exchange.exchange import Exchange, Handlers
from webctp.sim.exchange.requests import Request
from webctp.sim.paper.markets import PaperMarkets
from webctp.sim.refusals import Refused

PATIENCE: Final = 3.0
"""Seconds that a request waits for ticks; then it is handled without them."""
MOST_WAITING: Final = 1000
"""Requests of a session that wait; what comes beyond is handled at once."""
_PRICED: Final = frozenset(
    {"ReqQryDepthMarketData", "ReqQryMaxOrderVolume", "ReqQryOptionInstrTradeCost"}
)
"""Queries whose answers need prices; all others are answered at once."""
_QUERY: Final = "ReqQry"

Handle = Callable[[Exchange, Request], None]


class Feed(Protocol):
    """What subscribes to market data, and does things later on the exchange's thread."""

    def watch(self, instruments: Iterable[str]) -> None:
        """Let the ticks of instruments come from now on."""

    def later(self, seconds: float, action: Callable[[], None]) -> None:
        """Do something some seconds from now."""


@dataclass(slots=True)
class _Waiting:
    """A request, what handles it, and whose ticks it waits for."""

    request: Request
    handle: Handle
    needs: set[str]


class WaitingRequests:
    """Let requests wait for the first ticks of what they name, each session's in their order."""

    def __init__(self, feed: Feed) -> None:
        self._feed = feed
        self._watched: set[str] = set()
        self._seen: set[str] = set()
        self._waiting: dict[int, deque[_Waiting]] = {}

    def wrapped(self, handlers: Handlers) -> Handlers:
        """Return handlers that are reached once the ticks have come."""
        by_name = {
            name: self._wrap(name, handle)
            for name, handle in handlers.by_name.items()
            if name not in handlers.before_login
            and (not name.startswith(_QUERY) or name in _PRICED)
        }
        return replace(handlers, by_name={**handlers.by_name, **by_name})

    def watch(self, instruments: Iterable[str]) -> None:
        """Subscribe to instruments that are new."""
        new = [name for name in dict.fromkeys(instruments) if name not in self._watched]
        if new:
            self._watched.update(new)
            self._feed.watch(new)

    def tick(self, exchange: Exchange, instrument: str) -> None:
        """Handle what has waited for an instrument's first tick, and only for that."""
        if instrument not in self._seen:
            self._came(exchange, {instrument})

    def forget(self) -> None:
        """Begin a new trading day: nothing of it is known before its first ticks."""
        self._seen.clear()

    def _came(self, exchange: Exchange, instruments: set[str]) -> None:
        """Note that instruments are waited for no more."""
        self._seen |= instruments
        for session in list(self._waiting):
            for one in self._waiting[session]:
                one.needs -= instruments
            self._go_on(exchange, session)

    def _wrap(self, name: str, handle: Handle) -> Handle:
        def handler(exchange: Exchange, request: Request) -> None:
            markets = exchange.markets
            if not isinstance(markets, PaperMarkets):
                raise TypeError("these markets are no feed's")
            needed = markets.needed(request.text("InstrumentID"))
            self.watch(needed)
            missing = {one for one in needed if one not in self._seen}
            session = request.session.session_id
            before = self._waiting.get(session, ())
            behind = bool(before) and not name.startswith(_QUERY)
            if not (missing or behind) or len(before) >= MOST_WAITING:
                handle(exchange, request)
                return
            self._waiting.setdefault(session, deque()).append(_Waiting(request, handle, missing))
            if missing:
                self._feed.later(PATIENCE, lambda: self._came(exchange, missing))

        return handler

    def _go_on(self, exchange: Exchange, session: int) -> None:
        """Handle a session's requests up to the first that still waits; queries wait for none."""
        left: deque[_Waiting] = deque()
        waits = False
        for one in self._waiting.pop(session):
            if one.needs or (waits and not one.request.name.startswith(_QUERY)):
                waits = waits or not one.request.name.startswith(_QUERY)
                left.append(one)
            elif exchange.sessions.get(session) is one.request.session:
                try:
                    one.handle(exchange, one.request)
                except Refused as refused:
                    exchange.tell(one.request.refusal(refused.code, refused.more))
            # Else it was on its way when its line broke, and is lost with the line.
        if left:
            self._waiting[session] = left

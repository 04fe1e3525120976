"""Give accounts on paper the daemon's own market data: a subscriber of the hub's, sent nothing."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any, Final

from twisted.logger import Logger

from webctp.clock import Reactor
from webctp.ctp.codec import codec_for
from webctp.ctp.front import Front, MarketFront
from webctp.ctp.refusal import Refusal
from webctp.language.text import Text
from webctp.sim.paper.front import PaperFront, PaperTick, PaperVenue
from webctp.upstream.market.hub import MarketHub
from webctp.upstream.market.source import Kind
from webctp.upstream.market.subscriptions import Subscription
from webctp.upstream.session.status import LoginAnswer

_log = Logger()

_TICK: Final[Kind] = "tick"
_AGAIN: Final = 1.0
"""Seconds until a feed that does not serve yet is asked again."""


class PaperMarket:
    """Follow the ticks of what accounts on paper trade and hold, from their first order on.

    All in the reactor's thread, but for :meth:`watch`.

    :param origin: where the ticks come from.
    """

    outbox = None

    def __init__(
        self, reactor: Reactor, hub: MarketHub[Any], origin: MarketFront, venue: PaperVenue
    ) -> None:
        self._reactor = reactor
        self._hub = hub
        self._origin = origin
        self._venue = venue
        self._names: dict[bytes, str] = {}
        self._again: Any = None
        self._stopped = False
        self._login = codec_for(origin.binding.market.module).layout("CThostFtdcRspUserLoginField")
        venue.join(origin, self)

    def start(self) -> None:
        """Wait until the feed serves, and say so to the exchange."""
        self._again = None
        self._hub.feeds.logged_in().addCallbacks(self._logged_in, self._not_yet)

    def stop(self) -> None:
        """Follow nothing any more."""
        self._stopped = True
        if self._again is not None:
            self._again.cancel()
            self._again = None
        self._venue.close()

    def watch(self, instruments: Sequence[str]) -> None:
        """Follow instruments from now on; any thread may call this."""
        self._reactor.callFromThread(self._subscribe, list(instruments))

    def specs_of(self, name: bytes) -> tuple[()]:
        """Return no streams: nothing is sent."""
        return ()

    def refuse(self, msg_type: str, code: int, detail: Text, request_id: int) -> None:
        """Take what the hub tells a client: it would have too many instruments."""
        _log.warn("market data of paper://: {detail}", detail=detail)

    def tick(self, name: bytes, body: bytes) -> None:
        """Pass a tick on; the hub calls this for each of an instrument that is followed."""
        self._venue.take(PaperTick(self._names[name], body, self._hub.received()))

    def _subscribe(self, instruments: list[str]) -> None:
        if self._stopped:
            return
        for instrument in instruments:
            name = instrument.encode("gbk", "replace")
            if name in self._names:
                continue
            try:
                last = self._hub.subscribe(_TICK, self, [name])
            except Refusal as problem:
                _log.warn("market data of paper://: {detail}", detail=problem.detail)
                continue
            self._names[name] = instrument
            subscription: Subscription[Any] | None = self._hub.subscription_of(name)
            if subscription is not None and self not in subscription.bar_makers:
                subscription.bar_makers += (self,)
            for tick in last:
                self.tick(name, tick)

    def _logged_in(self, answer: LoginAnswer) -> None:
        """Say that the feed serves, and which trading day it has; ask again where it refused."""
        if answer.body is None or not answer.ready:
            self._not_yet()
            return
        told = str(self._login.value(answer.body, "TradingDay"))
        try:
            day = datetime.strptime(told, "%Y%m%d").date()
        except ValueError:
            day = None
        self._venue.opened(day, self._origin.instruments())

    def _not_yet(self, problem: object = None) -> None:
        if not self._stopped:
            self._again = self._reactor.callLater(_AGAIN, self.start)


def paper_market(
    front: Front, reactor: Reactor, hub: MarketHub[Any], origin: MarketFront
) -> PaperMarket | None:
    """Join a front on paper and the daemon's market data; None for any other front."""
    if not isinstance(front, PaperFront):
        return None
    return PaperMarket(reactor, hub, origin, front.venue)


__all__ = ["PaperMarket", "paper_market"]

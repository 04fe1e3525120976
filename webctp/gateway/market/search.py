"""``QryInstruments``, a request of the gateway's own: search over all instruments known."""

from collections.abc import Callable, Iterator
from typing import Any

from webctp.gateway.messages import own, own_market
from webctp.upstream.contracts.search import InstrumentIndex, Wanted
from webctp.upstream.market.hub import MarketHub
from webctp.upstream.turns import batched


class InstrumentSearch:
    """Keep the index of the hub's instruments, and answer what is asked of it."""

    def __init__(self, hub: MarketHub[Any]) -> None:
        self._hub = hub
        self._index = InstrumentIndex()
        hub.instruments.on_added(self._added)

    def answer(
        self,
        asked: own_market.InstrumentsQuery,
        request_id: int,
        allowed: Callable[[str], bool] = lambda name: True,
    ) -> Iterator[bytes]:
        """Give a message for each instrument found, or one whose ``Instrument`` is null.

        :param allowed: whether the client may have an instrument.
        """
        wanted = Wanted(
            asked.Text,
            asked.ExchangeID,
            asked.ProductID,
            asked.UnderlyingInstrID,
            asked.ProductClass,
        )
        found = self._index.search(wanted, asked.Count, allowed)
        bodies: list[own_market.Instrument | None] = list(map(own_market.instrument, found))
        bodies = bodies or [None]
        for left, body in zip(range(len(bodies) - 1, -1, -1), bodies, strict=True):
            yield own.encode(
                own_market.RspQryInstruments(IsLast=not left, RequestID=request_id, Instrument=body)
            )

    def _added(self, names: list[bytes]) -> None:
        self._hub.turns.run(self._adding(names))

    def _adding(self, names: list[bytes]) -> Iterator[None]:
        today = self._hub.now().date()
        for some in batched(names, 4):
            self._index.add(some, today)
            yield

"""``QryInstruments``, a request of the gateway's own: search over all instruments known."""

from collections import deque
from collections.abc import Callable, Iterator, Sequence
from typing import Any, Final

from twisted.internet.interfaces import IDelayedCall, IReactorTime

from webctp.gateway.messages import own, own_market
from webctp.upstream.contracts.search import FoundInstrument, InstrumentIndex, Wanted
from webctp.upstream.market.hub import MarketHub

QUIET: Final = 3.0
"""Seconds without a new name after which those that wait are taken into the index."""
A_STEP: Final = 4
"""Names a step: some 50 us."""


class InstrumentSearch:
    """Keep the index of the hub's instruments, and answer what is asked of it.

    An instrument takes some ten microseconds to be taken in, and a trader's query brings 20,000 at
    once: they wait until no more come, so that its answers do not, or until somebody searches.
    """

    def __init__(self, clock: IReactorTime, hub: MarketHub[Any]) -> None:
        self._clock = clock
        self._hub = hub
        self._index = InstrumentIndex()
        self._new: deque[bytes] = deque()
        self._adding = False
        self._asked: list[Callable[[], object]] = []
        """What is answered when the names that wait have been taken in."""
        self._timer: IDelayedCall | None = None
        self._is_stopped = False
        hub.instruments.on_added(self._added)

    def __len__(self) -> int:
        """Return how many instruments can be found."""
        return len(self._index)

    def ask(
        self,
        asked: own_market.InstrumentsQuery,
        request_id: int,
        say: Callable[[bytes], object],
        allowed: Callable[[str], bool] = lambda name: True,
    ) -> None:
        """Say a message for each instrument found, or one whose ``Instrument`` is null.

        :param say: takes messages, those of names that came just before in a later turn.
        :param allowed: whether the client may have an instrument.
        """
        wanted = Wanted(
            asked.Text,
            asked.ExchangeID,
            asked.ProductID,
            asked.UnderlyingInstrID,
            asked.ProductClass,
        )

        def answer() -> None:
            for message in _answers(self._index.search(wanted, asked.Count, allowed), request_id):
                say(message)

        if self._new or self._adding:
            self._asked.append(answer)
            self._take_in()
        else:
            answer()

    def stop(self) -> None:
        """Take in no more, whatever is still added."""
        self._is_stopped = True
        self._cancel()

    def _cancel(self) -> None:
        if self._timer is not None and self._timer.active():
            self._timer.cancel()

    def _added(self, names: list[bytes]) -> None:
        self._new += names
        if self._adding or self._is_stopped:
            return  # they are taken in with the others, or never
        if self._timer is not None and self._timer.active():
            self._timer.reset(QUIET)
        else:
            self._timer = self._clock.callLater(QUIET, self._take_in)

    def _take_in(self) -> None:
        self._cancel()
        if not self._adding:
            self._adding = True
            self._hub.turns.run(self._steps(), self._taken_in)

    def _steps(self) -> Iterator[None]:
        today = self._hub.now().date()
        new = self._new
        while new:
            some = [new.popleft() for _ in range(min(A_STEP, len(new)))]
            self._index.add(some, today)
            yield

    def _taken_in(self) -> None:
        self._adding = False
        asked, self._asked = self._asked, []
        for answer in asked:
            answer()


def _answers(found: Sequence[FoundInstrument], request_id: int) -> Iterator[bytes]:
    bodies: list[own_market.Instrument | None] = list(map(own_market.instrument, found))
    bodies = bodies or [None]
    for left, body in zip(range(len(bodies) - 1, -1, -1), bodies, strict=True):
        yield own.encode(
            own_market.RspQryInstruments(IsLast=not left, RequestID=request_id, Instrument=body)
        )

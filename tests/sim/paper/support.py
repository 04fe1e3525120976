"""What the tests of accounts on paper share: an exchange whose ticks a test hands in."""

from collections.abc import Callable, Iterable, Sequence
from datetime import datetime, timedelta
from typing import Any

from twisted.trial.unittest import SynchronousTestCase

from tests.sim.recordings import LAYOUT, MORNING, SECOND, AnyRequest, tick
from webctp.exchanges import calendar
from webctp.recording.rows import Tick
from webctp.sim.events import Event, Reply, Rows, Values
from webctp.sim.handlers import HANDLERS
from webctp.sim.options import SimOptions
from webctp.sim.paper.exchange import Paper, PaperTick

NINE_THIRTY = datetime(2026, 11, 24, 9, 30)
BUY: dict[str, object] = {
    "UserID": "1001",
    "InvestorID": "1001",
    "InstrumentID": "cu2701",
    "ExchangeID": "SHFE",
    "OrderPriceType": "2",
    "Direction": "0",
    "CombOffsetFlag": "0",
    "CombHedgeFlag": "1",
    "TimeCondition": "3",
    "VolumeCondition": "1",
    "ContingentCondition": "1",
    "ForceCloseReason": "0",
}
"""A buy to open, but for its price and volume."""


def paper_tick(found: Tick) -> PaperTick:
    """A tick of a recording as one of a feed."""
    name = str(LAYOUT.unpack(found.raw)["InstrumentID"])
    return PaperTick(name, found.raw, found.received)


class PaperCase(SynchronousTestCase):
    """An exchange on paper under a hand-driven clock; the test is its feed."""

    def paper(self, **options: Any) -> None:
        self.watched: list[str] = []
        self.due: list[tuple[float, Callable[[], None]]] = []
        self.now = NINE_THIRTY
        self.made = Paper(
            SimOptions(**{"balance": 1_000_000.0, **options}),
            LAYOUT,
            calendar.default(),
            self.now,
            self.now.date(),
            HANDLERS,
            AnyRequest(),
            self,
            hurried=False,
        )
        self.exchange = self.made.exchange

    def watch(self, instruments: Iterable[str]) -> None:
        self.watched += instruments

    def later(self, seconds: float, action: Callable[[], None]) -> None:
        self.due.append((seconds, action))

    def lose_patience(self) -> list[Event]:
        """Do what was put off; gives the events."""
        due, self.due = self.due, []
        for _, action in due:
            action()
        return self.exchange.drain()

    def feed(self, *ticks: Tick) -> list[Event]:
        """Hand ticks in, all at once, at the time of the last; gives the events."""
        gone = timedelta(microseconds=(ticks[-1].received - MORNING) // 1000)
        self.now = max(self.now, NINE_THIRTY + gone)
        self.made.take([paper_tick(one) for one in ticks], self.now)
        return self.exchange.drain()

    def trader(self, *, first: Sequence[Tick] = (tick(0),)) -> int:
        """A trading session that may trade, with a feed that has told these ticks."""
        session = self.exchange.connect(self.now, trading=True).session_id
        self.ask(session, "ReqUserLogin", BrokerID="9999", UserID="1001", Password="p")
        self.ask(session, "ReqSettlementInfoConfirm")
        if first:
            self.feed(*first)
        return session

    def ask(self, session: int, name: str, **values: object) -> list[Event]:
        self.exchange.request(session, name, values, 1, self.now)
        return self.exchange.drain()

    def rows(self, session: int, name: str, **values: object) -> list[Values]:
        events = self.ask(session, name, **values)
        return [row for event in events if isinstance(event, Rows) for row in event.rows]

    def order(self, session: int, price: float, volume: int = 1, **changes: object) -> list[Event]:
        values = {**BUY, "LimitPrice": price, "VolumeTotalOriginal": volume, **changes}
        return self.ask(session, "ReqOrderInsert", **values)


def errors(events: Iterable[Event]) -> list[int | None]:
    """The ErrorIDs of answers."""
    return [event.error for event in events if isinstance(event, Reply)]


__all__ = ["BUY", "NINE_THIRTY", "SECOND", "PaperCase", "errors", "paper_tick"]

"""What the simulator's tests share: an exchange under a hand-driven clock, a collecting SPI."""

from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta
from typing import Any

from webctp.exchanges import calendar, instruments
from webctp.sim.events import Event, Push, Reply, Rows, Values
from webctp.sim.exchange.exchange import Exchange
from webctp.sim.exchange.requests import Answering
from webctp.sim.handlers import HANDLERS
from webctp.sim.market.market import Market
from webctp.sim.market.markets import Markets
from webctp.sim.model.timeline import AlwaysOpen, Timeline
from webctp.sim.money import yuan
from webctp.sim.options import SimOptions

MORNING = datetime(2026, 11, 24, 9, 30)
_ORDERING = {
    "ReqOrderInsert",
    "ReqOrderAction",
    "ReqBatchOrderAction",
    "ReqParkedOrderInsert",
    "ReqParkedOrderAction",
}
_ECHOING = {
    "ReqOrderInsert",
    "ReqOrderAction",
    "ReqUserPasswordUpdate",
    "ReqParkedOrderInsert",
    "ReqCombActionInsert",
    "ReqBatchOrderAction",
    "ReqExecOrderInsert",
    "ReqExecOrderAction",
    "ReqOptionSelfCloseInsert",
    "ReqOptionSelfCloseAction",
    "ReqForQuoteInsert",
    "ReqQuoteInsert",
    "ReqQuoteAction",
}


class _AnyRequest(dict[str, Answering]):
    """Stands in for the binding's catalogue: OnRsp for every Req."""

    def __missing__(self, name: str) -> Answering:
        return Answering(f"OnRsp{name.removeprefix('Req')}", name in _ECHOING)


class Bench:
    """An exchange, a clock, and one logged-in trading session after another."""

    def __init__(
        self,
        options: SimOptions | None = None,
        timeline: Timeline | None = None,
        now: datetime = MORNING,
    ) -> None:
        self.now = now
        options, hours = options or SimOptions(seed=7), timeline or AlwaysOpen(calendar.default())
        markets = Markets(options.seed, instruments.listed, hours, now)
        self.exchange = Exchange(options, markets, HANDLERS, _AnyRequest())
        self._requests = 0

    def connect(self, *, trading: bool = True) -> int:
        return self.exchange.connect(self.now, trading=trading).session_id

    def login(self, user: str = "1001", password: str = "secret", *, confirm: bool = True) -> int:
        """A session that may trade."""
        session = self.connect()
        self.ask(session, "ReqUserLogin", BrokerID="9999", UserID=user, Password=password)
        if confirm:
            self.ask(session, "ReqSettlementInfoConfirm")
        return session

    def ask(self, session: int, name: str, **values: object) -> list[Event]:
        """Send a request; gives all events up to then. One that orders names its investor."""
        if name in _ORDERING:
            values = {**self.own(session), **values}
        self._requests += 1
        self.exchange.request(session, name, values, self._requests, self.now)
        return self.exchange.drain()

    def rows(self, session: int, name: str, **values: object) -> list[Values]:
        """The rows that answer a query."""
        found = [event for event in self.ask(session, name, **values) if isinstance(event, Rows)]
        return [row for event in found for row in event.rows]

    def refused(self, session: int, name: str, **values: object) -> int | None:
        """The ErrorID that answers a request."""
        replies = [e for e in self.ask(session, name, **values) if isinstance(e, Reply)]
        return replies[0].error if replies else None

    def run(self, seconds: float) -> list[Event]:
        """Let time go on; gives what happened."""
        self.now += timedelta(seconds=seconds)
        self.exchange.advance(self.now)
        return self.exchange.drain()

    def market(self, instrument: str) -> Market:
        return self.exchange.markets.market(instrument)

    def best(self, instrument: str, side: str) -> float:
        price = self.market(instrument).best(side)
        assert price is not None
        return yuan(price)

    def order(self, session: int, instrument: str = "cu2701", **changes: object) -> list[Event]:
        """Insert an order: by default a buy of one lot to open at the upper limit."""
        return self.ask(session, "ReqOrderInsert", **self.input(instrument, **changes))

    def own(self, session: int) -> dict[str, object]:
        """BrokerID and InvestorID of a session, empty before its login."""
        account = self.exchange.sessions[session].account or ("", "")
        return {"BrokerID": account[0], "InvestorID": account[1]}

    def input(self, instrument: str = "cu2701", **changes: object) -> dict[str, object]:
        contract = self.exchange.markets.contract(instrument)
        upper = yuan(self.market(instrument).day.upper) if contract is not None else 1.0
        values: dict[str, object] = {
            "UserID": "1001",
            "InstrumentID": instrument,
            "ExchangeID": "SHFE" if contract is None else contract.exchange,
            "OrderPriceType": "2",
            "Direction": "0",
            "CombOffsetFlag": "0",
            "CombHedgeFlag": "1",
            "LimitPrice": upper,
            "VolumeTotalOriginal": 1,
            "TimeCondition": "3",
            "VolumeCondition": "1",
            "ContingentCondition": "1",
            "ForceCloseReason": "0",
        }
        return {**values, **changes}

    def action(self, session: int, **changes: object) -> list[Event]:
        """Cancel an order of the session in cu2701 on SHFE, by default by its OrderRef."""
        values: dict[str, object] = {
            "InstrumentID": "cu2701",
            "UserID": "1001",
            "ExchangeID": "SHFE",
            "FrontID": 1,
            "SessionID": session,
            "ActionFlag": "0",
        }
        return self.ask(session, "ReqOrderAction", **{**values, **changes})

    def known(self, instrument: str) -> bool:
        return self.exchange.markets.contract(instrument) is not None

    def funds(self, session: int) -> Values:
        return self.rows(session, "ReqQryTradingAccount")[0]


def pushes(events: Iterable[Event], callback: str) -> list[Mapping[str, Any]]:
    """The values of the pushes on one callback."""
    return [e.values for e in events if isinstance(e, Push) and e.callback == callback]


def states(events: Iterable[Event]) -> list[str]:
    """OrderSubmitStatus and OrderStatus of each RtnOrder, and T for each RtnTrade, in order."""
    return [
        "T"
        if event.callback == "OnRtnTrade"
        else f"{event.values['OrderSubmitStatus']}{event.values['OrderStatus']}"
        for event in events
        if isinstance(event, Push) and event.callback in ("OnRtnOrder", "OnRtnTrade")
    ]

"""A gateway with trading and market data before one fake front, on a journal over several runs."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, ClassVar, Final
from unittest.mock import patch

from twisted.logger import globalLogPublisher

from tests.gateway.planjournal import PlanJournal, kept_in
from tests.gateway.support import GatewayCase, Message
from webctp.config.risk import RiskConfig
from webctp.config.sections import JournalConfig
from webctp.ctp.codec import DBL_MAX
from webctp.testing import WebSocketPeer, rows
from webctp.upstream.journal.store import Store

DAY: Final = "20261123"
ORDER: Final[dict[str, Any]] = {
    "InstrumentID": "rb2701",
    "ExchangeID": "SHFE",
    "Direction": "1",
    "CombOffsetFlag": "4",
    "CombHedgeFlag": "1",
    "OrderPriceType": "2",
    "LimitPrice": 3300.0,
    "VolumeTotalOriginal": 2,
    "TimeCondition": "3",
    "VolumeCondition": "1",
    "MinVolume": 1,
    "ContingentCondition": "1",
    "ForceCloseReason": "0",
}
"""Closes two lots."""
STOP: Final = {"Kind": "stop", "TriggerPrice": 3400.0, "InputOrder": ORDER}
PROFIT: Final = {"Kind": "profit", "TriggerPrice": 3600.0, "InputOrder": ORDER}


class ConditionalCase(GatewayCase):
    """A client that is logged in on Monday, 23 November 2026, at ten o'clock in China."""

    risk: ClassVar[RiskConfig | None] = None

    def setUp(self) -> None:
        self.path = Path(self.mktemp()).absolute() / "journal.sqlite"
        self.on_disk = Store(self.path)
        self.scratch: list[Store] = []
        self.session = 6
        self.run_gateway()

    def run_gateway(self, *, logs_in: bool = True) -> None:
        """Begin a run; the one before has ended, with or without a word."""
        self.china = datetime(2026, 11, 23, 10, 0)
        self.journal = PlanJournal(self.on_disk)
        settings = {"journal": JournalConfig("unused"), "risk": self.risk}
        with patch.object(GatewayCase, "trading_settings", settings), kept_in(self.journal):
            super().setUp()
        self.front.clock = self.nanoseconds
        self.begun = self.reactor.seconds()
        self.journal.held = False
        self.numbers(self.session + 1)
        if logs_in:
            self.peer = self.trader()
            self.settle()
            self.peer.received()

    @contextmanager
    def log_to(self, take: Callable[[Any], object]) -> Iterator[None]:
        """Give what is logged meanwhile to a function."""
        globalLogPublisher.addObserver(take)  # type: ignore[arg-type]
        try:
            yield
        finally:
            globalLogPublisher.removeObserver(take)  # type: ignore[arg-type]

    def tearDown(self) -> None:
        self.killed()
        self.reactor.advance(60)
        for store in (self.on_disk, *self.scratch):
            store.close()

    def killed(self) -> None:
        """End the gateway; nothing that it does from now on comes to its journal."""
        self.scratch.append(Store(Path(self.mktemp()).absolute() / "journal.sqlite"))
        self.journal.store = self.scratch[-1]
        self.journal.is_broken = False
        super().tearDown()

    def restart(self) -> None:
        """Kill the gateway, and begin another run on the same journal."""
        self.killed()
        self.run_gateway()

    def nanoseconds(self) -> int:
        """The time at the front."""
        now = self.china + timedelta(seconds=self.reactor.seconds() - self.begun)
        return int((now - timedelta(hours=8)).replace(tzinfo=UTC).timestamp() * 1e9)

    def numbers(self, session: int, day: str = DAY) -> None:
        """Let the front give the next login these numbers."""
        self.session = session
        login = {"TradingDay": day, "FrontID": 1, "SessionID": session, "MaxOrderRef": "1"}
        self.front.on("ReqUserLogin", answer=login)

    def put(self, name: str = "c-1", *legs: Message, **more: Any) -> Message:
        """Insert a conditional order of these legs, or of a stop; gives the answer."""
        body = {"ConditionalID": name, "Legs": list(legs) or [STOP], **more}
        return self.ask(
            self.peer, {"MsgType": "InsertConditional", "RequestID": 5, "InsertConditional": body}
        )

    def standing(self, name: str = "c-1", peer: WebSocketPeer | None = None) -> Message:
        """What a query says of one."""
        query = {"MsgType": "QryConditional", "RequestID": 6}
        told = self.ask(peer or self.peer, {**query, "QryConditional": {"ConditionalID": name}})
        found: Message = told["Conditional"]
        return found

    def status(self, name: str = "c-1") -> str:
        """Its status."""
        return str(self.standing(name)["Status"])

    def tick(self, price: float = 3500.0, name: str = "rb2701", **more: Any) -> None:
        """A tick of now."""
        now = self.china + timedelta(seconds=self.reactor.seconds() - self.begun)
        self.volume = getattr(self, "volume", 0) + 1
        fields = {
            "InstrumentID": name,
            "ExchangeID": "SHFE",
            "TradingDay": DAY,
            "ActionDay": f"{now:%Y%m%d}",
            "UpdateTime": f"{now:%H:%M:%S}",
            "UpdateMillisec": now.microsecond // 1000,
            "Volume": self.volume,
            "LastPrice": price,
            **more,
        }
        unset = dict.fromkeys(("AveragePrice",), DBL_MAX)
        self.front.push("OnRtnDepthMarketData", {**unset, **fields})
        self.settle()

    def later(self, seconds: float) -> None:
        """Let time go by in steps."""
        for _ in range(max(1, round(seconds / 0.5))):
            self.reactor.advance(0.5)
            self.settle()

    @property
    def sent(self) -> list[tuple[str, str, int]]:
        """Direction, offset and lots of every order that the front has got in this run."""
        calls = [call.values for call in self.front.calls if call.name == "ReqOrderInsert"]
        return [
            (
                str(one["Direction"]),
                str(one["CombOffsetFlag"]),
                int(one["VolumeTotalOriginal"]),
            )
            for one in calls
        ]

    def told_order(self, place: int = -1, **more: Any) -> None:
        """Let CTP tell of an order that it has got."""
        sent = [call.values for call in self.front.calls if call.name == "ReqOrderInsert"][place]
        number = {"OrderSysID": str(sent["OrderRef"]), "InvestorID": "user", "TradingDay": DAY}
        numbers = {"FrontID": 1, "SessionID": self.session, **number}
        row = rows.order(request=sent, **{"OrderStatus": "3", **numbers, **more})
        self.front.push("OnRtnOrder", row)
        self.settle()

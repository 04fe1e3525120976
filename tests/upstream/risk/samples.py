"""Inserts, returns and desks for the tests of risk."""

from collections.abc import Callable
from typing import Any

from twisted.internet.task import Clock

from tests.upstream.orders.samples import Owner
from webctp.config.risk import ComplianceConfig, RiskConfig
from webctp.ctp import catalog
from webctp.ctp.codec import codec_for
from webctp.ctp.refusal import Refusal
from webctp.testing import rows
from webctp.upstream.account import AccountKey
from webctp.upstream.kill.killswitch import KillSwitch
from webctp.upstream.orders.keys import Row
from webctp.upstream.orders.order import Order
from webctp.upstream.risk.desk import RiskDesk
from webctp.upstream.risk.facts import InstrumentFacts
from webctp.upstream.risk.session import SessionRisk

CATALOGUE = catalog.trading()
ME = AccountKey(rows.BROKER, rows.USER)
DAY = "20240102"
"""The trading day of rows."""
_LAYOUT = codec_for(CATALOGUE.module).layout

INSERT: dict[str, Any] = {
    "BrokerID": rows.BROKER,
    "InvestorID": rows.USER,
    "InstrumentID": "rb2405",
    "OrderPriceType": "2",
    "Direction": "0",
    "CombOffsetFlag": "0",
    "LimitPrice": 3500.0,
    "VolumeTotalOriginal": 1,
    "TimeCondition": "3",
}


def row(given: rows.Row) -> Row:
    """A struct as a session unpacks it."""
    return _LAYOUT(given.struct).unpack(given.raw())


def order(**fields: Any) -> Row:
    """A RtnOrder."""
    return row(rows.order(**fields))


def trade(**fields: Any) -> Row:
    """A RtnTrade."""
    return row(rows.trade(**fields))


class Ticks:
    """Market data that has a last price for an instrument, or a tick without one (0.0)."""

    def __init__(self, last: Callable[[str], float | None]) -> None:
        self._last = last
        self._kept: dict[str, bytes] = {}

    def newest(self, instrument: str) -> bytes | None:
        """Return a tick, the same object while the price is the same."""
        price = self._last(instrument)
        if price is None:
            return None
        told = repr(price).encode()
        if self._kept.get(instrument) != told:
            self._kept[instrument] = told
        return self._kept[instrument]

    def price_in(self, tick: bytes) -> float | None:
        """Return what it says."""
        return float(tick) or None


class Desk:
    """A desk with one session, whose inserts bear references that grow."""

    def __init__(
        self,
        *,
        compliance: ComplianceConfig | None = None,
        switch: KillSwitch | None = None,
        tokens: dict[str, Any] | None = None,
        last_tick: Callable[[str], float | None] | None = None,
        clock: Clock | None = None,
        accounts: dict[str, Any] | None = None,
        **limits: Any,
    ) -> None:
        self.clock = clock or Clock()
        self.facts = InstrumentFacts(None if last_tick is None else Ticks(last_tick))
        config = None
        if limits or accounts or tokens:
            config = RiskConfig(accounts=accounts or {}, tokens=tokens or {}, **limits)
        self.desk = RiskDesk(
            self.clock,
            CATALOGUE,
            limits=config,
            compliance=compliance,
            facts=self.facts,
            switch=switch,
        )
        self.session = self.of(ME)
        self._ref = 0

    def of(self, account: AccountKey) -> SessionRisk:
        """A session of an account on the trading day."""
        session = SessionRisk(self.desk, account)
        session.logged_in(DAY, 1, 1)
        return session

    @property
    def book(self) -> Any:
        """The book of the usual account."""
        return self.desk.own(ME).book

    def order(self, method: str = "ReqOrderInsert", token: str = "", **fields: Any) -> Order:
        """An insert; those of other methods bear no more than what is given."""
        self._ref += 1
        base = {**INSERT, "OrderRef": str(self._ref)} if method == "ReqOrderInsert" else {}
        return Order(CATALOGUE.methods[method], {**base, **fields}, 0, "", Owner(), token)

    def ask(self, order: Order, session: SessionRisk | None = None) -> Refusal | None:
        """Ask for an insert, and enter it where it passes."""
        session = session or self.session
        refusal = session.refusal(order)
        if refusal is None:
            session.entered(order)
        return refusal

    def detail(self, method: str = "ReqOrderInsert", **fields: Any) -> str:
        """The detail of the refusal; empty where the insert passes."""
        refusal = self.ask(self.order(method, **fields))
        return "" if refusal is None else refusal.detail

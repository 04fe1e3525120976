"""Orders: what CTP keeps of one, the states it goes through, how RtnOrder shows it."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from webctp.sim.accounts.account import Account, Hold
from webctp.sim.accounts.combined import Combined
from webctp.sim.accounts.positions import Closed, Position
from webctp.sim.manners import Manners, manners_of
from webctp.sim.model.contracts import Contract
from webctp.sim.money import yuan

# OrderSubmitStatus
SUBMITTED: Final = "0"
ACCEPTED: Final = "3"
REJECTED: Final = "4"
# OrderStatus
ALL_TRADED: Final = "0"
PART_TRADED: Final = "1"
NOT_TRADED: Final = "3"
CANCELED: Final = "5"
UNKNOWN: Final = "a"
NOT_TOUCHED: Final = "b"
TOUCHED: Final = "c"

OPEN_STATES: Final = frozenset({UNKNOWN, PART_TRADED, NOT_TRADED, NOT_TOUCHED})
"""States from which an order may still trade; a triggered condition's order is another one."""
CONDITION_ID: Final = "TJBD_"
"""What the OrderSysID of a condition begins with."""

STATUS_TEXTS: Final = {
    UNKNOWN: "",
    ALL_TRADED: "全部成交",
    PART_TRADED: "部分成交",
    NOT_TRADED: "未成交",
    CANCELED: "已撤单",
    NOT_TOUCHED: "条件单尚未触发",
    TOUCHED: "条件单已触发",
}
"""How CTP words an OrderStatus in StatusMsg."""
SUBMIT_TEXTS: Final = {SUBMITTED: "报单已提交", REJECTED: "报单被拒绝"}
"""How it words an OrderSubmitStatus behind it; an accepted order's adds nothing."""


def status_text(submit_status: str, status: str) -> str:
    """Return StatusMsg for the two states of an order."""
    return STATUS_TEXTS[status] + SUBMIT_TEXTS.get(submit_status, "")


# OrderPriceType
ANY_PRICE: Final = "1"
LIMIT_PRICE: Final = "2"
BEST_PRICE: Final = "3"
FIVE_LEVEL: Final = "G"
# PriceSource
LAST_PRICE: Final = "0"
BID_PRICE: Final = "1"
ASK_PRICE: Final = "2"
# TimeCondition and VolumeCondition
IMMEDIATE: Final = "1"
DAY: Final = "3"
ANY_VOLUME: Final = "1"
MIN_VOLUME: Final = "2"
ALL_VOLUME: Final = "3"
# OrderType, and TradeType of what such an order has traded
QUOTED: Final = "1"
COMBINATION: Final = "3"
DERIVED: Final = "4"
# ContingentCondition
AT_ONCE: Final = "1"


@dataclass(frozen=True, slots=True)
class OrderLeg:
    """What an order in a combination does in one of its legs, a lot for each of its own."""

    contract: Contract
    direction: str
    position: Position
    hold: Hold


@dataclass(slots=True)
class Order:
    """An order. Prices in units; ``price`` None is a market order's.

    ``values`` are the fields of the InputOrder as they came, ``position`` what it opens or
    closes, ``hold`` what each lot of it has set aside. ``parent`` is the OrderSysID of the
    condition that has entered it; ``stopped`` says that it waits at the exchange for its stop
    price. ``executed`` is what the executions of which a part has been told trade in all,
    ``canceling`` says that an action on it is on its way. An order in a combination has ``legs``,
    whose positions and holds count; what it opens is combined in ``combined`` under the ComTradeID
    ``group``. ``quote`` is the number of the quote that has entered an order, 0 for none.

    The exchange's own side runs ahead of what it has told CTP: ``arrived`` is when it got the
    order, ``working`` how many lots of it still wait there.
    """

    number: int
    account: Account
    contract: Contract
    values: Mapping[str, object]
    front: int
    session: int
    ref: str
    direction: str
    offset: str
    price: int | None
    volume: int
    position: Position
    hold: Hold
    inserted: datetime
    trading_day: str
    sys_id: str = ""
    submit_status: str = SUBMITTED
    status: str = UNKNOWN
    message: str = status_text(SUBMITTED, UNKNOWN)
    traded: int = 0
    sequence: int = 0
    updated: str = ""
    canceled: str = ""
    canceled_by: str = ""
    parent: str = ""
    stopped: bool = False
    executed: int = 0
    canceling: bool = False
    working: int = 0
    arrived: datetime | None = None
    legs: tuple[OrderLeg, ...] = ()
    combined: Combined | None = None
    group: str = ""
    quote: int = 0

    @property
    def left(self) -> int:
        """Lots not traded."""
        return self.volume - self.traded

    @property
    def alive(self) -> bool:
        """Whether it may still trade."""
        return self.status in OPEN_STATES

    @property
    def taken(self) -> bool:
        """Whether the exchange has confirmed the order itself, not just a trade or a refusal."""
        if self.submit_status == ACCEPTED:
            return not self.conditional
        return self.status == CANCELED and self.submit_status == SUBMITTED

    @property
    def conditional(self) -> bool:
        """Whether it is a condition of CTP's own, which never goes to an exchange."""
        return self.status in (NOT_TOUCHED, TOUCHED) or self.sys_id.startswith(CONDITION_ID)

    def move(self, status: str, reason: str = "") -> None:
        """Go to a new OrderStatus; ``reason`` is why an exchange has refused the order.

        :raises ValueError: if the order's end has been sent already.
        """
        if not self.alive:
            raise ValueError(f"order {self.number} has ended with {self.status!r}")
        self.status = status
        self.message = status_text(self.submit_status, status) + reason

    def release(self) -> None:
        """Free what the lots that will not trade have set aside."""
        for part in self.legs or (self,):
            self.account.release(part.position, self.offset, self.left, part.hold)
        if self.combined is not None:
            self.combined.opening -= self.left

    def text(self, name: str) -> str:
        """Return a text field of the InputOrder."""
        return str(self.values.get(name, ""))

    def _kind(self, manners: Manners) -> str:
        """Return OrderType, which not every exchange sends."""
        if not manners.names_kinds:
            return ""
        if self.quote and manners.marks_quoted:
            return QUOTED
        return COMBINATION if self.legs else "0"

    def row(self, settlement: int) -> dict[str, object]:
        """Return the order as ``CThostFtdcOrderField``."""
        local_id = f"{self.number:>12}"
        answered = bool(self.sys_id) and not self.conditional
        manners = manners_of(self.contract.exchange)
        dated = answered and manners.dates_orders
        seated = answered if manners.names_kinds else self.taken
        kept = {name: self.values[name] for name in _KEPT if name in self.values}
        if answered and manners.cuts_prices and self.price is not None:
            kept["LimitPrice"] = yuan(self.price)
        return {
            **kept,
            "OrderRef": self.ref,
            "OrderLocalID": local_id,
            "ExchangeID": self.contract.exchange,
            "ParticipantID": PARTICIPANT,
            "ClearingPartID": PARTICIPANT,
            "ClientID": client_id(self.account),
            "ExchangeInstID": self.contract.instrument,
            "TraderID": TRADER,
            "InstallID": 1,
            "OrderSubmitStatus": self.submit_status,
            "NotifySequence": self.sequence,
            "TradingDay": self.trading_day,
            "SettlementID": settlement,
            "OrderSysID": self.sys_id,
            "OrderSource": "0" if manners.names_kinds or not self.taken else "",
            "OrderStatus": self.status,
            "OrderType": self._kind(manners),
            "VolumeTraded": self.traded,
            "VolumeTotal": self.left,
            "InsertDate": self.trading_day if dated else f"{self.inserted:%Y%m%d}",
            "InsertTime": f"{self.inserted:%H:%M:%S}",
            "UpdateTime": self.updated,
            "CancelTime": self.canceled,
            "ActiveTraderID": TRADER if manners.names_traders and seated else "",
            "SequenceNo": self.sequence,
            "FrontID": self.front,
            "SessionID": self.session,
            "StatusMsg": self.message,
            "ActiveUserID": self.canceled_by,
            "BrokerOrderSeq": self.number,
            "RelativeOrderSysID": self.parent,
            "ZCETotalTradedVolume": self.executed if manners.tells_totals else 0,
            "AccountID": self.text("AccountID") or self.account.investor,
            "CurrencyID": self.text("CurrencyID") or "CNY",
        }


FORCED_OFFSETS: Final = frozenset("256")
"""CombOffsetFlags of closings that the exchange or the broker forces."""
FRONT_ID: Final = 1
"""The simulated front's FrontID."""
PARTICIPANT: Final = "0001"
"""The simulated broker's member code at every exchange."""
TRADER: Final = f"{PARTICIPANT}01"
"""The TraderID of its one seat at every exchange."""

_KEPT: Final = (
    "BrokerID",
    "InvestorID",
    "UserID",
    "InstrumentID",
    "OrderPriceType",
    "Direction",
    "CombOffsetFlag",
    "CombHedgeFlag",
    "LimitPrice",
    "VolumeTotalOriginal",
    "TimeCondition",
    "GTDDate",
    "VolumeCondition",
    "MinVolume",
    "ContingentCondition",
    "StopPrice",
    "ForceCloseReason",
    "IsAutoSuspend",
    "BusinessUnit",
    "RequestID",
    "UserForceClose",
    "IsSwapOrder",
    "InvestUnitID",
    "MacAddress",
    "IPAddress",
    "OrderMemo",
    "SessionReqSeq",
)
"""Fields of the InputOrder that RtnOrder repeats."""


@dataclass(frozen=True, slots=True)
class Trade:
    """A trade of a user's order: price in units, ``commission`` paid in units.

    ``closed`` is what a closing trade took, lot by lot, ``source`` is PriceSource. ``leg`` is the
    leg that an order in a combination has traded.
    """

    order: Order
    trade_id: str
    price: int
    volume: int
    offset: str
    sequence: int
    moment: datetime
    trading_day: str
    commission: int
    profit: int
    closed: tuple[Closed, ...] = ()
    source: str = ""
    leg: OrderLeg | None = None

    @property
    def contract(self) -> Contract:
        """What was traded."""
        return self.order.contract if self.leg is None else self.leg.contract

    @property
    def direction(self) -> str:
        """Whether it was bought or sold."""
        return self.order.direction if self.leg is None else self.leg.direction

    def _kind(self, manners: Manners) -> str:
        """Return TradeType, which not every exchange sends."""
        if not manners.names_kinds:
            return ""
        return "0" if self.leg is None else DERIVED

    @property
    def told_offset(self) -> str:
        """Return OffsetFlag: a forced closing reads as one."""
        flag = self.order.text("CombOffsetFlag")[:1]
        return flag if flag in FORCED_OFFSETS else self.offset

    def row(self, settlement: int) -> dict[str, object]:
        """Return the trade as ``CThostFtdcTradeField``."""
        order = self.order
        manners = manners_of(order.contract.exchange)
        return {
            "BrokerID": order.account.broker,
            "InvestorID": order.account.investor,
            "OrderRef": order.ref,
            "UserID": order.text("UserID"),
            "ExchangeID": order.contract.exchange,
            "TradeID": self.trade_id,
            "Direction": self.direction,
            "OrderSysID": order.sys_id,
            "ParticipantID": PARTICIPANT,
            "ClientID": client_id(order.account),
            "InstrumentID": self.contract.instrument,
            "ExchangeInstID": self.contract.instrument,
            "OffsetFlag": self.told_offset,
            "HedgeFlag": order.position.hedge,
            "Price": yuan(self.price),
            "Volume": self.volume,
            "TradeDate": self.trading_day if manners.dates_trades else f"{self.moment:%Y%m%d}",
            "TradeTime": f"{self.moment:%H:%M:%S}",
            "TradeType": self._kind(manners),
            "PriceSource": self.source,
            "TraderID": TRADER,
            "OrderLocalID": f"{order.number:>12}",
            "ClearingPartID": PARTICIPANT,
            "BusinessUnit": order.text("BusinessUnit"),
            "SequenceNo": self.sequence,
            "TradingDay": self.trading_day,
            "SettlementID": settlement,
            "BrokerOrderSeq": order.number,
            "TradeSource": "0",
            "InvestUnitID": order.text("InvestUnitID"),
        }


def client_id(account: Account) -> str:
    """Return the investor's trading code at an exchange: ten characters of its InvestorID."""
    return account.investor[-10:].rjust(10, "0")

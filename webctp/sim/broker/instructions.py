"""What users instruct beside orders: exercises, self-closes and quotes, as CTP keeps them.

CTP shows the three alike: fields of what was asked for, the same three kinds of number (page
QTYWGZ/JKZYXZYXHSM 2 to 5), a submit status and a state. A `Kind` has the names that differ.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Final

from webctp.sim.accounts.account import Account
from webctp.sim.accounts.orders import (
    ACCEPTED,
    FRONT_ID,
    PARTICIPANT,
    REJECTED,
    SUBMITTED,
    client_id,
)
from webctp.sim.accounts.sessions import Session
from webctp.sim.events import AccountKey, Event, Push
from webctp.sim.market.markets import Markets
from webctp.sim.matching.engine import MatchingEngine
from webctp.sim.model.contracts import Contract
from webctp.sim.refusals import Refused

_KEPT: Final = (
    "BrokerID",
    "InvestorID",
    "UserID",
    "InstrumentID",
    "HedgeFlag",
    "RequestID",
    "BusinessUnit",
    "InvestUnitID",
    "MacAddress",
    "IPAddress",
)
_LONGEST_REF: Final = 12
"""Characters of a reference."""

# ExecResult
UNANSWERED: Final = "a"
WAITING: Final = "n"
CANCELED_EXERCISE: Final = "c"
DONE: Final = "0"
NO_POSITION: Final = "1"
"""``THOST_FTDC_OER_Unknown``, ``…_NoExec``, ``…_Canceled``, ``…_OK``, ``…_NoPosition``."""


@dataclass(frozen=True, slots=True)
class Kind:
    """How CTP names the fields of one kind: ``ExecOrder`` gives ExecOrderRef, ExecOrderSysID …

    :param status: the field that holds its state.
    :param kept: fields of the request that it repeats, beside those of every kind.
    """

    name: str
    status: str
    kept: tuple[str, ...]

    @property
    def callback(self) -> str:
        """The name of its push."""
        return f"OnRtn{self.name}"

    @property
    def number(self) -> str:
        """The field that holds the broker's number."""
        return f"Broker{self.name}Seq"


EXERCISE: Final = Kind(
    "ExecOrder",
    "ExecResult",
    ("Volume", "OffsetFlag", "ActionType", "PosiDirection", "ReservePositionFlag", "CloseFlag"),
)
SELF_CLOSE: Final = Kind("OptionSelfClose", "ExecResult", ("Volume", "OptSelfCloseFlag"))
QUOTE: Final = Kind(
    "Quote",
    "QuoteStatus",
    (
        *("AskPrice", "BidPrice", "AskVolume", "BidVolume", "AskOffsetFlag", "BidOffsetFlag"),
        *("AskHedgeFlag", "BidHedgeFlag", "ForQuoteSysID", "ReplaceSysID", "TimeCondition"),
        "OrderMemo",
    ),
)
KINDS: Final[Mapping[str, Kind]] = {kind.name: kind for kind in (EXERCISE, SELF_CLOSE, QUOTE)}
"""Every kind by its name."""


@dataclass(frozen=True, slots=True)
class Locked:
    """What an exercise or an abandonment sets aside: lots, and units a lot (abandonments: none).

    ``today`` separates lots opened today from older ones, where the exchange keeps them apart.
    """

    volume: int
    today: bool = False
    abandoned: bool = False
    margin: int = 0
    commission: int = 0


@dataclass(slots=True)
class Instruction:
    """An exercise, a self-close or a quote of one trading day.

    ``values`` are the fields of the request as they came; ``more`` fields that only this kind
    shows; ``locked`` what an exercise has set aside; ``legs`` the numbers of a quote's orders.
    ``standing`` says that a quote stands at the exchange, whatever CTP has received by now,
    ``canceling`` that an action on it is on its way.
    """

    kind: Kind
    number: int
    account: Account
    contract: Contract
    values: Mapping[str, object]
    front: int
    session: int
    ref: str
    inserted: datetime
    trading_day: str
    status: str = UNANSWERED
    submit_status: str = SUBMITTED
    message: str = "报单已提交"
    sys_id: str = ""
    sequence: int = 0
    canceled: str = ""
    canceled_by: str = ""
    locked: Locked | None = None
    legs: list[int] = field(default_factory=list)
    standing: bool = False
    canceling: bool = False
    more: dict[str, Any] = field(default_factory=dict)

    @property
    def key(self) -> AccountKey:
        """The account it belongs to."""
        return self.account.broker, self.account.investor

    @property
    def waits(self) -> bool:
        """Whether an exercise or self-close is still to be carried out."""
        return self.submit_status != REJECTED and self.status in (UNANSWERED, WAITING)

    def text(self, name: str) -> str:
        """Return a text field of the request."""
        return str(self.values.get(name, ""))

    @property
    def volume(self) -> int:
        """The lots asked for."""
        return int(str(self.values.get("Volume", 0)))

    def accept(self, status: str, message: str) -> None:
        """Note that the exchange has taken it."""
        self.submit_status, self.status, self.message = ACCEPTED, status, message

    def reject(self, status: str, reason: str) -> None:
        """Note that the exchange has refused it."""
        self.submit_status, self.status = REJECTED, status
        self.message = f"报单被拒绝{self.contract.exchange}:{reason}"

    def end(self, status: str, message: str, now: datetime, by: str = "") -> None:
        """Note its end; ``by`` is the user who has cancelled it."""
        self.status, self.message = status, message
        if status in (CANCELED_EXERCISE, "5"):
            self.canceled, self.canceled_by = f"{now:%H:%M:%S}", by

    def row(self, settlement: int) -> dict[str, object]:
        """Return it as its struct, such as ``CThostFtdcExecOrderField``."""
        name, values = self.kind.name, self.values
        kept = (*_KEPT, *self.kind.kept)
        return {
            **{field: values[field] for field in kept if field in values},
            "BrokerID": self.account.broker,
            "InvestorID": self.account.investor,
            f"{name}Ref": self.ref,
            f"{name}LocalID": f"{self.number:>12}",
            f"{name}SysID": self.sys_id,
            self.kind.number: self.number,
            self.kind.status: self.status,
            "ExchangeID": self.contract.exchange,
            "ExchangeInstID": self.contract.instrument,
            "ParticipantID": PARTICIPANT,
            "ClearingPartID": PARTICIPANT,
            "ClientID": client_id(self.account),
            "TraderID": f"{PARTICIPANT}01",
            "InstallID": 1,
            "OrderSubmitStatus": self.submit_status,
            "NotifySequence": self.sequence,
            "SequenceNo": self.sequence,
            "TradingDay": self.trading_day,
            "SettlementID": settlement,
            "InsertDate": f"{self.inserted:%Y%m%d}",
            "InsertTime": f"{self.inserted:%H:%M:%S}",
            "CancelTime": self.canceled,
            "FrontID": self.front,
            "SessionID": self.session,
            "StatusMsg": self.message,
            "ActiveUserID": self.canceled_by,
            "AccountID": self.account.investor,
            "CurrencyID": "CNY",
            **self.more,
        }


class Register:
    """The day's instructions of every account, found by each of their numbers.

    :param tell: takes the pushes.
    """

    def __init__(
        self, markets: Markets, engine: MatchingEngine, tell: Callable[[Event], None]
    ) -> None:
        self._markets = markets
        self._engine = engine
        self._tell = tell
        self._all: dict[int, Instruction] = {}
        self._by_ref: dict[tuple[str, int, int, str], Instruction] = {}
        self._by_sys_id: dict[tuple[str, str, str], Instruction] = {}

    def enter(
        self,
        kind: Kind,
        session: Session,
        account: Account,
        contract: Contract,
        values: Mapping[str, object],
        ref: str,
        now: datetime,
    ) -> Instruction:
        """Enter a new instruction, which CTP has accepted, without a push."""
        instruction = Instruction(
            kind,
            self._engine.next_number(),
            account,
            contract,
            {**values, "UserID": str(values.get("UserID", "")) or session.user_id},
            FRONT_ID,
            session.session_id,
            ref,
            now,
            self._markets.day.name,
        )
        self.add(instruction)
        session.max_refs[kind.name] = int(ref)
        return instruction

    def push(self, instruction: Instruction) -> None:
        """Send an instruction's present state."""
        instruction.sequence = self._engine.next_sequence()
        row = instruction.row(self._markets.settlement)
        self._tell(Push(instruction.key, instruction.kind.callback, row))

    def add(self, instruction: Instruction) -> None:
        """Enter an instruction, or the number that an exchange has given one."""
        kind = instruction.kind.name
        self._all[instruction.number] = instruction
        self._by_ref[kind, instruction.front, instruction.session, instruction.ref] = instruction
        if instruction.sys_id:
            exchange = instruction.contract.exchange
            self._by_sys_id[kind, exchange, instruction.sys_id.strip()] = instruction

    def by_ref(self, kind: Kind, front: int, session: int, ref: str) -> Instruction | None:
        """Return the instruction of (FrontID, SessionID, its reference)."""
        return self._by_ref.get((kind.name, front, session, ref))

    def by_sys_id(self, kind: Kind, exchange: str, sys_id: str) -> Instruction | None:
        """Return the instruction of (ExchangeID, its SysID); padding does not matter."""
        return self._by_sys_id.get((kind.name, exchange, sys_id.strip()))

    def by_number(self, number: int) -> Instruction | None:
        """Return the instruction of a broker's number."""
        return self._all.get(number)

    def of(self, kind: Kind, account: AccountKey | None = None) -> Iterator[Instruction]:
        """Return the instructions of a kind in the order of their entry."""
        for instruction in list(self._all.values()):
            if instruction.kind is kind and account in (None, instruction.key):
                yield instruction

    def told(self, events: Iterable[Event]) -> set[int]:
        """Return the numbers of the instructions that some pushes are about."""
        numbers = {kind.callback: kind.number for kind in KINDS.values()}
        return {
            int(str(event.values[numbers[event.callback]]))
            for event in events
            if isinstance(event, Push) and event.callback in numbers
        }

    def forget(self) -> None:
        """Begin a new day."""
        self._all.clear()
        self._by_ref.clear()
        self._by_sys_id.clear()


def next_ref(session: Session, kind: Kind, given: str, *, repeated: int, wrong: int) -> str:
    """Return a reference, which must be digits and grow; one that was left out is made up.

    It counts as used once the instruction is entered.

    :param repeated: the ErrorID for one that does not grow.
    :param wrong: the ErrorID for one that is no number.
    """
    known = session.max_refs.get(kind.name, 0)
    text = given.strip() or str(known + 1)
    if not (text.isascii() and text.isdigit()) or len(given) > _LONGEST_REF:
        raise Refused(wrong)
    if int(text) <= known:
        raise Refused(repeated)
    return given if given.strip() else text

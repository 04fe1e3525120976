"""Combining and splitting positions by request (申请组合, 拆分): checked, done, reported.

CTP's pages REQCOMBACTIONINSERT, ONRTNCOMBACTION, QTYWGZ/DCEZB 3. Inferred: the codes 15, 22, 30
and 61, that CTP checks positions and money (153 is its own code) and the exchange the hour, and
that OnRtnCombAction comes as submitted first and then as accepted or rejected.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from webctp.exchanges.combinations import Combination
from webctp.exchanges.sessions import AUCTION_ORDERING, CONTINUOUS
from webctp.sim.accounts.account import Account
from webctp.sim.accounts.combined import Combined, combinable
from webctp.sim.accounts.orders import FRONT_ID, PARTICIPANT, client_id
from webctp.sim.accounts.positions import Position
from webctp.sim.accounts.sessions import Session
from webctp.sim.broker.checks import check_exchange
from webctp.sim.events import AccountKey, Event, Push, Values
from webctp.sim.manners import HEDGE, SPECULATION, manners_of
from webctp.sim.market.markets import Markets
from webctp.sim.model.combinations import Spread, Spreads
from webctp.sim.refusals import (
    BAD_HEDGE,
    BAD_ORDER_FIELD,
    CLOSED_NOW,
    DUPLICATE_ORDER,
    NO_MONEY_TO_SPLIT,
    NO_RIGHT,
    NO_SUCH_INSTRUMENT,
    OVER_POSITION,
    Refused,
)

COMBINE: Final = "0"
SPLIT: Final = "1"
_DELETE: Final = "2"
"""CombDirection; deleting is an operator's."""
SUBMITTED: Final = "a"
ACCEPTED: Final = "b"
REJECTED: Final = "c"
"""ActionStatus."""
_TEXTS: Final = {SUBMITTED: "已经提交", ACCEPTED: "已经接受", REJECTED: "已经被拒绝"}
HEDGES: Final = {
    SPECULATION: (SPECULATION, SPECULATION),
    HEDGE: (HEDGE, HEDGE),
    "6": (SPECULATION, HEDGE),
    "7": (HEDGE, SPECULATION),
}
"""HedgeFlag -> those of the legs; 6 and 7 are DCE's (GFEX's, inferred)."""
_MIXED: Final = frozenset({"DCE", "GFEX"})
_LONGEST_REF: Final = 12


@dataclass(frozen=True, slots=True)
class CombAction:
    """A request to combine or split, as far as its rows need it."""

    account: AccountKey
    row: Mapping[str, object]


class CombActions:
    """The actions of a trading day.

    :param next_sequence: a new SequenceNo, shared with orders and trades.
    :param tell: takes every event.
    """

    def __init__(
        self, markets: Markets, next_sequence: Callable[[], int], tell: Callable[[Event], None]
    ) -> None:
        self._markets = markets
        self._next_sequence = next_sequence
        self._tell = tell
        self._number = 0
        self._groups = 0
        self._actions: dict[int, CombAction] = {}

    def next_group(self) -> str:
        """Return a new ComTradeID: it grows through the day."""
        self._groups += 1
        return str(self._groups)

    def of(self, key: AccountKey) -> Iterator[Mapping[str, object]]:
        """Yield the day's actions of an account, in their order."""
        return (action.row for action in list(self._actions.values()) if action.account == key)

    def forget(self) -> None:
        """Begin a new day."""
        self._actions.clear()
        self._groups = 0

    def insert(self, session: Session, account: Account, values: Values, now: datetime) -> None:
        """Combine or split.

        :raises Refused: with CTP's ErrorID.
        """
        exchange = check_exchange(values)
        spread, combines = self._checked(exchange, values)
        combined = self._found(account, spread, values)
        volume = _whole(values.get("Volume"))
        if combines:
            if min(combinable(leg) for leg in combined.legs) < volume:
                raise Refused(OVER_POSITION)
        elif combined.volume() < volume:
            raise Refused(OVER_POSITION)
        elif volume * combined.saving(self._markets.last) > _available(self._markets, account):
            raise Refused(NO_MONEY_TO_SPLIT)
        ref = _reference(session, values)
        row = self._row(account, session, values, ref)
        self._told(row, SUBMITTED, now)
        if not all(_takes_actions(self._markets, leg.instrument) for leg in spread.legs):
            self._told(row, REJECTED, now, f"{exchange}:{CLOSED_NOW}")
            return
        if combines:
            row["ComTradeID"] = number = self.next_group()
            account.combined.setdefault(combined.key, combined).combine(volume, number)
        else:
            combined.split(volume)
        self._told(row, ACCEPTED, now)

    def _checked(self, exchange: str, values: Values) -> tuple[Spread, bool]:
        """Return the combination that is meant, and whether it is to be combined."""
        direction = str(values.get("CombDirection", ""))
        if direction == _DELETE:
            raise Refused(NO_RIGHT)
        fields = str(values.get("Direction", "")), direction
        if fields[0] not in ("0", "1") or direction not in (COMBINE, SPLIT):
            raise Refused(BAD_ORDER_FIELD)
        if _whole(values.get("Volume")) <= 0:
            raise Refused(BAD_ORDER_FIELD)
        spread = self._markets.spreads.get(str(values.get("InstrumentID", "")))
        if spread is None or spread.contract.exchange != exchange:
            raise Refused(NO_SUCH_INSTRUMENT)
        made = spread.combination
        if made.sides(fields[0]) is None or not self._may_be_combined(made):
            raise Refused(NO_SUCH_INSTRUMENT)
        return spread, direction == COMBINE

    def _may_be_combined(self, made: Combination) -> bool:
        """Return whether a combination is in the exchange's table (DCEZB 2).

        CZCE makes covered options by itself; one with a leg of the first day is not in it yet.
        """
        if made.kind.code == "PRT" and made.exchange_id == "CZCE":
            return False
        return all(leg.series.open_date < self._markets.day.date for leg in made.legs)

    def _found(self, account: Account, spread: Spread, values: Values) -> Combined:
        """Return the combined position that is meant; a new one is not entered yet."""
        direction, flag = str(values["Direction"]), str(values.get("HedgeFlag", ""))
        hedges = HEDGES.get(flag, ("", ""))
        allowed = manners_of(spread.contract.exchange).opens
        mixed = hedges[0] != hedges[1] and spread.contract.exchange not in _MIXED
        if mixed or not allowed.issuperset(hedges):
            raise Refused(BAD_HEDGE)
        made = spread.combination
        known = account.combined.get((made.instrument_id, direction, flag))
        if known is not None:
            return known
        sides = made.sides(direction) or ("", "")
        legs = [
            account.positions.get((leg.instrument, side, hedge))
            for leg, side, hedge in zip(spread.legs, sides, hedges, strict=True)
        ]
        first, second = legs
        if first is None or second is None:
            raise Refused(OVER_POSITION)
        return Combined(made, direction, flag, (first, second))

    def _row(
        self, account: Account, session: Session, values: Values, ref: str
    ) -> dict[str, object]:
        self._number += 1
        row: dict[str, object] = {
            **values,
            "BrokerID": account.broker,
            "InvestorID": account.investor,
            "UserID": str(values.get("UserID", "")) or session.user_id,
            "CombActionRef": ref,
            "ActionLocalID": f"{self._number:>12}",
            "ParticipantID": PARTICIPANT,
            "ClientID": client_id(account),
            "TraderID": f"{PARTICIPANT}01",
            "InstallID": 1,
            "TradingDay": self._markets.day.name,
            "SettlementID": self._markets.settlement,
            "FrontID": FRONT_ID,
            "SessionID": session.session_id,
            "ExchangeInstID": values["InstrumentID"],
        }
        return row

    def _told(self, row: dict[str, object], status: str, now: datetime, reason: str = "") -> None:
        """Send an action's state, which its query shows from now on."""
        number, sequence = int(str(row["ActionLocalID"])), self._next_sequence()
        row |= {
            "ActionStatus": status,
            "StatusMsg": reason or _TEXTS[status],
            "NotifySequence": sequence,
            "SequenceNo": sequence,
        }
        key = str(row["BrokerID"]), str(row["InvestorID"])
        self._actions[number] = CombAction(key, dict(row))
        self._tell(Push(key, "OnRtnCombAction", dict(row)))

    # The state file

    def facts(self) -> dict[str, Any]:
        """Return the counters for the state file, to go on from there."""
        rows = [[*action.account, dict(action.row)] for action in self._actions.values()]
        return {"number": self._number, "groups": self._groups, "rows": rows}

    def restore(self, facts: Mapping[str, Any]) -> None:
        """Go on where another has ended."""
        self._number, self._groups = facts["number"], facts["groups"]
        for broker, investor, row in facts["rows"]:
            self._actions[int(row["ActionLocalID"])] = CombAction((broker, investor), row)


def cover(account: Account, spreads: Spreads, day: str) -> None:
    """Make covered options of what is single, as CZCE does at settlement.

    CTP's page ONRSPQRYINVESTORPOSITION. The order of strikes is inferred: as they are held.
    """
    count = sum(len(one.groups) for one in account.combined.values())
    for option in list(account.positions.values()):
        terms = option.contract.option
        if terms is None or option.contract.exchange != "CZCE" or option.direction != "1":
            continue
        spread = spreads.get(f"PRT {terms.underlying}&{option.contract.instrument}")
        if spread is None:
            continue
        side = (spread.combination.sides("1") or ("", ""))[0]
        future = account.positions.get((terms.underlying, side, option.hedge))
        volume = 0 if future is None else min(_single(option), _single(future))
        if future is None or volume <= 0:
            continue
        made = Combined(spread.combination, "1", option.hedge, (future, option))
        held = account.combined.setdefault(made.key, made)
        count += 1
        held.combine(volume, f"{day}{count:06}")
        held.groups[-1].today = False
        held.start_volume = held.volume()


def _single(position: Position) -> int:
    return position.volume() - position.combined


def _available(markets: Markets, account: Account) -> int:
    return account.funds(markets.last).available


def _takes_actions(markets: Markets, instrument: str) -> bool:
    return markets.status(markets.must(instrument)) in (CONTINUOUS, AUCTION_ORDERING)


def _reference(session: Session, values: Values) -> str:
    """Return CombActionRef, which may be left out and must grow."""
    ref = str(values.get("CombActionRef", "")) or str(session.max_comb_ref + 1)
    if not (ref.strip().isascii() and ref.strip().isdigit()) or len(ref) > _LONGEST_REF:
        raise Refused(BAD_ORDER_FIELD)
    if int(ref) <= session.max_comb_ref:
        raise Refused(DUPLICATE_ORDER)
    session.max_comb_ref = int(ref)
    return ref


def _whole(value: object) -> int:
    return value if isinstance(value, int) else 0

"""Exercise and abandonment of options: what CTP and the exchanges take during the day.

Page QTYWGZ/QHQQDHQ-ZDCGZ of CTP's document 6.7.8, and REQEXECORDERINSERT. What is taken is
carried out at the settlement (``expiry``).
"""

from collections.abc import Mapping
from datetime import datetime, time
from typing import Final

from webctp.exchanges.sessions import AUCTION_ORDERING, CONTINUOUS
from webctp.sim.accounts.account import Account
from webctp.sim.accounts.positions import Position
from webctp.sim.accounts.sessions import Session
from webctp.sim.broker.checks import OrderChecks, check_exchange
from webctp.sim.broker.instructions import (
    CANCELED_EXERCISE,
    EXERCISE,
    WAITING,
    Instruction,
    Kind,
    Locked,
    Register,
    next_ref,
)
from webctp.sim.manners import HEDGE, SPECULATION
from webctp.sim.market.book import BUY, SELL
from webctp.sim.market.charges import CLOSE, CLOSE_TODAY, CLOSE_YESTERDAY
from webctp.sim.market.markets import Markets
from webctp.sim.model.contracts import Contract, OptionTerms
from webctp.sim.refusals import (
    BAD_EXERCISE,
    BAD_EXERCISE_TYPE,
    BY_EXCHANGE,
    CLOSED_NOW,
    EXERCISE_WITHDRAWN,
    NO_ABANDON,
    NO_OPTION,
    NO_SUCH_EXERCISE,
    NO_SUCH_INSTRUMENT,
    NOT_DUE,
    NOT_SUPPORTED,
    NOT_TRADABLE,
    OVER_EXERCISE,
    REPEATED_EXERCISE,
    Refused,
)

Values = Mapping[str, object]

EXEC: Final = "1"
ABANDON: Final = "2"
"""ActionType: ``THOST_FTDC_ACTP_Exec``, ``…_Abandon``."""
AUTO_CLOSE: Final = "0"
NOT_TO_CLOSE: Final = "1"
"""CloseFlag: whether the future that arises is netted with an opposite one."""
BY_NAME: Final = frozenset({"DCE", "GFEX"})
"""Exchanges that know no abandonment, but take the automatic exercise back (Volume 0).

The page names DCE; that GFEX does as DCE is inferred.
"""
_CLOSE: Final = time(15, 0)
_UNTIL: Final = time(15, 30)
"""When exchanges stop taking exercises on an option's last day."""
_LONG: Final = "2"
_DELETE: Final = "0"


class Exercises:
    """Checks, locks and withdraws exercises and abandonments."""

    def __init__(self, markets: Markets, checks: OrderChecks, register: Register) -> None:
        self._markets = markets
        self._checks = checks
        self._register = register

    def insert(self, session: Session, account: Account, values: Values, now: datetime) -> None:
        """Take an InputExecOrder: told as on its way, then as the exchange has answered.

        :raises Refused: with CTP's ErrorID.
        """
        contract = option_of(self._markets, self._checks, values, no_option=NO_OPTION)
        _check_fields(contract, values)
        ref = next_ref(
            session,
            EXERCISE,
            str(values.get("ExecOrderRef", "")),
            repeated=REPEATED_EXERCISE,
            wrong=BAD_EXERCISE,
        )
        if takes_back(values) and (first := self._taken_back(account, contract)) is not None:
            # A repetition is answered with the first one's fields (the page's FAQ).
            self._register.push(first)
            return
        locked = None if takes_back(values) else self._lock(account, contract, values)
        instruction = self._register.enter(EXERCISE, session, account, contract, values, ref, now)
        instruction.locked = locked
        if not contract.by_date:
            instruction.more["OffsetFlag"] = CLOSE
        self._register.push(instruction)
        reason = self._objection(instruction, now)
        if reason is None:
            instruction.sys_id = f"{instruction.number:>12}"
            instruction.accept(WAITING, "")
            self._register.add(instruction)
        else:
            instruction.reject(WAITING, reason)
            release(instruction)
        self._register.push(instruction)

    def cancel(self, account: Account, values: Values, now: datetime, by: str) -> None:
        """Withdraw the exercise that an InputExecOrderAction names.

        :raises Refused: with CTP's ErrorID, or 91 where the exchange takes nothing now.
        """
        instruction = find(self._register, EXERCISE, account, values)
        if str(values.get("ActionFlag", "")) != _DELETE:
            raise Refused(BAD_EXERCISE)
        if instruction is None or instruction.status not in (WAITING, CANCELED_EXERCISE):
            raise Refused(NO_SUCH_EXERCISE)
        if not instruction.waits:
            raise Refused(EXERCISE_WITHDRAWN)
        if not is_open(self._markets, instruction.contract, now):
            raise Refused(BY_EXCHANGE)
        release(instruction)
        instruction.end(CANCELED_EXERCISE, "已撤单", now, by)
        self._register.push(instruction)

    def _taken_back(self, account: Account, contract: Contract) -> Instruction | None:
        return next(
            (
                one
                for one in self._register.of(EXERCISE, (account.broker, account.investor))
                if one.contract is contract and one.waits and takes_back(one.values)
            ),
            None,
        )

    def _lock(self, account: Account, contract: Contract, values: Values) -> Locked:
        """Set aside lots, and for an exercise money: the future's margin and the fee.

        Of both the smaller allowance counts (the page, 2.1), whence one ErrorID.
        """
        volume = int(str(values.get("Volume", 0)))
        offset = _OFFSETS[str(values["OffsetFlag"])]
        position = account.positions.get((contract.instrument, BUY, str(values["HedgeFlag"])))
        abandoned = str(values["ActionType"]) == ABANDON
        today = contract.by_date and offset == CLOSE_TODAY
        if position is None or volume > position.closable(offset):
            raise Refused(OVER_EXERCISE)
        locked = Locked(volume, today, abandoned)
        if not abandoned:
            margin, fee = self._needs(contract)
            locked = Locked(volume, today, abandoned, margin, fee)
            if volume * (margin + fee) > account.funds(self._markets.last).available:
                raise Refused(OVER_EXERCISE)
        _set_aside(account, position, locked, 1)
        return locked

    def _needs(self, contract: Contract) -> tuple[int, int]:
        """Return margin and fee that a lot's exercise needs, in units."""
        option = terms_of(contract)
        future = self._markets.must(option.underlying)
        return self._markets.margin(future, BUY if option.call else SELL), option.fee

    def _objection(self, instruction: Instruction, now: datetime) -> str | None:
        """Return why the exchange refuses an exercise, None where it takes it."""
        contract = instruction.contract
        last_day = contract.expiry <= self._markets.day.date.toordinal()
        only_then = (
            terms_of(contract).european
            or instruction.text("ActionType") == ABANDON
            or takes_back(instruction.values)
        )
        if only_then and not last_day:
            return NOT_DUE
        return None if is_open(self._markets, contract, now) else CLOSED_NOW


_OFFSETS: Final = {
    CLOSE: CLOSE_YESTERDAY,
    CLOSE_TODAY: CLOSE_TODAY,
    CLOSE_YESTERDAY: CLOSE_YESTERDAY,
}
"""OffsetFlag -> which lots on SHFE and INE: Close is yesterday's there, as with orders."""


def option_of(markets: Markets, checks: OrderChecks, values: Values, *, no_option: int) -> Contract:
    """Return the option that an instruction names; ExchangeID may be left out.

    :param no_option: the ErrorID for what is no option.
    :raises Refused: also for options whose exchange takes nothing through CTP (CFFEX: 27).
    """
    if exchange := str(values.get("ExchangeID", "")):
        check_exchange(values)
    contract = markets.contract(str(values.get("InstrumentID", "")))
    if contract is None or exchange not in ("", contract.exchange):
        raise Refused(NO_SUCH_INSTRUMENT)
    if checks.bars(contract):
        raise Refused(NOT_TRADABLE)
    if contract.option is None:
        raise Refused(no_option)
    if contract.option.on_index:
        raise Refused(NOT_SUPPORTED)
    return contract


def find(register: Register, kind: Kind, account: Account, values: Values) -> Instruction | None:
    """Return the account's instruction that an action names, by SysID or by its reference."""
    exchange = check_exchange(values)
    sys_id = str(values.get(f"{kind.name}SysID", ""))
    if sys_id.strip():
        found = register.by_sys_id(kind, exchange, sys_id)
    else:
        found = register.by_ref(
            kind,
            int(str(values.get("FrontID", 0))),
            int(str(values.get("SessionID", 0))),
            str(values.get(f"{kind.name}Ref", "")),
        )
    if found is None or found.account is not account:
        return None
    named = str(values.get("InstrumentID", ""))
    return found if named in ("", found.contract.instrument) else None


def terms_of(contract: Contract) -> OptionTerms:
    """Return what makes a contract an option.

    :raises ValueError: if it is none.
    """
    if contract.option is None:
        raise ValueError(f"{contract.instrument} is no option")
    return contract.option


def takes_back(values: Values) -> bool:
    """Return whether an exercise takes the automatic one of the last day back (Volume 0)."""
    return values.get("Volume", 0) == 0


def is_open(markets: Markets, contract: Contract, now: datetime) -> bool:
    """Return whether the exchange takes exercises: while it takes orders, or late on the last day.

    The page, 2.1: at trading times, and until 15:30 of the last day.
    """
    if markets.status(contract) in (CONTINUOUS, AUCTION_ORDERING):
        return True
    last = contract.expiry == now.date().toordinal()
    return last and _CLOSE <= now.time() < _UNTIL


def release(instruction: Instruction) -> None:
    """Free what an exercise or abandonment has set aside."""
    locked = instruction.locked
    if locked is None:
        return
    hedge = instruction.text("HedgeFlag")
    key = instruction.contract.instrument, BUY, hedge
    _set_aside(instruction.account, instruction.account.positions[key], locked, -1)
    instruction.locked = None


def _set_aside(account: Account, position: Position, locked: Locked, sign: int) -> None:
    volume = sign * locked.volume
    position.lock(
        volume, today=locked.today, abandoned=locked.abandoned, amount=volume * locked.margin
    )
    account.frozen_commission += volume * locked.commission


def _check_fields(contract: Contract, values: Values) -> None:
    """Refuse an InputExecOrder that makes no exercise, or none of its exchange."""
    action = str(values.get("ActionType", ""))
    if action not in (EXEC, ABANDON):
        raise Refused(BAD_EXERCISE_TYPE)
    if action == ABANDON and contract.exchange in BY_NAME:
        raise Refused(NO_ABANDON)
    volume = values.get("Volume", 0)
    close = str(values.get("CloseFlag", ""))
    wrong = (
        str(values.get("OffsetFlag", "")) not in _OFFSETS
        or str(values.get("HedgeFlag", "")) not in (SPECULATION, HEDGE)
        # ReservePositionFlag is out of use but may not be left out.
        or str(values.get("ReservePositionFlag", "")) not in ("0", "1")
        or str(values.get("PosiDirection", "")) not in ("", _LONG)
        or close not in (AUTO_CLOSE, NOT_TO_CLOSE)
        or (contract.exchange == "CZCE" and close != NOT_TO_CLOSE)
        or not isinstance(volume, int)
        or volume < (0 if contract.exchange in BY_NAME else 1)
    )
    if wrong:
        raise Refused(BAD_EXERCISE)

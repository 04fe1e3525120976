"""Self-close: a client's own long and short options netted, or the futures that arise of them.

Page QTYWGZ/QHQQDHQ-ZDCGZ 3 of CTP's document 6.7.8, and REQOPTIONSELFCLOSEINSERT. Neither
position nor money is checked: the exchange looks at both when it settles (``expiry``).
"""

from collections.abc import Mapping
from datetime import datetime
from typing import Final

from webctp.sim.accounts.account import Account
from webctp.sim.accounts.orders import REJECTED
from webctp.sim.accounts.sessions import Session
from webctp.sim.broker.checks import OrderChecks
from webctp.sim.broker.exercise import BY_NAME, find, is_open, option_of
from webctp.sim.broker.instructions import (
    CANCELED_EXERCISE,
    SELF_CLOSE,
    WAITING,
    Instruction,
    Register,
    next_ref,
)
from webctp.sim.manners import HEDGE, SPECULATION
from webctp.sim.market.markets import Markets
from webctp.sim.model.contracts import Contract
from webctp.sim.refusals import (
    BAD_SELF_CLOSE,
    BAD_SELF_CLOSE_REF,
    BY_EXCHANGE,
    CLOSED_NOW,
    NO_SUCH_SELF_CLOSE,
    NOT_SUPPORTED,
    SELF_CLOSE_ENDED,
    SELF_CLOSE_NO_OPTION,
    SELF_CLOSE_TWICE,
    Refused,
)

Values = Mapping[str, object]

OPTIONS: Final = "1"
KEEP_OPTIONS: Final = "2"
FUTURES: Final = "3"
"""OptSelfCloseFlag: ``THOST_FTDC_OSCF_CloseSelfOptionPosition``, ``…_ReserveOptionPosition``,
``…_SellCloseSelfFuturePosition``."""
_DELETE: Final = "0"
_ELSEWHERE: Final = frozenset({"CZCE", "CFFEX"})
"""Exchanges that take self-closes through their member services only."""


class SelfCloses:
    """Keeps and withdraws self-closes."""

    def __init__(self, markets: Markets, checks: OrderChecks, register: Register) -> None:
        self._markets = markets
        self._checks = checks
        self._register = register

    def insert(self, session: Session, account: Account, values: Values, now: datetime) -> None:
        """Take an InputOptionSelfClose.

        SHFE and INE keep one record by client, instrument and flag: a later request changes its
        volume, and all of them are told by the first one's reference. DCE takes one only, which
        must be withdrawn before another (3046).

        :raises Refused: with CTP's ErrorID.
        """
        contract = option_of(self._markets, self._checks, values, no_option=SELF_CLOSE_NO_OPTION)
        if contract.exchange in _ELSEWHERE:
            raise Refused(NOT_SUPPORTED)
        _check_fields(contract, values)
        ref = next_ref(
            session,
            SELF_CLOSE,
            str(values.get("OptionSelfCloseRef", "")),
            repeated=BAD_SELF_CLOSE_REF,
            wrong=BAD_SELF_CLOSE_REF,
        )
        known = self._known(account, contract, values)
        if known is not None and contract.exchange in BY_NAME and known.waits:
            raise Refused(SELF_CLOSE_TWICE)
        takes = is_open(self._markets, contract, now)
        if known is None or contract.exchange in BY_NAME or not takes:
            known = self._register.enter(SELF_CLOSE, session, account, contract, values, ref, now)
            self._register.push(known)
        else:
            known.values = {**values, "UserID": known.text("UserID")}
            known.canceled = known.canceled_by = ""
        if not takes:
            known.reject(WAITING, CLOSED_NOW)
        else:
            if contract.exchange not in BY_NAME:
                # DCE gives no number (JKZYXZYXHSM 5.3).
                known.sys_id = known.sys_id or f"{known.number:>12}"
            known.accept(WAITING, "")
            self._register.add(known)
        self._register.push(known)

    def cancel(self, account: Account, values: Values, now: datetime, by: str) -> None:
        """Withdraw the self-close that an InputOptionSelfCloseAction names.

        :raises Refused: with CTP's ErrorID, or 91 where the exchange takes nothing now.
        """
        found = find(self._register, SELF_CLOSE, account, values)
        if str(values.get("ActionFlag", "")) != _DELETE:
            raise Refused(BAD_SELF_CLOSE)
        if found is None:
            raise Refused(NO_SUCH_SELF_CLOSE)
        if not found.waits:
            raise Refused(SELF_CLOSE_ENDED)
        if not is_open(self._markets, found.contract, now):
            raise Refused(BY_EXCHANGE)
        found.end(CANCELED_EXERCISE, "已撤单", now, by)
        self._register.push(found)

    def _known(self, account: Account, contract: Contract, values: Values) -> Instruction | None:
        """Return the account's latest record of the same option and flag."""
        flag = str(values["OptSelfCloseFlag"])
        alike = None
        for one in self._register.of(SELF_CLOSE, (account.broker, account.investor)):
            if (
                one.contract is contract
                and one.text("OptSelfCloseFlag") == flag
                and one.submit_status != REJECTED
            ):
                alike = one
        return alike


def _check_fields(contract: Contract, values: Values) -> None:
    volume = values.get("Volume", 0)
    counted = contract.exchange not in BY_NAME
    # Market makers keep positions on SHFE alone (the page, 3.3).
    flags = {OPTIONS, FUTURES} | ({KEEP_OPTIONS} if contract.exchange == "SHFE" else set[str]())
    if (
        str(values.get("OptSelfCloseFlag", "")) not in flags
        or str(values.get("HedgeFlag", "")) not in (SPECULATION, HEDGE)
        or not isinstance(volume, int)
        or volume < (1 if counted else 0)
    ):
        raise Refused(BAD_SELF_CLOSE)

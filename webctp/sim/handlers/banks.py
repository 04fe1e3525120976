"""Banks: transfers to and from them, the balance there, and what of that can be queried."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

from webctp.sim.accounts import banks
from webctp.sim.accounts.account import Account
from webctp.sim.accounts.sessions import User
from webctp.sim.events import Push, Values
from webctp.sim.exchange.exchange import Exchange
from webctp.sim.exchange.requests import Request
from webctp.sim.handlers.access import new_password
from webctp.sim.handlers.table import account_of, handles, matches, rows
from webctp.sim.money import yuan
from webctp.sim.refusals import (
    NO_ACCOUNT_ID,
    NO_MONEY,
    NO_SUCH_ACCOUNT,
    NO_SUCH_BROKER,
    NOT_NOW,
    OTHER_CURRENCY,
    WRONG_OLD_PASSWORD,
    Refused,
)


@dataclass(frozen=True, slots=True)
class _Service:
    """A service of banks: its TradeCode, and the callbacks of success and of a refusal."""

    code: str
    notice: str
    refusal: str


_TO_FUTURES: Final = _Service(
    banks.TO_FUTURES, "OnRtnFromBankToFutureByFuture", "OnErrRtnBankToFutureByFuture"
)
_TO_BANK: Final = _Service(
    banks.TO_BANK, "OnRtnFromFutureToBankByFuture", "OnErrRtnFutureToBankByFuture"
)
_BALANCE: Final = _Service(
    banks.BALANCE, "OnRtnQueryBankBalanceByFuture", "OnErrRtnQueryBankBalanceByFuture"
)


@handles("ReqFromBankToFutureByFuture")
def to_futures(exchange: Exchange, request: Request) -> None:
    """Take money from the bank: a refusal comes on two callbacks, success on the private flow."""
    _transfer(exchange, request, _TO_FUTURES)


@handles("ReqFromFutureToBankByFuture")
def to_bank(exchange: Exchange, request: Request) -> None:
    """Send money to the bank, as much as WithdrawQuota allows (31), by day only (1022)."""
    _transfer(exchange, request, _TO_BANK)


@handles("ReqTradingAccountPasswordUpdate")
def change_fund_password(exchange: Exchange, request: Request) -> None:
    """Change the fund password, which transfers ask for: at first that of the first login."""
    account = account_of(exchange, request)
    user = _user(exchange, account)
    for code, wrong in (
        (NO_SUCH_BROKER, not request.text("BrokerID")),
        (NO_ACCOUNT_ID, not request.text("AccountID")),
        (NO_SUCH_ACCOUNT, request.text("AccountID") != account.investor),
        (OTHER_CURRENCY, request.text("CurrencyID") != banks.CURRENCY),
        (WRONG_OLD_PASSWORD, request.text("OldPassword") != user.trading_password),
    ):
        if wrong:
            raise Refused(code)
    user.trading_password = new_password(request)
    exchange.tell(request.answer(request.values))


@handles("ReqQueryBankAccountMoneyByFuture")
def bank_balance(exchange: Exchange, request: Request) -> None:
    """Ask the bank for the balance there, which comes on the private flow."""
    try:
        account, asking = _asking(exchange, request, _BALANCE)
    except Refused as refused:
        _refuse(exchange, request, _BALANCE, refused.code)
        return
    error = banks.objection(asking, banks.BALANCE, 0)
    amount = 0.0 if error else yuan(asking.bank.balance)
    serial = exchange.transfers.next_serial()
    row = {
        **banks.told(
            request.values,
            asking.account,
            exchange.now,
            exchange.markets.day.name,
            request.session.session_id,
            error,
        ),
        "PlateSerial": serial,
        "BankSerial": f"{serial:012}",
        "FutureSerial": serial,
        "BankUseAmount": amount,
        "BankFetchAmount": amount,
    }
    exchange.tell(Push((account.broker, account.investor), _BALANCE.notice, row))


def _transfer(exchange: Exchange, request: Request, service: _Service) -> None:
    try:
        account, asking = _asking(exchange, request, service)
        amount = banks.amount_of(request.values)
        if service.code == banks.TO_BANK:
            _check_withdrawal(exchange, account, amount)
    except Refused as refused:
        _refuse(exchange, request, service, refused.code)
        return
    transfer = banks.Transfer(
        serial=exchange.transfers.next_serial(),
        account=asking.account,
        code=service.code,
        amount=amount,
        bank=asking.bank.bank,
        bank_account=asking.bank.number,
        session=request.session.session_id,
        moment=exchange.now,
        trading_day=exchange.markets.day.name,
        error=banks.objection(asking, service.code, amount),
    )
    exchange.transfers.all.append(transfer)
    account.deposit += max(0, transfer.money)
    account.withdraw += max(0, -transfer.money)
    asking.bank.balance -= transfer.money
    row = transfer.notice(request.values)
    row["FutureFetchAmount"] = yuan(account.funds(exchange.markets.last).withdraw_quota)
    exchange.tell(Push(asking.account, service.notice, row))


def _check_withdrawal(exchange: Exchange, account: Account, amount: int) -> None:
    if not exchange.markets.timeline.banks_take(exchange.now):
        raise Refused(NOT_NOW)
    if amount > account.funds(exchange.markets.last).withdraw_quota:
        raise Refused(NO_MONEY)


def _asking(
    exchange: Exchange, request: Request, service: _Service
) -> tuple[Account, banks.Asking]:
    account = account_of(exchange, request)
    user = _user(exchange, account)
    key = account.broker, account.investor
    asking = banks.Asking(request.values, key, user.bank, user.trading_password)
    banks.check(asking, service.code)
    return account, asking


def _refuse(exchange: Exchange, request: Request, service: _Service, code: int) -> None:
    """Send a refusal as the answer, and as a push to every session of the account."""
    row = banks.masked(request.values)
    exchange.tell(request.answer(row, code))
    if request.session.account is not None:
        exchange.tell(Push(request.session.account, service.refusal, row, code))


def _user(exchange: Exchange, account: Account) -> User:
    return exchange.users[account.broker, account.investor]


@rows("ReqQryTransferBank")
def transfer_banks(exchange: Exchange, request: Request) -> Iterable[Values]:
    """List the banks that transfers go to."""
    account_of(exchange, request)
    return [
        row
        for number, name in banks.BANKS.items()
        if matches(request, row := _bank(number, name), "BankID", "BankBrchID")
    ]


@rows("ReqQryContractBank")
def contract_banks(exchange: Exchange, request: Request) -> Iterable[Values]:
    """List the banks that the broker has contracts with: all of them."""
    account = account_of(exchange, request)
    return [
        {**row, "BrokerID": account.broker}
        for number, name in banks.BANKS.items()
        if matches(request, row := _bank(number, name), "BankID", "BankBrchID")
    ]


def _bank(number: str, name: str) -> dict[str, object]:
    return {"BankID": number, "BankBrchID": banks.BRANCH, "BankName": name, "IsActive": 1}


@rows("ReqQryAccountregister")
def registers(exchange: Exchange, request: Request) -> Iterable[Values]:
    """List the investor's contract with a bank; no field filters it."""
    account = account_of(exchange, request)
    bank = _user(exchange, account).bank
    return [
        {
            "TradeDay": bank.since,
            "BankID": bank.bank,
            "BankBranchID": banks.BRANCH,
            "BankAccount": bank.number,
            "BrokerID": account.broker,
            "BrokerBranchID": banks.BRANCH,
            "AccountID": account.investor,
            "IdCardType": "1",
            "CustomerName": banks.investor_name(account.investor),
            "CurrencyID": banks.CURRENCY,
            "OpenOrDestroy": "1",
            "RegDate": bank.since,
            "CustType": "0",
            "BankAccType": "2",
            "LongCustomerName": banks.investor_name(account.investor),
        }
    ]


@rows("ReqQryTransferSerial")
def serials(exchange: Exchange, request: Request) -> Iterable[Values]:
    """List the account's transfers of the day, without the entries of the broker's staff."""
    account = account_of(exchange, request)
    found = exchange.transfers.of((account.broker, account.investor))
    return [
        row
        for transfer in found
        if transfer.code != banks.BY_HAND
        and matches(request, row := transfer.row(), "AccountID", "BankID", "CurrencyID")
    ]

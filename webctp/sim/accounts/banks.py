"""Banks and bank transfers (银期转账): bank accounts, what transfers need, the day's serials.

What CTP checks itself (fields, passwords, hours, money that may be taken out) refuses a request.
What the bank says of it comes with the notice of the transfer.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from math import isfinite
from typing import Final

from webctp.ctp.errors import message
from webctp.sim.events import AccountKey
from webctp.sim.money import CENT, units, yuan
from webctp.sim.refusals import (
    BAD_AMOUNT,
    BANK_PASSWORD,
    BANK_SHORT,
    NO_ACCOUNT_ID,
    NO_BANK_ACCOUNT,
    NO_SUCH_ACCOUNT,
    NO_SUCH_BANK,
    NO_SUCH_BRANCH,
    NO_SUCH_BROKER,
    NO_SUCH_FUNCTION,
    NO_SUCH_USER,
    NOT_ITS_ACCOUNT,
    NOT_SIGNED_UP,
    OTHER_CURRENCY,
    WRONG_FUND_PASSWORD,
    Refused,
)

BANKS: Final[Mapping[str, str]] = {
    "1": "工商银行",
    "2": "农业银行",
    "3": "中国银行",
    "4": "建设银行",
    "5": "交通银行",
}
"""The banks that the simulated broker has contracts with: BankID, its own number, and name."""
DEFAULT_BANK: Final = "4"
BRANCH: Final = "0000"
"""BankBranchID, and BrokerBranchID where rows have it."""

TO_FUTURES: Final = "202001"
TO_BANK: Final = "202002"
BALANCE: Final = "204002"
BY_HAND: Final = ""
"""TradeCode: of transfers and the query begun by the client; none of the broker's own entries."""

NORMAL: Final = "0"
REPEALED: Final = "1"
"""TransferStatus: 'reversed' is how a transfer reads that has failed."""
_UNCONFIRMED: Final = "0"
_VALID: Final = "1"
"""AvailabilityFlag."""
DONE: Final = "交易成功"
"""ErrorMsg of what the bank has carried out."""
CURRENCY: Final = "CNY"
_MASK: Final = "*"
_SECRET: Final = ("BankPassWord", "Password")
_PERSON: Final = {"IdCardType": "1", "CustType": "0", "BankAccType": "2"}
_MOST: Final = 1e12
"""Yuan beyond which no number is an amount."""
_ALMOST: Final = 1e-6
"""How far a double may be from the whole number of cents that it stands for."""


@dataclass(slots=True)
class BankAccount:
    """An investor's account at a bank, signed up for transfers with the broker.

    ``balance`` is in units; an empty ``password`` means that the bank asks for none; ``since`` is
    the day of the contract.
    """

    bank: str
    number: str
    balance: int
    password: str = ""
    since: str = ""

    def __repr__(self) -> str:
        # Without the password.
        return f"BankAccount(bank={self.bank!r}, number={self.number!r}, balance={self.balance})"


def account_number(investor: str) -> str:
    """Return the default number of an investor's bank account."""
    return "6217" + investor.rjust(12, "0")


@dataclass(frozen=True, slots=True)
class Transfer:
    """A transfer of the day, or an entry of the broker's own staff (``code`` is `BY_HAND` then).

    ``amount`` in units, below 0 only for what the staff has taken out; ``error`` is what the bank
    has refused it with, 0 for what was carried out.
    """

    serial: int
    account: AccountKey
    code: str
    amount: int
    bank: str
    bank_account: str
    session: int
    moment: datetime
    trading_day: str
    error: int = 0

    @property
    def money(self) -> int:
        """Return by how much it has changed the futures account, in units."""
        if self.error:
            return 0
        return -self.amount if self.code == TO_BANK else self.amount

    def row(self) -> dict[str, object]:
        """Return it as ``CThostFtdcTransferSerialField``."""
        broker, investor = self.account
        return {
            **_PERSON,
            **self._numbers(),
            "TradeDate": f"{self.moment:%Y%m%d}",
            "TradingDay": self.trading_day,
            "TradeTime": f"{self.moment:%H:%M:%S}",
            "TradeCode": self.code,
            "SessionID": self.session,
            "BankID": self.bank,
            "BankBranchID": BRANCH,
            "BankAccount": self.bank_account,
            "BrokerID": broker,
            "BrokerBranchID": BRANCH,
            "FutureAccType": "2",
            "AccountID": investor,
            "InvestorID": investor,
            "CurrencyID": CURRENCY,
            "TradeAmount": yuan(self.amount),
            "AvailabilityFlag": _UNCONFIRMED if self.error else _VALID,
            "ErrorID": self.error,
            "ErrorMsg": message(self.error) if self.error else DONE,
        }

    def notice(self, request: Mapping[str, object]) -> dict[str, object]:
        """Return it as ``CThostFtdcRspTransferField``: what was asked for, and what came of it."""
        return {
            **told(request, self.account, self.moment, self.trading_day, self.session, self.error),
            **self._numbers(),
            "TransferStatus": REPEALED if self.error else NORMAL,
        }

    def _numbers(self) -> dict[str, object]:
        return {
            "PlateSerial": self.serial,
            "BankSerial": f"{self.serial:012}",
            "FutureSerial": self.serial,
        }


class Transfers:
    """The transfers of a trading day; their serials go on from day to day."""

    def __init__(self) -> None:
        self.all: list[Transfer] = []
        """Those of the day, in their order."""
        self.serial = 0
        """The last one that was given."""

    def next_serial(self) -> int:
        """Return a new PlateSerial."""
        self.serial += 1
        return self.serial

    def of(self, account: AccountKey) -> Iterator[Transfer]:
        """Return an account's transfers of the day."""
        return (transfer for transfer in self.all if transfer.account == account)

    def restore(self, serial: int, transfers: Iterable[Transfer]) -> None:
        """Go on with those of the state file."""
        self.serial = serial
        self.all = list(transfers)

    def forget(self) -> None:
        """Begin a new day."""
        self.all = []


@dataclass(frozen=True, slots=True)
class Asking:
    """A request of a bank's services as CTP checks it: by whom, of which account."""

    values: Mapping[str, object]
    account: AccountKey
    bank: BankAccount
    fund_password: str

    def text(self, name: str) -> str:
        """Return a text field, empty where it was left out."""
        return str(self.values.get(name, ""))


def check(asking: Asking, code: str) -> None:
    """Check a request's fields and the fund password as CTP does before it asks the bank.

    :param code: the TradeCode that such a request bears.
    :raises Refused: with CTP's ErrorID.
    """
    for refusal, wrong in _FIELDS:
        if wrong(asking, code):
            raise Refused(refusal)


_Wrong = Callable[[Asking, str], bool]
_FIELDS: Final[tuple[tuple[int, _Wrong], ...]] = (
    (NO_SUCH_BROKER, lambda asking, code: asking.text("BrokerID") != asking.account[0]),
    (NO_ACCOUNT_ID, lambda asking, code: not asking.text("AccountID")),
    (NO_SUCH_ACCOUNT, lambda asking, code: asking.text("AccountID") != asking.account[1]),
    (NO_SUCH_USER, lambda asking, code: code == BALANCE and not asking.text("UserID")),
    (NO_SUCH_FUNCTION, lambda asking, code: asking.text("TradeCode") != code),
    (NO_SUCH_BANK, lambda asking, code: asking.text("BankID") not in BANKS),
    (NO_SUCH_BANK, lambda asking, code: asking.text("BankBranchID") != BRANCH),
    (NO_SUCH_BRANCH, lambda asking, code: asking.text("BrokerBranchID") not in ("", BRANCH)),
    (NOT_SIGNED_UP, lambda asking, code: asking.text("BankID") != asking.bank.bank),
    (NO_BANK_ACCOUNT, lambda asking, code: not asking.text("BankAccount")),
    (NOT_ITS_ACCOUNT, lambda asking, code: asking.text("BankAccount") != asking.bank.number),
    (OTHER_CURRENCY, lambda asking, code: asking.text("CurrencyID") != CURRENCY),
    (WRONG_FUND_PASSWORD, lambda asking, code: asking.text("Password") != asking.fund_password),
)
"""What CTP refuses a request for, in this order."""


def amount_of(values: Mapping[str, object]) -> int:
    """Return TradeAmount in units.

    :raises Refused: 2014 where it is no amount: not above 0, or no whole number of cents.
    """
    amount = values.get("TradeAmount", 0.0)
    if not isinstance(amount, int | float) or not isfinite(amount) or not 0 < amount < _MOST:
        raise Refused(BAD_AMOUNT)
    found = units(amount)
    if found <= 0 or found % CENT or abs(yuan(found) - amount) > _ALMOST:
        raise Refused(BAD_AMOUNT)
    return found


def objection(asking: Asking, code: str, amount: int) -> int:
    """Return what the bank refuses a request with, 0 where it carries it out.

    It asks for its own password where money leaves it, and where its balance is asked for.
    """
    if code == TO_BANK:
        return 0
    if asking.bank.password and asking.text("BankPassWord") != asking.bank.password:
        return BANK_PASSWORD
    return BANK_SHORT if amount > asking.bank.balance else 0


def masked(values: Mapping[str, object]) -> dict[str, object]:
    """Return a request's fields as CTP repeats them: the passwords read ``*``."""
    return {name: _MASK if name in _SECRET and value else value for name, value in values.items()}


def told(
    request: Mapping[str, object],
    account: AccountKey,
    moment: datetime,
    trading_day: str,
    session: int,
    error: int,
) -> dict[str, object]:
    """Return what every notice of a bank's says: the request again, when, and how it ended."""
    return {
        **_PERSON,
        **masked(request),
        "CustomerName": investor_name(account[1]),
        "LongCustomerName": investor_name(account[1]),
        "TradeDate": f"{moment:%Y%m%d}",
        "TradeTime": f"{moment:%H:%M:%S}",
        "TradingDay": trading_day,
        "SessionID": session,
        "InstallID": 1,
        "ErrorID": error,
        "ErrorMsg": message(error) if error else DONE,
    }


def investor_name(investor: str) -> str:
    """Return the name of a simulated investor."""
    return f"投资者{investor}"

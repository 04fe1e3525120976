"""The account file: users who are known before their first login, with money and rights.

YAML, one user a key::

    "1001": {Password: secret, Balance: 5000000}
    "1002": {BrokerID: "9999", Rights: close, PositionLimit: 200, MarketMaker: false}
    "1003": {FundPassword: money, BankAccount: "62170001", BankPassword: bank, BankBalance: 1000}
"""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from webctp.exchanges.datafile import DataFileError, Section, count, one_of, ratio, read
from webctp.language.text import english, verbatim
from webctp.sim.accounts.banks import BANKS, DEFAULT_BANK, BankAccount, account_number
from webctp.sim.money import units
from webctp.sim.options import OptionError
from webctp.sim.refusals import CLOSE_ONLY, NO_TRADING_RIGHT

RIGHTS: Final[Mapping[str, int]] = {"all": 0, "close": CLOSE_ONLY, "none": NO_TRADING_RIGHT}
"""What a user may do, as the ErrorID that refuses the rest: 29 for opening, 28 for all orders."""

_FLAGS: Final[Mapping[str, bool]] = {"true": True, "false": False}
_LONGEST_PASSWORD: Final = 40
_LONGEST_NUMBER: Final = 40
"""Bytes of a password and of a bank account's number."""


@dataclass(frozen=True, slots=True)
class Opening:
    """On what terms a user's account is opened.

    ``broker`` and ``password`` are empty where any will do (the password of the first login stays);
    ``balance`` is in yuan, ``position_limit`` in lots, None for the options' own; ``right`` the
    ErrorID of `RIGHTS`. ``fund_password`` is what transfers ask for; ``bank`` is the BankID,
    ``bank_account`` the number there, ``bank_balance`` yuan, empty and None for the usual ones;
    the bank asks for ``bank_password`` unless it is empty. ``makes_markets`` says whether quotes
    are taken.
    """

    broker: str
    password: str
    balance: float | None
    right: int
    position_limit: int | None = None
    fund_password: str = ""
    bank: str = DEFAULT_BANK
    bank_account: str = ""
    bank_password: str = ""
    bank_balance: float | None = None
    makes_markets: bool = True

    def __repr__(self) -> str:
        # Without the passwords.
        return f"Opening(broker={self.broker!r}, balance={self.balance}, right={self.right})"


def read_accounts(path: str) -> dict[str, Opening]:
    """Read the openings of a file, by UserID; none for an empty path.

    :raises OptionError: for any mistake in the file, as one line.
    """
    if not path:
        return {}
    try:
        root = read(Path(path))
        return {user: _opening(section) for user, section in root.sections()}
    except DataFileError as problem:
        raise OptionError(english("Accounts: {problem}", problem=problem)) from problem


def _opening(section: Section) -> Opening:
    balance = section.value("Balance", ratio, english("yuan, 0 or more"), -1.0)
    limit = section.value("PositionLimit", count, english("lots, 0 for no limit"), -1)
    bank_balance = section.value("BankBalance", ratio, english("yuan, 0 or more"), -1.0)
    opening = Opening(
        section.value("BrokerID", str, english("the broker's id"), ""),
        _password(section, "Password"),
        None if balance < 0 else balance,
        section.value("Rights", one_of(RIGHTS), english("all, close or none"), 0),
        None if limit < 0 else limit,
        _password(section, "FundPassword"),
        section.value("BankID", one_of(dict(zip(BANKS, BANKS, strict=True))), _BANKS, DEFAULT_BANK),
        section.value("BankAccount", _number, english("up to 40 letters and digits"), ""),
        _password(section, "BankPassword"),
        None if bank_balance < 0 else bank_balance,
        section.value("MarketMaker", one_of(_FLAGS), english("true or false"), True),
    )
    section.finish()
    return opening


_BANKS: Final = verbatim(", ".join(f"{number} ({name})" for number, name in BANKS.items()))


def _password(section: Section, key: str) -> str:
    found = section.value(key, str, english("a password"), "")
    if len(found.encode()) > _LONGEST_PASSWORD:
        # Said here, as the reader would show what it found.
        raise section.error(
            english("longer than {most} bytes; write a shorter one", most=_LONGEST_PASSWORD), key
        )
    return found


def _number(text: str) -> str:
    if not (text.isascii() and text.isalnum() and len(text) <= _LONGEST_NUMBER):
        raise ValueError
    return text


def bank_account(investor: str, opening: Opening | None, balance: float, today: str) -> BankAccount:
    """Return the bank account of a new investor, on the file's terms or the usual ones.

    :param balance: yuan in it where the file does not say.
    """
    if opening is None:
        return BankAccount(DEFAULT_BANK, account_number(investor), units(balance), since=today)
    has = balance if opening.bank_balance is None else opening.bank_balance
    number = opening.bank_account or account_number(investor)
    return BankAccount(opening.bank, number, units(has), opening.bank_password, today)

"""The account file: users who are known before their first login, with money and rights.

YAML, one user a key::

    "1001": {Password: secret, Balance: 5000000}
    "1002": {BrokerID: "9999", Rights: close, PositionLimit: 200}
"""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from webctp.exchanges.datafile import DataFileError, Section, count, one_of, ratio, read
from webctp.sim.options import OptionError
from webctp.sim.refusals import CLOSE_ONLY, NO_TRADING_RIGHT

RIGHTS: Final[Mapping[str, int]] = {"all": 0, "close": CLOSE_ONLY, "none": NO_TRADING_RIGHT}
"""What a user may do, as the ErrorID that refuses the rest: 29 for opening, 28 for all orders."""

_LONGEST_PASSWORD: Final = 40


@dataclass(frozen=True, slots=True)
class Opening:
    """On what terms a user's account is opened.

    ``broker`` and ``password`` are empty where any will do (the password of the first login stays);
    ``balance`` is in yuan, ``position_limit`` in lots, None for the options' own; ``right`` the
    ErrorID of `RIGHTS`.
    """

    broker: str
    password: str
    balance: float | None
    right: int
    position_limit: int | None = None

    def __repr__(self) -> str:
        # Without the password.
        return f"Opening(broker={self.broker!r}, balance={self.balance}, right={self.right})"


def read_accounts(path: str) -> dict[str, Opening]:
    """The openings of a file, by UserID; none for an empty path.

    :raises OptionError: for any mistake in the file, as one line.
    """
    if not path:
        return {}
    try:
        root = read(Path(path))
        return {user: _opening(section) for user, section in root.sections()}
    except DataFileError as problem:
        raise OptionError(f"Accounts: {problem}") from problem


def _opening(section: Section) -> Opening:
    password = section.value("Password", str, "the password", "")
    if len(password.encode()) > _LONGEST_PASSWORD:
        # Said here, as the reader would show what it found.
        raise section.error(
            f"longer than {_LONGEST_PASSWORD} bytes; write a shorter one", "Password"
        )
    balance = section.value("Balance", ratio, "yuan, 0 or more", -1.0)
    limit = section.value("PositionLimit", count, "lots, 0 for no limit", -1)
    opening = Opening(
        section.value("BrokerID", str, "the broker's id", ""),
        password,
        None if balance < 0 else balance,
        section.value("Rights", one_of(RIGHTS), " or ".join(RIGHTS), 0),
        None if limit < 0 else limit,
    )
    section.finish()
    return opening

"""Options of the simulated front, from a configuration mapping or from a front address."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from difflib import get_close_matches
from typing import Any, Final
from urllib.parse import parse_qsl, urlsplit

CLOCKS: Final = ("always", "calendar")


class OptionError(ValueError):
    """A wrong option, as one line that names the key, what was found and what is wanted."""


@dataclass(frozen=True, slots=True, repr=False)
class SimOptions:
    """What a simulated front may be told.

    ``seed``: what the market is drawn from. ``clock``: ``always`` open, or the exchanges' own
    ``calendar``. ``speed``: market seconds in a second. ``start``: the market's time at the
    start, None for now. ``balance``: yuan in a new account. ``auth_code``, ``app_id``: checked
    at authentication unless empty. ``max_sessions``: trading sessions of a user. ``lock_after``:
    wrong passwords that lock a user. ``query_interval``: least seconds between queries,
    ``order_rate``: orders a second of a session; 0 is no limit. ``weak_password``: least
    characters of a password that is not weak (131), ``first_login``: whether a new user must
    change the password before anything else (140).
    """

    seed: int = 0
    clock: str = "always"
    speed: float = 1.0
    start: datetime | None = None
    balance: float = 10_000_000.0
    auth_code: str = ""
    app_id: str = ""
    max_sessions: int = 10
    lock_after: int = 5
    query_interval: float = 0.0
    order_rate: int = 0
    weak_password: int = 0
    first_login: bool = False

    @classmethod
    def from_mapping(cls, values: Mapping[str, object]) -> "SimOptions":
        """Options from the configuration's ``Sim:`` (scalars as text).

        :raises OptionError: for an unknown key or a value that does not fit it.
        """
        read: dict[str, Any] = {
            KEYS[_known(key)].attribute: _read(key, value) for key, value in values.items()
        }
        return cls(**read)

    @classmethod
    def from_address(cls, address: str, base: Mapping[str, object] | None = None) -> "SimOptions":
        """Options from ``sim://?seed=7&speed=60``, over those of the configuration (``base``).

        :raises OptionError: as `from_mapping` does, and for an address not of this form.
        """
        parts = urlsplit(address)
        if parts.scheme != "sim" or parts.netloc or parts.path.strip("/") or parts.fragment:
            raise OptionError(
                f"{address!r} is no address of a simulated front; write sim:// or sim://?seed=7"
            )
        spelled = {key.lower(): key for key in KEYS}
        values = dict(base or {})
        for key, value in parse_qsl(parts.query, keep_blank_values=True):
            values[spelled.get(key.lower(), key)] = value
        return cls.from_mapping(values)

    def __repr__(self) -> str:
        # Without the AuthCode, which is a secret.
        return f"SimOptions(seed={self.seed}, clock={self.clock!r}, speed={self.speed})"


@dataclass(frozen=True, slots=True)
class _Key:
    attribute: str
    wanted: str
    read: Callable[[str], Any]


def _at_least(least: float, kind: Callable[[str], float]) -> Callable[[str], float]:
    def read(text: str) -> float:
        value = kind(text)
        if not least <= value < 1e15:
            raise ValueError
        return value

    return read


def _one_of(choices: tuple[str, ...]) -> Callable[[str], str]:
    def read(text: str) -> str:
        if text not in choices:
            raise ValueError
        return text

    return read


def _flag(text: str) -> bool:
    flags = {"true": True, "yes": True, "on": True, "false": False, "no": False, "off": False}
    if text.lower() not in flags:
        raise ValueError
    return flags[text.lower()]


def _moment(text: str) -> datetime:
    moment = datetime.fromisoformat(text)
    if moment.tzinfo is not None:
        raise ValueError
    return moment


KEYS: Final[Mapping[str, _Key]] = {
    "Seed": _Key("seed", "an integer", int),
    "Clock": _Key("clock", " or ".join(CLOCKS), _one_of(CLOCKS)),
    "Speed": _Key("speed", "a number from 0.1 on", _at_least(0.1, float)),
    "Start": _Key("start", "a time of China such as 2026-11-23T20:55:00", _moment),
    "Balance": _Key("balance", "yuan, 0 or more", _at_least(0, float)),
    "AuthCode": _Key("auth_code", "text", str),
    "AppID": _Key("app_id", "text", str),
    "MaxSessions": _Key("max_sessions", "an integer from 1 on", _at_least(1, int)),
    "LockAfter": _Key("lock_after", "an integer from 1 on", _at_least(1, int)),
    "QueryInterval": _Key("query_interval", "seconds, 0 for no limit", _at_least(0, float)),
    "WeakPassword": _Key(
        "weak_password", "the least characters of a strong password", _at_least(0, int)
    ),
    "FirstLogin": _Key("first_login", "true or false", _flag),
    "OrderRate": _Key("order_rate", "orders a second, 0 for no limit", _at_least(0, int)),
}
"""The keys of ``Sim:`` in the configuration; in an address they are written in any case."""


def _known(key: str) -> str:
    if key in KEYS:
        return key
    near = get_close_matches(key, KEYS, 1, 0.5)
    advice = f"; {near[0]}?" if near else f"; known are {', '.join(KEYS)}"
    raise OptionError(f"Sim: {key} is no option of the simulated front{advice}")


def _read(key: str, value: object) -> object:
    known = KEYS[key]
    try:
        if not isinstance(value, str | int | float):
            raise ValueError
        return known.read(str(value))
    except ValueError as problem:
        shown = "..." if known.attribute == "auth_code" else repr(value)
        raise OptionError(f"Sim: {key}: {shown} found, wanted {known.wanted}") from problem

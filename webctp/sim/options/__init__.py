"""Options of the simulated front, from a configuration mapping or from a front address."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Final
from urllib.parse import parse_qsl, urlsplit

from webctp.language.text import english
from webctp.sim.options.faultkeys import FAULT_KEYS
from webctp.sim.options.keys import KEYS
from webctp.sim.options.reading import OptionError, Place, read_all, spelled

DEFAULT_BANK_BALANCE: Final = 100_000_000.0
"""Yuan in a new bank account."""


@dataclass(frozen=True, slots=True)
class FaultOptions:
    """Chances from 0 to 1, but for those in seconds and ticks.

    ``return_error``: a request returns -1, -2 or -3 and is not sent. ``no_answer``: it is
    swallowed. ``slow_answer``: it is handled ``slow_seconds`` late. ``not_ready``: a query is
    answered with 90, a login with 7. ``lost_ack``: the connection breaks when an order has been
    taken, before its return. ``duplicate``: a push comes twice. ``reorder``: two messages change
    places. ``garbage``: a text field ends in half a character. ``disconnect``, ``silence`` and
    ``burst``: mean seconds between lost connections, times of ``silence_seconds`` in which nothing
    is answered and nothing sent, and bursts of ``burst_ticks`` ticks at once; ``new_flow``: mean
    seconds between restarts of CTP that begin the day's flows anew; 0 for never.
    """

    return_error: float = 0.0
    no_answer: float = 0.0
    slow_answer: float = 0.0
    slow_seconds: float = 2.0
    not_ready: float = 0.0
    lost_ack: float = 0.0
    duplicate: float = 0.0
    reorder: float = 0.0
    garbage: float = 0.0
    disconnect: float = 0.0
    silence: float = 0.0
    silence_seconds: float = 10.0
    burst: float = 0.0
    burst_ticks: int = 20_000
    new_flow: float = 0.0


@dataclass(frozen=True, slots=True, repr=False)
class SimOptions:
    """The options of a simulated front.

    ``seed``: what the market is drawn from. ``clock``: ``always`` open, or the exchanges' own
    ``calendar``. ``speed``: market seconds in a second. ``start``: the market's time at the
    start, None for now. ``balance``: yuan in a new account, ``bank_balance`` in the bank account
    that goes with it. ``auth_code``, ``app_id``: checked
    at authentication unless empty. ``max_sessions``: trading sessions of a user. ``lock_after``:
    wrong passwords that lock a user. ``query_interval``: least seconds between queries,
    ``order_rate``: orders and actions a second of a user; 0 is no limit. ``latency``:
    milliseconds that each message to an exchange, and each back, takes at least, and
    ``latency_more``: the mean of what it takes beyond that. ``weak_password``: least
    characters of a password that is not weak (131), ``first_login``: whether a new user must
    change the password before anything else (140), ``expired_password``: whether that is so as it
    is out of date (141), ``lock_address_after``: failed logins, and authentications, of a day
    after which none of this machine's is taken (143, 4060). ``state_path``: the file that the state
    survives in, ``accounts``: the account file; empty for none. ``position_limit``: the most lots
    of a position (106 beyond), ``parked_limit``: parked orders of an investor (159),
    ``condition_limit``: conditions of one (53), ``exchange_rate``: orders and actions a second of
    an exchange (41); 0 for no limit. ``force_close_after``: market seconds from a margin call to
    the broker's closing of positions, 0 for never; ``not_trading``: instruments and products in
    which no orders are taken (17). ``faults``: what goes wrong, and how often.
    """

    seed: int = 0
    clock: str = "always"
    speed: float = 1.0
    start: datetime | None = None
    balance: float = 10_000_000.0
    bank_balance: float = DEFAULT_BANK_BALANCE
    auth_code: str = ""
    app_id: str = ""
    max_sessions: int = 10
    lock_after: int = 5
    query_interval: float = 0.0
    order_rate: int = 0
    latency: float = 0.0
    latency_more: float = 0.0
    weak_password: int = 0
    first_login: bool = False
    expired_password: bool = False
    lock_address_after: int = 5_000
    state_path: str = ""
    accounts: str = ""
    position_limit: int = 0
    force_close_after: float = 0.0
    parked_limit: int = 0
    condition_limit: int = 0
    exchange_rate: int = 0
    not_trading: frozenset[str] = frozenset()
    faults: FaultOptions = field(default_factory=FaultOptions)

    @classmethod
    def from_mapping(cls, values: Mapping[str, object]) -> "SimOptions":
        """Read the configuration's ``Sim:`` (scalars as text).

        :raises OptionError: for an unknown key or a value that does not fit it.
        """
        return _options(values, Place("Sim.", ()))

    @classmethod
    def from_address(cls, address: str, base: Mapping[str, object] | None = None) -> "SimOptions":
        """Read ``sim://?seed=7&speed=60``, over the configuration's mapping (``base``).

        :raises OptionError: as `from_mapping` does, and for an address not of this form.
        """
        parts = urlsplit(address)
        if parts.scheme != "sim" or parts.netloc or parts.path.strip("/") or parts.fragment:
            raise OptionError(
                english(
                    "{address!r} is no address of a simulated front; write sim:// or sim://?seed=7",
                    address=address,
                )
            )
        values = dict(base or {})
        cls.from_mapping(values)  # a mistake in the configuration is reported as one
        for key, value in parse_qsl(parts.query, keep_blank_values=True):
            section, dot, fault = key.partition(".")
            if dot and section.lower() == "faults":
                given = values.get("Faults")
                faults = dict(given) if isinstance(given, Mapping) else {}
                values["Faults"] = {**faults, spelled(fault, FAULT_KEYS): value}
            else:
                values[spelled(key, KEYS)] = value
        return _options(values, Place("option "))

    def __repr__(self) -> str:
        # Without the AuthCode, which is a secret.
        return f"SimOptions(seed={self.seed}, clock={self.clock!r}, speed={self.speed})"


def _options(values: Mapping[str, object], place: Place) -> SimOptions:
    attributes = read_all(values, KEYS, place)
    if "faults" in attributes:
        attributes["faults"] = FaultOptions(**attributes["faults"])
    return SimOptions(**attributes)


def read_faults(values: Mapping[str, object]) -> FaultOptions:
    """Read faults from a mapping with the keys of ``FAULT_KEYS``, written in any case.

    :raises OptionError: for an unknown key or a value that does not fit it.
    """
    known = {spelled(name, FAULT_KEYS): value for name, value in values.items()}
    return FaultOptions(**read_all(known, FAULT_KEYS, Place("Faults.")))


__all__ = [
    "DEFAULT_BANK_BALANCE",
    "FAULT_KEYS",
    "KEYS",
    "FaultOptions",
    "OptionError",
    "SimOptions",
    "read_faults",
]

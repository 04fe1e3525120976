"""Control requests: what only a simulator can do, asked for from outside while it runs.

``disconnect`` (``reason``), ``faults`` (the keys of ``Faults:``; those left out are off),
``silence`` (``seconds``), ``burst`` (``count`` of ticks for each subscriber), ``newflow``
(``trades=1``: TradeIDs begin anew, too), and those of `deskcontrol` to the broker and the
exchanges.
"""

from collections.abc import Callable, Mapping
from typing import Final, Protocol

from webctp.language.text import english
from webctp.sim.host import deskcontrol
from webctp.sim.host.faults import REASONS
from webctp.sim.options import FaultOptions, OptionError, read_faults


class Controlled(Protocol):
    """The receiver of control requests; called on the host's thread."""

    def hang_up(self, reason: int) -> None:
        """Break every connection."""

    def set_faults(self, options: FaultOptions) -> None:
        """Let other faults happen from now on."""

    def be_silent(self, seconds: float) -> None:
        """Answer nothing and send nothing for some seconds; 0 ends a silence."""

    def begin_flows_anew(self, *, new_trade_ids: bool) -> None:
        """Break every connection and begin the day's flows anew, the TradeIDs to come as well."""

    def burst(self, count: int) -> None:
        """Send the present tick of the subscribed instruments again and again."""

    def do(self, deed: deskcontrol.Deed) -> None:
        """Let the broker or an exchange do something now."""


Action = Callable[[Controlled], None]


def read_control(
    command: str, arguments: Mapping[str, str], accounts: deskcontrol.Accounts
) -> Action:
    """Return a control request's action, to be carried out on the host's thread.

    :param accounts: the broker's accounts, which some requests name.
    :raises OptionError: for an unknown command or argument, as one line.
    """
    desk = deskcontrol.COMMANDS.get(command)
    if desk is not None:
        deed = desk(arguments, accounts)
        return lambda host: host.do(deed)
    known = COMMANDS.get(command)
    if known is None:
        every = ", ".join((*COMMANDS, *deskcontrol.COMMANDS))
        raise OptionError(
            english(
                "{command!r} is no control request; known are {every}", command=command, every=every
            )
        )
    return known(arguments)


def _disconnect(arguments: Mapping[str, str]) -> Action:
    reason = _number(arguments, "reason", REASONS[0])
    if reason not in REASONS:
        known = ", ".join(f"{known:#x}" for known in REASONS)
        raise OptionError(
            english("reason: {reason:#x} found, wanted one of {known}", reason=reason, known=known)
        )
    return lambda host: host.hang_up(reason)


def _faults(arguments: Mapping[str, str]) -> Action:
    options = read_faults(arguments)
    return lambda host: host.set_faults(options)


def _silence(arguments: Mapping[str, str]) -> Action:
    seconds = _number(arguments, "seconds", 10)
    return lambda host: host.be_silent(seconds)


def _burst(arguments: Mapping[str, str]) -> Action:
    count = _number(arguments, "count", 20_000)
    return lambda host: host.burst(count)


def _newflow(arguments: Mapping[str, str]) -> Action:
    trades = _number(arguments, "trades", 0)
    return lambda host: host.begin_flows_anew(new_trade_ids=trades > 0)


COMMANDS: Final[Mapping[str, Callable[[Mapping[str, str]], Action]]] = {
    "disconnect": _disconnect,
    "faults": _faults,
    "silence": _silence,
    "burst": _burst,
    "newflow": _newflow,
}


def _number(arguments: Mapping[str, str], name: str, default: int) -> int:
    """Read the one argument of a command: a whole number, decimal or with 0x."""
    strange = arguments.keys() - {name}
    if strange:
        raise OptionError(
            english("{argument!r} is no argument here; {name} is", argument=min(strange), name=name)
        )
    text = arguments.get(name, str(default))
    try:
        value = int(text, 0)
        if value < 0:
            raise ValueError
    except ValueError as problem:
        raise OptionError(
            english("{name}: {text!r} found, wanted a whole number", name=name, text=text)
        ) from problem
    return value

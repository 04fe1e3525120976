"""Control requests: what only the simulator knows, given from outside while it runs."""

from collections.abc import Callable, Mapping
from typing import Final, Protocol

from webctp.sim.faults import REASONS
from webctp.sim.options import FaultOptions, OptionError, read_faults


class Controlled(Protocol):
    """What control requests act on; called on the host's thread."""

    def hang_up(self, reason: int) -> None:
        """Break every connection."""

    def set_faults(self, options: FaultOptions) -> None:
        """Let other faults happen from now on."""

    def mute(self, seconds: float) -> None:
        """Swallow every request for some seconds."""

    def burst(self, count: int) -> None:
        """Send the present tick of the subscribed instruments again and again."""


class Check:
    """Stands in for a front where a request is only to be checked."""

    def hang_up(self, reason: int) -> None:
        """See :class:`Controlled`; nothing happens."""

    def set_faults(self, options: FaultOptions) -> None:
        """See :class:`Controlled`; nothing happens."""

    def mute(self, seconds: float) -> None:
        """See :class:`Controlled`; nothing happens."""

    def burst(self, count: int) -> None:
        """See :class:`Controlled`; nothing happens."""


def control(host: Controlled, command: str, arguments: Mapping[str, str]) -> None:
    """Carry out a control request.

    ``disconnect`` (``reason``), ``faults`` (the keys of ``Faults:``; those left out are off),
    ``mute`` (``seconds``), ``burst`` (``count`` of ticks for each subscriber).

    :raises OptionError: for an unknown command or argument, as one line.
    """
    known = COMMANDS.get(command)
    if known is None:
        raise OptionError(f"{command!r} is no control request; known are {', '.join(COMMANDS)}")
    known(host, arguments)


def _disconnect(host: Controlled, arguments: Mapping[str, str]) -> None:
    reason = _number(arguments, "reason", REASONS[0])
    if reason not in REASONS:
        known = ", ".join(f"{known:#x}" for known in REASONS)
        raise OptionError(f"reason: {reason:#x} found, wanted one of {known}")
    host.hang_up(int(reason))


def _faults(host: Controlled, arguments: Mapping[str, str]) -> None:
    host.set_faults(read_faults(arguments))


def _mute(host: Controlled, arguments: Mapping[str, str]) -> None:
    host.mute(_number(arguments, "seconds", 10))


def _burst(host: Controlled, arguments: Mapping[str, str]) -> None:
    host.burst(_number(arguments, "count", 20_000))


COMMANDS: Final[Mapping[str, Callable[[Controlled, Mapping[str, str]], None]]] = {
    "disconnect": _disconnect,
    "faults": _faults,
    "mute": _mute,
    "burst": _burst,
}


def _number(arguments: Mapping[str, str], name: str, default: int) -> int:
    """The one argument a command takes: a whole number, decimal or with 0x."""
    strange = arguments.keys() - {name}
    if strange:
        raise OptionError(f"{min(strange)!r} is no argument here; {name} is")
    text = arguments.get(name, str(default))
    try:
        value = int(text, 0)
        if value < 0:
            raise ValueError
    except ValueError as problem:
        raise OptionError(f"{name}: {text!r} found, wanted a whole number") from problem
    return value

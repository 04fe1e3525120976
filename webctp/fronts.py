"""What stands behind the addresses of a configuration, by their scheme."""

import socket
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Final

from webctp import preflight
from webctp.config import Config, ConfigError, revealed
from webctp.ctp.addresses import is_native
from webctp.ctp.binding import Binding
from webctp.ctp.front import MarketFront, NativeFront

if TYPE_CHECKING:
    from webctp.sim import SimOptions

_PATIENCE: Final = 3.0
"""Seconds that a socket may take to accept a connection."""


FrontOf = Callable[[str, tuple[str, ...]], MarketFront]
"""Gives what stands behind the addresses of a key: ``("TdFrontAddress", ("sim://",))``."""


class Fronts:
    """What stands behind an address. One exchange for td and md alike."""

    def __init__(self, config: Config, binding: Binding) -> None:
        self._config = config
        self._binding = binding
        self._made: dict[str, MarketFront] = {}

    def of(self, key: str, addresses: tuple[str, ...]) -> MarketFront:
        """The front of addresses that share a scheme; ``key`` is where they are configured.

        :raises ConfigError: if it cannot be had.
        """
        native = is_native(addresses[0])
        kind = "native" if native else addresses[0]
        if kind not in self._made:
            self._made[kind] = (
                NativeFront(self._binding) if native else _simulated(key, kind, self._config)
            )
        return self._made[kind]


def check(key: str, address: str, config: Config) -> None:
    """Look whether a simulated front could be had; makes no file. Blocks on disk and socket.

    :raises ConfigError: if not.
    """
    front = _simulated(key, address, config, keeps=False)
    path = getattr(front, "path", None)  # of a front in another process
    if path is not None:
        try:
            with socket.socket(socket.AF_UNIX) as line:
                line.settimeout(_PATIENCE)
                line.connect(path)
        except OSError as problem:
            reason = problem.strerror or problem
            raise ConfigError(
                f"{key}: {path}: {reason}; start the exchange: python -m webctp sim {path}", (key,)
            ) from None


def _simulated(key: str, address: str, config: Config, *, keeps: bool = True) -> MarketFront:
    # Imported only where it is asked for: its market is a good part of the daemon's memory.
    from webctp import sim
    from webctp.recording.errors import TickFileError
    from webctp.sim.replay.front import ReplayFront, ReplayOptions

    # WeakPassword and AuthCode are read as secrets; the simulated exchange's are options of it.
    base = revealed(config.sim)
    try:
        match address.partition("://")[0]:
            case "sim+unix":
                # Sim has no effect there, but a mistake in it is one all the same.
                sim.SimOptions.from_mapping(base)
                return sim.RemoteFront(address)
            case "replay":
                return ReplayFront(ReplayOptions.from_address(address, base))
            case _:
                options = sim.SimOptions.from_address(address, base)
                if not keeps:
                    options = _without_new_state(options)
                return sim.SimulatedFront(options)
    except sim.OptionError as problem:
        if problem.keys:
            raise ConfigError(str(problem), ("Sim", *problem.keys)) from problem
        raise ConfigError(f"{key}: {problem}", (key,)) from problem
    except (sim.StateError, TickFileError) as problem:
        raise ConfigError(f"{key}: {problem}", (key,)) from problem


def _without_new_state(options: "SimOptions") -> "SimOptions":
    """The same options, but that no state file is made where there is none.

    :raises OptionError: if none could be.
    """
    from webctp.sim import OptionError

    if not options.state_path or Path(options.state_path).exists():
        return options
    trouble = preflight.record_trouble(str(Path(options.state_path).absolute().parent))
    if trouble:
        raise OptionError(f"Sim.StatePath: {trouble}", ("StatePath",))
    return replace(options, state_path="")

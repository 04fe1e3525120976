"""What stands behind the addresses of a configuration, by their scheme."""

import socket
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from webctp import preflight
from webctp.bus.feed import bus_feeds
from webctp.bus.front import BusFront
from webctp.bus.redis.address import address_of
from webctp.config import Config, ConfigError, revealed
from webctp.config.bus import BusConfig
from webctp.config.market import MarketSettings
from webctp.ctp import addresses as native
from webctp.ctp import binding
from webctp.ctp.front import MarketFront, NativeFront
from webctp.language.text import english, reason_of
from webctp.recording.recorder import Record
from webctp.upstream.market.ctpfeed import ctp_feeds
from webctp.upstream.market.source import FeedListener, TickSource
from webctp.upstream.session.apiqueue import ApiQueue

if TYPE_CHECKING:
    from webctp.sim import SimOptions

_PATIENCE: Final = 3.0
"""Seconds that a socket may take to accept a connection."""


FrontOf = Callable[[str, tuple[str, ...]], MarketFront]
"""Gives what stands behind the addresses of a key: ``("TdFrontAddress", ("sim://",))``."""


class Place(NamedTuple):
    """An address, the key it is configured under, and what else decides on its front.

    ``keeps`` says whether the front may make files (a state that outlives the process).
    """

    key: str
    address: str
    config: Config
    keeps: bool = True


@dataclass(frozen=True, slots=True)
class Scheme:
    """What stands behind the addresses of one scheme.

    ``front`` makes the front; all addresses share one where it is ``is_single``. ``sources``
    makes what brings its market data to the hub: see :data:`MakeSources`, whose argument comes
    last.

    :raises ConfigError: from ``front``, if it cannot be had.
    """

    front: Callable[[Place], MarketFront]
    is_single: bool = False
    sources: Callable[
        [Any, ApiQueue, MarketFront, MarketSettings, Record | None, FeedListener],
        Sequence[TickSource],
    ] = ctp_feeds


class Fronts:
    """What stands behind an address. One exchange for td and md alike."""

    def __init__(self, config: Config) -> None:
        self._config = config
        self._made: dict[Scheme | str, MarketFront] = {}

    def of(self, key: str, addresses: tuple[str, ...]) -> MarketFront:
        """Return the front of addresses that share a scheme; ``key`` is where they are configured.

        :raises ConfigError: if it cannot be had.
        """
        address = addresses[0]
        scheme = scheme_of(address)
        kind = scheme if scheme.is_single else address
        if kind not in self._made:
            self._made[kind] = scheme.front(Place(key, address, self._config))
        return self._made[kind]


def scheme_of(address: str) -> Scheme:
    """Return what an address's scheme stands for; the configuration has checked that it is one."""
    return SCHEMES[address.partition("://")[0]]


def is_paper(addresses: Sequence[str]) -> bool:
    """Return whether accounts on paper stand behind addresses, traded at the daemon's own data."""
    return any(one.startswith("paper://") for one in addresses)


def check(key: str, address: str, config: Config) -> None:
    """Look whether a simulated front could be had; makes no file. Blocks on disk and socket.

    :raises ConfigError: if not.
    """
    front = scheme_of(address).front(Place(key, address, config, keeps=False))
    path = getattr(front, "path", None)  # of a front in another process
    if path is not None:
        try:
            with socket.socket(socket.AF_UNIX) as line:
                line.settimeout(_PATIENCE)
                line.connect(path)
        except OSError as problem:
            reason = problem.strerror or problem
            raise ConfigError(
                english(
                    "{key}: {path}: {reason}; start the exchange: python -m webctp sim {path}",
                    key=key,
                    path=path,
                    reason=reason,
                ),
                (key,),
            ) from None


def _native(place: Place) -> MarketFront:
    return NativeFront(binding.load(place.config.binding))


def _bus(place: Place) -> MarketFront:
    config = place.config
    for address in config.md_front_address:
        try:
            address_of(address)
        except ValueError as problem:
            told = english(
                "{where}: {address}: {problem}",
                where=place.key,
                address=address,
                problem=reason_of(problem),
            )
            raise ConfigError(told, (place.key,)) from None
    settings = BusConfig() if config.bus is None else config.bus
    return BusFront(binding.load(config.binding), settings, config.bus_password)


def _simulated(place: Place) -> MarketFront:
    # Imported only where it is asked for: its market is a good part of the daemon's memory.
    from webctp import sim
    from webctp.recording.errors import TickFileError
    from webctp.sim.paper import front as paper
    from webctp.sim.replay.front import ReplayFront, ReplayOptions

    key, address = place.key, place.address
    # WeakPassword and AuthCode are read as secrets; the simulated exchange's are options of it.
    base = revealed(place.config.sim)
    try:
        match address.partition("://")[0]:
            case "sim+unix":
                # Sim has no effect there, but a mistake in it is one all the same.
                sim.SimOptions.from_mapping(base)
                return sim.RemoteFront(address)
            case "paper":
                # A real market closes: what rests then must not meet its last book.
                real = any(map(native.is_native, place.config.md_front_address))
                options = paper.options_of(address, base, keeps_hours=real)
                return paper.PaperFront(options if place.keeps else _without_new_state(options))
            case "replay":
                return ReplayFront(ReplayOptions.from_address(address, base))
            case _:
                options = sim.SimOptions.from_address(address, base)
                if not place.keeps:
                    options = _without_new_state(options)
                return sim.SimulatedFront(options)
    except sim.OptionError as problem:
        if problem.keys:
            raise ConfigError(reason_of(problem), ("Sim", *problem.keys)) from problem
        raise ConfigError(
            english("{where}: {problem}", where=key, problem=problem), (key,)
        ) from problem
    except (sim.StateError, TickFileError) as problem:
        raise ConfigError(
            english("{where}: {problem}", where=key, problem=problem), (key,)
        ) from problem


def _without_new_state(options: "SimOptions") -> "SimOptions":
    """Return the same options, but that no state file is made where there is none.

    :raises OptionError: if none could be.
    """
    from webctp.sim import OptionError

    if not options.state_path or Path(options.state_path).exists():
        return options
    trouble = preflight.record_trouble(str(Path(options.state_path).absolute().parent))
    if trouble:
        raise OptionError(
            english("{where}: {problem}", where="Sim.StatePath", problem=trouble), ("StatePath",)
        )
    return replace(options, state_path="")


SCHEMES: Final[Mapping[str, Scheme]] = {
    **dict.fromkeys(
        (scheme.removesuffix("://") for scheme in native.SCHEMES), Scheme(_native, is_single=True)
    ),
    **dict.fromkeys(("sim", "sim+unix", "replay", "paper"), Scheme(_simulated)),
    **dict.fromkeys(
        ("redis", "rediss", "redis+unix", "redis+sentinel"),
        Scheme(_bus, is_single=True, sources=bus_feeds),
    ),
}
"""Every scheme that an address of a front may have."""

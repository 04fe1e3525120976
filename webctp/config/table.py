"""The configuration: all its keys together, each with what it accepts, default and meaning."""

import dataclasses
from dataclasses import dataclass
from typing import Any

from webctp.config.fronts import FrontKeys
from webctp.config.market import MarketKeys
from webctp.config.process import ProcessKeys
from webctp.config.sections import Key
from webctp.config.serving import ConnectionLimits, Limits, ServingKeys, WebSocketOptions
from webctp.config.trading import TradingKeys


@dataclass(frozen=True, kw_only=True)
class Config(
    ProcessKeys,
    Limits,
    ConnectionLimits,
    WebSocketOptions,
    ServingKeys,
    MarketKeys,
    TradingKeys,
    FrontKeys,
):
    """Everything a configuration file says, checked and typed.

    Each base holds the keys of one subject; where a room has settings, the base is these settings,
    and the room is given the configuration itself. Documents list the keys from the last base to
    the first.
    """


def keys(section: type[Any] = Config) -> tuple[Key, ...]:
    """Return the table of keys of the file, or of the section whose dataclass is given."""
    return tuple(
        Key(attribute=entry.name, default=_default(entry), **entry.metadata)
        for entry in dataclasses.fields(section)
    )


def _default(entry: "dataclasses.Field[Any]") -> Any:
    """Return what stands for a key that is left out; MISSING for one that must not be."""
    made = entry.default_factory
    return entry.default if made is dataclasses.MISSING else made()

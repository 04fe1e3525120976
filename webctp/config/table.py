"""The configuration: all its keys together, each with what it accepts, default and meaning."""

import dataclasses
from dataclasses import dataclass
from typing import Any

from webctp.config.bus import BusSettings
from webctp.config.fronts import FrontSettings
from webctp.config.market import MarketSettings
from webctp.config.process import ProcessSettings
from webctp.config.sections import Key
from webctp.config.serving import ConnectionLimits, Limits, ServingSettings, WebSocketOptions
from webctp.config.trading import TradingSettings


@dataclass(frozen=True, kw_only=True)
class Config(
    ProcessSettings,
    Limits,
    ConnectionLimits,
    WebSocketOptions,
    ServingSettings,
    BusSettings,
    MarketSettings,
    TradingSettings,
    FrontSettings,
):
    """Everything a configuration file says, checked and typed.

    Each base is a section: the keys of one subject, and the settings of the rooms that use them.
    A room names the section that it needs and is given the configuration itself, so that nothing
    is copied. Bases, and not attributes: keys such as BrokerID belong to trading and market data
    alike, and are there once. Documents list the keys from the last base to the first.
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

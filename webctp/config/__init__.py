"""The configuration: a YAML file in, one checked and frozen `Config` out.

Values are read as text and converted by their key, never by their looks: an unquoted
`AuthCode: 0000000000000000` stays sixteen zeros. A key left empty (`Host:`) counts as left out, but
for those that would then serve or keep something else than they look like (`TLS:`, `Listen:`).
Paths are relative to the directory the gateway is started from, as in the original webctp.

`Config` is itself the table of keys; `keys()` reads it back, for documents and tests.
"""

import dataclasses
import difflib
import os
from collections.abc import Mapping
from typing import Any

from webctp.config.file import ConfigError, Section, Tree, located, read, revealed, shown
from webctp.config.kinds import APP_TYPE, MAPPING, PORT, Kind
from webctp.config.sections import (
    AccessConfig,
    HistoryConfig,
    JournalConfig,
    Key,
    RecordConfig,
    Tls,
)
from webctp.config.table import Config, keys
from webctp.language.environment import spoken
from webctp.language.text import LANGUAGES, Language, Text, english, verbatim

__all__ = [
    "AccessConfig",
    "Config",
    "ConfigError",
    "HistoryConfig",
    "JournalConfig",
    "Key",
    "Kind",
    "RecordConfig",
    "Section",
    "Tls",
    "Tree",
    "keys",
    "language_of",
    "load",
    "located",
    "revealed",
]


def load(path: str, app_type: str | None = None, port: str | None = None) -> Config:
    """Read the configuration file at `path`; `app_type` and `port` win over AppType and Port.

    Raises ConfigError with one line when anything is not as it should be.
    """
    given = _attributes(path, Config, read(path), "")
    if app_type is not None:
        given["app_type"] = _read("--app-type", APP_TYPE, app_type)
    if port is not None:
        if "listen" in given:
            raise ConfigError(
                english(
                    "{path}: Listen: found beside --port, wanted only one of the two（Listen 与 "
                    "--port 只能二选一）",
                    path=path,
                )
            )
        given["port"] = _read("--port", PORT, port)
    given.setdefault("con_file_path", os.path.abspath(Config.con_file_path))
    config = Config(**given)
    _check_fronts(path, config)
    _check_redundancy(path, config)
    _check_listen(path, given)
    _check_history(path, config)
    return config


def language_of(path: str) -> Language:
    """Return the language in which a mistake in a file is told.

    Its own ``Language`` where that can be read, else that of the environment.
    """
    try:
        asked = read(path).get("Language")
    except ConfigError:
        asked = None
    return next((one for one in LANGUAGES if one == asked), spoken())


def _attributes(path: str, target: type[Any], section: Section, prefix: str) -> dict[str, Any]:
    """Return the attributes that a section of the file gives to its dataclass."""
    table = {key.name: key for key in keys(target)}
    given: dict[str, Any] = {}
    for name, value in section.items():
        where = f"{path}:{section.line(name)}: {prefix}{name}"
        if name not in table:
            raise _unknown(f"{path}:{section.line(name)}", prefix, name, tuple(table))
        key = table[name]
        if value is None and not key.kind.null and not key.kind.filled:
            continue
        given[key.attribute] = _read(where, key.kind, value)
        if key.kind.section is not None:
            below = _attributes(path, key.kind.section, given[key.attribute], f"{prefix}{name}.")
            given[key.attribute] = key.kind.section(**below)
        elif key.kind.each is not None:
            given[key.attribute] = _each(path, key.kind.each, given[key.attribute], prefix + name)
    for key in table.values():
        if key.default is dataclasses.MISSING and key.attribute not in given:
            where = f"{path}:{section.line(key.name)}: {prefix}{key.name}"
            raise ConfigError(_mismatch(where, english("nothing"), key.kind))
    return given


def _each(path: str, target: type[Any], section: Section, prefix: str) -> dict[str, Any]:
    """Return what a section gives whose keys are names of their own, each a section."""
    found = {}
    for name, value in section.items():
        where = f"{path}:{section.line(name)}: {prefix}.{name}"
        below = _read(where, MAPPING, value)
        found[name] = target(**_attributes(path, target, below, f"{prefix}.{name}."))
    return found


def _read(where: str, kind: Kind, value: Tree) -> Any:
    try:
        return kind.read(value)
    except ValueError:
        raise ConfigError(_mismatch(where, shown(value), kind)) from None


def _mismatch(where: str, found: str, kind: Kind) -> Text:
    return english(
        "{where}: found {found}, wanted {en}（应为{zh}）",
        where=where,
        found=found,
        en=kind.en,
        zh=kind.zh,
    )


def _unknown(where: str, prefix: str, name: str, table: tuple[str, ...]) -> ConfigError:
    """Return the refusal of a key that is none, naming the nearest one that is."""
    name = name[:60]
    known = {key.lower(): key for key in table}
    near = difflib.get_close_matches(name.lower(), known, n=1)
    # WebSocketPort, as the first versions of the original had it, holds the name it has today.
    near = near or [key for key in known if key in name.lower()]
    wanted = verbatim(prefix + known[near[0]] if near else "")
    if not near:
        wanted = english("one of {listed}", listed=", ".join(table))
    return ConfigError(
        english(
            "{where}: {prefix}{name}: found an unknown key, wanted {wanted}（未知的键）",
            where=where,
            prefix=prefix,
            name=name,
            wanted=wanted,
        )
    )


def _check_fronts(path: str, config: Config) -> None:
    """Refuse a configuration that names no front for what it serves."""
    for key in keys():
        needed = {"td_front_address": config.serves_td, "md_front_address": config.serves_md}
        if needed.get(key.attribute) and not getattr(config, key.attribute):
            found = english("nothing while {app_type} is served", app_type=config.app_type)
            raise ConfigError(_mismatch(f"{path}: {key.name}", found, key.kind))
    if config.serves_md and any(one.startswith("ssl://") for one in config.md_front_address):
        # Tried with 6.7.11: SIGSEGV as soon as the front has accepted the connection.
        raise ConfigError(
            english(
                "{path}: MdFrontAddress: found ssl://, wanted tcp://, tcp6:// or fens://: CTP's "
                "market-data library ends the process over ssl://（CTP 行情库不支持 ssl://，会使进程崩溃）",
                path=path,
            )
        )


def _check_redundancy(path: str, config: Config) -> None:
    """Refuse a hot spare that there is none of."""
    if config.md_redundancy and config.serves_md and len(config.md_front_address) < 2:
        raise ConfigError(
            english(
                "{path}: MdRedundancy: found true with {count} address in MdFrontAddress, wanted "
                "two or more（MdFrontAddress 应有两个以上地址）",
                path=path,
                count=len(config.md_front_address),
            )
        )


def _check_history(path: str, config: Config) -> None:
    """Refuse a history of more instruments than anybody may be subscribed to."""
    named = len(config.history.instruments) if config.history is not None else 0
    if 0 < config.max_instruments < named:
        raise ConfigError(
            english(
                "{path}: History.Instruments: found {named}, wanted at most MaxInstruments, "
                "{most}（不应多于 MaxInstruments）",
                path=path,
                named=named,
                most=config.max_instruments,
            )
        )


def _check_listen(path: str, given: Mapping[str, Any]) -> None:
    """Refuse two answers to the question where to listen: one of them would be ignored."""
    others = [key.name for key in keys() if key.attribute in given.keys() & {"host", "port", "tls"}]
    if "listen" in given and others:
        raise ConfigError(
            english(
                "{path}: Listen: found beside {en}, wanted only one of the two（Listen 与 "
                "{zh} 只能二选一）",
                path=path,
                en=", ".join(others),
                zh="、".join(others),
            )
        )

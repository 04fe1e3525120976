"""From what a file and the other sources say to a checked `Config`, with all that is wrong."""

import dataclasses
import difflib
import os
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Final
from urllib.parse import unquote

from webctp.config.file import ConfigError, Origin, Section, Source, Tree, read, shown
from webctp.config.kinds import APP_TYPE, MAPPING, PORT, Kind
from webctp.config.sections import Key
from webctp.config.sources import everything
from webctp.config.table import Config, keys
from webctp.language.text import Text, english, verbatim
from webctp.secret import Secret

_LONGEST_SOCKET: Final = 107
"""Bytes of a Unix socket's path, on Linux: the kernel has 108, and the last is 0."""


@dataclass(frozen=True, slots=True)
class Found:
    """A key with its value, and where that comes from.

    :ivar name: with the keys above it: ``TLS.CertFile``.
    :ivar value: as the configuration holds it; below ``Sim`` as it is stated.
    """

    name: str
    value: Any
    origin: Origin


class Reading:
    """Read a configuration, and keep what is wrong with it.

    :ivar problems: everything, not the first only.
    :ivar found: every key, once it was read.
    """

    def __init__(self, path: str, app_type: str | None = None, port: str | None = None) -> None:
        self.path = path
        self.problems: list[ConfigError] = []
        self.found: list[Found] = []
        self.config: Config | None = None
        try:
            section = everything(path, read(path), self.problems)
        except ConfigError as problem:
            self.problems.append(problem)
            return
        given = self._attributes(Config, section, "")
        self._by_command_line(given, app_type, port)
        if self.problems:
            return
        given.setdefault("con_file_path", os.path.abspath(Config.con_file_path))
        config = Config(**given)
        for check in _CHECKS:
            try:
                check(path, config, given)
            except ConfigError as problem:
                self.problems.append(problem)
        if not self.problems:
            self.config = config

    def _by_command_line(
        self, given: dict[str, Any], app_type: str | None, port: str | None
    ) -> None:
        """Put what the command line says in the file's place."""
        for attribute, kind, option, value in (
            ("app_type", APP_TYPE, "--app-type", app_type),
            ("port", PORT, "--port", port),
        ):
            if value is None:
                continue
            try:
                given[attribute] = read_value(option, kind, value)
            except ConfigError as problem:
                self.problems.append(problem)
                continue
            (key,) = (one for one in keys() if one.attribute == attribute)
            origin = Origin(Source.COMMAND_LINE, option)
            found = Found(key.name, given[attribute], origin)
            self.found = [found if one.name == key.name else one for one in self.found]
        if port is not None and "listen" in given:
            self.problems.append(
                ConfigError(
                    english(
                        "{path}: Listen: found beside --port, wanted only one of the two（Listen "
                        "与 --port 只能二选一）",
                        path=self.path,
                    )
                )
            )

    def _attributes(self, target: type[Any], section: Section, prefix: str) -> dict[str, Any]:
        """Return the attributes that a section gives to its dataclass."""
        table = {key.name: key for key in keys(target)}
        given: dict[str, Any] = {}
        below: dict[str, list[Found]] = {}
        before = self.found
        for name, value in section.items():
            place = section.origin(self.path, name).place
            if name not in table:
                self.problems.append(_unknown(place, prefix, name, tuple(table)))
                continue
            key = table[name]
            if value is None and not key.kind.null and not key.kind.filled:
                continue
            self.found = below[name] = []
            try:
                given[key.attribute] = self._value(key, f"{place}: {prefix}{name}", value, prefix)
            except ConfigError as problem:
                self.problems.append(problem)
        self.found = before
        for key in table.values():
            self._note(key, section, prefix, given)
            self.found += below.get(key.name, ())
        return given

    def _note(self, key: Key, section: Section, prefix: str, given: Mapping[str, Any]) -> None:
        """Note a key's value, or its default, or that it must not be missing."""
        if key.attribute in given:
            origin = section.origin(self.path, key.name)
            self.found.append(Found(prefix + key.name, given[key.attribute], origin))
        elif section.get(key.name) is not None:
            pass  # what is wrong with it is among the problems
        elif key.default is dataclasses.MISSING:
            where = f"{section.origin(self.path, key.name).place}: {prefix}{key.name}"
            self.problems.append(ConfigError(mismatch(where, english("nothing"), key.kind)))
        else:
            self.found.append(Found(prefix + key.name, key.default, Origin(Source.DEFAULT)))

    def _value(self, key: Key, where: str, value: Tree, prefix: str) -> Any:
        """Read the value of a key, and of those below it."""
        found = read_value(where, key.kind, value)
        name = prefix + key.name
        if key.kind.section is not None:
            before = len(self.problems)
            below = self._attributes(key.kind.section, found, f"{name}.")
            # What cannot be made of it has its problem already.
            return key.kind.section(**below) if len(self.problems) == before else None
        if key.kind.each is not None:
            return self._each(key.kind.each, found, name)
        if key.kind is MAPPING:
            self._free(found, name)
        return found

    def _each(self, target: type[Any], section: Section, prefix: str) -> dict[str, Any]:
        """Return what a section gives whose keys are names of their own, each a section."""
        made = {}
        for name, value in section.items():
            where = f"{section.origin(self.path, name).place}: {prefix}.{name}"
            try:
                below = read_value(where, MAPPING, value)
            except ConfigError as problem:
                self.problems.append(problem)
                continue
            before = len(self.problems)
            noted = len(self.found)
            attributes = self._attributes(target, below, f"{prefix}.{name}.")
            stated = (one for one in self.found[noted:] if one.origin.source is not Source.DEFAULT)
            self.found[noted:] = list(stated)  # the defaults here are the limits above
            if len(self.problems) == before:
                made[name] = target(**attributes)
        return made

    def _free(self, section: Section, prefix: str) -> None:
        """Note what a section states that others read."""
        for name, value in section.items():
            if isinstance(value, Section):
                self._free(value, f"{prefix}.{name}")
            else:
                origin = section.origin(self.path, name)
                self.found.append(Found(f"{prefix}.{name}", value, origin))


def read_value(where: str, kind: Kind, value: Tree) -> Any:
    """Return a value as its kind reads it.

    :raises ConfigError: if it is something else.
    """
    try:
        return kind.read(value)
    except ValueError:
        raise ConfigError(mismatch(where, shown(value), kind)) from None


def mismatch(where: str, found: str, kind: Kind) -> Text:
    """Return what is said of a value that is not of its kind."""
    return english(
        "{where}: found {found}, wanted {en}（应为{zh}）",
        where=where,
        found=found,
        en=kind.en,
        zh=kind.zh,
    )


def is_secret(value: object) -> bool:
    """Return whether a value is shown as set or unset only."""
    return isinstance(value, Secret)


def _unknown(where: str, prefix: str, name: str, table: tuple[str, ...]) -> ConfigError:
    """Return the refusal of a key that is none, naming the nearest one that is."""
    name = name[:60]
    known = {key.lower(): key for key in table}
    # WebSocketPort, as the first versions of the original had it, ends in the name it has today.
    near = [key for key in known if name.lower().endswith(key)]
    near = near or difflib.get_close_matches(name.lower(), known, n=1)
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


def _check_fronts(path: str, config: Config, _: Mapping[str, Any]) -> None:
    """Refuse a configuration that names no front for what it serves."""
    for key in keys():
        needed = {"td_front_address": config.serves_td, "md_front_address": config.serves_md}
        if needed.get(key.attribute) and not getattr(config, key.attribute):
            found = english("nothing while {app_type} is served", app_type=config.app_type)
            raise ConfigError(mismatch(f"{path}: {key.name}", found, key.kind))
    if config.serves_md and any(one.startswith("ssl://") for one in config.md_front_address):
        # Tried with 6.7.11: SIGSEGV as soon as the front has accepted the connection.
        raise ConfigError(
            english(
                "{path}: MdFrontAddress: found ssl://, wanted tcp://, tcp6:// or fens://: CTP's "
                "market-data library ends the process over ssl://（CTP 行情库不支持 ssl://，会使进程崩溃）",
                path=path,
            )
        )


def _check_paper(path: str, config: Config, _: Mapping[str, Any]) -> None:
    """Refuse accounts on paper without the market data that they are traded at."""
    if config.serves_md and any(map(_is_paper, config.md_front_address)):
        raise ConfigError(
            english(
                "{path}: MdFrontAddress: found paper://, wanted a front with market data: paper:// "
                "is for TdFrontAddress（paper:// 仅用于 TdFrontAddress）",
                path=path,
            )
        )
    if config.serves_td and any(map(_is_paper, config.td_front_address)) and not config.serves_md:
        raise ConfigError(
            english(
                "{path}: TdFrontAddress: found paper:// without market data, wanted AppType: both "
                "and MdFrontAddress: orders on paper meet the prices of this daemon's market data"
                "（paper:// 须有 AppType: both 与 MdFrontAddress）",
                path=path,
            )
        )


def _check_bus(path: str, config: Config, _: Mapping[str, Any]) -> None:
    """Refuse a bus that leads nowhere, or from nothing, and trading over one."""
    if config.serves_td and any(map(_is_bus, config.td_front_address)):
        raise ConfigError(
            english(
                "{path}: TdFrontAddress: found redis, wanted a trading front: orders never go "
                "through the bus（报单不经过总线）",
                path=path,
            )
        )
    bus = config.bus
    if bus is None or not bus.publish:
        return
    if not bus.url:
        raise ConfigError(
            english(
                "{path}: Bus.Publish: found true without Bus.Url, wanted where Redis is"
                "（须有 Bus.Url）",
                path=path,
            )
        )
    if not config.serves_md:
        raise ConfigError(
            english(
                "{path}: Bus.Publish: found true without market data, wanted AppType: md or both"
                "（须提供行情服务）",
                path=path,
            )
        )


def _is_bus(address: str) -> bool:
    return address.startswith("redis")


def _is_paper(address: str) -> bool:
    return address.startswith("paper://")


def _check_redundancy(path: str, config: Config, _: Mapping[str, Any]) -> None:
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


def _check_history(path: str, config: Config, _: Mapping[str, Any]) -> None:
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


def _check_listen(path: str, config: Config, given: Mapping[str, Any]) -> None:
    """Refuse two answers to the question where to listen: one of them would be ignored.

    ``TLS`` is used beside ``Listen`` where an endpoint is ``tls:``.
    """
    ignored = {"host", "port", "reuse_port", "tls"}
    if any(one.startswith("tls:") for one in (*config.listen, *config.metrics_listen)):
        ignored.remove("tls")
    others = [key.name for key in keys() if key.attribute in given.keys() & ignored]
    if "listen" in given and others == ["TLS"]:
        raise ConfigError(
            english(
                "{path}: Listen: found beside TLS, wanted only one of the two, or an endpoint that "
                "uses TLS, such as tls:tcp:8443（Listen 与 TLS 只能二选一，除非其中有 "
                "tls:tcp:8443 之类的 endpoint）",
                path=path,
            )
        )
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


def _check_sockets(path: str, config: Config, _: Mapping[str, Any]) -> None:
    """Refuse paths of Unix sockets that no system has room for."""
    named = {
        "TdFrontAddress": config.td_front_address,
        "MdFrontAddress": config.md_front_address,
        "Bus.Url": () if config.bus is None else (config.bus.url,),
        "Listen": config.listen,
        "MetricsListen": config.metrics_listen,
        "AdminListen": config.admin_listen or (),
    }
    for key, values in named.items():
        length = max((len(os.fsencode(_socket_of(one))) for one in values), default=0)
        if length > _LONGEST_SOCKET:
            raise ConfigError(
                english(
                    "{path}: {key}: found the path of a Unix socket with {length} bytes, wanted "
                    "{most} at most（Unix 套接字的路径至多 {most} 字节）",
                    path=path,
                    key=key,
                    length=length,
                    most=_LONGEST_SOCKET,
                ),
                tuple(key.split(".")),
            )


def _socket_of(text: str) -> str:
    """Return the path of the Unix socket that an address or an endpoint names; empty for none."""
    scheme, _, rest = text.partition("://")
    if scheme in ("redis+unix", "sim+unix"):
        return unquote(rest.partition("?")[0])
    words = re.split(r"(?<!\\):", text)  # a backslash makes a colon part of its word
    while words and words[0] in ("haproxy", "tls"):
        words = words[1:]
    if words[:1] != ["unix"]:
        return ""
    given = [one.removeprefix("address=") for one in words[1:] if one.startswith("address=")]
    return re.sub(r"\\(.)", r"\1", next(iter(given or words[1:]), ""))


_CHECKS: tuple[Callable[[str, Config, Mapping[str, Any]], None], ...] = (
    _check_fronts,
    _check_paper,
    _check_redundancy,
    _check_bus,
    _check_listen,
    _check_history,
    _check_sockets,
)
"""What is looked at in a configuration whose keys are right one by one."""

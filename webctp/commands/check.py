"""`python -m webctp check FILE`: say what a configuration means, and all that is wrong with it.

Exit code 0 where a gateway would start with it, 1 where not, 2 for a wrong call.
"""

import argparse
import json
import re
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final

from webctp import fronts, preflight
from webctp.commands.terminal import printable, table
from webctp.config import Config, ConfigError, Section, language_of, located
from webctp.config.file import Source
from webctp.config.reading import Found, Reading
from webctp.config.sources import strangers
from webctp.ctp import binding
from webctp.ctp.addresses import is_native
from webctp.ctp.locale import LocaleError
from webctp.ctp.runtime import BindingError
from webctp.gateway.access.tokens.file import TokenFileError, read_tokens
from webctp.gateway.http.tls import TlsError
from webctp.language.text import Language, Text, english, reason_of, said
from webctp.listening import certificate_of, comes_from_systemd, server_endpoint
from webctp.secret import Secret
from webctp.start import exposures, idle_sim, open_to_all
from webctp.upstream.market.instrumentsfile import InstrumentsFileError, instruments_in

_IN_ADDRESS: Final = re.compile(r"((?:authcode|password|secret|token)s?=)[^&\s]+", re.IGNORECASE)
_WIDEST: Final = 48
"""Columns of a value in the table for people."""
_SOURCES: Final[Mapping[Source, Callable[[str], Text]]] = {
    Source.COMMAND_LINE: lambda place: english("command line {place}", place=place),
    Source.ENVIRONMENT: lambda place: english("environment {place}", place=place),
    Source.CREDENTIAL: lambda place: english("credential {place}", place=place),
    Source.SECRET_FILE: lambda place: english("secret file, {place}", place=place),
    Source.FILE: lambda place: english("file {place}", place=place),
    Source.DEFAULT: lambda _: english("default"),
}


@dataclass
class Meaning:
    """What a configuration means.

    :ivar found: every key; as far as they could be read where something is wrong.
    """

    path: str
    found: list[Found]
    errors: list[Text] = field(default_factory=list)
    warnings: list[Text] = field(default_factory=list)

    def as_json(self, language: Language) -> dict[str, Any]:
        """Return it for programs."""
        return {
            "file": self.path,
            "ok": not self.errors,
            "keys": [_told(one) for one in self.found],
            "errors": [one.in_language(language) for one in self.errors],
            "warnings": [one.in_language(language) for one in self.warnings],
        }


def main(argv: Sequence[str]) -> int:
    """Run the command; see the exit codes above."""
    arguments = _parser().parse_args(argv)
    language = language_of(arguments.file)
    meaning = meaning_of(arguments.file, arguments.app_type, arguments.port)
    if hasattr(sys.stdout, "reconfigure"):
        sys.stdout.reconfigure(errors="replace")
    if arguments.json:
        print(json.dumps(meaning.as_json(language), ensure_ascii=False))
    else:
        print(*_shown(meaning, language), sep="\n")
    return 1 if meaning.errors else 0


def meaning_of(path: str, app_type: str | None = None, port: str | None = None) -> Meaning:
    """Read a configuration, and look at what it names. Makes and changes nothing."""
    reading = Reading(path, app_type, port)
    meaning = Meaning(path, reading.found, [reason_of(one) for one in reading.problems])
    meaning.warnings += [
        english("{variable} is no key of the configuration", variable=one) for one in strangers()
    ]
    if reading.config is not None:
        meaning.warnings += [one.line for one in exposures(path, reading.config)]
        unheeded = idle_sim(reading.config)
        if unheeded is not None:
            meaning.warnings.append(unheeded)
        open_ports = open_to_all(reading.config)
        if open_ports is not None:
            meaning.warnings.append(open_ports.line)
        for look in _LOOKS:
            try:
                meaning.warnings += look(reading.config)
            except ConfigError as problem:
                meaning.errors.append(located(path, problem))
    return meaning


def _values(config: Config) -> Iterator[Text]:
    """Hold what logins carry against CTP's fields."""
    try:
        loaded = binding.load(config.binding)
    except LocaleError as problem:
        raise ConfigError(reason_of(problem)) from problem
    except BindingError as problem:
        raise _at("Binding", problem) from problem
    preflight.check_values(config, loaded.trading_codec)
    yield from ()


def _flow(config: Config) -> Iterator[Text]:
    return _place("ConFilePath", preflight.record_trouble(config.con_file_path))


def _journal(config: Config) -> Iterator[Text]:
    if config.journal is not None and config.serves_td:
        yield from _place("Journal.Path", preflight.journal_trouble(config.journal.path))


def _audit(config: Config) -> Iterator[Text]:
    if config.audit_log is not None:
        yield from _place("AuditLog.Path", preflight.audit_trouble(config.audit_log.path))


def _recordings(config: Config) -> Iterator[Text]:
    if config.record is not None and config.serves_md:
        yield from _place("Record.Path", preflight.record_trouble(config.record.path))


def _place(key: str, trouble: Text) -> Iterator[Text]:
    if trouble:
        raise _at(key, trouble)
    yield from ()


def _certificate(config: Config) -> Iterator[Text]:
    try:
        made = certificate_of(config)
    except TlsError as problem:
        raise _at("TLS", problem) from problem
    if made is not None and made.validity.expires_soon(datetime.now(UTC)):
        yield english("TLS: the certificate expires soon: {ends}", ends=made.validity.ends)


def _endpoints(config: Config) -> Iterator[Text]:
    from twisted.internet import reactor

    broken = False
    certificate = None
    try:
        certificate = certificate_of(config)
    except TlsError:
        broken = True  # _certificate says so
    for key, named in (
        ("Listen", config.listen),
        ("MetricsListen", config.metrics_listen),
        ("AdminListen", config.admin_listen or ()),
    ):
        for one in named:
            if not comes_from_systemd(one) and not (broken and one.startswith("tls:")):
                server_endpoint(reactor, one, key, certificate)
    yield from ()


def _tokens(config: Config) -> Iterator[Text]:
    if config.access is None:
        return
    try:
        if not read_tokens(Path(config.access.tokens)):
            path = config.access.tokens
            yield english("{path} has no token: nobody is let in", path=path)
    except TokenFileError as problem:
        raise _at("Access.Tokens", problem) from problem


def _instruments(config: Config) -> Iterator[Text]:
    if config.instruments_file is not None:
        try:
            instruments_in(config.instruments_file)
        except InstrumentsFileError as problem:
            raise ConfigError(reason_of(problem), ("InstrumentsFile",)) from problem
    yield from ()


def _simulation(config: Config) -> Iterator[Text]:
    """Look whether the simulated fronts that are served could be had."""
    for serves, key, addresses in (
        (config.serves_td, "TdFrontAddress", config.td_front_address),
        (config.serves_md, "MdFrontAddress", config.md_front_address),
    ):
        if serves and not is_native(addresses[0]) and not addresses[0].startswith("sim+unix:"):
            try:
                fronts.check(key, addresses[0], config)
            except (LocaleError, BindingError):
                return  # said by _values already
    yield from ()


def _at(key: str, problem: BaseException | Text) -> ConfigError:
    told = english("{where}: {problem}", where=key, problem=problem)
    return ConfigError(told, tuple(key.split(".")))


_LOOKS: Final = (
    _values,
    _flow,
    _journal,
    _audit,
    _recordings,
    _certificate,
    _endpoints,
    _tokens,
    _instruments,
    _simulation,
)
"""What is looked at beyond the keys: each warns, or raises :class:`ConfigError`."""


def _told(one: Found) -> dict[str, Any]:
    told = {"key": one.name, "value": _plain(one.value), "source": one.origin.source.value}
    if one.origin.place:
        told["place"] = one.origin.place
    if isinstance(one.value, Secret):
        told["secret"] = True
    return told


def _plain(value: Any) -> Any:
    match value:
        case Secret():
            return "set" if value else "unset"
        case tuple():
            return [_plain(each) for each in value]
        case Section():
            return {}  # its keys follow
        case Mapping():
            return {name: each for name, each in value.items() if isinstance(each, str)}
        case str():
            return _IN_ADDRESS.sub(r"\1***", value)
        case None | int() | float():
            return value
        case _:
            return {}  # a section, whose keys follow


def _shown(meaning: Meaning, language: Language) -> Iterator[str]:
    """Yield the lines for people."""
    if meaning.found:
        head = (english("key"), english("value"), english("where it comes from"))
        rows = [[one.in_language(language) for one in head]]
        rows += [_row(one, language) for one in meaning.found]
        yield from table(rows)
        yield ""
    for what, listed in (
        (english("error"), meaning.errors),
        (english("warning"), meaning.warnings),
    ):
        for one in listed:
            yield f"{what.in_language(language)}: {printable(one.in_language(language))}"
    told = english(
        "{path}: {errors} errors, {warnings} warnings",
        path=meaning.path,
        errors=len(meaning.errors),
        warnings=len(meaning.warnings),
    )
    yield told.in_language(language)


def _row(one: Found, language: Language) -> list[str]:
    value = printable(str(said(_words(one.value), language)))
    if len(value) > _WIDEST:
        value = f"{value[: _WIDEST - 1]}…"
    origin = _SOURCES[one.origin.source](one.origin.place).in_language(language)
    return [printable(one.name), value, printable(origin)]


def _words(value: Any) -> str:
    match value:
        case Secret():
            return english("set") if value else english("unset")
        case None | "" | ():
            return "—"
        case bool():
            return str(value).lower()
        case float() if value.is_integer():
            return str(int(value))
        case tuple():
            return ", ".join(str(_plain(one)) for one in value)
        case Section():
            return ""
        case Mapping():
            return ", ".join(f"{name}: {one}" for name, one in _plain(value).items()) or "—"
        case str() | int() | float():
            return str(_plain(value))
        case _:
            return ""


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m webctp check",
        description="Say what a configuration means: every key, its value, where it comes from; "
        "and all that is wrong with it. "
        "说明配置文件的含义：各项的值及其来源，并列出全部错误与警告。",
    )
    parser.add_argument("file", metavar="FILE", help="the configuration file · 配置文件")
    parser.add_argument("-t", "--app-type", help="wins over AppType · 服务类型")
    parser.add_argument("-p", "--port", help="wins over Port · 监听端口")
    parser.add_argument("--json", action="store_true", help="as JSON · 以 JSON 输出")
    return parser

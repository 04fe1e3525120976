"""What the keys of the configuration accept: text in, a typed value or a ValueError out."""

import os
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal, cast, get_args

from webctp.config.file import Section, Tree
from webctp.secret import Secret

AppType = Literal["td", "md", "both"]
LogLevel = Literal["NOTSET", "DEBUG", "INFO", "WARN", "ERROR", "CRITICAL"]
LOG_LEVELS: tuple[LogLevel, ...] = get_args(LogLevel)

_NATIVE_FRONT = re.compile(
    r"(?:(?:tcp|ssl|fens)://[^\s/:\[\]]+|tcp6://[0-9A-Fa-f:.]*:[0-9A-Fa-f:.]+):([0-9]{1,5})"
)
_SIMULATED_FRONT = re.compile(r"(sim|sim\+unix|replay|paper)://.*")  # paths may hold spaces
_BUS = re.compile(r"(redis|rediss|redis\+unix|redis\+sentinel)://\S+")
_MOST_NAMED = 100
_COMPRESSIBLE = 64, 65_536
_FLAGS = {"true": True, "yes": True, "on": True, "false": False, "no": False, "off": False}


@dataclass(frozen=True)
class Kind:
    """What a key accepts: in words for whoever writes the file, and as a function.

    `read` takes the value as the file states it and returns it typed, or raises ValueError when
    it is something else. A key that holds keys of its own names their dataclass in `section`.
    """

    en: str
    zh: str
    read: Callable[[Tree], Any]
    null: bool = False  # null is a value here, and does not mean "left out"
    filled: bool = False  # left empty it is a mistake, and does not mean "left out"
    section: type[Any] | None = None
    each: type[Any] | None = None  # the dataclass of every section below, whatever its name


def _text(value: Tree) -> str:
    if not isinstance(value, str):
        raise ValueError
    return value


def matching(pattern: str) -> Callable[[Tree], str]:
    """Return what reads text that a pattern matches as a whole."""

    def read(value: Tree) -> str:
        if not re.fullmatch(pattern, _text(value)):
            raise ValueError
        return _text(value)

    return read


def _texts(value: Tree) -> tuple[str, ...]:
    found = tuple(map(_text, value if isinstance(value, tuple) else (value,)))
    if not all(found) or not found:
        raise ValueError
    return found


def _endpoints_or_off(value: Tree) -> tuple[str, ...] | None:
    return None if value == "off" else _texts(value)


def _bytes_or_off(value: Tree) -> int | None:
    return None if value == "off" else whole(*_COMPRESSIBLE).read(value)


def _instruments(value: Tree) -> tuple[str, ...]:
    found = _texts(value)
    if len(found) > _MOST_NAMED or any(re.search(r"\s|,", one) or len(one) > 80 for one in found):
        raise ValueError
    return tuple(dict.fromkeys(found))


def _periods(value: Tree) -> tuple[str, ...]:
    found = _texts(value)
    if not all(re.fullmatch(r"[1-9][0-9]{0,2}[mh]|1d", one) for one in found):
        raise ValueError
    return tuple(dict.fromkeys(found))


def _fronts(value: Tree) -> tuple[str, ...]:
    found = _texts(value)
    if len(found) == 1 and _SIMULATED_FRONT.fullmatch(found[0]):
        return found
    if all(map(_BUS.fullmatch, found)):
        return found
    for address in found:
        parts = _NATIVE_FRONT.fullmatch(address)
        if parts is None or not 0 < int(parts[1]) < 65536:
            raise ValueError
    return found


def _secret(value: Tree) -> Secret:
    if not isinstance(value, Secret):
        raise ValueError
    return value


def _flag(value: Tree) -> bool:
    word = _text(value).lower()
    if word not in _FLAGS:
        raise ValueError
    return _FLAGS[word]


def _price(value: Tree) -> int | None:
    if value not in (None, "0"):
        raise ValueError
    return None if value is None else 0


def _log_level(value: Tree) -> LogLevel:
    word = _text(value).upper().replace("WARNING", "WARN")
    if word not in LOG_LEVELS:
        raise ValueError
    return word


_ROOM = re.compile(r"[A-Za-z_]\w*(\.[A-Za-z_]\w*)*", re.ASCII)
_OWN = Path(__file__).resolve().parent.parent


def _log_levels(value: Tree) -> Mapping[str, LogLevel]:
    """Read levels of rooms: of ours those that there are, of other libraries whatever is named.

    Autobahn's lines hold whole messages, and so passwords: they have no level of their own.
    """
    found = {}
    for room, level in section_of(value).items():
        if not _ROOM.fullmatch(room) or room.split(".")[0] == "autobahn":
            raise ValueError
        if room.split(".")[0] == "webctp":
            place = _OWN.joinpath(*room.split(".")[1:])
            if not place.is_dir() and not place.with_suffix(".py").is_file():
                raise ValueError
        found[room] = _log_level(level)
    return found


def _host(value: Tree) -> str:
    """Read a host; an IPv6 address may stand in brackets, as in an address with a port."""
    host = matching(r"[^\s/]+")(value)
    bracketed = re.fullmatch(r"\[(.*:.*)\]", host)
    return bracketed[1] if bracketed else host


def _origins(value: Tree) -> tuple[str, ...]:
    """Read web pages' origins; null is a word here, quoted or not."""
    listed = value if isinstance(value, tuple) else (value,)
    found = _texts(tuple("null" if one is None else one for one in listed))
    if not all(re.fullmatch(r"\*|null|[a-z*][a-z+.*-]*://[^\s/]+", one) for one in found):
        raise ValueError
    return found


def _app_type(value: Tree) -> AppType:
    if value not in ("td", "md", "both"):
        raise ValueError
    return cast(AppType, value)


def _path(value: Tree, fits: Callable[[str], bool]) -> str:
    if not _text(value) or "\0" in _text(value):
        raise ValueError
    path = os.path.abspath(_text(value))
    if not fits(path):
        raise ValueError
    return path


def _folder(value: Tree) -> str:
    return _path(value, lambda path: os.path.isdir(path) or not os.path.lexists(path))


def _file(value: Tree) -> str:
    return _path(value, lambda path: os.path.isfile(path) and os.access(path, os.R_OK))


def _token_file(value: Tree) -> str:
    """Read a path that the file's reader takes for a secret, as its key speaks of tokens."""
    path = value.reveal() if isinstance(value, Secret) else value
    return _path(path, lambda path: not os.path.isdir(path))


def section_of(value: Tree) -> Section:
    """Return the value as the mapping it must be."""
    if not isinstance(value, Section):
        raise ValueError
    return value


def whole(low: int, high: int) -> Kind:
    """Return the kind of a whole number within bounds that are both allowed."""

    def read(value: Tree) -> int:
        if not re.fullmatch("[0-9]{1,18}", _text(value)) or not low <= int(_text(value)) <= high:
            raise ValueError
        return int(_text(value))

    return Kind(f"a whole number from {low} to {high}", f" {low} 至 {high} 的整数", read)


def seconds(high: int, *, zero: bool = False) -> Kind:
    """Return the kind of a length of time: a float of seconds; zero where it means "none"."""

    def read(value: Tree) -> float:
        if not re.fullmatch(r"[0-9]{1,18}(\.[0-9]{1,18})?", _text(value)):
            raise ValueError
        length = float(_text(value))
        if length > high or (length == 0 and not zero):
            raise ValueError
        return length

    if zero:
        return Kind(f"seconds, from 0 to {high}", f"秒数，0 至 {high}", read)
    return Kind(f"seconds, more than 0 and at most {high}", f"秒数，大于 0 且不超过 {high}", read)


def choice(*words: str) -> Kind:
    """Return the kind of one of a few words."""

    def read(value: Tree) -> str:
        if value not in words:
            raise ValueError
        return _text(value)

    return Kind(f"one of {', '.join(words)}", f" {'、'.join(words)} 之一", read)


TEXT = Kind("text", "文本", _text)
SECRET = Kind("text", "文本", _secret)
HOST = Kind("a host name or an address", "主机名或地址", _host)
FLAG = Kind("true or false", " true 或 false", _flag)
PRICE = Kind("0 or null", " 0 或 null", _price, null=True)
FOLDER = Kind("the path of a directory", "目录路径", _folder)
FILE = Kind("the path of a file that can be read", "可读文件的路径", _file)
TOKEN_FILE = Kind("the path of a file", "文件路径", _token_file, filled=True)
MAPPING = Kind("keys and values of its own", "下一级的键值", section_of)
APP_TYPE = Kind("td, md or both", " td、md 或 both", _app_type)
LOG_LEVEL = Kind(f"one of {', '.join(LOG_LEVELS)}", f" {'、'.join(LOG_LEVELS)} 之一", _log_level)
LOG_LEVELS_OF_ROOMS = Kind(
    "rooms such as webctp.upstream (but not autobahn), each with a level as for LogLevel",
    " webctp.upstream 之类的模块名（autobahn 除外），各有一个级别，取值同 LogLevel",
    _log_levels,
)
ORIGINS = Kind(
    "an origin such as https://example.com:8443, with * for any text, or null, or a list of them",
    " https://example.com:8443 之类的来源（* 代表任意文字）、null，或其列表",
    _origins,
    filled=True,
)
INSTRUMENTS = Kind(
    f'an instrument, a pattern such as "rb????", or a list of at most {_MOST_NAMED} of them',
    f'合约、"rb????" 之类的通配，或至多 {_MOST_NAMED} 个的列表',
    _instruments,
)
PERIODS = Kind(
    "a period such as 1m, 15m, 2h or 1d, or a list of them",
    " 1m、15m、2h、1d 之类的周期，或其列表",
    _periods,
)
PORT = whole(0, 65535)
ENDPOINTS = Kind(
    "a Twisted endpoint such as tcp:8080:interface=127.0.0.1, or a list of them",
    " Twisted endpoint（如 tcp:8080:interface=127.0.0.1）或其列表",
    _texts,
    filled=True,
)
ENDPOINTS_OR_OFF = Kind(
    "off, a Twisted endpoint such as unix:/run/webctp/admin.sock, or a list of them",
    " off、Twisted endpoint（如 unix:/run/webctp/admin.sock）或其列表",
    _endpoints_or_off,
    filled=True,
)
BYTES_OR_OFF = Kind(
    f"off, or a whole number from {_COMPRESSIBLE[0]} to {_COMPRESSIBLE[1]}",
    f" off 或 {_COMPRESSIBLE[0]} 至 {_COMPRESSIBLE[1]} 的整数",
    _bytes_or_off,
)
FRONTS = Kind(
    "tcp://HOST:PORT, ssl://HOST:PORT, tcp6://ADDRESS:PORT (no brackets) or fens://HOST:PORT "
    "(a name server), one or a list, or sim://, sim+unix://PATH, replay://FILE, paper:// "
    "(trading), redis://HOST",
    " tcp://主机:端口、ssl://主机:端口、tcp6://地址:端口（不加方括号）或 "
    "fens://主机:端口（名字服务器），一个或列表，"
    "或 sim://、sim+unix://路径、replay://文件、paper://（交易）、redis://主机",
    _fronts,
)

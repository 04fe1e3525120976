"""`python -m webctp token`: add, list, revoke and rotate tokens.

A token is shown once, when it is made: the file has its hash only. A gateway that runs reads the
file within seconds of each change.
"""

import argparse
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final

import msgspec

from webctp.commands.moments import moment_of, span_of
from webctp.commands.terminal import table
from webctp.config import ConfigError, language_of, load
from webctp.gateway.access.principal import PrincipalLimits, Scope
from webctp.gateway.access.tokens.file import TokenFileError, editing, read_tokens, read_uses
from webctp.gateway.access.tokens.record import Token, hash_of, new_token, utc
from webctp.language.environment import spoken
from webctp.language.text import english, reason_of
from webctp.secret import Secret, holds_token

_LIMITS: Final = {
    "connections": "connections at one time · 同时打开的连接数",
    "requests": "messages a second · 每秒消息数",
    "orders": "inserts a second; cancellations pass · 每秒报单数（撤单不计）",
    "subscriptions": "instruments subscribed to at one time · 同时订阅的合约数",
    "sessions": "sessions with fronts at one time · 同时的 CTP 会话数",
    "in_flight": "queries that wait for their answers · 同时等待应答的查询数",
    "message_bytes": "bytes of a message, 4096 at least · 单条消息的字节数，至少 4096",
    "nesting": "levels of a message, 4 at least · 消息的嵌套层数，至少 4",
    "login_seconds": "seconds without a login · 可不登录的秒数",
    "held_bytes": "bytes that may wait for a client that does not read, 65536 at least · "
    "客户端不读取时为其保留的字节数，至少 65536",
}


def main(argv: Sequence[str]) -> int:
    """Run the command; return 0, or 1 if the file cannot be used or the change makes no sense."""
    arguments = _parser().parse_args(argv)
    try:
        COMMANDS[arguments.command][0](_path(arguments), arguments)
    except (ConfigError, TokenFileError, ValueError) as problem:
        language = spoken() if arguments.config is None else language_of(arguments.config)
        print(f"webctp token: {reason_of(problem).in_language(language)}", file=sys.stderr)
        return 1
    return 0


def _path(arguments: argparse.Namespace) -> Path:
    """Find the file of tokens.

    :raises ConfigError: if the configuration cannot be read, or names none.
    """
    if arguments.path is not None:
        return Path(arguments.path).absolute()
    access = load(arguments.config).access
    if access is None:
        raise ConfigError(
            english(
                "{path}: no Access.Tokens is configured（未配置 Access.Tokens）",
                path=arguments.config,
            )
        )
    return Path(access.tokens)


def _add(path: Path, arguments: argparse.Namespace) -> None:
    token = None if arguments.certificate else new_token()
    entry = Token(
        name=arguments.name,
        sha256="" if token is None else hash_of(token),
        scopes=tuple(dict.fromkeys(map(Scope, arguments.scope))),
        accounts=tuple(arguments.account),
        instruments=tuple(arguments.instrument),
        networks=tuple(arguments.network),
        limits=PrincipalLimits(**{name: getattr(arguments, name) for name in _LIMITS}),
        created=utc(time.time()),
        expires=arguments.expires,
    )
    with editing(path) as tokens:
        if any(one.name == entry.name for one in tokens):
            raise ValueError(
                english("{name} is there already; revoke it, or rotate its token", name=entry.name)
            )
        tokens.append(entry)
    print(f"{entry.name}: added to {path} · 已添加", file=sys.stderr)
    _show(token)


def _rotate(path: Path, arguments: argparse.Namespace) -> None:
    token = new_token()
    with editing(path) as tokens:
        at = _find(tokens, arguments.name)
        expires = tokens[at].expires if arguments.expires is None else arguments.expires
        tokens[at] = msgspec.structs.replace(
            tokens[at], sha256=hash_of(token), created=utc(time.time()), expires=expires
        )
    print(
        f"{arguments.name}: the token before is worth nothing any more · 原令牌已失效",
        file=sys.stderr,
    )
    _show(token)


def _revoke(path: Path, arguments: argparse.Namespace) -> None:
    with editing(path) as tokens:
        for name in arguments.names:
            del tokens[_find(tokens, name)]
    print(f"{', '.join(arguments.names)}: revoked · 已吊销", file=sys.stderr)


def _find(tokens: Sequence[Token], name: str) -> int:
    for at, one in enumerate(tokens):
        if one.name == name:
            return at
    known = ", ".join(one.name for one in tokens) or english("none")
    if holds_token(name):
        raise ValueError(
            english("a token stands where its name belongs; there are {known}", known=known)
        )
    raise ValueError(
        english("no token is called {name!a}; there are {known}", name=name, known=known)
    )


def _show(token: Secret | None) -> None:
    """Print a token, this once."""
    if token is not None:
        print("this is the token; it is shown once · 令牌只显示这一次:", file=sys.stderr)
        print(token.reveal())


def _list(path: Path, arguments: argparse.Namespace) -> None:
    tokens, uses = read_tokens(path), read_uses(path)
    if arguments.json:
        rows = [{**_public(one), "last_use": uses.get(one.name)} for one in tokens]
        print(msgspec.json.format(msgspec.json.encode(rows), indent=1).decode())
        return
    names = ("name", "scopes", "accounts", "instruments", "networks", "limits", "expires")
    lines: list[tuple[str, ...]] = [(*names, "last use")]
    for one in tokens:
        public = _public(one)
        cells = [_cell(public.get(name)) for name in names]
        if one.has_expired(time.time()):
            cells[-1] += " EXPIRED"
        lines.append((*cells, _cell(uses.get(one.name))))
    print(*table(lines), sep="\n")


def _public(token: Token) -> dict[str, Any]:
    """Return what may be shown of an entry: all but the hash."""
    found: dict[str, Any] = msgspec.to_builtins(token, builtin_types=(datetime,))
    if not found.pop("sha256", ""):
        found["name"] += " (certificate)"
    return found


def _cell(value: Any) -> str:
    match value:
        case None:
            return "-"
        case datetime():
            return f"{value.astimezone(UTC):%Y-%m-%d %H:%M}Z"
        case dict():
            return ",".join(f"{name}={one}" for name, one in value.items()) or "-"
        case list() | tuple():
            return ",".join(map(str, value)) or "-"
        case _:
            return str(value)


def _moment(text: str) -> datetime:
    """Read an end: a date (its first moment, UTC), a moment with its zone, ``30d`` or ``12h``."""
    try:
        lasts = span_of(text)
        return moment_of(text) if lasts is None else utc(time.time()) + lasts
    except (ValueError, OverflowError):
        raise argparse.ArgumentTypeError(
            f"{text!r} is no end such as 2027-01-31, 30d or 12h（应为日期、30d 或 12h）"
        ) from None


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m webctp token",
        description="Manage the tokens by which callers are known. 管理访问令牌。",
    )
    commands = parser.add_subparsers(dest="command", required=True, metavar="COMMAND")
    for name, (_, help_text) in COMMANDS.items():
        command = commands.add_parser(name, help=help_text, description=help_text)
        place = command.add_mutually_exclusive_group(required=True)
        place.add_argument(
            "-c", "--config", help="the configuration, whose Access.Tokens it is · 配置文件"
        )
        place.add_argument("--path", help="the file of tokens itself · 令牌文件")
        _ARGUMENTS[name](command)
    return parser


def _name(command: argparse.ArgumentParser) -> None:
    command.add_argument("name", help="whose token it is · 名称")


def _expires(command: argparse.ArgumentParser) -> None:
    command.add_argument(
        "--expires",
        type=_moment,
        metavar="END",
        help="a date (UTC), 30d or 12h; without it the token does not expire · 有效期至",
    )


def _add_arguments(command: argparse.ArgumentParser) -> None:
    _name(command)
    command.add_argument(
        "--scope",
        action="append",
        required=True,
        choices=[str(one) for one in Scope],
        help="what it is for; may be given again · 用途，可重复",
    )
    for option, text in (
        ("account", "UserID or BrokerID:UserID that may be logged in to, * for any text · 账户"),
        ("instrument", "instruments to subscribe to and to trade, as rb* or IF???? · 合约"),
        ("network", "where it may be shown: 10.0.0.0/8, ::1, unix · 来源网段"),
    ):
        command.add_argument(
            f"--{option}",
            action="append",
            default=[],
            metavar="X",
            help=f"{text}; may be given again, without it any · 可重复，不给则不限",
        )
    for limit, text in _LIMITS.items():
        command.add_argument(
            f"--{limit.replace('_', '-')}",
            type=int,
            default=0,
            metavar="N",
            help=f"{text}; 0 for any number",
        )
    command.add_argument(
        "--certificate",
        action="store_true",
        help="without a token: known by a client certificate whose common name is NAME · "
        "仅以客户端证书识别",
    )
    _expires(command)


def _rotate_arguments(command: argparse.ArgumentParser) -> None:
    _name(command)
    _expires(command)


def _revoke_arguments(command: argparse.ArgumentParser) -> None:
    command.add_argument("names", nargs="+", metavar="NAME", help="whose tokens · 名称")


def _list_arguments(command: argparse.ArgumentParser) -> None:
    command.add_argument("--json", action="store_true", help="as JSON · 以 JSON 输出")


Command = Callable[[Path, argparse.Namespace], None]
COMMANDS: Final[Mapping[str, tuple[Command, str]]] = {
    "add": (_add, "make a token, and show it once · 新建令牌，仅显示一次"),
    "list": (_list, "the tokens, and when each was last shown · 列出令牌与最近使用时间"),
    "revoke": (_revoke, "end tokens, and the connections that have shown them · 吊销令牌"),
    "rotate": (_rotate, "give a principal another token; rights stay · 更换令牌，权限不变"),
}
_ARGUMENTS: Final[Mapping[str, Callable[[argparse.ArgumentParser], None]]] = {
    "add": _add_arguments,
    "list": _list_arguments,
    "revoke": _revoke_arguments,
    "rotate": _rotate_arguments,
}

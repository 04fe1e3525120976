"""`python -m webctp admin`: shows and ends what a running daemon has open, by its admin socket.

Exit code 0 if it is done, 1 if the daemon refuses it, 2 for a wrong call, 3 if no daemon answers.
"""

import argparse
import http.client
import json
import socket
import sys
from collections.abc import Callable, Mapping, Sequence
from typing import Any, Final
from urllib.parse import quote

from webctp.commands.terminal import printable, table
from webctp.config import Config, ConfigError, language_of, load
from webctp.language.environment import spoken
from webctp.language.text import Language, english, reason_of
from webctp.listening import unix_path
from webctp.serving.adminsocket import socket_path
from webctp.upstream.kill.halts import KillLevel

REFUSED: Final = 1
NOBODY: Final = 3
PATIENCE: Final = 10.0
"""Seconds that a daemon has to answer."""


class _SocketConnection(http.client.HTTPConnection):
    """HTTP over a Unix socket."""

    def __init__(self, path: str) -> None:
        super().__init__("localhost", timeout=PATIENCE)
        self._path = path

    def connect(self) -> None:
        """http.client's name for opening the connection."""
        self.sock = socket.socket(socket.AF_UNIX)
        self.sock.settimeout(PATIENCE)
        self.sock.connect(self._path)


def main(argv: Sequence[str]) -> int:
    """Run the command; see the exit codes above."""
    arguments = _parser().parse_args(argv)
    language = spoken() if arguments.config is None else language_of(arguments.config)
    try:
        path = arguments.path or path_of(load(arguments.config, arguments.app_type))
    except ConfigError as problem:
        print(f"webctp admin: {reason_of(problem).in_language(language)}", file=sys.stderr)
        return REFUSED
    method, where, body = _request(arguments)
    try:
        status, answer = ask(path, method, f"{where}?language={language}", body)
    except (OSError, http.client.HTTPException) as problem:
        told = english(
            "no daemon answers at {path}: {problem}; is it running, as this user or root?",
            path=path,
            problem=problem,
        )
        print(f"webctp admin: {told.in_language(language)}", file=sys.stderr)
        return NOBODY
    if status != http.client.OK:
        print(f"webctp admin: {answer.strip()}", file=sys.stderr)
        return REFUSED
    if arguments.json:
        print(answer.strip())
    else:
        _show(json.loads(answer), language)
    return 0


def path_of(config: Config) -> str:
    """Return the socket of a daemon.

    :raises webctp.config.ConfigError: if it has none.
    """
    if config.admin_listen is None:
        raise ConfigError(english("AdminListen is off; the daemon has no socket"), ("AdminListen",))
    if not config.admin_listen:
        return str(socket_path(config))
    for one in config.admin_listen:
        path = unix_path(one)
        if path is not None:
            return path
    raise ConfigError(
        english("AdminListen names no Unix socket; ask with curl and a token"), ("AdminListen",)
    )


def ask(path: str, method: str, where: str, body: Mapping[str, Any] | None) -> tuple[int, str]:
    """Ask a daemon by its Unix socket; return the status and the text of the answer.

    :raises OSError: if none answers.
    """
    connection = _SocketConnection(path)
    try:
        connection.request(method, where, None if body is None else json.dumps(body))
        answer = connection.getresponse()
        return answer.status, answer.read().decode("utf-8", "replace")
    finally:
        connection.close()


def _request(arguments: argparse.Namespace) -> tuple[str, str, dict[str, Any] | None]:
    """Return method, path and body of what is asked for."""
    match arguments.command:
        case "end":
            what = "sessions" if arguments.what == "session" else "clients"
            return "POST", f"/admin/{what}/{quote(arguments.which, safe=':')}/end", None
        case "kill" if arguments.level is not None:
            body = {"Level": arguments.level, "Reason": arguments.reason}
            if arguments.token is not None:
                body["Token"] = arguments.token
            if arguments.account is not None:
                body["BrokerID"], _, body["InvestorID"] = arguments.account.partition("/")
            return "POST", "/admin/kill", body
        case "drain":
            seconds = arguments.seconds
            return "POST", "/admin/drain", None if seconds is None else {"Seconds": seconds}
        case "reload":
            return "POST", "/admin/reload", None
        case command:
            return "GET", f"/admin/{command}", None


def _show(answer: Mapping[str, Any], language: Language) -> None:
    """Print what a daemon has answered, for the eye."""
    for name, value in answer.items():
        if len(answer) > 1:
            print(f"{name}:")
        match value:
            case []:
                print(english("none").in_language(language))
            case [str(), *_]:
                print(*map(printable, value), sep="\n")
            case list():
                _table(value)
            case dict():
                _table([value])
            case _:
                print(f"{name}: {value}")


def _table(rows: list[dict[str, Any]]) -> None:
    names = list(rows[0])
    lines = [names, *([_cell(row.get(name)) for name in names] for row in rows)]
    print(*table(lines), sep="\n")


def _cell(value: Any) -> str:
    match value:
        case None | "":
            text = "-"
        case bool():
            text = "yes" if value else "no"
        case dict():
            text = ",".join(f"{name}={one}" for name, one in value.items() if one) or "-"
        case list():
            text = ",".join(map(str, value)) or "-"
        case _:
            text = str(value)
    return printable(text)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m webctp admin",
        description="Show and end what a running daemon has open. "
        "查看并断开运行中网关的连接与会话。",
    )
    commands = parser.add_subparsers(dest="command", required=True, metavar="COMMAND")
    for name, (help_text, more) in _COMMANDS.items():
        command = commands.add_parser(name, help=help_text, description=help_text)
        place = command.add_mutually_exclusive_group(required=True)
        place.add_argument("-c", "--config", help="the daemon's configuration file · 配置文件")
        place.add_argument("--path", help="its admin socket · 管理套接字")
        command.add_argument(
            "-t", "--app-type", help="as the daemon was given it: td, md or both · 服务类型"
        )
        command.add_argument("--json", action="store_true", help="as JSON · 以 JSON 输出")
        more(command)
    return parser


def _nothing(command: argparse.ArgumentParser) -> None:
    pass


def _kill_arguments(command: argparse.ArgumentParser) -> None:
    command.add_argument(
        "level",
        nargs="?",
        choices=[*map(str, KillLevel), "none"],
        help="without one what is forbidden is shown · 不给则只查看",
    )
    whom = command.add_mutually_exclusive_group()
    whom.add_argument("--account", metavar="BROKERID/INVESTORID", help="this account only · 账户")
    whom.add_argument("--token", metavar="NAME", help="who shows this token · 令牌")
    command.add_argument("--reason", default="", help="shown to those concerned · 原因")


def _drain_arguments(command: argparse.ArgumentParser) -> None:
    command.add_argument(
        "--seconds", type=float, help="in place of DrainSeconds · 代替 DrainSeconds"
    )


def _end_arguments(command: argparse.ArgumentParser) -> None:
    command.add_argument("what", choices=("client", "session"), help="what to end · 断开什么")
    command.add_argument(
        "which", metavar="ID", help="id of a client, or BrokerID:UserID · 客户端编号或账户"
    )


_COMMANDS: Final[Mapping[str, tuple[str, Callable[[argparse.ArgumentParser], None]]]] = {
    "clients": ("who is connected · 列出客户端", _nothing),
    "sessions": ("sessions with the front · 列出交易会话", _nothing),
    "limits": ("limits, and how much of them is used · 列出限制与用量", _nothing),
    "tokens": ("what is in use of each token · 列出令牌的用量", _nothing),
    "log": ("the last lines of the log · 日志的最后若干行", _nothing),
    "reload": (
        "read the configuration again, as at SIGHUP · 重新读取配置，同 SIGHUP",
        _nothing,
    ),
    "kill": ("show the kill switch, set it, lift it · 查看、设置、解除交易限制", _kill_arguments),
    "drain": (
        "end the daemon: clients are told, orders go on for DrainSeconds · "
        "结束网关：告知客户端，报单继续 DrainSeconds 秒",
        _drain_arguments,
    ),
    "end": ("end a client or a session · 断开客户端或会话", _end_arguments),
}

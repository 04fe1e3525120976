"""`python -m webctp audit`: show who did what, when, from where.

Times are UTC, as in the file. A line that cannot be read is said on standard error.
"""

import argparse
import os
import sys
from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, datetime
from fnmatch import fnmatchcase
from pathlib import Path
from typing import Any, Final

import msgspec

from webctp.commands.moments import moment_of, span_of
from webctp.commands.terminal import printable
from webctp.config import ConfigError, load
from webctp.gateway.access.audit import Act, put_aside
from webctp.language.text import english
from webctp.upstream.decoding import NOT_JSON

_COLUMNS: Final = ("time", "act", "who", "address", "account")
_FILTERS: Final = {
    "who": "a principal · 客户身份",
    "act": f"what was done · 行为: {', '.join(Act)}",
    "account": "BrokerID:UserID · 账户",
    "address": "where from · 来源地址",
}


def main(argv: Sequence[str]) -> int:
    """Show the lines that are chosen; return 0, or 1 if there is no audit log."""
    arguments = _parser().parse_args(argv)
    try:
        path = _path(arguments)
        count = 0
        for line in _chosen(path, arguments):
            count += 1
            print(line.rstrip() if arguments.json else _row(msgspec.json.decode(line)))
        sys.stdout.flush()
        if not count:
            print("webctp audit: no line matches（没有符合的记录）", file=sys.stderr)
    except (ConfigError, OSError) as problem:
        print(f"webctp audit: {problem}", file=sys.stderr)
        return 1
    except BrokenPipeError:
        # `| head` has seen enough; what is buffered still must go somewhere at the end.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    return 0


def _path(arguments: argparse.Namespace) -> Path:
    """Find the file.

    :raises ConfigError: if the configuration cannot be read, or keeps no audit log.
    """
    if arguments.path is not None:
        return Path(arguments.path)
    kept = load(arguments.config).audit_log
    if kept is None:
        raise ConfigError(
            english("{config}: no AuditLog is configured", config=arguments.config), ("AuditLog",)
        )
    return Path(kept.path)


def _chosen(path: Path, arguments: argparse.Namespace) -> Iterator[str]:
    """Give the lines that the filters let through, oldest first.

    :raises OSError: if there is no file.
    """
    files = put_aside(path)
    if path.exists() or not files:
        files.append(path)
    for file in files:
        with file.open(encoding="utf-8", errors="replace") as lines:
            for number, line in enumerate(lines, start=1):
                try:
                    told = msgspec.json.decode(line, type=dict[str, Any])
                except NOT_JSON as problem:
                    print(f"webctp audit: {file}:{number}: {problem}", file=sys.stderr)
                    continue
                if _is_chosen(told, arguments):
                    yield line


def _is_chosen(told: Mapping[str, Any], arguments: argparse.Namespace) -> bool:
    when = str(told.get("time", ""))
    if arguments.since and when < arguments.since:
        return False
    if arguments.until and when >= arguments.until:
        return False
    return all(
        not wanted or any(fnmatchcase(str(told.get(name, "")), one) for one in wanted)
        for name in _FILTERS
        if (wanted := getattr(arguments, name)) is not None
    )


def _row(told: dict[str, Any]) -> str:
    """Return a line for the eye."""
    start = [str(told.pop(name, "") or "-") for name in _COLUMNS]
    rest = " ".join(f"{name}={value}" for name, value in told.items())
    text = f"{start[0]:27}  {start[1]:8} {start[2]:16} {start[3]:15} {start[4]:18} {rest}"
    return printable(text)


def _moment(text: str) -> str:
    """Read a moment: a date or a time (UTC where it names no zone), or ``30m``, ``2h``, ``7d`` ago.

    :raises argparse.ArgumentTypeError: if it is none, or lies beyond every calendar.
    """
    try:
        ago = span_of(text)
        moment = moment_of(text) if ago is None else datetime.now(UTC) - ago
    except (ValueError, OverflowError):
        raise argparse.ArgumentTypeError(
            f"{text!r} is no moment such as 2026-11-27, 2026-11-27T09:00, 30m or 2h（应为时刻）"
        ) from None
    return f"{moment:%Y-%m-%dT%H:%M:%S}"


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m webctp audit",
        description="Show the audit log; times are UTC. 查看审计日志，时间为 UTC。",
    )
    place = parser.add_mutually_exclusive_group(required=True)
    place.add_argument("-c", "--config", help="the configuration, whose AuditLog it is · 配置文件")
    place.add_argument("--path", help="the file itself · 审计日志文件")
    for name, text in _FILTERS.items():
        parser.add_argument(
            f"--{name}",
            action="append",
            default=[],
            metavar="X",
            choices=[str(one) for one in Act] if name == "act" else None,
            help=f"{text}; * for any text, may be given again · 可用 *，可重复",
        )
    for name, text in (("since", "from then on · 起"), ("until", "before then · 止")):
        parser.add_argument(
            f"--{name}", type=_moment, metavar="T", help=f"{text}: a date, a time, 30m, 2h or 7d"
        )
    parser.add_argument("--json", action="store_true", help="the lines as they are · 原样输出")
    return parser

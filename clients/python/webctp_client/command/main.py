"""The command line: any request, live quotes, recordings, exports.

The address, user and password stand in options, or in ``WEBCTP_URL``, ``WEBCTP_USER``,
``WEBCTP_PASSWORD`` and ``WEBCTP_TOKEN``; secrets are better there, for options are seen by all.
"""

from __future__ import annotations

import argparse
import io
import os
import sys
from collections.abc import Sequence
from typing import Any, Final

import webctp_client
from webctp_client.assistant.tools import Scope
from webctp_client.command import asked, quotes, terminal
from webctp_client.command.terminal import Missing
from webctp_client.errors import Overflow, WebctpError

URL: Final = "ws://127.0.0.1:8080"
_EPILOG: Final = """\
examples 例:
  webctp-client call ReqQryInstrument ProductID=rb
  webctp-client call QryInstruments Text=lwg --json
  webctp-client --user demo call ReqQryTradingAccount
  webctp-client watch rb2605 au2606
  webctp-client record "rb*" --output ticks.jsonl --seconds 60
  webctp-client --user demo desk "rb*" @au
  webctp-client --user demo mcp
  webctp-client --user demo export ReqQryTrade --output trades.csv
"""


def main(argv: Sequence[str] | None = None) -> int:
    """Run a command; return the exit code: 1 for what the gateway refused, 2 for a wrong option."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            # A file or a pipe is written in the system's encoding, which on Windows, or in the
            # locale C, may have no Chinese.
            stream.reconfigure(errors="backslashreplace")
    options = _parser().parse_args(argv)
    try:
        with options.connect(
            options.url,
            options.user,
            os.environ.get("WEBCTP_PASSWORD", "") if options.password is None else options.password,
            token=options.token or os.environ.get("WEBCTP_TOKEN"),
            ca_file=options.ca,
            portfolio=options.portfolio and options.user is not None,
        ) as client:
            code: int = options.run(client, options)
            return code
    except (WebctpError, Overflow, ValueError, OSError, Missing) as problem:
        print(f"webctp-client: {problem}", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        return 130


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        "webctp-client",
        description="Ask a gateway, watch and record quotes. 查询网关、查看与录制行情。",
        epilog=_EPILOG,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.set_defaults(connect=webctp_client.connect, portfolio=False)
    parser.add_argument("--version", action="version", version=webctp_client.VERSION)
    parser.add_argument(
        "--url",
        default=os.environ.get("WEBCTP_URL", URL),
        help=f"the gateway 网关地址 ($WEBCTP_URL, {URL})",
    )
    parser.add_argument(
        "--user", default=os.environ.get("WEBCTP_USER"), help="UserID 用户 ($WEBCTP_USER)"
    )
    parser.add_argument("--password", help="better 建议用 $WEBCTP_PASSWORD")
    parser.add_argument("--token", help="better 建议用 $WEBCTP_TOKEN")
    parser.add_argument(
        "--ca",
        metavar="FILE",
        default=os.environ.get("WEBCTP_CA"),
        help="certificates to trust on wss:// 所信任的证书 ($WEBCTP_CA)",
    )
    commands = parser.add_subparsers(title="commands 命令", required=True, metavar="COMMAND")
    _add_call(commands)
    _add_watch(commands)
    _add_record(commands)
    _add_export(commands)
    _add_desk(commands)
    _add_mcp(commands)
    return parser


def _add_mcp(commands: Any) -> None:
    one = commands.add_parser("mcp", help="serve an assistant 供智能助手使用（MCP）")
    one.add_argument(
        "--scope",
        choices=[scope.value for scope in Scope],
        default=Scope.SIM_READ.value,
        help="sim-…: the simulated exchange only; …trade: may trade 仅模拟；可交易",
    )
    one.add_argument(
        "--most-lots", type=int, default=1, help="of an order, with a trade scope 每笔最多手数"
    )
    one.set_defaults(run=terminal.mcp, connect=terminal.alone)


def _add_desk(commands: Any) -> None:
    one = commands.add_parser("desk", help="trade in the terminal 终端交易台（需 Textual）")
    one.add_argument("instruments", nargs="*", help="such as rb2605, 'rb*', @rb")
    one.add_argument("--language", choices=("zh", "en"), help="by default $LANG's 语言")
    one.set_defaults(run=terminal.desk, connect=terminal.alone, portfolio=True)


def _add_call(commands: Any) -> None:
    one = commands.add_parser("call", help="send a request 发送任一请求")
    one.add_argument("request", help="its name, such as ReqQryInstrument 请求名")
    one.add_argument("fields", nargs="*", metavar="FIELD=VALUE", help="its fields 字段")
    one.add_argument("--json", action="store_true", help="a line of JSON for each row")
    one.add_argument("--columns", help="names, with commas between 要显示的列")
    one.set_defaults(run=asked.call)


def _add_watch(commands: Any) -> None:
    one = commands.add_parser("watch", help="show live quotes 显示实时行情")
    one.add_argument("instruments", nargs="+", help="such as rb2605, 'rb*', @rb")
    one.add_argument("--count", type=int, help="end after so many 显示这么多笔后结束")
    one.add_argument("--json", action="store_true", help="a line of JSON for each tick")
    one.set_defaults(run=quotes.watch)


def _add_record(commands: Any) -> None:
    one = commands.add_parser("record", help="write ticks to a file 录制行情到文件")
    one.add_argument("instruments", nargs="+", help="such as rb2605, 'rb*', @rb")
    one.add_argument("--output", required=True, help="FILE.csv or FILE.jsonl, written anew")
    one.add_argument("--count", type=int, help="end after so many ticks 录制这么多笔后结束")
    one.add_argument("--seconds", type=float, help="end after so many seconds 录制这么多秒后结束")
    one.set_defaults(run=quotes.record)


def _add_export(commands: Any) -> None:
    one = commands.add_parser("export", help="write a query's rows to a file 导出查询结果")
    one.add_argument("request", help="a query, such as ReqQryTrade 查询请求名")
    one.add_argument("fields", nargs="*", metavar="FIELD=VALUE", help="its fields 字段")
    one.add_argument("--output", required=True, help="FILE.csv or FILE.jsonl, written anew")
    one.set_defaults(run=asked.export)

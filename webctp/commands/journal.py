"""`python -m webctp journal`: reads the journal that a daemon keeps, also while it keeps it.

`list` shows records for the eye, `orders` and `trades` the orders' last states and the trades,
`export` everything as CSV (UTF-8, to standard output). Times are China Standard Time.
"""

import argparse
import csv
import os
import sqlite3
import sys
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import date, datetime, timedelta, timezone
from pathlib import Path
from typing import Any, Final, TextIO

import msgspec

from webctp.commands.terminal import printable, table
from webctp.config import ConfigError, language_of, load
from webctp.language.environment import spoken
from webctp.language.text import Language, Text, english, reason_of
from webctp.storage.versions import DAMAGED
from webctp.upstream.decoding import NOT_JSON
from webctp.upstream.journal.reader import FILTERS, Reader
from webctp.upstream.journal.store import Type
from webctp.upstream.orders.client_order import JournalBroken

Row = sqlite3.Row
Line = tuple[str, ...]

_CHINA: Final = timezone(timedelta(hours=8))
_INSERT: Final = "OrderInsert"
_CLIENT_ORDER: Final = "ClientOrderID"

_FILTER_HELP: Final = {
    "day": "a trading day, as in 20240102 · 交易日",
    "user": "a UserID · 用户代码",
    "client_order_id": "a ClientOrderID · 客户自定报单号",
    "type": f"what it is of · 记录类型: {', '.join(Type)}",
    "instrument": "an InstrumentID · 合约代码",
    "order_sys_id": "an OrderSysID · 交易所报单编号",
}
_NUMBERS: Final = frozenset({"id", "time", "front_id", "session_id", "code"})
"""Columns of numbers; the others are texts."""
_OPTIONAL: Final = frozenset({"code", "body"})
_ORDER_KEY: Final = (
    "trading_day",
    "broker_id",
    "user_id",
    "front_id",
    "session_id",
    "order_ref",
)
_ASKED_BY: Final = ("OrderRef", "InstrumentID", "Direction", "VolumeTotalOriginal")
"""Fields by which an order and the request for it are known to be one."""
_ORDER_FIELDS: Final = (
    "TradingDay",
    "InsertTime",
    "InvestorID",
    "ExchangeID",
    "InstrumentID",
    "OrderSysID",
    "FrontID",
    "SessionID",
    "OrderRef",
    "Direction",
    "CombOffsetFlag",
    "LimitPrice",
    "VolumeTotalOriginal",
    "VolumeTraded",
    "OrderStatus",
    "StatusMsg",
)
_TRADE_FIELDS: Final = (
    "TradingDay",
    "TradeTime",
    "InvestorID",
    "ExchangeID",
    "InstrumentID",
    "TradeID",
    "OrderSysID",
    "OrderRef",
    "Direction",
    "OffsetFlag",
    "Price",
    "Volume",
)


_OFFSETS: Final = {
    "0": "Open",
    "1": "Close",
    "2": "ForceClose",
    "3": "CloseToday",
    "4": "CloseYesterday",
    "5": "ForceOff",
    "6": "LocalForceClose",
}
WORDS: Final[Mapping[str, Mapping[str, str]]] = {
    "Direction": {"0": "Buy", "1": "Sell"},
    "CombOffsetFlag": _OFFSETS,
    "OffsetFlag": _OFFSETS,
    "OrderStatus": {
        "0": "AllTraded",
        "1": "PartTradedQueueing",
        "2": "PartTradedNotQueueing",
        "3": "NoTradeQueueing",
        "4": "NoTradeNotQueueing",
        "5": "Canceled",
        "a": "Unknown",
        "b": "NotTouched",
        "c": "Touched",
    },
}
"""CTP's names of values, for the eye. The binding could tell them, but is not loaded here."""
CHINESE: Final[Mapping[str, str]] = {
    "Buy": "买",
    "Sell": "卖",
    "Open": "开仓",
    "Close": "平仓",
    "ForceClose": "强平",
    "CloseToday": "平今",
    "CloseYesterday": "平昨",
    "ForceOff": "强减",
    "LocalForceClose": "本地强平",
    "AllTraded": "全部成交",
    "PartTradedQueueing": "部分成交还在队列中",
    "PartTradedNotQueueing": "部分成交不在队列中",
    "NoTradeQueueing": "未成交还在队列中",
    "NoTradeNotQueueing": "未成交不在队列中",
    "Canceled": "撤单",
    "Unknown": "未知",
    "NotTouched": "尚未触发",
    "Touched": "已触发",
    "refused": "被拒绝",
}
"""What they are called in Chinese, as CTP's own document has it."""


class Counted:
    """A journal's reader that counts what it has given, to a reader of ``language``.

    A record that is damaged is named on standard error, and the others are read on.
    """

    def __init__(self, reader: Reader, language: Language) -> None:
        self._reader = reader
        self.language = language
        self.count = self.damaged = 0

    def records(self, chosen: Mapping[str, Sequence[str]]) -> Iterator[Row]:
        """Yield the records that are chosen, and count them."""
        for row in self._reader.records(chosen):
            self.count += 1
            trouble = _trouble(row)
            if trouble:
                self.damaged += 1
                told = english("record {number} is damaged: {problem}", number=row["id"],
                               problem=trouble)  # fmt: skip
                _complain(told, self.language)
            else:
                yield row


def main(argv: Sequence[str]) -> int:
    """Run the command; return 0, or 1 if some of it cannot be read (2 for a wrong call)."""
    parser = _parser()
    arguments = parser.parse_args(argv)
    chosen = {name: getattr(arguments, name) for name in FILTERS}
    language = spoken() if arguments.config is None else language_of(arguments.config)
    try:
        reader = Reader(_journal(arguments))
        try:
            counted = Counted(reader, language)
            COMMANDS[arguments.command][0](counted, chosen, sys.stdout)
            sys.stdout.flush()
            if not counted.count:
                days = reader.days()
                held = english("it is empty")
                if days:
                    held = english("it has records of {days}", days=", ".join(days[-10:]))
                _complain(english("no record matches; {held}", held=held), language)
            return int(counted.damaged > 0)
        finally:
            reader.close()
    except (ConfigError, JournalBroken, *DAMAGED) as problem:
        _complain(reason_of(problem), language)
        return 1
    except BrokenPipeError:
        # `| head` has seen enough; what is buffered still must go somewhere at the end.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    return 0


def _complain(what: Text, language: Language) -> None:
    print(f"webctp journal: {what.in_language(language)}", file=sys.stderr)


def _journal(arguments: argparse.Namespace) -> Path:
    """Find the journal's file.

    :raises ConfigError: if the configuration cannot be read, or keeps no journal.
    """
    if arguments.path is not None:
        return Path(arguments.path)
    journal = load(arguments.config).journal
    if journal is None:
        raise ConfigError(
            english("{path}: no Journal is configured（未配置 Journal）", path=arguments.config)
        )
    return Path(journal.path)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m webctp journal",
        description="Read the journal of orders; times are Beijing time. "
        "查看报单日志，时间为北京时间。",
    )
    commands = parser.add_subparsers(dest="command", required=True, metavar="COMMAND")
    for name, (_, help_text) in COMMANDS.items():
        command = commands.add_parser(name, help=help_text, description=help_text)
        place = command.add_mutually_exclusive_group(required=True)
        place.add_argument(
            "-c",
            "--config",
            help="the configuration file, whose Journal is read · 配置文件",
        )
        place.add_argument(
            "--path",
            help="the journal's file (Path below Journal) · 日志文件（配置项 Journal 之 Path）",
        )
        for option, text in _FILTER_HELP.items():
            command.add_argument(
                f"--{option.replace('_', '-')}",
                action="append",
                default=[],
                metavar="X",
                type=_day if option == "day" else str,
                choices=[str(one) for one in Type] if option == "type" else None,
                help=f"{text}; may be given again · 可重复",
            )
    return parser


def _day(text: str) -> str:
    """Read a trading day, with or without dashes."""
    try:
        return f"{date.fromisoformat(text):%Y%m%d}"
    except ValueError:
        raise argparse.ArgumentTypeError(
            f"{text!r} is no trading day such as 20240102（应为 20240102 之类的交易日）"
        ) from None


def _list(reader: Counted, chosen: Mapping[str, Sequence[str]], out: TextIO) -> None:
    """Print each record in a line, as it comes: a journal may be longer than memory."""
    for row in reader.records(chosen):
        said = [row["client_order_id"], "" if row["code"] is None else str(row["code"])]
        said += [row["detail"], _summary(row, reader.language)]
        start = f"{_moment(row['time'])}  {row['user_id']:<12} {row['type']:<8} {row['name']:<20} "
        print(printable(start + " ".join(filter(None, said))).rstrip(), file=out)


def _orders(reader: Counted, chosen: Mapping[str, Sequence[str]], out: TextIO) -> None:
    """Print the last that was told of each order, and the orders that were refused.

    Each session of an account is told of all its orders, some later than others. What CTP or the
    gateway refused is told by its answer alone.
    """
    asked: dict[tuple[object, ...], str] = {}
    told: dict[tuple[object, ...], dict[str, Any]] = {}
    wanted = {name: chosen[name] for name in ("day", "user", "instrument")}
    kinds = (Type.REQUEST, Type.ORDER, Type.ERROR)
    for row in reader.records({**wanted, "type": kinds}):
        body = dict(_body(row))
        request = (row["broker_id"], row["user_id"], *_asked_by(body))
        if row["type"] == Type.ORDER:
            order = tuple(row[name] for name in _ORDER_KEY)
            before = told.get(order)
            if before is None:
                body[_CLIENT_ORDER] = asked.get(request, "")
            elif body.get("SequenceNo", 0) >= before.get("SequenceNo", 0):
                body[_CLIENT_ORDER] = before[_CLIENT_ORDER]
            else:
                continue
            told[order] = body
        elif row["name"].endswith(_INSERT):
            if row["type"] == Type.REQUEST:
                asked[request] = row["client_order_id"]
            else:
                told[(row["id"],)] = body | _refused(row)
    _table(
        (*_ORDER_FIELDS[:-2], _CLIENT_ORDER, *_ORDER_FIELDS[-2:]),
        [
            body
            for body in told.values()
            if _is_chosen(body, _CLIENT_ORDER, chosen["client_order_id"])
            and _is_chosen(body, "OrderSysID", chosen["order_sys_id"])
        ],
        out,
        reader.language,
    )


def _asked_by(body: Mapping[str, Any]) -> tuple[object, ...]:
    ref, *others = (body.get(name, "") for name in _ASKED_BY)
    return str(ref).strip(), *others


def _refused(row: Row) -> dict[str, Any]:
    """Return what stands in an order's line of one that was refused."""
    return {
        "TradingDay": row["trading_day"],
        "InsertTime": _moment(row["time"])[11:19],
        "InvestorID": row["user_id"],
        _CLIENT_ORDER: row["client_order_id"],
        "OrderStatus": "refused",
        "StatusMsg": f"{row['code']} {row['detail']}",
    }


def _is_chosen(body: Mapping[str, Any], name: str, values: Sequence[str]) -> bool:
    own = str(body.get(name, "")).strip()
    return not values or own in [value.strip() for value in values]


def _trades(reader: Counted, chosen: Mapping[str, Sequence[str]], out: TextIO) -> None:
    """Print every trade once, however many sessions of the account were told of it.

    What was told twice says the same in every field; TradeIDs may begin anew within a day.
    """
    trades: dict[tuple[object, ...], Mapping[str, Any]] = {}
    for row in reader.records({**chosen, "type": [Type.TRADE]}):
        body = _body(row)
        trades.setdefault(tuple(sorted(body.items())), body)
    _table(_TRADE_FIELDS, trades.values(), out, reader.language)


def _export(reader: Counted, chosen: Mapping[str, Sequence[str]], out: TextIO) -> None:
    """CSV with a column for each of the journal's, the body as JSON."""
    writer = csv.writer(out, lineterminator="\n")
    for number, row in enumerate(reader.records(chosen)):
        if number == 0:
            writer.writerow(["moment", *row.keys()])
        writer.writerow([_moment(row["time"]), *map(_harmless, row)])


Command = Callable[[Counted, Mapping[str, Sequence[str]], TextIO], None]
COMMANDS: Final[Mapping[str, tuple[Command, str]]] = {
    "list": (_list, "the records, a line each · 逐行列出记录"),
    "orders": (_orders, "the last state of each order · 每笔报单的最新状态"),
    "trades": (_trades, "the trades · 成交"),
    "export": (_export, "the records as CSV on standard output · 以 CSV 导出"),
}
"""What can be asked for, and what it is for."""


def _moment(time_ns: int) -> str:
    """Return a time for the eye, in China Standard Time as CTP's own are, to the microsecond."""
    moment = datetime.fromtimestamp(time_ns // 10**9, _CHINA).replace(tzinfo=None)
    return f"{moment.isoformat(' ')}.{time_ns % 10**9 // 1000:06}"


def _trouble(row: Row) -> str:
    """Return why a record cannot be read; empty where it can."""
    for name in row.keys():  # noqa: SIM118 - a Row iterates over its values
        value = row[name]
        wanted = int if name in _NUMBERS else str
        if not isinstance(value, wanted) and not (value is None and name in _OPTIONAL):
            return f"{name} is {value!r:.60}"
    try:
        _body(row)
    except NOT_JSON as problem:
        return f"body: {problem}"
    return ""


def _body(row: Row) -> Mapping[str, Any]:
    return {} if row["body"] is None else msgspec.json.decode(row["body"], type=dict[str, Any])


def _summary(row: Row, language: Language) -> str:
    """Return the few fields of a record by which one knows an order or a trade."""
    fields = dict.fromkeys((*_ORDER_FIELDS[3:], *_TRADE_FIELDS[3:]))
    body = _body(row)
    return " ".join(
        f"{name}={_cell(name, body[name], language)}" for name in fields if body.get(name)
    )


def _harmless(value: object) -> object:
    """Return a cell that a spreadsheet shows, and does not run: texts come from clients."""
    if isinstance(value, str) and value.startswith(("=", "+", "-", "@", "\t", "\r")):
        return f"'{value}"
    return value


def _cell(name: str, value: object, language: Language) -> str:
    """Return a field's value, by its name where it has one; of a combination each leg's."""
    text, words = _text(value), WORDS.get(name)
    found = [text]
    if words is not None and text and set(text) <= words.keys():
        found = [words[one] for one in text]
    if words is not None and language == "zh":
        found = [CHINESE.get(one, one) for one in found]
    return ",".join(found)


def _text(value: object) -> str:
    return f"{value:g}" if isinstance(value, float) else printable(str(value).strip())


def _table(
    names: Line, bodies: Iterable[Mapping[str, Any]], out: TextIO, language: Language
) -> None:
    lines = [
        names,
        *(tuple(_cell(name, body.get(name, ""), language) for name in names) for body in bodies),
    ]
    for line in table(lines):
        print(line, file=out)

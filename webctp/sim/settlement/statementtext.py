"""The layout of settlement statements, as CTP makes them for brokers (SimNow's, of 2021).

The text is GBK. CTP sends it in pieces of 500 bytes, which split characters: whoever reads it
must join the bytes before decoding them.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, Final
from unicodedata import east_asian_width

from webctp.sim.accounts.banks import investor_name
from webctp.sim.money import UNITS_PER_YUAN, yuan
from webctp.sim.settlement.statement import Statement, Summary

PIECE: Final = 500
BROKER: Final = "webctp模拟期货公司"
_RULE: Final = "-" * 100
_LEFT: Final = 37
_RIGHT: Final = 35
"""Columns of the labels in the summary's two halves."""
_EXCHANGES: Final = {
    "SHFE": "上期所",
    "INE": "能源中心",
    "DCE": "大商所",
    "CZCE": "郑商所",
    "CFFEX": "中金所",
    "GFEX": "广期所",
}
_EXCHANGES_TOLD: Final = (
    "能源中心---INE  上期所---SHFE   中金所---CFFEX  大商所---DCE   郑商所---CZCE   广期所---GFEX"
)
_SIDES_TOLD: Final = "买---Buy   卖---Sell"
_HEDGES_TOLD: Final = (
    "投机---Speculation  套保---Hedge  套利---Arbitrage  一般---General  交易---Trade  "
    "做市商---Market Maker"
)
_OFFSETS_TOLD: Final = (
    "开---Open 平---Close 平今---Close Today 强平---Forced Liquidation 平昨---Close Prev. "
    "强减---Forced Reduction 本地强平---Local Forced Liquidation"
)
_MOVES_TOLD: Final = (
    "出入金---Deposit/Withdrawal     银期转账---Bank-Futures Transfer    "
    "银期换汇---Bank-Futures FX Exchange"
)


@dataclass(frozen=True, slots=True)
class _Column:
    """A column: its heads, its width in columns of text, and how a row fills it.

    ``kind`` is ``text``, ``exchange``, ``middle`` (text in the middle), ``side`` (text on the
    right), ``count``, ``price`` or ``money``; a count or an amount ``adds`` up in the last line.
    """

    field: str
    zh: str
    en: str
    width: int
    kind: str = "text"
    adds: bool = False

    def cell(self, value: Any) -> str:
        """Return a value as it stands in the table."""
        match self.kind:
            case "count":
                return f"{value:{self.width}}"
            case "price":
                return f"{value / UNITS_PER_YUAN:{self.width}.3f}"
            case "money":
                return f"{value / UNITS_PER_YUAN:{self.width}.2f}"
            case "exchange":
                return _padded(_EXCHANGES.get(value, value), self.width)
            case "middle":
                return _centred(value, self.width)
            case "side":
                return f"{'':{max(0, self.width - _columns(value))}}{value}"
            case _:
                return _padded(value, self.width)


@dataclass(frozen=True, slots=True)
class _Table:
    """A part of the statement: its title, the digits of its count, columns, and its legend."""

    title: str
    digits: int
    columns: tuple[_Column, ...]
    legend: tuple[str, ...] = ()

    def lines(self, rows: Sequence[Any]) -> Iterator[str]:
        """Return the table, nothing where it has no rows."""
        if not rows:
            return
        heads = [
            _line(_centred(getattr(column, name), column.width) for column in self.columns)
            for name in ("zh", "en")
        ]
        rule = "-" * _columns(heads[0])
        yield _centred(self.title, _columns(heads[0])).rstrip()
        yield from (rule, *heads, rule)
        for row in rows:
            yield _line(column.cell(getattr(row, column.field)) for column in self.columns)
        yield from (rule, _line(self._sums(rows)), rule, *self.legend, "")

    def _sums(self, rows: Sequence[Any]) -> Iterator[str]:
        first, *others = self.columns
        yield _padded(f"共{len(rows):>{self.digits}}条", first.width)
        for column in others:
            if column.adds:
                yield column.cell(sum(getattr(row, column.field) for row in rows))
            else:
                yield " " * column.width


_MOVES: Final = _Table(
    "出入金明细 Deposit/Withdrawal",
    4,
    (
        _Column("day", "发生日期", "Date", 8),
        _Column("kind", "出入金类型", "Type", 24),
        _Column("deposit", "入金", "Deposit", 16, "money", adds=True),
        _Column("withdrawal", "出金", "Withdrawal", 16, "money", adds=True),
        _Column("note", "说明", "Note", 42),
    ),
    (_MOVES_TOLD,),
)
_TRADES: Final = _Table(
    "成交记录 Transaction Record",
    4,
    (
        _Column("day", "成交日期", "Date", 8),
        _Column("exchange", "交易所", "Exchange", 8, "exchange"),
        _Column("product", "品种", "Product", 18),
        _Column("instrument", "合约", "Instrument", 16, "middle"),
        _Column("side", "买/卖", "B/S", 5, "side"),
        _Column("hedge", "投/保", "S/H", 12),
        _Column("price", "成交价", "Price", 10, "price"),
        _Column("volume", "手数", "Lots", 6, "count", adds=True),
        _Column("turnover", "成交额", "Turnover", 12, "money", adds=True),
        _Column("offset", "开平", "O/C", 18),
        _Column("fee", "手续费", "Fee", 10, "money", adds=True),
        _Column("profit", "平仓盈亏", "Realized P/L", 12, "money", adds=True),
        _Column("premium", "权利金收支", "Premium Received/Paid", 21, "money", adds=True),
        _Column("number", "成交序号", "Trans.No.", 12),
    ),
    (_EXCHANGES_TOLD, _SIDES_TOLD, _HEDGES_TOLD, _OFFSETS_TOLD),
)
_EXERCISES: Final = _Table(
    "行权明细 Exercise Statement",
    4,
    (
        _Column("day", "行权日期", "Date", 8),
        _Column("exchange", "交易所", "Exchange", 8, "exchange"),
        _Column("product", "品种", "Product", 18),
        _Column("instrument", "合约", "Instrument", 16, "middle"),
        _Column("hedge", "投/保", "S/H", 12),
        _Column("side", "买/卖", "B/S", 5, "side"),
        _Column("kind", "是否行权", "Exercise", 12),
        _Column("volume", "行权数量", "Lots", 10, "count", adds=True),
        _Column("price", "行权价格", "Strike", 12, "price"),
        _Column("amount", "行权金额", "Amount", 14, "money", adds=True),
        _Column("profit", "行权盈亏", "Exercise P/L", 12, "money", adds=True),
        _Column("fee", "行权手续费", "Exercise Fee", 12, "money", adds=True),
    ),
    (_EXCHANGES_TOLD, _SIDES_TOLD, _HEDGES_TOLD),
)
_CLOSINGS: Final = _Table(
    "平仓明细 Position Closed",
    6,
    (
        _Column("day", "平仓日期", "Close Date", 10),
        _Column("exchange", "交易所", "Exchange", 8, "exchange"),
        _Column("product", "品种", "Product", 18),
        _Column("instrument", "合约", "Instrument", 16, "middle"),
        _Column("opened", "开仓日期", "Open Date", 9),
        _Column("side", "买/卖", "B/S", 5, "side"),
        _Column("volume", "手数", "Lots", 10, "count", adds=True),
        _Column("open_price", "开仓价", "Pos. Open Price", 15, "price"),
        _Column("pre_settlement", "昨结算", "Prev. Sttl", 16, "price"),
        _Column("price", "成交价", "Trans. Price", 12, "price"),
        _Column("profit", "平仓盈亏", "Realized P/L", 12, "money", adds=True),
        _Column("premium", "权利金收支", "Premium Received/Paid", 21, "money", adds=True),
    ),
    (_EXCHANGES_TOLD, _SIDES_TOLD),
)
_LOTS: Final = _Table(
    "持仓明细 Positions Detail",
    4,
    (
        _Column("exchange", "交易所", "Exchange", 8, "exchange"),
        _Column("product", "品种", "Product", 18),
        _Column("instrument", "合约", "Instrument", 16, "middle"),
        _Column("opened", "开仓日期", "Open Date", 9),
        _Column("hedge", "投/保", "S/H", 12),
        _Column("side", "买/卖", "B/S", 5, "side"),
        # CTP's own spelling.
        _Column("volume", "持仓量", "Positon", 7, "count", adds=True),
        _Column("open_price", "开仓价", "Pos. Open Price", 15, "price"),
        _Column("pre_settlement", "昨结算", "Prev. Sttl", 16, "price"),
        _Column("settlement", "结算价", "Settlement Price", 16, "price"),
        _Column("floating", "浮动盈亏", "Accum. P/L", 12, "money", adds=True),
        _Column("marked", "盯市盈亏", "MTM P/L", 11, "money", adds=True),
        _Column("margin", "保证金", "Margin", 11, "money", adds=True),
        _Column("value", "期权市值", "Market Value(Options)", 22, "money", adds=True),
    ),
    (_EXCHANGES_TOLD, _SIDES_TOLD, _HEDGES_TOLD),
)
_POSITIONS: Final = _Table(
    "持仓汇总 Positions",
    6,
    (
        _Column("product", "品种", "Product", 18),
        _Column("instrument", "合约", "Instrument", 16, "middle"),
        _Column("long", "买持", "Long Pos.", 13, "count", adds=True),
        _Column("long_average", "买均价", "Avg Buy Price", 13, "price"),
        _Column("short", "卖持", "Short Pos.", 14, "count", adds=True),
        _Column("short_average", "卖均价", "Avg Sell Price", 14, "price"),
        _Column("pre_settlement", "昨结算", "Prev. Sttl", 10, "price"),
        _Column("settlement", "今结算", "Sttl Today", 10, "price"),
        _Column("marked", "持仓盯市盈亏", "MTM P/L", 12, "money", adds=True),
        _Column("margin", "保证金占用", "Margin Occupied", 15, "money", adds=True),
        _Column("hedge", "投/保", "S/H", 12),
        _Column("long_value", "多头期权市值", "Market Value(Long)", 18, "money", adds=True),
        _Column("short_value", "空头期权市值", "Market Value(Short)", 19, "money", adds=True),
    ),
)


def text_of(statement: Statement) -> bytes:
    """Return a statement as GBK."""
    return "\r\n".join(
        [
            _centred(BROKER, len(_RULE)),
            f"{'':68}制表时间 Creation Date：{statement.last}",
            _RULE,
            _centred("交易结算单(盯市) Settlement Statement(MTM)", len(_RULE)),
            f"客户号 Client ID：  {statement.investor:<16}"
            f"客户名称 Client Name：{investor_name(statement.investor)}",
            f"日期 Date：{_dates(statement)}",
            "",
            f"{'':19}资金状况  币种：人民币  Account Summary  Currency：CNY ",
            _RULE,
            *_summary(statement.summary),
            "",
            *_MOVES.lines(statement.moves),
            *_TRADES.lines(statement.trades),
            *_EXERCISES.lines(statement.exercises),
            *_CLOSINGS.lines(statement.closings),
            *_LOTS.lines(statement.lots),
            *_POSITIONS.lines(statement.positions),
            "",
        ]
    ).encode("gbk")


def pieces(text: bytes) -> Iterator[bytes]:
    """Yield the statement in the pieces that CTP sends; an empty one is one empty piece."""
    for start in range(0, max(1, len(text)), PIECE):
        yield text[start : start + PIECE]


def _dates(statement: Statement) -> str:
    if statement.first == statement.last:
        return statement.last
    return f"{statement.first}-{statement.last}"


def _summary(found: Summary) -> Iterator[str]:
    worth = found.after + found.long_value - found.short_value
    degree = found.margin / found.after if found.after > 0 else float(found.margin > 0)
    # Both halves are to the cent, but for the degree of risk: a percentage.
    left = (
        ("期初结存 Balance b/f：", found.before),
        ("出 入 金 Deposit/Withdrawal：", found.moved),
        ("平仓盈亏 Realized P/L：", found.closed),
        ("持仓盯市盈亏 MTM P/L：", found.marked),
        ("期权执行盈亏 Exercise P/L：", found.exercised),
        ("手 续 费 Commission：", found.commission),
        ("行权手续费 Exercise Fee：", found.exercise_fee),
        ("交割手续费 Delivery Fee：", 0),
        ("货币质入 New FX Pledge：", 0),
        ("货币质出 FX Redemption：", 0),
        ("质押变化金额 Chg in Pledge Amt：", 0),
        ("权利金收入 Premium received：", found.received),
        ("权利金支出 Premium paid：", found.paid),
        ("货币质押变化金额 Chg in FX Pledge:", 0),
    )
    right = (
        ("基础保证金 Initial Margin：", 0),
        ("期末结存 Balance c/f：", found.after),
        ("质 押 金 Pledge Amount：", 0),
        ("客户权益 Client Equity：：", found.after),
        ("货币质押保证金占用 FX Pledge Occ.：", 0),
        ("保证金占用 Margin Occupied：", found.margin),
        ("交割保证金 Delivery Margin：", 0),
        ("多头期权市值 Market value(long)：", found.long_value),
        ("空头期权市值 Market value(short)：", found.short_value),
        ("市值权益 Market value(equity)：", worth),
        ("可用资金 Fund Avail.：", found.after - found.margin),
        ("风 险 度 Risk Degree：", round(degree * 100 * UNITS_PER_YUAN)),
        ("应追加资金 Margin Call：", max(0, found.margin - found.after)),
    )
    for place, (label, amount) in enumerate(left):
        line = f"{_padded(label, _LEFT)}{yuan(amount):13.2f}"
        if place < len(right):
            beside, number = right[place]
            line += f"  {_padded(beside, _RIGHT)}{yuan(number):13.2f}"
            line += "%" if "Risk Degree" in beside else ""
        yield line


def _line(cells: Iterable[str]) -> str:
    return "|" + "|".join(cells) + "|"


@lru_cache(4096)
def _columns(text: str) -> int:
    """Return how many columns a text takes; Chinese characters take two."""
    if text.isascii():
        return len(text)
    return sum(2 if east_asian_width(character) in "WF" else 1 for character in text)


def _padded(text: str, width: int) -> str:
    return text + " " * max(0, width - _columns(text))


def _centred(text: str, width: int) -> str:
    room = max(0, width - _columns(text))
    return " " * (room // 2) + text + " " * (room - room // 2)

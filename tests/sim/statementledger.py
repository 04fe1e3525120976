"""What a settlement statement must say, by the independent ledger, and what it says.

It shares no code with the simulator: the text is read as a program has to (`statementreader`), the
rest is the ledger's arithmetic. Margins of single lots are left to the account's sum.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from tests.sim.combledger import Key
from tests.sim.holdings import ZERO, Holding, Piece
from tests.sim.ledgeroptions import Exercised
from tests.sim.statementreader import StatementReader

_OFFSETS = {"0": "开", "1": "平", "2": "强平", "3": "平今", "4": "平昨"}
_EXERCISES = {"0": "执行", "1": "履约"}
_SIDES = {"0": "买", "1": "卖"}
_FLOWS = (
    *("Deposit/Withdrawal", "Realized P/L", "MTM P/L", "Exercise P/L", "Commission"),
    *("Exercise Fee", "Premium received", "Premium paid"),
)
"""What a month's statement adds up."""
_CENT, _PRICE = Decimal("0.01"), Decimal("0.001")

Difference = tuple[str, Any, Any]
"""What, as it was told, as it must be."""


def money(amount: Decimal) -> Decimal:
    """Return an amount as a statement shows it."""
    return amount.quantize(_CENT, ROUND_HALF_UP)


def price(amount: Decimal) -> Decimal:
    """Return a price as a statement shows it."""
    return amount.quantize(_PRICE, ROUND_HALF_UP)


@dataclass
class DayTrade:
    """A trade as the ledger has entered it; ``gain`` by date, ``cash`` the premium."""

    key: Key
    direction: str
    flag: str
    price: Decimal
    volume: Decimal
    paid: Decimal
    gain: Decimal
    cash: Decimal
    amount: Decimal
    pieces: list[Piece]


@dataclass
class Settled:
    """A day that was settled: the account's sums by their English labels, and the rows."""

    summary: dict[str, Decimal] = field(default_factory=dict)
    trades: list[DayTrade] = field(default_factory=list)
    exercises: list[Exercised] = field(default_factory=list)
    moves: list[tuple[str, Decimal, Decimal]] = field(default_factory=list)
    lots: list[tuple[Any, ...]] = field(default_factory=list)
    positions: dict[tuple[str, str], list[Decimal]] = field(default_factory=dict)

    def hold(self, key: Key, held: Holding, settlement: Decimal) -> None:
        """Note a position as the settlement finds it; call it before the day is carried."""
        name, side, hedge = key
        for lot in held.lots:
            if not lot.volume:
                continue
            amount = lot.volume * held.size * held.sign
            marked = ZERO if held.option else (settlement - held.base(lot)) * amount
            floating = ZERO if held.option else (settlement - lot.price) * amount
            row = (name, Decimal(lot.day), _SIDES[side], int(lot.volume))
            prices = price(lot.price), price(held.pre), price(settlement)
            worth = settlement * amount if held.option else ZERO
            amounts = money(floating), money(marked), money(worth)
            self.lots.append((*row, *prices, *amounts))
        if volume := held.volume():
            both = self.positions.setdefault((name, hedge), [ZERO, ZERO, ZERO])
            both[int(side)] += volume
            both[2] += held.profit(settlement)

    def held_against(self, told: StatementReader) -> Iterator[Difference]:
        """Yield everything that the statement must say beside what it says."""
        for label, right in self.summary.items():
            yield f"statement, {label}", told.summary[label], money(right)
        trades = [
            (
                one.key[0],
                _SIDES[one.direction],
                _OFFSETS[one.flag],
                price(one.price),
                int(one.volume),
                *map(money, (one.amount, one.paid, one.gain, one.cash)),
            )
            for one in self.trades
        ]
        yield from _rows(
            told,
            "成交记录",
            (
                "合约",
                "买/卖",
                "开平",
                "成交价",
                "手数",
                "成交额",
                "手续费",
                "平仓盈亏",
                "权利金收支",
            ),
            trades,
        )
        exercises = [
            (
                one.key[0],
                _SIDES[one.key[1]],
                _EXERCISES[one.key[1]],
                int(one.volume),
                price(one.strike),
                *map(money, (one.amount, one.cash, one.fee)),
            )
            for one in self.exercises
        ]
        yield from _rows(
            told,
            "行权明细",
            (
                *("合约", "买/卖", "是否行权", "行权数量", "行权价格"),
                *("行权金额", "行权盈亏", "行权手续费"),
            ),
            exercises,
        )
        moves = [(kind, money(added), money(taken)) for kind, added, taken in self.moves]
        yield from _rows(told, "出入金明细", ("出入金类型", "入金", "出金"), moves)
        closings = [
            (
                one.key[0],
                Decimal(piece.day),
                _SIDES[one.direction],
                int(piece.volume),
                *map(price, (piece.price, piece.pre, one.price)),
                money(piece.gain),
            )
            for one in self.trades
            for piece in one.pieces
        ]
        yield from _rows(
            told,
            "平仓明细",
            ("合约", "开仓日期", "买/卖", "手数", "开仓价", "昨结算", "成交价", "平仓盈亏"),
            closings,
        )
        yield from _rows(
            told,
            "持仓明细",
            (
                *("合约", "开仓日期", "买/卖", "持仓量", "开仓价", "昨结算", "结算价"),
                *("浮动盈亏", "盯市盈亏", "期权市值"),
            ),
            self.lots,
        )
        positions = [
            (name, int(long), int(short), money(marked))
            for (name, _), (long, short, marked) in self.positions.items()
        ]
        yield from _rows(told, "持仓汇总", ("合约", "买持", "卖持", "持仓盯市盈亏"), positions)


def of_month(days: Sequence[Settled]) -> Settled:
    """Return what the statement of a month must say: the sums of its days, as the last one ends."""
    month = Settled(dict(days[-1].summary))
    for label in _FLOWS:
        month.summary[label] = sum((day.summary[label] for day in days), ZERO)
    month.summary["Balance b/f"] = days[0].summary["Balance b/f"]
    for day in days:
        month.trades += day.trades
        month.exercises += day.exercises
        month.moves += day.moves
    month.lots, month.positions = days[-1].lots, days[-1].positions
    return month


def _rows(
    told: StatementReader, title: str, heads: tuple[str, ...], right: list[tuple[Any, ...]]
) -> Iterator[Difference]:
    """Hold a table's rows against those that must be there, in whatever order."""
    # A lot that is gone first in, first out, but still combined, has a row of no lots.
    there = [row for row in told.rows(title) if row.get("持仓量") != "0"]
    found = sorted(tuple(_value(row[head]) for head in heads) for row in there)
    wanted = sorted(right)
    yield f"statement, rows of {title}", len(found), len(wanted)
    for one, other in zip(found, wanted, strict=False):
        yield f"statement, {title}", one, other


def _value(cell: str) -> Any:
    try:
        return Decimal(cell)
    except ArithmeticError:
        return cell

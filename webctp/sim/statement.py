"""The settlement statement (结算单): the text that a trader confirms every morning.

CTP sends it in pieces of 500 bytes of GBK, which split characters: whoever reads it must join
the bytes before decoding them.
"""

from collections.abc import Iterable, Iterator
from typing import Final
from unicodedata import east_asian_width

from webctp.sim.accounts import Account
from webctp.sim.combined import use_margin
from webctp.sim.money import yuan
from webctp.sim.orders import Trade
from webctp.sim.settlement import Held, Result

PIECE: Final = 500
_WIDTH: Final = 14
_OFFSETS: Final = {"0": "开", "1": "平", "3": "平今", "4": "平昨"}
_SIDES: Final = {"0": "买", "1": "卖"}
_RULE: Final = "-" * 100


def statement(account: Account, day: str, result: Result, trades: Iterable[Trade]) -> bytes:
    """The statement of a day as GBK, its margins at the new settlement prices.

    :param account: as `settlement.renew` has left it.
    """
    return "\r\n".join(
        [
            "交易结算单(盯市)   Settlement Statement (MTM)".center(90).rstrip(),
            f"客户号 Client ID：{account.investor}    日期 Date：{day}",
            "",
            *_summary(result, account.pre_margin),
            *_trades(trades),
            *_positions(account, result),
            "",
        ]
    ).encode("gbk")


def pieces(text: bytes) -> Iterator[bytes]:
    """The statement in the pieces that CTP sends; an empty one is one empty piece."""
    for start in range(0, max(1, len(text)), PIECE):
        yield text[start : start + PIECE]


def _summary(result: Result, margin: int) -> Iterator[str]:
    rows = (
        ("期初结存 Balance b/f", result.before),
        ("出入金 Deposit/Withdrawal", result.deposit - result.withdraw),
        ("平仓盈亏 Realized P/L", result.close_profit),
        ("持仓盯市盈亏 MTM P/L", result.position_profit),
        ("权利金收支 Premium", result.cash_in),
        ("行权交割 Exercise", result.exercised),
        ("手续费 Commission", result.commission),
        ("期末结存 Balance c/f", result.after),
        ("保证金占用 Margin Occupied", margin),
        ("可用资金 Fund Avail.", result.after - margin),
    )
    yield "资金状况 Account Summary"
    yield _RULE
    for label, amount in rows:
        yield f"{_padded(label, 34)}{yuan(amount):>18.2f}"
    yield _RULE


def _trades(trades: Iterable[Trade]) -> Iterator[str]:
    rows = [
        (
            trade.order.contract.exchange,
            trade.order.contract.instrument,
            _SIDES[trade.order.direction],
            _OFFSETS.get(trade.offset, "平"),
            f"{yuan(trade.price):.3f}",
            str(trade.volume),
            f"{yuan(trade.commission):.2f}",
            f"{yuan(trade.profit):.2f}",
            trade.trade_id.strip(),
        )
        for trade in trades
    ]
    if rows:
        yield "成交记录 Transaction Record"
        yield from _table(
            ("交易所", "合约", "买卖", "开平", "成交价", "手数", "手续费", "平仓盈亏", "成交序号"),
            rows,
        )


def _positions(account: Account, result: Result) -> Iterator[str]:
    rows = [
        (
            held.position.contract.exchange,
            held.position.contract.instrument,
            _SIDES[held.position.direction],
            str(held.volume),
            f"{yuan(held.price):.3f}",
            f"{yuan(held.profit):.2f}",
            f"{yuan(_margin(account, held)):.2f}",
        )
        for held in result.held
    ]
    if rows:
        yield "持仓汇总 Positions"
        yield from _table(
            ("交易所", "合约", "买卖", "持仓量", "结算价", "持仓盈亏", "保证金"), rows
        )


def _margin(account: Account, held: Held) -> int:
    """Return a position's new margin; one whose last day it was is gone, and needs none."""
    position = held.position
    if position.key not in account.positions:
        return 0
    if account.combined and not position.contract.by_date:
        return use_margin(account.combined.values(), position, lambda _: position.pre_settlement)
    return held.volume * position.lot_margin(position.pre_settlement)


def _table(head: tuple[str, ...], rows: Iterable[tuple[str, ...]]) -> Iterator[str]:
    yield _RULE
    for row in (head, *rows):
        yield "|" + "|".join(_padded(cell, _WIDTH) for cell in row) + "|"
    yield _RULE


def _padded(text: str, width: int) -> str:
    """Text filled up to a width in columns, in which Chinese characters take two."""
    taken = sum(2 if east_asian_width(character) in "WF" else 1 for character in text)
    return text + " " * max(0, width - taken)

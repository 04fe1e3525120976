"""Settlement statements (结算单) as values: what a day, or a month of days, made of an account.

`statementtext` has their layout. All prices and amounts are in units.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import pairwise
from typing import Final

import msgspec

from webctp.sim.accounts.account import Account
from webctp.sim.accounts.banks import BY_HAND, Transfer
from webctp.sim.accounts.combined import lot_margin, use_margin
from webctp.sim.accounts.orders import Trade
from webctp.sim.accounts.positions import Position as AccountPosition
from webctp.sim.market.book import BUY
from webctp.sim.money import UNITS_PER_YUAN
from webctp.sim.settlement.settle import Held, HeldLot, Result

NameOf = Callable[[str], str]
"""From a ProductID to the product's Chinese name."""

_OFFSETS: Final = {
    "0": "开",
    "1": "平",
    "2": "强平",
    "3": "平今",
    "4": "平昨",
    "5": "强减",
    "6": "本地强平",
}
_SIDES: Final = {"0": "买", "1": "卖"}
_HEDGES: Final = {"1": "投机", "2": "套利", "3": "套保", "5": "做市商"}
_CFFEX_SPECULATION: Final = "交易"


class Summary(msgspec.Struct, frozen=True, array_like=True):
    """The account (资金状况).

    ``after`` = ``before`` + ``moved`` + ``closed`` + ``marked`` + ``exercised`` - ``commission``
    - ``exercise_fee`` + ``received`` - ``paid``. ``margin`` is at the new settlement prices;
    ``long_value`` and ``short_value`` are what options held and sold are worth.
    """

    before: int
    moved: int
    closed: int
    marked: int
    exercised: int
    commission: int
    exercise_fee: int
    received: int
    paid: int
    after: int
    margin: int
    long_value: int
    short_value: int


class Moved(msgspec.Struct, frozen=True, array_like=True):
    """A deposit or a withdrawal (出入金明细)."""

    day: str
    kind: str
    deposit: int
    withdrawal: int
    note: str


class Traded(msgspec.Struct, frozen=True, array_like=True):
    """A trade (成交记录)."""

    day: str
    exchange: str
    product: str
    instrument: str
    side: str
    hedge: str
    price: int
    volume: int
    turnover: int
    offset: str
    fee: int
    profit: int
    premium: int
    number: str


class Exercised(msgspec.Struct, frozen=True, array_like=True):
    """An exercise or an assignment (行权明细)."""

    day: str
    exchange: str
    product: str
    instrument: str
    hedge: str
    side: str
    kind: str
    volume: int
    price: int
    amount: int
    profit: int
    fee: int


class Closed(msgspec.Struct, frozen=True, array_like=True):
    """What a closing trade took of a lot (平仓明细); ``side`` is the trade's."""

    day: str
    exchange: str
    product: str
    instrument: str
    opened: str
    side: str
    volume: int
    open_price: int
    pre_settlement: int
    price: int
    profit: int
    premium: int


class Lot(msgspec.Struct, frozen=True, array_like=True):
    """A lot held (持仓明细); ``floating`` is from its open price, ``marked`` the day's."""

    exchange: str
    product: str
    instrument: str
    opened: str
    hedge: str
    side: str
    volume: int
    open_price: int
    pre_settlement: int
    settlement: int
    floating: int
    marked: int
    margin: int
    value: int


class Position(msgspec.Struct, frozen=True, array_like=True):
    """Both sides of an instrument held (持仓汇总); ``…_cost`` is volume times open price."""

    product: str
    instrument: str
    long: int
    long_cost: int
    short: int
    short_cost: int
    pre_settlement: int
    settlement: int
    marked: int
    margin: int
    hedge: str
    long_value: int
    short_value: int

    @property
    def long_average(self) -> float:
        """Return the average open price of the long side, 0 where there is none."""
        return self.long_cost / self.long if self.long else 0.0

    @property
    def short_average(self) -> float:
        """Return the average open price of the short side, 0 where there is none."""
        return self.short_cost / self.short if self.short else 0.0


class Statement(msgspec.Struct, frozen=True, array_like=True):
    """A statement from ``first`` to ``last``, one day's where they are the same."""

    investor: str
    first: str
    last: str
    summary: Summary
    moves: list[Moved]
    trades: list[Traded]
    exercises: list[Exercised]
    closings: list[Closed]
    lots: list[Lot]
    positions: list[Position]


_encode: Final = msgspec.json.Encoder().encode
_decode: Final = msgspec.json.Decoder(Statement).decode


def encode(statement: Statement) -> bytes:
    """Return a statement as it is kept."""
    return _encode(statement)


def decode(kept: bytes) -> Statement:
    """Return the statement that was kept."""
    return _decode(kept)


def of_day(
    account: Account,
    day: str,
    result: Result,
    trades: Iterable[Trade],
    transfers: Iterable[Transfer],
    name_of: NameOf,
) -> Statement:
    """Return the statement of a day.

    :param account: as `settlement.renew` has left it: margins are at the new settlement prices.
    """
    traded: list[Traded] = []
    closings: list[Closed] = []
    for trade in trades:
        traded.append(_traded(day, trade, name_of))
        closings += _closings(day, trade, name_of)
    lots = [lot for held in result.held for lot in _lots(account, held, name_of)]
    positions = list(_positions(account, result.held, name_of))
    summary = Summary(
        before=result.before,
        moved=result.deposit - result.withdraw,
        closed=result.close_profit,
        marked=result.position_profit,
        exercised=result.exercised,
        commission=result.commission,
        exercise_fee=result.exercise_fee,
        received=sum(max(0, trade.premium) for trade in traded),
        paid=sum(max(0, -trade.premium) for trade in traded),
        after=result.after,
        margin=account.pre_margin,
        long_value=sum(position.long_value for position in positions),
        short_value=sum(position.short_value for position in positions),
    )
    return Statement(
        investor=account.investor,
        first=day,
        last=day,
        summary=summary,
        moves=[_moved(day, transfer) for transfer in transfers if transfer.money],
        trades=traded,
        exercises=list(_exercises(day, result, name_of)),
        closings=closings,
        lots=lots,
        positions=positions,
    )


def of_month(days: Sequence[Statement]) -> Statement:
    """Return the statement of some days: their sums and rows, and what the last one ended with.

    :raises ValueError: if a day does not begin with what the one before has left.
    """
    first, last = days[0], days[-1]
    for one, following in pairwise(days):
        if following.summary.before != one.summary.after:
            raise ValueError(f"{following.first} does not go on where {one.last} ended")
    summaries = [day.summary for day in days]
    summary = msgspec.structs.replace(
        last.summary,
        before=first.summary.before,
        **{name: sum(getattr(one, name) for one in summaries) for name in _SUMS},
    )
    return Statement(
        investor=last.investor,
        first=first.first,
        last=last.last,
        summary=summary,
        moves=[row for day in days for row in day.moves],
        trades=[row for day in days for row in day.trades],
        exercises=[row for day in days for row in day.exercises],
        closings=[row for day in days for row in day.closings],
        lots=last.lots,
        positions=last.positions,
    )


_SUMS: Final = (
    "moved",
    "closed",
    "marked",
    "exercised",
    "commission",
    "exercise_fee",
    "received",
    "paid",
)
"""What adds up from day to day; the rest of a summary is that of one day."""


def _moved(day: str, transfer: Transfer) -> Moved:
    by_hand = transfer.code == BY_HAND
    kind = "出入金" if by_hand else "银期转账"
    way = "入金" if transfer.money > 0 else "出金"
    amount = f"{abs(transfer.money) / UNITS_PER_YUAN:.2f}"
    note = f"手工{way}{amount}" if by_hand else f"银期转账自动凭证({way}){amount}"
    return Moved(day, kind, max(0, transfer.money), max(0, -transfer.money), note)


def _traded(day: str, trade: Trade, name_of: NameOf) -> Traded:
    contract, order = trade.contract, trade.order
    turnover = trade.price * trade.volume * contract.multiplier
    return Traded(
        day=day,
        exchange=contract.exchange,
        product=name_of(contract.product),
        instrument=contract.instrument,
        side=_SIDES[trade.direction],
        hedge=_hedge(contract.exchange, order.position.hedge),
        price=trade.price,
        volume=trade.volume,
        turnover=turnover,
        offset=_OFFSETS.get(trade.told_offset, "平"),
        fee=trade.commission,
        profit=trade.profit,
        premium=_premium(trade, turnover),
        number=trade.trade_id.strip(),
    )


def _premium(trade: Trade, turnover: int) -> int:
    if trade.contract.option is None:
        return 0
    return -turnover if trade.direction == BUY else turnover


def _closings(day: str, trade: Trade, name_of: NameOf) -> Iterator[Closed]:
    contract = trade.contract
    for part in trade.closed:
        turnover = trade.price * part.volume * contract.multiplier
        yield Closed(
            day=day,
            exchange=contract.exchange,
            product=name_of(contract.product),
            instrument=contract.instrument,
            opened=part.open_day,
            side=_SIDES[trade.direction],
            volume=part.volume,
            open_price=part.open_price,
            pre_settlement=part.pre_settlement,
            price=trade.price,
            profit=part.profit,
            premium=_premium(trade, turnover),
        )


def _exercises(day: str, result: Result, name_of: NameOf) -> Iterator[Exercised]:
    for one in result.exercises:
        contract = one.contract
        option = contract.option
        if option is None:
            continue
        yield Exercised(
            day=day,
            exchange=contract.exchange,
            product=name_of(contract.product),
            instrument=contract.instrument,
            hedge=_hedge(contract.exchange, one.hedge),
            side=_SIDES[one.direction],
            kind="执行" if one.direction == BUY else "履约",
            volume=one.volume,
            price=option.strike,
            amount=option.strike * one.volume * contract.multiplier,
            profit=one.cash,
            fee=one.fee,
        )


def _lots(account: Account, held: Held, name_of: NameOf) -> Iterator[Lot]:
    position, contract = held.position, held.position.contract
    option = contract.option is not None
    for lot in held.lots:
        size = lot.volume * contract.multiplier * position.sign
        yield Lot(
            exchange=contract.exchange,
            product=name_of(contract.product),
            instrument=contract.instrument,
            opened=lot.open_day,
            hedge=_hedge(contract.exchange, position.hedge),
            side=_SIDES[position.direction],
            volume=lot.volume,
            open_price=lot.open_price,
            pre_settlement=held.pre_settlement,
            settlement=held.price,
            floating=0 if option else (held.price - lot.open_price) * size,
            marked=0 if option else (held.price - lot.base) * size,
            margin=_lot_margin(account, position, lot),
            value=held.price * size if option else 0,
        )


def _positions(account: Account, all_held: Iterable[Held], name_of: NameOf) -> Iterator[Position]:
    """Give a row for each instrument and hedge flag, its two sides beside each other."""
    pairs: dict[tuple[str, str], list[Held]] = {}
    for held in all_held:
        key = held.position.contract.instrument, held.position.hedge
        pairs.setdefault(key, []).append(held)
    for sides in pairs.values():
        contract = sides[0].position.contract
        long = [held for held in sides if held.position.direction == BUY]
        short = [held for held in sides if held.position.direction != BUY]
        size = contract.multiplier if contract.option is not None else 0
        yield Position(
            product=name_of(contract.product),
            instrument=contract.instrument,
            long=sum(held.volume for held in long),
            long_cost=_cost(long),
            short=sum(held.volume for held in short),
            short_cost=_cost(short),
            pre_settlement=sides[0].pre_settlement,
            settlement=sides[0].price,
            marked=sum(held.profit for held in sides),
            margin=sum(_margin(account, held) for held in sides),
            hedge=_hedge(contract.exchange, sides[0].position.hedge),
            long_value=sum(held.price * held.volume * size for held in long),
            short_value=sum(held.price * held.volume * size for held in short),
        )


def _cost(sides: Iterable[Held]) -> int:
    return sum(lot.open_price * lot.volume for held in sides for lot in held.lots)


def _margin(account: Account, held: Held) -> int:
    """Return a position's new margin; one whose last day it was is gone, and needs none."""
    position = held.position
    if position.key not in account.positions:
        return 0
    if account.combined and not position.contract.by_date:
        return use_margin(account.combined.values(), position, lambda _: position.pre_settlement)
    return held.volume * position.lot_margin(position.pre_settlement)


def _lot_margin(account: Account, position: AccountPosition, found: HeldLot) -> int:
    if position.key not in account.positions:
        return 0
    if account.combined and not position.contract.by_date:
        known = account.combined.values()
        return lot_margin(known, position, found.lot, lambda _: position.pre_settlement)
    return found.volume * position.lot_margin(position.pre_settlement)


def _hedge(exchange: str, flag: str) -> str:
    if exchange == "CFFEX" and flag == "1":
        return _CFFEX_SPECULATION
    return _HEDGES.get(flag, flag)

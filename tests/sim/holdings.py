"""Positions for the independent ledger: lots, days and what orders have set aside, by arithmetic.

It shares no code with the simulator. Rules: CTP's pages ONRSPQRYINVESTORPOSITION and …DETAIL.
Amounts are Decimal yuan, volumes lots.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from decimal import ROUND_HALF_UP, Decimal
from typing import Any, NamedTuple

Row = Mapping[str, Any]
ZERO = Decimal(0)
_CENT = Decimal("0.01")


def exact(value: Any) -> Decimal:
    """Return a number of a struct as the decimal it stands for."""
    return value if isinstance(value, Decimal) else Decimal(repr(value))


def cents(amount: Decimal) -> Decimal:
    """Round an amount to the cent, halves away from zero."""
    return amount.quantize(_CENT, ROUND_HALF_UP)


@dataclass
class Lot:
    """What one opening trade left.

    ``settled`` is its SettlementPrice since it last changed, None until that is told.
    """

    trade_id: str
    day: str
    price: Decimal
    volume: Decimal
    today: bool
    settled: Decimal | None
    closed: Decimal = ZERO
    close_amount: Decimal = ZERO
    by_date: Decimal = ZERO
    by_trade: Decimal = ZERO


class Piece(NamedTuple):
    """What a closing trade took of one lot; ``gain`` by date, ``pre`` the price at settlement."""

    day: str
    volume: Decimal
    price: Decimal
    pre: Decimal
    gain: Decimal


@dataclass
class Part:
    """A day's movements of today's lots, or of yesterday's."""

    opened: Decimal = ZERO
    closed: Decimal = ZERO
    open_amount: Decimal = ZERO
    close_amount: Decimal = ZERO
    commission: Decimal = ZERO
    by_date: Decimal = ZERO
    by_trade: Decimal = ZERO
    cash_in: Decimal = ZERO
    settled: Decimal | None = None


@dataclass
class Frozen:
    """What orders have set aside of one part: lots, and what they would cost."""

    opening: Decimal = ZERO
    closing: Decimal = ZERO
    amount: Decimal = ZERO
    commission: Decimal = ZERO
    cash: Decimal = ZERO


@dataclass
class Holding:
    """What an account holds of an instrument on one side under one hedge flag.

    :param by_date: whether today's lots and yesterday's are kept apart (SHFE, INE).
    """

    side: str
    size: Decimal
    option: bool
    by_date: bool
    pre: Decimal
    start: Decimal = ZERO
    lots: list[Lot] = field(default_factory=list)
    today: Part = field(default_factory=Part)
    older: Part = field(default_factory=Part)
    paid_today: Decimal = ZERO
    pre_margin: Decimal | None = ZERO
    """What it cost after the last settlement; None where it was combined then."""

    @property
    def sign(self) -> int:
        """1 for what was bought, -1 for what was sold."""
        return 1 if self.side == "0" else -1

    def part(self, today: bool) -> Part:
        """The movements of one part; there is one only where days are not kept apart."""
        return self.today if today or not self.by_date else self.older

    def volume(self, today: bool | None = None) -> Decimal:
        """Lots held: all, today's or yesterday's."""
        return sum((lot.volume for lot in self.lots if today in (None, lot.today)), ZERO)

    def base(self, lot: Lot) -> Decimal:
        """The price that a lot's profit by date counts from."""
        return lot.price if lot.today else self.pre

    def cost(self, today: bool | None = None) -> Decimal:
        """PositionCost."""
        wanted = [lot for lot in self.lots if today in (None, lot.today)]
        return sum((self.base(lot) * lot.volume for lot in wanted), ZERO) * self.size

    def open_cost(self, today: bool | None = None) -> Decimal:
        """OpenCost."""
        wanted = [lot for lot in self.lots if today in (None, lot.today)]
        return sum((lot.price * lot.volume for lot in wanted), ZERO) * self.size

    def profit(self, last: Decimal, today: bool | None = None) -> Decimal:
        """PositionProfit; options have none."""
        if self.option:
            return ZERO
        return (last * self.volume(today) * self.size - self.cost(today)) * self.sign

    def open(self, row: Row, price: Decimal, volume: Decimal) -> None:
        """Enter an opening trade."""
        self.lots.append(Lot(row["TradeID"], row["TradingDay"], price, volume, True, None))
        self.today.opened += volume
        self.today.open_amount += price * volume * self.size
        self.today.settled = None

    def close(self, flag: str, price: Decimal, volume: Decimal) -> tuple[list[Piece], Part]:
        """Enter a closing trade: gives what it took, and the part that it took first."""
        pieces: list[Piece] = []
        first = None
        for lot in list(self.lots):
            if not volume:
                break
            if not lot.volume or (self.by_date and lot.today is not (flag == "3")):
                continue
            taken = min(volume, lot.volume)
            amount = taken * self.size
            by_date = ZERO if self.option else (price - self.base(lot)) * amount * self.sign
            by_trade = (price - lot.price) * amount * self.sign
            part = self.part(lot.today)
            lot.settled = None
            for one in (lot, part):
                one.closed += taken
                one.close_amount += price * amount
                one.by_date += by_date
                one.by_trade += by_trade
            lot.volume -= taken
            volume -= taken
            pieces.append(Piece(lot.day, taken, lot.price, self.pre, by_date))
            first = first or part
            part.settled = None
        assert not volume and first is not None, (self, flag, volume)
        return pieces, first

    def paying_today(self, flag: str, volume: Decimal) -> Decimal:
        """How many of the lots to be closed pay the rate of closing today's."""
        if self.by_date:
            return volume if flag == "3" else ZERO
        found = min(volume, self.today.opened - self.paid_today)
        self.paid_today += found
        return found

    def begin_day(self, settlement: Decimal) -> None:
        """Carry the position into the next day, at the price of the settlement."""
        self.lots = [lot for lot in self.lots if lot.volume]
        for lot in self.lots:
            lot.today, lot.settled = False, settlement
            lot.closed = lot.close_amount = lot.by_date = lot.by_trade = ZERO
        self.pre, self.start = settlement, self.volume()
        self.today, self.older = Part(settled=settlement), Part(settled=settlement)
        self.paid_today = ZERO

    def rows(self) -> Iterator[bool | None]:
        """The parts that are told: None for all of them in one row."""
        if not self.by_date:
            yield None
            return
        if self.volume(today=True) or self.today.opened:
            yield True
        if self.start:
            yield False

    def told(self, today: bool | None, last: Decimal, frozen: Frozen) -> dict[str, Decimal]:
        """Return the figures of ``CThostFtdcInvestorPositionField``, margins and prices apart."""
        part = self.part(today is not False)
        here, there = ("Long", "Short") if self.side == "0" else ("Short", "Long")
        return {
            "YdPosition": ZERO if today else self.start,
            "Position": self.volume(today),
            "TodayPosition": ZERO if today is False else self.volume(today=True),
            f"{here}Frozen": frozen.opening,
            f"{there}Frozen": frozen.closing,
            f"{here}FrozenAmount": frozen.amount,
            f"{there}FrozenAmount": ZERO,
            "FrozenCommission": frozen.commission,
            "FrozenCash": frozen.cash,
            "OpenVolume": part.opened,
            "CloseVolume": part.closed,
            "OpenAmount": part.open_amount,
            "CloseAmount": part.close_amount,
            "PositionCost": self.cost(today),
            "OpenCost": self.open_cost(today),
            "Commission": part.commission,
            "CashIn": part.cash_in,
            "CloseProfit": part.by_date,
            "CloseProfitByDate": part.by_date,
            "CloseProfitByTrade": part.by_trade,
            "PositionProfit": self.profit(last, today),
            "PreSettlementPrice": self.pre,
        }

    def detail(self, lot: Lot, last: Decimal) -> dict[str, Decimal]:
        """Return the figures of ``CThostFtdcInvestorPositionDetailField``, likewise."""
        amount = lot.volume * self.size * self.sign
        return {
            "TimeFirstVolume": lot.volume,
            "OpenPrice": lot.price,
            "CloseVolume": lot.closed,
            "CloseAmount": lot.close_amount,
            "CloseProfitByDate": lot.by_date,
            "CloseProfitByTrade": lot.by_trade,
            "PositionProfitByDate": ZERO if self.option else (last - self.base(lot)) * amount,
            "PositionProfitByTrade": ZERO if self.option else (last - lot.price) * amount,
            "LastSettlementPrice": self.pre,
        }

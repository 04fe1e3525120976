"""Positions: what an account holds of an instrument in one direction, lot by lot."""

from dataclasses import dataclass, field, replace

from webctp.sim.market.book import BUY
from webctp.sim.market.charges import CLOSE_TODAY
from webctp.sim.model.contracts import Contract

PositionKey = tuple[str, str, str]
"""Instrument, direction ('0' long, '1' short), hedge flag."""

COMMON = "0"
BY_EXERCISE = "1"
"""``THOST_FTDC_TRDT_Common``, ``…_OptionsExecution``: the TradeType of what opened a lot."""


@dataclass(slots=True)
class Lot:
    """What one opening trade left: ``InvestorPositionDetail``. Prices and amounts in units.

    ``volume`` is what is left first in, first out, and makes cost and profits; ``held`` is what is
    left where single lots go before combined ones, and makes margins (CTP's page QTYWGZ/DCEZB 5).
    Of ``held``, ``combined`` lots are in combinations.
    ``kind`` is its TradeType: an option's exercise opens lots too, at the strike price.
    """

    trade_id: str
    open_day: str
    open_price: int
    volume: int
    today: bool
    closed: int = 0
    close_amount: int = 0
    profit_by_date: int = 0
    profit_by_trade: int = 0
    held: int = -1
    combined: int = 0
    kind: str = COMMON
    changed_at: int | None = None
    """The last price when it last changed today; None if it has not."""

    def __post_init__(self) -> None:
        if self.held < 0:
            self.held = self.volume


@dataclass(slots=True)
class Tally:
    """A day's movements of a position, for today's part or yesterday's. Amounts in units.

    ``frozen_commission`` and ``frozen_cash`` are set aside for its orders. ``changed_at`` is the
    last price when it last changed, None if it has not today.
    """

    open_volume: int = 0
    close_volume: int = 0
    open_amount: int = 0
    close_amount: int = 0
    commission: int = 0
    close_profit: int = 0
    close_profit_by_trade: int = 0
    cash_in: int = 0
    frozen_commission: int = 0
    frozen_cash: int = 0
    changed_at: int | None = None


@dataclass(frozen=True, slots=True)
class Closed:
    """What a closing trade took of a lot: from today's lots or older ones, and the profit by date.

    ``pre_settlement`` is the price of the day before, ``open_day`` and ``open_price`` the lot's.
    """

    today: bool
    volume: int
    profit: int
    profit_by_trade: int
    open_day: str
    open_price: int
    pre_settlement: int


@dataclass(slots=True)
class Position:
    """A direction of an instrument in an account.

    ``margin`` is the margin a lot, of an option sold without the premium; ``pre_settlement`` is
    what yesterday's lots are valued from, ``pre_margin`` what the position cost after the last
    settlement. ``paid_today`` counts the lots that have paid the
    commission of closing today's, where days are not kept apart.
    ``frozen_today`` and ``frozen_older`` are volumes under closing orders (on exchanges that do
    not keep days apart, ``frozen_older`` counts all), ``opening`` volumes under opening orders.
    ``strike_…`` and ``abandon_…`` are the lots under exercise and abandonment, told apart likewise,
    ``strike_amount`` the margin in units that the exercises have set aside.
    """

    contract: Contract
    direction: str
    hedge: str
    margin: int
    pre_settlement: int
    lots: list[Lot] = field(default_factory=list)
    start_volume: int = 0
    frozen_today: int = 0
    frozen_older: int = 0
    opening: int = 0
    opening_amount: int = 0
    paid_today: int = 0
    strike_today: int = 0
    strike_older: int = 0
    abandon_today: int = 0
    abandon_older: int = 0
    strike_amount: int = 0
    pre_margin: int = 0
    today: Tally = field(default_factory=Tally)
    older: Tally = field(default_factory=Tally)
    _changed: list[Lot | Tally] = field(default_factory=list, repr=False)

    @property
    def key(self) -> PositionKey:
        """What the account finds it by."""
        return self.contract.instrument, self.direction, self.hedge

    @property
    def sign(self) -> int:
        """1 for long, -1 for short."""
        return 1 if self.direction == BUY else -1

    def volume(self, today: bool | None = None) -> int:
        """Lots held, all or only those opened today (True) or before (False)."""
        return sum(lot.volume for lot in self.lots if today is None or lot.today is today)

    @property
    def combined(self) -> int:
        """Lots that are in combinations."""
        return sum(lot.combined for lot in self.lots)

    @property
    def locked(self) -> int:
        """Lots under exercise or abandonment."""
        exercised = self.strike_today + self.strike_older
        return exercised + self.abandon_today + self.abandon_older

    def lot_margin(self, price: int) -> int:
        """Return the margin a lot while the last price is ``price``.

        Of an option sold it holds the premium at the larger of pre-settlement and last price
        (CTP's page REQQRYOPTIONINSTRTRADECOST).
        """
        if self.contract.option is None or self.direction == BUY:
            return self.margin
        return self.margin + max(self.pre_settlement, price) * self.contract.multiplier

    def pay_as_today(self, volume: int) -> int:
        """Take from ``volume`` lots to be closed those that pay the rate of closing today's.

        As many of a day's closings do as it has openings, whichever lots they close (短线开平仓,
        CTP's page ONRSPQRYTRADINGACCOUNT).
        """
        found = min(volume, self.today.open_volume - self.paid_today)
        self.paid_today += found
        return found

    def closable(self, offset: str) -> int:
        """Lots that a closing order with ``offset`` may still take."""
        if not self.contract.by_date:
            return self.volume() - self.frozen_older - self.strike_older - self.abandon_older
        if offset == CLOSE_TODAY:
            locked = self.strike_today + self.abandon_today
            return self.volume(today=True) - self.frozen_today - locked
        locked = self.strike_older + self.abandon_older
        return self.volume(today=False) - self.frozen_older - locked

    def freeze(self, offset: str, volume: int) -> None:
        """Set ``volume`` lots aside for a closing order (a negative volume frees them)."""
        if self.contract.by_date and offset == CLOSE_TODAY:
            self.frozen_today += volume
        else:
            self.frozen_older += volume

    def lock(self, volume: int, *, today: bool, abandoned: bool, amount: int) -> None:
        """Set lots and money aside for an exercise or an abandonment (negative: free them)."""
        today = today and self.contract.by_date
        name = f"{'abandon' if abandoned else 'strike'}_{'today' if today else 'older'}"
        setattr(self, name, getattr(self, name) + volume)
        self.strike_amount += amount

    def drop(self, volume: int, today: bool | None = None, kind: str | None = None) -> list[Lot]:
        """Take lots out at the settlement, oldest first; return what was taken.

        What of them is combined must have been broken up before.

        :raises ValueError: if there is not that much.
        """
        if not self.contract.by_date:
            self._close_held(volume)
        dropped: list[Lot] = []
        for lot in self.lots:
            wanted = (today is None or lot.today is today) and kind in (None, lot.kind)
            if volume and lot.volume and wanted:
                taken = min(volume, lot.volume)
                lot.volume -= taken
                if self.contract.by_date:
                    lot.held -= taken
                volume -= taken
                dropped.append(replace(lot, volume=taken))
        if volume:
            raise ValueError(f"{self.key}: {volume} lots more taken than held")
        return dropped

    def base(self, lot: Lot) -> int:
        """Return the price that a lot's profit by date counts from."""
        return lot.open_price if lot.today else self.pre_settlement

    def cost(self, today: bool | None = None) -> int:
        """Position cost in units: today's lots at open price, older ones at pre-settlement."""
        return self.contract.multiplier * sum(
            self.base(lot) * lot.volume for lot in self.lots if today is None or lot.today is today
        )

    def open_cost(self, today: bool | None = None) -> int:
        """Return the cost at which the lots were opened, in units."""
        return self.contract.multiplier * sum(
            lot.open_price * lot.volume for lot in self.lots if today is None or lot.today is today
        )

    def profit(self, price: int, today: bool | None = None) -> int:
        """Floating profit by date in units at ``price``; an option's is in its value instead."""
        if self.contract.option is not None:
            return 0
        worth = price * self.volume(today) * self.contract.multiplier
        return self.sign * (worth - self.cost(today))

    def open(self, trade_id: str, day: str, price: int, volume: int) -> None:
        """Enter an opening trade."""
        self.lots.append(Lot(trade_id, day, price, volume, today=True))
        self._changed += (self.lots[-1], self.today)
        self.today.open_volume += volume
        self.today.open_amount += price * volume * self.contract.multiplier

    def close(self, offset: str, price: int, volume: int) -> list[Closed]:
        """Enter a closing trade: oldest lots first, within the day where days are kept apart.

        :raises ValueError: if there is not that much to close.
        """
        wanted = offset == CLOSE_TODAY if self.contract.by_date else None
        if wanted is None:
            self._close_held(volume)
        parts: list[Closed] = []
        for lot in self.lots:
            if volume <= 0:
                break
            if lot.volume and (wanted is None or lot.today is wanted):
                taken = min(volume, lot.volume)
                parts.append(self._close_lot(lot, price, taken))
                volume -= taken
        if volume > 0:
            raise ValueError(f"{self.key}: {volume} lots more closed than held")
        return parts

    def _close_held(self, volume: int) -> None:
        """Take single lots, the oldest first; what is combined has been broken up before."""
        for lot in self.lots:
            taken = min(volume, lot.held - lot.combined)
            lot.held -= taken
            volume -= taken
        if volume > 0:
            raise ValueError(f"{self.key}: {volume} lots more closed than are single")

    def _close_lot(self, lot: Lot, price: int, volume: int) -> Closed:
        amount = volume * self.contract.multiplier
        is_option = self.contract.option is not None
        by_date = 0 if is_option else self.sign * (price - self.base(lot)) * amount
        by_trade = self.sign * (price - lot.open_price) * amount
        lot.volume -= volume
        if self.contract.by_date:
            lot.held -= volume
        lot.closed += volume
        lot.close_amount += price * amount
        lot.profit_by_date += by_date
        lot.profit_by_trade += by_trade
        tally = self.tally(lot.today)
        tally.close_volume += volume
        tally.close_amount += price * amount
        tally.close_profit += by_date
        tally.close_profit_by_trade += by_trade
        self._changed += (lot, tally)
        return Closed(
            today=lot.today,
            volume=volume,
            profit=by_date,
            profit_by_trade=by_trade,
            open_day=lot.open_day,
            open_price=lot.open_price,
            pre_settlement=self.pre_settlement,
        )

    def changed(self, last: int) -> None:
        """Note the last price in what a trade has just changed (SettlementPrice, CTP's pages)."""
        for one in self._changed:
            one.changed_at = last
        self._changed.clear()

    def marked(self, one: Lot | Tally) -> int:
        """Return the last price when a lot or a part last changed, pre-settlement before."""
        return self.pre_settlement if one.changed_at is None else one.changed_at

    def tally(self, today: bool) -> Tally:
        """Return the movements that the row for today's (or older) lots shows."""
        return self.today if today or not self.contract.by_date else self.older

    @property
    def empty(self) -> bool:
        """Whether nothing is held and no order is about to change that."""
        return not self.volume() and not self.opening

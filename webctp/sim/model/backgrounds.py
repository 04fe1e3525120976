"""From a seed and a day to the backgrounds of its markets, and to how they stood the day before."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, time
from typing import Final

from webctp.exchanges.instruments import Instrument
from webctp.exchanges.products import Product, TradingHours
from webctp.sim.draws import key
from webctp.sim.model import days, pricing
from webctp.sim.model.background import ACTIVE, Background, Manners, Value, future, option
from webctp.sim.model.contracts import Contract
from webctp.sim.model.daylevels import DayLevels, deviation_of
from webctp.sim.model.fairprice import Hours, Path, closing_of, gap_of
from webctp.sim.model.listing import activity_of, spread_of
from webctp.sim.model.lots import DayOfTrade, Scale, Settled, closing_price
from webctp.sim.model.timeline import STEP, Day, OpenSteps, Timeline
from webctp.sim.money import share

_LAST_HOUR: Final = 7_200
_BY_LAST_HOUR: Final = "CFFEX"
"""The exchange whose settlement price is the average of the last hour, not of the day."""
_WITHIN: Final = 0.85
"""The deviation of prices within a day, in those of settlement prices from day to day."""
_NOON: Final = time(12)


@dataclass(frozen=True, slots=True)
class Drawn:
    """The background of a future, its centre, and what averages its settlement price."""

    background: Background
    value: Value
    settled: Settled


class Backgrounds:
    """The backgrounds of one trading day after another.

    :param must: the terms of an instrument today.
    :param instrument: what is listed by a name today.
    """

    def __init__(
        self,
        seed: int,
        timeline: Timeline,
        must: Callable[[str], Contract],
        instrument: Callable[[str], Instrument],
    ) -> None:
        self._seed = seed
        self._timeline = timeline
        self._must = must
        self._instrument = instrument
        self.levels = DayLevels(seed, must, timeline.day_before)
        self._befores: dict[date, Day] = {}
        self._hours: dict[tuple[TradingHours, str, date], OpenSteps] = {}
        self._paths: dict[str, Path] = {}
        self._futures: dict[str, Drawn] = {}
        self._interests: dict[tuple[str, date], int] = {}

    def begin(self) -> None:
        """Begin a new trading day."""
        self.levels.forget()
        for kept in (
            self._befores,
            self._hours,
            self._paths,
            self._futures,
            self._interests,
        ):
            kept.clear()

    def open_steps(self, product: Product, day: Day) -> OpenSteps:
        """Return the half seconds at which a product trades on a day."""
        # Which sessions begin with a call auction is the exchange's own.
        kept = product.hours, product.exchange_id, day.date
        known = self._hours.get(kept)
        if known is None:
            opened = self._timeline.sessions(product, day.begins)
            known = self._hours[kept] = OpenSteps(day, opened)
        return known

    def settling(self, contract: Contract, day: Day) -> int:
        """Return the first step whose trades the settlement price is the average of."""
        return self._hours_of(self._instrument(contract.instrument).product, day).settling

    def bounds(self, contract: Contract, day: Day, pre_settlement: int) -> tuple[int, int]:
        """Lower and upper price limit of a day. An option may move by what its future may."""
        based_on, base = contract, pre_settlement
        if contract.option is not None:
            based_on = self._must(contract.option.underlying)
            base = self.levels.before(based_on, day.date)
        room = share(base, based_on.price_limit)
        return pricing.price_bounds(pre_settlement, room, contract.tick)

    # Today

    def of(self, contract: Contract, day: Day, bounds: tuple[int, int]) -> Background:
        """Return the background of an instrument's day, to be followed by one market."""
        if contract.option is None:
            return self.future(contract, day, bounds).background
        underlying = self._must(contract.option.underlying)
        return option(
            self._path(underlying, day),
            self._key(contract, day),
            self._scale(contract, day, bounds, contract.spread),
            self._trade(contract, day),
            Manners(contract.activity, contract.spread),
            self._valued(contract, day, underlying),
        )

    def future(self, contract: Contract, day: Day, bounds: tuple[int, int] | None = None) -> Drawn:
        """Return a future's background, and what others need to know of it."""
        known = self._futures.get(contract.instrument)
        if known is None:
            if bounds is None:
                bounds = self.bounds(contract, day, self.levels.before(contract, day.date))
            drawn = future(
                self._path(contract, day),
                self._key(contract, day),
                self._scale(contract, day, bounds, contract.spread),
                self._trade(contract, day),
                Manners(contract.activity, contract.spread),
            )
            known = self._futures[contract.instrument] = Drawn(*drawn)
        return known

    def _valued(self, contract: Contract, day: Day, underlying: Contract) -> Value:
        """Return the value of an option in ticks at the centre of its future."""
        terms = contract.option
        if terms is None:
            raise TypeError(f"{contract.instrument} is no option")
        years = pricing.years_between(day.date.toordinal(), contract.expiry)
        worth = pricing.option_value(float(terms.strike), years, contract.volatility, terms.call)
        future_at, scale, tick = self.future(underlying, day).value, underlying.tick, contract.tick
        return lambda at: worth(future_at(at) * scale) / tick

    def _trade(self, contract: Contract, day: Day) -> DayOfTrade:
        instrument = self._instrument(contract.instrument)
        lots, interest = self._volume(instrument, day)
        settlement = self.levels.before(contract, day.following)
        return DayOfTrade(lots, interest, settlement // contract.tick)

    def _scale(self, contract: Contract, day: Day, bounds: tuple[int, int], spread: int) -> Scale:
        """Return the prices of a day, where it settles within its limits."""
        lowest, highest = bounds[0] // contract.tick, bounds[1] // contract.tick
        base = self.levels.before(contract, day.following) / contract.tick
        return Scale(base, spread, lowest, highest)

    def _path(self, contract: Contract, day: Day) -> Path:
        """Return the path of a product; months and options on them share it."""
        known = self._paths.get(contract.product)
        if known is None:
            product = self._instrument(contract.instrument).product
            hours = self._hours_of(product, day)
            of_day = self._path_key(contract, day)
            deviation = deviation_of(contract) * _WITHIN
            before = self._before(day)
            closed = self._closed_at(contract, before)
            rise = self.levels.rise(contract, day.date, day.following)
            opening = (1.0 + closed) * (1.0 + gap_of(of_day, deviation)) / rise - 1.0
            known = self._paths[contract.product] = Path(of_day, hours, deviation, opening)
        return known

    # The day before

    def close_before(self, contract: Contract, day: Day) -> int | None:
        """Return the background's last price of the day before, None before the first day.

        Where nothing traded it is that day's PreSettlementPrice.
        """
        instrument, before = self._instrument(contract.instrument), self._before(day)
        if before.date < instrument.series.open_date:
            return None
        settled = self.levels.before(contract, day.date)
        lots, _ = self._volume(instrument, before)
        if not lots:
            return self.levels.before(contract, before.date)
        if contract.option is not None or lots < ACTIVE:
            return settled
        bounds = self.bounds(contract, before, self.levels.before(contract, before.date))
        spread = spread_of(activity_of(instrument, before.date))
        scale = self._scale(contract, before, bounds, spread)
        closed = self._closed_at(contract, before)
        return closing_price(self._key(contract, before), scale, closed) * contract.tick

    def interest_before(self, contract: Contract, day: Day) -> int:
        """Return the open interest at the close of the day before."""
        return self._interest(self._instrument(contract.instrument), self._before(day))

    def _closed_at(self, contract: Contract, day: Day) -> float:
        """Return where a product's path has closed on a day."""
        product = self._instrument(contract.instrument).product
        deviation = deviation_of(contract) * _WITHIN
        return closing_of(self._path_key(contract, day), deviation, self._hours_of(product, day))

    def _volume(self, instrument: Instrument, day: Day) -> tuple[int, int]:
        """Lots and change of the open interest of a day."""
        interest = self._interest(instrument, day) - self._interest(instrument, self._before(day))
        steps = self.open_steps(instrument.product, day).number
        return days.volume(self._seed, instrument, day.date, steps, interest), interest

    def _interest(self, instrument: Instrument, day: Day) -> int:
        """Return the open interest at the close of a day."""
        kept = instrument.instrument_id, day.date
        known = self._interests.get(kept)
        if known is None:
            known = days.open_interest(self._seed, instrument, day.date)
            self._interests[kept] = known
        return known

    # Days

    def _hours_of(self, product: Product, day: Day) -> Hours:
        steps = self.open_steps(product, day)
        last = _LAST_HOUR if product.exchange_id == _BY_LAST_HOUR else 0
        return Hours(steps.number, steps.auctions, last)

    def _before(self, day: Day) -> Day:
        known = self._befores.get(day.date)
        if known is None:
            known = self._befores[day.date] = self._timeline.day_of(day.begins - STEP)
        return known

    def _key(self, contract: Contract, day: Day) -> int:
        return key(self._seed, "day", day.name, contract.instrument)

    def _path_key(self, contract: Contract, day: Day) -> int:
        return key(self._seed, "path", day.name, contract.product)

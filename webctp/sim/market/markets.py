"""The instruments of a trading day and their markets, made when looked at.

Ten thousand instruments are listed, few are ever looked at. A market is made at its first look
and caught up on at each later one; only markets that are stepped (subscribed, or with orders in
them) cost anything in between. What a market shows does not depend on any of that.
"""

from collections.abc import Callable, Iterable, Mapping
from datetime import date, datetime
from typing import Any

from webctp.exchanges.combinations import Combinations
from webctp.exchanges.instruments import Instrument
from webctp.exchanges.products import Product, TradingHours
from webctp.exchanges.rules import month_number
from webctp.exchanges.sessions import AUCTION_ORDERING, CONTINUOUS
from webctp.sim.market.charges import future_margin, option_margin
from webctp.sim.market.market import Market
from webctp.sim.market.spreadmarket import SpreadMarket
from webctp.sim.model import pricing
from webctp.sim.model.backgrounds import Backgrounds
from webctp.sim.model.carried import Carried
from webctp.sim.model.combinations import QUOTED, Spreads
from webctp.sim.model.contracts import Contract
from webctp.sim.model.listing import contract_of
from webctp.sim.model.tape import DayPrices, Fill
from webctp.sim.model.timeline import Day, OpenSteps, Timeline

Listing = Callable[[date], Iterable[Instrument]]


class Markets:
    """Instruments, their terms and markets on one trading day after another.

    :param listing: the instruments of a trading day.
    """

    def __init__(self, seed: int, listing: Listing, timeline: Timeline, now: datetime) -> None:
        self._seed = seed
        self._listing = listing
        self.timeline = timeline
        self._instruments: dict[str, Instrument] = {}
        self._contracts: dict[str, Contract] = {}
        self._markets: dict[str, Market] = {}
        self._backgrounds = Backgrounds(seed, timeline, self.must, self._listed)
        # What users' trades have made of yesterday.
        self._carried: dict[str, Carried] = {}
        self._booked: set[str] = set()
        self._seen_early: set[str] = set()
        self.now = now
        self._open_steps: dict[Product, int] = {}
        self._steps_of_hours: dict[tuple[TradingHours, str], int] = {}
        self.day = timeline.day_of(now)
        self.settlement = 1
        self._list()

    def go_to(self, moment: datetime) -> None:
        """Let time go on; it does not go back."""
        if moment <= self.now:
            return
        self.now = moment
        self._open_steps.clear()
        self._steps_of_hours.clear()

    def begin(self, day: Day) -> None:
        """Go on to another trading day: its listing, fresh markets."""
        self._carry()
        self.day = day
        self.settlement += 1
        self._list()

    def _carry(self) -> None:
        """Keep what users' trades have made of the day that ends."""
        used = {name for name, market in self._markets.items() if market.used}
        ended = {
            name: self._ended(name)
            for name in sorted(used | self._carried.keys())
            if name in self._instruments
        }
        self._carried = {
            name: Carried(
                self.settlement_price(market.contract),
                market.tape.last,
                max(0, market.tape.open_interest),
            )
            for name, market in ended.items()
        }

    def _ended(self, name: str) -> Market:
        """Return a market at the end of its day."""
        market = self._known(name)
        market.advance(self._steps(market.contract).number - 1)
        return market

    def _listed(self, name: str) -> Instrument:
        return self._instruments[name]

    def _list(self) -> None:
        listed = self._listing(self.day.date)
        self._instruments = {instrument.instrument_id: instrument for instrument in listed}
        self._products = {
            instrument.product.product_id: instrument.product
            for instrument in self._instruments.values()
        }
        self.combinations = Combinations(self._instruments)
        self.spreads = Spreads(self.combinations, self.must)
        self._spread_markets: dict[str, SpreadMarket] = {}
        self._months: dict[str, dict[int, str]] = {}
        self._deltas: dict[str, tuple[float, Callable[[float], float]]] = {}
        self._contracts.clear()
        self._markets.clear()
        self._backgrounds.begin()
        self._booked.clear()

    # Terms

    @property
    def instruments(self) -> Mapping[str, Instrument]:
        """Every instrument listed today, by its id."""
        return self._instruments

    def names(self) -> tuple[str, ...]:
        """Return what has a market today: instruments, and the combinations that are quoted."""
        quoted = (made for made in self.combinations.listed if made.exchange_id in QUOTED)
        return (*self._instruments, *(made.instrument_id for made in quoted))

    @property
    def products(self) -> Mapping[str, Product]:
        """The products of the instruments listed today, by ProductID."""
        return self._products

    def product_of(self, instrument: str) -> str:
        """Return the ProductID of a listed instrument; of a combination, its first leg's."""
        return self._instrument(instrument).product.product_id

    def _instrument(self, name: str) -> Instrument:
        """Return the instrument of a name; of a combination, its first leg."""
        known = self._instruments.get(name)
        return self.combinations.must(name).legs[0] if known is None else known

    def contract(self, instrument: str) -> Contract | None:
        """Return the terms of an instrument, None for one that is not listed."""
        known = self._contracts.get(instrument)
        if known is None:
            listed = self._instruments.get(instrument)
            if listed is None:
                return None
            known = self._contracts[instrument] = contract_of(
                listed, self.day.date, self._future_of
            )
        return known

    def pre_settlement(self, contract: Contract) -> int:
        """Return yesterday's settlement price in units."""
        carried = self._carried.get(contract.instrument)
        if carried is not None:
            return carried.settlement
        return self._backgrounds.levels.before(contract, self.day.date)

    def settlement_price(self, contract: Contract) -> int:
        """Return today's settlement price in units: tomorrow's pre-settlement price.

        A future's is an average of trades, users' among them.
        """
        name = contract.instrument
        settled = self._backgrounds.levels.before(contract, self.day.following)
        market = self._markets.get(name)
        if contract.option is None and market is not None and market.used:
            if not len(market.book):
                market.advance(self._open_step(contract))
            planned = self._backgrounds.future(contract, self.day).settled
            settled = market.settlement(planned, settled)
        if name in self._carried:
            # Its limits are not those that the day was drawn for.
            lower, upper = self._bounds(contract)
            settled = min(max(settled, lower), upper)
        return settled

    def upper_limit(self, contract: Contract) -> int:
        """Return today's highest price in units."""
        return self._bounds(contract)[1]

    def margin(self, contract: Contract, side: str) -> int:
        """Return today's margin a lot in units for a position of a side.

        Options bought need none; that of options sold goes without their premium.
        """
        if contract.option is None:
            return future_margin(contract, side, self.pre_settlement(contract))
        if side == "0":
            return 0
        future = self.must(contract.option.underlying)
        return option_margin(contract, self.pre_settlement(future))

    def _future_of(self, product: Product, month: int) -> str:
        """Return the InstrumentID of a product's future of a month, or of the nearest month."""
        listed = self._months.get(product.product_id)
        if listed is None:
            for name, future in self._instruments.items():
                if not future.options_type:
                    series = future.series
                    month_of = month_number(series.delivery_year, series.delivery_month)
                    self._months.setdefault(future.product.product_id, {})[month_of] = name
            listed = self._months[product.product_id]
        return listed[min(listed, key=lambda known: (abs(known - month), known))]

    def must(self, instrument: str) -> Contract:
        """Return the terms of an instrument that is listed.

        :raises KeyError: if it is not.
        """
        contract = self.contract(instrument)
        if contract is None:
            raise KeyError(instrument)
        return contract

    def _bounds(self, contract: Contract) -> tuple[int, int]:
        return self._backgrounds.bounds(contract, self.day, self.pre_settlement(contract))

    # Markets

    def status(self, contract: Contract) -> str:
        """Return the InstrumentStatus now."""
        product = self._instrument(contract.instrument).product
        return self.timeline.phase(product, self.now).status

    def takes_actions(self, contract: Contract) -> bool:
        """Return whether cancellations are taken now; where orders are, they are as well."""
        if self.status(contract) in (CONTINUOUS, AUCTION_ORDERING):
            return True
        product = self._instrument(contract.instrument).product
        return self.timeline.phase(product, self.now).cancels

    def last(self, instrument: str) -> int:
        """Return the price that positions are marked at now, in units."""
        return self.market(instrument).tape.last

    def market(self, instrument: str) -> Market:
        """Return an instrument's or a combination's market, caught up on to now.

        :raises KeyError: for an instrument that is not listed.
        """
        if "&" in instrument:
            return self.spread_market(instrument)
        known = self._known(instrument)
        if instrument not in self._booked:
            # A market with orders in it is stepped by the exchange, which sends the fills.
            step = self._open_step(known.contract)
            if step > known.step and known.advance(step)[0]:
                self._seen_early.add(instrument)
        return known

    def market_before(self, instrument: str) -> Market:
        """Return an instrument's market as it was last caught up on: before its call auction."""
        return self._known(instrument)

    def begin_step(self) -> None:
        """Begin a step of the markets that are followed; others may look at them in between."""
        self._seen_early.clear()

    def step(self, instrument: str) -> tuple[Market, bool, list[Fill]]:
        """Step a market that is followed; return it, whether it changed, and what filled in it.

        A combination comes after its legs.
        """
        if "&" in instrument:
            spread = self.spread_market(instrument)
            return spread, *spread.advance(0)
        market = self._known(instrument)
        changed, fills = market.advance(self._open_step(market.contract))
        if self._seen_early and instrument in self._seen_early:
            # It was looked at since the step began, before its turn: the change is still news.
            self._seen_early.discard(instrument)
            changed = True
        return market, changed, fills

    def _known(self, instrument: str) -> Market:
        known = self._markets.get(instrument)
        if known is None:
            known = self._markets[instrument] = self._make(self.must(instrument))
        return known

    def rested(self, instrument: str) -> None:
        """Note that a user's order rests in a market."""
        self._booked.add(instrument)

    def with_orders(self) -> set[str]:
        """Instruments whose books hold users' orders, and the legs of such combinations."""
        empty = [name for name in self._booked if not len(self._any_market(name).book)]
        self._booked.difference_update(empty)
        spreads = [name for name in self._booked if "&" in name]
        legs = {leg.instrument for name in spreads for leg in self.spreads.must(name).legs}
        return self._booked | legs

    def _any_market(self, name: str) -> Market:
        spread = self._spread_markets.get(name)
        return self._markets[name] if spread is None else spread

    def spread_market(self, name: str) -> SpreadMarket:
        """Return a combination's market.

        :raises KeyError: for a combination that there is not.
        """
        known = self._spread_markets.get(name)
        if known is None:
            spread = self.spreads.must(name)
            first, second = (leg.instrument for leg in spread.legs)
            known = SpreadMarket(spread, lambda: (self.market(first), self.market(second)))
            self._spread_markets[name] = known
        return known

    def keeps(self, order_id: int, instrument: str, direction: str, lots: int) -> bool:
        """Return whether the book that was restored has a user's order with just these lots.

        One with other lots is taken out: the exchange had filled it, and no message said so.
        """
        market = self._markets.get(instrument)
        if market is None:
            return False
        held = next((e for e in market.book.side(direction) if e.order_id == order_id), None)
        if held is not None and held.volume != lots:
            market.book.remove(order_id, direction)
            return False
        return held is not None

    def deltas(self, contract: Contract) -> tuple[float, float] | None:
        """Return an option's delta at yesterday's settlement and now; None for futures."""
        option = contract.option
        if option is None:
            return None
        known = self._deltas.get(contract.instrument)
        if known is None:
            years = pricing.years_between(self.day.date.toordinal(), contract.expiry)
            delta = pricing.option_delta(
                float(option.strike), years, contract.volatility, option.call
            )
            pre = self.pre_settlement(self.must(option.underlying))
            known = self._deltas[contract.instrument] = round(delta(pre), 4), delta
        return known[0], round(known[1](self.last(option.underlying)), 4)

    def _open_step(self, contract: Contract) -> int:
        product = self._instruments[contract.instrument].product
        step = self._open_steps.get(product)
        if step is None:
            step = self._open_steps[product] = self._step_of_hours(product)
        return step

    def _step_of_hours(self, product: Product) -> int:
        """Return the step of a product's hours, worked out once a moment for equal hours."""
        # Which sessions begin with a call auction is the exchange's own.
        kept = product.hours, product.exchange_id
        step = self._steps_of_hours.get(kept)
        if step is None:
            steps = self._backgrounds.open_steps(product, self.day)
            step = self._steps_of_hours[kept] = steps.at(self.day.step(self.now))
        return step

    def step_at(self, instrument: str, moment: datetime) -> int:
        """Return the open step of an instrument's market at a moment of today, as `Market` does."""
        return self._steps(self.must(instrument)).at(self.day.step(moment))

    def _steps(self, contract: Contract) -> OpenSteps:
        product = self._instruments[contract.instrument].product
        return self._backgrounds.open_steps(product, self.day)

    def _make(self, contract: Contract) -> Market:
        lower, upper = self._bounds(contract)
        pre = self.pre_settlement(contract)
        carried = self._carried.get(contract.instrument)
        if carried is None:
            close = self._backgrounds.close_before(contract, self.day)
            interest = self._backgrounds.interest_before(contract, self.day)
        else:
            close, interest = carried.close, carried.open_interest
        return Market(
            contract,
            DayPrices(pre, pre if close is None else close, upper, lower, interest),
            self._backgrounds.of(contract, self.day, (lower, upper)),
            self._backgrounds.settling(contract, self.day),
        )

    # The state file

    def facts(self) -> dict[str, Any]:
        """Return what users have made of the markets, as plain values."""
        used = {name: market.facts() for name, market in self._markets.items() if market.used}
        return {"carried": {n: list(c) for n, c in self._carried.items()}, "used": used}

    def restore(self, facts: Mapping[str, Any]) -> None:
        """Go on with what `facts` gave, on the same trading day."""
        self._carried = {name: Carried(*carried) for name, carried in facts["carried"].items()}
        for name, known in facts["used"].items():
            market = self._known(name)
            market.restore(known)
            if len(market.book):
                self.rested(name)

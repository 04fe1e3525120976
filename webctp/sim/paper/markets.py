"""Markets that a feed of ticks drives; their instruments are found as they are named."""

from collections.abc import Callable, Iterable, Mapping
from datetime import date, datetime
from typing import Any, Final

from webctp.exchanges import calendar as calendars
from webctp.exchanges import instruments as tables
from webctp.exchanges import productfile
from webctp.exchanges.instruments import Instrument
from webctp.exchanges.sessions import CLOSED, CONTINUOUS
from webctp.sim.model.contracts import Contract
from webctp.sim.model.timeline import Day, ExchangeHours
from webctp.sim.replay.file import with_futures
from webctp.sim.replay.market import Quote, ReplayMarkets
from webctp.sim.replay.recorded import RecordedDays

MOST_NAMED: Final = 20_000
"""Instruments beside those of the tables; a name beyond that is of no instrument."""


class PaperMarkets(ReplayMarkets):
    """The instruments of the tables, those that the feed lists, and any whose name can be read.

    :param keeps_hours: whether orders are taken in continuous trading by the calendar only; else
        from an instrument's first tick of the day on.
    """

    def __init__(
        self,
        seed: int,
        days: RecordedDays,
        now: datetime,
        read: Callable[[bytes], Quote],
        *,
        keeps_hours: bool,
    ) -> None:
        self._named: dict[str, None] = {}
        self._settled: dict[str, int] = {}
        """Settlement prices of the day that ends, as the first ticks of the next one have them."""
        self._days = days
        hours = ExchangeHours(calendars.default(), productfile.default().values())
        self._hours = hours if keeps_hours else None
        super().__init__(seed, self._list_day, days, now, read)

    def name(self, instruments: Iterable[str]) -> None:
        """List further instruments, from now on; what cannot be read is passed over."""
        new = [name for name in instruments if name not in self._instruments]
        new = new[: MOST_NAMED - len(self._named)]
        read = with_futures(new, self.day.date)
        found = {name: one for name, one in read.items() if name not in self._instruments}
        if not found:
            return
        self._named.update(dict.fromkeys(found))
        # A new mapping: others may be going through the old one.
        self._instruments = {**self._instruments, **found}
        self._products = {
            **self._products,
            **{one.product.product_id: one.product for one in found.values()},
        }
        self._months.clear()

    def contract(self, instrument: str) -> Contract | None:
        """Return the terms of an instrument; None for a name that cannot be read."""
        known = super().contract(instrument)
        if known is None and instrument and "&" not in instrument:
            self.name((instrument,))
            known = super().contract(instrument)
        return known

    def needed(self, instrument: str) -> tuple[str, ...]:
        """Return whose ticks an order in an instrument needs: its legs', and a future's under it.

        Nothing for a name of no instrument.
        """
        if "&" in instrument:
            spread = self.spreads.get(instrument)
            return () if spread is None else tuple(leg.instrument for leg in spread.legs)
        contract = self.contract(instrument)
        if contract is None:
            return ()
        option = contract.option
        return (instrument,) if option is None else (instrument, option.underlying)

    def will_settle(self, prices: Mapping[str, int]) -> None:
        """Take the settlement prices of the day that is about to end, in units by instrument."""
        self._settled = dict(prices)

    def begin(self, day: Day) -> None:
        """Begin a trading day: instruments open with their first tick."""
        # What was held before a restart may have had no tick since.
        for name in {*self._settled, *self._markets}:
            if name in self._instruments:
                self._marks[name] = self.settlement_price(self.must(name))
        super().begin(day)
        self._settled = {}

    def settlement_price(self, contract: Contract) -> int:
        """Return today's settlement price: the exchange's where a tick has told it, else the last.

        The first tick of the next trading day tells it too, as its PreSettlementPrice.
        """
        quote = self._quote(contract)
        if quote is not None and quote.settlement is not None:
            return quote.settlement
        known = self._settled.get(contract.instrument)
        if known is not None:
            return known
        market = self._markets.get(contract.instrument)
        if quote is None and market is not None and market.used:
            return market.tape.last  # as the state file had it
        return super().settlement_price(contract)

    def status(self, contract: Contract) -> str:
        """Return the InstrumentStatus: closed before the first tick, and outside kept hours."""
        status = super().status(contract)
        if self._hours is None or status == CLOSED:
            return status
        product = self._instrument(contract.instrument).product
        phase = self._hours.phase(product, self.now)
        return CONTINUOUS if phase.status == CONTINUOUS else CLOSED

    def facts(self) -> dict[str, Any]:
        """Return what outlives the process, as plain values."""
        return {
            **super().facts(),
            "day": self.day.date.isoformat(),
            "named": list(self._named),
            "marks": {**self._marks, **self._latest_marks()},
        }

    def restore(self, facts: Mapping[str, Any]) -> None:
        """Go on with what `facts` gave, on that trading day."""
        self._days.go_to(date.fromisoformat(facts["day"]))
        self.day = self._days.day
        self._list()
        self.name(facts["named"])
        self._marks = dict(facts["marks"])
        super().restore(facts)

    def _latest_marks(self) -> dict[str, int]:
        """Return what positions are marked at where a market has been looked at today."""
        return {
            name: market.day.pre_settlement
            for name, market in self._markets.items()
            if name in self._latest
        }

    def _list_day(self, trading_day: date) -> Iterable[Instrument]:
        listed = {one.instrument_id: one for one in tables.listed(trading_day)}
        return {**listed, **with_futures(self._named, trading_day)}.values()

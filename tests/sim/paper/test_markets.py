"""Which instruments there are on paper, when they trade, and what is kept of them."""

from typing import Any

from tests.sim.helpers import states
from tests.sim.paper.support import PaperCase
from tests.sim.recordings import tick
from webctp.sim.paper import markets as paper_markets

FAR = "cu2701C123000"
"""An option whose strike the tables do not list."""


class ListingTests(PaperCase):
    """The instruments."""

    def test_those_of_the_tables_are_listed(self) -> None:
        self.paper()
        session = self.trader()
        self.assertEqual(len(self.rows(session, "ReqQryInstrument", InstrumentID="rb2705")), 1)
        self.assertGreater(len(self.rows(session, "ReqQryInstrument")), 10_000)

    def test_a_name_that_can_be_read_is_listed_when_it_is_ordered(self) -> None:
        self.paper()
        session = self.trader()
        self.assertEqual(self.rows(session, "ReqQryInstrument", InstrumentID=FAR), [])
        self.order(session, 50.0, InstrumentID=FAR)
        [row] = self.rows(session, "ReqQryInstrument", InstrumentID=FAR)
        self.assertEqual((row["StrikePrice"], row["ProductID"]), (123000.0, "cu_o"))

    def test_so_is_what_the_feed_lists(self) -> None:
        self.paper()
        self.made.markets.name([FAR, "no such thing", "cu2701"])
        session = self.trader()
        self.assertEqual(len(self.rows(session, "ReqQryInstrument", InstrumentID=FAR)), 1)

    def test_and_it_stays_listed_on_the_next_day(self) -> None:
        self.paper()
        session = self.trader()
        self.made.markets.name([FAR])
        self.feed(tick(1, TradingDay="20261125"))
        self.assertEqual(len(self.rows(session, "ReqQryInstrument", InstrumentID=FAR)), 1)

    def test_names_beyond_the_bound_are_of_no_instrument(self) -> None:
        self.paper()
        self.patch(paper_markets, "MOST_NAMED", 2)
        found = self.made.markets
        known = [found.contract(f"cu2701C{strike}") for strike in (123_000, 124_000, 125_000)]
        self.assertEqual([one is not None for one in known], [True, True, False])


class HoursTests(PaperCase):
    """When orders are taken."""

    def at(self, hours: float, **options: Any) -> list[str]:
        """What becomes of an order so many hours after 9:30."""
        self.paper(**options)
        session = self.trader(first=[tick(hours * 3600)])
        return states(self.order(session, 71230.0))

    def test_with_the_calendars_hours_in_continuous_trading_only(self) -> None:
        self.assertEqual(self.at(0, clock="calendar"), ["0a", "0a", "00", "T"])
        for hours in (2.5, 6, 11):  # 12:00, 15:30, 20:30
            self.assertEqual(self.at(hours, clock="calendar"), ["0a", "45"], hours)

    def test_else_whenever_ticks_come(self) -> None:
        self.assertEqual(self.at(2.5), ["0a", "0a", "00", "T"])


class KeptTests(PaperCase):
    """What is kept of the markets over a restart."""

    def test_the_day_the_names_and_the_orders_that_wait(self) -> None:
        self.paper()
        self.made.markets.name([FAR])
        session = self.trader()
        self.order(session, 71220.0, 2)
        self.feed(tick(2, TradingDay="20261125", PreSettlementPrice=71340.0))
        self.order(session, 71220.0, 2)
        kept = self.made.markets.facts()
        self.paper()
        found = self.made.markets
        found.restore(kept)
        self.assertEqual(found.day.name, "20261125")
        self.assertIn(FAR, found.instruments)
        market = found.market("cu2701")
        self.assertEqual([entry.volume for entry in market.book.side("0")], [2])
        self.assertEqual(found.pre_settlement(market.contract), 713_400_000)

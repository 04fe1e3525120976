"""webctp.sim.past: a day that is over, as it would have been told."""

from datetime import date, datetime, timedelta
from itertools import groupby, islice, pairwise
from typing import Any

from twisted.trial.unittest import SynchronousTestCase

from tests.upstream.barstore.test_recorded import LAYOUT
from webctp.exchanges import instruments
from webctp.recording.rows import Tick
from webctp.sim.host.venue import timeline_of
from webctp.sim.market.markets import Markets
from webctp.sim.options import SimOptions
from webctp.sim.past import PastDay
from webctp.upstream.barstore.recorded import RecordedBars
from webctp.upstream.barstore.row import BarRow

DAY = date(2026, 11, 23)
UNITS = 10_000


class PastDays(SynchronousTestCase):
    """A day of the exchanges' own hours."""

    options = SimOptions.from_address("sim://?Clock=calendar&Seed=7", {})

    def bars(self, instrument: str, day: date = DAY) -> dict[str, list[BarRow]]:
        """The bars of a day by period; its settlement prices are kept as well."""
        recorded = RecordedBars(LAYOUT)
        found: dict[str, list[BarRow]] = {"1m": [], "1d": []}
        told = [Tick(*one) for one in PastDay(self.options, instrument, day).ticks()]
        for tick in told:
            for key, row in recorded.tick(tick):
                found[key.period].append(row)
        for key, row in recorded.end():
            found[key.period].append(row)
        self.settled = {day: price for _, day, price in recorded.settlements()}
        self.assertEqual([one.received for one in told], sorted(one.received for one in told))
        return found

    def market(self, instrument: str, moment: datetime) -> Any:
        """A market that somebody looks at once, at a moment of the day."""
        timeline = timeline_of(self.options)
        day = timeline.day_of(moment)
        markets = Markets(self.options.seed, instruments.listed, timeline, day.begins)
        markets.go_to(moment)
        return markets, markets.market(instrument)

    def test_it_is_what_whoever_looked_saw(self) -> None:
        bars = self.bars("AP701")
        day = bars["1d"][-1]
        _, market = self.market("AP701", datetime(2026, 11, 23, 15, 30))
        tape = market.tape
        self.assertEqual(
            (day.open, day.high, day.low, day.close, day.volume),
            (
                tape.open / UNITS,
                tape.high / UNITS,
                tape.low / UNITS,
                tape.last / UNITS,
                tape.volume,
            ),
        )
        self.assertEqual(sum(row.volume for row in bars["1m"]), tape.volume)
        for minute in (bars["1m"][3], bars["1m"][-9]):
            at = datetime(1970, 1, 1, 8) + timedelta(seconds=minute.end, milliseconds=-500)
            _, then = self.market("AP701", at)
            self.assertEqual(minute.close, then.tape.last / UNITS)

    def test_last_prices_change_as_often_as_on_real_days(self) -> None:
        """On three real days of apples 54, 60 and 61 of 100 trades changed it; at most 18 did not
        in a row, and 99 of 100 times at most 8."""
        told = islice(PastDay(self.options, "AP701", DAY).ticks(), 6_000)
        values: list[Any] = [LAYOUT.unpack(data) for _, data in told]
        traded = [b for a, b in pairwise(values) if a["Volume"] != b["Volume"]]
        runs = sorted(len(list(same)) for _, same in groupby(one["LastPrice"] for one in traded))
        self.assertGreater(len(traded), 5_000)
        self.assertTrue(0.45 < len(runs) / len(traded) < 0.65, len(runs) / len(traded))
        self.assertLess(runs[len(runs) * 99 // 100], 12)
        self.assertLess(runs[-1], 80)
        bought = sum(one["LastPrice"] >= one["AskPrice1"] for one in traded)
        self.assertTrue(0.4 < bought / len(traded) < 0.6, bought / len(traded))

    def test_days_follow_one_another(self) -> None:
        self.bars("AP701", date(2026, 11, 20))
        settled = self.settled["20261120"]
        self.bars("AP701")
        self.assertEqual(self.settled["20261120"], settled)

    def test_what_was_not_listed(self) -> None:
        with self.assertRaises(KeyError):
            PastDay(self.options, "AP999", DAY)

"""The exchange's steps in slices: the same events, and requests in between."""

from datetime import timedelta

from twisted.trial.unittest import SynchronousTestCase

from tests.sim.helpers import Bench
from webctp.sim.events import Event, Push, Rows, TickEvent
from webctp.sim.handlers.market import subscribe
from webctp.sim.market import ticks

SECOND = timedelta(seconds=1)
INSTRUMENT = ticks.FIELDS.index("InstrumentID")


class Sliced(Bench):
    """An exchange, and somebody who follows fifty futures."""

    def __init__(self) -> None:
        super().__init__()
        self.watcher = self.connect(trading=False)
        self.names = sorted(
            name
            for name, one in self.exchange.markets.instruments.items()
            if not one.options_type and self.market(name).contract.activity >= 1
        )[:50]
        for _ in subscribe(self.exchange, self.watcher, "SubscribeMarketData", self.names, "x"):
            pass
        self.exchange.drain()

    def slice(self, most: int) -> list[Event]:
        """Let the exchange do some of what is due."""
        self.exchange.advance(self.now, most)
        return self.exchange.drain()


def told(events: list[Event]) -> list[str]:
    """The instruments of ticks."""
    values = [event.values[INSTRUMENT] for event in events if isinstance(event, TickEvent)]
    return [str(value, "ascii") if isinstance(value, bytes) else str(value) for value in values]


class Slices(SynchronousTestCase):
    """A step of many instruments."""

    def setUp(self) -> None:
        self.bench = Sliced()

    def test_a_request_waits_for_no_step_of_all(self) -> None:
        session = self.bench.login()
        self.bench.now += SECOND
        events = self.bench.ask(session, "ReqQryTradingAccount")
        self.assertIsInstance(events[-1], Rows)
        self.assertLess(len(told(events)), len(self.bench.names))
        self.assertTrue(self.bench.exchange.is_amid_step)

    def test_slices_tell_what_one_piece_tells(self) -> None:
        whole = Sliced()
        whole.now += 3 * SECOND
        self.bench.now += 3 * SECOND
        expected = whole.slice(1_000_000)
        found: list[Event] = []
        while more := self.bench.slice(7):
            self.assertLessEqual(len(told(more)), 7)
            found += more
        self.assertEqual(found, expected)
        self.assertFalse(self.bench.exchange.is_amid_step)
        self.assertEqual(self.bench.exchange.now, self.bench.now)

    def test_an_order_amid_a_step_is_answered_before_the_others_are_stepped(self) -> None:
        session = self.bench.login()
        self.bench.now += SECOND / 2
        first = told(self.bench.slice(10))
        self.assertTrue(self.bench.exchange.is_amid_step)
        name = self.bench.names[40]
        self.assertNotIn(name, first)
        events = self.bench.order(session, name)
        self.assertTrue([event for event in events if isinstance(event, Push)])
        self.assertEqual(told(events), [])
        self.assertTrue(self.bench.exchange.is_amid_step)
        rest = told(self.bench.slice(1_000_000))
        self.assertEqual(sorted(first + rest), sorted(set(first + rest)))

    def test_what_an_order_has_looked_at_amid_a_step_is_still_told(self) -> None:
        whole = Sliced()
        whole.now += SECOND / 2
        expected = told(whole.slice(1_000_000))
        session = self.bench.login()
        self.bench.now += SECOND / 2
        found = self.bench.slice(1)
        for name in self.bench.names:
            found += self.bench.ask(session, "ReqQryDepthMarketData", InstrumentID=name)
            self.bench.market(name)
        found += self.bench.slice(1_000_000)
        self.assertEqual(told(found), expected)

    def test_time_stands_still_amid_a_step(self) -> None:
        self.bench.now += SECOND / 2
        self.bench.slice(10)
        moment = self.bench.exchange.now
        self.bench.now += SECOND / 4
        self.bench.slice(10)
        self.assertEqual(self.bench.exchange.now, moment)
        self.bench.slice(1_000_000)
        self.assertEqual(self.bench.exchange.now, self.bench.now)

    def test_who_lags_far_behind_catches_up_at_once(self) -> None:
        self.bench.now += SECOND / 2
        self.bench.slice(10)
        self.bench.now += 1_000 * SECOND
        steps = 0
        while self.bench.slice(25):
            steps += 1
        self.assertLess(steps, 10)
        self.assertEqual(self.bench.exchange.now, self.bench.now)

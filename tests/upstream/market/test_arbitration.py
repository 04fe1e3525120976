"""Two fronts that tell the same: each tick once, in order, whichever line breaks or stalls."""

from functools import partial
from typing import Any

from hypothesis import given
from hypothesis import strategies as st
from twisted.logger import capturedLogs
from twisted.trial.unittest import SynchronousTestCase

from tests.upstream.market.pace import AT_ONCE
from tests.upstream.market.test_hub import Sink
from webctp.config.market import MarketSettings
from webctp.ctp import catalog
from webctp.ctp.codec import codec_for
from webctp.recording.recorder import Record
from webctp.testing import FakeFront, ThreadlessReactor
from webctp.testing.front import FakeApi
from webctp.upstream.market.ctpfeed import ctp_feeds
from webctp.upstream.market.hub import MarketHub
from webctp.upstream.session.apiqueue import ApiQueue
from webctp.upstream.session.login import LoginState as State

LAYOUT = codec_for(catalog.market_data().module).layout("CThostFtdcDepthMarketDataField")
TICK = "OnRtnDepthMarketData"
STALL = 10.0


class Fronts:
    """Two fronts behind two addresses: the first line gets the first."""

    def __init__(self) -> None:
        self.both = (FakeFront(), FakeFront())
        self._next = iter(self.both)
        self.binding = self.both[0].binding
        self.clock, self.speed = self.both[0].clock, self.both[0].speed

    def instruments(self) -> tuple[str, ...]:
        """Of ``MarketFront``."""
        return ()

    def create_market(self, flow_path: str, production_mode: bool) -> FakeApi:
        """Of ``Front``."""
        return next(self._next).create_market(flow_path, production_mode)

    def create_trader(self, flow_path: str, production_mode: bool) -> FakeApi:
        """Of ``Front``."""
        raise AssertionError("market data only")


class Taken(Sink):
    """Writes down ticks by instrument and volume, too."""

    @property
    def ticks(self) -> list[tuple[str, int]]:
        """The ticks published, as instrument and volume."""
        return [
            (LAYOUT.text(body, "InstrumentID"), int(LAYOUT.value(body, "Volume")))
            for body in self.bodies
        ]


class Pair:
    """A hub with two lines, each at a front of its own."""

    def __init__(self, flow_base: str, record: Record | None = None) -> None:
        self.reactor = ThreadlessReactor()
        self.fronts = Fronts()
        self.sink = Taken()
        market = MarketSettings(
            md_front_address=("tcp://one:1", "tcp://two:2"),
            broker_id="9999",
            con_file_path=flow_base,
            production_mode=True,
            login_timeout=15.0,
            md_redundancy=True,
            md_stall_seconds=STALL,
            **AT_ONCE,
        )
        apis = ApiQueue.on(self.reactor)
        sources = partial(ctp_feeds, self.reactor, apis, self.fronts, market, record)
        self.hub = MarketHub[Any](self.reactor, self.fronts, sources, market, self.sink, record)
        self.hub.start()
        self.reactor.turn()

    def tick(self, line: int, volume: int, instrument: str = "cu2401", **values: Any) -> None:
        """One of the fronts tells a tick."""
        body = {"InstrumentID": instrument, "TradingDay": "20240102", "Volume": volume, **values}
        self.fronts.both[line].push(TICK, {"UpdateTime": "09:00:00", **body})
        self.reactor.turn()

    def lose(self, line: int) -> None:
        self.fronts.both[line].disconnect()
        self.reactor.turn()

    def find(self, line: int) -> None:
        self.fronts.both[line].connect()
        self.reactor.turn()

    def close(self) -> None:
        self.hub.close()
        self.reactor.turn()


class PairCase(SynchronousTestCase):
    """Helpers of this file."""

    def setUp(self) -> None:
        self.pair = Pair(self.mktemp())
        self.hub, self.sink = self.pair.hub, self.pair.sink
        self.one, self.two = self.pair.fronts.both

    def tearDown(self) -> None:
        self.pair.close()
        self.assertEqual(self.pair.reactor.getDelayedCalls(), [])
        for front in (self.one, self.two):
            self.assertEqual(front.names.count("Release"), 1)

    def volumes(self) -> list[int]:
        return [volume for _, volume in self.sink.ticks]

    def lines(self) -> list[tuple[str, str, bool]]:
        """What is told of the lines: front, state, whether stalled."""
        told = self.hub.feeds.statuses
        return [(feed.front, feed.state.value, feed.is_stalled) for feed in told]


class Lines(PairCase):
    """Each address has a line; each line is asked for everything."""

    def test_each_front_has_its_address(self) -> None:
        for front, address in ((self.one, "tcp://one:1"), (self.two, "tcp://two:2")):
            registered = [call.arguments for call in front.calls if call.name == "RegisterFront"]
            self.assertEqual(registered, [(address,)])
        self.assertEqual(
            self.lines(), [("tcp://one:1", "ready", False), ("tcp://two:2", "ready", False)]
        )

    def test_counted_once_sent_to_both(self) -> None:
        self.hub.subscribe("tick", "a", [b"cu2401"])
        self.hub.subscribe("tick", "b", [b"cu2401"])
        self.hub.unsubscribe("tick", "a", [b"cu2401"])
        self.hub.unsubscribe("tick", "b", [b"cu2401"])
        for front in (self.one, self.two):
            for name in ("SubscribeMarketData", "UnSubscribeMarketData"):
                asked = [call.arguments for call in front.calls if call.name == name]
                self.assertEqual(asked, [(b"cu2401",)])

    def test_one_that_comes_back_is_asked_for_all(self) -> None:
        self.hub.subscribe("tick", "a", [b"cu2401"])
        self.pair.lose(1)
        self.hub.subscribe("tick", "a", [b"au2406"])
        self.pair.find(1)
        self.assertEqual(self.two.last("SubscribeMarketData").arguments, (b"cu2401", b"au2406"))
        self.assertEqual(self.one.names.count("SubscribeMarketData"), 2)

    def test_ready_as_long_as_one_is(self) -> None:
        self.sink.told.clear()
        self.sink.states.clear()
        self.pair.lose(0)
        self.assertIs(self.hub.feeds.state, State.READY)
        self.assertEqual(self.lines()[0][1], "lost")
        self.assertEqual(set(self.sink.states), {State.READY})
        self.assertEqual(self.sink.told, [], "a front is lost, but the market is not")
        self.pair.lose(1)
        self.assertIs(self.hub.feeds.state, State.LOST)
        self.pair.find(0)
        self.assertIs(self.hub.feeds.state, State.READY)
        told = [event.callback.name for event in self.sink.told]
        self.assertEqual(told, ["OnFrontDisconnected", "OnFrontConnected"])

    def test_a_login_is_answered_by_whichever_is_ready(self) -> None:
        self.one.on("ReqUserLogin", error=3)
        self.pair.lose(0)
        self.pair.find(0)
        self.assertEqual(self.lines()[0][1], "refused")
        self.assertTrue(self.successResultOf(self.hub.feeds.logged_in()).ready)

    def test_a_request_goes_by_one_that_is_ready(self) -> None:
        method = catalog.market_data().methods["ReqQryMulticastInstrument"]
        layout = codec_for(catalog.market_data().module).layout(method.request_struct)
        self.pair.lose(0)
        self.assertEqual(self.hub.feeds.request(method, layout.pack({}), lambda *_: None), 0)
        self.assertNotIn(method.name, self.one.names)
        self.assertIn(method.name, self.two.names)

    def test_a_refused_subscription_is_told_once(self) -> None:
        for front in (self.one, self.two):
            front.on("SubscribeMarketData", error=16)
        self.hub.subscribe("tick", "a", [b"zz9999"])
        self.pair.reactor.turn()
        self.assertEqual(self.sink.refusals, [("zz9999", ["a"])])


class Copies(PairCase):
    """The first copy of each tick."""

    def setUp(self) -> None:
        super().setUp()
        self.hub.subscribe("tick", "a", [b"cu2401", b"au2406"])

    def test_each_tick_once(self) -> None:
        for volume in range(3):
            for line in (0, 1):
                self.pair.tick(line, volume)
        self.assertEqual(self.volumes(), [0, 1, 2])

    def test_a_line_that_falls_loses_and_doubles_nothing(self) -> None:
        for volume in (1, 2):
            self.pair.tick(0, volume)
        self.pair.tick(1, 1)
        self.pair.lose(0)
        for volume in (2, 3):
            self.pair.tick(1, volume)
        self.pair.find(0)
        self.pair.tick(0, 3)  # as fronts do: the last tick again
        for line in (0, 1):
            self.pair.tick(line, 4)
        self.assertEqual(self.volumes(), [1, 2, 3, 4])

    def test_requests_for_quotes(self) -> None:
        self.hub.subscribe("quote", "a", [b"IO2401"])
        for front in (self.one, self.two):
            front.push("OnRtnForQuoteRsp", {"InstrumentID": "IO2401", "ForQuoteSysID": "7"})
        self.pair.reactor.turn()
        self.assertEqual(len(self.sink.published), 1)

    def test_who_subscribes_anew_gets_what_was_told_before(self) -> None:
        self.pair.tick(0, 1)
        self.hub.unsubscribe("tick", "a", [b"cu2401"])
        self.hub.subscribe("tick", "a", [b"cu2401"])
        self.pair.tick(1, 1)
        self.assertEqual(self.volumes(), [1, 1])

    def test_the_first_copies_are_recorded(self) -> None:
        taken: list[bytes] = []
        pair = Pair(self.mktemp(), record=taken.append)
        pair.hub.subscribe("tick", "a", [b"cu2401"])
        for volume in (1, 2):
            for line in (1, 0):
                pair.tick(line, volume)
        self.assertEqual([LAYOUT.value(body, "Volume") for body in taken], [1, 2])
        pair.close()


class Stalling(PairCase):
    """A line that is connected and tells nothing."""

    def setUp(self) -> None:
        super().setUp()
        self.hub.subscribe("tick", "a", [b"cu2401"])
        self.volume = 0

    def run_for(self, seconds: int, *lines: int) -> None:
        """Each second a tick, told by these lines."""
        for _ in range(seconds):
            self.volume += 1
            for line in lines:
                self.pair.tick(line, self.volume)
            self.pair.reactor.advance(1)

    def test_it_is_noticed_told_and_over(self) -> None:
        self.run_for(20, 0, 1)
        self.sink.states.clear()
        with capturedLogs() as logs:
            self.run_for(9, 0)
            self.assertFalse(any(stalled for _, _, stalled in self.lines()))
            self.run_for(3, 0)
            self.assertEqual([stalled for _, _, stalled in self.lines()], [False, True])
            self.run_for(60, 0)
            self.assertEqual(self.sink.states, [State.READY])
            self.run_for(2, 0, 1)
        self.assertEqual([stalled for _, _, stalled in self.lines()], [False, False])
        self.assertEqual(self.sink.states, [State.READY] * 2)
        told = [log["does"] for log in logs if "does" in log]
        self.assertEqual([text.split()[0] for text in told], ["has", "goes"])
        self.assertEqual(self.volumes(), list(range(1, self.volume + 1)))

    def test_when_both_are_silent_nobody_has_stalled(self) -> None:
        self.run_for(1, 0, 1)
        self.run_for(1, 1, 0)
        self.pair.reactor.advance(3600)
        self.run_for(1, 0, 1)
        self.assertEqual([stalled for _, _, stalled in self.lines()], [False, False])

    def test_one_that_is_away_has_not_stalled_but_is_lost(self) -> None:
        self.run_for(20, 0)
        self.pair.lose(1)
        self.assertEqual(self.lines()[1][1:], ("lost", False))
        self.run_for(20, 0)
        self.assertEqual(self.lines()[1][1:], ("lost", False))
        self.pair.find(1)
        self.run_for(5, 0)
        self.assertEqual(self.lines()[1][1:], ("ready", False))
        self.run_for(10, 0)
        self.assertEqual(self.lines()[1][1:], ("ready", True))


STEPS = st.lists(
    st.one_of(
        st.tuples(st.just("tell"), st.integers(0, 1)),
        st.tuples(st.sampled_from(["lose", "find"]), st.integers(0, 1)),
        st.tuples(st.just("market"), st.integers(0, 5)),
    ),
    max_size=80,
)


class Interleavings(SynchronousTestCase):
    """However two lines' copies mix, break off and come back."""

    @given(STEPS)
    def test_each_tick_once_and_in_order(self, steps: list[tuple[str, int]]) -> None:
        pair = Pair(self.mktemp())
        names = ("cu2401", "au2406")
        pair.hub.subscribe("tick", "a", [name.encode() for name in names])
        market: list[tuple[str, int]] = []
        place, there, told = [0, 0], [True, True], set()

        def tell(line: int) -> None:
            if there[line] and place[line] < len(market):
                name, volume = market[place[line]]
                place[line] += 1
                pair.tick(line, volume, name)
                told.add((name, volume))

        for kind, number in steps:
            if kind == "market":
                market.append((names[number % 2], len(market)))
            elif kind == "tell":
                tell(number)
            elif kind == "lose" and there[number]:
                there[number] = False
                pair.lose(number)
            elif kind == "find" and not there[number]:
                there[number] = True
                pair.find(number)
                # What came meanwhile is lost on it; it begins with the last tick of each.
                place[number] = len(market)
                for name in names:
                    last = [one for one in market if one[0] == name][-1:]
                    for _, volume in last:
                        pair.tick(number, volume, name)
                        told.add((name, volume))
        for line in (0, 1) * len(market):
            tell(line)
        out = pair.sink.ticks
        self.assertEqual(len(out), len(set(out)), "a tick came twice")
        self.assertLessEqual(set(out), told)
        for name in names:
            volumes = [volume for one, volume in out if one == name]
            self.assertEqual(volumes, sorted(volumes), "out of order")
            if not any(kind == "find" for kind, _ in steps) and any(there):
                # A line that never fell has told everything, in order.
                self.assertEqual(volumes, [volume for one, volume in market if one == name])
            newest = [volume for one, volume in told if one == name]
            self.assertEqual(volumes[-1:], [max(newest)] if newest else [])
        pair.close()
        self.assertEqual(pair.reactor.getDelayedCalls(), [])

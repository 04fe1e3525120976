"""Market data without a CTP front: what drives the hub is a source of some twenty lines."""

from collections.abc import Sequence
from typing import Any

from twisted.internet.defer import Deferred, succeed
from twisted.trial.unittest import SynchronousTestCase

from tests.upstream.market.pace import AT_ONCE
from tests.upstream.market.test_hub import Sink
from webctp.config.market import MarketSettings
from webctp.ctp import binding, catalog
from webctp.ctp.catalog import Method
from webctp.ctp.codec import codec_for
from webctp.language.text import NOTHING
from webctp.metrics import Sample
from webctp.testing import FakeFront, ThreadlessReactor
from webctp.upstream.market.hub import MarketHub
from webctp.upstream.market.source import FeedListener, FeedStatus, Kind, TickSource
from webctp.upstream.session.login import LoginState
from webctp.upstream.session.reply import OnReply
from webctp.upstream.session.status import LoginAnswer

CODEC = codec_for(catalog.market_data().module)
TICK = CODEC.layout("CThostFtdcDepthMarketDataField")
LOGIN = LoginAnswer(
    catalog.market_data().callbacks["OnRspUserLogin"],
    CODEC.layout("CThostFtdcRspUserLoginField").pack({"TradingDay": "20240102"}),
    None,
    ready=True,
)


def tick(instrument: str, volume: int = 1) -> bytes:
    """A tick's bytes."""
    told = {"TradingDay": "20240102", "UpdateTime": "09:00:00"}
    return bytes(TICK.pack({"InstrumentID": instrument, "Volume": volume, **told}))


class FakeSource:
    """Bring what a test gives; write down what the hub asks for."""

    dropped = 0

    def __init__(self, listener: FeedListener, number: int) -> None:
        self.listener, self.number = listener, number
        self.state = LoginState.CONNECTING
        self.asked: list[tuple[str, Kind, list[bytes]]] = []

    @property
    def status(self) -> FeedStatus:
        """Of ``TickSource``."""
        login = LOGIN if self.state is LoginState.READY else None
        return FeedStatus(f"fake://{self.number}", self.state, NOTHING, 0.0, login)

    def move(self, state: LoginState) -> None:
        """Move to a state, and tell so."""
        self.state = state
        self.listener.on_status(self)

    def start(self) -> None:
        """Of ``TickSource``."""

    def close(self) -> Deferred[None]:
        """Of ``TickSource``."""
        self.move(LoginState.CLOSED)
        return succeed(None)

    def subscribe(self, kind: Kind, instruments: list[bytes]) -> int:
        """Of ``TickSource``."""
        self.asked.append(("subscribe", kind, instruments))
        return 0

    def unsubscribe(self, kind: Kind, instruments: list[bytes]) -> int:
        """Of ``TickSource``."""
        self.asked.append(("unsubscribe", kind, instruments))
        return 0

    def request(self, method: Method, body: bytes, on_reply: OnReply) -> int:
        """Of ``TickSource``."""
        return -1

    def text(self, method: Method) -> str | None:
        """Of ``TickSource``."""
        return "20240102" if method.name == "GetTradingDay" else None

    def samples(self) -> Sequence[Sample]:
        """Of ``TickSource``."""
        return ()


class SourceCase(SynchronousTestCase):
    """A hub with sources of a test's own."""

    count = 1

    def setUp(self) -> None:
        self.reactor, self.sink = ThreadlessReactor(), Sink()
        self.sources: list[FakeSource] = []
        settings = MarketSettings(
            md_front_address=("fake://0", "fake://1"),
            broker_id="9999",
            con_file_path="",
            production_mode=True,
            login_timeout=15.0,
            **AT_ONCE,
        )
        self.hub = MarketHub[Any](self.reactor, FakeFront(), self.make, settings, self.sink)
        self.hub.start()
        self.addCleanup(self.end)

    def make(self, listener: FeedListener) -> Sequence[TickSource]:
        self.sources = [FakeSource(listener, number) for number in range(self.count)]
        return self.sources

    def end(self) -> None:
        self.hub.close()
        self.assertEqual(self.reactor.getDelayedCalls(), [], "the hub has left a timer")

    def bring(self, *ticks: bytes, by: int = 0) -> None:
        """Let a source bring a batch of ticks."""
        self.hub.on_ticks(self.sources[by], ticks)


class OneSource(SourceCase):
    """What a hub does with one source."""

    def setUp(self) -> None:
        super().setUp()
        self.source = self.sources[0]

    def test_ticks_reach_who_subscribes(self) -> None:
        self.source.move(LoginState.READY)
        self.hub.subscribe("tick", "a", [b"cu2401"])
        self.bring(tick("cu2401"), tick("au2406"), tick("cu2401", 2))
        self.assertEqual(self.sink.bodies, [tick("cu2401"), tick("cu2401", 2)])

    def test_a_ready_source_is_asked_for_all_that_is_wanted_and_after_each_loss_again(self) -> None:
        self.hub.subscribe("tick", "a", [b"cu2401"])
        self.hub.subscribe("quote", "b", [b"IO2401"])
        self.assertEqual(self.source.asked, [])
        wanted = [("subscribe", "tick", [b"cu2401"]), ("subscribe", "quote", [b"IO2401"])]
        for _ in range(2):
            self.source.asked.clear()
            self.source.move(LoginState.READY)
            self.assertEqual(self.source.asked, wanted)
            self.source.move(LoginState.LOST)

    def test_an_instrument_that_nobody_wants_is_given_up(self) -> None:
        self.source.move(LoginState.READY)
        self.hub.subscribe("tick", "a", [b"cu2401"])
        self.hub.unsubscribe("tick", "a", [b"cu2401"])
        self.assertEqual(self.source.asked[-1], ("unsubscribe", "tick", [b"cu2401"]))

    def test_logins_wait_for_the_source(self) -> None:
        waiting = self.hub.feeds.logged_in()
        self.assertNoResult(waiting)
        self.source.move(LoginState.READY)
        self.assertIs(self.successResultOf(waiting), LOGIN)
        self.assertEqual(self.hub.feeds.login_body, LOGIN.body)

    def test_states_are_told_and_counted(self) -> None:
        for state in (LoginState.OPEN, LoginState.READY, LoginState.LOST, LoginState.READY):
            self.source.move(state)
        self.assertEqual(
            [state.value for state in self.sink.states], ["open", "ready", "lost", "ready"]
        )
        counted = {
            sample.labels[0]: sample.value
            for sample in self.hub.samples()
            if sample.name == "webctp_feed_states_total" and sample.value
        }
        self.assertEqual(counted, {"open": 1, "ready": 2, "lost": 1})

    def test_what_the_source_lists_is_found_by_patterns(self) -> None:
        self.source.move(LoginState.READY)
        self.hub.subscribe("tick", "a", [b"rb*"])
        self.hub.on_instruments(self.source, [b"rb%d" % number for number in range(300)])
        self.assertTrue(self.hub.is_listing)
        while self.hub.is_listing:
            self.reactor.turn()
        asked = [name for _, _, names in self.source.asked for name in names]
        self.assertEqual(len(asked), 300)

    def test_ticks_that_will_never_come_are_told_to_who_wants_the_instrument(self) -> None:
        self.source.move(LoginState.READY)
        self.hub.subscribe("tick", "a", [b"cu2401", b"au2406"])
        self.hub.subscribe("tick", "b", [b"au2406"])
        self.hub.on_gap(self.source, {b"cu2401": 2, b"au2406": 3, b"rb2405": 4})
        wanted = {"a": {b"cu2401": 2, b"au2406": 3}, "b": {b"au2406": 3}}
        self.assertEqual(self.sink.missed, [wanted])
        self.hub.on_gap(self.source, {b"rb2405": 4})
        self.assertEqual(len(self.sink.missed), 1, "nobody wants rb2405")

    def test_the_trading_day_is_the_source_s(self) -> None:
        day = binding.load().market.methods["GetTradingDay"]
        self.assertEqual(self.hub.feeds.text(day), "20240102")


class TwoSources(SourceCase):
    """Redundancy between sources."""

    count = 2

    def test_the_first_copy_of_each_tick_is_passed_on(self) -> None:
        for source in self.sources:
            source.move(LoginState.READY)
        self.hub.subscribe("tick", "a", [b"cu2401"])
        self.bring(tick("cu2401", 1))
        self.bring(tick("cu2401", 1), tick("cu2401", 2), by=1)
        self.bring(tick("cu2401", 2), tick("cu2401", 3))
        self.assertEqual(self.sink.bodies, [tick("cu2401", volume) for volume in (1, 2, 3)])
        figures = {(sample.name, sample.labels): sample.value for sample in self.hub.samples()}
        self.assertEqual(figures["webctp_feed_copies_total", ("0",)], 3)
        self.assertEqual(figures["webctp_feed_first_copies_total", ("0",)], 2)
        self.assertEqual(figures["webctp_feed_first_copies_total", ("1",)], 1)

    def test_the_best_source_speaks_for_both(self) -> None:
        one, two = self.sources
        two.move(LoginState.READY)
        self.assertEqual(self.hub.feeds.status.front, "fake://1")
        self.assertEqual(
            [(feed.front, feed.state.value) for feed in self.hub.feeds.statuses],
            [("fake://0", "connecting"), ("fake://1", "ready")],
        )
        one.move(LoginState.READY)
        self.assertEqual(self.hub.feeds.status.front, "fake://0")

    def test_each_source_is_asked_for_everything(self) -> None:
        self.hub.subscribe("tick", "a", [b"cu2401"])
        for source in self.sources:
            source.move(LoginState.READY)
            self.assertEqual(source.asked, [("subscribe", "tick", [b"cu2401"])])


class Numbers(SynchronousTestCase):
    """What a maker of sources may not do."""

    def test_sources_are_numbered_by_their_places(self) -> None:
        settings = MarketSettings(md_front_address=("fake://0",))

        def make(listener: FeedListener) -> Sequence[TickSource]:
            return [FakeSource(listener, 1)]

        mistake = self.assertRaises(
            ValueError, MarketHub[Any], ThreadlessReactor(), FakeFront(), make, settings, Sink()
        )
        self.assertIn("numbered from 0", str(mistake))

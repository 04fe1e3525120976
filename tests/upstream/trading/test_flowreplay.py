"""When the replay of the private flow is over."""

from twisted.internet.task import Clock
from twisted.trial.unittest import SynchronousTestCase

from tests.upstream.support import TraderCase
from webctp.ctp import catalog
from webctp.upstream.session.login import LoginState as State
from webctp.upstream.trading.flowreplay import BUSY, FIRST, FIRST_MOST, MOST, QUIET, FlowReplay


class FlowReplayTests(SynchronousTestCase):
    """A login, and pushes at moments of a clock."""

    def setUp(self) -> None:
        self.clock = Clock()
        self.ends: list[float] = []
        self.replay = self.make(QUIET)
        self.log_in()

    def tearDown(self) -> None:
        self.replay.stop()
        self.assertEqual(self.clock.getDelayedCalls(), [])

    def make(self, quiet: float) -> FlowReplay:
        return FlowReplay(
            self.clock, catalog.trading(), quiet, lambda: self.ends.append(self.clock.seconds())
        )

    def log_in(self, took: float = 0.0) -> None:
        self.replay.login_asked()
        self.clock.advance(took)
        self.began = self.clock.seconds()
        self.replay.begin()

    def push(self, name: str = "OnRtnTrade") -> None:
        self.replay.heard(catalog.trading().callbacks[name])

    def flow(self, seconds: float, interval: float) -> None:
        for _ in range(round(seconds / interval)):
            self.push()
            self.clock.advance(interval)

    def assert_ended(self, after: float) -> None:
        self.assertTrue(self.replay.is_over)
        (end,) = self.ends
        self.assertLess(abs(end - self.began - after), 0.015)

    def test_a_day_without_orders_is_waited_for_a_moment_only(self) -> None:
        self.replay.ready()
        self.clock.pump([0.01] * 50)
        self.assert_ended(FIRST)

    def test_the_time_of_the_confirmation_counts(self) -> None:
        self.clock.advance(2 * FIRST)
        self.replay.ready()
        self.assert_ended(2 * FIRST)

    def test_a_far_front_is_given_more_time_in_bounds(self) -> None:
        for took, wanted in ((0.2, 0.4), (9.0, FIRST_MOST)):
            self.ends.clear()
            self.log_in(took)
            self.replay.ready()
            self.clock.pump([0.01] * 150)
            self.assert_ended(wanted)

    def test_it_lasts_until_the_flow_is_quiet(self) -> None:
        self.replay.ready()
        self.flow(0.6, 0.05)
        self.assertFalse(self.replay.is_over)
        self.clock.pump([0.01] * 50)
        self.assert_ended(0.55 + QUIET)

    def test_it_does_not_end_before_the_session_is_ready(self) -> None:
        self.clock.advance(60)
        self.assertFalse(self.replay.is_over)
        self.replay.ready()
        self.assert_ended(60)

    def test_the_public_flow_does_not_hold_it_up(self) -> None:
        self.replay.ready()
        for _ in range(20):
            self.push("OnRtnInstrumentStatus")
            self.clock.advance(0.01)
        self.assert_ended(FIRST)

    def test_a_long_replay_is_waited_for(self) -> None:
        self.replay.ready()
        self.flow(BUSY * 3, 0.002)
        self.assertFalse(self.replay.is_over)

    def test_others_who_trade_meanwhile_do_not_hold_it_up(self) -> None:
        self.replay.ready()
        self.flow(BUSY * 2, 0.1)
        self.assertTrue(self.replay.is_over)
        self.assertLess(self.ends[0] - self.began, BUSY + 2 * QUIET)

    def test_it_never_lasts_longer_than_its_bound(self) -> None:
        self.replay.ready()
        self.flow(MOST + 1, 0.005)
        self.assertLess(self.ends[0] - self.began, MOST + 2 * QUIET)

    def test_a_break_ends_the_waiting_and_the_next_login_begins_anew(self) -> None:
        self.replay.ready()
        self.replay.stop()
        self.clock.advance(60)
        self.assertEqual(self.ends, [])
        self.log_in()
        self.assertFalse(self.replay.is_over)
        self.replay.ready()
        self.clock.advance(FIRST)
        self.assert_ended(FIRST)


class Session(TraderCase):
    """A session of which it is heard."""

    def setUp(self) -> None:
        super().setUp()
        self.flow_quiet = QUIET

    def test_orders_are_possible_before_the_replay_is_over(self) -> None:
        session = self.open()
        self.reactor.turn()
        self.login(session)
        self.assertIs(session.state, State.READY)
        self.assertEqual(self.heard.replays, 0)
        self.reactor.advance(FIRST)
        self.assertEqual(self.heard.replays, 1)

    def test_a_recovery_has_a_replay_of_its_own(self) -> None:
        session = self.open()
        self.reactor.turn()
        self.login(session)
        self.front.disconnect()
        self.reactor.turn()
        self.reactor.advance(60)
        self.assertEqual(self.heard.replays, 0)
        self.front.connect()
        self.reactor.turn()
        self.front.push("OnRtnTrade", {"TradeID": "1"})
        self.reactor.turn()
        self.reactor.advance(FIRST)
        self.assertEqual(self.heard.replays, 0)
        self.reactor.advance(QUIET)
        self.assertEqual(self.heard.replays, 1)

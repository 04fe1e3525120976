"""The pace of queries and orders: one in flight, one ending each, in order."""

from itertools import product

from twisted.trial.unittest import SynchronousTestCase

from tests.conformance import holds
from tests.upstream.trading.queues import ACCOUNT, CATALOGUE, INSTRUMENT, Asker, QueueTestCase
from webctp.ctp import errors
from webctp.ctp.refusal import Refusal
from webctp.upstream.session.reply import Reply
from webctp.upstream.trading import queries, staticanswers
from webctp.upstream.trading.queries import QueryEvent as Event
from webctp.upstream.trading.queries import QueryQueue
from webctp.upstream.trading.queries import QueryState as State


class TableTests(SynchronousTestCase):
    """The table of states."""

    def test_every_state_can_be_left(self) -> None:
        for state in State:
            with self.subTest(state=state.name):
                targets = {
                    to for (of, _), (to, _) in queries.QUERY_TABLE.rows.items() if of is state
                }
                self.assertTrue(targets - {state})

    def test_which_events_can_advance_where(self) -> None:
        possible = {
            state: {event for of, event in queries.QUERY_TABLE.rows if of is state}
            for state in State
        }
        self.assertEqual(
            possible,
            {
                State.IDLE: {Event.ASKED, Event.CLEARED},
                State.PAUSED: {Event.ASKED, Event.DUE, Event.CLEARED},
                State.IN_FLIGHT: {Event.ASKED, Event.REFUSED_NOW, Event.ENDED, Event.CLEARED},
                State.RETRYING: {Event.ASKED, Event.DUE, Event.ENDED, Event.CLEARED},
            },
        )


class PaceTests(QueueTestCase):
    """When queries are sent."""

    def test_the_first_is_sent_at_once(self) -> None:
        self.ask()
        self.assertEqual((len(self.front.sent), self.queue.state), (1, State.IN_FLIGHT))

    @holds("LK-2", "LK-3")
    def test_the_next_waits_for_the_answer_and_the_interval(self) -> None:
        self.ask(b"a")
        self.ask(b"b")
        self.clock.advance(5)
        self.assertEqual(self.bodies(), [b"a"])
        self.front.sent[0].reply(b"row")
        self.clock.advance(0)
        self.assertEqual(self.bodies(), [b"a", b"b"])

    def test_a_quick_answer_does_not_shorten_the_interval(self) -> None:
        self.ask(b"a")
        self.front.sent[0].reply(b"row")
        self.ask(b"b")
        self.clock.advance(0.9)
        self.assertEqual(self.bodies(), [b"a"])
        self.clock.advance(0.1)
        self.assertEqual(self.front.sent[1].at, 1.0)

    def test_an_idle_queue_is_idle_again_and_sends_at_once(self) -> None:
        self.ask(b"a")
        self.front.sent[0].reply(b"row")
        self.clock.advance(1)
        self.assertEqual(self.queue.state, State.IDLE)
        self.ask(b"b")
        self.assertEqual(self.bodies(), [b"a", b"b"])

    def test_without_an_interval_the_answer_alone_counts(self) -> None:
        self.queue = self.make(interval=0)
        self.ask(b"a")
        self.ask(b"b")
        self.front.sent[0].reply(b"row")
        self.clock.advance(0)
        self.assertEqual([sent.at for sent in self.front.sent], [0, 0])

    @holds("LK-2")
    def test_six_queries_at_once_get_six_answers(self) -> None:
        self.queue = QueryQueue(self.clock, CATALOGUE, self.front.send)
        askers = [self.ask(bytes([number])) for number in range(6)]
        for _ in range(6):
            self.front.sent[-1].reply(b"row")
            self.clock.advance(1)
        self.assertEqual([asker.rows for asker in askers], [[(b"row", None, True)]] * 6)

    @holds("LK-5")
    def test_only_queries_are_taken(self) -> None:
        for name in ("ReqOrderInsert", "ReqUserLogin", "ReqQueryBankAccountMoneyByFuture"):
            with self.subTest(name), self.assertRaises(ValueError):
                self.ask(method=CATALOGUE.methods[name])

    def test_a_full_queue_says_how_long_it_is(self) -> None:
        for body in (b"flying", b"a", b"b", b"c"):
            self.ask(body)
        with self.assertRaises(Refusal) as caught:
            self.ask(b"d")
        self.assertEqual((caught.exception.code, len(self.queue)), (-429, 3))

    def test_a_full_queue_still_shares(self) -> None:
        for body in (b"flying", b"a", b"b", b"c"):
            self.ask(body)
        self.ask(b"c")
        self.assertEqual(len(self.queue), 3)


class SharingTests(QueueTestCase):
    """Identical queries that wait share one answer."""

    def test_every_asker_gets_every_row(self) -> None:
        self.ask(b"first")
        first, second = self.ask(b"same"), self.ask(b"same")
        self.front.sent[0].reply()
        self.clock.advance(1)
        self.front.sent[1].reply(b"1", b"2")
        self.assertEqual(first.rows, [(b"1", None, False), (b"2", None, True)])
        self.assertEqual(first.rows, second.rows)
        self.clock.advance(60)
        self.assertEqual(self.bodies(), [b"first", b"same"])

    def test_one_in_flight_is_not_shared(self) -> None:
        self.ask(b"same")
        self.ask(b"same")
        self.front.sent[0].reply(b"old")
        self.clock.advance(1)
        self.assertEqual(self.bodies(), [b"same", b"same"])

    def test_one_refused_for_now_is_shared(self) -> None:
        self.front.results = [-3]
        first, second = self.ask(b"same"), self.ask(b"same")
        self.clock.advance(1)
        self.front.sent[1].reply(b"row")
        self.assertEqual((first.endings, second.endings, len(self.front.sent)), (1, 1, 2))

    def test_another_method_with_the_same_bytes_is_another_query(self) -> None:
        self.ask(b"first")
        self.ask(b"same")
        self.ask(b"same", CATALOGUE.methods["ReqQryInvestor"])
        self.assertEqual(len(self.queue), 2)

    def test_an_asker_that_fails_does_not_harm_the_others(self) -> None:
        def fails(*_: object) -> None:
            raise RuntimeError("an asker's fault")

        self.ask(b"first")
        self.queue.ask(ACCOUNT, b"same", fails)
        second = self.ask(b"same")
        self.front.sent[0].reply()
        self.clock.advance(1)
        self.front.sent[1].reply(b"row")
        self.assertEqual(second.endings, 1)
        self.assertEqual(len(self.flushLoggedErrors(RuntimeError)), 1)

    def test_one_that_leaves_is_told_nothing_more(self) -> None:
        self.ask(b"first")
        first, second = self.ask(b"same"), self.ask(b"same")
        self.queue.leave(first)
        self.front.sent[0].reply()
        self.clock.advance(1)
        self.front.sent[1].reply(b"row")
        self.assertEqual((first.rows, second.endings), ([], 1))

    def test_what_nobody_wants_any_more_is_not_sent(self) -> None:
        self.ask(b"first")
        lonely, other = self.ask(b"lonely"), self.ask(b"other")
        self.queue.leave(lonely)
        self.front.sent[0].reply()
        self.clock.advance(1)
        self.assertEqual(self.bodies(), [b"first", b"other"])
        self.front.sent[1].reply(b"row")
        self.assertEqual(other.endings, 1)

    def test_leaving_a_query_in_flight_keeps_the_line_until_it_ends(self) -> None:
        first, second = self.ask(b"first"), self.ask(b"second")
        self.queue.leave(first)
        self.clock.advance(2)
        self.assertEqual(self.bodies(), [b"first"])
        self.front.sent[0].reply(b"row")
        self.clock.advance(0)
        self.front.sent[1].reply(b"row")
        self.assertEqual((first.rows, second.endings), ([], 1))

    def test_leaving_a_query_that_would_be_sent_again_ends_it(self) -> None:
        self.front.results = [-2]
        first, second = self.ask(b"first"), self.ask(b"second")
        self.queue.leave(first)
        self.clock.advance(1)
        self.assertEqual(self.bodies(), [b"first", b"second"])
        self.front.sent[1].reply(b"row")
        self.assertEqual((first.rows, second.endings), ([], 1))

    def test_one_that_leaves_while_another_is_told(self) -> None:
        second = Asker()
        self.ask(b"first")
        self.queue.ask(ACCOUNT, b"same", lambda *_: self.queue.leave(second))
        self.queue.ask(ACCOUNT, b"same", second.on_reply, second)
        self.front.sent[0].reply()
        self.clock.advance(1)
        self.front.sent[1].reply(b"row")
        self.assertEqual(second.rows, [])


class RefusalTests(QueueTestCase):
    """What the API or the front does not take."""

    def test_too_many_is_tried_again_a_second_later(self) -> None:
        for result in (-2, -3):
            with self.subTest(result=result):
                self.setUp()
                self.front.results = [result, result]
                asker = self.ask()
                self.clock.pump([1, 1])
                self.front.sent[2].reply(b"row")
                self.assertEqual([sent.at for sent in self.front.sent], [0, 1, 2])
                self.assertEqual(asker.rows, [(b"row", None, True)])

    def test_without_an_interval_it_waits_a_second_all_the_same(self) -> None:
        self.queue = self.make(interval=0)
        self.front.results = [-3]
        self.ask()
        self.clock.advance(0.9)
        self.assertEqual(len(self.front.sent), 1)
        self.clock.advance(0.1)
        self.assertEqual(len(self.front.sent), 2)

    @holds("LK-4")
    def test_not_ready_in_the_answer_is_tried_again(self) -> None:
        for kind, busy in product(("reply", "error"), (90, 154)):
            with self.subTest(kind, busy=busy):
                self.setUp()
                asker = self.ask()
                if kind == "reply":
                    self.front.sent[0].reply(code=busy)
                else:
                    self.front.sent[0].error(busy)
                self.assertEqual(asker.rows, [])
                self.clock.advance(1)
                self.front.sent[1].reply(b"row")
                self.assertEqual(asker.rows, [(b"row", None, True)])

    def test_the_last_refusal_is_the_answer(self) -> None:
        self.queue = self.make(attempts=3)
        self.front.results = [-2, -2, -3]
        asker = self.ask()
        self.clock.pump([1] * 5)
        self.assertEqual((asker.rows, len(self.front.sent)), ([(None, -3, True)], 3))
        self.assertEqual(asker.names, ["OnRspQryTradingAccount"])

    def test_the_last_not_ready_is_the_answer(self) -> None:
        self.queue = self.make(attempts=2)
        asker = self.ask()
        self.front.sent[0].reply(code=90)
        self.clock.advance(1)
        self.front.sent[1].reply(code=90)
        self.clock.advance(5)
        self.assertEqual((asker.rows, len(self.front.sent)), ([(None, 90, True)], 2))

    def test_a_retry_keeps_its_place(self) -> None:
        self.front.results = [-2]
        self.ask(b"a")
        self.ask(b"b")
        self.clock.advance(1)
        self.assertEqual(self.bodies(), [b"a", b"a"])

    def test_any_other_refusal_is_the_answer_and_costs_no_interval(self) -> None:
        self.front.results = [-1]
        first = self.ask(b"a")
        second = self.ask(b"b")
        self.clock.advance(0)
        self.assertEqual(first.rows, [(None, -1, True)])
        self.front.sent[1].reply(b"row")
        self.assertEqual(second.endings, 1)

    def test_an_error_of_the_front_is_the_answer(self) -> None:
        asker = self.ask()
        self.front.sent[0].reply(code=9)
        self.assertEqual(asker.rows, [(None, 9, True)])

    def test_rsp_error_ends_the_query_whatever_it_says_of_its_end(self) -> None:
        asker = self.ask()
        self.front.sent[0].error(7)
        self.assertEqual(asker.rows, [(None, 7, True)])

    def test_a_thousand_failures_are_no_recursion(self) -> None:
        self.queue = QueryQueue(self.clock, CATALOGUE, self.front.send, limit=2000)
        self.front.results = [0] + [-1] * 1000
        askers = [self.ask(str(number).encode()) for number in range(1001)]
        self.front.sent[0].reply()
        self.clock.advance(1)
        self.clock.pump([0] * 1001)
        self.assertEqual({asker.endings for asker in askers}, {1})


class LossTests(QueueTestCase):
    """Answers that do not come, and connections that break."""

    def test_a_lost_answer_times_out_and_the_next_goes(self) -> None:
        first, second = self.ask(b"a"), self.ask(b"b")
        self.clock.advance(10)
        self.assertEqual(first.rows, [(None, errors.NO_ANSWER, True)])
        self.clock.advance(0)
        self.front.sent[1].reply(b"row")
        self.assertEqual(second.endings, 1)
        self.assertEqual(self.flushes, 2)

    def test_an_answer_that_goes_on_does_not_time_out(self) -> None:
        asker = self.ask()
        callback = CATALOGUE.callbacks["OnRspQryTradingAccount"]
        for _ in range(5):
            self.clock.advance(9)
            self.front.sent[0].on_reply(Reply(callback, b"row", None, False))
        self.front.sent[0].on_reply(Reply(callback, b"row", None, True))
        self.assertEqual((len(asker.rows), asker.endings), (6, 1))

    def test_an_answer_that_stops_times_out(self) -> None:
        asker = self.ask()
        callback = CATALOGUE.callbacks["OnRspQryTradingAccount"]
        self.clock.advance(9)
        self.front.sent[0].on_reply(Reply(callback, b"row", None, False))
        self.clock.pump([9, 1])
        self.assertEqual(asker.rows[-1], (None, errors.NO_ANSWER, True))

    def test_a_late_answer_is_nobodys(self) -> None:
        first, second = self.ask(b"a"), self.ask(b"b")
        self.clock.advance(10)
        self.clock.advance(0)
        self.front.sent[0].reply(b"late")
        self.assertEqual((first.endings, second.rows), (1, []))
        self.front.sent[1].reply(b"row")
        self.assertEqual(second.rows, [(b"row", None, True)])

    @holds("SJLSM-1")
    def test_a_disconnection_answers_all_and_leaves_no_timer(self) -> None:
        askers = [self.ask(body) for body in (b"a", b"b", b"b")]
        self.queue.clear(errors.NOT_READY)
        self.assertEqual([asker.rows for asker in askers], [[(None, errors.NOT_READY, True)]] * 3)
        self.assertEqual(self.clock.getDelayedCalls(), [])
        self.assertEqual((self.queue.state, len(self.queue)), (State.IDLE, 0))

    def test_a_disconnection_while_waiting_to_try_again(self) -> None:
        self.front.results = [-2]
        asker = self.ask()
        self.queue.clear(errors.NOT_READY)
        self.clock.advance(10)
        self.assertEqual((asker.endings, len(self.front.sent)), (1, 1))

    def test_clearing_an_idle_queue_does_nothing(self) -> None:
        self.queue.clear(errors.NOT_READY)
        self.assertIs(self.queue.state, State.IDLE)

    def test_after_a_disconnection_the_next_query_goes_at_once(self) -> None:
        self.ask(b"a")
        self.queue.clear(errors.NOT_READY)
        self.ask(b"b")
        self.assertEqual(self.bodies(), [b"a", b"b"])

    def test_a_disconnection_that_an_answer_brings_about(self) -> None:
        def gone(*_: object) -> None:
            self.queue.clear(errors.NOT_READY)

        self.queue.ask(ACCOUNT, b"a", gone)
        second = self.ask(b"b")
        self.front.sent[0].reply(b"row")
        self.assertEqual((second.endings, self.queue.state), (1, State.IDLE))
        self.assertEqual(self.clock.getDelayedCalls(), [])

    def test_asking_again_in_reply_comes_after_those_who_wait(self) -> None:
        again = Asker()
        self.queue.ask(ACCOUNT, b"a", lambda *_: self.queue.ask(ACCOUNT, b"again", again.on_reply))
        self.ask(b"b")
        self.front.sent[0].reply(b"row")
        self.clock.advance(1)
        self.front.sent[1].reply(b"row")
        self.clock.advance(1)
        self.assertEqual(self.bodies(), [b"a", b"b", b"again"])

    def test_an_answer_within_the_call_itself(self) -> None:
        self.front.on_send = lambda sent: sent.reply(b"row")
        asker = self.ask()
        self.assertEqual((asker.endings, self.queue.state), (1, State.PAUSED))


class StaticTests(QueueTestCase):
    """Answers kept for the trading day."""

    def fetch(self, *rows: bytes, code: int | None = None) -> None:
        self.static.day("20240102")
        self.ask(b"all", INSTRUMENT)
        self.front.sent[-1].reply(*rows, code=code)
        self.clock.advance(1)

    def test_the_second_asker_is_answered_without_the_front(self) -> None:
        self.fetch(b"1", b"2")
        asker = self.ask(b"all", INSTRUMENT)
        self.clock.advance(0)
        self.assertEqual(asker.rows, [(b"1", None, False), (b"2", None, True)])
        self.assertEqual(len(self.front.sent), 1)

    def test_a_long_answer_comes_in_pieces(self) -> None:
        rows = [str(number).encode() for number in range(1200)]
        self.fetch(*rows)
        asker = self.ask(b"all", INSTRUMENT)
        before = self.flushes
        self.clock.advance(0)
        self.assertEqual(self.flushes - before, 10)
        self.assertEqual(([row for row, _, _ in asker.rows], asker.endings), (rows, 1))

    def test_one_who_leaves_amid_the_pieces(self) -> None:
        self.fetch(*[b"row"] * 1200)
        asker = Asker()

        def on_reply(reply: Reply) -> None:
            asker.on_reply(reply)
            if len(asker.rows) == 500:
                self.queue.leave(asker)

        self.queue.ask(INSTRUMENT, b"all", on_reply, asker)
        self.clock.advance(0)
        self.assertEqual((len(asker.rows), self.clock.getDelayedCalls()), (500, []))

    def test_another_trading_day_asks_anew(self) -> None:
        self.fetch(b"1")
        self.static.day("20240103")
        self.ask(b"all", INSTRUMENT)
        self.assertEqual(len(self.front.sent), 2)

    def test_an_answer_with_an_error_is_not_kept(self) -> None:
        self.fetch(code=7)
        self.ask(b"all", INSTRUMENT)
        self.assertEqual(len(self.front.sent), 2)

    def test_an_answer_that_was_lost_is_not_kept(self) -> None:
        self.static.day("20240102")
        self.ask(b"all", INSTRUMENT)
        self.clock.advance(10)
        self.clock.advance(0)
        self.ask(b"all", INSTRUMENT)
        self.assertEqual(len(self.front.sent), 2)

    def test_what_changes_during_the_day_is_not_kept(self) -> None:
        self.static.day("20240102")
        self.ask(b"a")
        self.front.sent[0].reply(b"row")
        self.clock.advance(1)
        self.ask(b"a")
        self.assertEqual(len(self.front.sent), 2)

    def test_before_a_trading_day_is_known_nothing_is_kept(self) -> None:
        self.ask(b"all", INSTRUMENT)
        self.front.sent[0].reply(b"row")
        self.assertIsNone(self.static.find(INSTRUMENT, b"all"))

    def test_of_many_kept_answers_one_is_told_after_the_other(self) -> None:
        self.fetch(*[b"row"] * 1200)
        before = self.flushes
        askers = [self.ask(b"all", INSTRUMENT) for _ in range(3)]
        self.clock.advance(0)
        self.assertEqual([asker.endings for asker in askers], [1] * 3)
        self.assertEqual(self.flushes - before, 30)

    def test_so_many_may_wait_for_kept_answers(self) -> None:
        self.fetch(*[b"row"] * 1200)
        with self.assertRaises(Refusal):
            for _ in range(1_000):
                self.ask(b"all", INSTRUMENT)

    def test_every_static_query_exists(self) -> None:
        """In the newest build all of them do; older ones lack some."""
        known = [name for name in staticanswers.STATIC if name in CATALOGUE.methods]
        self.assertIn(INSTRUMENT.name, known)
        self.assertTrue(all(CATALOGUE.methods[name].is_query for name in known))
        if "ReqQryCombLeg" in CATALOGUE.methods:
            self.assertCountEqual(known, staticanswers.STATIC)

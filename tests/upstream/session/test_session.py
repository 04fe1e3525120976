"""Sessions: the login chain, refusals, recovery, requests and their answers."""

from collections.abc import Callable

from twisted.logger import capturedLogs

from tests.conformance import holds
from tests.upstream.support import CHAIN, CREDENTIALS, LOGIN_TIMEOUT, TraderCase, error_of, fields
from webctp.ctp import catalog
from webctp.ctp.refusal import Refusal
from webctp.language.text import verbatim
from webctp.upstream.session.breaks import TOLD_AFTER
from webctp.upstream.session.login import LoginState as State
from webctp.upstream.session.pending import REFUSED_WITHIN
from webctp.upstream.session.status import LoginAnswer
from webctp.upstream.trading.pushes import Push

PENDING_KEPT = 65_536
"""How many requests without an answer are remembered."""


class LoggingIn(TraderCase):
    """The whole chain, once."""

    @holds("REQAUTHENTICATE-2")
    def test_three_steps_and_one_answer(self) -> None:
        session = self.open()
        (answer,) = self.login(session)
        assert isinstance(answer, LoginAnswer)
        self.assertEqual(self.steps(), CHAIN)
        self.assertTrue(answer.ready)
        self.assertEqual(answer.callback.name, "OnRspUserLogin")
        body = fields("CThostFtdcRspUserLoginField", answer.body)
        self.assertEqual((body["UserID"], body["MaxOrderRef"]), ("user", "1"))
        self.assertEqual(error_of(answer.info), 0)

    def test_the_states_are_told_in_order(self) -> None:
        self.ready()
        self.assertEqual(
            self.heard.states,
            [
                State.OPEN,
                State.AUTHENTICATING,
                State.LOGGING_IN,
                State.CONFIRMING,
                State.READY,
            ],
        )

    @holds("ONFRONTCONNECTED-1")
    def test_a_login_waits_for_the_connection(self) -> None:
        self.front.connects = False
        session = self.open()
        outcome = self.login(session)
        self.assertEqual((outcome, self.steps()), ([], []))
        self.front.connect()
        self.reactor.turn()
        self.assertEqual(len(outcome), 1)

    @holds("REQUSERLOGIN-10")
    def test_only_one_login_at_a_time(self) -> None:
        self.front.on("ReqUserLogin", silent=True)
        session = self.open()
        self.login(session)
        with self.assertRaises(RuntimeError):
            session.login(catalog.trading().methods["ReqUserLogin"], CREDENTIALS)

    def test_a_session_that_is_closed_logs_in_no_more(self) -> None:
        session = self.open()
        session.close()
        with self.assertRaises(RuntimeError):
            session.login(catalog.trading().methods["ReqUserLogin"], CREDENTIALS)

    def test_the_password_shows_in_no_repr(self) -> None:
        session = self.open()
        with capturedLogs() as events:
            self.login(session, {"UserID": "user", "Password": "s3cret"})
            self.front.disconnect()
            self.reactor.turn()
        self.assertNotIn("s3cret", repr((vars(session._session), events)))


class WithoutAuthentication(TraderCase):
    """A broker that knows no AuthCode."""

    app_id = ""
    auth_code = ""

    def test_two_steps(self) -> None:
        self.ready()
        self.assertEqual(self.steps(), CHAIN[1:])


class Refusals(TraderCase):
    """A refusal at each step is the answer, and is never tried again."""

    def test_each_step(self) -> None:
        for step, code in zip(CHAIN, (63, 3, 42), strict=True):
            with self.subTest(step=step):
                self.front.on(step, error=code, message="拒绝", times=1)
                session = self.open()
                (answer,) = self.login(session)
                assert isinstance(answer, LoginAnswer)
                self.assertFalse(answer.ready)
                self.assertEqual(answer.callback.name, step.replace("Req", "OnRsp"))
                self.assertEqual(error_of(answer.info), code)
                self.assertIs(session.state, State.REFUSED)
                before = len(self.front.calls)
                self.reactor.advance(3600)
                self.assertEqual(len(self.front.calls), before)

    def test_a_refusal_survives_a_disconnection(self) -> None:
        self.front.on("ReqUserLogin", error=3)
        session = self.open()
        self.login(session)
        steps = self.steps()
        self.front.disconnect()
        self.reactor.turn()
        self.front.connect()
        self.reactor.advance(3600)
        self.assertEqual(self.steps(), steps)

    def test_a_new_login_goes_on_with_new_credentials(self) -> None:
        self.front.on("ReqUserLogin", error=3, times=1)
        session = self.open()
        self.login(session, {"UserID": "user", "Password": "wrong"})
        (answer,) = self.login(session, {"UserID": "user", "Password": "right"})
        assert isinstance(answer, LoginAnswer)
        self.assertTrue(answer.ready)
        self.assertEqual(self.front.last("ReqUserLogin").values["Password"], "right")

    @holds("ONRSPERROR-1", "REGISTERFRONT-3")
    def test_a_refusal_by_rsp_error(self) -> None:
        self.front.on("ReqUserLogin", callback="OnRspError", error=3)
        session = self.open()
        (answer,) = self.login(session)
        assert isinstance(answer, LoginAnswer)
        self.assertEqual((answer.callback.name, error_of(answer.info)), ("OnRspError", 3))
        self.assertIs(session.state, State.REFUSED)
        self.assertIn("trading and market-data ports mixed up", session.status.reason)


class NotOpenYet(TraderCase):
    """7, 8, 60 and 90 mean "not now": tried again, each time later."""

    @holds("REQUSERLOGIN-11", "LK-4")
    def test_each_code_at_authentication_and_login(self) -> None:
        for step in CHAIN[:2]:
            for code in (7, 8, 60, 90):
                with self.subTest(step=step, code=code):
                    self.front.on(step, error=code, times=1)
                    session = self.open()
                    outcome = self.login(session)
                    self.assertEqual(outcome, [])
                    self.reactor.advance(0.9)
                    self.assertEqual(outcome, [])
                    self.reactor.advance(0.2)
                    (answer,) = outcome
                    assert isinstance(answer, LoginAnswer)
                    self.assertTrue(answer.ready)

    def test_the_waits_grow_from_one_second_to_a_minute(self) -> None:
        session = self.ready()
        self.front.on("ReqUserLogin", error=7)
        self.front.disconnect()
        self.reactor.turn()
        self.front.connect()
        self.reactor.turn()
        for wait in (1, 2, 4, 8, 16, 32, 60, 60, 60):
            tries = self.front.names.count("ReqUserLogin")
            self.reactor.advance(wait - 0.01)
            self.assertEqual(self.front.names.count("ReqUserLogin"), tries)
            self.reactor.advance(0.01)
            self.assertEqual(self.front.names.count("ReqUserLogin"), tries + 1)
        self.front.on("ReqUserLogin")
        self.reactor.advance(60)
        self.assertIs(session.state, State.READY)

    def test_the_waits_begin_anew_after_success(self) -> None:
        session = self.ready()
        for _ in range(2):
            self.front.on("ReqUserLogin", error=7, times=1)
            self.front.disconnect()
            self.reactor.turn()
            self.front.connect()
            self.reactor.turn()
            self.assertIs(session.state, State.LOGGING_IN)
            self.reactor.advance(1)
            self.assertIs(session.state, State.READY)

    def test_a_client_hears_the_refusal_when_its_time_is_up(self) -> None:
        self.front.on("ReqUserLogin", error=8)
        session = self.open()
        outcome = self.login(session)
        for _ in range(int(LOGIN_TIMEOUT)):
            self.reactor.advance(1)
        (answer,) = outcome
        assert isinstance(answer, LoginAnswer)
        self.assertEqual((answer.ready, error_of(answer.info)), (False, 8))
        self.assertIs(session.state, State.CLOSED)

    def test_a_step_that_cannot_be_sent_is_sent_again(self) -> None:
        self.front.on("ReqUserLogin", returns=-2, times=1)
        session = self.open()
        outcome = self.login(session)
        self.assertEqual(outcome, [])
        self.reactor.advance(1)
        self.assertIs(session.state, State.READY)

    def test_an_old_refusal_does_not_answer_for_a_silence(self) -> None:
        self.front.on("ReqAuthenticate", error=7, times=1)
        self.front.on("ReqUserLogin", silent=True)
        session = self.open()
        outcome = self.login(session)
        self.reactor.advance(1)
        self.reactor.advance(LOGIN_TIMEOUT)
        (failed,) = outcome
        assert isinstance(failed, Refusal), failed
        self.assertEqual(failed.code, -408)


class Requests(TraderCase):
    """Answers go to whoever asked."""

    def test_many_bodies_and_the_last_of_them(self) -> None:
        session = self.ready()
        self.front.on("ReqQryInvestor", answer=[{"InvestorID": "a"}, {"InvestorID": "b"}])
        result, answers = self.request(session, "ReqQryInvestor")
        self.reactor.turn()
        self.assertEqual(result, 0)
        self.assertEqual(
            [(name, body["InvestorID"], last) for name, body, _, last in answers.taken],
            [("OnRspQryInvestor", "a", False), ("OnRspQryInvestor", "b", True)],
        )

    def test_an_empty_result(self) -> None:
        session = self.ready()
        self.front.on("ReqQryOrder", answer=None)
        _, answers = self.request(session, "ReqQryOrder")
        self.reactor.turn()
        self.assertEqual(answers.taken, [("OnRspQryOrder", {}, 0, True)])

    def test_answers_keep_to_their_questions(self) -> None:
        session = self.ready()
        self.front.on("ReqOrderAction", silent=True)
        _, first = self.request(session, "ReqOrderAction")
        one = self.front.last("ReqOrderAction").request_id
        _, second = self.request(session, "ReqOrderAction")
        two = self.front.last("ReqOrderAction").request_id
        self.assertNotEqual(one, two)
        self.front.push("OnRspOrderAction", {"OrderRef": "2"}, error=25, request_id=two)
        self.front.push("OnRspOrderAction", {"OrderRef": "2"}, error=26, request_id=one)
        self.reactor.turn()
        self.assertEqual([taken[2] for taken in first.taken], [26])
        self.assertEqual([taken[2] for taken in second.taken], [25])

    @holds("ONRSPERROR-1")
    def test_rsp_error_ends_a_request(self) -> None:
        session = self.ready()
        self.front.on("ReqOrderInsert", callback="OnRspError", error=15)
        _, answers = self.request(session, "ReqOrderInsert")
        self.reactor.turn()
        self.assertEqual(answers.taken, [("OnRspError", {}, 15, True)])

    def test_an_answer_nobody_asked_for_is_heard(self) -> None:
        self.ready()
        self.heard.events.clear()
        self.front.push("OnRspOrderInsert", {"OrderRef": "2"}, error=22, request_id=4711)
        self.reactor.turn()
        self.assertEqual(self.heard.pushes, ["OnRspOrderInsert"])

    def test_what_is_not_sent_is_not_answered(self) -> None:
        session = self.ready()
        for code in (-1, -2, -3):
            self.front.on("ReqTradingAccountPasswordUpdate", returns=code)
            result, answers = self.request(session, "ReqTradingAccountPasswordUpdate")
            self.reactor.turn()
            self.assertEqual((result, answers.taken), (code, []))

    def test_an_order_that_is_not_sent_is_answered_with_the_value(self) -> None:
        session = self.ready()
        for code in (-1, -2, -3):
            self.front.on("ReqOrderInsert", returns=code)
            _, answers = self.request(session, "ReqOrderInsert")
            self.reactor.turn()
            self.assertEqual(answers.taken, [("OnRspOrderInsert", {}, code, True)])

    @holds("SJLSM-1")
    def test_queries_fail_when_the_connection_breaks_orders_do_not(self) -> None:
        session = self.ready()
        self.front.on("ReqQryOrder", silent=True)
        _, query = self.request(session, "ReqQryOrder")
        _, order = self.request(session, "ReqOrderInsert", {"OrderRef": "2"})
        self.front.disconnect()
        self.reactor.turn()
        self.assertEqual(query.taken, [("OnRspQryOrder", {}, -503, True)])
        self.assertEqual(order.taken, [])

    @holds("REQORDERINSERT-20")
    def test_orders_never_time_out(self) -> None:
        session = self.ready()
        _, order = self.request(session, "ReqOrderInsert", {"OrderRef": "2"})
        self.reactor.advance(100_000)
        self.assertEqual(order.taken, [])
        self.assertEqual(self.front.names.count("ReqOrderInsert"), 1)

    def test_accepted_orders_do_not_pile_up(self) -> None:
        session = self.ready()
        _, oldest = self.request(session, "ReqOrderInsert", {"OrderRef": "2"})
        oldest_id = self.front.last("ReqOrderInsert").request_id
        method = catalog.trading().methods["ReqOrderInsert"]
        self.patch(session._connection, "call", lambda *_: 0)
        for _ in range(PENDING_KEPT):
            session._session.request(method, b"", oldest)
        self.front.push("OnRspOrderInsert", {}, error=22, request_id=oldest_id)
        self.reactor.turn()
        self.assertEqual(oldest.taken, [])

    def test_ctp_owes_answers_to_queries_and_none_to_orders(self) -> None:
        session = self.ready()
        self.request(session, "ReqOrderInsert", {"OrderRef": "2"})
        self.assertFalse(session.awaits_answers)
        self.request(session, "ReqQryInvestor")
        self.assertTrue(session.awaits_answers)
        number = self.front.last("ReqQryInvestor").request_id
        self.front.push("OnRspQryInvestor", {}, request_id=number)
        self.reactor.turn()
        self.assertFalse(session.awaits_answers)

    def test_who_waits_for_a_refusal_is_forgotten_in_time(self) -> None:
        session = self.ready()
        _, soon = self.request(session, "ReqOrderInsert", {"OrderRef": "2"})
        soon_id = self.front.last("ReqOrderInsert").request_id
        _, late = self.request(session, "ReqOrderAction", {"OrderRef": "2"})
        late_id = self.front.last("ReqOrderAction").request_id
        _, query = self.request(session, "ReqQryInvestor")
        query_id = self.front.last("ReqQryInvestor").request_id
        self.reactor.advance(REFUSED_WITHIN - 1)
        self.front.push("OnRspOrderInsert", {}, error=22, request_id=soon_id)
        self.reactor.advance(1)
        self.request(session, "ReqOrderInsert", {"OrderRef": "3"})
        self.front.push("OnRspOrderAction", {}, error=25, request_id=late_id)
        self.front.push("OnRspQryInvestor", {}, request_id=query_id)
        self.reactor.turn()
        self.assertEqual([len(one.taken) for one in (soon, late, query)], [1, 0, 1])
        self.assertIn("OnRspOrderAction", self.heard.pushes, "it is still told, to all")
        self.assertEqual(len(session._session.pending), 1)


class Pushes(TraderCase):
    """What nobody asked for goes to the listener, in order, and survives a bad neighbour."""

    def test_in_order(self) -> None:
        self.ready()
        self.heard.events.clear()
        sent = ["OnRtnOrder", "OnRtnTrade", "OnRtnOrder", "OnErrRtnOrderInsert"]
        for number, name in enumerate(sent):
            self.front.push(name, {"InstrumentID": f"cu240{number}"})
        self.reactor.turn()
        self.assertEqual(self.heard.pushes, sent)

    def test_a_listener_that_fails_loses_no_other_event(self) -> None:
        self.ready()
        taken = []

        def pushed(push: Push) -> None:
            taken.append(push)
            if len(taken) == 1:
                raise ValueError("a fault of the listener's")

        self.heard.pushed = pushed  # type: ignore[method-assign]
        self.front.push("OnRtnOrder", {})
        self.front.push("OnRtnTrade", {})
        self.reactor.turn()
        self.assertEqual(len(taken), 2)
        self.assertEqual(len(self.flushLoggedErrors(ValueError)), 1)

    def test_none_after_close(self) -> None:
        session = self.ready()
        self.front.push("OnRtnTrade", {})
        self.heard.events.clear()
        session.close()
        self.reactor.turn()
        self.assertEqual(self.heard.pushes, [])

    @holds("ONHEARTBEATWARNING-1")
    def test_a_heart_beat_warning(self) -> None:
        self.ready()
        self.front.push("OnHeartBeatWarning", 12)
        self.reactor.turn()
        self.assertEqual(
            (self.heard.pushes[-1], self.heard.events[-1][3]), ("OnHeartBeatWarning", 12)
        )


class Connected(TraderCase):
    """Waiting for the connection alone."""

    front_connects = False

    def test_it_fires_when_connected(self) -> None:
        session = self.open()
        fired = session.connected()
        self.assertNoResult(fired)
        self.front.connect()
        self.reactor.turn()
        self.successResultOf(fired)
        self.successResultOf(session.connected())

    def test_it_fails_in_time(self) -> None:
        session = self.open()
        waiting = session.connected()
        self.reactor.advance(LOGIN_TIMEOUT)
        self.assertEqual(self.failureResultOf(waiting, Refusal).value.code, -408)

    def test_it_fails_when_closed(self) -> None:
        session = self.open()
        waiting = session.connected()
        session.close(verbatim("over"))
        self.failureResultOf(waiting, Refusal)
        self.failureResultOf(session.connected(), Refusal)

    def test_closed_meanwhile_it_is_released_when_the_front_is_there(self) -> None:
        self.assert_released_after(lambda: self.front.connect())

    def test_closed_meanwhile_it_is_released_when_the_attempt_has_failed(self) -> None:
        self.assert_released_after(lambda: self.front.disconnect())

    def assert_released_after(self, heard: Callable[[], None]) -> None:
        released = self.open().close(verbatim("the client is gone"))
        self.reactor.turn()
        self.assertNotIn("Release", self.front.names)
        self.assertNoResult(released)
        heard()
        self.reactor.turn()
        self.assertEqual(self.front.names[-1], "Release")
        self.successResultOf(released)

    def test_a_wait_that_timed_out_does_no_harm_later(self) -> None:
        session = self.open()
        waiting = session.connected()
        self.reactor.advance(LOGIN_TIMEOUT)
        self.failureResultOf(waiting, Refusal)
        self.front.connect()
        self.reactor.turn()
        self.assertIs(session.state, State.OPEN)


class StatusTests(TraderCase):
    """The session's status, as one value."""

    def test_it_stays_what_it_was_when_it_was_read(self) -> None:
        session = self.open()
        before = session.status
        self.login(session)
        self.assertEqual((before.state, before.has_been_ready), (State.CONNECTING, False))
        after = session.status
        self.assertEqual((after.state, after.has_been_ready), (State.READY, True))
        self.assertTrue(after.stays_logged_in)
        self.assertFalse(after.is_logging_in)
        self.assertIsNone(after.refusal)
        self.assertEqual(after.login, session.login_answer())

    def test_a_break_is_lost_and_stays_logged_in(self) -> None:
        session = self.ready()
        self.front.disconnect()
        self.reactor.turn()
        status = session.status
        self.assertEqual((status.state, status.has_been_ready), (State.LOST, True))
        self.assertTrue(status.stays_logged_in)


class NoFrontTests(TraderCase):
    """The status while no connection comes about."""

    front_connects = False

    def test_attempts_in_vain_are_a_reason_and_no_other_moment(self) -> None:
        session = self.open()
        before = session.status
        for _ in range(TOLD_AFTER):
            self.front.disconnect()
        self.reactor.turn()
        status = session.status
        self.assertIn(f"{TOLD_AFTER} attempts to connect in vain", status.reason)
        self.assertEqual((status.state, status.since), (before.state, before.since))
        self.assertEqual(self.heard.reasons[-1], status.reason)

    def test_what_ended_it_says_of_attempts_what_there_is_to_say(self) -> None:
        session = self.open()
        self.login(session)
        self.front.disconnect()
        self.reactor.advance(LOGIN_TIMEOUT)
        self.assertIs(session.state, State.CLOSED)
        self.assertEqual(session.status.reason.count("in vain"), 1)

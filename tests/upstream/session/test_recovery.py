"""Sessions in bad times: silence, an API that cannot be made, disconnections."""

from twisted.logger import capturedLogs

from tests.conformance import holds
from tests.upstream.support import CHAIN, CREDENTIALS, LOGIN_TIMEOUT, TraderCase
from webctp.ctp import catalog
from webctp.ctp.refusal import Refusal
from webctp.upstream.session.login import LoginState as State
from webctp.upstream.session.status import LoginAnswer


class Silence(TraderCase):
    """A front that does not answer."""

    def test_a_login_without_an_answer_ends_the_session(self) -> None:
        for step in CHAIN:
            with self.subTest(step=step):
                self.front.on(step, silent=True, times=1)
                session = self.open()
                outcome = self.login(session)
                self.reactor.advance(LOGIN_TIMEOUT - 0.01)
                self.assertEqual(outcome, [])
                self.reactor.advance(0.01)
                (failed,) = outcome
                assert isinstance(failed, Refusal)
                self.assertEqual(failed.code, -408)
                self.assertIs(session.state, State.CLOSED)
                self.reactor.turn()
                self.assertTrue(self.front.api.released)

    def test_a_front_that_never_connects(self) -> None:
        self.front.connects = False
        session = self.open()
        outcome = self.login(session)
        self.reactor.advance(LOGIN_TIMEOUT)
        (failed,) = outcome
        assert isinstance(failed, Refusal)
        self.assertEqual(failed.code, -408)
        self.assertIn("nothing was heard of the front: is the address right", failed.detail)

    def test_an_answer_that_comes_too_late_finds_nobody(self) -> None:
        self.front.on("ReqUserLogin", silent=True)
        session = self.open()
        outcome = self.login(session)
        self.reactor.hold_threads = True
        self.reactor.advance(LOGIN_TIMEOUT)
        heard = len(self.heard.events)
        late = self.front.last("ReqUserLogin").request_id
        self.front.push("OnRspUserLogin", {"UserID": "user"}, error=0, request_id=late)
        self.reactor.run_threads()
        self.assertEqual(len(outcome), 1)
        self.assertEqual(len(self.heard.events), heard)
        self.assertIs(session.state, State.CLOSED)

    def test_a_recovery_repeats_the_step(self) -> None:
        session = self.ready()
        self.front.on("ReqUserLogin", silent=True, times=1)
        self.front.disconnect()
        self.reactor.turn()
        self.front.connect()
        self.reactor.turn()
        self.assertIs(session.state, State.LOGGING_IN)
        self.reactor.advance(LOGIN_TIMEOUT)
        self.reactor.advance(1)
        self.assertIs(session.state, State.READY)


class Unopened(TraderCase):
    """An API that cannot be made."""

    def test_the_login_hears_why(self) -> None:
        self.front.fail("create_trader", RuntimeError("no library"))
        session = self.open()
        outcome: list[object] = []
        session.login(catalog.trading().methods["ReqUserLogin"], CREDENTIALS).addErrback(
            lambda failure: outcome.append(failure.value)
        )
        self.reactor.turn()
        (failed,) = outcome
        assert isinstance(failed, Refusal)
        # The reason may name places of the machine: it stands in the log only.
        self.assertIn("could not be opened", failed.detail)
        self.assertNotIn("no library", failed.detail)
        self.assertIs(session.state, State.CLOSED)
        self.assertEqual(len(self.flushLoggedErrors(RuntimeError)), 1)


class Recovery(TraderCase):
    """After a disconnection the session comes back by itself."""

    def lose(self, tries: int = 0) -> None:
        self.front.disconnect()
        self.reactor.turn()
        for _ in range(tries):
            self.front.disconnect()
            self.reactor.advance(1)

    @holds("ONFRONTDISCONNECTED-1", "REQAUTHENTICATE-2", "CJFAQ-2")
    def test_the_whole_chain_again(self) -> None:
        session = self.ready()
        self.lose()
        self.assertIs(session.state, State.LOST)
        self.front.connect()
        self.reactor.turn()
        self.assertIs(session.state, State.READY)
        self.assertEqual(self.steps(), CHAIN * 2)
        self.assertEqual(self.front.last("ReqUserLogin").values["Password"], "first")

    def test_a_night_of_tries_is_told_once(self) -> None:
        self.ready()
        self.heard.states.clear()
        self.heard.events.clear()
        with capturedLogs() as events:
            self.lose(tries=500)
        self.assertEqual(self.heard.states, [State.LOST])
        self.assertEqual(self.heard.pushes, ["OnFrontDisconnected"])
        self.assertLessEqual(len(events), 2)

    @holds("ONFRONTDISCONNECTED-4", "LK-7")
    def test_tries_before_the_first_connection_are_told_once_and_explained(self) -> None:
        self.front.connects = False
        session = self.open()
        self.reactor.turn()
        self.lose(tries=20)
        self.assertEqual((self.heard.states, self.heard.pushes), ([State.CONNECTING], []))
        told = "21 attempts to connect in vain, last 0x1001; the front closes the connection"
        self.assertIn(told, session.status.reason)

    def test_a_login_that_times_out_says_what_became_of_the_attempts(self) -> None:
        for code, told in ((0x1001, "wrong port"), (0x2003, "speaks no CTP")):
            with self.subTest(code=hex(code)):
                self.front.connects = False
                session = self.open()
                self.reactor.turn()
                outcome = self.login(session)
                for _ in range(9):
                    self.front.disconnect(code)
                    self.reactor.advance(1)
                self.reactor.advance(LOGIN_TIMEOUT)
                (failed,) = outcome
                assert isinstance(failed, Refusal)
                self.assertEqual(failed.code, -408)
                self.assertIn(f"9 attempts to connect in vain, last 0x{code:04X}", failed.detail)
                self.assertIn(told, failed.detail)

    @holds("ONFRONTDISCONNECTED-4")
    def test_a_front_that_hangs_up_before_a_login_is_told_as_such(self) -> None:
        self.front.on("ReqAuthenticate", silent=True)
        session = self.open()
        self.login(session)
        self.heard.reasons.clear()
        for _ in range(3):
            self.front.disconnect()
            self.reactor.turn()
            self.front.connect()
            self.reactor.turn()
        lost = [reason for reason in self.heard.reasons if "0x1001" in reason]
        self.assertEqual(lost[0], "front disconnected (0x1001)")
        self.assertIn("3 times in a row before a login; the front closes", lost[2])
        self.front.on("ReqAuthenticate")
        self.front.disconnect()
        self.reactor.turn()
        self.front.connect()
        self.reactor.turn()
        self.assertIs(session.state, State.READY)
        self.front.disconnect()
        self.reactor.turn()
        self.assertEqual(session.status.reason, "front disconnected (0x1001)")

    @holds("ONFRONTDISCONNECTED-1")
    def test_disconnected_at_each_step(self) -> None:
        for step in CHAIN:
            with self.subTest(step=step):
                session = self.ready()
                self.front.on(step, silent=True, times=1)
                self.lose()
                self.front.connect()
                self.reactor.turn()
                self.assertTrue(session.logging_in)
                self.lose()
                self.assertIs(session.state, State.LOST)
                self.front.connect()
                self.reactor.turn()
                self.assertIs(session.state, State.READY)

    def test_a_refused_recovery_is_not_tried_again(self) -> None:
        session = self.ready()
        self.front.on("ReqUserLogin", error=3)
        self.lose()
        self.front.connect()
        self.reactor.turn()
        self.assertIs(session.state, State.REFUSED)
        tries = self.front.names.count("ReqUserLogin")
        self.reactor.advance(3600)
        self.lose()
        self.front.connect()
        self.reactor.advance(3600)
        self.assertEqual(self.front.names.count("ReqUserLogin"), tries)

    def test_a_login_interrupted_by_a_disconnection_still_succeeds(self) -> None:
        self.front.on("ReqUserLogin", silent=True, times=1)
        session = self.open()
        outcome = self.login(session)
        self.lose()
        self.front.connect()
        self.reactor.turn()
        (answer,) = outcome
        assert isinstance(answer, LoginAnswer)
        self.assertTrue(answer.ready)

    def overdue(self) -> int:
        """A recovery whose login went unanswered for too long; gives that request's number."""
        self.front.on("ReqUserLogin", silent=True, times=1)
        self.lose()
        self.front.connect()
        self.reactor.turn()
        self.reactor.advance(LOGIN_TIMEOUT)
        self.heard.events.clear()
        return self.front.last("ReqUserLogin").request_id

    def answer_late(self, request_id: int, error: int) -> None:
        self.front.push("OnRspUserLogin", {"UserID": "user"}, error=error, request_id=request_id)
        self.reactor.turn()

    def test_a_late_answer_serves_as_well(self) -> None:
        session = self.ready()
        late = self.overdue()
        self.answer_late(late, 0)
        self.assertIs(session.state, State.READY)
        self.reactor.advance(3600)
        self.assertEqual(self.front.last("ReqUserLogin").request_id, late)

    def test_a_second_answer_to_a_step_is_nobodys_push(self) -> None:
        for step in CHAIN:
            self.ready()
            self.heard.events.clear()
            again = self.front.last(step).request_id
            response = step.replace("Req", "OnRsp", 1)
            for error in (0, 3):
                self.front.push(response, {}, error=error, request_id=again)
                self.front.push("OnRspError", error=error or 3, request_id=again)
            self.reactor.turn()
            self.assertEqual(self.heard.pushes, [], step)

    def test_nor_is_one_that_comes_after_the_line_broke(self) -> None:
        for step in CHAIN:
            self.front.on(step, silent=True, times=1)
            session = self.open()
            self.login(session)
            late = self.front.last(step).request_id
            self.lose()
            self.heard.events.clear()
            response = step.replace("Req", "OnRsp", 1)
            self.front.push(response, {}, error=0, request_id=late)
            self.reactor.turn()
            self.assertEqual(self.heard.pushes, [], step)

    def test_the_answer_of_an_earlier_try_is_nobodys_push(self) -> None:
        session = self.ready()
        late = self.overdue()
        self.reactor.advance(1)
        self.assertIs(session.state, State.READY)
        self.answer_late(late, 5)
        self.assertEqual(self.heard.pushes, [])
        self.assertIs(session.state, State.READY)

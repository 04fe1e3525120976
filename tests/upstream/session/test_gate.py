"""Sessions at a gate: when they ask, when they leave, what a refusal there comes to."""

from collections.abc import Callable
from typing import ClassVar

from tests.upstream.support import TraderCase
from webctp.ctp import errors
from webctp.ctp.refusal import Refusal
from webctp.language.text import NOTHING, Text, verbatim
from webctp.upstream.session.gate import Credentials, LoginGate
from webctp.upstream.session.login import LoginState as State
from webctp.upstream.session.status import LoginAnswer


class _Gate:
    """A gate that does as it is told."""

    def __init__(self) -> None:
        self.verdict: Text | None = NOTHING
        self.inside = False
        self.on_free: Callable[[], object] = lambda: None
        self.recovering: list[bool] = []
        self.answers: list[tuple[State, int]] = []

    def acquire(self, on_free: Callable[[], object], *, recovering: bool) -> Text | None:
        """Of ``LoginGate``."""
        self.on_free = on_free
        self.recovering.append(recovering)
        self.inside = self.verdict == ""
        return self.verdict

    def answered(self, step: State, code: int) -> None:
        """Of ``LoginGate``."""
        self.answers.append((step, code))

    def release(self) -> None:
        """Of ``LoginGate``."""
        self.inside = False


class GateTests(TraderCase):
    """A login with all three steps."""

    STEPS: ClassVar = ("ReqAuthenticate", "ReqUserLogin")

    def setUp(self) -> None:
        super().setUp()
        self.gate = _Gate()
        self.credentials: Callable[[], Credentials] = lambda: Credentials("")

    def make_gate(self, credentials: Callable[[], Credentials]) -> LoginGate:
        self.credentials = credentials
        return self.gate

    def test_it_asks_for_the_steps_with_credentials_and_leaves_after_them(self) -> None:
        session = self.open()
        self.login(session)
        self.assertIs(session.state, State.READY)
        self.assertEqual(self.gate.recovering, [False, False])
        self.assertFalse(self.gate.inside)
        self.assertEqual(self.credentials(), Credentials("first"))
        self.assertEqual(self.gate.answers, [(State.AUTHENTICATING, 0), (State.LOGGING_IN, 0)])

    def test_it_says_with_what_it_was_refused(self) -> None:
        for step, state in zip(self.STEPS, (State.AUTHENTICATING, State.LOGGING_IN), strict=True):
            self.front.on(step, error=3, times=1)
            self.login(self.open())
            self.assertEqual(self.gate.answers[-1], (state, 3))

    def test_what_serves_once_is_a_part_of_the_credentials(self) -> None:
        self.front.on("ReqUserLogin", silent=True)
        self.login(self.open(), {"UserID": "user", "Password": "first", "OneTimePassword": "1"})
        self.assertEqual(self.credentials(), Credentials("first", "1"))
        self.assertNotIn("first", repr(self.credentials()))

    def test_it_waits_for_its_turn_and_sends_nothing_meanwhile(self) -> None:
        self.gate.verdict = None
        session = self.open()
        outcome = self.login(session)
        self.assertEqual((self.steps(), outcome), ([], []))
        self.assertIs(session.state, State.AUTHENTICATING)
        self.gate.verdict = NOTHING
        self.gate.on_free()
        self.reactor.turn()
        self.assertIs(session.state, State.READY)

    def test_a_login_that_is_not_passed_on_fails_and_says_why(self) -> None:
        self.gate.verdict = verbatim("too often")
        session = self.open()
        (outcome,) = self.login(session)
        assert isinstance(outcome, Refusal)
        self.assertEqual((outcome.code, outcome.detail), (errors.TOO_MANY, "too often"))
        self.assertEqual(self.steps(), [])
        self.assertIs(session.state, State.REFUSED)

    def test_a_recovery_that_is_not_passed_on_is_refused_for_good(self) -> None:
        session = self.ready()
        self.gate.verdict = verbatim("too often")
        self.front.disconnect()
        self.front.connect()
        self.reactor.turn()
        self.assertEqual(self.gate.recovering[2:], [True])
        self.assertIs(session.state, State.REFUSED)
        self.assertEqual(self.heard.reasons[-1], "too often")
        refusal = session.status.refusal
        assert isinstance(refusal, LoginAnswer)
        self.assertEqual(session.error_of(refusal.info), errors.TOO_MANY)
        self.gate.verdict = NOTHING
        self.login(session)
        self.assertIs(session.state, State.READY)

    def test_it_leaves_whatever_becomes_of_the_step(self) -> None:
        for step in self.STEPS:
            for ending in ("refused", "put off", "lost", "silent"):
                with self.subTest(step=step, ending=ending):
                    self.setUp()
                    error = {"refused": 3, "put off": 7}.get(ending, 0)
                    self.front.on(step, error=error, silent=not error)
                    session = self.open()
                    self.login(session)
                    if ending == "lost":
                        self.front.disconnect()
                    elif ending == "silent":
                        self.assertTrue(self.gate.inside)
                        self.reactor.advance(15)
                    self.reactor.turn()
                    self.assertFalse(self.gate.inside)
                    self.tearDown()

    def test_a_session_that_is_lost_while_it_waits_is_not_woken(self) -> None:
        self.gate.verdict = None
        session = self.open()
        self.login(session)
        self.front.disconnect()
        self.reactor.turn()
        self.gate.verdict = NOTHING
        self.gate.on_free()
        self.reactor.turn()
        self.assertEqual((session.state, self.steps()), (State.LOST, []))

"""The guard against lockouts, on a clock."""

from twisted.internet.task import Clock
from twisted.trial.unittest import SynchronousTestCase

from tests.gateway.test_seat import DeskTest, answer, of_type
from webctp.gateway.guard import LoginGuard, Turn
from webctp.upstream.identity import Identity

ONE = Identity("9999", "one")
OTHER = Identity("9999", "other")


class GuardCase(SynchronousTestCase):
    """A guard that passes three refusals on within 600 seconds."""

    def setUp(self) -> None:
        self.clock = Clock()
        self.guard = LoginGuard(self.clock, 3, 600.0)
        self.woken: list[str] = []

    def refuse(self, *passwords: str, code: int = 3) -> None:
        for password in passwords:
            self.guard.refused(ONE, code, password)

    def turn(self, password: str = "p", identity: Identity = ONE) -> Turn:
        return self.guard.turn(identity, lambda: password)

    def enter(self, turn: Turn, *, recovering: bool = False) -> str | None:
        return turn.enter(lambda: self.woken.append(turn.password()), recovering=recovering)


class CountTests(GuardCase):
    """What counts as refused, and for how long."""

    def test_after_three_it_says_how_long(self) -> None:
        self.refuse("a", "b")
        self.assertEqual((self.guard.wait(ONE), self.guard.reason(ONE)), (0.0, ""))
        self.clock.advance(100)
        self.refuse("c")
        self.assertEqual(self.guard.wait(ONE), 500.0)
        self.assertIn("500 s", self.guard.reason(ONE))
        self.clock.advance(500)
        self.assertEqual(self.guard.reason(ONE), "")

    def test_what_says_nothing_of_the_password_does_not_count(self) -> None:
        for code in (7, 8, 60, 90, 131, 140, -429, -408):
            self.refuse("a", "b", "c", code=code)
            self.assertEqual(self.guard.wait(ONE), 0.0, code)

    def test_an_accepted_login_begins_anew(self) -> None:
        self.refuse("a", "b", "c")
        self.guard.accepted(ONE)
        self.assertEqual(self.guard.wait(ONE), 0.0)

    def test_accounts_are_apart(self) -> None:
        self.refuse("a", "b", "c")
        self.assertEqual(self.guard.wait(OTHER), 0.0)

    def test_of_very_many_accounts_the_oldest_are_forgotten(self) -> None:
        busy = self.turn()
        self.assertEqual(self.enter(busy), "")
        self.refuse("a", "b", "c")
        for number in range(5000):
            self.guard.refused(Identity("9999", str(number)), 3, "p")
        self.assertGreater(self.guard.wait(ONE), 0.0, "a login is under way there")
        self.assertLessEqual(len(self.guard._accounts), 4096)

    def test_nothing_is_kept_of_what_is_over(self) -> None:
        turn = self.turn()
        self.enter(turn)
        turn.leave()
        turn.leave()
        self.assertEqual(self.guard._accounts, {})

    def test_no_password_is_kept(self) -> None:
        self.refuse("hunter2")
        self.assertNotIn("hunter2", repr(vars(self.guard)))


class TurnTests(GuardCase):
    """Logins of one account under way at the same time."""

    def test_no_more_are_passed_on_than_may_all_be_refused(self) -> None:
        turns = [self.turn(str(number)) for number in range(5)]
        self.assertEqual([self.enter(turn) for turn in turns], ["", "", "", None, None])

    def test_refusals_count_with_those_under_way(self) -> None:
        self.refuse("a", "b")
        self.assertEqual([self.enter(self.turn()) for _ in range(2)], ["", None])

    def test_others_accounts_do_not_wait(self) -> None:
        for _ in range(3):
            self.enter(self.turn())
        self.assertEqual(self.enter(self.turn(identity=OTHER)), "")

    def test_when_one_is_answered_all_that_wait_ask_again_in_their_order(self) -> None:
        first, *rest = [self.turn(str(number)) for number in range(6)]
        for turn in (first, *rest):
            self.enter(turn)
        first.leave()
        self.assertEqual(self.woken, [])
        self.clock.advance(0)
        self.assertEqual(self.woken, ["3", "4", "5"])
        self.assertEqual([self.enter(turn) for turn in rest[2:]], ["", None, None])

    def test_the_answer_is_counted_before_they_ask(self) -> None:
        turns = [self.turn(str(number)) for number in range(4)]
        for turn in turns:
            self.enter(turn)
        for turn in turns[:3]:
            turn.leave()
            self.refuse(turn.password())
        self.clock.advance(0)
        self.assertEqual(self.woken, ["3"])
        self.assertIn("several times", str(self.enter(turns[3])))

    def test_one_that_gives_up_waiting_is_not_woken(self) -> None:
        turns = [self.turn(str(number)) for number in range(4)]
        for turn in turns:
            self.enter(turn)
        turns[3].leave()
        turns[0].leave()
        self.clock.advance(0)
        self.assertEqual(self.woken, [])


class RecoveryTests(GuardCase):
    """Sessions that log in by themselves."""

    def test_strangers_do_not_keep_a_session_from_recovering(self) -> None:
        self.refuse("a", "b", "c")
        self.assertEqual(self.enter(self.turn("right"), recovering=True), "")

    def test_but_then_one_at_a_time(self) -> None:
        self.refuse("a", "b", "c")
        first, second = self.turn("right"), self.turn("right")
        self.assertEqual(self.enter(first, recovering=True), "")
        self.assertIsNone(self.enter(second, recovering=True))
        self.guard.accepted(ONE)
        first.leave()
        self.clock.advance(0)
        self.assertEqual(self.enter(second, recovering=True), "")

    def test_a_password_that_was_refused_is_not_tried_by_another_session(self) -> None:
        self.refuse("old")
        self.assertIn("refused this password", str(self.enter(self.turn("old"), recovering=True)))
        self.assertEqual(self.enter(self.turn("new"), recovering=True), "")

    def test_unless_it_was_accepted_since(self) -> None:
        self.refuse("old")
        self.guard.accepted(ONE)
        self.assertEqual(self.enter(self.turn("old"), recovering=True), "")


class DeskTests(DeskTest):
    """Refused logins are not passed on for ever: the guard between clients and front."""

    def test_the_fourth_is_refused_here_with_the_time_left(self) -> None:
        self.start(refusals=3, refusal_window=600)
        self.front.on("ReqUserLogin", error=3)
        peer = self.client()
        for _ in range(3):
            self.assertEqual(answer(self.login(peer, "wrong"))["RspInfo"]["ErrorID"], 3)
        refused = answer(self.login(peer, "wrong"))
        self.assertEqual(refused["RspInfo"]["ErrorID"], -429)
        self.assertIn("600 s", refused["Detail"])
        self.assertEqual(self.front.names.count("ReqUserLogin"), 3)
        self.reactor.advance(600)
        self.front.on("ReqUserLogin")
        self.assertEqual(answer(self.login(peer))["RspInfo"]["ErrorID"], 0)

    def test_a_weak_password_does_not_count(self) -> None:
        self.start()
        self.front.on("ReqUserLogin", error=140)
        peer = self.client()
        for _ in range(5):
            self.assertEqual(answer(self.login(peer))["RspInfo"]["ErrorID"], 140)

    def test_of_many_at_once_no_more_are_passed_on_than_may_be_refused(self) -> None:
        self.start(refusals=3, refusal_window=600)
        self.front.on("ReqUserLogin", silent=True)
        peers = [self.client() for _ in range(10)]
        for peer in peers:
            self.login(peer, "wrong")
        self.assertEqual(self.front.names.count("ReqUserLogin"), 3)
        self.front.on("ReqUserLogin", error=3)
        for api in self.front.apis[:3]:
            api.push("OnRspUserLogin", error=3, request_id=2)
        self.settle()
        self.settle()
        codes = sorted(answer(peer.received())["RspInfo"]["ErrorID"] for peer in peers)
        self.assertEqual(codes, [-429] * 7 + [3] * 3)
        self.assertEqual(self.front.names.count("ReqUserLogin"), 3)

    def test_many_at_once_with_the_right_password_all_get_in(self) -> None:
        self.start(refusals=1)
        peers = [self.client() for _ in range(10)]
        body = {"UserID": "u1", "Password": "p"}
        for peer in peers:
            peer.send({"MsgType": "ReqUserLogin", "RequestID": 1, "ReqUserLogin": body})
        for _ in range(10):
            self.settle()
        codes = [answer(peer.received())["RspInfo"]["ErrorID"] for peer in peers]
        self.assertEqual(codes, [0] * 10)

    def test_a_password_changed_elsewhere_is_tried_once_by_all_sessions_together(self) -> None:
        self.start(refusals=1)
        peers = [self.client() for _ in range(6)]
        for peer in peers:
            self.login(peer)
        self.front.on("ReqUserLogin", error=3)
        before = self.front.names.count("ReqUserLogin")
        for api in self.front.apis:
            api.push("OnFrontDisconnected", 0x1001)
            api.push("OnFrontConnected")
        self.settle()
        self.settle()
        self.assertEqual(self.front.names.count("ReqUserLogin") - before, 1)
        for peer in peers:
            state = of_type(peer.received(), "RtnSessionState")[-1]["SessionState"]
            self.assertEqual(state["State"], "refused")

    def test_strangers_do_not_keep_a_session_from_recovering(self) -> None:
        self.start(refusals=3)
        peer = self.client()
        self.login(peer)
        self.front.on("ReqUserLogin", error=3)
        for _ in range(3):
            self.login(self.client(), "wrong")
        self.front.on("ReqUserLogin")
        self.front.apis[0].push("OnFrontDisconnected", 0x1001)
        self.front.apis[0].push("OnFrontConnected")
        self.settle()
        state = of_type(peer.received(), "RtnSessionState")[-1]["SessionState"]
        self.assertEqual(state["State"], "ready")

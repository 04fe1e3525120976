"""The guard against lockouts: by table, by long random runs, and between clients and a front."""

from collections import deque
from typing import Any, Final

from hypothesis import given, settings
from hypothesis import strategies as st
from twisted.internet.task import Clock
from twisted.trial.unittest import SynchronousTestCase

from tests.conformance import holds
from tests.gateway.trading.test_shared import DeskTest, answer, of_type
from webctp.gateway.access import lockout as guards
from webctp.gateway.access.lockout import LockoutGuard, LoginSlot
from webctp.testing import WebSocketPeer
from webctp.upstream.account import AccountKey
from webctp.upstream.session.gate import Credentials
from webctp.upstream.session.login import LoginState as State

ONE = AccountKey("9999", "one")
OTHER = AccountKey("9999", "other")
HOME = "192.0.2.1"
ELSEWHERE = "198.51.100.7"

WRONG: Final = 3
LOCKED: Final = 75
WINDOW: Final = 600.0
SIMULATED_LOCKS_AT: Final = 5
"""Wrong passwords in a row that lock an account; at CTP it takes one or more further ones."""


class GuardCase(SynchronousTestCase):
    """A guard that passes three refusals in a row on to an address."""

    def setUp(self) -> None:
        self.clock = Clock()
        self.guard = LockoutGuard(self.clock, 3, WINDOW)
        self.woken: list[LoginSlot] = []

    def slot(
        self,
        password: str = "p",
        identity: AccountKey = ONE,
        *,
        address: str = HOME,
        try_again: bool = False,
        once: str = "",
    ) -> LoginSlot:
        slot = self.guard.slot(identity, lambda: Credentials(password, once))
        slot.asked_by(address, try_again=try_again)
        return slot

    def enter(self, slot: LoginSlot, *, recovering: bool = False) -> str | None:
        return slot.acquire(lambda: self.woken.append(slot), recovering=recovering)

    def end(self, slot: LoginSlot, code: int) -> None:
        """The front answers a login that is under way."""
        slot.answered(State.LOGGING_IN, code)
        slot.release()

    def attempt(self, password: str, code: int = WRONG, **words: Any) -> str | None:
        """A client's login, answered with ``code`` if it is passed on; gives the guard's word."""
        slot = self.slot(password, **words)
        word = self.enter(slot)
        if word == "":
            self.end(slot, code)
        else:
            slot.release()
        return word

    def refuse(self, *passwords: str, **words: Any) -> None:
        """Logins that the front refuses."""
        for password in passwords:
            self.assertEqual(self.attempt(password, **words), "", password)

    def accept(self, password: str = "p", **words: Any) -> None:
        """A login that the front accepts."""
        self.assertEqual(self.attempt(password, 0, **words), "")


class CodeTests(GuardCase):
    """What each answer of the front says of the password and of the account."""

    def counts(self, code: int) -> int:
        """How many more wrong passwords are passed on after an answer of this code."""
        self.setUp()
        self.attempt("first", code)
        passed = 0
        for number in range(9):
            passed += self.attempt(str(number)) == ""
            self.clock.advance(WINDOW)
        return passed

    @holds("REQUSERLOGIN-5", "REQUSERLOGIN-7")
    def test_how_many_wrong_passwords_follow(self) -> None:
        most = guards.MOST_IN_A_ROW
        table = {
            # An accepted password keeps one refusal for itself.
            "the password was right": ({0, 131, 140, 141}, most - 1),
            "nothing was said of it": ({7, 8, 60, 90, 154, 143, 144, 145, 4042, 4043, 4060}, most),
            "it was wrong": ({3, 4, 11, 9999}, most - 1),
        }
        for what, (codes, follow) in table.items():
            for code in codes:
                self.assertEqual(self.counts(code), follow, (what, code))

    @holds("REQUSERLOGIN-7")
    def test_a_refused_authentication_says_nothing_of_it(self) -> None:
        for _ in range(9):
            slot = self.slot()
            self.assertEqual(self.enter(slot), "")
            slot.answered(State.AUTHENTICATING, 63)
            slot.release()

    def test_what_is_the_same_password_after_each(self) -> None:
        passes = {0: "", 131: "", 140: "", 141: "", 7: "", 154: "", 143: "", 4060: ""}
        for code, word in passes.items():
            self.setUp()
            self.attempt("p", code)
            self.assertEqual(self.attempt("p"), word, code)
        self.setUp()
        self.attempt("p", WRONG)
        self.assertIn("TryAgain", str(self.attempt("p")))

    def test_a_locked_account_is_asked_about_once_a_minute(self) -> None:
        self.refuse("a", "b")
        self.assertEqual(self.attempt("c", LOCKED), "")
        self.assertIn("60 s", str(self.attempt("d")))
        self.clock.advance(guards.LOCK_PAUSE)
        self.assertEqual(self.attempt("d", LOCKED), "")
        self.clock.advance(guards.LOCK_PAUSE)
        self.accept("d")


class RowTests(GuardCase):
    """How many refusals in a row are passed on, of whom, and when."""

    def test_after_three_of_one_address_it_says_how_long(self) -> None:
        self.refuse("a", "b")
        self.clock.advance(100)
        self.refuse("c")
        self.assertIn("600 s", str(self.attempt("d")))
        self.clock.advance(WINDOW - 1)
        self.assertIn("in 1 s", self.slot("d").reason())
        self.clock.advance(1)
        self.assertEqual(self.slot("d").reason(), "")

    @holds("REQUSERLOGIN-5")
    def test_in_a_row_no_more_than_ctp_bears_whatever_time_passes(self) -> None:
        passed = 0
        for number in range(1000):
            passed += self.attempt(str(number), try_again=True) == ""
            self.clock.advance(WINDOW * 2)
        self.assertEqual(passed, guards.MOST_IN_A_ROW)
        self.assertLess(passed, SIMULATED_LOCKS_AT)
        self.assertIn("accepted before", str(self.attempt("x")))

    def test_the_same_password_is_passed_on_once_unless_the_client_says_so(self) -> None:
        self.refuse("a")
        for _ in range(5):
            self.clock.advance(WINDOW * 2)
            self.assertIn("TryAgain", str(self.attempt("a")))
        self.refuse("a", "a", try_again=True)
        self.assertIn("600 s", str(self.attempt("a", try_again=True)))

    def test_an_accepted_login_begins_anew(self) -> None:
        self.refuse("a", "b", "c")
        self.accept(address=ELSEWHERE)
        self.refuse("d", "e", "f")

    def test_strangers_do_not_use_up_what_the_owner_has(self) -> None:
        self.refuse("a", "b", "c", address=ELSEWHERE)
        self.assertIn("600 s", str(self.attempt("p", address=ELSEWHERE)))
        self.accept("p", address=HOME)

    def test_strangers_leave_the_accepted_password_its_refusal(self) -> None:
        self.accept("p")
        for number in range(20):
            self.attempt(str(number), address=f"192.0.2.{number}")
        self.assertEqual(self.attempt("p"), "", "it was changed elsewhere")
        self.assertEqual(self.guard._accounts[ONE].row, guards.MOST_IN_A_ROW)

    def test_an_accepted_password_passes_whatever_strangers_try(self) -> None:
        self.accept("p")
        for number in range(20):
            self.attempt(str(number), try_again=True)
            self.accept("p")

    def test_with_another_one_time_password_it_is_tried_a_few_times(self) -> None:
        self.accept("p", once="0")
        passed = sum(self.attempt("p", once=str(number)) == "" for number in range(1, 20))
        self.assertEqual(passed, guards.MOST_IN_A_ROW)

    def test_accounts_are_apart(self) -> None:
        self.refuse("a", "b", "c")
        self.refuse("a", "b", "c", identity=OTHER)

    def test_after_a_change_the_new_password_passes_and_the_old_one_counts(self) -> None:
        self.accept("old")
        self.refuse("new")
        self.guard.changed(ONE, "new")
        self.refuse("old", "a")
        self.assertIn("TryAgain", str(self.attempt("old")))
        self.accept("new")

    def test_a_refused_change_counts_like_a_login(self) -> None:
        for old in ("a", "b", "c"):
            slot = self.slot(old)
            self.assertEqual(self.enter(slot), "")
            slot.changed(14)
        self.assertIn("600 s", str(self.attempt("d")))

    def test_another_refusal_of_a_change_does_not(self) -> None:
        for _ in range(9):
            slot = self.slot("a")
            self.assertEqual(self.enter(slot), "")
            slot.changed(142)


class DayTests(GuardCase):
    """What invented names may do in all, so that CTP does not bar the gateway's address."""

    def invent(self, number: int, address: str, code: int = WRONG) -> str | None:
        return self.attempt("x", code, identity=AccountKey("9999", f"n{number}"), address=address)

    def test_of_one_address(self) -> None:
        passed = sum(self.invent(number, ELSEWHERE) == "" for number in range(300))
        self.assertEqual(passed, guards.MOST_OF_AN_ADDRESS)
        self.assertEqual(self.invent(301, HOME), "")
        self.clock.advance(guards.DAY)
        self.assertEqual(self.invent(302, ELSEWHERE), "")

    def test_a_proxys_clients_do_not_bar_one_another(self) -> None:
        for address in ("127.0.0.1", "::1", "unix"):
            passed = sum(self.invent(number, address) == "" for number in range(300))
            self.assertEqual(passed, 300, address)
            self.setUp()

    @holds("REQUSERLOGIN-6")
    def test_in_all(self) -> None:
        self.accept("p", identity=OTHER)
        for code in (WRONG, 143, 4060):
            for number in range(guards.MOST_A_DAY):
                self.invent(number, f"192.0.2.{number % 250}", code)
        self.assertEqual(len(self.guard._day), guards.MOST_A_DAY)
        self.assertIn("within a day", str(self.invent(-1, HOME)))
        self.accept("p", identity=OTHER)
        self.clock.advance(guards.DAY)
        self.assertEqual(self.invent(-1, HOME), "")

    def test_failures_of_accounts_that_got_in_before_are_bounded_too(self) -> None:
        self.accept("p")
        passed = 0
        for _ in range(guards.MOST_A_DAY_KNOWN + 10):
            slot = self.slot()
            if self.enter(slot) == "":
                passed += 1
                slot.answered(State.AUTHENTICATING, 63)
            slot.release()
        self.assertEqual(passed, guards.MOST_A_DAY_KNOWN)
        self.assertIn("AuthCode", str(self.attempt("p")))

    @holds("REQUSERLOGIN-6")
    def test_both_bounds_together_lie_below_ctps(self) -> None:
        self.assertLess(guards.MOST_A_DAY + guards.MOST_A_DAY_KNOWN, 4060)


class MemoryTests(GuardCase):
    """What is kept, and for how long."""

    def test_of_very_many_accounts_the_oldest_strangers_are_forgotten(self) -> None:
        busy = self.slot("a", OTHER)
        self.assertEqual(self.enter(busy), "")
        self.accept("p")
        for number in range(5000):
            self.guard._account(AccountKey("9999", str(number))).row = 1
        self.assertLessEqual(len(self.guard._accounts), 4096)
        self.assertIn(OTHER, self.guard._accounts, "a login is under way there")
        self.assertIn(ONE, self.guard._accounts, "it got in")

    def test_nothing_is_kept_of_a_login_without_an_answer(self) -> None:
        slot = self.slot()
        self.enter(slot)
        slot.release()
        slot.release()
        self.assertEqual(self.guard._accounts, {})

    def test_no_password_is_kept(self) -> None:
        self.refuse("hunter2")
        self.accept("hunter3")
        kept = repr(vars(self.guard))
        self.assertNotIn("hunter", kept)


class SlotTests(GuardCase):
    """Logins of one account under way at the same time."""

    def test_no_more_are_passed_on_than_may_all_be_refused(self) -> None:
        turns = [self.slot(str(number)) for number in range(5)]
        self.assertEqual([self.enter(slot) for slot in turns], ["", "", "", None, None])

    def test_of_several_addresses_neither(self) -> None:
        turns = [self.slot(str(number), address=f"192.0.2.{number}") for number in range(6)]
        passed = [self.enter(slot) for slot in turns].count("")
        self.assertEqual(passed, guards.MOST_IN_A_ROW)

    def test_of_one_password_one_goes_first(self) -> None:
        turns = [self.slot("same") for _ in range(3)]
        self.assertEqual([self.enter(slot) for slot in turns], ["", None, None])

    def test_if_it_gets_in_the_others_follow_together(self) -> None:
        turns = [self.slot("same") for _ in range(3)]
        for slot in turns:
            self.enter(slot)
        self.end(turns[0], 0)
        self.clock.advance(0)
        self.assertEqual(self.woken, turns[1:])
        self.assertEqual([self.enter(slot) for slot in turns[1:]], ["", ""])

    def test_if_it_does_not_they_are_refused_here(self) -> None:
        turns = [self.slot("same") for _ in range(3)]
        for slot in turns:
            self.enter(slot)
        self.end(turns[0], WRONG)
        self.clock.advance(0)
        for slot in turns[1:]:
            self.assertIn("TryAgain", str(self.enter(slot)))

    def test_refusals_count_with_those_under_way(self) -> None:
        self.refuse("a", "b")
        self.assertEqual([self.enter(self.slot(password)) for password in "cd"], ["", None])

    def test_others_accounts_do_not_wait(self) -> None:
        for number in range(3):
            self.enter(self.slot(str(number)))
        self.assertEqual(self.enter(self.slot(identity=OTHER)), "")

    def test_when_one_is_answered_all_that_wait_ask_again_in_their_order(self) -> None:
        first, *rest = [self.slot(str(number)) for number in range(6)]
        for slot in (first, *rest):
            self.enter(slot)
        first.release()
        self.assertEqual(self.woken, [])
        self.clock.advance(0)
        self.assertEqual(self.woken, rest[2:])
        self.assertEqual([self.enter(slot) for slot in rest[2:]], ["", None, None])

    def test_one_that_gives_up_waiting_is_not_woken(self) -> None:
        turns = [self.slot(str(number)) for number in range(4)]
        for slot in turns:
            self.enter(slot)
        turns[3].release()
        turns[0].release()
        self.clock.advance(0)
        self.assertEqual(self.woken, [])


class RecoveryTests(GuardCase):
    """Sessions that log in by themselves."""

    def test_strangers_do_not_keep_a_session_from_recovering(self) -> None:
        for number in range(9):
            self.attempt(str(number))
            self.clock.advance(WINDOW)
        self.assertEqual(self.enter(self.slot("right"), recovering=True), "")

    def test_of_one_password_one_goes_first(self) -> None:
        first, second, third = (self.slot("right") for _ in range(3))
        self.assertEqual(self.enter(first, recovering=True), "")
        self.assertIsNone(self.enter(second, recovering=True))
        self.assertIsNone(self.enter(third, recovering=True))
        self.end(first, 0)
        self.clock.advance(0)
        self.assertEqual(self.enter(second, recovering=True), "")
        self.assertEqual(self.enter(third, recovering=True), "")

    def test_those_that_follow_may_all_be_refused_as_well(self) -> None:
        first, *rest = [self.slot("right") for _ in range(9)]
        for slot in (first, *rest):
            self.enter(slot, recovering=True)
        self.end(first, 0)
        self.clock.advance(0)
        passed = [self.enter(slot, recovering=True) for slot in rest].count("")
        self.assertEqual(passed, guards.MOST_IN_A_ROW)

    def test_nor_is_one_after_which_another_was_accepted(self) -> None:
        self.accept("old")
        self.accept("new")
        word = self.enter(self.slot("old"), recovering=True)
        self.assertIn("another password", str(word))
        self.accept("old")
        self.assertEqual(self.enter(self.slot("old"), recovering=True), "")

    def test_a_password_that_was_refused_is_not_tried_by_another_session(self) -> None:
        self.refuse("old")
        self.assertIn("refused this password", str(self.enter(self.slot("old"), recovering=True)))
        self.assertEqual(self.enter(self.slot("new"), recovering=True), "")

    def test_unless_it_was_accepted_since(self) -> None:
        self.refuse("old")
        self.accept("old", try_again=True)
        self.assertEqual(self.enter(self.slot("old"), recovering=True), "")


_PASSWORDS = [str(number) for number in range(12)]
_LOGINS = st.tuples(
    st.just("login"),
    st.sampled_from(_PASSWORDS),
    st.sampled_from([HOME, ELSEWHERE, "192.0.2.9"]),
    st.booleans(),
)
_MOVES = st.lists(
    st.one_of(
        _LOGINS,
        _LOGINS,
        st.tuples(st.just("recover"), st.integers(0, 3)),
        st.tuples(st.just("answer"), st.integers(0, 3)),
        st.tuples(st.just("answer all")),
        st.tuples(st.just("answer all")),
        st.tuples(st.just("change elsewhere"), st.sampled_from(_PASSWORDS)),
        st.tuples(st.just("wait"), st.sampled_from([1.0, 700.0, 100_000.0])),
    ),
    min_size=30,
    max_size=100,
)


class LongRunTests(SynchronousTestCase):
    """Any logins, recoveries, answers and changes, in any order, against CTP's way of counting."""

    @holds("REQUSERLOGIN-5")
    @settings(deadline=None, max_examples=200)
    @given(_MOVES)
    def test_never_locks_the_account_and_never_keeps_the_right_password_out(
        self, moves: list[Any]
    ) -> None:
        clock = Clock()
        guard = LockoutGuard(clock, 3, WINDOW)
        model = _Ctp(guard)
        for move, *arguments in moves:
            match move:
                case "login":
                    model.login(*arguments)
                case "recover":
                    model.recover(*arguments)
                case "answer":
                    model.answer(*arguments)
                case "answer all":
                    while model.under_way:
                        model.answer(0)
                        clock.advance(0)
                case "change elsewhere":
                    model.right = arguments[0]
                case "wait":
                    clock.advance(arguments[0])
            clock.advance(0)
            self.assertLess(model.row, SIMULATED_LOCKS_AT)
            if model.right == model.last:
                slot = guard.slot(ONE, lambda: Credentials(model.right))
                slot.asked_by(HOME)
                self.assertEqual(slot.reason(), "")


class _Ctp:
    """CTP's side: it compares passwords when it answers, and counts wrong ones in a row."""

    def __init__(self, guard: LockoutGuard) -> None:
        self.guard = guard
        self.right = "0"
        self.row = 0
        self.living: list[str] = []
        self.last: str | None = None
        """The password accepted last, until it is refused."""
        self.under_way: list[tuple[LoginSlot, str]] = []

    def login(self, password: str, address: str, again: bool) -> None:
        self._ask(password, address, again=again, recovering=False)

    def recover(self, number: int) -> None:
        if number < len(self.living):
            self._ask(self.living[number], HOME, again=False, recovering=True)

    def _ask(self, password: str, address: str, *, again: bool, recovering: bool) -> None:
        slot = self.guard.slot(ONE, lambda: Credentials(password))
        slot.asked_by(address, try_again=again)

        def enter() -> None:
            if slot.acquire(enter, recovering=recovering) == "":
                self.under_way.append((slot, password))

        enter()

    def answer(self, number: int) -> None:
        if number >= len(self.under_way):
            return
        slot, password = self.under_way.pop(number)
        if password == self.right:
            self.row = 0
            self.living = [*self.living, password][-4:]
            self.last = password
        else:
            self.row += 1
            self.last = None if password == self.last else self.last
            self.living = [one for one in self.living if one != password]
        slot.answered(State.LOGGING_IN, 0 if password == self.right else WRONG)
        slot.release()


def code_of(messages: list[dict[str, Any]]) -> int:
    """The ErrorID of the one answer among messages."""
    return int(answer(messages)["RspInfo"]["ErrorID"])


class DeskTests(DeskTest):
    """Refused logins are not passed on for ever: the guard between clients and front."""

    def passed(self, name: str = "ReqUserLogin") -> int:
        """How many requests of that name have reached the front."""
        return self.front.names.count(name)

    def test_three_wrong_passwords_and_then_the_time_left(self) -> None:
        self.start()
        self.front.on("ReqUserLogin", error=3)
        peer = self.client()
        for password in ("a", "b", "c"):
            self.assertEqual(code_of(self.login(peer, password)), 3)
        refused = answer(self.login(peer, "p"))
        self.assertEqual(refused["RspInfo"]["ErrorID"], -429)
        self.assertIn("600 s", refused["Detail"])
        self.assertEqual((refused["Limit"], refused["RetryAfter"]), (3, 600.0))
        self.assertEqual(self.passed(), 3)
        self.reactor.advance(600)
        self.front.on("ReqUserLogin")
        self.assertEqual(code_of(self.login(peer)), 0)

    def test_a_client_in_a_loop_is_told_what_to_do(self) -> None:
        self.start()
        self.front.on("ReqUserLogin", error=3)
        peer = self.client()
        self.assertEqual(code_of(self.login(peer, "wrong")), 3)
        for _ in range(20):
            refused = answer(self.login(peer, "wrong"))
            self.assertEqual(refused["RspInfo"]["ErrorID"], -429)
            self.assertIn('"TryAgain": true', refused["Detail"])
            self.reactor.advance(700)
        self.assertEqual(self.passed(), 1)
        self.front.on("ReqUserLogin")
        self.assertEqual(code_of(self.login(peer, "wrong", TryAgain=True)), 0)

    def test_one_that_says_so_each_time_does_not_lock_the_account_either(self) -> None:
        self.start()
        self.front.on("ReqUserLogin", error=3)
        peer = self.client()
        for _ in range(20):
            self.login(peer, "wrong", TryAgain=True)
            self.reactor.advance(700)
        self.assertLess(self.passed(), SIMULATED_LOCKS_AT)

    def test_the_owner_of_a_living_session_is_not_locked_out(self) -> None:
        self.start(linger=0)
        owner, stranger = self.client(), self.client()
        self.login(owner)
        self.front.on("ReqUserLogin", error=3)
        for number in range(9):
            self.login(stranger, str(number))
        self.front.on("ReqUserLogin")
        second = self.client()
        self.assertEqual(code_of(self.login(second)), 0, "a session of its own")
        for peer in (owner, second):
            peer.drop()
        self.settle()
        self.assertEqual(code_of(self.login(self.client())), 0, "accepted before, and gone since")

    def test_a_weak_password_does_not_count(self) -> None:
        for error in (131, 140, 141):
            self.start()
            self.front.on("ReqUserLogin", error=error)
            peer = self.client()
            for _ in range(5):
                self.assertEqual(code_of(self.login(peer)), error)

    def test_a_refused_confirmation_does_not_either(self) -> None:
        self.start()
        self.front.on("ReqSettlementInfoConfirm", error=9)
        peer = self.client()
        for _ in range(5):
            self.assertEqual(code_of(self.login(peer)), 9)

    def test_of_many_at_once_with_one_wrong_password_one_is_passed_on(self) -> None:
        self.start()
        self.front.on("ReqUserLogin", silent=True)
        peers = [self.client() for _ in range(10)]
        for peer in peers:
            self.login(peer, "wrong")
        self.assertEqual(self.passed(), 1)
        self.front.apis[0].push("OnRspUserLogin", error=3, request_id=2)
        self.settle()
        self.settle()
        codes = sorted(code_of(peer.received()) for peer in peers)
        self.assertEqual(codes, [-429] * 9 + [3])
        self.assertEqual(self.passed(), 1)

    def test_many_at_once_with_the_right_password_all_get_in(self) -> None:
        self.start(login_refusals=1)
        peers = [self.client() for _ in range(10)]
        body = {"UserID": "u1", "Password": "p"}
        for peer in peers:
            peer.send({"MsgType": "ReqUserLogin", "RequestID": 1, "ReqUserLogin": body})
        for _ in range(10):
            self.settle()
        self.assertEqual([code_of(peer.received()) for peer in peers], [0] * 10)

    def test_a_password_changed_elsewhere_is_tried_once_and_the_right_one_gets_in(self) -> None:
        self.start()
        peers = [self.client() for _ in range(6)]
        for peer in peers:
            self.login(peer)
        self.front.on("ReqUserLogin", error=3)
        before = self.passed()
        for api in self.front.apis:
            api.push("OnFrontDisconnected", 0x1001)
            api.push("OnFrontConnected")
        self.settle()
        self.settle()
        self.assertEqual(self.passed() - before, 1)
        self.front.on("ReqUserLogin")
        for peer in peers:
            self.assertEqual(self.state(peer), "refused")
            self.assertEqual(code_of(self.login(peer, "new")), 0)

    def test_of_recovering_sessions_all_come_back(self) -> None:
        self.start()
        peers = [self.client() for _ in range(6)]
        for peer in peers:
            self.login(peer)
        for api in self.front.apis:
            api.push("OnFrontDisconnected", 0x1001)
            api.push("OnFrontConnected")
        for _ in range(3):
            self.settle()
        self.assertEqual([self.state(peer) for peer in peers], ["ready"] * 6)

    def test_strangers_do_not_keep_a_session_from_recovering(self) -> None:
        self.start()
        peer = self.client()
        self.login(peer)
        self.front.on("ReqUserLogin", error=3)
        for password in ("a", "b", "c"):
            self.login(self.client(), password)
        self.front.on("ReqUserLogin")
        self.front.apis[0].push("OnFrontDisconnected", 0x1001)
        self.front.apis[0].push("OnFrontConnected")
        self.settle()
        self.assertEqual(self.state(peer), "ready")

    def state(self, peer: WebSocketPeer) -> str:
        """The last state that a client was told."""
        told = of_type(peer.received(), "RtnSessionState")[-1]["SessionState"]
        return str(told["State"])

    def test_a_clients_own_authentications_are_counted_too(self) -> None:
        self.start()
        peer = self.client()
        self.login(peer)
        self.front.on("ReqAuthenticate", error=63)
        self.desk.commons.guard._day_known = deque(maxlen=5)
        peer.received()
        for _ in range(20):
            peer.send({"MsgType": "ReqAuthenticate", "ReqAuthenticate": {}, "RequestID": 1})
            self.settle()
        codes = [message["RspInfo"]["ErrorID"] for message in peer.received()]
        self.assertEqual(codes, [63] * 5 + [-429] * 15)

    def test_a_session_that_was_ready_outlives_a_login_that_is_not_passed_on(self) -> None:
        self.start()
        peer = self.client()
        self.login(peer)
        self.front.on("ReqUserLogin", error=3)
        self.front.apis[0].push("OnFrontDisconnected", 0x1001)
        self.front.apis[0].push("OnFrontConnected")
        self.settle()
        self.front.on("ReqUserLogin", silent=True)
        other = self.client()
        self.login(other, "new")
        self.login(peer, "new")
        self.front.apis[1].push("OnRspUserLogin", error=3, request_id=2)
        for _ in range(3):
            self.settle()
        self.assertEqual(answer(peer.received())["RspInfo"]["ErrorID"], -429)
        self.front.on("ReqUserLogin")
        self.assertEqual(code_of(self.login(peer, "newer")), 0)
        self.assertEqual(self.front.names.count("create_trader"), 2, "in the session it had")


class ChangeTests(DeskTest):
    """Changes of the password, which try the old one."""

    def change(self, peer: WebSocketPeer, old: str, new: str = "new", **words: Any) -> int:
        """Ask for a change; gives the code of the answer."""
        body = {"OldPassword": old, "NewPassword": new}
        message = {"MsgType": "ReqUserPasswordUpdate", "RequestID": 2, "UserPasswordUpdate": body}
        peer.received()
        peer.send({**message, **words})
        self.settle()
        return code_of(peer.received())

    def passed(self) -> int:
        """How many changes have reached the front."""
        return self.front.names.count("ReqUserPasswordUpdate")

    def test_after_a_wrong_password_none_is_passed_on(self) -> None:
        for error in (3, 75, 143, 9):
            self.start()
            self.front.on("ReqUserLogin", error=error)
            peer = self.client()
            self.login(peer, "wrong")
            codes = {self.change(peer, str(number)) for number in range(20)}
            self.assertEqual((codes, self.passed()), ({-401}, 0), error)

    @holds("REQUSERLOGIN-8")
    def test_after_a_right_one_that_must_be_changed_it_is(self) -> None:
        for error in (131, 140, 141):
            self.start()
            self.front.on("ReqUserLogin", error=error)
            peer = self.client()
            self.login(peer)
            self.assertEqual(self.change(peer, "p"), 0)
            self.front.on("ReqUserLogin")
            self.assertEqual(code_of(self.login(peer, "new")), 0)

    def test_wrong_old_passwords_are_counted(self) -> None:
        self.start()
        self.front.on("ReqUserLogin", error=140)
        self.front.on("ReqUserPasswordUpdate", error=14)
        peer = self.client()
        self.login(peer)
        codes = [self.change(peer, str(number)) for number in range(20)]
        self.assertEqual(codes, [14] * 3 + [-429] * 17)
        self.assertEqual(self.change(peer, "0", TryAgain=True), -429)
        self.front.on("ReqUserPasswordUpdate")
        self.assertEqual(self.change(peer, "p"), 0, "the right one passes")

    def test_one_at_a_time(self) -> None:
        self.start()
        peer = self.client()
        self.login(peer)
        self.front.on("ReqUserPasswordUpdate", silent=True)
        body = {"OldPassword": "p", "NewPassword": "new"}
        message = {"MsgType": "ReqUserPasswordUpdate", "RequestID": 2, "UserPasswordUpdate": body}
        peer.send(message)
        self.settle()
        self.assertEqual(self.change(peer, "p"), -409)
        self.assertEqual(self.passed(), 1)

    def test_one_that_the_library_does_not_send_is_over(self) -> None:
        self.start()
        peer = self.client()
        self.login(peer)
        self.front.on("ReqUserPasswordUpdate", returns=-3)
        self.assertEqual(self.change(peer, "p"), -3)
        self.front.on("ReqUserPasswordUpdate")
        self.assertEqual(self.change(peer, "p"), 0)

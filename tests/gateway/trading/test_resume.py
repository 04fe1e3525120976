"""Who may take a session, and what it is told then: Seq, ResumeToken, Gap."""

from typing import Any

from tests.gateway.trading.test_shared import DeskTest, answer, of_type, trades
from webctp.gateway.access.claim import Claim
from webctp.gateway.messages.schema import Resume
from webctp.testing import WebSocketPeer
from webctp.upstream.session.gate import Credentials


def replays(messages: list[dict[str, Any]]) -> list[str]:
    """The trades that are told before a login's answer; each must be marked, and bear no Seq."""
    end = messages.index(answer(messages))
    if of_type(messages[end:], "RtnTrade"):
        raise AssertionError(f"trades after the answer: {messages}")
    told = of_type(messages[:end], "RtnTrade")
    if not all(one.get("Replay") is True and "Seq" not in one for one in told):
        raise AssertionError(f"trades that are not marked: {told}")
    return trades(told)


class ResumeTests(DeskTest):
    """A client that says what it saw last."""

    def seen(self, messages: list[dict[str, Any]]) -> int:
        return max(int(message["Seq"]) for message in messages if "Seq" in message)

    def test_is_told_what_it_missed_in_order_and_once(self) -> None:
        self.start()
        first = self.client()
        seen = self.seen(self.login(first))
        first.drop()
        for number in (1, 2, 3):
            self.trade(number)
        second = self.client()
        messages = self.login(second, Resume={"Seq": seen})
        self.assertEqual(trades(messages), ["1", "2", "3"])
        login = answer(messages)
        self.assertEqual(login["Resume"], {"Seq": seen + 3, "Replayed": 3, "Gap": False})
        self.assertLess(messages.index(login), messages.index(of_type(messages, "RtnTrade")[0]))
        self.trade(4)
        self.assertEqual(trades(second.received()), ["4"])

    def test_without_resume_it_gets_the_day_and_pushes_from_now_on(self) -> None:
        self.start()
        first = self.client()
        self.login(first)
        first.drop()
        self.trade(1)
        second = self.client()
        messages = self.login(second)
        self.assertEqual(replays(messages), ["1"])
        self.assertNotIn("Resume", answer(messages))
        self.trade(2)
        (news,) = of_type(second.received(), "RtnTrade")
        self.assertEqual(news["Seq"], answer(messages)["Session"]["Seq"] + 1)

    def test_a_number_of_another_run_is_a_gap(self) -> None:
        self.start()
        first = self.client()
        seen = self.seen(self.login(first))
        first.drop()
        self.trade(1)
        for foreign in (5, seen - 10_000_000, seen + 1000):
            peer = self.client()
            messages = self.login(peer, Resume={"Seq": foreign})
            resumed = answer(messages)["Resume"]
            self.assertEqual((resumed["Gap"], resumed["Replayed"]), (True, 0))
            self.assertEqual(replays(messages), ["1"])
            peer.drop()

    def test_on_a_socket_that_is_told_already_nothing_comes_twice(self) -> None:
        self.start()
        peer = self.client()
        seen = self.seen(self.login(peer))
        self.trade(1)  # told, and not read yet when the client asks
        messages = self.login(peer, Resume={"Seq": seen})
        self.assertEqual(trades(messages), ["1"])
        self.assertEqual(answer(messages)["Resume"], {"Seq": seen + 1, "Replayed": 0, "Gap": False})
        self.trade(2)
        self.assertEqual(trades(peer.received()), ["2"])

    def test_takes_over_a_socket_that_looks_alive(self) -> None:
        self.start()
        loser = self.client()
        seen = self.seen(self.login(loser))
        self.trade(1)
        winner = self.client()
        self.assertEqual(trades(self.login(winner, Resume={"Seq": seen})), ["1"])
        told = of_type(loser.received(), "RtnSessionState")[-1]
        self.assertEqual(list(told["SessionState"]), ["State", "Reason", "Since"])
        self.assertEqual(told["SessionState"]["State"], "closed")
        self.assertIn("taken over", told["SessionState"]["Reason"])
        self.trade(2)
        self.assertEqual(trades(loser.received()), [])
        self.assertEqual(trades(winner.received()), ["2"])
        self.assertEqual(len(self.front.apis), 1)
        refused = loser.ask({"MsgType": "ReqQryInvestor", "RequestID": 9})
        self.assertEqual(refused["RspInfo"]["ErrorID"], -401)

    def test_does_not_take_over_a_session_that_is_another_clients(self) -> None:
        self.start(linger=0)
        gone = self.client()
        stale = self.seen(self.login(gone))
        gone.drop()
        self.settle()
        self.reactor.advance(1)
        other = self.client()
        self.login(other)
        self.assertTrue(answer(self.login(self.client(), Resume={"Seq": stale}))["Resume"]["Gap"])
        self.assertEqual(len(self.front.apis), 3)
        self.assertEqual(other.received(), [])
        usable = other.ask({"MsgType": "GetTradingDay", "RequestID": 2})
        self.assertEqual(usable["RspInfo"]["ErrorID"], 0)

    def test_what_comes_while_a_resuming_login_waits_is_told_once_and_in_order(self) -> None:
        self.start()
        first = self.client()
        seen = self.seen(self.login(first))
        first.drop()
        self.front.disconnect()
        self.settle()
        self.trade(1)
        second = self.client()
        self.assertEqual(self.login(second, Resume={"Seq": seen}), [])
        self.trade(2)
        self.front.connect()
        self.settle()
        messages = second.received()
        told = [message["Seq"] for message in messages if "Seq" in message]
        self.assertEqual(told, list(range(seen + 1, seen + 1 + len(told))))
        self.assertEqual(trades(messages), ["1", "2"])
        self.assertEqual(answer(messages)["Resume"]["Seq"], told[-1])

    def test_a_login_under_way_that_is_taken_over_is_refused(self) -> None:
        self.start()
        first = self.client()
        seen = self.seen(self.login(first))
        first.drop()
        self.front.disconnect()
        self.settle()
        loser, winner = self.client(), self.client()
        self.login(loser, Resume={"Seq": seen})
        self.login(winner, Resume={"Seq": seen})
        refused = answer(loser.received())
        self.assertEqual(
            (refused["MsgType"], refused["RspInfo"]["ErrorID"]), ("ReqUserLogin", -409)
        )
        self.front.connect()
        self.settle()
        self.assertEqual(answer(winner.received())["MsgType"], "RspUserLogin")
        self.assertEqual(loser.received(), [])

    def test_without_resume_two_clients_have_two_sessions(self) -> None:
        self.start()
        self.login(self.client())
        self.login(self.client())
        self.assertEqual(len(self.front.apis), 2)

    def test_the_number_of_a_session_born_at_the_same_moment_is_a_gap(self) -> None:
        self.start(linger=60)
        one, other = self.client(), self.client()
        seen = self.seen(self.login(one))
        self.login(other)
        for number in range(100):
            self.trade(number)  # the younger's
        self.assertEqual(len(trades(other.received())), 100)
        for foreign in (seen + 1, seen + 98, seen - 98):
            back = self.client()
            resumed = answer(self.login(back, Resume={"Seq": foreign}))["Resume"]
            self.assertEqual((resumed["Gap"], resumed["Replayed"]), (True, 0))
            back.drop()
        for peer in (one, other):
            self.assertEqual(of_type(peer.received(), "RtnSessionState"), [])

    def test_the_number_of_a_session_that_ended_is_a_gap_when_the_clock_stepped_back(self) -> None:
        self.start(linger=0)
        gone = self.client()
        seen = self.seen(self.login(gone))
        gone.drop()
        self.settle()
        self.wall_ahead -= 3600
        other = self.client()
        self.login(other)
        for back in range(3):
            resumed = answer(self.login(self.client(), Resume={"Seq": seen + back}))["Resume"]
            self.assertTrue(resumed["Gap"])
        self.assertEqual(other.received(), [])

    def test_with_no_number_it_takes_a_session_that_nobody_attends(self) -> None:
        self.start()
        busy, gone = self.client(), self.client()
        self.login(busy)
        self.login(gone)
        gone.drop()
        resumed = answer(self.login(self.client(), Resume={"Seq": None}))["Resume"]
        self.assertTrue(resumed["Gap"], "it was pushed things that the client never saw")
        self.assertEqual(len(self.front.apis), 2)
        self.assertEqual(busy.received(), [])

    def test_with_no_number_it_ousts_nobody(self) -> None:
        for seq in (None, 0, -1):
            self.start()
            busy = self.client()
            self.login(busy)
            resumed = answer(self.login(self.client(), Resume={"Seq": seq}))["Resume"]
            self.assertEqual(resumed["Gap"], seq is not None, "a new session hides nothing")
            self.assertEqual(len(self.front.apis), 2)
            self.assertEqual(busy.received(), [])
            usable = busy.ask({"MsgType": "GetTradingDay", "RequestID": 2})
            self.assertEqual(usable["RspInfo"]["ErrorID"], 0)

    def test_a_wrong_word_is_refused_by_name(self) -> None:
        self.start()
        refused = answer(self.login(self.client(), Resume={"Sequ": 1}))
        self.assertEqual(refused["RspInfo"]["ErrorID"], -400)
        self.assertIn("Seq", refused["Detail"])


class TokenTests(DeskTest):
    """The secret that a session gives to its client."""

    OTP = "OneTimePassword"

    def log_in(self, peer: WebSocketPeer, *, resume: Any = None, **body: Any) -> dict[str, Any]:
        """Log in; gives the answer."""
        words = {} if resume is None else {"Resume": resume}
        known = {"UserID": "u1", "Password": "p"}
        message = {"MsgType": "ReqUserLogin", "RequestID": 1, "ReqUserLogin": {**known, **body}}
        peer.send({**message, **words})
        self.settle()
        return answer(peer.received())

    def token(self, login: dict[str, Any]) -> str:
        return str(login["Session"]["ResumeToken"])

    def test_each_session_has_its_own(self) -> None:
        self.start()
        tokens = {self.token(self.log_in(self.client())) for _ in range(3)}
        self.assertEqual(len(tokens), 3)
        self.assertGreaterEqual(min(map(len, tokens)), 32)

    def test_who_comes_back_finds_the_same_one(self) -> None:
        self.start()
        first = self.client()
        token = self.token(self.log_in(first))
        first.drop()
        self.assertEqual(self.token(self.log_in(self.client())), token)

    def test_it_takes_the_session_over_with_the_password(self) -> None:
        self.start()
        loser = self.client()
        login = self.log_in(loser)
        self.trade(1)
        winner = self.client()
        resume = {"Seq": login["Session"]["Seq"], "ResumeToken": self.token(login)}
        self.assertEqual(trades(self.login(winner, Resume=resume)), ["1"])
        self.assertIn("taken over", str(loser.received()))
        self.assertEqual(len(self.front.apis), 1)

    def test_it_does_not_without_the_password(self) -> None:
        self.start()
        owner = self.client()
        resume = {"Seq": None, "ResumeToken": self.token(self.log_in(owner))}
        for password in ("", "guessed"):
            self.log_in(self.client(), resume=resume, Password=password)
        self.assertEqual(of_type(owner.received(), "RtnSessionState"), [])
        self.assertEqual(self.front.names.count("ReqUserLogin"), 3)

    def test_a_wrong_one_ousts_nobody(self) -> None:
        self.start()
        owner = self.client()
        self.log_in(owner)
        resumed = self.log_in(self.client(), resume={"Seq": None, "ResumeToken": "x" * 32})
        self.assertEqual(resumed["RspInfo"]["ErrorID"], 0)
        self.assertEqual((owner.received(), len(self.front.apis)), ([], 2))

    def test_another_one_time_password_is_the_fronts_to_check(self) -> None:
        self.start()
        owner = self.client()
        login = self.log_in(owner, OneTimePassword="1")
        seq = login["Session"]["Seq"]
        self.front.on("ReqUserLogin", error=3)
        for resume in (None, {"Seq": seq}):
            for otp in ("2", "1", ""):
                stranger = self.client()
                refused = self.log_in(stranger, resume=resume, OneTimePassword=otp)
                self.assertNotEqual(refused["RspInfo"]["ErrorID"], 0, (resume, otp))
                stranger.drop()
        self.assertEqual(of_type(owner.received(), "RtnSessionState"), [])

    def test_a_one_time_password_does_not_let_in_to_a_session_without(self) -> None:
        self.start()
        owner = self.client()
        seq = self.log_in(owner)["Session"]["Seq"]
        self.front.on("ReqUserLogin", error=3)
        refused = self.log_in(self.client(), resume={"Seq": seq}, OneTimePassword="1")
        self.assertEqual(refused["RspInfo"]["ErrorID"], 3)
        self.assertEqual(of_type(owner.received(), "RtnSessionState"), [])

    def test_with_the_token_no_new_one_time_password_is_asked_for(self) -> None:
        self.start()
        first = self.client()
        login = self.log_in(first, OneTimePassword="1")
        first.drop()
        resume = {"Seq": login["Session"]["Seq"], "ResumeToken": self.token(login)}
        back = self.log_in(self.client(), resume=resume)
        self.assertFalse(back["Resume"]["Gap"])
        self.assertEqual(self.front.names.count("ReqUserLogin"), 1)

    def test_before_its_login_a_session_is_nobodys_to_take(self) -> None:
        self.start()
        asking = self.client()
        body = {"UserID": "u1"}
        asking.send({"MsgType": "ReqUserAuthMethod", "ReqUserAuthMethod": body, "RequestID": 1})
        self.settle()
        asking.received()
        for words in ({}, {"Resume": {"Seq": None}}, {"Resume": {"ResumeToken": ""}}):
            self.login(self.client(), "", **words)
        self.assertEqual(asking.received(), [])
        self.assertEqual(len(self.front.apis), 4)

    def test_it_is_in_no_repr(self) -> None:
        resume = Resume(Seq=1, ResumeToken="hunter2")
        claim = Claim(Credentials("hunter2", "hunter2"), token="hunter2")
        self.assertNotIn("hunter2", f"{resume!r} {claim!r}")


class SecondLoginTests(DeskTest):
    """A login on a connection that is logged in, as docs/td_protocol.md tells it."""

    def usable(self, peer: WebSocketPeer) -> int:
        return int(peer.ask({"MsgType": "GetTradingDay"})["RspInfo"]["ErrorID"])

    def begin(self) -> WebSocketPeer:
        self.start(linger=60)
        peer = self.client()
        self.login(peer)
        self.front.on("ReqUserLogin", error=lambda body: 0 if body["Password"] == "p" else 3)
        return peer

    def test_a_wrong_password_costs_the_session(self) -> None:
        peer = self.begin()
        self.assertEqual(answer(self.login(peer, "wrong"))["RspInfo"]["ErrorID"], 3)
        self.assertEqual((self.usable(peer), self.released()), (-401, 1))
        self.assertEqual(answer(self.login(peer))["RspInfo"]["ErrorID"], 0)
        self.assertEqual(self.usable(peer), 0)

    def test_one_that_is_not_passed_on_costs_nothing(self) -> None:
        peer = self.begin()
        self.login(self.client(), "wrong")
        self.assertEqual(answer(self.login(peer, "wrong"))["RspInfo"]["ErrorID"], -429)
        self.assertEqual(
            (self.usable(peer), answer(self.login(peer))["MsgType"]), (0, "RspUserLogin")
        )

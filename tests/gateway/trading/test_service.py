"""What happens between the sessions of a desk, and to those that cannot be had."""

from tests.conformance import holds
from tests.gateway.trading.test_shared import TIMEOUT, DeskTest, answer, of_type
from webctp.testing import WebSocketPeer
from webctp.upstream.session import descriptors


class PasswordTests(DeskTest):
    """Several sessions of one user."""

    def test_a_changed_password_is_known_to_the_users_other_sessions(self) -> None:
        self.start()
        one, other, stranger = self.client(), self.client(), self.client()
        self.login(one)
        self.login(other)
        self.front.on("ReqUserLogin", silent=True)
        self.login(stranger, "guessed")
        self.front.on("ReqUserLogin")
        change = {"UserID": "u1", "OldPassword": "p", "NewPassword": "q"}
        one.send({"MsgType": "ReqUserPasswordUpdate", "UserPasswordUpdate": change})
        self.settle()
        _, second, strangers = self.front.apis
        for api, password in ((second, "q"), (strangers, "guessed")):
            api.push("OnFrontDisconnected", 0x1001)
            api.push("OnFrontConnected")
            self.settle()
            self.assertEqual(self.front.last("ReqUserLogin").values["Password"], password)


class LostChangeTests(DeskTest):
    """A change of the password whose answer was lost with the line."""

    def lose(self, sessions: int = 1) -> list[WebSocketPeer]:
        """Clients of as many sessions, the first of which was changing the password."""
        self.start()
        peers = [self.client() for _ in range(sessions)]
        for peer in peers:
            self.login(peer)
        self.front.on("ReqUserPasswordUpdate", silent=True)
        change = {"OldPassword": "p", "NewPassword": "q"}
        message = {"MsgType": "ReqUserPasswordUpdate", "UserPasswordUpdate": change}
        peers[0].send({**message, "RequestID": 7})
        self.settle()
        for peer in peers:
            peer.received()
        for api in self.front.apis:
            api.push("OnFrontDisconnected", 0x1001)
        self.settle()
        return peers

    def recover(self, right: str) -> list[str]:
        """Let the lines come back; gives the passwords that were tried until all is quiet."""
        before = len(self.front.calls)
        self.front.on("ReqUserLogin", error=lambda given: 0 if given["Password"] == right else 3)
        for api in self.front.apis:
            api.push("OnFrontConnected")
        for _ in range(4):
            self.settle()
        calls = self.front.calls[before:]
        return [str(call.values["Password"]) for call in calls if call.name == "ReqUserLogin"]

    def state(self, peer: WebSocketPeer) -> str:
        """The last state that a client was told."""
        told = of_type(peer.received(), "RtnSessionState")[-1]["SessionState"]
        return str(told["State"])

    def test_the_client_is_told_that_it_is_not_known_and_what_to_do(self) -> None:
        (peer,) = self.lose()
        told = answer(peer.received())
        self.assertEqual((told["MsgType"], told["RequestID"]), ("RspUserPasswordUpdate", 7))
        self.assertEqual((told["RspInfo"]["ErrorID"], told["IsLast"]), (-408, True))
        self.assertIn("not known", told["Detail"])
        self.assertIn("log in with either", told["Detail"])

    def test_all_sessions_together_try_a_wrong_one_once(self) -> None:
        for right, tried in (("p", ["p"] * 3), ("q", ["p", "q", "q", "q"])):
            peers = self.lose(3)
            self.assertEqual(self.recover(right), tried)
            self.assertEqual([self.state(peer) for peer in peers], ["ready"] * 3)
            peers[0].drop()
            self.assertEqual(answer(self.login(self.client(), right))["RspInfo"]["ErrorID"], 0)
            self.assertEqual(len(self.front.apis), 3, "it was let in to the first one's session")

    def test_where_neither_holds_each_is_tried_once(self) -> None:
        peers = self.lose(3)
        self.assertEqual(self.recover("r"), ["p", "q"])
        self.assertEqual([self.state(peer) for peer in peers], ["refused"] * 3)
        self.assertEqual(answer(self.login(peers[0], "r"))["RspInfo"]["ErrorID"], 0)

    def test_a_client_that_has_gone_meanwhile_leaves_nothing_under_way(self) -> None:
        self.start(linger=0)
        peer = self.client()
        self.login(peer)
        self.front.on("ReqUserPasswordUpdate", silent=True)
        change = {"OldPassword": "p", "NewPassword": "q"}
        peer.send({"MsgType": "ReqUserPasswordUpdate", "UserPasswordUpdate": change})
        self.settle()
        peer.drop()
        self.settle()
        (account,) = self.desk.commons.guard._accounts.values()
        self.assertTrue(account.is_idle)

    def test_a_login_does_not_wait_for_one_without_an_answer(self) -> None:
        self.start()
        peer = self.client()
        self.login(peer)
        self.front.on("ReqUserPasswordUpdate", silent=True)
        change = {"OldPassword": "p", "NewPassword": "q"}
        peer.send({"MsgType": "ReqUserPasswordUpdate", "UserPasswordUpdate": change})
        self.settle()
        self.assertEqual(answer(self.login(self.client()))["RspInfo"]["ErrorID"], 0)


class FailureTests(DeskTest):
    """Logins that the front does not answer."""

    def test_silence_is_told_and_leaves_nothing_behind(self) -> None:
        self.start()
        self.front.on("ReqAuthenticate", silent=True)
        peer = self.client()
        self.assertEqual(of_type(self.login(peer), "RspUserLogin"), [])
        self.reactor.advance(TIMEOUT)
        self.settle()
        late = answer(peer.received())
        self.assertEqual(late["MsgType"], "ReqUserLogin")
        self.assertEqual(late["RspInfo"]["ErrorID"], -408)
        self.assertIn("authenticating", late["Detail"])
        self.assertEqual(self.released(), 1)

    @holds("JYJK-5")
    def test_more_sessions_than_allowed_are_refused_until_one_is_released(self) -> None:
        self.start(max_sessions=2)
        clients = [self.client() for _ in range(3)]
        for peer in clients[:2]:
            self.login(peer)
        refused = answer(self.login(clients[2]))
        self.assertEqual(refused["RspInfo"]["ErrorID"], -429)
        self.assertIn("MaxSessions 2", refused["Detail"])
        self.assertEqual(refused["Limit"], 2)
        self.assertEqual(len(self.front.apis), 2)
        clients[0].send({"MsgType": "ReqUserLogout", "UserLogout": {"UserID": "u1"}})
        self.settle()
        self.assertEqual(self.released(), 1)
        (accepted,) = of_type(self.login(clients[2]), "RspUserLogin")
        self.assertEqual(accepted["RspInfo"]["ErrorID"], 0)

    def test_what_opens_a_session_before_a_login_counts_too(self) -> None:
        self.start(max_sessions=1)
        self.login(self.client())
        stranger = self.client()
        stranger.send({"MsgType": "ReqUserAuthMethod", "ReqUserAuthMethod": {"UserID": "u2"}})
        self.settle()
        refused = answer(stranger.received())
        self.assertEqual(refused["RspInfo"]["ErrorID"], -429)

    @holds("CREATEFTDCTRADERAPI-1")
    def test_without_free_descriptors_no_api_is_made(self) -> None:
        self.start()
        self.patch(descriptors, "free_low", lambda: 3)
        refused = answer(self.login(self.client()))
        self.assertEqual(refused["RspInfo"]["ErrorID"], -503)
        self.assertIn("3 file descriptors", refused["Detail"])
        self.assertEqual(self.front.apis, [])

    def test_an_api_that_cannot_be_made_is_told_as_such(self) -> None:
        self.start()
        self.front.fail("create_trader", OSError("no room"))
        refused = answer(self.login(self.client()))
        self.assertEqual(refused["RspInfo"]["ErrorID"], -503)
        self.assertIn("could not be opened", refused["Detail"])
        self.assertNotIn("no room", refused["Detail"])
        self.assertEqual(len(self.flushLoggedErrors(OSError)), 1)

"""What happens between the sessions of a desk, and to those that cannot be had."""

from tests.gateway.test_seat import TIMEOUT, DeskTest, answer, of_type


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

    def test_an_api_that_cannot_be_made_is_told_as_such(self) -> None:
        self.start()
        self.front.fail("create_trader", OSError("no room"))
        refused = answer(self.login(self.client()))
        self.assertEqual(refused["RspInfo"]["ErrorID"], -503)
        self.assertIn("could not be opened", refused["Detail"])
        self.assertNotIn("no room", refused["Detail"])
        self.assertEqual(len(self.flushLoggedErrors(OSError)), 1)

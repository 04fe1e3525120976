"""Trading sessions: what they send, what they remember."""

from typing import Any, Final

from twisted.trial.unittest import SkipTest

from tests.conformance import holds
from tests.upstream.support import CHAIN, CREDENTIALS, TraderCase, error_of
from webctp.ctp import catalog
from webctp.ctp.codec import CodecError, codec_for
from webctp.ctp.refusal import Refusal
from webctp.upstream.session.login import LoginState as State
from webctp.upstream.session.status import LoginAnswer
from webctp.upstream.trading.session import TradingSession

PASSWORD_UPDATE = "ReqUserPasswordUpdate"
CHANGE = {"BrokerID": "9999", "UserID": "user", "OldPassword": "first", "NewPassword": "second"}


class Opening(TraderCase):
    """What comes before the first connection."""

    @holds("JYJK-3", "REGISTERFRONT-1", "SUBSCRIBEPRIVATETOPIC-1", "SUBSCRIBEPUBLICTOPIC-1")
    def test_topics_and_addresses_before_init(self) -> None:
        self.open()
        restart = 0
        self.assertEqual(
            [(call.name, call.arguments) for call in self.front.calls[2:7]],
            [
                ("SubscribePrivateTopic", (restart,)),
                ("SubscribePublicTopic", (restart,)),
                ("RegisterFront", ("tcp://one:1",)),
                ("RegisterFront", ("tcp://two:2",)),
                ("Init", ()),
            ],
        )

    def test_the_mode_is_the_configurations(self) -> None:
        self.open()
        self.assertIs(self.front.last("create_trader").arguments[1], False)

    def test_no_client_text_in_the_flow_path(self) -> None:
        self.open()
        self.assertNotIn("user", self.front.last("create_trader").arguments[0].split("/")[-3:])


class ChainFields(TraderCase):
    """What each step of a login carries."""

    def values(self, name: str) -> dict[str, Any]:
        return {key: value for key, value in self.front.last(name).values.items() if value}

    @holds("REQAUTHENTICATE-1", "REQAUTHENTICATE-3")
    def test_authentication(self) -> None:
        self.ready()
        self.assertEqual(
            self.values("ReqAuthenticate"),
            {
                "BrokerID": "9999",
                "UserID": "user",
                "UserProductInfo": "webctp",
                "AuthCode": "0000000000000000",
                "AppID": "client_test_1.0",
            },
        )

    @holds("REQUSERLOGIN-1")
    def test_login(self) -> None:
        session = self.open()
        self.login(session, {**CREDENTIALS, "MacAddress": "00:11", "BrokerID": None})
        self.assertEqual(
            self.values("ReqUserLogin"),
            {
                "BrokerID": "9999",
                "UserID": "user",
                "Password": "first",
                "UserProductInfo": "webctp",
                "MacAddress": "00:11",
            },
        )

    @holds("REQAUTHENTICATE-3")
    def test_a_client_may_name_its_own_product(self) -> None:
        session = self.open()
        self.login(session, {**CREDENTIALS, "UserProductInfo": "mine"})
        self.assertEqual(self.values("ReqUserLogin")["UserProductInfo"], "mine")

    @holds("REQSETTLEMENTINFOCONFIRM-1")
    def test_confirmation(self) -> None:
        self.ready()
        self.assertEqual(
            self.values("ReqSettlementInfoConfirm"), {"BrokerID": "9999", "InvestorID": "user"}
        )

    def test_chinese_text_reaches_the_front(self) -> None:
        session = self.open()
        self.login(session, {**CREDENTIALS, "LoginRemark": "张三"})
        self.assertEqual(self.values("ReqUserLogin")["LoginRemark"], "张三")

    def test_what_does_not_fit_is_refused_before_anything_is_sent(self) -> None:
        session = self.ready()
        before = len(self.front.calls)
        with self.assertRaises(CodecError):
            self.request(session, "ReqOrderInsert", {"InstrumentID": "x" * 200})
        with self.assertRaises(CodecError):
            self.request(session, "ReqOrderInsert", {"InvestUnitID": "\N{GRINNING FACE}"})
        self.assertEqual(len(self.front.calls), before)


class LoginWith(TraderCase):
    """Logins with a captcha, a text message, a one-time password."""

    METHODS = (
        ("ReqUserLoginWithCaptcha", "Captcha"),
        ("ReqUserLoginWithText", "Text"),
        ("ReqUserLoginWithOTP", "OTPPassword"),
    )

    @holds("REQUSERLOGINWITHCAPTCHA-1")
    def test_they_continue_to_ready(self) -> None:
        for method, extra in self.METHODS:
            with self.subTest(method=method):
                session = self.open()
                (answer,) = self.login(session, {**CREDENTIALS, extra: "1234"}, method)
                assert isinstance(answer, LoginAnswer)
                self.assertTrue(answer.ready)
                self.assertEqual(answer.callback.name, "OnRspUserLogin")
                self.assertEqual(self.front.last(method).values[extra], "1234")

    def test_a_recovery_logs_in_plainly(self) -> None:
        session = self.open()
        method, extra = self.METHODS[0]
        self.login(session, {**CREDENTIALS, extra: "1234"}, method)
        self.front.disconnect()
        self.front.connect()
        self.reactor.turn()
        self.assertIs(session.state, State.READY)
        self.assertEqual(self.front.names.count(method), 1)
        self.assertEqual(self.front.last("ReqUserLogin").values["Password"], "first")


class OnceOnly(TraderCase):
    """What serves once is never sent twice."""

    OTP = "OneTimePassword"
    BODY: Final = {**CREDENTIALS, OTP: "1234"}

    def sent(self) -> list[str]:
        """The one-time passwords that have reached the front, with what came without one."""
        return [c.values[self.OTP] for c in self.front.calls if c.name == "ReqUserLogin"]

    @holds("REQUSERLOGIN-2")
    def test_a_recovery_leaves_it_out(self) -> None:
        session = self.open()
        self.login(session, self.BODY)
        self.front.disconnect()
        self.front.connect()
        self.reactor.turn()
        self.assertEqual(self.sent(), ["1234", ""])
        self.assertIs(session.state, State.READY)

    @holds("REQUSERLOGIN-2")
    def test_nor_is_it_sent_again_when_the_line_breaks_before_the_answer(self) -> None:
        for method, extra in (("ReqUserLogin", self.OTP), *LoginWith.METHODS):
            with self.subTest(method=method):
                self.front.on(method, silent=True, times=1)
                session = self.open()
                outcome = self.login(session, {**CREDENTIALS, extra: "1234"}, method)
                before = self.front.names.count(method)
                self.front.disconnect()
                self.front.connect()
                self.reactor.turn()
                (failed,) = outcome
                assert isinstance(failed, Refusal)
                self.assertEqual(failed.code, -408)
                self.assertIn("log in again with a new one", failed.detail)
                self.assertEqual(self.front.names.count(method), before)

    @holds("REQUSERLOGIN-2")
    def test_nor_when_the_front_says_not_now(self) -> None:
        self.front.on("ReqUserLogin", error=7, times=1)
        session = self.open()
        (answer,) = self.login(session, self.BODY)
        assert isinstance(answer, LoginAnswer)
        self.assertEqual(error_of(answer.info), 7)
        self.reactor.advance(60)
        self.assertEqual(self.sent(), ["1234"])

    def test_it_may_be_sent_where_it_was_not_before(self) -> None:
        self.front.on("ReqUserLogin", returns=-2, times=1)
        session = self.open()
        outcome = self.login(session, self.BODY)
        self.reactor.advance(1)
        self.assertEqual(len(outcome), 1)
        self.assertIs(session.state, State.READY)


class LostAnswers(TraderCase):
    """A line that breaks while requests are under way."""

    def lost(self, name: str, body: dict[str, Any] | None = None) -> list[Any]:
        """What a request is answered with when the line breaks."""
        session = self.ready()
        self.front.on(name, silent=True)
        _, answers = self.request(session, name, body)
        self.reactor.turn()
        self.front.disconnect()
        self.reactor.turn()
        return answers.taken

    def test_of_what_an_answer_alone_tells_the_outcome_is_not_known(self) -> None:
        for name in (
            PASSWORD_UPDATE,
            "ReqTradingAccountPasswordUpdate",
            "ReqQueryCFMMCTradingAccountToken",
            "ReqUserLogout",
        ):
            (taken,) = self.lost(name)
            self.assertEqual(taken[0], name.replace("Req", "OnRsp", 1))
            self.assertEqual(taken[1:], ({}, -408, True))

    def test_orders_and_transfers_are_told_of_by_pushes(self) -> None:
        for name in ("ReqOrderInsert", "ReqOrderAction", "ReqFromBankToFutureByFuture"):
            self.assertEqual(self.lost(name), [], name)

    def test_the_same_when_the_session_ends(self) -> None:
        session = self.ready()
        self.front.on(PASSWORD_UPDATE, silent=True)
        _, answers = self.request(session, PASSWORD_UPDATE, CHANGE)
        session.close()
        self.assertEqual([taken[2] for taken in answers.taken], [-408])


class DoubtfulPassword(TraderCase):
    """A change of the password whose answer was lost."""

    def recover(self) -> list[str]:
        """Let the line come back; gives the passwords that are tried then."""
        before = len(self.front.calls)
        self.front.connect()
        for _ in range(4):
            self.reactor.turn()
        logins = [call for call in self.front.calls[before:] if call.name == "ReqUserLogin"]
        return [str(call.values["Password"]) for call in logins]

    def doubt(self, right: str) -> TradingSession:
        """A session that was lost while a change was under way; ``right`` holds from now on."""
        session = self.ready()
        self.front.on(PASSWORD_UPDATE, silent=True)
        self.request(session, PASSWORD_UPDATE, CHANGE)
        self.reactor.turn()
        self.front.disconnect()
        self.reactor.turn()
        self.front.on("ReqUserLogin", error=lambda given: 0 if given["Password"] == right else 3)
        return session

    def test_the_old_one_is_tried_first(self) -> None:
        session = self.doubt("first")
        self.assertEqual(self.recover(), ["first"])
        self.assertEqual((session.state, session.password), (State.READY, "first"))

    def test_then_the_new_one(self) -> None:
        session = self.doubt("second")
        self.assertEqual(self.recover(), ["first", "second"])
        self.assertEqual((session.state, session.password), (State.READY, "second"))

    def test_each_once(self) -> None:
        session = self.doubt("third")
        self.assertEqual(self.recover(), ["first", "second"])
        self.assertIs(session.state, State.REFUSED)

    def test_once_one_holds_the_other_is_forgotten(self) -> None:
        session = self.doubt("first")
        self.recover()
        self.front.on("ReqUserLogin", error=3)
        self.front.disconnect()
        self.assertEqual(self.recover(), ["first"])
        self.assertIs(session.state, State.REFUSED)

    def test_a_refusal_that_speaks_of_something_else_tries_no_other(self) -> None:
        for code in (75, 131, 143):
            session = self.doubt("first")
            self.front.on("ReqUserLogin", error=code)
            self.assertEqual(self.recover(), ["first"])
            self.assertIs(session.state, State.REFUSED)
            self.front.on("ReqUserLogin")


class PasswordChange(TraderCase):
    """After a change, the new password is the one to recover with."""

    def recovered_with(self) -> str:
        self.front.disconnect()
        self.front.connect()
        self.reactor.turn()
        return str(self.front.last("ReqUserLogin").values["Password"])

    def test_the_new_one(self) -> None:
        session = self.ready()
        self.request(session, PASSWORD_UPDATE, CHANGE)
        self.reactor.turn()
        self.assertEqual(self.recovered_with(), "second")
        self.assertEqual(session.password, "second")

    def test_the_old_one_when_the_change_was_refused(self) -> None:
        session = self.ready()
        self.front.on(PASSWORD_UPDATE, error=14)
        _, answers = self.request(session, PASSWORD_UPDATE, CHANGE)
        self.reactor.turn()
        self.assertEqual([taken[2] for taken in answers.taken], [14])
        self.assertEqual(self.recovered_with(), "first")

    def test_the_old_one_when_it_was_somebody_elses_change(self) -> None:
        session = self.ready()
        self.request(session, PASSWORD_UPDATE, {**CHANGE, "UserID": "another"})
        self.reactor.turn()
        self.assertEqual(self.recovered_with(), "first")

    def test_the_old_one_until_the_answer_comes(self) -> None:
        session = self.ready()
        self.front.on(PASSWORD_UPDATE, silent=True)
        self.request(session, PASSWORD_UPDATE, CHANGE)
        self.reactor.turn()
        self.assertEqual(self.recovered_with(), "first")

    @holds("REQUSERLOGIN-8", "REQUSERLOGIN-9")
    def test_first_weak_and_old_passwords(self) -> None:
        for code in (131, 140, 141):
            with self.subTest(code=code):
                self.front.on("ReqUserLogin", error=code, times=1)
                session = self.open()
                (answer,) = self.login(session)
                assert isinstance(answer, LoginAnswer)
                self.assertEqual(error_of(answer.info), code)
                result, answers = self.request(session, PASSWORD_UPDATE, CHANGE)
                self.reactor.turn()
                self.assertEqual((result, [taken[2] for taken in answers.taken]), (0, [0]))
                (answer,) = self.login(session, {"UserID": "user", "Password": "second"})
                assert isinstance(answer, LoginAnswer)
                self.assertTrue(answer.ready)


class Centres(TraderCase):
    """A front of another centre than the user's."""

    def setUp(self) -> None:
        super().setUp()
        layout = codec_for(catalog.trading().module).layout("CThostFtdcRspUserLoginField")
        if "UserDRIdentityID" not in layout.by_name:
            raise SkipTest("this build of openctp-ctp tells no centres")

    def reason(self, front: int, user: int) -> str:
        answer = {"LoginDRIdentityID": front, "UserDRIdentityID": user}
        self.front.on("ReqUserLogin", answer=answer)
        session = self.ready()
        self.assertEqual(self.heard.reasons[-1], session.status.reason)
        return session.status.reason

    @holds("FENS-1", "ONRSPUSERLOGIN-2")
    def test_it_is_told(self) -> None:
        self.assertIn(
            "the front is of centre 2 (LoginDRIdentityID), the user of 1", self.reason(2, 1)
        )

    def test_the_users_own_is_not(self) -> None:
        for front, user in ((1, 1), (0, 0), (1, 0)):
            self.assertEqual(self.reason(front, user), "")


class OperatorRelay(TraderCase):
    """A one-to-many relay whose password the front refuses."""

    app_type = "3"

    def refused(self, code: int = 3) -> Any:
        """A session whose first login was refused."""
        self.front.on("ReqAuthenticate", answer={"AppType": self.app_type})
        self.front.on("ReqUserLogin", error=code, times=1)
        session = self.open()
        self.reactor.turn()
        self.login(session)
        self.assertIs(session.state, State.REFUSED)
        return session

    def again(self, session: Any) -> None:
        """Log in once more, and let it come about."""
        self.login(session)
        for _ in range(8):
            self.reactor.run_threads()
            self.reactor.turn()
        self.assertIs(session.state, State.READY)

    @holds("SUBMITUSERSYSTEMINFO-2")
    def test_the_next_login_has_a_connection_of_its_own(self) -> None:
        session = self.refused()
        self.again(session)
        self.assertEqual(len(self.front.apis), 2)
        since = self.front.names[self.front.names.index("Release") :]
        steps = [name for name in since if name in CHAIN]
        self.assertEqual(steps, CHAIN)

    def test_not_where_the_password_was_right(self) -> None:
        self.again(self.refused(140))
        self.assertEqual(len(self.front.apis), 1)

    def test_not_for_a_program_of_one_investor(self) -> None:
        self.app_type = "1"
        self.again(self.refused())
        self.assertEqual(len(self.front.apis), 1)

    def test_a_recovery_with_the_other_of_two_passwords_too(self) -> None:
        self.front.on("ReqAuthenticate", answer={"AppType": self.app_type})
        session = self.open()
        self.reactor.turn()
        self.login(session)
        session.password_doubted("first", "second")
        self.front.on("ReqUserLogin", error=lambda body: 0 if body["Password"] == "second" else 3)
        self.front.disconnect()
        self.front.connect()
        for _ in range(8):
            self.reactor.run_threads()
            self.reactor.turn()
        self.assertIs(session.state, State.READY)
        self.assertEqual(len(self.front.apis), 2)


class SystemInfo(TraderCase):
    """A relay's RegisterUserSystemInfo comes between authentication and login."""

    def register(self, session: Any) -> list[int]:
        told: list[int] = []
        session.register(
            catalog.trading().methods["RegisterUserSystemInfo"],
            {"BrokerID": "9999", "UserID": "user", "ClientPublicIP": "1.2.3.4"},
            told.append,
        )
        return told

    @holds("CTSJGSJCJJK-3", "REGISTERUSERSYSTEMINFO-1", "CJFAQ-2")
    def test_at_every_login_and_told_once(self) -> None:
        session = self.open()
        told = self.register(session)
        self.assertEqual(told, [])
        self.login(session)
        self.assertEqual(told, [0])
        expected = ["ReqAuthenticate", "RegisterUserSystemInfo", "ReqUserLogin"]
        self.assertEqual([name for name in self.front.names if name in expected], expected)
        self.front.disconnect()
        self.front.connect()
        self.reactor.turn()
        self.assertEqual([name for name in self.front.names if name in expected], expected * 2)
        self.assertEqual(told, [0])
        self.assertEqual(
            self.front.last("RegisterUserSystemInfo").values["ClientPublicIP"], "1.2.3.4"
        )

    @holds("REGISTERUSERSYSTEMINFO-3")
    def test_its_return_value(self) -> None:
        self.front.on("RegisterUserSystemInfo", returns=-2)
        session = self.open()
        told = self.register(session)
        self.login(session)
        self.assertEqual(told, [-2])

    @holds("SUBMITUSERSYSTEMINFO-1")
    def test_submit_is_sent_at_once(self) -> None:
        session = self.ready()
        method = catalog.trading().methods["SubmitUserSystemInfo"]
        self.assertEqual(session.submit(method, {"UserID": "user"}), 0)
        self.assertEqual(self.front.last("SubmitUserSystemInfo").values["UserID"], "user")

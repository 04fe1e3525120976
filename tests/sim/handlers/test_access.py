"""Logins, logouts and confirmations, as CTP's pages have them."""

from datetime import timedelta

from twisted.trial.unittest import SynchronousTestCase

from tests.conformance import holds
from tests.sim.helpers import Bench
from tests.sim.host.test_api import WithFront, body
from webctp.sim.events import Event, Hangup, Reply
from webctp.sim.options import SimOptions

WHO = {"BrokerID": "9999", "UserID": "1001"}


def replies(events: list[Event]) -> list[tuple[str, int | None]]:
    return [(one.callback, one.error) for one in events if isinstance(one, Reply)]


class LoginTests(SynchronousTestCase):
    """ReqUserLogin and its kin."""

    @holds("REQUSERLOGIN-1")
    def test_broker_user_and_password_are_mandatory(self) -> None:
        whole = {**WHO, "Password": "p"}
        bench = Bench()
        for name in whole:
            values = {**whole, name: ""}
            self.assertEqual(bench.refused(bench.connect(), "ReqUserLogin", **values), 3, name)
        self.assertEqual(bench.refused(bench.connect(), "ReqUserLogin", **whole), 0)

    @holds("REQUSERLOGIN-3")
    def test_addresses_that_are_filled_in_are_ignored(self) -> None:
        bench = Bench()
        session = bench.connect()
        filled = {"ClientIPAddress": "6.6.6.6", "MacAddress": "66-66", "ClientIPPort": 66}
        bench.ask(session, "ReqUserLogin", Password="p", **WHO, **filled)
        (row,) = bench.rows(session, "ReqQryUserSession")
        self.assertNotIn("66", "".join(str(value) for value in row.values()))

    @holds("REQUSERLOGIN-6", "REQUSERLOGIN-7")
    def test_failed_logins_of_an_address_bar_everybody_behind_it_for_the_day(self) -> None:
        bench = Bench(SimOptions(lock_address_after=3))
        bench.login("right", "p")
        failed = [
            bench.refused(bench.connect(), "ReqUserLogin", BrokerID="9999", UserID="right")
            for _ in range(3)
        ]
        self.assertEqual(failed, [3, 3, 3])
        right = {"BrokerID": "9999", "UserID": "right", "Password": "p"}
        self.assertEqual(bench.refused(bench.connect(), "ReqUserLogin", **right), 143)
        bench.run(timedelta(days=1).total_seconds())
        self.assertEqual(bench.refused(bench.connect(), "ReqUserLogin", **right), 0)

    @holds("REQUSERLOGIN-6", "REQUSERLOGIN-7")
    def test_failed_authentications_likewise(self) -> None:
        bench = Bench(SimOptions(auth_code="0000", lock_address_after=2))
        session = bench.connect()
        codes = ("x", "x", "0000")
        answers = [bench.refused(session, "ReqAuthenticate", AuthCode=one, **WHO) for one in codes]
        self.assertEqual(answers, [63, 63, 4060])

    @holds("REQUSERLOGIN-9")
    def test_a_password_out_of_date_is_changed_on_this_very_connection(self) -> None:
        bench = Bench(SimOptions(expired_password=True))
        session = bench.connect()
        self.assertEqual(bench.refused(session, "ReqUserLogin", Password="old", **WHO), 141)
        self.assertEqual(bench.refused(session, "ReqQryOrder"), 6)
        change = {"OldPassword": "old", "NewPassword": "new", **WHO}
        self.assertEqual(bench.refused(session, "ReqUserPasswordUpdate", **change), 0)
        self.assertEqual(bench.refused(session, "ReqUserLogin", Password="new", **WHO), 0)

    @holds("REQUSERLOGIN-10")
    def test_a_second_login_of_a_session_that_is_in_is_not_answered(self) -> None:
        bench = Bench()
        session = bench.login()
        for password in ("secret", "wrong"):
            self.assertEqual(bench.ask(session, "ReqUserLogin", Password=password, **WHO), [])
        self.assertEqual(len(bench.rows(session, "ReqQryUserSession")), 1)

    @holds("REQUSERLOGINWITHCAPTCHA-1")
    def test_captchas_texts_and_one_time_passwords_are_not_supported(self) -> None:
        bench = Bench()
        session = bench.connect()
        for name in ("LoginWithCaptcha", "LoginWithText", "LoginWithOTP"):
            self.assertEqual(bench.refused(session, f"ReqUser{name}", **WHO), 27, name)
        for name in ("ReqGenUserCaptcha", "ReqGenUserText"):
            self.assertEqual(bench.refused(session, name, **WHO), 27, name)

    @holds("ONRSPSETTLEMENTINFOCONFIRM-1")
    def test_a_confirmation_is_answered_with_its_date_and_time(self) -> None:
        bench = Bench()
        session = bench.login(confirm=False)
        (reply,) = bench.ask(session, "ReqSettlementInfoConfirm", BrokerID="9999")
        assert isinstance(reply, Reply) and reply.values is not None
        told = reply.values["ConfirmDate"], reply.values["ConfirmTime"]
        self.assertEqual(told, (bench.exchange.markets.day.name, f"{bench.now:%H:%M:%S}"))


class LogoutTests(SynchronousTestCase):
    """ReqUserLogout."""

    @holds("REQUSERLOGOUT-1")
    def test_after_it_the_connection_breaks(self) -> None:
        bench = Bench()
        session = bench.login()
        events = bench.ask(session, "ReqUserLogout", **WHO)
        self.assertEqual(replies(events), [("OnRspUserLogout", 0)])
        self.assertEqual(events[-1], Hangup(session, 0x1001))

    @holds("REQUSERLOGOUT-1")
    def test_broker_and_user_are_mandatory(self) -> None:
        bench = Bench()
        session = bench.login()
        for name in WHO:
            events = bench.ask(session, "ReqUserLogout", **{**WHO, name: ""})
            self.assertEqual(replies(events), [("OnRspUserLogout", 2)], name)
        self.assertEqual(len(bench.rows(session, "ReqQryUserSession")), 1)


class ReconnectTests(WithFront):
    """The same with the API's threads."""

    @holds("REQUSERLOGOUT-1")
    def test_it_comes_back_by_itself_logged_out(self) -> None:
        api, recorder = self.trader()
        other, heard = self.trader()
        self.login(api, recorder)
        self.login(other, heard)
        api.ReqUserLogout(body("UserLogout", **WHO), 3)
        recorder.wait("OnRspUserLogout")
        (reason,) = recorder.wait("OnFrontDisconnected")[0].values
        self.assertEqual(reason, 0x1001)
        recorder.wait("OnFrontConnected", 2)
        api.ReqQryInvestor(body("QryInvestor"), 4)
        _, info, *_ = recorder.wait("OnRspQryInvestor")[0].values
        self.assertEqual(info["ErrorID"], 6)
        self.login(api, recorder)
        self.assertEqual(heard.named("OnFrontDisconnected"), [], "another's connection broke")

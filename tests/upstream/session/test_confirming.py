"""Operators, whose settlement is their investors', and what a broker does not insist on."""

from collections.abc import Mapping
from typing import Any

from tests.conformance import holds
from tests.upstream.support import CHAIN, TraderCase, error_of
from webctp.upstream.session.login import LoginState as State
from webctp.upstream.session.status import LoginAnswer

_CONFIRM = "ReqSettlementInfoConfirm"


class OperatorTests(TraderCase):
    """A user that is no investor."""

    def investors(self, *ids: str) -> None:
        """Let the user be an operator of these."""
        self.front.on(_CONFIRM, error=lambda asked: 0 if asked["InvestorID"] in ids else 13)
        rows = [{"InvestorID": one} for one in ids]
        self.front.on("ReqQryInvestor", answer=rows or None)

    def confirmed(self) -> list[str]:
        """Whose settlement the front was asked to confirm, in order."""
        return [c.values["InvestorID"] for c in self.front.calls if c.name == _CONFIRM]

    @holds("REQSETTLEMENTINFOCONFIRM-2", "REQUSERLOGIN-1")
    def test_each_investor_of_an_operator_is_confirmed(self) -> None:
        self.investors("7001", "7002", "7003")
        session = self.open()
        (answer,) = self.login(session)
        assert isinstance(answer, LoginAnswer)
        self.assertTrue(answer.ready)
        self.assertEqual(self.confirmed(), ["user", "7001", "7002", "7003"])
        self.assertNotIn("InvestorID", session.defaults, "only a client knows which")

    def test_requests_are_about_the_only_investor(self) -> None:
        self.investors("7001")
        session = self.ready()
        self.assertEqual(session.defaults["InvestorID"], "7001")

    def test_after_a_reconnect_once_more(self) -> None:
        self.investors("7001")
        session = self.ready()
        self.front.calls.clear()
        self.front.disconnect()
        self.front.connect()
        self.reactor.turn()
        self.assertIs(session.state, State.READY)
        self.assertEqual(self.confirmed(), ["user", "7001"])

    def test_without_investors_the_refusal_stands(self) -> None:
        self.investors()
        session = self.open()
        (answer,) = self.login(session)
        assert isinstance(answer, LoginAnswer)
        self.assertEqual((answer.ready, error_of(answer.info)), (False, 13))
        self.assertEqual(answer.callback.name, "OnRspSettlementInfoConfirm")
        self.assertIs(session.state, State.REFUSED)

    def test_one_that_is_refused_ends_the_login(self) -> None:
        self.investors("7001", "7002")
        self.front.on(
            _CONFIRM, error=lambda asked: {"user": 9, "7002": 12}.get(asked["InvestorID"], 0)
        )
        (answer,) = self.login(self.open())
        assert isinstance(answer, LoginAnswer)
        self.assertEqual(error_of(answer.info), 12)

    def test_a_front_that_is_busy_is_asked_again(self) -> None:
        self.investors("7001")
        self.front.on("ReqQryInvestor", error=90, times=1)
        session = self.open()
        outcome = self.login(session)
        self.assertEqual(outcome, [])
        self.front.on("ReqQryInvestor", returns=-3, times=1)
        self.reactor.advance(1)
        self.assertEqual(outcome, [])
        self.front.on("ReqQryInvestor", answer=[{"InvestorID": "7001"}])
        self.reactor.advance(2)
        self.assertIs(session.state, State.READY)

    def test_a_line_that_breaks_meanwhile(self) -> None:
        self.investors("7001")
        self.front.on("ReqQryInvestor", silent=True, times=1)
        session = self.open()
        self.login(session)
        self.front.disconnect()
        self.reactor.turn()
        self.assertIs(session.state, State.LOST)
        self.investors("7001")
        self.front.connect()
        self.reactor.turn()
        self.assertIs(session.state, State.READY)

    def test_other_refusals_are_no_operators(self) -> None:
        self.front.on(_CONFIRM, error=12)
        (answer,) = self.login(self.open())
        assert isinstance(answer, LoginAnswer)
        self.assertEqual(error_of(answer.info), 12)
        self.assertNotIn("ReqQryInvestor", self.front.names)


class ClientTests(TraderCase):
    """SettlementConfirm: client."""

    settings: Mapping[str, Any] = {"settlement_confirm": "client"}

    @holds("REQSETTLEMENTINFOCONFIRM-2")
    def test_the_confirmation_is_the_clients(self) -> None:
        session = self.ready()
        self.assertEqual(self.steps(), CHAIN[:2])
        answer = self.request(session, "ReqOrderInsert", {"InstrumentID": "cu2701"})
        self.reactor.turn()
        self.assertEqual(answer[0], 0)
        self.assertEqual(self.front.last("ReqOrderInsert").values["OrderRef"].strip(), "2")
        result, confirmed = self.request(session, _CONFIRM, {"InvestorID": "7001"})
        self.reactor.turn()
        self.assertEqual((result, [taken[2] for taken in confirmed.taken]), (0, [0]))


class OptionalTests(TraderCase):
    """Authenticate: optional."""

    settings: Mapping[str, Any] = {"authenticate": "optional"}

    @holds("REQAUTHENTICATE-2")
    def test_a_refused_authentication_does_not_end_the_login(self) -> None:
        self.front.on("ReqAuthenticate", error=63)
        session = self.ready()
        self.assertEqual(self.steps(), CHAIN)
        self.assertIsNone(session.status.refusal)

    def test_a_front_that_insists_says_so(self) -> None:
        self.front.on("ReqAuthenticate", error=63)
        self.front.on("ReqUserLogin", error=64)
        (answer,) = self.login(self.open())
        assert isinstance(answer, LoginAnswer)
        self.assertEqual((answer.callback.name, error_of(answer.info)), ("OnRspUserLogin", 64))

    def test_one_that_is_put_off_is_tried_again(self) -> None:
        self.front.on("ReqAuthenticate", error=90, times=1)
        session = self.open()
        self.login(session)
        self.assertEqual(self.steps(), CHAIN[:1])
        self.reactor.advance(1)
        self.assertIs(session.state, State.READY)


class RequiredTests(TraderCase):
    """By default."""

    @holds("REQAUTHENTICATE-4")
    def test_a_refused_authentication_ends_the_login_and_is_not_tried_again(self) -> None:
        self.front.on("ReqAuthenticate", error=4043)
        session = self.open()
        (answer,) = self.login(session)
        assert isinstance(answer, LoginAnswer)
        self.assertEqual(error_of(answer.info), 4043)
        self.reactor.advance(3600)
        self.assertEqual(self.steps(), CHAIN[:1])

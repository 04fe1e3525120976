"""Clients of /td/: logins and their refusals, every request, every push."""

import base64
from typing import Any

from tests.builds import with_method
from tests.conformance import holds
from tests.gateway.support import LOGIN_TIMEOUT, GatewayCase, Message, code
from webctp.ctp import catalog
from webctp.ctp.catalog import Shape, key_of
from webctp.ctp.codec import FieldLayout, codec_for
from webctp.testing import WebSocketPeer
from webctp.upstream.orders.keys import ref_fields

TD = catalog.trading()
CODEC = codec_for(TD.module)
OWN = {name for name in TD.methods if name.startswith(("ReqUserLog", "ReqUserAuth", "ReqGenUser"))}
"""Requests by which a client says who it is, or leaves."""
LOGIN = {"MsgType": "ReqUserLogin", "ReqUserLogin": {"UserID": "user", "Password": "first"}}


def specimen(field: FieldLayout) -> Any:
    """A value that is not the field's zero and says whose it is."""
    match field.kind:
        case "double":
            return 2.5
        case "int32" | "int16":
            return 7
        case "char":
            return "1"
        case _:
            return field.name[: field.size - 1]


class LoggingIn(GatewayCase):
    """RspUserLogin comes once, when orders are possible."""

    @holds("ONRSPUSERLOGIN-1")
    def test_the_answer(self) -> None:
        answer = self.login(self.connect("/td/"))
        self.assertEqual(
            list(answer), ["MsgType", "RspInfo", "IsLast", "RequestID", "RspUserLogin", "Session"]
        )
        self.assertEqual(answer["MsgType"], "RspUserLogin")
        self.assertEqual(answer["RspInfo"], {"ErrorID": 0, "ErrorMsg": "CTP:正确"})
        self.assertEqual((answer["IsLast"], answer["RequestID"]), (True, 1))
        self.assertEqual(answer["RspUserLogin"]["UserID"], "user")

    @holds("REQSETTLEMENTINFOCONFIRM-1")
    def test_not_before_the_settlement_is_confirmed(self) -> None:
        self.front.on("ReqSettlementInfoConfirm", silent=True)
        peer = self.connect("/td/")
        peer.send(LOGIN)
        self.assertEqual(self.answers(peer), [])
        number = self.front.last("ReqSettlementInfoConfirm").request_id
        self.front.push("OnRspSettlementInfoConfirm", {}, error=0, request_id=number)
        self.assertEqual([one["MsgType"] for one in self.answers(peer)], ["RspUserLogin"])

    def test_refusals_answer_under_the_name_of_their_step(self) -> None:
        refusals = {
            "ReqAuthenticate": ("RspAuthenticate", 63),
            "ReqUserLogin": ("RspUserLogin", 3),
            "ReqSettlementInfoConfirm": ("RspSettlementInfoConfirm", 7000),
        }
        for number, (step, (msg_type, error)) in enumerate(refusals.items()):
            with self.subTest(step=step):
                self.front.on(step, error=error, message="不行", times=1)
                answer = self.login(self.connect("/td/"), UserID=f"user{number}")
                self.assertEqual(answer["MsgType"], msg_type)
                self.assertEqual(answer["RspInfo"], {"ErrorID": error, "ErrorMsg": "不行"})
                self.assertEqual((answer["IsLast"], answer["RequestID"]), (True, 1))

    @holds("REGISTERFRONT-3")
    def test_a_market_data_port_is_told_as_such(self) -> None:
        self.front.on("ReqUserLogin", error=27, callback="OnRspError")
        answer = self.ask(self.connect("/td/"), LOGIN)
        self.assertEqual((answer["MsgType"], code(answer)), ("RspError", 27))
        self.assertIn("trading and market-data ports mixed up", answer["Detail"])

    def test_after_a_refusal_there_is_no_login(self) -> None:
        self.front.on("ReqUserLogin", error=3, times=1)
        peer = self.connect("/td/")
        self.login(peer)
        self.assertEqual(code(self.ask(peer, {"MsgType": "ReqQryInvestor"})), -401)
        self.assertEqual(code(self.login(peer, Password="right")), 0)

    def test_no_answer_in_time(self) -> None:
        self.front.on("ReqUserLogin", silent=True, times=1)
        peer = self.connect("/td/")
        peer.send({**LOGIN, "RequestID": 5})
        self.assertEqual(self.answers(peer), [])
        self.reactor.advance(LOGIN_TIMEOUT)
        (answer,) = self.answers(peer)
        self.assertEqual(
            (answer["MsgType"], code(answer), answer["RequestID"]), ("ReqUserLogin", -408, 5)
        )
        self.assertTrue(self.front.api.released)
        self.assertEqual(code(self.login(peer)), 0)

    @holds("REQUSERLOGIN-10")
    def test_a_second_login_during_one(self) -> None:
        self.front.on("ReqUserLogin", silent=True)
        peer = self.connect("/td/")
        peer.send(LOGIN)
        answer = self.ask(peer, {**LOGIN, "RequestID": 6})
        self.assertEqual((code(answer), answer["RequestID"]), (-409, 6))

    def test_other_requests_during_one(self) -> None:
        self.front.on("ReqUserLogin", silent=True)
        peer = self.connect("/td/")
        peer.send(LOGIN)
        for name in ("ReqQryInvestor", "ReqOrderInsert", "ReqUserAuthMethod", "GetTradingDay"):
            self.assertEqual(code(self.ask(peer, {"MsgType": name})), -401, name)

    def test_a_later_login_may_carry_other_credentials(self) -> None:
        peer = self.trader()
        first = self.front.api
        self.login(peer, UserID="another", Password="second")
        self.assertTrue(first.released)
        values = self.front.last("ReqUserLogin").values
        self.assertEqual((values["UserID"], values["Password"]), ("another", "second"))
        self.assertEqual(
            self.front.last("ReqSettlementInfoConfirm").values["InvestorID"], "another"
        )

    def test_a_client_may_name_its_broker(self) -> None:
        self.trader(BrokerID="8888")
        self.assertEqual(self.front.last("ReqAuthenticate").values["BrokerID"], "8888")
        self.assertEqual(self.front.last("ReqSettlementInfoConfirm").values["BrokerID"], "8888")

    def test_what_cannot_be_opened(self) -> None:
        self.front.fail("create_trader", RuntimeError("no library"))
        answer = self.login(self.connect("/td/"))
        self.assertLess(code(answer), -400)
        self.assertIn("could not be opened", answer["Detail"])
        self.assertEqual(len(self.flushLoggedErrors(RuntimeError)), 1)

    def test_a_client_that_leaves_during_its_login(self) -> None:
        self.front.on("ReqUserLogin", silent=True)
        peer = self.connect("/td/")
        peer.send(LOGIN)
        self.settle()
        peer.drop()
        self.settle()
        self.assertTrue(self.front.api.released)

    def test_clients_do_not_hear_each_other(self) -> None:
        first, second = self.trader(UserID="a"), self.trader(UserID="b")
        self.pushes(first)
        self.front.push("OnRtnTrade", {"TradeID": "1"})
        self.assertEqual(self.pushes(first), [])
        self.assertEqual([one["MsgType"] for one in self.pushes(second)], ["RtnTrade"])


class BeforeLogin(GatewayCase):
    """What CTP allows before a login opens the upstream too."""

    def test_how_to_log_in(self) -> None:
        for name in ("ReqUserAuthMethod", "ReqGenUserCaptcha", "ReqGenUserText"):
            with self.subTest(name=name):
                peer = self.connect("/td/")
                key = TD.methods[name].request_key
                answer = self.ask(peer, {"MsgType": name, key: {"UserID": "user"}, "RequestID": 4})
                self.assertEqual(answer["MsgType"], name.replace("Req", "Rsp"))
                self.assertEqual((code(answer), answer["RequestID"]), (0, 4))

    def test_then_log_in_with_it_on_the_same_connection(self) -> None:
        peer = self.connect("/td/")
        body = {"UserID": "user"}
        self.ask(peer, {"MsgType": "ReqGenUserCaptcha", "ReqGenUserCaptcha": body})
        apis = len(self.front.apis)
        answer = self.ask(
            peer,
            {
                "MsgType": "ReqUserLoginWithCaptcha",
                "ReqUserLoginWithCaptcha": {**body, "Password": "x", "Captcha": "1234"},
                "RequestID": 5,
            },
        )
        self.assertEqual((answer["MsgType"], code(answer)), ("RspUserLogin", 0))
        self.assertEqual(len(self.front.apis), apis)
        self.assertEqual(code(self.ask(peer, {"MsgType": "ReqQryInvestor"})), 0)

    def test_a_front_that_does_not_connect(self) -> None:
        self.front.connects = False
        peer = self.connect("/td/")
        peer.send({"MsgType": "ReqUserAuthMethod", "ReqUserAuthMethod": {"UserID": "user"}})
        self.settle()
        self.reactor.advance(LOGIN_TIMEOUT)
        (answer,) = self.answers(peer)
        self.assertEqual(code(answer), -408)
        self.assertTrue(self.front.api.released)

    @holds("REGISTERUSERSYSTEMINFO-1")
    def test_the_terminals_information_is_answered_at_the_login(self) -> None:
        peer = self.connect("/td/")
        body = {"UserID": "user", "ClientPublicIP": "1.2.3.4"}
        peer.send({"MsgType": "RegisterUserSystemInfo", "UserSystemInfo": body, "RequestID": 8})
        self.assertEqual(self.answers(peer), [])
        peer.send(LOGIN)
        told, login = self.answers(peer)
        self.assertEqual(
            (told["MsgType"], code(told), told["RequestID"]), ("RegisterUserSystemInfo", 0, 8)
        )
        self.assertEqual(login["MsgType"], "RspUserLogin")
        order = [name for name in self.front.names if name.startswith(("ReqA", "ReqU", "Reg"))]
        self.assertEqual(order[-3:], ["ReqAuthenticate", "RegisterUserSystemInfo", "ReqUserLogin"])


class Registering(GatewayCase):
    """RegisterUserSystemInfo is answered, whatever becomes of it."""

    def register(self, peer: WebSocketPeer, request_id: int, user: str = "user") -> None:
        body = {"UserID": user}
        peer.send(
            {
                "MsgType": "RegisterUserSystemInfo",
                "UserSystemInfo": body,
                "RequestID": request_id,
            }
        )

    def test_one_that_another_takes_the_place_of(self) -> None:
        peer = self.connect("/td/")
        self.register(peer, 1)
        self.register(peer, 2)
        (answer,) = self.answers(peer)
        self.assertEqual((code(answer), answer["RequestID"]), (-409, 1))
        peer.send(LOGIN)
        told = [(one["MsgType"], code(one)) for one in self.answers(peer)]
        self.assertEqual(told, [("RegisterUserSystemInfo", 0), ("RspUserLogin", 0)])

    def test_one_for_somebody_else_than_logs_in(self) -> None:
        peer = self.connect("/td/")
        self.register(peer, 1, "another")
        peer.send(LOGIN)
        told = [(one["MsgType"], code(one)) for one in self.answers(peer)]
        self.assertEqual(told, [("RegisterUserSystemInfo", -503), ("RspUserLogin", 0)])
        self.assertNotIn("RegisterUserSystemInfo", self.front.names)

    def test_one_that_comes_after_the_login(self) -> None:
        peer = self.trader()
        self.register(peer, 1)
        (answer,) = self.answers(peer)
        self.assertEqual((code(answer), answer["RequestID"]), (-409, 1))

    def test_one_before_a_login_that_is_not_answered(self) -> None:
        self.front.connects = False
        peer = self.connect("/td/")
        self.register(peer, 1)
        peer.send(LOGIN)
        self.settle()
        self.reactor.advance(LOGIN_TIMEOUT)
        told = sorted((one["MsgType"], code(one)) for one in self.answers(peer))
        self.assertEqual(told, [("RegisterUserSystemInfo", -503), ("ReqUserLogin", -408)])


class Reporting(GatewayCase):
    """What a relay reports is bytes."""

    COLLECTED = bytes(range(256)) + b"\0\0\xff\x81"

    def ask_submit(self, peer: WebSocketPeer, **body: object) -> Any:
        return self.ask(peer, {"MsgType": "SubmitUserSystemInfo", "UserSystemInfo": body})

    def reported(self, name: str = "SubmitUserSystemInfo") -> tuple[int, bytes]:
        """The length that reached CTP, and the bytes of the field."""
        layout = CODEC.layout("CThostFtdcUserSystemInfoField")
        field = layout.by_name["ClientSystemInfo"]
        call = self.front.last(name)
        length = int(call.values["ClientSystemInfoLen"])
        return length, call.raw[field.offset : field.offset + field.size]

    @holds("REGISTERUSERSYSTEMINFO-2", "GETSYSTEMINFO-1")
    def test_any_byte_reaches_ctp_with_its_length(self) -> None:
        peer = self.trader()
        given = {"base64": base64.b64encode(self.COLLECTED).decode()}
        self.assertEqual(code(self.ask_submit(peer, UserID="1", ClientSystemInfo=given)), 0)
        length, raw = self.reported()
        self.assertEqual(length, len(self.COLLECTED))
        self.assertEqual(raw, self.COLLECTED.ljust(len(raw), b"\0"))

    @holds("REGISTERUSERSYSTEMINFO-2")
    def test_before_a_login_too(self) -> None:
        peer = self.connect("/td/")
        given = {"base64": base64.b64encode(self.COLLECTED).decode()}
        body = {"UserID": "user", "ClientSystemInfo": given}
        peer.send({"MsgType": "RegisterUserSystemInfo", "UserSystemInfo": body})
        peer.send(LOGIN)
        self.assertEqual([code(one) for one in self.answers(peer)], [0, 0])
        length, raw = self.reported("RegisterUserSystemInfo")
        self.assertEqual((length, raw[:length]), (len(self.COLLECTED), self.COLLECTED))

    def test_text_is_taken_as_before(self) -> None:
        peer = self.trader()
        self.ask_submit(peer, UserID="1", ClientSystemInfo="text", ClientSystemInfoLen=3)
        length, raw = self.reported()
        self.assertEqual((length, raw[:5]), (3, b"text\0"))

    def test_what_is_neither_is_refused(self) -> None:
        peer = self.trader()
        long = base64.b64encode(bytes(274)).decode()
        for given, told in (
            ({"base64": "*"}, '{"base64": "…"}'),
            ({"base64": 1}, '{"base64": "…"}'),
            ({"base64": "", "x": 1}, '{"base64": "…"}'),
            ({}, '{"base64": "…"}'),
            ({"base64": long}, "CTP takes 273"),
            ("a\0b", '{"base64": "…"}'),
            (3, 'text or {"base64": "…"}'),
        ):
            answer = self.ask_submit(peer, ClientSystemInfo=given)
            self.assertEqual(code(answer), -400, given)
            self.assertIn("ClientSystemInfo", answer["Detail"])
            self.assertIn(told, answer["Detail"])
        answer = self.ask_submit(peer, ClientSystemInfo={"base64": "AAE="}, ClientSystemInfoLen=3)
        self.assertIn("ClientSystemInfoLen is 3", answer["Detail"])
        self.assertNotIn("SubmitUserSystemInfo", self.front.names)

    @holds("REGISTERUSERSYSTEMINFO-3")
    def test_what_ctp_returns_is_explained(self) -> None:
        peer = self.trader()
        details = set()
        for number in range(-7, 0):
            self.front.on("SubmitUserSystemInfo", returns=number)
            answer = self.ask_submit(peer, UserID="1")
            self.assertEqual(code(answer), number)
            details.add(answer["Detail"])
        self.assertEqual(len(details), 7)

    @holds("CJFAQ-2", "SUBMITUSERSYSTEMINFO-1")
    def test_after_a_reconnect_each_client_is_reported_again(self) -> None:
        peer = self.trader()
        for user in ("1", "2", "1"):
            self.ask_submit(peer, UserID=user, ClientSystemInfo={"base64": "AAE="})
        self.front.on("SubmitUserSystemInfo", returns=-2)
        self.ask_submit(peer, UserID="3")
        self.front.on("SubmitUserSystemInfo")
        self.front.calls.clear()
        self.front.disconnect()
        self.front.connect()
        self.settle()
        told = [one for one in self.front.calls if one.name.startswith(("Submit", "ReqUserL"))]
        self.assertEqual(told[0].name, "ReqUserLogin")
        self.assertEqual([one.values["UserID"] for one in told[1:]], ["2", "1"])


class FirstPassword(GatewayCase):
    """After 131 and 140 the connection serves a change of password."""

    @holds("REQUSERLOGIN-8", "REQUSERPASSWORDUPDATE-1")
    def test_change_and_log_in(self) -> None:
        for error in (131, 140):
            with self.subTest(error=error):
                self.front.on("ReqUserLogin", error=error, times=1)
                peer = self.connect("/td/")
                self.assertEqual(code(self.login(peer)), error)
                change = {"UserID": "user", "OldPassword": "first", "NewPassword": "second"}
                answer = self.ask(
                    peer, {"MsgType": "ReqUserPasswordUpdate", "UserPasswordUpdate": change}
                )
                self.assertEqual((answer["MsgType"], code(answer)), ("RspUserPasswordUpdate", 0))
                self.assertEqual(
                    self.front.last("ReqUserPasswordUpdate").values["BrokerID"], "9999"
                )
                self.assertEqual(code(self.login(peer, Password="second")), 0)


class LoggingOut(GatewayCase):
    """A logout ends the session, whatever its state."""

    LOGOUT: Message = {"MsgType": "ReqUserLogout", "UserLogout": {"UserID": "user"}, "RequestID": 2}  # noqa: RUF012

    @holds("REQUSERLOGOUT-1")
    def test_it_is_the_fronts_and_ends_the_session(self) -> None:
        peer = self.trader()
        answer = self.ask(peer, self.LOGOUT)
        self.assertEqual(
            (answer["MsgType"], code(answer), answer["RequestID"]), ("RspUserLogout", 0, 2)
        )
        self.settle()
        self.assertTrue(self.front.api.released)
        self.assertEqual(code(self.ask(peer, {"MsgType": "ReqQryInvestor"})), -401)
        self.assertEqual(code(self.login(peer)), 0)

    def test_during_an_outage(self) -> None:
        peer = self.trader()
        self.front.disconnect()
        answer = self.ask(peer, self.LOGOUT)
        self.assertEqual((answer["MsgType"], code(answer)), ("RspUserLogout", 0))
        self.settle()
        self.assertTrue(self.front.api.released)

    def test_a_refused_one_changes_nothing(self) -> None:
        peer = self.trader()
        self.front.on("ReqUserLogout", error=6, times=1)
        self.assertEqual(code(self.ask(peer, self.LOGOUT)), 6)
        self.assertEqual(code(self.ask(peer, {"MsgType": "ReqQryInvestor"})), 0)


class EveryRequest(GatewayCase):
    """Each request of the catalogue reaches the API whole, and its answer comes back."""

    SPECIAL = (
        "ReqUserLogin",
        "ReqUserLogout",
        "ReqUserPasswordUpdate",
        "ReqUserAuthMethod",
        "ReqGen",
    )

    def body(self, struct: str) -> dict[str, Any]:
        layout = CODEC.layout(struct)
        return {field.name: specimen(field) for field in layout.fields if field.kind != "bytes"}

    def shown(self, struct: str, values: dict[str, Any]) -> dict[str, Any]:
        reserved = {field.name for field in TD.struct(struct).fields if field.reserved}
        return {name: value for name, value in values.items() if name not in reserved}

    @holds("WIRE-1")
    def test_there_and_back(self) -> None:
        peer = self.trader()
        count = 0
        for name, method in TD.methods.items():
            if method.shape is not Shape.REQUEST or name.startswith("ReqUserLog"):
                continue
            count += 1
            callback = method.reply
            assert callback.struct is not None
            sent, answered = self.body(method.request_struct), self.body(callback.struct)
            # References must be numbers that grow.
            refs = ref_fields(TD, method).inserts
            sent |= {name: str(count * 10 + at) for at, name in enumerate(refs)}
            self.front.on(name, answer=answered)
            peer.send({"MsgType": name, method.request_key: sent, "RequestID": count})
            self.reactor.advance(1)
            (answer,) = self.answers(peer)
            seen = self.front.last(name).values
            self.assertEqual({key: seen[key] for key in sent}, sent)
            self.assertEqual(answer["MsgType"], method.reply.msg_type)
            self.assertEqual((answer["IsLast"], answer["RequestID"]), (True, count))
            shown = answer[key_of(callback.body_struct)]
            expected = self.shown(callback.struct, answered)
            self.assertEqual({key: shown[key] for key in expected}, expected)
        self.assertGreater(count, 75)

    @holds("REQUSERLOGIN-12")
    def test_every_return_value_that_is_not_zero(self) -> None:
        peer = self.trader()
        for name, method in TD.methods.items():
            if method.shape is not Shape.REQUEST or name.startswith(("ReqUserLogin", "ReqQry")):
                continue
            self.front.on(name, returns=-3, times=1)
            body = {method.request_key: {"UserID": "user"}} if "Login" in name else {}
            answer = self.ask(peer, {"MsgType": name, "RequestID": 3, **body})
            self.assertEqual(answer["MsgType"], method.reply.msg_type)
            self.assertEqual((code(answer), answer["RequestID"], answer["IsLast"]), (-3, 3, True))
            self.assertIsNone(answer[key_of(method.reply.body_struct)])

    def test_calls_that_no_callback_answers(self) -> None:
        peer = self.trader()
        for name, method in TD.methods.items():
            if method.shape is Shape.SUBMIT and name.startswith("Submit"):
                body = {method.request_key: {"UserID": "user"}}
                answer = self.ask(peer, {"MsgType": name, "RequestID": 3, **body})
                self.assertEqual((answer["MsgType"], code(answer)), (name, 0))
                self.assertEqual(self.front.last(name).values["UserID"], "user")

    @holds("GETFRONTINFO-1")
    @with_method("GetFrontInfo")
    def test_a_question_that_fills_a_struct(self) -> None:
        peer = self.trader()
        self.front.on("GetFrontInfo", answer={"FrontAddr": "tcp://one:1", "QryFreq": 1})
        answer = self.ask(peer, {"MsgType": "GetFrontInfo", "RequestID": 3})
        self.assertEqual((code(answer), answer["FrontInfo"]["FrontAddr"]), (0, "tcp://one:1"))

    def test_questions_of_the_api_itself(self) -> None:
        peer = self.trader()
        answer = self.ask(peer, {"MsgType": "GetTradingDay", "RequestID": 3})
        self.assertEqual(answer["TradingDay"], "20240102")
        answer = self.ask(peer, {"MsgType": "GetApiVersion", "RequestID": 3})
        self.assertEqual(answer["ApiVersion"], "fake")

    @holds("REQORDERINSERT-3", "REQORDERACTION-3")
    def test_the_user_is_filled_in_wherever_there_is_one(self) -> None:
        peer = self.trader()
        for method in TD.methods.values():
            if method.shape is not Shape.REQUEST or method.name in OWN:
                continue
            if "UserID" in CODEC.layout(method.request_struct).by_name:
                self.front.on(method.name, silent=not method.is_query)
                peer.send({"MsgType": method.name, method.request_key: {}})
                self.reactor.advance(2)
                self.assertEqual(self.front.last(method.name).values["UserID"], "user")
        peer.send({"MsgType": "ReqOrderInsert", "InputOrder": {"UserID": "other"}})
        self.assertEqual(self.front.last("ReqOrderInsert").values["UserID"], "other")

    @holds("REQTRADINGACCOUNTPASSWORDUPDATE-1", "REQORDERINSERT-13")
    def test_account_and_currency_where_ctp_demands_them_and_there_is_one(self) -> None:
        peer = self.trader()
        asked = {"MsgType": "ReqQryTradingAccount", "QryTradingAccount": {}}
        change = {"MsgType": "ReqTradingAccountPasswordUpdate", "TradingAccountPasswordUpdate": {}}
        one, other = ({"AccountID": "a1", "CurrencyID": name} for name in ("CNY", "USD"))
        for rows, filled in (([], ("", "")), ([one], ("a1", "CNY")), ([one, other], ("a1", ""))):
            self.front.on("ReqQryTradingAccount", answer=rows or None)
            peer.send(asked)
            self.reactor.advance(2)
            self.settle()
            peer.send(change)
            values = self.front.last("ReqTradingAccountPasswordUpdate").values
            self.assertEqual((values["AccountID"], values["CurrencyID"]), filled)
        self.assertEqual(self.front.last("ReqQryTradingAccount").values["CurrencyID"], "")

    @holds("REQUSERPASSWORDUPDATE-1")
    def test_a_change_without_a_user_is_the_own_one(self) -> None:
        peer = self.trader()
        change = {"OldPassword": "first", "NewPassword": "second"}
        self.ask(peer, {"MsgType": "ReqUserPasswordUpdate", "UserPasswordUpdate": change})
        self.front.disconnect()
        self.front.connect()
        self.settle()
        self.assertEqual(self.front.last("ReqUserLogin").values["Password"], "second")

    @holds("REQORDERINSERT-2", "V6.7.8-1")
    def test_broker_and_investor_are_filled_in_where_left_out(self) -> None:
        peer = self.trader()
        self.ask(peer, {"MsgType": "ReqQryInvestor", "QryInvestor": {"InvestorID": None}})
        values = self.front.last("ReqQryInvestor").values
        self.assertEqual((values["BrokerID"], values["InvestorID"]), ("9999", "user"))
        peer.send({"MsgType": "ReqOrderInsert", "InputOrder": {"InvestorID": "other"}})
        values = self.front.last("ReqOrderInsert").values
        self.assertEqual((values["BrokerID"], values["InvestorID"]), ("9999", "other"))

    @holds("REQORDERINSERT-1", "REQORDERINSERT-20")
    def test_an_accepted_order_gets_no_answer(self) -> None:
        peer = self.trader()
        self.answers(peer)
        peer.send({"MsgType": "ReqOrderInsert", "InputOrder": {"OrderRef": "2"}, "RequestID": 3})
        self.assertEqual(self.answers(peer), [])
        self.reactor.advance(3600)
        self.assertEqual(self.answers(peer), [])
        self.assertEqual(self.front.names.count("ReqOrderInsert"), 1)

    def test_text_is_gbk_there_and_utf8_here(self) -> None:
        peer = self.trader()
        self.front.on("ReqQryTradingCode", answer={"ClientID": "李四"})
        answer = self.ask(
            peer, {"MsgType": "ReqQryTradingCode", "QryTradingCode": {"InvestUnitID": "张三"}}
        )
        self.assertEqual(self.front.last("ReqQryTradingCode").values["InvestUnitID"], "张三")
        self.assertEqual(answer["TradingCode"]["ClientID"], "李四")


class EveryCallback(GatewayCase):
    """Each push of the catalogue reaches the client."""

    def pushed(self, peer: WebSocketPeer, name: str) -> Message:
        callback = TD.callbacks[name]
        layout = CODEC.layout(callback.body_struct)
        body = {field.name: specimen(field) for field in layout.fields if field.kind != "bytes"}
        error = 22 if callback.has_info else None
        self.front.push(name, body, error=error)
        (message,) = self.pushes(peer)
        shown = message[key_of(callback.body_struct)]
        self.assertEqual(
            {key: shown[key] for key in shown if key in body},
            {key: value for key, value in body.items() if key in shown},
        )
        return message

    @holds("WIRE-1")
    def test_all_pushes(self) -> None:
        peer = self.trader()
        self.pushes(peer)
        count = 0
        for name, callback in TD.callbacks.items():
            if callback.has_request or callback.struct is None:
                continue
            count += 1
            message = self.pushed(peer, name)
            self.assertEqual("On" + message["MsgType"], name)
            expected = {"ErrorID": 22, "ErrorMsg": "CTP:报单错误：不允许重复报单"}
            self.assertEqual(message["RspInfo"], expected if callback.has_info else None)
            self.assertNotIn("RequestID", message)
            self.assertNotIn("IsLast", message)
        self.assertGreater(count, 30)

    @holds("ONFRONTDISCONNECTED-2", "ONHEARTBEATWARNING-1")
    def test_the_connections_own(self) -> None:
        peer = self.trader()
        self.pushes(peer)
        self.front.push("OnHeartBeatWarning", 12)
        self.front.disconnect(0x2001)
        for _ in range(9):
            self.front.disconnect(0x1001)
        self.front.connect()
        told = [
            {key: value for key, value in one.items() if key != "Seq"} for one in self.pushes(peer)
        ]
        self.assertEqual(
            told,
            [
                {"MsgType": "HeartBeatWarning", "TimeLapse": 12},
                {"MsgType": "FrontDisconnected", "Reason": 0x2001},
                {"MsgType": "FrontConnected"},
            ],
        )

    def test_no_instrument_may_be_one_that_was_left_out(self) -> None:
        peer = self.trader()
        self.front.on("ReqOrderInsert", error=16)
        order = {"MsgType": "ReqOrderInsert", "RequestID": 7, "InputOrder": {"InstrumentID": ""}}
        self.assertIn("InstrumentID", self.ask(peer, order)["Detail"])

    @holds("ONRSPERROR-1")
    def test_rsp_error_ends_its_request(self) -> None:
        peer = self.trader()
        self.front.on("ReqOrderInsert", callback="OnRspError", error=15)
        answer = self.ask(peer, {"MsgType": "ReqOrderInsert", "RequestID": 77})
        self.assertTrue(answer.pop("Detail").startswith("left out: "))
        self.assertEqual(
            answer,
            {
                "MsgType": "RspError",
                "RspInfo": {"ErrorID": 15, "ErrorMsg": "CTP:报单字段有误"},
                "IsLast": True,
                "RequestID": 77,
            },
        )


class Outage(GatewayCase):
    """While the front is away."""

    @holds("REQORDERINSERT-20")
    def test_requests_are_refused_at_once_and_never_sent_later(self) -> None:
        peer = self.trader()
        self.front.disconnect()
        self.answers(peer)
        for name in ("ReqOrderInsert", "ReqOrderAction", "ReqQryInvestor"):
            answer = self.ask(peer, {"MsgType": name, "RequestID": 3})
            self.assertEqual((answer["MsgType"], code(answer)), (name, -503))
        self.front.connect()
        self.settle()
        self.reactor.advance(60)
        for name in ("ReqOrderInsert", "ReqOrderAction", "ReqQryInvestor"):
            self.assertNotIn(name, self.front.names)

    def test_afterwards_all_is_as_before(self) -> None:
        peer = self.trader()
        self.front.disconnect()
        self.front.connect()
        self.settle()
        self.assertEqual(code(self.ask(peer, {"MsgType": "ReqQryInvestor"})), 0)

    @holds("SJLSM-1")
    def test_a_query_under_way_is_answered(self) -> None:
        peer = self.trader()
        self.front.on("ReqQryInvestor", silent=True)
        peer.send({"MsgType": "ReqQryInvestor", "RequestID": 3})
        self.answers(peer)
        self.front.disconnect()
        (answer,) = self.answers(peer)
        self.assertEqual((code(answer), answer["RequestID"]), (-503, 3))

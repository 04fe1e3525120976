"""Requests over HTTP through the services, in memory."""

import json
from typing import Any, ClassVar

from tests.gateway.rest.support import LOGIN, Answered, RestCase, post
from webctp.config.serving import ConnectionLimits, WebSocketOptions
from webctp.ctp.refusal import Refusal
from webctp.gateway.access.principal import Arrival, Principal, PrincipalLimits, Scope
from webctp.gateway.access.usage import Usage
from webctp.gateway.http.connection import API_KEEP_ALIVE, HANDSHAKE
from webctp.gateway.rest.api import MOST_BODY, STRANGER_BODY
from webctp.gateway.rest.calls import PATIENCE, SETTLING
from webctp.gateway.rest.sessions import HttpSession
from webctp.language.text import verbatim
from webctp.secret import hide_tokens

BAD = "application/problem+json; charset=utf-8"
INVESTORS = [{"InvestorID": "one"}, {"InvestorID": "two"}]


class Requests(RestCase):
    """One POST, one answer."""

    def assertProblem(self, answer: Answered, status: int, code: int, *words: str) -> None:
        """Check a refusal: its status, code, form, and words of its detail."""
        self.assertEqual((answer.status, answer.headers["content-type"]), (status, BAD), answer)
        told = answer.told
        self.assertEqual((told["status"], told["ErrorID"]), (status, code), told)
        for word in words:
            self.assertIn(word, told["detail"])

    def test_rows_are_gathered(self) -> None:
        self.front.on("ReqQryInvestor", answer=INVESTORS[0])
        answer = self.post("/td/ReqQryInvestor", {}, self.bearer())
        self.assertEqual(answer.status, 200, answer)
        told = answer.told
        self.assertEqual(list(told), ["MsgType", "RspInfo", "Rows"])
        self.assertEqual([one["InvestorID"] for one in told["Rows"]], ["one"])

    def test_many_rows_and_none(self) -> None:
        self.front.on("ReqQryInvestor", silent=True)
        bearer, connection = self.bearer(), self.open()
        connection.send(post("/td/ReqQryInvestor", {}, Authorization=f"Bearer {bearer}"))
        self.settle()
        number = self.front.last("ReqQryInvestor").request_id
        for at, row in enumerate(INVESTORS):
            self.assertEqual(connection.answers(), [])
            last = at == len(INVESTORS) - 1
            self.front.push("OnRspQryInvestor", row, request_id=number, is_last=last)
            self.settle()
        (answer,) = connection.answers()
        self.assertEqual([one["InvestorID"] for one in answer.told["Rows"]], ["one", "two"])
        self.reactor.advance(2)
        connection.send(post("/td/ReqQryInvestor", {}, Authorization=f"Bearer {bearer}"))
        self.settle()
        number = self.front.last("ReqQryInvestor").request_id
        self.front.push("OnRspQryInvestor", None, request_id=number, is_last=True)
        self.settle()
        self.assertEqual(connection.answers()[-1].told["Rows"], [])

    def test_every_kind_of_refusal_has_its_status(self) -> None:
        bearer = self.bearer()
        self.front.on("ReqQryInvestor", error=90, message="忙", times=1)
        self.assertProblem(self.post("/td/ReqQryInvestr", {}, bearer), 404, -404, "ReqQryInvestor")
        answer = self.post("/td/ReqQryInvestor", {"Broker": "x"}, bearer)
        self.assertProblem(answer, 400, -400, "Broker", "QryInvestor")
        answer = self.post("/td/ReqQryInvestor", {"BrokerID": 7}, bearer)
        self.assertProblem(answer, 400, -400, "BrokerID")
        answer = self.post("/td/ReqOrderInsert", {"InstrumentID": "rb2605"}, bearer)
        self.assertProblem(answer, 400, -400, "ClientOrderID")
        answer = self.post("/td/SubscribeMarketData", {"InstrumentID": "rb"}, bearer)
        self.assertProblem(answer, 404, -404)
        answer = self.post("/md/SubscribeMarketData", {"InstrumentID": "rb"})
        self.assertProblem(answer, 404, -404, "/md/ticks")

    def test_the_front_s_refusal_is_422_with_its_code(self) -> None:
        bearer = self.bearer()
        self.front.on("ReqUserPasswordUpdate", error=77, message="无此功能", times=1)
        answer = self.post(
            "/td/ReqUserPasswordUpdate", {"OldPassword": "first", "NewPassword": "b"}, bearer
        )
        self.assertProblem(answer, 422, 77, "无此功能")
        self.assertEqual(answer.told["title"], "无此功能")
        self.assertIn("UserPasswordUpdate", answer.told)

    def test_native_return_values(self) -> None:
        bearer = self.bearer()
        for value, status in ((-1, 503), (-2, 429), (-3, 429)):
            self.front.on("ReqUserPasswordUpdate", returns=value, times=1)
            body = {"OldPassword": "first", "NewPassword": "b"}
            answer = self.post("/td/ReqUserPasswordUpdate", body, bearer)
            self.assertProblem(answer, status, value)
            self.assertIn("retry-after", answer.headers)

    def test_bodies_that_are_none(self) -> None:
        bearer = self.bearer()
        for body in (b"{", b"[]", b"1", b'"x"', b"\xff", b'{"a":\xff}', b"[" * 3000, b'{"a" 1}'):
            with self.subTest(body=body[:20]):
                self.assertProblem(self.post("/td/ReqQryInvestor", body, bearer), 400, -400)
        self.assertEqual(self.post("/td/GetTradingDay", None, bearer).status, 200)

    def test_a_body_of_another_type_is_not_read(self) -> None:
        for kind in ("text/plain", "application/x-www-form-urlencoded", ""):
            answer = self.post("/td/ReqUserLogin", LOGIN, Content_Type=kind)
            self.assertProblem(answer, 415, -400, "application/json")

    def test_words_of_ours_stand_among_the_fields(self) -> None:
        bearer = self.bearer(InstrumentStatus=False)
        self.assertEqual(self.front.last("ReqUserLogin").values["UserID"], "user")
        answer = self.post("/td/ReqUserLogin", {**LOGIN, "InstrumentStatus": 7}, bearer)
        self.assertProblem(answer, 400, -400, "InstrumentStatus")

    def test_no_word_of_ours_is_a_field_of_its_request(self) -> None:
        for name in ("td", "md"):
            self.post(f"/{name}/ReqUserLogin", LOGIN if name == "td" else {})
            (client,) = self.factories[name].open
            assert isinstance(client, HttpSession)
            schema = client.schema
            for method in schema.methods.values():
                if method.struct is None:
                    continue
                names = {one.name for one in schema.layout(method.struct).fields}
                self.assertEqual(names & set(schema.options(method)), set(), method.name)

    def test_the_language_is_asked_for(self) -> None:
        first = self.post("/td/ReqQryInvestor", {}, Accept_Language="zh-CN,zh;q=0.9,en;q=0.8")
        second = self.post("/td/ReqQryInvestor?language=zh", {})
        self.assertEqual(first.told["detail"], second.told["detail"])
        self.assertFalse(first.told["detail"].isascii())
        third = self.post("/td/ReqQryInvestor", {}, Accept_Language="de, en;q=0.5, zh;q=0.4")
        self.assertTrue(third.told["detail"].isascii())
        self.assertProblem(self.post("/td/ReqQryInvestor?language=de", {}), 400, -400)

    def test_a_transfer_that_is_not_refused_is_told_as_not_known(self) -> None:
        bearer, connection = self.bearer(), self.open()
        self.front.on("ReqFromBankToFutureByFuture", silent=True)
        body = {"TradeAmount": 5.0}
        path = "/td/ReqFromBankToFutureByFuture"
        connection.send(post(path, body, Authorization=f"Bearer {bearer}"))
        self.reactor.advance(SETTLING - 1)
        self.assertEqual(connection.answers(), [])
        self.reactor.advance(1)
        (answer,) = connection.answers()
        self.assertEqual((answer.status, answer.told["RspInfo"]), (202, None), answer)
        self.assertIn("no refusal", answer.told["Detail"])

    def test_a_request_that_nobody_answers_ends(self) -> None:
        bearer, connection = self.bearer(), self.open()
        self.front.on("ReqUserPasswordUpdate", silent=True)
        body = {"OldPassword": "first", "NewPassword": "b"}
        connection.send(post("/td/ReqUserPasswordUpdate", body, Authorization=f"Bearer {bearer}"))
        self.reactor.advance(PATIENCE)
        self.settle()
        self.assertProblem(connection.answers()[0], 504, -408)

    def test_market_data_too(self) -> None:
        answer = self.post("/md/ReqUserLogin", {})
        self.assertEqual(answer.status, 200, answer)
        bearer = answer.told["Bearer"]["Token"]
        found = self.post("/md/QryInstruments", {"Text": "rb"}, bearer)
        self.assertEqual(
            (found.status, found.told["MsgType"], found.told["Rows"]),
            (200, "RspQryInstruments", []),
            found,
        )
        self.assertEqual(self.post("/md/ReqUserLogout", {}, bearer).status, 200)
        self.assertProblem(self.post("/md/QryInstruments", {}, bearer), 401, -401)


class Wire(RestCase):
    """HTTP itself: methods, bodies, pipelining, slow clients."""

    def test_methods(self) -> None:
        for method, status in (("GET", 405), ("HEAD", 405), ("PUT", 405), ("OPTIONS", 200)):
            connection = self.open()
            connection.send(f"{method} /td/ReqQryInvestor HTTP/1.1\r\nHost: a\r\n\r\n".encode())
            self.settle()
            head = connection.written
            self.assertIn(f"HTTP/1.1 {status} ".encode(), head)
            self.assertIn(b"\r\nAllow: POST, OPTIONS\r\n", head)
            if method == "HEAD":
                self.assertTrue(head.endswith(b"\r\n\r\n"), head)

    def test_pipelined_requests_are_answered_in_order(self) -> None:
        bearer = self.bearer()
        self.front.on("ReqQryInvestor", silent=True)
        connection = self.open()
        shown = {"Authorization": f"Bearer {bearer}"}
        connection.send(
            post("/td/ReqQryInvestor", {}, **shown)
            + post("/td/GetTradingDay", {}, **shown)
            + b"GET /healthz HTTP/1.1\r\nHost: a\r\n\r\n"
        )
        self.settle()
        self.assertEqual(connection.answers(), [], "the first is not answered yet")
        number = self.front.last("ReqQryInvestor").request_id
        self.front.push("OnRspQryInvestor", INVESTORS[0], request_id=number, is_last=True)
        self.settle()
        self.settle()
        first, second, third = connection.answers()
        self.assertEqual(first.told["MsgType"], "RspQryInvestor")
        self.assertEqual(second.told["MsgType"], "GetTradingDay")
        self.assertEqual(third.body, b"ok\n")

    def test_a_body_byte_by_byte(self) -> None:
        connection = self.open()
        for byte in post("/td/ReqUserLogin", LOGIN):
            connection.send(bytes((byte,)))
        self.settle()
        self.assertEqual([one.status for one in connection.answers()], [200])

    def test_a_body_that_does_not_end_is_cut(self) -> None:
        connection = self.open()
        connection.send(post("/td/ReqUserLogin", LOGIN)[:-5])
        self.reactor.advance(HANDSHAKE)
        self.settle()
        self.assertEqual([one.status for one in connection.answers()], [408])
        self.assertNotIn("create_trader", self.front.names)

    def test_ends_of_bodies_are_beyond_doubt(self) -> None:
        begin = "POST /td/ReqUserLogin HTTP/1.1\r\nHost: a\r\nContent-Type: application/json\r\n"
        for lines, status in {
            "Transfer-Encoding: chunked\r\n": 411,
            "Content-Length: 2\r\nTransfer-Encoding: chunked\r\n": 400,
            "Content-Length: 2\r\nContent-Length: 3\r\n": 400,
            "Content-Length: +2\r\n": 400,
            "Content-Length: 0x2\r\n": 400,
            "Content-Length: -1\r\n": 400,
            "Content-Length: 2, 2\r\n": 400,
            f"Content-Length: {MOST_BODY + 1}\r\n": 413,
            f"Content-Length: {STRANGER_BODY + 1}\r\n": 413,
        }.items():
            with self.subTest(lines=lines):
                connection = self.open()
                connection.send(f"{begin}{lines}\r\n{{}}GET /healthz HTTP/1.1\r\n\r\n".encode())
                self.settle()
                told = connection.answers()
                self.assertEqual([one.status for one in told], [status])
                self.assertEqual(told[0].headers["content-type"], BAD)
                self.assertTrue(connection.closed, "what follows must not be read")

    def test_what_a_get_announces_is_refused(self) -> None:
        connection = self.open()
        connection.send(
            b"GET /md/ticks?instrument=rb HTTP/1.1\r\nHost: localhost\r\n"
            b"Content-Length: 2\r\n\r\n{}"
        )
        self.assertEqual([one.status for one in connection.answers()], [413])

    def test_paths(self) -> None:
        for path in (
            "/td/Req%51ry",
            "/td/ReqQryInvestor/",
            "/td//x",
            "/td/a.b",
            "/td/1",
            "/xx/Req",
        ):
            connection = self.open()
            connection.send(post(path, {}))
            self.assertIn(connection.answers()[0].status, (404, 405, 413), path)

    def test_an_idle_connection_stays_for_a_while(self) -> None:
        bearer, connection = self.bearer(), self.open()
        shown = {"Authorization": f"Bearer {bearer}"}
        connection.send(post("/td/GetTradingDay", {}, **shown))
        self.settle()
        self.reactor.advance(API_KEEP_ALIVE - 1)
        connection.send(post("/td/GetTradingDay", {}, **shown)[:20])
        self.reactor.advance(HANDSHAKE - 1)
        self.assertFalse(connection.closed)
        connection.send(post("/td/GetTradingDay", {}, **shown)[20:])
        self.settle()
        self.assertEqual([one.status for one in connection.answers()], [200, 200])
        self.reactor.advance(API_KEEP_ALIVE)
        self.settle()
        self.assertTrue(connection.closed)

    def test_web_pages(self) -> None:
        page = {"Origin": "https://evil.example.com"}
        self.assertEqual(self.post("/td/ReqUserLogin", LOGIN, **page).status, 403)
        own = {"Origin": "http://localhost:3000"}
        answer = self.post("/td/ReqUserLogin", LOGIN, **own)
        self.assertEqual(answer.status, 200)
        self.assertEqual(answer.headers["access-control-allow-origin"], own["Origin"])
        self.assertEqual(answer.headers["vary"], "Origin")
        refused = self.post("/td/ReqQryInvestor", {}, **own)
        self.assertEqual(refused.headers["access-control-allow-origin"], own["Origin"])
        connection = self.open()
        connection.send(
            b"OPTIONS /td/ReqUserLogin HTTP/1.1\r\nHost: localhost\r\nOrigin: http://localhost\r\n\r\n"
        )
        (told,) = connection.answers()
        self.assertIn("Authorization", told.headers["access-control-allow-headers"])
        connection = self.open()
        connection.send(
            b"OPTIONS /td/ReqUserLogin HTTP/1.1\r\nHost: localhost\r\nOrigin: https://a.b\r\n\r\n"
        )
        self.assertEqual([one.status for one in connection.answers()], [403])

    def test_a_client_that_leaves_before_its_answer(self) -> None:
        self.front.on("ReqUserLogin", silent=True)
        connection = self.open()
        connection.send(post("/td/ReqUserLogin", LOGIN))
        self.settle()
        self.assertEqual(len(self.factories["td"].open), 1)
        connection.protocol.connectionLost()
        self.settle()
        self.assertEqual(len(self.factories["td"].open), 0)
        self.assertEqual(len(self.api.sessions), 0)


class Sessions(RestCase):
    """What a bearer is worth, and for how long."""

    options = WebSocketOptions(
        ping_interval=20, ping_timeout=10, max_message_bytes=1 << 20, login_deadline=60.0
    )

    def test_only_who_shows_the_bearer_is_logged_in(self) -> None:
        bearer = self.bearer()
        self.assertEqual(self.post("/td/GetTradingDay", {}, bearer).status, 200)
        for wrong in ("", bearer[:-1], bearer + "x", "webctp_session_"):
            answer = self.post("/td/GetTradingDay", {}, wrong)
            self.assertEqual(answer.status, 401, wrong)
            self.assertIn("www-authenticate", answer.headers)

    def test_the_bearer_has_256_bits_and_is_hidden_in_logs(self) -> None:
        bearer = self.bearer()
        self.assertGreaterEqual(len(bearer.removeprefix("webctp_session_")), 43)
        self.assertNotIn(bearer[-20:], hide_tokens(f"a line with {bearer} in it"))
        self.assertNotEqual(bearer, self.bearer())

    def test_a_wrong_password_opens_no_session(self) -> None:
        self.front.on("ReqUserLogin", error=3, message="不合法的登录")
        answer = self.post("/td/ReqUserLogin", LOGIN)
        self.assertEqual((answer.status, answer.told["ErrorID"]), (422, 3))
        self.assertNotIn("Bearer", answer.told)
        self.assertEqual((len(self.api.sessions), len(self.factories["td"].open)), (0, 0))

    def test_a_password_that_must_change_can_be_changed(self) -> None:
        self.front.on("ReqUserLogin", error=140, message="首次登录", times=1)
        answer = self.post("/td/ReqUserLogin", LOGIN)
        self.assertEqual((answer.status, answer.told["ErrorID"]), (422, 140))
        bearer = answer.told["Bearer"]["Token"]
        body = {"OldPassword": "first", "NewPassword": "second"}
        self.assertEqual(self.post("/td/ReqUserPasswordUpdate", body, bearer).status, 200)

    def test_logout_ends_it(self) -> None:
        bearer = self.bearer()
        self.assertEqual(self.post("/td/ReqUserLogout", {}, bearer).status, 200)
        self.assertEqual(self.post("/td/GetTradingDay", {}, bearer).status, 401)
        self.assertEqual((len(self.api.sessions), len(self.factories["td"].open)), (0, 0))

    def test_idle_time_ends_it(self) -> None:
        bearer = self.bearer()
        for _ in range(3):
            self.reactor.advance(self.options.http_session_idle - 1)
            self.assertEqual(self.post("/td/GetTradingDay", {}, bearer).status, 200)
        self.reactor.advance(self.options.http_session_idle)
        self.assertEqual(self.post("/td/GetTradingDay", {}, bearer).status, 401)
        self.assertEqual(len(self.factories["td"].open), 0)

    def test_who_is_put_out_of_the_session_is_a_stranger_with_a_deadline(self) -> None:
        bearer = self.bearer()
        (session,) = self.factories["td"].open
        for shared in list(self.td.registry):
            shared.close(verbatim("over"))
        answer = self.post("/td/GetTradingDay", {}, bearer)
        self.assertEqual(answer.status, 401, answer)
        self.reactor.advance(120)
        self.assertNotIn(session, self.factories["td"].open)

    def test_a_bearer_of_one_service_is_none_of_the_other_s(self) -> None:
        bearer = self.bearer()
        answer = self.post("/md/QryInstruments", {}, bearer)
        self.assertEqual((answer.status, answer.told["ErrorID"]), (401, -401))
        self.assertEqual(self.post("/td/GetTradingDay", {}, bearer).status, 200)

    def test_clients_are_closed_with_the_others(self) -> None:
        bearer = self.bearer()
        done = self.factories["td"].close_all()
        self.successResultOf(done)
        self.assertEqual(self.post("/td/GetTradingDay", {}, bearer).status, 401)

    def test_a_request_under_way_is_told_of_the_end(self) -> None:
        self.front.on("ReqQryInvestor", silent=True)
        bearer, connection = self.bearer(), self.open()
        connection.send(post("/td/ReqQryInvestor", {}, Authorization=f"Bearer {bearer}"))
        self.settle()
        self.factories["td"].close_all()
        self.settle()
        (answer,) = connection.answers()
        self.assertEqual((answer.status, answer.told["ErrorID"]), (503, -503))


class Bounds(RestCase):
    """Rates and limits are those of WebSockets."""

    connection_limits = ConnectionLimits(max_connections=4)
    options = WebSocketOptions(
        ping_interval=20, ping_timeout=10, max_message_bytes=1 << 20, message_rate=5
    )

    def test_the_rate_of_a_session(self) -> None:
        bearer = self.bearer()
        found = [self.post("/td/GetTradingDay", {}, bearer) for _ in range(8)]
        self.assertEqual([one.status for one in found], [200] * 5 + [429] * 3)
        self.assertIn("retry-after", found[-1].headers)
        self.reactor.advance(1)
        self.assertEqual(self.post("/td/GetTradingDay", {}, bearer).status, 200)
        for _ in range(30):
            answer = self.post("/td/GetTradingDay", {}, bearer)
        self.assertEqual(answer.status, 401, "who does not stop is put out")

    def test_the_rate_of_strangers_on_one_connection(self) -> None:
        connection = self.open()
        for _ in range(8):
            connection.send(post("/td/ReqQryInvestor", {}))
            self.settle()
        statuses = [one.status for one in connection.answers()]
        self.assertEqual(statuses, [401] * 5 + [429] * 3)

    def test_sessions_count_as_connections(self) -> None:
        bearers = [self.bearer(UserID=f"u{number}") for number in range(3)]
        answer = self.post("/td/ReqUserLogin", {**LOGIN, "UserID": "u9"})
        self.assertEqual(answer.status, 503, answer)
        self.assertIn("MaxConnections", answer.told["detail"])
        self.assertEqual(self.post("/td/ReqUserLogout", {}, bearers[0]).status, 200)
        self.assertEqual(self.post("/td/ReqUserLogin", {**LOGIN, "UserID": "u9"}).status, 200)


class Principals(RestCase):
    """Tokens of the gateway beside the bearers of sessions."""

    scopes: ClassVar[frozenset[Scope]] = frozenset({Scope.READ})

    def setUp(self) -> None:
        super().setUp()
        self.usage = Usage(self.reactor, "reader", requests=0)
        limits = PrincipalLimits(connections=2)
        self.principal = Principal("reader", self.scopes, limits=limits, usage=self.usage)

        def authenticate(arrival: Arrival) -> Principal:
            if arrival.headers.get("authorization") != "Bearer webctp_token":
                raise Refusal(-401, verbatim("show a token"))
            return self.principal

        self.site = self.site_for(authenticate)

    def test_a_token_is_shown_at_the_login_and_the_bearer_afterwards(self) -> None:
        self.assertEqual(self.post("/td/ReqUserLogin", LOGIN).status, 401)
        answer = self.post("/td/ReqUserLogin", LOGIN, "webctp_token")
        self.assertEqual(answer.status, 200, answer)
        bearer = answer.told["Bearer"]["Token"]
        self.assertEqual(self.post("/td/GetTradingDay", {}, bearer).status, 200)
        self.assertEqual(len(self.usage), 1)
        self.assertEqual(self.post("/td/GetTradingDay", {}, "webctp_token").status, 401)

    def test_scopes(self) -> None:
        answer = self.post("/td/ReqUserLogin", LOGIN, "webctp_token")
        bearer = answer.told["Bearer"]["Token"]
        order = {"InstrumentID": "rb2605", "ClientOrderID": "a"}
        refused = self.post("/td/ReqOrderInsert", order, bearer)
        self.assertEqual((refused.status, refused.told["ErrorID"]), (403, -403))
        self.assertIn("td-trade", refused.told["detail"])
        self.assertNotIn("ReqOrderInsert", self.front.names)

    def test_a_token_that_is_withdrawn_takes_its_sessions_along(self) -> None:
        answer = self.post("/td/ReqUserLogin", LOGIN, "webctp_token")
        bearer = answer.told["Bearer"]["Token"]
        self.usage.close(4401, verbatim("revoked"))
        self.assertEqual(self.post("/td/GetTradingDay", {}, bearer).status, 401)
        self.assertEqual(len(self.usage), 0)


class LongAnswers(RestCase):
    """Answers that a client takes slowly."""

    def test_they_leave_by_portions_and_count_until_they_are_taken(self) -> None:
        self.front.on("ReqQryInvestor", silent=True)
        bearer, connection = self.bearer(), self.open()
        connection.send(post("/td/ReqQryInvestor", {}, Authorization=f"Bearer {bearer}"))
        self.settle()
        number = self.front.last("ReqQryInvestor").request_id
        for at in range(2000):
            row: dict[str, Any] = {"InvestorID": str(at), "InvestorName": "名" * 20}
            self.front.push("OnRspQryInvestor", row, request_id=number, is_last=at == 1999)
            if at == 1000:
                self.settle()
                self.assertGreater(self.fanout.memory.held, 100_000)
        connection.protocol.pauseProducing()
        for _ in range(50):
            self.settle()
        first = len(connection.written)
        self.assertLess(first, 100_000)
        self.assertGreater(self.fanout.memory.held, 100_000)
        while len(connection.written) < 500_000 and not connection.answers():
            connection.protocol.resumeProducing()
        connection.protocol.resumeProducing()
        self.settle()
        (answer,) = connection.answers()
        rows = json.loads(answer.body)["Rows"]
        self.assertEqual([one["InvestorID"] for one in rows], [str(at) for at in range(2000)])
        self.assertEqual(self.fanout.memory.held, 0)

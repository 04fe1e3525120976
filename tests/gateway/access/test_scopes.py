"""Scopes: which request needs which, and that none without its scope reaches the front."""

from dataclasses import replace
from itertools import chain, combinations
from typing import Any

from twisted.trial.unittest import SynchronousTestCase

from tests.gateway.access.tokens.test_record import token
from tests.gateway.support import USER, GatewayCase
from webctp.ctp import catalog, errors
from webctp.ctp.catalog import Method, Shape
from webctp.ctp.refusal import Refusal
from webctp.gateway.access.principal import ANYBODY, Arrival, Principal, Scope, let_anybody_in
from webctp.gateway.access.rate import MessageRate
from webctp.gateway.access.scopes import trading_scope
from webctp.gateway.access.tokens.authentication import TokenAuthentication
from webctp.gateway.access.tokens.record import hash_of, new_token
from webctp.gateway.market.pastbars import PAST_BARS
from webctp.language.text import verbatim
from webctp.testing import WebSocketPeer
from webctp.upstream.session.api import SETTLING

GIVEN = (Scope.MARKET, Scope.READ, Scope.TRADE, Scope.ACCOUNT)
SUBSETS = tuple(
    frozenset(some)
    for some in chain.from_iterable(combinations(GIVEN, size) for size in range(len(GIVEN) + 1))
)


class TableTests(SynchronousTestCase):
    """The scope of each request at /td/."""

    def setUp(self) -> None:
        self.methods = catalog.trading().methods

    def named(self, scope: Scope) -> set[str]:
        return {name for name, method in self.methods.items() if trading_scope(method) is scope}

    def test_whatever_enters_the_market_needs_td_trade(self) -> None:
        orders = {name for name, method in self.methods.items() if method.is_order}
        self.assertLessEqual(orders, self.named(Scope.TRADE))
        self.assertIn("ReqSettlementInfoConfirm", self.named(Scope.TRADE))

    def test_queries_and_logins_need_td_read(self) -> None:
        queries = {name for name, method in self.methods.items() if method.is_query}
        self.assertLessEqual(queries, self.named(Scope.READ))
        self.assertLessEqual(
            {"ReqAuthenticate", "ReqUserLogin", "ReqUserLogout"}, self.named(Scope.READ)
        )

    def test_money_and_passwords_need_td_account(self) -> None:
        self.assertLessEqual(
            {
                "ReqUserPasswordUpdate",
                "ReqTradingAccountPasswordUpdate",
                "ReqFromBankToFutureByFuture",
                "ReqFromFutureToBankByFuture",
                "ReqQueryBankAccountMoneyByFuture",
                "ReqQueryCFMMCTradingAccountToken",
            },
            self.named(Scope.ACCOUNT),
        )

    def test_nothing_needs_the_scopes_of_others(self) -> None:
        self.assertEqual(self.named(Scope.MARKET) | self.named(Scope.ADMIN), set())


class ScopeCase(GatewayCase):
    """A gateway to which callers come with the scopes that the test gives them."""

    def connected(self, path: str, scopes: frozenset[Scope]) -> WebSocketPeer:
        self.site = self.site_for(lambda arrival: Principal("bot", scopes))
        return self.connect(path)

    def everything(self, service: str, scopes: frozenset[Scope]) -> tuple[set[str], set[str]]:
        """Send every request; give those that were refused for want of a scope, and the others."""
        catalogue = catalog.trading() if service == "td" else catalog.market_data()
        peer = self.connected(f"/{service}/", scopes)
        refused: set[str] = set()
        taken: set[str] = set()
        for number, name in enumerate(catalogue.methods, start=1):
            peer.send({"MsgType": name, "RequestID": number})
            codes = [error_of(one) for one in peer.received() if one.get("RequestID") == number]
            (refused if errors.FORBIDDEN in codes else taken).add(name)
        peer.drop()
        return refused, taken


def error_of(message: dict[str, Any]) -> int:
    """The ErrorID of an answer, 0 for none."""
    info = message.get("RspInfo") or {}
    return int(info.get("ErrorID", 0))


class EveryRequest(ScopeCase):
    """All requests under all scopes."""

    def test_at_td(self) -> None:
        methods = catalog.trading().methods
        for scopes in SUBSETS:
            refused, taken = self.everything("td", scopes)
            wanted = {name for name, one in methods.items() if trading_scope(one) not in scopes}
            self.assertEqual(refused, wanted, sorted(scopes))
            self.assertEqual(taken, methods.keys() - wanted, sorted(scopes))

    def test_at_md(self) -> None:
        methods = catalog.market_data().methods
        for scopes in SUBSETS:
            refused, _ = self.everything("md", scopes)
            wanted = set() if Scope.MARKET in scopes else set(methods)
            self.assertEqual(refused, wanted, sorted(scopes))

    def test_requests_of_our_own_at_md(self) -> None:
        for scopes in SUBSETS:
            peer = self.connected("/md/", scopes)
            answer = peer.ask({"MsgType": PAST_BARS, "RequestID": 1})
            is_refused = error_of(answer) == errors.FORBIDDEN
            self.assertEqual(is_refused, Scope.MARKET not in scopes, sorted(scopes))

    def test_no_native_call_is_made_of_what_was_refused(self) -> None:
        before = len(self.front.apis)
        peer = self.connected("/td/", frozenset())
        for name in catalog.trading().methods:
            peer.send({"MsgType": name, "RequestID": 1})
        self.assertEqual(len(self.front.apis), before)


class Refusals(ScopeCase):
    """What one is told who lacks a scope, or is not let in."""

    def test_it_names_the_scope_and_those_that_the_caller_has(self) -> None:
        peer = self.connected("/td/", frozenset((Scope.READ, Scope.MARKET)))
        peer.send({"MsgType": "ReqOrderInsert", "RequestID": 7})
        (answer,) = peer.received()
        self.assertEqual((answer["MsgType"], answer["RequestID"]), ("ReqOrderInsert", 7))
        self.assertEqual(error_of(answer), errors.FORBIDDEN)
        self.assertEqual(
            answer["Detail"], "ReqOrderInsert needs the scope td-trade; bot has md, td-read"
        )

    def test_a_cancellation_beyond_the_rate_is_none_either(self) -> None:
        peer = self.connected("/td/", frozenset((Scope.READ,)))
        (socket,) = self.factories["td"].open
        assert socket.client is not None
        socket.client.too_fast(
            b'{"MsgType":"ReqOrderAction","RequestID":3}', False, MessageRate(self.reactor, 1)
        )
        self.fanout.flush()
        (answer,) = peer.received()
        self.assertEqual(error_of(answer), errors.FORBIDDEN)

    def test_who_is_not_let_in_is_told_why_before_the_socket_is_open(self) -> None:
        def nobody(arrival: Arrival) -> Principal:
            self.arrival = arrival
            raise Refusal(errors.NOT_LOGGED_IN, verbatim("no token"))

        self.site = self.site_for(nobody)
        peer = WebSocketPeer(self.site, "/td/")
        self.assertEqual(peer.status, 401)
        self.assertIn(b"no token", peer.body)
        self.assertEqual((self.arrival.path, self.arrival.address), ("/td/", "192.168.1.1"))
        self.assertEqual(self.arrival.headers["upgrade"], "websocket")

    def test_anybody_may_do_all_but_administer(self) -> None:
        self.assertIs(let_anybody_in(Arrival("/td/", {}, "127.0.0.1")), ANYBODY)
        self.assertEqual(ANYBODY.scopes, set(Scope) - {Scope.ADMIN})


WAYS = ("header", "subprotocol", "query", "ticket", "certificate")
FOR_LOGINS = ("ReqUserLogin", "ReqUserLogout")


class EveryWay(GatewayCase):
    """All requests × all scopes × all ways of presenting a token, by a client that is logged in."""

    def setUp(self) -> None:
        super().setUp()
        self.secrets = {scopes: new_token() for scopes in EVERY_SUBSET}
        self.tokens = TokenAuthentication(
            self.reactor,
            self.wall,
            [
                token(_name(scopes), sha256=hash_of(secret), scopes=tuple(sorted(scopes)))
                for scopes, secret in self.secrets.items()
            ],
            in_query=True,
        )
        self.addCleanup(self.tokens.close)
        self.subject = ""
        self.site = self.site_for(
            lambda arrival: self.tokens.authenticate(replace(arrival, subject=self.subject))
        )

    def connected(self, path: str, scopes: frozenset[Scope], way: str) -> WebSocketPeer:
        shown = self.secrets[scopes].reveal()
        header = f"Authorization: Bearer {shown}"
        self.subject = _name(scopes) if way == "certificate" else ""
        match way:
            case "header":
                peer = WebSocketPeer(self.site, path, [header])
            case "subprotocol":
                offered = f"Sec-WebSocket-Protocol: webctp, bearer.{shown}"
                peer = WebSocketPeer(self.site, path, [offered])
            case "query":
                peer = WebSocketPeer(self.site, f"{path}?token={shown}")
            case "ticket":
                headers = {"authorization": f"Bearer {shown}"}
                ticket = self.tokens.ticket(Arrival(path, headers, "127.0.0.1")).reveal()
                peer = WebSocketPeer(self.site, f"{path}?ticket={ticket}")
            case _:
                peer = WebSocketPeer(self.site, path)
        self.assertEqual(peer.status, 101, (way, peer.body))
        return peer

    def login(self, peer: WebSocketPeer, **body: Any) -> dict[str, Any]:
        peer.send({"MsgType": "ReqUserLogin", "ReqUserLogin": {**USER, **body}, "RequestID": 1})
        return (self.answers(peer) or [{}])[-1]

    def test_nothing_reaches_the_native_call_without_its_scope(self) -> None:
        sent = reached = 0
        for service, catalogue in (("td", catalog.trading()), ("md", catalog.market_data())):
            methods = catalogue.methods
            names = [name for name in methods if name not in FOR_LOGINS]
            for scopes in EVERY_SUBSET:
                needed = {
                    name: trading_scope(one) if service == "td" else Scope.MARKET
                    for name, one in methods.items()
                }
                for way in WAYS:
                    peer = self.connected(f"/{service}/", scopes, way)
                    self.login(peer)
                    self.front.calls.clear()
                    for number, name in enumerate(names, start=2):
                        peer.send({"MsgType": name, "RequestID": number, **_body(methods[name])})
                    self.settle()
                    called = {call.name for call in self.front.calls} & set(names)
                    wrong = {name for name in called if needed[name] not in scopes}
                    self.assertEqual(wrong, set(), (service, sorted(scopes), way))
                    sent += len(names)
                    reached += len(called)
                    peer.drop()
                    self.reactor.advance(SETTLING)
        # What was not refused is seen to have come through: else nothing would be shown by this.
        self.assertGreater(reached, 1_000)
        self.assertEqual(sent, len(EVERY_SUBSET) * len(WAYS) * self.requests())

    def requests(self) -> int:
        both = (catalog.trading(), catalog.market_data())
        return sum(len(one.methods.keys() - set(FOR_LOGINS)) for one in both)


EVERY_SUBSET = tuple(
    frozenset(some)
    for some in chain.from_iterable(combinations(Scope, size) for size in range(1, len(Scope) + 1))
)


def _name(scopes: frozenset[Scope]) -> str:
    return "_".join(sorted(scopes))


def _body(method: Method) -> dict[str, Any]:
    """A body that gets past the checks of the gateway, as far as an empty one does."""
    if method.shape is Shape.SUBSCRIPTION:
        return {"InstrumentID": ["rb2701"]}
    return {} if method.body_key is None else {method.body_key: {}}

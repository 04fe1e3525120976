"""From a message to its handler, and what becomes of faults."""

from collections.abc import Callable, Generator
from threading import Event
from typing import Any

from twisted.trial.unittest import SynchronousTestCase

from tests.gateway.support import code
from webctp.config.serving import Limits, WebSocketOptions
from webctp.ctp import catalog, errors
from webctp.ctp.codec import CodecError
from webctp.ctp.refusal import Refusal
from webctp.gateway.client import ServiceClient
from webctp.gateway.messages.schema import Request, Schema
from webctp.gateway.websocket.fanout import Fanout
from webctp.gateway.websocket.peer import Peer
from webctp.gateway.websocket.protocol import GatewayFactory
from webctp.language.text import verbatim
from webctp.testing import ThreadlessReactor, WebSocketPeer
from webctp.upstream.market.subscriptions import TooMany
from webctp.upstream.orders.keys import RefRefused


class Scripted(ServiceClient):
    """Does with a request what the test says."""

    def __init__(
        self, schema: Schema, fanout: Fanout, peer: Peer, handle: Callable[[Request], None]
    ) -> None:
        super().__init__(schema, fanout, peer)
        self._scripted = handle

    def gone(self) -> None:
        """Of ``ServiceClient``."""

    def handle(self, request: Request) -> None:
        """Of ``ServiceClient``."""
        self._scripted(request)


class Working(SynchronousTestCase):
    """Long work, which counts as messages."""

    def test_the_time_of_others_is_not_charged(self) -> None:
        def steps() -> Generator[None, None, None]:
            Event().wait(0.3)  # as on a machine whose processors have other things to do
            yield

        def handle(request: Request) -> None:
            (one,) = factory.open
            client: Any = one
            client.client.begin(request, steps())

        reactor = ThreadlessReactor()
        fanout, schema = Fanout(reactor, Limits()), Schema(catalog.trading())
        options = WebSocketOptions(0, 0, 1 << 20, login_deadline=0, message_rate=100)
        factory = GatewayFactory(
            reactor, fanout, options, lambda peer: Scripted(schema, fanout, peer, handle)
        )
        peer = WebSocketPeer(factory)
        peer.send({"MsgType": "ReqQryInvestor", "RequestID": 1})
        (socket,) = factory.open
        rated: Any = socket
        self.assertGreater(rated._rate.left, 90)


class Dispatching(SynchronousTestCase):
    """One client, whose requests the test handles."""

    def setUp(self) -> None:
        self.handled: list[Request] = []
        self.problem: Exception | None = None
        reactor = ThreadlessReactor()
        fanout = Fanout(reactor, Limits())
        schema = Schema(catalog.trading())
        factory = GatewayFactory(
            reactor,
            fanout,
            WebSocketOptions(0, 0, 1 << 20, login_deadline=0),
            lambda peer: Scripted(schema, fanout, peer, self.handle),
        )
        self.peer = WebSocketPeer(factory)

    def handle(self, request: Request) -> None:
        if self.problem is not None:
            raise self.problem
        self.handled.append(request)

    def send(self, **message: Any) -> list[dict[str, Any]]:
        self.peer.send(message)
        return self.peer.received()

    def test_a_request_reaches_its_handler_checked(self) -> None:
        answers = self.send(MsgType="ReqQryInvestor", RequestID=5, QryInvestor={"InvestorID": "a"})
        self.assertEqual(answers, [])
        (request,) = self.handled
        self.assertEqual((request.method.name, request.request_id), ("ReqQryInvestor", 5))
        self.assertEqual(request.body, {"InvestorID": "a"})

    def test_a_refusal_of_the_handlers(self) -> None:
        for number in errors.GATEWAY_ERRORS:
            self.problem = Refusal(number, verbatim("because"))
            (answer,) = self.send(MsgType="ReqQryInvestor", RequestID=5)
            self.assertEqual(
                answer,
                {
                    "MsgType": "ReqQryInvestor",
                    "RspInfo": {"ErrorID": number, "ErrorMsg": errors.GATEWAY_ERRORS[number]},
                    "IsLast": True,
                    "RequestID": 5,
                    "Detail": "because",
                },
            )

    def test_a_refusal_of_any_room_is_answered_with_its_own_code(self) -> None:
        for problem in (
            TooMany(3, 2),
            RefRefused(22, verbatim("it does not grow")),
            CodecError("A", verbatim("no")),
        ):
            self.problem = problem
            (answer,) = self.send(MsgType="ReqQryInvestor", RequestID=5)
            self.assertEqual((code(answer), answer["Detail"]), (problem.code, problem.detail))

    def test_a_fault_of_ours_is_logged_and_answered(self) -> None:
        self.problem = ZeroDivisionError("s3cret")
        (answer,) = self.send(MsgType="ReqQryInvestor", RequestID=5)
        self.assertEqual((code(answer), answer["RequestID"]), (-400, 5))
        self.assertNotIn("s3cret", str(answer))
        self.assertEqual(len(self.flushLoggedErrors(ZeroDivisionError)), 1)
        self.problem = None
        self.send(MsgType="ReqQryInvestor")
        self.assertEqual(len(self.handled), 1)

    def test_methods_of_the_daemons_own_do_not_exist(self) -> None:
        own = ("Init", "Release", "Join", "RegisterFront", "RegisterSpi", "RegisterNameServer")
        for name in own:
            (answer,) = self.send(MsgType=name)
            self.assertEqual(code(answer), -404, name)
        self.assertEqual(self.handled, [])

    def test_names_are_hinted_at(self) -> None:
        (answer,) = self.send(MsgType="ReqQryinvestor")
        self.assertEqual(
            answer["Detail"],
            "no request is called 'ReqQryinvestor'; did you mean ReqQryInvestor?",
        )

"""A simulated front as a process of its own, on a Unix socket: the serving side.

Several daemons, and their restarts, share its exchange. Each connection is one API.
"""

from typing import Any

from twisted.internet.interfaces import IAddress, IPushProducer
from twisted.internet.protocol import Factory, Protocol, connectionDone
from twisted.internet.threads import deferToThreadPool
from twisted.logger import Logger
from twisted.python.failure import Failure
from zope.interface import implementer

from webctp.ctp import binding
from webctp.sim.host.flows import QUICK, FlowPlace
from webctp.sim.host.packing import TICK_CALLBACK, Delivery
from webctp.sim.host.sink import Connection
from webctp.sim.host.thread import SimThread
from webctp.sim.options import FaultOptions, OptionError
from webctp.sim.remote import messages
from webctp.sim.remote.messages import (
    UNREADABLE,
    Batch,
    Control,
    Done,
    Frames,
    Hello,
    Listed,
    Message,
    MessageError,
    Request,
    Standing,
    Subscribe,
    ToClient,
    Welcome,
)


@implementer(IPushProducer)
class SimServer(Protocol):
    """One API, or one who controls. Runs on the reactor; `put` and the like on the host's thread.

    While the other side does not read, ticks are dropped and everything else waits.
    """

    log = Logger()

    def __init__(self, host: SimThread, reactor: Any) -> None:
        self._host = host
        self._reactor = reactor
        self._frames = Frames()
        self._connection: Connection | None = None
        self._lists = False
        self._topics = FlowPlace(QUICK, "", 0), FlowPlace(QUICK, "", 0)
        self._behind = False
        self._gone = False
        self._transport: Any = None

    # The reactor's side

    def connectionMade(self) -> None:
        """Twisted calls this when the other side has connected."""
        self._transport = self.transport
        self._transport.registerProducer(self, True)

    def dataReceived(self, data: bytes) -> None:
        """Twisted calls this with what the other side has sent."""
        try:
            for body in self._frames.feed(data):
                self._received(messages.to_server.decode(body))
        except UNREADABLE as problem:
            self.log.warn("Closing a connection: {problem}", problem=problem)
            self._transport.abortConnection()

    def connectionLost(self, reason: Failure = connectionDone) -> None:
        """Twisted calls this when the connection is gone: the API leaves the host."""
        self._gone = True
        connection, self._connection = self._connection, None
        if connection is not None:
            # The last one to leave waits for the exchange's thread.
            leaving = deferToThreadPool(
                self._reactor, self._reactor.getThreadPool(), self._host.leave, connection
            )
            leaving.addErrback(lambda failure: self.log.failure("Leaving failed", failure))

    def pauseProducing(self) -> None:
        """Drop ticks from now on: the other side does not read."""
        self._behind = True

    def resumeProducing(self) -> None:
        """Send ticks again: the other side reads."""
        self._behind = False

    def stopProducing(self) -> None:
        """Send nothing more: the connection is gone."""
        self._gone = True

    def _received(self, message: messages.ToServer) -> None:
        match message:
            case Hello():
                self._greet(message)
            case Control():
                self._control(message)
            case Request() if self._connection is not None:
                self._topics = message.topics
                self._host.request(
                    self._connection, message.name, message.raw, message.request_id, message.line
                )
            case Subscribe() if self._connection is not None:
                self._host.subscribe(
                    self._connection,
                    message.name,
                    message.callback,
                    message.instruments,
                    message.line,
                )
            case _:
                raise MessageError("a request before the greeting")

    def _greet(self, hello: Hello) -> None:
        mine = str(binding.load())
        if hello.binding != mine:
            raise MessageError(f"{hello.binding} there, {mine} here")
        self._send(self._welcome(self._host.faults.options))
        # A trading API asks for instruments by a query.
        self._lists = not hello.trading
        self._connection = self._host.connect(self, trading=hello.trading)

    def _welcome(self, faults: FaultOptions) -> Welcome:
        options = self._host.options
        return Welcome(options.query_interval, faults.return_error, options.seed, self._host.speed)

    def _control(self, request: Control) -> None:
        try:
            self._host.control(request.command, request.arguments)
        except OptionError as mistake:
            self._send(Done(str(mistake)))
        else:
            self._send(Done(""))

    def _send(self, message: ToClient) -> None:
        if not self._gone:
            self._transport.write(messages.framed(message))

    # The host's side

    def put(self, deliveries: list[Delivery]) -> None:
        """Send callbacks to the other side, without ticks while it does not read."""
        if self._behind:
            deliveries = [one for one in deliveries if one.callback != TICK_CALLBACK]
        messages_of = [_message(delivery) for delivery in deliveries]
        batch = Batch(self._host.trading_day, self._host.clock(), messages_of)
        self._reactor.callFromThread(self._send, batch)

    def stands(self, standing: bool) -> None:
        """Send the other side whether the connection stands, and before that its instruments."""
        if standing and self._lists:
            listed = Listed(list(self._host.instruments()))
            self._reactor.callFromThread(self._send, listed)
        self._reactor.callFromThread(self._send, Standing(standing))

    def topics(self) -> tuple[FlowPlace, FlowPlace]:
        """Return how the private flow and the public one are to go on."""
        return self._topics

    def faulty(self, options: FaultOptions) -> None:
        """Send the other side the faults that work there from now on."""
        self._reactor.callFromThread(self._send, self._welcome(options))


class SimFactory(Factory):
    """Makes the protocols of one simulated front."""

    noisy = False

    def __init__(self, host: SimThread, reactor: Any) -> None:
        self._host = host
        self._reactor = reactor

    def buildProtocol(self, addr: IAddress | None) -> SimServer:
        """Twisted calls this for a new connection."""
        return SimServer(self._host, self._reactor)


def _message(delivery: Delivery) -> Message:
    return Message(
        delivery.callback,
        delivery.body,
        delivery.info,
        delivery.request_id,
        delivery.last,
        delivery.number,
        delivery.flow,
        delivery.public,
    )

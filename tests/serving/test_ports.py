"""The ports of a daemon, on endpoints that open, fail, or fail later."""

import errno
from typing import Any

from twisted.internet.defer import Deferred, fail, succeed
from twisted.internet.error import CannotListenError
from twisted.trial.unittest import SynchronousTestCase

from webctp.gateway.http.accepting import Accepting
from webctp.gateway.http.site import site
from webctp.serving.ports import Ports
from webctp.start import CannotStart
from webctp.testing.memory import MemoryPort, MemoryReactor
from webctp.upstream.session import descriptors


class StoppableReactor(MemoryReactor):
    """A memory reactor that notes whether it was told to stop."""

    def __init__(self) -> None:
        super().__init__()
        self.stopped = 0

    def stop(self) -> None:
        """Of ``IReactorCore``."""
        self.stopped += 1
        self.running = False


class Endpoint:
    """An endpoint that gives what it was made with."""

    def __init__(self, result: "Deferred[Any]") -> None:
        self._result = result

    def listen(self, _: Any) -> "Deferred[Any]":
        """Of ``IStreamServerEndpoint``."""
        return self._result


def taken() -> CannotListenError:
    """What listening on a port that is taken fails with."""
    return CannotListenError("127.0.0.1", 8080, OSError(errno.EADDRINUSE, "in use"))


class PortsTests(SynchronousTestCase):
    """Opening and closing."""

    def setUp(self) -> None:
        self.reactor = StoppableReactor()
        self.site = site({}, self.reactor)
        accepting = Accepting(self.reactor, descriptors.current())
        self.ports = Ports(self.reactor, self.site, accepting, "td")

    def open(self, *results: "Deferred[Any]") -> None:
        endpoints: list[Any] = [Endpoint(result) for result in results]
        self.ports.open(endpoints)

    def test_each_endpoint_is_a_port(self) -> None:
        self.site.doStart()
        self.site.doStart()
        ports = [MemoryPort(self.site), MemoryPort(self.site)]
        self.open(*map(succeed, ports))
        self.assertEqual(self.ports.listening, ports)
        self.successResultOf(self.ports.close())
        self.assertEqual(self.site.numPorts, 0)

    def test_a_port_that_is_taken_stops_the_start(self) -> None:
        self.reactor.running = False
        refusal = self.assertRaises(CannotStart, self.open, fail(taken()))
        self.assertIn("127.0.0.1:8080 is taken by another program", str(refusal))
        self.assertEqual(self.reactor.stopped, 0)

    def test_a_port_that_fails_later_ends_the_daemon(self) -> None:
        later: Deferred[Any] = Deferred()
        self.open(later)
        later.errback(taken())
        self.assertEqual(self.reactor.stopped, 1)
        self.assertEqual(self.ports.listening, [])

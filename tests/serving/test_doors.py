"""The doors of a daemon: which of them a configuration opens, and what is behind each."""

from typing import Any

from twisted.internet.address import IPv4Address
from twisted.internet.error import CannotListenError
from twisted.internet.testing import StringTransport
from twisted.trial.unittest import SynchronousTestCase

from webctp.config import Config, load
from webctp.gateway.admin.desk import AdminDesk
from webctp.gateway.admin.pages import AdminPages
from webctp.gateway.http.accepting import Accepting
from webctp.gateway.http.adminport import AdminSite
from webctp.gateway.http.site import Site
from webctp.metrics import Registry
from webctp.serving.doors import Doors
from webctp.serving.prepared import prepare
from webctp.start import CannotStart
from webctp.testing import FakeFront
from webctp.testing.memory import MemoryReactor
from webctp.upstream.session import descriptors


class PickyReactor(MemoryReactor):
    """Listens on all ports but one, and on no Unix socket."""

    running = False
    taken = -1

    def listenTCP(self, port: int, factory: Any, *more: Any, **named: Any) -> Any:
        if port == self.taken:
            raise CannotListenError("127.0.0.1", port, OSError("in use"))
        return super().listenTCP(port, factory)

    def listenUNIX(self, address: str, factory: Any, *more: Any, **named: Any) -> Any:
        raise CannotListenError(None, address, OSError("no Unix sockets here"))


def status(site: Any) -> int:
    """Ask a site for the page of figures, and return the answer's status."""
    here = IPv4Address("TCP", "127.0.0.1", 9)
    client, transport = site.buildProtocol(here), StringTransport(peerAddress=here)
    client.makeConnection(transport)
    client.dataReceived(b"GET /metrics HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n")
    return int(transport.value().split()[1])


class DoorsTests(SynchronousTestCase):
    """On a reactor in memory."""

    def setUp(self) -> None:
        self.reactor = PickyReactor()
        self.acts = AdminPages(AdminDesk())

    def config(self, **keys: str) -> Config:
        path = self.mktemp()
        lines = {"AppType": "md", "Port": "8080", **keys}
        with open(path, "w", encoding="utf-8") as file:
            file.write("MdFrontAddress: sim://\n")
            file.writelines(f"{key}: {value}\n" for key, value in lines.items())
        return load(path)

    def doors(self, **keys: str) -> Doors:
        config = self.config(**keys)
        front = FakeFront()
        prepared = prepare(self.reactor, config, lambda key, addresses: front)
        return Doors(self.reactor, config, prepared, Accepting(self.reactor, descriptors.current()))

    def opened(self, **keys: str) -> Doors:
        doors = self.doors(**keys)
        self.main = doors.open_clients({}, "md", Registry(), lambda: None)
        return doors

    def sites(self, doors: Doors) -> list[Any]:
        ports: list[Any] = doors.listening
        return [port.factory for port in ports]

    def test_clients_alone(self) -> None:
        doors = self.opened()
        self.assertEqual(self.sites(doors), [self.main])
        self.assertEqual(len(self.successResultOf(doors.opened())), 1)

    def test_figures_stand_beside_the_services_or_on_a_port_of_their_own(self) -> None:
        self.opened()
        self.assertEqual(status(self.main), 200)
        doors = self.opened(MetricsListen="tcp:9100")
        main, apart = self.sites(doors)
        self.assertIs(main, self.main)
        self.assertEqual((status(main), status(apart)), (404, 200))

    def test_administrators_come_last(self) -> None:
        doors = self.opened(AdminListen="tcp:9200")
        doors.open_admin(self.acts)
        self.assertEqual([type(one) for one in self.sites(doors)], [Site, AdminSite])

    def test_without_a_socket_of_its_own_for_administrators_it_serves(self) -> None:
        doors = self.opened()
        doors.open_admin(self.acts)
        self.assertEqual(len(doors.listening), 1)

    def test_a_place_that_is_named_and_taken_ends_the_start(self) -> None:
        self.reactor.taken = 9200
        doors = self.opened(AdminListen="tcp:9200")
        self.assertRaises(CannotStart, doors.open_admin, self.acts)
        self.reactor.taken = 8080
        self.assertRaises(CannotStart, self.opened)

    def test_other_settings_reach_every_door(self) -> None:
        doors = self.opened(MetricsListen="tcp:9100", AdminListen="tcp:9200")
        doors.open_admin(self.acts)
        later = self.config(Origins="[https://desk.example]", MaxConnections="1")
        doors.take_settings(later)
        for one in self.sites(doors)[:2]:
            one.origins.check("https://desk.example", "gateway.example")
            self.assertEqual([one.admission.enter("127.0.0.1") for _ in "12"], [True, False])

    def test_all_are_closed(self) -> None:
        doors = self.opened(MetricsListen="tcp:9100")
        sites = self.sites(doors)
        self.assertEqual([one.numPorts for one in sites], [1, 1])
        self.successResultOf(doors.close())
        self.assertEqual([one.numPorts for one in sites], [0, 0])

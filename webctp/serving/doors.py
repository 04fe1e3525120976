"""The doors of a daemon: the ports of clients, of its figures and of administrators."""

from collections.abc import Callable, Iterable, Mapping
from functools import partial
from typing import Any

from twisted.internet.defer import Deferred, DeferredList, inlineCallbacks
from twisted.internet.interfaces import IListeningPort, IStreamServerEndpoint
from twisted.logger import Logger

from webctp.config import Config
from webctp.gateway.http.accepting import Accepting
from webctp.gateway.http.adminport import AdminActs, AdminSite
from webctp.gateway.http.console import console_pages
from webctp.gateway.http.origins import Origins
from webctp.gateway.http.site import Page, Readiness, Site, site
from webctp.gateway.rest.api import RestApi
from webctp.gateway.rest.descriptions import description_pages
from webctp.gateway.websocket.protocol import GatewayFactory
from webctp.language.text import reason_of
from webctp.metrics import Registry
from webctp.serving.adminsocket import CannotServe, own_endpoint, socket_path
from webctp.serving.metricspage import PATH as METRICS
from webctp.serving.metricspage import MetricsPage
from webctp.serving.ports import Ports
from webctp.serving.prepared import Prepared
from webctp.start import CannotStart

_log = Logger()

Served = Mapping[str, tuple[GatewayFactory, Readiness]]
"""By path: what makes the connections there, and what ``/readyz`` says of the service."""


class Doors:
    """Open what a configuration wants listened on; close it all together. In the reactor's thread.

    :param accepting: the ports' share of the descriptors.
    """

    def __init__(
        self, reactor: Any, config: Config, prepared: Prepared, accepting: Accepting
    ) -> None:
        self._reactor = reactor
        self._config = config
        self._prepared = prepared
        self._accepting = accepting
        self._ports: list[Ports] = []
        self._opening: list[Deferred[Any]] = []
        self._takers: list[Callable[[Config], object]] = []

    @property
    def listening(self) -> list[IListeningPort]:
        """The ports that are open, those of clients first."""
        return [port for ports in self._ports for port in ports.listening]

    def opened(self) -> Deferred[Any]:
        """Return what fires when all that was opened so far is listened on."""
        return DeferredList(self._opening)

    def open_clients(
        self, served: Served, names: str, registry: Registry, check_open: Callable[[], object]
    ) -> Site:
        """Listen to clients; serve the daemon's figures beside them, or on a port of their own.

        :param names: of the services, for the log.
        :param check_open: raises what refuses new clients, where they are refused.
        :raises CannotStart: if an endpoint cannot be listened on.
        """
        prepared, config = self._prepared, self._config
        entrance, apart = prepared.access.entrance, prepared.metrics_endpoints
        origins = Origins(entrance.origins, self._reactor)
        self._takers.append(lambda config: origins.take(config.origins))
        pages: dict[str, Page] = {METRICS: MetricsPage(registry, origins, is_open=bool(apart))}
        own: dict[str, Page] = {
            **description_pages(prepared.binding, served),
            **console_pages(served, config.language),
        }
        beside = own if apart else {**pages, **own}
        main = site(served, self._reactor, config, entrance, pages=beside)
        main.check_open = check_open
        factories = {name: factory for name, (factory, _) in served.items()}
        api = RestApi(factories, entrance, main.origins, main.admission, check_open)
        main.api = api
        registry.add(api)
        self._open_site(main, names, prepared.endpoints)
        if apart:
            self._open_site(site({}, self._reactor, config, pages=pages), "metrics", apart)
        return main

    def open_admin(self, acts: AdminActs) -> None:
        """Listen to administrators: where ``AdminListen`` says, or on a socket of our own.

        Without that socket the daemon serves all the same, and says so.

        :raises CannotStart: if one that is named cannot be listened on.
        """
        config, access = self._config, self._prepared.access
        apart = AdminSite(self._reactor, access.entrance, acts, config.language, access.audit)
        if config.admin_listen:
            self._open(apart, "admin", self._prepared.admin_endpoints)
            return
        try:
            self._open(apart, "admin", (own_endpoint(self._reactor, socket_path(config)),))
        except (CannotServe, CannotStart) as problem:
            _log.warn("no socket for administrators: {why}", why=reason_of(problem))

    def take_settings(self, config: Config) -> None:
        """Take other limits, and other pages that are let in."""
        for take in self._takers:
            take(config)

    def leave_waiting(self) -> None:
        """Accept no more where systemd holds the sockets: who connects waits for the next run."""
        for ports in self._ports:
            ports.leave_waiting()

    @inlineCallbacks
    def close(self) -> Any:
        """Listen no more; fires when every port is closed."""
        for ports in self._ports:
            yield ports.close()

    def _open_site(
        self, one: Site, serves: str, endpoints: Iterable[IStreamServerEndpoint]
    ) -> None:
        self._takers.append(partial(_limit, one))
        self._open(one, serves, endpoints)

    def _open(
        self, one: Site | AdminSite, serves: str, endpoints: Iterable[IStreamServerEndpoint]
    ) -> None:
        ports = Ports(self._reactor, one, self._accepting, serves)
        self._ports.append(ports)
        self._opening.append(ports.open(endpoints))


def _limit(one: Site, config: Config) -> None:
    """Give a port other limits, and other pages that are let in."""
    one.admission.take_settings(config)
    one.origins.take(config.origins)

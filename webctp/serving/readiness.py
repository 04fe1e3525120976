"""Say for ``/readyz`` how a service stands: its sessions, library, descriptors, recording."""

from typing import Any

from webctp.ctp.binding import Binding
from webctp.gateway.http.accepting import Accepting
from webctp.gateway.http.site import Readiness
from webctp.language.text import Text, english
from webctp.lifecycle.drain import Drain
from webctp.lifecycle.drainstate import DrainState
from webctp.recording.recorder import Recorder
from webctp.serving.services import GatewayService, Services
from webctp.upstream.session.apiqueue import ApiQueue


class ReadinessOf:
    """Make what ``/readyz`` says of a service.

    :param accepting: the ports' share of the descriptors.
    :param drain: how far the daemon is from its end.
    :param recorder: of market data; None where nothing is recorded.
    """

    def __init__(
        self,
        binding: Binding,
        apis: ApiQueue,
        accepting: Accepting,
        drain: Drain,
        recorder: Recorder | None,
    ) -> None:
        self._binding = binding
        self._apis = apis
        self._accepting = accepting
        self._drain = drain
        self._recorder = recorder

    def __call__(self, name: str, service: GatewayService) -> Readiness:
        """Return what reads the state of a service, called for each request of the page.

        :param name: ``td`` or ``md``.
        """
        recorder = self._recorder if name == "md" else None
        library = self._library(name)

        def state() -> dict[str, Any]:
            return {
                **service.readiness(),
                "library": library,
                "descriptors": self._accepting.status(),
                "stuck_apis": self._apis.stuck,
                **({} if recorder is None else {"recording": recorder.status()}),
                **self._ending(),
            }

        return state

    def _ending(self) -> dict[str, Any]:
        """Say that no new client is to come, from the first moment on; nothing before."""
        if self._drain.state is DrainState.SERVING:
            return {}
        return {"ready": False, "ending": self._drain.status()}

    def _library(self, name: str) -> dict[str, str]:
        """Name the library that serves td or md: its package, its file, its own version."""
        loaded = self._binding
        library = loaded.td_library if name == "td" else loaded.md_library
        return {"binding": str(loaded), "path": library.path, "version": library.version}


def standing(services: Services, drain: Drain) -> Text:
    """Say how the daemon stands, for systemd's status."""
    sessions = 0 if services.td is None else len(list(services.td.registry))
    return english(
        "{state} {services}: {clients} clients, {sessions} trading sessions",
        state=drain.state.value,
        services=services.names,
        clients=drain.clients(),
        sessions=sessions,
    )

"""HTTP beside the sockets, on one port: the services' paths, ``/healthz``, ``/readyz``."""

import json
from collections.abc import Callable, Mapping
from typing import Any

from autobahn.twisted.resource import WebSocketResource
from autobahn.twisted.websocket import WebSocketServerFactory
from twisted.web import http
from twisted.web.pages import notFound
from twisted.web.resource import Resource
from twisted.web.server import Request, Site

Readiness = Callable[[], Mapping[str, Any]]
"""Gives ``{"ready": bool, ...}`` for one service."""

_JSON = b"application/json; charset=utf-8"


class _Service(WebSocketResource):
    """A service's path, with or without the last slash, and nothing below it."""

    def render(self, request: Request) -> Any:
        if any(request.postpath or ()):
            return notFound(message="There is nothing below this path.").render(request)
        return super().render(request)


class _Health(Resource):
    """``/healthz``: the process is alive and its reactor turns."""

    isLeaf = True

    def render_GET(self, request: Request) -> bytes:
        request.setHeader(b"Content-Type", b"text/plain; charset=utf-8")
        return b"ok\n"


class _Ready(Resource):
    """``/readyz``: 200 when every service is ready, else 503; the states as JSON."""

    isLeaf = True

    def __init__(self, services: Mapping[str, Readiness]) -> None:
        super().__init__()
        self._services = services

    def render_GET(self, request: Request) -> bytes:
        states = {name: dict(state()) for name, state in self._services.items()}
        ready = all(state["ready"] for state in states.values())
        request.setResponseCode(200 if ready else 503)
        request.setHeader(b"Content-Type", _JSON)
        return json.dumps({"ready": ready, **states}, ensure_ascii=False).encode() + b"\n"


class _Root(Resource):
    """``/``: the one service where only one is served, else a page of where to go."""

    def __init__(self, services: Mapping[str, WebSocketServerFactory]) -> None:
        super().__init__()
        self._paths = [f"/{name}/" for name in services]
        self._only = next(iter(services.values())) if len(services) == 1 else None

    def render_GET(self, request: Request) -> Any:
        if self._only is not None and request.getHeader("upgrade"):
            return _Service(self._only).render(request)
        request.setHeader(b"Content-Type", b"text/plain; charset=utf-8")
        paths = " ".join(self._paths)
        return f"webctp\nWebSocket: {paths}\nHTTP: /healthz /readyz\n".encode()

    def getChild(self, path: bytes, request: Request) -> Resource:
        return self if path == b"" and not request.postpath else super().getChild(path, request)


class _Site(Site):
    """No access log: addresses may carry tokens, and probes would fill it."""

    noisy = False

    def log(self, request: http.Request) -> None:
        pass


def site(services: Mapping[str, tuple[WebSocketServerFactory, Readiness]], reactor: Any) -> Site:
    """What a port serves: each service at ``/<name>/``, and the pages beside them."""
    root = _Root({name: factory for name, (factory, _) in services.items()})
    for name, (factory, _) in services.items():
        root.putChild(name.encode(), _Service(factory))
    root.putChild(b"healthz", _Health())
    root.putChild(b"readyz", _Ready({name: state for name, (_, state) in services.items()}))
    listening = _Site(root, reactor=reactor)
    listening.displayTracebacks = False
    return listening

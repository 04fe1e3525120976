"""HTTP in memory: a connection to a port with the API, and what its answers say."""

import json
from typing import Any

from twisted.internet.address import IPv4Address

from tests.gateway.support import USER, GatewayCase
from webctp.gateway.http.entrance import Entrance
from webctp.gateway.http.site import Site
from webctp.gateway.rest.api import RestApi
from webctp.testing import MemoryTransport

LOGIN = USER
"""The body of a login."""


class Answered:
    """One answer: its status, headers by lower-case name, and body."""

    def __init__(self, head: bytes, body: bytes) -> None:
        status, *lines = head.decode().split("\r\n")
        self.status = int(status.split()[1])
        self.headers = {
            name.lower(): value.strip()
            for name, _, value in (line.partition(":") for line in lines)
        }
        self.body = body

    @property
    def told(self) -> Any:
        """Its body, which is JSON."""
        return json.loads(self.body)

    def __repr__(self) -> str:
        return f"<{self.status} {self.body[:200]!r}>"


class Connection:
    """A connection of a client's, of which all is in memory."""

    def __init__(self, site: Site, address: str = "192.0.2.1") -> None:
        self.transport = MemoryTransport()
        self.transport.peerAddr = IPv4Address("TCP", address, 4711)
        self.protocol: Any = site.buildProtocol(self.transport.getPeer())
        self.transport.protocol = self.protocol
        self.protocol.makeConnection(self.transport)

    def send(self, data: bytes) -> None:
        """Let bytes arrive."""
        self.protocol.dataReceived(data)

    @property
    def written(self) -> bytes:
        """All that was written to it."""
        return b"".join(self.transport.writes)

    @property
    def closed(self) -> bool:
        """Whether the gateway has let go of it."""
        return bool(self.transport.disconnecting)

    def answers(self) -> list[Answered]:
        """All answers so far; each with a Content-Length."""
        found, data = [], self.written
        while data:
            head, _, data = data.partition(b"\r\n\r\n")
            answer = Answered(head, b"")
            length = int(answer.headers.get("content-length", "0"))
            answer.body, data = data[:length], data[length:]
            found.append(answer)
        return found


def post(path: str, body: object = None, **headers: str) -> bytes:
    """The bytes of a POST; header names with underscores for hyphens."""
    data = b"" if body is None else body if isinstance(body, bytes) else json.dumps(body).encode()
    fields = {"Host": "localhost", "Content_Type": "application/json", **headers}
    lines = [f"POST {path} HTTP/1.1", f"Content-Length: {len(data)}"]
    lines += [f"{name.replace('_', '-')}: {value}" for name, value in fields.items() if value]
    return "\r\n".join((*lines, "", "")).encode() + data


class RestCase(GatewayCase):
    """Both services with the API on one port."""

    api: RestApi

    def site_behind(self, entrance: Entrance) -> Site:
        """What a port serves behind an entrance, with the API."""
        site = super().site_behind(entrance)
        self.api = RestApi(
            self.factories, entrance, site.origins, site.admission, lambda: site.check_open()
        )
        site.api = self.api
        return site

    def open(self, address: str = "192.0.2.1") -> Connection:
        """A connection."""
        return Connection(self.site, address)

    def post(self, path: str, body: object = None, bearer: str = "", **headers: str) -> Answered:
        """Send a request by a connection of its own; gives its answer."""
        if bearer:
            headers["Authorization"] = f"Bearer {bearer}"
        connection = self.open()
        connection.send(post(path, body, **headers))
        self.settle()
        answers = connection.answers()
        self.assertEqual(len(answers), 1, answers)
        connection.protocol.connectionLost()
        return answers[0]

    def bearer(self, **body: Any) -> str:
        """Log in on td; gives the bearer."""
        answer = self.post("/td/ReqUserLogin", {**LOGIN, **body})
        self.assertEqual(answer.status, 200, answer)
        return str(answer.told["Bearer"]["Token"])

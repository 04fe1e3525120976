"""Plays the examples: a gateway on a simulated front, a client that sends and listens."""

import json
import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any, Final, cast

from autobahn.twisted.websocket import WebSocketClientFactory, WebSocketClientProtocol
from twisted.internet.address import IPv4Address
from twisted.internet.defer import Deferred, DeferredQueue
from twisted.internet.endpoints import TCP4ClientEndpoint, connectProtocol

from webctp.commands.docs.examples import SCRIPTS, Example, ExampleError, Message, Recorded
from webctp.config import load

_PATIENCE: Final = 20.0
"""Seconds an answer may take; the simulated front needs milliseconds."""


async def play(
    reactor: Any, config: Path, scripts: Mapping[str, Sequence[Example]]
) -> dict[str, list[Recorded]]:
    """Send every example's request, in order, and gather what it shows.

    :param config: a configuration of both services on a simulated front; it is served on a free
        port, with flow files in a temporary directory.
    :raises ExampleError: for an example that is not answered.
    """
    from webctp.daemon import Daemon

    with tempfile.TemporaryDirectory() as flow:
        settings = replace(load(str(config)), host="127.0.0.1", port=0, con_file_path=flow)
        daemon = Daemon(reactor, settings)
        daemon.startService()
        try:
            port = cast(IPv4Address, daemon.ports[0].getHost()).port
            return {
                script: await _play_script(reactor, port, SCRIPTS[script], examples)
                for script, examples in scripts.items()
            }
        finally:
            await daemon.stopService()


async def _play_script(
    reactor: Any, port: int, service: str, examples: Sequence[Example]
) -> list[Recorded]:
    client = await _connect(reactor, port, service)
    known: dict[str, Message] = {}
    recorded = []
    for example in examples:
        recorded.append(await _play_one(reactor, client, example, known))
    client.sendClose()
    await client.is_closed
    return recorded


async def _play_one(
    reactor: Any, client: "_Client", example: Example, known: dict[str, Message]
) -> Recorded:
    request = _resolved(example.request, known)
    client.sendMessage(json.dumps(request, ensure_ascii=False).encode())
    received: list[Message] = []
    while not (received and _is_last(example, received[-1])):
        message = await client.next(reactor, example.msg_type)
        known.setdefault(message["MsgType"], message)
        if _is_shown(example, message):
            received.append(message)
    return Recorded(request, tuple(received))


def _is_shown(example: Example, message: Message) -> bool:
    if example.shows:
        return message["MsgType"] in example.shows
    return bool(message.get("RequestID") == example.request.get("RequestID", 0))


def _is_last(example: Example, message: Message) -> bool:
    if not example.until:
        return bool(message.get("IsLast"))
    flat = dict(message)
    for value in message.values():
        flat |= value if isinstance(value, dict) else {}
    return bool(example.until.items() <= flat.items())


def _resolved(value: Any, known: Mapping[str, Message]) -> Any:
    """Return the request with every ``$MsgType.Field`` replaced by what was received first."""
    if isinstance(value, dict):
        return {key: _resolved(one, known) for key, one in value.items()}
    if not isinstance(value, str) or not value.startswith("$"):
        return value
    msg_type, _, field = value[1:].partition(".")
    for body in known.get(msg_type, {}).values():
        if isinstance(body, dict) and field in body:
            return body[field]
    raise ExampleError(f"{value}: no {msg_type} with a {field} was received before")


class _Client(WebSocketClientProtocol):
    """A client; what it receives waits in a queue, at the end the reason for it."""

    def __init__(self) -> None:
        super().__init__()
        self.opened: Deferred[None] = Deferred()
        self.received: DeferredQueue[Message | str] = DeferredQueue()

    def onOpen(self) -> None:
        """Autobahn calls this when the handshake is done."""
        self.opened.callback(None)

    def onMessage(self, payload: bytes, isBinary: bool) -> None:
        """Autobahn calls this with each message."""
        self.received.put(json.loads(payload))

    def onClose(self, wasClean: bool, code: int | None, reason: str | None) -> None:
        """Autobahn calls this when the connection has closed."""
        self.received.put(f"the connection was closed with {code}: {reason}")

    async def next(self, reactor: Any, waiting_for: str) -> Message:
        """Return the next message."""
        waiting = self.received.get()
        waiting.addTimeout(_PATIENCE, reactor, lambda *_: f"no answer within {_PATIENCE:g} s")
        message = await waiting
        if isinstance(message, str):
            raise ExampleError(f"{waiting_for}: {message}")
        return message


async def _connect(reactor: Any, port: int, service: str) -> _Client:
    factory = WebSocketClientFactory(f"ws://127.0.0.1:{port}/{service}/", reactor=reactor)
    client = _Client()
    client.factory = factory
    await connectProtocol(TCP4ClientEndpoint(reactor, "127.0.0.1", port), client)
    await client.opened
    return client

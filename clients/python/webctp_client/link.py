"""A connection to the gateway that is made again whenever it breaks: asyncio around the core."""

from __future__ import annotations

import asyncio
import contextlib
import logging
import random
import ssl as tls
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from websockets.client import ClientProtocol
from websockets.exceptions import InvalidHandshake, InvalidStatus
from websockets.frames import Frame, Opcode
from websockets.http11 import Response
from websockets.protocol import State
from websockets.uri import parse_uri

from webctp_client.errors import Disconnected, Ended, WebctpError
from webctp_client.protocol import closes
from webctp_client.protocol.core import Core
from webctp_client.protocol.events import LoggedIn, LoginFailed

_MOST_BYTES: Final = 64 * 1024 * 1024
"""Of one message: a portfolio of thousands of positions has some hundred kB."""
_FIRST_DELAY: Final = 0.25
_LONGEST_DELAY: Final = 30.0
_LOOK: Final = 1.0
"""Seconds between two looks at orders of which nobody has told, and at a silent connection."""
_FINAL_STATUS: Final = (400, 401, 403, 404, 426)
"""HTTP statuses that a first attempt's next would get, too."""
_WRONG_TOKEN: Final = 401
"""The HTTP status of a token that is valid no longer, whatever was before."""
_GOING_AWAY: Final = 1001
_FAREWELL: Final = 2.0
"""Seconds that the other side may take to close."""
# Not among the loggers of the program: at DEBUG websockets shows every frame and header, and
# passwords and tokens are in them.
_quiet: Final = logging.Logger("webctp_client.websocket", logging.CRITICAL)


@dataclass(frozen=True)
class Options:
    """How to connect. Seconds; ``headers`` hold a token, and are never shown."""

    headers: Mapping[str, str] = field(default_factory=dict, repr=False)
    ssl: tls.SSLContext | None = None
    connect_timeout: float = 10.0
    ping_interval: float = 20.0
    order_patience: float = 30.0


@dataclass(frozen=True)
class Lost:
    """The connection broke, or an attempt to connect failed; the next one is under way."""

    service: str
    reason: str


class Link:
    """One service's connection, and its core.

    :param dispatch: takes every event of the core, and :class:`Lost`, in order.
    """

    def __init__(
        self, name: str, uri: str, core: Core, options: Options, dispatch: Callable[[Any], None]
    ) -> None:
        self.name = name
        self.core = core
        self._uri = uri
        self._options = options
        self._dispatch = dispatch
        self._socket: _Socket | None = None
        self._task: asyncio.Task[None] | None = None
        self._looker: asyncio.Task[None] | None = None
        self._state: asyncio.Future[None] | None = None
        self._failure: WebctpError | None = None

    @property
    def failure(self) -> WebctpError | None:
        """Why it has given up; None while it has not."""
        return self._failure

    async def ready(self) -> None:
        """Wait until requests are answered: connected and, if there is a login, logged in.

        :raises WebctpError: if the login is refused, or no connection can be made at first.
        """
        if self._task is None:
            self._task = asyncio.ensure_future(self._run())
            self._looker = asyncio.ensure_future(self._look())
        while not self.core.is_ready:
            if self._failure is not None:
                raise self._failure
            if self._state is None or self._state.done():
                self._state = asyncio.get_running_loop().create_future()
            await asyncio.shield(self._state)

    def flush(self) -> None:
        """Send what the core has to send."""
        if self._socket is not None:
            self._socket.flush()
        self._tell()

    def login_changed(self) -> None:
        """Log in on the connection that stands, with the core's login."""
        self._failure = None
        if self.core.is_open:
            self.core.opened()
            self.flush()
        elif self._task is not None and self._task.done():
            self._task = asyncio.ensure_future(self._run())

    async def close(self) -> None:
        """End the connection for good."""
        socket = self._socket  # whose task forgets it when it is cancelled
        for task in (self._task, self._looker):
            if task is not None:
                task.cancel()
                with contextlib.suppress(asyncio.CancelledError):
                    await task
        if socket is not None:
            await socket.end()
        self._give_up(Disconnected("it was closed"))

    async def _run(self) -> None:
        """Connect, and again whenever it breaks."""
        begun = time.monotonic()
        failures = 0
        has_been = False
        while self._failure is None:
            socket: _Socket | None = None
            try:
                socket = await self._connect()
                reason = await asyncio.shield(socket.closed)
            except tls.SSLError as problem:
                reason = _tls_reason(problem)
                if not has_been:
                    self._give_up(Disconnected(reason))
                    return
            except (OSError, asyncio.TimeoutError) as problem:
                reason = str(problem) or "no answer in time"
            except InvalidHandshake as problem:
                reason = _handshake_reason(problem)
                status = problem.response.status_code if isinstance(problem, InvalidStatus) else 0
                if status == _WRONG_TOKEN or (status in _FINAL_STATUS and not has_been):
                    self._give_up(Ended(status, reason))
                    return
            finally:
                self._socket = None
                self.core.lost(time.monotonic())
            if self.core.has_been_ready and not has_been:
                has_been = True
            code = 0 if socket is None else socket.code
            if socket is not None and socket.was_ready and code not in closes.PATIENT:
                failures = 0
            else:
                failures += 1
            self._tell()
            if code in closes.REMEDIES:
                self._give_up(Ended(code, reason, closes.REMEDIES[code]))
                return
            self._dispatch(Lost(self.name, reason))
            if not has_been and time.monotonic() - begun > self._options.connect_timeout:
                self._give_up(Disconnected(reason))
                return
            await asyncio.sleep(delay(failures, random.random()))

    async def _connect(self) -> _Socket:
        loop = asyncio.get_running_loop()
        uri = parse_uri(self._uri)
        context = (self._options.ssl or tls.create_default_context()) if uri.secure else None

        async def opened() -> _Socket:
            _, socket = await loop.create_connection(
                lambda: _Socket(self._uri, self._options, self._received),
                uri.host,
                uri.port,
                ssl=context,
                server_hostname=uri.host if uri.secure else None,
            )
            self._socket = socket
            await socket.opened
            return socket

        socket = await asyncio.wait_for(opened(), self._options.connect_timeout)
        socket.core = self.core
        self.core.opened()
        self.flush()
        return socket

    def _received(self, payload: bytes | None) -> None:
        """Take a message in; None at the end of what came at once."""
        if payload is not None:
            self.core.received(payload)
            return
        self.flush()

    def _tell(self) -> None:
        for event in self.core.events():
            if isinstance(event, LoggedIn):
                if self._socket is not None:
                    self._socket.was_ready = True
                self._changed()
            elif isinstance(event, LoginFailed):
                if event.is_final:
                    self._give_up(event.error)
                elif self._socket is not None:
                    self._socket.abort(f"the login was refused: {event.error}")
            self._dispatch(event)

    async def _look(self) -> None:
        while True:
            await asyncio.sleep(_LOOK)
            self.core.look(time.monotonic())
            self.flush()
            if self._socket is not None:
                self._socket.look()

    def _give_up(self, problem: WebctpError) -> None:
        if self._failure is None:
            self._failure = problem
            if isinstance(problem, Ended):
                self.core.ended(str(problem))
            self._changed()
            self._dispatch(GivenUp(self.name, problem))

    def _changed(self) -> None:
        if self._state is not None and not self._state.done():
            self._state.set_result(None)


@dataclass(frozen=True)
class GivenUp:
    """A connection is made no more: it was closed or ended, or its login refused."""

    service: str
    error: WebctpError


def delay(failures: int, chance: float) -> float:
    """Return the seconds to wait before the next attempt.

    :param failures: attempts since the last that succeeded.
    :param chance: from 0 to 1: many clients of one gateway must not come back in one moment.
    """
    longest = min(_LONGEST_DELAY, _FIRST_DELAY * 2.0 ** min(failures, 16))
    return longest * (0.5 + 0.5 * chance)


def _handshake_reason(problem: InvalidHandshake) -> str:
    """Return why the gateway opened no WebSocket: its body says so in plain text."""
    if isinstance(problem, InvalidStatus):
        body = problem.response.body or b""
        text = bytes(body).decode("utf-8", "replace").strip()
        return f"HTTP {problem.response.status_code} {text}".strip()
    return str(problem)


def _tls_reason(problem: tls.SSLError) -> str:
    """Return why TLS could not begin, with the remedy."""
    if isinstance(problem, tls.SSLCertVerificationError):
        return (
            f"the gateway's certificate is not trusted: {problem.verify_message}; name the file of "
            "its authority (ca_file, --ca) and the host as the certificate has it"
        )
    return f"TLS failed: {problem.reason or problem}; is ws:// meant, without TLS?"


class _Socket(asyncio.Protocol):
    """A WebSocket: websockets' own protocol without IO, on an asyncio transport.

    ``opened`` and ``closed`` fire once, ``closed`` with the reason. ``code`` is that of the other
    side's close; 0 before, and where none came.
    """

    def __init__(
        self, uri: str, options: Options, received: Callable[[bytes | None], None]
    ) -> None:
        loop = asyncio.get_running_loop()
        self.opened: asyncio.Future[None] = loop.create_future()
        self.closed: asyncio.Future[str] = loop.create_future()
        self.core: Core | None = None
        self.was_ready = False
        self.code = 0
        self._options = options
        self._received = received
        self._protocol: Any = ClientProtocol(parse_uri(uri), max_size=_MOST_BYTES, logger=_quiet)
        self._transport: Any = None
        self._pieces: list[bytes] = []
        self._reason = ""
        self._heard = time.monotonic()
        self._pinged = False

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Ask for a WebSocket."""
        self._transport = transport
        request = self._protocol.connect()
        for name, value in self._options.headers.items():
            request.headers[name] = value
        self._protocol.send_request(request)
        self._write()

    def data_received(self, data: bytes) -> None:
        """Take frames in."""
        self._heard, self._pinged = time.monotonic(), False
        protocol = self._protocol
        protocol.receive_data(data)
        for event in protocol.events_received():
            if type(event) is Frame:
                self._frame(event)
            elif isinstance(event, Response):
                self._shaken(protocol.handshake_exc)
        self._write()
        if self.core is not None:
            self._received(None)

    def eof_received(self) -> None:
        """End with the other side."""
        self._protocol.receive_eof()

    def connection_lost(self, problem: Exception | None) -> None:
        """Say why it has ended."""
        # Also where the line broke after the close had come, before it was answered.
        close = self._protocol.close_rcvd
        self.code = 0 if close is None else close.code
        told = "" if close is None else f"closed with {close.code} {close.reason}".strip()
        reason = self._reason or told
        reason = reason or str(problem or "the connection was closed")
        if not self.opened.done():
            self.opened.set_exception(self._protocol.handshake_exc or OSError(reason))
        if not self.closed.done():
            self.closed.set_result(reason)

    def flush(self) -> None:
        """Send what the core has to send."""
        if self.core is None or self._protocol.state is not State.OPEN:
            return
        for message in self.core.data_to_send():
            self._protocol.send_text(message)
        self._write()

    def look(self) -> None:
        """Ping a silent connection; abandon one that does not answer."""
        silent = time.monotonic() - self._heard
        if silent > 2 * self._options.ping_interval:
            self.abort(f"nothing has come for {silent:.0f} s")
        elif silent > self._options.ping_interval and not self._pinged:
            self._pinged = True
            if self._protocol.state is State.OPEN:
                self._protocol.send_ping(b"")
                self._write()

    def abort(self, reason: str) -> None:
        """End it at once."""
        self._reason = self._reason or reason
        if self._transport is not None:
            self._transport.abort()

    async def end(self) -> None:
        """Close it in good order, or at once where the other side does not answer."""
        if self._transport is None:
            return
        if self._protocol.state is State.OPEN:
            self._protocol.send_close(_GOING_AWAY)
            self._write()
            await self._gone()
        self.abort("closed by the program")
        await self._gone()

    async def _gone(self) -> None:
        """Wait a moment until it is closed: a loop that stops earlier leaves the socket open."""
        with contextlib.suppress(asyncio.TimeoutError):
            await asyncio.wait_for(asyncio.shield(self.closed), _FAREWELL)

    def _shaken(self, problem: Exception | None) -> None:
        if self.opened.done():
            return
        if problem is None:
            self.opened.set_result(None)
        else:
            self.opened.set_exception(problem)
            self.abort(str(problem))

    def _frame(self, frame: Any) -> None:
        opcode = frame.opcode
        if opcode is Opcode.TEXT and frame.fin:
            self._received(bytes(frame.data))
        elif opcode in (Opcode.TEXT, Opcode.CONT):
            self._pieces.append(bytes(frame.data))
            if frame.fin:
                whole = b"".join(self._pieces)
                self._pieces.clear()
                self._received(whole)

    def _write(self) -> None:
        for data in self._protocol.data_to_send():
            if self._transport.is_closing():
                return  # what was to be sent is lost, and settled when the connection is
            if data:
                self._transport.write(data)
            elif self._transport.can_write_eof():
                # An empty piece is the end of what this side says; TLS has no half of a close.
                self._transport.write_eof()
        if self._protocol.close_expected() and self._protocol.state is State.CLOSED:
            self._transport.close()

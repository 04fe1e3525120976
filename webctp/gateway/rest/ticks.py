"""``GET /md/ticks``: ticks as server-sent events, each the message that a WebSocket is sent.

A stream is a client of its own, which logs in and subscribes as any other. What it reads is
bounded as with a WebSocket: who reads slowly is sent the newest tick of each instrument.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from email.utils import formatdate
from typing import Any, Final
from urllib.parse import parse_qsl

import msgspec
from twisted.internet.interfaces import IDelayedCall

from webctp.ctp.refusal import Refusal
from webctp.gateway.http.answer import Answer
from webctp.gateway.messages.schema import BadMessage, nearest
from webctp.gateway.rest.gathering import Gathering
from webctp.gateway.rest.httpclient import Asked, HttpClient, Visitor
from webctp.gateway.rest.problems import Headers
from webctp.gateway.rest.wires import EventWire
from webctp.gateway.websocket.protocol import GOING_AWAY, GatewayFactory
from webctp.language.text import Text, english

PATH: Final = "/md/ticks"
KEEP_ALIVE: Final = 15.0
"""Seconds between two comments, by which proxies and clients see that a stream lives."""
_RETRY: Final = b"retry: 2000\n\n"
_COMMENT: Final = b":\n\n"
_WORDS: Final = ("instrument", "fields", "interval", "bars", "stale", "changes")
_BESIDE: Final = ("language", "ticket", "token")
"""Further words of the address, which others read."""
_ANSWERED: Final = english("the request has been answered")
_LOGIN: Final = "ReqUserLogin"
_SUBSCRIBE: Final = "SubscribeMarketData"


@dataclass(frozen=True, slots=True)
class Wish:
    """What a stream is to bring: the fields of ``SubscribeMarketData``."""

    fields: Mapping[str, msgspec.Raw]


def wish_of(query: str) -> Wish:
    """Return what an address asks for.

    :raises BadMessage: naming the word that cannot be.
    """
    found: dict[str, list[str]] = {}
    for name, value in parse_qsl(query, keep_blank_values=True):
        if name in _BESIDE:
            continue
        if name not in _WORDS:
            hint = nearest(name, _WORDS)
            raise BadMessage(english("unknown word {name}{hint}", name=f"{name[:64]!a}", hint=hint))
        found.setdefault(name, []).extend(part for part in value.split(",") if part)
    if not found.get("instrument"):
        raise BadMessage(english("instrument is missing; write ?instrument=rb2605,au*"))
    asked: dict[str, Any] = {"InstrumentID": found["instrument"]}
    if "fields" in found:
        asked["Fields"] = found["fields"]
    if "bars" in found:
        asked["Bars"] = found["bars"]
    if "interval" in found:
        asked["IntervalMs"] = _whole(found["interval"])
    for name in ("stale", "changes"):
        if name in found:
            asked[name.capitalize()] = _truth(name, found[name])
    return Wish({name: msgspec.Raw(msgspec.json.encode(one)) for name, one in asked.items()})


def _whole(values: list[str]) -> int:
    text = values[-1] if values else ""
    if not (text.isascii() and text.isdigit() and len(text) < 10):
        raise BadMessage(english("interval is no number of milliseconds; write interval=500"))
    return int(text)


def _truth(name: str, values: list[str]) -> bool:
    text = values[-1].lower() if values else "true"
    if text not in ("true", "false"):
        raise BadMessage(english("{name} is true or false", name=name))
    return text == "true"


class _Step(Asked):
    """One of the two requests that come before the events."""

    def __init__(self, name: str, stream: "TickStream") -> None:
        super().__init__(Gathering(name, is_ctp=True))
        self._stream = stream

    def answered(self) -> None:
        """Go on, or say why not."""
        self._stream.stepped(self.gathering)

    def failed(self, code: int, detail: Text) -> None:
        """Say why there are no events."""
        self._stream.refuse(self.gathering.failed(code, detail, self._stream.language))

    def grew(self) -> None:
        """Notice a subscription that was refused in the midst of others."""


class TickStream(HttpClient):
    """Bring ticks to one client until it goes."""

    def __init__(
        self, factory: GatewayFactory, visitor: Visitor, wish: Wish, headers: Headers
    ) -> None:
        self._caller = visitor.caller
        self._wish = wish
        self._headers = headers
        self._is_told = self._is_gone = False
        self._early: list[bytes] = []
        self._timer: IDelayedCall | None = None
        self._wire = EventWire(self.message)
        super().__init__(factory, visitor, self._wire)

    def start(self) -> None:
        """Log in, then subscribe; events begin when both are answered."""
        self.ask(_LOGIN, {}, _Step(_LOGIN, self))

    def stepped(self, gathering: Gathering) -> None:
        """Take the answer to a step."""
        answer = gathering.answer()
        if answer.status != 200:
            self.refuse(answer)
        elif gathering.name == _LOGIN:
            self._factory.fanout.when_written(self._subscribe)
        else:
            self._begin()

    def refuse(self, answer: Answer) -> None:
        """Answer with a refusal, in place of events."""
        if not self._is_told and not self._is_gone:
            self._is_told = True
            headers = (*answer.headers, *self._headers)
            self._caller.reply(Answer(answer.status, answer.body, answer.content_type, headers))
        self._factory.fanout.reactor.callLater(0, self.close, GOING_AWAY, _ANSWERED)

    def _subscribe(self) -> None:
        if self.client is None:
            return
        try:
            self.ask(_SUBSCRIBE, self._wish.fields, _Step(_SUBSCRIBE, self))
        except Refusal as refusal:
            failed = Gathering(_SUBSCRIBE, is_ctp=True)
            self.refuse(failed.failed(refusal.code, refusal.detail, self.language))

    def _begin(self) -> None:
        """Send events from now on."""
        if self._is_told or self._is_gone:
            return
        self._is_told = True
        transport = self._caller.transport
        self._caller.stream(head(self._headers) + _RETRY)
        self._wire.begin(transport)
        self._keep_alive()

    def _keep_alive(self) -> None:
        if not self.outbox.is_behind:
            self._caller.transport.write(_COMMENT)
        self._timer = self._factory.fanout.clock.callLater(KEEP_ALIVE, self._keep_alive)

    def gone(self) -> None:
        """Take note that the connection is closed."""
        self._is_gone = True
        self.close(GOING_AWAY, _ANSWERED)

    def closing(self, code: int, reason: Text) -> None:
        """Say why the stream ends, and close the connection."""
        if self._timer is not None and self._timer.active():
            self._timer.cancel()
        self._timer = None
        if self._is_gone or self._wire.transport is None:
            return
        told = msgspec.json.encode({"Code": code, "Reason": reason.in_language(self.language)})
        self._caller.transport.write(b"event: close\ndata: %b\n\n" % told)
        self._caller.end()


def head(headers: Headers) -> bytes:
    """Return the head of a stream of events; the connection is closed behind them."""
    lines = [
        "HTTP/1.1 200 OK",
        "Server: webctp",
        f"Date: {formatdate(usegmt=True)}",
        "Content-Type: text/event-stream",
        "Cache-Control: no-store",
        "X-Content-Type-Options: nosniff",
        "X-Accel-Buffering: no",
        *(f"{name}: {value}" for name, value in headers),
        "Connection: close",
    ]
    return "\r\n".join((*lines, "", "")).encode("ascii")


class TickCall:
    """A request for ticks; a :class:`~webctp.gateway.http.calls.Call`."""

    def __init__(self, stream: TickStream) -> None:
        self._stream = stream

    def begin(self, body: bytes) -> None:
        """See :class:`~webctp.gateway.http.calls.Call`."""
        self._stream.start()

    def written(self) -> None:
        """See :class:`~webctp.gateway.http.calls.Call`."""

    def gone(self) -> None:
        """See :class:`~webctp.gateway.http.calls.Call`."""
        self._stream.gone()

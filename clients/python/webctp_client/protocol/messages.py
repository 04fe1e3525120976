"""The gateway's messages -> typed structs.

The kind of a message is read from its first bytes, then msgspec decodes it into the struct of that
kind: no field is touched by Python.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final

import msgspec

from webctp_client.made import own, structs
from webctp_client.made.methods import MESSAGES, METHODS, OWN_MESSAGES
from webctp_client.protocol.method import Body, Kind

_HEAD: Final = b'{"MsgType":"'
_BEGIN: Final = len(_HEAD)
_TICK: Final = "RtnDepthMarketData"
_LOGIN: Final = "RspUserLogin"
_MOST_KINDS: Final = 4096
"""Kinds of messages that are remembered; those that exist are some hundreds."""


class Message(msgspec.Struct):
    """A message of CTP's: its ``body``, and what stands around it.

    ``RequestID`` and ``IsLast`` are None in pushes, ``Seq`` in answers. ``Replay`` marks what was
    pushed before the login.
    """

    MsgType: str = ""
    RspInfo: own.RspInfo | None = None
    IsLast: bool | None = None
    RequestID: int | None = None
    Seq: int | None = None
    Replay: bool = False
    Detail: str = ""
    Limit: int | None = None
    RetryAfter: float | None = None
    body: Any = None

    @property
    def error_id(self) -> int:
        """The code of a refusal, 0 for none."""
        return 0 if self.RspInfo is None else self.RspInfo.ErrorID


class Tick(msgspec.Struct):
    """A ``RtnDepthMarketData``: the tick, and how it was asked for."""

    body: structs.DepthMarketData
    Stale: bool = False
    MainContract: str | None = None
    Changes: bool = False


class LoginAnswer(msgspec.Struct):
    """A ``RspUserLogin``."""

    MsgType: str = ""
    RspInfo: own.RspInfo | None = None
    IsLast: bool | None = None
    RequestID: int | None = None
    Detail: str = ""
    Limit: int | None = None
    RetryAfter: float | None = None
    body: structs.RspUserLogin | None = None
    Session: own.SessionFields | None = None
    Resume: own.ResumeFields | None = None

    @property
    def error_id(self) -> int:
        """The code of a refusal, 0 for none."""
        return 0 if self.RspInfo is None else self.RspInfo.ErrorID


class _Head(msgspec.Struct):
    MsgType: str = ""
    RequestID: int | None = None


class Unreadable(Exception):
    """A message is not what its kind must be; ``name`` and ``request_id`` as far as known."""

    def __init__(self, name: str, request_id: int | None, problem: str) -> None:
        super().__init__(f"{name or 'a message'} cannot be read: {problem}")
        self.name = name
        self.request_id = request_id


Decode = Callable[[bytes], Any]
_head: Final = msgspec.json.Decoder(_Head).decode


class Reader:
    """Decodes messages; what it has decoded once of a kind it decodes at once.

    :param tick: the struct of ticks.
    """

    def __init__(self, tick: type[Any] = structs.DepthMarketData) -> None:
        self._tick = tick
        self._decoders: dict[bytes, Decode] = {}

    def read(self, payload: bytes) -> Any:
        """Return a message: a :class:`Message`, a :class:`Tick`, a struct of the gateway's own.

        :raises Unreadable: if it is none.
        """
        name = payload[_BEGIN : payload.find(b'"', _BEGIN)]
        decode = self._decoders.get(name)
        if decode is not None and payload.startswith(_HEAD):
            try:
                return decode(payload)
            except (msgspec.DecodeError, UnicodeError) as problem:
                raise _unreadable(payload, problem) from None
        try:
            found = _head(payload)
            return self._decoder(found.MsgType)(payload)
        except (msgspec.DecodeError, UnicodeError) as problem:
            raise _unreadable(payload, problem) from None

    def _decoder(self, name: str) -> Decode:
        key = name.encode()
        decode = self._decoders.get(key)
        if decode is None:
            decode = msgspec.json.Decoder(kind_of(name, self._tick)).decode
            if len(self._decoders) < _MOST_KINDS:
                self._decoders[key] = decode
        return decode


def kind_of(name: str, tick: type[Any] = structs.DepthMarketData) -> type[Any]:
    """Return the struct of a message's kind; one without a body for a kind that is not known.

    :param tick: the struct of ticks, which is another where only some fields are asked for.
    """
    if name == _TICK:
        return _renamed(Tick, "DepthMarketData", tick)
    if name == _LOGIN:
        return _renamed(LoginAnswer, _LOGIN, structs.RspUserLogin | None)
    if name in OWN_MESSAGES:
        return OWN_MESSAGES[name]
    body = MESSAGES.get(name)
    if body is None and name in METHODS:
        method = METHODS[name]
        text = str if method.kind is Kind.TEXT else None
        body = Body(method.row_key, method.row or text)
    if body is None or not body.key:
        return Message
    return _renamed(Message, body.key, int if body.struct is None else body.struct | None)


def _renamed(base: type[Any], key: str, kind: Any) -> type[Any]:
    """Return a message whose body stands under a key of its own."""
    return msgspec.defstruct(
        base.__name__, [("body", kind, None)], bases=(base,), rename={"body": key}
    )


def _unreadable(payload: bytes, problem: Exception) -> Unreadable:
    try:
        found = _head(payload)
    except (msgspec.DecodeError, UnicodeError):
        return Unreadable("", None, str(problem))
    return Unreadable(found.MsgType, found.RequestID, str(problem))

"""What a request must look like: types made from the catalogue, checked by msgspec.

A message is read twice. The first reading finds out what it is (:class:`Envelope`); the second
checks it whole against the type of that ``MsgType``, made when it is first needed. Lengths in
GBK bytes are checked where the struct is packed (:mod:`webctp.ctp.codec`).
"""

import difflib
import re
from collections.abc import Callable, Iterable, Mapping
from typing import Annotated, Any, Final, NamedTuple

import msgspec

from webctp.ctp.catalog import Catalogue, Method, Shape
from webctp.ctp.codec import Layout, codec_for

_INT32: Final = Annotated[int, msgspec.Meta(ge=-(2**31), le=2**31 - 1)]
_INT16: Final = Annotated[int, msgspec.Meta(ge=-(2**15), le=2**15 - 1)]
_SECONDS: Final = Annotated[float, msgspec.Meta(ge=0, le=86_400)]
_CLIENT_ORDER_ID: Final = Annotated[str, msgspec.Meta(min_length=1, max_length=64)]
_TYPES: Final[Mapping[str, Any]] = {
    "text": str | None,
    "char": str | None,
    "bytes": str | None,
    "double": float | None,
    "int32": _INT32 | None,
    "int16": _INT16 | None,
}
_UNKNOWN = re.compile(r"Object contains unknown field `(.*?)`(?: - at `\$\.?(.*?)`)?$", re.S)
_MOST_NAME: Final = 64


class BadMessage(Exception):
    """A message that is no request: ``detail`` says why, for whoever wrote it."""

    def __init__(self, detail: str, msg_type: str = "", request_id: int = 0) -> None:
        super().__init__(detail)
        self.detail = detail
        self.msg_type = msg_type
        self.request_id = request_id


class Envelope(msgspec.Struct):
    """What every request has: its type and, if it likes, its number."""

    MsgType: Any = None
    RequestID: Any = 0


class Resume(msgspec.Struct, forbid_unknown_fields=True):
    """A client that was here before: ``Seq`` is the last push it saw (null for none)."""

    Seq: int | None = None


class Request(msgspec.Struct):
    """A checked request: ``body`` by field name, as far as given, or instruments.

    ``words`` are the gateway's own, which stand beside MsgType (``Resume``), where given.
    """

    method: Method
    request_id: int
    body: dict[str, Any]
    instruments: tuple[str, ...] = ()
    words: dict[str, Any] = {}

    @property
    def resumed_seq(self) -> int | None:
        """The last Seq that a resuming client saw."""
        resume = self.words.get("Resume")
        return resume.Seq if resume is not None else None

    def __repr__(self) -> str:
        # The body of a login holds a password.
        return f"Request({self.method.name}, {self.request_id})"


Words = Callable[[Method], Mapping[str, Any]]
"""Says which words a request may carry beside MsgType, and their types."""


def no_words(_: Method) -> Mapping[str, Any]:
    """Of a service that knows no words of its own."""
    return {}


def trading_words(method: Method) -> Mapping[str, Any]:
    """The words of trading."""
    if method.name.startswith("ReqUserLogin"):
        return {"Resume": Resume, "CancelOnDisconnect": _SECONDS}
    return {"ClientOrderID": _CLIENT_ORDER_ID} if method.is_order else {}


_envelope = msgspec.json.Decoder(Envelope)


def open_envelope(payload: bytes) -> tuple[str, int]:
    """The MsgType and RequestID of a message.

    :raises BadMessage: if it is no JSON object, or these two are not what they must be.
    """
    envelope: Envelope = _read(_envelope, payload, "", 0)
    request_id = envelope.RequestID
    # A RequestID that CTP could not carry is still the client's name for its question.
    echo = request_id if type(request_id) is int and abs(request_id) < 2**53 else 0
    msg_type = envelope.MsgType
    if not isinstance(msg_type, str):
        found = "is missing" if msg_type is None else f"is a {_kind(msg_type)}"
        raise BadMessage(f"MsgType {found}; it must be text, as in ReqUserLogin", "", echo)
    if request_id is None:
        return msg_type, 0
    if type(request_id) is not int:
        raise BadMessage(
            f"RequestID is a {_kind(request_id)}; it must be an integer", msg_type, echo
        )
    if not -(2**31) <= request_id < 2**31:
        raise BadMessage("RequestID must be a 32-bit integer", msg_type, echo)
    return msg_type, request_id


class _Reader(NamedTuple):
    """What reads the messages of one method: their words, and the key of their body if any."""

    decoder: msgspec.json.Decoder[Any]
    words: tuple[str, ...]
    body_key: str | None


class Schema:
    """The request types of one catalogue, with the words that a service adds."""

    def __init__(self, catalogue: Catalogue, words: Words = no_words) -> None:
        self.methods = catalogue.methods
        self._words = words
        self._codec = codec_for(catalogue.module)
        self._readers: dict[str, _Reader] = {}

    def layout(self, method: Method) -> Layout:
        """The layout of a method's struct."""
        return self._codec.layout(str(method.struct))

    def read(self, method: Method, payload: bytes, request_id: int) -> Request:
        """Check a message whole.

        :raises BadMessage: naming the field and what is wanted.
        """
        reader = self._readers.get(method.name)
        if reader is None:
            reader = self._readers[method.name] = self._reader(method)
        message = _read(reader.decoder, payload, method.name, request_id)
        words = {
            name: value for name in reader.words if (value := getattr(message, name)) is not None
        }
        if method.shape is Shape.SUBSCRIPTION:
            instruments = message.InstrumentID
            asked = (instruments,) if isinstance(instruments, str) else tuple(instruments)
            return Request(method, request_id, {}, asked, words)
        body = None if reader.body_key is None else getattr(message, reader.body_key)
        given = {} if body is None else msgspec.to_builtins(body)
        return Request(method, request_id, given, words=words)

    def _reader(self, method: Method) -> _Reader:
        key = method.body_key if method.shape in _BODIED else None
        return _Reader(msgspec.json.Decoder(self._type(method)), tuple(self._words(method)), key)

    def _type(self, method: Method) -> type:
        fields: list[Any] = [("MsgType", str), ("RequestID", _INT32 | None, 0)]
        if method.shape is Shape.SUBSCRIPTION:
            fields.append(("InstrumentID", list[str] | str))
        elif method.shape in _BODIED:
            body = msgspec.defstruct(
                str(method.body_key),
                [(field.name, _TYPES[field.kind], None) for field in self.layout(method).fields],
                forbid_unknown_fields=True,
                omit_defaults=True,
            )
            fields.append((method.body_key, body | None, None))
        fields.extend((name, kind | None, None) for name, kind in self._words(method).items())
        return msgspec.defstruct(method.name, fields, forbid_unknown_fields=True, kw_only=True)


_BODIED: Final = (Shape.REQUEST, Shape.SUBMIT)


def nearest(name: str, names: Iterable[str]) -> str:
    """A hint at what a misspelt name may have meant, or nothing."""
    folded = {known.lower(): known for known in names}
    close = difflib.get_close_matches(name[:_MOST_NAME].lower(), folded, 1)
    return f"; did you mean {folded[close[0]]}?" if close else ""


def _read(
    decoder: msgspec.json.Decoder[Any], payload: bytes, msg_type: str, request_id: int
) -> Any:
    try:
        return decoder.decode(payload)
    except msgspec.ValidationError as problem:
        raise BadMessage(_explained(decoder, str(problem)), msg_type, request_id) from None
    except (msgspec.DecodeError, UnicodeError) as problem:
        raise BadMessage(f"not JSON: {problem}", msg_type, request_id) from None
    except RecursionError:
        raise BadMessage("nested too deeply", msg_type, request_id) from None


def _explained(decoder: msgspec.json.Decoder[Any], problem: str) -> str:
    """msgspec's message, with the nearest name for an unknown field."""
    unknown = _UNKNOWN.match(problem)
    if unknown is None:
        return problem
    name, place = unknown[1], unknown[2]
    known: Any = decoder.type
    where = ""
    bodies = {field.encode_name: field.type for field in msgspec.structs.fields(known)}
    if place in bodies:  # else the client's own field has a name that reads like a place
        known = bodies[place].__args__[0]
        where = f" in {place}"
    names = [field.encode_name for field in msgspec.structs.fields(known)]
    return f"unknown field {name[:_MOST_NAME]!a}{where}{nearest(name, names)}"


def _kind(value: object) -> str:
    """What JSON calls the type of a decoded value."""
    kinds = {str: "text", bool: "boolean", int: "number", float: "number", list: "list"}
    return kinds.get(type(value), "object")

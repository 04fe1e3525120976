"""What a request must look like: read from the catalogue and the structs' layouts.

A message is decoded once. :func:`open_envelope` finds out what it is, :meth:`Schema.read` holds it
against what that ``MsgType`` takes: every key and field must be known, text be text and numbers be
numbers. What does not fit its field by length or range is found where the struct is packed
(:mod:`webctp.ctp.codec`).
"""

import difflib
import re
from collections.abc import Callable, Collection, Mapping
from functools import lru_cache
from heapq import nlargest
from itertools import pairwise
from typing import Annotated, Any, Final, Literal, NamedTuple

import msgspec

from webctp.ctp import errors
from webctp.ctp.catalog import Catalogue, Method, Shape
from webctp.ctp.codec import Layout, codec_for
from webctp.ctp.refusal import Refusal
from webctp.gateway.messages import rawfields
from webctp.gateway.messages.hints import MEANT, Hints
from webctp.gateway.messages.timing import TIMING
from webctp.language.text import NOTHING, Echo, Text, english

_SECONDS: Final = Annotated[float, msgspec.Meta(ge=0, le=86_400)]
_CLIENT_ORDER_ID: Final = Annotated[str, msgspec.Meta(min_length=1, max_length=64)]
_RESUME_TOKEN = Annotated[str, msgspec.Meta(max_length=128)]
_TEXT: Final = (frozenset({str}), english("text"))
_NUMBER: Final = (frozenset({float, int}), english("a number"))
_INTEGER: Final = (frozenset({int}), english("an integer"))
_OBJECT: Final = english("an object")
_KINDS: Final[Mapping[type, Text]] = {
    str: english("a text"),
    bool: english("a boolean"),
    int: english("a number"),
    float: english("a number"),
    list: english("a list"),
    type(None): english("null"),
}
_WANTED: Final = {
    "text": _TEXT,
    "char": _TEXT,
    "bytes": _TEXT,
    "double": _NUMBER,
    "int64": _INTEGER,
    "int32": _INTEGER,
    "int16": _INTEGER,
}
"""By a field's kind: the types of its values, and their name."""
_MOST_NAME: Final = 64
_LIKELY: Final = 4
_MOST_BODY: Final = 64 * 1024
"""Bytes of a message beyond which its parts are looked at before they are decoded."""
_NESTED: Final = b"{["
MOST_INSTRUMENTS: Final = 50_000
"""Instruments that one message may name."""
_INSTRUMENTS: Final = "InstrumentID"

Message = dict[str, Any]
"""A decoded message."""


_QUOTED: Final = re.compile(r"unknown field|[Ii]nvalid enum|[Ii]nvalid value")
"""Marks what msgspec says of a wrong word where that quotes the client."""


class BadMessage(Refusal):
    """A message that is no request: ``detail`` says why, for whoever wrote it.

    ``msg_type`` and ``request_id`` are the message's own, as far as they could be read.
    """

    def __init__(self, detail: Text, msg_type: str = "", request_id: int = 0) -> None:
        super().__init__(errors.BAD_REQUEST, detail)
        self.msg_type = msg_type
        self.request_id = request_id


class Resume(msgspec.Struct, forbid_unknown_fields=True):
    """A client that was here before: ``Seq`` is the last push it saw (null for none).

    ``ResumeToken`` is the session's secret, from the answer to the login that opened it.
    """

    Seq: int | None = None
    ResumeToken: _RESUME_TOKEN | None = None

    def __repr__(self) -> str:
        return f"Resume(Seq={self.Seq})"


class Request(msgspec.Struct):
    """A checked request: ``body`` by field name, as far as given, or instruments.

    ``options`` are the gateway's own, which stand beside MsgType (``Resume``), where given.
    """

    method: Method
    request_id: int
    body: dict[str, Any]
    instruments: tuple[str, ...] = ()
    options: dict[str, Any] = {}

    @property
    def resumed_seq(self) -> int | None:
        """The last Seq that a resuming client saw."""
        resume = self.options.get("Resume")
        return resume.Seq if resume is not None else None

    def __repr__(self) -> str:
        # The body of a login holds a password.
        return f"Request({self.method.name}, {self.request_id})"


Options = Callable[[Method], Mapping[str, Any]]
"""Says which options a request may carry beside MsgType, and their types."""


def no_options(_: Method) -> Mapping[str, Any]:
    """Return the options of a service that knows none of its own."""
    return {}


QUEUED: Final = "Queued"
"""Asks to be told where a query waits."""


def trading_options(method: Method) -> Mapping[str, Any]:
    """Return the options of trading."""
    if method.name.startswith("ReqUserLogin"):
        return {
            "Resume": Resume,
            "CancelOnDisconnect": _SECONDS,
            "TryAgain": bool,
            "InstrumentStatus": bool,
            QUEUED: bool,
            TIMING: bool,
        }
    if method.is_query:
        return {QUEUED: bool}
    if method.name == "ReqUserPasswordUpdate":
        return {"TryAgain": bool}
    if method.name == "ReqOrderInsert":
        return {"ClientOrderID": _CLIENT_ORDER_ID, "Offset": Literal["auto"]}
    return {"ClientOrderID": _CLIENT_ORDER_ID} if method.is_order else {}


_decode = msgspec.json.Decoder().decode
_decode_parts = msgspec.json.Decoder(dict[str, msgspec.Raw]).decode


def _open_large(payload: bytes) -> Any:
    """Open a long message, in which only texts and lists of instruments may be long."""
    message = {}
    for key, raw in _decode_parts(payload).items():
        part = memoryview(raw)
        if key != _INSTRUMENTS and len(part) > _MOST_BODY and part[0] in _NESTED:
            raise BadMessage(
                english(
                    "{key} is {length} bytes long; no request takes more than {most}",
                    key=echoed(key),
                    length=len(part),
                    most=_MOST_BODY,
                )
            )
        message[key] = _decode(part)
    return message


def open_envelope(payload: bytes) -> tuple[str, int, Message]:
    """Return the MsgType and RequestID of a message, and all of it.

    :raises BadMessage: if it is no JSON object, or these two are not what they must be.
    """
    try:
        message = _decode(payload) if len(payload) <= _MOST_BODY else _open_large(payload)
    except (msgspec.DecodeError, UnicodeError) as problem:
        raise BadMessage(english("not JSON: {problem}", problem=problem)) from None
    except RecursionError:
        raise BadMessage(english("nested too deeply")) from None
    if type(message) is not dict:
        raise BadMessage(
            english("the message is {found}; it must be an object", found=_kind(message))
        )
    request_id = message.get("RequestID", 0)
    if type(request_id) is float and request_id.is_integer():
        request_id = int(request_id)
    # A RequestID that CTP could not carry is still the client's name for its question.
    echo = request_id if type(request_id) is int and abs(request_id) < 2**53 else 0
    msg_type = message.get("MsgType")
    if type(msg_type) is not str:
        found = english("missing") if msg_type is None else _kind(msg_type)
        detail = english("MsgType is {found}; it must be text, as in ReqUserLogin", found=found)
        raise BadMessage(detail, "", echo)
    if request_id is None:
        return msg_type, 0, message
    if type(request_id) is not int:
        detail = english("RequestID is {found}; it must be an integer", found=_kind(request_id))
        raise BadMessage(detail, msg_type, echo)
    if not -(2**31) <= request_id < 2**31:
        raise BadMessage(english("RequestID must be a 32-bit integer"), msg_type, echo)
    return msg_type, request_id, message


class _Reader(NamedTuple):
    """What the messages of one method may hold.

    ``keys`` at the top; ``options`` with their types; the ``body_key``, None where there is no
    body;
    for each field of the body the types of its values, and their name; ``raw`` are those fields
    that hold bytes.
    """

    keys: frozenset[str]
    options: Mapping[str, Any]
    body_key: str | None
    fields: Mapping[str, tuple[frozenset[type], Text]]
    raw: frozenset[str] = frozenset()


class Schema:
    """The requests of one catalogue, with the options that a service adds.

    :param elsewhere: by path, the catalogue of the other service.
    """

    def __init__(
        self,
        catalogue: Catalogue,
        options: Options = no_options,
        elsewhere: Mapping[str, Catalogue] | None = None,
    ) -> None:
        self.methods = catalogue.methods
        self._catalogue = catalogue
        self.hints = Hints(catalogue, elsewhere)
        self.options = options
        """Says which words of the gateway's own a request may carry, and their types."""
        self.layout: Callable[[str], Layout] = codec_for(catalogue.module).layout
        """The layout of a struct."""
        self._readers: dict[str, _Reader] = {}

    def read(self, method: Method, message: Message, request_id: int) -> Request:
        """Check a message.

        :raises BadMessage: naming the field and what is wanted.
        """
        reader = self._readers.get(method.name)
        if reader is None:
            reader = self._readers[method.name] = self._reader(method)
        try:
            if not message.keys() <= reader.keys:
                name = next(name for name in message if name not in reader.keys)
                hint = nearest(name, reader.keys)
                raise BadMessage(
                    english("unknown field {name}{hint}", name=echoed(name), hint=hint)
                )
            options = {}
            for name, kind in reader.options.items():
                value = message.get(name)
                if value is not None:
                    options[name] = word(name, value, kind)
            if method.shape is Shape.SUBSCRIPTION:
                asked = _instruments(message.get(_INSTRUMENTS))
                return Request(method, request_id, {}, asked, options)
            key = reader.body_key
            body = None if key is None else message.get(key)
            given = {} if body is None else _given(str(key), body, reader.fields)
            for name in reader.raw:
                trouble = rawfields.read(given, name, self.layout(method.request_struct).by_name)
                if trouble:
                    raise BadMessage(trouble)
            return Request(method, request_id, given, options=options)
        except BadMessage as problem:
            raise BadMessage(problem.detail, method.name, request_id) from None

    def _reader(self, method: Method) -> _Reader:
        key, fields, raw = None, {}, frozenset[str]()
        keys = ["MsgType", "RequestID"]
        options = self.options(method)
        if method.shape is Shape.SUBSCRIPTION:
            keys.append(_INSTRUMENTS)
        elif method.shape in (Shape.REQUEST, Shape.SUBMIT):
            key = method.request_key
            keys.append(key)
            fields = {
                field.name: _WANTED[field.kind]
                for field in self.layout(method.request_struct).fields
            }
            raw = rawfields.raw_fields(self._catalogue.struct(method.request_struct))
            fields |= dict.fromkeys(raw, rawfields.WANTED)
        return _Reader(frozenset((*keys, *options)), options, key, fields, raw)


def _given(
    key: str, body: Any, fields: Mapping[str, tuple[frozenset[type], Text]]
) -> dict[str, Any]:
    """Return the fields of a body that are given: those of null are not."""
    if type(body) is not dict:
        raise BadMessage(
            english(
                "{field} is {found}; it must be {wanted}",
                field=key,
                found=_kind(body),
                wanted=_OBJECT,
            )
        )
    given = {}
    for name, value in body.items():
        wanted = fields.get(name)
        if wanted is None:
            hint = nearest(name, fields)
            raise BadMessage(
                english(
                    "unknown field {name} in {key}{hint}", name=echoed(name), key=key, hint=hint
                )
            )
        if type(value) in wanted[0]:
            given[name] = value
        elif wanted is _INTEGER and _is_whole(value):
            given[name] = int(value)
        elif value is not None:
            raise BadMessage(
                english(
                    "{name} in {key} is {found}; it must be {wanted}",
                    name=name,
                    key=key,
                    found=_kind(value),
                    wanted=wanted[1],
                )
            )
    return given


def _is_whole(value: object) -> bool:
    """Return whether it is a number such as 2.0: some languages write integers so."""
    return type(value) is float and value.is_integer()


def _with_integers(value: Any) -> Any:
    """Return a word with its whole numbers as integers."""
    if type(value) is dict:
        return {name: _with_integers(one) for name, one in value.items()}
    if type(value) is list:
        return [_with_integers(one) for one in value]
    return int(value) if _is_whole(value) else value


def _instruments(asked: Any) -> tuple[str, ...]:
    if type(asked) is str:
        return (asked,)
    if type(asked) is not list:
        found = english("missing") if asked is None else _kind(asked)
        raise BadMessage(
            english(
                "{field} is {found}; it must be text or a list of texts",
                field=_INSTRUMENTS,
                found=found,
            )
        )
    if len(asked) > MOST_INSTRUMENTS:
        raise BadMessage(
            english(
                "{field} holds {count} texts; a message may name {most}: "
                "send several, or a pattern such as *",
                field=_INSTRUMENTS,
                count=len(asked),
                most=MOST_INSTRUMENTS,
            )
        )
    for one in asked:
        if type(one) is not str:
            raise BadMessage(
                english(
                    "{field} holds {found}; it must be a list of texts",
                    field=_INSTRUMENTS,
                    found=_kind(one),
                )
            )
    return tuple(asked)


def word(name: str, value: Any, kind: Any) -> Any:
    """Return a value of the gateway's own, converted to its kind.

    :raises BadMessage: naming it and what is wrong.
    """
    try:
        return msgspec.convert(value, kind)
    except msgspec.ValidationError as problem:
        trouble = str(problem)
        if _QUOTED.search(trouble):
            trouble = Echo(trouble)
    try:
        return msgspec.convert(_with_integers(value), kind)
    except msgspec.ValidationError:
        raise BadMessage(english("{where}: {problem}", where=name, problem=trouble)) from None


def nearest(name: str, names: Collection[str]) -> Text:
    """Return a hint at what a misspelt name may have meant, or nothing."""
    if len(name) > _MOST_NAME:
        return NOTHING
    for meant in MEANT.get(name.lower(), ()):
        if meant in names:
            return _meant(meant)
    return _nearest(name, tuple(names))


def _meant(name: str) -> Text:
    return english("; did you mean {name}?", name=name)


@lru_cache(maxsize=1024)
def _nearest(name: str, names: tuple[str, ...]) -> Text:
    # Whoever sends names that are nearly right must not cost everybody a millisecond for each:
    # only the few that share most pairs of letters are compared as difflib does.
    folded, pairs = name.lower(), _pairs(name.lower())
    likely = nlargest(_LIKELY, _indexed(names), key=lambda one: _alike(pairs, one.pairs))
    close = difflib.get_close_matches(folded, [one.folded for one in likely], 1)
    return next((_meant(one.name) for one in likely if close and one.folded == close[0]), NOTHING)


class _Known(NamedTuple):
    """A name that may be meant, its small letters, and their pairs."""

    name: str
    folded: str
    pairs: frozenset[str]


@lru_cache(maxsize=512)
def _indexed(names: tuple[str, ...]) -> tuple[_Known, ...]:
    return tuple(_Known(one, one.lower(), _pairs(one.lower())) for one in names)


def _pairs(text: str) -> frozenset[str]:
    return frozenset(map("".join, pairwise(f" {text} ")))


def _alike(one: frozenset[str], other: frozenset[str]) -> float:
    """Dice's coefficient of two sets of pairs."""
    return 2 * len(one & other) / (len(one) + len(other))


def echoed(name: str) -> Echo:
    """Return a name that nobody knows as the client who wrote it is shown it."""
    return Echo(f"{name[:_MOST_NAME]!a}")


def _kind(value: object) -> Text:
    """Return what JSON calls the type of a decoded value."""
    return _KINDS.get(type(value), _OBJECT)

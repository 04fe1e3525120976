"""What a client may ask and be told, in terms of no language: requests, structs, enumerations."""

import keyword
from collections.abc import Mapping
from dataclasses import dataclass
from enum import Enum
from functools import cached_property
from typing import Final

from webctp.commands.docs import english
from webctp.ctp import binding
from webctp.ctp.catalog import Catalogue, Method, Shape, Struct, enumeration_key
from webctp.ctp.codec import codec_for
from webctp.gateway.messages import rawfields
from webctp.upstream.journal.secrets import secret_fields

LOGINS: Final = ("ReqUserLogin", "ReqUserLogout")
"""How requests begin that open and end a session: those are a client's own machinery."""
_KINDS: Final = {"double": "number", "int64": "int", "int32": "int", "int16": "int"}


class Kind(Enum):
    """How a request ends."""

    QUERY = "rows, until IsLast"
    ANSWERED = "one answer"
    ORDER = "refused, or told of by pushes; it may bear a ClientOrderID"
    SUBMITTED = "refused, or told of by pushes"
    CALL = "its return value"
    TEXT = "a text"
    SUBSCRIPTION = "an answer for each instrument"


@dataclass(frozen=True)
class Field:
    """A field: its ``kind`` is ``text``, ``number``, ``int``, ``bytes``; ``enumeration`` or ""."""

    name: str
    kind: str
    meaning: str
    enumeration: str = ""
    is_secret: bool = False


@dataclass(frozen=True)
class Record:
    """A struct by its name on the wire."""

    name: str
    meaning: str
    fields: tuple[Field, ...]


@dataclass(frozen=True)
class Value:
    """A value of an enumeration: its ``name`` serves as an identifier."""

    name: str
    value: str
    meaning: str


@dataclass(frozen=True)
class Ask:
    """A request of CTP's, and its answer: ``row`` is the struct, ``row_key`` its key; "" for none.

    ``fields`` are those of the body under ``body_key``.
    """

    name: str
    services: tuple[str, ...]
    kind: Kind
    body_key: str
    fields: tuple[Field, ...]
    answer: str
    row: str
    row_key: str
    meaning: str


@dataclass(frozen=True)
class Message:
    """A message of CTP's: the struct and the key of its body; "" for none."""

    name: str
    services: tuple[str, ...]
    struct: str
    key: str


class Model:
    """Everything of CTP's that the loaded binding offers to clients."""

    def __init__(self) -> None:
        loaded = binding.load()
        self.version = loaded.version
        self._catalogues: Mapping[str, Catalogue] = {"td": loaded.trading, "md": loaded.market}

    @cached_property
    def _secrets(self) -> frozenset[str]:
        return frozenset().union(*map(secret_fields, self._catalogues.values()))

    @cached_property
    def records(self) -> tuple[Record, ...]:
        """Every struct that a message carries, each once, in the order of the binding."""
        found: dict[str, Record] = {}
        for catalogue in self._catalogues.values():
            used = {method.struct for method in catalogue.methods.values()}
            used |= {callback.struct for callback in catalogue.callbacks.values()}
            for name in catalogue.struct_names:
                if name in used:
                    record = self._record(catalogue, catalogue.struct(name))
                    found.setdefault(record.name, record)
        return tuple(found.values())

    @cached_property
    def enumerations(self) -> Mapping[str, tuple[Value, ...]]:
        """The values of each enumeration that a field uses, by the enumeration's name."""
        used = {field.enumeration for record in self.records for field in record.fields}
        known = self._catalogues["td"].enumerations
        return {
            enumeration_key(kind): tuple(
                Value(
                    _member(one.member),
                    one.value,
                    f"{one.meaning} {english.value(one.constant)}".strip(),
                )
                for one in values
            )
            for kind, values in known.items()
            if enumeration_key(kind) in used
        }

    @cached_property
    def requests(self) -> tuple[Ask, ...]:
        """Every request of CTP's but logins and logouts, each once."""
        found: dict[str, Ask] = {}
        for service, catalogue in self._catalogues.items():
            for method in catalogue.methods.values():
                if method.name.startswith(LOGINS):
                    continue
                before = found.get(method.name)
                services = (*before.services, service) if before else (service,)
                found[method.name] = self._request(services, catalogue, method)
        return tuple(found.values())

    @cached_property
    def messages(self) -> tuple[Message, ...]:
        """Every callback of CTP's, answer or push, as a message."""
        found: dict[str, Message] = {}
        for service, catalogue in self._catalogues.items():
            for one in catalogue.callbacks.values():
                before = found.get(one.msg_type)
                services = (*before.services, service) if before else (service,)
                struct = _key(one.struct)
                found[one.msg_type] = Message(one.msg_type, services, struct, one.body_key or "")
        return tuple(found.values())

    def _record(self, catalogue: Catalogue, struct: Struct) -> Record:
        layout = codec_for(catalogue.module).layout(struct.name)
        raw = rawfields.raw_fields(struct)
        fields = tuple(
            Field(
                field.name,
                "bytes"
                if field.name in raw
                else _KINDS.get(layout.by_name[field.name].kind, "text"),
                f"{field.meaning} {english.field(field.name)}".strip(),
                self._enumeration(field.ctp_type),
                field.name in self._secrets,
            )
            for field in struct.fields
            if not field.reserved
        )
        meaning = f"{struct.meaning} {english.composed(struct.key)}".strip()
        return Record(struct.key, meaning, fields)

    def _enumeration(self, ctp_type: str) -> str:
        return enumeration_key(self._catalogues["td"].enumeration(ctp_type))

    def _request(self, services: tuple[str, ...], catalogue: Catalogue, method: Method) -> Ask:
        fields: tuple[Field, ...] = ()
        body_key = row = row_key = ""
        if method.shape in (Shape.REQUEST, Shape.SUBMIT):
            body_key = method.request_key
            fields = self._record(catalogue, catalogue.struct(method.request_struct)).fields
        if method.answer is not None:
            row, row_key = _key(method.answer.struct), method.answer.body_key or ""
        elif method.shape is Shape.FILL:
            row = row_key = method.request_key
        elif method.shape is Shape.TEXT:
            row_key = method.name.removeprefix("Get")
        meaning = f"{english.chinese(method.name, method.meaning)} {english.message(method.name)}"
        answer = method.name if method.answer is None else method.answer.msg_type
        return Ask(
            method.name,
            services,
            _kind(method),
            body_key,
            fields,
            answer,
            row,
            row_key,
            meaning.strip(),
        )


def _kind(method: Method) -> Kind:
    by_shape = {
        Shape.SUBSCRIPTION: Kind.SUBSCRIPTION,
        Shape.TEXT: Kind.TEXT,
        Shape.SUBMIT: Kind.CALL,
        Shape.FILL: Kind.CALL,
    }
    if method.shape in by_shape:
        return by_shape[method.shape]
    if method.is_query:
        return Kind.QUERY
    if method.is_order:
        return Kind.ORDER
    return Kind.ANSWERED if method.is_answered else Kind.SUBMITTED


def _key(struct: str | None) -> str:
    return struct.removeprefix("CThostFtdc").removesuffix("Field") if struct else ""


def _member(name: str) -> str:
    """Return an identifier for a value of an enumeration."""
    if keyword.iskeyword(name):
        return f"{name}_"
    return name if name.isidentifier() else f"V{name}"

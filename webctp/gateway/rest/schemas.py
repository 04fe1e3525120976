"""JSON Schemas of what clients send and are sent: from the catalogue, and from our own structs."""

from collections.abc import Iterable, Mapping
from typing import Any, Final

import msgspec

from webctp.ctp.catalog import Catalogue, Method, key_of
from webctp.ctp.codec import FieldLayout, codec_for
from webctp.gateway.admin.commands import WORDS as ADMIN_WORDS
from webctp.gateway.market.pastbars import PAST_BARS, QryBar
from webctp.gateway.messages import (
    own,
    own_admin,
    own_conditional,
    own_market,
    own_offset,
    own_portfolio,
    own_risk,
)
from webctp.gateway.messages.own import Push
from webctp.gateway.messages.rawfields import raw_fields

Json = dict[str, Any]
MODULES: Final = (
    own,
    own_market,
    own_risk,
    own_portfolio,
    own_offset,
    own_conditional,
    own_admin,
)
"""Where messages of the gateway's own are: what is imported is known as a subclass."""
REF: Final = "#/components/schemas/{name}"
OWN_REQUESTS: Final[Mapping[str, Mapping[str, type]]] = {
    "td": {
        own_risk.TRADING_STATE: own_risk.TradingStateQuery,
        own_risk.COMPLIANCE: own_risk.ComplianceQuery,
        own_risk.CANCEL_ALL_AFTER: own_risk.TimerWord,
        own_portfolio.SUBSCRIBE: own_portfolio.PortfolioWord,
        own_portfolio.UNSUBSCRIBE: own_portfolio.PortfolioWord,
        own_portfolio.CURVE: own_portfolio.CurveQuery,
        own_conditional.INSERT: own_conditional.ConditionalWord,
        own_conditional.CANCEL: own_conditional.CancelWord,
        own_conditional.QUERY: own_conditional.QueryWord,
        **ADMIN_WORDS,
    },
    "md": {
        PAST_BARS: QryBar,
        own_market.INSTRUMENTS: own_market.InstrumentsQuery,
        own_market.TICKS: own_market.TicksQuery,
    },
}
"""The requests of the gateway's own and their bodies; that of PreviewOrder is CTP's InputOrder."""
_INTEGERS: Final = {"int16": 16, "int32": 32, "int64": 64}
_RAW: Final[Json] = {
    "type": ["string", "object", "null"],
    "properties": {"base64": {"type": "string", "contentEncoding": "base64"}},
    "required": ["base64"],
    "additionalProperties": False,
}
"""A field that holds bytes: text, or what text cannot say."""
_ENVELOPE: Final = ("IsLast", "RequestID")


def ref(name: str) -> Json:
    """Return a reference to a schema."""
    return {"$ref": REF.format(name=name)}


def of_struct(catalogue: Catalogue, name: str) -> Json:
    """Return the schema of one of CTP's structs. ``null`` is as good as a field left out."""
    struct = catalogue.struct(name)
    meanings = {field.name: field.meaning for field in struct.fields}
    layout = codec_for(catalogue.module).layout(name)
    raw = raw_fields(struct)
    properties = {
        field.name: {
            **(_RAW if field.name in raw else _of_field(field)),
            "description": meanings.get(field.name, ""),
        }
        for field in layout.fields
    }
    return {"type": "object", "description": struct.meaning, "properties": properties}


def _of_field(field: FieldLayout) -> Json:
    if field.kind == "double":
        return {"type": ["number", "null"]}
    if field.kind in _INTEGERS:
        most = 2 ** (_INTEGERS[field.kind] - 1)
        bounds: Json = {} if field.kind == "int64" else {"minimum": -most, "maximum": most - 1}
        return {"type": ["integer", "null"], **bounds}
    longest = 1 if field.kind == "char" else field.size - (field.kind == "text")
    return {"type": ["string", "null"], "maxLength": longest}


def of_words(words: Mapping[str, Any]) -> tuple[Json, Json]:
    """Return the schemas of words beside CTP's fields, and those that they refer to."""
    names = list(words)
    found, parts = msgspec.json.schema_components([words[name] for name in names], ref_template=REF)
    return dict(zip(names, found, strict=True)), parts


def of_own(types: Iterable[type]) -> Json:
    """Return the schemas of structs of the gateway's own, by name."""
    _, parts = msgspec.json.schema_components(list(types), ref_template=REF)
    return {
        name: {**part, "additionalProperties": False} if name in _words() else part
        for name, part in parts.items()
    }


def _words() -> set[str]:
    return {one.__name__ for some in OWN_REQUESTS.values() for one in some.values()}


def every_message() -> list[type[Push]]:
    """Return every message of the gateway's own, in an order that no import changes."""
    names = [module.__name__ for module in MODULES]
    found = [one for one in Push.__subclasses__() if one.__module__ in names]
    return sorted(found, key=lambda one: names.index(one.__module__))


def own_answers() -> dict[str, type[Push]]:
    """Return what answers requests of the gateway's own, by MsgType."""
    return {one.__name__: one for one in every_message() if one.__name__.startswith("Rsp")}


def answer_of(request: str) -> str:
    """Return what answers a request of the gateway's own: the name of its message."""
    return f"Rsp{request.removeprefix('Req')}"


def without_envelope(schema: Json) -> Json:
    """Return the schema of a message as HTTP gives it: without what tells answers apart."""
    properties = {k: v for k, v in schema.get("properties", {}).items() if k not in _ENVELOPE}
    required = [one for one in schema.get("required", []) if one not in _ENVELOPE]
    return {**schema, "properties": properties, "required": required}


def structs_of(catalogue: Catalogue, methods: Iterable[Method]) -> set[str]:
    """Return the structs that these requests and their answers carry."""
    found: set[str] = set()
    for method in methods:
        if method.struct is not None:
            found.add(method.struct)
        if method.answer is not None and method.answer.struct is not None:
            found.add(method.answer.struct)
    return found


def component(service: str, struct: str) -> str:
    """Return what a struct's schema is called."""
    return f"{service}.{key_of(struct)}"

"""JSON Schemas of the messages on the WebSocket: what clients send, and what they are told.

They are closed: a word that no message bears is refused. What clients send must fit, or it is
refused by the gateway as well; what they are told always does.
"""

from collections.abc import Iterator, Mapping
from typing import Any, Final, NamedTuple

from webctp.ctp.catalog import Callback, Method, Shape
from webctp.gateway.messages import own
from webctp.gateway.messages.changes import BAR_ALWAYS, CHANGES
from webctp.gateway.messages.own_portfolio import PREVIEW
from webctp.gateway.messages.schema import MOST_INSTRUMENTS
from webctp.gateway.rest import schemas
from webctp.gateway.rest.envelopes import OWN_BODIES
from webctp.gateway.rest.schemas import Json, ref
from webctp.gateway.rest.services import Service

SCHEMAS: Final = "/schemas.json"
DIALECT: Final = "https://json-schema.org/draft/2020-12/schema"
REFUSAL: Final = "Refusal"
"""What answers a message that is no request at all: its MsgType is what the client wrote."""
_ID: Final = "urn:webctp:messages"
_TICK: Final = "CThostFtdcDepthMarketDataField"
_EXTRA: Final = own.ExtraFields.__name__
_REQUEST_ID: Final[Json] = {"type": ["integer", "null"], "minimum": -(2**31), "maximum": 2**31 - 1}
_MARKS: Final[Json] = {
    "Stale": {"const": True, "description": "前置再次告知的行情 a tick that the front tells again"},
    "Changes": {"const": True, "description": "只有变化的字段 fields that have changed only"},
    "MainContract": {"type": "string", "description": "订阅时的名称 as it was subscribed to: @rb"},
}


class Told(NamedTuple):
    """A message: its MsgType, what it is for, and its schema."""

    name: str
    meaning: str
    schema: Json


class ServiceMessages:
    """The messages of one service, and the schemas that theirs refer to.

    :ivar sent: the requests, by MsgType.
    :ivar told: what clients are told, by MsgType.
    :ivar parts: by name, what both refer to.
    """

    def __init__(self, service: Service) -> None:
        self._service = service
        self._catalogue = service.catalogue
        self.parts: Json = {}
        self._know_parts()
        self.sent = {one.name: one for one in (*self._requests(), *self._own_requests())}
        self.told = {
            one.name: one for one in (*self._results(), *self._callbacks(), *self._own_messages())
        }

    def _know_parts(self) -> None:
        catalogue = self._catalogue
        methods, callbacks = catalogue.methods.values(), catalogue.callbacks.values()
        structs = schemas.structs_of(catalogue, methods)
        structs |= {one.struct for one in callbacks if one.struct is not None}
        for name in sorted(structs):
            closed = {**schemas.of_struct(catalogue, name), "additionalProperties": False}
            self.parts[self._component(name)] = closed
        self.parts |= schemas.of_own((own.ExtraFields, own.RspInfo))

    def _component(self, struct: str) -> str:
        return schemas.component(self._service.name, struct)

    def _ref(self, struct: str) -> Json:
        return ref(self._component(struct))

    # What clients send

    def _requests(self) -> Iterator[Told]:
        for method in self._catalogue.methods.values():
            words, parts = schemas.of_words(self._service.options(method))
            self.parts |= parts
            properties = {name: _or_null(word) for name, word in words.items()}
            required = []
            if method.shape is Shape.SUBSCRIPTION:
                properties["InstrumentID"] = _instruments()
                required.append("InstrumentID")
            elif method.shape in (Shape.REQUEST, Shape.SUBMIT):
                properties[method.request_key] = _or_null(self._ref(method.request_struct))
            yield Told(method.name, method.meaning, _message(method.name, properties, required))

    def _own_requests(self) -> Iterator[Told]:
        requests: Mapping[str, Any] = schemas.OWN_REQUESTS.get(self._service.name, {})
        self.parts |= schemas.of_own(requests.values())
        answers = schemas.own_answers()
        for name, body in requests.items():
            yield self._own_request(name, ref(body.__name__), answers)
        if self._service.name == "td":
            order = ref(f"td.{OWN_BODIES[PREVIEW]}")
            yield self._own_request(PREVIEW, order, answers)

    def _own_request(self, name: str, body: Json, answers: Mapping[str, type]) -> Told:
        says = (answers[schemas.answer_of(name)].__doc__ or "").strip()
        return Told(name, says, _message(name, {OWN_BODIES.get(name, name): _or_null(body)}))

    # What they are told

    def _results(self) -> Iterator[Told]:
        """Yield what the gateway itself answers to requests: refusals, and values of calls."""
        for method in self._catalogue.methods.values():
            yield Told(method.name, method.meaning, _told(method.name, self._result(method)))
        for name in (one for one in self.sent if one not in self._catalogue.methods):
            yield Told(name, self.sent[name].meaning, _told(name, {}))

    def _result(self, method: Method) -> Json:
        if method.shape is Shape.FILL and method.struct is not None:
            return {method.request_key: _or_null(self._ref(method.struct))}
        if method.shape is Shape.TEXT:
            return {method.name.removeprefix("Get"): {"type": "string"}}
        return {}

    def _callbacks(self) -> Iterator[Told]:
        for callback in self._catalogue.callbacks.values():
            yield Told(callback.msg_type, callback.meaning, self._of_callback(callback))

    def _of_callback(self, callback: Callback) -> Json:
        properties: Json = {"Seq": {"type": "integer"}}
        required = []
        key = callback.body_key
        if callback.struct is not None and key is not None:
            properties[key] = _or_null(self._ref(callback.struct))
            required.append(key)
        elif key is not None:
            properties[key] = {"type": "integer"}
        if callback.struct == _TICK:
            properties |= _MARKS
        return _told(callback.msg_type, properties, required)

    def _own_messages(self) -> Iterator[Told]:
        some = [one for one in schemas.every_message() if self._service.name in one.services]
        parts = schemas.of_own(some)
        for message in some:
            schema = parts.pop(message.__name__)
            properties = dict(schema["properties"])
            if "IsLast" in properties:
                properties |= _extra("Timing")
            if CHANGES in properties:
                # What has not changed is left out.
                bar = parts[own.Bar.__name__]
                properties["Bar"] = {**bar, "required": list(BAR_ALWAYS)}
            closed = {**schema, "properties": properties, "additionalProperties": False}
            yield Told(message.__name__, (message.__doc__ or "").strip(), closed)
        self.parts |= parts


def document(services: tuple[Service, ...]) -> Json:
    """Return the schemas of all messages of services: one JSON Schema with ``$defs``.

    ``td.sent`` and ``td.told`` are any message that trading takes, and gives; each by itself is
    ``td.sent.MSGTYPE`` and ``td.told.MSGTYPE``.
    """
    found: Json = {REFUSAL: refusal()}
    for service in services:
        messages = ServiceMessages(service)
        found |= messages.parts
        for kind, some in (("sent", messages.sent), ("told", messages.told)):
            names = [f"{service.name}.{kind}.{one}" for one in some]
            found |= {name: one.schema for name, one in zip(names, some.values(), strict=True)}
            found[f"{service.name}.{kind}"] = {"anyOf": [ref(name) for name in names]}
    return {
        "$schema": DIALECT,
        "$id": _ID,
        "title": "webctp",
        "$defs": moved(found, "#/components/schemas/", "#/$defs/"),
    }


def moved(value: Any, before: str, now: str) -> Any:
    """Return a schema whose references lead to another place."""
    if isinstance(value, dict):
        return {
            name: one.replace(before, now)
            if name == "$ref" and isinstance(one, str)
            else moved(one, before, now)
            for name, one in value.items()
        }
    return [moved(one, before, now) for one in value] if isinstance(value, list) else value


def refusal() -> Json:
    """Return the schema of the answer to what is no request."""
    return _told(None, {})


def _message(name: str, properties: Json, required: list[str] | None = None) -> Json:
    """Return the schema of a request."""
    return {
        "type": "object",
        "properties": {"MsgType": {"const": name}, "RequestID": _REQUEST_ID, **properties},
        "required": ["MsgType", *(required or [])],
        "additionalProperties": False,
    }


def _told(name: str | None, properties: Json, required: list[str] | None = None) -> Json:
    """Return the schema of an answer, with the gateway's words beside CTP's."""
    return {
        "type": "object",
        "properties": {
            "MsgType": {"type": "string"} if name is None else {"const": name},
            "RspInfo": _or_null(ref(own.RspInfo.__name__)),
            "IsLast": {"type": "boolean"},
            **_extra(*own.ExtraFields.__struct_fields__),
            **properties,
        },
        "required": ["MsgType", *(required or [])],
        "additionalProperties": False,
    }


def _extra(*words: str) -> Json:
    """Return words of the gateway's own that stand beside others."""
    return {word: ref(f"{_EXTRA}/properties/{word}") for word in words}


def _or_null(schema: Json) -> Json:
    return {"anyOf": [schema, {"type": "null"}]}


def _instruments() -> Json:
    text = {"type": "string"}
    return {"anyOf": [text, {"type": "array", "items": text, "maxItems": MOST_INSTRUMENTS}]}

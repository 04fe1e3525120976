"""``openapi.yaml``: every request over HTTP as OpenAPI 3.1, from catalogue and own structs."""

from collections.abc import Mapping
from typing import Final

from webctp.ctp.catalog import Catalogue, Method, Shape, enumeration_key
from webctp.ctp.errors import GATEWAY_ERRORS
from webctp.gateway.messages.own_portfolio import PREVIEW
from webctp.gateway.rest import schemas
from webctp.gateway.rest.envelopes import CLIENT_ORDER_ID, OWN_BODIES
from webctp.gateway.rest.gathering import QUERIES
from webctp.gateway.rest.schemas import Json, ref
from webctp.gateway.rest.services import Meaning, Service, headers_meaning, info

PATH: Final = "/openapi.yaml"
VERSION: Final = "3.1.0"
FIELD_VALUES: Final = "x-enumeration"
"""At a field: the name of its values in :data:`VALUES`. In a text of several each is one."""
VALUES: Final = "x-enumerations"
"""At the head: the values of each of CTP's enumerations, and what they mean."""
_PROBLEM: Final = "application/problem+json"
_JSON: Final = "application/json"
_OPEN: Final = ("ReqUserLogin", "ReqUserAuthMethod", "ReqGenUser", "RegisterUser", "RegisterWechat")
"""How requests begin that come before a login."""
_ABOUT: Final = (
    "CTP 的交易与行情，经 HTTP；见 docs/http.md。 CTP's trading and market data over HTTP; see "
    "docs/http.md. POST /td/ReqUserLogin 的应答给出 bearer。 The answer to POST /td/ReqUserLogin "
    "gives a bearer. openctp-ctp {version}"
)
_EXAMPLES: Final[Mapping[str, Json]] = {
    "/td/ReqUserLogin": {"UserID": "demo", "Password": "demo"},
    "/td/ReqQryTradingAccount": {},
    "/td/ReqQryInstrument": {"ProductID": "rb"},
    "/td/ReqQryInvestorPosition": {"InstrumentID": "rb2605"},
    "/td/ReqOrderInsert": {
        "ClientOrderID": "a-1",
        "InstrumentID": "rb2605",
        "ExchangeID": "SHFE",
        "Direction": "0",
        "CombOffsetFlag": "0",
        "CombHedgeFlag": "1",
        "OrderPriceType": "2",
        "LimitPrice": 3050.0,
        "VolumeTotalOriginal": 1,
        "TimeCondition": "3",
        "VolumeCondition": "1",
        "MinVolume": 1,
        "ContingentCondition": "1",
        "ForceCloseReason": "0",
    },
    "/td/ReqOrderAction": {
        "ClientOrderID": "a-2",
        "InstrumentID": "rb2605",
        "ExchangeID": "SHFE",
        "OrderSysID": "131",
        "ActionFlag": "0",
    },
    "/md/QryInstruments": {"Text": "rb", "Count": 10},
    "/md/ReqQryBar": {"InstrumentID": "rb2605", "Period": "1m", "Count": 10},
}
_WORDS: Final = {
    "instrument": "合约、通配或 @品种，以逗号分隔 instruments, patterns, @product; by commas",
    "fields": "只要这些字段 these fields only",
    "interval": "毫秒 milliseconds between two ticks",
    "bars": "K 线周期 periods of bars, such as 1m,5m",
    "stale": "也要过期行情 stale ticks, too",
    "changes": "只要有变化的字段 only the fields that have changed",
}


def document(services: tuple[Service, ...], version: str, meaning: Meaning | None = None) -> Json:
    """Return the description of an API that serves these services.

    :param version: of the binding.
    :param meaning: says what CTP's requests are for; by default in the words of CTP's headers.
    """
    made = _Document(version, meaning or headers_meaning)
    for service in services:
        made.add(service)
    return made.whole()


class _Document:
    """Gather the paths and the schemas that they refer to."""

    def __init__(self, version: str, meaning: Meaning) -> None:
        self._version = version
        self._meaning = meaning
        self._paths: Json = {}
        self._values: dict[str, dict[str, str]] = {}
        self._tags: list[Json] = []
        self._schemas: Json = {"RspInfo": _rsp_info(), "Problem": _problem(), "Bearer": _bearer()}

    def add(self, service: Service) -> None:
        """Describe the requests of a service."""
        self._tags.append({"name": service.name})
        catalogue = service.catalogue
        methods = [one for one in catalogue.methods.values() if one.shape is not Shape.SUBSCRIPTION]
        for struct in sorted(schemas.structs_of(catalogue, methods)):
            name = schemas.component(service.name, struct)
            self._schemas[name] = self._with_values(catalogue, struct)
        for method in methods:
            self._paths[f"/{service.name}/{method.name}"] = self._of_method(service, method)
        self._add_own(service)
        if service.name == "md":
            self._paths["/md/ticks"] = {"get": _ticks()}

    def _with_values(self, catalogue: Catalogue, struct: str) -> Json:
        """Return a struct's schema; fields say whose values they hold, and these are told once.

        They are no ``enum``: a newer front may know more of them.
        """
        schema = schemas.of_struct(catalogue, struct)
        for field in catalogue.struct(struct).fields:
            kind = catalogue.enumeration(field.ctp_type)
            if kind and field.name in schema["properties"]:
                name = enumeration_key(kind)
                schema["properties"][field.name][FIELD_VALUES] = name
                self._values[name] = {
                    one.value: f"{one.meaning} {one.member}".strip()
                    for one in catalogue.enumerations[kind]
                }
        return schema

    def whole(self) -> Json:
        """Return the whole description."""
        return {
            "openapi": VERSION,
            "info": info(_ABOUT.format(version=self._version)),
            "servers": [{"url": "/"}],
            "tags": self._tags,
            "security": [{"session": []}],
            "paths": self._paths,
            VALUES: dict(sorted(self._values.items())),
            "components": {
                "schemas": dict(sorted(self._schemas.items())),
                "responses": {"Refused": _refused()},
                "securitySchemes": {
                    "session": {
                        "type": "http",
                        "scheme": "bearer",
                        "description": "Bearer.Token 来自登录应答；登录时为网关的令牌（如有） "
                        "Bearer.Token of the login's answer; at the login the gateway's own "
                        "token, where there are tokens",
                    }
                },
            },
        }

    def _of_method(self, service: Service, method: Method) -> Json:
        words, parts = schemas.of_words(service.options(method))
        self._schemas |= parts
        body: Json = {"type": "object", "properties": words, "unevaluatedProperties": False}
        if method.shape in (Shape.REQUEST, Shape.SUBMIT) and method.struct is not None:
            body["allOf"] = [ref(schemas.component(service.name, method.struct))]
        if method.is_order:
            body["required"] = [CLIENT_ORDER_ID]
        answers = self._answers(service, method)
        path = f"/{service.name}/{method.name}"
        return self._post(path, service.name, self._meaning(method), body, answers)

    def _answers(self, service: Service, method: Method) -> Json:
        row: Json = {}
        key = None
        if method.answer is not None and method.answer.struct is not None:
            row = ref(schemas.component(service.name, method.answer.struct))
            key = method.answer.body_key
        elif method.shape is Shape.FILL and method.struct is not None:
            row, key = ref(schemas.component(service.name, method.struct)), method.request_key
        found: Json = {"200": _answer(_told(row, key, is_list=method.name.startswith(QUERIES)))}
        if not method.is_answered:
            told = {"type": "object", "required": ["MsgType"]}
            found["202"] = _answer(told, "已发出，结果尚不可知 sent, and not final yet")
        return found

    def _add_own(self, service: Service) -> None:
        requests = schemas.OWN_REQUESTS.get(service.name, {})
        answers = schemas.own_answers()
        names = [*requests, *([PREVIEW] if service.name == "td" else [])]
        told = [answers[schemas.answer_of(name)] for name in names]
        parts = schemas.of_own((*requests.values(), *told))
        for message in told:
            parts[message.__name__] = schemas.without_envelope(parts[message.__name__])
        self._schemas |= {k: v for k, v in parts.items() if k not in self._schemas}
        for name, message in zip(names, told, strict=True):
            body = (
                ref(schemas.component(service.name, f"CThostFtdc{OWN_BODIES[PREVIEW]}Field"))
                if name == PREVIEW
                else ref(requests[name].__name__)
            )
            one = ref(message.__name__)
            rows = {"type": "object", "required": ["MsgType", "Rows"]}
            schema = rows if name.startswith(QUERIES) else one
            path = f"/{service.name}/{name}"
            says = (message.__doc__ or "").strip()
            answers_ = {"200": _answer(schema)}
            self._paths[path] = self._post(path, service.name, says, body, answers_)

    def _post(self, path: str, tag: str, says: str, body: Json, answers: Json) -> Json:
        name = path.rpartition("/")[2]
        content: Json = {"schema": body}
        if path in _EXAMPLES:
            content["example"] = _EXAMPLES[path]
        operation: Json = {
            "operationId": f"{tag}_{name}",
            "tags": [tag],
            "summary": says or name,
            "requestBody": {"content": {_JSON: content}, "required": True},
            "responses": {**answers, "default": {"$ref": "#/components/responses/Refused"}},
        }
        if name.startswith(_OPEN):
            operation["security"] = [{}, {"session": []}]
        return {"post": operation}


def _told(row: Json, key: str | None, *, is_list: bool) -> Json:
    properties: Json = {
        "MsgType": {"type": "string"},
        "RspInfo": {"anyOf": [ref("RspInfo"), {"type": "null"}]},
        "Detail": {"type": "string"},
    }
    if is_list:
        properties["Rows"] = {"type": "array", "items": row}
    elif key is not None:
        properties[key] = {"anyOf": [row, {"type": "null"}]}
    if key == "RspUserLogin":
        properties["Bearer"] = ref("Bearer")
    required = ["MsgType", "RspInfo", *(["Rows"] if is_list else [])]
    return {"type": "object", "properties": properties, "required": required}


def _answer(schema: Json, says: str = "应答 the answer") -> Json:
    return {"description": says, "content": {_JSON: {"schema": schema}}}


def _refused() -> Json:
    codes = "; ".join(f"{code} {text}" for code, text in GATEWAY_ERRORS.items())
    return {
        "description": f"拒绝 a refusal. ErrorID: {codes}; 正数为 CTP 的代码 positive: CTP's",
        "content": {_PROBLEM: {"schema": ref("Problem")}},
    }


def _rsp_info() -> Json:
    return {
        "type": "object",
        "properties": {"ErrorID": {"type": "integer"}, "ErrorMsg": {"type": "string"}},
        "required": ["ErrorID", "ErrorMsg"],
    }


def _problem() -> Json:
    texts = ("type", "title", "detail", "ErrorMsg", "MsgType")
    properties: Json = {name: {"type": "string"} for name in texts}
    properties |= {"status": {"type": "integer"}, "ErrorID": {"type": "integer"}}
    required = ["type", "title", "status", "detail", "ErrorID", "ErrorMsg"]
    return {"type": "object", "properties": properties, "required": required}


def _bearer() -> Json:
    return {
        "type": "object",
        "description": "此会话的密钥，只告知一次 the session's secret, told once",
        "properties": {"Token": {"type": "string"}, "IdleSeconds": {"type": "number"}},
        "required": ["Token", "IdleSeconds"],
    }


def _ticks() -> Json:
    kinds: dict[str, Json] = {
        "interval": {"type": "integer", "minimum": 0, "maximum": 3_600_000},
        "stale": {"type": "boolean"},
        "changes": {"type": "boolean"},
    }
    parameters = [
        {
            "name": name,
            "in": "query",
            "required": name == "instrument",
            "description": says,
            "schema": kinds.get(name, {"type": "string", "minLength": 1}),
        }
        for name, says in _WORDS.items()
    ]
    return {
        "operationId": "md_ticks",
        "tags": ["md"],
        "summary": "行情，server-sent events Ticks as server-sent events",
        "security": [{}, {"session": []}],
        "parameters": parameters,
        "responses": {
            "200": {
                "description": "每个事件一条消息 a message in each event",
                "content": {"text/event-stream": {"schema": {"type": "string"}}},
            },
            "default": {"$ref": "#/components/responses/Refused"},
        },
    }

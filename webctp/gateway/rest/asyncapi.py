"""``asyncapi.yaml``: the messages on the WebSocket as AsyncAPI 3, from the same schemas."""

from collections.abc import Iterable
from typing import Final

from webctp.gateway.rest.schemas import Json, answer_of
from webctp.gateway.rest.services import Meaning, Service, headers_meaning, info
from webctp.gateway.rest.socketschemas import REFUSAL, ServiceMessages, Told, refusal

PATH: Final = "/asyncapi.yaml"
VERSION: Final = "3.1.0"
_JSON: Final = "application/json"
_ABOUT: Final = (
    "CTP 的交易与行情，经 WebSocket；见 docs/td_protocol.md 与 docs/md_protocol.md。 CTP's trading "
    "and market data over WebSocket; see docs/td_protocol.md and docs/md_protocol.md. openctp-ctp "
    "{version}"
)
_CHANNELS: Final = {
    "td": "交易：报单、成交、查询、资金与持仓 trading: orders, trades, queries, funds, positions",
    "md": "行情：最新价、K 线、历史 market data: ticks, bars, the past",
}
_REQUESTS: Final = (
    "请求及其应答：x-answer 给出应答的 MsgType，RequestID 将二者对应 requests and their answers: "
    "x-answer names the answer's MsgType, RequestID tells which is whose"
)
_PUSHES: Final = "推送 What comes unasked"


def document(services: tuple[Service, ...], version: str, meaning: Meaning | None = None) -> Json:
    """Return the description of the WebSocket of these services.

    :param version: of the binding.
    :param meaning: says what CTP's requests are for; by default in the words of CTP's headers.
    """
    made = _Document(version, meaning or headers_meaning)
    for service in services:
        made.add(service)
    return made.whole()


class _Document:
    """Gather channels, operations, messages and the schemas that they refer to."""

    def __init__(self, version: str, meaning: Meaning) -> None:
        self._version = version
        self._meaning = meaning
        self._channels: Json = {}
        self._operations: Json = {}
        self._messages: Json = {}
        self._schemas: Json = {}

    def add(self, service: Service) -> None:
        """Describe the messages of a service."""
        found = ServiceMessages(service)
        self._schemas |= found.parts
        there: Json = {}
        for kind, some in (("sent", found.sent), ("told", found.told)):
            for name, one in some.items():
                place = f"{kind}.{name}"
                there[place] = self._add_message(service, place, one)
                if kind == "sent":
                    answer = {"x-answer": _answer_of(service, found, name) or name}
                    self._messages[f"{service.name}.{place}"] |= answer
        there[REFUSAL] = self._add_message(
            service, REFUSAL, Told(REFUSAL, "拒绝 a refusal", refusal())
        )
        name = service.name
        self._channels[name] = {
            "address": f"/{name}/",
            "description": _CHANNELS[name],
            "messages": there,
        }
        answers = {_answer_of(service, found, one) for one in found.sent} | found.sent.keys()
        self._add_operations(
            name, sorted(found.sent), [one for one in found.told if one in answers]
        )
        pushes = [one for one in found.told if one not in answers]
        self._operations[f"{name}_pushes"] = {
            "action": "send",
            "channel": {"$ref": f"#/channels/{name}"},
            "summary": _PUSHES,
            "messages": _of_channel(name, "told", pushes),
        }

    def _add_message(self, service: Service, name: str, one: Told) -> Json:
        whole = f"{service.name}.{name}"
        method = service.catalogue.methods.get(one.name)
        says = one.meaning if method is None else self._meaning(method)
        self._messages[whole] = {
            "name": one.name,
            "contentType": _JSON,
            "summary": says or one.name,
            "payload": one.schema,
        }
        if "RequestID" in one.schema["properties"]:
            place = {"location": "$message.payload#/RequestID"}
            self._messages[whole]["correlationId"] = place
        return {"$ref": f"#/components/messages/{whole}"}

    def _add_operations(self, name: str, sent: list[str], answers: list[str]) -> None:
        """Describe the requests of a service and what answers them: one operation.

        One for each request would be checked against all messages of its channel, each time.
        """
        channel = {"$ref": f"#/channels/{name}"}
        self._operations[f"{name}_requests"] = {
            "action": "receive",
            "channel": channel,
            "summary": _REQUESTS,
            "messages": _of_channel(name, "sent", sent),
            "reply": {"channel": channel, "messages": _of_channel(name, "told", answers)},
        }

    def whole(self) -> Json:
        """Return the whole description."""
        return {
            "asyncapi": VERSION,
            "info": info(_ABOUT.format(version=self._version)),
            "defaultContentType": _JSON,
            "servers": {
                "local": {"host": "127.0.0.1:8080", "protocol": "ws"},
                "remote": {"host": "{host}", "protocol": "wss", "variables": {"host": {}}},
            },
            "channels": self._channels,
            "operations": self._operations,
            "components": {
                "messages": self._messages,
                "schemas": dict(sorted(self._schemas.items())),
            },
        }


def _answer_of(service: Service, found: ServiceMessages, name: str) -> str:
    """Return the MsgType that answers a request; empty where only the gateway does."""
    method = service.catalogue.methods.get(name)
    if method is not None:
        return "" if method.answer is None else method.answer.msg_type
    answer = answer_of(name)
    return answer if answer in found.told else ""


def _of_channel(service: str, kind: str, names: Iterable[str]) -> list[Json]:
    return [{"$ref": f"#/channels/{service}/messages/{kind}.{name}"} for name in names]

"""Holds messages of the WebSocket against the schemas that describe them."""

from collections.abc import Mapping
from functools import cache
from typing import Any, ClassVar, Final

from openapi_schema_validator import OAS31Validator
from twisted.internet.interfaces import IProtocolFactory

from webctp.ctp import binding
from webctp.gateway.rest.services import services_of
from webctp.gateway.rest.socketschemas import REFUSAL, document
from webctp.testing import WebSocketPeer

LOADED: Final = binding.load()
WHOLE: Final = document(services_of(LOADED))
DEFS: Final[Mapping[str, Any]] = WHOLE["$defs"]


@cache
def _validator(name: str) -> Any:
    return OAS31Validator({**DEFS[name], "$defs": DEFS})


def problems(service: str, kind: str, message: Mapping[str, Any]) -> list[str]:
    """Return what is wrong with a message that is ``sent`` or ``told``; nothing if it fits."""
    name = f"{service}.{kind}.{message.get('MsgType')}"
    if name not in DEFS:
        if kind == "sent":
            return [f"there is no {name}"]
        name = REFUSAL
    return [f"{name}: {one.json_path}: {one.message}" for one in _errors(name, message)]


def _errors(name: str, message: Mapping[str, Any]) -> list[Any]:
    return list(_validator(name).iter_errors(message))


class DescribedPeer(WebSocketPeer):
    """A client that is told nothing that the schemas do not describe."""

    seen: ClassVar[set[tuple[str, ...]]] = set()
    """Shapes of messages that were looked at: one of each is enough."""

    def __init__(self, factory: IProtocolFactory, path: str) -> None:
        super().__init__(factory, path)
        self._service = path.strip("/")

    def received(self) -> list[dict[str, Any]]:
        """Return the messages that came since the last time."""
        found = super().received()
        for one in found:
            parts = (part for part in one.values() if isinstance(part, dict))
            shape = (
                self._service,
                str(one.get("MsgType")),
                *one,
                *(key for p in parts for key in p),
            )
            if shape not in self.seen:
                self.seen.add(shape)
                wrong = problems(self._service, "told", one)
                if wrong:
                    raise AssertionError(f"{one} is not described: {wrong}")
        return found

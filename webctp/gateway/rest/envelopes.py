"""From the body of an HTTP request to the message that a WebSocket would have brought."""

import re
from collections.abc import Mapping
from typing import Any, Final

import msgspec

from webctp.ctp import errors
from webctp.ctp.catalog import Method, Shape
from webctp.ctp.refusal import Refusal
from webctp.gateway.market.pastbars import BODY, PAST_BARS
from webctp.gateway.messages.own_portfolio import PREVIEW
from webctp.gateway.messages.schema import BadMessage, Schema, nearest
from webctp.language.text import english

NAME: Final = re.compile("[A-Za-z][A-Za-z0-9]{0,63}")
"""What a request's name may be in an address."""
CLIENT_ORDER_ID: Final = "ClientOrderID"
OWN_BODIES: Final[Mapping[str, str]] = {PAST_BARS: BODY, PREVIEW: "InputOrder"}
"""What the body of a request of the gateway's own is called where it does not bear its name."""
_SHOWN: Final = 64

_decode = msgspec.json.Decoder(dict[str, msgspec.Raw]).decode
_encode = msgspec.json.Encoder().encode

Fields = Mapping[str, msgspec.Raw]


def fields_of(body: bytes) -> dict[str, msgspec.Raw]:
    """Return the members of a request's body; none for an empty one.

    :raises BadMessage: if it is no JSON object.
    """
    if not body.strip():
        return {}
    try:
        return _decode(body)
    except (msgspec.DecodeError, UnicodeError) as problem:
        detail = english("the body is no JSON object: {problem}", problem=problem)
    except RecursionError:
        detail = english("nested too deeply")
    raise BadMessage(detail)


def enveloped(schema: Schema, name: str, fields: Fields, request_id: int) -> bytes:
    """Return the message of a request whose fields, and words beside them, are given flat.

    :raises BadMessage: for a field that HTTP itself does not take.
    """
    message: dict[str, Any] = {"MsgType": name, "RequestID": request_id}
    method = schema.methods.get(name)
    if method is None:
        message[OWN_BODIES.get(name, name)] = fields
        return _encode(message)
    words = dict.fromkeys(schema.options(method))
    if method.shape is Shape.SUBSCRIPTION:
        words["InstrumentID"] = None
    message.update((key, value) for key, value in fields.items() if key in words)
    rest = {key: value for key, value in fields.items() if key not in words}
    if method.shape in (Shape.REQUEST, Shape.SUBMIT):
        message[method.request_key] = rest
    elif rest:
        key = next(iter(rest))
        hint = nearest(key, words)
        raise BadMessage(english("unknown field {name}{hint}", name=f"{key[:_SHOWN]!a}", hint=hint))
    return _encode(message)


def check_served(method: Method | None) -> None:
    """Refuse what is of no use without pushes.

    :raises Refusal: -404, naming what is.
    """
    if method is not None and method.shape is Shape.SUBSCRIPTION:
        raise Refusal(
            errors.NO_SUCH_REQUEST,
            english(
                "{name} asks for pushes, which POST has not; ask for GET /md/ticks?instrument=…, "
                "or open a WebSocket",
                name=method.name,
            ),
        )


def client_order_id(method: Method | None, fields: Fields) -> str:
    """Return the ClientOrderID of an order; empty for other requests.

    :raises BadMessage: for an order that has none.
    """
    if method is None or not method.is_order:
        return ""
    found = fields.get(CLIENT_ORDER_ID)
    if found is None or bytes(found) == b"null":
        raise BadMessage(
            english(
                "an order over HTTP needs a ClientOrderID: an answer may be lost on its way, and "
                "with it the same request can be sent again without a second order"
            )
        )
    try:
        return msgspec.json.decode(found, type=str)
    except (msgspec.DecodeError, UnicodeError):
        return ""  # whoever reads the message says what is wrong with it

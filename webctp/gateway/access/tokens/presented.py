"""Where a token may stand in a request: a header, a subprotocol, a ticket in the address."""

import re
from dataclasses import dataclass
from enum import Enum
from typing import Final
from urllib.parse import unquote

from webctp.ctp import errors
from webctp.ctp.refusal import Refusal
from webctp.gateway.access.principal import Arrival
from webctp.language.text import english
from webctp.secret import Secret

SUBPROTOCOLS: Final = "sec-websocket-protocol"
AUTHORIZATION: Final = "authorization"
BEARER: Final = "bearer."
"""What a token follows that is offered as a subprotocol."""
SPOKEN: Final = "webctp"
"""The subprotocol that is selected; it must be offered beside the token."""
_TICKET: Final = "ticket"
_TOKEN: Final = "token"
_HEADER: Final = re.compile(r"bearer +(\S+)", re.IGNORECASE)


class Way(Enum):
    """The ways of presenting a token."""

    HEADER = "Authorization: Bearer TOKEN"
    SUBPROTOCOL = "bearer.TOKEN"
    QUERY = "?token=TOKEN"
    TICKET = "?ticket=TICKET"


@dataclass(frozen=True, slots=True)
class Presented:
    """A token or ticket, as it came."""

    way: Way
    secret: Secret


def offered(value: str) -> list[str]:
    """Return the subprotocols that a header offers."""
    return [one for one in (part.strip() for part in value.split(",")) if one]


def presented(arrival: Arrival, *, in_query: bool) -> Presented | None:
    """Return what a request shows; None for nothing.

    :param in_query: whether a token in the address is taken (``Access.TokenInQuery``).
    :raises webctp.ctp.refusal.Refusal: for more than one, or one that is shown in a wrong way.
    """
    found: list[Presented] = []
    header = arrival.headers.get(AUTHORIZATION)
    if header is not None:
        match = _HEADER.fullmatch(header.strip())
        if match is None:
            raise Refusal(errors.BAD_REQUEST, english("Authorization is not 'Bearer TOKEN'"))
        found.append(Presented(Way.HEADER, Secret(match[1])))
    protocols = offered(arrival.headers.get(SUBPROTOCOLS, ""))
    bearers = [one for one in protocols if one.lower().startswith(BEARER)]
    if bearers and SPOKEN not in protocols:
        raise Refusal(
            errors.BAD_REQUEST,
            english("the subprotocol webctp is not offered; offer it beside bearer.TOKEN"),
        )
    found += [Presented(Way.SUBPROTOCOL, Secret(one[len(BEARER) :])) for one in bearers]
    found += _in_query(arrival.query, in_query=in_query)
    if len(found) > 1:
        ways = ", ".join(one.way.value for one in found)
        raise Refusal(
            errors.BAD_REQUEST, english("several tokens are shown ({ways}); show one", ways=ways)
        )
    return found[0] if found else None


def _in_query(query: str, *, in_query: bool) -> list[Presented]:
    found = []
    for part in query.split("&"):
        name, _, value = part.partition("=")
        if name == _TICKET:
            found.append(Presented(Way.TICKET, Secret(unquote(value))))
        elif name == _TOKEN and in_query:
            found.append(Presented(Way.QUERY, Secret(unquote(value))))
        elif name == _TOKEN:
            raise Refusal(
                errors.BAD_REQUEST,
                english(
                    "a token in the address is not taken, for addresses are logged; send it as "
                    "'Authorization: Bearer TOKEN', or set Access.TokenInQuery"
                ),
            )
    return found

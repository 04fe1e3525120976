"""What is known of a request, and of a message: names, kinds, the structs that they carry."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum
from typing import Any, Final, Generic, TypeVar

T = TypeVar("T")


class Kind(Enum):
    """How a request ends."""

    QUERY = "rows, until IsLast"
    ANSWERED = "one answer"
    ORDER = "refused, or told of by pushes; it may bear a ClientOrderID"
    SUBMITTED = "refused, or told of by pushes"
    CALL = "its return value"
    TEXT = "a text"
    SUBSCRIPTION = "an answer for each instrument"


_REPEATABLE: Final = (Kind.QUERY, Kind.TEXT, Kind.SUBSCRIPTION)
_REPEATABLE_NAMES: Final = ("Qry", "Get", "SubscribePortfolio", "UnSubscribePortfolio")


@dataclass(frozen=True)
class Method(Generic[T]):
    """A request: its MsgType, the services (td, md) that take it, how it ends.

    ``body_key`` is the key of its body, "" for none; ``answer`` the MsgType of its answer, in
    which a ``row`` stands under ``row_key``. ``is_own`` are the gateway's own requests.
    """

    name: str
    services: tuple[str, ...]
    kind: Kind
    body_key: str
    answer: str
    row: type[T] | None
    row_key: str
    is_own: bool = False

    @property
    def is_repeatable(self) -> bool:
        """Whether asking again changes nothing: it only asks, or begins or ends a subscription."""
        return self.kind in _REPEATABLE or self.name.startswith(_REPEATABLE_NAMES)


@dataclass(frozen=True)
class Body:
    """The body of a message: its key, "" for none, and its struct, None for a bare number."""

    key: str
    struct: type[Any] | None

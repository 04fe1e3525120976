"""How typed methods are carried out: what the made classes stand on."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Sequence
from typing import Any, TypeVar

from webctp_client.orders import SentOrder
from webctp_client.protocol.method import Method

T = TypeVar("T")


class Asking(ABC):
    """Carries out requests; ``fields`` are a method's ``locals()``, None for what was left out."""

    @abstractmethod
    async def _rows(self, method: Method[T], fields: dict[str, Any]) -> list[T]:
        """Return all rows of a query's answer."""

    @abstractmethod
    async def _order(self, method: Method[Any], fields: dict[str, Any]) -> SentOrder:
        """Send an order or action."""

    @abstractmethod
    async def _submit(self, method: Method[Any], fields: dict[str, Any]) -> None:
        """Send what is answered only where it is refused."""

    async def _one(self, method: Method[T], fields: dict[str, Any]) -> T | None:
        """Return the body of a request's only answer."""
        rows = await self._rows(method, fields)
        return rows[-1] if rows else None

    async def _text(self, method: Method[Any], fields: dict[str, Any]) -> str:
        """Return a text."""
        return str(await self._one(method, fields))

    async def _subscribe(self, method: Method[T], fields: dict[str, Any]) -> list[T]:
        """Subscribe to instruments, or end it."""
        words = fields.pop("words")
        return await self._subscribed(method, names_of(fields["InstrumentID"]), words)

    @abstractmethod
    async def _subscribed(
        self, method: Method[T], names: Sequence[str], words: dict[str, Any]
    ) -> list[T]:
        """Carry a subscription out."""


def names_of(names: str | Sequence[str]) -> list[str]:
    """Return instruments as a list; one may be given by itself."""
    return [names] if isinstance(names, str) else list(names)

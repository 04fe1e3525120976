"""State machines as tables: (state, event) -> (state, action); what is absent is an error."""

from collections.abc import Mapping
from enum import Enum
from types import MappingProxyType
from typing import Generic, TypeVar

S = TypeVar("S", bound=Enum)
E = TypeVar("E", bound=Enum)
T = TypeVar("T")


class IllegalTransition(Exception):
    """An event in a state in which it cannot happen: a mistake in the caller."""


class StateTable(Generic[S, E, T]):
    """Every transition of one machine, read from a table. Immutable; any thread.

    :param name: what moves, for the text of an :class:`IllegalTransition`.
    :param rows: by state and event what follows: the new state and what is to be done.
    """

    def __init__(self, name: str, rows: Mapping[tuple[S, E], T]) -> None:
        self._name = name
        self.rows: Mapping[tuple[S, E], T] = MappingProxyType(dict(rows))

    def next(self, state: S, event: E) -> T:
        """Return what follows from an event.

        :raises IllegalTransition: if the event cannot happen in this state.
        """
        row = self.rows.get((state, event))
        if row is None:
            raise IllegalTransition(f"{self._name}: {event.name} in state {state.value}")
        return row

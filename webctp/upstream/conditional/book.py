"""The conditional orders of one account: where each stands, and whose condition is met. Pure."""

from collections.abc import Iterator
from datetime import datetime
from typing import Any, Final, NamedTuple

import msgspec

from webctp.upstream.conditional.conditional import Conditional
from webctp.upstream.conditional.table import (
    CONDITIONAL_TABLE,
    ConditionalAction,
    ConditionalEvent,
    ConditionalState,
)
from webctp.upstream.conditional.triggers import Kind, fires, is_due, is_missed, marked

MOST_ALIVE: Final = 500
"""Conditional orders of an account of which something is still to be done."""
MOST_ENDED: Final = 500
"""Of those that have ended the newest are shown."""


class Met(NamedTuple):
    """A condition that is met: whose, and the place of the leg."""

    conditional_id: str
    leg: int


class Book:
    """Hold the conditional orders of an account, by their IDs."""

    def __init__(self) -> None:
        self._alive: dict[str, Conditional] = {}
        self._ended: dict[str, Conditional] = {}
        self._by_instrument: dict[str, dict[str, None]] = {}
        self._trailing: set[str] = set()
        """The IDs of those whose mark may move."""

    def __len__(self) -> int:
        """Return how many are alive."""
        return len(self._alive)

    def __iter__(self) -> Iterator[Conditional]:
        """Give those that are alive."""
        return iter(list(self._alive.values()))

    def all(self) -> list[Conditional]:
        """Return those that are alive, and the newest of those that have ended."""
        return [*self._alive.values(), *self._ended.values()]

    def get(self, conditional_id: str) -> Conditional | None:
        """Return one by its ID; None where it is not known, or has ended long ago."""
        return self._alive.get(conditional_id) or self._ended.get(conditional_id)

    def of_order(self, client_order_id: str) -> Conditional | None:
        """Return whose order bears a ClientOrderID."""
        found = self.get(client_order_id.rpartition(".")[0])
        return found if found is not None and found.order_id == client_order_id else None

    @property
    def instruments(self) -> frozenset[str]:
        """The instruments whose prices somebody waits for, or will once an order trades."""
        found = set(self._by_instrument)
        for one in self._alive.values():
            found.update(leg.instrument for leg in one.protect)
        return frozenset(found)

    def put(self, one: Conditional) -> None:
        """Take one, new or in another state."""
        name = one.conditional_id
        for instrument in one.instruments:
            ids = self._by_instrument.setdefault(instrument, {})
            if not one.is_final and one.fired < 0:
                ids[name] = None
            else:
                ids.pop(name, None)
            if not ids:
                del self._by_instrument[instrument]
        if any(leg.kind is Kind.TRAILING for leg in one.legs) and not one.is_final:
            self._trailing.add(name)
        else:
            self._trailing.discard(name)
        if not one.is_final:
            self._ended.pop(name, None)
            self._alive[name] = one
            return
        self._alive.pop(name, None)
        self._ended[name] = one
        if len(self._ended) > MOST_ENDED:
            del self._ended[next(iter(self._ended))]

    def change(self, one: Conditional, **changes: Any) -> Conditional:
        """Put one with other fields; gives it."""
        changed = msgspec.structs.replace(one, **changes)
        self.put(changed)
        return changed

    def advance(
        self, conditional_id: str, event: ConditionalEvent, **changes: Any
    ) -> tuple[Conditional, ConditionalAction]:
        """Move one to the state that follows from an event; gives it, and what is to be done.

        :raises webctp.upstream.statetable.IllegalTransition: if the event cannot happen to it.
        """
        one = self._alive.get(conditional_id) or self._ended[conditional_id]
        state, action = CONDITIONAL_TABLE.next(one.state, event)
        return self.change(one, state=state, **changes), action

    def priced(self, instrument: str, price: int) -> tuple[list[Met], list[Conditional]]:
        """Take a last price in units; gives conditions that are met, and whose mark has moved."""
        met: list[Met] = []
        moved: list[Conditional] = []
        for name in list(self._by_instrument.get(instrument, ())):
            one = self._alive[name]
            if one.state is not ConditionalState.WAITING:
                continue
            if name in self._trailing:
                legs = tuple(
                    marked(leg, price) if leg.instrument == instrument else leg for leg in one.legs
                )
                if legs != one.legs:
                    one = self.change(one, legs=legs)
                    moved.append(one)
            for place, leg in enumerate(one.legs):
                # What it orders is asked for last: most prices meet nothing.
                if fires(leg, price) and leg.instrument == instrument:
                    met.append(Met(name, place))
                    break
        return met, moved

    def timed(self, now: datetime) -> tuple[list[Met], list[str]]:
        """Take what time it is; gives conditions that are met, and IDs whose moment was missed.

        One whose condition needs nothing is met as soon as it is watched.
        """
        met: list[Met] = []
        missed: list[str] = []
        for one in self:
            if one.state not in (ConditionalState.WAITING, ConditionalState.PAUSED):
                continue
            if all(is_missed(leg, now) for leg in one.legs):
                missed.append(one.conditional_id)
            elif one.state is ConditionalState.WAITING:
                due = [
                    place
                    for place, leg in enumerate(one.legs)
                    if leg.kind is Kind.NOW or (is_due(leg, now) and not is_missed(leg, now))
                ]
                met.extend(Met(one.conditional_id, place) for place in due[:1])
        return met, missed

    def over(self, trading_day: str) -> list[str]:
        """Return the IDs of those whose last trading day is before this one."""
        return [one.conditional_id for one in self if one.until < trading_day]

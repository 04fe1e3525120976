"""Requests of one kind that wait for what CTP tells, each with its client."""

from typing import Final

from webctp.ctp import errors
from webctp.ctp.refusal import Limited, Refusal
from webctp.gateway.portfolio.subscriber import Subscriber
from webctp.language.text import Text, english

MOST_WAITING: Final = 16
"""Requests of one client, of a kind, that may wait for CTP's answers."""

One = tuple[Subscriber, int]
"""A client and its RequestID."""


class Asked:
    """Keep the requests of a kind until each is answered, with what was asked or with a refusal.

    :param name: the request, as clients write it.
    """

    def __init__(self, name: str) -> None:
        self._name = name
        self._waiting: list[One] = []

    def __bool__(self) -> bool:
        return bool(self._waiting)

    def __contains__(self, one: One) -> bool:
        return one in self._waiting

    def add(self, one: One) -> None:
        """Let a request wait.

        :raises webctp.ctp.refusal.Refusal: -429, where too many of its client's wait already.
        """
        count = sum(other[0] is one[0] for other in self._waiting)
        if count >= MOST_WAITING:
            detail = Limited.of(
                english("{count} such requests wait already; wait for their answers", count=count),
                limit=MOST_WAITING,
            )
            raise Refusal(errors.TOO_MANY, detail)
        self._waiting.append(one)

    def remove(self, one: One) -> None:
        """Take out a request that is answered now."""
        self._waiting.remove(one)

    def take(self, of: Subscriber | None = None) -> list[One]:
        """Take out all requests of a client, or of everybody, to be answered now."""
        waiting, self._waiting = self._waiting, []
        if of is None:
            return waiting
        self._waiting = [one for one in waiting if one[0] is not of]
        return [one for one in waiting if one[0] is of]

    def refuse(self, code: int, why: Text, of: Subscriber | None = None) -> None:
        """Refuse all requests of a client, or of everybody."""
        for client, request_id in self.take(of):
            client.refuse(self._name, code, why, request_id)

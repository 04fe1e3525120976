"""The numbered pushes of a session: none left out, none twice, none that was never told."""

from collections.abc import Mapping
from typing import Any, Final

from tests.chaos.ledger import Account, Ledger, Place, Violation

TOLD: Final = {"RtnOrder": ("order", "Order"), "RtnTrade": ("trade", "Trade")}
"""The pushes whose place the ledger knows: what they tell of, and under which key."""


class Stream:
    """The numbered pushes of one session, as one connection gets them."""

    def __init__(self, ledger: Ledger, account: Account, seq: int | None = None) -> None:
        self._ledger = ledger
        self._account = account
        self.seq = seq
        self.first: int | None = None
        self.first_place: Place | None = None
        self.place: Place | None = None
        self.is_whole_day = False
        """Whether its first order or trade must be the day's first."""

    def take(self, message: dict[str, Any]) -> None:
        """A numbered push."""
        seq = message["Seq"]
        if self.seq is not None and seq != self.seq + 1:
            raise Violation(f"Seq {seq} follows {self.seq}: {message['MsgType']}")
        if self.first is None:
            self.first = seq
        self.seq = seq
        told = TOLD.get(message["MsgType"])
        if told is not None:
            kind, key = told
            self.tell(kind, message[key])

    def tell(self, kind: str, row: Mapping[str, Any]) -> Place:
        """An order or a trade, numbered or not; gives its place."""
        place = self._ledger.place(self._account, kind, row)
        self._place(place)
        return place

    def follow(self, day: "Stream") -> None:
        """What is numbered from here on follows the day so far, which was told without numbers."""
        if self.first_place is not None:
            raise Violation(f"told {self.first_place} before the answer, and the day so far, too")
        self.first_place, self.place = day.first_place, day.place

    def is_next(self, seq: int) -> bool:
        """Return whether a push of this number follows the last of this stream."""
        return self.seq is not None and seq == self.seq + 1

    def followed_by(self, seq: int) -> "Stream":
        """The stream to which the push numbered ``seq`` belongs: this, or a new one."""
        if self.seq is None or seq == self.seq + 1:
            return self
        return Stream(self._ledger, self._account)

    def go_on(self, later: "Stream") -> None:
        """What came meanwhile turns out to follow."""
        if later.first is None:
            return
        if self.seq is not None and later.first != self.seq + 1:
            raise Violation(f"resumed after Seq {self.seq}, told {later.first} next")
        self.seq = later.seq
        if later.first_place is not None:
            self._place(later.first_place)
            self.place = later.place

    def _place(self, place: Place) -> None:
        before = self.place
        if before is not None:
            wanted = before.number + 1 if before.day == place.day else 0
            if place.number != wanted:
                raise Violation(f"told {place} after {before}")
        if self.first_place is None:
            if self.is_whole_day and place.number != 0:
                raise Violation(f"the day begins with {place}")
            self.first_place = place
        self.place = place

"""What really happened: what reached the native API and the exchange, what the exchange told.

Written by the front as it happens; the clients' knowledge is held against it.
"""

from collections import Counter
from collections.abc import Mapping
from typing import Final, NamedTuple, Protocol

Account = tuple[str, str]
TOLD: Final = {"OnRtnOrder": "order", "OnRtnTrade": "trade"}
_NEVER: Final = {
    22: "an OrderRef that does not grow reached the exchange",
    42: "an order was sent before the settlement was confirmed",
    64: "a login was sent before the authentication",
    75: "the account was locked",
}
"""What the front must never have had to answer to this gateway."""


def enters(name: str) -> bool:
    """Whether a request is an insert or an action; a query is neither, whatever it asks for."""
    return name.endswith(("Insert", "Action")) and not name.startswith("ReqQry")


class Seconds(Protocol):
    """What a client and a ledger need of time."""

    def seconds(self) -> float:
        """The time, in seconds; it never goes back."""


class Violation(AssertionError):
    """A promise that was not kept."""


class Place(NamedTuple):
    """Where a push of an order or trade stands in its account's day."""

    day: str
    number: int


class Ledger:
    """See the module's text. Tags are the RequestIDs of inserts and actions, unique in all."""

    def __init__(self, time: Seconds) -> None:
        self._time = time
        self.trace: list[tuple[float, str, str, tuple[object, ...]]] = []
        self._called: Counter[int] = Counter()
        self._arrived: Counter[int] = Counter()
        self._refs: dict[tuple[int, int], int] = {}
        self._refused: dict[int, int] = {}
        self._given: dict[int, str] = {}
        self._executed: dict[str, int] = {}
        self._never: dict[str, int] = {}
        self._flows: dict[tuple[Account, str], list[tuple[str, int]]] = {}
        self._places: dict[tuple[Account, str, str, int], int] = {}

    def note(self, actor: str, text: str, *arguments: object) -> None:
        """Add a line to the trace; it is put together when somebody reads it."""
        self.trace.append((self._time.seconds(), actor, text, arguments))

    # Of the front

    def called(self, link: int, session: int, name: str, values: Mapping[str, object]) -> None:
        """The native API has taken a request."""
        self.note("native", "%s on API %s", name, link)
        tag = self._tag(name, values)
        if tag:
            self._called[tag] += 1
            if self._called[tag] > 1:
                raise Violation(f"{name} {tag} was sent twice")
            if tag in self._refused:
                raise Violation(f"{name} {tag} was sent after it was refused")
            self._execute(name, tag)
        if name == "ReqOrderInsert":
            ref = int(str(values["OrderRef"]))
            last = self._refs.get((link, session), 0)
            if ref <= last:
                raise Violation(f"OrderRef {ref} follows {last} in session {session}")
            self._refs[link, session] = ref

    def arrived(self, session: int, name: str, values: Mapping[str, object]) -> None:
        """The exchange handles a request."""
        tag = self._tag(name, values)
        if tag:
            self._arrived[tag] += 1

    def replied(
        self, session: int, callback: str, values: Mapping[str, object] | None, error: int | None
    ) -> None:
        """The exchange answers a request."""
        if error in _NEVER:
            raise Violation(f"{callback} {error}: {_NEVER[error]}")
        if error:
            self.note("front", "answers %s with %s", callback, error)

    def told(self, account: Account, callback: str, values: Mapping[str, object]) -> None:
        """The exchange tells an account something."""
        kind = TOLD.get(callback)
        if kind is None:
            return
        day, number = str(values["TradingDay"]), int(str(values["SequenceNo"]))
        flow = self._flows.setdefault((account, day), [])
        self._places[account, day, kind, number] = len(flow)
        flow.append((kind, number))
        self.note("exchange", "tells %s of %s %s", account[1], kind, number)

    def _execute(self, name: str, tag: int) -> None:
        given = self._given.get(tag, "")
        if not given:
            return
        before = self._executed.setdefault(given, tag)
        if before != tag:
            raise Violation(f"ClientOrderID {given} was sent as {before} and as {tag}")
        if given in self._never:
            raise Violation(f"ClientOrderID {given} was sent after it was refused")

    # Of the clients

    @property
    def requests(self) -> int:
        """How many inserts and actions the clients have sent."""
        return len(self._given)

    def names(self, tag: int, given: str) -> None:
        """A client sends an insert or action under a ClientOrderID, empty for none."""
        self._given[tag] = given

    def given(self, tag: int) -> str:
        """The ClientOrderID that an insert or action was sent under, empty for none."""
        return self._given.get(tag, "")

    def never(self, given: str, code: int) -> None:
        """A client was told that a ClientOrderID has not been sent and will not be."""
        self._never[given] = code
        if given in self._executed:
            raise Violation(f"ClientOrderID {given} was refused with {code} after it was sent")

    def restarted(self) -> None:
        """The daemon was killed: a ClientOrderID that it refused for want of a disk is free."""
        self._never.clear()

    def executed(self, given: str) -> int | None:
        """The tag under which a ClientOrderID was sent; None if it was not."""
        return self._executed.get(given)

    def has_arrived(self, tag: int) -> bool:
        """Whether the exchange has handled an insert or action."""
        return self._arrived[tag] > 0

    def refused(self, tag: int, code: int) -> None:
        """A client was told that the gateway has not sent its insert or action."""
        self._refused[tag] = code
        if self._called[tag]:
            raise Violation(f"request {tag} was refused with {code} after it was sent")

    def answered_by_front(self, tag: int, code: int) -> None:
        """A client was told that CTP refused its insert or action."""
        if not self._arrived[tag]:
            raise Violation(f"request {tag} was answered with CTP's {code}, who never saw it")

    def place(self, account: Account, kind: str, row: Mapping[str, object]) -> Place:
        """Where a push stands; a Violation if the exchange never told it."""
        day, number = str(row["TradingDay"]), int(str(row["SequenceNo"]))
        index = self._places.get((account, day, kind, number))
        if index is None:
            raise Violation(f"{kind} {number} of {day} was never told to {account[1]}")
        return Place(day, index)

    def length(self, account: Account, day: str) -> int:
        """How many pushes of orders and trades an account's day has."""
        return len(self._flows.get((account, day), ()))

    def lines(self) -> list[str]:
        """The trace, readable."""
        start = self.trace[0][0] if self.trace else 0.0
        return [
            f"{at - start:10.3f}  {actor:<10} {text % arguments}"
            for at, actor, text, arguments in self.trace
        ]

    @staticmethod
    def _tag(name: str, values: Mapping[str, object]) -> int:
        return int(str(values["RequestID"])) if enters(name) else 0

"""An account's parked orders (预埋单), as far as its limits go.

CTP keeps them and sends them by itself when their product opens. Until then each counts as an
order that works, for it is going to be one. CTP pushes nothing of them: what this gateway parks is
known from the request and its answer; what others have parked, and what has become of any, from
answers to ``ReqQryParkedOrder``. An order that comes of itself and says what a parked one says is
taken for that one; whoever takes it so should ask again. Runs in the reactor's thread.
"""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Final

from webctp.upstream.orders.keys import RefIdentity, Row, plain_ref
from webctp.upstream.orders.order import Order
from webctp.upstream.risk.book import AccountBook
from webctp.upstream.risk.intent import InsertKind, Intent, intent_of
from webctp.upstream.risk.resting import Working

_NOT_SENT: Final = "1"
"""``THOST_FTDC_PAOS_NotSend``."""


@dataclass(eq=False, slots=True)
class _Parked:
    """A parked order: what it says, where it counts, its ParkedOrderID once CTP has told it."""

    key: RefIdentity
    content: object
    books: tuple[AccountBook, ...]
    order: Order | None
    """The request of this gateway, until it is answered."""
    number: str = ""
    is_unsure: bool = False
    """Whether its answer was lost: CTP may have it or not."""


class ParkedBook:
    """Count an account's parked orders in its book, and in those of the tokens they came by.

    :param book: the account's.
    """

    def __init__(self, book: AccountBook) -> None:
        self._book = book
        self.waiting: dict[RefIdentity, _Parked] = {}
        """What waits at CTP, by the key that the books have it under; the oldest first."""
        self._removed: set[str] = set()
        """ParkedOrderIDs of the day that were removed: an older answer may tell them again."""
        self._last = 0

    def clear(self) -> None:
        """Begin a trading day: what is still parked is asked for again."""
        for key in list(self.waiting):
            self._drop(key)
        self._removed.clear()

    # What this gateway has sent.

    def enter(self, order: Order, intent: Intent, token_book: AccountBook | None) -> None:
        """Take an order that is about to be parked, or was."""
        books = (self._book,) if token_book is None else (self._book, token_book)
        self._put(intent, books, order)

    def accepted(self, order: Order, number: str) -> None:
        """Take the number that CTP has given to what was parked."""
        known = self._numbered(number)
        for one in self._of(order):
            if known is not None:
                # An answer to a query came first, and did not know by whom it was parked.
                self._drop(known.key)
            one.number, one.order = number.strip(), None

    def unanswered(self, order: Order) -> None:
        """Take note that the answer is lost: it counts until CTP says that it has none."""
        for one in self._of(order):
            one.is_unsure, one.order = True, None

    def dropped(self, order: Order) -> None:
        """Take note that an order was refused, or not sent after all."""
        for one in self._of(order):
            self._drop(one.key)

    def removed(self, number: str) -> None:
        """Take note that CTP has deleted one."""
        number = number.strip()
        self._removed.add(number)
        one = self._numbered(number)
        if one is not None:
            self._drop(one.key)

    # What CTP tells.

    def take_sent(self, row: Row) -> bool:
        """Take a RtnOrder of the day; return whether a parked order has become it, as it seems."""
        key = row["FrontID"], row["SessionID"], plain_ref(row["OrderRef"])
        if self._book.has(key) or self._book.has(self._book.key_of(row)):
            return False
        content = intent_of(InsertKind.ORDER, row).content
        for one in self.waiting.values():
            if one.content == content:
                for book in one.books:
                    book.unpark(one.key, becomes=key)
                del self.waiting[one.key]
                return True
        return False

    def asked(self) -> frozenset[RefIdentity]:
        """Return what an answer to a query that is asked now has if it is still parked."""
        return frozenset(key for key, one in self.waiting.items() if one.number or one.is_unsure)

    def told(self, asked: Collection[RefIdentity], rows: Iterable[Mapping[str, Any]]) -> None:
        """Take an answer of CTP's, whole.

        :param asked: what :meth:`asked` has returned when the query was sent; nothing for an
            answer that is not about all of the account's.
        :param rows: ``CThostFtdcParkedOrderField``.
        """
        found: set[RefIdentity] = set()
        for row in rows:
            number = str(row["ParkedOrderID"]).strip()
            one = self._numbered(number)
            if row["Status"] != _NOT_SENT:
                if one is not None:
                    self._drop(one.key)
                continue
            if one is None and number not in self._removed:
                one = self._put(intent_of(InsertKind.ORDER, row), (self._book,), None)
                one.number = number
            if one is not None:
                found.add(one.key)
        for key in set(asked) - found:
            if key in self.waiting:
                self._drop(key)

    def _put(self, intent: Intent, books: tuple[AccountBook, ...], order: Order | None) -> _Parked:
        self._last += 1
        key = 0, 0, f"parked {self._last}"  # CTP's references are digits
        (leg,) = intent.legs
        name = intent.instrument
        for book in books:
            book.park(key, Working(name, leg.direction, leg.price, leg.volume, leg.opens, True))
        one = self.waiting[key] = _Parked(key, intent.content, books, order)
        return one

    def _drop(self, key: RefIdentity) -> None:
        for book in self.waiting.pop(key).books:
            book.unpark(key)

    def _numbered(self, number: str) -> _Parked | None:
        number = number.strip()
        return next((one for one in self.waiting.values() if one.number == number), None)

    def _of(self, order: Order) -> list[_Parked]:
        return [one for one in self.waiting.values() if one.order is order]

"""What a login plays again (RESUME, RESTART), told from what is news.

A replay says the same in every field; anything else is news. TradeIDs and references may begin
anew within a trading day (a front that lost its state), so no key of some fields will do. All
methods run in the reactor's thread.
"""

import struct
from typing import Final, Self

from webctp.upstream.orders.keys import (
    ENDED,
    Identities,
    Row,
    local_identity,
)

REPLAY_SECONDS: Final = 60.0
"""How long after a login pushes other than orders and trades are held against those before it."""
_NOTICES_KEPT: Final = 50_000
"""How many of one kind of push are remembered; of more, the older half is forgotten (2 MB). Each
login plays the whole day again, so a day of many refusals must fit."""


_BITS: Final = 32
_MASK: Final = (1 << _BITS) - 1
"""A row's two numbers, of 32 bits each, are kept as one."""
_HEAD: Final = 4
"""Numbers before the changes where a history is packed."""


class _History:
    """Hold what was told of one order, and how far the replay after a login has come."""

    __slots__ = ("changes", "numbered", "numbers", "run", "told")

    def __init__(self, run: int) -> None:
        self.changes: list[int] = []
        self.numbers: list[int] = []
        self.numbered = True
        self.told = 0
        self.run = run

    def packed(self) -> bytes:
        """Return all of it, of an order that has ended, as bytes: see :class:`_Day`."""
        changes, numbers = self.changes, self.numbers
        size = len(changes)
        form = f"={_HEAD + size + len(numbers)}q"
        return struct.pack(form, self.run, self.told, self.numbered, size, *changes, *numbers)

    @classmethod
    def unpacked(cls, packed: bytes) -> Self:
        """Return what was packed."""
        run, told, numbered, count, *rest = struct.unpack(f"={len(packed) // 8}q", packed)
        history = cls(run)
        history.told, history.numbered = told, bool(numbered)
        history.changes = rest[:count]
        history.numbers = rest[count:]
        return history


class _Day:
    """Hold what was told of one trading day: its trades, and the histories of its orders.

    Python's collector looks at every item of a list or a set, and of a dict that has ever held a
    tuple: with 100,000 orders some 60 ms in each full collection. At a dict of numbers and bytes it
    does not look. So identities and trades are known by hashes: one of 64 bits may err once in the
    lifetime of many daemons, and costs 8 bytes, not 800.
    """

    __slots__ = ("at_exchange", "count", "ended", "living", "places", "trades")

    def __init__(self) -> None:
        self.trades: dict[int, None] = {}
        self.count = 0
        """How many orders there are: the place of the next."""
        self.living: dict[int, _History] = {}
        """The histories of orders that have not ended, by their places."""
        self.ended: dict[int, bytes] = {}
        """Those of the others, packed."""
        self.places: dict[int, int] = {}
        """Where the history of an order is, by the hash of each of its identities."""
        self.at_exchange: dict[int, None] = {}
        """The places of orders that the exchange has numbered."""


class _Notices:
    """Hold what one kind of push has told, and how far the replay after a login has come.

    ``of_before`` is how many of its pushes came before the latest trading day's first row.
    """

    __slots__ = ("changes", "of_before", "run", "told")

    def __init__(self, run: int) -> None:
        self.changes: list[int] = []
        self.of_before = 0
        self.told = 0
        self.run = run

    def forget_before(self) -> None:
        """Forget those of before the latest trading day."""
        del self.changes[: self.of_before]
        self.told = max(0, self.told - self.of_before)
        self.of_before = 0


class ReplayFilter:
    """Recognise orders, trades and other pushes that a login plays again.

    A trade is new once. An order is told many times. Where what is told of it is numbered
    (NotifySequence, SequenceNo), each is new once, too. Where it is not, an order may come to
    look as it looked before (a second cancellation that is refused like the first); so its
    history counts: a live repetition is one of the last row only, and after :meth:`begin` the
    history may come again from any point, in order. What follows it is new. Other pushes are
    held against their history of the trading day likewise, kind by kind, for
    :data:`REPLAY_SECONDS`. They bear no day: where one begins while the session is connected, its
    first order or trade tells.

    Orders and trades of the two latest trading days are remembered; others count as new.
    """

    def __init__(self) -> None:
        self._run = 0
        self._until = 0.0
        self._days: dict[str, _Day] = {}
        self._notices: dict[str, _Notices] = {}
        self._notices_day = ""

    def begin(self, trading_day: str, now: float) -> None:
        """Note a login's answer: what comes from here on may be a replay.

        :param now: in seconds, as for :meth:`new_push`.
        """
        self._run += 1
        self._until = now + REPLAY_SECONDS
        if trading_day == self._notices_day:
            return
        self._notices_day = trading_day
        if trading_day in self._days:
            # The session was connected while the day changed: what it was told of the new day
            # comes again.
            for notices in self._notices.values():
                notices.forget_before()
        else:
            self._notices.clear()

    def new_trade(self, row: Row, encoded: bytes) -> bool:
        """Return whether a RtnTrade is seen for the first time; it is remembered.

        :param encoded: its struct, encoded: equal bytes for two that say the same.
        """
        trades = self._day(row).trades
        change = hash(encoded)
        if change in trades:
            return False
        trades[change] = None
        return True

    def new_order(self, row: Row, known: Identities, encoded: bytes) -> bool:
        """Return whether a RtnOrder says something new of its order; it is remembered.

        :param known: what the order is known by.
        :param encoded: as for :meth:`new_trade`.
        """
        day = self._days.get(row["TradingDay"]) or self._day(row)
        by_ref, by_sys = known
        # Nearly every push is of an order that the exchange has numbered before.
        place = None if by_sys is None else day.places.get(hash(by_sys))
        if place is None:
            place = self._place(day, row, known)
        else:
            day.places[hash(by_ref)] = place
        history = day.living.get(place)
        if history is None:
            history = day.living[place] = _History.unpacked(day.ended.pop(place))
        is_new = self._is_new(history, row, hash(encoded))
        if row["OrderStatus"] in ENDED:
            day.ended[place] = day.living.pop(place).packed()
        return is_new

    def _is_new(self, history: _History, row: Row, change: int) -> bool:
        if history.run != self._run:
            history.run, history.told = self._run, 0
        changes = history.changes
        if history.numbered and change in changes:
            return False
        if history.told < len(changes):
            if change in changes[history.told :]:
                history.told = changes.index(change, history.told) + 1
                return False
        elif changes and changes[-1] == change:
            return False
        if history.numbered:
            number = row["NotifySequence"] << _BITS | row["SequenceNo"] & _MASK
            # Numbers that two different rows share do not tell rows apart.
            if number and number not in history.numbers:
                history.numbers.append(number)
            else:
                history.numbered = False
        changes.append(change)
        history.told = len(changes)
        return True

    def new_push(self, name: str, encoded: bytes, now: float) -> bool:
        """Return whether another push is news; it is remembered.

        :param name: its callback.
        :param encoded: as for :meth:`new_trade`.
        """
        notices = self._notices.get(name)
        if notices is None:
            notices = self._notices[name] = _Notices(self._run)
        changes = notices.changes
        if notices.run != self._run:
            notices.run, notices.told = self._run, 0
        if now >= self._until:
            notices.told = len(changes)
        change = hash(encoded)
        at = _find(changes, change, notices.told)
        if at >= 0:
            notices.told = at + 1
            return False
        if changes and changes[-1] == change:
            return False
        if len(changes) >= _NOTICES_KEPT:
            del changes[: _NOTICES_KEPT // 2]
            notices.of_before = max(0, notices.of_before - _NOTICES_KEPT // 2)
        changes.append(change)
        notices.told = len(changes)
        return True

    def _place(self, day: _Day, row: Row, known: Identities) -> int:
        """Return the place of an order that is not known by an exchange's number.

        CTP and the exchange add identities of theirs to it.
        """
        places, (by_ref, by_sys) = day.places, known
        local = local_identity(row)
        place = None if local is None else places.get(hash(local))
        if place is None:
            place = places.get(hash(by_ref))
        # Orders that CTP itself enters may all have the same empty reference.
        if place is None or (by_sys is not None and place in day.at_exchange):
            place, day.count = day.count, day.count + 1
            day.living[place] = _History(self._run)
        if local is not None:
            places[hash(local)] = place
        places[hash(by_ref)] = place
        if by_sys is not None:
            places[hash(by_sys)] = place
            day.at_exchange[place] = None
        return place

    def _day(self, row: Row) -> _Day:
        day: str = row["TradingDay"]
        known = self._days.get(day)
        if known is None:
            known = self._days[day] = _Day()
            if day == max(self._days):
                for notices in self._notices.values():
                    notices.of_before = len(notices.changes)
            for old in sorted(self._days)[:-2]:
                del self._days[old]
        return known


def _find(changes: list[int], change: int, start: int) -> int:
    """Return the place of ``change`` from ``start`` on, -1 for none; a replay finds it at once."""
    try:
        return changes.index(change, start)
    except ValueError:
        return -1

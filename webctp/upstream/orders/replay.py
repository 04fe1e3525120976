"""What a login plays again (RESUME, RESTART), told from what is news.

A replay says the same in every field; anything else is news. TradeIDs and references may begin
anew within a trading day (a front that lost its state), so no key of some fields will do. All
methods run in the reactor's thread.
"""

from typing import Final

from webctp.upstream.orders.keys import Identities, OrderIdentity, Row, SysIdentity, local_identity

REPLAY_SECONDS: Final = 60.0
"""How long after a login pushes other than orders and trades are held against those before it."""
_NOTICES_KEPT: Final = 50_000
"""How many of one kind of push are remembered; of more, the older half is forgotten (2 MB). Each
login plays the whole day again, so a day of many refusals must fit."""


class _History:
    """Hold what was told of one order, and how far the replay after a login has come."""

    __slots__ = ("at_exchange", "changes", "numbered", "numbers", "run", "told")

    def __init__(self, run: int) -> None:
        self.changes: list[int] = []
        self.numbers: list[tuple[int, int]] = []
        self.numbered = True
        self.told = 0
        self.run = run
        self.at_exchange: SysIdentity | None = None


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
        self._days: dict[str, tuple[set[int], dict[OrderIdentity, _History]]] = {}
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
        trades, _ = self._day(row)
        # A hash of 64 bits may err once in the lifetime of many daemons; it costs 8 bytes, not 800.
        change = hash(encoded)
        if change in trades:
            return False
        trades.add(change)
        return True

    def new_order(self, row: Row, known: Identities, encoded: bytes) -> bool:
        """Return whether a RtnOrder says something new of its order; it is remembered.

        :param known: what the order is known by.
        :param encoded: as for :meth:`new_trade`.
        """
        history = self._history(row, known)
        change = hash(encoded)
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
            number = notify, sequence = row["NotifySequence"], row["SequenceNo"]
            # Numbers that two different rows share do not tell rows apart.
            if (notify or sequence) and number not in history.numbers:
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

    def _history(self, row: Row, known: Identities) -> _History:
        """Return an order's history, found by any identity: CTP and the exchange add theirs."""
        _, orders = self._day(row)
        by_ref, by_sys = known
        history = orders.get(by_sys) if by_sys is not None else None
        if history is None:
            by_local = local_identity(row)
            history = orders.get(by_local) if by_local is not None else None
            history = history or orders.get(by_ref)
            # Orders that CTP itself enters may all have the same empty reference.
            if history is None or (by_sys is not None and history.at_exchange is not None):
                history = _History(self._run)
            if by_local is not None:
                orders[by_local] = history
        orders[by_ref] = history
        if by_sys is not None:
            history.at_exchange = by_sys
            orders[by_sys] = history
        return history

    def _day(self, row: Row) -> tuple[set[int], dict[OrderIdentity, _History]]:
        day: str = row["TradingDay"]
        known = self._days.get(day)
        if known is None:
            known = self._days[day] = (set(), {})
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

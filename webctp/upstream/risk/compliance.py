"""The exchanges' counters of an account: inserts, cancellations, self-trades, by instrument.

They count what CTP reports of orders and trades, so those of other terminals count, too; what is
told twice counts once. An exchange counts over all accounts that one person controls (实际控制关系
账户组) and at all brokers: what other accounts do, this gateway cannot know. Self-trades are seen
where both sides bear one TradeID (SHFE, INE and DCE); elsewhere they are not told. Runs in the
reactor's thread.
"""

from collections import deque
from collections.abc import Iterator, Mapping
from enum import StrEnum
from math import ceil, inf
from typing import Final, NamedTuple

from webctp.config.risk import ComplianceConfig
from webctp.language.text import Text, english
from webctp.upstream.orders.keys import RefIdentity, Row

_CANCELED: Final = "5"
_INSERT_REJECTED: Final = "4"
_IOC: Final = "1"
_ANY_PRICE: Final = "1"


MOST_INSTRUMENTS: Final = 10_000
"""Instruments that an account may order on a day: beyond, no opening in another is sent. What CTP
tells of counts whatever it is."""
MOST_ORDERS: Final = 1_000_000
"""Orders of a day that an account may have: beyond, nothing is opened. What CTP tells counts."""


class Counter(StrEnum):
    """What has a threshold, by its name on the wire."""

    CANCELS = "Cancels"
    LARGE_CANCELS = "LargeCancels"
    SELF_TRADES = "SelfTrades"
    ORDERS_IN_SECOND = "MostInSecond"


class Counts(NamedTuple):
    """What an account has done in an instrument on a trading day.

    ``order_to_trade`` is (inserts + cancellations) / orders that traded - 1, the exchanges'
    报单成交比; orders that traded count as one where there are none.
    """

    instrument: str
    inserts: int
    cancels: int
    large_cancels: int
    self_trades: int
    most_in_second: int
    traded_orders: int
    order_to_trade: float
    reached: tuple[Counter, ...]


class Passed(NamedTuple):
    """A threshold that was passed: ``refuses`` the limit itself, else the warning before it."""

    instrument: str
    counter: Counter
    value: int
    limit: int
    refuses: bool


class _Tally:
    """The counts of one instrument, as they grow."""

    __slots__ = (
        "cancels",
        "inserts",
        "large_cancels",
        "most_in_second",
        "reached",
        "self_trades",
        "times",
        "traded",
        "warned",
    )

    def __init__(self, in_second: int) -> None:
        self.times: deque[float] = deque(maxlen=in_second)
        """When inserts were entered here: as many as any second may see."""
        self.inserts = 0
        self.cancels = 0
        self.large_cancels = 0
        self.self_trades = 0
        self.most_in_second = 0
        self.traded: set[RefIdentity | str] = set()
        self.warned: set[Counter] = set()
        self.reached: dict[Counter, tuple[int, int]] = {}

    def value(self, counter: Counter) -> int:
        """Return what has been counted."""
        match counter:
            case Counter.CANCELS:
                return self.cancels
            case Counter.LARGE_CANCELS:
                return self.large_cancels
            case Counter.SELF_TRADES:
                return self.self_trades
            case Counter.ORDERS_IN_SECOND:
                return self.most_in_second

    def is_idle(self, now: float) -> bool:
        """Return whether nothing of it would be missed."""
        if self.inserts or self.cancels or self.traded:
            return False
        return not self.times or now - self.times[-1] >= 1.0


class ComplianceBook:
    """Count what one account does on a trading day, and say when a threshold is passed."""

    def __init__(self, config: ComplianceConfig) -> None:
        self._tallies: dict[str, _Tally] = {}
        self._inserted: set[RefIdentity] = set()
        self._cancelled: set[RefIdentity] = set()
        self._seconds: dict[str, int] = {}
        """Inserts by instrument and second, as one text: see the collector in ``ReplayFilter``."""
        self._sides: dict[tuple[str, str, str], str] = {}
        self._looked = -inf
        """When instruments were looked for in which nothing was counted."""
        self.take_settings(config)

    def take_settings(self, config: ComplianceConfig) -> list[Passed]:
        """Take thresholds, and return those that the counts so far have passed.

        What counts as a large cancellation holds for those to come.
        """
        self._large = config.large_cancel_volume
        self._limits: Mapping[Counter, int] = {
            Counter.CANCELS: config.max_cancels,
            Counter.LARGE_CANCELS: config.max_large_cancels,
            Counter.SELF_TRADES: config.max_self_trades,
            Counter.ORDERS_IN_SECOND: config.max_orders_in_second,
        }
        self._warn_percent = config.warn_percent
        self._in_second = max(config.max_orders_in_second - 1, 0)
        """Orders that any second may see of this gateway: one less than the threshold."""
        found = []
        for instrument, tally in self._tallies.items():
            tally.times = deque(tally.times, maxlen=self._in_second)
            tally.reached.clear()
            tally.warned.clear()
            found += self._passed(instrument, tally)
        return found

    @property
    def is_empty(self) -> bool:
        """Whether nothing was counted."""
        return not self._inserted and not self._sides

    def new_day(self) -> None:
        """Begin to count anew."""
        self._tallies.clear()
        self._inserted.clear()
        self._cancelled.clear()
        self._seconds.clear()
        self._sides.clear()

    def take_order(self, row: Row, key: RefIdentity) -> list[Passed]:
        """Take a RtnOrder; returns the thresholds that it has passed.

        Refused by CTP itself, or by the exchange, an order is no insert that an exchange counts.
        """
        if not str(row["OrderLocalID"]).strip():
            return []
        instrument = str(row["InstrumentID"])
        tally = self._tally(instrument)
        if key not in self._inserted:
            self._inserted.add(key)
            tally.inserts += 1
            second = f"{instrument} {row['InsertTime']}"
            count = self._seconds[second] = self._seconds.get(second, 0) + 1
            tally.most_in_second = max(tally.most_in_second, count)
        if row["OrderStatus"] == _CANCELED and key not in self._cancelled:
            self._cancelled.add(key)
            if _counts(row):
                tally.cancels += 1
                tally.large_cancels += int(row["VolumeTotal"]) >= self._large
        return self._passed(instrument, tally)

    def take_trade(self, row: Row) -> list[Passed]:
        """Take a RtnTrade that is news; returns the thresholds that it has passed."""
        instrument = str(row["InstrumentID"])
        tally = self._tally(instrument)
        tally.traded.add(str(row["OrderSysID"]).strip())
        trade = str(row["ExchangeID"]), instrument, str(row["TradeID"]).strip()
        side = str(row["Direction"])
        other = self._sides.setdefault(trade, side)
        if other != side:
            self._sides[trade] = side
            tally.self_trades += 1
        return self._passed(instrument, tally)

    def may_open(self, instrument: str, now: float) -> bool:
        """Return whether something may be opened in an instrument; see :meth:`refusal`."""
        tally = self._tallies.get(instrument)
        if len(self._inserted) >= MOST_ORDERS:
            return False
        if tally is None:
            return len(self._tallies) < MOST_INSTRUMENTS or self._make_room(now)
        times = tally.times
        return not tally.reached and (
            not times or len(times) < self._in_second or now - times[0] >= 1.0
        )

    def refusal(self, instrument: str, now: float) -> Text | None:
        """Return why nothing may be opened in an instrument; None where it may."""
        if self.may_open(instrument, now):
            return None
        if len(self._inserted) >= MOST_ORDERS:
            return english(
                "Compliance: {most} orders were counted on this trading day, as many as are "
                "remembered: nothing is opened until the next",
                most=MOST_ORDERS,
            )
        tally = self._tallies.get(instrument)
        if tally is None:
            return english(
                "Compliance: orders in {most} instruments were counted on this trading day, as "
                "many as are remembered: nothing is opened in another",
                most=MOST_INSTRUMENTS,
            )
        if tally.reached:
            counter, (value, limit) = next(iter(tally.reached.items()))
            return english(
                "Compliance: {counter} of {name} has reached its limit {limit}, found {value}: "
                "nothing is opened in it on this trading day",
                counter=counter.value,
                name=instrument,
                limit=limit,
                value=value,
            )
        return english(
            "Compliance: MostInSecond of {name} has the limit {limit}, and {count} were entered "
            "within a second: send it later",
            name=instrument,
            limit=self._in_second + 1,
            count=self._in_second,
        )

    def entered(self, instrument: str, now: float) -> None:
        """Take note of an insert that is sent by this gateway."""
        tally = self._tallies.get(instrument)
        if tally is None:
            tally = self._tally(instrument)
        tally.times.append(now)

    def counts(self, instrument: str = "") -> Iterator[Counts]:
        """Give the counts of an instrument, or of all that there are any of."""
        for name, tally in self._tallies.items():
            if instrument in ("", name) and (tally.inserts or tally.traded):
                messages = tally.inserts + tally.cancels
                yield Counts(
                    name,
                    tally.inserts,
                    tally.cancels,
                    tally.large_cancels,
                    tally.self_trades,
                    tally.most_in_second,
                    len(tally.traded),
                    messages / max(len(tally.traded), 1) - 1,
                    tuple(tally.reached),
                )

    def _make_room(self, now: float) -> bool:
        """Forget instruments in which nothing was counted, nor entered within the last second.

        Who orders what is no instrument gets there, for CTP refuses that.
        """
        if now - self._looked >= 1.0:
            self._looked = now
            self._tallies = {
                name: tally for name, tally in self._tallies.items() if not tally.is_idle(now)
            }
        return len(self._tallies) < MOST_INSTRUMENTS

    def _tally(self, instrument: str) -> _Tally:
        tally = self._tallies.get(instrument)
        if tally is None:
            tally = self._tallies[instrument] = _Tally(self._in_second)
        return tally

    def _passed(self, instrument: str, tally: _Tally) -> list[Passed]:
        found = []
        for counter, limit in self._limits.items():
            value = tally.value(counter)
            if not limit or value == 0:
                continue
            if value >= limit:
                if counter not in tally.reached:
                    found.append(Passed(instrument, counter, value, limit, True))
                    tally.warned.add(counter)
                tally.reached[counter] = value, limit
            elif counter not in tally.warned and value >= ceil(limit * self._warn_percent / 100):
                tally.warned.add(counter)
                found.append(Passed(instrument, counter, value, limit, False))
        return found


def _counts(row: Row) -> bool:
    """Return whether a cancelled order counts as a cancellation.

    FAK, FOK and orders at any price are cancelled by the exchange, not by who sent them; an order
    that the exchange refused was never there to cancel.
    """
    return (
        row["TimeCondition"] != _IOC
        and row["OrderPriceType"] != _ANY_PRICE
        and row["OrderSubmitStatus"] != _INSERT_REJECTED
        and bool(str(row["OrderSysID"]).strip())
    )

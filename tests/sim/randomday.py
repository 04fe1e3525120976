"""Days of users who act at random: how they end, and what all that is told is held against."""

from collections.abc import Iterator
from datetime import date, datetime, time, timedelta

from tests.sim.ledgeroptions import assigned
from tests.sim.randomusers import ACCOUNTS, PARKED, TOLD, RandomUsers
from tests.sim.statementledger import Difference, Settled, of_month
from tests.sim.statementreader import reader_of
from tests.sim.tickledger import TickLedger
from webctp.sim.events import Event, Push


class RandomDay(RandomUsers):
    """Users who act at random, day after day."""

    def __init__(self, seed: int) -> None:
        super().__init__(seed)
        self.next_day: list[Difference] = []
        """What the first ticks of a day are held against: the last ones of the day before."""
        self._settled: dict[str, list[tuple[date, Settled]]] = {name: [] for name in ACCOUNTS}

    def end(self) -> Iterator[Difference]:
        """Let the day end, and the next begin; gives what is to be held of ticks and statements."""
        day = self.bench.exchange.markets.day.date
        end = datetime.combine(day, time(17, 0, 1))
        if not self.by_hours:
            # Days without end follow each other at 17:00.
            end = self.bench.now.replace(hour=17, minute=0, second=1, microsecond=0)
            end += timedelta(days=end <= self.bench.now)
        self.take(self.bench.run((end - self.bench.now).total_seconds() - 1.001))
        yield from self.watch()
        last = {name: one.last for name, one in self.ticks.items() if one.last is not None}
        terms = {name: self.terms(name) for name in self.names}
        events = self.bench.run(1.001)
        news = [event for event in events if self._is_new(event)]
        self.take(event for event in events if event not in news)
        for pushed in self.returned.values():
            pushed.clear()
        told = {name: reader_of(self.rows(name, "ReqQrySettlementInfo")) for name in ACCOUNTS}
        ending = {name: one["ExpireDate"] <= f"{day:%Y%m%d}" for name, one in terms.items()}
        yield from assigned(told.values(), lambda name: ending[name])
        for account, ledger in self.ledgers.items():
            settled = ledger.begin_day(f"{day:%Y%m%d}", last, told[account])
            self.count("exercises", len(settled.exercises))
            self._settled[account].append((day, settled))
            yield from settled.held_against(told[account])
            yield from self._month(account, day)
            yield from self._left_parked(account)
        self.take(news)
        self.names = [name for name in self.names if not ending[name]]
        self.ending = [name for name in self.ending if not ending[name]]
        for name in self.names:
            self.next_day += self.ticks[name].follows(self.tick(name))
        self.ticks = {name: TickLedger(self.terms(name)) for name in self.names}

    def _is_new(self, event: Event) -> bool:
        """Return whether something is told of the day that has just begun."""
        day = self.bench.exchange.markets.day.name
        return isinstance(event, Push) and event.values.get("TradingDay") == day

    def _month(self, account: str, day: date) -> Iterator[Difference]:
        """Hold the statement of a month that has ended with ``day``; before there is none."""
        month = f"{day:%Y%m}"
        rows = self.rows(account, "ReqQrySettlementInfo", TradingDay=month)
        over = self.bench.exchange.markets.day.name[:6] != month
        yield f"{account}: a statement of {month}", bool(rows), over
        if over:
            self.count("months")
            days = [settled for at, settled in self._settled[account] if at.month == day.month]
            yield from of_month(days).held_against(reader_of(rows))

    def _left_parked(self, account: str) -> Iterator[Difference]:
        """Hold what is parked at the start of a day against what was not sent before."""
        for kind, key in PARKED.items():
            kept = self.kept.get((account, kind), {})
            told = {row[key]: row["Status"] for row in self.rows(account, f"ReqQryParked{kind}")}
            waited = {number for number, status in kept.items() if status == "1"}
            yield f"{account}: parked {kind} of before", told.keys() - waited, set[str]()
            self.kept[account, kind] = told

    def parked(self, account: str) -> Iterator[Difference]:
        """Hold what is parked against what was: each is there, and what was removed stays so."""
        for kind, key in PARKED.items():
            kept = self.kept.get((account, kind), {})
            told = {row[key]: row["Status"] for row in self.rows(account, f"ReqQryParked{kind}")}
            yield f"{account}: parked {kind}", told.keys(), kept.keys()
            for number, status in told.items():
                may = {"1": "12", "2": "2", "3": "3"}[kept[number]]
                yield f"{account}: parked {kind} {number} was {kept[number]}", status in may, True
                self.count("sent", status == "2" and kept[number] == "1")
                kept[number] = status

    def returns(self, account: str) -> Iterator[Difference]:
        """Hold the queries of a day's orders, trades and the rest against what was pushed last."""
        for callback, (query, _) in TOLD.items():
            pushed = self.returned[callback]
            right = [row for (investor, *_), row in pushed.items() if investor == account]
            told = self.rows(account, query)
            yield f"{query}: rows", len(told), len(right)
            for row, one in zip(told, right, strict=False):
                for name in row.keys() | one.keys():
                    yield f"{query} {name}", row.get(name), one.get(name)

    def watch(self) -> Iterator[Difference]:
        """Hold the ticks of this moment against those before and what was traded."""
        for name in self.names:
            yield from self.ticks[name].tick(self.tick(name))

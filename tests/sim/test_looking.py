"""Looking at a market changes nothing: watched or not, it is the same event for event."""

import dataclasses
from collections.abc import Iterator, Sequence
from datetime import date, datetime, timedelta
from functools import lru_cache
from random import Random
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st
from twisted.trial.unittest import SynchronousTestCase

from tests.sim.helpers import Bench
from webctp.exchanges import calendar, instruments, productfile
from webctp.exchanges.instruments import Instrument
from webctp.sim.accounts.sessions import Session
from webctp.sim.events import Event, TickEvent
from webctp.sim.market.markets import Markets
from webctp.sim.market.ticks import FIELDS
from webctp.sim.model.timeline import ExchangeHours
from webctp.sim.options import SimOptions

EVENING = datetime(2026, 11, 23, 20, 40)


def bench_of(seed: int, now: datetime) -> Bench:
    hours = ExchangeHours(calendar.default(), productfile.default().values())
    return Bench(SimOptions(seed=seed, balance=1e9), hours, now)


def some(bench: Bench, random: Random, number: int) -> list[str]:
    """Give instruments of every exchange: futures, near and far ones, and options."""
    listed = bench.exchange.markets.instruments
    by_exchange: dict[tuple[str, bool], list[str]] = {}
    for name, one in listed.items():
        by_exchange.setdefault((one.exchange_id, bool(one.options_type)), []).append(name)
    return [random.choice(names) for names in by_exchange.values() for _ in range(number)]


@lru_cache
def listed(day: date) -> tuple[Instrument, ...]:
    return instruments.listed(day)


def first_look(seed: int, moment: datetime, name: str) -> tuple[object, ...]:
    """Give what a market shows to one who has looked at nothing before."""
    hours = ExchangeHours(calendar.default(), productfile.default().values())
    return shown(Markets(seed, listed, hours, moment), name)


def shown(markets: Markets, name: str) -> tuple[object, ...]:
    """Give all that a market shows."""
    market = markets.market(name)
    return (
        market.day,
        dataclasses.astuple(market.tape),
        *(market.depth(side, 5) for side in ("0", "1")),
        markets.deltas(market.contract),
    )


def tick_of(bench: Bench, name: str) -> dict[str, Any]:
    return dict(zip(FIELDS, bench.exchange.market_data.tick(name), strict=True))


def without_ticks(events: Sequence[Event]) -> list[Event]:
    return [event for event in events if not isinstance(event, TickEvent)]


class Watcher:
    """Looks at a market in all the ways there are, at random."""

    def __init__(self, bench: Bench, names: Sequence[str], random: Random) -> None:
        self._bench = bench
        self._names = names
        self._random = random
        self._session: Session | None = None

    def look(self) -> None:
        exchange, random = self._bench.exchange, self._random
        if self._session is None:
            session_id = self._bench.connect(trading=False)
            self._session = exchange.sessions[session_id]
        name = random.choice(self._names)
        match random.randrange(6):
            case 0:
                exchange.market_data.watch(self._session, name)
            case 1:
                for watched in list(self._session.subscribed)[:3]:
                    exchange.market_data.unwatch(self._session, watched)
            case 2:
                exchange.market_data.tick(name)
            case 3:
                self._bench.market(name).depth("0", 5)
            case 4:
                exchange.markets.last(name)
            case _:
                exchange.market_data.present(self._session)


class Steps(SynchronousTestCase):
    """One market, looked at in many ways."""

    @settings(max_examples=6, deadline=None)
    @given(st.integers(0, 10**6))
    def test_a_tick_is_the_same_whoever_looked_before(self, seed: int) -> None:
        random = Random(seed)
        watched, alone = (bench_of(seed, EVENING) for _ in range(2))
        names = some(watched, random, 1)
        watcher = Watcher(watched, names, random)
        moment = EVENING
        for _ in range(8):
            for _ in range(random.randrange(4)):
                watcher.look()
            moment += timedelta(seconds=random.choice((0.5, 1, 7, 60, 900, 5000)))
            watched.run((moment - watched.now).total_seconds())
            alone.run((moment - alone.now).total_seconds())
            name = random.choice(names)
            told = shown(watched.exchange.markets, name)
            self.assertEqual(told, first_look(seed, moment, name), f"seed {seed}, {moment}")
            if random.randrange(3) == 0:
                self.assertEqual(
                    told, shown(alone.exchange.markets, name), f"seed {seed}, {moment}"
                )

    def test_every_tick_of_a_session_is_that_of_a_first_look(self) -> None:
        # The end of a session is in it, and a break.
        bench = bench_of(3, datetime(2026, 11, 24, 11, 29, 55))
        names = ("cu2701", "rb2705", "SR705", "m2705-C-2800", "IO2612-C-4350", "IF2612", "wr2703")
        session = bench.exchange.sessions[bench.connect(trading=False)]
        for name in names:
            bench.exchange.market_data.watch(session, name)
        bench.exchange.drain()
        for _ in range(14):
            bench.run(0.5)
            for name in names:
                told = shown(bench.exchange.markets, name)
                self.assertEqual(told, first_look(3, bench.now, name), f"{name} {bench.now}")


class Flows(SynchronousTestCase):
    """The same orders at the same moments, with a watcher and without."""

    @settings(max_examples=4, deadline=None)
    @given(st.integers(0, 10**6))
    def test_watched_and_unwatched_are_the_same_event_for_event(self, seed: int) -> None:
        self.compare(seed, self.moments(seed, datetime(2026, 11, 24, 14, 0), 40))

    def test_a_whole_fast_day(self) -> None:
        self.compare(11, self.moments(11, EVENING, 80, whole=True))

    def moments(
        self, seed: int, start: datetime, number: int, *, whole: bool = False
    ) -> list[datetime]:
        random = Random(f"moments {seed}")
        if whole:
            length = (datetime(2026, 11, 25, 9, 30) - start).total_seconds()
            gaps = sorted(random.uniform(0, length) for _ in range(number))
            return [start, *(start + timedelta(seconds=round(gap, 1)) for gap in gaps)]
        found = [start]
        for _ in range(number):
            found.append(found[-1] + timedelta(seconds=random.choice((0.1, 0.5, 2, 9, 30, 700))))
        return found

    def compare(self, seed: int, moments: Sequence[datetime]) -> None:
        watched, alone = (bench_of(seed, moments[0]) for _ in range(2))
        names = some(watched, Random(seed), 1)[:8]
        flows = [self.flow(bench, names, seed) for bench in (watched, alone)]
        for flow in flows:
            next(flow)
        watcher = Watcher(watched, names, Random(f"watch {seed}"))
        for moment in moments[1:]:
            watcher.look()
            events = [
                without_ticks(bench.run((moment - bench.now).total_seconds()))
                for bench in (watched, alone)
            ]
            self.assertEqual(events[0], events[1], f"seed {seed} at {moment}")
            self.assertEqual(next(flows[0]), next(flows[1]), f"seed {seed} at {moment}")
        for name in names:
            if watched.known(name):
                self.assertEqual(tick_of(watched, name), tick_of(alone, name), f"seed {seed}")

    def flow(self, bench: Bench, names: Sequence[str], seed: int) -> Iterator[list[Event]]:
        """Orders and cancellations at random; each step gives what was told."""
        random = Random(f"flow {seed}")
        session = bench.login()
        number = 0
        while True:
            name = random.choice(names)
            buys, offset, kind = random.random() < 0.5, random.choice("003"), random.randrange(8)
            away, lots = random.randrange(-3, 12), random.choice((1, 2, 5, 40))
            if not bench.known(name):
                yield []
                continue
            if kind == 0 and number:
                yield without_ticks(bench.action(session, OrderRef=str(random.randint(1, number))))
                continue
            number += 1
            market = bench.market(name)
            best = market.best("0" if buys else "1") or market.day.pre_settlement
            price = best + (-1 if buys else 1) * away * market.contract.tick
            price = min(max(price, market.day.lower), market.day.upper)
            yield without_ticks(
                bench.order(
                    session,
                    name,
                    OrderRef=str(number),
                    Direction="0" if buys else "1",
                    CombOffsetFlag=offset,
                    LimitPrice=price / 10_000,
                    VolumeTotalOriginal=lots,
                )
            )

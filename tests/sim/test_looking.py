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


CUTS = (
    datetime(2026, 11, 23, 20, 58, 30),  # orders gather for the auction of the evening
    datetime(2026, 11, 23, 20, 59, 30),  # it has been matched
    datetime(2026, 11, 23, 21, 40),
    datetime(2026, 11, 24, 2, 31),  # the last night session is over
    datetime(2026, 11, 24, 8, 59, 30),  # the auction of the morning
    datetime(2026, 11, 24, 9, 29, 30),  # that of the index
    datetime(2026, 11, 24, 10, 20),  # a break
    datetime(2026, 11, 24, 14, 40),
    datetime(2026, 11, 24, 15, 20),  # closed, with settlement prices
    datetime(2026, 11, 24, 17, 0, 30),  # settled: the next day
    datetime(2026, 11, 24, 21, 30),
    datetime(2026, 11, 25, 10, 0),
)
"""Moments of a night and a day, and of the next, at which a market is compared."""
_SETTLED = 17
"""The hour of the settlement."""
_OF_THE_LOOK = ("TradingDay", "ActionDay", "UpdateTime", "UpdateMillisec", "CurrDelta")
"""Times of the last change or of the look; the delta follows the future, and changes no tick."""


class News(SynchronousTestCase):
    """What a user does is in the next tick, however quiet the market."""

    def test_trades_orders_and_cancellations_are_told_with_the_next_half_second(self) -> None:
        name = "c2705-P-2280"
        bench = bench_of(13, datetime(2026, 11, 24, 9, 25, 10))
        session, market = bench.login(), bench.market(name)
        watcher = bench.exchange.sessions[bench.connect(trading=False)]
        bench.exchange.market_data.watch(watcher, name)
        below = (market.best("0") or 0) - 2 * market.contract.tick
        for what, price in (("trade", market.day.upper), ("rest", below)):
            bench.run(10)
            bench.order(session, name, LimitPrice=price / 10_000)
            told = [event.values for event in bench.run(0.5) if isinstance(event, TickEvent)]
            self.assertEqual(told, [bench.exchange.market_data.tick(name)], what)
        [order] = [row for row in bench.rows(session, "ReqQryOrder") if row["OrderStatus"] == "3"]
        named = {key: order[key] for key in ("ExchangeID", "InstrumentID", "OrderRef")}
        bench.action(session, **named)
        self.assertTrue([event for event in bench.run(0.5) if isinstance(event, TickEvent)])


class Pauses(SynchronousTestCase):
    """What a pause skips is caught up on."""

    def test_orders_fill_before_the_close_that_a_pause_passes_over(self) -> None:
        """A machine that sleeps from before the close until after it: fills come before the end."""
        for name in ("rb2705", "m2705", "SR705", "IF2612"):
            paused, steady = (self.orders(name, step) for step in (2_400, 5))
            self.assertEqual(paused, steady, name)
            self.assertGreater(sum(volume for _, volume in paused), 4, name)

    def orders(self, name: str, step: float) -> list[tuple[object, int]]:
        """Give what becomes of orders on both sides of the market, with time going in steps."""
        bench = bench_of(3, datetime(2026, 11, 24, 14, 40))
        session, market = bench.login(), bench.market(name)
        for side, sign in (("0", -1), ("1", 1)):
            best = market.best(side) or market.day.pre_settlement
            for away in range(8):
                price = best + sign * away * market.contract.tick
                bench.order(session, name, Direction=side, LimitPrice=price / 10_000)
        while bench.now < datetime(2026, 11, 24, 15, 20):
            bench.run(step)
        rows = bench.rows(session, "ReqQryOrder")
        return [(row["OrderStatus"], int(str(row["VolumeTraded"]))) for row in rows]


class Flows(SynchronousTestCase):
    """The same orders at the same moments, with a watcher and without."""

    @settings(max_examples=4, deadline=None)
    @given(st.integers(0, 10**6))
    def test_watched_and_unwatched_are_the_same_event_for_event(self, seed: int) -> None:
        self.compare(seed, self.moments(seed, datetime(2026, 11, 24, 14, 0), 40))

    def test_a_whole_fast_day(self) -> None:
        self.compare(11, self.moments(11, EVENING, 80, whole=True))

    def test_over_auctions_breaks_and_the_settlement(self) -> None:
        """Who has watched two days knows at any moment what is there for whoever looks first."""
        for seed in (12, 13):
            random = Random(f"cuts {seed}")
            length = (CUTS[-1] - EVENING).total_seconds()
            between = {
                EVENING + timedelta(seconds=random.randrange(int(length))) for _ in range(50)
            }
            moments = sorted({*CUTS, *between})
            told = list(self.story(seed, moments, watched=True))
            self.assertTrue(any(events for events, _ in told))
            for cut in CUTS:
                upto = [moment for moment in moments if moment <= cut]
                seen = list(self.story(seed, upto, watched=False))
                self.assertEqual(
                    [events for events, _ in seen],
                    [events for events, _ in told[: len(seen)]],
                    f"seed {seed}: events to {cut}",
                )
                ticks = told[len(seen) - 1][1]
                self.assertTrue(ticks or cut.hour == _SETTLED, f"seed {seed}: no tick by {cut}")
                for name, tick in ticks.items():
                    self.assertEqual(seen[-1][1][name], tick, f"seed {seed}: {name} at {cut}")

    def story(
        self, seed: int, moments: Sequence[datetime], *, watched: bool
    ) -> Iterator[tuple[list[Event], dict[str, Any]]]:
        """Yield what is told by each moment, and the last tick of each instrument.

        Watched, that is the last one that a subscriber was told; unwatched, nobody looks before
        the last moment, but for what the orders themselves meet.
        """
        bench = bench_of(seed, EVENING)
        names = some(bench, Random(seed), 1)
        ticks: dict[str, Any] = {}
        flow = self.flow(bench, names, seed)
        next(flow)
        if watched:
            watcher = bench.exchange.sessions[bench.connect(trading=False)]
            for name in names:
                bench.exchange.market_data.watch(watcher, name)
            _note(ticks, bench.exchange.drain())
        day = bench.exchange.markets.day.name
        for moment in moments:
            events = bench.run((moment - bench.now).total_seconds())
            if bench.exchange.markets.day.name != day:
                # The new day's first ticks come with its first session.
                day = bench.exchange.markets.day.name
                ticks = {}
                events = [e for e in events if not isinstance(e, TickEvent)]
            _note(ticks, events)
            answers = next(flow)
            # What the order has changed is told with the next half second.
            more = bench.run(0.5)
            _note(ticks, more)
            if not watched and moment == moments[-1]:
                known = [name for name in names if bench.known(name)]
                ticks = {name: _but_of_the_look(tick_of(bench, name)) for name in known}
            yield without_ticks(events + answers + more), dict(ticks)

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
        number, day = 0, bench.exchange.markets.day.name
        while True:
            if bench.exchange.markets.day.name != day:
                day = bench.exchange.markets.day.name
                bench.ask(session, "ReqSettlementInfoConfirm")
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


def _note(ticks: dict[str, Any], events: Sequence[Event]) -> None:
    """Keep the last tick of each instrument."""
    for event in events:
        if isinstance(event, TickEvent):
            tick: dict[str, Any] = dict(zip(FIELDS, event.values, strict=True))
            ticks[bytes(tick["InstrumentID"]).decode()] = _but_of_the_look(tick)


def _but_of_the_look(tick: dict[str, Any]) -> dict[str, Any]:
    """Return a tick without what is of the look."""
    return {name: value for name, value in tick.items() if name not in _OF_THE_LOOK}

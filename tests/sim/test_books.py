"""The books balance after every event, whatever users do."""

from collections import Counter
from collections.abc import Callable
from datetime import datetime, timedelta
from functools import partial
from random import Random

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from twisted.trial.unittest import SynchronousTestCase

from tests.sim.audit import Witness, agree, audit
from tests.sim.helpers import MORNING, Bench
from webctp.exchanges import calendar, productfile
from webctp.sim.events import DayBegan, Event, Push, Reply
from webctp.sim.exchange.exchange import Exchange
from webctp.sim.model.timeline import ExchangeHours, Timeline
from webctp.sim.options import SimOptions
from webctp.sim.settlement.statement import decode

FUTURES = ("cu2701", "cu2702", "m2705", "IF2612", "SR705")


class Traders:
    """Two users who do one thing after another, chosen by numbers."""

    def __init__(
        self,
        seed: int,
        timeline: Timeline | None = None,
        now: datetime = MORNING,
        latency: float = 0.0,
    ) -> None:
        slow = SimOptions(seed=seed, balance=3_000_000, latency_more=latency)
        self.bench = Bench(slow, timeline, now)
        self.sessions = [self.bench.login("1001"), self.bench.login("1002")]
        self.witnesses = [Witness(), Witness()]
        listed = self.bench.exchange.markets.instruments
        options = [name for name in listed if name.startswith(("m2705-C-", "cu2701P"))]
        self.names = [*FUTURES, *options[8:12]]

    def act(self, what: int, who: int, place: int, size: int, offset: int) -> None:
        """One step: an order, a cancellation, or time going on."""
        who %= 2
        if what < 7:
            events = self._order(
                self.sessions[who], self.names[place % len(self.names)], what, size, offset
            )
        elif what < 9:
            events = self._cancel(self.sessions[who], size)
        else:
            events = self.bench.run(0.5 * (1 + size % 20))
        self._see(events)

    def until(self, moment: datetime) -> list[Event]:
        """Let time go on; gives what happened."""
        events = self.bench.run((moment - self.bench.now).total_seconds())
        self._see(events)
        return events

    def begin_day(self) -> None:
        """The day before is history for the witnesses, and its settlement confirmed."""
        for session, witness in zip(self.sessions, self.witnesses, strict=True):
            self.bench.ask(session, "ReqSettlementInfoConfirm")
            witness.new_day(self.bench.rows(session, "ReqQryInvestorPosition"))

    def _see(self, events: list[Event]) -> None:
        accounts = list(self.bench.exchange.accounts)
        for account, witness in zip(accounts, self.witnesses, strict=True):
            witness.see([e for e in events if getattr(e, "account", None) == account])

    def _order(self, session: int, name: str, what: int, size: int, offset: int) -> list[Event]:
        market = self.bench.market(name)
        best = market.best("0") or market.day.pre_settlement
        price = (best + (offset - 4) * market.contract.tick) / 10_000
        return self.bench.order(
            session,
            name,
            Direction=str(size % 2),
            CombOffsetFlag="00134"[what % 5],
            LimitPrice=price,
            VolumeTotalOriginal=1 + size % 9,
            TimeCondition="1" if offset % 5 == 0 else "3",
            VolumeCondition="13"[offset % 10 == 0],
        )

    def _cancel(self, session: int, size: int) -> list[Event]:
        alive = [order for order in self.bench.exchange.engine.orders if order.alive]
        if not alive:
            return []
        order = alive[size % len(alive)]
        return self.bench.ask(
            session,
            "ReqOrderAction",
            UserID="1001",
            ActionFlag="0",
            InstrumentID=order.contract.instrument,
            ExchangeID=order.contract.exchange,
            FrontID=order.front,
            SessionID=order.session,
            OrderRef=order.ref,
        )

    def compare(self) -> None:
        """Queries agree with what was pushed."""
        for session, witness in zip(self.sessions, self.witnesses, strict=True):
            agree(partial(self.bench.rows, session), witness)


STEP = st.tuples(
    st.integers(0, 9), st.integers(0, 1), st.integers(0, 12), st.integers(0, 40), st.integers(0, 9)
)


def steps(random: Random) -> tuple[int, int, int, int, int]:
    """A step as `STEP` draws them."""
    below: Callable[[int], int] = random.randrange
    return below(10), below(2), below(13), below(41), below(10)


class Books(SynchronousTestCase):
    """Random flows, audited after every step."""

    @settings(max_examples=25, deadline=None, suppress_health_check=list(HealthCheck))
    @given(st.lists(STEP, min_size=5, max_size=60), st.integers(0, 3))
    def test_short_flows(self, flow: list[tuple[int, int, int, int, int]], seed: int) -> None:
        traders = Traders(seed)
        for step in flow:
            traders.act(*step)
            audit(traders.bench.exchange)
        traders.compare()

    def test_flows_that_take_their_time(self) -> None:
        told = [self.slow_flow(seed=11, turns=1500) for _ in range(2)]
        self.assertEqual(*told)
        codes = Counter(code for code, _ in told[0])
        # An action met one under way, an unknown order, or a trade, and none was lost.
        self.assertTrue(codes[24] and codes[157] and codes[26], codes)

    def slow_flow(self, seed: int, turns: int) -> list[tuple[int | None, str]]:
        """Errors and pushes of a random flow with some seconds to the exchange and back."""
        traders, random = Traders(seed, latency=2000.0), Random(seed)
        told: list[tuple[int | None, str]] = []
        seen = traders._see

        def see(events: list[Event]) -> None:
            told.extend((e.error, repr(e)) for e in events if isinstance(e, Push | Reply))
            seen(events)

        traders._see = see  # type: ignore[method-assign]
        for turn in range(turns):
            traders.act(*steps(random))
            if turn % 5 == 0:
                audit(traders.bench.exchange)
        traders.until(traders.bench.now + timedelta(seconds=60))
        audit(traders.bench.exchange)
        traders.compare()
        self.assertFalse([o for o in traders.bench.exchange.engine.orders if o.status == "a"])
        return told

    @settings(max_examples=3, deadline=None, suppress_health_check=list(HealthCheck))
    @given(st.integers(0, 1_000_000))
    def test_long_flows(self, seed: int) -> None:
        traders, random = Traders(seed), Random(seed)
        for turn in range(2000):
            traders.act(*steps(random))
            if turn % 5 == 0:
                audit(traders.bench.exchange)
            if turn % 100 == 0:
                traders.compare()
        traders.compare()
        engine = traders.bench.exchange.engine
        self.assertGreater(len(engine.trades), 200)
        self.assertTrue({"0", "5"} <= {order.status for order in engine.orders})


class DaysByTheCalendar(SynchronousTestCase):
    """Auctions, breaks, nights and settlements between whatever users do."""

    MINUTES = st.sampled_from((0, 0, 1, 4, 20, 90, 240))

    @settings(max_examples=20, deadline=None, suppress_health_check=list(HealthCheck))
    @given(st.lists(st.tuples(STEP, MINUTES), min_size=20, max_size=80), st.integers(0, 99))
    def test_flows(self, flow: list[tuple[tuple[int, int, int, int, int], int]], seed: int) -> None:
        hours = ExchangeHours(calendar.default(), productfile.default().values())
        traders = Traders(seed, hours, datetime(2026, 11, 23, 20, 54))
        exchange = traders.bench.exchange
        for step, minutes in flow:
            traders.act(*step)
            audit(exchange)
            events = traders.until(traders.bench.now + timedelta(minutes=minutes))
            audit(exchange)
            if any(isinstance(event, DayBegan) for event in events):
                traders.begin_day()
        traders.compare()


class MarketWithoutEnd(SynchronousTestCase):
    """Clock: always. Sessions, orders and days go on; every settlement adds up."""

    def test_days_one_after_another(self) -> None:
        traders, random = Traders(5), Random(5)
        exchange = traders.bench.exchange
        for _ in range(8):
            for _ in range(80):
                traders.act(*steps(random))
            audit(exchange)
            traders.compare()
            traders.until(exchange.markets.day.ends - timedelta(milliseconds=1))
            ended, settled = exchange.markets.day.name, self.settled(exchange)
            events = traders.until(exchange.markets.day.ends + timedelta(seconds=1))
            self.assertEqual(
                [event.trading_day for event in events if isinstance(event, DayBegan)],
                [exchange.markets.day.name],
            )
            for key, account in exchange.accounts.items():
                self.assertEqual(account.pre_balance, settled[key])
                summary = decode(exchange.users[key].statements[ended]).summary
                self.assertEqual(summary.after, settled[key])
            self.assertTrue(all(not order.alive for order in exchange.engine.orders))
            audit(exchange)
            traders.begin_day()
        self.assertEqual(exchange.markets.day.name, "20261204")

    def settled(self, exchange: Exchange) -> dict[tuple[str, str], int]:
        """The accounts' balances at the day's settlement prices."""
        markets = exchange.markets
        return {
            key: account.funds(lambda name: markets.settlement_price(markets.must(name))).balance
            for key, account in exchange.accounts.items()
        }

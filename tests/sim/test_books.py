"""The books balance after every event, whatever users do."""

from collections.abc import Callable
from random import Random

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from twisted.trial.unittest import SynchronousTestCase

from tests.sim.audit import Witness, audit
from tests.sim.helpers import Bench
from webctp.sim.events import Event
from webctp.sim.options import SimOptions

FUTURES = ("cu2701", "cu2702", "m2705", "IF2612", "SR705")


class Traders:
    """Two users who do one thing after another, chosen by numbers."""

    def __init__(self, seed: int) -> None:
        self.bench = Bench(SimOptions(seed=seed, balance=3_000_000))
        self.sessions = [self.bench.login("1001"), self.bench.login("1002")]
        self.witnesses = [Witness(), Witness()]
        listed = self.bench.exchange.world.instruments
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
            ActionFlag="0",
            FrontID=order.front,
            SessionID=order.session,
            OrderRef=order.ref,
        )

    def compare(self) -> None:
        """Queries agree with what was pushed."""
        for session, witness in zip(self.sessions, self.witnesses, strict=True):
            witness.compare(
                self.bench.rows(session, "ReqQryOrder"), self.bench.rows(session, "ReqQryTrade")
            )


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

    def test_long_flow(self) -> None:
        traders, random = Traders(11), Random(11)
        for turn in range(3000):
            traders.act(*steps(random))
            if turn % 5 == 0:
                audit(traders.bench.exchange)
        traders.compare()
        engine = traders.bench.exchange.engine
        self.assertGreater(len(engine.trades), 200)
        self.assertTrue({"0", "5"} <= {order.status for order in engine.orders})

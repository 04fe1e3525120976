"""The query queue under random schedules of a front and its askers."""

import itertools

from hypothesis import given, settings
from hypothesis import strategies as st
from twisted.internet.task import Clock
from twisted.trial.unittest import SynchronousTestCase

from tests.upstream.trading.queues import ACCOUNT, CATALOGUE, Asker, Front, Sent
from webctp.ctp import errors
from webctp.upstream.session.reply import Reply
from webctp.upstream.trading.queries import QueryQueue
from webctp.upstream.trading.queries import QueryState as State

STEPS = st.lists(
    st.one_of(
        st.tuples(st.just("ask"), st.integers(0, 6)),
        st.tuples(st.just("reply"), st.integers(0, 2)),
        st.tuples(st.just("result"), st.sampled_from([-1, -2, -3])),
        st.tuples(st.just("refuse"), st.sampled_from([7, 90])),
        st.tuples(st.just("again"), st.integers(0, 30)),
        st.tuples(st.just("advance"), st.floats(0, 12, allow_nan=False)),
        st.tuples(st.just("leave"), st.integers(0, 30)),
        st.tuples(st.just("clear"), st.just(0)),
    ),
    max_size=40,
)


class ScheduleTests(SynchronousTestCase):
    """Random schedules: answers lost, refused, repeated, late; askers that leave."""

    @settings(max_examples=150)
    @given(STEPS)
    def test_one_ending_each_in_order_and_never_two_in_flight(
        self, steps: list[tuple[str, float]]
    ) -> None:
        run = Schedule()
        for kind, value in steps:
            run.step(kind, value)
        run.drain()
        self.assertEqual({asker.endings for asker in run.staying}, {1} if run.staying else set())
        self.assertTrue(all(not asker.rows or not asker.rows[-1][2] for asker in run.left))
        self.assertEqual(run.order, sorted(run.order))
        self.assertEqual(run.clock.getDelayedCalls(), [])
        for before, after in itertools.pairwise(run.front.sent):
            if before.result == 0 and not run.cleared:
                self.assertGreaterEqual(after.at, before.at + 1)


class Schedule:
    """A queue, a front that keeps what it was sent, and numbered askers."""

    def __init__(self) -> None:
        self.clock = Clock()
        self.front = Front(self.clock)
        self.queue = QueryQueue(self.clock, CATALOGUE, self.front.send, limit=1000)
        self.staying: list[Asker] = []
        self.left: list[Asker] = []
        self.order: list[int] = []
        self.flying: Sent | None = None
        self.cleared = False
        self.front.on_send = self.sent

    def sent(self, sent: Sent) -> None:
        """Never two in flight: the one before has ended, or the queue has given it up."""
        flying, self.flying = self.flying, sent if sent.result == 0 else None
        if flying is not None and self.clock.seconds() - flying.at < 10:
            raise AssertionError(f"{flying.body!r} is in flight still")

    def step(self, kind: str, value: float) -> None:
        getattr(self, f"do_{kind}")(value)

    def do_ask(self, value: float) -> None:
        number, asker = len(self.staying) + len(self.left), Asker()

        def on_reply(reply: Reply) -> None:
            asker.on_reply(reply)
            if reply.is_last and len(asker.rows) and not self.clearing and value == 6:
                self.order.append(number)  # these are never shared: each has a body of its own

        body = f"{number}" if value == 6 else f"same {value}"
        self.staying.append(asker)
        self.queue.ask(ACCOUNT, body.encode(), on_reply, asker)

    clearing = False

    def do_reply(self, value: float) -> None:
        if self.flying is not None:
            flying, self.flying = self.flying, None
            flying.reply(*[b"row"] * int(value))

    def do_refuse(self, value: float) -> None:
        if self.flying is not None:
            flying, self.flying = self.flying, None
            flying.reply(code=int(value))

    def do_result(self, value: float) -> None:
        self.front.results.append(int(value))

    def do_again(self, value: float) -> None:
        """An answer that has come already, or comes too late, is repeated."""
        over = [sent for sent in self.front.sent if sent is not self.flying and not sent.result]
        if over:
            over[int(value) % len(over)].reply(b"again")

    def do_advance(self, value: float) -> None:
        self.clock.advance(value)

    def do_leave(self, value: float) -> None:
        staying = [asker for asker in self.staying if not asker.endings]
        if staying:
            asker = staying[int(value) % len(staying)]
            self.staying.remove(asker)
            self.left.append(asker)
            self.queue.leave(asker)

    def do_clear(self, _: float) -> None:
        self.cleared = True
        self.flying = None
        self.clearing = True
        self.queue.clear(errors.NOT_READY)
        self.clearing = False

    def drain(self) -> None:
        self.front.results.clear()
        for _ in range(1000):
            if self.queue.state is State.IDLE:
                return
            self.do_reply(1)
            self.clock.advance(1)
        raise AssertionError("the queue does not come to an end")

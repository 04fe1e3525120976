"""What leaves: in order, one write a turn, and bounded for who cannot keep up."""

from collections.abc import Callable
from typing import Final

from hypothesis import given
from hypothesis import strategies as st
from twisted.internet.interfaces import IPushProducer
from twisted.internet.task import Clock
from twisted.trial.unittest import SynchronousTestCase

from tests.conformance import holds
from webctp.config.serving import Limits
from webctp.gateway.websocket import fanout
from webctp.gateway.websocket.fanout import MEBIBYTE, Fanout, Outbox


class Transport:
    """Writes down what it is given."""

    def __init__(self) -> None:
        self.writes: list[bytes] = []
        self.producer: IPushProducer | None = None
        self.full_after = 0
        """Writes from now until it says "stop"; 0 for never."""

    def write(self, data: bytes) -> None:
        """Take bytes."""
        self.writes.append(data)
        if self.full_after:
            self.full_after -= 1
            if not self.full_after and self.producer is not None:
                self.producer.pauseProducing()

    def registerProducer(self, producer: IPushProducer, streaming: bool) -> None:
        """Only push producers are known here."""
        if not streaming:
            raise AssertionError("a pull producer")
        self.producer = producer

    def unregisterProducer(self) -> None:
        """Forget it."""
        self.producer = None


class OutboxCase(SynchronousTestCase):
    """One outbox, and a second beside it."""

    limits = Limits(slow_client_bytes=100, slow_client_seconds=30)

    def setUp(self) -> None:
        self.clock = Clock()
        self.fanout = Fanout(self.clock, self.limits)
        self.given_up: list[str] = []
        self.transport = Transport()
        self.outbox = Outbox(self.fanout, self.transport, self.given_up.append)

    def flushed(self) -> list[bytes]:
        """What a flush writes."""
        self.fanout.flush()
        writes, self.transport.writes = self.transport.writes, []
        return writes


class WhenWritten(OutboxCase):
    """What is to happen once the frames of a turn are out."""

    def test_it_happens_once_behind_all_that_was_queued(self) -> None:
        seen: list[int] = []
        self.fanout.when_written(lambda: seen.append(len(self.transport.writes)))
        self.outbox.message(b"a")
        self.assertEqual(seen, [], "nothing is written yet")
        self.fanout.flush()
        self.outbox.message(b"b")
        self.fanout.flush()
        self.assertEqual(seen, [1])


class Figures(OutboxCase):
    """What a scrape reads of clients."""

    def read(self, *names: str) -> list[float]:
        found = {
            sample.name.removeprefix("webctp_"): sample.value for sample in self.fanout.samples()
        }
        return [found[name] for name in names]

    def test_ticks_count_for_each_client_and_messages_once(self) -> None:
        other = Outbox(self.fanout, Transport(), self.given_up.append)
        audience = self.fanout.audience((self.outbox, other))
        audience.tick(b"cu", b"1234")
        audience.tick(b"au", b"56")
        self.outbox.message(b"789")
        self.fanout.flush()
        names = "client_ticks_total", "client_messages_total", "client_sent_bytes_total"
        self.assertEqual(self.read(*names), [4, 1, 2 * 6 + 3])

    def test_requests_and_answers_are_messages_and_ticks_are_none(self) -> None:
        self.outbox.tick(b"cu", b"1234")
        self.assertEqual(self.fanout.traffic.messages(), 0)
        self.fanout.traffic.requests["ReqOrderInsert"] += 2
        self.outbox.message(b"789")
        self.assertEqual(self.fanout.traffic.messages(), 3)

    def test_a_client_that_reads_slowly_is_behind_until_it_has_caught_up(self) -> None:
        names = "clients", "clients_behind", "client_ticks_dropped_total", "clients_held_bytes"
        self.outbox.pauseProducing()
        for _ in range(3):
            self.outbox.tick(b"cu", b"tick")
        self.assertEqual(self.read(*names), [1, 1, 2, 4])
        self.outbox.resumeProducing()
        self.assertEqual(self.read(*names), [1, 0, 2, 0])

    def test_who_is_given_up_is_counted_and_no_client_any_more_when_released(self) -> None:
        self.outbox.pauseProducing()
        self.outbox.message(b"x" * 101)
        self.assertEqual(self.read("clients_given_up_total", "clients"), [1, 1])
        self.outbox.release()
        self.assertEqual(self.read("clients"), [0])


class KeepingUp(OutboxCase):
    """A client that reads."""

    def test_one_write_a_turn_in_order(self) -> None:
        self.outbox.message(b"a")
        self.outbox.tick(b"cu", b"b")
        self.outbox.message(b"c")
        self.outbox.tick(b"cu", b"d")
        self.assertEqual(self.transport.writes, [])
        self.assertEqual(self.flushed(), [b"abcd"])
        self.assertEqual(self.flushed(), [])

    def test_a_single_frame_is_written_as_it_is(self) -> None:
        frame = b"x" * 10
        self.outbox.message(frame)
        self.assertIs(self.flushed()[0], frame)

    def test_each_client_gets_its_own(self) -> None:
        other = Transport()
        second = Outbox(self.fanout, other, self.given_up.append)
        self.outbox.message(b"a")
        second.message(b"b")
        self.assertEqual(self.flushed(), [b"a"])
        self.assertEqual(other.writes, [b"b"])

    def test_ticks_are_not_dropped(self) -> None:
        for number in range(1000):
            self.outbox.tick(b"cu", b"%d " % number)
        self.assertEqual(self.flushed(), [b"".join(b"%d " % number for number in range(1000))])
        self.assertEqual(self.outbox.ticks_dropped, 0)


class Audiences(SynchronousTestCase):
    """Ticks for several clients at once, among messages for single ones."""

    @given(
        st.lists(
            st.one_of(
                st.integers(0, 3),  # a message for one client
                st.sets(st.integers(0, 3), min_size=1),  # a tick for several
                st.none(),  # the turn is over
            )
        )
    )
    def test_one_write_a_turn_in_order(self, steps: list[int | set[int] | None]) -> None:
        fanout = Fanout(Clock(), Limits())
        transports = [Transport() for _ in range(4)]
        outboxes = [Outbox(fanout, transport, self.fail) for transport in transports]
        expected: list[list[bytes]] = [[] for _ in outboxes]
        audiences = []  # they live as long as somebody keeps them
        for number, step in enumerate([*steps, None]):
            frame = b"<%d>" % number
            match step:
                case None:
                    fanout.flush()
                    written = [transport.writes for transport in transports]
                    self.assertEqual(written, [[b"".join(one)] if one else [] for one in expected])
                    for transport, due in zip(transports, expected, strict=True):
                        transport.writes = []
                        due.clear()
                    continue
                case int():
                    outboxes[step].message(frame)
                    told = {step}
                case _:
                    audience = fanout.audience(outboxes[member] for member in step)
                    audience.tick(b"cu", frame)
                    audiences.append(audience)
                    told = step
            for member in told:
                expected[member].append(frame)


class FallingBehind(OutboxCase):
    """A client that does not read."""

    def setUp(self) -> None:
        super().setUp()
        self.outbox.pauseProducing()

    def test_nothing_is_written(self) -> None:
        self.outbox.message(b"a")
        self.outbox.tick(b"cu", b"b")
        self.assertEqual(self.flushed(), [])

    def test_no_message_is_lost_and_the_order_is_kept(self) -> None:
        for frame in (b"a", b"b", b"c"):
            self.outbox.message(frame)
        self.outbox.resumeProducing()
        self.assertEqual(self.flushed(), [b"abc"])

    @holds("HQLK-3")
    def test_of_ticks_the_newest_of_each_instrument(self) -> None:
        for key, frame in ((b"cu", b"1"), (b"au", b"2"), (b"cu", b"3"), (b"cu", b"4")):
            self.outbox.tick(key, frame)
        self.outbox.resumeProducing()
        self.assertEqual(sorted(b"".join(self.flushed())), sorted(b"24"))
        self.assertEqual(self.outbox.ticks_dropped, 2)

    def test_too_many_bytes(self) -> None:
        self.outbox.message(b"x" * 100)
        self.assertEqual(self.given_up, [])
        self.outbox.message(b"x")
        self.assertEqual(len(self.given_up), 1)
        self.assertIn("100 bytes", self.given_up[0])

    def test_ticks_count_for_no_bytes(self) -> None:
        for _ in range(100):
            self.outbox.tick(b"cu", b"x" * 50)
        self.assertEqual(self.given_up, [])

    def test_too_long(self) -> None:
        self.clock.advance(29.9)
        self.assertEqual(self.given_up, [])
        self.clock.advance(0.1)
        self.assertEqual(len(self.given_up), 1)
        self.assertIn("30 s", self.given_up[0])

    def test_the_time_counts_from_the_last_byte_that_it_took(self) -> None:
        taken = [0]
        self.patch(fanout, "acknowledged", lambda transport: taken[0])
        self.outbox.resumeProducing()
        self.outbox.pauseProducing()
        self.clock.pump([1] * 2)
        taken[0] += 1  # the kernel's buffers were not full yet
        self.clock.pump([1] * 38)
        self.assertEqual(len(self.given_up), 1, "it was looked at too seldom")

    def test_it_is_given_up_once(self) -> None:
        for _ in range(9):
            self.outbox.message(b"x" * 99)
        self.clock.advance(1000)
        self.assertEqual(len(self.given_up), 1)

    def test_who_catches_up_starts_anew(self) -> None:
        self.outbox.message(b"x" * 100)
        self.clock.advance(29)
        self.outbox.resumeProducing()
        self.outbox.pauseProducing()
        self.outbox.message(b"x" * 100)
        self.clock.advance(29)
        self.assertEqual(self.given_up, [])

    def test_pausing_twice_starts_no_second_clock(self) -> None:
        self.clock.advance(20)
        self.outbox.pauseProducing()
        self.clock.advance(10)
        self.assertEqual(len(self.given_up), 1)
        self.assertEqual(self.clock.getDelayedCalls(), [])

    def test_others_are_not_held_up(self) -> None:
        other = Transport()
        second = Outbox(self.fanout, other, self.given_up.append)
        self.outbox.message(b"a")
        second.message(b"b")
        self.fanout.flush()
        self.assertEqual(other.writes, [b"b"])


class CatchingUp(OutboxCase):
    """A client that was behind gets what waits in portions."""

    limits = Limits(slow_client_bytes=64 * MEBIBYTE, slow_client_seconds=30)
    FRAME: Final = 10_000

    def behind(self) -> None:
        self.outbox.pauseProducing()

    def portion(self) -> bytes:
        """What is handed over until the transport says "stop" again."""
        self.transport.full_after = 1
        self.outbox.resumeProducing()
        (portion,) = self.flushed()
        return portion

    def test_a_portion_at_a_time_and_in_order(self) -> None:
        self.behind()
        frames = [b"%d" % number * self.FRAME for number in range(10)] * 10
        for frame in frames:
            self.outbox.message(frame)
        portions = []
        while self.outbox.held:
            portions.append(self.portion())
        self.assertEqual(b"".join(portions), b"".join(frames))
        self.assertGreater(len(portions), 2)
        self.assertLess(max(map(len, portions)), 256 * 1024 + self.FRAME)

    def test_each_portion_begins_the_patience_anew(self) -> None:
        self.behind()
        for _ in range(200):
            self.outbox.message(b"x" * self.FRAME)
        while self.outbox.held:
            self.clock.advance(29)
            self.portion()
        self.assertEqual(self.given_up, [])

    def test_messages_that_come_meanwhile_keep_their_order(self) -> None:
        self.behind()
        sent, read = [], []
        for number in range(200):
            sent.append(b"%03d" % number * self.FRAME)
            self.outbox.message(sent[-1])
            if number % 50 == 49:
                read.append(self.portion())
        while self.outbox.held:
            read.append(self.portion())
        self.assertEqual(b"".join(read), b"".join(sent))

    def test_ticks_wait_for_messages_and_not_for_ever(self) -> None:
        self.behind()
        names = [b"%03d" % number for number in range(100)]
        for name in names:
            self.outbox.tick(name, name * self.FRAME)
        seen: set[bytes] = set()
        for _ in range(20):
            self.outbox.tick(names[0], names[0] * self.FRAME)  # one that never rests
            portion = self.portion()
            seen.update(portion[at : at + 3] for at in range(0, len(portion), 3 * self.FRAME))
        self.assertEqual(seen, set(names))

    def test_a_large_write_is_given_in_portions(self) -> None:
        self.transport.full_after = 1
        for _ in range(100):
            self.outbox.message(b"x" * self.FRAME)
        self.assertEqual([len(one) for one in self.flushed()], [27 * self.FRAME])
        self.outbox.message(b"y")
        whole = b""
        while self.outbox.held:
            whole += self.portion()
        self.assertEqual(whole, b"x" * (73 * self.FRAME) + b"y")

    def test_no_portion_ends_within_a_frame(self) -> None:
        self.transport.full_after = 1
        self.outbox.message(b"x" * MEBIBYTE)
        self.outbox.message(b"y")
        self.assertEqual([len(one) for one in self.flushed()], [MEBIBYTE])
        self.assertEqual(self.portion(), b"y")

    def test_nothing_is_held_when_all_is_read(self) -> None:
        self.behind()
        for number in range(50):
            self.outbox.message(b"x" * self.FRAME)
            self.outbox.tick(b"%d" % (number % 7), b"x" * number)
        self.outbox.resumeProducing()
        self.assertEqual((self.outbox.held, self.fanout.memory.held), (0, 0))
        self.outbox.message(b"a")
        self.flushed()
        self.assertEqual(self.outbox.held, 0)


class Strangers(OutboxCase):
    """Who has not logged in may leave little unread."""

    limits = Limits()

    def test_one_is_given_up_soon(self) -> None:
        self.outbox.is_admitted = lambda: False
        self.outbox.pauseProducing()
        for _ in range(64):
            self.outbox.message(b"x" * 1024)
        self.assertEqual(self.given_up, [])
        self.outbox.message(b"x")
        self.assertEqual(len(self.given_up), 1)
        self.assertIn("login", self.given_up[0])

    def test_who_has_logged_in_is_not(self) -> None:
        self.outbox.pauseProducing()
        for _ in range(65):
            self.outbox.message(b"x" * 1024)
        self.assertEqual(self.given_up, [])


class Together(OutboxCase):
    """What is held for all clients has a bound."""

    limits = Limits(client_memory=10_000)

    def test_the_greediest_goes_first(self) -> None:
        given_up: list[int] = []

        def note(number: int) -> Callable[[str], None]:
            return lambda _: given_up.append(number)

        outboxes = [Outbox(self.fanout, Transport(), note(number)) for number in range(3)]
        for outbox in outboxes:
            outbox.pauseProducing()
        for outbox, size in zip(outboxes, (2_000, 5_000, 2_000), strict=True):
            outbox.message(b"x" * size)
        self.assertEqual(given_up, [])
        outboxes[0].message(b"x" * 1_001)
        self.assertEqual(given_up, [1])
        self.assertEqual(self.fanout.memory.held, 5_001)

    def test_ticks_count(self) -> None:
        self.outbox.pauseProducing()
        for number in range(11):
            self.outbox.tick(b"%d" % number, b"x" * 1_000)
        self.assertEqual(len(self.given_up), 1)
        self.assertEqual(self.fanout.memory.held, 0)


class Closed(OutboxCase):
    """A client that is gone."""

    def test_nothing_goes_out_and_no_clock_runs(self) -> None:
        self.outbox.message(b"a")
        self.outbox.pauseProducing()
        self.outbox.close()
        self.outbox.message(b"b")
        self.outbox.tick(b"cu", b"c")
        self.outbox.resumeProducing()
        self.assertEqual(self.flushed(), [])
        self.assertEqual(self.clock.getDelayedCalls(), [])

    def test_the_transport_may_say_so(self) -> None:
        self.outbox.message(b"a")
        self.outbox.stopProducing()
        self.assertEqual(self.flushed(), [])

    def test_a_pause_after_the_end_starts_no_clock(self) -> None:
        self.outbox.close()
        self.outbox.pauseProducing()
        self.assertEqual(self.clock.getDelayedCalls(), [])
        self.clock.advance(60)
        self.assertEqual(self.given_up, [])


STEPS = st.lists(
    st.one_of(
        st.tuples(st.just("message"), st.binary(min_size=1, max_size=3)),
        st.tuples(st.just("tick"), st.sampled_from([b"cu", b"au", b"ag"])),
        st.tuples(st.sampled_from(["pause", "resume", "flush"]), st.just(b"")),
    ),
    max_size=60,
)


class Properties(SynchronousTestCase):
    """Whatever the client does: messages whole and in order, the newest tick of each."""

    @given(STEPS)
    def test_what_arrives(self, steps: list[tuple[str, bytes]]) -> None:
        fanout = Fanout(Clock(), Limits())
        transport = Transport()
        outbox = Outbox(fanout, transport, self.fail)
        messages, newest = [], {}
        for number, (kind, value) in enumerate(steps):
            if kind == "message":
                messages.append(b"m%d:" % number + value.hex().encode() + b"\n")
                outbox.message(messages[-1])
            elif kind == "tick":
                newest[value] = b"t%d:" % number + value + b"\n"
                outbox.tick(value, newest[value])
            elif kind == "flush":
                fanout.flush()
            elif kind == "pause":
                outbox.pauseProducing()
            else:
                outbox.resumeProducing()
        outbox.resumeProducing()
        fanout.flush()
        arrived = b"".join(transport.writes).splitlines(keepends=True)
        self.assertEqual([line for line in arrived if line[:1] == b"m"], messages)
        for key, tick in newest.items():
            of_key = [
                line for line in arrived if line.endswith(b":" + key + b"\n") and line[:1] == b"t"
            ]
            self.assertEqual(of_key[-1], tick)
            numbers = [int(line[1 : line.index(b":")]) for line in of_key]
            self.assertEqual(numbers, sorted(set(numbers)))

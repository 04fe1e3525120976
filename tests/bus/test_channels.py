"""webctp.bus.channels: an edge listens to the partitions of what it wants, and to no other."""

from collections.abc import Mapping, Sequence
from unittest.mock import patch

from tests.bus.scriptedredis import Words
from tests.bus.test_batches import NAMES, tick
from tests.bus.test_healing import told
from tests.bus.test_publisher import PublisherTest
from webctp.bus import notes
from webctp.bus.feed import BusFeed
from webctp.bus.frame import partition_of
from webctp.bus.front import BusFront
from webctp.bus.publisher import BEAT
from webctp.config.bus import BusConfig
from webctp.ctp.bridge import CallbackEvent
from webctp.secret import Secret
from webctp.upstream.market.source import TickSource
from webctp.upstream.session.login import LoginState

_PARTITIONS = 64
_SOON = 0.1
"""Seconds within which a lease is written, and positions are told."""
_PUBLISHER = notes.Names("webctp", "1")
RB, IF = NAMES[0], NAMES[1]


def channel(name: str) -> bytes:
    """The channel of an instrument's ticks."""
    return _PUBLISHER.ticks(partition_of(name.encode(), _PARTITIONS))


class Listener:
    """A feed's hub that writes down what it is given."""

    def __init__(self) -> None:
        self.ticks: list[tuple[str, int]] = []
        self.missed: list[dict[bytes, int]] = []
        self.instruments: list[bytes] = []

    def on_ticks(self, feed: TickSource, ticks: Sequence[bytes], received: int = 0) -> None:
        """Of a listener."""
        self.ticks += map(told, ticks)

    def on_gap(self, feed: TickSource, missed: Mapping[bytes, int]) -> None:
        """Of a listener."""
        self.missed.append(dict(missed))

    def on_instruments(self, feed: TickSource, names: Sequence[bytes]) -> None:
        """Of a listener."""
        self.instruments += names

    def on_quote_request(self, feed: TickSource, event: CallbackEvent) -> None:
        """Of a listener."""

    def on_connection(self, feed: TickSource, event: CallbackEvent) -> None:
        """Of a listener."""

    def on_refused(self, feed: TickSource, event: CallbackEvent) -> None:
        """Of a listener."""

    def on_status(self, feed: TickSource) -> None:
        """Of a listener."""


class EdgeTest(PublisherTest):
    """A publisher and an edge that is ready, before a Redis that answers when told."""

    partitions = _PARTITIONS

    def setUp(self) -> None:
        super().setUp()
        self.redis.run()
        self.listener = Listener()
        self.refused: set[str] = set()
        front = BusFront(self.front.binding, BusConfig(), Secret())
        front.on_revoked = lambda hashes, restored: self.refused.update(hashes)
        with patch("webctp.bus.feed.Connector", lambda *_: self.redis):
            self.feed = BusFeed(
                *(self.reactor, front, self.listener, "redis://nowhere"),
                number=0,
                record=None,
                wall=lambda: 0.0,
            )
        self.feed.start()
        self.redis.run()
        self.edge_wires = self.redis.wires[-2:]
        self.passes(BEAT)
        self.assertIs(self.feed.state, LoginState.READY)

    def tearDown(self) -> None:
        closed = self.feed.close()
        self.redis.run()
        self.successResultOf(closed)
        super().tearDown()

    def passes(self, seconds: float = _SOON) -> None:
        """Let time pass, and Redis answer."""
        for _ in range(5):
            self.reactor.advance(seconds / 5)
            self.redis.run()

    def push(self, name: str, volume: int) -> None:
        """Publish a tick."""
        self.publisher.ticks([tick(name, volume)], 0)
        self.publisher._flush()

    def want(self, *names: str) -> None:
        self.assertEqual(self.feed.subscribe("tick", [name.encode() for name in names]), 0)

    def leave(self, *names: str) -> None:
        self.assertEqual(self.feed.unsubscribe("tick", [name.encode() for name in names]), 0)

    def listened(self) -> set[bytes]:
        """The channels that the edge listens to."""
        return {
            name
            for name, wires in self.redis.channels.items()
            if any(wire in wires for wire in self.edge_wires)
        }


class Interest(EdgeTest):
    """What is wanted comes and goes."""

    def test_who_wants_nothing_listens_to_notes_alone(self) -> None:
        self.assertEqual(self.listened(), {_PUBLISHER.control})

    def test_partitions_are_followed_and_left_with_what_is_wanted(self) -> None:
        same = next(
            name for name in (f"x{one}" for one in range(10_000)) if channel(name) == channel(RB)
        )
        self.want(RB, same)
        self.want(IF)
        self.redis.run()
        self.assertEqual(self.listened(), {_PUBLISHER.control, channel(RB), channel(IF)})
        self.leave(IF, same)
        self.redis.run()
        self.assertEqual(self.listened(), {_PUBLISHER.control, channel(RB)})
        self.leave(RB)
        self.redis.run()
        self.assertEqual(self.listened(), {_PUBLISHER.control})

    def test_states_instruments_and_revocations_come_all_the_same(self) -> None:
        self.hub.instruments.add([b"cu2405"])
        self.publisher.revoke(["a"], [])
        self.redis.run()
        self.assertEqual((self.listener.instruments, self.refused), ([b"cu2405"], {"a"}))
        self.front.disconnect()
        self.reactor.turn()
        self.redis.run()
        self.assertIs(self.feed.state, LoginState.LOST)

    def test_what_a_publisher_learnt_without_a_link_is_read_over_its_next(self) -> None:
        self.redis.cut(*(wire for wire in self.redis.wires if wire not in self.edge_wires))
        self.hub.instruments.add([b"cu2405"])
        self.publisher.revoke(["a"], [])
        self.passes(5.0)
        self.assertEqual((self.listener.instruments, self.refused), ([b"cu2405"], {"a"}))


class Ticks(EdgeTest):
    """What comes of partitions that are followed, just to be, or left."""

    def subscribing(self, words: Words) -> bool:
        return words[0] == b"SUBSCRIBE"

    def test_what_is_kept_is_read_once_the_channel_is_confirmed(self) -> None:
        self.push(RB, 1)
        self.redis.run()
        self.want(RB)
        self.redis.run(self.subscribing)
        self.push(RB, 2)
        self.passes()
        self.assertEqual(self.listener.ticks, [(RB, 2)])
        self.push(RB, 3)
        self.redis.run()
        self.assertEqual(self.listener.ticks, [(RB, 2), (RB, 3)])
        self.assertEqual(self.listener.missed, [])

    def test_who_comes_back_is_sent_the_newest_and_told_of_no_gap(self) -> None:
        self.want(RB)
        self.passes()
        self.push(RB, 1)
        self.redis.run()
        self.leave(RB)
        self.push(RB, 2)
        self.passes()
        self.want(RB)
        self.passes()
        self.push(RB, 3)
        self.passes()
        self.assertEqual(self.listener.ticks, [(RB, 1), (RB, 2), (RB, 3)])
        self.assertEqual(self.listener.missed, [])

    def test_one_that_is_left_and_wanted_again_at_once_misses_nothing(self) -> None:
        self.want(RB)
        self.passes()
        self.leave(RB)
        self.want(RB)
        self.push(RB, 1)
        self.passes()
        self.push(RB, 2)
        self.redis.run()
        self.assertEqual(self.listener.ticks, [(RB, 1), (RB, 2)])

    def test_an_answer_to_whoever_has_left_meanwhile_is_passed_over(self) -> None:
        self.push(RB, 1)
        self.redis.run()
        self.want(RB)
        for _ in range(10):
            if self.redis.is_asked(b"HMGET"):
                break
            self.redis.run()
            self.reactor.advance(_SOON)
        self.redis.run(lambda words: words[0] == b"HMGET")
        self.leave(RB)
        self.push(RB, 2)
        self.want(RB)
        self.redis.run()
        self.assertEqual(self.listener.ticks, [])
        self.passes()
        self.assertEqual(self.listener.ticks, [(RB, 2)])

    def test_a_gap_is_noticed_in_its_partition_alone(self) -> None:
        self.want(RB, IF)
        self.passes()
        self.push(RB, 1)
        self.push(IF, 2)
        self.redis.run()
        lost = self.redis.channels.pop(channel(RB))
        self.push(RB, 3)
        self.push(IF, 4)
        self.redis.run()
        self.redis.channels[channel(RB)] = lost
        self.passes(BEAT)
        self.passes()
        self.assertEqual(self.listener.ticks, [(RB, 1), (IF, 2), (IF, 4), (RB, 3)])
        self.assertEqual(self.listener.missed, [{RB.encode(): 1}])

    def test_over_another_link_what_is_wanted_is_followed_and_a_gap_told(self) -> None:
        self.want(RB)
        self.passes()
        self.push(RB, 1)
        self.redis.run()
        before = set(map(id, self.redis.wires))
        self.redis.cut(*self.edge_wires)
        self.push(RB, 2)
        self.push(RB, 3)
        self.redis.run()
        self.passes(5.0)
        self.edge_wires = [wire for wire in self.redis.wires if id(wire) not in before]
        self.passes(5.0)
        self.assertEqual(self.listened(), {_PUBLISHER.control, channel(RB)})
        self.assertEqual(self.listener.ticks, [(RB, 1), (RB, 3)])
        self.assertEqual(self.listener.missed, [{RB.encode(): 1}])

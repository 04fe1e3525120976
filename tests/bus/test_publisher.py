"""webctp.bus.publisher: what changes while no link stands, or one is just made, is told."""

from typing import Any
from unittest.mock import patch

from tests.bus.scriptedredis import ScriptedRedis
from tests.bus.test_batches import tick
from tests.bus.test_frame import FORMAT
from tests.upstream.market.test_hub import HubCase
from webctp.bus import notes
from webctp.bus.publisher import BEAT, ENOUGH, PACE, Publisher
from webctp.config.bus import BusConfig
from webctp.ctp.bridge import CallbackEvent
from webctp.secret import Secret

_NAMES = notes.Names("webctp", "1")
_AGAIN = 5.0
"""Seconds within which a link is made again."""


class PublisherTest(HubCase):
    """A publisher before a Redis that answers when told."""

    partitions = 1

    def setUp(self) -> None:
        super().setUp()
        self.redis = ScriptedRedis()
        settings = BusConfig(url="redis://nowhere", publish=True, partitions=self.partitions)
        with patch("webctp.bus.publisher.Connector", lambda *_: self.redis):
            self.publisher = Publisher(
                *(self.reactor, self.hub, self.front, settings, Secret()), lambda: "20240102"
            )
        self.publisher.start()

    def tearDown(self) -> None:
        stopped = self.publisher.stop()
        self.redis.run()
        self.successResultOf(stopped)
        super().tearDown()

    def greets(self, verb: bytes, key: bytes) -> None:
        """Let it greet until it has carried out a command of which it has no answer yet."""
        self.redis.run(lambda words: words[:2] == [verb, key])

    def links_again(self) -> None:
        """Cut the link, and let another be made."""
        self.redis.cut()
        self.reactor.advance(_AGAIN)
        self.redis.run()

    def revoked(self) -> set[bytes]:
        """The tokens that Redis keeps."""
        return self.redis.sets.get(_NAMES.revoked, set())

    def told(self, kind: type[Any]) -> list[Any]:
        """The notes of a kind that were published."""
        found = map(notes.note_of, self.redis.published(_NAMES.control))
        return [one for one in found if isinstance(one, kind)]


class Revoking(PublisherTest):
    """Tokens that edges are to refuse."""

    def test_one_that_is_revoked_while_it_greets_is_kept_once_it_has(self) -> None:
        self.publisher.revoke(["a"], [])
        self.greets(b"SADD", _NAMES.revoked)
        self.publisher.revoke(["b"], [])
        self.redis.run()
        self.assertEqual(self.revoked(), {b"a", b"b"})

    def test_one_that_is_back_while_it_greets_is_kept_no_more(self) -> None:
        self.publisher.revoke(["a"], [])
        self.greets(b"SADD", _NAMES.revoked)
        self.publisher.revoke([], ["a"])
        self.redis.run()
        self.assertEqual(self.revoked(), set())

    def test_one_that_is_back_before_a_new_process_has_asked_is_kept_no_more(self) -> None:
        self.redis.sets[_NAMES.revoked] = {b"a", b"of before"}
        self.publisher.revoke([], ["a"])
        self.redis.run()
        self.assertEqual(self.revoked(), {b"of before"})

    def test_what_was_lost_with_the_link_is_told_over_the_next(self) -> None:
        self.redis.run()
        self.publisher.revoke(["a", "b"], [])
        self.redis.run()
        self.publisher.revoke(["c"], ["a"])
        self.links_again()
        self.assertEqual(self.revoked(), {b"b", b"c"})

    def test_edges_are_told_also_while_redis_is_slow(self) -> None:
        self.redis.run()
        for wire in self.redis.wires:
            wire.line.pauseProducing()
        self.publisher.revoke(["a"], [])
        self.redis.run()
        self.assertEqual(self.told(notes.Revoked), [notes.Revoked(hashes=["a"])])

    def test_what_is_no_news_is_not_told(self) -> None:
        self.redis.run()
        self.publisher.revoke(["a"], ["b"])
        self.publisher.revoke(["a"], ["b"])
        self.redis.run()
        self.assertEqual(self.told(notes.Revoked), [notes.Revoked(hashes=["a"])])


class Learning(PublisherTest):
    """Instruments, missed ticks and refusals."""

    def test_instruments_added_while_it_greets_are_kept_and_told(self) -> None:
        self.hub.instruments.add([b"rb2405"])
        self.greets(b"SADD", _NAMES.instruments)
        self.hub.instruments.add([b"cu2405"])
        self.redis.run()
        self.assertEqual(self.redis.sets[_NAMES.instruments], {b"rb2405", b"cu2405"})
        self.assertEqual(self.told(notes.Listed), [notes.Listed(names=[b"cu2405"])])

    def test_ticks_missed_without_a_link_are_told_once_there_is_one(self) -> None:
        self.publisher.missed({b"rb2405": 2})
        self.publisher.missed({b"rb2405": 1, b"cu2405": 1})
        self.redis.run()
        (told,) = self.told(notes.Missed)
        self.assertEqual(told.names, {b"rb2405": 3, b"cu2405": 1})
        self.links_again()
        self.assertEqual(len(self.told(notes.Missed)), 1)

    def test_what_was_lost_with_the_link_is_told_again(self) -> None:
        self.redis.run()
        self.publisher.missed({b"rb2405": 2})
        callback = self.front.binding.market.callbacks["OnRspSubMarketData"]
        self.publisher.pushed(CallbackEvent(callback, b"body", b"info", 0, True))
        self.links_again()
        self.assertEqual([one.names for one in self.told(notes.Missed)], [{b"rb2405": 2}])
        (refused,) = self.told(notes.Pushed)
        self.assertEqual((refused.callback, refused.body), ("OnRspSubMarketData", b"body"))

    def test_totals_stand_in_redis_before_the_first_state_of_a_link(self) -> None:
        self.redis.hashes[_NAMES.missed] = {b"of before": b"7", b"": b"1"}
        self.publisher.missed({b"rb2405": 2})
        self.greets(b"DEL", _NAMES.missed)
        self.publisher.missed({b"rb2405": 1})
        self.redis.run()
        kept = {b"rb2405": b"3", b"": b"%d" % self.publisher._begun}
        self.assertEqual(self.redis.hashes[_NAMES.missed], kept)
        self.redis.hashes.clear()  # it comes back empty
        self.redis.done.clear()
        self.links_again()
        self.assertEqual(self.redis.hashes[_NAMES.missed], kept)
        words = [one[:2] for one in self.redis.done]
        last = max(place for place, one in enumerate(words) if one == [b"HSET", _NAMES.missed])
        self.assertLess(last, words.index([b"PUBLISH", _NAMES.control]))

    def test_a_beat_tells_the_state_that_a_slow_redis_was_not_told(self) -> None:
        self.redis.run()
        for wire in self.redis.wires:
            wire.line.pauseProducing()
        self.front.disconnect()
        self.reactor.turn()
        for wire in self.redis.wires:
            wire.line.resumeProducing()
        self.reactor.advance(BEAT)
        self.redis.run()
        self.assertNotEqual(self.told(notes.State)[-1].state, "ready")


class Pacing(PublisherTest):
    """Ticks that come alone, and many."""

    def setUp(self) -> None:
        super().setUp()
        self.redis.run()
        self.reactor.advance(1)
        self.sent: list[int] = []

    def come(self, count: int = 1) -> None:
        """Let ticks come, and note how many have left together."""
        self.publisher.ticks([tick("rb2405")] * count, 0)
        self.leave()

    def leave(self) -> None:
        """Note what has left."""
        self.redis.run()
        frames = [FORMAT.decode(raw) for raw in self.redis.published(_NAMES.ticks(0))]
        self.sent = [len(one.ticks) for one in frames if one.ticks]

    def test_one_that_comes_alone_leaves_at_once(self) -> None:
        self.come()
        self.assertEqual(self.sent, [1])
        self.reactor.advance(PACE)
        self.come()
        self.assertEqual(self.sent, [1, 1])

    def test_enough_leave_together_and_take_the_others_along(self) -> None:
        self.come()
        self.come(ENOUGH - 1)
        self.assertEqual(self.sent, [1])
        self.come(3)
        self.assertEqual(self.sent, [1, ENOUGH + 2])

    def test_fewer_leave_with_the_next_that_comes(self) -> None:
        self.come()
        self.come()
        self.reactor.advance(PACE)
        self.come()
        self.assertEqual(self.sent, [1, 2])

    def test_what_nothing_takes_along_waits_for_twice_the_pace_at_the_most(self) -> None:
        self.come()
        self.come()
        self.reactor.advance(1.9 * PACE)
        self.leave()
        self.assertEqual(self.sent, [1])
        self.come(ENOUGH)
        self.come()
        self.reactor.advance(0.1 * PACE)  # what the timer was for has left
        self.leave()
        self.assertEqual(self.sent, [1, ENOUGH + 1])
        self.reactor.advance(PACE)
        self.leave()
        self.assertEqual(self.sent, [1, ENOUGH + 1, 1])

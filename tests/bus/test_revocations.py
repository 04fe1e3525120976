"""webctp.bus.revocations: what an edge is told meanwhile counts more than what Redis answers."""

from collections.abc import Collection

from twisted.internet.task import Clock
from twisted.trial.unittest import SynchronousTestCase

from tests.bus.scriptedredis import ScriptedRedis
from webctp.bus import notes
from webctp.bus.redis.line import RedisLine
from webctp.bus.revocations import Refused

_NAMES = notes.Names("webctp", "1")


class Heard(SynchronousTestCase):
    """An edge that reads, and is told."""

    def setUp(self) -> None:
        self.redis = ScriptedRedis()
        self.line = self.successResultOf(self.redis.connect(lambda: RedisLine(Clock())))
        self.refused: set[str] = set()
        self.heard = Refused(_NAMES, self._change)

    def _change(self, hashes: Collection[str], restored: Collection[str]) -> None:
        self.refused = (self.refused | set(hashes)) - set(restored)

    def test_what_is_told_while_redis_answers_stays_refused(self) -> None:
        self.redis.sets[_NAMES.revoked] = {b"a"}
        read = self.heard.read(self.line)
        self.redis.run(lambda words: words[0] == b"SMEMBERS")
        self.heard.take(notes.Revoked(hashes=["b"], restored=["a"]))
        self.redis.run()
        self.successResultOf(read)
        self.assertEqual(self.refused, {"b"})

    def test_what_redis_keeps_no_more_is_taken_again(self) -> None:
        self.heard.take(notes.Revoked(hashes=["a"]))
        read = self.heard.read(self.line)
        self.redis.run()
        self.successResultOf(read)
        self.assertEqual(self.refused, set())

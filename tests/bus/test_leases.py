"""webctp.bus.leases: what a hub has refused is asked for again."""

from typing import Any, cast

from twisted.trial.unittest import SynchronousTestCase

from webctp.bus.leases import Edges
from webctp.bus.notes import Wanted
from webctp.upstream.market.subscriptions import TooMany


class Hub:
    """Takes so many instruments."""

    def __init__(self, limit: int) -> None:
        self._limit = limit
        self.subscribed: set[bytes] = set()

    def subscribe(self, kind: str, client: object, names: list[bytes]) -> None:
        """Of a hub."""
        wanted = self.subscribed | set(names)
        if len(wanted) > self._limit:
            raise TooMany(len(wanted), self._limit)
        self.subscribed = wanted

    def unsubscribe(self, kind: str, client: object, names: list[bytes]) -> None:
        """Of a hub."""
        self.subscribed.difference_update(names)


class Refused(SynchronousTestCase):
    """More than ``MaxInstruments``."""

    def test_what_was_refused_is_subscribed_once_there_is_room(self) -> None:
        hub = Hub(limit=2)
        edges = Edges(cast(Any, hub))
        edges.wants(b"one", Wanted([b"a", b"b"], []))
        edges.wants(b"other", Wanted([b"c"], []))
        self.assertEqual(hub.subscribed, {b"a", b"b"})
        edges.wants(b"one", Wanted([b"a"], []))
        self.assertEqual(hub.subscribed, {b"a", b"c"})

    def test_what_was_refused_and_is_wanted_no_more_is_not_asked_for(self) -> None:
        hub = Hub(limit=1)
        edges = Edges(cast(Any, hub))
        edges.wants(b"one", Wanted([b"a"], []))
        edges.wants(b"other", Wanted([b"c"], []))
        edges.gone(b"other")
        edges.gone(b"one")
        self.assertEqual(hub.subscribed, set())

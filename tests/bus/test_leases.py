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
        self.asked: list[list[bytes]] = []
        self.unknown: set[bytes] = set()
        """What its front refuses."""

    def is_refused(self, kind: str, name: bytes) -> bool:
        """Of a hub."""
        return kind == "tick" and name in self.unknown & self.subscribed

    def subscribe(self, kind: str, client: object, names: list[bytes]) -> None:
        """Of a hub."""
        if names:
            self.asked.append(names)
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


class RefusedByTheFront(SynchronousTestCase):
    """An instrument that the front does not know."""

    def setUp(self) -> None:
        self.hub = Hub(limit=9)
        self.hub.unknown = {b"x"}
        self.edges = Edges(cast(Any, self.hub))
        self.edges.wants(b"one", Wanted([b"a", b"x"], []))
        del self.hub.asked[:]

    def test_another_edge_hears_it(self) -> None:
        self.edges.wants(b"other", Wanted([b"x", b"a"], []))
        self.assertEqual(self.hub.asked, [[b"x"]])

    def test_one_that_wants_more_is_not_told_again(self) -> None:
        self.edges.wants(b"one", Wanted([b"a", b"x", b"c"], []))
        self.assertEqual(self.hub.asked, [[b"c"]])

    def test_one_whose_link_is_new_hears_it(self) -> None:
        self.edges.wants(b"one", Wanted([b"a", b"x"], []))
        self.assertEqual(self.hub.asked, [[b"x"]])

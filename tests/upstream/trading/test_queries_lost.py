"""Queries whose answer is lost: the library keeps its one place."""

from collections.abc import Callable
from itertools import pairwise

from hypothesis import given, settings
from hypothesis import strategies as st

from tests.conformance import holds
from tests.upstream.trading.queues import Asker, Front, QueueTestCase, Sent
from webctp.ctp.catalog import Method
from webctp.upstream.session.reply import OnReply


class HeldUpTests(QueueTestCase):
    """After an answer that did not come the API refuses with -2."""

    def setUp(self) -> None:
        super().setUp()
        self.held_up = 0
        self.before_renewal: Callable[[], None] = lambda: None
        self.queue = self.make(on_held_up=self.renew)  # type: ignore[arg-type]

    def renew(self) -> None:
        """As the session does it: everything that waits is answered."""
        self.held_up += 1
        self.before_renewal()
        self.queue.clear(-503)

    def lose(self) -> Asker:
        asker = self.ask(b"lost")
        self.clock.advance(10)
        self.assertEqual(asker.rows, [(None, -408, True)])
        return asker

    def test_that_it_stays_so_is_told_once(self) -> None:
        self.lose()
        self.front.results = [-2] * 3
        askers = [self.ask(body) for body in (b"a", b"b")]
        self.clock.pump([1] * 3)
        self.assertEqual(self.held_up, 1)
        self.assertEqual([asker.rows for asker in askers], [[(None, -503, True)]] * 2)
        self.assertEqual(self.clock.getDelayedCalls(), [])
        self.front.results = []
        after = self.ask(b"c")
        self.front.sent[-1].reply(b"row")
        self.assertEqual(after.rows, [(b"row", None, True)])

    def test_an_answer_that_is_late_frees_the_place(self) -> None:
        self.lose()
        self.front.results = [-2, -2]
        asker = self.ask(b"a")
        self.clock.pump([1] * 3)
        self.front.sent[-1].reply(b"row")
        self.assertEqual((self.held_up, asker.rows), (0, [(b"row", None, True)]))
        self.clock.advance(1)
        self.front.results = [-2] * 9
        self.ask(b"b")
        self.clock.pump([1] * 9)
        self.assertEqual(self.held_up, 0)

    def test_without_a_lost_answer_it_is_not_concluded(self) -> None:
        """Somebody else's query, or a front that refuses for reasons of its own."""
        self.front.results = [-2] * 99
        asker = self.ask(b"a")
        self.clock.pump([1] * 20)
        self.assertEqual((self.held_up, asker.rows), (0, [(None, -2, True)]))

    def test_other_refusals_do_not_count(self) -> None:
        self.lose()
        self.front.results = [-3, -2, -3, -2, -3]
        self.ask(b"a")
        self.clock.pump([1] * 9)
        self.assertEqual(self.held_up, 0)

    @settings(max_examples=100)
    @given(
        st.lists(st.integers(0, 9), max_size=20, unique=True),
        st.lists(st.sampled_from([0.0, 0.3, 12.0]), max_size=20),
    )
    def test_whatever_is_lost_queries_go_on(self, lost: list[int], pauses: list[float]) -> None:
        """A library with one place; some answers are lost, the others take a moment."""
        self.setUp()
        library = Library(self.front, self.clock.callLater, lost)
        self.before_renewal = library.renew
        self.queue = self.make(on_held_up=self.renew)  # type: ignore[arg-type]
        askers = []
        for number, pause in enumerate(pauses):
            if len(self.queue) < 3:
                askers.append(self.ask(b"%d" % number))
            self.clock.pump([0.1] * round(pause * 10))
        library.lost = []
        self.clock.pump([1] * 60)
        last = self.ask(b"last")
        self.clock.pump([1] * 20)
        if last.rows == [(None, -503, True)]:
            last = self.ask(b"once more")
            self.clock.pump([1] * 20)
        self.assertEqual(last.rows, [(b"row", None, True)])
        self.assertEqual([asker.endings for asker in askers], [1] * len(askers))
        codes = {code for asker in askers for _, code, _ in asker.rows}
        self.assertLessEqual(codes, {None, -408, -503})


class Library:
    """Has one place for a query, until its answer or a new connection.

    :param lost: which of the queries it takes are never answered.
    """

    def __init__(self, front: Front, later: Callable[..., object], lost: list[int]) -> None:
        self.lost = lost
        self._busy = False
        self._taken = 0
        self._later = later
        self._front = front
        self._send, front.send = front.send, self.send  # type: ignore[method-assign]

    def renew(self) -> None:
        """Be a new one."""
        self._busy = False

    def send(self, method: Method, body: bytes, on_reply: OnReply) -> int:
        """Of ``Front``."""
        self._front.results = [-2 if self._busy else 0]
        result = self._send(method, body, on_reply)
        if result == 0:
            self._busy, number, self._taken = True, self._taken, self._taken + 1
            if number not in self.lost:
                self._later(0.2, self._answered, self._front.sent[-1])
        return result

    def _answered(self, sent: Sent) -> None:
        self._busy = False
        sent.reply(b"row")


class FrontsLimitTests(QueueTestCase):
    """The front's own limit, as GetFrontInfo tells it."""

    def times(self, a_second: int) -> list[float]:
        self.setUp()
        self.queue.heed(a_second)
        for body in (b"a", b"b", b"c"):
            self.ask(body)
        for _ in range(3):
            if len(self.front.sent) > len(self.answered):
                self.answered.append(self.front.sent[-1].at)
                self.front.sent[-1].reply(b"row")
            self.clock.pump([0.25] * 8)
        return [sent.at for sent in self.front.sent]

    def setUp(self) -> None:
        super().setUp()
        self.answered: list[float] = []
        self.queue = self.make(interval=0.5)

    @holds("LK-3", "GETFRONTINFO-1")
    def test_bounds_the_interval_from_below(self) -> None:
        for a_second, least in ((1, 1.0), (2, 0.5), (9, 0.5), (0, 0.5)):
            with self.subTest(a_second=a_second):
                times = self.times(a_second)
                self.assertEqual(len(times), 3)
                self.assertTrue(all(b - a >= least for a, b in pairwise(times)))
                self.assertEqual(self.queue._interval, least)

"""Which answers are kept for the day, and which go first."""

from twisted.trial.unittest import SynchronousTestCase

from tests.conformance import holds
from webctp.ctp import catalog
from webctp.upstream.session.reply import Reply
from webctp.upstream.trading import staticanswers
from webctp.upstream.trading.staticanswers import StaticAnswers

CATALOGUE = catalog.trading()
INSTRUMENT = CATALOGUE.methods["ReqQryInstrument"]
PRODUCT = CATALOGUE.methods["ReqQryProduct"]
EVERYTHING = b"\0" * 40


def rows(count: int, size: int = 800) -> tuple[Reply, ...]:
    """An answer of so many rows, of so many bytes each."""
    row = Reply(CATALOGUE.callbacks["OnRspQryInstrument"], b"x" * size, None, True)
    return (row,) * count


class Kept(SynchronousTestCase):
    """One day's answers."""

    def setUp(self) -> None:
        self.static = StaticAnswers()
        self.static.day("20240102")
        self.patch(staticanswers, "WHOLE_BYTES", 100_000)
        self.patch(staticanswers, "NAMED_BYTES", 50_000)
        self.patch(staticanswers, "LARGEST_NAMED", 20_000)

    def has(self, body: bytes) -> bool:
        return self.static.find(INSTRUMENT, body) is not None

    def test_odd_queries_do_not_drive_out_the_whole_list(self) -> None:
        self.static.keep(INSTRUMENT, EVERYTHING, rows(80))
        for number in range(100):
            self.static.keep(INSTRUMENT, b"odd %d" % number, rows(20))
        self.assertTrue(self.has(EVERYTHING))

    def test_five_odd_ones_leave_room_for_the_next(self) -> None:
        for number in range(5):
            self.static.keep(INSTRUMENT, b"odd %d" % number, rows(80))
        self.static.keep(INSTRUMENT, b"rb2510", rows(1))
        self.static.keep(PRODUCT, EVERYTHING, rows(10))
        self.assertTrue(self.has(b"rb2510"))
        self.assertIsNotNone(self.static.find(PRODUCT, EVERYTHING))

    def test_one_that_is_large_although_it_names_something_is_not_kept(self) -> None:
        self.static.keep(INSTRUMENT, b"odd", rows(21))
        self.assertFalse(self.has(b"odd"))
        self.assertFalse(self.static.takes(INSTRUMENT, b"odd", list(rows(21))))
        self.assertTrue(self.static.takes(INSTRUMENT, b"odd", list(rows(20))))
        self.assertTrue(self.static.takes(INSTRUMENT, EVERYTHING, list(rows(21))))

    def test_the_least_recently_used_goes_first(self) -> None:
        for name in (b"a", b"b"):
            self.static.keep(INSTRUMENT, name, rows(20))
        self.assertTrue(self.has(b"a"))
        self.static.keep(INSTRUMENT, b"c", rows(20))
        self.assertEqual([self.has(name) for name in (b"a", b"b", b"c")], [True, False, True])

    def test_the_same_again_takes_no_more_room(self) -> None:
        for _ in range(10):
            self.static.keep(INSTRUMENT, b"a", rows(20))
            self.static.keep(INSTRUMENT, EVERYTHING, rows(80))
        self.static.keep(INSTRUMENT, b"b", rows(20))
        self.assertTrue(self.has(b"a") and self.has(b"b") and self.has(EVERYTHING))

    @holds("ONRSPQRYINSTRUMENT-4")
    def test_another_day_begins_empty(self) -> None:
        self.static.keep(INSTRUMENT, b"a", rows(1))
        self.static.keep(INSTRUMENT, EVERYTHING, rows(1))
        self.static.day("20240103")
        self.assertFalse(self.has(b"a") or self.has(EVERYTHING))

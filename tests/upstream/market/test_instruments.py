"""webctp.upstream.market.instruments: instruments, and the patterns that stand for them."""

from hypothesis import given
from hypothesis import strategies as st
from twisted.trial.unittest import SynchronousTestCase

from webctp.upstream.market.instruments import InstrumentDirectory, is_pattern, matches

LETTERS = st.sampled_from(b"ab[]!-^.\\\xb0\n")
NAMES = st.lists(LETTERS, max_size=8).map(bytes)
PATTERNS = st.lists(st.one_of(LETTERS, st.sampled_from(b"*?")), max_size=10).map(bytes)


def plainly(pattern: bytes, name: bytes) -> bool:
    """The meaning of a pattern, letter by letter."""
    if not pattern:
        return not name
    if pattern[:1] == b"*":
        return plainly(pattern[1:], name) or (bool(name) and plainly(pattern, name[1:]))
    if not name or pattern[:1] not in (b"?", name[:1]):
        return False
    return plainly(pattern[1:], name[1:])


class Patterns(SynchronousTestCase):
    """What a pattern stands for."""

    @given(PATTERNS, NAMES)
    def test_any_pattern_and_any_name(self, pattern: bytes, name: bytes) -> None:
        self.assertEqual(matches(pattern, name), plainly(pattern, name))

    def test_products_and_options(self) -> None:
        for pattern, name, expected in (
            (b"*", b"rb2701", True),
            (b"rb*", b"rb2701", True),
            (b"rb*", b"b2701", False),
            (b"rb270?", b"rb2701", True),
            (b"rb270?", b"rb27010", False),
            (b"m2701-C-*", b"m2701-C-2700", True),
            (b"SP c2701&*", b"SP c2701&c2705", True),
        ):
            self.assertEqual(matches(pattern, name), expected, (pattern, name))

    def test_many_asterisks_take_no_longer(self) -> None:
        """A client's pattern may be anything: this one used to take for ever."""
        name = b"a" * 80
        for pattern in (b"*" * 79 + b"b", b"*a" * 39 + b"b", b"*?" * 39 + b"b", b"a*" * 40 + b"b"):
            self.assertFalse(matches(pattern, name), pattern)

    def test_what_is_one(self) -> None:
        self.assertEqual(
            [is_pattern(name) for name in (b"rb*", b"rb270?", b"rb2701", b"[rb]")],
            [True, True, False, False],
        )


class Learning(SynchronousTestCase):
    """What is known, and who hears of it."""

    def test_each_is_told_once_and_in_order(self) -> None:
        known = InstrumentDirectory()
        told: list[list[bytes]] = []
        known.on_added(told.append)
        known.add([b"rb2701", b"cu2701", b"rb2701"])
        known.add([b"cu2701"])
        known.add([b"rb2705", b"cu2701"])
        self.assertEqual(told, [[b"rb2701", b"cu2701"], [b"rb2705"]])
        self.assertEqual(known.matching(b"rb*"), [b"rb2701", b"rb2705"])
        self.assertIn(b"cu2701", known)
        self.assertEqual(len(known), 3)

    def test_no_more_than_the_limit(self) -> None:
        known = InstrumentDirectory(limit=2)
        known.add([b"a", b"b", b"c"])
        known.add([b"d"])
        self.assertEqual(known.matching(b"*"), [b"a", b"b"])

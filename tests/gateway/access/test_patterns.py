"""What patterns cover: names, other patterns, combinations."""

import re
from fnmatch import translate

from hypothesis import given
from hypothesis import strategies as st
from twisted.trial.unittest import SynchronousTestCase

from webctp.gateway.access.patterns import Patterns

PIECES = st.text(alphabet="ab*?", max_size=5)
NAMES = st.text(alphabet="ab", max_size=6)


class Covering(SynchronousTestCase):
    """Names and patterns under patterns."""

    def test_names(self) -> None:
        some = Patterns(("rb*", "IF????"))
        for name, covered in (
            ("rb2701", True),
            ("rb", True),
            ("IF2612", True),
            ("IF26120", False),
            ("ru2701", False),
            ("xrb2701", False),
            ("rb2701\n", False),
            ("", False),
        ):
            self.assertEqual(some.covers(name), covered, name)
        self.assertFalse(Patterns(()).covers(""))
        self.assertFalse(Patterns(("a.c",)).covers("abc"))

    def test_a_pattern_that_asks_for_more_is_not_covered(self) -> None:
        for ours, theirs, covered in (
            ("rb*", "rb27*", True),
            ("rb*", "rb????", True),
            ("rb????", "rb*", False),
            ("rb*", "*", False),
            ("r?", "r*", False),
            ("*", "*", True),
        ):
            self.assertEqual(Patterns((ours,)).covers(theirs), covered, (ours, theirs))

    @given(ours=PIECES, theirs=PIECES, name=NAMES)
    def test_what_is_covered_stands_for_nothing_else(
        self, ours: str, theirs: str, name: str
    ) -> None:
        if Patterns((ours,)).covers(theirs) and re.match(translate(theirs), name):
            self.assertTrue(Patterns((ours,)).covers(name), (ours, theirs, name))

    def test_a_combination_by_its_legs(self) -> None:
        some = Patterns(("m*", "SPC *"))
        for name, covered in (
            ("SP m2705&m2709", True),
            ("SP m2705&c2709", False),
            ("SPC y2705&p2705", True),
            ("SP m2705&m2709&m2711", True),
            ("SP m2705&m2709&c2709", False),
            ("m2705&c2709", False),
            ("m2705&", False),
        ):
            self.assertEqual(some.covers_instrument(name), covered, name)

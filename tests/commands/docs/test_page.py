"""Pages: hand-written text and made parts."""

from hypothesis import given
from hypothesis import strategies as st
from twisted.trial.unittest import SynchronousTestCase

from webctp.commands.docs.page import PageError, Piece, joined, pieces, remade

PAGE = """# Title
<!-- made: one -->
old
<!-- end: one -->
between
<!-- made: two -->
<!-- end: two -->
"""

_LINES = st.text("aZ0 <>!-:#|`made铜", max_size=20)


class PageTests(SynchronousTestCase):
    """Cutting a page, and putting it together again."""

    def test_pieces(self) -> None:
        self.assertEqual(
            list(pieces("page", PAGE)),
            [
                Piece("# Title\n", None),
                Piece("old\n", "one"),
                Piece("between\n", None),
                Piece("", "two"),
                Piece("", None),
            ],
        )

    def test_made_parts_are_replaced_and_all_else_stays(self) -> None:
        made = remade("page", PAGE, {"one": "new\n\nlines\n", "two": "2"}.get)
        self.assertEqual(
            made,
            "# Title\n<!-- made: one -->\n\nnew\n\nlines\n\n<!-- end: one -->\n"
            "between\n<!-- made: two -->\n\n2\n\n<!-- end: two -->\n",
        )
        self.assertEqual(remade("page", made, {"one": "new\n\nlines", "two": "2"}.get), made)

    def test_a_part_that_nobody_makes_now_stays_as_it_is(self) -> None:
        self.assertEqual(remade("page", PAGE, lambda _: None), PAGE)

    @given(st.lists(_LINES, max_size=5), st.lists(_LINES, max_size=5))
    def test_pieces_joined_are_the_page(self, text: list[str], part: list[str]) -> None:
        inside = "".join(f"{line}\n" for line in part)
        page = "".join(f"{line}\n" for line in text)
        page += f"<!-- made: x -->\n{inside}<!-- end: x -->\n"
        self.assertEqual(joined(pieces("page", page)), page)

    def test_in_yaml_the_markers_are_comments(self) -> None:
        page = "# <!-- made: keys -->\nold\n# <!-- end: keys -->\nPort: 1\n"
        made = remade("td.yaml", page, {"keys": "#Host: x"}.get)
        self.assertEqual(
            made, "# <!-- made: keys -->\n\n#Host: x\n\n# <!-- end: keys -->\nPort: 1\n"
        )

    def test_mistakes_name_page_and_line(self) -> None:
        for text, said in {
            "a\n<!-- made: x -->\n": "page:2: part x is not closed",
            "<!-- end: x -->\n": "page:1: found <!-- end: x -->, with no open part",
            "<!-- made: x -->\n<!-- end: y -->\n": "page:2: found <!-- end: y -->, with part x",
            "<!-- made: x -->\n<!-- made: y -->\n": "page:2: found <!-- made: y -->, with part x",
        }.items():
            problem = self.assertRaises(PageError, list, pieces("page", text))
            self.assertIn(said, str(problem))

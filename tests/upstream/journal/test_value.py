"""What a journal writes of values: texts, JSON, cells, whatever a client sent."""

import json

from hypothesis import given
from hypothesis import strategies as st
from twisted.trial.unittest import SynchronousTestCase

from webctp.gateway.access.tokens.record import new_token
from webctp.upstream.journal import value

ODD = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(st.characters(codec=None)),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=12,
)


class Tokens(SynchronousTestCase):
    """Texts of clients that hold a token."""

    def test_no_token_is_written(self) -> None:
        token = new_token().reveal()
        for written in (
            value.text(f"see {token}."),
            str(value.cell(token)),
            value.json({"InstrumentID": token}),
            value.json({"a": [f"x{token}"], "b": 1 << 80}),
        ):
            self.assertNotIn(token[10:], written)
            self.assertIn("webctp_***", written)
        self.assertEqual(value.text("webctp_orders_total"), "webctp_orders_total")


class Json(SynchronousTestCase):
    """A body as JSON."""

    @given(st.dictionaries(st.text(st.characters(codec=None)), ODD, max_size=4))
    def test_any_body_is_written_and_read(self, body: dict[str, object]) -> None:
        self.assertIsInstance(json.loads(value.json(body)), dict)

    def test_half_a_surrogate_pair_is_told_by_its_number(self) -> None:
        self.assertEqual(json.loads(value.json({"a": "x\udcb0"})), {"a": "x\\udcb0"})

    def test_what_is_nested_beyond_all_is_told_by_its_type(self) -> None:
        deep: list[object] = []
        for _ in range(100_000):
            deep = [deep]
        self.assertIn("(list)", value.json({"a": deep}))

    def test_lists_and_flags_are_kept(self) -> None:
        body = {"a": [True, {"b": 2**70}], "c": float("inf")}
        self.assertEqual(json.loads(value.json(body)), {"a": [True, {"b": str(2**70)}], "c": "inf"})

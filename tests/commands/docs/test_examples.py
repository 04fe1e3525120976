"""Examples: how they are read, shown and compared."""

import json
from pathlib import Path
from typing import Any

from hypothesis import given
from hypothesis import strategies as st
from twisted.trial.unittest import SynchronousTestCase

from tests.commands.docs.support import EXAMPLES
from webctp.commands.docs.examples import (
    SCRIPTS,
    Example,
    ExampleError,
    Recorded,
    differences,
    load,
    load_recorded,
    pretty,
    save_recorded,
    shown,
)

_TEXTS = st.text('aZ0 "\\{}[],:|/\n铜', max_size=20)
_VALUES = st.none() | st.booleans() | st.integers() | _TEXTS
_BODIES = st.dictionaries(st.text("abcXYZ", min_size=1, max_size=12), _VALUES, max_size=30)
_MESSAGES = st.dictionaries(
    st.text("MsgTypeRspInfo", min_size=1, max_size=12), _VALUES | _BODIES, max_size=6
)

ORDER = {f"Field{number}": "" for number in range(10)}
FIRST = {"MsgType": "RtnOrder", "RspInfo": None, "Order": {**ORDER, "Field3": "a"}}
SECOND = {"MsgType": "RtnOrder", "RspInfo": None, "Order": {**ORDER, "Field3": "b"}}


def example(**given: Any) -> Example:
    words = {"title": ("报单", "An order"), "text": ("", ""), "shows": (), "until": {}}
    return Example(**{**words, "request": {"MsgType": "ReqOrderInsert"}, **given})


class PrettyTests(SynchronousTestCase):
    """Messages as JSON for people."""

    @given(_MESSAGES)
    def test_it_is_the_same_message(self, message: dict[str, Any]) -> None:
        self.assertEqual(json.loads(pretty(message)), message)

    def test_a_short_message_is_one_line(self) -> None:
        message = {"MsgType": "ReqQryOrder", "QryOrder": {}, "RequestID": 1}
        self.assertEqual(pretty(message), json.dumps(message))

    def test_a_long_one_is_filled_into_lines(self) -> None:
        message = {"MsgType": "RspQryOrder", "Order": {f"Name{n:02}": n for n in range(40)}}
        lines = pretty(message).splitlines()
        self.assertEqual(lines[:3], ["{", '  "MsgType": "RspQryOrder",', '  "Order": {'])
        self.assertTrue(all(len(line) <= 98 for line in lines))
        self.assertTrue(len(lines) < 16)


class ShownTests(SynchronousTestCase):
    """Examples as Markdown."""

    def test_words_request_and_answer(self) -> None:
        text = shown(
            example(text=("中文", "English")),
            Recorded({"MsgType": "ReqOrderInsert"}, (FIRST,)),
        )
        self.assertEqual(
            text.split("\n\n")[:4],
            [
                "**报单** · An order",
                "中文",
                "English",
                '```json\n{"MsgType": "ReqOrderInsert"}\n```',
            ],
        )
        self.assertIn('"Field3": "a"', text)

    def test_a_repeated_message_shows_what_is_new(self) -> None:
        text = shown(example(), Recorded({"MsgType": "ReqOrderInsert"}, (FIRST, SECOND)))
        self.assertEqual(text.count('"Field4"'), 1)
        self.assertIn('"Field3": "b"\n    // ', text)

    def test_another_message_is_shown_whole(self) -> None:
        trade = {"MsgType": "RtnTrade", "RspInfo": None, "Trade": ORDER}
        text = shown(example(), Recorded({"MsgType": "ReqOrderInsert"}, (FIRST, trade)))
        self.assertEqual(text.count('"Field4"'), 2)

    def test_of_many_answers_some_are_shown(self) -> None:
        answers = tuple({"MsgType": "RspQryExchange", "RequestID": n} for n in range(6))
        text = shown(example(), Recorded({"MsgType": "ReqQryExchange"}, answers))
        self.assertEqual(text.count("RspQryExchange"), 4)
        self.assertIn("// … 2\n", text)


class DifferencesTests(SynchronousTestCase):
    """Comparing the shape of messages."""

    @given(_MESSAGES)
    def test_a_message_has_its_own_shape(self, message: dict[str, Any]) -> None:
        self.assertEqual(differences(message, message), [])

    def test_values_may_differ(self) -> None:
        self.assertEqual(differences({"A": {"P": 1.5, "N": 1}}, {"A": {"P": 2.0, "N": 7}}), [])

    def test_what_may_not_differ(self) -> None:
        for was, now in (
            ({"A": 1}, {"A": 1, "B": 2}),
            ({"A": 1, "B": 2}, {"B": 2, "A": 1}),
            ({"A": 1}, {"A": 1.0}),
            ({"A": {"B": 1}}, {"A": {"B": "1"}}),
            ({"A": {"B": 1}}, {"A": None}),
            ({"MsgType": "RtnOrder"}, {"MsgType": "RtnTrade"}),
            ({"RspInfo": {"ErrorID": 0}}, {"RspInfo": {"ErrorID": 3}}),
        ):
            self.assertEqual(len(differences(was, now)), 1, (was, now))

    def test_the_place_is_named(self) -> None:
        (problem,) = differences({"Order": {"Volume": 1}}, {"Order": {"Volume": "1"}})
        self.assertEqual(problem, "Order.Volume: int, now str ('1')")


class FilesTests(SynchronousTestCase):
    """The hand-written scripts and what was recorded."""

    def test_every_script_is_recorded(self) -> None:
        for script in SCRIPTS:
            sent = [one.sent["MsgType"] for one in load_recorded(EXAMPLES, script)]
            self.assertEqual(sent, [one.msg_type for one in load(EXAMPLES, script)])

    def test_recorded_is_read_back_as_it_was(self) -> None:
        directory = Path(self.mktemp())
        directory.mkdir()
        recorded = (Recorded({"MsgType": "请求"}, (FIRST, SECOND)), Recorded({}, ()))
        save_recorded(directory, "td", recorded)
        self.assertEqual(load_recorded(directory, "td"), recorded)

    def test_an_unknown_key_is_named(self) -> None:
        directory = Path(self.mktemp())
        directory.mkdir()
        (directory / "td.yaml").write_text("- {title: [a, b], request: {}, untill: {}}\n")
        problem = self.assertRaises(ExampleError, load, directory, "td")
        self.assertIn("td.yaml: example 1", str(problem))
        self.assertIn("untill", str(problem))

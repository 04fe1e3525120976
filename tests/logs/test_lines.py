"""What a line of the log is: one line, whatever an event holds, as text and as JSON."""

import ast
import json
import re
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import Any

from hypothesis import given
from hypothesis import strategies as st
from twisted.logger import LogLevel
from twisted.python.failure import Failure
from twisted.trial.unittest import SynchronousTestCase

from webctp.language.text import english
from webctp.logs.lines import LONGEST, harmless, json_line, text_line
from webctp.secret import Secret
from webctp.upstream.account import AccountKey

ROOT = Path(__file__).resolve().parents[2]
FORGED = "x\n2026-11-27T09:00:00+0800 [webctp.tap#critical] all is lost"
PAINTED = "\x1b[31mred\x1b[0m \x9b2J \r \u2028 \u202e \x00 \ud800"


def event(template: str = "{text}", **fields: Any) -> dict[str, Any]:
    """Return an event of a moment in November."""
    return {
        "log_level": LogLevel.info,
        "log_namespace": "webctp.gateway",
        "log_time": 1795752000.123456,
        "log_format": template,
        **fields,
    }


def failure(text: str) -> Failure:
    """Return a failure with a traceback."""
    try:
        raise ValueError(text)
    except ValueError:
        return Failure()


def text_of(found: dict[str, Any]) -> str:
    """Return the line of an event in text."""
    line = text_line(found, "en")
    assert line is not None
    return line


def json_of(found: dict[str, Any], language: Any = "en") -> dict[str, Any]:
    """Return the object of an event's line in JSON."""
    line = json_line(found, language)
    assert line is not None
    assert line.endswith("\n") and line.isascii(), line
    assert len(line.splitlines()) == 1, line
    told: dict[str, Any] = json.loads(line)
    return told


class Text(SynchronousTestCase):
    """Lines for people."""

    def test_context_stands_behind_what_is_said(self) -> None:
        line = text_of(
            event(
                "a request failed",
                client="tcp4:127.0.0.1:5",
                principal="desk",
                account=AccountKey("9999", "0815"),
                request_id=7,
            )
        )
        self.assertRegex(
            line,
            r"\A2026-\S+ \[webctp\.gateway#info\] a request failed "
            r"\[client=tcp4:127\.0\.0\.1:5 principal=desk account=9999:0815 RequestID=7\]\n\Z",
        )

    def test_what_is_said_already_and_what_there_is_not_are_left_out(self) -> None:
        line = text_of(event("{client} has connected", client="here", principal="", request_id=0))
        self.assertTrue(line.endswith("] here has connected\n"), line)

    def test_nothing_ends_a_line_or_begins_one(self) -> None:
        for field in ("text", "client", "principal"):
            line = text_of(event("it said: {text}", **{"text": "", field: FORGED}))
            self.assertEqual(len(line.splitlines()), 1, line)
            self.assertIn(r"x\n2026", line)

    def test_a_terminal_obeys_none_of_it(self) -> None:
        line = text_of(event(text=PAINTED, client=PAINTED))
        self.assertEqual(re.findall(r"[^\x20-\x7e\u4e00-\u9fff]", line[:-1]), [])
        self.assertIn(r"\x1b[31mred", line)
        self.assertIn(r"\u202e", line)

    def test_chinese_stays_as_it_is(self) -> None:
        self.assertIn("报单“成功”，（一）", text_of(event(text="报单“成功”，（一）")))

    def test_a_traceback_is_indented(self) -> None:
        line = text_of(event("it failed", text="", log_failure=failure(FORGED + PAINTED)))
        first, *rest = line.splitlines()
        self.assertTrue(first.endswith("it failed"))
        self.assertTrue(all(one.startswith("\t") for one in rest), rest)
        self.assertIn("ValueError: x", line)
        self.assertNotIn("\x1b", line)

    def test_an_event_without_words_has_no_line(self) -> None:
        self.assertIsNone(text_line({"log_level": LogLevel.info}, "en"))

    @given(st.text())
    def test_any_text_makes_one_line(self, text: str) -> None:
        self.assertEqual(len(text_of(event("it is {text}", text=text)).splitlines()), 1)

    def test_a_message_is_bounded(self) -> None:
        self.assertEqual(len(harmless("x" * 10**6)), LONGEST + 1)


class Json(SynchronousTestCase):
    """Lines for programs."""

    def test_an_object_with_all_that_there_is(self) -> None:
        told = json_of(
            event(
                "closing {client}: {reason}",
                client="tcp4:127.0.0.1:5",
                principal="desk",
                account=AccountKey("9999", "0815"),
                request_id=7,
                reason=english("the session is closed"),
                count=3,
            )
        )
        moment = datetime.fromisoformat(told.pop("time"))
        self.assertEqual(moment.timestamp(), 1795752000.123456)
        self.assertIsNotNone(moment.tzinfo)
        self.assertEqual(
            told,
            {
                "level": "info",
                "namespace": "webctp.gateway",
                "message": "closing tcp4:127.0.0.1:5: the session is closed",
                "client": "tcp4:127.0.0.1:5",
                "principal": "desk",
                "account": "9999:0815",
                "RequestID": 7,
                "fields": {"reason": "the session is closed", "count": 3},
            },
        )

    def test_microseconds_stand_also_where_there_are_none(self) -> None:
        told = json_of(event(text="x") | {"log_time": 1795752000.0})
        self.assertRegex(told["time"], r"T\d\d:\d\d:\d\d\.000000[+-]\d\d:\d\d\Z")

    def test_it_is_said_in_the_configured_language(self) -> None:
        told = json_of(
            event("cannot start: {reason}", reason=english("the session is closed")), "zh"
        )
        self.assertEqual(told["message"], "无法启动：会话已关闭")
        self.assertEqual(told["fields"]["reason"], "会话已关闭")

    def test_nothing_breaks_a_line(self) -> None:
        told = json_of(event(text=FORGED + PAINTED, client=FORGED, log_failure=failure(FORGED)))
        self.assertEqual(told["client"], FORGED)
        self.assertIn("ValueError: x", told["traceback"])

    def test_objects_are_no_fields(self) -> None:
        told = json_of(event("x", code=Secret("hidden"), thing=object(), numbers=[1], share=1e999))
        self.assertEqual(told["fields"], {"share": "inf"})

    def test_events_of_twisted_s_older_functions(self) -> None:
        legacy = {"message": ("a",), "system": "-", "isError": 0, "time": 0.0, "log_text": "a"}
        told = json_of(event("{log_text}", **legacy))
        self.assertEqual(told["message"], "a")
        self.assertNotIn("fields", told)


class Context(SynchronousTestCase):
    """Whoever has an account at hand names it."""

    def test_lines_of_what_belongs_to_an_account_name_it(self) -> None:
        without = []
        for room in ("gateway", "upstream"):
            for path in sorted((ROOT / "webctp" / room).rglob("*.py")):
                for kind in ast.walk(ast.parse(path.read_text("utf-8"))):
                    if isinstance(kind, ast.ClassDef) and _has_account(kind):
                        without += [f"{path.name}:{call.lineno}" for call in _nameless(kind)]
        self.assertEqual(without, [])


def _has_account(kind: ast.ClassDef) -> bool:
    """Return whether objects of a class keep an account."""
    return any(
        isinstance(one, ast.Attribute)
        and isinstance(one.ctx, ast.Store)
        and one.attr in ("account", "_account")
        for one in ast.walk(kind)
    )


def _nameless(kind: ast.ClassDef) -> Iterator[ast.Call]:
    """Give the calls by which a class logs, and names no account."""
    for call in ast.walk(kind):
        if (
            isinstance(call, ast.Call)
            and isinstance(call.func, ast.Attribute)
            and isinstance(call.func.value, ast.Name)
            and call.func.value.id == "_log"
            and not {one.arg for one in call.keywords} & {"account", None}
        ):
            yield call

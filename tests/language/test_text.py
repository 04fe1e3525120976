"""Sentences that are made in English and shown in a reader's language."""

import json

from twisted.trial.unittest import SynchronousTestCase

from webctp.config.file import ConfigError
from webctp.language.text import NOTHING, Echo, Text, english, joined, reason_of, said, verbatim

LATE = english("no connection to the front within {timeout:g} s", timeout=2.5)


class Sentences(SynchronousTestCase):
    """A sentence, by its English a ``str``."""

    def test_it_is_its_english(self) -> None:
        self.assertEqual(LATE, "no connection to the front within 2.5 s")
        self.assertEqual(LATE.in_language("en"), "no connection to the front within 2.5 s")
        self.assertEqual(json.dumps([LATE]), '["no connection to the front within 2.5 s"]')

    def test_it_is_said_in_chinese(self) -> None:
        self.assertEqual(LATE.in_language("zh"), "2.5 秒内未连上前置")

    def test_sentences_within_it_are_said_in_the_same_language(self) -> None:
        whole = english("the session is {state}: {reason}", state="lost", reason=LATE)
        self.assertEqual(whole, "the session is lost: no connection to the front within 2.5 s")
        self.assertEqual(whole.in_language("zh"), "会话状态为 lost：2.5 秒内未连上前置")

    def test_what_a_client_let_slip_is_shown_to_it_and_kept_nowhere(self) -> None:
        wrong = english("unknown field {name}{hint}", name=Echo("'geheim'"), hint=NOTHING)
        for whole in (wrong, english("{key}: {reason}", key="K", reason=wrong), wrong + "; more"):
            for shown in (str(whole), whole.in_language("zh")):
                self.assertIn("geheim", shown)
            self.assertNotIn("geheim", whole.recorded())
            self.assertIn("unknown field …", whole.recorded())
        refused = english("cannot start: {reason}", reason=ConfigError(wrong))
        self.assertEqual(refused.recorded(), "cannot start: unknown field …")
        self.assertEqual(LATE.recorded(), str(LATE))
        self.assertEqual(verbatim("a {brace}").recorded(), "a {brace}")

    def test_an_exception_within_it_is_said_by_its_sentence(self) -> None:
        whole = english("cannot start: {reason}", reason=ConfigError(LATE))
        self.assertEqual(whole.in_language("zh"), "无法启动：2.5 秒内未连上前置")

    def test_so_is_an_error_of_the_system_that_we_have_found(self) -> None:
        problem = OSError(22, english("not a regular file; a FIFO or a device is not read"), "/p")
        self.assertEqual(str(reason_of(problem)), str(problem))
        whole = english("cannot start: {reason}", reason=problem)
        self.assertEqual(str(whole), f"cannot start: {problem}")
        chinese = "[Errno 22] 不是普通文件；不读取 FIFO 与设备: '/p'"
        self.assertEqual(whole.in_language("zh"), f"无法启动：{chinese}")
        told = english("{path}: {reason}", path="/p", reason=problem.strerror)
        self.assertIn("不是普通文件", told.in_language("zh"))
        gone = OSError(2, "No such file", "/q")
        self.assertIs(said(gone, "zh"), gone)

    def test_words_of_a_library_stay_as_they_are(self) -> None:
        whole = english("not JSON: {problem}", problem=ValueError("trailing comma"))
        self.assertEqual(whole.in_language("zh"), "不是 JSON：trailing comma")

    def test_braces_of_clients_are_no_fields(self) -> None:
        for text in ("{0}", "{name.__class__}", "{", "{{x}}"):
            whole = english("unknown field {name}{hint}", name=text, hint=NOTHING)
            self.assertEqual(whole, f"unknown field {text}")
            self.assertEqual(whole.in_language("zh"), f"未知字段 {text}")
            self.assertEqual(verbatim(text).in_language("zh"), text)

    def test_a_field_that_is_a_key_of_the_catalogue_is_data(self) -> None:
        whole = english("unknown field {name}{hint}", name="nobody came back", hint=NOTHING)
        self.assertEqual(whole.in_language("zh"), "未知字段 nobody came back")

    def test_several_are_joined_and_added(self) -> None:
        hint = english("; did you mean {name}?", name="Price")
        for whole in (LATE + hint, joined("", (LATE, hint))):
            self.assertEqual(whole, f"{LATE.in_language('en')}; did you mean Price?")
            self.assertEqual(whole.in_language("zh"), "2.5 秒内未连上前置；是否想写 Price？")
        self.assertEqual(joined("; ", ("a", LATE)).in_language("zh"), "a; 2.5 秒内未连上前置")
        self.assertEqual(joined("; ", ()), "")

    def test_what_has_no_chinese_is_said_in_english(self) -> None:
        self.assertEqual(
            Text("a new one", "a new {what}", {"what": "one"}).in_language("zh"), "a new one"
        )


class Values(SynchronousTestCase):
    """What is no sentence of ours."""

    def test_values_are_shown_as_they_are(self) -> None:
        for value in (1, 2.5, None, "plain", {"a": [1]}, ValueError("x")):
            self.assertEqual(said(value, "zh"), value)

    def test_sentences_are_found_wherever_they_are(self) -> None:
        said_so = said({"a": [1, LATE], "b": {"c": ConfigError(LATE)}}, "zh")
        chinese = LATE.in_language("zh")
        self.assertEqual(said_so, {"a": [1, chinese], "b": {"c": chinese}})

    def test_the_reason_of_an_exception(self) -> None:
        self.assertIs(reason_of(ConfigError(LATE)), LATE)
        self.assertEqual(reason_of(OSError(2, "gone")), "[Errno 2] gone")

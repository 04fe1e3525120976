"""Every sentence and every log line has its Chinese, and nothing else stands in the catalogue."""

import re
from string import Formatter

import yaml
from twisted.trial.unittest import SynchronousTestCase

from tests.language.sources import placeholders, raised, said, untold, words
from webctp.language.catalogue import DATA, chinese

_LETTERS = re.compile("[A-Za-z]")
_CHINESE = re.compile("[\u4e00-\u9fff\uff00-\uffef]")
_ASIDE = ("en", "zh")
"""Fields that hold one language each: a template may leave the other out."""


def _needed() -> dict[str, str]:
    """Return every template that has words, and a place where it stands."""
    found = {one.template: one.where for one in said() if one.template is not None}
    return {one: where for one, where in found.items() if _LETTERS.search(words(one))}


class Catalogue(SynchronousTestCase):
    """``chinese.yaml`` against the sources."""

    def test_templates_stand_in_the_source_and_nowhere_else(self) -> None:
        strange = [one.where for one in said() if one.template is None]
        self.assertEqual(strange, [], "a template is a plain text: at its place, or a constant")

    def test_every_sentence_has_its_chinese(self) -> None:
        missing = {
            template: where for template, where in _needed().items() if template not in chinese()
        }
        self.assertEqual(missing, {}, "add them to webctp/language/chinese.yaml")

    def test_no_chinese_is_left_over(self) -> None:
        made = {one.template for one in said()}
        self.assertEqual([one for one in chinese() if one not in made], [])

    def test_both_languages_have_the_same_fields(self) -> None:
        wrong = []
        for english, translated in chinese().items():
            fields = [placeholders(one) for one in (english, translated)]
            kept = [{one for one in some if one[0] not in _ASIDE} for some in fields]
            if kept[0] != kept[1]:
                wrong.append((english, translated))
        self.assertEqual(wrong, [])

    def test_fields_have_names_and_no_attributes(self) -> None:
        wrong = [
            template
            for template in (*_needed(), *chinese().values())
            for _, name, _, _ in Formatter().parse(template)
            if name is not None and not name.isidentifier()
        ]
        self.assertEqual(wrong, [])

    def test_the_chinese_is_chinese(self) -> None:
        self.assertEqual([one for one in chinese().values() if not _CHINESE.search(one)], [])

    def test_no_entry_stands_twice(self) -> None:
        node = yaml.compose(DATA.read_text("utf-8"))
        keys = [key.value for key, _ in node.value] if isinstance(node, yaml.MappingNode) else []
        self.assertEqual(len(keys), len(chinese()))

    def test_who_raises_for_people_raises_a_sentence(self) -> None:
        found = [one.where for one in raised()]
        self.assertEqual(found, [], "write english(…) around the text, with named fields")

    def test_words_among_the_fields_are_sentences_too(self) -> None:
        found = [one.where for one in untold()]
        self.assertEqual(found, [], "write english(…) around the words")

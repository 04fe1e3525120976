"""Sentences of ours that are written in English and read in English or Chinese.

A sentence is a template of the source with named fields. Its English is the key of
``chinese.yaml``; a reader's language is chosen where the sentence is shown, not where it is made.
"""

from collections.abc import Iterable, Mapping
from typing import Any, Final, Literal, Self, get_args

from webctp.language.catalogue import chinese

Language = Literal["en", "zh"]
"""English, or Chinese as it is written in China."""

LANGUAGES: Final[tuple[Language, ...]] = get_args(Language)


class Echo(str):
    """What a client wrote where a name was wanted: its password, perhaps.

    It is shown to that client alone; :meth:`Text.recorded` leaves it out.
    """

    __slots__ = ()


class Text(str):
    """A sentence of ours: as a ``str`` its English, by :meth:`in_language` another's.

    :func:`english`, :func:`joined` and :func:`verbatim` make them, and ``+`` of two; whatever else
    ``str`` does gives plain English.
    """

    __slots__ = ("_fields", "_parts", "_template")

    def __new__(
        cls,
        english: str,
        template: str = "",
        fields: Mapping[str, object] | None = None,
        parts: tuple[str, ...] = (),
    ) -> Self:
        """Make a sentence of its English, and of the template or the parts that it came from."""
        made = super().__new__(cls, english)
        made._template, made._fields, made._parts = template, fields or {}, parts
        return made

    _template: str
    _fields: Mapping[str, object]
    _parts: tuple[str, ...]

    def in_language(self, language: Language) -> str:
        """Return the sentence for a reader of ``language``, as a plain ``str``.

        English stands in for what has no Chinese: a newer template, a library's own words.
        """
        if language == "en":
            return str.__str__(self)
        if self._parts:
            return "".join(said(part, language) for part in self._parts)
        if not self._template:
            return str.__str__(self)
        template = chinese().get(self._template, self._template)
        return template.format(
            **{name: said(value, language) for name, value in self._fields.items()}
        )

    def recorded(self) -> str:
        """Return the English for records that are kept, without what a client has let slip."""
        if self._parts:
            return "".join(_recorded(part) for part in self._parts)
        if not self._fields:
            return str.__str__(self)
        return self._template.format(
            **{name: _recorded(value) for name, value in self._fields.items()}
        )

    def __add__(self, other: str) -> "Text":
        return _whole((self, other))


NOTHING: Final = Text("")
"""No sentence at all."""


def english(template: str, /, **fields: object) -> Text:
    """Return a sentence, of which ``chinese.yaml`` has the Chinese.

    :param template: English with named fields, in the form of ``str.format``. It stands in the
        source itself, where a test looks for it: what comes from a client, a file or a front is a
        field's value, never a template.
    :param fields: shown as they are; a :class:`Text`, and an exception that holds one, in the
        reader's language.
    """
    return Text(template.format(**fields), template, fields)


def verbatim(value: object) -> Text:
    """Return what reads the same in every language: a library's own words, or data."""
    return value if isinstance(value, Text) else Text(str(value))


def joined(separator: str, parts: Iterable[str]) -> Text:
    """Return some sentences, or names, as one."""
    listed = list(parts)
    between = [one for part in listed for one in (separator, part)][1:]
    return _whole(tuple(between))


def reason_of(problem: BaseException | None) -> Text:
    """Return what an exception says; one of another's making in its own words."""
    match problem:
        case BaseException(args=(Text() as text, *_)):
            return text
        case OSError(strerror=Text() as text):
            where = "" if problem.filename is None else f": {problem.filename!r}"
            return joined("", (f"[Errno {problem.errno}] ", text, where))
        case _:
            return verbatim(problem)


def said(value: Any, language: Language) -> Any:
    """Return a value as it is shown to a reader of ``language``, with all that it holds."""
    match value:
        case Text():
            return value.in_language(language)
        case BaseException(args=(Text(), *_)) | OSError(strerror=Text()):
            return reason_of(value).in_language(language)
        case dict():
            return {name: said(one, language) for name, one in value.items()}
        case list():
            return [said(one, language) for one in value]
        case _:
            return value


def _recorded(value: Any) -> Any:
    match value:
        case Echo():
            return "…"
        case Text():
            return value.recorded()
        case BaseException(args=(Text(), *_)) | OSError(strerror=Text()):
            return reason_of(value).recorded()
        case _:
            return value


def _whole(parts: tuple[str, ...]) -> Text:
    return Text("".join(parts), parts=parts)

"""Patterns of accounts and instruments that a principal is bound to."""

import re
from collections.abc import Callable, Iterable
from typing import Final

_JOINT: Final = "&"
"""What stands between the legs of a combination: ``SP m2705&m2709``."""


class Patterns:
    """Say what some patterns cover: ``*`` stands for any text, ``?`` for any one character.

    :param texts: the patterns; without any nothing is covered.
    """

    def __init__(self, texts: Iterable[str]) -> None:
        self.texts = tuple(texts)
        self._match = _either(self.texts)
        self._match_whole = _either([one for one in self.texts if _JOINT in one or " " in one])

    def __str__(self) -> str:
        return ", ".join(self.texts)

    def covers(self, asked: str) -> bool:
        """Return whether everything that ``asked`` stands for is covered.

        :param asked: a name, or a pattern. A ``?`` of ours covers no ``*`` of theirs.
        """
        return self._match(asked) is not None

    def covers_instrument(self, asked: str) -> bool:
        """Return the same of an instrument; of a combination each leg must be covered.

        A pattern that is written for combinations, as ``SP m*&m*``, covers them whole.
        """
        if _JOINT not in asked:
            return self.covers(asked)
        legs = asked.rpartition(" ")[2].split(_JOINT)
        return all(map(self.covers, legs)) or self._match_whole(asked) is not None


def _either(patterns: Iterable[str]) -> Callable[[str], object]:
    return re.compile("|".join(map(_expression, patterns)) or "(?!)").fullmatch


def _expression(pattern: str) -> str:
    parts = {"*": ".*", "?": "[^*]"}
    return "".join(parts.get(one) or re.escape(one) for one in pattern)

"""The initials of Chinese words in pinyin: 螺纹钢 is ``lwg``.

The 3,755 characters of GB 2312's first level stand there in the order of their pinyin, so that a
table of where each letter begins tells theirs. Of the rarer ones only those are listed that names
of products hold: no library with its tables of megabytes is needed for some thousand names.
"""

from bisect import bisect_right
from functools import lru_cache
from typing import Final

_STARTS: Final = (
    *(0xB0A1, 0xB0C5, 0xB2C1, 0xB4EE, 0xB6EA, 0xB7A2, 0xB8C1, 0xB9FE, 0xBBF7, 0xBFA6, 0xC0AC),
    *(0xC2E8, 0xC4C3, 0xC5B6, 0xC5BE, 0xC6DA, 0xC8BB, 0xC8F6, 0xCBFA, 0xCDDA, 0xCEF4, 0xD1B9),
    0xD4D1,
)
"""Where the characters of each letter begin; the last letter ends with the first level."""
_LETTERS: Final = "abcdefghjklmnopqrstwxyz"
_END: Final = 0xD7FA
_RARE: Final = {
    **{"粕": "p", "榈": "l", "烯": "x", "籼": "x", "粳": "j", "酯": "z", "箔": "b", "胚": "p"},
    **{"锂": "l", "钯": "b"},
}
"""Characters of the second level."""


def initials(text: str) -> str:
    """Return the initials of a text in lower case; what is no Chinese stands as it is.

    A character that is not known is left out.
    """
    return "".join(map(_initial, text)).lower()


@lru_cache(maxsize=8192)
def _initial(character: str) -> str:
    if character.isascii():
        return character
    known = _RARE.get(character)
    if known is not None:
        return known
    try:
        high, low = character.encode("gb2312")
    except (UnicodeEncodeError, ValueError):
        return ""
    code = high << 8 | low
    return _LETTERS[bisect_right(_STARTS, code) - 1] if _STARTS[0] <= code < _END else ""

"""What a key of the simulated front's options is: its attribute, its reader, its documents.

The readers here raise ValueError for a text that they do not accept.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

CLOCKS: Final = ("always", "calendar")


@dataclass(frozen=True, slots=True)
class Key:
    """A key: the attribute that it sets, what it accepts and means, in Chinese and English."""

    attribute: str
    wanted: str
    zh: str
    en: str
    read: Callable[[str], Any] = str
    keys: "Mapping[str, Key] | None" = None

    @property
    def wanted_zh(self) -> str:
        """What the key accepts, in Chinese."""
        return _WANTED_ZH[self.wanted]


def at_least(least: float, kind: Callable[[str], float]) -> Callable[[str], float]:
    """Return a reader of numbers that are no less than ``least``."""

    def read(text: str) -> float:
        value = kind(text)
        if not least <= value < 1e15:
            raise ValueError
        return value

    return read


def one_of(choices: tuple[str, ...]) -> Callable[[str], str]:
    """Return a reader that accepts ``choices`` only."""

    def read(text: str) -> str:
        if text not in choices:
            raise ValueError
        return text

    return read


def flag(text: str) -> bool:
    """Read a truth value."""
    flags = {"true": True, "yes": True, "on": True, "false": False, "no": False, "off": False}
    if text.lower() not in flags:
        raise ValueError
    return flags[text.lower()]


def moment(text: str) -> datetime:
    """Read a moment in China Standard Time, written without a zone."""
    read = datetime.fromisoformat(text)
    if read.tzinfo is not None:
        raise ValueError
    return read


def names_of(text: str) -> frozenset[str]:
    """Read names with commas between them."""
    names = frozenset(name.strip() for name in text.split(","))
    if not all(
        name.isascii() and name.replace("-", "").replace("_", "").isalnum() for name in names
    ):
        raise ValueError
    return names


def chance(text: str) -> float:
    """Read a probability."""
    value = float(text)
    if not 0 <= value <= 1:
        raise ValueError
    return value


_WANTED_ZH: Final[Mapping[str, str]] = {
    "an integer": "整数",
    " or ".join(CLOCKS): " 或 ".join(CLOCKS),
    "a number from 0.1 on": "不小于 0.1 的数",
    "a time of China such as 2026-11-23T20:55:00": "北京时间，如 2026-11-23T20:55:00",
    "yuan, 0 or more": "元，不小于 0",
    "text": "文本",
    "an integer from 1 on": "不小于 1 的整数",
    "seconds, 0 for no limit": "秒数，0 表示不限",
    "milliseconds, 0 or more": "毫秒数，不小于 0",
    "a number of orders, 0 for no limit": "笔数，0 表示不限",
    "the least characters of a strong password": "强口令的最少字符数",
    "true or false": "true 或 false",
    "a file name": "文件名",
    "a mapping of faults": "下一级的故障",
    "orders a second, 0 for no limit": "每秒笔数，0 表示不限",
    "lots, 0 for no limit": "手数，0 表示不限",
    "instruments or products such as rb2705,cu_o": "合约或品种，如 rb2705,cu_o",
    "a chance from 0 to 1": "0 至 1 的概率",
    "seconds, 0 or more": "秒数，不小于 0",
    "ticks, 0 or more": "笔数，不小于 0",
}
"""What a key accepts, by the English words for it."""
A_CHANCE: Final = "a chance from 0 to 1"
SOME_SECONDS: Final = "seconds, 0 or more"

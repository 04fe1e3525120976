"""Keep the directory of instruments that patterns such as ``*`` and ``rb*`` are matched against.

Instruments come from ticks, from a file, from a trading session of the same daemon, all by
:meth:`InstrumentDirectory.add`. In a pattern ``*`` stands for any text, ``?``
for any one character; both occur in no InstrumentID. Everything runs in the reactor's thread.
"""

import fnmatch
import re
from collections.abc import Callable, Generator, Iterable, Iterator
from functools import lru_cache

from webctp.ctp.codec import Layout

MOST_KNOWN = 50_000
A_STEP = 256
"""Names that are held against a pattern in one step of long work."""


def instrument_slice(layout: Layout) -> slice:
    """Return where a struct's bytes hold its InstrumentID."""
    found = layout.by_name["InstrumentID"]
    return slice(found.offset, found.offset + found.size)


def is_pattern(name: bytes) -> bool:
    """Return whether a name is a pattern, which stands for more than one instrument."""
    return b"*" in name or b"?" in name


def matcher(pattern: bytes) -> Callable[[bytes], object]:
    """Return a function that returns a true value for the names that ``pattern`` matches."""
    return _compiled(pattern).fullmatch


def matches(pattern: bytes, name: bytes) -> bool:
    """Return whether ``pattern`` matches ``name``."""
    return _compiled(pattern).fullmatch(name) is not None


class InstrumentDirectory:
    """Hold a growing set of instruments, in the order they were added.

    :param limit: how many are kept; names beyond it are not added.
    """

    def __init__(self, limit: int = MOST_KNOWN) -> None:
        self._limit = limit
        self._names: dict[bytes, None] = {}
        self._order: list[bytes] = []
        self._listeners: list[Callable[[list[bytes]], None]] = []

    def __contains__(self, name: bytes) -> bool:
        return name in self._names

    def __len__(self) -> int:
        return len(self._names)

    def __iter__(self) -> Iterator[bytes]:
        return iter(self._order)

    def on_added(self, listener: Callable[[list[bytes]], None]) -> None:
        """Call ``listener`` with the names that are added from now on."""
        self._listeners.append(listener)

    def add(self, names: Iterable[bytes]) -> None:
        """Add names; those that are there already are passed over."""
        new = [name for name in dict.fromkeys(names) if name not in self._names]
        new = new[: max(0, self._limit - len(self._names))]
        if new:
            self._names.update(dict.fromkeys(new))
            self._order.extend(new)
            for listener in self._listeners:
                listener(new)

    def matching(self, pattern: bytes) -> list[bytes]:
        """Return the names that ``pattern`` matches, in the order they were added."""
        found = matcher(pattern)
        return [name for name in self._order if found(name)]

    def finding(self, pattern: bytes) -> Generator[None, None, list[bytes]]:
        """Return in steps what :meth:`matching` does; names added meanwhile are among them."""
        found, names = matcher(pattern), self._order
        matching: list[bytes] = []
        at = 0
        while at < len(names):
            matching += [name for name in names[at : at + A_STEP] if found(name)]
            at += A_STEP
            yield
        return matching

    def finding_any(self, pattern: bytes) -> Generator[None, None, bool]:
        """Return in steps whether ``pattern`` matches any name."""
        found, names = matcher(pattern), self._order
        for at in range(0, len(names), A_STEP):
            if any(map(found, names[at : at + A_STEP])):
                return True
            yield
        return False


@lru_cache(maxsize=1024)
def _compiled(pattern: bytes) -> re.Pattern[bytes]:
    # fnmatch's form never goes back on what an asterisk has found: a pattern of many costs no more
    # time than the names are long. Brackets are nothing special here.
    form = fnmatch.translate(pattern.decode("latin-1").replace("[", "[[]"))
    return re.compile(form.encode("latin-1"))

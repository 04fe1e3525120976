"""What a connection has subscribed to, for the connection after it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any, Final

_TICKS: Final = "SubscribeMarketData"
_QUOTES: Final = "SubscribeForQuoteRsp"
_ONCE: Final = ("History",)
"""Words that bring what is past: not to be told again."""


class Subscriptions:
    """The subscriptions of market data: instruments, each with the words beside it."""

    def __init__(self) -> None:
        self._words: dict[str, dict[str, dict[str, Any]]] = {_TICKS: {}, _QUOTES: {}}

    def enter(self, request: str, names: Sequence[str], words: dict[str, Any]) -> None:
        """Enter a subscription, or the end of one."""
        kept = self._words[request.replace("UnSub", "Sub")]
        for name in names:
            if request.startswith("UnSub"):
                kept.pop(name, None)
            else:
                kept[name] = {word: one for word, one in words.items() if word not in _ONCE}

    def wanted(self, request: str, names: Sequence[str]) -> list[str]:
        """Return those instruments which a request still serves.

        A connection begins without subscriptions: there is nothing for it to end.
        """
        kept = self._words.get(request, {})
        return [name for name in names if name in kept]

    def messages(self) -> Iterator[dict[str, Any]]:
        """Yield the messages that bring all of it about, without a RequestID."""
        for request, kept in self._words.items():
            groups: dict[str, tuple[dict[str, Any], list[str]]] = {}
            for name, words in kept.items():
                groups.setdefault(repr(sorted(words.items())), (words, []))[1].append(name)
            for words, names in groups.values():
                yield {"MsgType": request, "InstrumentID": names, **words}

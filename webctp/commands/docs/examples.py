"""The examples of the documents: what is sent, what came back, how both are shown and compared.

`NAME.yaml` in the directory of examples is written by hand: titles, words and requests, in the
order in which they are sent. `NAME.recorded.json` is what the simulated front answered to them.
"""

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from typing import Any, Final

import yaml

from webctp.commands.docs.markdown import fenced

Message = dict[str, Any]

SCRIPTS: Final = {"td": "td", "md": "md", "errors": "td"}
"""The scripts of examples, each played on a connection of its own, and the service it is for."""

_WIDTH: Final = 98
_SHOWN: Final = 4
_LONG: Final = 8
_SAME: Final = "// …其余字段同上 the other fields as above"
_KEYS: Final = frozenset({"title", "text", "request", "shows", "until"})


class ExampleError(Exception):
    """An example is not as it must be; the text names it and what is wrong."""


@dataclass(frozen=True, slots=True)
class Example:
    """A request with what is to be shown of its effect.

    ``title`` and ``text`` in Chinese and English; ``text`` may be empty. ``shows`` are the
    MsgTypes of the messages worth showing (empty: the answers with the request's RequestID);
    ``until`` are the keys and values of the last of them (empty: IsLast of the answer).
    A text in the request of the form ``$MsgType.Field`` stands for a value received before.
    """

    title: tuple[str, str]
    text: tuple[str, str]
    request: Message
    shows: tuple[str, ...]
    until: Mapping[str, Any]

    @property
    def msg_type(self) -> str:
        """The request's MsgType."""
        return str(self.request["MsgType"])


@dataclass(frozen=True, slots=True)
class Recorded:
    """What really went over the wire: the request as sent, the messages shown, in order."""

    sent: Message
    received: tuple[Message, ...]


def load(directory: Path, script: str) -> tuple[Example, ...]:
    """Return the examples of a script (``td``, ``md``, ``errors``).

    :raises ExampleError: for a key that is none.
    """
    path = directory / f"{script}.yaml"
    return tuple(
        _example(f"{path.name}: example {number}", entry)
        for number, entry in enumerate(yaml.safe_load(path.read_text("utf-8")), 1)
    )


def load_recorded(directory: Path, script: str) -> tuple[Recorded, ...]:
    """Return what was recorded of a script's examples, in their order."""
    entries = json.loads((directory / f"{script}.recorded.json").read_text("utf-8"))
    return tuple(Recorded(entry["sent"], tuple(entry["received"])) for entry in entries)


def save_recorded(directory: Path, script: str, recorded: Iterable[Recorded]) -> None:
    """Write what was recorded, to be read by `load_recorded`."""
    entries = [{"sent": one.sent, "received": one.received} for one in recorded]
    text = json.dumps(entries, ensure_ascii=False, indent=1)
    (directory / f"{script}.recorded.json").write_text(text + "\n", "utf-8")


def shown(example: Example, recorded: Recorded) -> str:
    """Return an example as Markdown: words, request, answers."""
    zh, en = example.title
    blocks = [f"**{zh}** · {en}", *(text for text in example.text if text)]
    blocks.append(fenced("json", pretty(recorded.sent)))
    received = recorded.received[:_SHOWN]
    answers = [pretty(message) for message in received[:1]]
    answers += [pretty(*_changed(before, message)) for before, message in pairwise(received)]
    if len(recorded.received) > len(received):
        answers.append(f"// … {len(recorded.received) - len(received)}")
    blocks.append(fenced("json" if len(answers) == 1 else "jsonc", "\n".join(answers)))
    return "\n\n".join(blocks)


def pretty(message: Message, shortened: str = "") -> str:
    """Return a message as JSON for readers: the head in a line, the bodies' fields filled in.

    :param shortened: the key of a body of which not every field is here; a remark says so.
    """
    lines: list[str] = []
    head: list[str] = []
    for key, value in message.items():
        fits = len(_pair(key, value)) <= _WIDTH - 4 and key != shortened
        if fits or not isinstance(value, dict):
            head.append(_pair(key, value))
            continue
        lines += [*_filled(head, 2, ","), f'  "{key}": {{', *_filled(_pairs(value), 4)]
        lines += [f"    {_SAME}"] if key == shortened else []
        lines.append("  },")
        head = []
    lines += _filled(head, 2, ",")
    whole = "".join(lines).strip().removesuffix(",")
    if len(lines) < 2 and len(whole) + 2 <= _WIDTH:
        return f"{{{whole}}}"
    return "\n".join(["{", *lines[:-1], lines[-1].removesuffix(","), "}"])


def _changed(before: Message, message: Message) -> tuple[Message, str]:
    """Return a message with the new fields of its body only, and that body's key.

    The whole message and no key where it has no long body in common with the one before.
    """
    for key, value in message.items():
        old = before.get(key)
        if isinstance(value, dict) and isinstance(old, dict) and len(value) >= _LONG:
            new = {name: one for name, one in value.items() if old.get(name) != one}
            return {**message, key: new}, key
    return message, ""


def differences(was: object, now: object, where: str = "") -> list[str]:
    """Return how the shapes of ``was`` and ``now`` differ: keys, their order, types of values.

    Values may differ, except ErrorID and MsgType.
    """
    if isinstance(was, dict) and isinstance(now, dict):
        if list(was) != list(now):
            return [f"{where or 'message'}: keys {list(was)}, now {list(now)}"]
        return [
            problem
            for key in was
            for problem in differences(was[key], now[key], f"{where}.{key}".strip("."))
        ]
    if type(was) is not type(now):
        return [f"{where}: {type(was).__name__}, now {type(now).__name__} ({now!r:.60})"]
    if where.rpartition(".")[2] in ("ErrorID", "MsgType") and was != now:
        return [f"{where}: {was!r}, now {now!r}"]
    return []


def _example(where: str, entry: Mapping[str, Any]) -> Example:
    unknown = entry.keys() - _KEYS
    if unknown or "request" not in entry or "title" not in entry:
        raise ExampleError(f"{where}: has {sorted(entry)}, wants title, request of {sorted(_KEYS)}")
    zh, en = entry["title"]
    text_zh, text_en = entry.get("text", ("", ""))
    return Example(
        title=(zh, en),
        text=(text_zh, text_en),
        request=entry["request"],
        shows=tuple(entry.get("shows", ())),
        until=entry.get("until", {}),
    )


def _pairs(values: Mapping[str, Any]) -> list[str]:
    return [_pair(key, value) for key, value in values.items()]


def _pair(key: str, value: object) -> str:
    return f"{json.dumps(key)}: {json.dumps(value, ensure_ascii=False)}"


def _filled(items: Sequence[str], indent: int, end: str = "") -> list[str]:
    """Return the items with commas between and ``end`` after the last, on as few lines as fit."""
    words = [item + ("," if number < len(items) else end) for number, item in enumerate(items, 1)]
    lines: list[str] = []
    for word in words:
        if lines and indent + len(lines[-1]) + 1 + len(word) <= _WIDTH:
            lines[-1] += f" {word}"
        else:
            lines.append(word)
    return [" " * indent + line for line in lines]

"""What a line of the log is: text for people, or a JSON object.

An event may bear four fields of context: ``client`` (its address), ``principal`` (the name of its
token), ``account`` (BrokerID:UserID) and ``request_id``. Whoever logs passes those that it has;
nothing is guessed from the words of a line.

Whatever an event holds, it makes one line: a client's text can neither end a line nor begin one,
and a terminal that shows the log obeys none of it.
"""

import json
import re
from collections.abc import Callable
from datetime import UTC, datetime
from enum import Enum
from typing import Any, Final

from twisted.logger import LogEvent, eventAsText, formatEvent, formatTime

from webctp.language.catalogue import chinese
from webctp.language.text import Language, said

CONTEXT: Final = {
    "client": "client",
    "principal": "principal",
    "account": "account",
    "request_id": "RequestID",
}
"""The fields of context, as events bear them, and as lines name them."""

LONGEST: Final = 16 * 1024
"""Characters of a message, and of a traceback, that are kept."""

_OBEYED: Final = re.compile(
    "[\x00-\x1f\x7f-\x9f\u200e\u200f\u2028-\u202e\u2066-\u2069\ud800-\udfff]"
)
"""What ends a line, moves a cursor, colours a terminal, or turns text around."""
_NAMES: Final = {"\n": r"\n", "\r": r"\r", "\t": r"\t"}
_OF_LEGACY: Final = frozenset(
    ("message", "time", "system", "isError", "format", "failure", "why", "logLevel")
)
"""What Twisted's older functions put beside their text."""


def harmless(text: str) -> str:
    """Return a text on one line, with what a terminal would obey written as ``\\x1b``."""
    if len(text) > LONGEST:
        text = f"{text[:LONGEST]}…"
    return _OBEYED.sub(_escaped, text)


def _escaped(found: "re.Match[str]") -> str:
    one = found[0]
    if one in _NAMES:
        return _NAMES[one]
    return f"\\x{ord(one):02x}" if ord(one) < 0x100 else f"\\u{ord(one):04x}"


def message_of(event: LogEvent, language: Language) -> str:
    """Return what an event says, in a language; lines of other libraries stay as they are."""
    if language != "en":
        shown = {name: said(value, language) for name, value in event.items()}
        template = event.get("log_format")
        if template is not None:
            shown["log_format"] = chinese().get(template, template)
        event = shown
    return harmless(formatEvent(event))


def _traceback(event: LogEvent) -> str:
    """Return the traceback of an event's failure; empty where it has none."""
    failure = event.get("log_failure")
    if failure is None:
        return ""
    text = eventAsText({"log_failure": failure}, includeTimestamp=False, includeSystem=False)
    return text.strip()[-LONGEST:]


def _context(event: LogEvent) -> dict[str, Any]:
    """Return the fields of context that an event bears."""
    return {name: _joined(event[name]) for name in CONTEXT if event.get(name)}


def _joined(value: Any) -> Any:
    """Return a value of context; of an account BrokerID:UserID."""
    return ":".join(value) if isinstance(value, tuple) else value


def text_line(event: LogEvent, language: Language) -> str | None:
    """Return an event as text, with its end; None for one that says nothing.

    Context that the message does not show itself stands behind it. Each line of a traceback is
    indented by a tab.
    """
    message, traceback = message_of(event, language), _traceback(event)
    if not message and not traceback:
        return None
    template = event.get("log_format") or ""
    beside = [
        f"{CONTEXT[name]}={harmless(str(value))}"
        for name, value in _context(event).items()
        if f"{{{name}}}" not in template
    ]
    parts = [formatTime(event.get("log_time")), f"[{_system(event)}]", message]
    if beside:
        parts.append(f"[{' '.join(beside)}]")
    lines = [" ".join(filter(None, parts)), *map(harmless, traceback.splitlines())]
    return "\n\t".join(lines) + "\n"


def _system(event: LogEvent) -> str:
    system = event.get("log_system")
    if system is not None:
        return harmless(str(system))
    level = event.get("log_level")
    return f"{event.get('log_namespace', '-')}#{'-' if level is None else level.name}"


def json_line(event: LogEvent, language: Language) -> str | None:
    """Return an event as a JSON object on one line; None for one that says nothing.

    Its time is ISO 8601 with zone and microseconds; ``fields`` has the plain values of the event
    beside its context, ``traceback`` what went wrong.
    """
    message, traceback = message_of(event, language), _traceback(event)
    if not message and not traceback:
        return None
    level = event.get("log_level")
    told: dict[str, Any] = {
        "time": _moment(event.get("log_time")),
        "level": "info" if level is None else level.name,
        "namespace": str(event.get("log_namespace") or event.get("log_system") or "-"),
        "message": message,
    }
    told |= {CONTEXT[name]: _plain(value, language) for name, value in _context(event).items()}
    fields = {
        name: _plain(value, language)
        for name, value in event.items()
        if name not in CONTEXT and name not in _OF_LEGACY and not name.startswith("log_")
    }
    fields = {name: value for name, value in fields.items() if value is not None}
    if fields:
        told["fields"] = fields
    if traceback:
        told["traceback"] = traceback
    # Never a bare line separator, whatever a reader takes for one.
    return json.dumps(told, ensure_ascii=True) + "\n"


def _plain(value: Any, language: Language) -> str | int | float | bool | None:
    """Return a value of JSON's; None for an object, which the message shows as far as it is to."""
    match said(value, language):
        case bool() | int() as number:
            return number
        case float() as number:
            return number if number - number == 0 else str(number)
        case Enum() as one:
            return str(one.value)
        case str() as text:
            return text[:LONGEST]
        case _:
            return None


def _moment(seconds: float | None) -> str | None:
    if seconds is None:
        return None
    return datetime.fromtimestamp(seconds, UTC).astimezone().isoformat(timespec="microseconds")


FORMATS: Final[dict[str, Callable[[LogEvent, Language], str | None]]] = {
    "text": text_line,
    "json": json_line,
}
"""What makes a line, by ``LogFormat``."""

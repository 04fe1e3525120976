"""What CTP's names mean in English, for the documents: CTP's own words are Chinese.

A name is taken apart and each part looked up in ``english.yaml``; what its parts do not explain
stands there whole.
"""

import re
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any, Final

import yaml

_DATA: Final = Path(__file__).with_name("english.yaml")
_PARTS: Final = re.compile(r"[A-Z]+(?![a-z])|[A-Z][a-z]+|[a-z]+|\d+")
_INSERT: Final = re.compile(r"Req(\w+)Insert")
_ACTION: Final = re.compile(r"Req(\w+)Action")
_QUERY: Final = re.compile(r"Req(?:Qry|Query)(\w+)")
_ERROR: Final = re.compile(r"ErrRtn(\w+)")
_RULES: Final = (
    (_QUERY, "query: {}"),
    (_INSERT, "enter: {}"),
    (_ACTION, "cancel: {}"),
    (_ERROR, "refused: {}"),
    (re.compile(r"Rtn(\w+)"), "news: {}"),
    (re.compile(r"(?:Req|Rsp)(\w+)"), "{}"),
)
"""What the shape of a message's name says of the rest."""


@cache
def _data() -> Mapping[str, Any]:
    found: Mapping[str, Any] = yaml.safe_load(_DATA.read_text("utf-8"))
    return found


@cache
def _plain() -> frozenset[str]:
    return frozenset(_data()["plain"].split())


def unknown_parts(name: str) -> list[str]:
    """Return the parts of a name that no entry explains, as of a newer CTP."""
    known = _plain() | _data()["words"].keys()
    return [part for part in _PARTS.findall(name) if part not in known]


def composed(name: str) -> str:
    """Return a name's parts in English words; a part that is unknown stands as it is."""
    words = _data()["words"]
    parts = _PARTS.findall(name)
    said = (words.get(one) or (one.lower() if one in _plain() else one) for one in parts)
    text = " ".join(said).replace("e- ", "e-")
    for together, meant in _data()["phrases"]:
        text = text.replace(together, meant)
    return text


def field(name: str) -> str:
    """Return what a field's name means."""
    return str(_data()["names"].get(name) or composed(name))


def message(name: str) -> str:
    """Return what a request or push is for."""
    whole = _data()["messages"].get(name)
    if whole is not None:
        return str(whole if isinstance(whole, str) else whole[1])
    for pattern, said in _RULES:
        found = pattern.fullmatch(name)
        if found is not None:
            return said.format(composed(found[1]))
    return composed(name)


def chinese(name: str, meaning: str) -> str:
    """Return a message's meaning in Chinese: ours where the header's is for C++ programmers."""
    whole = _data()["messages"].get(name)
    return meaning if whole is None or isinstance(whole, str) else str(whole[0])


def value(constant: str) -> str:
    """Return what a value's constant (``THOST_FTDC_D_Buy``) means."""
    name = constant.removeprefix("THOST_FTDC_").partition("_")[2]
    return str(_data()["values"].get(name) or composed(name))

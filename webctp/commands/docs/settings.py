"""The configuration's keys, from the table that reads them."""

import dataclasses
from collections.abc import Mapping
from typing import Any

from webctp.commands.docs.markdown import code, table
from webctp.config import Key, keys
from webctp.config.kinds import FILE
from webctp.config.sources import file_key
from webctp.secret import Secret
from webctp.sim.handlers import HANDLERS
from webctp.sim.options import FAULT_KEYS, KEYS, FaultOptions, SimOptions

_EVERY = ("键 Key", "默认 Default", "取值 Accepts", "可重新加载 Reload", "含义 Meaning")
_HEADS = ("键 Key", "默认 Default", "取值 Accepts", "含义 Meaning")


def every_key() -> str:
    """Return a table of all keys, those of sections under their section's name."""
    return table(_EVERY, _rows("", keys()))


def simulation_keys() -> str:
    """Return a table of the keys below `Sim`."""
    return _simulation(KEYS, SimOptions())


def fault_keys() -> str:
    """Return a table of the keys below `Sim.Faults`."""
    return _simulation(FAULT_KEYS, FaultOptions())


def simulated_requests() -> str:
    """Return the requests that the simulated front carries out."""
    return ", ".join(code(name) for name in sorted(HANDLERS.by_name))


def _simulation(known: Mapping[str, Any], defaults: SimOptions | FaultOptions) -> str:
    rows = [
        (
            code(name),
            _default(getattr(defaults, key.attribute)),
            f"{key.wanted_zh}<br>{key.wanted}",
            f"{key.zh}<br>{key.en}",
        )
        for name, key in known.items()
    ]
    return table(_HEADS, rows)


def _rows(prefix: str, below: tuple[Key, ...]) -> list[tuple[str, ...]]:
    rows: list[tuple[str, ...]] = []
    for key in below:
        accepts = f"{key.kind.zh.strip()}<br>{key.kind.en}"
        meaning = f"{key.zh}<br>{key.en}"
        reload = "✓" if key.reload else ""
        rows.append((code(prefix + key.name), _default(key.default), accepts, reload, meaning))
        file = file_key(key)
        if file is not None:
            accepts = f"{FILE.zh.strip()}<br>{FILE.en}"
            meaning = (
                f"存放 {code(key.name)} 的文件（只含一行文本），取代 {code(key.name)}。<br>"
                f"A file that holds {code(key.name)} as its only line, in place of it."
            )
            rows.append((code(prefix + file), "—", accepts, "", meaning))
        if key.kind.section is not None:
            rows += _rows(f"{prefix}{key.name}.", keys(key.kind.section))
    return rows


def _default(value: Any) -> str:
    if value is dataclasses.MISSING:
        return "必填 required"
    if value is None or value == () or (isinstance(value, Secret | str) and not value):
        return "—"
    if isinstance(value, bool):
        return code(str(value).lower())
    if isinstance(value, float):
        return code(str(int(value) if value.is_integer() else value))
    return "—" if not isinstance(value, int | str) else code(str(value))

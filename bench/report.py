"""The results: a table to read, a JSON file with the machine's facts."""

import json
import os
import platform
import sys
from collections.abc import Iterable
from importlib.metadata import version
from pathlib import Path
from typing import Any

_PACKAGES = ("openctp-ctp", "twisted", "autobahn", "msgspec")
_COLUMNS = (
    ("rate", "ticks/s", "{:,.0f}", 1.0),
    ("delivered", "delivered", "{:,.0f}", 1.0),
    ("missing", "missing", "{:,.0f}", 1.0),
    ("cpu_us", "CPU µs/msg", "{:.2f}", 1.0),
    ("bytes", "bytes/tick", "{:,.0f}", 1.0),
    ("cores", "cores", "{:.2f}", 1.0),
    ("p50", "p50 ms", "{:.2f}", 1e3),
    ("p99", "p99 ms", "{:.2f}", 1e3),
    ("p999", "p99.9 ms", "{:.2f}", 1e3),
    ("max", "max ms", "{:.2f}", 1e3),
    ("rss", "RSS MiB", "{:.0f}", 2**-20),
)


def machine() -> dict[str, Any]:
    """What the numbers depend on."""
    processor = next(
        (
            line.partition(":")[2].strip()
            for line in Path("/proc/cpuinfo").read_text().splitlines()
            if line.startswith("model name")
        ),
        platform.processor(),
    )
    return {
        "processor": processor,
        "cores": os.cpu_count(),
        "load": os.getloadavg(),
        "kernel": platform.release(),
        "python": sys.version.split()[0],
        **{package: version(package) for package in _PACKAGES},
    }


def table(rows: dict[str, dict[str, Any]]) -> str:
    """The rows as a Markdown table."""
    lines = [
        "| load | " + " | ".join(title for _, title, _, _ in _COLUMNS) + " |",
        "|---" * (len(_COLUMNS) + 1) + "|",
    ]
    for name, row in rows.items():
        cells = [
            form.format(row[key] * scale) if key in row else "" for key, _, form, scale in _COLUMNS
        ]
        lines.append(f"| {name} | " + " | ".join(cells) + " |")
    return "\n".join(lines)


def judged(verdicts: Iterable[tuple[str, str, bool]]) -> str:
    """What must be seen, as a Markdown table."""
    lines = ["| must be seen | is | |", "|---|---|---|"]
    lines += [f"| {what} | {found} | {'yes' if held else 'NO'} |" for what, found, held in verdicts]
    return "\n".join(lines)


def write(path: str, results: dict[str, Any]) -> None:
    """Write the JSON file."""
    Path(path).write_text(json.dumps(results, indent=1, ensure_ascii=False) + "\n")

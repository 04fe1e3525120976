"""``watch`` and ``record``: quotes as they come."""

from __future__ import annotations

import argparse
import sys
import time
from collections.abc import Iterator
from contextlib import closing
from typing import Final

from webctp_client.blocking.client import BlockingClient
from webctp_client.command.asked import table_file
from webctp_client.made.structs import DepthMarketData
from webctp_client.tables import json_line, write_csv

_SHOWN: Final = (
    ("InstrumentID", 12),
    ("UpdateTime", 9),
    ("LastPrice", 11),
    ("BidPrice1", 11),
    ("BidVolume1", 10),
    ("AskPrice1", 11),
    ("AskVolume1", 10),
    ("Volume", 12),
    ("OpenInterest", 14),
)
_PROGRESS: Final = 1.0
"""Seconds between two words on how far a recording is."""


def watch(client: BlockingClient, options: argparse.Namespace) -> int:
    """Show ticks as they come, until interrupted."""
    if not options.json:
        print("".join(f"{name:<{width}}" for name, width in _SHOWN))
    for tick in ticks(client, options.instruments, options.count, None):
        if options.json:
            print(json_line(tick), flush=True)
        else:
            cells = (f"{_shown(getattr(tick, name)):<{width}}" for name, width in _SHOWN)
            print("".join(cells).rstrip(), flush=True)
    return 0


def record(client: BlockingClient, options: argparse.Namespace) -> int:
    """Write ticks to a file, telling how many on standard error.

    :raises ValueError: for a file that is neither CSV nor JSON lines.
    """
    path = table_file(options.output)
    count, told = 0, time.monotonic()
    with path.open("w", encoding="utf-8", newline="") as file:
        try:
            for tick in ticks(client, options.instruments, options.count, options.seconds):
                if path.suffix == ".csv":
                    write_csv([tick], file, header=not count)
                else:
                    file.write(f"{json_line(tick)}\n")
                count += 1
                if sys.stderr.isatty() and time.monotonic() - told > _PROGRESS:
                    told = time.monotonic()
                    print(f"\r{count} ticks", end="", file=sys.stderr, flush=True)
        except KeyboardInterrupt:
            pass  # that is how a recording without an end is ended
    print(f"{count} ticks in {path}", file=sys.stderr)
    return 0


def ticks(
    client: BlockingClient, instruments: list[str], count: int | None, seconds: float | None
) -> Iterator[DepthMarketData]:
    """Yield so many ticks, for so many seconds."""
    end = None if seconds is None else time.monotonic() + seconds
    number = 0
    with closing(client.ticks(*instruments)) as stream:
        while count is None or number < count:
            left = None if end is None else end - time.monotonic()
            if left is not None and left <= 0:
                break
            got = stream.take(left)[: None if count is None else count - number]
            if not got and left is None:
                break
            number += len(got)
            yield from got
    if stream.dropped:
        print(f"{stream.dropped} ticks were passed over", file=sys.stderr)


def _shown(value: object) -> str:
    return "-" if value is None else str(value)

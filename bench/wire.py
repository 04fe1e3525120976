"""Bytes a tick and time a tick on recorded days: ``python -m bench.wire FILE…``.

Each file is a recording (CSV or Parquet, see docs/recording.md). Every tick of it is framed as the
daemon frames it: whole, with its changes only, and both compressed. Bytes are of frames with their
heads; times are of one process and tell little while others run.
"""

import argparse
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

from bench.structs import tick_layout
from webctp.ctp.encoder import InvalidPrice, json_encoder
from webctp.gateway.messages.changes import MARK, Cells, TickChanges
from webctp.gateway.messages.encoder import framer
from webctp.gateway.websocket.deflate import WINDOW_BITS, Compression, Deflater
from webctp.recording.rows import RowFormat
from webctp.recording.tickfile import read

_HEAD = b'{"MsgType":"RtnDepthMarketData","DepthMarketData":'
_LEAST = 128
_AIMS = {"changes": 0.40, "changes, compressed": 0.20}
"""What may be left of the bytes of whole ticks."""

Form = Callable[[bytes], bytes]


def ticks(path: Path) -> list[bytes]:
    """The structs of a recording; what cannot be read is named."""

    def report(message: str) -> None:
        print(f"{path.name}: {message}", file=sys.stderr)

    return [one.raw for one in read(path, RowFormat(tick_layout()), report)]


def forms() -> Iterator[tuple[str, Form]]:
    """The ways to frame ticks of one instrument after another, each from the beginning."""
    layout = tick_layout()
    encode = json_encoder(layout, InvalidPrice.ZERO, keep_reserved=True)
    whole = framer(_HEAD, encode, b"}")
    deflate = Deflater(Compression(_LEAST), WINDOW_BITS).frame
    yield "whole", whole
    yield "whole, compressed", lambda body: deflate(whole(body))
    yield "changes", _changes(whole)
    changes = _changes(whole)
    yield "changes, compressed", lambda body: deflate(changes(body))


def _changes(whole: Form) -> Form:
    """Frame what each tick changes; whole at the start and with another day."""
    told = TickChanges(tick_layout(), InvalidPrice.ZERO, _HEAD, MARK + b"}")
    held: dict[bytes, Cells] = {}
    where = tick_layout().by_name["InstrumentID"]

    def framed(body: bytes) -> bytes:
        name = body[where.offset : where.offset + where.size]
        before, held[name] = held.get(name), told.read(body)
        change = None if before is None else told.change(before, held[name])
        return whole(body) if change is None else change

    return framed


def main() -> None:
    """Measure, and print a table."""
    parser = argparse.ArgumentParser(prog="python -m bench.wire", description=__doc__)
    parser.add_argument("files", nargs="+", type=Path)
    bodies = [body for path in parser.parse_args().files for body in ticks(path)]
    if not bodies:
        sys.exit("no tick could be read")
    print(f"{len(bodies):,} ticks\n\n| form | bytes a tick | of whole | µs a tick | |")
    print("|---|---|---|---|---|")
    first = 0.0
    for name, form in forms():
        began = time.process_time()
        size = sum(len(form(body)) for body in bodies) / len(bodies)
        took = (time.process_time() - began) / len(bodies) * 1e6
        first = first or size
        share = size / first
        aim = _AIMS.get(name)
        held = "" if aim is None else f"at most {aim:.0%}: {'yes' if share <= aim else 'NO'}"
        print(f"| {name} | {size:.0f} | {share:.1%} | {took:.1f} | {held} |")


if __name__ == "__main__":
    main()

"""What the tests of replays share: recordings of a few ticks."""

from pathlib import Path
from typing import Any

from webctp.ctp import catalog
from webctp.ctp.codec import DBL_MAX, codec_for
from webctp.recording.rows import TICK, RowFormat, Tick
from webctp.recording.tickfile import writer
from webctp.sim.exchange.requests import Answering

LAYOUT = codec_for(catalog.market_data().module).layout(TICK)
ROWS = RowFormat(LAYOUT)
MORNING = 1_795_483_800_000_000_000
"""2026-11-24 09:30 in China, in nanoseconds."""
SECOND = 1_000_000_000

UNSET = {field.name: DBL_MAX for field in LAYOUT.fields if field.kind == "double"}
BASE: dict[str, Any] = {
    **UNSET,
    "TradingDay": "20261124",
    "ActionDay": "20261124",
    "UpdateTime": "09:30:00",
    "InstrumentID": "cu2701",
    "LastPrice": 71230.0,
    "PreSettlementPrice": 71000.0,
    "PreClosePrice": 71100.0,
    "UpperLimitPrice": 75000.0,
    "LowerLimitPrice": 67000.0,
    "Volume": 100,
    "Turnover": 35_000_000.0,
    "OpenInterest": 5000.0,
    "BidPrice1": 71220.0,
    "BidVolume1": 5,
    "AskPrice1": 71230.0,
    "AskVolume1": 3,
}


class AnyRequest(dict[str, Answering]):
    """Stands in for the binding's catalogue: OnRsp for every Req."""

    def __missing__(self, name: str) -> Answering:
        return Answering(f"OnRsp{name.removeprefix('Req')}", echoes=False)


def tick(seconds: float = 0.0, **values: object) -> Tick:
    """A tick so many seconds after the morning began."""
    return Tick(MORNING + round(seconds * SECOND), LAYOUT.pack({**BASE, **values}))


def save(folder: Path, ticks: list[Tick], day: str = "20261124", kind: str = "csv") -> Path:
    """Add ticks to a recording; gives the folder."""
    folder.mkdir(parents=True, exist_ok=True)
    file = writer(folder, day, kind, ROWS)
    file.write(ticks)
    file.close()
    return folder

"""``Changes``: what a message says less, and that nothing is lost by it."""

import json
import math
import random
import struct
from collections.abc import Iterator
from typing import Any

import msgspec
from hypothesis import given
from hypothesis import strategies as st
from twisted.trial.unittest import SynchronousTestCase

from webctp.ctp import catalog
from webctp.ctp.codec import DBL_MAX, Layout, codec_for
from webctp.ctp.encoder import InvalidPrice, json_encoder
from webctp.gateway.messages import own
from webctp.gateway.messages.changes import MARK, TickChanges, bar_cells, bar_change
from webctp.gateway.messages.encoder import framer
from webctp.gateway.websocket.deflate import WINDOW_BITS, Compression, Deflater
from webctp.testing.websocket import server_frames

HEAD = b'{"MsgType":"RtnDepthMarketData","DepthMarketData":'
SAMPLES: dict[str, st.SearchStrategy[Any]] = {
    "double": st.sampled_from((0.0, -0.0, 1.0, 0.1, DBL_MAX, math.inf, math.nan, 1e22, -5.5)),
    "text": st.sampled_from(("", "rb", "20261123", "10:00:00")),
    "int32": st.sampled_from((0, 1, -1, 2**31 - 1)),
}


def layout() -> Layout:
    """The layout of a tick."""
    return codec_for(catalog.market_data().module).layout("CThostFtdcDepthMarketDataField")


FIELDS = layout().fields
BODIES = st.fixed_dictionaries(
    {}, optional={one.name: SAMPLES[one.kind] for one in FIELDS if one.name != "TradingDay"}
)


def packed(values: dict[str, Any]) -> bytes:
    """A tick's bytes, in which a front may have left what is no finite number."""
    odd = {name: one for name, one in values.items() if isinstance(one, float)}
    body = bytearray(layout().pack({k: v for k, v in values.items() if k not in odd}))
    for name, value in odd.items():
        struct.pack_into("<d", body, layout().by_name[name].offset, value)
    return bytes(body)


def body_of(frame: bytes) -> dict[str, Any]:
    """The struct in a frame."""
    found: dict[str, Any] = message(frame)["DepthMarketData"]
    return found


def message(frame: bytes) -> dict[str, Any]:
    """The message in a frame."""
    (one,), _ = server_frames(frame)
    found: dict[str, Any] = json.loads(one.payload)
    return found


class Ticks(SynchronousTestCase):
    """Ticks of one instrument."""

    def told(self, only: tuple[str, ...] | None = None) -> TickChanges:
        return TickChanges(layout(), InvalidPrice.ZERO, HEAD, MARK + b"}", only)

    @given(BODIES, BODIES, st.sampled_from((None, ("LastPrice", "Volume", "InstrumentID"))))
    def test_put_over_what_was_held_it_says_what_the_whole_one_says(
        self, before: dict[str, Any], after: dict[str, Any], only: tuple[str, ...] | None
    ) -> None:
        told = self.told(only)
        whole = json_encoder(layout(), InvalidPrice.ZERO, keep_reserved=True, only=only)
        first, second = packed(before), packed(after)
        change = told.change(told.read(first), told.read(second))
        assert change is not None
        self.assertEqual({**json.loads(whole(first)), **body_of(change)}, json.loads(whole(second)))

    def test_what_is_the_same_is_left_out(self) -> None:
        told = self.told()
        cells = told.read(layout().pack({"InstrumentID": "rb2701", "LastPrice": 5.0}))
        change = told.change(cells, cells)
        assert change is not None
        self.assertEqual(list(body_of(change)), ["UpdateTime", "UpdateMillisec", "InstrumentID"])

    def test_with_another_day_all_is_to_be_told(self) -> None:
        for only in (None, ("LastPrice", "InstrumentID")):
            told = self.told(only)
            days = [told.read(layout().pack({"TradingDay": day})) for day in ("1", "2")]
            self.assertIsNone(told.change(*days))

    def test_bytes_of_a_market_that_moves_as_markets_do(self) -> None:
        whole = framer(HEAD, json_encoder(layout(), InvalidPrice.ZERO, keep_reserved=True), b"}")
        told, deflate = self.told(), Deflater(Compression(128), WINDOW_BITS).frame
        sizes = [0, 0, 0]
        before = None
        for body in market(2_000):
            cells = told.read(body)
            plain = whole(body)
            change = plain if before is None else told.change(before, cells)
            assert change is not None
            for at, frame in enumerate((plain, change, deflate(change))):
                sizes[at] += len(frame)
            before = cells
        self.assertLess(sizes[1], 0.40 * sizes[0])
        self.assertLess(sizes[2], 0.20 * sizes[0])


def market(count: int) -> Iterator[bytes]:
    """Ticks of a future with one level of depth, half a second apart."""
    draw, packed = random.Random(7), layout().pack
    price, volume, turnover, interest = 7_150.0, 0, 0.0, 148_000.0
    values: dict[str, Any] = {
        "TradingDay": "20261123",
        "ActionDay": "20261123",
        "InstrumentID": "AP701",
        "ExchangeID": "CZCE",
        "PreSettlementPrice": 7_104.0,
        "PreClosePrice": 7_144.0,
        "PreOpenInterest": 148_136.0,
        "OpenPrice": price,
        "UpperLimitPrice": 7_531.0,
        "LowerLimitPrice": 6_677.0,
        **{f"{side}Price{level}": DBL_MAX for side in ("Bid", "Ask") for level in range(2, 6)},
    }
    high = low = price
    for number in range(count):
        price += draw.choice((-1.0, 0.0, 0.0, 1.0))
        lots = draw.choice((0, 1, 2, 8, 40))
        volume, turnover = volume + lots, turnover + lots * price
        interest += draw.choice((0, 0, lots, -lots))
        high, low = max(high, price), min(low, price)
        seconds = 9 * 3600 + number // 2
        values |= {
            "LastPrice": price,
            "HighestPrice": high,
            "LowestPrice": low,
            "Volume": volume,
            "Turnover": turnover,
            "OpenInterest": interest,
            "AveragePrice": round(turnover / volume) if volume else 0.0,
            "UpdateTime": f"{seconds // 3600:02}:{seconds // 60 % 60:02}:{seconds % 60:02}",
            "UpdateMillisec": 500 * (number % 2),
            "BidPrice1": price - draw.choice((0.0, 1.0)),
            "AskPrice1": price + 1.0,
            "BidVolume1": draw.randrange(1, 90),
            "AskVolume1": draw.randrange(1, 90),
        }
        yield packed(values)


class Bars(SynchronousTestCase):
    """Bars of one instrument and period."""

    bar = own.Bar(
        InstrumentID="rb2701",
        ExchangeID="SHFE",
        TradingDay="20261123",
        Period="1m",
        BeginTime="2026-11-23T10:01:00+08:00",
        EndTime="2026-11-23T10:02:00+08:00",
        OpenPrice=1.0,
        HighestPrice=1.0,
        LowestPrice=1.0,
        ClosePrice=1.0,
        Volume=1,
        Turnover=1.0,
        OpenInterest=1.0,
        IsClosed=False,
    )

    def change(self, **changed: Any) -> bytes | None:
        after = msgspec.structs.replace(self.bar, **changed)
        return bar_change(bar_cells(self.bar), bar_cells(after), MARK + b"}")

    def test_it_says_which_bar_and_what_has_changed(self) -> None:
        change = self.change(ClosePrice=2.0, IsClosed=True)
        assert change is not None
        told = message(change)
        key = {"InstrumentID": "rb2701", "Period": "1m", "BeginTime": self.bar.BeginTime}
        self.assertEqual(told["Bar"], {**key, "ClosePrice": 2.0, "IsClosed": True})
        self.assertIs(told["Changes"], True)

    def test_another_bar_is_told_whole(self) -> None:
        self.assertIsNone(self.change(BeginTime="2026-11-23T10:02:00+08:00"))

    def test_a_field_that_is_gone_can_only_be_told_by_a_whole_one(self) -> None:
        settled = msgspec.structs.replace(self.bar, SettlementPrice=3.0)
        self.assertIsNone(bar_change(bar_cells(settled), bar_cells(self.bar), b"}"))

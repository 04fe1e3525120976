"""The encoder: strictly valid JSON from any memory, equal to a plain field-by-field encoding."""

import json
import math
import struct
from collections.abc import Iterable
from typing import Any, NoReturn

from hypothesis import given, settings
from hypothesis import strategies as st
from twisted.trial.unittest import SkipTest, SynchronousTestCase

from tests.conformance import holds
from webctp.ctp import binding, catalog
from webctp.ctp.codec import DBL_MAX, Layout, codec_for
from webctp.ctp.encoder import InvalidPrice, json_encoder

TICK = "CThostFtdcDepthMarketDataField"
ORDER = "CThostFtdcOrderField"
INFO = "CThostFtdcRspInfoField"
SETTLEMENT = "CThostFtdcSettlementInfoField"
NOTICE = "CThostFtdcTradingNoticeField"
STRUCTS = (TICK, ORDER, INFO, SETTLEMENT, NOTICE, "CThostFtdcInstrumentField")
MODES = ((InvalidPrice.ZERO, 0.0), (InvalidPrice.NULL, None))

#: What text may hold to look like a number that is not set, or like the end of a string.
TRICKS = (
    ":null",
    "a:null",
    '":null',
    '",":null',
    '":null,',
    '\\":null',
    "\\",
    '"',
    '":',
    ":",
    ":1.7976931348623157e308",
    "1:1.7976931348623157e308",
    '":1.7976931348623157e308',
    '":1.7976931348623157e308,"x":null',
    "null",
    "\n\t\x01\x7f",
    "张:null",
    "</script>",
)


def layout(name: str) -> Layout:
    return codec_for(catalog.trading().module).layout(name)


def refuse_constant(name: str) -> NoReturn:
    raise AssertionError(f"{name} is no JSON")


def unique(pairs: Iterable[tuple[str, Any]]) -> dict[str, Any]:
    """Build an object; fail for a key that stands twice."""
    found: dict[str, Any] = {}
    for key, value in pairs:
        if key in found:
            raise AssertionError(f"{key} stands twice")
        found[key] = value
    return found


def strict(encoded: bytes) -> Any:
    """Parse JSON as RFC 8259 has it: UTF-8, no NaN, no key twice."""
    text = encoded.decode("utf-8", "strict")
    return json.loads(text, parse_constant=refuse_constant, object_pairs_hook=unique)


def plain(chosen: Layout, raw: bytes, unset: float | None, keep_reserved: bool) -> dict[str, Any]:
    """Encode field by field, without any of the encoder's ways."""
    expected: dict[str, Any] = {}
    for field in chosen.fields:
        if field.name.startswith("reserve") and not keep_reserved:
            continue
        piece = raw[field.offset : field.offset + field.size]
        match field.kind:
            case "double":
                (number,) = struct.unpack("<d", piece)
                known = math.isfinite(number) and number != DBL_MAX
                expected[field.name] = number if known else unset
            case "int64" | "int32" | "int16":
                expected[field.name] = int.from_bytes(piece, "little", signed=True)
            case _:
                expected[field.name] = piece.split(b"\0")[0].decode("gb18030", "replace")
    return expected


class EncoderCase(SynchronousTestCase):
    """Compares the encoder with the plain encoding."""

    def check(self, name: str, raw: bytes) -> None:
        chosen = layout(name)
        for invalid, unset in MODES:
            for keep_reserved in (False, True):
                encode = json_encoder(chosen, invalid, keep_reserved=keep_reserved)
                found = strict(encode(raw))
                expected = plain(chosen, raw, unset, keep_reserved)
                self.assertEqual(found, expected)
                self.assertEqual(list(found), list(expected))


class AnyMemoryTests(EncoderCase):
    """Memory of all sorts."""

    @settings(max_examples=150)
    @given(st.sampled_from(STRUCTS), st.binary(min_size=1, max_size=300))
    def test_rubbish(self, name: str, pattern: bytes) -> None:
        size = layout(name).size
        self.check(name, (pattern * (size // len(pattern) + 1))[:size])

    @settings(max_examples=150)
    @given(st.sampled_from(STRUCTS), st.data())
    def test_texts_and_numbers(self, name: str, data: st.DataObject) -> None:
        chosen = layout(name)
        numbers = st.sampled_from((DBL_MAX, -DBL_MAX, 0.0, math.inf, -math.inf, math.nan, 80_000.5))
        pieces = st.sampled_from(TRICKS) | st.text(max_size=20)
        some = data.draw(st.lists(numbers, min_size=1, max_size=6))
        texts = data.draw(st.lists(pieces, min_size=1, max_size=6))
        raw = bytearray(chosen.size)
        for at, field in enumerate(chosen.fields):
            if field.kind == "double":
                piece = struct.pack("<d", some[at % len(some)])
            elif field.kind in ("text", "char", "bytes"):
                text = texts[at % len(texts)].encode("gb18030", "replace")[: field.size]
                piece = text.ljust(field.size, b"\0")
            else:
                piece = at.to_bytes(field.size, "little")
            raw[field.offset : field.offset + field.size] = piece
        self.check(name, bytes(raw))

    @holds("WIRE-1")
    def test_every_struct_zeroed_and_filled(self) -> None:
        for catalogue in (catalog.trading(), catalog.market_data()):
            for name in catalogue.struct_names:
                size = codec_for(catalogue.module).layout(name).size
                for filling in (b"\0", b"\xff", b"\x7f\xef", b'"', b":", b"\\"):
                    raw = (filling * size)[:size]
                    encode = json_encoder(
                        codec_for(catalogue.module).layout(name),
                        InvalidPrice.ZERO,
                        keep_reserved=True,
                    )
                    strict(encode(raw))


class UnsetTests(EncoderCase):
    """Numbers that are not set, and texts that look like them."""

    def encoded(self, invalid: InvalidPrice, **values: object) -> Any:
        """Encode a tick of these values; None for NaN and infinities is what hypothesis tries."""
        tick = layout(TICK)
        return strict(json_encoder(tick, invalid, keep_reserved=True)(tick.pack(values)))

    @holds("MD-ONRTNDEPTHMARKETDATA-1")
    def test_unset_prices_read_zero(self) -> None:
        found = self.encoded(InvalidPrice.ZERO, LastPrice=DBL_MAX, OpenPrice=2.5)
        self.assertEqual((found["LastPrice"], found["OpenPrice"]), (0.0, 2.5))
        self.assertIsInstance(found["LastPrice"], float)

    @holds("MD-ONRTNDEPTHMARKETDATA-1")
    def test_unset_prices_read_null(self) -> None:
        found = self.encoded(InvalidPrice.NULL, LastPrice=DBL_MAX, OpenPrice=0.0)
        self.assertEqual((found["LastPrice"], found["OpenPrice"]), (None, 0.0))

    def test_the_least_number_is_a_number(self) -> None:
        for invalid in InvalidPrice:
            self.assertEqual(self.encoded(invalid, LastPrice=-DBL_MAX)["LastPrice"], -DBL_MAX)

    def test_nan_and_infinities_count_as_unset(self) -> None:
        tick = layout(TICK)
        field = tick.by_name["LastPrice"]
        for number in (math.nan, -math.nan, math.inf, -math.inf):
            raw = bytearray(tick.pack({"InstrumentID": "cu2701"}))
            raw[field.offset : field.offset + 8] = struct.pack("<d", number)
            for invalid, unset in MODES:
                found = strict(json_encoder(tick, invalid, keep_reserved=True)(bytes(raw)))
                self.assertEqual(found["LastPrice"], unset)

    def test_text_is_never_taken_for_a_number(self) -> None:
        info = layout(INFO)
        for trick in TRICKS:
            for invalid in InvalidPrice:
                encode = json_encoder(info, invalid, keep_reserved=False)
                found = strict(encode(info.pack({"ErrorID": 1, "ErrorMsg": trick})))
                self.assertEqual(found, {"ErrorID": 1, "ErrorMsg": trick})

    def test_unset_prices_beside_such_text(self) -> None:
        room = layout(TICK).by_name["InstrumentID"].size - 1
        for trick in (one[:room] for one in TRICKS):
            for invalid, unset in MODES:
                found = self.encoded(invalid, InstrumentID=trick, LastPrice=DBL_MAX)
                self.assertEqual((found["InstrumentID"], found["LastPrice"]), (trick, unset))


class FieldTests(SynchronousTestCase):
    """Which fields are shown, and how."""

    @holds("V6.5.1-2")
    def test_reserved_fields(self) -> None:
        tick = layout(TICK)
        reserved = [field.name for field in tick.fields if field.name.startswith("reserve")]
        if not reserved:
            raise SkipTest(f"ticks of {binding.load()} have no reserved fields")
        kept = strict(json_encoder(tick, InvalidPrice.ZERO, keep_reserved=True)(tick.pack({})))
        self.assertEqual(list(kept), [field.name for field in tick.fields])
        left = strict(json_encoder(tick, InvalidPrice.ZERO, keep_reserved=False)(tick.pack({})))
        self.assertEqual(list(left), [name for name in kept if name not in reserved])

    def test_a_struct_without_fields_to_show(self) -> None:
        tick = layout(TICK)
        only = tuple(field for field in tick.fields if field.name.startswith("reserve"))
        bare = Layout(catalog.trading().module.CThostFtdcDepthMarketDataField, only)
        encode = json_encoder(bare, InvalidPrice.ZERO, keep_reserved=False)
        self.assertEqual(encode(bytes(bare.size)), b"{}")

    def test_chinese(self) -> None:
        info = layout(INFO)
        encode = json_encoder(info, InvalidPrice.ZERO, keep_reserved=False)
        raw = info.pack({"ErrorID": 31, "ErrorMsg": "CTP:资金不足"})
        self.assertEqual(encode(raw), '{"ErrorID":31,"ErrorMsg":"CTP:资金不足"}'.encode())

    def test_pieces_of_a_text_are_read_by_the_given_decoder(self) -> None:
        settlement = layout(SETTLEMENT)
        encode = json_encoder(settlement, InvalidPrice.ZERO, keep_reserved=False)
        seen: list[bytes] = []

        def decode(piece: bytes) -> str:
            seen.append(piece)
            return "read"

        raw = settlement.pack({"Content": b"\xd5\xc5\xc8"})
        self.assertEqual(strict(encode(raw, decode))["Content"], "read")
        self.assertEqual(seen, [b"\xd5\xc5\xc8"])
        self.assertEqual(strict(encode(raw))["Content"], "张\ufffd")

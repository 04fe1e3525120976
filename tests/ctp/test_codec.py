"""The codec: values into struct memory and back, held against the real structs of the binding."""

import gc
import math
import struct
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st
from twisted.trial.unittest import SynchronousTestCase

from webctp.ctp import catalog, codec, runtime
from webctp.ctp.codec import (
    DBL_MAX,
    Codec,
    CodecError,
    FieldLayout,
    Layout,
    LayoutError,
    Value,
    codec_for,
    field_bytes,
    format_of,
    gbk,
    text_of,
)
from webctp.upstream.journal.secrets import secret_fields

ORDER = "CThostFtdcInputOrderField"
TICK = "CThostFtdcDepthMarketDataField"
SETTLEMENT = "CThostFtdcSettlementInfoField"
NOTICE = "CThostFtdcTradingNoticeField"  # has an int16


def layouts() -> Iterator[Layout]:
    """Return every layout of both modules."""
    for catalogue in (catalog.trading(), catalog.market_data()):
        codec = codec_for(catalogue.module)
        for name in catalogue.struct_names:
            yield codec.layout(name)


def layout(name: str) -> Layout:
    return codec_for(catalog.trading().module).layout(name)


def encodable(character: str) -> bool:
    """Whether a character has a GBK form."""
    try:
        character.encode("gbk")
    except UnicodeEncodeError:
        return False
    return True


GBK = "".join(chr(code) for code in range(1, 0x10000) if encodable(chr(code)))
ASCII = "".join(map(chr, range(1, 128)))


ALL = tuple(layouts())
BITS = {"int64": 64, "int32": 32, "int16": 16}


def default(field: FieldLayout) -> Value:
    """What a field reads that was left out."""
    zeros: dict[str, Value] = {
        "double": 0.0,
        **dict.fromkeys(BITS, 0),
        "bytes": bytes(field.size),
    }
    return zeros.get(field.kind, "")


@dataclass(frozen=True)
class Pool:
    """Values drawn once, from which all fields of all structs are filled in turn."""

    numbers: list[float]
    integers: list[int]
    text: str
    left_out: int

    def fill(self, layout: Layout) -> dict[str, Value]:
        """Return values for the fields of a struct, less every so many that are left out."""
        return {
            field.name: self._value(at, field)
            for at, field in enumerate(layout.fields)
            if (at + 1) % self.left_out
        }

    def _value(self, at: int, field: FieldLayout) -> Value:
        if field.kind == "double":
            return self.numbers[at % len(self.numbers)]
        if field.kind in BITS:
            # The low bits of one drawn, with the sign that they then have.
            half: int = 2 ** (BITS[field.kind] - 1)
            return (self.integers[at % len(self.integers)] + half) % (2 * half) - half
        start = at % (len(self.text) + 1)
        most = field.size - (field.kind != "char")
        encoded = self.text[start:].encode("gbk")[:most]
        if field.kind == "bytes":
            return encoded
        return encoded.decode("gbk", "ignore")


def pools(alphabet: str) -> st.SearchStrategy[Pool]:
    """Values that fit every kind of field, the text of characters of ``alphabet``."""
    return st.builds(
        Pool,
        numbers=st.lists(st.floats(allow_nan=False, allow_infinity=False), min_size=1, max_size=5),
        integers=st.lists(st.integers(-(2**63), 2**63 - 1), min_size=1, max_size=5),
        text=st.text(st.sampled_from(alphabet), max_size=60),
        left_out=st.integers(2, 9),
    )


class RoundTripTests(SynchronousTestCase):
    """Every struct of both modules, each filled from one pool of values."""

    @settings(max_examples=15)
    @given(pools(GBK))
    def test_pack_and_unpack(self, pool: Pool) -> None:
        for layout in ALL:
            values = pool.fill(layout)
            packed = layout.pack(values)
            found = layout.unpack(packed)
            self.assertEqual(tuple(found), tuple(layout.by_name))
            for field in layout.fields:
                expected = values.get(field.name, default(field))
                if isinstance(expected, bytes):
                    expected = expected.ljust(field.size, b"\0")
                self.assertEqual(found[field.name], expected, (layout.name, field))
                self.assertEqual(layout.value(packed, field.name), expected)

    @settings(max_examples=15)
    @given(pools(GBK))
    def test_the_getters_of_the_real_struct_agree(self, pool: Pool) -> None:
        for layout in ALL:
            values = pool.fill(layout)
            live = layout.new(values)
            for field in layout.fields:
                expected = values.get(field.name, default(field))
                found = getattr(live, field.name)
                if field.kind == "char":
                    found = found.rstrip("\0")  # an empty one is "" in tdapi, "\0" in mdapi
                elif field.kind == "bytes":
                    expected = bytes(expected).rstrip(b"\0")  # type: ignore[arg-type]
                self.assertEqual(found, expected, (layout.name, field))

    @settings(max_examples=15)
    @given(pools(ASCII))
    def test_what_the_setters_of_the_real_struct_wrote(self, pool: Pool) -> None:
        for layout in ALL:
            values = pool.fill(layout)
            live = layout.new()
            for name, value in values.items():
                setattr(live, name, value.decode() if isinstance(value, bytes) else value)
            self.assertEqual(layout.read(live), layout.pack(values), layout.name)

    @settings(max_examples=15)
    @given(pools(GBK), st.data())
    def test_a_part_reads_its_fields_of_the_whole(self, pool: Pool, data: st.DataObject) -> None:
        whole = layout(ORDER)
        names = data.draw(st.sets(st.sampled_from([field.name for field in whole.fields])))
        packed = whole.pack(pool.fill(whole))
        found = whole.unpack(packed)
        expected = {name: value for name, value in found.items() if name in names}
        self.assertEqual(whole.part(names).unpack(packed), expected)
        self.assertRaises(KeyError, whole.part, ["Nichts"])

    @settings(max_examples=15)
    @given(st.binary(min_size=1, max_size=200))
    def test_any_memory_can_be_read(self, pattern: bytes) -> None:
        for layout in ALL:
            raw = (pattern * (layout.size // len(pattern) + 1))[: layout.size]
            for field, value in zip(layout.fields, layout.unpack(raw).values(), strict=True):
                if isinstance(value, str):
                    value.encode("utf-8")  # no lone surrogates
                    self.assertNotIn("\0", value)
                elif isinstance(value, float):
                    piece = raw[field.offset : field.offset + 8]
                    self.assertEqual(struct.pack("<d", value), piece)

    def test_every_kind_is_there(self) -> None:
        kinds = {field.kind for layout in ALL for field in layout.fields}
        # An 8-byte integer is in the ticks of stock options only.
        large = {"int64"} if runtime.load().package == "openctp_ctpopt" else set()
        self.assertEqual(kinds, {"double", "int32", "int16", "char", "text", "bytes"} | large)
        names = sum(len(c.struct_names) for c in (catalog.trading(), catalog.market_data()))
        self.assertEqual(len(ALL), names)


class ChineseTests(SynchronousTestCase):
    """GBK in requests: where the binding's own setters go wrong."""

    def test_a_request_holds_gbk(self) -> None:
        order = layout(ORDER)
        live = order.new({"UserID": "张三"})
        field = order.by_name["UserID"]
        memory = order.read(live)[field.offset : field.offset + field.size]
        self.assertEqual(memory, b"\xd5\xc5\xc8\xfd".ljust(field.size, b"\0"))
        self.assertEqual(live.UserID, "张三")

    def test_the_setters_of_the_binding_write_utf_8(self) -> None:
        # The reason why requests are never filled through them.
        order = layout(ORDER)
        live = order.new()
        live.UserID = "张三"
        self.assertEqual(order.text(order.read(live), "UserID"), "寮犱笁")

    def test_stray_bytes(self) -> None:
        # The getters give a lone surrogate for one character, and leave it out of longer text.
        order = layout(ORDER)
        for name, expected in (("Direction", "\udcb0"), ("UserID", "")):
            memory = bytearray(order.size)
            memory[order.by_name[name].offset] = 0xB0
            live = order.new(bytes(memory))
            self.assertEqual(getattr(live, name), expected)
            self.assertEqual(order.text(order.read(live), name), "\ufffd")

    def test_text_cut_within_a_character(self) -> None:
        self.assertEqual(text_of("报单已提".encode("gbk")[:-1]), "报单已\ufffd")

    def test_characters_beyond_gbk_are_read(self) -> None:
        self.assertEqual(text_of("㐀€𠀀".encode("gb18030")), "㐀€𠀀")

    def test_what_stands_behind_the_first_nul_is_no_text(self) -> None:
        self.assertEqual(text_of(b"cu2701\0\xff\xfe"), "cu2701")
        self.assertEqual(text_of(b"\0abc"), "")
        self.assertEqual(text_of(b""), "")

    def test_the_memory_of_texts_is_bounded(self) -> None:
        self.patch(codec, "_TEXTS_KEPT", 10)
        texts = codec._Texts()
        for number in range(100):
            self.assertEqual(texts[b"%d\0\xff" % number], str(number))
            self.assertLessEqual(len(texts), 10)

    def test_every_four_byte_sequence_reads_as_characters(self) -> None:
        for first in range(0x81, 0xFF):
            block = b"".join(
                bytes((first, second, third, fourth))
                for second in range(0x30, 0x3A)
                for third in range(0x81, 0xFF, 9)
                for fourth in range(0x30, 0x3A)
            )
            text_of(block).encode("utf-8")


class RefusalTests(SynchronousTestCase):
    """What does not fit is refused, by the name of its field."""

    def refused(self, name: str, value: object, struct_name: str = ORDER) -> str:
        """Return why a value is refused; the error must name its field."""
        problem = self.assertRaises(CodecError, layout(struct_name).pack, {name: value})
        self.assertEqual(problem.field, name)
        self.assertEqual(str(problem), f"{name}: {problem.reason}")
        return str(problem.reason)

    def test_an_unknown_field(self) -> None:
        self.assertEqual(self.refused("Instrument", "cu2701"), f"{ORDER} has no such field")

    def test_nul(self) -> None:
        self.assertIn("NUL", self.refused("UserID", "a\0b"))

    def test_text_without_gbk_form(self) -> None:
        for text in ("한", "\N{GRINNING FACE}", "€", "\ud800", "\udcb0", "㐀"):
            self.assertIn("no GBK form", self.refused("UserID", "张" + text))

    def test_a_refusal_does_not_repeat_text_that_may_be_a_password(self) -> None:
        name = "Password"
        reason = self.refused(name, "pass한word", "CThostFtdcReqUserLoginField")
        self.assertIn("character 5", reason)
        for part in ("pass", "한", ascii("한").strip("'"), "word"):
            self.assertNotIn(part, reason.replace("GBK", ""))
        self.assertNotIn("xxxx", self.refused(name, "x" * 99, "CThostFtdcReqUserLoginField"))

    def test_length_counts_bytes_of_gbk(self) -> None:
        size = layout(ORDER).by_name["UserID"].size
        self.assertEqual(size, 16)
        layout(ORDER).pack({"UserID": "张三李四王五赵"})
        layout(ORDER).pack({"UserID": "a" * 15})
        self.assertEqual(
            self.refused("UserID", "张三李四王五赵六"), "wants at most 15 bytes of GBK, got 16"
        )
        self.assertEqual(self.refused("UserID", "a" * 16), "wants at most 15 bytes of GBK, got 16")

    def test_a_text_that_is_known_is_held_against_its_field_all_the_same(self) -> None:
        for text in ("20260803", "张三李四"):
            layout(ORDER).pack({"UserID": text})
            self.assertIn("at most 1 bytes", self.refused("Direction", text))
            self.assertIn("wants a number", self.refused("LimitPrice", text))
            self.assertIn("wants an integer", self.refused("MinVolume", text))
        self.assertIn("has no such field", self.refused("None", "20260803"))

    def test_the_memory_of_encoded_texts_is_bounded(self) -> None:
        self.patch(codec, "_TEXTS_KEPT", 10)
        self.addCleanup(codec._encoded.clear)
        codec._encoded.clear()
        for number in range(100):
            text = f"cu{number}"
            packed = layout(ORDER).pack({"InstrumentID": text, "OrderRef": text})
            self.assertEqual(layout(ORDER).text(packed, "InstrumentID"), text)
            self.assertLessEqual(len(codec._encoded), 10)

    def test_secrets_are_not_remembered(self) -> None:
        secrets = secret_fields(catalog.trading())
        tried = 0
        for one in layouts():
            for field in one.fields:
                if field.name in secrets and field.kind == "text":
                    one.pack({field.name: "s3cret"})
                    tried += 1
        self.assertGreater(tried, 100)
        self.assertNotIn("s3cret", codec._encoded)

    def test_a_single_character(self) -> None:
        layout(ORDER).pack({"Direction": "0"})
        layout(ORDER).pack({"Direction": ""})
        self.assertEqual(self.refused("Direction", "00"), "wants at most 1 bytes of GBK, got 2")
        self.assertEqual(self.refused("Direction", "张"), "wants at most 1 bytes of GBK, got 2")

    def test_what_is_no_text(self) -> None:
        strangers: tuple[object, ...] = (1, 1.5, True, b"abc", ["a"], {})
        for value in strangers:
            self.assertIn("wants text", self.refused("UserID", value))

    def test_a_key_that_is_no_text_goes_back_as_it_came(self) -> None:
        chosen = layout(ORDER)
        for held in (b"   12", b"  1\xb0", b"\xff\xfe", b"", b" "):
            packed = chosen.pack({"OrderRef": codec.Raw(held)})
            self.assertEqual(chosen.raw(packed, "OrderRef"), held)
        whole = codec.Raw(b"x" * (chosen.by_name["OrderRef"].size + 1))
        self.assertIn("wants at most", self.refused("OrderRef", whole))

    def test_integers(self) -> None:
        for name, struct_name, bits in (
            ("VolumeTotalOriginal", ORDER, 31),
            ("SequenceSeries", NOTICE, 15),
        ):
            chosen = layout(struct_name)
            for fits in (-(2**bits), 2**bits - 1):
                self.assertEqual(chosen.unpack(chosen.pack({name: fits}))[name], fits)
                self.assertEqual(getattr(chosen.new({name: fits}), name), fits)
            for beyond in (-(2**bits) - 1, 2**bits, 2**400):
                self.assertIn("wants an integer from", self.refused(name, beyond, struct_name))
            for stranger in ("1", 1.0, True, b"1", math.nan):
                self.assertIn("wants an integer", self.refused(name, stranger, struct_name))

    def test_numbers(self) -> None:
        order = layout(ORDER)
        for fits in (0, -0.0, 1, 2.5, 5e-324, DBL_MAX, -DBL_MAX, 2**1000):
            self.assertEqual(order.new({"LimitPrice": fits}).LimitPrice, fits)
        for endless in (math.nan, math.inf, -math.inf, 2**1024, -(10**400)):
            self.assertEqual(self.refused("LimitPrice", endless), "wants a finite number")
        for stranger in ("1", True, b"1", [1.0]):
            self.assertIn("wants a number", self.refused("LimitPrice", stranger))

    def test_bytes(self) -> None:
        chosen = layout(SETTLEMENT)
        field = chosen.by_name["Content"]
        self.assertEqual(field.kind, "bytes")
        whole = b"\xd5" * field.size
        self.assertEqual(chosen.unpack(chosen.pack({"Content": whole}))["Content"], whole)
        for beyond in (whole + b"x", "张" * field.size, 5, True):
            self.assertIn(
                f"wants at most {field.size} bytes", self.refused("Content", beyond, SETTLEMENT)
            )
        self.assertIn("no GBK form", self.refused("Content", "한", SETTLEMENT))

    def test_bytes_read_as_they_are(self) -> None:
        # The pieces of a settlement statement may split a character.
        chosen = layout(SETTLEMENT)
        halves = "结算".encode("gbk")
        live = chosen.new({"Content": halves[:3]})
        self.assertEqual(live.Content, halves[:3])
        found = chosen.unpack(chosen.read(live))["Content"]
        self.assertEqual(found, halves[:3].ljust(chosen.by_name["Content"].size, b"\0"))

    def test_none_counts_as_left_out(self) -> None:
        order = layout(ORDER)
        self.assertEqual(order.pack({field.name: None for field in order.fields}), order.pack({}))
        self.assertEqual(order.pack({}), bytes(order.size))

    def test_gbk_alone(self) -> None:
        self.assertEqual(gbk("张a", "X"), b"\xd5\xc5a")
        self.assertEqual(gbk("", "X"), b"")


class LiveStructTests(SynchronousTestCase):
    """Structs of the binding in memory of their own."""

    def test_a_copy_outlives_its_struct(self) -> None:
        tick = layout(TICK)
        values = {"InstrumentID": "cu2701", "LastPrice": 80_000.0, "Volume": 3}
        live = tick.new(values)
        copy = tick.read(live)
        tick.wipe(live)
        self.assertNotEqual(tick.read(live), copy)
        del live
        gc.collect()
        self.assertEqual(copy, tick.pack(values))

    def test_wipe_leaves_nothing(self) -> None:
        for chosen in (layout(ORDER), layout(TICK)):
            live = chosen.new()
            chosen.wipe(live)
            self.assertEqual(chosen.read(live), b"\xdd" * chosen.size)

    def test_writing_replaces_the_whole(self) -> None:
        order = layout(ORDER)
        live = order.new({"UserID": "张三", "LimitPrice": 2.5})
        order.write(live, {"UserID": "b"})
        self.assertEqual((live.UserID, live.LimitPrice), ("b", 0.0))
        packed = order.pack({"LimitPrice": 7.5})
        order.write(live, packed)
        self.assertEqual(order.read(live), packed)
        self.assertEqual((live.UserID, live.LimitPrice), ("", 7.5))

    def test_bytes_of_a_wrong_length_are_not_written(self) -> None:
        order = layout(ORDER)
        live = order.new({"UserID": "a"})
        for wrong in (b"x", bytes(order.size - 1), bytes(order.size + 1)):
            problem = self.assertRaises(CodecError, order.write, live, wrong)
            self.assertEqual(problem.field, ORDER)
        self.assertEqual(live.UserID, "a")

    def test_a_refused_value_leaves_the_struct_as_it_was(self) -> None:
        order = layout(ORDER)
        live = order.new({"UserID": "a", "LimitPrice": 1.5})
        self.assertRaises(CodecError, order.write, live, {"UserID": "b", "LimitPrice": "c"})
        self.assertEqual((live.UserID, live.LimitPrice), ("a", 1.5))

    def test_an_unset_price_is_read_as_it_is(self) -> None:
        tick = layout(TICK)
        live = tick.new()
        live.LastPrice, live.OpenPrice, live.HighestPrice = DBL_MAX, math.nan, math.inf
        values = tick.unpack(tick.read(live))
        self.assertEqual((values["LastPrice"], values["HighestPrice"]), (DBL_MAX, math.inf))
        self.assertTrue(math.isnan(float(values["OpenPrice"])))

    def test_one_field(self) -> None:
        tick = layout(TICK)
        raw = tick.pack({"InstrumentID": "cu2701"})
        self.assertEqual(tick.text(raw, "InstrumentID"), "cu2701")
        self.assertRaises(KeyError, tick.value, raw, "Nothing")


class ProbeTests(SynchronousTestCase):
    """How layouts are found."""

    def test_fields_follow_one_another_within_the_struct(self) -> None:
        for chosen in ALL:
            end = 0
            for field in chosen.fields:
                self.assertGreaterEqual(field.offset, end, (chosen.name, field))
                end = field.offset + field.size
            self.assertEqual(chosen.size, end)
            self.assertEqual(tuple(chosen.by_name.values()), chosen.fields)

    def test_sizes_are_those_of_their_kinds(self) -> None:
        sizes = {"double": 8, "int32": 4, "int16": 2, "char": 1}
        for field in (field for chosen in ALL for field in chosen.fields):
            self.assertEqual(field.size, sizes.get(field.kind, field.size), field)
            if field.kind in ("double", "int32", "int16"):
                self.assertEqual(field.offset % field.size, 0, field)
            else:
                self.assertGreaterEqual(field.size, 1, field)

    def test_layouts_are_probed_once(self) -> None:
        codec = Codec(catalog.trading().module)
        self.assertIs(codec.layout(ORDER), codec.layout(ORDER))
        self.assertIs(codec_for(catalog.trading().module), codec_for(catalog.trading().module))

    def test_no_such_struct(self) -> None:
        self.assertRaises(AttributeError, Codec(catalog.trading().module).layout, "CThostFtdcX")

    def test_a_binding_that_behaves_otherwise_is_told(self) -> None:
        real: Any = catalog.trading().module.CThostFtdcRspInfoField

        class Stubborn(real):  # type: ignore[misc]
            """A struct whose setter does nothing."""

            __annotations__ = real.__annotations__

            @property
            def ErrorID(self) -> int:
                return 0

            @ErrorID.setter
            def ErrorID(self, value: int) -> None:
                """Change no memory."""

        module: Any = type("Module", (), {"CThostFtdcRspInfoField": Stubborn})
        problem = self.assertRaises(LayoutError, Codec(module).layout, "CThostFtdcRspInfoField")
        self.assertIn("Stubborn.ErrorID", str(problem))

    def test_the_format_of_some_fields_skips_the_others(self) -> None:
        order = layout(ORDER)
        for field in order.fields:
            self.assertEqual(struct.calcsize(format_of((field,), order.size)), order.size)
        self.assertEqual(struct.calcsize(format_of((), 7)), 7)

    def test_field_bytes_are_as_long_as_the_field(self) -> None:
        for field in layout(ORDER).fields:
            self.assertEqual(len(field_bytes(field, default(field))), field.size)

"""webctp.bus.frame: what is written is read again, and nothing else is taken for a frame."""

from hypothesis import given
from hypothesis import strategies as st
from twisted.trial.unittest import SynchronousTestCase

from webctp.bus.frame import VERSION, Frame, FrameError, FrameFormat, partition_of
from webctp.ctp import catalog
from webctp.ctp.codec import codec_for

CODEC = codec_for(catalog.market_data().module)
TICK = CODEC.layout("CThostFtdcDepthMarketDataField")
FORMAT = FrameFormat(TICK)
SMALL = CODEC.layout("CThostFtdcSpecificInstrumentField")

_HEADER = 48
_VERSION_AT = 4
_LAYOUT_AT = 16


def frame(*volumes: int, first: int = 7, partition: int = 3, epoch: int = 9) -> bytes:
    """A frame of rb2405's ticks, told by their volumes."""
    ticks = [TICK.pack({"InstrumentID": "rb2405", "Volume": volume}) for volume in volumes]
    return FORMAT.encode(partition, epoch, first, 1_700_000_000_000_000_000, ticks)


class Frames(SynchronousTestCase):
    """Frames at both ends."""

    def refused(self, raw: bytes, form: FrameFormat = FORMAT) -> FrameError:
        """The error that bytes are refused with."""
        problem: FrameError = self.assertRaises(FrameError, form.decode, raw)
        return problem

    @given(
        numbers=st.tuples(
            st.integers(0, 2**16 - 1),
            st.integers(1, 2**64 - 1),
            st.integers(0, 2**64 - 1),
            st.integers(-(2**63), 2**63 - 1),
        ),
        ticks=st.lists(st.binary(min_size=SMALL.size, max_size=SMALL.size), max_size=5),
    )
    def test_what_is_written_is_read(
        self, numbers: tuple[int, int, int, int], ticks: list[bytes]
    ) -> None:
        form = FrameFormat(SMALL)
        self.assertEqual(form.decode(form.encode(*numbers, ticks)), Frame(*numbers, tuple(ticks)))

    def test_the_bytes_of_a_header_do_not_change_unnoticed(self) -> None:
        raw = FORMAT.encode(0x0102, 0x0A0B, 0x0C0D, -2, ())
        self.assertEqual(
            raw[:_LAYOUT_AT], b"WCTP\1\0\2\1\0\0\0\0" + TICK.size.to_bytes(4, "little")
        )
        numbers = b"\x0b\x0a" + bytes(6) + b"\x0d\x0c" + bytes(6) + b"\xfe" + b"\xff" * 7
        self.assertEqual(raw[_LAYOUT_AT + 8 :], numbers)

    def test_a_struct_travels_with_every_field(self) -> None:
        values = {
            "InstrumentID": "rb2405",
            "LastPrice": 3512.5,
            "Volume": 7,
            "TradingDay": "20261127",
        }
        raw = TICK.pack(values)
        (tick,) = FORMAT.decode(FORMAT.encode(0, 1, 0, 0, [raw])).ticks
        self.assertEqual(TICK.unpack(tick), TICK.unpack(raw))

    @given(st.data())
    def test_no_part_of_a_frame_is_a_frame(self, data: st.DataObject) -> None:
        whole = frame(1, 2, 3)
        self.refused(whole[: data.draw(st.integers(0, len(whole) - 1))])
        self.refused(whole + data.draw(st.binary(min_size=1, max_size=2 * TICK.size)))

    @given(st.binary(max_size=200))
    def test_other_bytes_are_refused_by_name(self, raw: bytes) -> None:
        problem = self.refused(raw.replace(b"WCTP", b"----"))
        self.assertIn("keep the bus's channels", problem.reason)

    @given(st.integers(0, 255).filter(lambda version: version != VERSION))
    def test_another_version_says_what_to_upgrade(self, version: int) -> None:
        raw = bytearray(frame(1))
        raw[_VERSION_AT] = version
        problem = self.refused(bytes(raw))
        self.assertIn(f"version {version}, this webctp reads {VERSION}", problem.reason)
        self.assertIn("upgrade edges before CTP nodes", problem.reason)
        self.assertIn(f"版本 {version}", problem.reason.in_language("zh"))

    def test_another_layout_is_refused(self) -> None:
        problem = self.refused(frame(1), FrameFormat(SMALL))
        self.assertIn("install the same release of the binding", problem.reason)

    def test_a_layout_of_the_same_size_is_another_one(self) -> None:
        # The same bytes up to the last field, of which one has no name there.
        names = {field.name for field in TICK.fields} - {"OpenPrice"}
        other = TICK.part(names)
        self.assertEqual(other.size, TICK.size)
        self.assertIn("same release", self.refused(frame(1), FrameFormat(other)).reason)

    def test_ticks_of_another_size_are_not_sent(self) -> None:
        # Too long and too short by as much: all together they have the right size.
        ticks = [bytes(TICK.size + 1), bytes(TICK.size - 1)]
        problem = self.assertRaises(ValueError, FORMAT.encode, 0, 1, 0, 0, ticks)
        self.assertIn(str(TICK.size), str(problem))

    def test_a_frame_costs_its_header_and_the_structs(self) -> None:
        self.assertEqual(len(frame()), _HEADER)
        self.assertEqual(len(frame(1, 2)), _HEADER + 2 * TICK.size)


class Partitions(SynchronousTestCase):
    """Which partition an instrument belongs to."""

    def test_every_process_and_release_has_the_same(self) -> None:
        found = [partition_of(name, 8) for name in (b"rb2405", b"IF2312", b"m2409-C-3000")]
        self.assertEqual(found, [2, 7, 1])

    @given(st.binary(max_size=80), st.integers(1, 2**16))
    def test_there_is_one_of_that_number(self, name: bytes, partitions: int) -> None:
        self.assertIn(partition_of(name, partitions), range(partitions))

"""``InstrumentsFile``: a list of instruments in whichever form."""

from pathlib import Path

from hypothesis import given
from hypothesis import strategies as st
from twisted.trial.unittest import SynchronousTestCase

from tests.fifos import fifo
from webctp.upstream.market.instrumentsfile import InstrumentsFileError, instruments_in


class Files(SynchronousTestCase):
    """What is read, and what is refused."""

    def write(self, data: str | bytes) -> str:
        path: str = self.mktemp()
        Path(path).write_bytes(data if isinstance(data, bytes) else data.encode())
        return path

    def test_every_form(self) -> None:
        for text in (
            "# steel\nrb2610\n\n  cu2609 # copper\r\nrb2610\n",
            "InstrumentID,InstrumentName\nrb2610,螺纹钢\ncu2609,沪铜\n",
            "ExchangeID,InstrumentID\nSHFE,rb2610\nSHFE,cu2609\nSHFE,\n",
            "# InstrumentID, one a line\nrb2610\ncu2609\n",
            '["rb2610", "cu2609"]',
            ' [{"InstrumentID": "rb2610", "x": 1}, {"InstrumentID": "cu2609"}]',
        ):
            self.assertEqual(instruments_in(self.write(text)), [b"rb2610", b"cu2609"], text)

    def test_the_encodings_of_windows_editors(self) -> None:
        for encoding in ("utf-8-sig", "gb18030"):
            path = self.write("rb2610 # 螺纹钢\r\ncu2609\r\n".encode(encoding))
            self.assertEqual(instruments_in(path), [b"rb2610", b"cu2609"])

    def test_what_is_no_list(self) -> None:
        for data in (
            "", "# nothing\n", "[]", "[", "{}", '{"InstrumentID": "rb2610"}', "[1]", "[[]]",
            '[{"Instrument": "rb2610"}]', "rb*\n", "x" * 81, "a\x00b", b"\xff\xff", "[" * 100_000,
            "\U0001f40b\n", "xInstrumentIDx\rrb2610" + "x" * 80, "InstrumentID\n" + "x" * 200_000,
        ):  # fmt: skip
            path = self.write(data)
            problem = self.assertRaises(InstrumentsFileError, instruments_in, path)
            self.assertTrue(str(problem).startswith(f"{path}: "), problem)
            self.assertNotIn("\n", str(problem))

    def test_a_file_that_is_not_there(self) -> None:
        self.assertRaises(InstrumentsFileError, instruments_in, self.mktemp())

    def test_a_fifo_is_not_waited_for(self) -> None:
        path = self.mktemp()
        fifo(self, path)
        problem = self.assertRaises(InstrumentsFileError, instruments_in, path)
        self.assertIn("not a regular file", str(problem))

    @given(st.binary(max_size=60))
    def test_whatever_it_holds_it_is_names_or_one_error(self, data: bytes) -> None:
        path = self.write(data)
        try:
            names = instruments_in(path)
        except InstrumentsFileError:
            return
        self.assertTrue(names and all(names))

"""Frames taken apart again."""

from hypothesis import given
from hypothesis import strategies as st
from twisted.trial.unittest import SynchronousTestCase

from webctp.gateway.messages.encoder import frame
from webctp.gateway.rest.wires import EventWire, MessageWire, payloads

LENGTHS = (0, 1, 125, 126, 127, 65_535, 65_536, 70_000)


class Frames(SynchronousTestCase):
    """What an outbox writes."""

    def test_every_form_of_length(self) -> None:
        told = [bytes((number,)) * length for number, length in enumerate(LENGTHS)]
        self.assertEqual(list(payloads(b"".join(map(frame, told)))), told)

    @given(st.lists(st.binary(max_size=300), max_size=20))
    def test_any_messages(self, told: list[bytes]) -> None:
        found: list[bytes] = []
        MessageWire(found.append).write(b"".join(map(frame, told)))
        self.assertEqual(found, told)

    def test_events_begin_in_the_midst_of_a_write(self) -> None:
        written: list[bytes] = []

        class Transport:
            def write(self, data: bytes) -> None:
                written.append(data)

        wire = EventWire(lambda message: wire.begin(Transport()) if message == b"now" else None)
        wire.write(frame(b"before") + frame(b"now") + frame(b"{}"))
        wire.write(frame(b"[]"))
        self.assertEqual(written, [b"data: {}\n\n", b"data: []\n\n"])

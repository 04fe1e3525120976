"""Floods beside honest clients, in short: every honest request is answered, in order.

How long that takes is measured by ``python -m tests.hostile``; no test asserts a time.
"""

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Final

from twisted.trial.unittest import SynchronousTestCase

from tests.hostile.beside import Tried, beside, daemon, with_tls
from tests.hostile.floods import FLOODS, Flood
from tests.hostile.honest import Client
from webctp.testing import Frame, client_frame, server_frames

CLOSE: Final = 0x8
SECONDS: Final = 0.5
TRIES: Final = 20
"""A busy machine may not get round to an order in the first half second."""
SHORT: Final = ("unknown names", "pings", "* on and off", "incomplete messages")
SHORT_OVER_TLS: Final = ("pings", "HTTP requests", "handshakes together", "rubbish for TLS")


class Beside(SynchronousTestCase):
    """One daemon, one flood after the other."""

    timeout = 300

    def test_the_honest_are_answered_beside_every_flood(self) -> None:
        self.try_all(SHORT)

    def test_over_tls_too(self) -> None:
        place = Path(self.mktemp()).absolute()
        place.mkdir()
        self.try_all(SHORT_OVER_TLS, with_tls(place))

    def try_all(self, names: Sequence[str], more: str = "") -> None:
        with daemon(Path(self.mktemp()).absolute(), more) as one:
            for flood in FLOODS:
                if flood.name in names:
                    self.assertTrue(
                        any(self.both_were_served(one, flood) for _ in range(TRIES)), flood.name
                    )
            self.assertTrue(one.running)
            self.assertNotIn("Traceback", one.output)

    def both_were_served(self, one: Tried, flood: Flood) -> bool:
        """Let a flood go on for a moment; whether it and the honest trader got anything done."""
        outcome = beside(one, flood, SECONDS)
        return bool(outcome.td) and outcome.sent > 0

    def test_who_sends_too_fast_is_told_and_closed_if_it_goes_on(self) -> None:
        limit = 50
        with daemon(Path(self.mktemp()).absolute(), f"MessageRate: {limit}\n") as one:
            client = Client(one.port, "/td/")
            self.addCleanup(client.close)
            message = client_frame(b'{"MsgType":"Nope","RequestID":1}')
            client.plain.sendall(message * (limit * 10))
            frames: list[Frame] = []
            rest = b""
            while not frames or frames[-1].opcode != CLOSE:
                read = client.plain.recv(1 << 16)
                self.assertTrue(read, f"dropped after {len(frames)} answers")
                more, rest = server_frames(rest + read)
                frames += more
        *answers, last = frames
        codes = [json.loads(one.payload)["RspInfo"]["ErrorID"] for one in answers]
        self.assertEqual(set(codes), {-404, -429})
        self.assertEqual(codes[:limit], [-404] * limit)
        self.assertGreaterEqual(codes.count(-429), limit)
        self.assertLess(len(codes), limit * 10)
        self.assertEqual(last.payload[:2], (1008).to_bytes(2, "big"))
        self.assertIn(b"MessageRate", last.payload)

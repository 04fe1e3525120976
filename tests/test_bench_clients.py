"""The clients of the load count ticks, whatever else they are told among them."""

import json
import socket

from twisted.trial.unittest import SynchronousTestCase

from bench.clients import Client, Clients

_OPTIONS = {"clients": 1, "instruments": 1, "port": 0, "tls": False, "plain": False}
_DROPPED = {
    "MsgType": "RtnTicksDropped",
    "RtnTicksDropped": {"Dropped": 3, "Instruments": [f"rb27{number:02d}" for number in range(30)]},
}


def frame(message: object) -> bytes:
    """Return a message as the gateway sends it: not masked, with two bytes of length."""
    payload = json.dumps(message, separators=(",", ":")).encode()
    assert 125 < len(payload) < 65_536
    return b"\x81\x7e" + len(payload).to_bytes(2, "big") + payload


def tick(sequence: int) -> bytes:
    """Return a tick."""
    fields = {"InstrumentID": "rb2701" + "0" * 90, "Volume": sequence, "Turnover": 0.5}
    return frame({"MsgType": "RtnDepthMarketData", "DepthMarketData": fields})


class Counting(SynchronousTestCase):
    """What one client counts of what its socket gives."""

    def counted(self, *reads: bytes, compressed: bool = False) -> Client:
        """Return a client that was given these reads, one after another."""
        theirs, ours = socket.socketpair()
        self.addCleanup(theirs.close)
        self.addCleanup(ours.close)
        ours.setblocking(False)
        client = Client(ours, watched=True)
        clients = Clients({**_OPTIONS, "compressed": compressed}, [client])
        for data in reads:
            theirs.sendall(data)
            clients._read(client)
        self.assertEqual(len(clients.delays), sum(b"Turnover" in data for data in reads))
        return client

    def test_ticks_and_what_lacks_between_them(self) -> None:
        client = self.counted(tick(1) + tick(2), tick(5))
        self.assertEqual((client.frames, client.missing, client.sequence), (3, 2, 5))

    def test_a_notice_is_no_tick_wherever_it_comes(self) -> None:
        notice = frame(_DROPPED)
        for reads in (
            (notice + tick(1) + tick(2),),
            (tick(1) + notice + tick(2),),
            (tick(1) + tick(2) + notice,),
            (tick(1), notice, tick(2)),
            (tick(1) + notice[:40], notice[40:] + tick(2)),
        ):
            for compressed in (False, True):
                client = self.counted(*reads, compressed=compressed)
                found = client.frames, client.missing, client.sequence
                self.assertEqual(found, (2, 0, 2), (reads, compressed))

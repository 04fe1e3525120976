"""What is counted of messages to clients, by their kinds."""

import json

from twisted.trial.unittest import SynchronousTestCase

from webctp.gateway.messages.encoder import frame
from webctp.gateway.websocket import traffic
from webctp.gateway.websocket.traffic import SentMessages

NAMES = ("RtnOrder", "RspQryInvestorPosition", "RspQryInvestorPositionDetail", "ReqOrderInsert")


def message(name: str, **fields: object) -> bytes:
    """A message in its frame, as the encoder writes it."""
    return frame(json.dumps({"MsgType": name, **fields}, separators=(",", ":")).encode())


class Kinds(SynchronousTestCase):
    """By MsgType."""

    def setUp(self) -> None:
        self.sent = SentMessages()
        self.sent.know(NAMES)

    def counts(self) -> dict[str, int]:
        return {sample.labels[0]: int(sample.value) for sample in self.sent.samples()}

    def test_each_is_counted_whatever_its_length(self) -> None:
        for _ in range(2):
            for length in (0, 60, 200, 70_000):
                for name in NAMES:
                    self.sent.count(message(name, Seq=length, Text="x" * length))
        self.assertEqual(self.counts(), dict.fromkeys(NAMES, 8))
        self.assertEqual(self.sent.total(), 8 * len(NAMES))

    def test_names_that_are_none_are_no_labels(self) -> None:
        for text in ("s3cret", "", "RtnOrderX", 'a"b', "RspQryInvestorPositionDetailX", "密码"):
            for _ in range(2):
                self.sent.count(message(text))
        self.sent.count(frame(b"[]"))
        self.sent.count(frame(b'{"A":"RtnOrder"}'))
        self.sent.count(frame(b""))
        self.assertEqual(self.counts(), {"other": 15})

    def test_pings_and_pongs(self) -> None:
        self.sent.count(b"\x8a\x00")
        self.sent.count(b"\x89\x04abcd")
        self.assertEqual(self.counts(), {"control": 2})

    def test_what_is_remembered_is_bounded_and_nothing_is_lost(self) -> None:
        self.patch(traffic, "_MOST_NEAR", 8)
        for number in range(100):
            self.sent.count(message("RtnOrder", Seq=10**15 * (1 + number % 9) + number))
            self.sent.count(message("RtnOrder", Number=number))
        self.assertEqual(self.counts(), {"RtnOrder": 200})
        self.assertLessEqual(len(self.sent._near), 8)

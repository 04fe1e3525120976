"""One client's flood is taken a bit at a time, in its order, and the others are served between."""

import json
import struct
from typing import ClassVar

from hypothesis import given, settings
from hypothesis import strategies as st

from tests.gateway.support import GatewayCase, code
from tests.gateway.websocket.test_protocol import CLOSE, PING, PONG, TEXT
from webctp.config.serving import WebSocketOptions
from webctp.gateway.messages.schema import nearest
from webctp.testing import WebSocketPeer, client_frame

A_TURN = 32


def asks(count: int, name: str = "ReqNichts") -> bytes:
    """So many messages in one piece."""
    return b"".join(
        client_frame(json.dumps({"MsgType": name, "RequestID": n}).encode()) for n in range(count)
    )


class Floods(GatewayCase):
    """What arrives in one read."""

    options = WebSocketOptions(0, 0, 2 * 1024 * 1024, message_rate=0, login_deadline=0)

    def test_a_turn_takes_no_more_than_its_share(self) -> None:
        peer = self.connect()
        peer.feed(asks(1_000))
        self.assertLessEqual(len(peer.received()), A_TURN)
        self.assertEqual(peer.transport.producerState, "paused")

    def test_another_client_is_answered_between(self) -> None:
        flooding, other = self.connect(), self.connect()
        flooding.feed(asks(1_000))
        self.assertEqual(len(other.received()), 0)
        self.assertEqual(code(other.ask({"MsgType": "X"})), -404)
        self.assertLess(len(flooding.received()), 1_000)

    def test_all_are_answered_in_order_and_reading_goes_on(self) -> None:
        peer = self.connect()
        peer.feed(asks(1_000))
        found: list[int] = []
        while self.reactor.getDelayedCalls() and len(found) < 1_000:
            found.extend(one["RequestID"] for one in peer.received())
            self.reactor.turn()
        found.extend(one["RequestID"] for one in peer.received())
        self.assertEqual(found, list(range(1_000)))
        self.assertEqual(peer.transport.producerState, "producing")

    def test_what_still_arrives_comes_behind_what_waits(self) -> None:
        # As TLS does, which hands on all that it has read.
        peer = self.connect()
        peer.feed(asks(100))
        peer.feed(client_frame(b'{"MsgType":"X","RequestID":100}'))
        for _ in range(100):
            self.reactor.turn()
        self.assertEqual([one["RequestID"] for one in peer.received()], list(range(101)))

    def test_pings_are_taken_a_bit_at_a_time(self) -> None:
        peer = self.connect()
        peer.feed(b"".join(client_frame(b"%d" % n, PING) for n in range(500)))
        self.assertLess(len(peer.frames()), 100)
        pongs = []
        for _ in range(200):
            self.reactor.turn()
            pongs += peer.frames()
        self.assertEqual(pongs[-1].payload, b"499")
        self.assertEqual({one.opcode for one in pongs}, {PONG})

    def test_pieces_are_taken_a_bit_at_a_time(self) -> None:
        peer = self.connect()
        pieces = [client_frame(b'{"MsgType":"X","RequestID":5', TEXT, fin=False)]
        pieces += [client_frame(b" ", 0, fin=False)] * 500 + [client_frame(b"}", 0)]
        peer.feed(b"".join(pieces))
        self.assertEqual(peer.received(), [])
        for _ in range(200):
            self.reactor.turn()
        self.assertEqual([one["RequestID"] for one in peer.received()], [5])

    def test_a_client_that_has_gone_leaves_nothing_behind(self) -> None:
        before = self.reactor.getDelayedCalls()
        peer = self.connect()
        peer.feed(asks(1_000))
        peer.drop()
        self.settle()
        self.assertEqual(self.reactor.getDelayedCalls(), before)

    def test_a_close_behind_a_flood_is_answered(self) -> None:
        peer = self.connect()
        peer.feed(asks(100) + client_frame(struct.pack("!H", 1000), CLOSE))
        for _ in range(100):
            self.reactor.turn()
        frames = peer.frames()
        self.assertEqual(len(frames), 101)
        self.assertEqual(frames[-1].opcode, CLOSE)

    def test_however_it_is_cut_every_message_has_its_answer(self) -> None:
        @settings(max_examples=30, deadline=None)
        @given(st.lists(st.sampled_from(("text", "ping", "pieces")), max_size=80), st.data())
        def attempt(kinds: list[str], data: st.DataObject) -> None:
            peer = self.connect()
            sent = []
            for number, kind in enumerate(kinds):
                message = b'{"MsgType":"X","RequestID":%d}' % number
                if kind == "pieces":
                    sent += [
                        client_frame(message[:9], TEXT, fin=False),
                        client_frame(message[9:], 0),
                    ]
                else:
                    sent.append(client_frame(message, PING if kind == "ping" else TEXT))
            whole = b"".join(sent)
            cuts = sorted(data.draw(st.lists(st.integers(0, len(whole)), max_size=5)))
            for begin, end in zip([0, *cuts], [*cuts, len(whole)], strict=True):
                if begin < end:
                    peer.feed(whole[begin:end])
                if data.draw(st.booleans()):
                    self.reactor.turn()
            for _ in range(20):
                self.reactor.turn()
            frames = peer.frames()
            told = [
                number
                for frame in frames
                for number in (
                    [json.loads(frame.payload)["RequestID"]] if frame.payload else [None]
                )
            ]
            self.assertEqual(told, list(range(len(kinds))))
            peer.drop()

        attempt()


class Costly(GatewayCase):
    """Single messages that would take long."""

    def test_a_long_body_is_refused_before_it_is_read(self) -> None:
        peer = self.trader()
        body = b'{"a":1,' + b'"b":[1],' * 20_000 + b'"c":1}'
        peer.feed(client_frame(b'{"MsgType":"ReqQryOrder","RequestID":3,"QryOrder":%b}' % body))
        (answer,) = self.answers(peer)
        self.assertEqual(code(answer), -400)
        self.assertIn("QryOrder", answer["Detail"])

    def test_a_message_names_so_many_instruments_at_most(self) -> None:
        peer = self.watcher()
        names = ["a"] * 50_001
        answer = self.ask(peer, {"MsgType": "SubscribeMarketData", "InstrumentID": names})
        self.assertEqual(code(answer), -400)
        self.assertIn("50000", answer["Detail"])

    def test_names_much_longer_than_any_get_no_hint(self) -> None:
        self.assertEqual(nearest("ReqUserLogin" + "n" * 60, ("ReqUserLogin",)), "")


class Subscriptions(GatewayCase):
    """Those of many instruments are worked on in slices."""

    options = WebSocketOptions(0, 0, 2 * 1024 * 1024, message_rate=0, login_deadline=0)
    KNOWN = 20_000
    PATTERNS: ClassVar[list[str]] = ["*" * number for number in range(1, 41)]

    def setUp(self) -> None:
        super().setUp()
        self.md.hub.instruments.add(b"xx%d" % number for number in range(self.KNOWN))
        self.settle()

    def subscribed(self) -> int:
        subscriptions = self.md.hub._subscriptions["tick"].by_name.values()
        return sum(len(one.clients) for one in subscriptions)

    def finish(self) -> None:
        while len(self.fanout.turns) or len(self.md.hub.turns):
            self.reactor.turn()

    def subscribe(self, peer: WebSocketPeer, *names: str, on: bool = True) -> None:
        kind = "SubscribeMarketData" if on else "UnSubscribeMarketData"
        peer.send({"MsgType": kind, "InstrumentID": names, "RequestID": 7})

    def test_others_are_answered_between(self) -> None:
        flooding, other = self.watcher(), self.watcher()
        self.subscribe(flooding, *self.PATTERNS)
        self.assertEqual(other.ask({"MsgType": "X", "RequestID": 5})["RequestID"], 5)
        self.assertLess(self.subscribed(), self.KNOWN)
        self.finish()
        self.assertEqual(self.subscribed(), self.KNOWN)
        self.assertEqual(len(self.answers(flooding)), len(self.PATTERNS))

    def test_its_own_next_message_waits(self) -> None:
        peer = self.watcher()
        self.subscribe(peer, *self.PATTERNS)
        peer.send({"MsgType": "X", "RequestID": 8})
        self.subscribe(peer, *self.PATTERNS, on=False)
        self.finish()
        answers = self.answers(peer)
        self.assertEqual(
            [one["RequestID"] for one in answers],
            [7] * len(self.PATTERNS) + [8] + [7] * len(self.PATTERNS),
        )
        self.assertEqual(self.subscribed(), 0)

    def test_one_that_goes_in_the_middle_leaves_nothing(self) -> None:
        peer = self.watcher()
        self.subscribe(peer, *self.PATTERNS)
        self.reactor.turn()
        peer.drop()
        self.finish()
        self.assertEqual(self.subscribed(), 0)

    def test_one_that_logs_out_and_goes_leaves_nothing(self) -> None:
        peer = self.watcher()
        self.subscribe(peer, *self.PATTERNS)
        self.finish()
        peer.send({"MsgType": "ReqUserLogout", "UserLogout": {}})
        peer.drop()
        self.finish()
        self.assertEqual(self.subscribed(), 0)

    def test_too_many_change_nothing_and_say_so(self) -> None:
        self.md.hub._subscriptions["tick"]._limit = 100
        peer = self.watcher()
        self.subscribe(peer, *self.PATTERNS)
        self.finish()
        (answer,) = self.answers(peer)
        self.assertEqual(code(answer), -429)
        self.assertEqual(self.subscribed(), 0)

    def test_a_tick_that_comes_meanwhile_is_not_followed_by_an_older_one(self) -> None:
        first, peer = self.watcher(), self.watcher()
        self.subscribe(first, "*")
        self.finish()
        for number in range(300):
            self.tick(number, 1)
        self.settle()
        self.subscribe(peer, *self.PATTERNS)
        while not self.subscribed() > self.KNOWN + 300:
            self.reactor.turn()
        for number in range(300):
            self.tick(number, 2)
        self.finish()
        told: dict[str, list[int]] = {}
        for one in self.pushes(peer):
            tick = one["DepthMarketData"]
            told.setdefault(tick["InstrumentID"], []).append(tick["Volume"])
        self.assertEqual(len(told), 300)
        for volumes in told.values():
            self.assertIn(volumes, ([1, 2], [2]))

    def tick(self, number: int, volume: int) -> None:
        body = {"InstrumentID": f"xx{number}", "Volume": volume}
        self.front.push("OnRtnDepthMarketData", body)

"""Ticks as server-sent events, in memory."""

import json
from typing import Any
from unittest.mock import patch

from tests.gateway.rest.support import Connection, RestCase
from webctp.config.serving import Limits
from webctp.gateway.rest import ticks

PATH = "/md/ticks?instrument="


class Events(RestCase):
    """``GET /md/ticks``."""

    limits = Limits(slow_client_seconds=5.0)

    def watch(self, query: str, *lines: str) -> Connection:
        """Ask for ticks."""
        connection = self.open()
        head = "\r\n".join((f"GET {PATH}{query} HTTP/1.1", "Host: localhost", *lines, "", ""))
        connection.send(head.encode())
        self.settle()
        return connection

    def tick(self, name: str, price: float = 1.0) -> None:
        """Let a tick come."""
        tick = {"InstrumentID": name, "LastPrice": price, "UpdateTime": f"09:00:{price % 60:02.0f}"}
        self.front.push("OnRtnDepthMarketData", tick)
        self.settle()

    def events(self, connection: Connection) -> list[Any]:
        """What stands in the events so far."""
        _, _, body = connection.written.partition(b"\r\n\r\n")
        found = [part for part in body.decode().split("\n\n") if part.startswith("data: ")]
        return [json.loads(part.removeprefix("data: ")) for part in found]

    def test_ticks_come_as_events(self) -> None:
        connection = self.watch("rb2605,au2606&fields=LastPrice")
        head = connection.written
        self.assertIn(b"HTTP/1.1 200 OK\r\n", head)
        self.assertIn(b"Content-Type: text/event-stream\r\n", head)
        self.tick("rb2605", 3000.0)
        self.tick("cu2605", 5.0)
        self.tick("au2606", 700.0)
        told = [one["DepthMarketData"] for one in self.events(connection)]
        self.assertEqual(
            told,
            [
                {"InstrumentID": "rb2605", "LastPrice": 3000.0},
                {"InstrumentID": "au2606", "LastPrice": 700.0},
            ],
        )

    def test_patterns_and_repeated_words(self) -> None:
        self.md.hub.instruments.add([b"au2606", b"au2608", b"rb2610"])
        connection = self.watch("au*&instrument=rb2605")
        for name in ("au2606", "au2608", "rb2605", "rb2610"):
            self.tick(name)
        named = [one["DepthMarketData"]["InstrumentID"] for one in self.events(connection)]
        self.assertEqual(set(named), {"au2606", "au2608", "rb2605"})

    def test_wrong_words_are_named(self) -> None:
        for query, word in (
            ("", "instrument"),
            ("rb&feilds=LastPrice", "fields"),
            ("rb&interval=x", "interval"),
            ("rb&stale=maybe", "stale"),
            ("rb&changes=1", "changes"),
            ("rb&fields=LastPrise", "LastPrice"),
            ("rb&bars=7x", "7x"),
            ("rb" * 100, "InstrumentID"),
        ):
            with self.subTest(query=query):
                (answer,) = self.watch(query).answers()
                self.assertEqual((answer.status, answer.told["ErrorID"]), (400, -400), answer)
                self.assertIn(word, answer.told["detail"])
        self.assertEqual(len(self.factories["md"].open), 0)

    def test_only_what_has_changed(self) -> None:
        connection = self.watch("rb2605&changes=true")
        self.tick("rb2605", 1.0)
        self.tick("rb2605", 2.0)
        first, second = self.events(connection)
        self.assertLess(len(json.dumps(second)), len(json.dumps(first)) / 2)

    def test_a_comment_now_and_then(self) -> None:
        connection = self.watch("rb2605")
        before = connection.written.count(b":\n\n")
        self.reactor.advance(ticks.KEEP_ALIVE)
        self.assertEqual(connection.written.count(b":\n\n"), before + 1)

    def test_who_reads_slowly_gets_the_newest_of_each(self) -> None:
        connection = self.watch("rb2605")
        self.tick("rb2605", 1.0)
        producer: Any = connection.transport.producer
        producer.pauseProducing()
        for price in range(2, 50):
            self.tick("rb2605", float(price))
        self.reactor.advance(1)
        self.assertEqual(len(self.events(connection)), 1)
        producer.resumeProducing()
        self.settle()
        told = self.events(connection)[1:]
        dropped = [one for one in told if one["MsgType"] == "RtnTicksDropped"]
        prices = [one["DepthMarketData"]["LastPrice"] for one in told if "DepthMarketData" in one]
        self.assertEqual([one["TicksDropped"]["Count"] for one in dropped], [47])
        self.assertEqual(prices, [49.0])

    def test_who_reads_nothing_is_cut(self) -> None:
        connection = self.watch("rb2605")
        producer: Any = connection.transport.producer
        producer.pauseProducing()
        self.tick("rb2605")
        self.reactor.advance(6)
        self.settle()
        self.assertTrue(connection.closed)
        self.assertEqual(len(self.factories["md"].open), 0)

    def test_a_client_that_leaves_is_forgotten(self) -> None:
        connection = self.watch("rb2605")
        self.assertEqual(len(self.factories["md"].open), 1)
        connection.protocol.connectionLost()
        self.settle()
        self.assertEqual(len(self.factories["md"].open), 0)
        self.assertEqual(self.site.open, set())
        self.tick("rb2605")

    def test_the_end_is_told(self) -> None:
        connection = self.watch("rb2605&language=zh")
        self.factories["md"].close_all()
        self.settle()
        self.assertIn(b'event: close\ndata: {"Code":1001,"Reason":"', connection.written)
        self.assertTrue(connection.closed)

    def test_what_a_client_sends_meanwhile_is_not_kept(self) -> None:
        connection = self.watch("rb2605")
        connection.send(b"x" * 1000)
        self.assertFalse(connection.closed)
        connection.send(b"x" * 300_000)
        self.assertTrue(connection.closed)

    def test_head(self) -> None:
        connection = self.open()
        connection.send(f"HEAD {PATH}rb2605 HTTP/1.1\r\nHost: localhost\r\n\r\n".encode())
        self.settle()
        self.assertIn(b"text/event-stream", connection.written)
        self.assertTrue(connection.written.endswith(b"\r\n\r\n"))
        self.assertEqual(len(self.factories["md"].open), 0)

    def test_a_name_that_was_made_to_lead_here(self) -> None:
        connection = self.open()
        connection.send(f"GET {PATH}rb2605 HTTP/1.1\r\nHost: evil.example.com\r\n\r\n".encode())
        self.settle()
        self.assertEqual([one.status for one in connection.answers()], [403])

    def test_the_stream_ends_with_its_session(self) -> None:
        answer = self.post("/md/ReqUserLogin", {})
        bearer = answer.told["Bearer"]["Token"]
        connection = self.watch("rb2605", f"Authorization: Bearer {bearer}")
        self.tick("rb2605")
        self.assertEqual(len(self.events(connection)), 1)
        idle = self.options.http_session_idle
        with patch.object(ticks, "KEEP_ALIVE", idle):
            self.reactor.advance(idle * 3)
        self.assertFalse(connection.closed, "who watches is not idle")
        self.assertEqual(self.post("/md/ReqUserLogout", {}, bearer).status, 200)
        self.settle()
        self.assertTrue(connection.closed)

    def test_a_wrong_bearer(self) -> None:
        connection = self.watch("rb2605", "Authorization: Bearer webctp_session_no")
        self.assertEqual([one.status for one in connection.answers()], [401])

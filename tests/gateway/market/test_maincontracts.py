"""Main contracts: what a client of @rb is sent, and what when another contract takes over."""

from typing import Any

from tests.gateway.support import GatewayCase, Message, code
from webctp.gateway.market import maincontracts
from webctp.testing import WebSocketPeer

NAMES = ("rb2701", "rb2705", "rb2710")


class MainCase(GatewayCase):
    """A gateway that knows three contracts of rebar."""

    services = ("md",)

    def setUp(self) -> None:
        super().setUp()
        self.md.hub.instruments.add([name.encode() for name in (*NAMES, "rb2701C3000", "cu2701")])
        self.settle()

    def tick(self, name: str, held: float, time: str = "10:00:00", volume: int = 5) -> None:
        """Let a contract tick."""
        self.front.push(
            "OnRtnDepthMarketData",
            {
                **{"InstrumentID": name, "TradingDay": "20261123", "ActionDay": "20261123"},
                **{"UpdateTime": time, "LastPrice": 3000.0, "Volume": volume},
                "PreOpenInterest": held,
            },
        )
        self.settle()

    def open(self, *held: float) -> None:
        """Let all contracts tick, and be looked at."""
        for name, value in zip(NAMES, held, strict=False):
            self.tick(name, value)
        self.reactor.advance(maincontracts._SOON)
        self.settle()

    def subscribed(self, **words: Any) -> tuple[WebSocketPeer, list[Message]]:
        """A client of @rb, and what it was sent so far."""
        peer = self.watcher()
        peer.send(
            {"MsgType": "SubscribeMarketData", "InstrumentID": "@rb", "RequestID": 5, **words}
        )
        self.settle()
        return peer, peer.received()


def kinds(messages: list[Message]) -> list[tuple[str, str]]:
    """What messages are, and of which contract."""
    found = []
    for one in messages:
        if one["MsgType"] == "RtnMainContract":
            found.append(("main", one["MainContract"]["InstrumentID"]))
        elif one["MsgType"] == "RtnDepthMarketData":
            found.append((one.get("MainContract", ""), one["DepthMarketData"]["InstrumentID"]))
    return found


class Standing(MainCase):
    """What @rb stands for."""

    def test_it_begins_when_it_is_known(self) -> None:
        peer, (answer,) = self.subscribed()
        self.assertEqual(answer["SpecificInstrument"], {"InstrumentID": "@rb"})
        self.open(10.0, 30.0, 20.0)
        self.assertEqual(kinds(peer.received()), [("main", "rb2705"), ("@rb", "rb2705")])
        self.tick("rb2701", 10.0, "10:00:01", 6)
        self.tick("rb2705", 30.0, "10:00:01", 6)
        self.assertEqual(kinds(peer.received()), [("@rb", "rb2705")])

    def test_another_client_is_told_at_once(self) -> None:
        self.subscribed()
        self.open(10.0, 30.0, 20.0)
        _, messages = self.subscribed()
        self.assertEqual(kinds(messages), [("main", "rb2705"), ("@rb", "rb2705")])
        push = messages[1]["MainContract"]
        self.assertEqual(push, {"Name": "@rb", "InstrumentID": "rb2705", "Before": ""})

    def test_another_contract_takes_over(self) -> None:
        peer, _ = self.subscribed()
        self.open(10.0, 30.0, 20.0)
        peer.received()
        self.tick("rb2710", 40.0, "10:00:02", 6)
        self.assertEqual(peer.received(), [])
        self.reactor.advance(maincontracts._LATER)
        self.settle()
        messages = peer.received()
        self.assertEqual(kinds(messages), [("main", "rb2710"), ("@rb", "rb2710")])
        self.assertEqual(messages[0]["MainContract"]["Before"], "rb2705")
        self.tick("rb2705", 30.0, "10:00:03", 7)
        self.tick("rb2710", 40.0, "10:00:03", 7)
        self.assertEqual(kinds(peer.received()), [("@rb", "rb2710")])

    def test_not_all_contracts_tick(self) -> None:
        peer, _ = self.subscribed()
        self.open(10.0, 30.0)
        self.assertEqual(peer.received(), [])
        for _ in range(3):
            self.reactor.advance(maincontracts._SOON)
        self.settle()
        self.assertEqual(kinds(peer.received())[0], ("main", "rb2705"))

    def test_a_contract_that_is_learnt_later(self) -> None:
        peer, _ = self.subscribed()
        self.open(10.0, 30.0, 20.0)
        peer.received()
        self.md.hub.instruments.add([b"rb2712"])
        self.settle()
        self.tick("rb2712", 99.0)
        self.reactor.advance(maincontracts._LATER)
        self.settle()
        self.assertEqual(kinds(peer.received())[0], ("main", "rb2712"))


class Subscribing(MainCase):
    """A client's own subscription and its main contract's are apart."""

    def test_both(self) -> None:
        peer, _ = self.subscribed()
        self.open(10.0, 30.0, 20.0)
        peer.send({"MsgType": "SubscribeMarketData", "InstrumentID": "rb2705", "RequestID": 6})
        self.settle()
        peer.received()
        self.tick("rb2705", 30.0, "10:00:01", 6)
        told = [("", "rb2705"), ("@rb", "rb2705")]
        self.assertEqual(sorted(kinds(peer.received())), told)
        peer.send({"MsgType": "UnSubscribeMarketData", "InstrumentID": "@rb", "RequestID": 7})
        self.settle()
        self.assertEqual(code(peer.received()[-1]), 0)
        self.tick("rb2705", 30.0, "10:00:02", 7)
        self.assertEqual(kinds(peer.received()), told[:1])

    def test_in_another_form(self) -> None:
        peer, _ = self.subscribed()
        self.open(10.0, 30.0, 20.0)
        peer.received()
        words = {"InstrumentID": "@rb", "Fields": ["Volume"], "RequestID": 6}
        peer.send({"MsgType": "SubscribeMarketData", **words})
        self.settle()
        tick = peer.received()[-1]
        self.assertEqual(
            (tick["DepthMarketData"], tick["MainContract"]),
            ({"Volume": 5, "InstrumentID": "rb2705"}, "@rb"),
        )

    def test_bars(self) -> None:
        peer, _ = self.subscribed(Bars=["1m"])
        self.open(10.0, 30.0, 20.0)
        self.tick("rb2705", 30.0, "10:01:01", 8)
        self.tick("rb2705", 30.0, "10:02:01", 9)
        bars = [one for one in peer.received() if one["MsgType"] == "RtnBar"]
        self.assertEqual({one["MainContract"] for one in bars}, {"@rb"})
        self.assertEqual(
            [(one["Bar"]["InstrumentID"], one["Bar"]["IsClosed"]) for one in bars],
            [("rb2705", False), ("rb2705", True), ("rb2705", False)],
        )

    def test_whoever_leaves_is_sent_nothing_more(self) -> None:
        peer, _ = self.subscribed()
        self.open(10.0, 30.0, 20.0)
        peer.drop()
        self.settle()
        self.tick("rb2710", 40.0, "10:00:02", 6)
        self.reactor.advance(maincontracts._LATER)
        self.assertEqual(self.md.mains._products[b"rb"].followers, {})

    def test_what_is_no_product(self) -> None:
        peer, (answer,) = self.subscribed(InstrumentID=["cu2701", "@zz"])
        self.assertEqual((answer["MsgType"], code(answer)), ("SubscribeMarketData", -400))
        self.assertIn("@zz: no product is called so", answer["Detail"])
        self.tick("cu2701", 1.0)
        self.assertEqual(peer.received(), [])

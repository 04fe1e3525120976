"""Instruments that a trading client has asked for are known to patterns on /md/."""

from itertools import chain

from tests.conformance import holds
from tests.gateway.support import GatewayCase, Message

QUERY: Message = {"MsgType": "ReqQryInstrument", "QryInstrument": {}, "RequestID": 3}


class Learning(GatewayCase):
    """Both services in one gateway."""

    def subscribed(self) -> list[tuple[bytes, ...]]:
        """What the front was asked for."""
        return [call.arguments for call in self.front.calls if call.name == "SubscribeMarketData"]

    @holds("MD-SUBSCRIBEMARKETDATA-1")
    def test_a_pattern_takes_them_in_when_the_answer_is_whole(self) -> None:
        watcher = self.watcher()
        watcher.send({"MsgType": "SubscribeMarketData", "InstrumentID": "rb*"})
        trader = self.trader()
        listed = [{"InstrumentID": name} for name in ("rb2701", "cu2701", "rb2705")]
        self.front.on("ReqQryInstrument", answer=listed)
        trader.send(QUERY)
        self.settle()
        self.assertEqual(len(self.answers(trader)), 3)
        self.assertEqual(self.subscribed(), [(b"rb2701", b"rb2705")])
        self.assertIn(b"cu2701", self.md.hub.instruments)

    def test_of_many_it_hears_some_at_a_time(self) -> None:
        watcher = self.watcher()
        watcher.send({"MsgType": "SubscribeMarketData", "InstrumentID": "rb*"})
        told: list[list[bytes]] = []
        self.md.hub.instruments.on_added(told.append)
        listed = [{"InstrumentID": f"rb{number}"} for number in range(600)]
        self.front.on("ReqQryInstrument", answer=listed)
        self.trader().send(QUERY)
        for _ in range(10):
            self.settle()
        self.assertGreater(len(told), 1)
        names = [row["InstrumentID"].encode() for row in listed]
        self.assertEqual([*chain.from_iterable(told)], names)
        self.assertEqual(sum(map(len, self.subscribed())), 600)

    def test_so_it_does_from_an_answer_that_was_kept(self) -> None:
        trader = self.trader()
        self.front.on("ReqQryInstrument", answer=[{"InstrumentID": "rb2701"}], times=1)
        for _ in range(2):
            trader.send(QUERY)
            self.settle()
            self.reactor.advance(2)
            self.assertEqual(len(self.answers(trader)), 1)
        self.assertEqual(self.front.names.count("ReqQryInstrument"), 1)
        self.assertEqual(len(self.md.hub.instruments), 1)

    def test_an_error_and_an_empty_answer_teach_nothing(self) -> None:
        trader = self.trader()
        self.front.on("ReqQryInstrument", answer=[{"InstrumentID": "rb2701"}], error=16, times=1)
        trader.send(QUERY)
        self.settle()
        self.front.on("ReqQryInstrument", answer=None)
        self.reactor.advance(2)
        trader.send(QUERY)
        self.settle()
        self.assertEqual(len(self.answers(trader)), 2)
        self.assertEqual(len(self.md.hub.instruments), 0)


class Listed(GatewayCase):
    """A front that lists its instruments, as the simulated one and a replay do."""

    def test_a_pattern_finds_them(self) -> None:
        """However many there are, some at a time."""
        peer = self.watcher()
        told: list[list[bytes]] = []
        self.md.hub.instruments.on_added(told.append)
        self.front.listed = tuple(f"rb{number}" for number in range(2000))
        self.front.push("OnFrontDisconnected", 0x1001)
        self.front.push("OnFrontConnected")
        for _ in range(20):
            self.settle()
        self.assertEqual(sum(map(len, told)), 2000)
        self.assertGreater(len(told), 1)
        answer = self.ask(peer, {"MsgType": "SubscribeMarketData", "InstrumentID": "rb1?"})
        self.assertNotIn("Detail", answer)
        (call,) = (call for call in self.front.calls if call.name == "SubscribeMarketData")
        self.assertEqual(call.arguments, tuple(f"rb1{number}".encode() for number in range(10)))

    def test_a_pattern_is_not_said_to_find_nothing_while_they_are_learnt(self) -> None:
        peer = self.watcher()
        self.front.listed = tuple(f"rb{number}" for number in range(2000))
        self.front.push("OnFrontDisconnected", 0x1001)
        self.front.push("OnFrontConnected")
        while len(self.md.hub.instruments) < 2:
            self.reactor.turn()
        answer = self.ask(peer, {"MsgType": "SubscribeMarketData", "InstrumentID": "rb199?"})
        self.assertNotIn("Detail", answer)
        for _ in range(80):
            self.settle()
        asked = [
            one
            for call in self.front.calls
            if call.name == "SubscribeMarketData"
            for one in call.arguments
        ]
        self.assertEqual(len(asked), 10)

    def test_a_pattern_where_none_is_known_says_so(self) -> None:
        peer = self.watcher()
        for asked, is_told in (("rb*", True), ("rb2701", False)):
            answer = self.ask(peer, {"MsgType": "SubscribeMarketData", "InstrumentID": asked})
            self.assertEqual("InstrumentsFile" in answer.get("Detail", ""), is_told, asked)

"""``Changes``: messages that say what has changed, held against whole ones."""

from dataclasses import dataclass, field
from typing import Any, ClassVar

from hypothesis import given, settings
from hypothesis import strategies as st

from tests.gateway.market.test_barstream import BarsCase
from tests.gateway.market.test_spec import FormsCase
from tests.gateway.support import GatewayCase, Message, code
from webctp.config.serving import Limits, WebSocketOptions
from webctp.gateway.market.changes import WHOLE_EVERY
from webctp.testing import WebSocketPeer

NAMES = ("rb2701", "cu2701")
ASKED = (*NAMES, "rb*", "*")
FORMS: tuple[dict[str, Any], ...] = (
    {},
    {},
    {"Fields": ["LastPrice", "AskVolume3"]},
    {"IntervalMs": 700},
    {"IntervalMs": 700, "Fields": ["LastPrice", "Volume", "UpdateTime"]},
    {"Bars": ["1m"]},
    {"Bars": ["1m", "5m"], "IntervalMs": 700},
)
PAIRS = range(2)
DAYS = ("20261123", "20261124")
CHANGING = {
    "LastPrice": st.sampled_from((1.0, 2.0, 1.7976931348623157e308, 0.1)),
    "Volume": st.integers(0, 3),
    "AskVolume3": st.sampled_from((0, 7)),
    "ExchangeID": st.sampled_from(("", "SHFE")),
    "UpdateMillisec": st.sampled_from((0, 500)),
    "TradingDay": st.sampled_from((*[DAYS[0]] * 6, DAYS[1])),
}
WHO = st.sampled_from(PAIRS)
TICKS = st.tuples(
    st.just("ticks"),
    st.sampled_from(NAMES),
    st.lists(st.fixed_dictionaries({}, optional=CHANGING), min_size=1, max_size=4),
)
STEPS = st.lists(
    st.one_of(
        TICKS,
        st.tuples(st.sampled_from(("pause", "resume")), WHO, st.none()),
        TICKS,
        st.tuples(st.just("wait"), st.sampled_from((0.1, 0.4, 0.9, WHOLE_EVERY + 1)), st.none()),
        TICKS,
        st.tuples(
            st.just("subscribe"),
            WHO,
            st.tuples(
                st.lists(st.sampled_from(ASKED), min_size=1, max_size=2), st.sampled_from(FORMS)
            ),
        ),
        TICKS,
        st.tuples(
            st.just("unsubscribe"),
            WHO,
            st.lists(st.sampled_from(ASKED), min_size=1, max_size=1),
        ),
        st.tuples(st.just("again"), WHO, st.none()),
        st.tuples(st.just("outage"), st.none(), st.none()),
    ),
    min_size=20,
    max_size=40,
)
FIRST = st.lists(st.sampled_from(FORMS), min_size=len(PAIRS), max_size=len(PAIRS))


def identity(message: Message) -> tuple[str, ...]:
    """What a message's fields are put over: those of its instrument, of its bar."""
    body = message.get("Bar") or message["DepthMarketData"]
    return (message["MsgType"], body["InstrumentID"], body.get("Period", ""))


@dataclass
class Pair:
    """Two clients that ask for the same, one of them for changes."""

    plain: WebSocketPeer
    changes: WebSocketPeer
    held: dict[tuple[str, ...], Message] = field(default_factory=dict)
    is_paused: bool = False

    def both(self) -> tuple[WebSocketPeer, WebSocketPeer]:
        return self.plain, self.changes


class Model(GatewayCase):
    """Two pairs of clients and two instruments, all of which are known."""

    services = ("md",)
    limits = Limits(slow_client_seconds=86_400)
    """Who is slow for long stays: a pause may last several of the steps' waits."""
    market_settings: ClassVar[dict[str, Any]] = {"last_tick": False}
    options = WebSocketOptions(
        ping_interval=86400, ping_timeout=1, max_message_bytes=65_536, login_deadline=0
    )

    def setUp(self) -> None:
        super().setUp()
        self.md.hub.instruments.add(name.encode() for name in NAMES)

    @settings(deadline=None, max_examples=80)
    @given(FIRST, STEPS)
    def test_who_applies_changes_holds_what_others_are_sent(
        self, first: list[dict[str, Any]], steps: list[tuple[str, Any, Any]]
    ) -> None:
        pairs = [Pair(self.watcher(), self.watcher()) for _ in PAIRS]
        for pair, form in zip(pairs, first, strict=True):
            self.act("subscribe", pair, (["*"], form))
        volumes = dict.fromkeys(NAMES, 0)
        for what, who, more in steps:
            if what == "ticks":
                for values in more:
                    self.tick(who, values, volumes)
            elif what == "wait":
                self.reactor.advance(who)
            elif what == "outage":
                self.front.disconnect()
                self.front.connect()
            else:
                self.act(what, pairs[who], more)
            self.settle()
            for pair in pairs:
                self.compare(pair)
        for pair in pairs:
            for peer in pair.both():
                peer.drop()
                self.renew()
        self.settle()

    def renew(self) -> None:
        """Let streams that nobody wants any more end now, and not with the next tick.

        Otherwise one that the second of a pair ends goes on for the first, who has come meanwhile,
        with an interval that began before.
        """
        for subscription in self.md.hub._ticks.values():
            streams: Any = subscription.streams
            if streams is not None:
                streams.renew()

    def tick(self, name: str, values: dict[str, Any], volumes: dict[str, int]) -> None:
        # Seldom one that the front tells again: nobody would be sent that.
        volumes[name] += 1 + values.get("Volume", 0)
        day = {"TradingDay": DAYS[0], "ActionDay": DAYS[0], "UpdateTime": "10:00:00"}
        body = {"InstrumentID": name, **day, **values, "Volume": volumes[name]}
        self.front.push("OnRtnDepthMarketData", body)

    def act(self, what: str, pair: Pair, more: Any) -> None:
        """Let both of a pair do the same."""
        for peer in pair.both():
            changes = {"Changes": True} if peer is pair.changes else {}
            producer: Any = peer.transport.producer
            if what == "subscribe":
                asked, form = more
                words = {"InstrumentID": asked, **form, **changes}
                peer.send({"MsgType": "SubscribeMarketData", "Changes": False, **words})
            elif what == "unsubscribe":
                peer.send({"MsgType": "UnSubscribeMarketData", "InstrumentID": more})
            elif what == "pause" and not pair.is_paused:
                producer.pauseProducing()
            elif what == "resume" and pair.is_paused:
                producer.resumeProducing()
            elif what == "again":
                peer.drop()
            self.renew()
        if what in ("pause", "resume"):
            pair.is_paused = what == "pause"
        if what == "again":
            pair.plain, pair.changes = self.watcher(), self.watcher()
            pair.held, pair.is_paused = {}, False

    def compare(self, pair: Pair) -> None:
        """Hold what both were sent against each other, message for message."""
        whole, changed = (
            [one for one in peer.received() if "Bar" in one or "DepthMarketData" in one]
            for peer in pair.both()
        )
        for one in whole:
            self.assertNotIn("Changes", one)
        self.assertEqual([self.put(pair, one) for one in changed], whole)

    def put(self, pair: Pair, message: Message) -> Message:
        """Put a message over what is held; gives a whole one of it."""
        name, key = "Bar" if "Bar" in message else "DepthMarketData", identity(message)
        if message.pop("Changes", False):
            self.assertIn(key, pair.held, "a change of nothing")
            pair.held[key] = {**pair.held[key], **message[name]}
        else:
            pair.held[key] = message[name]
        return {**message, name: pair.held[key]}


class Ticks(FormsCase):
    """What a client that asks for changes is sent of ticks."""

    day = "20261123"

    def changed(self, peer: WebSocketPeer) -> list[Any]:
        """The bodies of the ticks that have come; of each whole one only None."""
        return [one["DepthMarketData"] if one.get("Changes") else None for one in self.pushes(peer)]

    def test_the_first_is_whole_and_the_next_says_what_has_changed(self) -> None:
        peer = self.asking("cu2401", Changes=True)
        self.tick(5.0, Volume=3, UpdateTime="10:00:00")
        (first,) = self.pushes(peer)
        self.assertEqual(len(first["DepthMarketData"]), len(self.md.fields))
        self.assertNotIn("Changes", first)
        self.tick(6.0, Volume=3, UpdateTime="10:00:00", AskVolume5=2)
        self.assertEqual(
            self.pushes(peer),
            [
                {
                    "MsgType": "RtnDepthMarketData",
                    "DepthMarketData": {
                        "UpdateTime": "10:00:00",
                        "UpdateMillisec": 0,
                        "InstrumentID": "cu2401",
                        "LastPrice": 6.0,
                        "AskVolume5": 2,
                    },
                    "Changes": True,
                }
            ],
        )

    def test_of_some_fields_only_those(self) -> None:
        peer = self.asking("cu2401", Changes=True, Fields=["LastPrice", "Volume"])
        self.tick(5.0, Volume=3, UpdateTime="10:00:00")
        self.tick(5.0, Volume=4, UpdateTime="10:00:01", AskVolume5=2)
        self.assertEqual(self.changed(peer), [None, {"InstrumentID": "cu2401", "Volume": 4}])

    def test_asked_for_with_the_login_it_holds_for_every_subscription(self) -> None:
        peer = self.connect("/md/")
        self.login(peer, Changes=True)
        self.subscribe(peer, "cu2401")
        self.tick(5.0)
        self.tick(6.0)
        first, second = self.changed(peer)
        self.assertIsNone(first)
        self.assertEqual(second["LastPrice"], 6.0)

    def test_a_newcomer_gets_a_whole_one_and_the_others_what_has_changed(self) -> None:
        old = self.asking("cu2401", Changes=True)
        self.tick(5.0)
        self.changed(old)
        new = self.asking("cu2401", Changes=True)
        self.changed(new)
        self.tick(6.0)
        self.assertEqual([self.changed(old) == [None], self.changed(new)], [False, [None]])
        self.tick(7.0)
        self.assertEqual(self.changed(old), self.changed(new))

    def test_subscribing_again_brings_a_whole_one(self) -> None:
        peer = self.asking("cu2401", Changes=True)
        self.tick(5.0)
        self.tick(6.0)
        self.subscribe(peer, "cu2401", off=True)
        self.subscribe(peer, "cu2401", Changes=True)
        self.pushes(peer)
        self.tick(7.0)
        self.assertEqual(self.changed(peer), [None])

    def test_what_is_told_again_does_so_without_words_as_well(self) -> None:
        peer = self.connect("/md/")
        self.login(peer, Changes=True)
        for _ in range(2):
            self.subscribe(peer, "cu2401")
            self.pushes(peer)
            self.tick(5.0)
            self.assertEqual(self.changed(peer), [None])

    def test_after_a_while_all_is_told_again(self) -> None:
        peer = self.asking("cu2401", Changes=True)
        self.tick(5.0)
        self.reactor.advance(WHOLE_EVERY - 1)
        self.tick(6.0)
        self.reactor.advance(1)
        self.tick(7.0)
        self.tick(8.0)
        self.assertEqual([one is None for one in self.changed(peer)], [True, False, True, False])

    def test_with_another_trading_day_too(self) -> None:
        fields = ["LastPrice"]
        peer = self.asking("cu2401", Changes=True, Fields=fields)
        for day in (self.day, self.day, "20261124"):
            self.tick(5.0, TradingDay=day)
        self.assertEqual([one is None for one in self.changed(peer)], [True, False, True])

    def test_and_after_an_outage(self) -> None:
        peer = self.asking("cu2401", Changes=True)
        self.tick(5.0, UpdateTime="10:00:00", TradingDay=self.day)
        self.front.disconnect()
        self.front.connect()
        self.settle()
        self.pushes(peer)
        self.tick(6.0, UpdateTime="10:00:01", TradingDay=self.day)
        self.assertEqual(self.changed(peer), [None])

    def test_who_has_fallen_behind_gets_a_whole_one_and_then_changes_again(self) -> None:
        quick, slow = (self.asking("cu2401", Changes=True) for _ in range(2))
        self.tick(5.0)
        self.changed(slow)
        producer: Any = slow.transport.producer
        producer.pauseProducing()
        for price in (6.0, 7.0):
            self.tick(price)
        producer.resumeProducing()
        dropped, whole = self.pushes(slow)
        self.assertEqual(dropped["MsgType"], "RtnTicksDropped")
        self.assertEqual(whole["DepthMarketData"]["LastPrice"], 7.0)
        self.assertEqual(len(whole["DepthMarketData"]), len(self.md.fields))
        self.changed(quick)
        self.tick(8.0)
        self.assertEqual(self.changed(slow), self.changed(quick))

    def test_stale_ticks_are_whole(self) -> None:
        peer = self.asking("cu2401", Changes=True, Stale=True)
        now = {"TradingDay": self.day, "ActionDay": self.day, "UpdateTime": "10:00:01"}
        self.tick(5.0, Volume=2, **now)
        self.tick(6.0, Volume=3, **now)
        self.tick(5.0, Volume=2, **now)
        *_, stale = self.pushes(peer)
        self.assertTrue(stale["Stale"])
        self.assertNotIn("Changes", stale)
        self.assertEqual(len(stale["DepthMarketData"]), len(self.md.fields))

    def test_what_is_no_truth_value_is_refused(self) -> None:
        answer = self.subscribe(self.watcher(), "cu2401", Changes=1)
        self.assertEqual(code(answer), -400)
        self.assertIn("Changes", answer["Detail"])

    def test_all_who_ask_share_one_encoding(self) -> None:
        peers = [self.asking("cu2401", Changes=True) for _ in range(3)]
        self.tick(5.0)
        streams: Any = self.md.hub.subscription_of(b"cu2401")
        self.assertEqual(len(streams.streams.consumers), 1)
        self.assertEqual(len({str(self.changed(peer)) for peer in peers}), 1)


class Bars(BarsCase):
    """What it is sent of bars."""

    def test_a_bar_that_begins_is_whole_and_one_that_grows_says_what_has_changed(self) -> None:
        peer = self.watch("1m", Changes=True)
        self.tick("10:00:59", 9.0, 100)
        self.tick("10:01:00", 10.0, 103)
        self.tick("10:01:01", 11.0, 104)
        self.tick("10:02:00", 11.0, 105)
        begun, grown, closed, next_ = self.told(peer)
        key = {
            "InstrumentID": "rb2701",
            "Period": "1m",
            "BeginTime": "2026-11-23T10:01:00+08:00",
        }
        self.assertEqual([len(begun["Bar"]), "Changes" in begun], [14, False])
        self.assertEqual(
            grown,
            {
                "MsgType": "RtnBar",
                "Bar": {
                    **key,
                    "HighestPrice": 11.0,
                    "ClosePrice": 11.0,
                    "Volume": 4,
                    "Turnover": 40.0,
                },
                "Changes": True,
            },
        )
        self.assertEqual(closed["Bar"], {**key, "IsClosed": True})
        self.assertEqual([len(next_["Bar"]), "Changes" in next_], [14, False])

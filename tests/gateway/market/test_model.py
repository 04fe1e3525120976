"""Any order of subscriptions, forms, ticks and departures, held against a plain model of it."""

from dataclasses import dataclass, field
from fnmatch import fnmatchcase
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from tests.gateway.support import GatewayCase, code
from webctp.config.serving import WebSocketOptions
from webctp.testing import WebSocketPeer

NAMES = ("cu2401", "cu2402", "rb2401")
ASKED = (*NAMES, "cu*", "*", "rb240?", "zn*")
FORMS: tuple[dict[str, Any], ...] = (
    {},
    {"Fields": ["LastPrice"]},
    {"Fields": ["LastPrice", "Volume"]},
    {"IntervalMs": 0},
)
CLIENTS = range(3)

STEPS = st.lists(
    st.one_of(
        st.tuples(st.just("tick"), st.sampled_from(NAMES), st.none()),
        st.tuples(
            st.sampled_from(CLIENTS),
            st.lists(st.sampled_from(ASKED), min_size=1, max_size=2),
            st.sampled_from((*FORMS, None)),  # None: unsubscribe
        ),
        st.tuples(st.sampled_from(CLIENTS), st.just("again"), st.none()),
    ),
    max_size=25,
)


def fields_of(form: dict[str, Any]) -> frozenset[str] | None:
    """What a tick of that form holds; None for all."""
    return frozenset({*form["Fields"], "InstrumentID"}) if form.get("Fields") else None


@dataclass
class StreamClient:
    """A client as the documents describe it: its wishes, and what it has been sent."""

    peer: WebSocketPeer
    wishes: dict[str, frozenset[str] | None] = field(default_factory=dict)
    due: list[tuple[str, float, frozenset[str] | None]] = field(default_factory=list)

    def has(self, name: str) -> bool:
        """Whether it is subscribed to an instrument, by name or by a pattern."""
        return any(fnmatchcase(name, asked) for asked in self.wishes)

    def form(self, name: str) -> frozenset[str] | None:
        """Its name goes before patterns, of these the first."""
        if name in self.wishes:
            return self.wishes[name]
        return next(own for asked, own in self.wishes.items() if fnmatchcase(name, asked))


class Model(GatewayCase):
    """Three clients and three instruments, all of which are known."""

    services = ("md",)
    options = WebSocketOptions(
        ping_interval=86400, ping_timeout=1, max_message_bytes=65_536, login_deadline=0
    )

    def setUp(self) -> None:
        super().setUp()
        self.md.hub.instruments.add(name.encode() for name in NAMES)

    @settings(deadline=None, max_examples=150)
    @given(STEPS)
    def test_everyone_is_sent_what_it_asks_for_once_and_in_order(
        self, steps: list[tuple[Any, Any, Any]]
    ) -> None:
        watchers = [StreamClient(self.watcher()) for _ in CLIENTS]
        last: dict[str, float] = {}
        for number, (who, what, form) in enumerate(steps, 1):
            if who == "tick":
                self.tick(watchers, last, what, float(number))
            elif what == "again":
                watchers[who].peer.drop()
                watchers[who] = StreamClient(self.watcher())
            elif form is None:
                self.unsubscribe(watchers[who], what)
            else:
                self.subscribe(watchers[who], what, form, last)
            for name in list(last):
                if not any(watcher.has(name) for watcher in watchers):
                    del last[name]  # the front was told, and nothing is kept
            for watcher in watchers:
                self.check(watcher)
        for watcher in watchers:
            watcher.peer.drop()
        self.settle()

    def tick(
        self, watchers: list[StreamClient], last: dict[str, float], name: str, price: float
    ) -> None:
        self.front.push("OnRtnDepthMarketData", {"InstrumentID": name, "LastPrice": price})
        for watcher in watchers:
            if watcher.has(name):
                last[name] = price
                watcher.due.append((name, price, watcher.form(name)))

    def subscribe(
        self, watcher: StreamClient, asked: list[str], form: dict[str, Any], last: dict[str, float]
    ) -> None:
        had = {name for name in NAMES if watcher.has(name)}
        watcher.wishes.update(dict.fromkeys(asked, fields_of(form)))
        message = {"MsgType": "SubscribeMarketData", "InstrumentID": asked, **form}
        watcher.peer.send(message)
        found = [name for one in asked for name in NAMES if fnmatchcase(name, one)]
        for name in dict.fromkeys(found):
            # Who says a word of the form wants it again.
            if name in last and (form or name not in had):
                watcher.due.append((name, last[name], watcher.form(name)))

    def unsubscribe(self, watcher: StreamClient, asked: list[str]) -> None:
        for one in asked:
            watcher.wishes.pop(one, None)
        watcher.peer.send({"MsgType": "UnSubscribeMarketData", "InstrumentID": asked})

    def check(self, watcher: StreamClient) -> None:
        self.settle()
        told = []
        for message in watcher.peer.received():
            if message["MsgType"] == "RtnDepthMarketData":
                tick = message["DepthMarketData"]
                shown = None if len(tick) == len(self.md.fields) else frozenset(tick)
                told.append((tick["InstrumentID"], tick["LastPrice"], shown))
            elif "RspInfo" in message:
                self.assertEqual(code(message), 0, message)
        self.assertEqual(told, watcher.due)
        watcher.due.clear()

"""Every bad message gets its answer, on a connection that stays up."""

import json
import struct
from collections.abc import Iterable
from itertools import chain
from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.gateway.support import GatewayCase, code
from tests.hostile import inputs
from tests.hostile.inputs import Bad
from webctp.ctp import catalog
from webctp.testing import WebSocketPeer, client_frame


class BadMessages(GatewayCase):
    """The list, at each service, before and after a login."""

    def check(self, peer: WebSocketPeer, path: str, lists: Iterable[Iterable[Bad]]) -> None:
        wrong = []
        for bad in chain.from_iterable(lists):
            self.answers(peer)
            peer.feed(client_frame(bad.payload, bad.opcode))
            answers = self.answers(peer)
            if len(answers) != 1:
                wrong.append(f"{bad.name}: {len(answers)} answers")
            else:
                wrong.append(inputs.mismatch(bad, answers[0]))
        self.assertEqual([one for one in wrong if one], [], path)
        self.assertFalse(peer.transport.disconnecting)

    def test_td_before_login(self) -> None:
        peer = self.connect("/td/")
        self.check(peer, "td", (inputs.EVERYWHERE, inputs.TRADING, inputs.BEFORE_LOGIN))
        self.assertEqual([name for name in self.front.names if name == "create_trader"], [])
        self.assertEqual(code(self.login(peer)), 0)

    def test_td_after_login(self) -> None:
        peer = self.trader()
        before = len(self.front.calls)
        self.check(peer, "td", (inputs.EVERYWHERE, inputs.LONG, inputs.TRADING))
        self.assertEqual(len(self.front.calls), before)
        answer = self.ask(peer, {"MsgType": "ReqQryInvestor", "RequestID": 2})
        self.assertEqual((answer["MsgType"], code(answer)), ("RspQryInvestor", 0))

    def test_md_before_login(self) -> None:
        peer = self.connect("/md/")
        lists = (inputs.EVERYWHERE, inputs.MARKET_DATA, inputs.BEFORE_MARKET_LOGIN)
        self.check(peer, "md", lists)

    def test_md_after_login(self) -> None:
        peer = self.watcher()
        before = len(self.front.calls)
        lists = (
            inputs.EVERYWHERE,
            inputs.LONG,
            inputs.MARKET_DATA,
            inputs.AFTER_MARKET_LOGIN,
        )
        self.check(peer, "md", lists)
        self.assertEqual(len(self.front.calls), before)

    def test_a_stranger_may_not_send_long_ones(self) -> None:
        for path in ("/td/", "/md/"):
            for bad in inputs.LONG:
                peer = self.connect(path)
                peer.feed(client_frame(bad.payload))
                frames = peer.frames()
                self.assertEqual(frames[-1].payload[:2], struct.pack("!H", 1009), bad.name)

    def test_every_request_wants_a_login(self) -> None:
        peer = self.connect("/td/")
        before_login = ("ReqUserLogin", "ReqUserAuthMethod", "ReqGenUser", "Register")
        for name in catalog.trading().methods:
            if not name.startswith(before_login):
                answer = self.ask(peer, {"MsgType": name, "RequestID": 5})
                self.assertEqual(
                    (answer["MsgType"], code(answer), answer["RequestID"]), (name, -401, 5)
                )


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=9),
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=9), inner, max_size=3)
    ),
    max_leaves=9,
)
HARMLESS = sorted(
    name for name in catalog.trading().methods if "Login" not in name and "Logout" not in name
)


class Properties(GatewayCase):
    """Whatever a client sends: one answer that says what is wrong, and no fault in the log."""

    def test_arbitrary_json_and_bytes(self) -> None:
        peer = self.connect("/td/")

        @settings(max_examples=200, suppress_health_check=list(HealthCheck))
        @given(
            st.binary(max_size=40)
            | JSON.map(json.dumps).map(str.encode)
            | st.builds(
                lambda name, key, body, number: json.dumps(
                    {"MsgType": name, key: body, "RequestID": number}
                ).encode(),
                st.sampled_from(HARMLESS) | JSON,
                st.text(max_size=9),
                JSON,
                JSON,
            )
        )
        def attempt(payload: bytes) -> None:
            self.answers(peer)
            peer.feed(client_frame(payload, inputs.BINARY if self.broken(payload) else inputs.TEXT))
            (answer,) = self.answers(peer)
            self.assertLess(code(answer), -399)
            self.assertTrue(answer["Detail"])
            self.assertNotIn("internal error", answer["Detail"])

        attempt()
        self.assertFalse(peer.transport.disconnecting)

    def broken(self, payload: bytes) -> bool:
        try:
            payload.decode()
        except UnicodeDecodeError:
            return True
        return False

    def test_arbitrary_bodies_of_every_request(self) -> None:
        peer = self.trader()
        methods = catalog.trading().methods

        @settings(max_examples=200, suppress_health_check=list(HealthCheck))
        @given(st.sampled_from(HARMLESS), st.data())
        def attempt(name: str, data: Any) -> None:
            method = methods[name]
            fields, key = ["x"], "Body"
            if method.struct:
                struct = catalog.trading().struct(method.request_struct)
                fields, key = [field.name for field in struct.fields], method.request_key
            body = data.draw(st.dictionaries(st.sampled_from(fields), JSON, min_size=1, max_size=2))
            self.answers(peer)
            peer.send({"MsgType": name, key: body, "RequestID": 1})
            for answer in self.answers(peer):
                self.assertNotIn("internal error", answer.get("Detail", ""))

        attempt()
        self.assertFalse(peer.transport.disconnecting)

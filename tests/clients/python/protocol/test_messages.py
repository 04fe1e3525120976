"""Messages to typed structs, as the gateway's own encoder writes them."""

import json
import pickle
from unittest import TestCase

from hypothesis import given, settings
from hypothesis import strategies as st

from webctp.ctp import binding
from webctp.ctp.codec import codec_for
from webctp.ctp.encoder import InvalidPrice
from webctp.ctp.errors import GATEWAY_ERRORS
from webctp.gateway.messages.encoder import Encoder
from webctp_client import errors
from webctp_client.made import methods, own, structs
from webctp_client.protocol.messages import Message, Reader, Tick, Unreadable, kind_of
from webctp_client.protocol.method import Kind
from webctp_client.protocol.sent import given as fields_given
from webctp_client.protocol.struct import CtpStruct, SecretStruct
from webctp_client.protocol.subscriptions import Subscriptions


class Messages(TestCase):
    """What comes."""

    def test_every_push_of_the_gateways_encoder_is_read_whole(self) -> None:
        reader = Reader()
        for service in ("td", "md"):
            loaded = binding.load()
            catalogue = loaded.trading if service == "td" else loaded.market
            codec = codec_for(catalogue.module)
            encoder = Encoder(catalogue, InvalidPrice.NULL, keep_reserved=service == "md")
            for callback in catalogue.callbacks.values():
                raw = None
                if callback.struct:
                    layout = codec.layout(callback.struct)
                    raw = layout.pack({})
                payload = encoder.push(callback, raw, None, 7, None if service == "md" else 3)
                message = reader.read(payload)
                if callback.msg_type == "RspUserLogin":
                    continue
                body = message.body
                if callback.struct is None:
                    self.assertEqual(body, 7 if callback.number else None)
                    continue
                told = json.loads(payload)[callback.body_key]
                for name, value in told.items():
                    if not name.startswith("reserve"):
                        self.assertEqual(getattr(body, name), value, (callback.name, name))

    def test_a_price_that_is_not_set_is_none_where_the_wire_says_null(self) -> None:
        payload = b'{"MsgType":"RtnDepthMarketData","DepthMarketData":{"LastPrice":null}}'
        tick = Reader().read(payload)
        self.assertIsInstance(tick, Tick)
        self.assertIsNone(tick.body.LastPrice)

    def test_keys_in_any_order_and_unknown_ones_are_read(self) -> None:
        payload = b'{"New":1, "Order": {"OrderRef": "1", "Newer": []}, "MsgType": "RtnOrder"}'
        for _ in range(2):
            self.assertEqual(Reader().read(payload).body.OrderRef, "1")
        self.assertEqual(Reader().read(b'{"MsgType":"RtnNewest","Body":{}}'), Message("RtnNewest"))

    @given(st.binary(max_size=60), st.integers(0, 200))
    @settings(max_examples=300, deadline=None)
    def test_bytes_that_are_no_message_are_said_to_be_none(self, junk: bytes, at: int) -> None:
        whole = b'{"MsgType":"RtnOrder","Seq":1,"RspInfo":null,"Order":{"OrderRef":"1"}}'
        reader = Reader()
        reader.read(whole)
        for payload in (junk, whole[:at] + junk, whole[:at] + junk + whole[at:]):
            try:
                reader.read(payload)
            except Unreadable as problem:
                self.assertTrue(str(problem))

    def test_every_message_has_a_kind(self) -> None:
        names = [*methods.MESSAGES, *methods.METHODS, *methods.OWN_MESSAGES, "RtnNewest"]
        for name in names:
            kind_of(name)
        self.assertIs(kind_of("RtnBar"), own.RtnBar)


class Words(TestCase):
    """Structs, requests and errors."""

    def test_secrets_are_stars(self) -> None:
        update = structs.UserPasswordUpdate(UserID="u", OldPassword="old1", NewPassword="new1")
        self.assertIsInstance(update, SecretStruct)
        shown = f"{update!r} {update.__rich_repr__()}"
        self.assertNotIn("old1", shown)
        self.assertNotIn("new1", shown)
        self.assertIn("UserID='u'", shown)
        self.assertNotIn("secret", repr(own.SessionFields(ResumeToken="secret", Seq=1)))

    def test_every_code_of_the_gateways_has_an_exception(self) -> None:
        self.assertEqual(set(errors.BY_CODE), {code for code in GATEWAY_ERRORS if code < -3})
        self.assertIs(type(errors.error(-2, "")), errors.CtpError)
        broken = errors.Disconnected("why", "ReqQryOrder")
        self.assertEqual(str(pickle.loads(pickle.dumps(broken))), str(broken))

    def test_what_only_asks_may_be_repeated(self) -> None:
        for name, method in methods.METHODS.items():
            told = method.kind is Kind.ORDER or "Transfer" in name or "Password" in name
            if told and not name.startswith("ReqQry"):
                self.assertFalse(method.is_repeatable, name)
        self.assertTrue(methods.ReqQryInstrument.is_repeatable)
        self.assertTrue(methods.QryTicks.is_repeatable)
        self.assertFalse(methods.Kill.is_repeatable)
        for name in methods.METHODS:
            if "Subscribe" in name:
                self.assertTrue(methods.METHODS[name].is_repeatable, name)
        self.assertTrue(issubclass(methods.ReqQryOrder.row or int, CtpStruct))

    def test_only_what_is_given_is_sent(self) -> None:
        self.assertEqual(fields_given({"self": 1, "A": None, "B": "", "C": 0}), {"B": "", "C": 0})

    def test_subscriptions_go_by_their_words(self) -> None:
        kept = Subscriptions()
        kept.enter("SubscribeMarketData", ["a", "b"], {"IntervalMs": 5, "History": 3})
        kept.enter("SubscribeMarketData", ["c", "b"], {})
        kept.enter("SubscribeForQuoteRsp", ["q"], {})
        kept.enter("UnSubscribeMarketData", ["c"], {})
        self.assertEqual(
            list(kept.messages()),
            [
                {"MsgType": "SubscribeMarketData", "InstrumentID": ["a"], "IntervalMs": 5},
                {"MsgType": "SubscribeMarketData", "InstrumentID": ["b"]},
                {"MsgType": "SubscribeForQuoteRsp", "InstrumentID": ["q"]},
            ],
        )

"""The wire, byte by byte: responses, pushes, errors, frames."""

import json
import struct
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st
from twisted.trial.unittest import SynchronousTestCase

from webctp.ctp import catalog
from webctp.ctp.codec import DBL_MAX, codec_for, text_of
from webctp.ctp.encoder import InvalidPrice
from webctp.gateway.messages import encoder as wire
from webctp.testing import Frame, server_frames
from webctp.upstream.session.reply import Reply

TD = catalog.trading()
MD = catalog.market_data()
INFO = "CThostFtdcRspInfoField"


def packed(struct: str, **values: Any) -> bytes:
    return codec_for(TD.module).layout(struct).pack(values)


OK = packed(INFO, ErrorID=0, ErrorMsg="正确")


class Responses(SynchronousTestCase):
    """Answers: RspInfo, IsLast and RequestID always there."""

    def setUp(self) -> None:
        self.encoder = wire.Encoder(TD, InvalidPrice.ZERO, keep_reserved=False)

    def test_the_exact_bytes(self) -> None:
        body = packed("CThostFtdcTradingCodeField", InvestorID="user", ClientID="张三", IsActive=1)
        message = self.encoder.response(
            Reply(TD.callbacks["OnRspQryTradingCode"], body, OK, True), 5
        )
        self.assertEqual(
            message.decode(),
            '{"MsgType":"RspQryTradingCode","RspInfo":{"ErrorID":0,"ErrorMsg":"正确"},'
            '"IsLast":true,"RequestID":5,"TradingCode":{"InvestorID":"user","BrokerID":"",'
            '"ExchangeID":"","ClientID":"张三","IsActive":1,"ClientIDType":"","BranchID":"",'
            '"BizType":"","InvestUnitID":""}}',
        )

    def test_no_body_and_no_info(self) -> None:
        message = self.encoder.response(Reply(TD.callbacks["OnRspQryOrder"], None, None, False), 0)
        self.assertEqual(
            message,
            b'{"MsgType":"RspQryOrder","RspInfo":null,"IsLast":false,"RequestID":0,"Order":null}',
        )

    def test_rsp_error_has_no_body(self) -> None:
        message = self.encoder.response(Reply(TD.callbacks["OnRspError"], None, OK, True), 9)
        self.assertEqual(list(json.loads(message)), ["MsgType", "RspInfo", "IsLast", "RequestID"])

    def test_negative_request_ids(self) -> None:
        message = self.encoder.response(Reply(TD.callbacks["OnRspQryOrder"], None, None, True), -7)
        self.assertEqual(json.loads(message)["RequestID"], -7)

    def test_the_body_keys_of_the_protocol(self) -> None:
        keys = {
            "OnRspUserLogin": "RspUserLogin",
            "OnRspQryInvestor": "Investor",
            "OnRspQryTradingCode": "TradingCode",
            "OnRspQryInstrumentMarginRate": "InstrumentMarginRate",
            "OnRspOrderInsert": "InputOrder",
            "OnRspOrderAction": "InputOrderAction",
            "OnRspSettlementInfoConfirm": "SettlementInfoConfirm",
        }
        for callback, key in keys.items():
            message = self.encoder.response(Reply(TD.callbacks[callback], None, None, True), 0)
            self.assertEqual(list(json.loads(message))[-1], key)


class Pushes(SynchronousTestCase):
    """Pushes carry no RequestID and no IsLast."""

    def setUp(self) -> None:
        self.td = wire.Encoder(TD, InvalidPrice.ZERO, keep_reserved=False)
        self.md = wire.Encoder(MD, InvalidPrice.ZERO, keep_reserved=True)

    def test_of_the_connection(self) -> None:
        self.assertEqual(
            self.td.push(TD.callbacks["OnFrontConnected"], None, None, 0),
            b'{"MsgType":"FrontConnected"}',
        )
        self.assertEqual(
            self.td.push(TD.callbacks["OnFrontDisconnected"], None, None, 4097),
            b'{"MsgType":"FrontDisconnected","Reason":4097}',
        )
        self.assertEqual(
            self.td.push(TD.callbacks["OnHeartBeatWarning"], None, None, 12),
            b'{"MsgType":"HeartBeatWarning","TimeLapse":12}',
        )

    def test_trading_events_carry_rsp_info(self) -> None:
        body = packed("CThostFtdcTradeField", TradeID="1")
        message = json.loads(self.td.push(TD.callbacks["OnRtnTrade"], body, None, 0))
        self.assertEqual(list(message), ["MsgType", "RspInfo", "Trade"])
        self.assertIsNone(message["RspInfo"])
        body = packed("CThostFtdcInputOrderField", OrderRef="1")
        callback = TD.callbacks["OnErrRtnOrderInsert"]
        message = json.loads(self.td.push(callback, body, OK, 0))
        self.assertEqual(message["RspInfo"], {"ErrorID": 0, "ErrorMsg": "正确"})

    def test_a_struct_that_is_encoded_already_is_not_encoded_again(self) -> None:
        callback = TD.callbacks["OnRtnTrade"]
        body = packed("CThostFtdcTradeField", TradeID="1")
        json_of = self.td.struct("CThostFtdcTradeField", body)
        plain = self.td.push(callback, body, None, 0, 7)
        self.assertEqual(self.td.push(callback, body, None, 0, 7, json_of), plain)
        self.assertIn(b'{"Marked":1}', self.td.push(callback, body, None, 0, 7, b'{"Marked":1}'))

    def test_a_struct_is_not_taken_for_another_struct_of_the_same_bytes(self) -> None:
        alike: dict[int, list[str]] = {}
        for name in TD.struct_names:
            alike.setdefault(codec_for(TD.module).layout(name).size, []).append(name)
        size, names = max(alike.items(), key=lambda one: len(one[1]))
        raw = bytes(size)
        told = [self.td.struct(name, raw) for name in names]
        self.assertEqual(told, [self.td.struct(name, bytes(size)) for name in names])
        self.assertGreater(len(set(told)), 1)

    def test_but_each_reader_of_pieces_reads_for_itself(self) -> None:
        name = "CThostFtdcSettlementInfoField"
        head, tail = (packed(name, Content=piece) for piece in (b"\xd5", b"\xc5"))
        for decode in (wire.text_joiner(), wire.text_joiner()):
            self.assertIn(b'"Content":""', self.td.struct(name, head, decode))
            self.assertIn('"Content":"张"'.encode(), self.td.struct(name, tail, decode))

    def test_numbered_where_they_are_an_accounts(self) -> None:
        body = packed("CThostFtdcTradeField", TradeID="1")
        message = json.loads(self.td.push(TD.callbacks["OnRtnTrade"], body, None, 0, 42))
        self.assertEqual(list(message), ["MsgType", "Seq", "RspInfo", "Trade"])
        self.assertEqual(message["Seq"], 42)

    def test_ticks_carry_their_struct_only_reserved_fields_too(self) -> None:
        body = codec_for(MD.module).layout("CThostFtdcDepthMarketDataField").pack({})
        message = json.loads(self.md.push(MD.callbacks["OnRtnDepthMarketData"], body, None, 0))
        self.assertEqual(list(message), ["MsgType", "DepthMarketData"])
        self.assertIn("reserve1", message["DepthMarketData"])

    def test_reserved_fields_are_left_out_on_td(self) -> None:
        body = packed("CThostFtdcOrderField", OrderRef="1")
        message = json.loads(self.td.push(TD.callbacks["OnRtnOrder"], body, None, 0))
        self.assertEqual([key for key in message["Order"] if key.startswith("reserve")], [])


class Values(SynchronousTestCase):
    """Odd values of the front's are still JSON."""

    def encoded(self, invalid: InvalidPrice, **values: Any) -> dict[str, Any]:
        name_of_struct = "CThostFtdcDepthMarketDataField"
        raw = bytearray(codec_for(MD.module).layout(name_of_struct).pack({}))
        layout = codec_for(MD.module).layout(name_of_struct)
        for name, value in values.items():
            field = layout.by_name[name]
            raw[field.offset : field.offset + len(value)] = value
        encoder = wire.Encoder(MD, invalid, keep_reserved=True)
        message: dict[str, Any] = json.loads(
            encoder.push(MD.callbacks["OnRtnDepthMarketData"], bytes(raw), None, 0)
        )
        fields: dict[str, Any] = message["DepthMarketData"]
        return fields

    def test_unset_numbers(self) -> None:
        for number in (DBL_MAX, float("nan"), float("inf"), float("-inf")):
            raw = struct.pack("<d", number)
            self.assertEqual(self.encoded(InvalidPrice.ZERO, LastPrice=raw)["LastPrice"], 0)
            self.assertIsNone(self.encoded(InvalidPrice.NULL, LastPrice=raw)["LastPrice"])

    @settings(max_examples=50)
    @given(st.binary(max_size=9), st.binary(min_size=8, max_size=8))
    def test_whatever_bytes_there_are(self, text: bytes, number: bytes) -> None:
        fields = self.encoded(InvalidPrice.ZERO, TradingDay=text[:8], LastPrice=number)
        self.assertIsInstance(fields["TradingDay"], str)
        self.assertIsInstance(fields["LastPrice"], int | float)


class Frames(SynchronousTestCase):
    """Whole unmasked text frames, each length in its class."""

    def test_each_length_class(self) -> None:
        heads = {
            0: b"\x81\x00",
            1: b"\x81\x01",
            125: b"\x81\x7d",
            126: b"\x81\x7e\x00\x7e",
            65_535: b"\x81\x7e\xff\xff",
            65_536: b"\x81\x7f\x00\x00\x00\x00\x00\x01\x00\x00",
        }
        for length, head in heads.items():
            payload = b"x" * length
            self.assertEqual(wire.frame(payload), head + payload)

    def test_a_message_of_pieces_has_the_frame_of_the_whole(self) -> None:
        framed = wire.framer(b"head", lambda struct, decode=text_of: struct, b"tail!")
        for length in (0, 116, 117, 118, 65_526, 65_527):
            middle = b"x" * length
            self.assertEqual(framed(middle), wire.frame(b"head" + middle + b"tail!"), length)

    @given(st.lists(st.binary(max_size=300), max_size=5))
    def test_they_can_be_told_apart(self, payloads: list[bytes]) -> None:
        frames, rest = server_frames(b"".join(wire.frame(payload) for payload in payloads))
        self.assertEqual(frames, [Frame(1, payload) for payload in payloads])
        self.assertEqual(rest, b"")


class EveryCallback(SynchronousTestCase):
    """Each callback of both catalogues becomes the right message."""

    def test_key_and_type(self) -> None:
        for catalogue, keep in ((TD, False), (MD, True)):
            encoder = wire.Encoder(catalogue, InvalidPrice.ZERO, keep_reserved=keep)
            codec = codec_for(catalogue.module)
            for name, callback in catalogue.callbacks.items():
                raw = codec.layout(callback.struct).pack({}) if callback.struct else None
                if callback.has_request:
                    message = json.loads(encoder.response(Reply(callback, raw, None, True), 1))
                else:
                    message = json.loads(encoder.push(callback, raw, None, 5))
                self.assertEqual("On" + message["MsgType"], name)
                if callback.struct:
                    body = message[callback.struct.removeprefix("CThostFtdc").removesuffix("Field")]
                    shown = keep and callback.body_key == "DepthMarketData"
                    fields = [
                        field.name
                        for field in catalogue.struct(callback.struct).fields
                        if shown or not field.reserved
                    ]
                    self.assertEqual(sorted(body), sorted(fields))

"""What a request must look like, made from the catalogue."""

import json
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st
from twisted.trial.unittest import SynchronousTestCase

from tests.conformance import holds
from webctp.ctp import catalog
from webctp.ctp.catalog import Catalogue, Method, Shape
from webctp.ctp.codec import CodecError, FieldLayout
from webctp.gateway.messages.schema import (
    BadMessage,
    Request,
    Schema,
    nearest,
    open_envelope,
    trading_options,
)

CATALOGUES = (catalog.trading(), catalog.market_data())
TD = Schema(catalog.trading())
MD = Schema(catalog.market_data())


def specimen(field: FieldLayout) -> Any:
    """A value that just fits the field."""
    match field.kind:
        case "double":
            return -1.5
        case "int32":
            # The length of what is reported of a terminal is held against it.
            return 1 if field.name.endswith("InfoLen") else -(2**31)
        case "int16":
            return 2**15 - 1
        case "char":
            return "1"
        case _:
            return "x" * (field.size - 1)


def read(schema: Schema, name: str, **message: Any) -> Request:
    return schema.read(
        schema.methods[name], {"MsgType": name, **message}, message.get("RequestID", 0)
    )


class Base(SynchronousTestCase):
    """Shared assertions."""

    def refused(self, schema: Schema, name: str, **message: Any) -> str:
        """Why a message is refused."""
        with self.assertRaises(BadMessage) as raised:
            read(schema, name, **message)
        self.assertEqual(raised.exception.msg_type, name)
        return str(raised.exception.detail)


class EveryRequest(Base):
    """Each request of both catalogues."""

    def methods(self) -> list[tuple[Schema, Catalogue, Method]]:
        return [
            (schema, catalogue, method)
            for schema, catalogue in zip((TD, MD), CATALOGUES, strict=True)
            for method in catalogue.methods.values()
        ]

    def test_accepts_all_of_its_fields(self) -> None:
        for schema, catalogue, method in self.methods():
            if method.shape not in (Shape.REQUEST, Shape.SUBMIT):
                continue
            layout = schema.layout(method.request_struct)
            body = {field.name: specimen(field) for field in layout.fields}
            names = {field.name for field in catalogue.struct(method.request_struct).fields}
            self.assertEqual(set(body), names)
            request = read(schema, method.name, RequestID=3, **{method.request_key: body})
            self.assertEqual((request.body, request.request_id), (body, 3))
            self.assertEqual(layout.unpack(layout.pack(request.body)).keys(), body.keys())

    @holds("JYJK-2")
    def test_takes_null_and_nothing_for_a_body_and_for_fields(self) -> None:
        for schema, _, method in self.methods():
            if method.shape not in (Shape.REQUEST, Shape.SUBMIT):
                continue
            key = method.request_key
            self.assertEqual(read(schema, method.name).body, {})
            self.assertEqual(read(schema, method.name, **{key: None}).body, {})
            nulls: dict[str, Any] = dict.fromkeys(schema.layout(method.request_struct).by_name)
            self.assertEqual(read(schema, method.name, **{key: nulls}).body, {})

    def test_refuses_what_it_does_not_know(self) -> None:
        for schema, _, method in self.methods():
            message: dict[str, Any] = {"Nonsense": 1}
            if method.shape is Shape.SUBSCRIPTION:
                message["InstrumentID"] = []
            detail = self.refused(schema, method.name, **message)
            self.assertIn("unknown field 'Nonsense'", detail)

    def test_names_the_nearest_field(self) -> None:
        for schema, _, method in self.methods():
            if method.shape is not Shape.REQUEST or not schema.layout(method.request_struct).fields:
                continue
            name = max(schema.layout(method.request_struct).by_name, key=len)
            key = method.request_key
            detail = self.refused(schema, method.name, **{key: {name + "x": "1"}})
            self.assertIn(f"unknown field '{name}x' in {key}; did you mean {name}?", detail)

    def test_names_the_nearest_body_key(self) -> None:
        detail = self.refused(TD, "ReqQryInvestor", qryinvestor={})
        self.assertIn("did you mean QryInvestor?", detail)


class Types(Base):
    """Numbers are numbers and text is text."""

    def order(self, **body: Any) -> Request:
        return read(TD, "ReqOrderInsert", InputOrder=body)

    def test_a_number_for_text_and_the_reverse(self) -> None:
        wrong: list[dict[str, Any]] = [
            {"InstrumentID": 5},
            {"InstrumentID": True},
            {"InstrumentID": ["cu2401"]},
            {"LimitPrice": "5"},
            {"LimitPrice": False},
            {"LimitPrice": {}},
            {"VolumeTotalOriginal": "1"},
            {"VolumeTotalOriginal": 1.5},
            {"Direction": 0},
        ]
        for body in wrong:
            with self.subTest(body=body):
                detail = self.refused(TD, "ReqOrderInsert", InputOrder=body)
                self.assertIn(next(iter(body)), detail)

    def test_integers_serve_as_prices(self) -> None:
        self.assertEqual(self.order(LimitPrice=5).body["LimitPrice"], 5)

    def test_whole_numbers_serve_as_integers(self) -> None:
        volume = self.order(VolumeTotalOriginal=2.0).body["VolumeTotalOriginal"]
        self.assertEqual((volume, type(volume)), (2, int))
        for bad in (2.5, 1e-9):
            with self.assertRaises(BadMessage) as raised:
                self.order(VolumeTotalOriginal=bad)
            self.assertIn("VolumeTotalOriginal", raised.exception.detail)
        _, number, _ = open_envelope(b'{"MsgType":"ReqQryOrder","RequestID":7.0}')
        self.assertEqual((number, type(number)), (7, int))
        with self.assertRaises(BadMessage):
            open_envelope(b'{"MsgType":"ReqQryOrder","RequestID":7.5}')

    def test_whole_numbers_serve_in_words_too(self) -> None:
        message = {"MsgType": "ReqUserLogin", "Resume": {"Seq": 5.0}}
        schema = Schema(catalog.trading(), trading_options)
        request = schema.read(catalog.trading().methods["ReqUserLogin"], message, 0)
        self.assertEqual(request.resumed_seq, 5)

    def test_integer_ranges(self) -> None:
        for good in (-(2**31), 2**31 - 1):
            self.assertEqual(self.order(VolumeTotalOriginal=good).body["VolumeTotalOriginal"], good)
        layout = TD.layout("CThostFtdcInputOrderField")
        for bad in (-(2**31) - 1, 2**31, 2**40, 10**30):
            with self.assertRaises(CodecError) as raised:
                layout.pack(self.order(VolumeTotalOriginal=bad).body)
            self.assertEqual(raised.exception.field, "VolumeTotalOriginal")

    def test_prices_that_are_no_numbers(self) -> None:
        for number in ("NaN", "Infinity", "-Infinity", "1e999"):
            body = f'{{"LimitPrice":{number}}}'
            payload = f'{{"MsgType":"ReqOrderInsert","InputOrder":{body}}}'.encode()
            with self.assertRaises(BadMessage):
                open_envelope(payload)

    def test_text_is_not_trimmed(self) -> None:
        self.assertEqual(self.order(OrderRef="  1 ").body["OrderRef"], "  1 ")

    def test_enumerations_are_not_enforced(self) -> None:
        self.assertEqual(self.order(Direction="z").body["Direction"], "z")

    def test_a_body_that_is_no_object(self) -> None:
        bodies: list[Any] = [[], "x", 1, True]
        for body in bodies:
            self.refused(TD, "ReqOrderInsert", InputOrder=body)

    def test_lengths_are_counted_in_gbk(self) -> None:
        layout = TD.layout("CThostFtdcInputOrderField")
        room = layout.by_name["InvestUnitID"].size - 1
        for text, fits in (("张" * (room // 2), True), ("张" * (room // 2 + 1), False)):
            body = self.order(InvestUnitID=text).body
            if fits:
                self.assertEqual(layout.unpack(layout.pack(body))["InvestUnitID"], text)
            else:
                with self.assertRaises(CodecError) as raised:
                    layout.pack(body)
                self.assertIn(f"InvestUnitID: wants at most {room} bytes", str(raised.exception))


class Subscriptions(Base):
    """A list of instruments, or one."""

    def test_a_list(self) -> None:
        request = read(MD, "SubscribeMarketData", InstrumentID=["cu2401", "au2406"])
        self.assertEqual(request.instruments, ("cu2401", "au2406"))

    def test_a_bare_string(self) -> None:
        request = read(MD, "SubscribeMarketData", InstrumentID="cu2401")
        self.assertEqual(request.instruments, ("cu2401",))

    def test_anything_else(self) -> None:
        wrongs: list[Any] = [None, 1, {}, [1], [None], [["cu2401"]]]
        for wrong in wrongs:
            with self.subTest(wrong=wrong):
                detail = self.refused(MD, "SubscribeMarketData", InstrumentID=wrong)
                self.assertIn("InstrumentID", detail)
        self.assertIn("InstrumentID", self.refused(MD, "SubscribeMarketData"))


class Envelopes(SynchronousTestCase):
    """MsgType and RequestID, before anything else is looked at."""

    def test_good_ones(self) -> None:
        good = {
            b'{"MsgType":"A"}': ("A", 0),
            b'{"MsgType":"A","RequestID":null}': ("A", 0),
            b'{"MsgType":"A","RequestID":-2147483648}': ("A", -(2**31)),
            b'{"RequestID":2147483647,"x":[{"y":null}],"MsgType":"A"}': ("A", 2**31 - 1),
            b' {"MsgType" : "\\u5f20"} ': ("张", 0),
        }
        for payload, expected in good.items():
            self.assertEqual(open_envelope(payload), (*expected, json.loads(payload)))

    def test_bad_ones_are_echoed_as_far_as_they_go(self) -> None:
        bad = {
            b"": ("", 0, "not JSON"),
            b"{}": ("", 0, "MsgType is missing"),
            b"[]": ("", 0, "object"),
            b"null": ("", 0, "object"),
            b'"x"': ("", 0, "object"),
            b"1e999": ("", 0, ""),
            b'{"RequestID":5}': ("", 5, "MsgType is missing"),
            b'{"MsgType":5,"RequestID":5}': ("", 5, "MsgType is a number"),
            b'{"MsgType":["A"],"RequestID":5}': ("", 5, "MsgType is a list"),
            b'{"MsgType":"A","RequestID":"1"}': ("A", 0, "RequestID is a text"),
            b'{"MsgType":"A","RequestID":1.5}': ("A", 0, "RequestID is a number"),
            b'{"MsgType":"A","RequestID":true}': ("A", 0, "RequestID is a boolean"),
            b'{"MsgType":"A","RequestID":1099511627776}': ("A", 2**40, "32-bit"),
            b'{"MsgType":"A","RequestID":9007199254740993}': ("A", 0, "32-bit"),
            b'{"MsgType":"A"': ("", 0, "not JSON"),
            b'{"MsgType":"A"} x': ("", 0, "not JSON"),
            b'{"MsgType":"\xff"}': ("", 0, "not JSON"),
            b"\xef\xbb\xbf{}": ("", 0, "not JSON"),
            b'{"x":' + b"[" * 100_000: ("", 0, "nested too deeply"),
        }
        for payload, (msg_type, request_id, words) in bad.items():
            with self.subTest(payload=payload[:40]):
                with self.assertRaises(BadMessage) as raised:
                    open_envelope(payload)
                problem = raised.exception
                self.assertEqual((problem.msg_type, problem.request_id), (msg_type, request_id))
                self.assertIn(words, problem.detail)


class Secrets(SynchronousTestCase):
    """A request holds a password; its repr does not."""

    def test_repr(self) -> None:
        request = read(TD, "ReqUserLogin", ReqUserLogin={"UserID": "user", "Password": "s3cret"})
        self.assertNotIn("s3cret", repr(request))
        self.assertIn("ReqUserLogin", repr(request))


class Nearest(SynchronousTestCase):
    """Hints at what was meant."""

    def test_hints(self) -> None:
        names = TD.methods
        self.assertEqual(nearest("ReqQryinvestor", names), "; did you mean ReqQryInvestor?")
        self.assertEqual(nearest("OrderInsert", names), "; did you mean ReqOrderInsert?")
        self.assertEqual(nearest("完全不同", names), "")
        self.assertEqual(nearest("", names), "")
        self.assertEqual(nearest("x" * 1_000_000, names), "")


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=9),
    lambda inner: (
        st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=9), inner, max_size=4)
    ),
    max_leaves=12,
)
NAMES = st.sampled_from(sorted(TD.methods)) | st.text(max_size=12)
FIELDS = st.sampled_from(["InputOrder", "QryInvestor", "ReqUserLogin", "InstrumentID", "Resume"])
ODD = st.sampled_from(["a` - at `$.zzz", "`", "$.x", "a`b", "\n", "\0", "\ud83d\ude00"])


class Properties(SynchronousTestCase):
    """Whatever JSON comes: a request, or a BadMessage, never anything else."""

    @settings(max_examples=300)
    @given(
        st.fixed_dictionaries(
            {"MsgType": NAMES | JSON},
            optional={"RequestID": JSON, "InputOrder": JSON, "QryInvestor": JSON},
        ),
        st.dictionaries(FIELDS | ODD | st.text(max_size=9), JSON, max_size=3),
    )
    def test_arbitrary_objects(self, message: dict[str, Any], more: dict[str, Any]) -> None:
        self.attempt(json.dumps({**more, **message}).encode())

    @settings(max_examples=300)
    @given(ODD | st.text(max_size=20), ODD | st.text(max_size=20))
    def test_arbitrary_field_names(self, outer: str, inner: str) -> None:
        for message in (
            {"MsgType": "ReqOrderInsert", outer: 1},
            {"MsgType": "ReqOrderInsert", "InputOrder": {inner: 1}},
            {"MsgType": "ReqOrderInsert", "InputOrder": {inner: 1}, outer: {inner: 1}},
        ):
            self.attempt(json.dumps(message).encode())

    @settings(max_examples=300)
    @given(st.binary(max_size=60) | JSON.map(json.dumps).map(str.encode))
    def test_arbitrary_bytes(self, payload: bytes) -> None:
        self.attempt(payload)

    def attempt(self, payload: bytes) -> None:
        try:
            msg_type, request_id, message = open_envelope(payload)
            self.assertIs(type(request_id), int)
            method = TD.methods.get(msg_type)
            if method is not None:
                TD.read(method, message, request_id)
        except BadMessage as problem:
            self.assertTrue(problem.detail)

"""Bodies of HTTP requests, and the messages that they are made into."""

import json
from typing import Any

from twisted.trial.unittest import SynchronousTestCase

from webctp.ctp import catalog
from webctp.ctp.refusal import Refusal
from webctp.gateway.messages.schema import BadMessage, Schema, trading_options
from webctp.gateway.rest.envelopes import check_served, client_order_id, enveloped, fields_of

SCHEMA = Schema(catalog.trading(), trading_options)


def made(name: str, body: bytes) -> Any:
    """The message of a request."""
    return json.loads(enveloped(SCHEMA, name, fields_of(body), 7))


class Envelopes(SynchronousTestCase):
    """Flat fields and words in, a message out."""

    def refused(self, said: str, name: str, body: bytes) -> None:
        problem = self.assertRaises(BadMessage, made, name, body)
        self.assertIn(said, str(problem.detail))

    def test_what_is_no_object(self) -> None:
        self.assertEqual(fields_of(b" "), {})
        for body in (b"[1]", b"{", b"\xff"):
            self.refused("no JSON object", "ReqQryInvestor", body)
        self.refused("nested too deeply", "ReqQryInvestor", b'{"a":' * 100_000)

    def test_fields_and_words_are_told_apart(self) -> None:
        body = b'{"ClientOrderID": "a", "InstrumentID": "rb2701"}'
        self.assertEqual(
            made("ReqOrderInsert", body),
            {
                "MsgType": "ReqOrderInsert",
                "RequestID": 7,
                "ClientOrderID": "a",
                "InputOrder": {"InstrumentID": "rb2701"},
            },
        )
        told = made("PreviewOrder", b'{"InstrumentID": "rb2701"}')
        self.assertEqual(told["InputOrder"], {"InstrumentID": "rb2701"})

    def test_a_call_without_a_body_takes_none(self) -> None:
        self.assertEqual(made("GetTradingDay", b""), {"MsgType": "GetTradingDay", "RequestID": 7})
        self.refused("unknown field 'a'", "GetTradingDay", b'{"a": 1}')

    def test_an_order_needs_a_name(self) -> None:
        insert = SCHEMA.methods["ReqOrderInsert"]
        for body in (b"{}", b'{"ClientOrderID": null}'):
            self.assertRaises(BadMessage, client_order_id, insert, fields_of(body))
        self.assertEqual(client_order_id(insert, fields_of(b'{"ClientOrderID": "a"}')), "a")
        self.assertEqual(client_order_id(insert, fields_of(b'{"ClientOrderID": 1}')), "")
        self.assertEqual(client_order_id(None, {}), "")

    def test_pushes_are_not_to_be_had(self) -> None:
        check_served(SCHEMA.methods["ReqOrderInsert"])
        subscribe = catalog.market_data().methods["SubscribeMarketData"]
        self.assertRaises(Refusal, check_served, subscribe)

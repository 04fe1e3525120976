"""Bad messages, and what each is answered with; on td and md alike unless told otherwise."""

import json
from dataclasses import dataclass
from typing import Any, Final

from webctp.ctp import catalog
from webctp.ctp.catalog import Shape

MEBIBYTE: Final = 1024 * 1024
TEXT: Final = 1
BINARY: Final = 2
_LONGEST_DETAIL: Final = 300


@dataclass(frozen=True, slots=True)
class Bad:
    """A bad message: its bytes, and the answer's code, RequestID and a word of its Detail."""

    name: str
    payload: bytes
    code: int = -400
    request_id: int = 0
    word: str = ""
    opcode: int = TEXT


def _login(**body: Any) -> bytes:
    message = {"MsgType": "ReqUserLogin", "RequestID": 7, "ReqUserLogin": body}
    return json.dumps(message).encode()


def _user(name: str, user_id: Any, word: str) -> Bad:
    return Bad(name, _login(UserID=user_id, Password="x"), request_id=7, word=word)


EVERYWHERE: Final = (
    Bad("an empty object", b"{}", word="MsgType"),
    Bad("a list", b"[]", word="object"),
    Bad("null", b"null", word="object"),
    Bad("text", b'"x"', word="object"),
    Bad("a number beyond all", b"1e999"),
    Bad("nothing", b"", word="JSON"),
    Bad("no JSON", b"ReqUserLogin", word="JSON"),
    Bad("two objects", b"{}{}", word="JSON"),
    Bad("half an object", b'{"MsgType":"ReqUserLogin"', word="JSON"),
    Bad("NaN", b'{"MsgType":NaN}', word="JSON"),
    Bad("a binary frame", _login(UserID="user"), word="binary", opcode=BINARY),
    Bad("nothing in a binary frame", b"", word="binary", opcode=BINARY),
    Bad("nested deeply", b'{"MsgType":' + b"[" * 10_000 + b"]" * 10_000 + b"}"),
    Bad("nested deeply and left open", b"[" * 10_000),
    Bad(
        "nested deeply in a body", b'{"MsgType":"ReqUserLogin","ReqUserLogin":' + b'{"a":' * 10_000
    ),
    Bad("an unknown request", b'{"MsgType":"ReqNichts","RequestID":3}', -404, 3, "ReqNichts"),
    Bad("a misspelt request", b'{"MsgType":"requserlogin"}', -404, word="ReqUserLogin?"),
    Bad("a request of the daemon's own", b'{"MsgType":"Release"}', -404),
    Bad("one that would hang", b'{"MsgType":"Join"}', -404),
    Bad("Python's own", b'{"MsgType":"__init__"}', -404),
    Bad("a private name", b'{"MsgType":"_handle"}', -404),
    Bad(
        "a RequestID too long",
        b'{"MsgType":"ReqUserLogin","RequestID":1099511627776}',
        request_id=2**40,
    ),
    Bad("a RequestID of text", b'{"MsgType":"ReqUserLogin","RequestID":"1"}', word="RequestID"),
    Bad(
        "a RequestID with a point", b'{"MsgType":"ReqUserLogin","RequestID":1.5}', word="RequestID"
    ),
    Bad("a MsgType of number", b'{"MsgType":1,"RequestID":4}', request_id=4, word="MsgType"),
    Bad(
        "a body of text",
        b'{"MsgType":"ReqUserLogin","ReqUserLogin":"x","RequestID":5}',
        request_id=5,
    ),
    Bad("an unknown key", b'{"MsgType":"ReqUserLogin","UserLogin":{}}', word="ReqUserLogin"),
    Bad("an unknown field", _login(UserId="x"), request_id=7, word="UserID"),
    Bad("a number for text", _login(UserID=5), request_id=7, word="UserID"),
    Bad("an object for text", _login(UserID={}), request_id=7, word="UserID"),
    Bad("half a surrogate", b'{"MsgType":"ReqUserLogin","ReqUserLogin":{"UserID":"\\ud83d"}}'),
    _user("a user without GBK form", "\N{GRINNING FACE}", "UserID"),
    _user("a user of ten kilobytes", "x" * 10_000, "UserID"),
    _user("a user with a NUL", "a\0b", "UserID"),
)
"""Wrong at either service, logged in or not."""

LONG: Final = (
    Bad("a megabyte of text", json.dumps("x" * (MEBIBYTE - 2)).encode(), word="object"),
    Bad("a megabyte of MsgType", json.dumps({"MsgType": "x" * MEBIBYTE}).encode(), -404),
)
"""Wrong at either service; who has not logged in may not even send them."""

TRADING: Final = (
    _user("a user that climbs", "../../x", "UserID"),
    _user("a user with a slash", "a/b", "UserID"),
    _user("a Chinese user", "张三", "UserID"),
    _user("a user of nothing", "", "UserID"),
    _user("a user of null", None, "UserID"),
    _user("a user with a line break", "a\nb", "UserID"),
    _user("a user with a format", "%s{0}", "UserID"),
    Bad(
        "text for a number",
        b'{"MsgType":"ReqOrderInsert","RequestID":8,"InputOrder":{"LimitPrice":"5"}}',
        request_id=8,
        word="LimitPrice",
    ),
)
"""Wrong at td, logged in or not."""

BEFORE_LOGIN: Final = (
    Bad("a query", b'{"MsgType":"ReqQryInvestor","RequestID":9}', -401, 9),
    Bad("an order", b'{"MsgType":"ReqOrderInsert","RequestID":9}', -401, 9),
    Bad("a logout", b'{"MsgType":"ReqUserLogout","RequestID":9}', -401, 9),
    Bad("a call without an answer", b'{"MsgType":"SubmitUserSystemInfo","RequestID":9}', -401, 9),
    Bad("a question of the API", b'{"MsgType":"GetTradingDay","RequestID":9}', -401, 9),
    *(
        Bad("a struct to fill", f'{{"MsgType":"{name}","RequestID":9}}'.encode(), -401, 9)
        for name, method in catalog.trading().methods.items()
        if method.shape is Shape.FILL
    ),
)
"""Refused at td until there was a login."""

MARKET_DATA: Final = (
    Bad("no instruments", b'{"MsgType":"SubscribeMarketData"}', word="InstrumentID"),
    Bad("instruments of number", b'{"MsgType":"SubscribeMarketData","InstrumentID":[1]}'),
    Bad("an order", b'{"MsgType":"ReqOrderInsert","RequestID":9}', -404, 9),
)
"""Wrong at md, logged in or not."""

BEFORE_MARKET_LOGIN: Final = (
    Bad("ticks", b'{"MsgType":"SubscribeMarketData","InstrumentID":["cu2401"]}', -401),
    Bad("no ticks", b'{"MsgType":"UnSubscribeForQuoteRsp","InstrumentID":[]}', -401),
    Bad("a logout", b'{"MsgType":"ReqUserLogout","RequestID":9}', -401, 9),
    Bad("the day", b'{"MsgType":"GetTradingDay","RequestID":9}', -401, 9),
)
"""Refused at md until there was a login."""

AFTER_MARKET_LOGIN: Final = (
    Bad(
        "an empty list", b'{"MsgType":"SubscribeMarketData","InstrumentID":[]}', word="InstrumentID"
    ),
    Bad("empty text", b'{"MsgType":"SubscribeMarketData","InstrumentID":""}', word="InstrumentID"),
    Bad(
        "an instrument of NUL",
        b'{"MsgType":"SubscribeMarketData","InstrumentID":"\\u0000"}',
        word="NUL",
    ),
    Bad(
        "an instrument of a kilobyte",
        json.dumps({"MsgType": "SubscribeMarketData", "InstrumentID": "x" * 1000}).encode(),
        word="InstrumentID",
    ),
    Bad(
        "one bad among many",
        json.dumps(
            {"MsgType": "SubscribeMarketData", "InstrumentID": ["cu2401", "\u2603"]}
        ).encode(),
        word="GBK",
    ),
)
"""Wrong at md for who is logged in."""


def mismatch(bad: Bad, answer: dict[str, Any]) -> str:
    """What is wrong with an answer; nothing if it is as it should be."""
    info = answer.get("RspInfo") or {}
    found = (info.get("ErrorID"), answer.get("RequestID"), answer.get("IsLast"))
    if found != (bad.code, bad.request_id, True):
        return f"{bad.name}: answered {str(answer)[:500]}"
    detail = str(answer.get("Detail"))
    if bad.word not in detail or not 0 < len(detail) < _LONGEST_DETAIL:
        return f"{bad.name}: told {detail[:500]!r}"
    return ""

"""One request's answers on the way to one JSON text. No IO: messages come in, an answer is made.

A query's rows are gathered until IsLast::

    {"MsgType": "RspQryInvestor", "RspInfo": null, "Rows": [{"BrokerID": …}, …]}

A row of CTP's is the struct, one of the gateway's own is what stands beside the usual keys. Any
other request's answer is what a WebSocket is sent, without RequestID and IsLast.
"""

from collections.abc import Mapping
from typing import Final

import msgspec

from webctp.ctp import errors
from webctp.gateway.http.answer import JSON, Answer
from webctp.gateway.rest.problems import problem, status_of
from webctp.language.text import Language, Text, english

QUERIES: Final = ("ReqQry", "Qry")
"""How the names of requests begin that are answered by rows."""
_USUAL: Final = ("MsgType", "RspInfo", "IsLast", "RequestID", "Detail")
_ENVELOPE: Final = ("IsLast", "RequestID")
_NULL: Final = msgspec.Raw(b"null")
_UNTOLD: Final = english(
    "it was sent, and no refusal has come yet: pushes on a WebSocket tell what becomes of it, and "
    "queries; an order that is repeated with the same ClientOrderID is not sent again, but told of"
)
_BROKEN: Final = english("internal error; see the log")
_SENT: Final = "sent"
_REFUSED: Final = "refused"

Message = dict[str, msgspec.Raw]
"""A message, its members JSON still."""

decode: Final = msgspec.json.Decoder(Message).decode
_encode = msgspec.json.Encoder().encode


class _Info(msgspec.Struct):
    ErrorID: int = 0
    ErrorMsg: str = ""


class _ClientOrder(msgspec.Struct):
    ClientOrderID: str
    Status: str
    ErrorID: int = 0
    ErrorMsg: str = ""


_info = msgspec.json.Decoder(_Info | None).decode
_client_order = msgspec.json.Decoder(_ClientOrder).decode
_text = msgspec.json.Decoder(str).decode


class Gathering:
    """Gather what answers one request.

    :param is_ctp: whether it is one of CTP's catalogue.
    :param client_order_id: the order's; empty for what is none.
    """

    def __init__(self, name: str, *, is_ctp: bool, client_order_id: str = "") -> None:
        self.name = name
        self.client_order_id = client_order_id
        self.is_done = False
        self.code = 0
        """The ErrorID of the answer."""
        self.held = 0
        """Bytes of the rows so far."""
        self._is_list = name.startswith(QUERIES)
        self._is_ctp = is_ctp
        self._rows: list[bytes] = []
        self._info = self._detail = _NULL
        self._last: Message = {}

    def take(self, message: Message) -> None:
        """Take a message that bears its RequestID, or tells of its ClientOrderID."""
        self._last = message
        if "ClientOrder" in message:
            told = _client_order(message["ClientOrder"])
            self.is_done = "RequestID" in message or told.Status != _SENT
            return
        self.is_done = bytes(message.get("IsLast", b"true")) == b"true"
        self._detail = message.get("Detail", self._detail)
        info = message.get("RspInfo", _NULL)
        if bytes(info) != b"null":
            self._info = info
        if self._is_list:
            self._add_row(message)

    def tells_of(self, client_order: msgspec.Raw) -> bool:
        """Return whether a push tells of this request's ClientOrderID."""
        if not self.client_order_id:
            return False
        return _client_order(client_order).ClientOrderID == self.client_order_id

    def answer(self) -> Answer:
        """Return the answer, when all has come."""
        if "ClientOrder" in self._last:
            return self._of_order()
        info = _info(self._info) or _Info()
        msg_type = _text(self._last["MsgType"])
        self.code = info.ErrorID
        status = status_of(info.ErrorID, is_native=msg_type.startswith("Rsp"))
        if status != 200:
            body = {key: value for key, value in self._last.items() if key not in _USUAL}
            detail = "" if self._detail is _NULL else _text(self._detail)
            words = {"MsgType": msg_type, **body}
            return problem(status, info.ErrorID, info.ErrorMsg, detail, words)
        return _ok(self._whole())

    def early(self, language: Language) -> Answer:
        """Return the answer where nothing has come in the time in which refusals do (202)."""
        told = {key: value for key, value in self._last.items() if key not in _ENVELOPE}
        told = told or {"MsgType": msgspec.Raw(_encode(self.name)), "RspInfo": _NULL}
        told["Detail"] = msgspec.Raw(_encode(_UNTOLD.in_language(language)))
        return _ok(_encode(told), 202)

    def broken(self, language: Language) -> Answer:
        """Return the answer where the gateway has made a mistake."""
        code, said = errors.BAD_REQUEST, _BROKEN.in_language(language)
        return problem(500, code, errors.message(code), said, {"MsgType": self.name})

    def failed(self, code: int, detail: Text, language: Language) -> Answer:
        """Return the answer where no more will come."""
        words = {"MsgType": self.name}
        said = detail.in_language(language)
        return problem(status_of(code), code, errors.message(code), said, words)

    def _add_row(self, message: Message) -> None:
        row = {key: value for key, value in message.items() if key not in _USUAL}
        if not row or any(bytes(value) == b"null" for value in row.values()):
            return
        one = bytes(next(iter(row.values()))) if self._is_ctp else _encode(row)
        self._rows.append(one)
        self.held += len(one)

    def _whole(self) -> bytes:
        if not self._is_list:
            return _encode({k: v for k, v in self._last.items() if k not in _ENVELOPE})
        detail = b"" if self._detail is _NULL else b',"Detail":' + bytes(self._detail)
        return b'{"MsgType":%b,"RspInfo":%b,"Rows":[%b]%b}' % (
            bytes(self._last["MsgType"]),
            bytes(self._info),
            b",".join(self._rows),
            detail,
        )

    def _of_order(self) -> Answer:
        """Return what is known of an order: 202, for nothing of it is final but a refusal."""
        told = _client_order(self._last["ClientOrder"])
        body: Mapping[str, object] = {
            key: value for key, value in self._last.items() if key not in _ENVELOPE
        }
        if told.Status == _REFUSED:
            code = told.ErrorID
            return problem(status_of(code, is_native=True), code, told.ErrorMsg, "", body)
        return _ok(_encode(body), 202)


def _ok(body: bytes, status: int = 200) -> Answer:
    return Answer(status, body + b"\n", content_type=JSON)

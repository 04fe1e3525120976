"""CTP on the wire: callbacks as JSON messages, messages as WebSocket frames.

A response is ``{"MsgType", "RspInfo", "IsLast", "RequestID", <body>}``, a push ``{"MsgType",
"RspInfo"?, <body>}``; the keys and their order never vary, so a message is put together from
ready pieces of bytes around the encoded struct.
"""

import codecs
import struct
from collections.abc import Callable

import msgspec

from webctp.ctp.bridge import RSP_INFO
from webctp.ctp.catalog import Callback, Catalogue
from webctp.ctp.codec import codec_for, text_of
from webctp.ctp.encoder import Decode, InvalidPrice, JsonEncoder, json_encoder
from webctp.upstream.session.reply import Reply

_NULL = b"null"
_TICK = "CThostFtdcDepthMarketDataField"
_TEXT_FRAME = 0x81
_Pieces = codecs.getincrementaldecoder("gb18030")
_MEDIUM_HEAD = struct.Struct("!BBH").pack
_json = msgspec.json.Encoder().encode


class Encoder:
    """Turns the callbacks of one catalogue into messages.

    :param invalid: what an unset number reads.
    :param keep_reserved: whether ticks show their ``reserve…`` fields; market data always did.
    """

    def __init__(self, catalogue: Catalogue, invalid: InvalidPrice, *, keep_reserved: bool) -> None:
        self._codec = codec_for(catalogue.module)
        self._invalid = invalid
        self._keep_reserved = keep_reserved
        self._structs: dict[str, JsonEncoder] = {}
        self._heads = {
            callback.name: b'{"MsgType":' + _json(callback.msg_type)
            for callback in catalogue.callbacks.values()
        }
        self._bodies = {
            callback.name: b"," + _json(callback.body_key) + b":"
            for callback in catalogue.callbacks.values()
            if callback.body_key is not None
        }

    def response(
        self,
        reply: Reply,
        request_id: int,
        decode: Decode = text_of,
    ) -> bytes:
        """Return an answer, with the client's own RequestID.

        :param decode: reads a long text that comes in pieces, see :func:`text_joiner`.
        """
        callback, body, info, is_last = reply
        return b'%b,"RspInfo":%b,"IsLast":%b,"RequestID":%d%b}' % (
            self._heads[callback.name],
            self.struct(RSP_INFO, info),
            b"true" if is_last else b"false",
            request_id,
            self._body(callback, body, decode),
        )

    def push(
        self,
        callback: Callback,
        body: bytes | None,
        info: bytes | None,
        number: int,
        seq: int | None = None,
        json: bytes = b"",
    ) -> bytes:
        """Return a push. Ticks and quote requests carry no RspInfo, trading events always do.

        :param number: the integer of a callback that has no struct (``Reason``).
        :param seq: its number among the pushes of an account.
        :param json: the struct's JSON, where it is encoded already.
        """
        head = self._heads[callback.name]
        if seq is not None:
            head = b'%b,"Seq":%d' % (head, seq)
        if callback.struct is None:
            if callback.number is None:
                return head + b"}"
            return b"%b%b%d}" % (head, self._bodies[callback.name], number)
        json = json or self.struct(callback.struct, body)
        if self._keep_reserved:
            return b"%b%b%b}" % (head, self._bodies[callback.name], json)
        told = _NULL if info is None else self.struct(RSP_INFO, info)
        return b'%b,"RspInfo":%b%b%b}' % (head, told, self._bodies[callback.name], json)

    def struct(self, name: str, raw: bytes | None, decode: Decode = text_of) -> bytes:
        """Return a struct's JSON object, ``null`` for none."""
        if raw is None:
            return _NULL
        encode = self._structs.get(name)
        if encode is None:
            encode = self._structs[name] = json_encoder(
                self._codec.layout(name),
                self._invalid,
                keep_reserved=self._keep_reserved and name == _TICK,
            )
        return encode(raw, decode)

    def json(self, name: str, raw: bytes | None) -> msgspec.Raw:
        """Return a struct's JSON object, to stand inside a message of the gateway's own."""
        return msgspec.Raw(self.struct(name, raw))

    def _body(self, callback: Callback, body: bytes | None, decode: Decode = text_of) -> bytes:
        if callback.struct is None:
            return b""
        return self._bodies[callback.name] + self.struct(callback.struct, body, decode)


def text_joiner() -> Decode:
    """Return a reader of a long text that comes in pieces, for the answers to one request.

    CTP cuts settlement statements every 500 bytes, through characters too: the half of one waits
    here for the next piece.
    """
    return _Pieces("replace").decode


def frame(payload: bytes) -> bytes:
    """Return a whole, unmasked text frame: what a server sends."""
    length = len(payload)
    if length < 126:
        return bytes((_TEXT_FRAME, length)) + payload
    if length < 65_536:
        return _MEDIUM_HEAD(_TEXT_FRAME, 126, length) + payload
    return struct.pack("!BBQ", _TEXT_FRAME, 127, length) + payload


def framer(head: bytes, encode: JsonEncoder, tail: bytes) -> Callable[[bytes], bytes]:
    """Return a function that frames a message made of ``head``, an encoded struct and ``tail``.

    Every tick is framed by one: it copies the bytes once, where :func:`frame` has them copied
    before, too.
    """
    around = len(head) + len(tail)
    join = b"".join

    def framed(struct: bytes) -> bytes:
        middle = encode(struct)
        length = around + len(middle)
        if 126 <= length < 65_536:
            return join((_MEDIUM_HEAD(_TEXT_FRAME, 126, length), head, middle, tail))
        return frame(join((head, middle, tail)))

    return framed

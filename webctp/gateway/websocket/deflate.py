"""Compress messages for the clients who offer it: permessage-deflate, RFC 7692.

No message is compressed with what an earlier one has said, in either direction: so a frame is
compressed once for all who get it, and nothing is kept for a connection between two messages.
Everything runs in the reactor's thread.
"""

import re
import struct
import zlib
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Final

from webctp.gateway.websocket.audience import Change
from webctp.gateway.websocket.frames import is_utf8
from webctp.language.text import Text, english

EXTENSION: Final = "permessage-deflate"
HEADER: Final = "Sec-WebSocket-Extensions"
MOST_BYTES: Final = 65_536
"""The longest message that is compressed: a millisecond's work; longer ones leave as they are."""
WINDOW_BITS: Final = 12
"""The window of what is sent. A tick has 1 KiB: a larger one gains nothing and takes longer."""
_LEAST_BITS: Final = 9
_MEMORY_LEVEL: Final = 5
_LEVEL: Final = 6
_CLIENT_BITS: Final = 15
_MOST_STREAMS: Final = 16
"""Deflate streams that one message may consist of. One is usual, and libraries make up to two."""
_BITS: Final = re.compile(r"[89]|1[0-5]")
_TAIL: Final = b"\x00\x00\xff\xff"
_END: Final = b"\x01\x00\x00\xff\xff"
_TEXT: Final = 0x81
_WRONG_DATA: Final = 1007
_TOO_LONG: Final = 1009
_COMPRESSED_TEXT: Final = 0xC1
_MEDIUM_HEAD: Final = struct.Struct("!BBH").pack

Parameters = Mapping[str, Sequence[Any]]
"""An offer's parameters as Autobahn reads them: each with its values, True where it has none."""


class Deflater:
    """Compress frames for all clients with a window of ``bits``."""

    def __init__(self, compression: "Compression", bits: int) -> None:
        self._compression = compression
        self._bits = bits
        self._last = self._deflated = b""

    def frame(self, frame: bytes) -> bytes:
        """Return a text frame compressed; any other, or one that gains nothing, as it is.

        A frame that is sent to many, one after the other, is compressed once.
        """
        if frame is not self._last:
            self._deflated = self._deflate(frame)
            self._last = frame
        return self._deflated

    def _deflate(self, frame: bytes) -> bytes:
        least = self._compression.least
        length, at = len(frame), 2
        if least is None or length < least or frame[0] != _TEXT:
            return frame
        if frame[1] >= 126:
            at = 4 if frame[1] == 126 else 10
        if not least <= length - at <= MOST_BYTES:
            return frame
        deflate = zlib.compressobj(_LEVEL, zlib.DEFLATED, -self._bits, _MEMORY_LEVEL)
        packed = deflate.compress(memoryview(frame)[at:]) + deflate.flush(zlib.Z_SYNC_FLUSH)
        size = len(packed) - len(_TAIL)
        if size >= length - at:
            return frame
        if size < 126:
            head = bytes((_COMPRESSED_TEXT, size))
        else:
            head = _MEDIUM_HEAD(_COMPRESSED_TEXT, 126, size)
        smaller = head + packed[:size]
        if type(frame) is Change:
            return Change.of(smaller, lambda: self.frame(frame.whole()))
        return smaller


class Compression:
    """Agree with clients on compression, as the configuration wants it.

    :ivar least: bytes from which on messages are compressed; None to offer no compression.
    """

    def __init__(self, least: int | None = None) -> None:
        self.least = least
        self._deflaters: dict[int, Deflater] = {}

    def agree(self, offers: Iterable[tuple[str, Parameters]]) -> tuple[str, Deflater] | None:
        """Return the answer to the first offer that can be taken; None for none.

        An offer that is not as RFC 7692 wants it is declined, as that says; the connection stays.
        """
        if self.least is None:
            return None
        for name, parameters in offers:
            bits = _window(parameters) if name == EXTENSION else None
            if bits is None:
                continue
            answer = f"{EXTENSION}; server_no_context_takeover; client_no_context_takeover"
            if "server_max_window_bits" in parameters:
                answer += f"; server_max_window_bits={bits}"
            deflater = self._deflaters.get(bits)
            if deflater is None:
                deflater = self._deflaters[bits] = Deflater(self, bits)
            return answer, deflater
        return None


def _window(parameters: Parameters) -> int | None:
    """Return the window to compress with, None where an offer is wrong or cannot be met."""
    bits = WINDOW_BITS
    for name, values in parameters.items():
        (value, *more) = values
        if more:
            return None
        match name:
            case "server_no_context_takeover" | "client_no_context_takeover":
                if value is not True:
                    return None
            case "client_max_window_bits":
                if value is not True and not _BITS.fullmatch(value):
                    return None
            case "server_max_window_bits":
                if value is True or not _BITS.fullmatch(value):
                    return None
                bits = min(bits, int(value))
            case _:
                return None
    # zlib makes no raw stream with a window of 8 bits.
    return bits if bits >= _LEAST_BITS else None


class BadData(Exception):
    """A message that closes the connection, with a code and a reason."""

    def __init__(self, code: int, reason: Text) -> None:
        self.code = code
        self.reason = reason
        super().__init__(reason)


class PassOn:
    """Autobahn's interface of a compression: it hands messages on as they have come.

    So what waits for the rest of a message is counted as it is, whatever it inflates to.
    """

    EXTENSION_NAME = EXTENSION

    def start_decompress_message(self) -> None:
        """Autobahn calls this when a compressed message begins."""

    def decompress_message_data(self, data: bytes, max_output_len: int | None = None) -> bytes:
        """Autobahn calls this with each piece of it."""
        return data

    def end_decompress_message(self) -> None:
        """Autobahn calls this at its end."""


def message(data: bytes, is_binary: bool, most: int) -> bytes:
    """Return what a compressed message says.

    :raises BadData: if it cannot be inflated to at most ``most`` bytes, of UTF-8 where it is text.
    """
    inflated = inflate(data, most)
    if not is_binary and not inflated.isascii() and not is_utf8(inflated):
        raise BadData(_WRONG_DATA, english("a compressed message is no UTF-8"))
    return inflated


def inflate(data: bytes, most: int) -> bytes:
    """Decompress a whole message; at most one byte more than ``most`` is made of it.

    :raises BadData: 1009 if it inflates to more than that, 1007 if it is no deflate data or ends
        within a block.
    """
    stream = zlib.decompressobj(-_CLIENT_BITS)
    streams, inflated = 1, b""
    try:
        while data:
            inflated += stream.decompress(data, most + 1 - len(inflated))
            if len(inflated) > most:
                raise BadData(
                    _TOO_LONG, english("a message inflates to more than {limit} bytes", limit=most)
                )
            data = stream.unused_data
            if data:  # it goes on behind a final block
                streams += 1
                if streams > _MOST_STREAMS:
                    raise _wrong("too many final blocks")
                stream = zlib.decompressobj(-_CLIENT_BITS)
        if not stream.eof:
            stream.decompress(_TAIL + _END, 1)
    except zlib.error as problem:
        raise _wrong(str(problem)) from problem
    if not stream.eof:
        raise _wrong("it ends within a block")
    return inflated


def _wrong(problem: str) -> BadData:
    return BadData(
        _WRONG_DATA, english("a compressed message is wrong: {problem}", problem=problem)
    )

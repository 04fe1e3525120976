"""What the kernel says of a client's socket: how far the client has come with what it was sent."""

import fcntl
import struct
import termios
from socket import IPPROTO_TCP, TCP_INFO, socket
from typing import Any, Final

_BYTES_ACKED: Final = slice(120, 128)
"""``tcpi_bytes_acked`` in Linux' ``struct tcp_info`` (linux/tcp.h)."""


def acknowledged(transport: Any) -> int | None:
    """Bytes that the client's machine has ever taken; None where nobody can tell (no TCP)."""
    plain = _socket_of(transport)
    if plain is None:
        return None
    try:
        info = plain.getsockopt(IPPROTO_TCP, TCP_INFO, _BYTES_ACKED.stop)
    except OSError:
        return None
    return int.from_bytes(info[_BYTES_ACKED], "little") if len(info) == _BYTES_ACKED.stop else None


def unsent(transport: Any) -> int:
    """Bytes that the kernel holds for the client; 0 where nobody can tell."""
    plain = _socket_of(transport)
    if plain is None:
        return 0
    try:
        return int(struct.unpack("i", fcntl.ioctl(plain.fileno(), termios.TIOCOUTQ, b"\0" * 4))[0])
    except OSError:
        return 0


def _socket_of(transport: Any) -> socket | None:
    """The socket below a transport, below TLS too."""
    while transport is not None:
        found = getattr(transport, "socket", None)
        if isinstance(found, socket):
            return found
        transport = getattr(transport, "transport", None)
    return None

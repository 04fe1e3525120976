"""Send to the kernel, and read from it how much of what was sent a client has received."""

import fcntl
import struct
import termios
from collections.abc import Callable
from socket import IPPROTO_TCP, TCP_INFO, socket
from typing import Any, Final

_BYTES_ACKED: Final = slice(120, 128)
"""``tcpi_bytes_acked`` in Linux' ``struct tcp_info`` (linux/tcp.h)."""


def acknowledged(transport: Any) -> int | None:
    """Return the bytes that the client's machine has acknowledged; None where there is no TCP."""
    plain = _socket_of(transport)
    if plain is None:
        return None
    try:
        info = plain.getsockopt(IPPROTO_TCP, TCP_INFO, _BYTES_ACKED.stop)
    except OSError:
        return None
    return int.from_bytes(info[_BYTES_ACKED], "little") if len(info) == _BYTES_ACKED.stop else None


def unsent(transport: Any) -> int:
    """Return the bytes in the kernel's send queue for the client; 0 where there is no socket."""
    plain = _socket_of(transport)
    if plain is None:
        return 0
    try:
        return int(struct.unpack("i", fcntl.ioctl(plain.fileno(), termios.TIOCOUTQ, b"\0" * 4))[0])
    except (OSError, ValueError):  # closed: its descriptor is -1
        return 0


def direct_send(transport: Any) -> Callable[[bytes], int] | None:
    """Return a plain socket's own ``send``; None for TLS and where there is no socket.

    While the kernel takes everything the transport has nothing to do.
    """
    handle = getattr(transport, "getHandle", None)
    plain = handle() if handle is not None else None
    return plain.send if type(plain) is socket else None


def _socket_of(transport: Any) -> socket | None:
    """Return the socket below a transport, also below TLS; None where there is none."""
    while transport is not None:
        found = getattr(transport, "socket", None)
        if isinstance(found, socket):
            return found
        transport = getattr(transport, "transport", None)
    return None

"""Fronts on loopback that speak no CTP: silent ones, closed ones, ones that drop the line."""

import socket
import threading
from collections import deque
from typing import Final

_MOST_LINES: Final = 512
"""Older ones are closed: the library has let go of them long ago."""


class Silent:
    """A front that accepts and says nothing; :meth:`drop` ends every line so far.

    :param drops: whether it drops each line as soon as it has accepted it.
    """

    def __init__(self, *, drops: bool = False) -> None:
        self._drops = drops
        self._listening = socket.create_server(("127.0.0.1", 0), backlog=512)
        self.address = f"tcp://127.0.0.1:{self._listening.getsockname()[1]}"
        self._lines: deque[socket.socket] = deque(maxlen=_MOST_LINES)
        self.accepted = 0
        self._thread = threading.Thread(target=self._accept, daemon=True)
        self._thread.start()

    def drop(self) -> None:
        """Drop every line."""
        while self._lines:
            self._lines.popleft().close()

    def close(self) -> None:
        """Be a front that is closed."""
        self._listening.shutdown(socket.SHUT_RDWR)
        self._thread.join()
        self._listening.close()
        self.drop()

    def _accept(self) -> None:
        while True:
            try:
                line, _ = self._listening.accept()
            except OSError:
                return
            self._lines.append(line)
            self.accepted += 1
            if self._drops:
                self.drop()


def closed_front() -> str:
    """An address at which nobody listens."""
    front = Silent()
    front.close()
    return front.address

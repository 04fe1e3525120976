"""What a request is answered with: one :class:`Reply` for each callback."""

from collections.abc import Callable
from typing import NamedTuple

from webctp.ctp.catalog import Callback


class Reply(NamedTuple):
    """One callback of an answer.

    ``body`` and ``info`` (RspInfo) are the structs' bytes, None for NULL. ``is_last`` says that no
    other follows.
    """

    callback: Callback
    body: bytes | None
    info: bytes | None
    is_last: bool


OnReply = Callable[[Reply], None]
"""Takes each reply to a request, in the reactor's thread."""

"""A first word with a front, for ``doctor``: whether CTP answers, and takes an authentication.

It blocks, and needs no reactor; the callbacks are heard on the library's own thread.
"""

import ctypes
import os
import sys
import tempfile
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from queue import Empty, SimpleQueue
from time import monotonic
from typing import Any, Final

from webctp.ctp import addresses, errors
from webctp.ctp.bridge import Bridge, CallbackEvent, spi
from webctp.ctp.catalog import Catalogue
from webctp.ctp.codec import codec_for
from webctp.ctp.front import Front
from webctp.ctp.rspinfo import RspInfo
from webctp.language.text import english
from webctp.upstream.session.breaks import HINTS, UNKNOWN

PATIENCE: Final = 5.0
"""Seconds for each answer; an API may be released so long after ``Init``, whatever it does."""
_AUTHENTICATE: Final = "ReqAuthenticate"


class NotGreeted(Exception):
    """The front has not answered as it should; the text says what it did instead."""


class _AtOnce:
    """In the place of the reactor: what another thread wants done is done there and then."""

    def callFromThread(self, callable: Callable[..., Any], *args: object, **kwargs: object) -> None:
        """Call ``callable`` at once, in this thread."""
        callable(*args, **kwargs)


def greet(
    front: Front,
    catalogue: Catalogue,
    address: str,
    *,
    production_mode: bool,
    authentication: Mapping[str, str] | None = None,
    patience: float = PATIENCE,
) -> None:
    """Connect to a front, authenticate if fields for that are given, and leave.

    :raises NotGreeted: if the front does something else, or nothing within ``patience`` seconds.
    """
    told: SimpleQueue[CallbackEvent] = SimpleQueue()

    def deliver(events: Iterable[CallbackEvent]) -> None:
        for event in events:
            told.put(event)

    create = front.create_trader if "ReqAuthenticate" in catalogue.methods else front.create_market
    codec = codec_for(catalogue.module)
    user = authentication or {}
    with tempfile.TemporaryDirectory(prefix="webctp-") as folder, _quiet():
        api = create(f"{folder}/", production_mode)
        director = spi(catalogue, codec, Bridge(_AtOnce(), deliver))
        try:
            api.RegisterSpi(director)
            addresses.register(
                api,
                codec,
                (address,),
                broker_id=user.get("BrokerID", ""),
                user_id=user.get("UserID", ""),
            )
            api.Init()
            _heard(told, "OnFrontConnected", patience)
            if authentication is not None:
                method = catalogue.methods[_AUTHENTICATE]
                api.ReqAuthenticate(codec.layout(method.request_struct).new(authentication), 1)
                answer = _heard(told, method.reply.name, patience)
                code = RspInfo(catalogue).code(answer[2])
                if code:
                    raise NotGreeted(
                        english(
                            "the authentication is refused: {code}, {message}",
                            code=code,
                            message=errors.message(code),
                        )
                    )
        finally:
            api.Release()
            del director  # only now: without it the callbacks stop, and Release may wait for them


def _heard(told: "SimpleQueue[CallbackEvent]", wanted: str, patience: float) -> CallbackEvent:
    """Wait for a callback.

    :raises NotGreeted: if the line breaks, an error comes, or nothing.
    """
    until = monotonic() + patience
    while True:
        try:
            event = told.get(timeout=max(0.0, until - monotonic()))
        except Empty:
            raise NotGreeted(
                english("no {wanted} within {patience:g} s", wanted=wanted, patience=patience)
            ) from None
        name = event.callback.name
        if name in (wanted, "OnRspError"):
            return event
        if name == "OnFrontDisconnected":
            hint = HINTS.get(event.number, UNKNOWN)
            raise NotGreeted(
                english(
                    "OnFrontDisconnected (0x{number:04X}): {hint}", number=event.number, hint=hint
                )
            )


@contextmanager
def _quiet() -> Iterator[None]:
    """Keep what the library prints out of the terminal."""
    sys.stdout.flush()
    flush = ctypes.CDLL(None).fflush
    flush(None)
    kept, nowhere = os.dup(1), os.open(os.devnull, os.O_WRONLY)
    os.dup2(nowhere, 1)
    os.close(nowhere)
    try:
        yield
    finally:
        flush(None)
        os.dup2(kept, 1)
        os.close(kept)

"""From a client's message to the handler of its request: parse, check, route, answer errors.

:class:`Dispatcher` is one client at one service. :mod:`~webctp.gateway.trading` and
:mod:`~webctp.gateway.market` say what each request does; here every wrong input gets its answer.
"""

from abc import ABC, abstractmethod
from typing import Final

from twisted.logger import Logger

from webctp.ctp import errors
from webctp.ctp.codec import CodecError
from webctp.gateway import wire
from webctp.gateway.fanout import Fanout, Outbox
from webctp.gateway.schema import (
    BadMessage,
    Request,
    Schema,
    nearest,
    open_envelope,
)

_log = Logger()

_SHOWN: Final = 64


class Refused(Exception):
    """A request that the gateway answers itself, with one of its codes."""

    def __init__(self, code: int, detail: str) -> None:
        super().__init__(detail)
        self.code = code
        self.detail = detail


class Dispatcher(ABC):
    """One client at one service. All methods run in the reactor's thread.

    Subclasses say what handles which request and what happens when the client is gone.
    """

    def __init__(self, schema: Schema, fanout: Fanout, outbox: Outbox) -> None:
        self._schema = schema
        self._fanout = fanout
        self.outbox = outbox

    def received(self, payload: bytes, is_binary: bool) -> None:
        """Take a message of the client's. Whatever it holds, the client gets an answer."""
        msg_type, request_id = "", 0
        try:
            if is_binary:
                raise BadMessage("a binary frame; send JSON in text frames")
            msg_type, request_id, message = open_envelope(payload)
            method = self._schema.methods.get(msg_type)
            if method is None:
                raise self._unknown(msg_type)
            self.handle(self._schema.read(method, message, request_id))
        except BadMessage as problem:
            self.refuse(problem.msg_type, errors.BAD_REQUEST, problem.detail, problem.request_id)
        except CodecError as problem:
            self.refuse(msg_type, errors.BAD_REQUEST, str(problem), request_id)
        except Refused as problem:
            self.refuse(msg_type, problem.code, problem.detail, request_id)
        except Exception:  # noqa: BLE001 - a fault of ours must not leave the client waiting
            _log.failure("a request failed: {msg_type}", msg_type=msg_type[:_SHOWN])
            self.refuse(msg_type, errors.BAD_REQUEST, "internal error; see the log", request_id)
        self._fanout.flush()

    @abstractmethod
    def gone(self) -> None:
        """The client's connection is closed."""

    @abstractmethod
    def handle(self, request: Request) -> None:
        """Carry out a request, or raise :class:`Refused`."""

    def say(self, message: bytes) -> None:
        """Queue a message for the client; it leaves with the next flush."""
        self.outbox.message(wire.frame(message))

    def refuse(self, msg_type: str, code: int, detail: str, request_id: int) -> None:
        """Answer with an error of the gateway's."""
        self.say(wire.error(msg_type, code, detail, request_id))

    def _unknown(self, msg_type: str) -> Refused:
        hint = nearest(msg_type, self._schema.methods)
        return Refused(errors.NO_SUCH_REQUEST, f"no request is called {msg_type[:_SHOWN]!a}{hint}")

"""The commands of administrators as requests at ``/td/``. Runs in the reactor's thread."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import partial
from typing import Any, Protocol

from twisted.logger import Logger
from twisted.python.failure import Failure

from webctp.ctp import errors
from webctp.ctp.refusal import Refusal
from webctp.gateway.admin.commands import AT_SOCKETS, Command
from webctp.gateway.admin.desk import AdminDesk
from webctp.gateway.http.adminport import Administrator
from webctp.gateway.messages import own, own_admin, own_risk
from webctp.gateway.messages.schema import Message
from webctp.gateway.websocket.fanout import Fanout
from webctp.gateway.websocket.peer import Peer
from webctp.language.text import Text, english

_log = Logger()


class Asker(Protocol):
    """The client that asks."""

    peer: Peer

    def say(self, message: bytes) -> None:
        """Send a message."""

    def refuse(self, msg_type: str, code: int, detail: Text, request_id: int) -> None:
        """Answer a request with a code of the gateway's."""


class AdminRequests:
    """Carry out one client's requests of administrators; its scope was looked at before.

    :param desk: carries them out.
    """

    def __init__(self, desk: AdminDesk, asker: Asker, fanout: Fanout) -> None:
        self._desk = desk
        self._asker = asker
        self._fanout = fanout
        self.own: Mapping[str, Callable[[Message, int], None]] = {
            own_admin.PRINCIPAL: self._principal,
            **dict.fromkeys(AT_SOCKETS, self._ask),
        }

    def _principal(self, message: Message, request_id: int) -> None:
        """Say whom the gateway takes this client for, and what that may do."""
        own_risk.read(own_admin.PRINCIPAL, own_admin.AdminQuery, message, request_id)
        principal = self._asker.peer.principal
        caller = own_admin.Caller(Name=principal.name, Scopes=tuple(sorted(principal.scopes)))
        self._say(own_admin.RspQryPrincipal(IsLast=True, RequestID=request_id, Caller=caller))

    def _ask(self, message: Message, request_id: int) -> None:
        """Have the desk carry a command out; answer with what came of it."""
        command = AT_SOCKETS[message["MsgType"]]
        word = own_risk.read(command.name, command.word, message, request_id)
        by = Administrator(self._asker.peer.principal.name, self._asker.peer.address)
        done = self._desk.carry_out(command, word, by)
        done.addCallback(partial(self._answer, command, request_id))
        done.addErrback(partial(self._refuse, command, request_id))

    def _answer(
        self, command: Command, request_id: int, found: Sequence[Any] | Mapping[str, Any]
    ) -> None:
        if isinstance(found, Mapping):
            self._say(
                command.answer(
                    RspInfo=own_risk.success(), IsLast=True, RequestID=request_id, **found
                )
            )
            self._fanout.flush()
            return
        # Of thousands of clients: others are served between the rows.
        self._fanout.turns.run(self._tell(command, request_id, found), self._fanout.flush)

    def _tell(self, command: Command, request_id: int, rows: Sequence[Any]) -> Iterator[None]:
        """Tell a query's rows; one with null where there is none."""
        last = max(len(rows), 1) - 1
        for place, row in enumerate(rows or (None,)):
            self._say(
                command.answer(IsLast=place == last, RequestID=request_id, **{command.field: row})
            )
            yield

    def _refuse(self, command: Command, request_id: int, failure: Failure) -> None:
        problem = failure.value
        if isinstance(problem, Refusal):
            self._asker.refuse(command.name, problem.code, problem.detail, request_id)
        else:
            _log.failure("an administrator's request failed", failure=failure)
            detail = english("internal error; see the log")
            self._asker.refuse(command.name, errors.BAD_REQUEST, detail, request_id)
        self._fanout.flush()

    def _say(self, message: own.Push) -> None:
        self._asker.say(own.encode(message, self._asker.peer.language))

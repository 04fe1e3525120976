"""Carry out what administrators ask, whichever door it comes by. Runs in the reactor's thread."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial
from typing import Any

from twisted.internet.defer import Deferred, fail, maybeDeferred
from twisted.logger import Logger

from webctp.ctp import errors
from webctp.ctp.refusal import Refusal
from webctp.gateway.access.audit import AuditLog
from webctp.gateway.admin.commands import Command
from webctp.gateway.http.adminport import Administrator
from webctp.language.text import Text

_log = Logger()


@dataclass(frozen=True, slots=True)
class Done:
    """What an act came to.

    :ivar told: the fields of its answer.
    :ivar account: whom it concerned, for the audit log; ``noted`` is what else stands there.
    """

    told: Mapping[str, Any]
    account: str = ""
    noted: Mapping[str, str] = field(default_factory=dict)


Carrier = Callable[[Any, Administrator], Any]
"""Carries out a command: takes its body and who asks. Gives, now or by a Deferred, the rows of a
query, and of anything else a :class:`Done`.

:raises webctp.ctp.refusal.Refusal: where it is not done.
"""


class NotThere(Refusal):
    """There is no such client or session."""

    def __init__(self, detail: Text) -> None:
        super().__init__(errors.BAD_REQUEST, detail)


class AdminDesk:
    """Know who carries out each command; note in the audit log what was done.

    :param audit: None where none is kept.
    """

    def __init__(self, audit: AuditLog | None = None) -> None:
        self._audit = audit
        self._carriers: dict[str, Carrier] = {}

    def add(self, carriers: Mapping[str, Carrier]) -> None:
        """Let a room carry out commands, by their names."""
        self._carriers.update(carriers)

    def carry_out(
        self, command: Command, word: Any, by: Administrator
    ) -> "Deferred[Sequence[Any] | Mapping[str, Any]]":
        """Do what an administrator asks: fires with a query's rows, or the fields of an answer.

        It fails with :class:`~webctp.ctp.refusal.Refusal` where that is not done.
        """
        carrier = self._carriers.get(command.name)
        if carrier is None:
            return fail(Refusal(errors.NOT_READY, command.lacking))
        return maybeDeferred(carrier, word, by).addCallback(partial(self._noted, command, by))

    def _noted(
        self, command: Command, by: Administrator, found: Any
    ) -> Sequence[Any] | Mapping[str, Any]:
        if command.act is None:
            return found  # type: ignore[no-any-return]
        if self._audit is not None:
            self._audit.record(command.act, by.who, by.address, found.account, **found.noted)
        _log.info(
            "{act} by {who} from {address}: {what} {account}",
            act=command.act.value,
            who=by.who,
            address=by.address,
            what=", ".join(f"{name} {value}" for name, value in found.noted.items()),
            account=found.account,
        )
        return found.told  # type: ignore[no-any-return]

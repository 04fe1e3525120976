"""Lines of the log about clients that come and go: one each, but strangers cannot fill a disk."""

from typing import Final, Protocol

from twisted.internet.interfaces import IReactorTime
from twisted.logger import Logger, LogLevel

from webctp.gateway.access.linelimit import LineLimit
from webctp.gateway.access.logindeadline import Client, Presence
from webctp.gateway.access.principal import ANYBODY, Principal
from webctp.language.text import Text

_log = Logger()

STRANGERS: Final = 60
"""Lines a minute about clients that have shown no token; beyond them only a login has one."""
KNOWN: Final = 1_200
"""Lines a minute about clients that have."""


class Visitor(Client, Protocol):
    """Who is behind a connection, as the log names him."""

    def account(self) -> str:
        """Return which account the client is logged in to, as BrokerID:UserID; empty for none."""


class Comings:
    """Log who connects. Runs in the reactor's thread."""

    def __init__(self, clock: IReactorTime) -> None:
        self.clock = clock
        self._strangers = LineLimit(clock, STRANGERS)
        self._known = LineLimit(clock, KNOWN)

    def came(self, client: str, principal: Principal) -> "Coming":
        """Log a client that has connected, if a line may be written.

        :param client: what the log calls it.
        """
        limit = self._strangers if principal is ANYBODY else self._known
        has_line = False
        for count in limit.take():
            has_line = True
            if count == 1:
                _log.info("{client} has connected", client=client, principal=principal.name)
            else:
                _log.info(
                    "{client} has connected, and {count} others since the last such line",
                    client=client,
                    principal=principal.name,
                    count=count - 1,
                )
        return Coming(self, client, principal, has_line=has_line)


class Coming:
    """Log how one client is closed and goes.

    Going has a line where coming had one, and where the client is logged in.
    """

    __slots__ = ("_clock", "_has_line", "_since", "_told")

    def __init__(
        self, comings: Comings, client: str, principal: Principal, *, has_line: bool
    ) -> None:
        self._clock = comings.clock
        self._told = {"client": client, "principal": principal.name}
        self._has_line = has_line
        self._since = comings.clock.seconds()

    def closing(self, visitor: Visitor | None, reason: Text) -> None:
        """Log why a client is closed. Strangers could fill the disk: of them at DEBUG only."""
        known = visitor is not None and visitor.presence() is Presence.LOGGED_IN
        level = LogLevel.warn if known else LogLevel.debug
        account = "" if visitor is None else visitor.account()
        told = {**self._told, "account": account, "reason": reason}
        _log.emit(level, "closing {client}: {reason}", **told)

    def went(self, visitor: Visitor | None, code: int | None) -> None:
        """Log a client that has gone, with the code of its close frame."""
        account = "" if visitor is None else visitor.account()
        if self._has_line or account:
            _log.info(
                "{client} is gone after {seconds:.0f} s, with {code}",
                **self._told,
                account=account,
                code=code,
                seconds=self._clock.seconds() - self._since,
            )

"""What a trading session is given: what it shares with all others, and who listens to it."""

import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Final, Protocol

from webctp.clock import Reactor, Wall
from webctp.config.trading import TradingSettings
from webctp.ctp.front import Front
from webctp.upstream.account import AccountKey
from webctp.upstream.journal.trading import TradingJournal
from webctp.upstream.risk.desk import RiskDesk
from webctp.upstream.session.apiqueue import ApiQueue
from webctp.upstream.session.gate import Credentials, LoginGate
from webctp.upstream.session.status import SessionStatus
from webctp.upstream.trading.figures import TradingFigures
from webctp.upstream.trading.flowreplay import QUIET
from webctp.upstream.trading.pushes import Encode, Push
from webctp.upstream.trading.staticanswers import StaticAnswers

OnInstruments = Callable[[list[bytes]], object]
"""Takes names of instruments that CTP lists. Called in the reactor's thread."""

MakeGate = Callable[[Callable[[], Credentials]], LoginGate]
"""Makes a session's place at the login gate, given what returns its credentials."""


class TradingListener(Protocol):
    """Take the states and pushes of one trading session. Called in the reactor's thread."""

    def state_changed(self, status: SessionStatus) -> None:
        """Take the session's move to another state, or more reason why it stays where it is."""

    def pushed(self, push: Push) -> None:
        """Take a push that is news, or an answer to a request that is no longer known."""

    def flow_replayed(self) -> None:
        """Note that the session is ready, and that the login's replay of the day is over."""


class PasswordObserver(Protocol):
    """Take what becomes of an account's password. Called in the reactor's thread."""

    def on_password_changed(self, account: AccountKey, old: str, new: str) -> None:
        """Take a change that the front has accepted: ``old`` is wrong from now on."""

    def on_password_doubted(self, account: AccountKey, old: str, new: str) -> None:
        """Take a change whose answer was lost: either password may hold."""


class _Nobody:
    """The observer of sessions that share their account with no other."""

    def on_password_changed(self, account: AccountKey, old: str, new: str) -> None:
        """See :class:`PasswordObserver`."""

    def on_password_doubted(self, account: AccountKey, old: str, new: str) -> None:
        """See :class:`PasswordObserver`."""


NOBODY: Final = _Nobody()


@dataclass(frozen=True, slots=True)
class TradingContext:
    """What all trading sessions of a service share.

    :param front: what stands behind the configured addresses.
    :param static: answers that all sessions at the front share for a trading day.
    :param journal: the journal, where there is one; a session starts once its orders are read.
    :param on_instruments: takes the names in each answer to ``ReqQryInstrument``, some at a time.
    :param passwords: takes changes of an account's password, for its other sessions.
    :param encode: see :data:`webctp.upstream.trading.pushes.Encode`.
    :param figures: where all sessions count what they do.
    :param risk: what inserts are held against, where there is anything.
    :param wall: the time in seconds since 1970, for what is told of a session.
    :param flow_quiet: seconds without a push after which a login has played the day again.
    """

    reactor: Reactor
    apis: ApiQueue
    front: Front
    settings: TradingSettings
    static: StaticAnswers | None = None
    journal: TradingJournal | None = None
    on_instruments: OnInstruments | None = None
    passwords: PasswordObserver = NOBODY
    encode: Encode | None = None
    figures: TradingFigures = field(default_factory=TradingFigures)
    wall: Wall = time.time
    risk: RiskDesk | None = None
    flow_quiet: float = QUIET

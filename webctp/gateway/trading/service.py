"""The trading desk: what all trading clients share, and every seat there is."""

from __future__ import annotations

import time
from collections import Counter
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, Any, Final

from twisted.internet.defer import Deferred, DeferredList

from webctp.clock import Wall
from webctp.ctp import catalog, errors
from webctp.ctp.rspinfo import RspInfo
from webctp.gateway.access.claim import Claim
from webctp.gateway.access.lockout import LockoutGuard
from webctp.gateway.client import Refused
from webctp.gateway.messages.own import Encoder
from webctp.gateway.messages.schema import Schema, trading_words
from webctp.gateway.trading.client import TradingClient
from webctp.gateway.trading.ownorders import OwnOrders
from webctp.gateway.trading.replay import SeqBlocks
from webctp.gateway.trading.shared import SharedSession
from webctp.upstream.account import AccountKey
from webctp.upstream.journal.trading import TradingJournal
from webctp.upstream.session.login import State
from webctp.upstream.trading.session import OnInstruments, TradingSession, TradingSettings
from webctp.upstream.trading.staticanswers import StaticAnswers

if TYPE_CHECKING:
    from collections.abc import Callable

    from webctp.ctp.catalog import Method
    from webctp.ctp.encoder import InvalidPrice
    from webctp.ctp.front import Front
    from webctp.gateway.websocket.fanout import Fanout, Outbox
    from webctp.upstream.orders.client_order import ClientOrder
    from webctp.upstream.session.apiqueue import ApiQueue


_FILLED: Final = ("BrokerID", "InvestorID", "UserID", "RequestID")
_MONEY: Final = ("AccountID", "CurrencyID")


@dataclass(frozen=True, slots=True)
class JournalSettings:
    """The configuration's ``Journal``: the file, days kept, whether orders go on without it."""

    path: str
    days: int = 30
    go_on: bool = False


@dataclass(frozen=True, slots=True)
class DeskSettings:
    """What the desk takes from the configuration.

    ``linger`` and ``refusal_window`` in seconds; ``sharing`` for ``SessionSharing: account``.
    ``wall`` dates what clients are told.
    """

    linger: float = 60.0
    sharing: bool = False
    refusals: int = 3
    refusal_window: float = 600.0
    journal: JournalSettings | None = None
    max_sessions: int = 64
    wall: Wall = time.time


class TradingService:
    """See the module's text. Everything runs in the reactor's thread.

    :param learn: see :class:`~webctp.upstream.trading.session.TradingSession`.
    """

    def __init__(
        self,
        reactor: Any,
        apis: ApiQueue,
        front: Front,
        settings: TradingSettings,
        fanout: Fanout,
        invalid: InvalidPrice,
        desk_settings: DeskSettings,
        learn: OnInstruments | None = None,
    ) -> None:
        catalogue = catalog.trading()
        self.clock = reactor
        self.wall = desk_settings.wall
        self.callbacks = catalogue.callbacks
        self.settings = settings
        self.schema = Schema(catalogue, trading_words, {"/md/": catalog.market_data()})
        self.error_of = RspInfo(catalogue).code
        """The ErrorID of a RspInfo; 0 where CTP gave none."""
        self.encoder = Encoder(catalogue, invalid, keep_reserved=False)
        self.fanout = fanout
        self.linger = desk_settings.linger
        self.guard = LockoutGuard(reactor, desk_settings.refusals, desk_settings.refusal_window)
        self.blocks = SeqBlocks()
        """Where sessions take the numbers of their pushes from."""
        self.sharing = desk_settings.sharing
        self._max_sessions = desk_settings.max_sessions
        self._seats: dict[AccountKey, list[SharedSession]] = {}
        self.own_orders = OwnOrders(self.schema)
        self._fillable: dict[str, tuple[str, ...]] = {}
        self.states: Counter[str] = Counter()
        """How often a session has entered each state since the start."""
        self._closing: set[Deferred[None]] = set()
        self.books = _books(reactor, desk_settings.journal, self._tell)
        self._open = partial(
            TradingSession,
            reactor,
            apis,
            front,
            settings,
            static=StaticAnswers(),
            books=self.books,
            learn=learn,
            password_changed=self._password_changed,
            password_doubted=self._password_doubted,
            # Made once: what clients are told is what replays are told by.
            said=self.encoder.struct,
        )

    def client(self, outbox: Outbox) -> TradingClient:
        """A dispatcher for a new client."""
        return TradingClient(self, outbox)

    def start(self) -> None:
        """Open the journal; sessions begin when clients log in."""
        if self.books is not None:
            self.books.start()

    def fillable(self, method: Method) -> tuple[str, ...]:
        """Return the fields of a request that are filled in where a client leaves them out.

        Account and currency are so only where CTP demands them (transfers, the account's
        password): in a query they would hide what lies in other currencies, and an order
        without them is about the usual ones.
        """
        names = self._fillable.get(method.name)
        if names is None:
            fields = self.schema.layout(str(method.struct)).by_name
            wanted = _FILLED if method.is_query or method.is_order else (*_FILLED, *_MONEY)
            names = tuple(name for name in wanted if name in fields)
            self._fillable[method.name] = names
        return names

    def find(self, identity: AccountKey, claim: Claim) -> SharedSession | None:
        """Return a living session that a login with this claim may sit down at.

        The one whose token the claim holds; else one that admits the password: the one that
        numbered the claim's ``seq``, whose socket may only look alive, then one that nobody sits
        at, or with sharing any. A session that never gave that ``seq`` is another client's: it
        is not taken over.
        """
        seats = [seat for seat in self._seats.get(identity, ()) if not seat.logging_out]
        for seat in seats:
            if seat.is_claimed(claim):
                return seat
        admitting = [seat for seat in seats if seat.admits(claim)]
        seq = claim.seq
        if seq is not None:
            for seat in admitting:
                if seat.log.knows(seq):
                    return seat
        for seat in admitting:
            if not seat.clients or self.sharing:
                return seat
        return None

    def take(self, seat: SharedSession) -> SharedSession:
        """Let a client in to a session that was found for it; without sharing others must go."""
        if not self.sharing:
            for loser in list(seat.clients):
                loser.taken_over()
        return seat

    def open(self, identity: AccountKey) -> SharedSession:
        """A new session, not logged in.

        :raises Refused: beyond ``MaxSessions``; a session counts until its API is released.
        """
        if sum(map(len, self._seats.values())) + len(self._closing) >= self._max_sessions:
            raise Refused(
                errors.TOO_MANY,
                f"MaxSessions {self._max_sessions} are open; log out elsewhere and try again",
            )
        seat = SharedSession(self, partial(self._open, identity=identity), identity)
        self._seats.setdefault(identity, []).append(seat)
        return seat

    def close(self, seat: SharedSession, reason: str) -> None:
        """End a seat's session and release its API."""
        seats = self._seats.get(seat.session.identity, [])
        if seat in seats:
            seats.remove(seat)
        if not seats:
            self._seats.pop(seat.session.identity, None)
        closing = seat.session.close(reason)
        self._closing.add(closing)
        closing.addCallback(lambda _: self._closing.discard(closing))

    def stop(self) -> Deferred[Any]:
        """End every session; fires when all are released."""
        for seats in list(self._seats.values()):
            for seat in list(seats):
                seat.close("the daemon stops")
        released = DeferredList(list(self._closing))
        books = self.books
        return released if books is None else released.addCallback(lambda _: books.stop())

    def _password_changed(self, identity: AccountKey, old: str, new: str) -> None:
        """The user's other sessions would recover with a password that is no more."""
        self.guard.changed(identity, new)
        for seat in self._seats.get(identity, ()):
            seat.session.password_changed(old, new)

    def _password_doubted(self, identity: AccountKey, old: str, new: str) -> None:
        """Either password may hold: the user's sessions recover with one or the other."""
        for seat in self._seats.get(identity, ()):
            seat.session.password_doubted(old, new)

    def _tell(self, order: ClientOrder) -> None:
        for seat in self._seats.get(AccountKey(order.broker_id, order.user_id), ()):
            for client in seat.clients:
                client.client_order(order)

    def readiness(self) -> dict[str, Any]:
        """Sessions by state, for ``/readyz``, and what holds up those that are not ready.

        Without a session trading is ready all the same; without the journal that it is to keep
        it is not. Who the users are is nobody's business here.
        """
        seats = [seat for seats in self._seats.values() for seat in seats]
        trouble = None if self.books is None else self.books.journal.trouble
        waiting = [seat.standing() for seat in seats if seat.state is not State.READY]
        return {
            "ready": trouble is None,
            "sessions": Counter(seat.state.value for seat in seats),
            "not_ready": waiting,
            **({} if trouble is None else {"journal": trouble}),
        }


def _books(
    reactor: Any, settings: JournalSettings | None, tell: Callable[[ClientOrder], object]
) -> TradingJournal | None:
    if settings is None:
        return None
    return TradingJournal(
        reactor, settings.path, days=settings.days, go_on=settings.go_on, tell=tell
    )

"""What everybody at ``/td/`` has in common: the sessions, and the clients at them."""

from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import partial
from typing import Any, Final

from webctp.clock import Reactor, Wall
from webctp.config.trading import TradingSettings
from webctp.ctp.catalog import Callback, Method
from webctp.gateway.access.cancelnotes import NotedCancels, Requester, note_cancelling
from webctp.gateway.access.lockout import LockoutGuard
from webctp.gateway.admin.desk import AdminDesk
from webctp.gateway.conditional.desk import ConditionalDesk
from webctp.gateway.messages.encoder import Encoder
from webctp.gateway.messages.schema import Request, Schema
from webctp.gateway.portfolio.session import Portfolios
from webctp.gateway.trading.dues import DueKeeper
from webctp.gateway.trading.ownorders import OwnOrders
from webctp.gateway.trading.replay import SeqBlocks
from webctp.gateway.trading.riskservice import RiskService
from webctp.gateway.websocket.fanout import Fanout
from webctp.language.text import Language
from webctp.upstream.account import AccountKey
from webctp.upstream.orders.cancelling import TakeSent
from webctp.upstream.trading.session import TradingSession

_FILLED: Final = ("BrokerID", "InvestorID", "UserID", "RequestID")
_MONEY: Final = ("AccountID", "CurrencyID")


class SettingsInForce:
    """Hold the settings of trading: a reload puts others in their place."""

    def __init__(self, settings: TradingSettings) -> None:
        self.settings = settings

    def take(self, settings: TradingSettings) -> None:
        """Let other settings be in force."""
        self.settings = settings


@dataclass(frozen=True, slots=True)
class Commons:
    """Hold the settings, sessions and clients that all clients of ``/td/`` share.

    Used in the reactor's thread.

    :param clock: the reactor; ``wall`` dates what clients are told.
    :param error_of: the ErrorID of a RspInfo; 0 where CTP gave none.
    :param blocks: where sessions take the numbers of their pushes from.
    :param in_force: the settings, of which a reload may change some.
    :param sharing: whether an account's clients share one session.
    """

    clock: Reactor
    wall: Wall
    fanout: Fanout
    in_force: SettingsInForce
    schema: Schema
    encoder: Encoder
    callbacks: Mapping[str, Callback]
    error_of: Callable[[bytes | None], int]
    guard: LockoutGuard
    sharing: bool
    own_orders: OwnOrders
    on_order_read: Callable[[float], object]
    """Takes when an insert or action had been read, by ``perf_counter``."""
    portfolios: Portfolios
    admin: AdminDesk
    """Carries out what administrators ask."""
    dues: DueKeeper | None = None
    """What is left to the daemon's next run; None without a journal."""
    conditionals: ConditionalDesk | None = None
    """What waits for conditions; None without a journal."""
    risk: RiskService | None = None
    """What is forbidden, and who is told; None where nothing is held against a limit."""
    language: Language = "en"
    """What clients read of the gateway's own pushes."""
    blocks: SeqBlocks = field(default_factory=SeqBlocks)
    states: Counter[str] = field(default_factory=Counter)
    """How often a session has entered each state since the start."""
    _fillable: dict[str, tuple[str, ...]] = field(default_factory=dict)

    @property
    def settings(self) -> TradingSettings:
        """Return the settings that are in force."""
        return self.in_force.settings

    def conditionals_wait(self, account: AccountKey) -> bool:
        """Return whether an account's session lives on for its conditional orders."""
        return self.conditionals is not None and self.conditionals.waits(account)

    def conditionals_ready(self, session: TradingSession) -> None:
        """Watch the conditional orders of a session's account, which can send them."""
        if self.conditionals is not None:
            self.conditionals.ready(session)

    def conditionals_lost(self, session: TradingSession) -> None:
        """Take note that a session can send nothing any more."""
        if self.conditionals is not None:
            self.conditionals.lost(session)

    def note_cancelling(
        self, account: AccountKey, request: str, by: Requester, /, **fields: Any
    ) -> None:
        """Note that the gateway cancels for an account what nobody tends."""
        note_cancelling(self.fanout.audit, account, request, by, **fields)

    def cancelling_begun(self, account: AccountKey, kind: str, by: Requester) -> TakeSent:
        """Note that the gateway begins to cancel; returns what notes each order, once."""
        self.note_cancelling(account, kind, by)
        return NotedCancels(partial(self.note_cancelling, account), by, For=kind).sent

    def filled(self, known: Mapping[str, Any], request: Request) -> dict[str, Any]:
        """Return the body, with what is ``known`` filled in where the client left it out.

        CTP hands an InputOrder's RequestID on to its RtnOrder: that is how a client finds them
        together.
        """
        body = request.body
        for name in self.fillable(request.method):
            if body.get(name) is None:
                value = request.request_id if name == "RequestID" else known.get(name)
                if value is not None:
                    body[name] = value
        return body

    def fillable(self, method: Method) -> tuple[str, ...]:
        """Return the fields of a request that are filled in where a client leaves them out.

        Account and currency are so only where CTP demands them (transfers, the account's
        password): in a query they would hide what lies in other currencies, and an order
        without them is about the usual ones.
        """
        names = self._fillable.get(method.name)
        if names is None:
            fields = self.schema.layout(method.request_struct).by_name
            wanted = _FILLED if method.is_query or method.is_order else (*_FILLED, *_MONEY)
            names = tuple(name for name in wanted if name in fields)
            self._fillable[method.name] = names
        return names

"""What the tests of upstream share: a trading session at a fake front."""

from collections.abc import Callable, Mapping
from typing import Any

from twisted.trial.unittest import SynchronousTestCase

from tests.upstream.orders.samples import Owner
from webctp.config.trading import TradingSettings
from webctp.ctp import catalog
from webctp.ctp.bridge import CallbackEvent
from webctp.ctp.codec import codec_for
from webctp.ctp.refusal import Refusal
from webctp.secret import Secret
from webctp.testing import FakeFront, ThreadlessReactor
from webctp.upstream.account import AccountKey
from webctp.upstream.orders.order import Order
from webctp.upstream.session.api import SETTLING
from webctp.upstream.session.apiqueue import ApiQueue
from webctp.upstream.session.gate import OPEN, Credentials, LoginGate
from webctp.upstream.session.login import LoginState as State
from webctp.upstream.session.reply import Reply
from webctp.upstream.session.status import LoginAnswer, SessionStatus
from webctp.upstream.trading.context import TradingContext
from webctp.upstream.trading.pushes import Push
from webctp.upstream.trading.session import TradingSession

LOGIN_TIMEOUT = 15.0
CREDENTIALS = {"UserID": "user", "Password": "first"}
CHAIN = ["ReqAuthenticate", "ReqUserLogin", "ReqSettlementInfoConfirm"]


def fields(struct: str, raw: bytes | None) -> dict[str, Any]:
    """A trading struct's fields by name; {} for NULL."""
    if raw is None:
        return {}
    return dict(codec_for(catalog.trading().module).layout(struct).unpack(raw))


def error_of(info: bytes | None) -> int | None:
    """The ErrorID of a RspInfo, None for NULL."""
    return None if info is None else int(fields("CThostFtdcRspInfoField", info)["ErrorID"])


class Hearer:
    """A listener that writes down what it hears."""

    def __init__(self) -> None:
        self.states: list[State] = []
        self.reasons: list[str] = []
        self.events: list[CallbackEvent] = []
        self.replays = 0

    def state_changed(self, status: SessionStatus) -> None:
        """Of ``Listener``."""
        self.states.append(status.state)
        self.reasons.append(status.reason)

    def pushed(self, push: Push) -> None:
        """Of ``TradingListener``."""
        self.events.append(push.event)

    def flow_replayed(self) -> None:
        """Of ``TradingListener``."""
        self.replays += 1

    @property
    def pushes(self) -> list[str]:
        """The names of the callbacks that nobody had asked for."""
        return [event.callback.name for event in self.events]


class Answers(Owner):
    """Takes the answers to a request, or to an order."""

    def __init__(self) -> None:
        super().__init__()
        self.taken: list[tuple[str, dict[str, Any], int | None, bool]] = []

    def __call__(self, reply: Reply) -> None:
        callback, body, info, is_last = reply
        values = fields(callback.struct, body) if callback.struct else {}
        self.taken.append((callback.name, values, error_of(info), is_last))

    def order_answered(self, order: Order, reply: Reply) -> None:
        """Take the answer to an order as any other."""
        self(reply)


class TraderCase(SynchronousTestCase):
    """A trading session at a fake front, on a reactor without threads."""

    front_connects = True
    app_id = "client_test_1.0"
    auth_code = "0000000000000000"
    flow_quiet = 0.0
    settings: Mapping[str, Any] = {}
    """Settings of the session that differ."""

    def setUp(self) -> None:
        self.reactor = ThreadlessReactor()
        self.front = FakeFront(connects=self.front_connects)
        self.heard = Hearer()
        self.flow_base = self.mktemp()
        self._sessions: list[TradingSession] = []

    def tearDown(self) -> None:
        for session in self._sessions:
            session.close()
        self.reactor.run_threads()
        if not self.front.connects:
            self.reactor.advance(SETTLING)  # an API that still connects is released only then
        self.assertEqual(self.reactor.getDelayedCalls(), [], "timers are left behind")
        for api in self.front.apis:
            self.assertTrue(api.released, "an API was not released")

    def make_gate(self, credentials: Callable[[], Credentials]) -> LoginGate:
        """Where the session's logins wait for others."""
        return OPEN

    def open(self) -> TradingSession:
        settings = TradingSettings(
            td_front_address=("tcp://one:1", "tcp://two:2"),
            broker_id="9999",
            app_id=self.app_id,
            auth_code=Secret(self.auth_code),
            user_product_info="webctp",
            con_file_path=self.flow_base,
            production_mode=False,
            login_timeout=LOGIN_TIMEOUT,
            **self.settings,
        )
        session = TradingSession(
            TradingContext(
                self.reactor,
                ApiQueue.on(self.reactor),
                self.front,
                settings,
                flow_quiet=self.flow_quiet,
            ),
            self.heard,
            AccountKey("9999", "user"),
            self.make_gate,
        )
        self._sessions.append(session)
        return session

    def login(
        self,
        session: TradingSession,
        body: Mapping[str, Any] = CREDENTIALS,
        method: str = "ReqUserLogin",
    ) -> list[LoginAnswer | Refusal]:
        """Start a login; the list receives its outcome."""
        outcome: list[LoginAnswer | Refusal] = []
        session.login(catalog.trading().methods[method], dict(body)).addCallbacks(
            outcome.append, lambda failure: outcome.append(failure.value)
        )
        self.reactor.turn()
        return outcome

    def ready(self) -> TradingSession:
        """A session that is logged in."""
        session = self.open()
        self.login(session)
        self.assertIs(session.state, State.READY)
        return session

    def request(
        self, session: TradingSession, name: str, body: Mapping[str, Any] | None = None
    ) -> tuple[int, Answers]:
        """Send a request; gives its return value and its answers to come."""
        answers = Answers()
        method = catalog.trading().methods[name]
        if method.is_order:
            session.entry.enter(Order(method, dict(body or {}), 0, "", answers))
            return 0, answers
        return session.request(method, dict(body or {}), answers), answers

    def steps(self) -> list[str]:
        """The steps of logins that reached the front, in order."""
        return [name for name in self.front.names if name in CHAIN]

"""The broker's risk control (风控): margin calls, and positions that it closes itself (强平).

The accounts are looked at every `PATIENCE` of the market's time. An account whose available money
falls below 0 gets one margin call until it has recovered; where the options say so, the broker
closes its positions some time later, those with the largest margin first.
"""

from datetime import datetime, timedelta
from typing import Final, Protocol

from webctp.exchanges.sessions import CONTINUOUS
from webctp.sim.accounts.account import Account
from webctp.sim.accounts.notices import Notices, TradingNotice
from webctp.sim.accounts.orders import FRONT_ID
from webctp.sim.accounts.positions import Position
from webctp.sim.accounts.sessions import Session
from webctp.sim.broker.checks import OrderChecks
from webctp.sim.events import AccountKey, Event, Push, Values
from webctp.sim.market.book import BUY, SELL
from webctp.sim.market.charges import CLOSE_TODAY
from webctp.sim.market.markets import Markets
from webctp.sim.matching.engine import MatchingEngine
from webctp.sim.money import yuan
from webctp.sim.refusals import Refused

PATIENCE: Final = timedelta(seconds=30)
"""Market time between two looks at the accounts."""
RISK_USER: Final = "risk"
"""UserID of the broker's desk: of its orders, and of the notices that it sends."""
FORCED: Final = "2"
"""CombOffsetFlag of a forced closing."""
LACK_OF_MONEY: Final = "1"
"""ForceCloseReason: ``THOST_FTDC_FCC_LackDeposit``."""
REASONS: Final = "123456789ab"
"""The ForceCloseReasons that an order of the broker's may bear."""


class Supervised(Protocol):
    """The exchange as the risk desk uses it."""

    accounts: dict[AccountKey, Account]
    markets: Markets
    engine: MatchingEngine
    checks: OrderChecks
    notices: Notices

    @property
    def now(self) -> datetime:
        """The exchange's time."""

    def tell(self, event: Event) -> None:
        """Add an event to those that go out."""

    def act(self, session: Session, name: str, values: Values) -> None:
        """Handle a request that the broker makes itself."""

    def take_session_id(self) -> int:
        """Return a new SessionID."""


class RiskDesk:
    """Watches the accounts of an exchange.

    :param after: seconds of the market from a margin call to a forced closing; 0 for never.
    """

    def __init__(self, exchange: Supervised, after: float) -> None:
        self._exchange = exchange
        self._after = timedelta(seconds=after) if after else None
        self._session: Session | None = None
        self._called: dict[AccountKey, datetime] = {}
        """When each account whose money is short was sent its margin call."""
        self._next = exchange.now + PATIENCE

    def due(self) -> datetime:
        """Return when to look at the accounts next; never while no account holds anything."""
        held = any(account.positions for account in self._exchange.accounts.values())
        return self._next if held else datetime.max

    def look(self) -> None:
        """Look at the accounts, if it is time to: send margin calls, and close positions."""
        exchange = self._exchange
        now = exchange.now
        if now < self._next:
            return
        self._next = now + PATIENCE
        for key, account in exchange.accounts.items():
            if not account.positions and key not in self._called:
                continue
            sums = account.funds(exchange.markets.last)
            if sums.available >= 0:
                self._called.pop(key, None)
            elif key not in self._called:
                self._called[key] = now
                self.tell(key, _wanting(sums.available, sums.margin, sums.balance))
            elif self._after is not None and now - self._called[key] >= self._after:
                self.close(account, enough=True)

    def settled(self) -> None:
        """Call for margin where the day's settlement has left too little for the next."""
        exchange = self._exchange
        self._called.clear()
        for key, account in exchange.accounts.items():
            wanting = account.pre_margin - account.pre_balance
            if wanting > 0:
                self._called[key] = exchange.now
                self.tell(key, _call(account, wanting))

    def tell(self, key: AccountKey, text: str) -> TradingNotice:
        """Send a trading notice to an investor."""
        exchange = self._exchange
        notice = exchange.notices.add(key, RISK_USER, f"{exchange.now:%H:%M:%S}", text)
        exchange.tell(Push(key, "OnRtnTradingNotice", notice.row()))
        return notice

    def close(
        self,
        account: Account,
        instrument: str = "",
        most: int = 0,
        reason: str = LACK_OF_MONEY,
        *,
        enough: bool = False,
    ) -> None:
        """Close positions in the broker's name, after cancelling the account's own orders there.

        :param instrument: the only one to close; all where empty.
        :param most: lots of each position; all where 0.
        :param enough: stop when the account's available money is no longer below 0.
        """
        self._cancel(account, instrument)
        markets = self._exchange.markets
        held = [
            position
            for position in account.positions.values()
            if position.volume()
            and instrument in ("", position.contract.instrument)
            and markets.status(position.contract) == CONTINUOUS
        ]
        for position in sorted(held, key=self._margin, reverse=True):
            left = most or position.volume()
            for flag in (FORCED, CLOSE_TODAY) if position.contract.by_date else (FORCED,):
                while True:
                    size = self._wanted(account, position) if enough else left
                    volume = min(size, left, position.closable(flag), _largest(position))
                    if volume <= 0 or not self._insert(account, position, flag, volume, reason):
                        break
                    left -= volume

    def _margin(self, position: Position) -> int:
        last = self._exchange.markets.last(position.contract.instrument)
        return position.volume() * position.lot_margin(last)

    def _wanted(self, account: Account, position: Position) -> int:
        """Return how many lots of a position cover the money that is short, 0 where none is.

        Lots that the broker's own orders still have to close count as closed.
        """
        last = self._exchange.markets.last
        wanting = -account.funds(last).available
        for order in self._exchange.engine.orders_of((account.broker, account.investor)):
            if order.alive and order.text("UserID") == RISK_USER:
                wanting -= order.left * order.position.lot_margin(last(order.contract.instrument))
        each = position.lot_margin(last(position.contract.instrument))
        if wanting <= 0:
            return 0
        return -(-wanting // each) if each else position.volume()

    def _cancel(self, account: Account, instrument: str) -> None:
        """Cancel the investor's resting orders, so that no lots are frozen."""
        exchange = self._exchange
        mine = [
            order
            for order in exchange.engine.orders_of((account.broker, account.investor))
            if order.alive
            and order.text("UserID") != RISK_USER
            and instrument in ("", order.contract.instrument)
        ]
        for order in mine:
            # Without a UserID, so that the investor gets no refusal; the session has it.
            action = {
                "BrokerID": account.broker,
                "InvestorID": account.investor,
                "ExchangeID": order.contract.exchange,
                "InstrumentID": order.contract.instrument,
                "OrderSysID": order.sys_id,
                "FrontID": order.front,
                "SessionID": order.session,
                "OrderRef": order.ref,
                "ActionFlag": "0",
            }
            exchange.act(self._of(account), "ReqOrderAction", action)

    def _insert(
        self, account: Account, position: Position, flag: str, volume: int, reason: str
    ) -> bool:
        """Enter an order of the broker's at the day's limit; return whether it was taken."""
        exchange, contract = self._exchange, position.contract
        side = SELL if position.direction == BUY else BUY
        day = exchange.markets.market(contract.instrument).day
        values = {
            "InstrumentID": contract.instrument,
            "ExchangeID": contract.exchange,
            "OrderPriceType": "2",
            "Direction": side,
            "CombOffsetFlag": flag,
            "CombHedgeFlag": position.hedge,
            "LimitPrice": yuan(day.lower if side == SELL else day.upper),
            "VolumeTotalOriginal": volume,
            "TimeCondition": "3",
            "VolumeCondition": "1",
            "MinVolume": 1,
            "ContingentCondition": "1",
            "ForceCloseReason": "0",
        }
        try:
            order = exchange.checks.insert(
                self._of(account), account, FRONT_ID, values, exchange.now
            )
        except Refused:
            # A part of the position is still under an order, or may not be traded.
            return False
        # No client may enter an order that reads so.
        order.values = {**order.values, "ForceCloseReason": reason}
        exchange.engine.enter(order, exchange.now)
        exchange.checks.touch(contract.instrument, exchange.now)
        return True

    def _of(self, account: Account) -> Session:
        """Return the desk's own session, in the name of an account."""
        if self._session is None:
            number = self._exchange.take_session_id()
            self._session = Session(number, True, self._exchange.now, user_id=RISK_USER)
        self._session.account = account.broker, account.investor
        return self._session


def _largest(position: Position) -> int:
    """Return the most lots of an order."""
    return position.contract.limit_volumes[1]


def _wanting(available: int, margin: int, balance: int) -> str:
    return (
        f"风险通知：您的可用资金为{yuan(available):.2f}元，{_degree(margin, balance)}，"
        f"请及时追加保证金或减仓，否则我司将按合同约定对您的持仓强行平仓。"
    )


def _call(account: Account, wanting: int) -> str:
    return (
        f"追加保证金通知：结算后您的客户权益为{yuan(account.pre_balance):.2f}元，"
        f"保证金占用{yuan(account.pre_margin):.2f}元，"
        f"{_degree(account.pre_margin, account.pre_balance)}，"
        f"请于下一交易日开市前追加保证金{yuan(wanting):.2f}元。"
    )


def _degree(margin: int, balance: int) -> str:
    """Word the degree of risk: the share of the balance that margins use."""
    return f"风险度{margin / balance:.2%}" if balance > 0 else "权益不足"

"""The portfolio of one session: begun by its first subscriber, told to those that have subscribed.

All methods run in the reactor's thread.
"""

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from time import time
from typing import Any, Final, Protocol

from twisted.logger import Logger

from webctp.clock import Wall
from webctp.ctp import errors
from webctp.ctp.bridge import CallbackEvent
from webctp.ctp.refusal import Refusal
from webctp.gateway.messages import own, own_portfolio
from webctp.gateway.messages.encoder import frame
from webctp.gateway.portfolio.asked import Asked
from webctp.gateway.portfolio.curve import AccountCurve
from webctp.gateway.portfolio.holding import holding_of
from webctp.gateway.portfolio.offsets import AutoOffsets
from webctp.gateway.portfolio.prices import MakePrices
from webctp.gateway.portfolio.subscriber import Subscriber
from webctp.language.text import english
from webctp.upstream.account import AccountKey
from webctp.upstream.journal.trading import TradingJournal
from webctp.upstream.offset.split import Holding
from webctp.upstream.orders.checks import ORDER_PATIENCE
from webctp.upstream.orders.order import Order
from webctp.upstream.portfolio import reading
from webctp.upstream.portfolio.asking import Asking
from webctp.upstream.portfolio.context import PortfolioContext, Update
from webctp.upstream.portfolio.drift import Drift
from webctp.upstream.portfolio.facts import BUY, LONG, SHORT, Key
from webctp.upstream.portfolio.keeper import PortfolioKeeper
from webctp.upstream.portfolio.preview import order_of, preview
from webctp.upstream.portfolio.working import Working
from webctp.upstream.session.login import LoginState
from webctp.upstream.trading.session import TradingSession
from webctp.upstream.turns import Turns

_log = Logger()

_HEDGES: Final = frozenset("1234567")
"""``TThostFtdcHedgeFlagType``: speculation, arbitrage, hedge, covered, market maker …"""


class Flow(Protocol):
    """The day's flow of a session."""

    @property
    def is_whole(self) -> bool:
        """Whether nothing but former states of orders is missing."""

    @property
    def events(self) -> Sequence[CallbackEvent]:
        """The pushes so far."""


@dataclass(frozen=True, slots=True)
class Portfolios:
    """What the portfolios of a service share.

    :param linger: gives the seconds in which a subscriber whose connection broke may come back.
    :param make_prices: makes what follows market data; None where the daemon has none.
    :param journal: where what orders were split into is kept; None without one.
    :param patience: gives the seconds that such an order waits for the disk (``OrderPatience``).
    :param wall: dates the points of curves.
    """

    context: PortfolioContext
    turns: Turns
    linger: Callable[[], float]
    make_prices: MakePrices | None = None
    journal: TradingJournal | None = None
    patience: Callable[[], float] = lambda: ORDER_PATIENCE
    wall: Wall = time


class Log(Protocol):
    """The numbered pushes of a session."""

    @property
    def seq(self) -> int:
        """The number of the last push."""

    def replace_last(self, frame: bytes) -> None:
        """Remember another frame in the place of the last push."""


class SessionOfPortfolio(Protocol):
    """What is needed of a session and its clients: ``SharedSession``."""

    session: TradingSession

    @property
    def day(self) -> Flow:
        """The day's flow."""

    @property
    def log(self) -> Log:
        """What was pushed."""

    @property
    def followers(self) -> set[Any]:
        """Who takes every push."""

    @property
    def clients(self) -> Mapping[Any, None]:
        """Who is attached."""

    def tell(self, make: Callable[[int], bytes], but: Collection[Any] = ()) -> object:
        """Tell everybody but some something of the gateway's own, under the next number."""


class SessionPortfolio:
    """Keep and tell one session's portfolio, while a client wants it.

    :param shared: the session and its clients.
    """

    def __init__(self, portfolios: Portfolios, shared: SessionOfPortfolio) -> None:
        self._portfolios = portfolios
        self._clock = portfolios.context.clock
        self._shared = shared
        self._keeper: PortfolioKeeper | None = None
        self._owner = AccountKey("", "")
        self._curve = AccountCurve()
        """The day's money, as far as a portfolio was kept."""
        self._waiting = Asked(own_portfolio.SUBSCRIBE)
        self._previews = Asked(own_portfolio.PREVIEW)
        """Previews that wait for what they take."""
        self._absent: list[float] = []
        """Until when subscribers may come back whose connection broke."""
        self._is_needed = False
        """Whether offsets are chosen by it, for the session's lifetime."""
        self._offsets = AutoOffsets(
            self._clock,
            portfolios.journal,
            lambda: shared.session,
            self,
            portfolios.patience,
        )
        """Chooses the offsets of orders that leave it to the gateway."""

    def subscribe(self, client: Subscriber, request_id: int) -> None:
        """Answer with the portfolio as soon as it can be told whole, and tell its changes.

        :raises webctp.ctp.refusal.Refusal: for an operator of several investors.
        """
        if self._keeper is None:
            self._begin(own_portfolio.SUBSCRIBE)
        if self._keeper is not None and self._keeper.is_ready:
            self._answer(client, request_id, self._keeper.snapshot())
        else:
            self._waiting.add((client, request_id))

    def unsubscribe(self, client: Subscriber) -> None:
        """Tell a client nothing more; without clients that want it nothing is kept."""
        client.wants_portfolio = False
        why = english("UnSubscribePortfolio came before the answer")
        self._waiting.refuse(errors.CONFLICT, why, client)
        self._end_if_unwanted()

    def tell_curve(self, client: Subscriber, request_id: int) -> None:
        """Tell the account's money over the day, as far as a portfolio was kept."""
        said = map(own.encode, own_portfolio.curve(request_id, self._curve.day, self._curve.points))
        self._portfolios.turns.run(map(client.say, said))

    def preview(
        self, client: Subscriber, request_id: int, order: Order, bounds: list[Refusal]
    ) -> None:
        """Say what an order would come to, as soon as all is known that it takes; send nothing.

        :param bounds: why the client itself may not send it.
        :raises webctp.ctp.refusal.Refusal: where no portfolio is kept.
        """
        keeper = self._keeper
        if keeper is None or not keeper.is_ready:
            raise Refusal(
                errors.BAD_REQUEST,
                english(
                    "PreviewOrder is answered from the portfolio; "
                    "send SubscribePortfolio first and wait for its answer"
                ),
            )
        if order.body.get("InvestorID") != self._owner.user_id:
            detail = english(
                "PreviewOrder: the portfolio is that of InvestorID {investor}, leave it out",
                investor=self._owner.user_id,
            )
            raise Refusal(errors.BAD_REQUEST, detail)
        if "&" in (order.body.get("InstrumentID") or ""):
            detail = english(
                "PreviewOrder: orders in combinations are not reckoned; preview each leg"
            )
            raise Refusal(errors.BAD_REQUEST, detail)
        working = order_of(order.body)
        _check_key(keeper, working.key)
        asked = client, request_id
        self._previews.add(asked)
        keeper.when_known(
            working.key, lambda: self._previewed(keeper, asked, order, working, bounds)
        )

    def holding(self, order: Order) -> tuple[Key, Holding]:
        """Return which position an order would close, and what can be closed of it.

        The first time the portfolio is begun, and from then on kept while the session lives.

        :raises webctp.ctp.refusal.Refusal: where that cannot be known now.
        """
        self._is_needed = True
        if self._keeper is None:
            self._begin("Offset auto")
        keeper = self._keeper
        if keeper is None or not keeper.is_ready:
            raise Refusal(
                errors.NOT_READY,
                english(
                    "Offset auto: the portfolio by which it is chosen is being read from CTP, "
                    "which takes some seconds; send the order again then"
                ),
            )
        if order.body.get("InvestorID") != self._owner.user_id:
            detail = english(
                "Offset auto: the portfolio is that of InvestorID {investor}, leave it out",
                investor=self._owner.user_id,
            )
            raise Refusal(errors.BAD_REQUEST, detail)
        buys = order.body["Direction"] == BUY
        # What a buyer closes is short.
        side = SHORT if buys else LONG
        key = Key((order.body.get("InstrumentID") or "").strip(), side, order.body["CombHedgeFlag"])
        _check_key(keeper, key)
        return key, holding_of(keeper.portfolio, key)

    def auto(self, client: Subscriber) -> Callable[[Order], None]:
        """Return what enters a client's orders whose offset is to be chosen."""
        return partial(self._offsets.enter, client)

    def left(self, client: Subscriber) -> None:
        """Take note that a client is detached; one that wants the portfolio may come back."""
        if client.wants_portfolio:
            client.wants_portfolio = False
            self._absent.append(self._clock.seconds() + self._portfolios.linger())
        why = english("the client has logged out")
        self._previews.refuse(errors.NOT_LOGGED_IN, why, client)
        self._waiting.refuse(errors.NOT_LOGGED_IN, why, client)

    def resumed(self, client: Subscriber) -> None:
        """Take note that a client resumes: it is told what its former connection was."""
        if self._absent and self._keeper is not None:
            self._absent.pop()
            client.wants_portfolio = True
            # After the answer to its login, and what it has missed beside.
            self._clock.callLater(0, self._tell_whole)

    def ready(self) -> None:
        """Take note that the session is ready, and has been told the day."""
        keeper = self._keeper
        if keeper is None:
            return
        if keeper.day == self._shared.session.trading_day:
            keeper.resume()
        else:
            self._play(keeper)

    def state_changed(self, state: LoginState) -> None:
        """Take note that the session has moved to another state."""
        if state is LoginState.CLOSED:
            self.stop()
        elif state is not LoginState.READY and self._keeper is not None:
            self._keeper.pause()
            self._previews.refuse(errors.NOT_READY, english("the connection to the front is lost"))

    def stop(self) -> None:
        """Keep nothing any longer."""
        keeper, self._keeper = self._keeper, None
        if keeper is not None:
            self._shared.followers.discard(keeper)
            keeper.stop()
        why = english("the session has ended")
        self._previews.refuse(errors.NOT_READY, why)
        self._waiting.refuse(errors.NOT_READY, why)

    # The keeper's listener.

    def portfolio_ready(self) -> None:
        """Answer those that wait; others are told the new day's portfolio whole."""
        keeper = self._keeper
        if keeper is None:
            return
        update = keeper.snapshot()
        self._note(update)
        waiting = self._waiting.take()
        if self._unwilling != set(self._shared.clients):
            self._tell(update, is_snapshot=True)
        for client, request_id in waiting:
            self._answer(client, request_id, update)

    def portfolio_changed(self, update: Update) -> None:
        """Tell what has changed."""
        self._note(update)
        if not self._end_if_unwanted():
            self._tell(update, is_snapshot=False)

    def portfolio_drifted(self, drifts: Sequence[Drift]) -> None:
        """Tell what CTP's answers have otherwise."""
        owner = self._owner
        _log.warn(
            "a portfolio differs from CTP's answers in {count} figures; CTP's word is taken",
            count=len(drifts),
            account=owner,
        )
        if not self._is_heard:
            return
        told = own_portfolio.differences(drifts)
        self._shared.tell(
            lambda seq: own.encode(
                own_portfolio.RtnPortfolioDrift(
                    Seq=seq,
                    BrokerID=owner.broker_id,
                    InvestorID=owner.user_id,
                    Differences=told,
                )
            ),
            self._unwilling,
        )

    def portfolio_refused(self, query: str, code: int) -> None:
        """Refuse those that wait: CTP does not say what is needed."""
        why = english(
            "SubscribePortfolio: CTP has refused {query} ({code}); send it again later",
            query=query,
            code=code,
        )
        self._waiting.refuse(errors.NOT_READY, why)
        self._end_if_unwanted()

    # Inside.

    def _note(self, update: Update) -> None:
        if self._keeper is not None:
            self._curve.take(self._keeper.day, self._portfolios.wall(), update.account)

    def _previewed(
        self,
        keeper: PortfolioKeeper,
        asked: tuple[Subscriber, int],
        order: Order,
        working: Working,
        bounds: list[Refusal],
    ) -> None:
        """Answer a preview, unless its client is gone."""
        if asked not in self._previews:
            return
        self._previews.remove(asked)
        client, request_id = asked
        found = preview(keeper.portfolio, working)
        if found is None:
            detail = english(
                "InstrumentID {name!a}: CTP tells no terms or fees of it",
                name=working.key.instrument[:80],
            )
            client.refuse(own_portfolio.PREVIEW, errors.BAD_REQUEST, detail, request_id)
            return
        refusals = [*bounds, *self._shared.session.preview(order), *found.refusals]
        caveats = sorted(keeper.portfolio.uncertain())
        language = client.peer.language
        told = own_portfolio.previewed(request_id, found, refusals, caveats, language)
        client.say(own.encode(told, language))

    def _begin(self, asked: str) -> None:
        """Begin a portfolio for what was ``asked``.

        :raises webctp.ctp.refusal.Refusal: for an operator of several investors.
        """
        session = self._shared.session
        investor = session.defaults.get("InvestorID")
        if investor is None:
            raise Refusal(
                errors.BAD_REQUEST,
                english(
                    "{asked}: this login is an operator's of several investors; "
                    "log in as the investor",
                    asked=asked,
                ),
            )
        owner = self._owner = AccountKey(session.broker_id, investor)
        portfolios = self._portfolios
        context = portfolios.context
        person = {"BrokerID": owner.broker_id, "InvestorID": owner.user_id}
        asking = Asking(
            context.clock,
            context.catalogue,
            self._shared.session.request,
            reading.ANSWERED,
            person,
            context.counts,
        )
        prices = None if portfolios.make_prices is None else portfolios.make_prices()
        keeper = self._keeper = PortfolioKeeper(context, asking, owner.user_id, prices, self)
        self._shared.followers.add(keeper)
        self._play(keeper)

    def _play(self, keeper: PortfolioKeeper) -> None:
        day = self._shared.day
        steps = keeper.begin(self._shared.session.trading_day, day.events, is_whole=day.is_whole)
        self._portfolios.turns.run(steps)

    @property
    def _unwilling(self) -> set[Any]:
        return {client for client in self._shared.clients if not client.wants_portfolio}

    def _end_if_unwanted(self) -> bool:
        """End what nobody wants any longer; gives whether it has ended."""
        now = self._clock.seconds()
        self._absent = [until for until in self._absent if until > now]
        wanted = self._absent or self._waiting or self._is_needed
        if wanted or any(client.wants_portfolio for client in self._shared.clients):
            return False
        self.stop()
        return True

    def _answer(self, client: Subscriber, request_id: int, update: Update) -> None:
        client.wants_portfolio = True
        state = self._state(update, is_snapshot=True)
        client.say(own.encode(own_portfolio.answer(request_id, self._shared.log.seq, state)))

    @property
    def _is_heard(self) -> bool:
        """Whether somebody is told: a subscriber, or one that may come back."""
        return bool(self._absent) or any(one.wants_portfolio for one in self._shared.clients)

    def _tell(self, update: Update, *, is_snapshot: bool) -> None:
        if not self._is_heard:
            return
        state = self._state(update, is_snapshot=is_snapshot)
        self._shared.tell(
            lambda seq: own.encode(own_portfolio.RtnPortfolio(Seq=seq, Portfolio=state)),
            self._unwilling,
        )
        # Fifty positions twice a second would push orders and trades out of the replay: the number
        # is kept, for who counts them, and who comes back is told the whole beside.
        log = self._shared.log
        log.replace_last(frame(own.encode(own_portfolio.RtnPortfolio(Seq=log.seq, Portfolio=None))))

    def _tell_whole(self) -> None:
        """Tell the portfolio whole: a client has come back."""
        keeper = self._keeper
        if keeper is not None and keeper.is_ready and not self._end_if_unwanted():
            self._tell(keeper.snapshot(), is_snapshot=True)

    def _state(self, update: Update, *, is_snapshot: bool) -> own_portfolio.PortfolioState:
        keeper = self._keeper
        day = "" if keeper is None else keeper.day
        return own_portfolio.state(self._owner, day, update, is_snapshot=is_snapshot)


def _check_key(keeper: PortfolioKeeper, key: Key) -> None:
    """Refuse what can be no position, before anything is asked about it.

    :raises webctp.ctp.refusal.Refusal: for an instrument that CTP does not list, and a hedge flag
        that there is not.
    """
    if key.instrument not in keeper.portfolio.facts.terms:
        raise Refusal(
            errors.BAD_REQUEST,
            english("InstrumentID {name!a}: CTP lists none such", name=key.instrument[:80]),
        )
    if key.hedge not in _HEDGES:
        raise Refusal(
            errors.BAD_REQUEST,
            english(
                "CombHedgeFlag {flag!a} is none; it is one of {flags}",
                flag=key.hedge,
                flags=", ".join(sorted(_HEDGES)),
            ),
        )

"""Keep the portfolio of one session's account: from its pushes, from queries, from prices.

It begins with the day's flow so far and a few queries, one after another at the session's pace,
and from then on tells what changes, no more often than its interval. Now and then it is held
against queries at a quiet moment, and CTP's word taken. Everything runs in the reactor's thread.
"""

from collections import deque
from collections.abc import Callable, Iterator, Sequence
from functools import partial
from itertools import chain
from typing import Final

from twisted.internet.interfaces import IDelayedCall

from webctp.ctp.bridge import CallbackEvent
from webctp.ctp.codec import codec_for
from webctp.upstream.portfolio import reading
from webctp.upstream.portfolio.account import params_of
from webctp.upstream.portfolio.asking import Asking, PriceTurn
from webctp.upstream.portfolio.context import (
    PortfolioContext,
    PortfolioListener,
    Prices,
    Update,
)
from webctp.upstream.portfolio.drift import reconcile
from webctp.upstream.portfolio.facts import (
    COMMISSION,
    DEPTH,
    INSTRUMENT,
    MARGIN,
    Facts,
    Key,
    Need,
    Row,
)
from webctp.upstream.portfolio.figures import AccountFigures, PositionFigures
from webctp.upstream.portfolio.mishaps import Mishaps
from webctp.upstream.portfolio.money import units
from webctp.upstream.portfolio.portfolio import COMBINATION, EXERCISE, Portfolio
from webctp.upstream.turns import batched

_AT_ONCE: Final = 32
"""Pushes of the day's flow that are taken in a step: some 0.3 ms."""
SETTLE: Final = 1.0
"""Seconds after the last answer in which no push may come, until a portfolio is held against it:
answers and pushes take different ways."""
SOON: Final = 3.0
"""Seconds until a reconciliation where only queries tell what something has come to."""
UNSETTLED: Final = 10.0
"""Seconds until another attempt where pushes came in between."""
_SPECULATION: Final = "1"


class PortfolioKeeper:
    """Keep one account's portfolio.

    :param investor: whose pushes count.
    :param prices: the daemon's market data; None where it has none.
    """

    def __init__(
        self,
        context: PortfolioContext,
        asking: Asking,
        investor: str,
        prices: Prices | None,
        listener: PortfolioListener,
    ) -> None:
        catalogue = context.catalogue
        codec = codec_for(catalogue.module)
        self._layouts = {
            name: codec.layout(catalogue.callbacks[name].body_struct).part(fields)
            for name, fields in reading.PUSHED.items()
            if name in catalogue.callbacks
        }
        self._clock = context.clock
        self._context = context
        self._asking = asking
        self._investor = investor
        self._prices = prices
        self._listener = listener
        self._counts = context.counts
        self._portfolio = Portfolio("", Facts())
        self._later: list[CallbackEvent] | None = []
        """What came while the day's flow was played; None once that is over."""
        self._steps: deque[Callable[[], None]] = deque()
        self._rows: dict[str, list[Row]] = {}
        self._is_funded = False
        self._told: dict[Key, PositionFigures] = {}
        self._told_account: tuple[AccountFigures, tuple[str, ...]] | None = None
        self._reconcile_at = 0.0
        self._compared = -1
        self._turn = PriceTurn()
        self._timer: IDelayedCall | None = None
        self._begun: object = None
        self._asked: list[Callable[[], object]] = []
        self._mishaps = Mishaps(context.interval, investor)
        asking.guard(self._answer_failed)
        self._is_running = self._is_put_off = False
        self.is_ready = False
        """Whether the portfolio can be told whole."""
        self._counts.kept += 1

    # From outside.

    def begin(self, day: str, flow: Sequence[CallbackEvent], *, is_whole: bool) -> Iterator[None]:
        """Begin a trading day's portfolio: take the flow so far, some in a step, then ask.

        :param is_whole: whether the flow is; else the day's orders and trades are asked for, too.
        """
        self._asking.stop()
        self._portfolio = Portfolio(day, Facts(self._context.terms.of(day)))
        self._later = []
        self._is_funded = self.is_ready = False
        self._told, self._told_account = {}, None
        self._is_running = True
        self._begun = mark = object()
        for some in batched(flow, _AT_ONCE):
            if self._begun is not mark:
                return  # another day has begun meanwhile
            for event in some:
                self._take_safely(event)
            yield
        later, self._later = self._later or [], None
        for event in later:
            self._take_safely(event)
        self._start(is_whole=is_whole)

    def take(self, event: CallbackEvent) -> None:
        """Take a push of the session."""
        if self._later is not None:
            self._later.append(event)
        else:
            self._take_safely(event)

    def pause(self) -> None:
        """Ask for nothing: the connection is lost. Pushes are taken when they come again."""
        self._is_running = False
        self._asking.stop()
        self._steps.clear()
        self._rows.clear()
        self._asked.clear()
        self._stop_timer()

    def resume(self) -> None:
        """Go on: the session is ready again, on the same trading day."""
        self._is_running = True
        if self._later is not None:
            return
        if self.is_ready:
            self._reconcile_at = self._clock.seconds()
        self._start()

    def stop(self) -> None:
        """Keep nothing any longer."""
        self.pause()
        if self._prices is not None:
            self._prices.watch(frozenset())
        self._counts.kept -= 1

    def when_known(self, key: Key, call: Callable[[], object]) -> None:
        """Call when all is known, or answered with nothing, that reckons a position."""
        if self._portfolio.want(key) is None:
            call()
            return
        self._asked.append(call)
        self._go_on()

    @property
    def day(self) -> str:
        """The trading day that is kept."""
        return self._portfolio.day

    @property
    def portfolio(self) -> Portfolio:
        """What is kept."""
        return self._portfolio

    def snapshot(self) -> Update:
        """Return the whole portfolio; what is told from now on is what changes."""
        self._tell()  # who has subscribed before is told what it lacks
        money, figures = self._portfolio.figures()
        caveats = tuple(sorted(self._portfolio.uncertain()))
        self._told, self._told_account = dict(figures), (money, caveats)
        return Update(money, tuple(figures.values()), caveats)

    # Pushes.

    def _take_safely(self, event: CallbackEvent) -> None:
        """Take a push; one that cannot be taken is nobody else's trouble, and is asked about."""
        try:
            self._take(event)
        except Exception:  # noqa: BLE001 - others follow the session as well
            self._mishaps.failed(self._clock.seconds())
            self._soon()

    def _take(self, event: CallbackEvent) -> None:
        callback, body, *_ = event
        name = callback.name
        layout = self._layouts.get(name)
        if layout is not None and body is not None:
            row = layout.unpack(body)
            if name in reading.TRANSFERS:
                self._transferred(row, reading.TRANSFERS[name])
            elif row["InvestorID"] == self._investor and row["TradingDay"] == self._portfolio.day:
                if name == reading.ORDER:
                    self._portfolio.take_order(row)
                else:
                    self._portfolio.take_trade(row)
        elif name in reading.UNCLEAR:
            if name == reading.COMBINES:
                self._portfolio.caveats.add(COMBINATION)
            elif name in reading.EXERCISES:
                self._portfolio.caveats.add(EXERCISE)
            self._portfolio.version += 1
            self._soon()

    def _transferred(self, row: Row, sign: int) -> None:
        """Take a transfer; one of before the account was asked for is in the answer."""
        done = not row["ErrorID"] and row["TransferStatus"] == "0"
        is_own = str(row["AccountID"]).strip() == self._investor
        if done and is_own and self._is_funded and row["CurrencyID"] in reading.YUAN:
            self._portfolio.take_transfer(sign * units(row["TradeAmount"]))
        self._soon()

    def _soon(self) -> None:
        if self.is_ready:
            self._reconcile_at = min(self._reconcile_at, self._clock.seconds() + SOON)

    # Queries.

    def _plan(self, *, is_whole: bool) -> None:
        """Line up what a day's portfolio is begun with."""
        self._steps.clear()
        # Another session may be amid the list: what it has by now may lack what this one holds.
        if not self._context.terms.is_whole(self._portfolio.day):
            self._steps.append(self._ask_terms)
        if self._asking.knows(reading.PARAMS):
            self._steps.append(lambda: self._asking.ask(reading.PARAMS, self._params))
        if not is_whole:
            orders = partial(self._take_each, self._portfolio.take_order)
            trades = partial(self._take_each, self._portfolio.take_trade)
            self._steps.append(lambda: self._asking.ask(reading.ORDERS, orders))
            self._steps.append(lambda: self._asking.ask(reading.TRADES, trades))
        if not self._portfolio.is_seeded:
            self._steps.append(partial(self._keep_rows, reading.DETAILS))
            self._steps.append(partial(self._keep_rows, reading.POSITIONS))
            self._steps.append(self._ask_unlisted)
            self._steps.append(self._seed)
        self._steps.append(partial(self._keep_rows, reading.ACCOUNT))
        self._steps.append(self._fund)
        self._steps.append(self._ask_rates)

    def _go_on(self) -> None:
        """Ask the next thing, if anything; keep time otherwise."""
        if not self._is_running or self._asking.is_busy or self._is_put_off:
            return
        if self._steps:
            self._steps.popleft()()
            if not self._asking.is_busy:
                self._go_on()
            return
        need = self._need()
        if need is not None:
            asked = {"InstrumentID": need.instrument, "HedgeFlag": need.hedge}
            self._asking.ask(need.query, lambda rows, _: self._learn(need, rows), asked)
            return
        if not self.is_ready:
            self.is_ready = True
            self._reconcile_at = self._clock.seconds() + min(SOON, self._context.reconcile)
            self._look_at_prices()
            self._listener.portfolio_ready()
        calls, self._asked = self._asked, []
        for call in calls:
            call()
        self._keep_time()

    def _need(self) -> Need | None:
        """Return what is to be asked next; prices that ticks tell need no query."""
        for need in self._portfolio.needs():
            quote = None
            if need.query == DEPTH and self._prices is not None:
                quote = self._prices.quote(need.instrument)
            if quote is None:
                return need
            self._portfolio.facts.quotes[need.instrument] = quote
            self._portfolio.take_fact(need, ())
        return None

    def _ask_terms(self) -> None:
        each = partial(self._portfolio.facts.take, Need(INSTRUMENT, ""))
        day = self._portfolio.day

        def whole(*_: object) -> None:
            self._context.terms.took_all(day)
            self._go_on()

        self._asking.ask(INSTRUMENT, whole, each=each)

    def _ask_unlisted(self) -> None:
        """Ask for the instruments of answers that the list of all did not have, one by one."""
        rows = chain(self._rows[reading.DETAILS], self._rows[reading.POSITIONS])
        names = (str(row["InstrumentID"]) for row in rows)
        needs = (self._portfolio.facts.unlisted(name) for name in names if "&" not in name)
        need = next(filter(None, needs), None)
        if need is not None:
            self._steps.appendleft(self._ask_unlisted)
            asked = {"InstrumentID": need.instrument}
            self._asking.ask(INSTRUMENT, lambda found, _: self._learn(need, found), asked)

    def _ask_rates(self) -> None:
        """Ask for the rates of all that is held at once, where something is."""
        held = {key.instrument for key in self._portfolio.positions}
        if not held:
            return

        def fees(rows: list[Row], _: int) -> None:
            for row in rows:
                self._portfolio.facts.take(Need(COMMISSION, ""), row)
            self._portfolio.facts.spread(held)
            self._learn(Need(COMMISSION, ""), [])

        def margins(rows: list[Row], _: int) -> None:
            self._learn(Need(MARGIN, "", _SPECULATION), rows)

        self._steps.append(lambda: self._asking.ask(MARGIN, margins, {"HedgeFlag": _SPECULATION}))
        self._asking.ask(COMMISSION, fees)

    def _params(self, rows: list[Row], _: int) -> None:
        if rows:
            self._portfolio.account.params = params_of(rows[0])
        self._go_on()

    def _take_each(self, take: Callable[[Row], object], rows: list[Row], _: int) -> None:
        for row in rows:
            take(row)
        self._go_on()

    def _keep_rows(self, name: str) -> None:
        def on_rows(rows: list[Row], code: int) -> None:
            if not code:
                self._rows[name] = rows
                self._go_on()
                return
            self._steps.clear()
            self._rows.clear()
            if self.is_ready:
                self._reconcile_at = self._clock.seconds() + UNSETTLED
                self._go_on()
            else:
                self._listener.portfolio_refused(name, code)
                if self._is_running:  # others have subscribed, and wait for another day's
                    self._timer = self._clock.callLater(UNSETTLED, self._start)

        self._asking.ask(name, on_rows)

    def _start(self, *, is_whole: bool = True) -> None:
        """Line up what a portfolio lacks that is not ready, and go on."""
        self._stop_timer()
        self._is_put_off = False
        try:
            if not self.is_ready:
                self._plan(is_whole=is_whole)
            self._go_on()
        except Exception:  # noqa: BLE001 - it is tried again
            self._answer_failed()

    def _answer_failed(self) -> None:
        """Go on after an answer that could not be taken: ask anew, later."""
        wait = self._mishaps.failed(self._clock.seconds())
        self._steps.clear()
        self._rows.clear()
        if self.is_ready:
            self._reconcile_at = self._clock.seconds() + UNSETTLED
            self._keep_time()
        elif self._is_running:
            self._stop_timer()
            self._is_put_off = True
            self._timer = self._clock.callLater(max(wait, SOON), self._start)

    def _seed(self) -> None:
        rows = self._rows
        self._portfolio.seed(rows.pop(reading.POSITIONS), rows.pop(reading.DETAILS))

    def _fund(self) -> None:
        for row in reading.in_yuan(self._rows.pop(reading.ACCOUNT)):
            self._portfolio.account.seed(row)
            self._is_funded = True

    def _learn(self, need: Need, rows: list[Row]) -> None:
        self._portfolio.take_fact(need, rows)
        self._go_on()

    # Reconciliation.

    def _begin_comparison(self) -> None:
        self._compared = self._portfolio.version
        self._rows.clear()
        for name in (reading.ACCOUNT, reading.POSITIONS, reading.DETAILS):
            self._steps.append(partial(self._keep_rows, name))
        self._reconcile_at = self._clock.seconds() + UNSETTLED
        self._steps.append(self._ask_unlisted)
        self._steps.append(self._settle)
        self._go_on()

    def _settle(self) -> None:
        self._reconcile_at = self._clock.seconds() + SETTLE

    def _compare(self) -> None:
        """Hold the portfolio against the answers, if nothing has come since they were asked."""
        rows, self._rows = self._rows, {}
        now = self._clock.seconds()
        accounts = reading.in_yuan(rows.get(reading.ACCOUNT, ()))
        if self._portfolio.version != self._compared or not accounts:
            self._reconcile_at = now + UNSETTLED
            return
        self._reconcile_at = now + self._context.reconcile
        self._counts.reconciled += 1
        positions, details = rows[reading.POSITIONS], rows[reading.DETAILS]
        drifts = reconcile(self._portfolio, accounts[0], positions, details)
        if drifts:
            self._counts.drifts += len(drifts)
            self._listener.portfolio_drifted(drifts)

    # Time.

    def _keep_time(self, wait: float = 0.0) -> None:
        if self._timer is None and self._is_running:
            self._timer = self._clock.callLater(wait or self._context.interval, self._look)

    def _stop_timer(self) -> None:
        if self._timer is not None and self._timer.active():
            self._timer.cancel()
        self._timer = None

    def _look(self) -> None:
        """Look, and keep time whatever comes of it."""
        self._timer = None
        try:
            self._look_once()
        except Exception:  # noqa: BLE001 - the timer is what a portfolio lives by
            self._keep_time(self._mishaps.failed(self._clock.seconds()))
        else:
            self._mishaps.went_well()
            self._keep_time()

    def _look_once(self) -> None:
        """Tell what has changed since the last look; ask for what is due."""
        self._look_at_prices()
        self._tell()
        now = self._clock.seconds()
        if self._context.reconcile and now >= self._reconcile_at and not self._asking.is_busy:
            if self._rows:
                self._compare()
            elif not self._steps:
                self._begin_comparison()
        if self._prices is None and not self._asking.is_busy:
            self._ask_price(now)
        self._go_on()

    def _look_at_prices(self) -> None:
        """Take the newest prices from market data."""
        prices = self._prices
        if prices is None:
            return
        names = self._portfolio.instruments()
        prices.watch(names)
        for name in names:
            price = prices.last(name)
            if price:
                self._portfolio.take_price(name, price)

    def _ask_price(self, now: float) -> None:
        """Ask for the price that is the oldest, in turn."""
        name = None if self._steps else self._turn.take(self._portfolio.instruments(), now)
        if name is None:
            return

        def priced(rows: list[Row], _: int) -> None:
            for row in rows:
                self._portfolio.take_price(str(row["InstrumentID"]), units(row["LastPrice"]))
            self._go_on()

        self._asking.ask(DEPTH, priced, {"InstrumentID": name})

    def _tell(self) -> None:
        if self._told_account is None:
            return
        money, figures = self._portfolio.figures()
        caveats = tuple(sorted(self._portfolio.uncertain()))
        told = self._told
        changed = tuple(one for key, one in figures.items() if told.get(key) != one)
        if changed or (money, caveats) != self._told_account:
            self._told, self._told_account = dict(figures), (money, caveats)
            self._listener.portfolio_changed(Update(money, changed, caveats))

"""Keep the conditional orders of one account, and send the order of each whose condition is met.

What is changed is on disk before anything follows from it: a new one before its client is
answered, that a condition is met before the order is entered. The order has a ClientOrderID of its
own, so that it is entered once however often that is tried: after a restart, and after every
outage, what was on its way is looked up in the journal, and entered where it never was. All
methods run in the reactor's thread.
"""

from collections.abc import Iterable
from functools import partial
from typing import Final

import msgspec
from twisted.internet.defer import Deferred
from twisted.internet.interfaces import IDelayedCall
from twisted.logger import Logger
from twisted.python.failure import Failure

from webctp.ctp import errors
from webctp.ctp.refusal import Refusal
from webctp.gateway.conditional.covering import Covering
from webctp.gateway.conditional.environment import Environment, MakePrices, Prices
from webctp.gateway.conditional.sender import Sender
from webctp.language.text import NOTHING, Text, english, reason_of
from webctp.upstream.account import AccountKey
from webctp.upstream.conditional.book import MOST_ALIVE, MOST_ENDED, Book, Met
from webctp.upstream.conditional.conditional import Conditional
from webctp.upstream.conditional.freshness import counts
from webctp.upstream.conditional.table import (
    ConditionalAction,
    ConditionalEvent,
    ConditionalState,
)
from webctp.upstream.conditional.triggers import Kind, is_missed
from webctp.upstream.journal.plans import CONDITIONAL, TAKEN
from webctp.upstream.market.ticks import Moment
from webctp.upstream.orders.client_order import ClientOrder, ClientOrderState, JournalBroken
from webctp.upstream.orders.keys import ENDED
from webctp.upstream.orders.order import Order
from webctp.upstream.trading.session import TradingSession

_log = Logger()

Event, State = ConditionalEvent, ConditionalState

LOOK_EVERY: Final = 0.5
"""Seconds between two looks at the time while something waits."""
MARK_EVERY: Final = 5.0
"""Seconds between two writes of a trailing order's mark: what it moves meanwhile a crash loses."""
NOT_LOGGED_IN: Final = english(
    "the account is not logged in; the condition is watched again after its next login"
)
NO_PRICES: Final = english(
    "this gateway serves no market data, by which its price could be watched; set AppType: both"
)
LATE: Final = english("it was to be sent at once, which is over")
CONDITIONALS_UNKNOWN: Final = "conditional orders are not known: {reason}"
"""What is logged where the journal cannot be read."""
_CANCELLABLE: Final = frozenset({State.WAITING, State.PAUSED})


class AccountConditionals:
    """Keep one account's conditional orders.

    :param make_prices: makes what follows market data; None where the daemon has none.
    """

    def __init__(
        self, environment: Environment, account: AccountKey, make_prices: MakePrices | None
    ) -> None:
        self._environment = environment
        self._account = account
        self._prices: Prices | None = None if make_prices is None else make_prices(self.price)
        self._session: TradingSession | None = None
        self._loading = self._is_loaded = False
        self._timer: IDelayedCall | None = None
        self._marks: dict[str, float] = {}
        """When a trailing order's mark was written last."""
        self._inserting: set[str] = set()
        """The IDs of those whose claim is not answered yet."""
        self._reasons: dict[str, Text] = {}
        """Why each stands where it does, in every language."""
        self.book = Book()
        self._covering = Covering(
            environment.clock, environment.journal, account, self.book, self._covered
        )

    @property
    def is_carried(self) -> bool:
        """Whether a session is there by which orders are sent."""
        return self._session is not None

    @property
    def waits(self) -> bool:
        """Whether the account's session is to live on without a client."""
        return any(one.state is not State.SENT or one.protect for one in self.book)

    # From clients.

    def insert(self, one: Conditional) -> Deferred[Conditional]:
        """Keep a new one; fires when it is on disk, at once with what has its ID already.

        Fails with a Refusal where the ID stands for another request, or there is no disk.

        :raises webctp.ctp.refusal.Refusal: where there are too many.
        """
        name = one.conditional_id
        if name in self._inserting:
            detail = english("ConditionalID {name!a} is being recorded; wait", name=name)
            raise Refusal(errors.CONFLICT, detail)
        is_new = self.book.get(name) is None
        if is_new and len(self.book) + len(self._inserting) >= MOST_ALIVE:
            detail = english(
                "{count} conditional orders of the account wait already; cancel some",
                count=MOST_ALIVE,
            )
            raise Refusal(errors.TOO_MANY, detail)
        self._inserting.add(name)
        claimed = self._environment.journal.claim_plan(one.row())
        kept = claimed.addCallbacks(partial(self._claimed, one), partial(self._unclaimed, one))

        def over(result: Conditional | Failure) -> Conditional | Failure:
            self._inserting.discard(name)
            return result

        return kept.addBoth(over)

    def _claimed(self, one: Conditional, before: bytes | None) -> Conditional:
        if before is not None:
            known = self.book.get(one.conditional_id)
            if before != TAKEN and known is None:
                known = Conditional.of(before)
            if known is None or known.digest != one.digest:
                detail = english(
                    "ConditionalID {name!a} stands for another request", name=one.conditional_id
                )
                raise Refusal(errors.CONFLICT, detail)
            return known
        self.book.put(one)
        self._advance(one.conditional_id, Event.ON_DISK, told=False)
        self._watch()
        self._refresh()
        return self.book.get(one.conditional_id) or one

    def _unclaimed(self, one: Conditional, failure: Failure) -> Conditional:
        failure.trap(JournalBroken)
        # It may come to the disk later all the same: this puts it right.
        refused = msgspec.structs.replace(
            one, state=State.REFUSED, code=errors.NOT_READY, reason="not recorded"
        )
        self._environment.journal.keep_plans([refused.row()])
        detail = english(
            "it is not kept: the journal cannot be written: {reason}",
            reason=reason_of(failure.value),
        )
        raise Refusal(errors.NOT_READY, detail)

    def cancel(self, name: str) -> Deferred[Conditional]:
        """Cancel one that waits; fires when that is on disk.

        :raises webctp.ctp.refusal.Refusal: where it waits no longer, or is not known.
        """
        one = self.book.get(name)
        if one is None:
            detail = english("no conditional order is called {name!a}", name=name)
            raise Refusal(errors.BAD_REQUEST, detail)
        if one.state not in _CANCELLABLE:
            detail = english(
                "conditional order {name!a} is {state} and waits no longer; its order is called "
                "{order!a}",
                name=name,
                state=one.state.value,
                order=one.order_id,
            )
            raise Refusal(errors.CONFLICT, detail)
        cancelled, _ = self.book.advance(name, Event.CANCEL)
        written = self._environment.journal.put_plans([cancelled.row()])
        self._watch()

        def told(_: None) -> Conditional:
            self._environment.changed(cancelled, NOTHING)
            return cancelled

        def not_written(failure: Failure) -> Conditional:
            failure.trap(JournalBroken)
            # In this run it is cancelled, and on disk as soon as there is one.
            self._environment.journal.keep_plans([cancelled.row()])
            self._environment.changed(cancelled, NOTHING)
            detail = english(
                "cancelled in this run, but that is not in the journal: {reason}",
                reason=reason_of(failure.value),
            )
            raise Refusal(errors.NOT_READY, detail)

        return written.addCallbacks(told, not_written)

    # From sessions.

    def ready(self, session: TradingSession) -> None:
        """Take a session that is ready and has been told the day; conditions are watched by it."""
        self._session = session
        if self._is_loaded:
            self._resume()
        elif not self._loading:
            self._loading = True
            loaded = self._environment.journal.unsettled_plans(self._account, CONDITIONAL)
            loaded.addCallbacks(self._load, self._not_loaded)

    def lost(self, session: TradingSession) -> bool:
        """Take note that a session is not ready any more; gives whether it was this one."""
        if self._session is not session:
            return False
        self._session = None
        self._refresh()
        return True

    def stop(self) -> None:
        """Watch nothing any more: the daemon ends."""
        self._session = None
        if self._timer is not None and self._timer.active():
            self._timer.cancel()
        if self._prices is not None:
            self._prices.watch(frozenset())

    def _load(self, values: list[bytes]) -> None:
        self._loading, self._is_loaded = False, True
        for value in values:
            try:
                one = Conditional.of(value)
            except JournalBroken as problem:
                _log.error("journal: {reason}", reason=reason_of(problem), account=self._account)
                continue
            if self.book.get(one.conditional_id) is None:
                self.book.put(one)
                self._advance(one.conditional_id, Event.RESTARTED, told=False)
                if one.state is State.PAUSED and _is_at_once(one):
                    self._advance(one.conditional_id, Event.EXPIRE, LATE)
        self._resume()

    def _not_loaded(self, failure: Failure) -> None:
        failure.trap(JournalBroken)
        self._loading = False  # the next login asks again
        _log.error(CONDITIONALS_UNKNOWN, reason=reason_of(failure.value), account=self._account)

    def _resume(self) -> None:
        """Go on with what was on its way, and watch what waits."""
        session = self._session
        if session is None:
            return
        self._end_of(session.trading_day)
        for one in self.book:
            if one.state in (State.FIRED, State.SENT):
                self._look_up(one)
        self._watch()
        self._refresh()

    def _end_of(self, trading_day: str) -> None:
        for name in self.book.over(trading_day):
            one = self.book.get(name)
            if one is not None and one.state not in (State.RECORDING, State.FIRING):
                reason = english("its last trading day, {day}, is over", day=one.until)
                self._advance(name, Event.EXPIRE, reason)

    # From prices, and from the clock.

    def price(self, instrument: str, price: int, moment: Moment | None) -> None:
        """Take a last price in units, and when it was."""
        session = self._session
        if session is None:
            return
        if not counts(instrument, moment, self._environment.now(), session.trading_day):
            return
        met, moved = self.book.priced(instrument, price)
        now = self._environment.clock.seconds()
        for one in moved:
            if now - self._marks.get(one.conditional_id, 0.0) >= MARK_EVERY:
                self._marks[one.conditional_id] = now
                self._environment.journal.keep_plans([one.row()])
        self._fire(met)

    def _refresh(self) -> None:
        """See what time it is and whether prices come: pause, resume, fire and end what waits."""
        session = self._session
        if session is not None:
            self._end_of(session.trading_day)
        resumed: set[str] = set()
        for one in self.book:
            if one.state not in (State.WAITING, State.PAUSED):
                continue
            objection = self._environment.objection(one)
            why = self._hindrance(one)
            if objection is not None:
                detail, code = objection.detail, objection.code
                self._advance(one.conditional_id, Event.REVOKE, detail, code=code)
            elif session is None and _is_at_once(one):
                self._advance(one.conditional_id, Event.EXPIRE, LATE)
            elif not why and one.state is State.PAUSED:
                self._advance(one.conditional_id, Event.RESUME)
                resumed |= one.instruments
            elif why and (one.state is State.WAITING or one.reason != why):
                self._advance(one.conditional_id, Event.PAUSE, why)
        if resumed and self._prices is not None:
            self._prices.again(resumed)
        met, missed = self.book.timed(self._environment.now())
        for name in missed:
            reason = english("its moment passed while it could not be watched")
            self._advance(name, Event.EXPIRE, reason)
        self._fire(met)
        if len(self.book) and (self._timer is None or not self._timer.active()):
            self._timer = self._environment.clock.callLater(LOOK_EVERY, self._refresh)

    def _hindrance(self, one: Conditional) -> Text:
        """Return why a condition cannot be watched now; empty where it can."""
        if self._session is None:
            return NOT_LOGGED_IN
        trouble = self._environment.journal.trouble
        if trouble is not None:
            return english(
                "the journal cannot be written: {reason}; nothing is sent before it can",
                reason=trouble,
            )
        if not one.is_priced or self._prices is None:
            return NO_PRICES if one.is_priced else NOTHING
        watched = one.instruments | {leg.instrument for leg in one.protect}
        return self._prices.trouble_of(watched)

    def _fire(self, met: Iterable[Met]) -> None:
        """Bring it to disk that conditions are met; then their orders are entered."""
        for name, leg in met:
            one, _ = self.book.advance(name, Event.TRIGGER, fired=leg, reason="")
            self._environment.changed(one, NOTHING)
            written = self._environment.journal.put_plans([one.row()])
            written.addCallbacks(
                partial(self._fired, name), partial(self._not_fired, name)
            ).addErrback(self._unforeseen)

    def _fired(self, name: str, _: None) -> None:
        self._marks.pop(name, None)
        self._send(self._advance(name, Event.ON_DISK))

    def _not_fired(self, name: str, failure: Failure) -> None:
        failure.trap(JournalBroken)
        reason = english(
            "the journal cannot be written: {reason}; nothing is sent before it can",
            reason=reason_of(failure.value),
        )
        self._advance(name, Event.NOT_ON_DISK, reason, fired=-1)

    # Its order.

    def _send(self, one: Conditional) -> None:
        """Enter the order of one whose condition is met; not without a session: at its return."""
        session = self._session
        if session is None:
            return
        owner = Sender(self, one.conditional_id)
        method = self._environment.insert
        order = Order(method, one.order_body, 0, one.order_id, owner, one.token)
        _log.info(
            "conditional order {name} of {user_id} sends its order",
            name=one.conditional_id,
            user_id=self._account.user_id,
            account=self._account,
        )
        try:
            session.entry.enter(order)
        except Refusal as refusal:
            self.refused(one.conditional_id, refusal.code, refusal.detail)

    def _look_up(self, one: Conditional) -> None:
        """Ask the journal what became of an order that may have been sent."""
        name = one.conditional_id

        def found(order: ClientOrder | None) -> None:
            now = self.book.get(name)
            if order is not None:
                self.client_order(order)
            elif now is not None and now.state is State.FIRED:
                leg = now.legs[now.fired]
                if leg.kind is Kind.NOW or is_missed(leg, self._environment.now()):
                    self._advance(name, Event.EXPIRE, LATE)
                else:
                    self._send(now)

        def not_read(failure: Failure) -> None:
            failure.trap(JournalBroken)  # the journal says so; the next login asks again

        asked = self._environment.journal.client_order(one.order_key)
        asked.addCallbacks(found, not_read).addErrback(self._unforeseen)

    def objection(self, name: str) -> Refusal | None:
        """Return why an order may not be sent any more; None where it may."""
        one = self.book.get(name)
        return None if one is None else self._environment.objection(one)

    def refused(self, name: str, code: int, detail: Text) -> None:
        """Take the refusal of an order: for good."""
        one = self.book.get(name)
        if one is not None and one.state in (State.FIRED, State.SENT):
            self._advance(name, Event.ORDER_REFUSED, detail, code=code)

    def client_order(self, order: ClientOrder) -> None:
        """Take what has become of an order, if it is one of ours."""
        one = self.book.of_order(order.client_order_id)
        if one is None or order.state is ClientOrderState.RECORDING:
            return
        if order.state is ClientOrderState.REFUSED:
            text = english("{message} ({code})", message=order.message, code=order.code)
            self.refused(one.conditional_id, order.code, text)
            return
        if one.state in (State.FIRED, State.REFUSED):
            one = self._advance(one.conditional_id, Event.ORDER_SENT, code=0)
        if one.state is not State.SENT:
            return
        if one.protect and order.volume_traded > one.covered:
            self._covering.cover(one, order.volume_traded)
            return  # once that is on disk the order is looked up again
        ended = order.state is ClientOrderState.KNOWN and order.order_status in ENDED
        if ended and one.conditional_id not in self._covering:
            self._advance(one.conditional_id, Event.ORDER_ENDED)

    def _covered(self, name: str, children: tuple[Conditional, ...]) -> None:
        """Watch what protects an order's trades, which is on disk."""
        for child in children:
            if self.book.get(child.conditional_id) is None:
                self.book.put(child)
                self._advance(child.conditional_id, Event.ON_DISK)
        self._watch()
        self._refresh()
        one = self.book.get(name)
        if one is not None and name not in self._covering:
            self._look_up(one)  # its order may have ended meanwhile

    # Inside.

    def _unforeseen(self, failure: Failure) -> None:
        _log.failure("a conditional order was lost sight of", failure, account=self._account)

    def _watch(self) -> None:
        """Follow the instruments that somebody waits for."""
        if self._prices is not None:
            self._prices.watch(self.book.instruments)

    def _advance(
        self,
        name: str,
        event: ConditionalEvent,
        reason: Text = NOTHING,
        *,
        told: bool = True,
        **changes: int,
    ) -> Conditional:
        """Move one to its next state, write that where it is to be written, and tell it."""
        one, action = self.book.advance(name, event, reason=str(reason), **changes)
        self._reasons[name] = reason
        if action is ConditionalAction.RECORD:
            self._environment.journal.keep_plans(self._covering.rows(one))
        if told:
            self._environment.changed(one, reason)
        if one.is_final:
            self._marks.pop(name, None)
            self._watch()
            if len(self._reasons) > MOST_ALIVE + MOST_ENDED:
                del self._reasons[next(iter(self._reasons))]
        return one

    def reason_of(self, one: Conditional) -> str:
        """Return why one stands where it does; in every language where this run has said it."""
        return self._reasons.get(one.conditional_id, one.reason)


def _is_at_once(one: Conditional) -> bool:
    return any(leg.kind is Kind.NOW for leg in one.legs)

"""What one session asks of the risk desk before an insert, and tells it of orders and trades.

It is asked before an insert goes to the disk and again right before the native call, and is told
what becomes of orders. All methods run in the reactor's thread.
"""

from collections.abc import Callable, Iterator, Mapping
from typing import Any, Final

from webctp.ctp import errors
from webctp.ctp.refusal import Refusal
from webctp.language.text import Text, english
from webctp.upstream.account import AccountKey
from webctp.upstream.kill.halts import Halt, KillLevel
from webctp.upstream.kill.killswitch import KillSwitch
from webctp.upstream.orders.keys import RefIdentity, Row, plain_ref
from webctp.upstream.orders.order import Order
from webctp.upstream.risk.accounts import AccountRisk
from webctp.upstream.risk.book import LONG, SHORT, AccountBook
from webctp.upstream.risk.desk import NO_ROOM, RiskDesk, TokenRisk
from webctp.upstream.risk.intent import BUY, InsertKind, Intent, PlainOrder, intent_of
from webctp.upstream.session.reply import Reply

_REFS: Final = {InsertKind.ORDER: ("OrderRef",), InsertKind.QUOTE: ("BidOrderRef", "AskOrderRef")}
_ORDER: Final = InsertKind.ORDER
_MODIFY: Final = "3"
"""``THOST_FTDC_AF_Modify``: an action that is no cancellation, and may make an order larger."""
_MOST_HALTS: Final = 10_000
"""Pairs of investor and token whose halt is remembered while the kill switch does not move."""


class SessionRisk:
    """What one session asks before it sends an insert, and tells of orders and trades.

    It is an :class:`~webctp.upstream.orders.checks.OrderCheck` to be asked before an order goes
    to the disk; :meth:`halted` is asked again right before the native call.

    :param on_parked_moved: called with whose parked orders have moved, so that CTP is to be asked.
    """

    def __init__(
        self,
        desk: RiskDesk,
        identity: AccountKey,
        on_parked_moved: Callable[[AccountKey], object] = lambda _: None,
    ) -> None:
        self._desk = desk
        self._on_parked_moved = on_parked_moved
        self._identity = identity
        self._usual = desk.own(identity)
        self._usual.sessions.add(self)
        self._halts: Mapping[str, Halt] = {}
        self._halted: dict[tuple[AccountKey, str], Halt | None] = {}
        """The strictest halt on an investor and a token, while the kill switch does not move."""
        self._kinds = desk.kinds
        self._order_insert = desk.order_insert
        self._parks = desk.parks
        self._switch = desk.switch
        self._seconds = desk.clock.seconds
        self._user_id = identity.user_id
        self._judged: Order | None = None
        """The insert that was let pass last; it is entered next, or refused."""
        self._plain: PlainOrder | None = None
        """What it says, where it was let pass without the checks."""
        self._judged_of = self._usual
        self._judged_at = 0.0
        """The reactor's seconds of it; 0 where no check asked for the time."""
        self._ctp_session = (0, 0)
        self._former: set[tuple[int, int]] = set()
        """The numbers of logins before, until CTP has told the day again."""
        self.follows = desk.keeps_books
        """See :class:`~webctp.upstream.orders.order.OrderWatch`."""

    def refusal(self, order: Order) -> Refusal | None:
        """See :class:`~webctp.upstream.orders.checks.OrderCheck`."""
        method = order.method
        kind = _ORDER if method is self._order_insert else self._kinds.get(method)
        if kind is None:
            return self._modification(order) if _modifies(order) else None
        switch = self._switch
        if switch is not None and switch.halts:
            refusal = self.halted(order)
            if refusal is not None:
                return refusal
        if not self.follows:
            return None
        body, token, account = order.body, order.token, self._usual
        if body.get("InvestorID") != self._user_id:
            found = self._account(order)
            if found is None:
                return Refusal(errors.TOO_MANY, NO_ROOM)
            account = found
        plain = None
        now = self._seconds() if account.timed or token else 0.0
        if kind is _ORDER:
            book = account.book
            plain = account.clearances.clears(body, book, book, account.counts, now)
            if token and plain is not None and not self._token_clears(token, body, book, now):
                plain = None
        if plain is None:
            detail = self._detail(order, intent_of(kind, body), account)
            if detail is not None:
                return Refusal(errors.FORBIDDEN, detail)
        self._judged, self._judged_of, self._plain, self._judged_at = order, account, plain, now
        return None

    def preview(self, order: Order) -> Iterator[Refusal]:
        """See :class:`~webctp.upstream.orders.checks.OrderCheck`."""
        kind = self._kinds.get(order.method)
        if kind is None:
            return
        refusal = self.halted(order)
        if refusal is not None:
            yield refusal
        if self.follows:
            intent = intent_of(kind, order.body)
            account = self._account(order)
            if account is None:
                yield Refusal(errors.TOO_MANY, NO_ROOM)
                return
            for detail in self._details(order, intent, account):
                yield Refusal(errors.FORBIDDEN, detail)

    def halted(self, order: Order) -> Refusal | None:
        """Return the refusal by the kill switch; None where it lets the order pass."""
        switch = self._desk.switch
        if switch is None or not switch.halts:
            return None
        kind = self._desk.kinds.get(order.method)
        if kind is None and not _modifies(order):
            return None
        account = self._account(order)
        if account is None:
            return Refusal(errors.TOO_MANY, NO_ROOM)
        halt = self._halt_on(switch, account.key, order.token)
        if halt is None:
            return None
        if kind is None:
            return Refusal(errors.FORBIDDEN, said(halt, english("no order is changed; cancel it")))
        if halt.level is KillLevel.REDUCE_ONLY:
            detail = _more_than_reduces(intent_of(kind, order.body), account.book)
            if detail is None:
                return None
            return Refusal(errors.FORBIDDEN, said(halt, detail))
        return Refusal(errors.FORBIDDEN, said(halt, english("nothing is inserted; cancels pass")))

    def _modification(self, order: Order) -> Refusal | None:
        """Return why an order is not changed: no check can tell what would become of it."""
        refusal = self.halted(order)
        if refusal is None and self.follows:
            detail = english("ActionFlag 3 (modify) passes no order check: cancel, then insert")
            refusal = Refusal(errors.FORBIDDEN, detail)
        return refusal

    def _halt_on(self, switch: KillSwitch, investor: AccountKey, token: str) -> Halt | None:
        """Return the strictest halt; looked up anew when the kill switch has moved."""
        if switch.halts is not self._halts:
            self._halts = switch.halts
            self._halted.clear()
        key = investor, token
        if key not in self._halted:
            if len(self._halted) > _MOST_HALTS:
                self._halted.clear()
            self._halted[key] = switch.halt_on({self._identity, investor}, token)
        return self._halted[key]

    def entered(self, order: Order) -> None:
        """Take note that an insert, which :meth:`refusal` has let pass, was sent or will be."""
        if self._judged is not order:
            return
        self._judged = None
        account, plain = self._judged_of, self._plain
        now = self._judged_at or self._seconds()
        token = self._desk.token(order.token) if order.token else None
        if token is not None:
            token.book.new_day(max(account.book.day, token.book.day))
        ref = order.body.get("OrderRef")
        if plain is None or not ref or order.method is self._parks:
            intent = intent_of(self._kinds[order.method], order.body)
            self._enter(order, intent, account, token, now)
            return
        front_id, session_id = self._ctp_session
        # References that the gateway gives are plain.
        if not ref.isdigit() or ref[0] == "0":
            ref = plain_ref(ref)
        key = front_id, session_id, ref
        account.book.enter_plain(key, plain, now, order)
        if account.duplicate_window:
            account.book.note_alike(plain, now, account.duplicate_window)
        if token is not None:
            token.book.enter_plain(key, plain, now, order)
            if token.duplicate_window:
                token.book.note_alike(plain, now, token.duplicate_window)
        if account.counts is not None:
            account.counts.entered(plain.instrument, now)

    def _enter(
        self,
        order: Order,
        intent: Intent,
        account: AccountRisk,
        token: TokenRisk | None,
        now: float,
    ) -> None:
        if order.method is self._parks:
            keys = []  # CTP gives it a reference when it sends it
            account.parked.enter(order, intent, None if token is None else token.book)
        else:
            keys = _keys_of(intent, order, *self._ctp_session)
        for one in (account,) if token is None else (account, token):
            one.book.enter(keys, intent, now, order)
            if one.duplicate_window:
                one.book.note_alike(intent.content, now, one.duplicate_window)
        if account.counts is not None:
            account.counts.entered(intent.instrument, now)

    def dropped(self, order: Order) -> None:
        """Take note that an insert was refused after all, here or by CTP."""
        kind = self._desk.kinds.get(order.method)
        if kind is None or not self.follows:
            return
        if self._judged is order:
            self._judged = None  # it was not entered yet
            return
        keys = [
            (*self._ctp_session, plain_ref(order.body[name]))
            for name in _REFS.get(kind, ())
            if order.body.get(name)
        ]
        account = self._account(order)
        if account is not None:
            account.book.drop(keys, order)
            account.parked.dropped(order)
        for book in self._desk.token_books():
            book.drop(keys, order)

    def answered(self, order: Order, code: int, reply: Reply) -> None:
        """See :class:`~webctp.upstream.orders.order.OrderWatch`."""
        account = None
        if self.follows and order.method in (self._parks, self._desk.removes_parked):
            account = self._account(order)
        if account is None:
            if code != 0:
                self.dropped(order)
        elif order.method is not self._parks:
            if code == 0:
                account.parked.removed(order.body["ParkedOrderID"])
        elif code == 0 and reply.body is not None:
            layout = self._desk.parked_layout
            account.parked.accepted(order, layout.text(reply.body, "ParkedOrderID"))
        elif code in (0, errors.NO_ANSWER):
            account.parked.unanswered(order)
        else:
            self.dropped(order)

    def insert_refused(self, investor: str) -> None:
        """See :class:`~webctp.upstream.orders.order.OrderWatch`: it may have been parked."""
        account: AccountRisk | None = self._usual
        if investor not in ("", self._user_id):
            account = self._desk.find(AccountKey(self._identity.broker_id, investor))
        if account is not None and account.parked.waiting:
            self._on_parked_moved(account.key)

    def take_order(self, row: Row) -> None:
        """Take a RtnOrder, of whatever session of the account."""
        account = self._whose(row)
        if account is not None and account.was_parked(row):
            self._on_parked_moved(account.key)
        self._take_order(account, row)

    def _take_order(self, account: AccountRisk | None, row: Row) -> None:
        passed = [] if account is None else account.take_order(row)
        for book in self._desk.token_books():
            key = row["FrontID"], row["SessionID"], plain_ref(row["OrderRef"])
            if book.is_of_day(row) and book.has(key):
                book.take_order(row, key)
        if passed and account is not None:
            self._desk.tell(account.key, passed)

    def take_trade(self, row: Row) -> None:
        """Take a RtnTrade, of whatever session of the account."""
        self._desk.facts.take_price(str(row["InstrumentID"]), row["Price"] or 0.0)
        account = self._whose(row)
        if account is None:
            return
        passed = account.take_trade(row)
        if passed:
            self._desk.tell(account.key, passed)

    def take_kept(self, kind: str, kept: Mapping[str, object]) -> None:
        """Take an order or a trade that the journal has: CTP may not tell it any more."""
        row = _Kept(kept)
        if kind == "order":
            self._take_order(self._whose(row), row)
        else:
            self.take_trade(row)

    def logged_in(self, day: str, front_id: int, session_id: int) -> None:
        """Take the trading day and the numbers of a login."""
        self._usual.new_day(day)
        before, self._ctp_session = self._ctp_session, (front_id, session_id)
        self._former = {*self._former, before} - {self._ctp_session}

    def flow_replayed(self) -> None:
        """Take note that CTP has told the day: what it does not know of logins before is lost."""
        former, self._former = self._former, set()
        for front_id, session_id in former:
            for book in self._desk.books():
                book.drop_untold(front_id, session_id)

    def _account(self, order: Order) -> AccountRisk | None:
        """Whose an order is: a user's own account, unless an operator names another.

        None where there is no room for that.
        """
        investor = order.body.get("InvestorID")
        if not investor or investor == self._identity.user_id:
            return self._usual
        found = self._desk.find(AccountKey(self._identity.broker_id, investor.strip()))
        if found is not None and found.book.day < self._usual.book.day:
            # Nothing of the day has been told of it: what is in the book is of days before.
            found.new_day(self._usual.book.day)
        return found

    def _whose(self, row: Row) -> AccountRisk | None:
        investor = str(row["InvestorID"])
        if investor == self._identity.user_id or not investor:
            return self._usual
        key = AccountKey(self._identity.broker_id, investor)
        return self._desk.told_of(self._identity, key, str(row["TradingDay"]))

    def _token_clears(
        self, name: str, body: Mapping[str, Any], book: AccountBook, now: float
    ) -> bool:
        """Return whether an order surely passes the checks of its token, too."""
        token = self._desk.token(name)
        if token is None:
            return True
        return token.clearances.clears(body, book, token.book, None, now) is not None

    def _detail(self, order: Order, intent: Intent, account: AccountRisk) -> Text | None:
        """Ask the checks, the cheapest first; the first that refuses says why."""
        return next(self._details(order, intent, account), None)

    def _details(self, order: Order, intent: Intent, account: AccountRisk) -> Iterator[Text]:
        """Give what each check that refuses says."""
        now = self._desk.clock.seconds()
        if account.counts is not None and intent.opens:
            detail = account.counts.refusal(intent.instrument, now)
            if detail is not None:
                yield detail
        book = account.book
        if account.needs_facts or order.token:
            facts = self._desk.facts
            intent.terms = facts.terms(intent.instrument)
            intent.last = facts.last_price(intent.instrument)
        for check in account.checks:
            detail = check.refusal(intent, book, now)
            if detail is not None:
                yield detail
        token = self._desk.token(order.token) if order.token else None
        if token is not None:
            for check in token.checks:
                mine = token.book if check.of_sender else book
                detail = check.refusal(intent, mine, now)
                if detail is not None:
                    yield detail


class _Kept(dict[str, Any]):
    """A row of the journal, which leaves out what is unset."""

    def __missing__(self, name: str) -> str:
        return ""


def said(halt: Halt, what: Text) -> Text:
    """Return a halt for whoever is refused: what is in force, on whom, why; and what that means."""
    return english(
        "the kill switch is at {forbids} for {target}{why}: {what}",
        forbids=halt.level.value,
        target=halt.target,
        why=f" ({halt.reason})" if halt.reason else "",
        what=what,
    )


def _modifies(order: Order) -> bool:
    return order.body.get("ActionFlag") == _MODIFY


def _more_than_reduces(intent: Intent, book: AccountBook) -> Text | None:
    """Return why an insert does not only reduce; None where it does.

    Its offsets say what closes. Where the position is known it must not close more than is held
    and not being closed already, for what closes too much may open elsewhere.
    """
    if intent.opens:
        return english("only closing is sent, and this may open; cancels pass")
    for leg in intent.legs:
        side = SHORT if leg.direction == BUY else LONG
        held = book.held(intent.instrument, side)
        if held is None:
            continue
        free = held - book.closing(intent.instrument, side)
        if leg.volume > free:
            return english(
                "only closing is sent: {free} lots can be closed, found {lots}",
                free=max(free, 0),
                lots=leg.volume,
            )
    return None


def _keys_of(intent: Intent, order: Order, front_id: int, session_id: int) -> list[RefIdentity]:
    """Return what CTP will tell the orders of an insert by; nothing for other instructions."""
    body = order.body
    if intent.kind is InsertKind.ORDER:
        ref = body.get("OrderRef") or ""
        return [(front_id, session_id, plain_ref(ref))] if ref else []
    if intent.kind is not InsertKind.QUOTE:
        return []
    names = ("BidOrderRef" if leg.direction == BUY else "AskOrderRef" for leg in intent.legs)
    return [(front_id, session_id, plain_ref(body[name])) for name in names if body.get(name)]

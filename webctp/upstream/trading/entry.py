"""The order entry of one session: what goes into the market, and what rests there.

Inserts and actions are sent once, at once, within the rate, never kept to be sent later. One that
carries a ClientOrderID waits for the disk first, and the inserts behind it wait with it, for
references must grow; what has waited longer than ``OrderPatience`` is refused. Actions do not
wait for others' inserts. What CTP tells of orders and trades passes through here on its way to
the clients, so that replays are recognised, what rests is known, and the journal has it all.

All methods run in the reactor's thread.
"""

from collections.abc import Callable, Mapping
from functools import partial
from typing import Any, Final

import msgspec
from twisted.internet.interfaces import IReactorTime
from twisted.logger import Logger
from twisted.python.failure import Failure

from webctp.ctp import errors
from webctp.ctp.catalog import Catalogue
from webctp.ctp.codec import CodecError, codec_for, text_of
from webctp.ctp.refusal import Refusal
from webctp.ctp.rspinfo import RspInfo
from webctp.language.text import Text, english, reason_of
from webctp.secret import holds_token
from webctp.upstream.account import AccountKey
from webctp.upstream.journal.orderrecords import OrderRecords
from webctp.upstream.journal.store import Type
from webctp.upstream.journal.trading import PushesKept, TradingJournal
from webctp.upstream.orders.cancelling import Cancelling, TakeSent
from webctp.upstream.orders.checks import OrderCheck, OrderRules
from webctp.upstream.orders.client_order import ClientOrder, ClientOrderState, JournalBroken, Key
from webctp.upstream.orders.client_orders import ClientOrderConflict, ClientOrders
from webctp.upstream.orders.keys import OrderReferences, RefIdentity, ref_of
from webctp.upstream.orders.order import NOBODY, Order
from webctp.upstream.orders.send_queue import SendQueue
from webctp.upstream.orders.working import Cancellation, WorkingOrders
from webctp.upstream.session.reply import OnReply, Reply
from webctp.upstream.trading.figures import TradingFigures
from webctp.upstream.trading.pushes import Encode, Pushes
from webctp.upstream.trading.queries import Send

_log = Logger()

_LOGIN_ANSWER: Final = "CThostFtdcRspUserLoginField"
_ORDER: Final = "OnRtnOrder"
ORDERS_REFUSED: Final = "orders are refused: {detail}"
"""The alarm of a line that did not move in time; logged once, until an order is on disk again."""


class OrderEntry:
    """Enter the orders and actions of one session, each sent at most once.

    :param send: sends a packed request now; :meth:`FrontSession.request` of the session.
    :param usable: whether orders are possible at this moment.
    :param rules: what an order must pass on its way.
    :param journal: the journal, where there is one.
    :param on_asked_about: called when an order is asked about of which CTP may know more.
    :param encode: see :data:`webctp.upstream.trading.pushes.Encode`.
    :param figures: where orders and pushes are counted.
    """

    def __init__(
        self,
        clock: IReactorTime,
        catalogue: Catalogue,
        account: AccountKey,
        send: Send,
        usable: Callable[[], bool],
        rules: OrderRules,
        *,
        journal: TradingJournal | None,
        on_asked_about: Callable[[], object] = lambda: None,
        encode: Encode | None = None,
        figures: TradingFigures | None = None,
    ) -> None:
        self._clock = clock
        self._catalogue = catalogue
        self._codec = codec_for(catalogue.module)
        self._info = RspInfo(catalogue)
        self._account = account
        self._send = send
        self._usable = usable
        self._journal = journal
        self._records = OrderRecords(journal, account)
        self._figures = figures = figures or TradingFigures()
        self._on_asked_about = on_asked_about
        self._checks = rules.checks
        self._send_checks = rules.send_checks
        watch = self._watch = rules.watch
        self._refs = OrderReferences("")
        self._patience = rules.patience
        self._inserts = SendQueue(clock, rules.patience)
        self._actions = SendQueue(clock, rules.patience)
        self._stalled = False
        self._resting = WorkingOrders(catalogue)
        self._cancels = Cancelling(
            clock,
            self._resting,
            lambda one: self.cancel(one, self._cancels.on_refused),
            usable,
            account,
        )
        self.pushes = Pushes(
            clock,
            catalogue,
            self._resting,
            self._cancels,
            journal,
            self._records.keep,
            encode,
            PushesKept() if journal is None else journal.pushes_kept(account),
            figures,
            watch if watch.follows else None,
        )
        """What passes all pushes on to clients, and tells this object of orders."""
        self._ctp_session = (0, 0)
        self._logins = 0

    def enter(self, order: Order) -> None:
        """Send an insert or action. What the API returns, if not 0, is told as its answer.

        References that the body leaves out are filled in. A refusal is written to the journal.

        :raises webctp.ctp.refusal.Refusal: by one of the checks, or for a ClientOrderID that
            stands for something else (-409).
        :raises webctp.upstream.orders.keys.RefRefused: for a reference that does not grow.
        :raises webctp.ctp.codec.CodecError: if the body does not fit its struct.
        """
        try:
            self._enter(order)
        except CodecError:
            raise  # it was no order yet
        except Refusal as refusal:
            self._keep_refusal(order, refusal)
            raise

    def take_settings(self, send_checks: tuple[OrderCheck, ...], patience: float) -> None:
        """Hold orders against other checks, and let them wait for another time, from now on."""
        self._send_checks = send_checks
        self._patience = patience
        for line in (self._inserts, self._actions):
            line.take_patience(patience)

    def _enter(self, order: Order) -> None:
        for check in self._checks:
            refusal = check.refusal(order)
            if refusal is not None:
                raise refusal
        method, body = order.method, order.body
        layout = self._codec.layout(method.request_struct)
        cells = layout.cells(body)
        if order.client_order_id:
            before = self._before(order)
            if before is not None:
                self._asked_again(order, before)
                return
        for check in self._send_checks:
            refusal = check.refusal(order)
            if refusal is not None:
                raise refusal
        content = body.copy()
        filled = self._refs.fill(self._catalogue, method, body)
        packed = layout.packed(layout.cells(filled, cells))
        if order.client_order_id:
            self._record(order, content, packed)
        elif len(self._inserts) and self._in_line(order):
            self._watch.entered(order)
            self._inserts.join(
                partial(self._call_now, order, packed, self._logins),
                partial(self._refuse_waiting, order),
                ref_of(body),
            )
        else:
            self._send_now(order, packed)  # the checks are of this moment
            # After the call, which it need not delay: callbacks come in later turns, and what was
            # not sent has been dropped.
            self._watch.entered(order)

    @property
    def _client_orders(self) -> ClientOrders:
        """The journal's ClientOrderIDs; asked for where one was given, which needs a journal."""
        if self._journal is None:
            raise RuntimeError("a ClientOrderID without a journal")
        return self._journal.client_orders

    def _keep_refusal(self, order: Order, refusal: Refusal) -> None:
        """Count and write down that an order was refused here, and is not sent."""
        self._figures.refused.add(refusal.code)
        self._records.refused(order, refusal)

    def logged_in(self, login_body: bytes) -> None:
        """Take a login's answer: references begin at its MaxOrderRef, and replays may come."""
        login = self._codec.layout(_LOGIN_ANSWER).unpack(login_body)
        if login["TradingDay"] != self._records.trading_day:
            self._records.trading_day = str(login["TradingDay"])
            self._resting.new_day(self._records.trading_day)
            if self._journal is not None:
                self._journal.new_day(self._account, self._records.trading_day)
        self._ctp_session = (int(login["FrontID"]), int(login["SessionID"]))
        if self._journal is not None:
            self._journal.client_orders.logged_in(*self._account, *self._ctp_session)
        # Counted here, because a restart of CTP's may give the same FrontID and SessionID again.
        self._logins += 1
        self._refs.renew(str(login["MaxOrderRef"]))
        self.pushes.logged_in(self._records.trading_day)
        self._resting.login(*self._ctp_session)
        self._watch.logged_in(self._records.trading_day, *self._ctp_session)

    def contract_of(self, by_ref: RefIdentity) -> Mapping[str, str]:
        """Return ExchangeID and InstrumentID of an own order that rests; nothing for others."""
        return self._resting.contract_of(by_ref)

    def ready(self) -> None:
        """Go on with what was to be cancelled: orders are possible again."""
        self._cancels.ready()

    def lost(self) -> None:
        """Note that the connection broke: what CTP has not told of is unknown from now on."""
        if self._journal is not None:
            self._journal.client_orders.lost(*self._ctp_session)

    def state_changed(self, state: str, reason: Text) -> None:
        """Keep a session's change of state."""
        self._records.keep(Type.SESSION, state, detail=reason)

    def on_order_row(self, reply: Reply) -> None:
        """Take a row of a query of orders, which may tell of an order that is unknown."""
        struct, body = reply.callback.struct, reply.body
        if self._journal is not None and body is not None and struct is not None:
            row = self._codec.layout(struct).unpack(body)
            self._journal.client_orders.on_row(_ORDER, row)

    @property
    def waiting(self) -> int:
        """How many orders wait for the disk, or behind one that does."""
        return len(self._inserts) + len(self._actions)

    @property
    def resting(self) -> int:
        """How many orders of this session may still trade."""
        return len(self._resting)

    def cancel_resting(
        self, on_end: Callable[[], object] | None = None, on_sent: TakeSent | None = None
    ) -> None:
        """Cancel what rests; see :meth:`webctp.upstream.orders.cancelling.Cancelling.start`."""
        self._cancels.start(on_end, on_sent)

    @property
    def ctp_sessions(self) -> tuple[tuple[int, int], ...]:
        """FrontID and SessionID of each login of the day: under these its orders are known."""
        return self._resting.sessions

    @property
    def cancelling(self) -> bool:
        """Whether orders rest that are to be cancelled."""
        return self._cancels.under_way

    def stop_cancelling(self) -> None:
        """Cancel no more: the client is back, or the session ends."""
        self._cancels.stop()

    def _before(self, order: Order) -> ClientOrder | None:
        """Return what became of an order's ClientOrderID before; None for a new one."""
        if self._journal is None:
            raise Refusal(
                errors.BAD_REQUEST,
                english("ClientOrderID needs a journal; configure Journal"),
            )
        if holds_token(order.client_order_id):
            detail = english("ClientOrderID holds a token, and is written to disk; take another ID")
            raise Refusal(errors.BAD_REQUEST, detail)
        key = Key(*self._account, order.client_order_id)
        return self._journal.client_orders.find(key, order.method.name, order.body)

    def _tell_before(self, order: Order, before: ClientOrder) -> None:
        order.owner.order_known(order, before)
        self._look_up(before)

    def _look_up(self, before: ClientOrder) -> None:
        """Ask CTP, if it may know more."""
        if before.state in (ClientOrderState.UNKNOWN, ClientOrderState.KNOWN):
            self._on_asked_about()

    def _in_line(self, order: Order) -> bool:
        """Return whether an order must not pass those that wait: an insert, or an action on one.

        Before its insert an action would find nothing, and the insert would be sent after it.
        """
        return order.is_insert or self._inserts.holds(ref_of(order.body))

    def _asked_again(self, order: Order, before: ClientOrder) -> None:
        """Tell what became of the ID; while the disk has not said whether it is new, after that."""
        if before.state is not ClientOrderState.RECORDING:
            self._tell_before(order, before)
            return
        unsure = msgspec.structs.replace(before, state=ClientOrderState.UNKNOWN)
        place = self._actions.join(None, partial(order.owner.order_known, order, unsure))

        def settled(kept: ClientOrder | None) -> None:
            self._actions.ready(place, partial(self._tell_settled, order, unsure, kept))

        self._client_orders.settled(before.key).addCallback(settled).addErrback(self._unforeseen)

    def _tell_settled(self, order: Order, unsure: ClientOrder, kept: ClientOrder | None) -> None:
        if kept is not None and kept.digest != unsure.digest:
            self._refuse(order, ClientOrderConflict(kept))
        else:
            self._tell_before(order, kept or unsure)

    def _record(self, order: Order, content: Mapping[str, Any], packed: bytes) -> None:
        """Bring a new ClientOrderID to disk, and send it then if the session is the same."""
        front_id, session_id = self._ctp_session
        login = self._logins
        orders = self._client_orders
        key = Key(*self._account, order.client_order_id)
        recorded = orders.record(
            key,
            order.method.name,
            content,
            order.body,
            front_id=front_id,
            session_id=session_id,
            trading_day=self._records.trading_day,
        )
        # Joined last, so that an exception above leaves no place taken.
        self._watch.entered(order)
        line = self._inserts if self._in_line(order) else self._actions
        answered: list[ClientOrder] = []

        def late() -> None:
            self._refuse_waiting(order)
            for what in answered:  # it waited behind another, the disk had answered
                self._kept_late(order, what)

        place = line.join(None, late, ref_of(order.body))

        def kept(what: ClientOrder) -> None:
            answered.append(what)
            if not line.ready(place, partial(self._call_kept, order, packed, login, what)):
                self._kept_late(order, what)

        def failed(failure: Failure) -> None:
            if not line.ready(place, partial(self._unrecorded, order, failure)):
                failure.trap(ClientOrderConflict, JournalBroken)

        recorded.addCallbacks(kept, failed).addErrback(self._unforeseen)
        recorded.addCallback(lambda _: orders.settle(key))

    def _kept_late(self, order: Order, kept: ClientOrder) -> None:
        """Take the disk's answer about an order that was refused for having waited too long.

        Its request has had its answer: what became of the ID is told as a change is.
        """
        orders = self._client_orders
        if kept.state is ClientOrderState.RECORDED:
            orders.abandon(kept.key, errors.NOT_READY)
        else:
            orders.announce(kept)
            self._look_up(kept)

    def _refuse_waiting(self, order: Order) -> None:
        """Refuse an order that has waited too long for the disk, or behind one that does."""
        detail = english(
            "it is not sent: the journal's disk did not answer within OrderPatience "
            "({seconds:g} s)",
            seconds=self._patience,
        )
        self._figures.waited_too_long += 1
        if not self._stalled:
            self._stalled = True
            _log.error(ORDERS_REFUSED, detail=detail, account=self._account)
        self._refuse(order, Refusal(errors.NOT_READY, detail))

    def _call_kept(self, order: Order, packed: bytes, login: int, kept: ClientOrder) -> None:
        """Send an order that is on disk; a session that is not ready any more refuses it."""
        if kept.state is not ClientOrderState.RECORDED:
            self._watch.dropped(order)
            self._tell_before(order, kept)
            return
        orders = self._client_orders
        self._stalled = False
        refusal = self._stopped(order, login)
        if refusal is not None:
            orders.abandon(kept.key, refusal.code)
            self._refuse(order, refusal)
            return
        try:
            result = self._call(order, packed, partial(self._answered, order, kept.key))
        except Exception:  # noqa: BLE001 - the client must hear of it, whatever it is
            orders.uncertain(kept.key)
            self._call_failed(order)
        else:
            orders.called(kept.key, result)

    def _call_failed(self, order: Order) -> None:
        method, account = order.method.name, self._account
        _log.failure("a native call has failed: {method}", method=method, account=account)
        detail = english("internal error; see the log. Whether it was sent is not known")
        self._refuse(order, Refusal(errors.BAD_REQUEST, detail))

    def _unrecorded(self, order: Order, failure: Failure) -> None:
        """Refuse an order whose ID is another's, or could not be brought to disk."""
        if isinstance(failure.value, Refusal):
            refusal = failure.value
        elif failure.check(JournalBroken) is None:
            _log.failure("a ClientOrderID could not be recorded", failure, account=self._account)
            detail = english("internal error; see the log. Not sent")
            refusal = Refusal(errors.BAD_REQUEST, detail)
        else:
            detail = english(
                "it is not sent: the journal cannot be kept: {reason}",
                reason=reason_of(failure.value),
            )
            refusal = Refusal(errors.NOT_READY, detail)
        self._refuse(order, refusal)

    def _call_now(self, order: Order, packed: bytes, login: int) -> None:
        """Send an order that has waited behind others, which waited for the disk."""
        refusal = self._stopped(order, login)
        if refusal is not None:
            self._refuse(order, refusal)
        else:
            self._send_now(order, packed)

    def _send_now(self, order: Order, packed: bytes) -> None:
        try:
            self._call(order, packed, partial(self._answered, order, None))
        except Exception:  # noqa: BLE001 - whether it was sent is not known: the journal has it
            self._call_failed(order)

    def _stopped(self, order: Order, login: int) -> Refusal | None:
        """Return why an order is not sent though its turn has come; things may have changed."""
        if not self._usable() or self._logins != login:
            detail = english("the session was lost before the order was sent")
            return Refusal(errors.NOT_READY, detail)
        return self._watch.halted(order)

    def _refuse(self, order: Order, refusal: Refusal) -> None:
        self._watch.dropped(order)
        self._keep_refusal(order, refusal)
        order.owner.order_refused(order, refusal)

    def _call(self, order: Order, packed: bytes, on_reply: OnReply) -> int:
        """Make the native call, and keep a record of it."""
        method = order.method
        times = self.pushes.times
        began = times.now()
        result = self._send(method, packed, on_reply)
        times.called(order, began, result, self._ctp_session)
        self._figures.sent[method.name] += 1
        self._records.called(order, result)
        if result != 0:
            self._figures.not_taken += 1
            self._watch.dropped(order)
            callback = method.reply
            order.owner.order_answered(order, Reply(callback, None, self._info.of(result), True))
        return result

    def _answered(self, order: Order, key: Key | None, reply: Reply) -> None:
        code, text = self._info.code(reply.info), self._info.text(reply.info)
        if key is not None:
            self._client_orders.answered(key, code, text)
        self._watch.answered(order, code, reply)
        if code != 0:
            self._figures.rejected.add(code)
            self._records.rejected(order, reply.callback.msg_type, code, text)
        order.owner.order_answered(order, reply)

    def cancel(self, cancellation: Cancellation, refused: Callable[[str], object]) -> int:
        """Send a cancellation of our own; its keys are bytes, the journal has them as text.

        :param refused: takes what CTP says where it refuses.
        """
        name, body = cancellation
        method = self._catalogue.methods[name]
        self._refs.fill(self._catalogue, method, body)
        packed = self._codec.layout(method.request_struct).pack(body)
        shown = {
            field: text_of(value) if isinstance(value, bytes) else value
            for field, value in body.items()
        }

        order = Order(method, shown, 0, "", NOBODY)

        def answered(reply: Reply) -> None:
            code = self._info.code(reply.info)
            self._watch.answered(order, code, reply)
            if code != 0:
                refused(self._info.text(reply.info))

        return self._call(order, packed, answered)

    def _unforeseen(self, failure: Failure) -> None:
        _log.failure("a ClientOrderID was lost sight of", failure, account=self._account)

"""The order entry of one session: what goes into the market, and what rests there.

Inserts and actions go in the order they came, each once, at once: with a reference that grows,
within the rate, never kept to be sent later. One that carries a ClientOrderID waits for the disk
first, and those behind it wait with it. What CTP tells of orders and trades passes through here
on its way to the clients, so that replays are recognised, what rests is known, and the journal
has it all.

All methods run in the reactor's thread.
"""

from collections.abc import Callable, Mapping
from functools import cache, partial
from typing import Any, Final

import msgspec
from twisted.internet.interfaces import IDelayedCall, IReactorTime
from twisted.logger import Logger
from twisted.python.failure import Failure

from webctp.ctp import errors
from webctp.ctp.bridge import Event
from webctp.ctp.catalog import Callback, Catalogue, Method
from webctp.ctp.codec import Layout, codec_for
from webctp.ctp.rspinfo import RspInfo
from webctp.upstream.books import Books
from webctp.upstream.identity import Identity
from webctp.upstream.journal_entry import ClientOrder, JournalBroken, Key, State
from webctp.upstream.journal_orders import ClientOrderConflict
from webctp.upstream.journal_store import Type
from webctp.upstream.orders import (
    ORDER_FIELDS,
    TRADE_KEY,
    OrderLine,
    OrderRefs,
    Replays,
    RestingOrders,
    identities,
)
from webctp.upstream.pacing import OrderGuard, Send
from webctp.upstream.session import Answer

_log = Logger()

_CANCEL: Final = "ReqOrderAction"
_AGAIN: Final = 1.0
_STILL_RESTING: Final = 10.0
"""Seconds until what rests all the same is cancelled again: in breaks exchanges cancel nothing."""
_LOGIN_ANSWER: Final = "CThostFtdcRspUserLoginField"
_ORDER: Final = "OnRtnOrder"
_TRADE: Final = "OnRtnTrade"
_KINDS: Final = {_ORDER: Type.ORDER, _TRADE: Type.TRADE}


Said = Callable[[str, bytes], bytes]
"""Makes of a struct (its name, its bytes) all that it says to a client.

Padding behind a text's NUL is rubbish, so the structs themselves cannot be compared.
"""


class EntryRefused(Exception):
    """An insert or action that was not sent and will not be; ``code`` is the gateway's."""

    def __init__(self, code: int, detail: str) -> None:
        super().__init__(detail)
        self.code = code
        self.detail = detail


class Order(msgspec.Struct, frozen=True):
    """An insert or action on its way: the request, its body, who is answered.

    ``told`` hears what became of a ClientOrderID that was used before.
    """

    method: Method
    body: dict[str, Any]
    answer: Answer
    client_order_id: str = ""
    told: Callable[[ClientOrder], None] = lambda order: None
    refused: Callable[[EntryRefused], None] = lambda problem: None


class OrderEntry:
    """See the module's text.

    :param send: sends a packed request now; :meth:`Session.request` of the session.
    :param usable: whether orders are possible at this moment.
    :param rate: ``OrderRate``.
    :param books: the journal, where there is one.
    :param flush: called when something was told that no callback of the front brought.
    :param missed: called when an order is asked about of which CTP may know more.
    :param said: see :data:`Said`.
    """

    def __init__(
        self,
        clock: IReactorTime,
        catalogue: Catalogue,
        identity: Identity,
        send: Send,
        usable: Callable[[], bool],
        *,
        rate: int,
        books: Books | None,
        flush: Callable[[], object],
        missed: Callable[[], object] = lambda: None,
        said: Said | None = None,
    ) -> None:
        self._clock = clock
        self._catalogue = catalogue
        self._codec = codec_for(catalogue.module)
        self._info = RspInfo(catalogue)
        self._parts = _parts(catalogue)
        self._said = said or self._plainly_said
        self._identity = identity
        self._send = send
        self._usable = usable
        self._books = books
        self._flush = flush
        self._missed = missed
        self._guard = OrderGuard(clock, rate)
        self._refs = OrderRefs("")
        self._line = OrderLine()
        self._replays = Replays()
        self._resting = RestingOrders()
        self._trading_day = ""
        self._ctp_session = (0, 0)
        self._logins = 0
        self._cancelling = False
        self._again: dict[int, IDelayedCall] = {}
        self._reasons: set[str] = set()

    def enter(self, order: Order) -> None:
        """Send an insert or action. What the API returns, if not 0, is told as its answer.

        References that the body leaves out are filled in.

        :raises EntryRefused: beyond the rate (-429), for want of a journal (-503), or for a
            ClientOrderID that stands for something else (-409).
        :raises webctp.upstream.orders.RefRefused: for a reference that does not grow.
        :raises webctp.ctp.codec.CodecError: if the body does not fit its struct.
        """
        method, body = order.method, order.body
        layout = self._codec.layout(str(method.struct))
        cells = layout.cells(body)
        if order.client_order_id:
            before = self._before(order)
            if before is not None:
                self._tell_before(order, before)
                return
        if self._books is not None:
            self._check_journal(self._books, method)
        if not self._guard.admit():
            raise EntryRefused(
                errors.TOO_MANY, "more than OrderRate inserts and actions a second; it is not sent"
            )
        content = body.copy()
        filled = self._refs.fill(self._catalogue, method, body)
        packed = layout.packed(layout.cells(filled, cells))
        if order.client_order_id:
            self._record(order, content, packed)
        else:
            self._line.join(partial(self._call_now, order, packed, self._logins))

    def keep_refusal(self, order: Order, code: int, detail: str) -> None:
        """Write down that an insert or action was refused here, and is not sent."""
        self._keep(
            Type.ERROR,
            order.method.name,
            body=order.body,
            code=code,
            detail=detail,
            client_order_id=order.client_order_id,
        )

    def logged_in(self, login_body: bytes) -> None:
        """A login was answered: references begin at its MaxOrderRef, and replays may come."""
        login = self._codec.layout(_LOGIN_ANSWER).unpack(login_body)
        if login["TradingDay"] != self._trading_day:
            self._trading_day = str(login["TradingDay"])
            self._resting.new_day()
            if self._books is not None:
                self._books.client_orders.new_day(self._trading_day)
        self._ctp_session = (int(login["FrontID"]), int(login["SessionID"]))
        # A restart of CTP's may give the same numbers again.
        self._logins += 1
        self._refs.renew(str(login["MaxOrderRef"]))
        self._replays.begin()
        self._resting.login(*self._ctp_session)

    def ready(self) -> None:
        """Orders are possible (again): what was to be cancelled is."""
        if self._cancelling:
            self._stop_retries()
            self._cancel_all()

    def lost(self) -> None:
        """The connection broke: of what was sent and not told of, nobody knows."""
        if self._books is not None:
            self._books.client_orders.lost(*self._ctp_session)

    def state_changed(self, state: str, reason: str) -> None:
        """Keep a session's change of state."""
        self._keep(Type.SESSION, state, detail=reason)

    def news(self, event: Event) -> bool:
        """Take a push of CTP's; whether it is news, and not a replay."""
        callback, body, info, _, _ = event
        if body is None or callback.struct is None:
            return True
        kind = _KINDS.get(callback.name)
        if kind is None and self._books is None:
            return True
        if self._books is None:
            row = self._parts[callback.name].unpack(body)
        else:
            row = self._codec.layout(callback.struct).unpack(body)
            self._books.client_orders.reported(callback.name, row)
        if kind is Type.TRADE and not self._replays.new_trade(row):
            return False
        if kind is Type.ORDER:
            known = identities(row)
            if not self._replays.new_order(row, known, self._said(callback.struct, body)):
                return False
            self._resting.update(row, known)
            if self._cancelling:
                self._send_cancels()
        if self._books is not None:
            code, text = self._info.code(info) or None, self._info.text(info)
            self._keep(kind or Type.PUSH, callback.msg_type, body=row, code=code, detail=text)
        return True

    def reported(
        self, callback: Callback, body: bytes | None, info: bytes | None, is_last: bool
    ) -> None:
        """Take a row of a query of orders, which may tell of an order that is unknown."""
        if self._books is not None and body is not None and callback.struct is not None:
            row = self._codec.layout(callback.struct).unpack(body)
            self._books.client_orders.reported(_ORDER, row)

    def cancel_resting(self) -> None:
        """Cancel what rests of this session's orders, now and as it comes to rest."""
        self._cancelling = True
        self._reasons.clear()
        _log.info("cancelling {count} resting orders: the client is gone", count=len(self._resting))
        self._cancel_all()

    @property
    def cancelling(self) -> bool:
        """Whether orders rest that are to be cancelled."""
        return self._cancelling and len(self._resting) > 0

    def stop_cancelling(self) -> None:
        """The client is back, or the session ends."""
        self._cancelling = False
        self._stop_retries()

    def _stop_retries(self) -> None:
        again, self._again = self._again, {}
        for call in again.values():
            call.cancel()

    def _later(self, delay: float, function: Callable[..., object], *arguments: object) -> None:
        """Call it unless the retries are stopped before."""

        def due() -> None:
            del self._again[id(call)]
            function(*arguments)

        call = self._clock.callLater(delay, due)
        self._again[id(call)] = call

    def _check_journal(self, books: Books, method: Method) -> None:
        """Without a journal nothing new is inserted; what is there may always be cancelled."""
        refusal = books.refusal
        if refusal is not None and method.name.endswith("Insert"):
            raise EntryRefused(errors.NOT_READY, refusal)

    def _before(self, order: Order) -> ClientOrder | None:
        """What became of the ClientOrderID before."""
        if self._books is None:
            raise EntryRefused(
                errors.BAD_REQUEST,
                "ClientOrderID needs a journal; configure Journal",
            )
        try:
            return self._books.client_orders.find(
                Key(*self._identity, order.client_order_id), order.method.name, order.body
            )
        except ClientOrderConflict as conflict:
            raise EntryRefused(errors.CONFLICT, str(conflict)) from conflict

    def _tell_before(self, order: Order, before: ClientOrder) -> None:
        order.told(before)
        if before.state in (State.UNKNOWN, State.KNOWN):
            self._missed()

    def _record(self, order: Order, content: Mapping[str, Any], packed: bytes) -> None:
        """Bring a new ClientOrderID to disk, and send it then if the session is the same."""
        if self._books is None:
            raise RuntimeError("a ClientOrderID without a journal")
        front_id, session_id = self._ctp_session
        login = self._logins
        place = self._line.join(None)
        recorded = self._books.client_orders.record(
            Key(*self._identity, order.client_order_id),
            order.method.name,
            content,
            order.body,
            front_id=front_id,
            session_id=session_id,
            trading_day=self._trading_day,
        )
        recorded.addCallbacks(
            lambda kept: self._line.ready(
                place, partial(self._call_kept, order, packed, login, kept)
            ),
            lambda failure: self._line.ready(place, partial(self._unrecorded, order, failure)),
        ).addCallback(lambda _: self._flush())

    def _call_kept(self, order: Order, packed: bytes, login: int, kept: ClientOrder) -> None:
        """Its turn has come and it is on disk; a session that is not ready any more refuses."""
        if self._books is None:
            raise RuntimeError("a ClientOrderID without a journal")
        if kept.state is not State.RECORDED:
            self._tell_before(order, kept)
            return
        orders = self._books.client_orders
        if not self._usable() or self._logins != login:
            orders.abandon(kept.key, errors.NOT_READY)
            self._refuse_late(order)
            return
        result = self._call(order, packed, partial(self._answered, order, kept.key))
        orders.called(kept.key, result)

    def _unrecorded(self, order: Order, failure: Failure) -> None:
        """It stands for something else, or there is no disk to ask whether it does."""
        if failure.check(ClientOrderConflict):
            refusal = EntryRefused(errors.CONFLICT, failure.getErrorMessage())
        else:
            failure.trap(JournalBroken)
            trouble = f"it is not sent: the journal cannot be kept: {failure.getErrorMessage()}"
            refusal = EntryRefused(errors.NOT_READY, trouble)
        self._refuse(order, refusal)

    def _call_now(self, order: Order, packed: bytes, login: int) -> None:
        """Its turn has come; it may have waited for one that waited for the disk."""
        if not self._usable() or self._logins != login:
            self._refuse_late(order)
            return
        self._call(order, packed, partial(self._answered, order, None))

    def _refuse_late(self, order: Order) -> None:
        reason = "the session was lost before the order was sent"
        self._refuse(order, EntryRefused(errors.NOT_READY, reason))

    def _refuse(self, order: Order, refusal: EntryRefused) -> None:
        self.keep_refusal(order, refusal.code, refusal.detail)
        order.refused(refusal)

    def _call(self, order: Order, packed: bytes, answer: Answer) -> int:
        """The native call, and its record."""
        method = order.method
        result = self._send(method, packed, answer)
        given = order.client_order_id
        self._keep(Type.REQUEST, method.name, body=order.body, client_order_id=given)
        self._keep(Type.RETURN, method.name, code=result, client_order_id=given)
        if result != 0:
            callback = self._catalogue.callbacks[str(method.response)]
            order.answer(callback, None, self._info.of(result), True)
        return result

    def _answered(
        self,
        order: Order,
        key: Key | None,
        callback: Callback,
        body: bytes | None,
        info: bytes | None,
        is_last: bool,
    ) -> None:
        code, text = self._info.code(info), self._info.text(info)
        if key is not None and self._books is not None:
            self._books.client_orders.answered(key, code, text)
        if code != 0:
            self._keep(
                Type.ERROR,
                callback.msg_type,
                body=order.body,
                code=code,
                detail=text,
                client_order_id=order.client_order_id,
            )
        order.answer(callback, body, info, is_last)

    def _cancel_all(self) -> None:
        """Cancel all that rests, and again while it does: a cancellation may be lost or refused."""
        if not self._usable():
            return  # ready() comes back to it
        self._resting.ask_again()
        self._send_cancels()
        self._later(_STILL_RESTING, self._cancel_all)

    def _send_cancels(self) -> None:
        for body in self._resting.cancels():
            self._cancel(body)

    def _cancel(self, body: dict[str, Any]) -> None:
        if not self._usable():
            return
        method = self._catalogue.methods[_CANCEL]
        self._refs.fill(self._catalogue, method, body)
        packed = self._codec.layout(str(method.struct)).pack(body)
        result = self._call(Order(method, body, _unheard), packed, self._cancel_refused)
        if result != 0 and self._cancelling:
            # Too many at once, or no connection: a cancellation does no harm by being late.
            self._later(_AGAIN, self._cancel, body)

    def _cancel_refused(
        self, callback: Callback, body: bytes | None, info: bytes | None, is_last: bool
    ) -> None:
        reason = self._info.text(info)
        if reason not in self._reasons:
            self._reasons.add(reason)
            _log.warn("a cancellation was refused: {reason}", reason=reason)

    def _plainly_said(self, struct: str, body: bytes) -> bytes:
        return repr(self._codec.layout(struct).unpack(body)).encode()

    def _keep(self, kind: Type, name: str, **more: Any) -> None:
        if self._books is not None:
            self._books.keep(kind, name, self._identity, self._trading_day, **more)


@cache
def _parts(catalogue: Catalogue) -> Mapping[str, Layout]:
    """What is looked at of orders and trades without a journal: every return passes here."""
    codec = codec_for(catalogue.module)
    return {
        name: codec.layout(str(catalogue.callbacks[name].struct)).part(fields)
        for name, fields in ((_ORDER, ORDER_FIELDS), (_TRADE, TRADE_KEY))
    }


def _unheard(callback: Callback, body: bytes | None, info: bytes | None, is_last: bool) -> None:
    """The answer to a cancellation that no client asked for."""

"""What CTP tells a trading session unasked, on its way to the clients.

Replays are recognised, what rests is known by it, ClientOrderIDs learn what became of them, and
the journal has it all. Runs in the reactor's thread.
"""

from collections.abc import Callable, Mapping
from functools import cache
from typing import Any, Final, NamedTuple

from twisted.internet.interfaces import IReactorTime

from webctp.ctp.bridge import CallbackEvent
from webctp.ctp.catalog import Callback, Catalogue
from webctp.ctp.codec import Layout, codec_for
from webctp.ctp.rspinfo import RspInfo
from webctp.upstream.journal.store import Type
from webctp.upstream.journal.trading import Keep, PushesKept, TradingJournal
from webctp.upstream.orders.cancelling import Cancelling
from webctp.upstream.orders.client_order import public_pushes
from webctp.upstream.orders.keys import ORDER_FIELDS, exact, identities
from webctp.upstream.orders.order import OrderWatch
from webctp.upstream.orders.replay import ReplayFilter
from webctp.upstream.orders.working import WorkingOrders
from webctp.upstream.trading.figures import TradingFigures
from webctp.upstream.trading.ordertimes import OrderTimes

_ORDER: Final = "OnRtnOrder"
_TRADE: Final = "OnRtnTrade"
_KINDS: Final = {_ORDER: Type.ORDER, _TRADE: Type.TRADE}
_INSERT_REFUSED: Final = "OnErrRtnOrderInsert"
_QUOTE: Final = "OnRtnQuote"
_STATUS: Final = "OnRtnInstrumentStatus"
_CONDITION_FAILED: Final = "OnRtnErrorConditionalOrder"
_ASKED_FOR: Final = frozenset({"OnRtnCFMMCTradingAccountToken", "OnRtnQueryBankBalanceByFuture"})
"""Pushes that answer a request (``ReqQuery…``): asked twice they may say the same twice."""
_DAY: Final = ("TradingDay",)

Encode = Callable[[str, bytes], bytes]
"""Makes the JSON of a struct (its name, its bytes), as clients read it."""


class Push(NamedTuple):
    """A callback that nobody asked for, with its struct encoded once for all who read it.

    ``json`` is what clients read, and what a replay is recognised by: padding behind a text's NUL
    is rubbish, so the structs themselves cannot be compared. It is empty where there is no struct.
    """

    event: CallbackEvent
    json: bytes


_new: Final = tuple.__new__


class Pushes:
    """Sort the pushes of a trading session, and pass them on to its listener.

    :param resting: learns what rests.
    :param cancelling: told of each change of an order.
    :param journal: the journal, where there is one.
    :param keep: writes one record to it (:meth:`TradingJournal.keep`, of the session's account).
    :param encode: see :data:`Encode`; None for one that only tells structs apart.
    :param kept: which pushes of the account the journal has.
    :param figures: where news and repetitions are counted.
    :param watch: takes each order and trade that is news; None where nobody follows them.
    """

    def __init__(
        self,
        clock: IReactorTime,
        catalogue: Catalogue,
        resting: WorkingOrders,
        cancelling: Cancelling,
        journal: TradingJournal | None,
        keep: Keep,
        encode: Encode | None,
        kept: PushesKept,
        figures: TradingFigures,
        watch: OrderWatch | None = None,
    ) -> None:
        self._clock = clock
        self._codec = codec_for(catalogue.module)
        self._info = RspInfo(catalogue)
        self._parts = _parts(catalogue)
        self._public = public_pushes(catalogue)
        self._encode = encode or self._plainly
        self._resting = resting
        self._cancelling = cancelling
        self._journal = journal
        self._keep = keep
        self._kept = kept
        self._figures = figures
        self.times = OrderTimes(figures.times)
        """How long the session's orders take."""
        self._watch = watch
        self._replays = ReplayFilter()
        self._statuses: dict[tuple[bytes, bytes], CallbackEvent] = {}
        self._day = ""

    @property
    def statuses(self) -> tuple[CallbackEvent, ...]:
        """The present RtnInstrumentStatus of each product or instrument that has told one today."""
        return tuple(self._statuses.values())

    def logged_in(self, trading_day: str) -> None:
        """Take a login's answer: replays may come."""
        if trading_day != self._day:
            self._day = trading_day
            self._statuses.clear()
        self._replays.begin(trading_day, self._clock.seconds())

    def forget(self) -> None:
        """Free what tells repetitions apart: no push comes any more."""
        self._replays = ReplayFilter()
        self._statuses.clear()

    def take(self, event: CallbackEvent, *, replayed: bool = False) -> Push | None:
        """Take a callback that nobody asked for; returns None for what a replay repeats.

        :param replayed: whether it may be one of before the login, which the journal may have.
        """
        callback, body, info, _, _ = event
        if body is None or callback.struct is None:
            return Push(event, b"")
        kind = _KINDS.get(callback.name)
        if kind is None:
            return self._take_other(event, body, replayed=replayed)
        if self._journal is None and self._watch is None:
            layout = self._parts[callback.name]
        else:
            layout = self._codec.layout(callback.struct)
        row = layout.unpack(body)
        if self._journal is not None:
            self._journal.client_orders.on_row(callback.name, row)
        json = self._encode(callback.struct, body)
        if kind is Type.TRADE:
            if not self._replays.new_trade(row, json):
                self._figures.replayed += 1
                return None
            self._figures.trades += 1
            if self._watch is not None:
                self._watch.take_trade(row)
        else:
            keyed = exact(row, layout, body)
            known = identities(keyed)
            if not self._replays.new_order(keyed, known, json):
                self._figures.replayed += 1
                return None
            self._figures.orders += 1
            if self.times.awaited:
                self.times.heard(known[0])
            self._resting.update(keyed, known, body)
            self._cancelling.on_order()
            if self._watch is not None:
                self._watch.take_order(keyed)
        if self._journal is not None and (self._kept.add(self._day, json) or not replayed):
            self._keep_push(kind, callback, row, info)
        return _new(Push, (event, json))

    def _take_other(self, event: CallbackEvent, body: bytes, *, replayed: bool) -> Push | None:
        """Take a push that tells of no order or trade: a quote, an error, a transfer, a notice."""
        callback, info = event.callback, event.info
        struct = callback.body_struct
        if callback.name == _STATUS:
            layout = self._codec.layout(struct)
            key = layout.raw(body, "ExchangeID"), layout.raw(body, "InstrumentID")
            self._statuses[key] = event
        row = None
        private = self._journal is not None and callback.name not in self._public
        if private or callback.name in (_QUOTE, _CONDITION_FAILED):
            row = self._codec.layout(struct).unpack(body)
        if self._journal is not None and row is not None:
            if callback.name == _CONDITION_FAILED:
                self._journal.client_orders.failed(row)
            else:
                self._journal.client_orders.on_row(callback.name, row)
        json = self._encode(struct, body)
        content = json + b"%d" % self._info.code(info)
        is_new = self._replays.new_push(callback.name, content, self._clock.seconds())
        if not is_new and (replayed or callback.name not in _ASKED_FOR):
            self._figures.replayed += 1
            return None
        self._figures.others += 1
        if self._watch is not None and callback.name == _INSERT_REFUSED:
            self._watch.insert_refused(self._codec.layout(struct).text(body, "InvestorID"))
        if row is not None and callback.name == _QUOTE:
            self._resting.quote(row, body)
        elif row is not None and callback.name == _CONDITION_FAILED:
            self._resting.failed(row)
        if self._journal is not None and row is not None:
            is_unkept = self._kept.add(self._day, callback.name.encode() + content)
            if is_unkept or not replayed:
                self._keep_push(Type.PUSH, callback, row, info)
        return Push(event, json)

    def _keep_push(
        self, kind: Type, callback: Callback, row: Mapping[str, Any], info: bytes | None
    ) -> None:
        code, text = self._info.code(info) or None, self._info.text(info)
        self._keep(kind, callback.msg_type, body=row, code=code, detail=text)

    def _plainly(self, struct: str, body: bytes) -> bytes:
        return repr(self._codec.layout(struct).unpack(body)).encode()


@cache
def _parts(catalogue: Catalogue) -> Mapping[str, Layout]:
    """Return the layouts of what is read of orders and trades where no journal needs all."""
    codec = codec_for(catalogue.module)
    return {
        name: codec.layout(catalogue.callbacks[name].body_struct).part(fields)
        for name, fields in ((_ORDER, ORDER_FIELDS), (_TRADE, _DAY))
    }

"""The order entry of one session: what goes into the market, and what rests there.

Inserts and actions go in the order they came, each once, at once: with a reference that grows,
within the rate, never queued for later. What CTP tells of orders and trades passes through here
on its way to the clients, so that replays are recognised and what rests is known.

All methods run in the reactor's thread.
"""

from typing import Any, Final

from twisted.internet.interfaces import IDelayedCall, IReactorTime
from twisted.logger import Logger

from webctp.ctp import errors
from webctp.ctp.bridge import Event
from webctp.ctp.catalog import Callback, Catalogue, Method
from webctp.ctp.codec import codec_for
from webctp.upstream.orders import OrderLine, OrderRefs, Replays, RestingOrders
from webctp.upstream.pacing import OrderGuard, Send
from webctp.upstream.session import Answer

_log = Logger()

_CANCEL: Final = "ReqOrderAction"
_AGAIN: Final = 1.0
_LOGIN_ANSWER: Final = "CThostFtdcRspUserLoginField"


class TooFast(Exception):
    """An insert or action beyond ``OrderRate``; it was not sent and will not be."""


class OrderEntry:
    """See the module's text.

    :param send: sends a packed request now; :meth:`Session.request` of the session.
    :param rate: ``OrderRate``.
    """

    def __init__(self, clock: IReactorTime, catalogue: Catalogue, send: Send, rate: int) -> None:
        self._clock = clock
        self._catalogue = catalogue
        self._codec = codec_for(catalogue.module)
        self._send = send
        self._guard = OrderGuard(clock, rate)
        self._refs = OrderRefs("")
        self._line = OrderLine()
        self._replays = Replays()
        self._resting = RestingOrders()
        self._trading_day = ""
        self._cancelling = False
        self._again: set[IDelayedCall] = set()
        self._order_layout = self._codec.layout("CThostFtdcOrderField")
        self._trade_layout = self._codec.layout("CThostFtdcTradeField")

    def enter(self, method: Method, body: dict[str, Any], answer: Answer) -> int:
        """Send an insert or action; gives the API's value.

        References that ``body`` leaves out are filled in.

        :raises TooFast: beyond the rate.
        :raises webctp.upstream.orders.RefRefused: for a reference that does not grow.
        :raises webctp.ctp.codec.CodecError: if the body does not fit its struct.
        """
        layout = self._codec.layout(str(method.struct))
        layout.pack(body)
        if not self._guard.admit():
            raise TooFast("more than OrderRate inserts and actions a second")
        self._refs.fill(self._catalogue, method, body)
        results: list[int] = []
        self._line.join(lambda: results.append(self._send(method, layout.pack(body), answer)))
        return results[0]

    def logged_in(self, login_body: bytes) -> None:
        """A login was answered: references begin at its MaxOrderRef, and replays may come."""
        layout = self._codec.layout(_LOGIN_ANSWER)
        login = layout.unpack(login_body)
        if login["TradingDay"] != self._trading_day:
            self._trading_day = str(login["TradingDay"])
            self._resting.new_day()
        self._refs.renew(str(login["MaxOrderRef"]))
        self._replays.begin()
        self._resting.login(int(login["FrontID"]), int(login["SessionID"]))

    def ready(self) -> None:
        """Orders are possible (again): what was to be cancelled is."""
        if self._cancelling:
            self._send_cancels()

    def news(self, event: Event) -> bool:
        """Take an order or trade of CTP's; whether it is news, and not a replay."""
        callback, body = event[0], event[1]
        if body is None:
            return True
        if callback.name == "OnRtnTrade":
            return self._replays.new_trade(self._trade_layout.unpack(body))
        if callback.name != "OnRtnOrder":
            return True
        row = self._order_layout.unpack(body)
        if not self._replays.new_order(row):
            return False
        self._resting.update(row)
        if self._cancelling:
            self._send_cancels()
        return True

    def cancel_resting(self) -> None:
        """Cancel what rests of this session's orders, now and as it comes to rest."""
        self._cancelling = True
        _log.info("cancelling {count} resting orders: the client is gone", count=len(self._resting))
        self._send_cancels()

    def stop_cancelling(self) -> None:
        """The client is back, or the session ends."""
        self._cancelling = False
        again, self._again = self._again, set()
        for call in again:
            if call.active():
                call.cancel()

    def _send_cancels(self) -> None:
        for body in self._resting.cancels():
            self._cancel(body)

    def _cancel(self, body: dict[str, Any]) -> None:
        method = self._catalogue.methods[_CANCEL]
        self._refs.fill(self._catalogue, method, body)
        packed = self._codec.layout(str(method.struct)).pack(body)
        result = self._send(method, packed, self._cancel_refused)
        if result != 0 and self._cancelling:
            # Too many at once, or no connection: a cancellation does no harm by being late.
            self._again.add(self._clock.callLater(_AGAIN, self._cancel, body))

    def _cancel_refused(
        self, callback: Callback, body: bytes | None, info: bytes | None, is_last: bool
    ) -> None:
        layout = self._codec.layout("CThostFtdcRspInfoField")
        code = 0 if info is None else int(layout.value(info, "ErrorID"))
        _log.warn("a cancellation was refused: {reason}", reason=errors.message(code))

"""One connection's conversation with the gateway, without sockets, threads or time.

Messages go in (:meth:`Core.received`), messages to be sent come out (:meth:`Core.data_to_send`),
and so do events (:meth:`Core.events`). What a broken connection leaves open is settled here: which
requests are asked again, which fail, which orders are asked for by their ClientOrderID.
"""

from __future__ import annotations

import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

import msgspec

from webctp_client.errors import NOT_NOW, Disconnected, NotReady, OrderUnknown, WebctpError, error
from webctp_client.made import own, structs
from webctp_client.protocol.changes import Changes
from webctp_client.protocol.events import Answered, Failed, Gap, LoggedIn, LoginFailed, Strange
from webctp_client.protocol.messages import LoginAnswer, Message, Reader, Tick, Unreadable
from webctp_client.protocol.method import Kind, Method
from webctp_client.protocol.sent import SentState, given
from webctp_client.protocol.subscriptions import Subscriptions

_MOST_ID: Final = 2**31 - 1
_MOST_OPEN: Final = 10_000
"""Requests that may wait for their answers."""
LATER: Final = (-401, -408, -429, -503)
"""Codes by which the gateway says of a repeated order only that it cannot tell now."""
UNKNOWN_AFTER: Final = 10.0
"""Seconds for which a gateway that answers says that it cannot know, until that is a verdict."""
_ON_ITS_WAY: Final = ("recording", "recorded", "sent")
"""States of a ClientOrderID in which its request may still be answered by a refusal."""
_encode: Final = msgspec.json.Encoder().encode


@dataclass(frozen=True)
class Login:
    """Whose session is wanted: the body of ``ReqUserLogin``, and the words beside it."""

    body: Mapping[str, Any] = field(repr=False)
    words: Mapping[str, Any] = field(default_factory=dict)


@dataclass
class _Open:
    """A request that waits for its answer."""

    method: Method[Any]
    message: dict[str, Any] = field(repr=False)
    order: SentState | None = None
    rows: list[Any] = field(default_factory=list)


class Core:
    """The conversation on one connection after another.

    :param service: ``td`` or ``md``.
    :param login: whose session; None for a connection without one.
    :param patience: seconds after which an order that nobody has told of is not asked for again,
        since asking could send it: its fate is then unknown.
    :param tick: the struct of ticks.
    """

    def __init__(
        self,
        service: str,
        login: Login | None,
        patience: float = 30.0,
        tick: type[Any] = structs.DepthMarketData,
    ) -> None:
        self.service = service
        self.login = login
        self.is_open = False
        self.is_ready = False
        self.seq: int | None = None
        self.subscriptions = Subscriptions()
        self._patience = patience
        self._token: str | None = None
        self.has_been_ready = False
        self._reader = Reader(tick)
        self._changes: Changes | None = None
        self._next_id = secrets.randbelow(2**30) + 1
        self._login_id = 0
        self._open: dict[int, _Open] = {}
        self._held: dict[int, _Open] = {}
        self._orders: dict[str, _Open] = {}
        self._out: list[bytes] = []
        self._events: list[Any] = []

    def data_to_send(self) -> list[bytes]:
        """Return the messages that are to be sent, each once."""
        out, self._out = self._out, []
        return out

    def events(self) -> list[Any]:
        """Return what has happened, in order, each once."""
        events, self._events = self._events, []
        return events

    def opened(self) -> None:
        """Begin on a new connection: log in, and go on with the session before."""
        self.is_open, self.is_ready = True, False
        if self._changes is not None:
            self._changes = Changes()
        if self.login is None:
            self._become_ready(None, is_resumed=False)
            return
        words = dict(self.login.words)
        if self._token is not None:
            words["Resume"] = {"Seq": self.seq, "ResumeToken": self._token}
        self._login_id = self._new_id()
        body = dict(self.login.body)
        self._send(
            {"MsgType": "ReqUserLogin", "ReqUserLogin": body, "RequestID": self._login_id, **words}
        )

    def lost(self, now: float) -> None:
        """Settle what the broken connection leaves open.

        What only asks is asked again, and so are subscriptions; orders with a ClientOrderID are
        asked for after the next login; whether anything else was carried out nobody can say, and
        it fails so.
        """
        self.is_open = self.is_ready = False
        self._out.clear()
        waiting, self._open = self._open, {}
        for request_id, one in waiting.items():
            if one.order is not None:
                continue
            if one.method.is_repeatable:
                one.rows = []
                self._held[request_id] = one
                continue
            detail = "the connection broke before its answer: whether it was done is not known"
            self._events.append(Failed(request_id, Disconnected(detail, one.method.name)))
        for one in list(self._orders.values()):
            state = one.order
            if state is None or state.is_done:
                continue
            if not state.client_order_id:
                self._end_unknown(one, "the connection broke, and it bore no ClientOrderID")
            else:
                state.doubted(now)

    def ended(self, why: str) -> None:
        """Enter that no other connection comes: what becomes of open orders nobody will tell."""
        for one in list(self._orders.values()):
            if one.order is not None and not one.order.is_done:
                self._end_unknown(one, why)

    def ask(
        self,
        method: Method[Any],
        fields: Mapping[str, Any],
        words: Mapping[str, Any] | None = None,
    ) -> int:
        """Send a request; return its RequestID, by which its outcome is told.

        What only asks waits for the connection and the login; all else must be sent now.

        :raises Disconnected: without a connection, for what must be sent now.
        :raises NotReady: where too many requests wait.
        """
        message = self._message(method, fields, words or {})
        one = _Open(method, message)
        self._check(one)
        request_id = self._new_id()
        message["RequestID"] = request_id
        if method.is_repeatable and not self.is_ready:
            self._held[request_id] = one
        else:
            self._open[request_id] = one
            self._send(message)
        return request_id

    def order(
        self, method: Method[Any], fields: Mapping[str, Any], client_order_id: str
    ) -> SentState:
        """Send an order or action now, once.

        :param client_order_id: empty for none.
        :raises Disconnected: without a connection; it was not sent.
        """
        words = {"ClientOrderID": client_order_id} if client_order_id else {}
        if client_order_id in self._orders:
            known = self._orders[client_order_id].order
            assert known is not None
            return known
        message = self._message(method, fields, words)
        one = _Open(method, message)
        self._check(one)
        request_id = self._new_id()
        message["RequestID"] = request_id
        state = one.order = SentState(
            method.name, client_order_id, request_id, str(fields.get("InstrumentID") or "")
        )
        self._orders[client_order_id or str(request_id)] = one
        self._open[request_id] = one
        self._send(message)
        return state

    def subscribe(self, method: Method[Any], names: Sequence[str], words: dict[str, Any]) -> int:
        """Send a subscription; it is remembered, and sent again on each new connection."""
        if words.get("Changes") and self._changes is None:
            self._changes = Changes()
        self.subscriptions.enter(method.name, names, words)
        return self.ask(method, {"InstrumentID": list(names)}, words)

    def forget(self, request_id: int) -> None:
        """Take no interest in a request's answer any more."""
        for waiting in (self._held, self._open):
            one = waiting.get(request_id)
            if one is not None and one.order is None:
                del waiting[request_id]

    def look(self, now: float) -> None:
        """Ask again for the orders of which nobody has told, or end them as unknown."""
        for one in list(self._orders.values()):
            state = one.order
            assert state is not None
            if state.is_done:
                if state.status != "unknown":  # else it may still turn out
                    del self._orders[state.client_order_id or str(state.request_id)]
            elif self.is_ready and state.unknown_for(now) > UNKNOWN_AFTER:
                self._end_unknown(one, "the gateway cannot know either, and asked for it in vain")
            elif state.untold_for(now) > self._patience:
                self._end_unknown(
                    one,
                    f"nobody has told of it within {self._patience:g} s; asking now could send it",
                )
            elif self.is_ready and state.client_order_id and state.is_doubtful:
                self._ask_for(one)

    def received(self, payload: bytes) -> None:
        """Take a message in."""
        try:
            message = self._read(payload)
        except Unreadable as problem:
            self._events.append(Strange(problem))
            if problem.request_id in self._open:
                told = WebctpError(0, "the answer cannot be read", str(problem), problem.name)
                self._fail(problem.request_id or 0, told)
            return
        kind = type(message)
        if issubclass(kind, Tick):
            self._events.append(message)
        elif issubclass(kind, LoginAnswer):
            self._login_answered(message)
        elif issubclass(kind, Message):
            self._of_ctp(message)
        else:
            self._of_gateway(message)

    def _read(self, payload: bytes) -> Any:
        """Return a message; ticks and bars are whole, also where changes alone are told."""
        changes = self._changes
        if changes is None:
            return self._reader.read(payload)
        bar = changes.bar(payload)
        if bar is not None:
            return bar
        message = self._reader.read(payload)
        return changes.whole(message, payload) if isinstance(message, Tick) else message

    def _of_ctp(self, message: Message) -> None:
        if message.Seq is not None:
            self.seq = message.Seq
        if message.RequestID is None or message.IsLast is None:
            if isinstance(message.body, structs.Order):
                self._order_told(message.body)
            self._events.append(message)
            return
        if message.RequestID == self._login_id and not self.is_ready:
            if message.error_id:
                self._login_refused(message)
            return
        one = self._open.get(message.RequestID)
        if one is None:
            self._events.append(message)
        elif message.error_id and one.method.kind is Kind.SUBSCRIPTION:
            # One instrument of several may be refused.
            self._events.append(message)
            if message.IsLast:
                self._fail(message.RequestID, _error_of(message))
        elif message.error_id:
            self._fail(message.RequestID, _error_of(message))
        else:
            self._row(message.RequestID, one, message.body, is_last=message.IsLast)

    def _of_gateway(self, message: Any) -> None:
        seq = getattr(message, "Seq", None)
        request_id = getattr(message, "RequestID", None)
        if isinstance(message, own.RtnClientOrder):
            self._client_order_told(message)
            self._events.append(message)
            return
        one = self._open.get(request_id) if request_id is not None else None
        # A message may name a request without answering it: that it is queued, that it was split.
        if (
            one is not None
            and request_id is not None
            and type(message).__name__ == one.method.answer
        ):
            row = getattr(message, one.method.row_key) if one.method.row_key else None
            self._row(request_id, one, row, is_last=message.IsLast)
            if isinstance(message, own.RspSubscribePortfolio):
                self._events.append(message)
            return
        if seq is not None:
            self.seq = seq
        self._events.append(message)

    def _row(self, request_id: int, one: _Open, row: Any, *, is_last: bool) -> None:
        if row is not None:
            one.rows.append(row)
        if is_last:
            del self._open[request_id]
            self._events.append(Answered(request_id, one.rows))

    def _fail(self, request_id: int, problem: WebctpError) -> None:
        one = self._open.pop(request_id)
        state = one.order
        if state is None:
            self._events.append(Failed(request_id, problem))
        elif not state.is_doubtful or problem.code > 0:
            state.refused(problem)
            self._done(one)
        elif problem.code not in LATER:
            # The gateway says nothing of the first sending.
            self._end_unknown(one, str(problem))

    def _login_answered(self, answer: LoginAnswer) -> None:
        if answer.RequestID != self._login_id:
            return
        if answer.error_id:
            self._login_refused(answer)
            return
        before = self._token
        resumed = answer.Resume is not None and not answer.Resume.Gap
        if answer.Session is not None and self.service == "td":
            self._token = answer.Session.ResumeToken
            if not resumed:  # else pushes that were missed follow: the last seen is still that
                self.seq = answer.Session.Seq
        if answer.Session is not None and answer.Session.DayGap:
            self._events.append(Gap(self.service, "the day's flow is not whole (DayGap)"))
        if before is not None and not resumed:
            self._events.append(Gap(self.service, "the session could not be resumed"))
        self._become_ready(answer.body, is_resumed=resumed)

    def _login_refused(self, answer: Message | LoginAnswer) -> None:
        problem = _error_of(answer)
        is_final = self.service == "td" and problem.code not in NOT_NOW
        self._login_id = 0
        self._events.append(LoginFailed(problem, is_final))

    def _become_ready(self, body: structs.RspUserLogin | None, *, is_resumed: bool) -> None:
        first, self.has_been_ready = not self.has_been_ready, True
        self.is_ready = True
        self._login_id = 0
        self._events.append(LoggedIn(body, is_resumed, first))
        held, self._held = self._held, {}
        for request_id, one in held.items():
            self._ask_held(request_id, one)
        if not first:
            self._subscribe_again()
        for one in list(self._orders.values()):
            if one.order is not None and one.order.client_order_id and not one.order.is_done:
                self._ask_for(one)

    def _ask_held(self, request_id: int, one: _Open) -> None:
        """Send what has waited for the login; nothing for instruments nobody wants any more."""
        if one.method.kind is Kind.SUBSCRIPTION:
            names = self.subscriptions.wanted(one.method.name, one.message["InstrumentID"])
            if not names:
                self._events.append(Answered(request_id, ()))
                return
            one.message["InstrumentID"] = names
        self._open[request_id] = one
        self._send(one.message)

    def _subscribe_again(self) -> None:
        """Bring about what is subscribed to; after what was held, for this is the newest wish."""
        missed = False
        for message in self.subscriptions.messages():
            missed = True
            self._send({**message, "RequestID": self._new_id()})
        if missed:
            self._events.append(Gap(self.service, "what was pushed meanwhile is missing"))

    def _ask_for(self, one: _Open) -> None:
        """Send an order again under its ClientOrderID: the gateway tells of the first, or sends."""
        if one.message["RequestID"] in self._open:
            return
        request_id = self._new_id()
        one.message = {**one.message, "RequestID": request_id}
        self._open[request_id] = one
        self._send(one.message)

    def _end_unknown(self, one: _Open, why: str) -> None:
        state = one.order
        assert state is not None
        state.refused(OrderUnknown(0, "its fate is not known", why, state.request))
        self._done(one)

    def _client_order_told(self, message: own.RtnClientOrder) -> None:
        if message.RequestID is not None:
            self._open.pop(message.RequestID, None)
        one = self._orders.get(message.ClientOrder.ClientOrderID)
        if one is not None and one.order is not None:
            one.order.told(message.ClientOrder)
            if message.ClientOrder.Status not in _ON_ITS_WAY:
                self._open.pop(one.message["RequestID"], None)
            if one.order.is_done:
                self._done(one)

    def _order_told(self, order: structs.Order) -> None:
        for one in list(self._orders.values()):
            if one.order is not None and one.order.is_this(order):
                one.order.told_order(order)
                if one.order.is_done:
                    self._done(one)

    def _done(self, one: _Open) -> None:
        """Take no answer for an order any more; :meth:`look` removes it."""
        self._open.pop(one.message["RequestID"], None)

    def _message(
        self, method: Method[Any], fields: Mapping[str, Any], words: Mapping[str, Any]
    ) -> dict[str, Any]:
        message: dict[str, Any] = {"MsgType": method.name, **given(dict(words))}
        if method.kind is Kind.SUBSCRIPTION:
            message["InstrumentID"] = fields["InstrumentID"]
        elif method.body_key:
            message[method.body_key] = given(dict(fields))
        return message

    def _check(self, one: _Open) -> None:
        if not self.is_open and not one.method.is_repeatable:
            raise Disconnected("nothing was sent; try again when it is back", one.method.name)
        if len(self._open) + len(self._held) >= _MOST_OPEN:
            raise NotReady(-503, "", f"{_MOST_OPEN} requests wait already", one.method.name)

    def _send(self, message: Mapping[str, Any]) -> None:
        self._out.append(_encode(message))

    def _new_id(self) -> int:
        self._next_id = self._next_id % _MOST_ID + 1
        return self._next_id


def _error_of(answer: Message | LoginAnswer) -> WebctpError:
    info = answer.RspInfo
    code, text = (0, "") if info is None else (info.ErrorID, info.ErrorMsg)
    found = error(code, text, answer.Detail, answer.MsgType)
    found.limit, found.retry_after = answer.Limit, answer.RetryAfter
    return found

"""The asyncio face: one object for trading and market data of a gateway."""

from __future__ import annotations

import asyncio
import inspect
import itertools
import random
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from types import TracebackType
from typing import Any, TypeVar
from weakref import WeakSet

import msgspec

from webctp_client.asking import names_of
from webctp_client.bodies import limit_body
from webctp_client.errors import Disconnected, WebctpError, is_passing
from webctp_client.feeds import NO_FEED, PARTIAL, Feeds
from webctp_client.handler import Handler
from webctp_client.hub import NO_WISH, Hub, Item, item_key
from webctp_client.link import GivenUp, Link, Lost, Options, delay
from webctp_client.made import enums, methods, own, structs
from webctp_client.made.asking import Requests
from webctp_client.orders import SentOrder
from webctp_client.protocol.core import Core, Login
from webctp_client.protocol.events import Answered, Failed, Gap, LoggedIn
from webctp_client.protocol.messages import Message, Tick
from webctp_client.protocol.method import Method
from webctp_client.protocol.mirror import Mirror
from webctp_client.protocol.sent import new_prefix
from webctp_client.quotes import MOST_WAITING, Quotes
from webctp_client.streams import Stream

T = TypeVar("T")


@dataclass(frozen=True)
class Healed:
    """Pushes were missing, and queries have told what stands: so many orders and trades."""

    orders: int
    trades: int


class Client(Requests, Quotes):
    """A gateway's client. Use :func:`webctp_client.aio.connect`.

    ``mirror`` is the account as the pushes tell it. Connections are made when they are needed:
    ``td`` for trading, ``md`` for ticks, and one more for bars, since the gateway sends bars in
    the place of an instrument's ticks.

    :param urls: where ``td`` and ``md`` are.
    :param login: whose session; None for market data alone.
    :param with_ids: whether orders bear a ClientOrderID where none is given.
    """

    def __init__(
        self,
        urls: Mapping[str, str],
        login: Login | None,
        options: Options,
        *,
        portfolio: bool = False,
        with_ids: bool = True,
        timeout: float = 60.0,
    ) -> None:
        self.mirror = Mirror()
        self._urls = urls
        self._login = login
        self._options = options
        self._wants_portfolio = portfolio
        self._timeout = timeout
        self._hub = Hub()
        self._feeds = Feeds(self._hub, self._link, self._answer)
        self._links: dict[str, Link] = {}
        self._futures: dict[tuple[str, int], asyncio.Future[list[Any]]] = {}
        self._prefix = new_prefix() if with_ids else ""
        self._numbers = itertools.count(1)
        self._tasks: set[asyncio.Task[None]] = set()
        self._streams: WeakSet[Stream[Any]] = WeakSet()
        self._exchanges: dict[str, str] = {}
        self._is_closed = False

    @property
    def orders(self) -> list[structs.Order]:
        """The trading day's orders, as they stand."""
        return list(self.mirror.orders.values())

    @property
    def trades(self) -> list[structs.Trade]:
        """The trading day's trades."""
        return list(self.mirror.trades.values())

    @property
    def positions(self) -> list[own.PortfolioPosition]:
        """The positions; empty until the portfolio is subscribed to."""
        return [one for one in self.mirror.positions.values() if one.Position]

    @property
    def account(self) -> own.PortfolioAccount | None:
        """The money; None until the portfolio is subscribed to."""
        return self.mirror.account

    async def start(self) -> Client:
        """Connect and log in, where there is a login.

        :raises WebctpError: if the login is refused or no gateway is there.
        """
        if self._login is not None:
            await self._link("td").ready()
            if self._wants_portfolio:
                await self.SubscribePortfolio()
        return self

    async def close(self) -> None:
        """End all connections and iterators."""
        self._is_closed = True
        for task in list(self._tasks):
            task.cancel()
        for link in self._links.values():
            await link.close()
        self._end_streams(None)

    async def __aenter__(self) -> Client:
        """Connect."""
        return await self.start()

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        problem: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Close."""
        await self.close()

    def order_pushes(self, limit: int = MOST_WAITING) -> Stream[structs.Order]:
        """Return an iterator over the changes of orders from now on; none is dropped."""
        return self._hub.stream("on_order", limit)

    def trade_pushes(self, limit: int = MOST_WAITING) -> Stream[structs.Trade]:
        """Return an iterator over the trades from now on, each once; none is dropped."""
        return self._hub.stream("on_trade", limit)

    def position_pushes(self, limit: int = MOST_WAITING) -> Stream[own.PortfolioPosition]:
        """Return an iterator over the changes of positions; none is dropped."""
        return self._hub.stream("on_position", limit)

    def events(self, limit: int = MOST_WAITING) -> Stream[Any]:
        """Return an iterator over everything else: gaps, broken connections, other pushes."""
        return self._hub.stream("on_event", limit)

    def everything(
        self, *instruments: str, periods: Sequence[str] = (), history: int | None = None
    ) -> Stream[Item]:
        """Return an iterator over all that is pushed: a handler's method, and its argument.

        :param instruments: what it gets ticks of, or bars where ``periods`` are named.
        """

        def put(item: Any) -> None:
            stream.put(("on_bar" if periods else "on_tick", item))

        feed = NO_FEED
        if instruments and periods:
            feed = self._feeds.bars(instruments, periods, history, put)
        elif instruments:
            feed = self._feeds.ticks(instruments, NO_WISH, put)

        def end() -> None:
            self._hub.everything.remove(stream)
            feed.end()

        stream: Stream[Item] = Stream(MOST_WAITING, item_key, feed.begin, end)
        self._hub.everything.append(stream)
        if instruments:
            self._streams.add(stream)
        return stream

    async def run(
        self,
        handler: Handler,
        *instruments: str,
        periods: Sequence[str] = (),
        history: int | None = None,
    ) -> None:
        """Call a handler's methods for everything that is pushed, until the client is closed.

        Parameters are those of :meth:`everything`; a method of the handler may be a coroutine.
        """
        async with self.everything(*instruments, periods=periods, history=history) as stream:
            async for kind, item in stream:
                done = getattr(handler, kind)(item)
                if inspect.isawaitable(done):
                    await done

    async def limit_order(
        self,
        instrument: str,
        direction: str,
        offset: str,
        price: float,
        volume: int,
        *,
        client_order_id: str | None = None,
    ) -> SentOrder:
        """Send a limit order for the day.

        :param direction: ``enums.Direction``, ``"0"`` to buy, ``"1"`` to sell.
        :param offset: ``enums.OffsetFlag``, ``"0"`` to open, ``"1"`` to close, ``"3"`` today's.
        """
        exchange = await self.exchange_of(instrument)
        body = limit_body(instrument, exchange, direction, offset, price, volume)
        fields = {**msgspec.to_builtins(body), "ClientOrderID": client_order_id}
        return await self._order(methods.ReqOrderInsert, fields)

    async def cancel(self, order: SentOrder | structs.Order) -> SentOrder:
        """Send the cancellation of an order.

        :raises ValueError: for an order of which nothing is known yet.
        """
        told = order if isinstance(order, structs.Order) else order.order or order.state
        if told is None:
            raise ValueError(f"{order!r}: CTP has not told of it yet; await wait_known() first")
        # CTP refuses a cancellation without its instrument, which a ClientOrderID's state lacks.
        instrument = order.InstrumentID if isinstance(order, structs.Order) else order.instrument
        return await self.ReqOrderAction(
            FrontID=told.FrontID,
            SessionID=told.SessionID,
            OrderRef=told.OrderRef,
            ExchangeID=told.ExchangeID or None,
            InstrumentID=instrument or None,
            OrderSysID=told.OrderSysID or None,
            ActionFlag=enums.ActionFlag.Delete,
        )

    async def exchange_of(self, instrument: str) -> str:
        """Return an instrument's exchange, which is asked for once.

        :raises ValueError: if there is no such instrument.
        """
        known = self._exchanges.get(instrument)
        if known is None:
            for row in await self.ReqQryInstrument(InstrumentID=instrument):
                self._exchanges[row.InstrumentID] = row.ExchangeID
            known = self._exchanges.get(instrument)
        if known is None:
            raise ValueError(f"there is no instrument {instrument!r}")
        return known

    async def ask_rows(self, method: Method[T], fields: dict[str, Any]) -> list[T]:
        """Send a request by its description; return all rows of its answer.

        :param fields: the fields of its body.
        """
        return await self._rows(method, fields)

    async def ask_order(self, method: Method[Any], fields: dict[str, Any]) -> SentOrder:
        """Send an order or action by its description; ``ClientOrderID`` stands among ``fields``."""
        return await self._order(method, {"ClientOrderID": None, **fields})

    async def ask_submit(self, method: Method[Any], fields: dict[str, Any]) -> None:
        """Send what is answered only where it is refused, by its description."""
        await self._submit(method, fields)

    async def ask_subscribe(
        self, method: Method[T], names: str | Sequence[str], words: dict[str, Any]
    ) -> list[T]:
        """Subscribe to instruments, or end it, by the request's description."""
        return await self._subscribed(method, names_of(names), words)

    async def _rows(self, method: Method[T], fields: dict[str, Any]) -> list[T]:
        link = await self._ready_for(method)
        request_id = link.core.ask(method, fields)
        return await self._answer(link, request_id, method.name)

    async def _subscribed(
        self, method: Method[T], names: Sequence[str], words: dict[str, Any]
    ) -> list[T]:
        link = await self._ready_for(method)
        return await self._answer(link, link.core.subscribe(method, names, words), method.name)

    async def _submit(self, method: Method[Any], fields: dict[str, Any]) -> None:
        link = await self._ready_for(method)
        link.core.ask(method, fields)
        link.flush()

    async def _order(self, method: Method[Any], fields: dict[str, Any]) -> SentOrder:
        link = await self._ready_for(method, is_order=True)
        named = fields.pop("ClientOrderID")
        if named is None:
            named = f"{self._prefix}-{next(self._numbers)}" if self._prefix else ""
        order = SentOrder(link.core.order(method, fields, named))
        link.flush()
        return order

    async def _answer(self, link: Link, request_id: int, name: str) -> list[Any]:
        future: asyncio.Future[list[Any]] = asyncio.get_running_loop().create_future()
        self._futures[link.name, request_id] = future
        link.flush()
        try:
            return await asyncio.wait_for(future, self._timeout)
        except asyncio.TimeoutError:
            raise TimeoutError(f"{name}: no answer within {self._timeout:g} s") from None
        finally:
            self._futures.pop((link.name, request_id), None)
            link.core.forget(request_id)

    async def _ready_for(self, method: Method[Any], *, is_order: bool = False) -> Link:
        """Return the connection that takes a request.

        An order does not wait for a connection that has broken: it is refused at once.
        """
        service = "td" if "td" in method.services and self._login else method.services[0]
        link = self._link(service)
        if not (is_order and link.core.has_been_ready):
            await link.ready()
        elif not link.core.is_ready:
            told = Disconnected("nothing was sent; try again when it is back", method.name)
            raise link.failure or told
        return link

    def _link(self, name: str) -> Link:
        """Return a connection, which begins when it is first waited for."""
        link = self._links.get(name)
        if link is None:
            if self._is_closed:
                raise Disconnected("the client was closed")
            login = self._login if name == "td" else Login({})
            tick = structs.PartialDepthMarketData if name == PARTIAL else structs.DepthMarketData
            service = "td" if name == "td" else "md"
            core = Core(service, login, self._options.order_patience, tick)
            url = self._urls[service]

            def dispatch(event: Any) -> None:
                self._dispatch(name, event)

            link = self._links[name] = Link(name, url, core, self._options, dispatch)
        return link

    def _dispatch(self, name: str, event: Any) -> None:
        """Take an event of a connection."""
        kind = type(event)
        if issubclass(kind, Tick):
            (self._hub.partial if name == PARTIAL else self._hub.ticks).push(event)
        elif issubclass(kind, Answered):
            self._settle(name, event.request_id, event.rows, None)
        elif issubclass(kind, Failed):
            self._settle(name, event.request_id, (), event.error)
        elif issubclass(kind, own.RtnBar):
            for bars in list(self._hub.bars):
                bars.push(event)
        elif name == "td":
            self._trading(event)
        else:
            self._other(name, event)

    def _trading(self, event: Any) -> None:
        self.mirror.apply(event)
        if isinstance(event, Message):
            self._hub.tell_ctp(event)
        elif isinstance(event, (own.RtnPortfolio, own.RspSubscribePortfolio)):
            if event.Portfolio is not None:
                for position in event.Portfolio.Positions:
                    self._hub.tell("on_position", position)
                self._hub.tell("on_account", event.Portfolio.Account)
        elif isinstance(event, LoggedIn):
            news = self.mirror.logged_in(is_resumed=event.is_resumed)
            if not event.is_first:
                self._hub.news(news)
                if self._wants_portfolio and not event.is_resumed:
                    self._later(self._portfolio_again)
            self._hub.tell("on_event", event)
        elif isinstance(event, Gap):
            self.mirror.is_whole = False
            self._hub.tell("on_event", event)
            self._later(self._heal)
        else:
            if isinstance(event, (Lost, GivenUp)):
                self.mirror.lost()
            self._other("td", event)

    def _other(self, name: str, event: Any) -> None:
        if isinstance(event, GivenUp):
            self._given_up(name, event)
        else:
            self._hub.tell("on_event", event)

    def _given_up(self, name: str, event: GivenUp) -> None:
        """End what a connection has fed; that of trading goes on without market data."""
        for (link, _), future in list(self._futures.items()):
            if link == name and not future.done():
                future.set_exception(event.error)
        if self._is_closed:
            return
        if name == "td" or self._login is None:
            self._end_streams(event.error)
            return
        for stream in list(self._streams):
            stream.close(event.error)
        self._hub.tell("on_event", event)

    def _end_streams(self, problem: WebctpError | None) -> None:
        for stream in list(self._streams):
            stream.close(problem)
        self._hub.close(problem)

    def _settle(
        self, name: str, request_id: int, rows: Sequence[Any], problem: WebctpError | None
    ) -> None:
        future = self._futures.get((name, request_id))
        if future is None:
            if problem is not None:
                self._hub.tell("on_event", problem)
        elif not future.done():
            if problem is None:
                future.set_result(list(rows))
            else:
                future.set_exception(problem)

    async def _heal(self) -> None:
        """Ask for what pushes have not told."""
        orders, trades = await self.ReqQryOrder(), await self.ReqQryTrade()
        self._hub.news(self.mirror.healed(orders, trades))
        self._hub.tell("on_event", Healed(len(orders), len(trades)))

    async def _portfolio_again(self) -> None:
        if self._wants_portfolio:
            await self.SubscribePortfolio()

    async def SubscribePortfolio(self) -> own.PortfolioState | None:
        """Have positions and money told from now on, over broken connections, too."""
        self._wants_portfolio = True
        return await super().SubscribePortfolio()

    async def UnSubscribePortfolio(self) -> Any | None:
        """End it."""
        self._wants_portfolio = False
        return await super().UnSubscribePortfolio()

    def _later(self, work: Callable[[], Awaitable[None]]) -> None:
        """Do something beside what is going on, and again where it fails for the moment.

        Why it failed is told as an event.
        """

        async def guarded() -> None:
            for failures in itertools.count():
                try:
                    await work()
                    return
                except (WebctpError, TimeoutError) as problem:
                    self._hub.tell("on_event", problem)
                    if not is_passing(problem):
                        return
                    after = getattr(problem, "retry_after", None) or 0.0
                await asyncio.sleep(max(after, delay(failures, random.random())))

        task = asyncio.ensure_future(guarded())
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

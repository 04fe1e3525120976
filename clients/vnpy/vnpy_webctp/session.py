"""One account of a webctp gateway for vn.py: what runs in the client's loop."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Coroutine
from copy import copy
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from vnpy.trader.constant import Status
from vnpy.trader.gateway import BaseGateway
from vnpy.trader.object import (
    BarData,
    CancelRequest,
    ContractData,
    HistoryRequest,
    OrderData,
    OrderRequest,
    PositionData,
)

from vnpy_webctp import convert, maps
from vnpy_webctp.orders import OrderBook
from webctp_client import aio, errors, own, structs
from webctp_client.client import Client, Healed
from webctp_client.link import GivenUp, Lost
from webctp_client.orders import SentOrder
from webctp_client.protocol.events import Gap, LoggedIn
from webctp_client.protocol.messages import Message
from webctp_client.streams import Stream

_FIRST_DELAY: Final = 1.0
_LONGEST_DELAY: Final = 60.0
_REFUSED: Final = "登录被拒绝，不再重试 the login was refused, and is not repeated"
_ENDED: Final = "网关不再接受连接，不再重试 the gateway has ended it, and none is tried again"


@dataclass(frozen=True)
class Settings:
    """Where the gateway is and whose account; secrets are in no repr. See the README."""

    url: str
    md_url: str
    user: str
    broker: str
    ca_file: str

    def client(self, password: str, token: str) -> Client:
        """Return a client, not connected yet."""
        return aio.connect(
            self.url,
            self.user,
            password,
            broker=self.broker or None,
            md_url=self.md_url or None,
            token=token or None,
            ca_file=self.ca_file or None,
        )


class Session:
    """An account as long as the user wants it; every method runs in the client's loop.

    :param gateway: is told of everything by its ``on_…`` methods, which may be called here.
    :param connect: makes a client.
    :param user: the AccountID, until CTP tells another.
    """

    def __init__(self, gateway: BaseGateway, connect: Callable[[], Client], user: str) -> None:
        self.contracts: dict[str, ContractData] = {}
        self.client: Client | None = None
        self.failure: errors.WebctpError | None = None
        self._gateway = gateway
        self._name = gateway.gateway_name
        self._connect = connect
        self._account = user
        self._book = OrderBook(self._name)
        self._orders: dict[str, SentOrder] = {}
        self._positions: dict[convert.PositionKey, PositionData] = {}
        self._wanted: set[str] = set()
        self._ticks: dict[str, asyncio.Task[None]] = {}
        self._tasks: set[asyncio.Task[None]] = set()

    def log(self, text: str) -> None:
        """Write a line to vn.py's log."""
        self._gateway.write_log(text)

    def start(self) -> None:
        """Begin to connect."""
        self._later(self.run())

    async def run(self) -> None:
        """Connect and tell vn.py everything, until it is closed or the login refused."""
        client = await self._connected()
        if client is None:
            return
        self.client = client
        # From here on nothing is missed: what waits in the stream comes after the day so far.
        pushes = client.everything()
        day: list[structs.Order | structs.Trade] = [*client.orders, *client.trades]
        self.log("已登录 logged in")
        if not await self._tell_contracts(client):
            return
        for body in day:
            self._tell(body)
        await self._asked(self.query_account(), "资金 the account")
        await self._asked(self.query_positions(), "持仓 the positions")
        self._later(self._follow_portfolio(client))
        for symbol in list(self._wanted):
            self._begin_ticks(client, symbol)
        await self._read(client, pushes)

    async def close(self) -> None:
        """End it."""
        for task in (*self._ticks.values(), *self._tasks):
            task.cancel()
        if self.client is not None:
            await self.client.close()
            self.client = None

    async def _connected(self) -> Client | None:
        """Return a client that is logged in; None where the gateway has refused it."""
        pause = _Pause()
        while True:
            client = self._connect()
            try:
                return await client.start()
            except errors.WebctpError as problem:
                await client.close()
                if _is_final(problem):
                    self._refused(problem)
                    return None
                again = f"{pause.seconds:g} 秒后重试 no gateway, trying again"
                self.log(f"网关连接失败，{again}: {problem}")
            await pause.wait()

    def _refused(self, problem: errors.WebctpError) -> None:
        self.failure = problem
        self.log(f"{_ENDED if isinstance(problem, errors.Ended) else _REFUSED}: {problem}")

    async def _tell_contracts(self, client: Client) -> bool:
        """Tell vn.py every contract; return False where they cannot be had."""
        pause = _Pause()
        while True:
            try:
                rows = await client.ReqQryInstrument()
                break
            except (errors.WebctpError, TimeoutError) as problem:
                self.log(f"合约查询失败，重试 the contracts are asked for again: {problem}")
                if isinstance(problem, errors.Forbidden):
                    return False
                if isinstance(problem, errors.Ended):
                    self._refused(problem)
                    return False
            await pause.wait()
        for row in rows:
            made = convert.contract(row, self._name)
            if made is not None:
                self.contracts[made.symbol] = made
                self._gateway.on_contract(made)
        self.log(f"合约信息查询成功 contracts: {len(self.contracts)}")
        return True

    async def _follow_portfolio(self, client: Client) -> None:
        """Have positions and money pushed; try again where that is refused for the moment."""
        pause = _Pause()
        while True:
            try:
                await client.SubscribePortfolio()
                return
            except (errors.WebctpError, TimeoutError) as problem:
                if not errors.is_passing(problem) and _is_final(problem):
                    self.log(f"组合：订阅失败 the portfolio is not pushed: {problem}")
                    return
            await pause.wait()

    async def _asked(self, work: Coroutine[Any, Any, Any], what: str) -> bool:
        """Carry out a query; write why it failed to the log, and return whether it did not."""
        try:
            await work
        except (errors.WebctpError, TimeoutError) as problem:
            self.log(f"{what}：查询失败 the query failed: {problem}")
            return False
        return True

    async def _read(self, client: Client, pushes: Stream[Any]) -> None:
        try:
            async for kind, item in pushes:
                if kind in ("on_order", "on_trade"):
                    self._tell(item)
                elif kind == "on_account":
                    self._tell_portfolio(client)
                elif kind == "on_event":
                    self._event(item)
        except errors.WebctpError as problem:
            self._refused(problem)
        except errors.Overflow as problem:
            self.log(f"来不及处理推送 vn.py was too slow for the pushes: {problem}")

    def _event(self, event: Any) -> None:
        if isinstance(event, own.RtnClientOrder):
            for one in self._book.named(event.ClientOrder):
                self._on(one)
        elif isinstance(event, Lost):
            self.log(f"连接断开，正在重连 the connection broke, reconnecting: {event.reason}")
        elif isinstance(event, GivenUp):  # of market data: trading goes on
            self._refused(event.error)
        elif isinstance(event, LoggedIn):
            if not event.is_first:
                self.log("已重新登录 logged in again")
        elif isinstance(event, Gap):
            self.log(f"推送有缺，以查询核对 pushes are missing, asking: {event.reason}")
        elif isinstance(event, Healed):
            self.log(f"已核对 healed: {event.orders} orders, {event.trades} trades")
        elif isinstance(event, own.RtnTradingDay):
            self._book.day_changed()
            self._orders.clear()
            self.log("新交易日 a new trading day")
        elif isinstance(event, errors.WebctpError):
            self.log(f"请求失败 a request failed: {event}")
        elif isinstance(event, Message) and event.error_id and event.RequestID is None:
            # An order's own refusal comes with the order; this tells of others' too.
            self.log(
                f"{event.MsgType}: {event.RspInfo.ErrorID} {event.RspInfo.ErrorMsg}"
                if event.RspInfo
                else event.MsgType
            )

    def _tell(self, body: structs.Order | structs.Trade) -> None:
        for one in self._book.told(body):
            self._on(one)

    def _on(self, one: Any) -> None:
        if isinstance(one, OrderData):
            self._gateway.on_order(one)
        else:
            self._gateway.on_trade(one)

    def _tell_portfolio(self, client: Client) -> None:
        """Tell vn.py the positions that have changed, and the money."""
        found = convert.pushed_positions(
            client.mirror.positions.values(), self.contracts, self._name
        )
        self._tell_positions(found, only_changed=True)
        if client.account is not None:
            self._gateway.on_account(convert.account(client.account, self._account, self._name))

    def _tell_positions(
        self, found: dict[convert.PositionKey, PositionData], *, only_changed: bool
    ) -> None:
        for key, known in self._positions.items():
            if key not in found and known.volume:
                gone = found[key] = copy(known)
                gone.volume = gone.yd_volume = gone.frozen = 0
                gone.pnl = gone.price = 0.0
        for key, one in found.items():
            if not only_changed or self._positions.get(key) != one:
                self._gateway.on_position(one)
        self._positions = found

    async def query_account(self) -> None:
        """Ask for the money."""
        for row in await self._ready().ReqQryTradingAccount():
            self._account = row.AccountID or self._account
            self._gateway.on_account(convert.account(row, self._account, self._name))

    async def query_positions(self) -> None:
        """Ask for the positions."""
        rows = await self._ready().ReqQryInvestorPosition()
        found = convert.queried_positions(rows, self.contracts, self._name)
        self._tell_positions(found, only_changed=False)

    async def query(self, which: str) -> None:
        """Ask for what a user of vn.py has asked for; write to the log why it failed."""
        work = self.query_account() if which == "account" else self.query_positions()
        await self._asked(work, which)

    async def history(self, request: HistoryRequest) -> list[BarData]:
        """Return bars of the past.

        :raises WebctpError: where the gateway keeps none.
        """
        of = self.contracts[request.symbol]
        interval = request.interval
        assert interval is not None
        rows = await self._ready().ReqQryBar(
            InstrumentID=of.symbol,
            Period=maps.PERIODS[interval],
            BeginTime=_written(request.start),
            EndTime=_written(request.end),
        )
        return [convert.bar(row, interval, of) for row in rows]

    def subscribe(self, symbol: str) -> None:
        """Tell vn.py the ticks of an instrument from now on, over broken connections."""
        if symbol in self._wanted:
            return
        self._wanted.add(symbol)
        if self.client is not None and self.contracts:
            self._begin_ticks(self.client, symbol)

    def _begin_ticks(self, client: Client, symbol: str) -> None:
        of = self.contracts.get(symbol)
        if of is None:
            self.log(f"没有合约 there is no contract {symbol!r}")
            self._wanted.discard(symbol)
        elif symbol not in self._ticks:
            self._ticks[symbol] = asyncio.ensure_future(self._read_ticks(client, of))

    async def _read_ticks(self, client: Client, of: ContractData) -> None:
        """Tell an instrument's ticks; begin again where they were refused for the moment."""
        pause = _Pause()
        try:
            while True:
                try:
                    await self._tell_ticks(client, of)
                    return
                except (errors.WebctpError, TimeoutError) as problem:
                    self.log(f"{of.symbol} 行情订阅失败 no ticks: {problem}")
                    if not errors.is_passing(problem):
                        return
                await pause.wait()
        finally:
            # Whoever subscribes again has it tried again.
            self._ticks.pop(of.symbol, None)
            self._wanted.discard(of.symbol)

    async def _tell_ticks(self, client: Client, of: ContractData) -> None:
        async with client.ticks(of.symbol) as ticks:
            async for told in ticks:
                made = convert.tick(told, of)
                if made is not None:
                    self._gateway.on_tick(made)

    def send(self, request: OrderRequest, order: OrderData, terms: maps.Terms) -> None:
        """Send an order now; it is refused where there is no connection, and not sent later."""
        self._book.sent(order)
        self._later(self._send(request, order, terms))

    async def _send(self, request: OrderRequest, order: OrderData, terms: maps.Terms) -> None:
        price_type, time_condition, volume_condition = terms
        is_limit = price_type == "2"
        try:
            sent = await self._ready().ReqOrderInsert(
                InstrumentID=request.symbol,
                ExchangeID=request.exchange.value,
                Direction=maps.TO_DIRECTION[request.direction],
                CombOffsetFlag=maps.TO_OFFSET[request.offset],
                CombHedgeFlag="1",
                OrderPriceType=price_type,
                LimitPrice=request.price if is_limit else 0.0,
                VolumeTotalOriginal=int(request.volume),
                TimeCondition=time_condition,
                VolumeCondition=volume_condition,
                MinVolume=1,
                ContingentCondition="1",
                ForceCloseReason="0",
                ClientOrderID=order.orderid,
            )
            self._orders[order.orderid] = sent
            await sent.wait_done()
        except errors.OrderUnknown as problem:
            self.log(
                f"委托 {order.orderid} 结果不明，请先核对账户 its fate is unknown: look at the "
                f"account before you send another: {problem}"
            )
        except (errors.WebctpError, TimeoutError) as problem:
            self.log(f"委托 {order.orderid} 被拒绝 the order was refused: {problem}")
            if self._book.ctp(order.orderid) is None:
                rejected = copy(order)
                rejected.status = Status.REJECTED
                self._gateway.on_order(rejected)
        for one in self._book.ended(order.orderid):
            self._on(one)

    def cancel(self, request: CancelRequest) -> None:
        """Send an order's cancellation."""
        self._later(self._cancel(request))

    async def _cancel(self, request: CancelRequest) -> None:
        try:
            told = self._book.ctp(request.orderid)
            sent = self._orders.get(request.orderid)
            if told is None and sent is not None:
                await sent.wait_known()
                told = self._book.ctp(request.orderid)
            one = told or sent
            if one is None:
                self.log(f"撤单失败，没有委托 there is no order {request.orderid!r} to cancel")
                return
            await (await self._ready().cancel(one)).wait_done()
        except (errors.WebctpError, TimeoutError) as problem:
            self.log(f"委托 {request.orderid} 撤单失败 it was not cancelled: {problem}")

    def _ready(self) -> Client:
        if self.client is None:
            raise errors.Disconnected("not logged in yet; nothing was sent")
        return self.client

    def _later(self, work: Coroutine[Any, Any, None]) -> None:
        task = asyncio.ensure_future(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)


class _Pause:
    """A time to wait between attempts: longer after each, a minute at the most."""

    def __init__(self) -> None:
        self.seconds = _FIRST_DELAY

    async def wait(self) -> None:
        """Wait, and longer the next time."""
        await asyncio.sleep(self.seconds)
        self.seconds = min(2 * self.seconds, _LONGEST_DELAY)


def _is_final(problem: Exception) -> bool:
    """Return whether another attempt would meet the same, or is not wanted."""
    return isinstance(problem, errors.Ended) or not isinstance(problem, errors.Disconnected)


def _written(when: datetime | None) -> str | None:
    """Return a time as the gateway reads it: China's, where it has no zone."""
    return None if when is None else when.isoformat(timespec="seconds")

"""What an assistant may ask a gateway, and, where it was let, do."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Iterable
from enum import Enum
from typing import Any, Final, Literal

import msgspec

from webctp_client.client import Client
from webctp_client.made import enums, structs
from webctp_client.made.methods import METHODS
from webctp_client.protocol.method import Kind
from webctp_client.protocol.struct import SecretStruct

MOST_ROWS: Final = 200
"""Rows of an answer: an assistant reads them all."""
_QUOTES_WITHIN: Final = 5.0
"""Seconds within which an instrument must have been quoted."""
_KNOWN_WITHIN: Final = 30.0
_QUOTED: Final = (
    "InstrumentID",
    "TradingDay",
    "UpdateTime",
    "LastPrice",
    "PreSettlementPrice",
    "BidPrice1",
    "BidVolume1",
    "AskPrice1",
    "AskVolume1",
    "UpperLimitPrice",
    "LowerLimitPrice",
    "Volume",
    "OpenInterest",
)
_OFFSETS: Final = {
    "open": enums.OffsetFlag.Open,
    "close": enums.OffsetFlag.Close,
    "close_today": enums.OffsetFlag.CloseToday,
    "close_yesterday": enums.OffsetFlag.CloseYesterday,
}

Rows = dict[str, Any]
Tool = Callable[..., Awaitable[Rows]]


class Scope(str, Enum):
    """How far an assistant may go: which fronts, and whether it may trade."""

    SIM_READ = "sim-read"
    SIM_TRADE = "sim-trade"
    READ = "read"
    TRADE = "trade"

    @property
    def may_trade(self) -> bool:
        """Whether orders may be sent and cancelled."""
        return self in (Scope.SIM_TRADE, Scope.TRADE)

    @property
    def is_simulated(self) -> bool:
        """Whether nothing but the simulated exchange may be asked."""
        return self in (Scope.SIM_READ, Scope.SIM_TRADE)


class OutOfScope(Exception):
    """What was asked is beyond the scope that the server was started with."""


def plain(row: msgspec.Struct) -> Rows:
    """Return a row's fields that say something; of secrets only that they are there."""
    told: Rows = msgspec.to_builtins(row)
    if isinstance(row, SecretStruct):
        told = {name: "***" if name in row.secret_fields else one for name, one in told.items()}
    return told


def _counted(rows: Iterable[msgspec.Struct]) -> Rows:
    listed = list(rows)
    told: Rows = {"rows": [plain(row) for row in listed[:MOST_ROWS]]}
    if len(listed) > MOST_ROWS:
        told["left_out"] = len(listed) - MOST_ROWS
    return told


class Tools:
    """The tools, each a method; its docstring is what an assistant is told of it.

    :param most_lots: the lots of an order, at most.
    """

    def __init__(self, client: Client, scope: Scope, most_lots: int) -> None:
        self._client = client
        self._scope = scope
        self._most_lots = most_lots
        self._is_checked = False

    @property
    def readers(self) -> tuple[Tool, ...]:
        """Those that only ask."""
        return (
            self.find_instruments,
            self.quotes,
            self.bars,
            self.account,
            self.positions,
            self.orders,
            self.trades,
            self.query,
        )

    @property
    def traders(self) -> tuple[Tool, ...]:
        """Those that change something; none without the scope."""
        return (self.place_limit_order, self.cancel_order) if self._scope.may_trade else ()

    async def find_instruments(self, text: str = "", product: str = "", count: int = 20) -> Rows:
        """Find futures and options by text (code, Chinese name, pinyin) or product (rb, au)."""
        await self._check()
        rows = await self._client.QryInstruments(
            Text=text or None, ProductID=product or None, Count=count
        )
        return _counted(rows)

    async def quotes(self, instruments: list[str]) -> Rows:
        """Get the present quotes of instruments (rb2701); @rb is the main contract of rb.

        Those that were not quoted are named. A price that is null is not set.
        """
        await self._check()
        found: dict[str, structs.DepthMarketData] = {}
        asked = dict.fromkeys(instruments)
        by_main: set[str] = set()

        async def gather(name: str) -> None:
            async with self._client.ticks(name) as stream:
                async for tick in stream:
                    found[tick.InstrumentID] = tick
                    by_main.add(name)
                    return

        waits = [asyncio.wait_for(gather(name), _QUOTES_WITHIN) for name in asked]
        ends = await asyncio.gather(*waits, return_exceptions=True)
        for problem in ends:
            if problem is not None and not isinstance(problem, asyncio.TimeoutError):
                raise problem
        rows = [{name: getattr(tick, name) for name in _QUOTED} for tick in found.values()]
        for row in rows:
            row.update({name: None for name, one in row.items() if "Price" in name and not one})
        return {"rows": rows, "not_quoted": [name for name in asked if name not in by_main]}

    async def bars(self, instrument: str, period: str = "1m", count: int = 60) -> Rows:
        """Get past bars of an instrument, where the gateway keeps them (History)."""
        await self._check()
        rows = await self._client.ReqQryBar(InstrumentID=instrument, Period=period, Count=count)
        return _counted(rows)

    async def account(self) -> Rows:
        """Get the account's money in yuan, as CTP answers now."""
        await self._check()
        return _counted(await self._client.ReqQryTradingAccount())

    async def positions(self) -> Rows:
        """Get the account's positions, as CTP answers now. PosiDirection 2 is long, 3 short."""
        await self._check()
        return _counted(await self._client.ReqQryInvestorPosition())

    async def orders(self) -> Rows:
        """Get the trading day's orders. OrderStatus 0 is traded, 1 and 3 rest, 5 is cancelled."""
        await self._check()
        return _counted(await self._client.ReqQryOrder())

    async def trades(self) -> Rows:
        """Get the trading day's trades. Direction 0 is a purchase, 1 a sale."""
        await self._check()
        return _counted(await self._client.ReqQryTrade())

    async def query(self, request: str, fields: dict[str, Any] | None = None) -> Rows:
        """Send any query of CTP's by its name (ReqQryInstrumentMarginRate), with its fields."""
        await self._check()
        method = METHODS.get(request)
        if method is None or method.kind is not Kind.QUERY:
            raise OutOfScope(f"{request!r} is no query; queries begin with ReqQry or Qry")
        rows = await self._client.ask_rows(method, dict(fields or {}))
        return _counted(rows)

    async def place_limit_order(
        self,
        instrument: str,
        side: Literal["buy", "sell"],
        offset: Literal["open", "close", "close_today", "close_yesterday"],
        price: float,
        lots: int,
        client_order_id: str,
    ) -> Rows:
        """Send a limit order for the day; it may trade at once, with real money on a real front.

        The same client_order_id never sends a second order: use a new one for each that is meant.
        On SHFE and INE lots of today are closed by close_today, older ones by close_yesterday.
        """
        await self._check()
        if not 0 < lots <= self._most_lots:
            raise OutOfScope(f"{lots} lots; this server sends 1 to {self._most_lots} (--most-lots)")
        direction = enums.Direction.Buy if side == "buy" else enums.Direction.Sell
        order = await self._client.limit_order(
            instrument, direction, _OFFSETS[offset], price, lots, client_order_id=client_order_id
        )
        await order.wait_known(_KNOWN_WITHIN)
        told = order.order or order.state
        return {"status": order.status, "order": {} if told is None else plain(told)}

    async def cancel_order(self, order_sys_id: str, exchange: str) -> Rows:
        """Cancel an order that rests, by its OrderSysID and ExchangeID, as orders tells them."""
        await self._check()
        for one in await self._client.ReqQryOrder():
            if (one.OrderSysID.strip(), one.ExchangeID) == (order_sys_id.strip(), exchange):
                action = await self._client.cancel(one)
                await action.wait_done(_KNOWN_WITHIN)
                return {"status": action.status}
        raise ValueError(f"there is no order {order_sys_id!r} on {exchange!r}")

    async def _check(self) -> None:
        """Refuse what is not the simulated exchange, unless the scope says otherwise.

        :raises OutOfScope: with the remedy.
        """
        if self._is_checked or not self._scope.is_simulated:
            return
        version = await self._client.GetApiVersion()
        if not version.endswith(" sim"):
            raise OutOfScope(
                f"behind this gateway is no simulated exchange (API {version}); start the server "
                f"with --scope {self._scope.value.removeprefix('sim-')} if it is meant"
            )
        self._is_checked = True

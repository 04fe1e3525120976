"""The gateway as vn.py sees it; its methods return at once, and may be called in any thread."""

from __future__ import annotations

import asyncio
import itertools
from collections.abc import Callable
from typing import Any, Final

from vnpy.event import EventEngine
from vnpy.trader.constant import Exchange
from vnpy.trader.gateway import BaseGateway
from vnpy.trader.object import (
    BarData,
    CancelRequest,
    HistoryRequest,
    OrderData,
    OrderRequest,
    SubscribeRequest,
)

from vnpy_webctp import maps
from vnpy_webctp.session import Session, Settings
from webctp_client.blocking.face import LoopThread
from webctp_client.errors import WebctpError
from webctp_client.protocol.sent import new_prefix

_PATIENCE: Final = 60.0
"""Seconds that bars of the past may take."""


class WebctpGateway(BaseGateway):
    """VeighNa 的 webctp 网关 webctp for VeighNa.

    Contracts, the day's orders and trades, positions and money are told after the login and kept
    in step by the gateway's pushes. It reconnects by itself; orders are sent at most once.
    """

    default_name: str = "WEBCTP"

    default_setting: dict[str, str | int | float | bool] = {  # noqa: RUF012 - vn.py's own form
        "网关地址": "ws://127.0.0.1:8080",
        "行情地址": "",
        "用户名": "",
        "密码": "",
        "经纪商代码": "",
        "令牌": "",
        "根证书": "",
    }

    exchanges: list[Exchange] = list(maps.EXCHANGES.values())  # noqa: RUF012 - vn.py's own form

    def __init__(self, event_engine: EventEngine, gateway_name: str = default_name) -> None:
        super().__init__(event_engine, gateway_name)
        self._thread: LoopThread | None = None
        self._session: Session | None = None
        self._prefix = new_prefix()
        self._numbers = itertools.count(1)

    def connect(self, setting: dict[str, Any]) -> None:
        """Connect and log in; once, unless a login was refused."""
        if self._session is not None and self._session.failure is None:
            self.write_log("已在连接 it connects already, or is connected")
            return
        texts = {name: str(setting.get(name, "") or "") for name in self.default_setting}
        missing = [name for name in ("网关地址", "用户名") if not texts[name]]
        if missing:
            self.write_log(f"请填写 fill in: {'、'.join(missing)}")
            return
        self.close()
        names = ("网关地址", "行情地址", "用户名", "经纪商代码", "根证书")
        settings = Settings(*(texts[name] for name in names))
        password, token = texts["密码"], texts["令牌"]
        try:
            settings.client(password, token)
        except (ValueError, OSError) as problem:  # ssl's own is an OSError
            self.write_log(f"设置有误 a setting is wrong: {problem}")
            return
        self._session = Session(self, lambda: settings.client(password, token), settings.user)
        self._thread = LoopThread()
        session = self._session
        self._call(session.start)

    def close(self) -> None:
        """End the connection."""
        thread, session = self._thread, self._session
        self._thread = self._session = None
        if thread is not None and session is not None:
            thread.run(session.close())
            thread.stop()

    def subscribe(self, req: SubscribeRequest) -> None:
        """Have the ticks of an instrument told."""
        session = self._session
        if session is None:
            self.write_log(f"未连接，没有订阅 not connected, not subscribed: {req.symbol}")
        else:
            self._call(lambda: session.subscribe(req.symbol))

    def send_order(self, req: OrderRequest) -> str:
        """Send an order; return its vt_orderid, empty for one that can be sent in no way."""
        session = self._session
        terms = maps.terms_of(req.type, req.exchange)
        why = None
        if session is None:
            why = "未连接 not connected"
        elif terms is None:
            why = f"{req.exchange.value} 不支持该类型 takes no such order: {req.type.value}"
        elif req.offset not in maps.TO_OFFSET:
            why = "请选择开平方向 offset: choose one"
        elif req.direction not in maps.TO_DIRECTION:
            why = "direction: LONG 或 or SHORT"
        elif req.volume < 1 or req.volume != int(req.volume):
            why = f"volume: 须为整数手 whole lots, found {req.volume!r}"
        if session is None or terms is None or why is not None:
            self.write_log(f"委托未发出 the order was not sent: {why}")
            return ""
        order: OrderData = req.create_order_data(
            f"{self._prefix}-{next(self._numbers)}", self.gateway_name
        )
        self.on_order(order)
        self._call(lambda: session.send(req, order, terms))
        return order.vt_orderid

    def cancel_order(self, req: CancelRequest) -> None:
        """Cancel an order, of this program or another."""
        session = self._session
        if session is None:
            self.write_log(f"未连接，撤单未发出 not connected, not cancelled: {req.orderid}")
        else:
            self._call(lambda: session.cancel(req))

    def query_account(self) -> None:
        """Ask for the money anew; pushes keep it in step by themselves."""
        self._query("account")

    def query_position(self) -> None:
        """Ask for the positions anew; pushes keep them in step by themselves."""
        self._query("position")

    def query_history(self, req: HistoryRequest) -> list[BarData]:
        """Return bars of the past that the gateway keeps; none, and why in the log, without."""
        session, thread = self._session, self._thread
        why = None
        if session is None or thread is None:
            why = "未连接 not connected"
        elif req.interval not in maps.PERIODS:
            why = f"interval: {[one.value for one in maps.PERIODS if one]}, found {req.interval}"
        elif req.symbol not in session.contracts:
            why = f"没有合约 there is no contract {req.symbol!r}"
        else:
            try:
                return thread.run(asyncio.wait_for(session.history(req), _PATIENCE))
            except (WebctpError, TimeoutError, asyncio.TimeoutError) as problem:
                why = str(problem) or f"no answer within {_PATIENCE:g} s"
        self.write_log(f"{req.vt_symbol} 没有历史数据 no bars of the past: {why}")
        return []

    def _query(self, which: str) -> None:
        session = self._session
        if session is None:
            self.write_log("未连接 not connected")
        else:
            self._call(lambda: asyncio.ensure_future(session.query(which)))

    def _call(self, work: Callable[[], Any]) -> None:
        """Do something in the client's thread, without waiting for it."""
        if self._thread is not None and not self._thread.is_stopped:
            self._thread.loop.call_soon_threadsafe(work)

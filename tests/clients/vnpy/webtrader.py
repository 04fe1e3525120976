"""vn.py's WebTrader, without its window: which kinds of events its ``/ws/`` tells.

`tests.clients.vnpy.web` runs it with an interpreter that has vnpy and its apps, with the address of
a gateway, or ``plain``: a gateway of a few lines, of vn.py's own classes alone, that tells an event
of each kind again and again. It prints one line of JSON.
"""

import json
import os
import subprocess
import sys
import time
import urllib.parse
import urllib.request
from collections import Counter
from collections.abc import Callable
from contextlib import suppress
from datetime import datetime
from pathlib import Path
from threading import Event as Flag
from threading import Thread
from typing import Any, ClassVar

from vnpy.event import Event, EventEngine
from vnpy.trader.constant import Direction, Exchange, Offset, OrderType, Product
from vnpy.trader.engine import MainEngine
from vnpy.trader.gateway import BaseGateway
from vnpy.trader.object import (
    AccountData,
    CancelRequest,
    ContractData,
    OrderData,
    OrderRequest,
    PositionData,
    SubscribeRequest,
    TickData,
    TradeData,
)
from vnpy_webtrader import WebTraderApp
from websockets.exceptions import ConnectionClosed
from websockets.sync.client import connect as connect_websocket

PLAIN = "plain"
USER = PASSWORD = "webtrader"
KINDS = ("Tick", "Order", "Trade", "Position", "Account", "Contract", "Log")
PATIENCE = 60.0
QUIET = 3.0
"""Seconds in which nothing of another kind has come, until what has come is taken for all."""
NOW = datetime(2026, 11, 27, 10)


class PlainGateway(BaseGateway):  # type: ignore[misc]  # here its types are not read
    """Tells an event of each kind, five times a second."""

    default_name = "PLAIN"
    default_setting: ClassVar[dict[str, Any]] = {}
    exchanges: ClassVar[list[Exchange]] = [Exchange.SHFE]

    def __init__(self, event_engine: EventEngine, gateway_name: str) -> None:
        super().__init__(event_engine, gateway_name)
        self._over = Flag()

    def connect(self, setting: dict[str, Any]) -> None:
        """Begin."""
        Thread(target=self._tell, daemon=True).start()

    def close(self) -> None:
        """End."""
        self._over.set()

    def _tell(self) -> None:
        name, symbol, exchange = self.gateway_name, "rb2701", Exchange.SHFE
        while not self._over.wait(0.2):
            self.on_contract(ContractData(name, symbol, exchange, symbol, Product.FUTURES, 10, 1.0))
            self.on_tick(TickData(name, symbol, exchange, NOW, symbol, last_price=3000.0))
            self.on_order(OrderData(name, symbol, exchange, "1"))
            self.on_trade(TradeData(name, symbol, exchange, "1", "1"))
            self.on_position(PositionData(name, symbol, exchange, Direction.LONG))
            self.on_account(AccountData(name, "1"))
            self.write_log("a line")

    def subscribe(self, req: SubscribeRequest) -> None:
        """Do nothing: all is told."""

    def send_order(self, req: OrderRequest) -> str:
        """Send nothing."""
        return ""

    def cancel_order(self, req: CancelRequest) -> None:
        """Cancel nothing."""

    def query_account(self) -> None:
        """Do nothing: all is told."""

    def query_position(self) -> None:
        """Do nothing: all is told."""


def until(met: Callable[[], Any], what: str) -> Any:
    """Return what a condition gives once it is true."""
    end = time.monotonic() + PATIENCE
    while not (found := met()):
        if time.monotonic() > end:
            raise AssertionError(f"waited in vain for {what}")
        time.sleep(0.05)
    return found


class Web:
    """WebTrader's two halves: its engine here, its server in a process of its own.

    :param ports: of its requests, of its pushes, and of its server.
    """

    def __init__(self, main: MainEngine, ports: list[int]) -> None:
        requests, pushes, self.port = ports
        where = {
            "req_address": f"tcp://127.0.0.1:{requests}",
            "sub_address": f"tcp://127.0.0.1:{pushes}",
        }
        setting = {"username": USER, "password": PASSWORD, **where}
        Path.cwd().joinpath(".vntrader", "web_trader_setting.json").write_text(
            json.dumps(setting), encoding="utf-8"
        )
        main.add_app(WebTraderApp).start_server(where["req_address"], where["sub_address"])
        words = ["vnpy_webtrader.web:app", "--host", "127.0.0.1", "--port", str(self.port)]
        self.server = subprocess.Popen(
            [sys.executable, "-m", "uvicorn", *words], stdout=subprocess.DEVNULL
        )
        self.topics: Counter[str] = Counter()
        self.newest = 0.0
        self._token = ""

    def log_in(self) -> None:
        """Wait for the server; get a token, and read ``/ws/`` from now on."""
        form = urllib.parse.urlencode({"username": USER, "password": PASSWORD}).encode()
        self._token = until(lambda: self._try(form), "the web server")
        url = f"ws://127.0.0.1:{self.port}/ws/?token={self._token}"
        socket = connect_websocket(url, max_size=None)

        def read() -> None:
            with suppress(ConnectionClosed):  # the server is ended while it is read
                for text in socket:
                    topic = json.loads(text)["topic"].strip(".")
                    if topic not in self.topics:
                        self.newest = time.monotonic()
                    self.topics[topic] += 1

        Thread(target=read, daemon=True).start()
        self.newest = time.monotonic()

    def _try(self, form: bytes) -> str:
        try:
            return str(self.ask("POST", "/token", form)["access_token"])
        except OSError:
            return ""

    def ask(self, way: str, path: str, body: bytes | None = None) -> Any:
        """Ask the server, as a page of WebTrader's does."""
        headers = {"Authorization": f"Bearer {self._token}"}
        if body and body.startswith(b"{"):
            headers["Content-Type"] = "application/json"
        url = f"http://127.0.0.1:{self.port}{path}"
        request = urllib.request.Request(url, body, headers, method=way)
        with urllib.request.urlopen(request, timeout=PATIENCE) as answer:
            return json.load(answer)


def trade(main: MainEngine, web: Web) -> None:
    """Subscribe and buy a lot, by HTTP."""
    until(main.get_all_accounts, "the account")
    futures = [one for one in main.get_all_contracts() if one.product is Product.FUTURES]
    contract = next(one for one in futures if one.symbol.startswith("rb"))
    web.ask("POST", f"/tick/{contract.vt_symbol}")
    tick = until(lambda: main.get_tick(contract.vt_symbol), "a tick")
    order = {
        "symbol": contract.symbol,
        "exchange": contract.exchange.value,
        "direction": Direction.LONG.value,
        "type": OrderType.LIMIT.value,
        "volume": 1,
        "price": tick.limit_up,
        "offset": Offset.OPEN.value,
    }
    web.ask("POST", "/order", json.dumps(order).encode())
    until(main.get_all_trades, "a trade")
    until(main.get_all_positions, "a position")


def run(url: str, ports: list[int]) -> dict[str, Any]:
    """Return which events vn.py's own engine, and which ``/ws/`` has told."""
    events = EventEngine()
    told: Counter[str] = Counter()

    def count(event: Event) -> None:
        told[event.type.strip(".")] += 1

    for name in KINDS:
        events.register("eLog" if name == "Log" else f"e{name}.", count)  # vn.py's own names
    main = MainEngine(events)
    kind: type[BaseGateway] = PlainGateway
    if url != PLAIN:
        from vnpy_webctp import WebctpGateway  # nothing of webctp is there with the other

        kind = WebctpGateway
    gateway = main.add_gateway(kind)
    web = Web(main, ports)
    try:
        web.log_in()
        setting = {} if url == PLAIN else {"网关地址": url, "用户名": USER, "密码": PASSWORD}
        main.connect(setting, gateway.gateway_name)
        if url != PLAIN:
            trade(main, web)
        until(lambda: web.topics and time.monotonic() - web.newest > QUIET, "events")
        paths = ("tick", "order", "trade", "position", "account", "contract")
        asked = {path: len(web.ask("GET", f"/{path}")) for path in paths}
        return {"events": dict(told), "ws": dict(web.topics), "http": asked}
    finally:
        web.server.terminate()
        web.server.wait()
        gateway.close()


if __name__ == "__main__":
    found = run(sys.argv[1], [int(one) for one in sys.argv[2].split(",")])
    print(json.dumps(found, ensure_ascii=False), flush=True)
    os._exit(0)  # threads of vn.py's that never end

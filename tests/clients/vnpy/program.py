"""A program of vn.py's: a strategy of its own package, with its recorder and risk manager.

`tests.clients.vnpy.day` runs it with an interpreter that has vnpy and its apps. It prints one line
of JSON: what differs between vn.py and the gateway at the end of the day, and how much was done;
before, a line :data:`KILL` at each bar at which the gateway is to be killed.
"""

import json
import os
import sys
import time
from collections.abc import Callable
from datetime import timedelta
from typing import Any

from vnpy.event import Event, EventEngine
from vnpy.trader.constant import Direction, Interval, Offset, OrderType, Product, Status
from vnpy.trader.engine import MainEngine
from vnpy.trader.event import EVENT_LOG
from vnpy.trader.object import OrderRequest, SubscribeRequest
from vnpy_ctastrategy import CtaStrategyApp
from vnpy_ctastrategy.strategies.double_ma_strategy import DoubleMaStrategy
from vnpy_datarecorder import DataRecorderApp
from vnpy_riskmanager import RiskManagerApp

from vnpy_webctp import WebctpGateway
from webctp_client import connect

PATIENCE = 120.0
PATIENCE_OF_DAY = 1800.0
USER, PASSWORD = "vnpy", "a password"
GATEWAY = WebctpGateway.default_name
KILL = "kill"
KILLS = (2, 5, 8)
"""Of the bars at which the strategy has sent an order and holds it: those of a kill."""


def until(met: Callable[[], Any], what: str, patience: float = PATIENCE) -> Any:
    """Return what a condition gives once it is true."""
    end = time.monotonic() + patience
    while not (found := met()):
        if time.monotonic() > end:
            raise AssertionError(f"waited in vain for {what}")
        time.sleep(0.02)
    return found


class Trader(DoubleMaStrategy):  # type: ignore[misc]  # here its types are not read
    """vn.py's own double moving average; it has the gateway killed while it holds orders."""

    sent: list[str]
    """The vt_orderids of all it has sent."""

    def on_init(self) -> None:
        """Begin."""
        self.sent, self.held_at = [], 0
        super().on_init()

    def send_order(self, *args: Any, **kwargs: Any) -> list[str]:
        """Send an order, and remember it."""
        ids: list[str] = super().send_order(*args, **kwargs)
        self.sent += ids
        return ids

    def on_bar(self, bar: Any) -> None:
        """Trade; the orders of this bar are on their way when it returns."""
        before = len(self.sent)
        super().on_bar(bar)
        if len(self.sent) > before and self.cta_engine.strategy_orderid_map[self.strategy_name]:
            self.held_at += 1
            if self.held_at in KILLS:
                print(KILL, flush=True)


def in_vnpy(main: MainEngine) -> dict[str, Any]:
    """Return orders, trades, positions and money as vn.py has them.

    An order that was refused while there was no gateway is vn.py's alone.
    """
    known = main.get_gateway(GATEWAY)._session._book.ctp
    return {
        "orders": sorted(
            (one.symbol, one.price, int(one.volume), int(one.traded), one.is_active())
            for one in main.get_all_orders()
            if known(one.orderid) is not None
        ),
        "trades": sorted(
            (one.tradeid, one.price, int(one.volume)) for one in main.get_all_trades()
        ),
        "positions": sorted(
            (
                *(one.symbol, one.direction.name, int(one.volume), int(one.yd_volume)),
                *(int(one.frozen), round(one.pnl, 4), round(one.price, 4)),
            )
            for one in main.get_all_positions()
            if one.volume
        ),
        "account": [
            (round(one.balance, 4), round(one.frozen, 4), round(one.available, 4))
            for one in main.get_all_accounts()
        ],
    }


def in_gateway(url: str, sizes: dict[str, float]) -> dict[str, Any]:
    """Return the same by fresh queries of another client."""
    sums: dict[tuple[str, str], list[float]] = {}
    with connect(url, USER, PASSWORD) as client:
        for row in client.ReqQryInvestorPosition():
            side = "LONG" if row.PosiDirection == "2" else "SHORT"
            one = sums.setdefault((row.InstrumentID, side), [0, 0, 0, 0.0, 0.0])
            frozen = row.ShortFrozen if side == "LONG" else row.LongFrozen
            old = row.Position - row.TodayPosition
            told = (row.Position, old, frozen, row.PositionProfit or 0.0, row.PositionCost or 0.0)
            for place, value in enumerate(told):
                one[place] += value
        (money,) = client.ReqQryTradingAccount()
        frozen_money = sum(
            value or 0.0 for value in (money.FrozenMargin, money.FrozenCash, money.FrozenCommission)
        )
        return {
            "orders": sorted(
                (
                    *(one.InstrumentID, one.LimitPrice, one.VolumeTotalOriginal),
                    *(one.VolumeTraded, one.OrderStatus in "13abc"),
                )
                for one in client.ReqQryOrder()
            ),
            "trades": sorted(
                (f"{one.ExchangeID}_{one.TradeID.strip()}_{one.Direction}", one.Price, one.Volume)
                for one in client.ReqQryTrade()
            ),
            "positions": sorted(
                (
                    *(symbol, side, int(lots), int(old), int(frozen), round(pnl, 4)),
                    round(cost / (lots * sizes[symbol]), 4),
                )
                for (symbol, side), (lots, old, frozen, pnl, cost) in sums.items()
                if lots
            ),
            "account": [
                (
                    round(money.Balance or 0.0, 4),
                    round(frozen_money, 4),
                    round(money.Available or 0.0, 4),
                )
            ],
        }


def differences(main: MainEngine, url: str) -> dict[str, Any]:
    """Return what of vn.py's differs from the gateway's."""
    sizes = {one.symbol: one.size for one in main.get_all_contracts()}
    theirs, ours = in_gateway(url, sizes), in_vnpy(main)
    return {kind: [ours[kind], theirs[kind]] for kind in ours if ours[kind] != theirs[kind]}


class Day:
    """One day of one program.

    :param last: the market's time (``HH:MM``) at which the strategy is stopped.
    """

    def __init__(self, url: str, last: str) -> None:
        self.url = url
        self.last = last
        self.logs: list[str] = []
        self.events = EventEngine()
        self.events.register(EVENT_LOG, self._log)
        self.main = MainEngine(self.events)
        self.main.add_gateway(WebctpGateway)
        self.cta = self.main.add_app(CtaStrategyApp)
        self.risk = self.main.add_app(RiskManagerApp)
        self.recorder = self.main.add_app(DataRecorderApp)

    def _log(self, event: Event) -> None:
        self.logs.append(f"{event.data.gateway_name}: {event.data.msg}")
        print(self.logs[-1], file=sys.stderr, flush=True)

    def run(self) -> dict[str, Any]:
        """Trade until the day's end; return what came of it."""
        main = self.main
        main.connect({"网关地址": self.url, "用户名": USER, "密码": PASSWORD}, GATEWAY)
        until(main.get_all_accounts, "the account")
        futures = [one for one in main.get_all_contracts() if one.product is Product.FUTURES]
        contract = next(one for one in futures if one.symbol.startswith("rb"))
        self.cta.init_engine()
        # The market's time is not this machine's.
        self.recorder.filter_delta = timedelta(days=100_000)
        self.recorder.add_tick_recording(contract.vt_symbol)
        self.recorder.add_bar_recording(contract.vt_symbol)
        setting = {"fast_window": 3, "slow_window": 8}
        self.cta.classes[Trader.__name__] = Trader
        self.cta.add_strategy(Trader.__name__, "day", contract.vt_symbol, setting)
        self.cta.init_strategy("day").result(PATIENCE)
        self.cta.start_strategy("day")
        tick = until(lambda: main.get_tick(contract.vt_symbol), "a tick")
        refused = self._try_a_size_that_is_refused(contract, tick.limit_down)

        hour, minute = map(int, self.last.split(":"))
        end = tick.datetime.replace(hour=hour, minute=minute, second=0)
        if end < tick.datetime:  # it begins with a night
            end += timedelta(days=1)
        until(lambda: main.get_tick(contract.vt_symbol).datetime >= end, f"{end}", PATIENCE_OF_DAY)
        self.cta.stop_strategy("day")
        until(lambda: not self._waiting(), "the orders' end")
        give_up = time.monotonic() + 20.0
        while (found := differences(main, self.url)) and time.monotonic() < give_up:
            time.sleep(0.1)
        sent = self.cta.strategies["day"].sent
        named = {one.vt_orderid for one in main.get_all_orders()}
        done = {
            "differences": found,
            "strange orders": sorted(named - set(sent)),
            "lost orders": sorted(set(sent) - named),
            "unknown": sum(map(self._is_unknown, main.get_all_active_orders())),
            "rejected": sum(one.status is Status.REJECTED for one in main.get_all_orders()),
            "logged in again": sum("已重新登录" in one for one in self.logs),
            "orders": len(main.get_all_orders()),
            "trades": len(main.get_all_trades()),
            "refused by risk": refused,
            "ticks recorded": self._recorded("load_tick_data", contract),
            "bars recorded": self._recorded("load_bar_data", contract, Interval.MINUTE),
            "at": str(main.get_tick(contract.vt_symbol).datetime),
        }
        main.close()
        return done

    def _waiting(self) -> list[Any]:
        """Return the orders of which more will be told; not those whose fate nobody knows.

        Such an order must not be at the exchange: if it were, the lists would differ.
        """
        return [one for one in self.main.get_all_active_orders() if not self._is_unknown(one)]

    def _is_unknown(self, order: Any) -> bool:
        return any(f"{order.orderid} 结果不明" in one for one in self.logs)

    def _try_a_size_that_is_refused(self, contract: Any, price: float) -> bool:
        """Return whether the risk manager keeps an order of 100,000 lots back."""
        request = OrderRequest(
            contract.symbol, contract.exchange, Direction.LONG, OrderType.LIMIT, 100_000, price
        )
        request.offset = Offset.OPEN
        self.main.subscribe(SubscribeRequest(contract.symbol, contract.exchange), GATEWAY)
        return not self.main.send_order(request, GATEWAY)

    def _recorded(self, load: str, contract: Any, *of: Any) -> int:
        """Return how many ticks, or bars, the recorder has handed to the database.

        :param load: the database's method.
        """
        database = self.recorder.database
        from datetime import datetime  # the database compares times of its own zone

        def stored() -> int:
            start, end = datetime(2020, 1, 1), datetime(2040, 1, 1)
            found = getattr(database, load)(contract.symbol, contract.exchange, *of, start, end)
            return len(found)

        return int(until(stored, load))


if __name__ == "__main__":
    print(json.dumps(Day(sys.argv[1], sys.argv[2]).run(), ensure_ascii=False), flush=True)
    os._exit(0)  # threads of vn.py's that never end

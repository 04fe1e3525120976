"""A program of vn.py's that goes on trading while its gateway is killed (kill -9) and comes back.

The exchange is a process of its own and lives on. Each order has a price of its own, so that the
exchange's list says how often it was executed, whatever gateway and program believe.
"""

from collections import Counter
from functools import partial
from typing import Any, Final
from unittest import TestCase

from vnpy.trader.constant import Status

from tests.clients.python.gateways import RealGateway, wait_until
from tests.clients.vnpy.programs import Program, request
from webctp_client import connect

_USER: Final = "vnpyflow"
_EACH: Final = 6
"""Orders between two deaths of the daemon."""


class Crashes(TestCase):
    """Orders, trades, positions and money over daemons that die."""

    def setUp(self) -> None:
        self.gateway = RealGateway(apart=True)
        self.addCleanup(self.gateway.end)
        self.program = Program(self.gateway.url, _USER)
        self.addCleanup(self.program.end)
        self.prices: dict[str, float] = {}

    def send(self, contract: Any) -> str:
        """Send an order, in turn one that trades and one that rests; return its vt_orderid."""
        tick = self.program.told["Tick"][0]
        number = len(self.prices)
        away = number * contract.pricetick
        price = tick.limit_down + away if number % 2 else tick.limit_up - away
        sent: str = self.program.gateway.send_order(request(contract, price))
        self.prices[sent] = price
        return sent

    def ended(self, vt_orderid: str) -> bool:
        """Return whether nothing more will become of an order by itself."""
        status = self.program.status(vt_orderid)
        unknown = f"{vt_orderid.partition('.')[2]} 结果不明"
        return status not in (None, Status.SUBMITTING) or self.program.logged(unknown)

    def test_nothing_is_doubled_or_lost(self) -> None:
        program = self.program
        program.ready()
        contract = program.future()
        for kills in (1, 2):
            for _ in range(_EACH):
                self.send(contract)
            self.gateway.kill()
            program.until(partial(program.logged, "连接断开", kills), "the broken connection")
            refused = self.send(contract)
            program.until(partial(self.ended, refused), "the refusal")
            self.assertIs(program.status(refused), Status.REJECTED)
            self.gateway.start()
            program.until(partial(program.logged, "已重新登录", kills), "the next login")
        for _ in range(_EACH):
            self.send(contract)
        for one in self.prices:
            program.until(partial(self.ended, one), f"news of {one}")
        try:
            wait_until(lambda: not self.differences(), "vn.py's view to equal the gateway's")
        except AssertionError as problem:
            raise AssertionError(f"{problem}: {self.differences()}") from None
        last = self.send(contract)
        program.until(partial(self.ended, last), "news of the last order")

    def differences(self) -> list[str]:
        """Return what of the program's view differs from the exchange's."""
        with connect(self.gateway.url, _USER, "pass") as client:
            orders, trades = client.ReqQryOrder(), client.ReqQryTrade()
            held = sum(one.Position for one in client.ReqQryInvestorPosition())
            (money,) = client.ReqQryTradingAccount()
        there = Counter(one.LimitPrice for one in orders)
        wrong = [f"{price} is there {times} times" for price, times in there.items() if times > 1]
        for one, price in self.prices.items():
            status = self.program.status(one)
            refused = status is Status.REJECTED or status is Status.SUBMITTING
            if refused == bool(there[price]):
                wrong.append(f"{one} at {price} is {status}, there {there[price]} times")
        told = self.program.told
        mine = Counter(one.tradeid for one in told["Trade"])
        if sorted(mine.elements()) != sorted(
            f"{one.ExchangeID}_{one.TradeID.strip()}_{one.Direction}" for one in trades
        ):
            wrong.append(f"trades: {mine}; {len(trades)} by a query")
        if {one.vt_orderid for one in told["Trade"]} - self.prices.keys():
            wrong.append("a trade has the name of no order of this program")
        if not told["Position"] or told["Position"][-1].volume != held:
            wrong.append(f"the position is not {held}")
        if round(told["Account"][-1].balance, 2) != round(money.Balance or 0.0, 2):
            wrong.append(f"the balance is not {money.Balance}")
        return wrong

"""A bot, and its tests on a whole gateway: nothing to install or start. 测试您的程序。

Needs webctp beside webctp-client (Linux). 除 webctp-client 外还需 webctp。
"""

import tempfile
import unittest

from webctp.testing import ThreadedGateway
from webctp_client import BlockingClient, Handler, connect, enums, structs


class Bot(Handler):
    """The bot under test: buys one lot of rebar, and ends when it has it. 买入一手后结束。"""

    def __init__(self, client: BlockingClient) -> None:
        self.client, self.held, self.has_ordered = client, 0, False

    def on_tick(self, tick: structs.DepthMarketData) -> None:
        """Buy at the first tick. 第一笔行情即买入。"""
        if not self.has_ordered:
            self.has_ordered = True
            buy, opens = enums.Direction.Buy, enums.OffsetFlag.Open
            self.client.limit_order(tick.InstrumentID, buy, opens, tick.UpperLimitPrice or 0.0, 1)

    def on_trade(self, trade: structs.Trade) -> None:
        """Count. 计数。"""
        self.held += trade.Volume
        self.client.close()


class BotTest(unittest.TestCase):
    """Each test has an exchange of its own; faults stand in the address. 每个测试一个交易所。"""

    def played(self, exchange: str) -> tuple[int, int]:
        """Return what the bot counts, and what the account holds. 所计手数与账户的持仓。"""
        with (
            tempfile.TemporaryDirectory() as folder,
            ThreadedGateway(exchange, Journal={"Path": f"{folder}/journal.sqlite"}) as gateway,
        ):
            bot = Bot(connect(gateway.url(), "bot", "demo"))
            bot.client.run(bot, "@rb")
            with connect(gateway.url(), "bot", "demo") as client:
                return bot.held, sum(row.Position for row in client.ReqQryInvestorPosition())

    def test_it_buys_one_lot(self) -> None:
        self.assertEqual(self.played("sim://?seed=7"), (1, 1))

    def test_a_trade_that_is_told_twice_counts_once(self) -> None:
        self.assertEqual(self.played("sim://?seed=7&faults.duplicate=1"), (1, 1))


if __name__ == "__main__":
    unittest.main()

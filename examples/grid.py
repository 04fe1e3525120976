"""A grid: buy a lot at each line below, sell it one line above. 网格：逢线买入，上一线卖出。"""

import sys

from webctp_client import BlockingClient, BlockingSentOrder, connect, enums

URL = sys.argv[1] if len(sys.argv) > 1 else "ws://127.0.0.1:8080"
LINES, STEP, ROUNDS = 3, 1, int(sys.argv[2]) if len(sys.argv) > 2 else 10  # STEP in price ticks


class Grid:
    """One order rests at each line, to buy or to sell a lot. 每条线上一笔挂单，一手。"""

    def __init__(self, client: BlockingClient, instrument: str, step: float) -> None:
        self.client, self.instrument, self.step = client, instrument, step
        self.resting: dict[str, tuple[BlockingSentOrder, float, bool]] = {}  # by OrderRef

    def place(self, line: float, *, is_buy: bool) -> None:
        """Buy at a line, or sell one line above it. 在线上买入，或在上一线卖出。"""
        side = enums.Direction.Buy if is_buy else enums.Direction.Sell
        offset = enums.OffsetFlag.Open if is_buy else enums.OffsetFlag.CloseToday
        price = line if is_buy else line + self.step
        order = self.client.limit_order(self.instrument, side, offset, price, 1).wait_known(30)
        if order.order is not None:
            self.resting[order.order.OrderRef] = order, line, is_buy

    def turn(self, ref: str) -> str:
        """Place the other side of what has traded. 成交之后，挂出同一线的另一边。"""
        if ref not in self.resting:
            return ""  # another program's order 其他程序的报单
        _, line, was_buy = self.resting.pop(ref)
        self.place(line, is_buy=not was_buy)
        return "bought" if was_buy else "sold"


with connect(URL, "grid", "demo") as client:
    tick = next(client.ticks("@rb"))
    (rebar,) = client.ReqQryInstrument(InstrumentID=tick.InstrumentID)
    grid, rounds = Grid(client, rebar.InstrumentID, STEP * (rebar.PriceTick or 1.0)), 0
    trades = client.trade_pushes()  # before the first order 先订阅成交，再报单
    for number in range(LINES):
        grid.place((tick.LastPrice or 0.0) - number * grid.step, is_buy=True)
    while rounds < ROUNDS:
        trade = next(trades)
        what = grid.turn(trade.OrderRef)
        print(trade.TradeTime, what, trade.Price)
        rounds += what == "sold"
    for order, _, _ in grid.resting.values():
        client.cancel(order)

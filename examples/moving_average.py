"""Two moving averages: long while the fast one is above. 双均线：快线在上则持多一手。"""

import sys
from collections import deque
from statistics import fmean

from webctp_client import BlockingClient, BlockingSentOrder, Handler, connect, enums, structs

URL = sys.argv[1] if len(sys.argv) > 1 else "ws://127.0.0.1:8080"
FAST, SLOW, TRADES = 3, 9, int(sys.argv[2]) if len(sys.argv) > 2 else 10


class MovingAverages(Handler):
    """One instrument; at most one order under way, sent at most once."""

    def __init__(self, client: BlockingClient, instrument: str) -> None:
        self.client, self.trades = client, 0
        self.order: BlockingSentOrder | None = None
        self.prices: deque[float] = deque(maxlen=SLOW)
        longs = [one for one in client.positions if one.PosiDirection == enums.PosiDirection.Long]
        self.held = sum(one.Position for one in longs if one.InstrumentID == instrument)

    def on_tick(self, tick: structs.DepthMarketData) -> None:
        """Decide at each tick."""
        if tick.LastPrice is None or (self.order is not None and not self.order.is_done):
            return
        self.prices.append(tick.LastPrice)
        if len(self.prices) < SLOW:
            return
        is_up = fmean(list(self.prices)[-FAST:]) > fmean(self.prices)
        if is_up != bool(self.held):
            side = enums.Direction.Buy if is_up else enums.Direction.Sell
            offset = enums.OffsetFlag.Open if is_up else enums.OffsetFlag.CloseToday
            price = tick.UpperLimitPrice if is_up else tick.LowerLimitPrice
            self.order = self.client.limit_order(tick.InstrumentID, side, offset, price or 0.0, 1)

    def on_trade(self, trade: structs.Trade) -> None:
        """Count; end after enough."""
        self.held += trade.Volume if trade.Direction == enums.Direction.Buy else -trade.Volume
        self.trades += 1
        print(trade.TradeTime, trade.Direction, trade.Price, "held", self.held)
        if self.trades == TRADES:
            self.client.close()


with connect(URL, "averages", "demo", portfolio=True) as client:
    rebar = next(client.ticks("@rb")).InstrumentID  # the main contract
    client.run(MovingAverages(client, rebar), rebar)

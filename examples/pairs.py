"""A pair, rebar against hot coil; the gateway guards both legs. 螺纹与热卷套利，双腿皆有保护。

Each leg is opened by a conditional order with a bracket: when it has traded, a stop and a take
profit wait in the gateway, one cancels the other, and they outlive this program.
每条腿由带保护的条件单开仓：成交后，止损与止盈在网关中等待，二者取一，本程序退出之后依然有效。
"""

import sys
import time

from webctp_client import BlockingClient, connect, enums, limit_body, own

URL = sys.argv[1] if len(sys.argv) > 1 else "ws://127.0.0.1:8080"
RISK = GAIN = int(sys.argv[2]) if len(sys.argv) > 2 else 2  # in price ticks 以最小变动价位计
BUY, SELL = enums.Direction.Buy, enums.Direction.Sell


def open_leg(client: BlockingClient, product: str, side: enums.Direction) -> str:
    """Open a lot of a main contract, with its bracket; return the conditional order's name."""
    tick = next(client.ticks(f"@{product}"))
    (one,) = client.ReqQryInstrument(InstrumentID=tick.InstrumentID)
    size, last = one.PriceTick or 1.0, tick.LastPrice or 0.0
    high, low = tick.UpperLimitPrice or 0.0, tick.LowerLimitPrice or 0.0
    up = 1 if side == BUY else -1
    near, far = (high, low) if side == BUY else (low, high)  # limits that trade at once 立即成交
    back = SELL if side == BUY else BUY
    to_open = limit_body(one.InstrumentID, one.ExchangeID, side, enums.OffsetFlag.Open, near, 1)
    to_close = limit_body(  # as many lots as have traded 手数以成交为准
        one.InstrumentID, one.ExchangeID, back, enums.OffsetFlag.CloseToday, far, 0
    )
    stop = own.LegWord(Kind="stop", TriggerPrice=last - up * RISK * size, InputOrder=to_close)
    gain = own.LegWord(Kind="profit", TriggerPrice=last + up * GAIN * size, InputOrder=to_close)
    name = f"pair-{product}-{time.time_ns()}"
    now = own.LegWord(Kind="now", InputOrder=to_open)
    client.InsertConditional(ConditionalID=name, Legs=[now], Protect=[stop, gain])
    return name


with connect(URL, "pairs", "demo") as client:
    pushes = client.events()  # before the first order 先订阅，再报单
    waiting = {open_leg(client, "rb", BUY), open_leg(client, "hc", SELL)}
    for push in pushes:
        if isinstance(push, own.RtnConditional):
            state = push.Conditional
            print(state.ConditionalID, state.Status, state.Reason)
            if state.Parent in waiting and state.Status in ("done", "refused", "expired"):
                waiting.remove(state.Parent)
                if not waiting:
                    break
    # Asked for: the push of the last trade may come behind its order. 末笔成交的推送可能在后。
    for trade in client.ReqQryTrade():
        print(trade.InstrumentID, trade.Direction, trade.OffsetFlag, trade.Price)

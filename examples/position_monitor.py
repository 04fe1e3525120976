"""Positions and money as they change, until interrupted. 持仓与资金的实时监视。"""

import sys

from webctp_client import connect, enums

URL = sys.argv[1] if len(sys.argv) > 1 else "ws://127.0.0.1:8080"
USER = sys.argv[2] if len(sys.argv) > 2 else "averages"  # the account of moving_average.py
UPDATES = int(sys.argv[3]) if len(sys.argv) > 3 else 1_000_000

with connect(URL, USER, "demo") as client, client.everything() as pushes:
    client.SubscribePortfolio()
    for kind, push in pushes:
        if kind == "on_position":
            side = "long " if push.PosiDirection == enums.PosiDirection.Long else "short"
            print(
                f"{push.InstrumentID:<10} {side} {push.Position:>4} lots at {push.OpenPrice:,.2f},"
                f" now {push.LastPrice:,.2f}: {push.PositionProfitByTrade:+,.2f} yuan"
            )
        elif kind == "on_account":
            risk = 0.0 if push.RiskDegree is None else push.RiskDegree
            print(f"equity {push.Balance:,.2f}, free {push.Available:,.2f}, risk {risk:.2%}")
            UPDATES -= 1
            if not UPDATES:
                break
    if client.mirror.caveats:  # what the gateway is not sure of 网关不能确定的数字
        print("not sure:", *client.mirror.caveats)

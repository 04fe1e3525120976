"""The option chain of copper's main contract, as it is quoted. 铜主力合约的期权 T 型报价。"""

import sys
import time

from webctp_client import connect, enums, structs

URL = sys.argv[1] if len(sys.argv) > 1 else "ws://127.0.0.1:8080"
PRODUCT, SECONDS = "cu", float(sys.argv[2]) if len(sys.argv) > 2 else 5.0


def shown(tick: structs.DepthMarketData | None) -> str:
    """Return bid and ask; 0 and None say that nobody offers. 买价与卖价，无人报价则为横线。"""
    prices = (tick.BidPrice1, tick.AskPrice1) if tick else (None, None)
    return " ".join(f"{price:>9,.2f}" if price else f"{'-':>9}" for price in prices)


with connect(URL) as client:
    future = next(client.ticks(f"@{PRODUCT}"))
    rows = client.QryInstruments(ProductID=PRODUCT, ProductClass=enums.ProductClass.Options)
    chain = [row for row in rows if row.UnderlyingInstrID == future.InstrumentID]
    names = {(row.StrikePrice, row.OptionsType): row.InstrumentID for row in chain}
    ticks: dict[str, structs.DepthMarketData] = {}
    with client.ticks(*names.values()) as stream:
        end = time.monotonic() + SECONDS
        while len(ticks) < len(names) and (left := end - time.monotonic()) > 0:
            ticks.update({tick.InstrumentID: tick for tick in stream.take(left)})

print(f"{future.InstrumentID} {future.LastPrice:,.2f}, {len(ticks)} of {len(names)} quoted")
print(f"{'call bid':>9} {'ask':>9} {'strike':>10} {'put bid':>9} {'ask':>9}")
for strike in sorted({strike for strike, _ in names}):
    call, put = (
        ticks.get(names.get((strike, kind), ""))
        for kind in (enums.OptionsType.CallOptions, enums.OptionsType.PutOptions)
    )
    print(shown(call), f"{strike:>10,.0f}", shown(put))

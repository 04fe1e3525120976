"""The first ticks of rebar's main contract. 螺纹钢主力合约的行情。"""

import sys
from itertools import islice

from webctp_client import connect

URL = sys.argv[1] if len(sys.argv) > 1 else "ws://127.0.0.1:8080"

for tick in islice(connect(URL).ticks("@rb"), 3):
    print(tick.InstrumentID, tick.UpdateTime, tick.LastPrice)

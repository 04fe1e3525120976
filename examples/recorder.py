"""Record ticks, and look at them as a data frame. 录制行情，成为数据框。 Needs pandas."""

import sys
from itertools import islice

import pandas as pd

from webctp_client import connect, to_dataframe

URL = sys.argv[1] if len(sys.argv) > 1 else "ws://127.0.0.1:8080"
TICKS = int(sys.argv[2]) if len(sys.argv) > 2 else 200

with connect(URL) as client, client.ticks("@rb", "@cu", "@m") as stream:
    frame = to_dataframe(islice(stream, TICKS), "pandas")

# The night belongs to the trading day, and to the day before on the clock: ActionDay says which;
# on DCE it is the trading day all night. 夜盘的自然日见 ActionDay，大商所除外。
clock = frame["ActionDay"] + " " + frame["UpdateTime"]
frame["Time"] = pd.to_datetime(clock, format="%Y%m%d %H:%M:%S")
frame["Time"] += pd.to_timedelta(frame["UpdateMillisec"], unit="ms")
frame["Spread"] = frame["AskPrice1"] - frame["BidPrice1"]
print(frame[["InstrumentID", "Time", "LastPrice", "Spread", "Volume"]].to_string(max_rows=10))
print(frame.groupby("InstrumentID")["LastPrice"].agg(["count", "min", "max", "mean"]))

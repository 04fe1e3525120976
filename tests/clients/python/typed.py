"""A user's program, with right and with wrong uses; every wrong line is marked.

`python -m tests.clients.python.typed` has mypy and basedpyright look at it, both strict.
"""

import json
import re
import subprocess
import sys
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final

from tests import clients

PATIENCE: Final = 300
MYPY: Final = (sys.executable, "-m", "mypy", "--strict", "--config-file=", "--no-error-summary")
MARK: Final = "# wrong: "
PROGRAM: Final = """\
import asyncio
from webctp_client import BlockingClient, Handler, aio, connect, enums, limit_body, own, structs
from webctp_client import to_dataframe
from webctp_client.errors import WebctpError


class Strategy(Handler):
    def __init__(self, client: BlockingClient) -> None:
        self.client = client

    def on_tick(self, tick: structs.DepthMarketData) -> None:
        if tick.LastPrice is not None and tick.LastPrice > 3000:
            order = self.client.limit_order(
                tick.InstrumentID, enums.Direction.Buy, enums.OffsetFlag.Open, tick.LastPrice, 1
            )
            order.wait_done(10.0)
            traded: int = order.volume_traded
            print(traded, order.order_status == enums.OrderStatus.AllTraded)


class Mistaken(Handler):
    def on_tick(self, tick: structs.Order) -> None:  # wrong: an order is no tick
        print(tick.OrderRef)


def right(url: str) -> None:
    with connect(url, "user", "password", portfolio=True, ca_file="ca.pem") as client:
        rows: list[structs.Instrument] = client.ReqQryInstrument(ProductID="rb")
        money: list[structs.TradingAccount] = client.ReqQryTradingAccount()
        body = limit_body(rows[0].InstrumentID, "SHFE", "1", "3", 3000.0, 1)
        leg = own.LegWord(Kind="stop", TriggerPrice=3100.0, InputOrder=body)
        standing = client.InsertConditional(ConditionalID="c-1", Legs=[leg])
        print("" if standing is None else standing.Status, money[0].Available)
        for tick in client.ticks("rb*", interval_ms=500):
            print(tick.LastPrice)
        for bar in client.bars("rb2701", periods=("1m",), history=10):
            print(bar.ClosePrice + 1.0)
        print(to_dataframe(client.trades))
        try:
            client.run(Strategy(client), "rb2701")
        except WebctpError as problem:
            print(problem.code + 1, problem.detail)


async def right_too(url: str) -> None:
    async with aio.connect(url, "user", "password") as client:
        (row,) = await client.ReqQryInvestor()
        order = await client.ReqOrderInsert(InstrumentID="rb2701", LimitPrice=1.0)
        await order.wait_known()
        async for trade in client.trade_pushes():
            print(trade.Volume + 1, row.InvestorName)


def wrong(client: BlockingClient, url: str) -> None:
    client.ReqQryInstrument(ProductId="rb")  # wrong: no such field
    client.ReqQryInstrument(ProductID=1)  # wrong: a text
    client.ReqQryInstrumnt()  # wrong: no such request
    trades: list[structs.Trade] = client.ReqQryOrder()  # wrong: orders
    print(trades, client.trades[0].Prise)  # wrong: no such field
    print(next(client.ticks("rb2701")).LastPrice + 1)  # wrong: it may be None
    client.limit_order("rb2701", "0", "0", "3000", 1)  # wrong: the price is a number
    client.limit_order("rb2701", "0", "0", 3000.0)  # wrong: no lots
    client.InsertConditional(ConditionalID="c", Legs=[{"Kind": "stop"}])  # wrong: a struct
    own.LegWord(Kind="stop", TriggerPrise=1.0, InputOrder=structs.InputOrder())  # wrong: no field
    client.run("strategy")  # wrong: a handler
    connect(url, portfolo=True)  # wrong: no such option
    connect(url, timeout="1")  # wrong: seconds
    structs.Order().LimitPrice = 1.0  # wrong: it cannot be changed
    enums.Direction.Bye  # wrong: no such value


async def wrong_too(client: aio.Client) -> None:
    print((await client.ReqQryOrder())[0].Status)  # wrong: no such field
    rows: list[structs.Order] = client.ReqQryOrder()  # wrong: it is not awaited
    print(rows)
    for tick in client.ticks("rb2701"):  # wrong: async for
        pass


asyncio.run(right_too("ws://127.0.0.1:8080"))
right("ws://127.0.0.1:8080")
"""


def marked() -> set[int]:
    """Return the numbers of the lines that are wrong."""
    lines = PROGRAM.splitlines()
    return {number for number, line in enumerate(lines, 1) if MARK in line}


def by_mypy() -> dict[int, str]:
    """Return what mypy says of each line that it finds wrong."""
    with TemporaryDirectory() as folder:
        program = Path(folder, "program.py")
        program.write_text(PROGRAM, "utf-8")
        done = subprocess.run(
            [*MYPY, "--cache-dir", f"{folder}/cache", str(program)],
            cwd=folder,
            env={"MYPYPATH": str(clients.PYTHON), "PATH": "/usr/bin:/bin"},
            capture_output=True,
            text=True,
            timeout=PATIENCE,
            check=False,
        )
    found = re.findall(r"^.*?(\w+\.py):(\d+): error: (.*)$", done.stdout, re.MULTILINE)
    return _told(found, done.stdout + done.stderr)


def by_pyright(python: str, *paths: Path) -> dict[int, str]:
    """Return what basedpyright says of each line, with pyright's own strict rules.

    :param python: an interpreter whose environment has basedpyright.
    :param paths: where the client is, if not in that environment.
    """
    with TemporaryDirectory() as folder:
        program = Path(folder, "program.py")
        program.write_text(f"# pyright: strict\n{PROGRAM}", "utf-8")
        config = {
            "typeCheckingMode": "strict",
            "include": ["program.py"],
            "extraPaths": [str(path) for path in paths],
        }
        Path(folder, "pyrightconfig.json").write_text(json.dumps(config), "utf-8")
        done = subprocess.run(
            [python, "-m", "basedpyright", "--outputjson", "--pythonpath", python],
            cwd=folder,
            capture_output=True,
            text=True,
            timeout=PATIENCE,
            check=False,
        )
    said = json.loads(done.stdout)["generalDiagnostics"] if done.stdout else []
    found = [
        (Path(one["file"]).name, str(one["range"]["start"]["line"]), one["message"])
        for one in said
        if one["severity"] == "error"
    ]
    return _told(found, done.stdout + done.stderr)


def _told(found: list[tuple[str, str, str]], output: str) -> dict[int, str]:
    elsewhere = [one for one in found if one[0] != "program.py"]
    if elsewhere or not found:
        raise AssertionError(f"not the program's: {elsewhere}\n{output}")
    return {int(number): message for _, number, message in found}


def main() -> int:
    """Print what each checker passes over, and what it finds beside; 1 where there is any."""
    wrong = 0
    for name, found in (
        ("mypy", by_mypy()),
        ("pyright", by_pyright(sys.executable, clients.PYTHON)),
    ):
        passed, beside = marked() - found.keys(), found.keys() - marked()
        wrong += len(passed) + len(beside)
        print(f"{name}: {len(found)} lines are wrong, as marked {len(marked())}")
        for line in sorted(passed):
            print(f"  passed over: {PROGRAM.splitlines()[line - 1]}")
        for line in sorted(beside):
            print(f"  beside: {PROGRAM.splitlines()[line - 1]}: {found[line]}")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())

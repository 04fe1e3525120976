"""A daemon that is killed at any moment, its exchange living on in a process of its own.

One client gives every order a ClientOrderID, and asks again for each after the restarts. What it
is told in the end is held against what the exchange itself lists. ``python -m tests.chaos
--restarts --seed N --count M`` tells stories by their seeds; the seed decides what is sent, what
goes wrong and when the daemon is killed, the machine decides what it was doing then.
"""

import os
import subprocess
import sys
import tempfile
import time
from collections import defaultdict
from collections.abc import Callable, Coroutine
from functools import partial
from itertools import count
from pathlib import Path
from random import Random
from typing import Any, Final

from twisted.internet.defer import Deferred, ensureDeferred
from twisted.internet.threads import deferToThread
from twisted.trial.unittest import TestCase

from tests.daemons import PATIENCE, ROOT, DaemonProcess, sleep, until
from tests.wsclient import Client, Message, connect
from webctp.sim.remote.front import RemoteFront

CONFIG: Final = """
AppType: td
TdFrontAddress: sim+unix://{directory}/front
BrokerID: "9999"
Host: 127.0.0.1
Port: 0
QueryInterval: 0
QueryTimeout: 2
LoginTimeout: 12
Journal: {{Path: {directory}/journal.sqlite}}
ConFilePath: {directory}/con_file
"""
FIRST: Final = int(os.environ.get("CHAOS_FIRST", "0"))
STORIES: Final = int(os.environ.get("CHAOS_STORIES", "12"))
LAST: Final = 5
"""Orders of the last daemon: not all of them will be returned."""
MOST_KILLS: Final = 3
"""How often a story's daemon is killed at most."""
ORDER: Final = {
    "InstrumentID": "cu2701",
    "ExchangeID": "SHFE",
    "OrderPriceType": "2",
    "Direction": "0",
    "CombOffsetFlag": "0",
    "CombHedgeFlag": "1",
    "TimeCondition": "3",
    "VolumeCondition": "1",
    "ContingentCondition": "1",
    "ForceCloseReason": "0",
}
FAULTS: Final = {
    "Duplicate": 0.3,
    "LostAck": 0.2,
    "NoAnswer": 0.04,
    "NotReady": 0.2,
    "ReturnError": 0.15,
    "SlowAnswer": 0.1,
}
"""What may go wrong at the front, and how often at most."""
_LOGIN: Final = {"UserID": "u1", "Password": "p"}
_ASK_AGAIN: Final = (-408, -503, -1, -2, -3, 7, 8, 60, 90)
"""Answers after which one asks again."""


def faults_of(random: Random) -> str:
    """The faults of a story, as options of the front."""
    chosen = {
        name: random.uniform(0, most) for name, most in FAULTS.items() if random.random() < 0.5
    }
    if random.random() < 0.4:
        chosen["Disconnect"] = random.uniform(1, 8)
    return "".join(f"&faults.{name}={value:.3f}" for name, value in chosen.items())


class Exchange:
    """``python -m webctp sim`` on a socket in ``directory``."""

    def __init__(self, directory: str, seed: int, faults: str) -> None:
        self._output = Path(directory, "exchange")
        self._path = f"{directory}/front"
        with self._output.open("wb") as output:
            self._process = subprocess.Popen(
                [
                    *(sys.executable, "-m", "webctp", "sim", self._path),
                    *("--options", f"seed={seed}&balance=1000000000{faults}"),
                ],
                cwd=ROOT,
                stdout=output,
                stderr=subprocess.STDOUT,
            )

    async def serving(self) -> None:
        """Wait until it serves."""

        def serving() -> bool:
            said = self._output.read_bytes()
            if self._process.poll() is not None:
                raise AssertionError(f"the exchange ended: {said.decode(errors='replace')}")
            return b"sim+unix://" in said

        await until(serving, "the exchange")

    async def calm(self) -> None:
        """Nothing goes wrong any more, but for what a request returns."""
        await deferToThread(RemoteFront(f"sim+unix://{self._path}").control, "faults")

    def end(self) -> None:
        """End it."""
        self._process.kill()
        self._process.wait()


class Trader:
    """The client: what it has sent, and what it was told, over all restarts."""

    def __init__(self, random: Random) -> None:
        self._random = random
        self._numbers = count(1)
        self.given: dict[str, Message] = {}
        self.tags: dict[str, set[int]] = defaultdict(set)
        self.refused: set[int] = set()
        self.fates: dict[str, Message] = {}
        self.told_of: dict[str, Message] = {}
        self.trades: list[set[str]] = []
        """The trades told, of each run of the daemon."""
        self.seqs: list[int] = []
        self.wrong: list[str] = []
        self._limits = (0.0, 0.0)
        self._client: Client | None = None
        self._answers: dict[int, list[Message]] = defaultdict(list)
        self._heard: Deferred[None] | None = None

    async def login(self, port: int) -> None:
        """Connect and log in; what comes is heard from now on."""
        self._client = await connect(port, "/td/")
        self.seqs.clear()
        self.trades.append(set())
        self._heard = ensureDeferred(self._hear(self._client))
        await self.ask("ReqUserLogin", ReqUserLogin=_LOGIN)
        if self._limits == (0.0, 0.0):
            body = {"InstrumentID": ORDER["InstrumentID"]}
            (answer,) = await self.ask("ReqQryDepthMarketData", QryDepthMarketData=body)
            tick = answer["DepthMarketData"]
            self._limits = tick["LowerLimitPrice"], tick["UpperLimitPrice"]

    async def rows(self, name: str) -> list[Message]:
        """What the exchange lists: ``Order`` or ``Trade``."""
        answers = await self.ask(f"ReqQry{name}", **{f"Qry{name}": {}})
        return [answer[name] for answer in answers if answer[name] is not None]

    async def ask(self, name: str, **body: Any) -> list[Message]:
        """Ask until there is a whole answer."""
        end = time.monotonic() + PATIENCE
        while time.monotonic() < end:
            answers = self._answers[self._say(name, **body)]
            await until(partial(_is_whole, answers), f"the answer to {name}")
            code = (answers[-1]["RspInfo"] or {}).get("ErrorID", 0)
            if code == 0:
                return answers
            if code not in _ASK_AGAIN:
                break
            await sleep(0.1)
        raise AssertionError(answers)

    def order(self) -> None:
        """A new order, under a ClientOrderID of its own."""
        given = f"id-{len(self.given)}"
        # Two in three trade at once, the others rest.
        price = self._random.choice((self._limits[1], self._limits[1], self._limits[0]))
        self.given[given] = {
            **ORDER,
            "LimitPrice": price,
            "VolumeTotalOriginal": self._random.randint(1, 3),
        }
        self.again(given)

    def again(self, given: str) -> None:
        """The same order under the same ClientOrderID."""
        body = self.given[given]
        self.tags[given].add(self._say("ReqOrderInsert", ClientOrderID=given, InputOrder=body))

    async def leave(self) -> None:
        """Close the socket."""
        if self._client is not None:
            await self._client.leave()
        await self.gone()

    async def gone(self) -> None:
        """Wait until the connection's end has been heard."""
        if self._heard is not None:
            await self._heard
        self._client = self._heard = None

    def _say(self, name: str, **words: Any) -> int:
        if self._client is None:
            raise AssertionError("there is no connection")
        number = next(self._numbers)
        self._client.say({"MsgType": name, "RequestID": number, **words})
        return number

    async def _hear(self, client: Client) -> None:
        while True:
            try:
                message = await client.next()
            except ConnectionError:
                return
            self._take(message)

    def _take(self, message: Message) -> None:
        name = message["MsgType"]
        if "Seq" in message:
            self.seqs.append(message["Seq"])
        if name == "RtnClientOrder":
            self.fates[message["ClientOrder"]["ClientOrderID"]] = message["ClientOrder"]
        elif name == "RtnOrder":
            self.told_of[message["Order"]["BrokerOrderSeq"]] = message["Order"]
        elif name == "RtnTrade":
            trade = message["Trade"]["TradeID"]
            if trade in self.trades[-1]:
                self.wrong.append(f"trade {trade} was told twice")
            self.trades[-1].add(trade)
        elif "RequestID" in message:
            self._answers[message["RequestID"]].append(message)
            code = (message["RspInfo"] or {}).get("ErrorID", 0)
            if code < 0 and name in ("ReqOrderInsert", "RspOrderInsert"):
                self.refused.add(message["RequestID"])


class RestartCase(TestCase):
    """A story of daemons that end and are started again, and of an exchange that lives on."""

    timeout = 120

    def setUp(self) -> None:
        # Not below the temporary directory of the tests: a socket's path has room for 107 bytes.
        self.scratch = tempfile.TemporaryDirectory()
        self.addCleanup(self.scratch.cleanup)
        self.directory = self.scratch.name
        self.starts = count(1)

    async def story(self, seed: int) -> None:
        """Kill the daemon again and again, then ask what became of everything."""
        random = Random(seed)
        exchange = Exchange(self.directory, seed, faults_of(random))
        self.addCleanup(exchange.end)
        await exchange.serving()
        trader = Trader(random)
        for _ in range(random.randint(1, MOST_KILLS)):
            daemon = self.daemon()
            if random.random() < 0.25:
                await sleep(random.uniform(0, 2.5))
                daemon.kill()
                continue
            await daemon.listening()
            await trader.login(daemon.port)
            await self.trade(trader, random)
            daemon.kill()
            await trader.gone()
        await exchange.calm()
        await self.settle(trader)

    def daemon(self) -> DaemonProcess:
        """A new process, with the files of the last."""
        directory = f"{self.directory}/{next(self.starts)}"
        daemon = DaemonProcess(directory, CONFIG.format(directory=self.directory))
        self.addCleanup(daemon.kill)
        return daemon

    async def trade(self, trader: Trader, random: Random) -> None:
        """New orders and old ones again, in bursts, until a moment that nobody chose."""
        for _ in range(random.randint(1, 12)):
            if trader.given and random.random() < 0.4:
                trader.again(random.choice(list(trader.given)))
            else:
                trader.order()
            if random.random() < 0.5:
                await sleep(random.expovariate(1 / 0.03))

    async def settle(self, trader: Trader) -> None:
        """A daemon that is not killed: every ClientOrderID is asked for, and compared."""
        daemon = self.daemon()
        await daemon.listening()
        await trader.login(daemon.port)
        trader.fates.clear()
        for _ in range(LAST):
            trader.order()
        for given in trader.given:
            trader.again(given)
        await until(lambda: trader.fates.keys() == trader.given.keys(), "every ClientOrderID")
        orders: list[Message] = []
        for _ in range(100):
            orders = await trader.rows("Order")
            if all(self.agrees(trader, given, orders) for given in trader.given):
                break
            await sleep(0.1)
        trades = await trader.rows("Trade")
        await trader.leave()
        self.compare(trader, orders, trades)

    def agrees(self, trader: Trader, given: str, orders: list[Message]) -> bool:
        """Whether what was told of a ClientOrderID is what the exchange lists; once at most."""
        found = [order for order in orders if order["RequestID"] in trader.tags[given]]
        self.assertLessEqual(len(found), 1, f"{given} was executed twice")
        fate = trader.fates[given]
        if not found:
            return fate["Status"] in ("refused", "unknown")
        told = fate["Status"], fate["OrderStatus"], fate["VolumeTraded"]
        return told == ("known", found[0]["OrderStatus"], found[0]["VolumeTraded"])

    def compare(self, trader: Trader, orders: list[Message], trades: list[Message]) -> None:
        """What the client knows, against what the exchange lists."""
        for given, fate in trader.fates.items():
            self.assertTrue(self.agrees(trader, given, orders), f"{given}: {fate}")
        numbers = {order["BrokerOrderSeq"] for order in orders}
        self.assertEqual(len(numbers), len(orders))
        self.assertLessEqual(trader.told_of.keys(), numbers)
        tags = set().union(*trader.tags.values())
        self.assertLessEqual({order["RequestID"] for order in orders}, tags - trader.refused)
        listed = {trade["TradeID"] for trade in trades}
        self.assertEqual(len(listed), len(trades))
        self.assertLessEqual(set().union(*trader.trades), listed)
        self.assertEqual(trader.wrong, [])
        self.assertEqual(
            sum(trade["Volume"] for trade in trades),
            sum(order["VolumeTraded"] for order in orders),
        )
        refs: dict[int, list[int]] = defaultdict(list)
        for order in sorted(orders, key=lambda one: int(one["BrokerOrderSeq"])):
            refs[order["SessionID"]].append(int(order["OrderRef"]))
        for grown in refs.values():
            self.assertEqual(grown, sorted(set(grown)))
        self.assertEqual(trader.seqs, list(range(trader.seqs[0], trader.seqs[-1] + 1)))
        self.assertGreaterEqual(len(orders), 1)


class RestartTests(RestartCase):
    """Each story has an exchange, and a test, of its own."""


def _is_whole(answers: list[Message]) -> bool:
    return bool(answers) and bool(answers[-1]["IsLast"])


def _story(seed: int) -> Callable[[RestartTests], Coroutine[Deferred[Any], Any, None]]:
    async def story(self: RestartTests) -> None:
        try:
            await self.story(seed)
        except Exception as problem:
            replay = f"python -m tests.chaos --restarts --seed {seed}"
            raise AssertionError(f"{problem}\ntell it again: {replay}") from problem

    return story


for _seed in range(FIRST, FIRST + STORIES):
    setattr(RestartTests, f"test_story_{_seed}", _story(_seed))

"""Conditional orders in daemons that are killed at any moment, and between any two commits.

The exchange lives on in a process of its own; in some stories it loses connections and answers,
refuses requests and tells things twice until the last daemon begins. One client inserts stops,
profits, trailing stops, moments, pairs and brackets about the price of the moment; the daemon is
killed from outside, or kills itself before or after a commit of its journal, and is started again.
In the end each order that the exchange lists is held against what became of the conditional
orders: each is sent at most once, and none is forgotten. ``python -m tests.chaos --conditionals
--seed N --count M`` tells stories by their seeds.
"""

import os
from collections import Counter, defaultdict
from collections.abc import Callable, Coroutine
from datetime import datetime, timedelta
from random import Random
from typing import Any, Final

from twisted.internet.defer import Deferred

from tests.chaos.test_restarts import ORDER, Exchange, RestartCase, faults_of
from tests.daemons import DaemonProcess, sleep, until
from tests.wsclient import Client, Message, connect

CONFIG: Final = """
AppType: both
TdFrontAddress: sim+unix://{directory}/front
MdFrontAddress: sim+unix://{directory}/front
BrokerID: "9999"
Host: 127.0.0.1
Port: 0
QueryInterval: 0
LoginTimeout: 12
Journal: {{Path: {directory}/journal.sqlite}}
ConFilePath: {directory}/con_file
"""
SUICIDE: Final = """
import os, signal, time
from webctp.upstream.journal.store import Store

_left, _after, _wait = {commits}, {after}, {wait}
_commit = Store.commit


def commit(self):
    global _left
    _left -= 1
    if not _left and not _after:
        os.kill(os.getpid(), signal.SIGKILL)
    _commit(self)
    if not _left:
        time.sleep(_wait)
        os.kill(os.getpid(), signal.SIGKILL)


Store.commit = commit
"""
"""Kills the daemon before a commit of its journal, or a moment after it."""
FIRST: Final = int(os.environ.get("CHAOS_FIRST", "0"))
STORIES: Final = int(os.environ.get("CHAOS_CONDITIONALS", "2"))
MOST_KILLS: Final = 3
TOLD: Final = os.environ.get("CHAOS_TOLD", "")
"""A file for what became of each story; empty for none."""
TICK: Final = 10.0
MORNING: Final = "2026-11-24T10:00:00"
"""When the exchange begins: a moment of an order must be one at which copper trades."""
TROUBLED: Final = 0.5
"""Which part of the stories has an exchange with faults."""
_LOGIN: Final = {"UserID": "u1", "Password": "p"}
_UNDER_WAY: Final = frozenset({"paused", "recording", "firing", "fired"})


class Keeper:
    """The client: what it has inserted, under which price each order is known."""

    def __init__(self, random: Random) -> None:
        self._random = random
        self.bodies: dict[str, Message] = {}
        self.prices: dict[str, float] = {}
        """The limit of each leg's order, by its ClientOrderID: no two are alike."""
        self.answers: dict[str, Message] = {}
        """Where each stood when it was last answered."""
        self.told: dict[str, Message] = {}
        self._client: Client | None = None
        self._number = 0
        self._replies: dict[int, list[Message]] = defaultdict(list)
        self._heard: Deferred[None] | None = None
        self.refused: dict[str, Message] = {}
        """What a request to insert one was refused with, when it was asked for last."""
        self._inserts: dict[int, str] = {}
        self.last = self._top = 0.0
        self._now = datetime.min

    async def login(self, port: int) -> bool:
        """Connect and log in; gives whether the daemon lived so long."""
        try:
            self._client = await connect(port, "/td/")
        except (ConnectionError, OSError):
            return False
        self._heard = Deferred.fromCoroutine(self._hear(self._client))
        for _ in range(5):  # an exchange with faults may refuse either
            told = await self._ask("ReqUserLogin", ReqUserLogin=_LOGIN)
            body = {"InstrumentID": ORDER["InstrumentID"]}
            rows = await self._ask("ReqQryDepthMarketData", QryDepthMarketData=body)
            if told is None or rows is None:
                return False
            tick = rows[0].get("DepthMarketData")
            if tick is not None:
                self.last, self._top = tick["LastPrice"], tick["UpperLimitPrice"]
                self._now = _moment(tick)
                return True
        return False

    def insert(self, name: str) -> None:
        """Insert a conditional order, or the same again."""
        if name not in self.bodies:
            self.bodies[name] = self._made(name)
        number = self._say("InsertConditional", InsertConditional=self.bodies[name])
        self._inserts[number] = name

    async def query(self) -> dict[str, Message]:
        """Where all stand."""
        rows = await self._ask("QryConditional") or []
        found = [one["Conditional"] for one in rows if one["Conditional"] is not None]
        return {one["ConditionalID"]: one for one in found}

    async def orders(self) -> list[Message]:
        """What the exchange lists."""
        rows = await self._ask("ReqQryOrder", QryOrder={}) or []
        return [one["Order"] for one in rows if one["Order"] is not None]

    async def tick(self) -> Message:
        """The market as it is."""
        body = {"InstrumentID": ORDER["InstrumentID"]}
        [row] = await self._ask("ReqQryDepthMarketData", QryDepthMarketData=body) or []
        return dict(row["DepthMarketData"])

    async def cancel(self, name: str) -> None:
        """Cancel one that waits."""
        await self._ask("CancelConditional", CancelConditional={"ConditionalID": name})

    async def gone(self) -> None:
        """Wait until the connection's end has been heard."""
        if self._heard is not None:
            await self._heard
        self._client = self._heard = None

    async def leave(self) -> None:
        """Close the socket."""
        if self._client is not None:
            await self._client.leave()
        await self.gone()

    def _made(self, name: str) -> Message:
        draw = self._random
        kind = draw.choice(("stop", "profit", "trailing", "time", "pair", "bracket", "bracket"))
        away = draw.randint(-2, 4) * TICK
        first = f"{name}.1"
        match kind:
            case "stop":
                legs = [self._leg(first, kind, TriggerPrice=self.last + away)]
            case "profit":
                legs = [self._leg(first, kind, TriggerPrice=self.last - away)]
            case "trailing":
                legs = [self._leg(first, kind, Distance=max(away, TICK))]
            case "time":
                at = self._now + timedelta(seconds=draw.randint(2, 9))
                legs = [self._leg(first, kind, At=f"{at:%H:%M:%S}")]
            case "pair":
                beyond = abs(away) + TICK
                legs = [
                    self._leg(first, "stop", TriggerPrice=self.last + beyond),
                    self._leg(f"{name}.2", "profit", TriggerPrice=self.last - beyond),
                ]
            case _:
                legs = [self._leg(first, "now", lots=draw.randint(1, 9))]
        body: Message = {"ConditionalID": name, "Legs": legs}
        if kind == "bracket":
            body["Protect"] = [
                self._leg(f"{name}#.1", "stop", closes=True, TriggerPrice=self.last - TICK),
                self._leg(f"{name}#.2", "profit", closes=True, TriggerPrice=self.last + TICK),
            ]
        return body

    def _leg(
        self, name: str, kind: str, *, lots: int = 1, closes: bool = False, **words: float | str
    ) -> Message:
        """A leg that trades at once, for its limit is far; by the limit its order is known."""
        price = self.prices[name] = self._top - (len(self.prices) + 1) * TICK
        order = {**ORDER, "LimitPrice": price, "VolumeTotalOriginal": lots}
        if closes:
            # Sells at what no other order has; the market is above.
            price = self.prices[name] = 1_000.0 + len(self.prices) * TICK
            order |= {"Direction": "1", "CombOffsetFlag": "3", "OrderPriceType": "1"}
            order["LimitPrice"] = 0.0
            del order["VolumeTotalOriginal"]
        return {"Kind": kind, "InputOrder": order, **words}

    async def _ask(self, name: str, **body: Any) -> list[Message] | None:
        """Ask; gives the whole answer, None where the daemon has died."""
        replies = self._replies[self._say(name, **body)]

        def whole() -> bool:
            return bool(replies and replies[-1]["IsLast"]) or self._client is None

        await until(whole, f"the answer to {name}")
        return list(replies) if replies and replies[-1]["IsLast"] else None

    def _say(self, name: str, **words: Any) -> int:
        self._number += 1
        if self._client is not None:
            self._client.say({"MsgType": name, "RequestID": self._number, **words})
        return self._number

    async def _hear(self, client: Client) -> None:
        while True:
            try:
                message = await client.next()
            except ConnectionError:
                self._client = None
                return
            found = message.get("Conditional")
            name = self._inserts.get(message.get("RequestID", -1))
            if name is not None and message["RspInfo"]["ErrorID"] and not found:
                self.refused[name] = message
            if message["MsgType"] in ("RspInsertConditional", "RtnConditional") and found:
                self.told[found["ConditionalID"]] = found
            if message["MsgType"] == "RspInsertConditional" and found:
                self.answers[found["ConditionalID"]] = found
            if "RequestID" in message:
                self._replies[message["RequestID"]].append(message)


class ConditionalCase(RestartCase):
    """A story of conditional orders."""

    timeout = 300

    def setUp(self) -> None:
        super().setUp()
        self.runs: list[str] = []
        """How each daemon that was killed began, and ended."""

    async def story(self, seed: int) -> None:
        """Kill the daemon again and again, then hold the orders against what was asked for."""
        random = Random(seed)
        faults = faults_of(random) if random.random() < TROUBLED else ""
        exchange = Exchange(self.directory, seed, f"&start={MORNING}{faults}")
        self.addCleanup(exchange.end)
        await exchange.serving()
        keeper = Keeper(random)
        for _ in range(random.randint(1, MOST_KILLS)):
            await self.one_run(keeper, random)
        await exchange.calm()
        await self.end_of(keeper)

    def one(self, first: str = "") -> DaemonProcess:
        """A new process, with the files of the last."""
        directory = f"{self.directory}/{next(self.starts)}"
        daemon = DaemonProcess(directory, CONFIG.format(directory=self.directory), first=first)
        self.addCleanup(daemon.kill)
        return daemon

    async def one_run(self, keeper: Keeper, random: Random) -> None:
        """A daemon that dies while conditions are met."""
        first = ""
        if random.random() < 0.7:
            first = SUICIDE.format(
                commits=random.randint(2, 14),
                after=random.random() < 0.6,
                wait=random.choice((0.0, 0.002, 0.02)),
            )
        self.runs.append("suicide" if first else "killed")
        daemon = self.one(first)
        try:
            await daemon.listening()
        except AssertionError:
            if daemon.running:
                raise
            return  # it has killed itself before
        if await keeper.login(daemon.port):
            self.runs[-1] += ":in"
            for _ in range(random.randint(2, 6)):
                keeper.insert(random.choice([*keeper.bodies, *[f"c{len(keeper.bodies)}"] * 3]))
                await sleep(random.expovariate(1 / 0.1))
            for _ in range(round(random.uniform(0.5, 5.0) / 0.1)):
                if not daemon.running:
                    break
                await sleep(0.1)
        self.runs[-1] += ":alive" if daemon.running else ":dead"
        daemon.kill()
        await keeper.gone()

    async def end_of(self, keeper: Keeper) -> None:
        """A daemon that is not killed: everything is asked for again, and held against orders."""
        daemon = self.one()
        await daemon.listening()
        self.assertTrue(await keeper.login(daemon.port), daemon.output)
        keeper.answers.clear()
        keeper.refused.clear()
        for name in keeper.bodies:
            keeper.insert(name)
        await until(
            lambda: keeper.answers.keys() | keeper.refused.keys() == keeper.bodies.keys(),
            "every ConditionalID",
        )
        for _ in range(200):  # until prices come, and for a while more
            found = await keeper.query()
            if all(one["Status"] not in _UNDER_WAY for one in found.values()):
                break
            await sleep(0.2)
        await sleep(2)
        tick, found = await keeper.tick(), await keeper.query()
        for name, one in found.items():
            if one["Status"] in ("waiting", "paused"):
                self.assertFalse(_is_met(one, tick), f"{name} was forgotten at {tick}: {one}")
                await keeper.cancel(name)
        await sleep(1)
        found = await keeper.query()
        orders = await keeper.orders()
        standing = {**keeper.answers, **keeper.told, **found}
        self.verdict(keeper, standing, orders)
        await keeper.leave()

    def verdict(self, keeper: Keeper, standing: dict[str, Message], orders: list[Message]) -> None:
        """Each was sent once at most, and what says that it was sent was."""
        sent = Counter(one["LimitPrice"] for one in orders if one["Direction"] == "0")
        for name, refusal in keeper.refused.items():
            # One that no daemon has recorded, and whose moment is over.
            self.assertNotIn(name, standing, refusal)
            self.assertEqual(keeper.bodies[name]["Legs"][0]["Kind"], "time", refusal)
            self.assertEqual(sent[keeper.prices[f"{name}.1"]], 0, refusal)
        for name, body in keeper.bodies.items():
            if name in keeper.refused:
                continue
            one = standing[name]
            prices = [keeper.prices[f"{name}.{place}"] for place in range(1, len(body["Legs"]) + 1)]
            count = sum(sent[price] for price in prices)
            self.assertLessEqual(count, 1, f"{name} was sent {count} times: {one}")
            self.assertNotIn(one["Status"], ("recording", "firing", "fired"), name)
            if one["Status"] in ("cancelled", "expired"):
                self.assertEqual(count, 0, f"{name} is {one['Status']}, and was sent")
            # One that a daemon died with before the call is sent, too: only CTP could tell.
            if one["Status"] == "done":
                self.assertEqual(count, 1, f"{name} is done, and was never sent: {one}")
        opened = sum(
            one["VolumeTraded"]
            for one in orders
            if one["Direction"] == "0" and self._is_entry(keeper, one)
        )
        closed = [one for one in orders if one["Direction"] == "1"]
        self.assertLessEqual(sum(one["VolumeTraded"] for one in closed), opened)
        if TOLD:
            statuses = Counter(one["Status"] for one in standing.values())
            statuses["refused"] = len(keeper.refused)
            with open(TOLD, "a", encoding="utf-8") as file:
                print(self.runs, dict(statuses), len(orders), opened, sep="\t", file=file)
        covered = sum(one["Covered"] for one in standing.values())
        self.assertEqual(covered, opened, f"lots that traded are not protected: {standing}")

    def _is_entry(self, keeper: Keeper, order: Message) -> bool:
        prices = {
            keeper.prices[f"{name}.1"] for name, body in keeper.bodies.items() if "Protect" in body
        }
        return order["LimitPrice"] in prices


def _moment(tick: Message) -> datetime:
    """When a tick was."""
    return datetime.strptime(f"{tick['ActionDay']} {tick['UpdateTime']}", "%Y%m%d %H:%M:%S")


def _is_met(one: Message, tick: Message) -> bool:
    """Whether a condition that is said to wait is met in a market."""
    price, now = tick["LastPrice"], _moment(tick)
    for leg in one["Legs"]:
        if leg["Kind"] == "time" and datetime.fromisoformat(leg["At"]) < now:
            return True
        above = price - leg["TriggerPrice"]
        buys = leg["Direction"] == "0"
        if leg["Kind"] == "stop" and (above >= 0 if buys else above <= 0):
            return True
        if leg["Kind"] == "profit" and (above <= 0 if buys else above >= 0):
            return True
    return False


class ConditionalStories(ConditionalCase):
    """Each story has an exchange, and a test, of its own."""


def _story(seed: int) -> Callable[[ConditionalStories], Coroutine[Deferred[Any], Any, None]]:
    async def story(self: ConditionalStories) -> None:
        try:
            await self.story(seed)
        except Exception as problem:
            replay = f"python -m tests.chaos --conditionals --seed {seed}"
            raise AssertionError(f"{problem}\ntell it again: {replay}") from problem

    return story


for _seed in range(FIRST, FIRST + STORIES):
    setattr(ConditionalStories, f"test_story_{_seed}", _story(_seed))

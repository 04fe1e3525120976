"""The wall clock is set, forwards and back, under a daemon that counts seconds."""

import os
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import yaml
from twisted.internet.selectreactor import SelectReactor
from twisted.internet.task import Clock
from twisted.logger import LogLevel, capturedLogs
from twisted.trial.unittest import SynchronousTestCase

from tests.daemons import PATIENCE, DaemonProcess
from tests.test_daemon import CONFIG, LOGIN, DaemonCase
from tests.test_end_to_end import USER, EndToEnd, code, sample
from tests.wsclient import Client, Message, connect
from webctp.clock import count_monotonically

HOUR = 3600

STEPPING = """
import time
real, real_ns = time.time, time.time_ns

def ahead():
    try:
        with open("ahead") as file:
            return int(file.read())
    except FileNotFoundError:
        return 0

time.time = lambda: real() + ahead()
time.time_ns = lambda: real_ns() + ahead() * 1_000_000_000
"""
"""Adds to the wall clock what the file ``ahead`` says, in seconds."""

YEAR = 365 * 24 * HOUR
MORNING = "2026-11-24T10:00:00"
NOT_TRADED, CANCELED = "3", "5"


def set_clock(ahead: Path, seconds: int) -> None:
    """Set a daemon's wall clock, in one step."""
    new = ahead.with_name("new")
    new.write_text(str(seconds))
    os.replace(new, ahead)


class CountMonotonically(SynchronousTestCase):
    """What ``twistd webctp`` does to its reactor."""

    def test_calls_are_made_by_the_monotonic_clock(self) -> None:
        reactor: Any = SelectReactor()
        count_monotonically(reactor)
        before = time.monotonic()
        due = reactor.callLater(0, lambda: None).getTime()
        self.assertTrue(before <= due <= time.monotonic(), due)

    def test_calls_made_by_the_other_clock_keep_it(self) -> None:
        clock = Clock()
        clock.callLater(5, lambda: None)
        seconds = clock.seconds
        with capturedLogs() as logged:
            count_monotonically(clock)
        self.assertEqual(clock.seconds, seconds)
        self.assertEqual([event["log_level"] for event in logged], [LogLevel.warn])


class Steps(EndToEnd):
    """A real daemon, before the simulated front."""

    timeout = 300

    async def stepping(self, **changes: float) -> tuple[DaemonProcess, Path]:
        """A daemon, and the file that its wall clock is set by."""
        directory = self.mktemp()
        values = {**yaml.safe_load(sample()), "Sim": {"Start": MORNING}, **changes}
        daemon = DaemonProcess(directory, yaml.safe_dump(values), first=STEPPING)
        self.addCleanup(daemon.kill)
        return await daemon.listening(), Path(directory, "ahead")

    async def resting(self, client: Client, instrument: str) -> Message:
        """Insert an order that rests; gives it as the front tells it."""
        (quote,) = await self.query(client, "DepthMarketData", InstrumentID=instrument)
        body = {
            "InstrumentID": instrument,
            "ExchangeID": "SHFE",
            "Direction": "0",
            "CombOffsetFlag": "0",
            "CombHedgeFlag": "1",
            "OrderPriceType": "2",
            "LimitPrice": quote["LowerLimitPrice"],
            "VolumeTotalOriginal": 1,
            "TimeCondition": "3",
            "VolumeCondition": "1",
            "MinVolume": 1,
            "ContingentCondition": "1",
            "ForceCloseReason": "0",
        }
        client.say({"MsgType": "ReqOrderInsert", "RequestID": 3, "InputOrder": body})
        return await client.until(
            lambda one: (
                one.get("RequestID") == 3 or one.get("Order", {}).get("OrderStatus", "") == "3"
            )
        )

    async def status(self, client: Client) -> str:
        """The OrderStatus of the account's one order."""
        (order,) = await self.query(client, "Order")
        found: str = order["OrderStatus"]
        return found

    async def test_queries_go_on(self) -> None:
        daemon, ahead = await self.stepping(QueryInterval=0.5)
        client = await self.trader(daemon)
        await self.query(client, "TradingAccount")
        set_clock(ahead, -HOUR)
        for _ in range(2):
            await self.query(client, "TradingAccount")
        await self.stop(daemon)

    async def test_orders_are_admitted_again(self) -> None:
        daemon, ahead = await self.stepping(OrderRate=1)
        client = await self.trader(daemon)
        instrument = await self.copper(client)
        self.assertNotIn("RequestID", await self.resting(client, instrument))
        refused = await self.resting(client, instrument)
        self.assertEqual(code(refused), -429)
        set_clock(ahead, -HOUR)
        end = time.monotonic() + PATIENCE
        while "RequestID" in await self.resting(client, instrument):
            self.assertLess(time.monotonic(), end, "no order was admitted any more")
        await self.stop(daemon)

    async def left_with_a_resting_order(self, daemon: DaemonProcess, seconds: float) -> Client:
        """Log in, leave an order to rest and break the socket; gives a second client."""
        client = await connect(daemon.port, "/td/")
        login = {"MsgType": "ReqUserLogin", "ReqUserLogin": USER, "RequestID": 1}
        answer = await client.ask({**login, "CancelOnDisconnect": seconds})
        self.assertEqual((answer["MsgType"], code(answer)), ("RspUserLogin", 0), answer)
        other = await self.trader(daemon)
        instrument = await self.copper(other)
        self.assertNotIn("RequestID", await self.resting(client, instrument))
        client.dropConnection(abort=True)
        await client.closed
        await self.status(other)  # by now the daemon has seen it, too
        return other

    async def test_cancel_on_disconnect_comes_though_the_clock_is_set_back(self) -> None:
        daemon, ahead = await self.stepping()
        other = await self.left_with_a_resting_order(daemon, 1)
        set_clock(ahead, -HOUR)
        end = time.monotonic() + PATIENCE
        while await self.status(other) != CANCELED:
            self.assertLess(time.monotonic(), end, "the order was not cancelled")
        await self.stop(daemon)

    async def test_cancel_on_disconnect_waits_though_the_clock_is_set_forward(self) -> None:
        daemon, ahead = await self.stepping()
        other = await self.left_with_a_resting_order(daemon, 600)
        set_clock(ahead, HOUR)
        for _ in range(5):
            self.assertEqual(await self.status(other), NOT_TRADED)
        await self.stop(daemon)

    async def test_since_is_told_by_the_wall_clock(self) -> None:
        daemon, ahead = await self.stepping()
        set_clock(ahead, 10 * YEAR)
        client = await connect(daemon.port, "/td/")
        client.say({"MsgType": "ReqUserLogin", "ReqUserLogin": USER, "RequestID": 1})
        ready = await client.until(
            lambda one: one.get("SessionState", {}).get("State", "") == "ready"
        )
        since = datetime.fromisoformat(ready["SessionState"]["Since"])
        self.assertGreater(since, datetime.now(UTC) + timedelta(days=9 * 365))
        await self.stop(daemon)


class Deadlines(DaemonCase):
    """A real daemon, on the native library, before a front that says nothing."""

    async def test_a_login_is_answered_though_the_clock_is_set_back(self) -> None:
        config = CONFIG.format(
            app_type="td", front=(await self.silent_front())[1], login_timeout=3, port=0
        )
        directory = self.mktemp()
        daemon = DaemonProcess(directory, config, first=STEPPING)
        self.addCleanup(daemon.kill)
        await daemon.listening()
        client = await connect(daemon.port, "/td/")
        client.say(LOGIN)
        early = await client.ask({"MsgType": "ReqQryInvestor", "RequestID": 1})
        self.assertEqual(code(early), -401)
        set_clock(Path(directory, "ahead"), -HOUR)
        answer = await client.answer()
        self.assertEqual((answer["RequestID"], code(answer)), (LOGIN["RequestID"], -408))
        await client.leave()
        await self.stop(daemon)

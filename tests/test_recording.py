"""The whole daemon, recording and replaying: what goes in comes out, and comes out the same."""

import json
import sys
from pathlib import Path
from typing import Any

from twisted.internet import reactor
from twisted.internet.defer import Deferred
from twisted.trial.unittest import SynchronousTestCase, TestCase
from twisted.web.client import Agent, readBody

from tests.daemons import DaemonProcess, until
from tests.sim.recordings import LAYOUT, ROWS, save, tick
from tests.wsclient import Client, Message, connect
from webctp.config import ConfigError, load
from webctp.ctp.codec import DBL_MAX
from webctp.daemon import Daemon
from webctp.recording.tickfile import files_of, read
from webctp.testing import ThreadlessReactor

CONFIG = """
AppType: both
TdFrontAddress: "{front}"
MdFrontAddress: "{front}"
Host: 127.0.0.1
Port: 0
SessionLinger: 0
BrokerID: "9999"
ConFilePath: con_file
Record:
  Path: {record}
  Format: {format}
"""
DAY = "TICKS-20261124.csv"
NAMES = ["cu2701", "rb2701", "no such thing"]
TICKS = [
    tick(n / 2, InstrumentID=NAMES[n % 3], LastPrice=71000.0 + n, Volume=n, Turnover=n / 7)
    for n in range(900)
]


class RecordingDaemon(TestCase):
    """A daemon that plays a recording and records what it plays."""

    timeout = 120

    def setUp(self) -> None:
        self.folder = Path(self.mktemp()).absolute()

    async def start(self, front: str, kind: str = "csv") -> DaemonProcess:
        record = self.folder / "again"
        config = CONFIG.format(front=front, record=record, format=kind)
        daemon = DaemonProcess(self.mktemp(), config)
        self.addCleanup(daemon.kill)
        return await daemon.listening()

    async def stop(self, daemon: DaemonProcess) -> None:
        daemon.terminate()
        await daemon.ended()
        self.assertNotIn("Traceback", daemon.output)

    async def client(self, daemon: DaemonProcess, path: str) -> Client:
        client = await connect(daemon.port, path)
        user = {"UserID": "user", "Password": "s3cret"}
        login = {"MsgType": "ReqUserLogin", "ReqUserLogin": user, "RequestID": 1}
        answer = await client.ask(login)
        self.assertEqual(answer["RspInfo"]["ErrorID"], 0, answer)
        return client

    async def ticks(self, client: Client, names: list[str], count: int) -> list[dict[str, Any]]:
        """Subscribe; gives so many ticks."""
        client.say({"MsgType": "SubscribeMarketData", "InstrumentID": names, "RequestID": 2})
        found: list[dict[str, Any]] = []
        while len(found) < count:
            message = await client.until(lambda one: one["MsgType"] == "RtnDepthMarketData")
            found.append(message["DepthMarketData"])
        return found

    async def ready(self, daemon: DaemonProcess) -> Any:
        """What ``/readyz`` says."""
        agent: Any = Agent(reactor)
        url = f"http://127.0.0.1:{daemon.port}/readyz".encode()
        response = await agent.request(b"GET", url)
        body: Deferred[bytes] = readBody(response)
        return json.loads(await body)

    async def test_a_recording_of_a_replay_is_the_recording(self) -> None:
        save(self.folder, TICKS)
        daemon = await self.start(f"replay://{self.folder / DAY}?speed=max&delay=0.2")
        client = await self.client(daemon, "/md/")
        came = await self.ticks(client, NAMES, len(TICKS))
        self.assertEqual(came, [shown(LAYOUT.unpack(one.raw)) for one in TICKS])
        readiness = await self.ready(daemon)
        self.assertTrue(readiness["md"]["recording"]["ok"], readiness)
        self.assertNotIn("recording", readiness["td"])
        await client.leave()
        await self.stop(daemon)
        again = self.folder / "again" / DAY
        self.assertEqual(again.read_bytes(), (self.folder / DAY).read_bytes())

    async def test_a_pattern_alone_starts_a_replay(self) -> None:
        save(self.folder / DAY, TICKS)
        daemon = await self.start(f"replay://{self.folder / DAY}?speed=max&delay=0")
        client = await connect(daemon.port, "/md/")
        await client.ask({"MsgType": "ReqUserLogin", "ReqUserLogin": {}, "RequestID": 1})
        await client.ask({"MsgType": "SubscribeMarketData", "InstrumentID": "*"})
        await client.until(lambda one: one["MsgType"] == "RtnDepthMarketData")
        await client.leave()
        await self.stop(daemon)

    async def test_orders_meet_the_replay(self) -> None:
        save(self.folder, [tick(0)])
        daemon = await self.start(f"replay://{self.folder}?speed=max&delay=0")
        trader = await self.client(daemon, "/td/")
        market = await self.client(daemon, "/md/")
        await self.ticks(market, ["cu2701"], 1)
        trader.say(order(71230.0))
        trade = await trader.until(lambda message: message["MsgType"] == "RtnTrade")
        self.assertEqual((trade["Trade"]["Price"], trade["Trade"]["Volume"]), (71230.0, 2))
        await trader.leave()
        await market.leave()
        await self.stop(daemon)

    async def test_the_simulated_market_is_recorded_and_played(self) -> None:
        daemon = await self.start("sim://?seed=3&speed=20", "parquet")
        client = await self.client(daemon, "/md/")
        await self.ticks(client, ["cu2701", "rb2701"], 40)
        await client.leave()
        await self.stop(daemon)
        recorded = [
            one for path in files_of(self.folder / "again") for one in read(path, ROWS, self.fail)
        ]
        self.assertGreaterEqual(len(recorded), 40)
        folder = self.folder / "again"
        played = await self.start(f"replay://{folder}?speed=max&delay=0.2")
        client = await self.client(played, "/md/")
        came = await self.ticks(client, ["cu2701", "rb2701"], len(recorded))
        self.assertEqual(came, [shown(LAYOUT.unpack(one.raw)) for one in recorded])
        await client.leave()
        await self.stop(played)

    async def test_a_full_disk_stops_the_recording_and_nothing_else(self) -> None:
        save(self.folder, TICKS)
        again = self.folder / "again"
        again.mkdir()
        (again / DAY).symlink_to("/dev/full")
        daemon = await self.start(f"replay://{self.folder / DAY}?speed=max&delay=0.2")
        client = await self.client(daemon, "/md/")
        self.assertEqual(len(await self.ticks(client, NAMES, len(TICKS))), len(TICKS))
        await until(lambda: "recording has stopped" in daemon.output, "the alarm")
        readiness = await self.ready(daemon)
        self.assertTrue(readiness["md"]["ready"])
        self.assertFalse(readiness["md"]["recording"]["ok"])
        self.assertIn("No space left on device", readiness["md"]["recording"]["reason"])
        await client.leave()
        await self.stop(daemon)


class MistakeTests(SynchronousTestCase):
    """What is wrong with a recording's configuration stops the start."""

    def test_parquet_without_pyarrow(self) -> None:
        known = {name: sys.modules.get(name) for name in ("pyarrow", "pyarrow.parquet")}
        self.addCleanup(restore, known)
        sys.modules.update(dict.fromkeys(known))  # type: ignore[arg-type]
        path = self.mktemp()
        text = "MdFrontAddress: sim://\nAppType: md\nRecord: {Path: x, Format: parquet}\n"
        Path(path).write_text(text)
        mistake = self.assertRaises(ConfigError, Daemon, ThreadlessReactor(), load(path))
        self.assertIn("Record: Parquet needs pyarrow", str(mistake))
        self.assertIn("-m pip install pyarrow", str(mistake))


def restore(modules: dict[str, Any]) -> None:
    """Put modules back as they were."""
    for name, module in modules.items():
        if module is None:
            del sys.modules[name]
        else:
            sys.modules[name] = module


def shown(values: dict[str, Any]) -> dict[str, Any]:
    """A tick's fields as clients read them."""
    return {name: 0.0 if value == DBL_MAX else value for name, value in values.items()}


def order(price: float) -> Message:
    """A request to buy two lots of copper."""
    return {
        "MsgType": "ReqOrderInsert",
        "RequestID": 3,
        "InputOrder": {
            "InstrumentID": "cu2701",
            "ExchangeID": "SHFE",
            "Direction": "0",
            "CombOffsetFlag": "0",
            "CombHedgeFlag": "1",
            "OrderPriceType": "2",
            "LimitPrice": price,
            "VolumeTotalOriginal": 2,
            "TimeCondition": "3",
            "VolumeCondition": "1",
            "MinVolume": 1,
            "ContingentCondition": "1",
            "ForceCloseReason": "0",
        },
    }

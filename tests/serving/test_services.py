"""What a daemon loads and serves, by what its configuration asks for."""

import json
from typing import Any

from twisted.trial.unittest import SynchronousTestCase

from webctp.config import ConfigError, load
from webctp.gateway.websocket.fanout import Fanout
from webctp.serving.prepared import Prepared, prepare
from webctp.serving.services import Services
from webctp.testing import FakeFront, MemoryGateway, ThreadlessReactor


class Parts(SynchronousTestCase):
    """Without a daemon around them."""

    def prepared(self, **keys: str) -> Prepared:
        self.path = self.mktemp()
        text = "".join(f"{key}: {value}\n" for key, value in keys.items())
        with open(self.path, "w", encoding="utf-8") as file:
            file.write(f"TdFrontAddress: tcp://127.0.0.1:1\nMdFrontAddress: sim://\n{text}")
        front = FakeFront()
        self.config = load(self.path)
        return prepare(ThreadlessReactor(), self.config, lambda key, addresses: front)

    def names(self, app_type: str) -> str:
        reactor = ThreadlessReactor()
        prepared = self.prepared(AppType=app_type)
        fanout = Fanout(reactor, self.config)
        return Services(self.config, prepared, fanout).names

    def test_app_type_says_what_is_served(self) -> None:
        self.assertEqual([self.names(one) for one in ("td", "md", "both")], ["td", "md", "td, md"])

    def test_nothing_is_recorded_where_no_market_data_is_served(self) -> None:
        record = f"{{Path: {self.mktemp()}}}"
        self.assertIsNone(self.prepared(AppType="td", Record=record).recorder)
        self.assertIsNotNone(self.prepared(AppType="md", Record=record).recorder)

    def test_instruments_come_from_their_file(self) -> None:
        path = self.mktemp()
        with open(path, "w", encoding="ascii") as file:
            file.write("rb2701\nIF2612\n")
        found = self.prepared(AppType="md", InstrumentsFile=path).instruments
        self.assertEqual(found, (b"rb2701", b"IF2612"))

    def test_a_mistake_names_its_key(self) -> None:
        path = self.mktemp()
        with open(path, "wb") as file:
            file.write(b"\xff\xfe\x00")
        for key, value in (("InstrumentsFile", path), ("AppID", "x" * 100)):
            problem = self.assertRaises(ConfigError, self.prepared, AppType="md", **{key: value})
            self.assertEqual(problem.keys, (key,))


class ReadyPage(SynchronousTestCase):
    """What a whole daemon says of its parts."""

    def test_each_service_names_library_and_descriptors(self) -> None:
        with MemoryGateway() as gateway:
            told: dict[str, Any] = json.loads(gateway.get("/readyz")[1])
        for name in ("td", "md"):
            self.assertTrue(told[name]["library"]["version"], name)
            self.assertTrue(told[name]["descriptors"]["accepting"], name)
            self.assertEqual(told[name]["stuck_apis"], 0)

"""A simulated front as a process of its own, used over its Unix socket."""

import os
import signal
import subprocess
import sys
import tempfile
from pathlib import Path

from twisted.trial.unittest import SynchronousTestCase

import webctp
from tests.sim.host.test_api import PATIENCE, WithFront, body, buy
from webctp.sim import OptionError
from webctp.sim.host.flows import FlowPlace
from webctp.sim.remote.front import RemoteFront, path_of
from webctp.sim.remote.messages import Frames, MessageError, Request, framed, to_server


class Framing(SynchronousTestCase):
    """Messages cut out of a stream."""

    def test_any_cut_gives_the_same_messages(self) -> None:
        topics = [(FlowPlace(1, "20261124", n), FlowPlace(0, "", 0)) for n in range(5)]
        sent = [Request(f"Req{n}", bytes(n), n, topics[n], 1) for n in range(5)]
        stream = b"".join(framed(message) for message in sent)
        for size in (1, 3, 7, len(stream)):
            frames = Frames()
            pieces = (stream[at : at + size] for at in range(0, len(stream), size))
            got = [to_server.decode(body) for piece in pieces for body in frames.feed(piece)]
            self.assertEqual(got, sent)

    def test_something_else_is_noticed(self) -> None:
        self.assertRaises(MessageError, list, Frames().feed(b"GET / HTTP/1.1\r\n"))


class Addresses(SynchronousTestCase):
    """sim+unix:// addresses."""

    def test_paths(self) -> None:
        self.assertEqual(path_of("sim+unix:///run/sim.sock"), "/run/sim.sock")
        self.assertEqual(path_of("sim+unix://sim.sock"), "sim.sock")
        self.assertEqual(path_of("sim+unix:///a%20b"), "/a b")
        for wrong in ("sim+unix://", "sim://x", "sim+unix:///a?seed=1"):
            self.assertRaises(OptionError, path_of, wrong)


class OwnProcess(WithFront):
    """The same exchange for several users, and over their restarts."""

    def setUp(self) -> None:
        super().setUp()
        # A socket's path may not be long.
        self.directory = tempfile.mkdtemp(prefix="sim")
        self.path = str(Path(self.directory) / "front")
        self.state = str(Path(self.directory) / "state")
        self.process = self.serve()
        self.addCleanup(self.end)
        self.front = RemoteFront(f"sim+unix://{self.path}")  # type: ignore[assignment]

    def serve(self) -> "subprocess.Popen[str]":
        options = f"seed=3&statepath={self.state}"
        command = [sys.executable, "-m", "webctp.sim", self.path, "--options", options]
        # Tests run in a directory of their own.
        environment = {**os.environ, "PYTHONPATH": str(Path(webctp.__file__).parents[1])}
        process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True, env=environment)
        assert process.stdout is not None
        self.assertEqual(process.stdout.readline().strip(), f"sim+unix://{self.path}")
        return process

    def end(self) -> None:
        self.process.terminate()
        self.process.wait(PATIENCE)
        if self.process.stdout is not None:
            self.process.stdout.close()
        for name in os.listdir(self.directory):
            os.unlink(os.path.join(self.directory, name))
        os.rmdir(self.directory)

    def test_trading_and_ticks(self) -> None:
        api, recorder = self.trader()
        welcome = self.login(api, recorder)
        self.assertEqual(api.GetTradingDay(), welcome["TradingDay"])
        api.ReqOrderInsert(buy(OrderPriceType="A"), 1)
        recorder.wait("OnRtnTrade")
        other, two = self.trader()
        self.login(other, two)
        other.ReqQryTrade(body("QryTrade"), 1)
        self.assertEqual(len(two.wait("OnRspQryTrade")), 1)
        market, ticks = self.market()
        market.SubscribeMarketData([b"rb2705"], 1)
        ticks.wait("OnRtnDepthMarketData", 2)

    def test_its_instruments_are_known_once_connected(self) -> None:
        front = RemoteFront(f"sim+unix://{self.path}")
        self.assertEqual(front.instruments(), ())
        self.front = front  # type: ignore[assignment]
        self.market()
        self.assertIn("rb2705", front.instruments())
        self.assertGreater(len(front.instruments()), 1000)

    def test_control(self) -> None:
        api, recorder = self.trader()
        self.login(api, recorder)
        front = RemoteFront(f"sim+unix://{self.path}")
        self.assertRaises(OptionError, front.control, "explode")
        front.control("disconnect", reason="0x2003")
        self.assertEqual(recorder.wait("OnFrontDisconnected")[0].values, [0x2003])
        recorder.wait("OnFrontConnected", 2)

    def test_return_values_by_control(self) -> None:
        api, recorder = self.trader()
        self.login(api, recorder)
        RemoteFront(f"sim+unix://{self.path}").control("faults", ReturnError="1")
        asked = 0
        while not (returned := api.ReqQryOrder(body("QryOrder"), 1)):
            asked += 1
            recorder.wait("OnRspQryOrder", asked)
        self.assertIn(returned, (-1, -2, -3))

    def test_killed_front_comes_back_with_its_state(self) -> None:
        api, recorder = self.trader(1)
        self.login(api, recorder)
        api.ReqOrderInsert(buy(OrderPriceType="A"), 1)
        recorder.wait("OnRtnTrade")
        self.process.send_signal(signal.SIGKILL)
        self.process.wait(PATIENCE)
        recorder.wait("OnFrontDisconnected")
        self.assertEqual(api.ReqQryTrade(body("QryTrade"), 2), -1)
        assert self.process.stdout is not None
        self.process.stdout.close()
        self.process = self.serve()
        recorder.wait("OnFrontConnected", 2)
        self.login(api, recorder)
        api.ReqQryTrade(body("QryTrade"), 3)
        before = recorder.named("OnRtnTrade")[0].values[0]
        self.assertEqual(recorder.wait("OnRspQryTrade")[0].values[0], before)
        # RESUME: nothing that had been told is told again.
        self.assertEqual(len(recorder.named("OnRtnTrade")), 1)

    def test_nobody_there(self) -> None:
        lonely = RemoteFront(f"sim+unix://{self.path}-not")
        api = lonely.create_trader(self.flow, False)
        self.addCleanup(self.release, api)
        api.Init()
        self.assertEqual(api.ReqUserLogin(body("ReqUserLogin"), 1), -1)
        self.assertRaises(OSError, lonely.control, "burst")

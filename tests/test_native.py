"""The native library under a daemon with many clients, sessions and few descriptors.

Each story has a daemon in a process of its own, whose library speaks to a front on loopback:
one that accepts and stays silent, one that is closed, or one that drops the line. The stories are
short; ``make native`` tells them in full.
"""

import json
import os
import resource
import socket
import sys
import urllib.error
import urllib.request
from typing import Any, Final

from twisted.internet.defer import Deferred
from twisted.internet.threads import deferToThread
from twisted.internet.utils import getProcessOutputAndValue
from twisted.trial.unittest import TestCase

from tests.conformance import holds
from tests.daemons import ROOT, DaemonProcess, sleep, until
from tests.fronts import Silent, closed_front
from tests.wsclient import Client, Message, connect

FULL: Final = os.environ.get("WEBCTP_NATIVE") == "full"
LOGINS: Final = 200 if FULL else 40
CYCLES: Final = 3_000 if FULL else 40

_CONFIG: Final = """
AppType: {app}
TdFrontAddress: {front}
MdFrontAddress: {front}
BrokerID: "9999"
Host: 127.0.0.1
Port: 0
LoginTimeout: 20
SessionLinger: 0
LoginDeadline: 0
PingInterval: 3600
{more}
"""


def login(number: int) -> dict[str, Any]:
    """A login of a user of its own."""
    body = {"UserID": f"user{number}", "Password": "none"}
    return {"MsgType": "ReqUserLogin", "ReqUserLogin": body, "RequestID": number + 1}


class Native(TestCase):
    """One daemon for each story; it must live to the end of it."""

    timeout = 240

    def setUp(self) -> None:
        _, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
        resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))
        self.idle: list[socket.socket] = []
        self.answers: list[Message] = []
        self.addCleanup(self.leave)

    def leave(self) -> None:
        """Close the idle clients."""
        for one in self.idle:
            one.close()

    def silent(self) -> Silent:
        front = Silent()
        self.addCleanup(front.close)
        return front

    async def start(
        self, app: str, front: str, more: str = "", descriptors: int = 0
    ) -> DaemonProcess:
        config = _CONFIG.format(app=app, front=front, more=more)
        limit = f"resource.setrlimit(resource.RLIMIT_NOFILE, ({descriptors}, {descriptors}))"
        first = f"import resource; {limit}" if descriptors else ""
        daemon = DaemonProcess(self.mktemp(), config, first=first)
        self.addCleanup(daemon.kill)
        return await daemon.listening()

    async def come(self, daemon: DaemonProcess, count: int) -> None:
        """Let ``count`` clients connect and do nothing more."""

        def work() -> None:
            for _ in range(count):
                self.idle.append(socket.create_connection(("127.0.0.1", daemon.port), 30))

        await deferToThread(work)

    async def readiness(self, daemon: DaemonProcess) -> dict[str, Any]:
        """What ``/readyz`` says."""

        def work() -> bytes:
            address = f"http://127.0.0.1:{daemon.port}/readyz"
            try:
                with urllib.request.urlopen(address, timeout=60) as answer:
                    return bytes(answer.read())
            except urllib.error.HTTPError as answer:
                with answer:
                    return bytes(answer.read())

        told: dict[str, Any] = json.loads(await deferToThread(work))
        return told

    async def log_in(self, daemon: DaemonProcess, count: int) -> list[Client]:
        """Let ``count`` clients send a login each; what is answered goes to :attr:`answers`."""
        clients = [await connect(daemon.port, "/td/") for _ in range(count)]
        for number, client in enumerate(clients):
            client.say(login(number))
            answer = Deferred.fromCoroutine(client.answer())
            answer.addCallbacks(self.answers.append, lambda failure: failure.trap(ConnectionError))
        return clients

    def refused(self, code: int) -> list[str]:
        """The details of the answers with a code."""
        found = [one for one in self.answers if one["RspInfo"]["ErrorID"] == code]
        return [str(one["Detail"]) for one in found]

    def assert_alive(self, daemon: DaemonProcess) -> None:
        self.assertTrue(daemon.running, f"the daemon has died:\n{daemon.output[-2000:]}")

    async def test_market_data_and_many_idle_clients_when_the_line_drops(self) -> None:
        front = self.silent()
        daemon = await self.start("md", front.address)
        await until(lambda: front.accepted > 0, "the library's line")
        await self.come(daemon, 1_500)
        seen = front.accepted
        front.drop()
        await until(lambda: front.accepted > seen or not daemon.running, "another line")
        for _ in range(5):
            await connect(daemon.port, "/md/")
        await sleep(2)
        self.assert_alive(daemon)
        told = (await self.readiness(daemon))["md"]["descriptors"]
        self.assertGreater(told["free_for_sessions"], 900, told)

    async def test_one_login_beside_many_idle_clients(self) -> None:
        front = self.silent()
        daemon = await self.start("td", front.address)
        await self.come(daemon, 2_000)
        await self.log_in(daemon, 1)
        await until(lambda: front.accepted > 0 or not daemon.running, "the library's line")
        await sleep(2)
        self.assert_alive(daemon)

    async def refusals(self, front: str, most: int) -> None:
        """Log in more often than ``MaxSessions`` allows: the others are answered -429."""
        daemon = await self.start("td", front, f"MaxSessions: {most}")
        clients = await self.log_in(daemon, LOGINS)
        await until(lambda: len(self.refused(-429)) >= LOGINS - most, "the refusals")
        self.assertIn(f"MaxSessions {most}", self.refused(-429)[0])
        await sleep(3)
        self.assert_alive(daemon)
        for client in clients:
            client.dropConnection()
        # Who leaves makes room for the next, when the library has let go.
        again = await connect(daemon.port, "/td/")

        async def logged_in() -> bool:
            again.say(login(LOGINS))
            return bool((await self.readiness(daemon))["td"]["sessions"])

        for _ in range(60):
            if await logged_in():
                break
            await sleep(0.5)
        self.assert_alive(daemon)
        self.assertTrue((await self.readiness(daemon))["td"]["sessions"])

    @holds("JYJK-5")
    async def test_more_sessions_than_allowed_at_a_silent_front(self) -> None:
        await self.refusals(self.silent().address, 64 if FULL else 20)

    @holds("JYJK-5")
    async def test_more_sessions_than_allowed_at_a_closed_front(self) -> None:
        await self.refusals(closed_front(), 64 if FULL else 20)

    @holds("CREATEFTDCTRADERAPI-1")
    async def test_many_logins_under_a_small_limit(self) -> None:
        daemon = await self.start("td", self.silent().address, "MaxSessions: 160", 256)
        await self.log_in(daemon, 60)
        await until(lambda: bool(self.refused(-503)) or not daemon.running, "a refusal")
        await sleep(2)
        self.assert_alive(daemon)
        told = (await self.readiness(daemon))["td"]["descriptors"]
        self.assertGreaterEqual(told["free_for_sessions"], 40, told)
        self.assertIn("file descriptors", self.refused(-503)[0])

    async def test_accepting_stops_before_the_limit_and_goes_on(self) -> None:
        daemon = await self.start("td", self.silent().address, "", 256)
        (early,) = [await connect(daemon.port, "/td/")]
        await self.come(daemon, 300)
        await until(lambda: "new clients have to wait" in daemon.output, "the stop")
        self.assertLess(daemon.descriptors, 256 - 64)
        # There is room for a session still.
        early.say(login(0))
        await sleep(1)
        self.assert_alive(daemon)
        self.leave()
        await until(lambda: "accepted again" in daemon.output, "the resumption")
        told = (await self.readiness(daemon))["td"]["descriptors"]
        self.assertTrue(told["accepting"], told)
        self.assertGreater(told["stopped_accepting"], 0, told)
        self.assertIn("sessions", (await self.readiness(daemon))["td"])

    async def test_clients_that_leave_while_the_api_connects(self) -> None:
        front = self.silent()
        daemon = await self.start("td", front.address, "MaxSessions: 64")
        for _ in range(10 if FULL else 2):
            for client in await self.log_in(daemon, 30):
                client.dropConnection()
            await sleep(0.2)
        self.assert_alive(daemon)


class Cycles(TestCase):
    """APIs of the real library, opened and released again and again."""

    timeout = 600

    async def run_cycles(self, kind: str) -> dict[str, int]:
        """Run them in a process of its own, which must end well; gives what was counted."""
        out, err, code = await getProcessOutputAndValue(
            sys.executable,
            ["-m", "tests.native_cycles", kind, str(CYCLES)],
            env={**os.environ, "PYTHONPATH": str(ROOT)},
            path=str(ROOT),
        )
        self.assertEqual(code, 0, err[-2000:])
        told: dict[str, int] = json.loads(out.splitlines()[-1])
        self.assertEqual(told["released"], CYCLES, told)
        if FULL:
            print(f"{kind}: {told}")
        return told

    @holds("GXLS-1")
    async def test_at_a_closed_front(self) -> None:
        await self.run_cycles("closed")

    async def test_at_a_silent_front(self) -> None:
        await self.run_cycles("silent")

    @holds("GXLS-1")
    async def test_at_a_front_that_drops_the_line_callbacks_arrive_meanwhile(self) -> None:
        told = await self.run_cycles("dropping")
        self.assertGreater(told["callbacks"], 0)
        self.assertEqual(told["after Release"], 0, told)

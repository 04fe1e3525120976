"""The shipped units under a real systemd, which is process 1 of a machine of its own."""

import re
import shutil
import tempfile
from pathlib import Path
from typing import Any

from twisted.internet.threads import deferToThread
from twisted.trial.unittest import TestCase

from tests.booted import MISSING, Machine
from tests.daemons import until
from tests.gateway.http.test_tls import Authority, key_pem, pem
from tests.ports import free_port
from tests.test_end_to_end import USER, code, sample
from tests.test_signals import shown_by
from tests.upgrade.proof import SERVICE, listening_on
from tests.wsclient import connect

UNIT = "webctp@sim"
SOCKET = f"{UNIT}.socket"


class Unit(TestCase):
    """A gateway on the simulated exchange, and its socket."""

    timeout = 300
    if MISSING:
        skip = MISSING

    async def machine(
        self, *, config: str = "", with_socket: bool = True, first: Any = None
    ) -> Machine:
        """A machine that has booted; nothing is started there yet."""
        folder = Path(tempfile.mkdtemp(prefix="webctp-"))
        self.addCleanup(shutil.rmtree, folder)
        self.log = folder / "m" / "log"
        self.port = free_port()
        tls = "tls:" if "TLS:" in config else ""
        handed_over = f"Listen: {tls}systemd:domain=INET:index=0"
        where = handed_over if with_socket else f"Port: {self.port}"
        text = re.sub(r"^Host:.*\nPort:.*$", where, sample(), flags=re.MULTILINE)
        self.assertNotEqual(text, sample())
        drop_ins = {SOCKET: listening_on(self.port), f"{UNIT}.service": SERVICE}
        made = Machine(folder / "m", {"sim": f"{text}{config}"}, drop_ins)
        self.addCleanup(made.end)
        if first is not None:
            self.write(*first)
        return await made.booted()

    async def does(self, machine: Machine, *words: str) -> str:
        """Let systemctl do something that is to succeed."""
        status, said = await deferToThread(machine.run, "systemctl", *words)
        log = self.log.read_text() if self.log.exists() else ""
        self.assertEqual(status, 0, f"{words}: {said}\n{log}")
        return said

    async def test_it_is_started_when_it_serves_and_its_status_is_told(self) -> None:
        machine = await self.machine(with_socket=False)
        await self.does(machine, "start", UNIT)
        client = await connect(self.port, "/td/")  # at once: it serves when start has returned
        login = {"MsgType": "ReqUserLogin", "ReqUserLogin": USER, "RequestID": 1}
        self.assertEqual(code(await client.ask(login)), 0)
        await until(
            lambda: "1 clients, 1 trading sessions" in machine.show(UNIT, "StatusText"),
            "the status",
        )
        self.assertNotEqual(machine.show(UNIT, "WatchdogTimestampMonotonic"), "0")
        said = machine.run("systemd-analyze", "security", "--no-pager", UNIT)[1]
        found = re.search(r"Overall exposure level for [^:]+: ([0-9.]+)", said)
        assert found is not None, said
        self.assertLess(float(found[1]), 1.5)
        await self.does(machine, "stop", UNIT)
        self.assertEqual(await client.closed, 1001)
        self.assertEqual(machine.show(UNIT, "Result"), "success")

    async def test_a_mistake_in_the_configuration_is_not_tried_again(self) -> None:
        machine = await self.machine(config="Nonsense: 1\n", with_socket=False)
        status, _ = await deferToThread(machine.run, "systemctl", "start", UNIT)
        self.assertNotEqual(status, 0)
        self.assertEqual(machine.show(UNIT, "ExecMainStatus"), "78")
        self.assertEqual(machine.show(UNIT, "NRestarts"), "0")

    async def test_a_reload_waits_for_its_outcome_and_fails_with_it(self) -> None:
        authority = Authority("root")
        tls = "TLS: {CertFile: /run/folder/cert.pem, KeyFile: /run/folder/key.pem}\n"
        pairs = [authority.issue("localhost") for _ in range(2)]
        machine = await self.machine(config=tls, first=pairs[0])
        await self.does(machine, "start", SOCKET, UNIT)
        before = machine.show(UNIT, "MainPID")
        self.assertEqual(await shown_by(self.port), pairs[0][0].serial_number)
        self.write(*pairs[1])
        await self.does(machine, "reload", UNIT)
        self.assertEqual(await shown_by(self.port), pairs[1][0].serial_number)
        self.write(pairs[0][0], pairs[1][1])  # a key of another certificate
        status, _ = await deferToThread(machine.run, "systemctl", "reload", UNIT)
        self.assertNotEqual(status, 0, self.log.read_text())
        self.assertEqual(machine.show(UNIT, "ActiveState"), "active")
        self.assertEqual(machine.show(UNIT, "MainPID"), before)
        self.assertEqual(await shown_by(self.port), pairs[1][0].serial_number)

    def write(self, certificate: Any, key: Any) -> None:
        """Put a pair where the unit can read it."""
        for name, text in (("cert.pem", pem(certificate)), ("key.pem", key_pem(key))):
            (self.log.parent / name).write_bytes(text)

    async def test_a_connection_starts_it_and_waits(self) -> None:
        machine = await self.machine()
        await self.does(machine, "start", SOCKET)
        self.assertEqual(machine.show(UNIT, "ActiveState"), "inactive")
        client = await connect(self.port, "/md/")
        answer = await client.ask({"MsgType": "ReqUserLogin", "ReqUserLogin": {}})
        self.assertEqual(code(answer), 0)
        await client.leave()

    async def test_a_drain_may_take_longer_than_the_units_time_to_stop(self) -> None:
        machine = await self.machine(config="DrainSeconds: 4\n")
        drop_in = f"/run/units/{UNIT}.service.d/short.conf"
        machine.run("sh", "-c", f"printf '[Service]\\nTimeoutStopSec=2\\n' > {drop_in}")
        await self.does(machine, "daemon-reload")
        await self.does(machine, "start", SOCKET, UNIT)
        client = await connect(self.port, "/td/")
        await self.does(machine, "restart", UNIT)
        self.assertEqual(await client.closed, 1012, self.log.read_text())
        self.assertNotIn("Killing process", machine.output)
        self.assertIn("Server Shut Down", self.log.read_text())

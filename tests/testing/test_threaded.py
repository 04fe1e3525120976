"""A gateway beside tests without a reactor."""

import os
import re
import subprocess
import sys
from pathlib import Path
from typing import Any, Final

from twisted.internet import reactor
from twisted.internet.task import deferLater
from twisted.internet.threads import deferToThread
from twisted.trial.unittest import TestCase

from tests.daemons import PATIENCE, ROOT
from webctp.testing import FakeFront, ThreadedGateway, order

EXAMPLES: Final = re.findall(
    r"^```python\n(.*?)^```$",
    (ROOT / "docs" / "testing.md").read_text("utf-8"),
    re.DOTALL | re.MULTILINE,
)
"""The programs of docs/testing.md, each whole."""


class Threaded(TestCase):
    """Blocking calls, from threads that are not the reactor's."""

    timeout = 150

    def test_from_another_thread(self) -> Any:
        front = FakeFront()

        def work() -> list[Any]:
            with ThreadedGateway(front) as gateway:
                client, watcher = gateway.trader(), gateway.watcher()
                gateway.until(lambda: "ReqUserLogin" in front.names, "a login")
                front.push("OnRtnOrder", order(OrderSysID="42"))
                told = client.until("RtnOrder")["Order"]["OrderSysID"]
                client.say({"MsgType": "ReqNothing", "RequestID": 5})
                refused = client.next()["RspInfo"]["ErrorID"]
                return [told, refused != 0, watcher.leave(), gateway.connect("md").leave()]

        found = deferToThread(work)
        return found.addCallback(self.assertEqual, ["42", True, 1000, 1000])

    async def test_the_reactors_own_thread_is_told_not_to_wait(self) -> None:
        await deferLater(reactor, 0, lambda: None)
        with self.assertRaises(RuntimeError) as caught:
            ThreadedGateway(FakeFront()).trader()
        self.assertIn("use Gateway", str(caught.exception))

    async def test_twice_in_a_process(self) -> None:
        twice = "for seed in 7, 8:\n    with ThreadedGateway(f'sim://?seed={seed}') as gateway:"
        program = f"from webctp.testing import ThreadedGateway\n{twice}\n        gateway.trader()\n"
        done = await self.run_program(program)
        self.assertEqual((done.returncode, done.stderr), (0, ""))

    async def test_the_programs_of_the_documents_pass(self) -> None:
        self.assertEqual(len(EXAMPLES), 3)
        for program in EXAMPLES:
            done = await self.run_program(program)
            self.assertEqual(done.returncode, 0, f"{program}\n{done.stdout}{done.stderr}")
            self.assertRegex(done.stdout + done.stderr, "Ran 1 test")

    async def run_program(self, program: str) -> subprocess.CompletedProcess[str]:
        """Run a program in a process of its own, which has no reactor yet."""
        folder = Path(self.mktemp())
        folder.mkdir()
        path = folder / "example.py"
        path.write_text(program, "utf-8")

        def run() -> subprocess.CompletedProcess[str]:
            return subprocess.run(
                [sys.executable, path.name],
                cwd=folder,
                env={**os.environ, "PYTHONPATH": str(ROOT)},
                capture_output=True,
                text=True,
                timeout=PATIENCE,
                check=False,
            )

        done: subprocess.CompletedProcess[str] = await deferToThread(run)
        return done

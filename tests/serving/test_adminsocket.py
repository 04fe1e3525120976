"""Where administrators are listened to: the daemon's own socket, and what stands in its way."""

import gc
import os
import shutil
import socket
import stat
import tempfile
from pathlib import Path

from twisted.trial.unittest import SynchronousTestCase, TestCase

from tests.serving.administrators import ask
from webctp.config import ConfigError, load
from webctp.daemon import Daemon
from webctp.serving.adminsocket import LONGEST, CannotServe, own_endpoint
from webctp.testing import MemoryGateway
from webctp.testing.client import default_reactor
from webctp.testing.gateway import configuration


class Place(SynchronousTestCase):
    """The directory of the socket."""

    def setUp(self) -> None:
        self.folder = Path(tempfile.mkdtemp(prefix="webctp-test-"))
        self.addCleanup(shutil.rmtree, self.folder)

    def test_it_is_private_whatever_it_was(self) -> None:
        (self.folder / "admin").mkdir(mode=0o777)
        own_endpoint(None, self.folder / "admin" / "td.sock")
        self.assertEqual(stat.S_IMODE((self.folder / "admin").stat().st_mode), 0o700)

    def test_a_link_or_a_file_in_its_place_is_refused(self) -> None:
        (self.folder / "elsewhere").mkdir()
        (self.folder / "link").symlink_to(self.folder / "elsewhere")
        (self.folder / "file").touch()
        for name in ("link", "file", "missing/below"):
            problem = self.assertRaises(
                CannotServe, own_endpoint, None, self.folder / name / "td.sock"
            )
            self.assertIn("AdminListen", str(problem))

    def test_a_path_that_no_socket_can_have_is_refused(self) -> None:
        problem = self.assertRaises(
            CannotServe, own_endpoint, None, self.folder / ("x" * LONGEST) / "td.sock"
        )
        self.assertIn("AdminListen", str(problem))

    def test_behind_a_proxy_is_refused_at_the_start(self) -> None:
        problem = self.assertRaises(
            ConfigError, MemoryGateway, AdminListen="haproxy:tcp:0:interface=127.0.0.1"
        )
        self.assertIn("AdminListen", str(problem))


class Own(TestCase):
    """The socket that a daemon has by itself."""

    timeout = 240

    def setUp(self) -> None:
        self.folder = Path(tempfile.mkdtemp(prefix="webctp-"))
        self.addCleanup(shutil.rmtree, self.folder)
        self.socket = self.folder / "flow" / "admin" / "both.sock"
        path = Path(configuration(self.folder, "sim://", {}))
        left = [line for line in path.read_text("utf-8").splitlines() if "AdminListen" not in line]
        path.write_text("\n".join(left), "utf-8")
        self.config = load(str(path))

    def daemon(self) -> Daemon:
        """Start a daemon that listens where it does by itself."""
        daemon = Daemon(default_reactor(), self.config)
        daemon.startService()
        return daemon

    async def asked(self) -> int:
        """Ask at the socket; return the status."""
        return (await ask(os.fspath(self.socket), "GET /admin/clients"))[0]

    async def test_it_is_for_its_user_alone_and_goes_with_the_daemon(self) -> None:
        daemon = self.daemon()
        try:
            self.assertEqual(stat.S_IMODE(self.socket.stat().st_mode), 0o600)
            self.assertEqual(stat.S_IMODE(self.socket.parent.stat().st_mode), 0o700)
            self.assertEqual(await self.asked(), 200)
        finally:
            await daemon.stopService()
            gc.unfreeze()
        self.assertFalse(self.socket.exists())

    async def test_one_that_cannot_have_it_serves_all_the_same(self) -> None:
        first, second = self.daemon(), self.daemon()
        try:
            self.assertEqual([len(one.ports) for one in (first, second)], [2, 1])
            self.assertEqual(await self.asked(), 200)
        finally:
            await second.stopService()
            self.assertEqual(await self.asked(), 200)
            await first.stopService()
            gc.unfreeze()

    async def test_a_socket_that_a_crash_has_left_is_replaced(self) -> None:
        self.socket.parent.mkdir(parents=True)
        with socket.socket(socket.AF_UNIX) as left:
            left.bind(os.fspath(self.socket))
        daemon = self.daemon()
        try:
            self.assertEqual(await self.asked(), 200)
        finally:
            await daemon.stopService()
            gc.unfreeze()

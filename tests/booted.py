"""A machine with a systemd of its own, for tests: the shipped units run as they would be run.

systemd is process 1 of namespaces of its own (processes, mounts, control groups), on the files of
this machine: what it writes is in memory, and goes with it. The network is this machine's. That
needs root, systemd and unshare; where one is missing, :data:`MISSING` says which.
"""

import os
import shutil
import signal
import subprocess
import sys
import sysconfig
from collections.abc import Mapping
from pathlib import Path
from typing import Final

from tests.daemons import ROOT, until

SYSTEMD: Final = "/lib/systemd/systemd"
UNITS: Final = ROOT / "etc"
_BOOT: Final = """
set -e
mount --make-rprivate /
mount -t tmpfs -o mode=755 tmpfs /run
mkdir -p /run/units /run/etc /run/work /run/source /run/python /run/packages /run/folder
mount --bind "$1" /run/source
mount --bind "$2" /run/python
mount --bind "$3" /run/packages
mount --bind "$4" /run/folder
mount -t tmpfs -o mode=755 tmpfs /opt
mkdir -p /opt/webctp/bin /opt/source /opt/python /opt/packages
mount --move /run/source /opt/source
mount --move /run/python /opt/python
mount --move /run/packages /opt/packages
mount -t tmpfs -o mode=755 tmpfs /var/lib
mount -t overlay -o lowerdir=/etc,upperdir=/run/etc,workdir=/run/work overlay /etc
umount -R /sys/fs/cgroup
mount -t cgroup2 none /sys/fs/cgroup
# Others' mounts: systemd would go through all of them for each unit that it starts.
awk '{print $5}' /proc/self/mountinfo | sort -r | while read -r place; do
    case "$place" in
    / | /proc* | /sys* | /dev* | /run* | /opt* | /etc*) ;;
    /usr* | /lib* | /bin* | /sbin* | /var* | /nix*) ;;
    *) umount -l "$place" || true ;;
    esac
done
cp -r /run/folder/units/. /run/units
cp -r /run/folder/bin/. /opt/webctp/bin
mkdir -m 700 /etc/webctp
cp /run/folder/*.yaml /etc/webctp
# What systemd hands to a unit is mounted by others, and has to be seen here.
mount --make-rshared /
export container=other SYSTEMD_UNIT_PATH=/run/units SYSTEMD_LOG_TARGET=console
exec "$5" --system --unit=boot.target --show-status=no
"""
_TARGETS: Final = (
    *("boot", "sysinit", "basic", "sockets", "shutdown", "network-online", "multi-user"),
)
"""What units name; nothing else of a machine is started."""
_COMMANDS: Final[Mapping[str, str]] = {
    "twistd": '-c "from twisted.scripts.twistd import run; run()"',
    "python": "",
}


def _missing() -> str:
    """Say why there can be no such machine here; empty where there can."""
    if os.geteuid() != 0:
        return "only root can start a systemd of its own"
    wanted = [one for one in ("unshare", "nsenter", "systemctl", SYSTEMD) if not shutil.which(one)]
    if wanted:
        return f"not installed: {', '.join(wanted)}"
    tried = subprocess.run(
        ["unshare", "-mpf", "--cgroup", "--mount-proc", "mount", "-t", "cgroup2", "none", "/mnt"],
        capture_output=True,
        check=False,
        timeout=60,
    )
    return "" if tried.returncode == 0 else f"no namespaces here: {tried.stderr.decode().strip()}"


MISSING: Final = _missing()
"""Why there can be no such machine here; empty where there can."""


class Machine:
    """systemd, with the units of ``etc/`` and this checkout in the place of ``/opt/webctp``.

    :param folder: where the test and the machine exchange files; ``/run/folder`` in there.
    :param configs: of the units' instances, by name; copied to ``/etc/webctp``.
    :param drop_ins: what is added to units, by the unit's name.
    """

    def __init__(
        self, folder: Path, configs: Mapping[str, str], drop_ins: Mapping[str, str]
    ) -> None:
        folder.mkdir()
        self._folder = folder
        units, commands = folder / "units", folder / "bin"
        units.mkdir()
        commands.mkdir()
        for name in _TARGETS:
            (units / f"{name}.target").write_text(f"[Unit]\nDescription=the test's {name}\n")
        for unit in UNITS.glob("webctp@.*"):
            shutil.copy(unit, units)
        for name, text in drop_ins.items():
            (units / f"{name}.d").mkdir()
            (units / f"{name}.d" / "test.conf").write_text(text)
        # The interpreter may be in a home directory, which the unit cannot see.
        version = f"python{sys.version_info.major}.{sys.version_info.minor}"
        run = "\n".join(
            (
                "#!/bin/sh",
                "export PYTHONPATH=/opt/source:/opt/packages LD_LIBRARY_PATH=/opt/python/lib",
                f'exec /opt/python/bin/{version} %s "$@"\n',
            )
        )
        for name, what in _COMMANDS.items():
            (commands / name).write_text(run % what)
            (commands / name).chmod(0o755)
        for name, text in configs.items():
            (folder / f"{name}.yaml").write_text(text, "utf-8")
        (folder / "boot.sh").write_text(_BOOT)
        self._output = folder / "output"
        with self._output.open("wb") as output:
            self._process = subprocess.Popen(
                [
                    *("unshare", "-mpf", "--cgroup", "--mount-proc", "--kill-child"),
                    *("bash", str(folder / "boot.sh"), str(ROOT), sys.base_prefix),
                    *(sysconfig.get_path("purelib"), str(folder), SYSTEMD),
                ],
                stdout=output,
                stderr=subprocess.STDOUT,
                stdin=subprocess.DEVNULL,
                cwd="/",
                start_new_session=True,
            )

    async def booted(self) -> "Machine":
        """Wait until systemd answers."""
        await until(lambda: self.answers, f"systemd in {self._output}")
        return self

    @property
    def answers(self) -> bool:
        """Whether systemd carries out commands.

        :raises AssertionError: if it has ended.
        """
        if self._process.poll() is not None:
            raise AssertionError(f"no machine:\n{self.output}")
        return self.init != 0 and self.run("systemctl", "is-active", "boot.target")[0] == 0

    @property
    def init(self) -> int:
        """The process that is number 1 in there, as it is known here; 0 where it is not there."""
        pid = self._process.pid
        children = Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
        return int(children[0]) if children else 0

    @property
    def output(self) -> str:
        """What systemd has printed."""
        return self._output.read_text("utf-8", "replace")

    def command(self, *words: str) -> list[str]:
        """Return what runs a command in there."""
        return ["nsenter", "-t", str(self.init), "-m", "-p", "-C", "--", *words]

    def run(self, *words: str) -> tuple[int, str]:
        """Run a command in there; return its exit code, and what it printed."""
        done = subprocess.run(
            self.command(*words), capture_output=True, text=True, check=False, timeout=120
        )
        return done.returncode, done.stdout + done.stderr

    def show(self, unit: str, name: str) -> str:
        """Return a property of a unit."""
        return self.run("systemctl", "show", "--value", "-p", name, unit)[1].strip()

    def signal(self, unit: str, number: int) -> None:
        """Send the main process of a unit a signal, past systemd."""
        self.run("kill", f"-{signal.Signals(number).name[3:]}", self.show(unit, "MainPID"))

    def end(self) -> None:
        """End it, with all that runs in there."""
        if self._process.poll() is None:
            init = self.init
            if init:
                os.kill(init, signal.SIGKILL)
            else:
                self._process.kill()
        self._process.wait()

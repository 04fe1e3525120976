"""Carry the Dockerfile's steps out without Docker, and run what they make as a container would.

`make container` runs it, as root. Each base image is a tree made by debootstrap: Debian's smallest,
with Python and without any Chinese locale. Then what ENTRYPOINT and CMD say runs in namespaces of
its own: as USER, without capabilities, the root mounted read-only, VOLUME alone writable, a network
of loopback alone. HEALTHCHECK must pass, `etc/hello.py` must log in and see ticks, and
STOPSIGNAL must end it with 0. The last line says how many steps there were.
"""

import argparse
import fcntl
import glob
import os
import re
import shutil
import signal
import socket
import struct
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Final

from dockerfile import Stage, Step, read

ROOT: Final = Path(__file__).resolve().parent.parent
_BASE: Final = re.compile(r"python:(3\.\d+)-slim-([a-z]+)")
_UNITS: Final = {"s": 1.0, "m": 60.0}
_PATIENCE: Final = 120.0
"""Seconds until what does not end is taken for lost."""
_PACKAGES: Final = "python3,python3-venv,ca-certificates"
_PATH: Final = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"
_SIOCGIFFLAGS, _SIOCSIFFLAGS, _IFF_UP = 0x8913, 0x8914, 1


_BEGAN: Final = time.monotonic()


def say(text: str) -> None:
    """Print a line at once, and when."""
    print(f"container: {time.monotonic() - _BEGAN:5.1f} s  {text}", flush=True)


def run(*command: str | Path, **environment: str) -> None:
    """Run a command, and print what it said if it fails."""
    done = subprocess.run(
        [str(part) for part in command],
        env={**os.environ, **environment},
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        errors="replace",
        check=False,
        timeout=900,
    )
    if done.returncode:
        print(done.stdout[-4000:])
        raise SystemExit(f"container: ended with {done.returncode}: {command}")


def base_tree(image: str, tree: Path) -> None:
    """Make what stands for a base image."""
    found = _BASE.fullmatch(image)
    if found is None:
        raise SystemExit(f"container: no tree stands for {image}; it must be {_BASE.pattern}")
    version, suite = found.groups()
    say(f"{image}: debootstrap {suite}")
    run("debootstrap", "--variant=minbase", f"--include={_PACKAGES}", suite, tree)
    python = tree / "usr" / "local" / "bin" / "python"
    if not (tree / "usr" / "bin" / f"python{version}").exists():
        raise SystemExit(f"container: {suite} has no Python {version}")
    python.symlink_to(f"/usr/bin/python{version}")
    if list((tree / "usr" / "lib" / "locale").glob("zh*")) or list(
        (tree / "usr" / "lib" / "locale").glob("locale-archive")
    ):
        raise SystemExit("container: the tree has a Chinese locale, which would hide that none is")


def pip_settings() -> tuple[dict[str, str], list[str]]:
    """Return this machine's settings of pip for the tree, and the files that they name.

    They are what `docker build --build-arg` would hand over: where packages come from.
    """
    told = subprocess.run(
        [sys.executable, "-m", "pip", "config", "list"], capture_output=True, text=True, check=True
    ).stdout
    settings = {}
    for line in told.splitlines():
        name, _, value = line.partition("=")
        key = name.rpartition(".")[2].upper().replace("-", "_")
        settings[f"PIP_{key}"] = value.strip("'")
    named = " ".join(settings.values()).replace("file://", "").split()
    return settings, [one for one in named if one.startswith("/") and os.path.exists(one)]


def mounts(tree: Path, seen: Sequence[str]) -> Iterator[list[str]]:
    """Give the commands that mount what a step sees of this machine."""
    yield ["mount", "-t", "proc", "proc", f"{tree}/proc"]
    yield ["mount", "--rbind", "/dev", f"{tree}/dev"]
    for one in ["/etc/resolv.conf", *seen]:
        # Of a folder its parent, too: an index of packages links to the files beside it.
        real = Path(one) if os.path.isfile(one) else Path(*Path(one).parts[:3])
        place = Path(f"{tree}{real}")
        if real.is_dir():
            place.mkdir(parents=True, exist_ok=True)
        else:
            place.parent.mkdir(parents=True, exist_ok=True)
            place.touch()
        yield ["mount", "--bind", "-o", "ro", str(real), str(place)]


def carry_out(step: Step, tree: Path, trees: dict[str, Path], context: Path) -> None:
    """Carry one step out in a tree."""
    say(f"{step.word} {step.text[:90]}")
    if step.word == "COPY":
        copy(step, tree, trees[step.flags["from"]] if "from" in step.flags else context)
        return
    (tree / step.folder.lstrip("/")).mkdir(parents=True, exist_ok=True)
    settings, seen = pip_settings()
    environment = {"PATH": _PATH, "HOME": "/root", **settings, **step.environment}
    script = "\n".join(" ".join(map(_quoted, one)) for one in mounts(tree, seen))
    words = [f"{name}={value}" for name, value in environment.items()]
    inner = [
        "chroot",
        str(tree),
        "env",
        "-i",
        *words,
        "sh",
        "-ec",
        f"cd {step.folder}; {step.text}",
    ]
    run(
        *("unshare", "--mount", "--pid", "--fork", "--kill-child", "--propagation", "private"),
        *("sh", "-ec", f"{script}\nexec {' '.join(map(_quoted, inner))}"),
    )


def copy(step: Step, tree: Path, source: Path) -> None:
    """Carry a COPY out; a source that matches nothing is an error, as it is for Docker."""
    *names, target = step.paths
    place = tree / os.path.join(step.folder, target).lstrip("/")
    into = target.endswith("/") or len(names) > 1
    for name in names:
        found = glob.glob(str(source / name.lstrip("/")))
        if not found:
            raise SystemExit(f"container: COPY: nothing is named {name}")
        for one in found:
            if os.path.isdir(one):
                ignored = shutil.ignore_patterns("__pycache__", "*.pyc")
                whole = None if "from" in step.flags else ignored
                shutil.copytree(one, place, symlinks=True, dirs_exist_ok=True, ignore=whole)
                continue
            end = place / os.path.basename(one) if into else place
            end.parent.mkdir(parents=True, exist_ok=True)
            shutil.copy(one, end)


def _quoted(word: str) -> str:
    return "'" + word.replace("'", "'\\''") + "'"


def build(stages: list[Stage], context: Path, place: Path) -> Path:
    """Carry all steps out; gives the tree of the last stage."""
    trees: dict[str, Path] = {}
    bases: dict[str, Path] = {}
    for number, stage in enumerate(stages):
        if stage.base not in bases:
            bases[stage.base] = place / f"base-{len(bases)}"
            base_tree(stage.base, bases[stage.base])
        tree = place / f"stage-{number}"
        run("cp", "-a", bases[stage.base], tree)
        trees[stage.name or str(number)] = tree
        for step in stage.steps:
            carry_out(step, tree, trees, context)
        for folder in (stage.folder, *stage.volumes):
            (tree / folder.lstrip("/")).mkdir(parents=True, exist_ok=True)
    return tree


def serve(stage: Stage, tree: Path) -> None:
    """Run a stage's command as a container would; within namespaces of our own."""
    loopback_up()
    user, _, group = stage.user.partition(":")
    if not user or user == "0":
        raise SystemExit("container: it would run as root: USER is missing")
    run("mount", "--bind", tree, tree)
    for volume in stage.volumes:
        # What Docker does with a new volume: it holds what the image has there, owners too.
        written = Path(tempfile.mkdtemp(dir=tree.parent))
        run("cp", "-a", f"{tree}{volume}/.", written)
        run("mount", "--bind", written, f"{tree}{volume}")
    run("mount", "-t", "proc", "proc", tree / "proc")
    run("mount", "--rbind", "/dev", tree / "dev")
    run("mount", "-o", "remount,bind,ro", tree)
    inside = [
        *("chroot", str(tree), "setpriv", f"--reuid={user}", f"--regid={group or user}"),
        *("--clear-groups", "--no-new-privs", "--inh-caps=-all", "--bounding-set=-all"),
        *("env", "-i", f"--chdir={stage.folder}", f"HOME={stage.folder}"),
        *(f"{name}={value}" for name, value in stage.environment.items()),
    ]
    # As process 1 of its namespace: the kernel keeps signals that it does not handle from it.
    first = ["unshare", "--pid", "--fork", "--kill-child"]
    with subprocess.Popen([*first, *inside, *stage.entrypoint, *stage.command]) as served:
        try:
            check_health(stage, inside, served)
            hello = (ROOT / "etc" / "hello.py").read_bytes()
            url = f"ws://127.0.0.1:{stage.ports[0]}"
            told = subprocess.run(
                [*inside, "python", "-", url], input=hello, capture_output=True, timeout=_PATIENCE
            )
            text = told.stdout.decode("utf-8", "replace")
            if told.returncode or "RtnDepthMarketData" not in text:
                raise SystemExit(f"container: no tick:\n{text[-3000:]}{told.stderr.decode()}")
            say("a client has logged in and seen ticks")
            check_read_only(inside, stage)
            # Not to unshare, which waits and passes nothing on.
            (child,) = Path(f"/proc/{served.pid}/task/{served.pid}/children").read_text().split()
            os.kill(int(child), getattr(signal, stage.stop_signal))
            if served.wait(_PATIENCE):
                raise SystemExit(
                    f"container: {stage.stop_signal} ended it with {served.returncode}"
                )
            say(f"{stage.stop_signal} has ended it with 0")
        finally:
            served.kill()


def check_health(stage: Stage, inside: list[str], served: subprocess.Popen[bytes]) -> None:
    """Wait until HEALTHCHECK passes, as long as it allows."""
    start = stage.health_flags["start-period"]
    end = time.monotonic() + float(start[:-1]) * _UNITS[start[-1]]
    while subprocess.run([*inside, *stage.health], capture_output=True, check=False).returncode:
        if served.poll() is not None:
            raise SystemExit(f"container: it ended with {served.returncode}")
        if time.monotonic() > end:
            raise SystemExit(f"container: not healthy within {start}")
        time.sleep(0.5)
    say("HEALTHCHECK passes")


def check_read_only(inside: list[str], stage: Stage) -> None:
    """Show that the root cannot be written, and the volume has been."""
    wrong = subprocess.run([*inside, "touch", "/tmp/x", "/etc/x"], capture_output=True, check=False)
    if wrong.stderr.count(b"Read-only file system") != 2:
        raise SystemExit(f"container: the root can be written: {wrong.stderr.decode()}")
    kept = subprocess.run([*inside, "ls", *stage.volumes], capture_output=True, check=True).stdout
    if b"journal.sqlite" not in kept:
        raise SystemExit(f"container: the volume holds {kept.decode()}")


def loopback_up() -> None:
    """Bring a new network's loopback up; there is nothing else in it."""
    with socket.socket() as any_socket:
        asked = struct.pack("16sh14x", b"lo", 0)
        flags = struct.unpack("16sh14x", fcntl.ioctl(any_socket, _SIOCGIFFLAGS, asked))[1]
        fcntl.ioctl(any_socket, _SIOCSIFFLAGS, struct.pack("16sh14x", b"lo", flags | _IFF_UP))


def roomy() -> Path:
    """Return where trees are made: in memory where 4 GiB are free there, for dpkg syncs each file.

    The trees are a gigabyte together.
    """
    memory = Path("/dev/shm")
    if memory.is_dir():
        free = os.statvfs(memory)
        lines = Path("/proc/meminfo").read_text("ascii").splitlines()
        available = next(int(one.split()[1]) for one in lines if one.startswith("MemAvailable:"))
        if min(free.f_bavail * free.f_frsize, available * 1024) > 4 << 30:
            return memory
    (ROOT / "build").mkdir(exist_ok=True)
    return ROOT / "build"


def main() -> None:
    """Build, and serve within namespaces of our own."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("--serve", metavar="TREE", help="serve a tree that was built; internal")
    tree = parser.parse_args().serve
    stages = read(ROOT / "Dockerfile")
    if tree:
        serve(stages[-1], Path(tree))
        return
    missing = [one for one in ("debootstrap", "unshare", "setpriv") if shutil.which(one) is None]
    if os.geteuid() or missing:
        needs = ", ".join(missing) or "root"
        raise SystemExit(f"container: {needs} is missing; on Debian: apt-get install debootstrap")
    place = Path(tempfile.mkdtemp(prefix="container-", dir=roomy()))
    place.chmod(0o755)  # the user of the container goes through it
    try:
        built = build(stages, ROOT, place)
        command = [sys.executable, __file__, "--serve", str(built)]
        spaces = (
            "--mount",
            "--mount-proc",
            "--net",
            "--pid",
            "--ipc",
            "--uts",
            "--fork",
            "--kill-child",
        )
        ended = subprocess.run(
            ["unshare", *spaces, "--propagation", "private", *command], check=False, timeout=900
        )
        if ended.returncode:
            raise SystemExit(ended.returncode)
    finally:
        shutil.rmtree(place)
    steps = sum(len(stage.steps) for stage in stages)
    say(f"passed: {steps} steps of {len(stages)} stages")


if __name__ == "__main__":
    main()

"""What the native library prints: its line for each broken connection is kept out of the output.

While a front hangs up, the library (6.7.11) prints a line a second to standard output, and where a
host cannot be found one every five seconds to standard error. The daemon tells the same itself,
once for each change of state. But the library tells there, too, why it ends the process
(``DesignError:``, ``RuntimeError:``), and so does whatever else crashes: nothing but the lines of
:data:`DROPPED` may be lost. So both descriptors lead into pipes, at whose other end a process of
its own passes on everything else. It outlives a crash, ends when the pipes do, and ignores the
signals that stop the daemon. The daemon's log does not go through it.

Run by its path that process is this module; so only the standard library is imported here.
"""

import contextlib
import os
import re
import select
import signal
import subprocess
import sys
from collections.abc import Iterable
from typing import Final

DROPPED: Final = re.compile(
    rb"CThostFtdcUserApiImplBase::OnSessionDisconnected\[0x[0-9a-f]+\]\[ *-?\d+\]\[ *\d+\]"
    rb"|(?:Can not find host by name|Could not connect|Failed getaddrinfo): .*"
)
"""Lines for connections that broke or did not come about."""
ONCE: Final = re.compile(rb"(?:Decrypt handshake data|Encrypt handshake data|API Handshake) failed")
"""Lines that say why: the first of each is passed on, the repetitions are not."""
_LONGEST: Final = 64 * 1024
"""Bytes of a line that has no end yet; with more it is passed on."""
_NOT_MINE: Final = (
    signal.SIGINT,
    signal.SIGTERM,
    signal.SIGHUP,
    signal.SIGQUIT,
    signal.SIGPIPE,
)
"""Signals that stop the daemon; a terminal and systemd send them to both processes."""
_PATIENCE: Final = 2.0
"""Seconds that the process has to pass on the rest at the end."""


class NativeOutput:
    """Standard output and standard error, through a process that drops the library's lines."""

    def __init__(self) -> None:
        self._process: subprocess.Popen[bytes] | None = None
        self._kept: dict[int, int] = {}

    def start(self) -> None:
        """Let both descriptors lead through the process.

        :raises OSError: if it cannot be started; they stay as they were.
        """
        pipes = {fd: os.pipe() for fd in (1, 2)}
        arguments = [f"{read}:{fd}" for fd, (read, _) in pipes.items()]
        # Blocked from its first moment on: one that came before it ignores them would end it.
        mask = signal.pthread_sigmask(signal.SIG_BLOCK, _NOT_MINE)
        try:
            self._process = subprocess.Popen(
                # Neither the environment nor site-packages: it starts in milliseconds.
                [sys.executable, "-I", "-S", os.path.abspath(__file__), *arguments],
                stdin=subprocess.DEVNULL,
                pass_fds=[read for read, _ in pipes.values()],
            )
            for fd, (_, write) in pipes.items():
                self._kept[fd] = os.dup(fd)
                os.dup2(write, fd)
        finally:
            signal.pthread_sigmask(signal.SIG_SETMASK, mask)
            for both in pipes.values():
                for end in both:
                    os.close(end)

    def stop(self) -> None:
        """Let them be what they were, and have the rest passed on."""
        for fd, kept in self._kept.items():
            os.dup2(kept, fd)
            os.close(kept)
        self._kept.clear()
        process, self._process = self._process, None
        if process is not None:
            # Where whoever takes the output does not, it ends when it can.
            with contextlib.suppress(subprocess.TimeoutExpired):
                process.wait(_PATIENCE)


class Stream:
    """One of the two: what comes is passed on line by line.

    :param target: the descriptor that takes what is not dropped.
    """

    def __init__(self, target: int) -> None:
        self._target = target
        self._rest = b""
        self._told: set[bytes] = set()

    def take(self, data: bytes) -> None:
        """Pass on the lines that are whole."""
        *lines, self._rest = (self._rest + data).split(b"\n")
        kept = [line + b"\n" for line in lines if not self._drops(line)]
        if len(self._rest) > _LONGEST:
            kept.append(self._rest)
            self._rest = b""
        self._write(b"".join(kept))

    def end(self) -> None:
        """Pass on what is left: a line that was not ended before the process was."""
        rest, self._rest = self._rest, b""
        self._write(rest)

    def _drops(self, line: bytes) -> bool:
        if ONCE.fullmatch(line):
            known = line in self._told
            self._told.add(line)
            return known
        return DROPPED.fullmatch(line) is not None

    def _write(self, data: bytes) -> None:
        while data:
            try:
                data = data[os.write(self._target, data) :]
            except OSError:
                return  # nobody takes it; the daemon must not be held up by that


def pass_on(arguments: Iterable[str]) -> None:
    """Pass on what comes until all pipes have ended; arguments are ``FROM:TO`` descriptors."""
    for number in _NOT_MINE:
        signal.signal(number, signal.SIG_IGN)
    streams: dict[int, Stream] = {}
    poll = select.poll()
    for argument in arguments:
        source, target = map(int, argument.split(":"))
        streams[source] = Stream(target)
        poll.register(source, select.POLLIN)
    while streams:
        for source, _ in poll.poll():
            data = os.read(source, _LONGEST)
            if data:
                streams[source].take(data)
            else:
                poll.unregister(source)
                streams.pop(source).end()


if __name__ == "__main__":
    pass_on(sys.argv[1:])

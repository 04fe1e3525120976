"""Commands that wait for the exchange's thread: each connection's in order, connections in turn."""

from collections import deque
from collections.abc import Callable
from datetime import datetime
from queue import Empty, SimpleQueue

Command = Callable[[datetime], None]


class FairQueue:
    """Commands by origin: a connection that sends thousands does not delay one that sends one.

    Commands without an origin (None), and the end, are taken when all before them have been, and
    before all after them. Unbounded. `put` and `end` may be called on any thread, the rest on the
    one that takes.
    """

    def __init__(self) -> None:
        self._arriving: SimpleQueue[tuple[object, Command | None]] = SimpleQueue()
        self._waiting: dict[object, deque[Command]] = {}
        self._barrier: tuple[Command | None] | None = None

    def put(self, origin: object, command: Command) -> None:
        """Add a command of ``origin``."""
        self._arriving.put((origin, command))

    def end(self) -> None:
        """Let `take` give None when all that was put before has been taken."""
        self._arriving.put((None, None))

    @property
    def is_empty(self) -> bool:
        """Whether nothing waits."""
        return not self._waiting and self._barrier is None and self._arriving.empty()

    def take(self, patience: float) -> Command | None:
        """Take the next command; wait up to ``patience`` seconds for one (0: not at all).

        :raises Empty: if there is none.
        """
        self._sort(patience)
        if self._waiting:
            origin, commands = next(iter(self._waiting.items()))
            command = commands.popleft()
            del self._waiting[origin]
            if commands:
                self._waiting[origin] = commands  # behind the others
            return command
        if self._barrier is None:
            raise Empty
        (last,), self._barrier = self._barrier, None
        return last

    def _sort(self, patience: float) -> None:
        """Sort the commands that have arrived; wait for the first where no other is there."""
        block = patience > 0 and not self._waiting
        try:
            while self._barrier is None:
                origin, command = self._arriving.get(block, patience if block else None)
                block = False
                if origin is None or command is None:
                    self._barrier = (command,)
                else:
                    self._waiting.setdefault(origin, deque()).append(command)
        except Empty:
            pass

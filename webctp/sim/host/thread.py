"""The thread that owns a simulated exchange: requests in, time on, packed callbacks out."""

import threading
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from queue import Empty
from time import sleep
from typing import Final

from twisted.logger import Logger

from webctp.ctp import binding
from webctp.sim.accounts.accountfile import read_accounts
from webctp.sim.exchange.exchange import Exchange
from webctp.sim.host.control import read_control
from webctp.sim.host.fairqueue import FairQueue
from webctp.sim.host.faults import Fate, Faults
from webctp.sim.host.flows import Flows
from webctp.sim.host.links import Links
from webctp.sim.host.mishaps import Mishaps
from webctp.sim.host.packing import TICK_CALLBACK, Delivery, Wire, tick_packer
from webctp.sim.host.sink import CallbackSink, Connection
from webctp.sim.host.timers import Timers
from webctp.sim.host.venue import Venue
from webctp.sim.options import SimOptions
from webctp.sim.refusals import NOT_INITIALIZED, NOT_READY

_LONGEST_WAIT: Final = 3600.0
"""A thread's wait is bounded: the system may not take a longer one."""
_STEPS: Final = 32
"""Instruments that are stepped in a turn: a millisecond."""
_STEPS_BESIDE: Final = 8
"""Those that are stepped while requests wait."""
_SUBSCRIBED: Final = 8
"""Instruments of a subscription that are taken in a turn: each may need a market made."""
_BREATH: Final = 0.00005
"""Seconds that a thread with much to do leaves to the others of its process between turns: each
of their system calls would else wait for Python, 5 ms or, where this one makes many of its own,
100 ms."""


@dataclass(frozen=True, slots=True)
class _Running:
    """What the thread makes at its first start, and keeps."""

    exchange: Exchange
    links: Links
    mishaps: Mishaps


class SimThread:
    """Runs the exchange of one venue for all APIs made from one front.

    The thread lives from the first `connect` to the last `leave`; the exchange lives on in
    between, its time going on. All methods may be called on any thread but its own and return at
    once, `leave` excepted, which waits for the thread when it was the last.

    :param venue: makes the exchange, and has its clock.
    :raises OptionError: for an account file with a mistake in it.
    """

    log = Logger()

    def __init__(self, venue: Venue) -> None:
        self._venue = venue
        self._lock = threading.Lock()
        self._commands = FairQueue()
        self._thread: threading.Thread | None = None
        self._users = 0
        self._started: _Running | None = None
        self._wires: dict[bool, Wire] = {}
        self._asked: deque[tuple[Connection, int, Iterator[None]]] = deque()
        """Subscriptions under way: whose, in which of its sessions, and what is left of them."""
        self.trading_day = ""
        self.faults = Faults(self.options.faults, self.options.seed)
        self._openings = read_accounts(self.options.accounts)
        self._timers = Timers()

    @property
    def options(self) -> SimOptions:
        """The options of the broker and the front."""
        return self._venue.options

    @property
    def query_interval(self) -> float:
        """Least seconds between an API's queries."""
        return self.options.query_interval

    def clock(self) -> int:
        """Return the exchange's time in nanoseconds since 1970; this machine's before it begins."""
        return self._venue.clock()

    @property
    def speed(self) -> float:
        """Return the seconds at the exchange that pass in one of ours."""
        return self._venue.speed

    def instruments(self) -> tuple[str, ...]:
        """Return the instruments listed today, combinations with a market too.

        Nothing before the exchange has begun.

        On any thread: a new day brings a new mapping.
        """
        running = self._started
        return () if running is None else running.exchange.markets.names()

    # For the APIs

    def connect(self, sink: CallbackSink, *, trading: bool) -> Connection:
        """Connect an API: OnFrontConnected follows."""
        with self._lock:
            self._users += 1
            if self._thread is None:
                self._thread = threading.Thread(target=self._run, name="sim-exchange", daemon=True)
                self._thread.start()
        connection = Connection(sink, trading)
        self._commands.put(connection, lambda now: self._running.links.wait(connection))
        return connection

    def leave(self, connection: Connection) -> None:
        """Let an API go for good; wait for the thread's end if the API was the last."""
        self._commands.put(connection, lambda now: self._running.links.remove(connection))
        with self._lock:
            self._users -= 1
            if self._users == 0 and self._thread is not None:
                self._commands.end()
                # Waited for under the lock, so that there are never two of them.
                self._thread.join()
                self._thread = None

    def request(
        self,
        connection: Connection,
        name: str,
        raw: bytes,
        request_id: int,
        line: int | None = None,
    ) -> None:
        """Hand a request to the exchange.

        :param line: the connection's that it was sent on; the present one where None.
        """
        sent_on = connection.line if line is None else line

        def command(now: datetime) -> None:
            fate = self.faults.fate(name)
            self._decide(connection, sent_on, name, raw, request_id, fate)

        self._commands.put(connection, command)

    def subscribe(
        self,
        connection: Connection,
        name: str,
        callback: str,
        wanted: list[str],
        line: int | None = None,
    ) -> None:
        """Hand one of the four subscription calls to the exchange; see :meth:`request`."""
        sent_on = connection.line if line is None else line

        def command(now: datetime) -> None:
            session = connection.session
            if session is not None and connection.line == sent_on:
                # Some of it is carried out in each turn.
                steps = self._venue.subscribe(self._core, session, name, wanted, callback)
                self._asked.append((connection, session, steps))

        self._commands.put(connection, command)

    def control(self, command: str, arguments: Mapping[str, str]) -> None:
        """Carry out a control request, a moment later.

        :raises OptionError: for a request that is not understood.
        """
        running = self._started
        accounts = [] if running is None else list(running.exchange.accounts)
        action = read_control(command, arguments, accounts)
        self._commands.put(None, lambda now: action(self._running.mishaps))

    # For the venue

    def sinks(self) -> Iterable[CallbackSink]:
        """Give the sinks of all connections that stand."""
        return (connection.sink for connection in self._running.links.standing())

    def later(self, seconds: float, action: Callable[[], None]) -> None:
        """Let the thread do something some seconds from now."""
        self._timers.later(seconds, action)

    def soon(self, action: Callable[[], None]) -> None:
        """Let the thread do something when what waits is done; any thread may call this."""
        self._commands.put(None, lambda now: action())

    # The thread

    def _run(self) -> None:
        try:
            if self._started is None:
                self._started = self._start()
                self._venue.begin()
                self._started.mishaps.plan()
            while self._turn():
                pass
        except Exception:  # noqa: BLE001 - the last resort of the thread
            self.log.failure("The simulated exchange has stopped")
            if self._started is not None:
                self._started.links.break_all()

    def _start(self) -> _Running:
        """Make the exchange and all that works on it."""
        loaded = binding.load()
        trader, market = Wire(loaded.trading), Wire(loaded.market)
        self._wires = {True: trader, False: market}
        exchange, flows = self._venue.open({**market.answering(), **trader.answering()}, self)
        exchange.openings = self._openings
        links = Links(exchange, self._wires, self._venue.pack, Flows(flows), self.faults)
        pack = tick_packer(loaded.market)

        def pack_tick(values: tuple[object, ...]) -> Delivery:
            return Delivery(TICK_CALLBACK, pack(values))

        mishaps = Mishaps(exchange, links, self.faults, self._timers, pack_tick, self._venue.now)
        return _Running(exchange, links, mishaps)

    @property
    def _running(self) -> _Running:
        if self._started is None:
            raise RuntimeError("the exchange is made by the host's thread")
        return self._started

    @property
    def _core(self) -> Exchange:
        return self._running.exchange

    def _turn(self) -> bool:
        """Carry out one command, or what is due; return whether to go on."""
        exchange, links = self._core, self._running.links
        try:
            if self._busy or not self._commands.is_empty:
                sleep(_BREATH)
                command = self._commands.take(0)
            else:
                command = self._commands.take(self._patience())
            if command is None:
                return False
            self._obey(partial(command, self._venue.now()))
        except Empty:
            # No command came before the next thing was due.
            pass
        for action in self._timers.due():
            self._obey(action)
        exchange.advance(self._venue.now(), _STEPS if self._commands.is_empty else _STEPS_BESIDE)
        self._obey(self._subscribe_on)
        self.trading_day = exchange.markets.day.name
        events = exchange.drain()
        for event in events:
            self._obey(partial(links.deliver, event))
        # Nothing is sent (`flush`) that a state file does not hold.
        self._venue.save(exchange, events, links.flows.by_account)
        links.admit(self._venue.now())
        links.stream()
        links.flush()
        return True

    def _patience(self) -> float:
        """Return the seconds until something is due that needs no command."""
        due = self._venue.seconds_to(self._core.next_due())
        return self._timers.wait(min(due, _LONGEST_WAIT))

    @property
    def _busy(self) -> bool:
        """Whether the last turn has left something to do."""
        running = self._running
        return bool(running.links.is_streaming or self._asked or running.exchange.is_amid_step)

    def _subscribe_on(self) -> None:
        """Take a slice of the first subscription under way."""
        for _ in range(_SUBSCRIBED if self._asked else 0):
            connection, session, steps = self._asked[0]
            if connection.session != session or next(steps, steps) is steps:
                self._asked.popleft()
                return

    def _obey(self, action: Callable[[], None]) -> None:
        """Carry out an action of one session; its failure must not end the exchange for all."""
        try:
            action()
        except Exception:  # noqa: BLE001 - see above
            self.log.failure("The simulated front failed over a request")

    def _decide(
        self,
        connection: Connection,
        line: int,
        name: str,
        raw: bytes,
        request_id: int,
        fate: Fate,
    ) -> None:
        """Handle a request, or do to the request what the faults have drawn.

        A request still on its way, or delayed, when its line breaks is lost with the line.
        """
        session = connection.session
        gone = session is None or connection.line != line
        if session is None or gone or fate is Fate.SWALLOWED or self._running.links.silent:
            return
        if fate is Fate.DELAYED:
            again = partial(self._decide, connection, line, name, raw, request_id, Fate.HANDLED)
            self._timers.later(self.faults.options.slow_seconds, again)
            return
        values = self._wires[connection.trading].unpack(name, raw)
        if fate is Fate.NOT_READY:
            code = NOT_READY if name.startswith("ReqQry") else NOT_INITIALIZED
            self._core.refuse(session, name, values, request_id, code)
            return
        self._core.request(session, name, values, request_id, self._venue.now())
        if fate is Fate.CUT_OFF:
            self._running.mishaps.cut(connection)

"""The thread that owns a simulated exchange: requests in, time on, packed callbacks out."""

import threading
from collections import deque
from collections.abc import Callable, Iterator, Mapping
from datetime import datetime, timedelta, timezone
from functools import partial
from queue import Empty
from time import monotonic, sleep, time_ns
from typing import Final

from twisted.logger import Logger

from webctp.ctp import binding
from webctp.ctp.codec import Layout
from webctp.exchanges import calendar, instruments, productfile
from webctp.sim.accounts.accountfile import read_accounts
from webctp.sim.events import (
    READ_FAILED,
    AccountKey,
    Broadcast,
    DayBegan,
    Event,
    FlowsBegan,
    Hangup,
    LoggedIn,
    Notice,
    Push,
    Reply,
    Rows,
    TickEvent,
)
from webctp.sim.exchange.exchange import Exchange
from webctp.sim.handlers import HANDLERS
from webctp.sim.handlers.market import subscribe
from webctp.sim.host.control import read_control
from webctp.sim.host.deskcontrol import Deed
from webctp.sim.host.fairqueue import FairQueue
from webctp.sim.host.faults import Fate, Faults
from webctp.sim.host.flows import PUBLIC, Flows
from webctp.sim.host.packing import TICK_CALLBACK, Delivery, Wire, tick_packer
from webctp.sim.host.sink import CallbackSink, Connection
from webctp.sim.host.state import StateFile
from webctp.sim.host.timers import Timers
from webctp.sim.market.markets import Listing, Markets
from webctp.sim.model.timeline import AlwaysOpen, ExchangeHours, Timeline
from webctp.sim.options import FaultOptions, SimOptions
from webctp.sim.refusals import NOT_INITIALIZED, NOT_READY

CHINA: Final = timezone(timedelta(hours=8))

_LONGEST_WAIT: Final = 3600.0
"""A thread's wait is bounded: the system may not take a longer one."""
_SLICE: Final = 20
"""Rows of a long answer that are packed before others get their turn: some milliseconds, for the
first to ask of a day has their contracts made."""
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

_EPOCH: Final = datetime(1970, 1, 1) + timedelta(hours=8)
"""1970 by China's clocks."""


def nanoseconds_of(moment: datetime) -> int:
    """Return a moment in China Standard Time in nanoseconds since 1970."""
    return (moment - _EPOCH) // timedelta(microseconds=1) * 1000


def _timeline(options: SimOptions) -> Timeline:
    if options.clock == "always":
        return AlwaysOpen(calendar.default())
    return ExchangeHours(calendar.default(), productfile.default().values())


class SimThread:
    """Runs one exchange for all APIs made from one front.

    The thread lives from the first `connect` to the last `leave`; the exchange lives on in
    between, its time going on. All methods may be called on any thread but its own and return at
    once, `leave` excepted, which waits for the thread when it was the last.

    :param listing: the instruments of a trading day.
    :raises OptionError: for an account file with a mistake in it.
    """

    log = Logger()

    def __init__(self, options: SimOptions, listing: Listing = instruments.listed) -> None:
        self.options = options
        self._listing = listing
        self._lock = threading.Lock()
        self._commands = FairQueue()
        self._thread: threading.Thread | None = None
        self._users = 0
        self._exchange: Exchange | None = None
        self._links: dict[int, Connection] = {}
        self._waiting: list[Connection] = []
        self._wires: dict[bool, Wire] = {}
        self._flows = Flows()
        self._streams: deque[tuple[int, Iterator[Delivery]]] = deque()
        self._asked: deque[tuple[Connection, int, Iterator[None]]] = deque()
        """Subscriptions under way: whose, in which of its sessions, and what is left of them."""
        self._started = monotonic()
        self._start = datetime.min
        self.trading_day = ""
        self.faults = Faults(options.faults, options.seed)
        self._state: StateFile | None = None
        self._openings = read_accounts(options.accounts)
        self._timers = Timers()
        # Counts the plans of faults: what an earlier plan had in store does not happen.
        self._plans = 0
        self._silences = 0
        self._silent = False

    def _patience(self, exchange: Exchange) -> float:
        """Seconds until there is something to do that nobody has to ask for."""
        return self._timers.wait(min(self._seconds_to(exchange.next_due()), _LONGEST_WAIT))

    def clock(self) -> int:
        """Return the exchange's time in nanoseconds since 1970; this machine's before it begins."""
        if self._start == datetime.min:
            return time_ns()
        return nanoseconds_of(self._now())

    @property
    def speed(self) -> float:
        """Return the seconds at the exchange that pass in one of ours."""
        return self.options.speed

    def instruments(self) -> tuple[str, ...]:
        """Return the instruments listed today, combinations with a market too.

        Nothing before the exchange has begun.

        On any thread: a new day brings a new mapping.
        """
        exchange = self._exchange
        return () if exchange is None else exchange.markets.names()

    # For the APIs

    def connect(self, sink: CallbackSink, *, trading: bool) -> Connection:
        """Connect an API: OnFrontConnected follows."""
        with self._lock:
            self._users += 1
            if self._thread is None:
                self._thread = threading.Thread(target=self._run, name="sim-exchange", daemon=True)
                self._thread.start()
        connection = Connection(sink, trading)
        self._commands.put(connection, lambda now: self._waiting.append(connection))
        return connection

    def leave(self, connection: Connection) -> None:
        """An API is gone for good; the last one ends the thread."""
        self._commands.put(connection, lambda now: self._part(connection))
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
                self._subscribe(connection, session, name, wanted, callback)

        self._commands.put(connection, command)

    def _subscribe(
        self, connection: Connection, session: int, name: str, wanted: list[str], callback: str
    ) -> None:
        """Carry out a subscription call; some of it in each turn."""
        steps = subscribe(self._core, session, name, wanted, callback)
        self._asked.append((connection, session, steps))

    # The thread

    def _run(self) -> None:
        try:
            if self._exchange is None:
                self._exchange = self._make()
                self._exchange.openings = self._openings
                # The market's time begins when there is a market, however long that took to make.
                self._started = monotonic()
                self._plan_faults()
            while self._turn():
                pass
        except Exception:  # noqa: BLE001 - the last resort of the thread
            self.log.failure("The simulated exchange has stopped")
            for connection in list(self._links.values()):
                connection.sink.stands(False)
                connection.sink.put([Delivery("OnFrontDisconnected", number=READ_FAILED)])

    @property
    def _core(self) -> Exchange:
        if self._exchange is None:
            raise RuntimeError("the exchange is made by the host's thread")
        return self._exchange

    def _turn(self) -> bool:
        """One command, or what is due; says whether to go on."""
        exchange = self._core
        try:
            if self._busy or not self._commands.is_empty:
                sleep(_BREATH)
                command = self._commands.take(0)
            else:
                command = self._commands.take(self._patience(exchange))
            if command is None:
                return False
            self._obey(partial(command, self._now()))
        except Empty:
            # Nobody asked for anything before the next thing was due.
            pass
        for action in self._timers.due():
            self._obey(action)
        exchange.advance(self._now(), _STEPS if self._commands.is_empty else _STEPS_BESIDE)
        self._obey(self._subscribe_on)
        self.trading_day = exchange.markets.day.name
        events = exchange.drain()
        for event in events:
            self._obey(partial(self._deliver, event))
        if self._state is not None and events:
            # Nobody is told (`_flush`) what the file does not know.
            self._state.save(exchange, events, self._flows.by_account)
        if self._waiting and exchange.connected:
            self._admit()
        self._stream()
        self._flush()
        return True

    @property
    def _busy(self) -> bool:
        """Whether the last turn has left something to do."""
        return bool(self._streams or self._asked or self._core.is_amid_step)

    def _subscribe_on(self) -> None:
        """Take a slice of the first subscription under way."""
        for _ in range(_SUBSCRIBED if self._asked else 0):
            connection, session, steps = self._asked[0]
            if connection.session != session or next(steps, steps) is steps:
                self._asked.popleft()
                return

    def _obey(self, action: Callable[[], None]) -> None:
        """Do something for one session; if it fails, that must not end the exchange for all."""
        try:
            action()
        except Exception:  # noqa: BLE001 - see above
            self.log.failure("The simulated front failed over a request")

    def _make(self) -> Exchange:
        loaded = binding.load()
        trader, market = Wire(loaded.trading), Wire(loaded.market)
        self._wires = {True: trader, False: market}
        self._pack_tick = tick_packer(loaded.market)
        answering = {**market.answering(), **trader.answering()}
        now = self._start = self.options.start or datetime.now(CHINA).replace(tzinfo=None)
        if self.options.state_path:
            self._state = StateFile(self.options.state_path, self.options.seed)
            # What happened while nobody ran it happens now; time does not go back.
            stored = self._state.moment() or now
            self._start = max(stored, now)
            now = stored
        markets = Markets(self.options.seed, self._listing, _timeline(self.options), now)
        exchange = Exchange(self.options, markets, HANDLERS, answering)
        if self._state is not None:
            self._flows = Flows(self._state.load(exchange))
        if PUBLIC not in self._flows.by_account:
            exchange.tell_all_statuses()
        return exchange

    def _now(self) -> datetime:
        gone = (monotonic() - self._started) * self.options.speed
        return self._start + timedelta(seconds=gone)

    def _seconds_to(self, moment: datetime) -> float:
        return max(0.0, (moment - self._now()).total_seconds() / self.options.speed)

    def _decide(
        self,
        connection: Connection,
        line: int,
        name: str,
        raw: bytes,
        request_id: int,
        fate: Fate,
    ) -> None:
        """Handle a request, or do to it what the faults have drawn.

        What is still on its way, or delayed, when the line breaks is lost with it.
        """
        session = connection.session
        gone = session is None or connection.line != line
        if session is None or gone or fate is Fate.SWALLOWED or self._silent:
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
        self._core.request(session, name, values, request_id, self._now())
        if fate is Fate.CUT_OFF:
            self._cut(connection)

    def _cut(self, connection: Connection) -> None:
        """Break a connection before anything that is due to it comes through."""
        session = connection.session
        if session is None:
            return
        connection.cut = True
        self._core.tell(Hangup(session, self.faults.reason()))

    def _plan_faults(self) -> None:
        """Plan the faults that come by themselves, in place of all planned before."""
        self._plans += 1
        options = self.faults.options
        self._plan(self._plans, options.disconnect, self._lose_one)
        self._plan(self._plans, options.silence, lambda: self.be_silent(options.silence_seconds))
        self._plan(self._plans, options.burst, lambda: self.burst(options.burst_ticks))
        self._plan(
            self._plans, options.new_flow, lambda: self.begin_flows_anew(new_trade_ids=False)
        )

    def _plan(self, plan: int, mean: float, fault: Callable[[], None]) -> None:
        """Let a fault happen again and again, every ``mean`` seconds or so; 0 is never."""

        def happen() -> None:
            if plan == self._plans:
                fault()
                self._plan(plan, mean, fault)

        seconds = self.faults.seconds_to_next(mean)
        if seconds is not None:
            self._timers.later(seconds, happen)

    def _lose_one(self) -> None:
        """Break one connection."""
        session = self.faults.choose(sorted(self._links))
        if session is not None:
            self._core.tell(Hangup(session, self.faults.reason()))

    @property
    def query_interval(self) -> float:
        """Least seconds between an API's queries."""
        return self.options.query_interval

    # Control requests

    def control(self, command: str, arguments: Mapping[str, str]) -> None:
        """Carry out a control request.

        :raises OptionError: for one that is not understood; it is carried out a moment later.
        """
        exchange = self._exchange
        accounts = [] if exchange is None else list(exchange.accounts)
        action = read_control(command, arguments, accounts)
        self._commands.put(None, lambda now: action(self))

    def hang_up(self, reason: int) -> None:
        """See :class:`webctp.sim.host.control.Controlled`."""
        self._core.tell(Hangup(None, reason))

    def set_faults(self, options: FaultOptions) -> None:
        """See :class:`webctp.sim.host.control.Controlled`."""
        self.faults.options = options
        for connection in (*self._links.values(), *self._waiting):
            connection.sink.faulty(options)
        self._plan_faults()

    def be_silent(self, seconds: float) -> None:
        """See :class:`webctp.sim.host.control.Controlled`."""
        self._silences += 1
        silence, self._silent = self._silences, True

        def end() -> None:
            # Unless another silence has begun meanwhile, which then has its own end.
            self._silent = self._silent and silence != self._silences

        self._timers.later(seconds, end)

    def begin_flows_anew(self, *, new_trade_ids: bool) -> None:
        """See :class:`webctp.sim.host.control.Controlled`."""
        self._core.begin_flows_anew(new_trade_ids=new_trade_ids)

    def burst(self, count: int) -> None:
        """See :class:`webctp.sim.host.control.Controlled`."""
        for connection in self._links.values():
            if connection.session is not None:
                session = self._core.sessions[connection.session]
                ticks = self._core.market_data.present(session)
                packed = [Delivery(TICK_CALLBACK, self._pack_tick(tick)) for tick in ticks]
                whole, part = divmod(count, max(1, len(packed)))
                connection.due.extend(packed * whole + packed[:part])

    def do(self, deed: Deed) -> None:
        """See :class:`webctp.sim.host.control.Controlled`."""
        self._core.arrive(self._now())
        deed(self._core)

    # Connections

    def _admit(self) -> None:
        """Connect those who wait."""
        for connection in self._waiting:
            session = self._core.connect(self._now(), trading=connection.trading)
            connection.session = session.session_id
            connection.line += 1
            connection.wire = self._wires[connection.trading]
            self._links[session.session_id] = connection
            connection.due.append(Delivery("OnFrontConnected"))
            connection.sink.stands(True)
        self._waiting.clear()

    def _part(self, connection: Connection) -> None:
        """A connection is no more; it was standing or waiting."""
        if connection in self._waiting:
            self._waiting.remove(connection)
        if connection.session is not None:
            del self._links[connection.session]
            self._core.disconnect(connection.session)
            connection.session = connection.account = None

    def _hang_up(self, event: Hangup) -> None:
        """Break connections; their APIs wait for the front to take them again."""
        for session, connection in list(self._links.items()):
            if event.session in (None, session):
                connection.sink.stands(False)
                if connection.cut or self._silent:
                    connection.due, connection.cut = [], False
                connection.due.append(Delivery("OnFrontDisconnected", number=event.reason))
                connection.sink.put(connection.due)
                connection.due = []
                self._part(connection)
                self._waiting.append(connection)

    # Events

    def _deliver(self, event: Event) -> None:
        match event:
            case TickEvent():
                packed = Delivery(TICK_CALLBACK, self._pack_tick(event.values))
                for session in event.sessions:
                    self._due(session, packed)
            case Reply():
                self._answer(event)
            case Notice():
                self._answer(Reply(event.session, event.callback, event.values, 0, event.error))
            case Rows():
                link = self._links.get(event.session)
                if link is not None and link.wire is not None:
                    packed_rows = link.wire.pack_rows(event.callback, event.rows, event.request_id)
                    self._streams.append((event.session, packed_rows))
            case Push():
                message = self._wires[True].pack(event.callback, event.values, event.error)
                self._send_flow(event.account, message)
            case Broadcast():
                self._send_flow(PUBLIC, self._wires[True].pack(event.callback, event.values))
            case LoggedIn():
                self._resume(event)
            case DayBegan():
                self._flows.end_day()
                for link in self._links.values():
                    link.above = {False: 0, True: 0}
            case FlowsBegan():
                self._flows.begin_anew()
            case Hangup():
                self._hang_up(event)

    def _answer(self, reply: Reply) -> None:
        """Pack an answer for its session, if that is still there."""
        link = self._links.get(reply.session)
        if link is not None and link.wire is not None:
            if reply.callback == "OnRspUserLogout" and not reply.error:
                link.account = None
            link.due.append(
                link.wire.pack(
                    reply.callback,
                    reply.values,
                    reply.error,
                    reply.request_id,
                    reply.last,
                    reply.more,
                )
            )

    def _due(self, session: int, delivery: Delivery) -> None:
        link = self._links.get(session)
        if link is not None:
            link.due.append(delivery)

    def _send_flow(self, whose: AccountKey, message: Delivery) -> None:
        """Put a message into a flow, and send it to the sessions that get it."""
        message = self._flows.add(whose, message)
        for link in self._links.values():
            gets = link.account == whose or (message.public and link.account is not None)
            if gets and message.flow > link.above[message.public]:
                link.due.append(message)

    def _resume(self, event: LoggedIn) -> None:
        """From the login on a session gets both flows, and what it asked for of before."""
        link = self._links.get(event.session)
        if link is None:
            return
        link.account = event.account
        private, public = link.sink.topics()
        for whose, topic in ((event.account, private), (PUBLIC, public)):
            due = self._flows.due(whose, topic, self.trading_day)
            link.due.extend(due.messages)
            link.above[whose == PUBLIC] = due.above

    def _layout_of(self, callback: str) -> Layout | None:
        return self._wires[True].layout_of(callback)

    def _stream(self) -> None:
        """A slice of each long answer."""
        for _ in range(len(self._streams)):
            session, rows = self._streams.popleft()
            for _ in range(_SLICE):
                delivery = next(rows, None)
                if delivery is None:
                    break
                self._due(session, delivery)
            else:
                self._streams.append((session, rows))

    def _flush(self) -> None:
        for link in self._links.values():
            if self._silent:
                # What is told once is told afterwards; ticks are not.
                link.due = [one for one in link.due if one.callback != TICK_CALLBACK]
            elif link.due:
                due, link.due = link.due, []
                link.sink.put(self.faults.disturb(due, self._layout_of))

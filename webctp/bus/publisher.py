"""Publish what a hub receives: the side of a CTP node.

A tick leaves at once where none has left within :data:`PACE`; where many come, :data:`ENOUGH` or
more leave together, or what has come by then, none later than two :data:`PACE`: a frame for each
partition that has any. Behind them, twice a second and where an edge asks for it, Redis is given
the newest tick of each instrument to keep, and each partition's position is told: what is kept is
up to there. While Redis takes nothing, or is away, no more waits than the newest tick of each
instrument and :data:`_MOST_WAITING` others; readers notice by the numbers what was given up.
Everything runs in the reactor's thread.
"""

import time
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from itertools import islice
from typing import Any, Final

from twisted.internet.defer import inlineCallbacks
from twisted.internet.interfaces import IDelayedCall
from twisted.logger import Logger

from webctp.bus import notes
from webctp.bus.batches import Batches
from webctp.bus.frame import FrameFormat
from webctp.bus.leases import Edges, Leases
from webctp.bus.redis.address import Connector, address_of
from webctp.bus.redis.line import A_COMMAND, RedisLine, RedisTrouble, Unanswered, command, fields_of
from webctp.bus.redis.link import Link
from webctp.bus.revocations import Revocations
from webctp.bus.untold import Untold
from webctp.clock import GRAIN, Reactor
from webctp.config.bus import BusConfig
from webctp.ctp.bridge import CallbackEvent
from webctp.ctp.codec import codec_for
from webctp.language.text import Text, english
from webctp.metrics import Kind, Metric, Sample
from webctp.secret import Secret
from webctp.upstream.market.hub import MarketHub
from webctp.upstream.market.instruments import instrument_slice
from webctp.upstream.market.source import TickOrigin
from webctp.upstream.session.login import LoginState

_log = Logger()

BEAT: Final = 0.5
"""Seconds between two words of a publisher, whether or not anything moves."""
ENOUGH: Final = 12
"""Ticks that leave together, where some have just left: each write costs as much as many ticks."""
PACE: Final = 0.002
"""Seconds after which fewer leave as well, with the next that comes: a timer costs a wake."""
_ASKED: Final = 0.005
"""Seconds in which edges that ask where everything stands are told once."""
_LOOK: Final = 4
"""Beats between two looks at the leases."""
_MOST_WAITING: Final = 4_096
_LATE: Final = 60_000_000_000
"""Nanoseconds, at the front, of which one frame's ticks may be: its time is that of the last."""

_LINKED: Final = Metric(
    "webctp_bus_publisher_linked",
    Kind.GAUGE,
    "Whether a publisher has a link to Redis: 1 or 0.",
    "发布方是否已连接 Redis：1 或 0。",
)
_LINKS: Final = Metric(
    "webctp_bus_publisher_links_total",
    Kind.COUNTER,
    "Links to Redis that a publisher has made.",
    "发布方建立 Redis 连接的次数。",
)
_TICKS: Final = Metric(
    "webctp_bus_published_ticks_total",
    Kind.COUNTER,
    "Ticks that were published.",
    "已发布的行情数。",
)
_FRAMES: Final = Metric(
    "webctp_bus_published_frames_total",
    Kind.COUNTER,
    "Messages in which ticks were published.",
    "发布行情的消息数。",
)
_PASSED: Final = Metric(
    "webctp_bus_unpublished_ticks_total",
    Kind.COUNTER,
    "Ticks that were given up for newer ones, because Redis was away or slow.",
    "因 Redis 不可用或过慢而被更新行情取代、未发布的行情数。",
)
_EDGES: Final = Metric(
    "webctp_bus_edges",
    Kind.GAUGE,
    "Edges that hold a lease.",
    "持有租约的边缘节点数。",
)


class Publisher:
    """Publishes what a hub receives, and subscribes there what edges want.

    The hub's :class:`~webctp.upstream.market.hub.Relay`.

    :param trading_day: gives what ``GetTradingDay`` says.
    :raises ValueError: if ``Bus.Url`` is no address; see :func:`address_of`.
    """

    def __init__(
        self,
        reactor: Reactor,
        hub: MarketHub[Any],
        origin: TickOrigin,
        settings: BusConfig,
        password: Secret,
        trading_day: Callable[[], str | None],
    ) -> None:
        self._clock = reactor
        self._hub = hub
        self._origin = origin
        self._trading_day = trading_day
        self._partitions = settings.partitions
        self._names = notes.Names(settings.prefix, settings.name)
        layout = codec_for(origin.binding.market.module).layout("CThostFtdcDepthMarketDataField")
        self._epoch = 1
        self._begun = 0
        self._revocations = Revocations(self._names)
        self._untold = Untold(self._names)
        self._batches = Batches(
            FrameFormat(layout),
            instrument_slice(layout),
            partitions=settings.partitions,
            epoch=self._epoch,
        )
        self.edges = Edges(hub)
        self._leases = Leases(reactor, self._names, self.edges)
        self._channels = [self._names.ticks(one) for one in range(settings.partitions)]
        self._publish = [Unanswered(b"PUBLISH", channel) for channel in self._channels]
        self._kept = [self._names.newest(one) for one in range(settings.partitions)]
        self._line: RedisLine | None = None
        self._link = Link(
            reactor,
            Connector(reactor, address_of(settings.url), settings, password),
            lambda: RedisLine(reactor, on_error=self._refused, on_room=self._flush),
            lambda: RedisLine(reactor, on_message=self._edge_wants),
            self._greet,
            self._down,
        )
        # What is written there has nothing to flush for clients.
        self._timers = getattr(reactor, "plain", reactor)
        self._bound = _MOST_WAITING
        self._first = self._last = 0
        self._pacing: IDelayedCall | None = None
        self._rests_until = 0.0
        """Until when fewer than :data:`ENOUGH` wait: some have just left."""
        self._beating: IDelayedCall | None = None
        self._asked: IDelayedCall | None = None
        self._beats = 0
        self._ticks = self._frames = self._passed = 0

    def start(self) -> None:
        """Connect to Redis, and keep connected."""
        self._hub.relay = self
        self._hub.instruments.on_added(self._added)
        self._link.start()
        self._beating = self._clock.callLater(BEAT, self._beat)

    @inlineCallbacks
    def stop(self) -> Any:
        """Publish what waits, say that this is the end, and close the link."""
        self._hub.relay = None
        line = self._line
        self._tell_positions()
        for timer in (self._beating, self._pacing, self._asked):
            if timer is not None:
                timer.cancel()
        self._beating = self._pacing = self._asked = None
        if line is not None:
            self._note(self._state(LoginState.CLOSED.value, english("the daemon stops")))
            try:
                yield line.ask(b"PING")  # Redis has what was written before
            except RedisTrouble as problem:
                _log.warn("the bus: {detail}", detail=problem.reason)
        yield self._link.close()

    def samples(self) -> Iterator[Sample]:
        """Read the publisher's figures; called on a scrape."""
        yield _LINKED.sample(self._line is not None)
        yield _LINKS.sample(self._link.ups)
        yield _TICKS.sample(self._ticks)
        yield _FRAMES.sample(self._frames)
        yield _PASSED.sample(self._passed)
        yield _EDGES.sample(len(self.edges))

    def ticks(self, ticks: Sequence[bytes], received: int) -> None:
        """Add ticks: they leave at once, or together with others where some have just left."""
        waiting = self._batches.waiting
        if received:
            self._came(received)
        waiting += ticks
        if len(waiting) >= ENOUGH or self._timers.seconds() >= self._rests_until:
            if len(waiting) > self._bound:
                self._give_up()
            self._flush()
        elif self._pacing is None:
            self._pacing = self._timers.callLater(2 * PACE, self._paced)

    def missed(self, missed: Mapping[bytes, int]) -> None:
        """Tell edges of ticks that will never come."""
        self._untold.missed(missed)
        self._tell_untold()

    def pushed(self, event: CallbackEvent) -> None:
        """Tell edges of a request for quotes, or of an instrument that the front refuses."""
        note = notes.Pushed(callback=event.callback.name, body=event.body, info=event.info)
        if event.callback.has_request:
            self._untold.refused(note)
            self._tell_untold()
        else:
            self._note(note)  # a request for quotes that comes late is of no use

    def revoke(self, gone: Collection[str], come: Collection[str]) -> None:
        """Have edges take tokens no more, and those that start later; a mistake can be undone.

        :param gone: hashes of tokens that this node's file holds no more.
        :param come: of those that it holds newly: what was revoked of them is taken again.
        """
        self._revocations.wish(gone, come)
        if self._line is not None:
            self._revocations.tell(self._line)

    def status_changed(self) -> None:
        """Tell edges of the upstream's new state at once."""
        self._tell_state()

    def _came(self, received: int) -> None:
        """Note when ticks came that are about to be added, where that is not now."""
        waiting = self._batches.waiting
        if waiting and abs(received - self._first) > _LATE:
            self._flush()
        if not waiting:
            self._first = received
        self._last = received

    def _paced(self) -> None:
        """Publish what has waited: nothing came that would have taken it along."""
        self._pacing = None
        if self._batches.waiting:
            left = self._rests_until - self._timers.seconds()
            if left <= GRAIN:
                self._flush()
            else:
                self._pacing = self._timers.callLater(left, self._paced)

    def _flush(self) -> None:
        """Publish what waits, if Redis takes it."""
        line, waiting = self._line, len(self._batches.waiting)
        if line is None or line.is_full or not waiting:
            return
        parts: list[bytes] = []
        for partition, size, pieces in self._batches.take(self._last or self._origin.clock()):
            self._publish[partition].put(parts, size, pieces)
            self._frames += 1
        self._ticks += waiting
        self._last, self._bound = 0, _MOST_WAITING
        line.post_unanswered(parts)
        self._rests_until = self._timers.seconds() + PACE

    def _give_up(self) -> None:
        """Keep the newest of what waits; look again once as much has come."""
        before = len(self._batches.waiting)
        left = self._batches.conflate()
        self._passed += before - left
        self._bound = 2 * left + _MOST_WAITING

    @inlineCallbacks
    def _greet(self, line: RedisLine, listener: RedisLine) -> Any:
        """Write what newcomers read, and begin an epoch: readers read it again."""
        yield listener.subscribe([self._names.wanted])
        told = yield line.ask(b"GET", self._names.epoch)
        earlier = int(told) if told is not None and told.isdigit() else 0
        self._epoch = max(earlier + 1, self._epoch + 1, time.time_ns() // 1000)
        self._begun = self._begun or self._epoch
        yield line.ask(b"SET", self._names.epoch, b"%d" % self._epoch)
        for partition in range(self._partitions):
            yield self._write_newest(line, partition)
        known = list(self._hub.instruments)
        yield self._write_instruments(line, known)
        yield self._revocations.agree(line)
        yield self._untold.write(line, self._begun)
        # Nothing is awaited from here on: what changes later finds a line that stands.
        self._batches.begin(self._epoch)
        self._line = line
        self._added(list(islice(self._hub.instruments, len(known), None)))
        self._tell_untold()
        self._tell_positions()
        self._flush()
        yield self._leases.look(line, again=True)

    @inlineCallbacks
    def _write_newest(self, line: RedisLine, partition: int) -> Any:
        for some in fields_of(self._batches.newest(partition)):
            yield line.ask(b"HSET", self._kept[partition], *some)

    @inlineCallbacks
    def _write_instruments(self, line: RedisLine, known: list[bytes]) -> Any:
        for at in range(0, len(known), A_COMMAND):
            yield line.ask(b"SADD", self._names.instruments, *known[at : at + A_COMMAND])

    def _down(self, reason: Text) -> None:
        self._line = None
        self._revocations.forget()

    def _refused(self, reason: Text) -> None:
        """Begin anew with a Redis that takes no command: a replica, one whose memory is full."""
        self._link.drop(reason)

    def _edge_wants(self, channel: bytes, edge: bytes) -> None:
        """Read an edge's lease; it may be new here, and is told where everything stands."""
        line = self._line
        if line is not None:
            if self._asked is None:
                self._asked = self._timers.callLater(_ASKED, self._tell_asked)
            self._leases.read(line, edge).addErrback(_lost_meanwhile)

    def _tell_asked(self) -> None:
        self._asked = None
        self._tell_positions()

    def _added(self, known: list[bytes]) -> None:
        line = self._line
        if line is not None and known:
            self._write_instruments(line, known).addErrback(_lost_meanwhile)
            self._note(notes.Listed(names=known))

    def _beat(self) -> None:
        """Say that this publisher is there; look at the leases now and then."""
        self._beating = self._clock.callLater(BEAT, self._beat)
        line = self._line
        if line is None or line.is_full:
            return
        self._tell_positions()
        self._beats += 1
        if self._beats % _LOOK == 0:
            self._leases.look(line).addErrback(_lost_meanwhile)

    def _tell_positions(self) -> None:
        """Tell the state, and of each partition which tick is the next, behind what is kept."""
        line, batches = self._line, self._batches
        self._flush()
        if line is None or line.is_full:
            return
        self._tell_state()
        commands = []
        frames = batches.positions(self._last or self._origin.clock())
        for partition, frame in enumerate(frames):
            for some in fields_of(batches.keep(partition)):
                commands.append(command(b"HSET", self._kept[partition], *some))
            commands.append(command(b"PUBLISH", self._channels[partition], frame))
        line.post(commands)

    def _tell_state(self) -> None:
        """Tell the state, unless Redis is slow: the next beat tells it then."""
        line, status = self._line, self._hub.feeds.status
        if line is not None and not line.is_full:
            self._note(self._state(status.state.value, status.reason))

    def _state(self, state: str, reason: Text) -> notes.State:
        return notes.State(
            epoch=self._epoch,
            partitions=self._partitions,
            state=state,
            reason=notes.shortened(str(reason)),
            since=self._hub.feeds.status.since,
            login=self._hub.feeds.login_body,
            day=self._trading_day() or "",
            time=self._origin.clock(),
            speed=self._origin.speed,
            begun=self._begun,
        )

    def _note(self, note: notes.Note) -> None:
        """Tell edges at once, also where Redis is slow: such notes are few, and told once."""
        line = self._line
        if line is not None:
            line.post([command(b"PUBLISH", self._names.control, notes.encode(note))])

    def _tell_untold(self) -> None:
        if self._line is not None:
            self._untold.tell(self._line)


def _lost_meanwhile(failure: Any) -> None:
    """Pass over a question that its connection's end has left open; the next link asks again."""
    failure.trap(RedisTrouble)

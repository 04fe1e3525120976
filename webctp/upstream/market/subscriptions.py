"""Keep the table of who wants which instruments, and subscribe them at the fronts.

A front is asked for an instrument when the first client wants it, of what it refuses for each; it
is told that nobody does when the last has been gone for a while. All runs in the reactor's thread.
"""

from collections import deque
from collections.abc import Callable, Generator, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Final, Generic, Protocol, TypeVar

from twisted.internet.interfaces import IDelayedCall, IReactorTime

from webctp.config.market import SubscribePace
from webctp.ctp import errors
from webctp.ctp.refusal import Limited, Refusal
from webctp.language.text import english
from webctp.metrics import Sample
from webctp.upstream.market import figures
from webctp.upstream.market.frontsubscriber import FrontSubscriber, Send
from webctp.upstream.market.instruments import A_STEP, InstrumentDirectory, is_pattern, matcher
from webctp.upstream.turns import Turns, batched

_T = TypeVar("_T")

Steps = Generator[None, None, _T]
"""Long work in short steps, and its result."""

Stamp = tuple[bytes, int, bytes, bytes, int]
"""A tick's TradingDay, Volume, UpdateTime in two pieces, and UpdateMillisec."""

MOST_PATTERNS: Final = 100
"""Patterns that a client may have: each is matched against every instrument that is added."""


REMEDY: Final = english("unsubscribe some, or raise MaxInstruments in the gateway's configuration")
"""What to do about too many instruments."""


class TooMany(Refusal):
    """A client would have ``wanted`` instruments or ``patterns``, more than the ``limit``."""

    def __init__(self, wanted: int, limit: int, *, patterns: bool = False) -> None:
        detail = english(
            "it would have {wanted} instruments, and MaxInstruments is {limit}; {remedy}",
            wanted=wanted,
            limit=limit,
            remedy=REMEDY,
        )
        if patterns:
            detail = english(
                "it would have {wanted} patterns, and {limit} are the most; "
                "a wider one, such as *, takes the place of many",
                wanted=wanted,
                limit=limit,
            )
        super().__init__(errors.TOO_MANY, Limited.of(detail, limit=limit))


C = TypeVar("C")
"""A client. Upstream counts clients and hands them back, and knows nothing else of them."""


class Clients(dict[C, int]):
    """The clients of one subscription; ``version`` counts changes of them and of their streams.

    Beside each stands the version since which it has asked for what it gets.
    """

    version = 0


class TickConsumer(Protocol):
    """Takes an instrument's ticks to make something of them: bars."""

    def tick(self, name: bytes, body: bytes) -> None:
        """Take a tick, stale or not."""


class Streams(Protocol):
    """Sends the gateway's messages of one instrument; hangs on the instrument's subscription."""

    def tick(self, body: bytes) -> None:
        """Send a tick to the subscription's clients, of whom there is at least one."""

    def stale_tick(self, body: bytes) -> None:
        """Send a tick that the front tells again to those clients who ask for such."""

    def close(self) -> None:
        """Stop all timers: the last client has gone."""


@dataclass(slots=True)
class Subscription(Generic[C]):
    """Hold all there is of one instrument's ticks, or of its quote requests.

    A tick is looked up once, by its instrument, and finds all here: clients, streams, bars.
    """

    name: bytes
    clients: Clients[C] = field(default_factory=Clients)
    streams: Streams | None = None
    """Made by the gateway at the first tick, closed when the last client leaves."""
    bar_makers: tuple[TickConsumer, ...] = ()
    """What makes the bars of this instrument that somebody watches."""
    last: bytes | None = None
    """The newest tick."""
    stamp: Stamp | None = None
    """The newest tick's stamp, where a tick that follows it closely is news."""
    awaited: bool = True
    """Whether the front's answer to the subscription, an instrument's last tick, is still due."""
    rerun: tuple[datetime, datetime] | None = None
    """When the first of the old ticks in a row came, and of which moment it was."""
    followed: bool = False
    """Whether the front goes on from old ticks for good, so that they are news."""
    lapsed_at: float = 0.0
    is_refused: bool = False
    """Whether the front refuses it."""
    is_lapsing: bool = False
    """Whether the subscription is among those that are looked at when the grace is over."""

    def close_streams(self) -> None:
        """Send nothing any more; a tick for a new client makes the streams anew."""
        streams, self.streams = self.streams, None
        if streams is not None:
            streams.close()


@dataclass(frozen=True, slots=True)
class _Wanted:
    """The instruments and patterns that a client has asked for."""

    names: dict[bytes, None] = field(default_factory=dict)
    patterns: dict[bytes, None] = field(default_factory=dict)

    def __bool__(self) -> bool:
        return bool(self.names or self.patterns)

    def has(self, one: bytes) -> bool:
        return one in self.names or one in self.patterns


class Subscriptions(Generic[C]):
    """Keep the subscriptions of one kind, ticks or quote requests.

    :param instruments: the instruments that patterns are held against.
    :param sends: see :data:`Send`; one for each feed, whose place here is its number.
    :param limit: how many instruments a client may have; 0 for any number.
    :param on_full: called with a client, once, when its patterns find more than that.
    :param on_dropped: called with an instrument that nobody wants any more.
    :param turns: carries out long work in slices.
    """

    def __init__(
        self,
        clock: IReactorTime,
        pace: SubscribePace,
        instruments: InstrumentDirectory,
        sends: Sequence[Send],
        *,
        limit: int = 0,
        on_full: Callable[[C], object] = lambda client: None,
        on_dropped: Callable[[bytes], object] = lambda name: None,
        turns: Turns | None = None,
    ) -> None:
        self._turns = Turns(clock) if turns is None else turns
        self._clock = clock
        self._limit = limit
        self._on_full = on_full
        self._on_dropped = on_dropped
        self._counts: dict[C, int] = {}
        self._reported_full: set[C] = set()
        self._grace = pace.unsubscribe_grace
        self._instruments = instruments
        self._front_subscribers = [FrontSubscriber(clock, pace, send) for send in sends]
        self._subscriptions: dict[bytes, Subscription[C]] = {}
        self.by_name: Mapping[bytes, Subscription[C]] = self._subscriptions
        """The subscriptions that the feeds are asked for. No property: each tick looks here."""
        self._wanted: dict[C, _Wanted] = {}
        self._patterns: dict[bytes, dict[C, None]] = {}
        self._lapsing: deque[tuple[float, bytes]] = deque()
        self._lapse_timer: IDelayedCall | None = None
        self._closed = False
        instruments.on_added(self._instruments_added)

    def limit(self, most: int) -> None:
        """Take another limit; who is subscribed to more keeps that."""
        self._limit = most
        self._reported_full.clear()

    def subscribe(
        self, client: C, asked: Iterable[bytes], *, resubscribe: bool = False
    ) -> list[bytes]:
        """Subscribe as :meth:`subscribing` does, at once."""
        return _at_once(self.subscribing(client, asked, resubscribe=resubscribe))

    def subscribing(
        self,
        client: C,
        asked: Iterable[bytes],
        *,
        resubscribe: bool = False,
        accepted: Iterable[None] = (),
    ) -> Steps[list[bytes]]:
        """Count ``client`` in; gives the last tick of each instrument newly subscribed.

        Until this is over, the client must ask for nothing else. If it leaves, the steps are
        closed, and :meth:`leave` undoes what they have done.

        :param asked: instruments and patterns; a pattern holds for what is learnt later, too.
        :param resubscribe: whether those it is subscribed to already count as new.
        :param accepted: further steps, once it is sure that it can be and before it is.
        :raises TooMany: if it would have more than the limit, or than :data:`MOST_PATTERNS`
            patterns; then nothing is changed.
        """
        asked = list(asked)
        patterns: set[bytes] = set()
        for some in batched(asked, A_STEP):
            patterns.update(filter(is_pattern, some))
            yield
        self._check_patterns(client, patterns)
        wanted = self._wanted.setdefault(client, _Wanted())
        new: list[bytes] = []
        # From here on what is learnt meanwhile is taken in as well.
        for some in batched(asked, A_STEP):
            for one in some:
                if wanted.has(one):
                    continue
                new.append(one)
                if one in patterns:
                    wanted.patterns[one] = None
                    self._patterns.setdefault(one, {})[client] = None
                else:
                    wanted.names[one] = None
            yield
        names = yield from self._finding(asked)
        if self._limit:
            total = self._counts.get(client, 0)
            for some in batched(names, A_STEP):
                total += sum(not self._has(client, one) for one in some)
                yield
            if total > self._limit:
                yield from self.unsubscribing(client, new)
                raise TooMany(total, self._limit)
        yield from accepted
        last: list[bytes] = []
        for some in batched(names, A_STEP):
            last += self._add(client, some, resubscribe=resubscribe)
            yield
        return last

    def unsubscribe(self, client: C, asked: Iterable[bytes]) -> None:
        """Unsubscribe as :meth:`unsubscribing` does, at once."""
        _at_once(self.unsubscribing(client, asked))

    def unsubscribing(self, client: C, asked: Iterable[bytes]) -> Steps[None]:
        """Count ``client`` out of what it asked for by the same names and patterns."""
        wanted = self._wanted.get(client, _Wanted())
        given_up: list[bytes] = []
        for some in batched(list(dict.fromkeys(asked)), A_STEP):
            for one in some:
                if one in wanted.patterns:
                    del wanted.patterns[one]
                    self._forget_pattern(one, client)
                elif one in wanted.names:
                    del wanted.names[one]
                else:
                    continue
                given_up.append(one)
            yield
        names = yield from self._finding(given_up)
        others = [matcher(one) for one in wanted.patterns]
        for some in batched(names, A_STEP // (1 + len(others)) + 1):
            lapsed = []
            for name in some:
                subscription = self._subscriptions.get(name)
                if subscription is None or client not in subscription.clients:
                    continue
                # A pattern stands for the instruments known: no other could be given up with it.
                known = name in self._instruments
                if name in wanted.names or (known and any(found(name) for found in others)):
                    subscription.clients.version += 1  # it stays, but perhaps in another form
                else:
                    lapsed.append(name)
            self._remove(client, lapsed)
            yield
        self._reported_full.discard(client)
        if not wanted and self._wanted.get(client) is wanted:
            del self._wanted[client]

    def leave(self, client: C, on_end: Callable[[], object] = lambda: None) -> None:
        """Count a client that is gone out of everything: at once, or in turns where it is much."""
        self._turns.run(self.leaving(client), on_end)

    def leaving(self, client: C) -> Steps[None]:
        """Count ``client`` out of everything; until that is over it must ask for nothing."""
        wanted = self._wanted.get(client)
        if wanted is None:
            return
        self._reported_full.discard(client)
        for pattern in wanted.patterns:
            self._forget_pattern(pattern, client)
        # All subscriptions are looked through only for who may have more than the names it gave.
        for names in (wanted.names, self._subscriptions):
            if self._counts.get(client):
                for some in batched(list(names), A_STEP):
                    self._remove(client, some)
                    yield
        self._wanted.pop(client, None)

    def ready(self, feed: int) -> None:
        """Ask a front that has become ready for all that is wanted, and for nothing else."""
        for subscription in self._subscriptions.values():
            subscription.stamp, subscription.awaited, subscription.is_refused = None, True, False
            subscription.rerun, subscription.followed = None, False
        self._drop([name for name, one in self._subscriptions.items() if not one.clients])
        self._front_subscribers[feed].start(self._subscriptions)

    def lost(self, feed: int) -> None:
        """Forget what a front was asked for: its connection is gone."""
        self._front_subscribers[feed].lost()

    def samples(self, kind: str) -> Iterator[Sample]:
        """Read the figures of subscriptions of a ``kind``; called on a scrape."""
        yield figures.SUBSCRIPTIONS.sample(len(self._subscriptions), kind)
        yield figures.WATCHERS.sample(len(self._wanted), kind)
        yield figures.PATTERNS.sample(len(self._patterns), kind)

    def close(self) -> None:
        """Stop all timers, whoever leaves later."""
        self._closed = True
        self._turns.close()
        for subscription in self._subscriptions.values():
            subscription.close_streams()
        for one in self._front_subscribers:
            one.stop()
        if self._lapse_timer is not None:
            self._lapse_timer.cancel()
            self._lapse_timer = None

    def _check_patterns(self, client: C, asked: set[bytes]) -> None:
        if asked:
            own = asked.union(self._wanted.get(client, _Wanted()).patterns)
            if len(own) > MOST_PATTERNS:
                raise TooMany(len(own), MOST_PATTERNS, patterns=True)

    def _finding(self, asked: Iterable[bytes]) -> Steps[list[bytes]]:
        """Find the instruments that names and patterns stand for now, each once."""
        names: dict[bytes, None] = {}
        for some in batched(list(asked), A_STEP):
            for one in some:
                if is_pattern(one):
                    found = yield from self._instruments.finding(one)
                    names.update(dict.fromkeys(found))
                else:
                    names[one] = None
            yield
        return list(names)

    def _has(self, client: C, name: bytes) -> bool:
        subscription = self._subscriptions.get(name)
        return subscription is not None and client in subscription.clients

    def _add(self, client: C, names: Iterable[bytes], *, resubscribe: bool = False) -> list[bytes]:
        new, last = [], []
        count = self._counts.get(client, 0)
        for name in names:
            subscription = self._subscriptions.get(name)
            if subscription is None:
                subscription = self._subscriptions[name] = Subscription(name)
                new.append(name)
            elif subscription.is_refused:
                subscription.is_refused = False
                new.append(name)
            elif (
                resubscribe or client not in subscription.clients
            ) and subscription.last is not None:
                last.append(subscription.last)
            count += client not in subscription.clients
            clients = subscription.clients
            clients.version = clients[client] = clients.version + 1
        self._counts[client] = count
        self._ask(new, True)
        return last

    def _remove(self, client: C, names: Iterable[bytes]) -> None:
        lapsed = []
        for name in names:
            subscription = self._subscriptions.get(name)
            if subscription is not None and client in subscription.clients:
                del subscription.clients[client]
                subscription.clients.version += 1
                self._counts[client] -= 1
                if not subscription.clients:
                    subscription.close_streams()
                    subscription.lapsed_at = self._clock.seconds()
                    if not subscription.is_lapsing:
                        lapsed.append(name)
        if not self._counts.get(client):
            self._counts.pop(client, None)
        if not self._grace or self._closed:
            self._drop(lapsed)
            return
        due = self._clock.seconds() + self._grace
        for name in lapsed:
            self._subscriptions[name].is_lapsing = True
            self._lapsing.append((due, name))
        if self._lapsing and self._lapse_timer is None:
            self._lapse_timer = self._clock.callLater(self._grace, self._overdue)

    def _overdue(self) -> None:
        """Unsubscribe, in turns, what nobody has come back to within the grace."""
        self._lapse_timer = None
        self._turns.run(self._dropping(self._clock.seconds()))

    def _dropping(self, now: float) -> Iterator[None]:
        """Unsubscribe, in steps, what nobody has come back to by ``now``."""
        while self._lapsing and self._lapsing[0][0] <= now:
            self._drop_some(now)
            yield
        if self._lapsing and self._lapse_timer is None:
            seconds = max(0.0, self._lapsing[0][0] - self._clock.seconds())
            self._lapse_timer = self._clock.callLater(seconds, self._overdue)

    def _drop_some(self, now: float) -> None:
        names: list[bytes] = []
        again: list[tuple[float, bytes]] = []
        for _ in range(A_STEP):
            if not self._lapsing or self._lapsing[0][0] > now:
                break
            _, name = self._lapsing.popleft()
            subscription = self._subscriptions.get(name)
            if subscription is None:
                continue
            subscription.is_lapsing = False
            if subscription.clients:
                continue
            if subscription.lapsed_at + self._grace <= now:
                names.append(name)
            else:  # somebody was back in between
                subscription.is_lapsing = True
                again.append((subscription.lapsed_at + self._grace, name))
        self._lapsing.extend(again)
        self._drop(names)

    def _drop(self, names: list[bytes]) -> None:
        for name in names:
            del self._subscriptions[name]
            self._on_dropped(name)
        self._ask(names, False)

    def _ask(self, names: list[bytes], wanted: bool) -> None:
        for one in self._front_subscribers:
            one.add(names, wanted)

    def _instruments_added(self, names: list[bytes]) -> None:
        if self._patterns:
            self._turns.run(self._matching_added(names))

    def _matching_added(self, names: list[bytes]) -> Iterator[None]:
        # A pattern that is new meanwhile finds them by itself.
        for pattern in list(self._patterns):
            found = matcher(pattern)
            for some in batched(names, A_STEP):
                matching = [name for name in some if found(name)]
                for client in list(self._patterns.get(pattern, ())) if matching else ():
                    if pattern in self._wanted[client].patterns:
                        self._add_up_to_limit(client, matching)
                    yield
                yield

    def _add_up_to_limit(self, client: C, names: list[bytes]) -> None:
        """Subscribe a client to what its pattern finds later, up to the limit."""
        if self._limit:
            names = [name for name in names if not self._has(client, name)]
            room = self._limit - self._counts.get(client, 0)
            if len(names) > room:
                names = names[:room]
                if client not in self._reported_full:
                    self._reported_full.add(client)
                    self._on_full(client)
        self._add(client, names)

    def _forget_pattern(self, pattern: bytes, client: C) -> None:
        clients = self._patterns.get(pattern, {})
        clients.pop(client, None)
        if not clients:
            self._patterns.pop(pattern, None)


def _at_once(steps: Steps[_T]) -> _T:
    """Take all steps; return what they return."""
    while True:
        try:
            next(steps)
        except StopIteration as end:
            return end.value  # type: ignore[no-any-return]

"""``replay://FILE``: a recording as a front, with users' orders matched against it.

The recorded ticks go to who has subscribed to them, byte for byte, on a callback thread of the
API's own; beside them stands the simulated broker with its accounts, whose exchange is driven by
the record (`exchange`). A trading and a market-data API of one front share it.
"""

import threading
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from functools import cache
from pathlib import Path
from time import monotonic, time_ns
from typing import Any, Final
from urllib.parse import parse_qsl, unquote

from twisted.logger import Logger

from webctp.ctp import binding
from webctp.exchanges import calendar
from webctp.exchanges.tickdays import named_day
from webctp.language.text import english
from webctp.recording.errors import TickFileError
from webctp.sim.events import Event, TickEvent
from webctp.sim.exchange.exchange import Exchange
from webctp.sim.exchange.requests import Answering
from webctp.sim.handlers import HANDLERS
from webctp.sim.host.api import ApiHost, SimApi, market_class, trader_class
from webctp.sim.host.packing import TICK_CALLBACK, Delivery
from webctp.sim.host.thread import SimThread
from webctp.sim.host.venue import FlowMessages, VenueHost, nanoseconds_of
from webctp.sim.options import OptionError, SimOptions
from webctp.sim.replay.exchange import Replay
from webctp.sim.replay.file import Recording

_SCHEME: Final = "replay://"
_FORM: Final = "replay://FILE?speed=1"
_MOST_WAITING: Final = 4096
"""Callbacks that may wait for an API's thread before the replay waits for it."""
_LONGEST: Final = 3e9
"""Seconds that a replay may last: a century, with which dates can still be reckoned."""
_POLL: Final = 0.001
"""Seconds until it is looked again whether there is room."""


@dataclass(frozen=True, slots=True)
class ReplayOptions:
    """What a ``replay://`` address says.

    ``speed``: recorded seconds in a second, 0 for as fast as ticks are taken. ``delay``: seconds
    from the first subscription (or order) to the first tick, so that further subscriptions are
    in place. ``day``: the trading day of ticks that tell no date. ``sim``: the simulated broker's
    options.
    """

    path: Path
    speed: float = 1.0
    delay: float = 1.0
    day: date | None = None
    sim: SimOptions = field(default_factory=SimOptions)

    @classmethod
    def from_address(
        cls, address: str, base: Mapping[str, object] | None = None
    ) -> "ReplayOptions":
        """Options from an address, those of the broker from the configuration (``base``).

        :raises OptionError: for an address not of this form.
        """
        path, _, query = address.removeprefix(_SCHEME).partition("?")
        if not address.startswith(_SCHEME) or not path or "\0" in unquote(path):
            raise OptionError(
                english("{address!r} names no recording; write {form}", address=address, form=_FORM)
            )
        given = {key.lower(): value for key, value in parse_qsl(query, keep_blank_values=True)}
        unknown = given.keys() - {"speed", "delay", "day"}
        if unknown:
            raise OptionError(
                english(
                    "{address!r}: option {name}: found an unknown key, wanted speed, delay or "
                    "day（未知的键）",
                    address=address,
                    name=sorted(unknown)[0],
                )
            )
        speed = _number(address, "speed", given.get("speed", "1").lower().replace("max", "0"))
        delay = _number(address, "delay", given.get("delay", "1"))
        day = _day(address, given["day"]) if "day" in given else None
        return cls(Path(unquote(path)), speed, delay, day, SimOptions.from_mapping(base or {}))


def _day(address: str, text: str) -> date:
    try:
        return named_day(text)
    except ValueError:
        raise OptionError(
            english(
                "{address!r}: day: found {text!r}, wanted a trading day such as 20261123"
                "（应为交易日）",
                address=address,
                text=text,
            )
        ) from None


def _number(address: str, name: str, text: str) -> float:
    try:
        number = float(text)
        if not 0 <= number <= 1e6:
            raise ValueError(text)
    except ValueError:
        en = "a number from 0 to 1000000" + (" or max" if name == "speed" else "")
        zh = " 0 至 1000000 的数" + ("或 max" if name == "speed" else "")
        raise OptionError(
            english(
                "{address!r}: {name}: found {text!r}, wanted {en}（应为{zh}）",
                address=address,
                name=name,
                text=text,
                en=en,
                zh=zh,
            )
        ) from None
    return number


class ReplayVenue:
    """A recording as what a thread runs: a :class:`webctp.sim.host.venue.Venue`.

    :raises TickFileError: if there is no recording at the path.
    """

    log = Logger()

    def __init__(self, options: ReplayOptions) -> None:
        # A paced replay is a market whose time goes at its speed.
        self.options = replace(options.sim, speed=options.speed or 1.0)
        self._replay = options
        self._recording = Recording(options.path, self._report, options.day)
        self._played: Replay | None = None
        self._host: VenueHost | None = None
        self._began: float | None = None
        self._wanted = False
        self._begins_at = datetime.min
        self.hand_over = threading.local()
        """``received``: the recorded time of the tick that a callback thread hands over."""
        self.newest = 0
        """The recorded time of the newest tick handed over."""

    @property
    def speed(self) -> float:
        """Return the recorded seconds that pass in one of ours; 0 for as fast as ticks go."""
        return self._replay.speed

    def open(
        self, answering: Mapping[str, Answering], host: VenueHost
    ) -> tuple[Exchange, FlowMessages]:
        """Make the exchange that the recording drives."""
        self._host = host
        self._recording.scan()
        self._played = Replay(
            self.options,
            self._recording,
            calendar.default(),
            HANDLERS,
            answering,
            self,
            hurried=not self._replay.speed,
        )
        self._begins_at = self._played.exchange.now
        return self._played.exchange, {}

    def begin(self) -> None:
        """Do nothing: the first subscription or order lets the replay begin."""

    def now(self) -> datetime:
        """Return the playing time."""
        if self._began is None:
            return self._begins_at
        gone = (monotonic() - self._began) * self.options.speed
        return self._begins_at + timedelta(seconds=min(gone, _LONGEST))

    def clock(self) -> int:
        """Return the recording's time in nanoseconds since 1970: in a tick's callback its own."""
        received: int = getattr(self.hand_over, "received", 0)
        if received:
            return received
        played = self._played
        if played is None or self._begins_at == datetime.min:
            return time_ns()
        if self._replay.speed:
            return nanoseconds_of(self.now() + played.skipped)
        return self.newest or nanoseconds_of(self._begins_at)

    def seconds_to(self, moment: datetime) -> float:
        """Return how many of our seconds a moment is away; a while where there is no room."""
        away = (moment - self.now()).total_seconds() / self.options.speed
        return max(away, 0.0 if self.has_room() else _POLL)

    def subscribe(
        self, exchange: Exchange, session: int, name: str, wanted: Sequence[str], callback: str
    ) -> Iterator[None]:
        """Answer one of the four subscription calls at once."""
        if self._played is not None:
            self._played.subscribe(session, name, wanted, callback)
        return iter(())

    def pack(self, tick: TickEvent) -> Delivery:
        """Return a tick's callback with the recorded bytes, and when they were received."""
        raw, received = tick.values
        if not isinstance(raw, bytes) or not isinstance(received, int):
            raise TypeError(f"{tick!r} has not been recorded")
        return Delivery(TICK_CALLBACK, raw, number=received)

    def save(self, exchange: Exchange, events: Sequence[Event], flows: FlowMessages) -> None:
        """Keep nothing: a replay begins anew each time."""

    # What the replay uses

    def wanted(self) -> None:
        """Let the replay begin after the delay, the first time that this is called."""
        if not self._wanted and self._host is not None:
            self._wanted = True
            self._host.later(self._replay.delay, self._play)

    def has_room(self) -> bool:
        """Return whether those who get ticks keep up with them."""
        return self._host is None or all(
            sink.waiting < _MOST_WAITING
            for sink in self._host.sinks()
            if isinstance(sink, _ReplayApi)
        )

    def ended(self) -> None:
        """Log that the last tick has been played."""
        self.log.info("{path} has been played", path=str(self._replay.path))

    def _play(self) -> None:
        self._began = monotonic()
        if self._played is not None:
            self._played.play()

    def _report(self, line: str) -> None:
        self.log.warn("{line}", line=line)


class _ReplayApi(SimApi):
    """An API that counts the callbacks that wait, and passes each tick's recorded time on."""

    def __init__(self, host: ApiHost, flow_path: str, venue: ReplayVenue) -> None:
        super().__init__(host, flow_path)
        self._venue = venue
        self._hand_over = venue.hand_over
        # Each counted on one thread only.
        self._taken = 0
        self._made = 0

    @property
    def waiting(self) -> int:
        """Callbacks that wait for the callback thread."""
        return self._taken - self._made

    def put(self, deliveries: list[Delivery]) -> None:
        """Take callbacks, and count them."""
        self._taken += len(deliveries)
        super().put(deliveries)

    def _call(self, delivery: Delivery) -> None:
        received = delivery.number if delivery.callback == TICK_CALLBACK else 0
        self._hand_over.received = received
        if received > self._venue.newest:
            self._venue.newest = received
        super()._call(delivery)
        self._made += 1


@cache
def _trader_class() -> type[_ReplayApi]:
    return type("ReplayTraderApi", (_ReplayApi, trader_class()), {})


@cache
def _market_class() -> type[_ReplayApi]:
    return type("ReplayMdApi", (_ReplayApi, market_class()), {})


class ReplayFront:
    """What stands behind ``replay://``: a :class:`webctp.ctp.front.Front` on a recording.

    :raises TickFileError: if there is no recording at the path.
    """

    def __init__(self, options: ReplayOptions) -> None:
        self.binding = binding.load()
        self._venue = ReplayVenue(options)
        self._host = SimThread(self._venue)

    def create_trader(self, flow_path: str, production_mode: bool) -> Any:
        """Make a trading API; ``production_mode`` makes no difference here."""
        return _trader_class()(self._host, flow_path, self._venue)

    def create_market(self, flow_path: str, production_mode: bool) -> Any:
        """Make a market-data API."""
        return _market_class()(self._host, flow_path, self._venue)

    @property
    def speed(self) -> float:
        """Return the recorded seconds that pass in one of ours; 0 for as fast as ticks go."""
        return self._host.speed

    def instruments(self) -> Sequence[str]:
        """Return the instruments of the recording that are known."""
        return self._host.instruments()

    def clock(self) -> int:
        """Return the recording's time in nanoseconds since 1970, as a recorder is to note it.

        On the thread of a tick's callback that is the recorded time of the tick, so that the
        recording of a replay is the recording replayed.
        """
        return self._host.clock()


__all__ = ["OptionError", "ReplayFront", "ReplayOptions", "TickFileError"]

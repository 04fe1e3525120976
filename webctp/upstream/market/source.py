"""Say what the hub asks of whatever brings market data, and what it is told.

A :class:`TickSource` is one feed of ticks: a connection to a CTP front
(:mod:`webctp.upstream.market.ctpfeed`), or the ticks that another process has received. The hub
makes none itself; it is given a :data:`MakeSources`, which the scheme of the configured addresses
chooses (:mod:`webctp.fronts`). Ticks travel as CTP's structs throughout, in batches.

Everything runs in the reactor's thread.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final, Literal, Protocol

from twisted.internet.defer import Deferred

from webctp.ctp.binding import Binding
from webctp.ctp.bridge import CallbackEvent
from webctp.ctp.catalog import Method
from webctp.ctp.front import FrontTime
from webctp.language.text import NOTHING, Text, joined
from webctp.metrics import Sample
from webctp.upstream.session.login import LoginState
from webctp.upstream.session.reply import OnReply
from webctp.upstream.session.status import LoginAnswer

Kind = Literal["tick", "quote"]
"""What is subscribed of an instrument: its ticks, or exchanges' requests for quotes."""
_AWAY: Final = (LoginState.CONNECTING, LoginState.LOST, LoginState.CLOSED)


@dataclass(frozen=True, slots=True)
class FeedStatus:
    """Where a feed stands, as one value.

    ``front`` is its address, ``reason`` says why it is in its ``state``, and ``since`` when, in
    seconds since 1970. ``login`` is the last RspUserLogin that was accepted; ``refusal`` what a
    login was last refused with, and ``remedy`` what to do about that. ``is_stalled`` says that
    other feeds bring ticks which this one does not; the hub finds that out.
    """

    front: str
    state: LoginState
    reason: Text
    since: float
    login: LoginAnswer | None = None
    refusal: LoginAnswer | None = None
    remedy: Text = NOTHING
    is_stalled: bool = False

    @property
    def explanation(self) -> Text:
        """The reason, with the remedy unless it says so already."""
        if self.remedy in self.reason:
            return self.reason
        return joined("; ", filter(None, (self.reason, self.remedy)))

    @property
    def is_connected(self) -> bool:
        """Return whether the front is there, logged in or not."""
        return self.state not in _AWAY


class TickSource(Protocol):
    """One feed of market data, as the hub uses it.

    A source keeps itself connected. It starts with no subscriptions, and forgets those it has
    whenever it leaves the state ``ready``: the hub subscribes anew when it is ready again.
    """

    @property
    def number(self) -> int:
        """Its place among its hub's sources, from 0."""

    @property
    def state(self) -> LoginState:
        """Where the feed stands; cheaper than :attr:`status`."""

    @property
    def status(self) -> FeedStatus:
        """Where the feed stands, and why."""

    @property
    def dropped(self) -> int:
        """How many ticks are known never to have reached the hub, since the start."""

    def start(self) -> None:
        """Connect, and keep connected."""

    def close(self) -> Deferred[None]:
        """Move to ``closed`` at once and release everything; fires when that is done."""

    def subscribe(self, kind: Kind, instruments: list[bytes]) -> int:
        """Ask for instruments; return 0, or what tells the hub to ask again a second later."""

    def unsubscribe(self, kind: Kind, instruments: list[bytes]) -> int:
        """Give instruments up; return as :meth:`subscribe` does."""

    def request(self, method: Method, body: bytes, on_reply: OnReply) -> int:
        """Send another request of market data; return the API's value (0 for sent).

        ``on_reply`` is called with each reply, and never if the value is not 0.
        """

    def text(self, method: Method) -> str | None:
        """Return what a method without arguments returns, such as ``GetTradingDay``."""

    def samples(self) -> Iterable[Sample]:
        """Read the figures that only this kind of source has; called on a scrape."""


class FeedListener(Protocol):
    """What a source calls: the hub."""

    def on_ticks(self, feed: TickSource, ticks: Sequence[bytes], received: int = 0) -> None:
        """Take ticks, in the front's order: bytes of ``CThostFtdcDepthMarketDataField``.

        :param received: when they were received, in nanoseconds since 1970 by the front's clock;
            0 where now is good enough.
        """

    def on_gap(self, feed: TickSource, missed: Mapping[bytes, int]) -> None:
        """Note ticks that will never come: how many of each instrument. Newer ones have come."""

    def on_instruments(self, feed: TickSource, names: Sequence[bytes]) -> None:
        """Take instruments that the front lists; patterns are held against them."""

    def on_quote_request(self, feed: TickSource, event: CallbackEvent) -> None:
        """Take an exchange's request for quotes (``OnRtnForQuoteRsp``)."""

    def on_connection(self, feed: TickSource, event: CallbackEvent) -> None:
        """Take news of the connection, and pushes of no instrument's."""

    def on_refused(self, feed: TickSource, event: CallbackEvent) -> None:
        """Take an error that answers no client's request."""

    def on_status(self, feed: TickSource) -> None:
        """Note that the feed has moved to another state."""


MakeSources = Callable[[FeedListener], Sequence[TickSource]]
"""Makes a hub's sources, numbered from 0; the hub is who listens to them."""


class TickOrigin(FrontTime, Protocol):
    """Where ticks come from: the binding whose structs they are, and the time there."""

    @property
    def binding(self) -> Binding:
        """The binding whose structs the sources bring."""

"""How many connections there may be, in all and from one address."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from twisted.internet.interfaces import IDelayedCall, IReactorTime
from twisted.logger import Logger

from webctp.config.serving import ConnectionLimits
from webctp.gateway.access.address import is_local
from webctp.language.text import NOTHING, Text, english
from webctp.metrics import Kind, Metric, Sample

_log = Logger()

_QUIET: Final = 60.0
"""Seconds without a refusal after which the log says that it is over."""


_MOST_RUNS: Final = 32
"""Addresses that have lines of their own in the log at a time."""


_OPEN: Final = Metric(
    "webctp_connections",
    Kind.GAUGE,
    "Connections that are open, HTTP and WebSocket.",
    "打开的连接数，含 HTTP 与 WebSocket。",
)
_LIMIT: Final = Metric(
    "webctp_connections_limit",
    Kind.GAUGE,
    "Connections that may be open (MaxConnections); 0 for any number.",
    "连接数上限（MaxConnections）；0 表示不限。",
)
_ADDRESSES: Final = Metric(
    "webctp_connection_addresses",
    Kind.GAUGE,
    "Addresses that open connections come from.",
    "打开的连接来自多少个地址。",
)
_REFUSED: Final = Metric(
    "webctp_connections_refused_total",
    Kind.COUNTER,
    "Connections refused because too many were open, in all or from one address.",
    "因连接总数或单一地址的连接数超限而拒绝的连接数。",
)


@dataclass(slots=True)
class _Run:
    """Refusals for one reason in a row: how many, how many at the last look, the next look."""

    look: IDelayedCall
    count: int = 0
    seen: int = 0


class Admission:
    """Counts a port's connections and refuses those beyond the limits.

    A run of refusals is two lines in the log: one at its beginning, one at its end.
    """

    def __init__(self, clock: IReactorTime, limits: ConnectionLimits) -> None:
        self._clock = clock
        self._limits = limits
        self._open: Counter[str] = Counter()
        self._total = 0
        self._refused = 0
        self.refusal = NOTHING
        """Which limit the connection was beyond that was refused last."""
        self._runs: dict[str, _Run] = {}
        """The runs of refusals there are now, by what they are refused for."""

    def take_settings(self, limits: ConnectionLimits) -> None:
        """Take other limits; connections that are open stay."""
        self._limits = limits

    def enter(self, address: str) -> bool:
        """Count a new connection; False when it is one too many and must go."""
        reason = self._reason(address)
        if reason:
            self.refusal = reason
            self._refuse(reason)
            return False
        self._total += 1
        self._open[address] += 1
        return True

    def leave(self, address: str) -> None:
        """Count a connection that was let in as closed."""
        self._total -= 1
        self._open[address] -= 1
        if not self._open[address]:
            del self._open[address]

    def status(self) -> dict[str, int]:
        """Return for ``/readyz``: connections open, their addresses, refused since the start."""
        return {"open": self._total, "addresses": len(self._open), "refused": self._refused}

    def samples(self) -> Iterator[Sample]:
        """Read how many connections are open and were refused; called on a scrape."""
        yield _OPEN.sample(self._total)
        yield _LIMIT.sample(self._limits.max_connections)
        yield _ADDRESSES.sample(len(self._open))
        yield _REFUSED.sample(self._refused)

    def close(self) -> None:
        """Stop the timers."""
        for run in self._runs.values():
            run.look.cancel()
        self._runs.clear()

    def _reason(self, address: str) -> Text:
        limits = self._limits
        if limits.max_connections and self._total >= limits.max_connections:
            return english("MaxConnections {most} are open", most=limits.max_connections)
        most = limits.max_connections_per_address
        if most and self._open[address] >= most and not is_local(address):
            reason = english(
                "{address} has MaxConnectionsPerAddress {most} open", address=address, most=most
            )
            if reason in self._runs or len(self._runs) < _MOST_RUNS:
                return reason
            return english("several addresses have MaxConnectionsPerAddress {most} open", most=most)
        return NOTHING

    def _refuse(self, reason: Text) -> None:
        self._refused += 1
        run = self._runs.get(reason)
        if run is None:
            _log.warn("refusing connections: {reason}", reason=reason)
            look = self._clock.callLater(_QUIET, self._look, reason)
            run = self._runs[reason] = _Run(look)
        run.count += 1

    def _look(self, reason: Text) -> None:
        """End a run of refusals in which there was none since the last look."""
        run = self._runs[reason]
        if run.count > run.seen:
            run.seen = run.count
            run.look = self._clock.callLater(_QUIET, self._look, reason)
            return
        del self._runs[reason]
        _log.info(
            "no longer refusing connections: {reason}; {count} were refused",
            reason=reason,
            count=run.count,
        )

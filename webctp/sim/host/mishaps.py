"""What goes wrong at a running front, by itself as planned or at a control request."""

from collections.abc import Callable
from datetime import datetime

from webctp.sim.events import Hangup
from webctp.sim.exchange.exchange import Exchange
from webctp.sim.host.deskcontrol import Deed
from webctp.sim.host.faults import Faults
from webctp.sim.host.links import Links
from webctp.sim.host.packing import Delivery
from webctp.sim.host.sink import Connection
from webctp.sim.host.timers import Timers
from webctp.sim.options import FaultOptions


class Mishaps:
    """The faults of one exchange: a :class:`webctp.sim.host.control.Controlled`.

    :param pack_tick: packs the values of a tick for its callback.
    :param now: gives the time that the exchange is to advance to.
    """

    def __init__(
        self,
        exchange: Exchange,
        links: Links,
        faults: Faults,
        timers: Timers,
        pack_tick: Callable[[tuple[object, ...]], Delivery],
        now: Callable[[], datetime],
    ) -> None:
        self._exchange = exchange
        self._links = links
        self._faults = faults
        self._timers = timers
        self._pack_tick = pack_tick
        self._now = now
        # Counts the plans of faults: what an earlier plan had in store does not happen.
        self._plans = 0
        self._silences = 0

    # By themselves

    def plan(self) -> None:
        """Plan the faults that come by themselves, in place of all planned before."""
        self._plans += 1
        options = self._faults.options
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

        seconds = self._faults.seconds_to_next(mean)
        if seconds is not None:
            self._timers.later(seconds, happen)

    def _lose_one(self) -> None:
        """Break one connection."""
        session = self._faults.choose(self._links.sessions())
        if session is not None:
            self._exchange.tell(Hangup(session, self._faults.reason()))

    def cut(self, connection: Connection) -> None:
        """Break a connection before anything that is due to it comes through."""
        session = connection.session
        if session is not None:
            connection.cut = True
            self._exchange.tell(Hangup(session, self._faults.reason()))

    # At control requests

    def hang_up(self, reason: int) -> None:
        """Break every connection."""
        self._exchange.tell(Hangup(None, reason))

    def set_faults(self, options: FaultOptions) -> None:
        """Let other faults happen from now on."""
        self._faults.options = options
        for sink in self._links.sinks():
            sink.faulty(options)
        self.plan()

    def be_silent(self, seconds: float) -> None:
        """Answer nothing and send nothing for some seconds; 0 ends a silence."""
        self._silences += 1
        silence, self._links.silent = self._silences, True

        def end() -> None:
            # Unless another silence has begun meanwhile, which then has its own end.
            self._links.silent = self._links.silent and silence != self._silences

        self._timers.later(seconds, end)

    def begin_flows_anew(self, *, new_trade_ids: bool) -> None:
        """Break every connection and begin the day's flows anew, the TradeIDs to come as well."""
        self._exchange.begin_flows_anew(new_trade_ids=new_trade_ids)

    def burst(self, count: int) -> None:
        """Send each session ``count`` ticks at once: the present ones of what it has subscribed."""
        for connection in self._links.standing():
            if connection.session is not None:
                session = self._exchange.sessions[connection.session]
                ticks = self._exchange.market_data.present(session)
                packed = [self._pack_tick(tick) for tick in ticks]
                whole, part = divmod(count, max(1, len(packed)))
                connection.due.extend(packed * whole + packed[:part])

    def do(self, deed: Deed) -> None:
        """Let the broker or an exchange do something now."""
        self._exchange.arrive(self._now())
        deed(self._exchange)

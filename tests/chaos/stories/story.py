"""One story: its beginning, its troubles, its calm, and what must hold then."""

import re
import signal
import tempfile
from collections.abc import Callable
from pathlib import Path
from time import monotonic
from traceback import format_exc
from typing import Final

import msgspec

from tests.chaos.client import Client
from tests.chaos.ledger import Violation
from tests.chaos.stories.daemon import Daemon
from tests.chaos.stories.plan import StoryPlan
from tests.chaos.stories.sockets import Socket
from tests.chaos.stories.troubles import Troubles
from tests.chaos.stories.world import INSTRUMENTS, World
from tests.chaos.verdict import check_fate, same, state_of

_ASKED_AT_ONCE: Final = 20
_ASKED_AGAIN: Final = 3.0
"""Seconds until a question that was not answered is asked again."""
_QUIET: Final = 4
"""Looks in a row at which nothing must have changed before all is taken to have arrived."""
_LOOK: Final = 0.12
_SESSIONS: Final = 4
"""How many sessions a client may have left behind."""
_SOON: Final = 2.0
_HOURS: Final = 7_200.0
_WRONG: Final = re.compile(r".*(?:Traceback|Unhandled|Error in|SECRET|CRITICAL).*")
"""What no log may say: errors that nobody caught, and the parts that all our secrets have."""


class Outcome(msgspec.Struct, frozen=True):
    """How a story went: what was violated (empty for nothing), and what there was of what."""

    seed: int
    kind: str
    violation: str = ""
    left_out: str = ""
    kills: int = 0
    orders: int = 0
    executed: int = 0
    pushes: int = 0
    seconds: float = 0.0


class Story:
    """See the module's text."""

    def __init__(self, plan: StoryPlan, directory: Path) -> None:
        self._plan = plan
        self.world = World(plan, directory)
        self.troubles = Troubles(self.world)
        self._agenda = self.world.agenda
        self._active = True

    def play(self) -> None:
        """Everything.

        :raises Violation: for a promise that was not kept.
        """
        self._begin()
        world = self.world
        for client in world.clients:
            self._each(client, world.habits.act, self._plan.pause)
            self._each(client, Client.recover, 0.1)
        for at, name in self._plan.troubles:
            self._agenda.later(at, self.troubles.happen, name)
        self._agenda.play(self._plan.active)
        self._active = False
        self.troubles.calm()
        self._settle()
        self.world.record.note("clients", "have settled")
        self._ask_for_fates()
        self._settle()
        self.world.record.note("clients", "know everything")
        self._agree()
        self._leave()

    # The course

    def _begin(self) -> None:
        """Start everything."""
        world = self.world
        world.start()
        if self._plan.kind == "births":
            self._bear(world.clients)

    def _bear(self, clients: list[Client]) -> None:
        """Have sessions born microseconds apart: all logins lie there when the daemon goes on."""
        world = self.world
        (daemon,) = world.daemons
        world.held = True
        for client in clients:
            client.resumes = False
            client.open()
        world.held = False
        sockets = [one.link.peer for one in clients if one.link is not None]
        held = [one for one in sockets if isinstance(one, Socket)]
        self._agenda.until(lambda: all(one.ready for one in held), "the handshakes")
        daemon.send(signal.SIGSTOP)
        for one in held:
            one.uncork()
        daemon.send(signal.SIGCONT)
        for client in clients:
            client.resumes = True

    def _each(self, client: Client, action: Callable[[Client], object], mean: float) -> None:
        """Do something again and again, while the story is active."""

        def again() -> None:
            if self._active:
                action(client)
                self._agenda.later(self.world.random.expovariate(1 / mean), again)

        self._agenda.later(self.world.random.random() * mean, again)

    def _settle(self) -> None:
        """Wait until everybody has recovered, and all that is under way has arrived."""
        clients = self.world.clients
        quiet = 0

        def settled() -> bool:
            nonlocal quiet
            for client in clients:
                client.recover()
            self._agenda.play(_LOOK)
            same_as_before = not self.world.record.pull()
            still = same_as_before and all(_at_rest(client) for client in clients)
            quiet = quiet + 1 if still else 0
            return quiet >= _QUIET

        self._agenda.until(
            settled, lambda: "; ".join(f"{state_of(one)}, {one.fates}" for one in clients)
        )

    def _ask_for_fates(self) -> None:
        """Every client asks what became of each of its ClientOrderIDs."""
        clients = self.world.clients
        asked: dict[str, float] = {}
        for client in clients:
            client.unsure = set(client.given)

        def told() -> bool:
            for client in clients:
                client.recover()
                now = self._agenda.seconds()
                late = [one for one in client.unsure if asked.get(one, 0.0) < now - _ASKED_AGAIN]
                for given in sorted(late)[: _ASKED_AT_ONCE if client.settled else 0]:
                    asked[given] = now
                    client.again(given)
            self._agenda.play(_LOOK)
            return not any(client.unsure for client in clients)

        unsure = lambda: str([sorted(client.unsure) for client in clients])  # noqa: E731
        self._agenda.until(told, lambda: f"word of these ClientOrderIDs: {unsure()}")

    # What must hold

    def _agree(self) -> None:
        """Wait until what the clients know is what happened: the last of it may be under way."""
        wrong = ""

        def agreed() -> bool:
            nonlocal wrong
            try:
                self._check()
            except Violation as found:
                wrong = str(found)
                self._agenda.play(_LOOK)
                return False
            return True

        self._agenda.until(agreed, lambda: f"agreement: {wrong}")

    def _check(self) -> None:
        record = self.world.record
        record.pull()
        day = record.day()
        for client in self.world.clients:
            account = client.owner.account
            wanted = {
                order.number: order.sequence
                for order in record.orders.values()
                if order.account == account and order.trading_day == day
            }
            known = {
                key[1]: row["SequenceNo"] for key, row in client.orders.items() if key[0] == day
            }
            same(f"{client.name}'s orders", known, wanted)
            trades = sorted(record.trades.get((account, day), ()))
            told = sorted(key[1:] for key in client.trades if key[0] == day)
            same(f"{client.name}'s trades", told, trades)
            place = client.link.stream.place if client.link is not None else None
            if place is not None and place.day == day:
                last = record.length(account, day) - 1
                same(f"{client.name}'s place", place.number, last)
            for given, fate in client.fates.items():
                self._check_fate(given, fate, day)

    def _check_fate(self, given: str, fate: dict[str, object], day: str) -> None:
        record = self.world.record
        tag = record.executed(given)
        if fate["Status"] == "refused":
            # Of what it refuses itself the exchange's file says nothing.
            same(f"the execution of {given}, which was refused", tag, None)
        elif fate["Status"] == "sent" and tag is None:
            return  # swallowed on the way: the exchange knows nothing, nor can anybody
        elif fate["Request"] == "ReqOrderInsert":
            order = record.by_tag.get(tag or 0)
            session = None if order is None else order.session
            check_fate(given, fate, tag, order, day, session)

    def _leave(self) -> None:
        """Everybody goes; nothing may be left behind."""
        world = self.world
        world.record.note("clients", "leave")
        for client in world.clients:
            if client.cancel_after is None:
                client.drop()
            else:
                self._leave_resting(client, client.cancel_after)
        for daemon in world.daemons:
            self._check_leaks(daemon)
            # It may be writing down that everybody has gone.
            self._agenda.until(daemon.unlocked, "the journal to be unlocked")
        for daemon in world.daemons:
            self.troubles.end(daemon)
            if not daemon.unlocked():
                raise Violation("the journal is locked though no daemon runs")
        self._check_logs()

    def _leave_resting(self, client: Client, cancel_after: float) -> None:
        """Leave an order that is to be cancelled in time; hours on the wall clock are no time."""
        world = self.world
        name = INSTRUMENTS[0]
        body = world.habits.body() | {"InstrumentID": name, "LimitPrice": world.limits[name][0]}
        tag = client.order(body | {"Direction": "0", "VolumeTotalOriginal": 1})
        self._agenda.until(lambda: self._resting(tag), lambda: f"order {tag} to rest")
        client.drop()
        world.clock.step(_HOURS)
        if cancel_after < _SOON:
            self._agenda.until(lambda: not self._resting(tag), lambda: f"{tag} to be cancelled")
            return
        self._agenda.play(_SOON)
        same(f"whether {tag} rests", self._resting(tag), True)
        # A session that the client left behind before waits as long for its cancellation.
        for _ in range(_SESSIONS):
            self._settle()
            self._log_out(client)
            self._agenda.play(_LOOK)
            if not any(daemon.leaks() for daemon in world.daemons):
                return

    def _log_out(self, client: Client) -> None:
        """Log out and go: the session ends."""
        number = client.send("ReqUserLogout", {"UserLogout": {"UserID": client.owner.user}})
        self._agenda.until(
            lambda: client.link is None or number not in client.link.asked, lambda: "the logout"
        )
        client.drop()

    def _resting(self, tag: int) -> bool:
        """Whether an order is at the exchange, and alive."""
        self.world.record.pull()
        order = self.world.record.by_tag.get(tag)
        return order is not None and order.sys_id != "" and order.alive

    def _check_leaks(self, daemon: Daemon) -> None:
        """Wait until a daemon has let go of everything that its clients made it take."""
        found: list[str] = []

        def clean() -> bool:
            self._agenda.play(_LOOK)
            found[:] = daemon.leaks()
            return not found

        self._agenda.until(clean, lambda: f"the daemon to let go of {found}")

    def _check_logs(self) -> None:
        outputs = [daemon.output for daemon in self.world.daemons]
        for output in (*outputs, self.world.exchange.output):
            wrong = _WRONG.search(output)
            if wrong is not None:
                after = output[wrong.start() :][:3000]
                raise Violation(f"the log says: {after}")


def _at_rest(client: Client) -> bool:
    """Whether nothing is under way that it knows of."""
    under_way = ("recording", "recorded")
    return client.settled and all(one["Status"] not in under_way for one in client.fates.values())


def play(seed: int) -> tuple[Outcome, list[str]]:
    """Play a story: how it went, and its trace."""
    plan = StoryPlan.of(seed)
    start = monotonic()
    violation = ""
    with tempfile.TemporaryDirectory(prefix="story-") as directory:
        story = Story(plan, Path(directory))
        world = story.world
        try:
            story.play()
        except Violation as found:
            violation = str(found)
        except Exception:  # noqa: BLE001 - whatever escapes is a finding
            violation = format_exc()
        finally:
            world.end()
        lines = world.record.lines()
        if violation:
            lines += [f"== {daemon.output}" for daemon in world.daemons]
            lines.append(f"== {world.exchange.output}")
    outcome = Outcome(
        seed=seed,
        kind=plan.kind,
        violation=violation,
        left_out=story.troubles.left_out,
        kills=sum(daemon.kills for daemon in world.daemons) + world.exchange.deaths - 1,
        orders=world.record.requests,
        executed=len(world.record.by_tag),
        pushes=world.record.pushes,
        seconds=round(monotonic() - start, 1),
    )
    return outcome, lines

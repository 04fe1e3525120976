"""What goes wrong in a story, and how it comes right again."""

import signal
from collections.abc import Callable
from random import Random
from typing import Final

from tests.chaos.ledger import Violation
from tests.chaos.stories.daemon import Daemon
from tests.chaos.stories.disk import JournalFile
from tests.chaos.stories.sockets import Socket
from tests.chaos.stories.world import World

_REASONS: Final = ("0x1001", "0x1002", "0x2001", "0x2002", "0x2003")
_STEPS: Final = (-86_400.0, -3_600.0, -30.0, -5.0, 5.0, 30.0, 3_600.0, 86_400.0)
_FAR_AHEAD: Final = 45 * 86_400.0
_SECOND_PASSWORD: Final = "SECRET-second"


class Troubles:
    """What may go wrong. Each is told to the trace, and ends by itself or with :meth:`calm`."""

    def __init__(self, world: World) -> None:
        self._world = world
        self._random = Random(f"troubles {world.plan.seed}")
        self._later = world.agenda.later
        self._exchange_stands = True
        self._disturbed: dict[JournalFile, int] = {}
        """Since which RequestID another file than the daemon's may stand at the journal's path."""
        self.left_out = ""
        """What this machine cannot do, if it was wanted."""
        self._by_name: dict[str, Callable[[Daemon], None]] = {
            "kill": self._kill,
            "terminate": self._terminate,
            "stop": self._stop,
            "exchange": self._kill_exchange,
            "outage": self._outage,
            "full": self._fill,
            "locked": self._lock,
            "read-only": self._freeze,
            "deleted": lambda daemon: self._disturb(daemon, JournalFile.delete),
            "moved": lambda daemon: self._disturb(daemon, JournalFile.move),
            "replaced": lambda daemon: self._disturb(
                daemon, lambda journal: journal.replace(self._random)
            ),
            "gone": lambda daemon: self._disturb(daemon, JournalFile.lose_directory),
            "spoilt": self._spoil,
            "clock": self._step_clock,
            "pruned": self._far_ahead,
            "password": self._change_password,
            "stuck": self._stick,
            "cut": self._cut_all,
        }

    def happen(self, name: str) -> None:
        """Let a trouble happen."""
        alive = [one for one in self._world.daemons if one.alive and not one.ending]
        if alive:
            self._by_name[name](self._random.choice(alive))

    def calm(self) -> None:
        """Nothing goes wrong any more; what was broken is mended, and everything runs."""
        world = self._world
        self._note("is calm")
        world.agenda.clear()
        world.exchange.go_on()
        for journal in world.journals:
            journal.release()
        for daemon in world.daemons:
            daemon.send(signal.SIGCONT)
        self._exchange_stands = world.exchange.alive
        self._start_exchange()
        world.agenda.until(lambda: world.exchange.serving, "the exchange to come back")
        world.exchange.control("silence", seconds="0")
        world.exchange.control("faults")
        for daemon in world.daemons:
            self._restore(daemon)
        for client in world.clients:
            client.drop_ghosts()
            for link in world.links(client):
                if link.peer.producer is not None:
                    link.peer.producer.resumeProducing()

    def end(self, daemon: Daemon) -> None:
        """End a daemon in good order, and wait until it has ended."""
        if not daemon.ending:
            daemon.terminate()
        self._world.agenda.until(lambda: daemon.ended, lambda: f"the end of\n{daemon.output}")
        self._gone(daemon)

    def _restore(self, daemon: Daemon) -> None:
        """Have a daemon run on a journal that has everything."""
        world = self._world
        journal = self._journal(daemon)
        if daemon.ending or (daemon.alive and journal in self._disturbed):
            self.end(daemon)
        elif journal in self._disturbed and not any(one.alive for one in self._sharing(daemon)):
            self._check_disk(journal)  # it ended by itself, for it cannot do without a journal
        if not daemon.alive:
            daemon.start()
        ready = lambda: daemon.port != 0 or daemon.refused  # noqa: E731 - too small for a name
        world.agenda.until(ready, lambda: f"the daemon to listen\n{daemon.output}")

    # Processes

    def _kill(self, daemon: Daemon) -> None:
        self._note("kills the daemon")
        daemon.kill()
        self._gone(daemon)
        self._later(self._random.choice((0.0, 0.1, 0.5)), self._start, daemon)

    def _terminate(self, daemon: Daemon) -> None:
        self._note("terminates the daemon")
        daemon.terminate()
        self._await_end(daemon)

    def _await_end(self, daemon: Daemon) -> None:
        if daemon.ended:
            self._gone(daemon)
            self._start(daemon)
        else:
            self._later(0.05, self._await_end, daemon)

    def _gone(self, daemon: Daemon) -> None:
        """A daemon is no more: its clients lose it, and its journal has what it has sent."""
        self._note("sees the daemon gone")
        self._world.vanish(daemon)
        if not any(one.alive for one in self._sharing(daemon)):
            self._check_disk(self._journal(daemon))

    def _start(self, daemon: Daemon) -> None:
        if not daemon.alive:
            self._note("starts the daemon")
            daemon.start()

    def _stop(self, daemon: Daemon) -> None:
        self._note("stops the daemon")
        daemon.send(signal.SIGSTOP)
        if self._random.random() < 0.5:
            self._later(self._random.uniform(0, 0.5), self._disconnect)
        self._later(self._random.uniform(0.1, 2.0), daemon.send, signal.SIGCONT)

    def _kill_exchange(self, daemon: Daemon) -> None:
        if self._exchange_stands:
            self._note("kills the exchange")
            self._exchange_stands = False
            self._world.exchange.kill()
            self._later(self._random.uniform(0, 1.0), self._start_exchange)

    def _start_exchange(self) -> None:
        if not self._exchange_stands:
            self._note("starts the exchange")
            self._exchange_stands = True
            self._world.exchange.start()

    def _outage(self, daemon: Daemon) -> None:
        exchange = self._world.exchange
        if not self._exchange_stands or not exchange.serving:
            return
        what = self._random.random()
        if what < 0.5:
            self._disconnect()
        elif what < 0.75:
            self._note("silences the exchange")
            exchange.control("silence", seconds=str(self._random.randint(1, 2)))
        else:
            self._note("stops the exchange")
            exchange.stop()
            # Nobody must ask it for anything meanwhile.
            self._exchange_stands = False
            self._later(self._random.uniform(0.2, 2.0), self._exchange_goes_on)

    def _exchange_goes_on(self) -> None:
        self._world.exchange.go_on()
        self._exchange_stands = True

    def _disconnect(self) -> None:
        exchange = self._world.exchange
        if self._exchange_stands and exchange.serving:
            self._note("breaks the exchange's connections")
            exchange.control("disconnect", reason=self._random.choice(_REASONS))

    # The journal

    def _fill(self, daemon: Daemon) -> None:
        journal = self._journal(daemon)
        self._note("fills the disk")
        journal.fill(daemon.pid, self._random)
        self._later(self._random.uniform(0.5, 2.5), journal.make_room)

    def _lock(self, daemon: Daemon) -> None:
        journal = self._journal(daemon)
        self._note("locks the journal")
        journal.lock()
        self._later(self._random.choice((0.2, 0.7, 2.0, 6.0)), journal.unlock)

    def _freeze(self, daemon: Daemon) -> None:
        journal = self._journal(daemon)
        self._note("makes the journal read-only")
        if journal.freeze():
            self._later(self._random.uniform(0.3, 2.5), journal.thaw)
        else:
            self.left_out = "read-only: this file system or user cannot mark a file immutable"

    def _disturb(self, daemon: Daemon, how: Callable[[JournalFile], None]) -> None:
        """Take the journal away from a daemon that has it; one that begins knows no other."""
        journal = self._journal(daemon)
        if daemon.port and journal.path.exists() and journal not in self._disturbed:
            self._note("takes the journal away")
            self._disturbed[journal] = next(self._world.numbers)
            how(journal)

    def _spoil(self, daemon: Daemon) -> None:
        journal = self._journal(daemon)
        if journal in self._disturbed or not journal.path.exists():
            return
        self._note("kills the daemon and spoils the journal")
        daemon.kill()
        self._gone(daemon)
        self._disturbed[journal] = next(self._world.numbers)
        journal.spoil(self._random)
        daemon.may_refuse = True
        self._start(daemon)

    def _check_disk(self, journal: JournalFile) -> None:
        """What was sent under a ClientOrderID is on disk, under the path that the daemon names.

        Where the file was taken away, that holds of what was sent since. A daemon that has noticed
        has written everything anew; else the owner gives back what was taken.
        """
        found = journal.ids()
        on_disk = found or set()
        sent = self._sent(journal)
        since = self._disturbed.get(journal, 0)
        new = {given for given, tag in sent.items() if tag >= since}
        missing = sorted(sent.keys() - on_disk)
        if new - on_disk:
            raise Violation(f"sent, and not in the journal: {sorted(new - on_disk)}")
        if missing and new:
            raise Violation(f"in the journal that was written anew are not: {missing}")
        if since:
            del self._disturbed[journal]
        if missing or found is None:
            self._note("gives the journal back")
            journal.give_back()

    def _sent(self, journal: JournalFile) -> dict[str, int]:
        """The ClientOrderIDs that reached the exchange from daemons that keep this journal."""
        world = self._world
        world.record.pull()
        members = zip(world.clients, world.plan.members, strict=True)
        mine = {
            client.name
            for client, member in members
            if world.daemons[member.daemon].journal == journal.path
        }
        given = {world.record.given(tag): tag for tag in world.record.by_tag}
        return {name: tag for name, tag in given.items() if name.partition("/")[0] in mine}

    def _journal(self, daemon: Daemon) -> JournalFile:
        return next(one for one in self._world.journals if one.path == daemon.journal)

    def _sharing(self, daemon: Daemon) -> list[Daemon]:
        return [one for one in self._world.daemons if one.journal == daemon.journal]

    # The rest

    def _step_clock(self, daemon: Daemon) -> None:
        seconds = self._random.choice(_STEPS)
        self._note(f"steps the clock by {seconds:g} s")
        self._world.clock.step(seconds)

    def _far_ahead(self, daemon: Daemon) -> None:
        """The daemon comes back with a clock that is far ahead."""
        self._note("steps the clock far ahead")
        self._kill(daemon)
        self._world.clock.step(_FAR_AHEAD)

    def _change_password(self, daemon: Daemon) -> None:
        """The owner changes the password at another terminal, and every session has to recover."""
        world = self._world
        owner = world.owners["u0"]
        if len(owner.passwords) > 1 or not self._exchange_stands or not world.exchange.serving:
            return
        self._note("changes the password elsewhere")
        terminal = world.terminal(owner)
        code = terminal.change_password(owner.passwords[0], _SECOND_PASSWORD)
        terminal.close()
        if code:
            raise AssertionError(f"the password could not be changed: {code}")
        owner.passwords.append(_SECOND_PASSWORD)
        if self._random.random() < 0.3:
            owner.passwords.reverse()
        self._disconnect()

    def _stick(self, daemon: Daemon) -> None:
        client = self._random.choice(self._world.clients)
        if client.link is not None and not client.link.peer.broken:
            self._note(f"has {client.name} stop reading")
            self._world.stall(client)

    def _cut_all(self, daemon: Daemon) -> None:
        self._note("cuts every socket inside a frame")
        for client in self._world.clients:
            if client.link is not None and isinstance(client.link.peer, Socket):
                self._world.cut(client)

    def _note(self, text: str) -> None:
        self._world.record.note("trouble", "%s", text)

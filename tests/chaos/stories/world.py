"""Who and what there is in a story: the exchange, daemons, clients, the journal, the clock."""

from collections.abc import Iterator
from itertools import count
from pathlib import Path
from random import Random
from typing import Final

from tests.chaos.client import Client, Connection, Owner
from tests.chaos.habits import Habits
from tests.chaos.stories.agenda import Agenda
from tests.chaos.stories.daemon import KEY, Daemon, WallClock
from tests.chaos.stories.disk import JournalFile
from tests.chaos.stories.exchange import Exchange, Terminal
from tests.chaos.stories.plan import Member, StoryPlan
from tests.chaos.stories.record import Record
from tests.chaos.stories.sockets import Socket

INSTRUMENTS: Final = ("cu2701", "rb2701")
_OPTIONS: Final = "seed={seed}&balance=1000000000&appid={app_id}&authcode={auth_code}{begins}"
FIRST_PASSWORD: Final = "SECRET-first"


class World:
    """See the module's text. Everything is made and started here, and ended by :meth:`end`."""

    def __init__(self, plan: StoryPlan, directory: Path) -> None:
        self.plan = plan
        self.random = Random(f"actors {plan.seed}")
        self.agenda = Agenda(self._descriptors, self.pump)
        self.record = Record(self.agenda, directory / "state.db", plan.seed)
        self.clock = WallClock(directory / "clock")
        begins = f"&start={plan.begins}" if plan.begins else ""
        options = _OPTIONS.format(
            seed=plan.seed,
            app_id=KEY["AppID"],
            auth_code=KEY["AuthCode"],
            begins=begins,
        )
        self.exchange = Exchange(directory, directory / "state.db", options)
        self.journals: list[JournalFile] = []
        self.daemons = [self._make_daemon(directory, number) for number in range(plan.daemons)]
        self.owners: dict[str, Owner] = {}
        self.numbers = count(1)
        self.habits = Habits(
            self.random,
            self.agenda,
            self._price,
            ids=plan.ids,
            away=0.4,
            more=(
                (0.4, self._burst),
                (0.01, self.stall),
                (0.02, self.cut),
                (0.02, self._break_off),
            ),
        )
        self.clients = [
            self._make_client(number, member) for number, member in enumerate(plan.members)
        ]
        self.sockets: list[Socket] = []
        self.limits: dict[str, tuple[float, float]] = {}
        self.held = False
        """Whether what clients send is held back until they are let go together."""

    def start(self) -> None:
        """Start the exchange and the daemons, and wait until they serve."""
        self.exchange.start()
        for daemon in self.daemons:
            daemon.start()
        self.agenda.until(lambda: self.exchange.serving, "the exchange to serve")
        terminal = self.terminal(self.owners["u0"])
        for name in INSTRUMENTS:
            self.limits[name] = terminal.limits(FIRST_PASSWORD, name)
        terminal.close()
        self.exchange.control("faults", **self.plan.faults)
        # Of two with one journal the first to come has it.
        listening = lambda: any(daemon.port for daemon in self.daemons)  # noqa: E731 - used once
        self.agenda.until(listening, "a daemon to listen")

    def end(self) -> None:
        """End everything, in whatever state it is."""
        for socket in self.sockets:
            socket.drop()
        for journal in self.journals:
            journal.release()
        for daemon in self.daemons:
            daemon.kill()
        self.exchange.kill()
        self.record.close()

    def pump(self) -> None:
        """Let the clients read what has come."""
        for client in self.clients:
            client.pump()

    def links(self, client: Client) -> Iterator[Connection]:
        """A client's connections, those that it has given up among them."""
        yield from client.ghosts
        if client.link is not None:
            yield client.link

    def vanish(self, daemon: Daemon) -> None:
        """A daemon is gone: its clients have no sockets any more."""
        self.record.restarted()
        for client, member in zip(self.clients, self.plan.members, strict=True):
            if self.daemon_of(member) is not daemon and daemon is not self.daemons[member.daemon]:
                continue
            client.pump()
            for link in self.links(client):
                link.peer.drop()
            client.vanish()

    def daemon_of(self, member: Member) -> Daemon:
        """The daemon that a client turns to: its own, or the one that has the journal."""
        own = self.daemons[member.daemon]
        if self.plan.one_journal and not own.alive:
            return next((one for one in self.daemons if one.alive), own)
        return own

    def terminal(self, owner: Owner) -> Terminal:
        """Another program of an account's owner."""
        return self.exchange.terminal({"BrokerID": "9999", "UserID": owner.user}, KEY)

    def _make_daemon(self, directory: Path, number: int) -> Daemon:
        plan = self.plan
        place = 0 if plan.one_journal else number
        files = directory / f"journal{place}" / "disk"
        path = files / "journal.sqlite"
        if place == len(self.journals):
            files.mkdir(parents=True)
            self.journals.append(JournalFile(path))
        return Daemon(
            directory / f"daemon{number}",
            directory / "front",
            path,
            self.clock,
            shares=plan.one_journal,
            linger=plan.linger,
            sharing="account" if plan.sharing else "none",
            order_rate=plan.order_rate,
        )

    def _make_client(self, number: int, member: Member) -> Client:
        owner = self.owners.setdefault(member.user, Owner(member.user, [FIRST_PASSWORD]))
        mates = [one for one in self.plan.members if one.user == member.user]

        def connect() -> Socket | None:
            port = self.daemon_of(member).port
            if port == 0:
                return None
            socket = Socket(port, narrow=self.plan.kind == "stuck", corked=self.held)
            self.sockets.append(socket)
            return socket

        return Client(
            f"c{number}",
            owner,
            self.record,
            self.agenda,
            connect,
            self.numbers,
            sharing=self.plan.sharing,
            mates=len(mates) > 1,
            cancel_after=member.cancel_after,
        )

    def _descriptors(self) -> list[int]:
        self.sockets = [one for one in self.sockets if not one.broken]
        return [number for one in self.sockets if (number := one.fileno()) >= 0]

    def _price(self) -> tuple[str, str, float]:
        """An instrument, a side, and a price that trades at once (two in three), or rests."""
        name = self.random.choice(sorted(self.limits))
        lower, upper = self.limits[name]
        side = self.random.choice("01")
        crossing, aside = (upper, lower) if side == "0" else (lower, upper)
        return name, side, self.random.choice((crossing, crossing, aside))

    # What clients do besides

    def _burst(self, client: Client) -> None:
        """Several orders at once."""
        for _ in range(self.random.randint(2, 8)):
            if client.link is not None and not client.link.peer.broken:
                client.order(self.habits.body(), self.habits.new_id(client, 0.7))

    def stall(self, client: Client) -> None:
        """Stop reading for a while, with much to be read."""
        producer = client.stall()
        if producer is not None:
            if self.plan.kind == "stuck":
                client.send("ReqQryInstrument", {"QryInstrument": {}})
            self.agenda.later(self.random.uniform(0.1, 3.0), producer.resumeProducing)

    def cut(self, client: Client) -> None:
        """Break the socket inside an order, which must never be sent."""
        link = client.link
        if link is None or not isinstance(link.peer, Socket):
            return
        tag = next(self.numbers)
        given = self.habits.new_id(client, 0.5)
        words = {"ClientOrderID": given} if given else {}
        body = {"InputOrder": self.habits.body()}
        message = {"MsgType": "ReqOrderInsert", "RequestID": tag, **body, **words}
        self.record.note(client.name, "is cut off inside order %s", tag)
        self.record.refused(tag, 0)
        link.peer.cut_inside(message, self.random)
        client.drop()
        self.habits.stay_away(client)

    def _break_off(self, client: Client) -> None:
        """Break the socket right behind an order, which may be sent or not."""
        link = client.link
        if link is not None and isinstance(link.peer, Socket):
            client.order(self.habits.body(), self.habits.new_id(client, 0.8))
            if client.link is not None:
                link.peer.break_off()
                client.drop()
                self.habits.stay_away(client)

"""One schedule: clients, weather, calm, and what must hold then. A pure function of its seed."""

import tempfile
from collections.abc import Callable, Sequence
from itertools import count
from random import Random
from traceback import format_exc
from typing import Any, Final

from twisted.logger import ILogObserver, LogLevel, formatEvent, globalLogPublisher
from zope.interface import implementer

from tests.chaos.client import Client, Owner
from tests.chaos.clock import Time
from tests.chaos.front import INSTRUMENTS, Front
from tests.chaos.habits import Habits
from tests.chaos.journal import Disk
from tests.chaos.ledger import Ledger, Violation
from tests.chaos.office import Office
from tests.chaos.plan import MORNING, Plan
from tests.chaos.verdict import check_fate, same, state_of
from webctp.gateway.conditional.account import CONDITIONALS_UNKNOWN
from webctp.gateway.trading.dues import DUES_UNKNOWN
from webctp.sim.exchange.opening import open_account
from webctp.sim.money import yuan
from webctp.upstream.trading.entry import ORDERS_REFUSED

_RECOVERED_WITHIN: Final = 400.0


class Schedule:
    """See the module's text."""

    def __init__(self, seed: int, directory: str) -> None:
        self.plan = plan = Plan.of(seed)
        self.time = Time()
        self.time.rightNow = MORNING.timestamp()
        self.ledger = Ledger(self.time)
        self.front = Front(
            self.time,
            plan.exchange(),
            plan.hours(),
            MORNING,
            Random(f"front {seed}"),
            self.ledger,
        )
        self.front.breaks_at_request = plan.breaks_at_request
        self.disk_random = Random(f"disk {seed}")
        self.disk = Disk(lambda: self.disk_random.random() ** 3 * plan.disk)
        self.office = Office(
            self.time,
            self.front,
            self.disk,
            plan.trader(directory),
            Random(f"office {seed}"),
        )
        self.random = Random(f"actors {seed}")
        self.numbers = count(1)
        self.habits = Habits(
            self.random,
            self.time,
            self._price,
            ids=plan.journal,
            more=(
                (0.02, self._stall),
                (0.02, self._stranger),
                (0.02, self._new_password),
            ),
        )
        self.clients = self._make_clients()
        self.strangers = 0
        self.active = True

    def _make_clients(self) -> list[Client]:
        clients: list[Client] = []
        for place, many in enumerate(self.plan.clients):
            owner = Owner(f"u{place}", ["secret"])
            open_account(self.front.exchange, owner.account, "secret")
            for _ in range(many):
                clients.append(
                    Client(
                        f"client {len(clients)}",
                        owner,
                        self.ledger,
                        self.time,
                        self.office.connect,
                        self.numbers,
                        sharing=self.plan.sharing,
                        mates=many > 1,
                        cancel_after=self.plan.cancels[len(clients)],
                    )
                )
        return clients

    # The course

    def run(self) -> None:
        """Everything. :raises Violation: for a promise that was not kept."""
        for client in self.clients:
            self._each(client, self.habits.act, 1.2)
            self._each(client, lambda one: one.recover(), 0.7)
        self._each(None, lambda _: self._weather(), self.plan.weather)
        if self.plan.wall_steps:
            self._each(None, lambda _: self._set_wall_clock(), 6.0)
        if self.plan.births:
            self._each(None, lambda _: self._bear(), 12.0)
        if self.plan.new_passwords and self.random.random() < 0.5:
            when = self.random.uniform(0, self.plan.active)
            self.time.callLater(when, self._changed_elsewhere, self.clients[0].owner)
        self._run(self.plan.active)
        self._calm()
        self._settle()
        self._ask_for_fates()
        self._settle()
        self._check()
        self._leave()

    def _run(self, seconds: float) -> None:
        self.time.run_to(self.time.seconds() + seconds, self._pump)

    def _pump(self) -> None:
        for client in self.clients:
            client.pump()

    def _each(self, client: Any, action: Callable[[Any], object], mean: float) -> None:
        """Do something again and again, while the schedule is active."""

        def again() -> None:
            if self.active:
                action(client)
                self.time.callLater(self.random.expovariate(1 / mean), again)

        self.time.callLater(self.random.random() * mean, again)

    def _calm(self) -> None:
        """Nothing goes wrong any more."""
        self.active = False
        self.ledger.note("weather", "is calm")
        self.front.calm()
        self.disk.broken = None
        self.disk.delay = lambda: 0.01
        if self.office.life.dead:
            self.office.start()
        for client in self.clients:
            client.drop_ghosts()
            self._unstall(client)

    def _settle(self) -> None:
        """Wait until everybody has recovered, and all that is under way has arrived."""
        end = self.time.seconds() + _RECOVERED_WITHIN
        quiet = 0
        while quiet < 4:
            if self.time.seconds() > end:
                raise Violation("not recovered: " + "; ".join(map(state_of, self.clients)))
            for client in self.clients:
                client.recover()
            self._run(0.7)
            settled = self.front.quiet and all(client.settled for client in self.clients)
            quiet = quiet + 1 if settled else 0

    # What clients do

    def _price(self) -> tuple[str, str, float]:
        """An instrument, a side, and a price: one that trades, one that rests, or the best."""
        random = self.random
        name = random.choice(INSTRUMENTS)
        market = self.front.exchange.markets.market(name)
        side = random.choice("01")
        near = market.best(side)
        crossing = market.day.upper if side == "0" else market.day.lower
        aside = market.day.lower if side == "0" else market.day.upper
        price = random.choice((crossing, crossing, aside, near if near is not None else aside))
        return name, side, yuan(price)

    def _stall(self, client: Client) -> None:
        """The client stops reading for a while."""
        producer = client.stall()
        if producer is not None:
            life = self.office.life
            wait = self.random.uniform(0.1, 20)
            self.time.callLater(wait, lambda: life.dead or producer.resumeProducing())

    def _unstall(self, client: Client) -> None:
        if client.link is not None and client.link.peer.producer is not None:
            client.link.peer.producer.resumeProducing()

    def _stranger(self, client: Client) -> None:
        """Somebody tries a wrong password."""
        if not self.plan.strangers or self.strangers >= 3:
            return
        self.strangers += 1
        peer = self.office.connect()
        if peer is not None:
            body = {"UserID": client.owner.user, "Password": "wrong"}
            self.ledger.note("stranger", "tries a password")
            peer.send({"MsgType": "ReqUserLogin", "RequestID": 1, "ReqUserLogin": body})
            self.time.callLater(self.random.uniform(0.1, 15), peer.drop)

    def _new_password(self, client: Client) -> None:
        if self.plan.new_passwords and len(client.owner.passwords) == 1:
            client.change_password("changed")

    def _changed_elsewhere(self, owner: Owner) -> None:
        """The owner changes the password at another terminal; the clients find out."""
        if len(owner.passwords) == 1:
            self.ledger.note("owner", "changes the password of %s", owner.user)
            self.front.exchange.users[owner.account].password = "elsewhere"
            owner.passwords.append("elsewhere")
            if self.random.random() < 0.7:
                self.front.break_all()

    def _bear(self) -> None:
        """All clients of an account come anew at once: their sessions are born together."""
        owner = self.random.choice(self.clients).owner
        for client in self.clients:
            if client.owner is owner:
                client.drop_ghosts()
                client.resumes = self.random.random() < 0.3
                client.open()
                client.resumes = True

    # What goes wrong

    def _set_wall_clock(self) -> None:
        seconds = self.random.choice((-86_400.0, -3_600.0, -7.0, -1e-6, 7.0, 3_600.0, 864_000.0))
        self.ledger.note("weather", "sets the wall clock by %s s", seconds)
        self.time.wall_error += seconds

    def _weather(self) -> None:
        random = self.random
        what = random.random()
        if what < 0.4:
            self.front.break_one()
        elif what < 0.5:
            self.front.break_all()
        elif what < 0.6:
            self._for_a_while("down", 15)
            self.front.break_all()
        elif what < 0.7:
            self._for_a_while("muted", 25)
        elif what < 0.8:
            self.front.slowest = random.choice((0.0, 0.2, 2.0))
        elif what < 0.9:
            self.ledger.note("weather", "breaks the disk")
            self.disk.broken = "the disk is full"
            self.time.callLater(random.uniform(0.5, 12), self._mend)
        elif self.plan.kills and not self.office.life.dead:
            self.ledger.note("weather", "kills the daemon")
            self.office.kill()
            self.ledger.restarted()
            for client in self.clients:
                client.vanish()
            self.time.callLater(random.uniform(0.1, 6), self._restart)

    def _for_a_while(self, fault: str, most: float) -> None:
        self.ledger.note("weather", "the front is %s", fault)
        setattr(self.front, fault, True)
        self.time.callLater(self.random.uniform(1, most), setattr, self.front, fault, False)

    def _mend(self) -> None:
        self.disk.broken = None

    def _restart(self) -> None:
        if self.office.life.dead:
            self.ledger.note("weather", "starts the daemon")
            self.office.start()

    # What must hold

    def _ask_for_fates(self) -> None:
        """Every client asks what became of each of its ClientOrderIDs."""
        for client in self.clients:
            client.unsure = set(client.given)
        end = self.time.seconds() + _RECOVERED_WITHIN
        while any(client.unsure for client in self.clients):
            if self.time.seconds() > end:
                raise Violation(
                    "ClientOrderIDs of which nothing is told: "
                    + str([sorted(client.unsure) for client in self.clients])
                )
            for client in self.clients:
                client.recover()
                if client.settled:
                    for given in sorted(client.unsure)[:1]:
                        client.again(given)
            self._run(0.6)

    def _check(self) -> None:
        exchange = self.front.exchange
        day = exchange.markets.day.name
        for client in self.clients:
            account = client.owner.account
            orders = {one.number: one.sequence for one in exchange.engine.orders_of(account)}
            told_of = client.orders.items()
            known = {key[1]: row["SequenceNo"] for key, row in told_of if key[0] == day}
            same(f"{client.name}'s orders", known, orders)
            trades = sorted(
                (one.trade_id, one.order.direction) for one in exchange.engine.trades_of(account)
            )
            told = sorted(key[1:] for key in client.trades if key[0] == day)
            same(f"{client.name}'s trades", told, trades)
            place = client.link.stream.place if client.link is not None else None
            if place is not None and place.day == day:
                same(f"{client.name}'s place", place.number, self.ledger.length(account, day) - 1)
            self._check_fates(client, day)

    def _check_fates(self, client: Client, day: str) -> None:
        by_tag = {
            int(str(order.values["RequestID"])): order
            for order in self.front.exchange.engine.orders
        }
        for given, fate in client.fates.items():
            tag = self.ledger.executed(given)
            order = by_tag.get(tag) if tag is not None else None
            session = None if order is None else (order.front, order.session)
            check_fate(given, fate, tag, order, day, session)

    def _leave(self) -> None:
        """Everybody goes; nothing may be left behind."""
        trading = self.plan.ends_at is None
        if trading:
            for client in self.clients:
                client.order(self.habits.body())
            self._run(3.0)
        self.ledger.note("clients", "leave")
        coming_back = [client for client in self.clients if not client.logging_out]
        for client in self.clients:
            client.drop()
        self._run(self.plan.linger + 45.0)
        if trading:
            self._check_cancelled(coming_back)
        sessions = dict(self.office.desk.readiness()["sessions"])
        same("sessions left", sessions, {})
        same("APIs left", sum(not api.released for api in self.front.apis), 0)
        same("sessions at the front", len(self.front.exchange.sessions), 0)
        same("timers left", [str(call) for call in self.office.life.pending()], [])
        self.office.desk.stop()
        self._run(5.0)
        same("timers left after the end", [str(c) for c in self.office.life.pending()], [])
        self.front.stop()

    def _check_cancelled(self, coming_back: Sequence[Client]) -> None:
        """CancelOnDisconnect: nothing rests of a session whose clients are gone.

        :param coming_back: those that did not take leave of the session.
        """
        for client in coming_back:
            mates = [one for one in self.clients if one.owner is client.owner]
            shared = mates if self.plan.sharing else [client]
            if any(one.cancel_after is None for one in shared):
                continue
            rests = [
                order.number
                for order in self.front.exchange.engine.orders
                if order.alive and order.values["RequestID"] in client.tags
            ]
            same(f"orders of {client.name} that rest", rests, [])


@implementer(ILogObserver)
class _Complaints:
    """An observer of the log: errors are violations, but for what a broken disk is said of."""

    def __init__(self) -> None:
        self.heard: list[str] = []

    def __call__(self, event: Any) -> None:
        broken = event.get("log_format") in (ORDERS_REFUSED, DUES_UNKNOWN, CONDITIONALS_UNKNOWN)
        if not broken and event.get("log_level") in (LogLevel.error, LogLevel.critical):
            text = formatEvent(event)
            failure = event.get("log_failure")
            if failure is not None:
                text += "\n" + failure.getTraceback()
            self.heard.append(text)


def run(seed: int) -> tuple[str, list[str]]:
    """Run a schedule: what was violated (empty for nothing), and the trace."""
    complaints = _Complaints()
    globalLogPublisher.addObserver(complaints)
    found = ""
    with tempfile.TemporaryDirectory() as directory:
        schedule = Schedule(seed, directory)
        try:
            schedule.run()
        except Violation as violation:
            found = str(violation)
        except Exception:  # noqa: BLE001 - whatever escapes the gateway is a finding
            found = format_exc()
        finally:
            globalLogPublisher.removeObserver(complaints)
            schedule.office.kill()
    if complaints.heard:
        found = "\n".join([found, *complaints.heard]).strip()
    return found, schedule.ledger.lines()

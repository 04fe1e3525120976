"""Restart the shipped unit under load, and hold clients, journal and front against each other."""

import json
import shutil
import sqlite3
import time
from collections import Counter
from collections.abc import Iterable
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

from twisted.internet.defer import Deferred, ensureDeferred, gatherResults
from twisted.internet.threads import deferToThread

from tests.booted import Machine
from tests.chaos.stories.exchange import Exchange
from tests.daemons import sleep, until
from tests.ports import free_port
from tests.upgrade.load import PASSWORD, Trader, an_order, orders_at_front
from tests.wsclient import Message, connect

ACCOUNTS: Final = 20
"""Sessions with the front; several clients share each."""
_OPTIONS: Final = "seed=7&balance=100000000000"
CONFIG: Final = """
AppType: td
TdFrontAddress: sim+unix:///run/folder/front
MdFrontAddress: sim+unix:///run/folder/front
BrokerID: "9999"
AppID: simnow_client_test
AuthCode: "0000000000000000"
QueryInterval: 0
Listen: systemd:domain=INET:index=0
Journal: {Path: journal.sqlite}
SessionSharing: account
MaxSessions: 64
DrainSeconds: 2
"""
SERVICE: Final = """
[Service]
StandardOutput=append:/run/folder/log
StandardError=append:/run/folder/log
RestartSec=1
"""
UNIT: Final = "webctp@td"


def listening_on(port: int) -> str:
    """Return what a socket unit is to say to listen there alone."""
    return f"[Socket]\nListenStream=\nListenStream=127.0.0.1:{port}\n"


@dataclass
class Findings:
    """What a proof has found; ``wrong`` is empty where all agree."""

    clients: int
    restarts: int
    orders: int = 0
    executed: int = 0
    seconds: list[float] = field(default_factory=list)
    """How long each restart took, from the command to a gateway that serves."""
    closed_with: Counter[int | None] = field(default_factory=Counter)
    wrong: list[str] = field(default_factory=list)


class Proof:
    """An exchange that stays, a gateway that is restarted, clients that trade meanwhile.

    :param more: lines of the unit's ``[Service]``.
    """

    def __init__(self, folder: Path, clients: int, more: str = "") -> None:
        self.port = free_port()
        drop_ins = {
            f"{UNIT}.socket": listening_on(self.port),
            f"{UNIT}.service": f"{SERVICE}{more}",
        }
        self.machine = Machine(folder, {"td": CONFIG}, drop_ins)
        self._folder = folder
        self.exchange = Exchange(folder, folder / "state.db", _OPTIONS)
        self._count = clients
        self.traders: list[Trader] = []
        self._goes_on = True

    async def start(self) -> None:
        """Start the exchange and the unit."""
        self.exchange.start()
        await self.machine.booted()
        await until(lambda: self.exchange.serving, "the exchange")
        # The unit runs as a user of its own.
        (self._folder / "front").chmod(0o666)
        self._folder.chmod(0o755)
        for unit in (f"{UNIT}.socket", UNIT):
            await self.do("start", unit)

    async def do(self, verb: str, unit: str = UNIT) -> float:
        """Let systemctl do something; return the seconds that it took."""
        begun = time.monotonic()
        code, said = await deferToThread(self.machine.run, "systemctl", verb, unit)
        if code:
            raise AssertionError(f"systemctl {verb} {unit}: {said}{self.log}")
        return time.monotonic() - begun

    @property
    def log(self) -> str:
        """What the gateway has logged."""
        path = self._folder / "log"
        return path.read_text("utf-8", "replace") if path.exists() else ""

    async def restarted(self, restarts: int, *, between: float = 2.0) -> Findings:
        """Let clients trade while the unit is restarted so often."""
        found = Findings(self._count, restarts)
        trading = gatherResults(await self.begin(), consumeErrors=True)
        for _ in range(restarts):
            await sleep(between)
            found.seconds.append(await self.do("restart"))
        await sleep(between)
        await self.finish(trading, found)
        return found

    async def begin(self) -> "list[Deferred[None]]":
        """Let the clients begin; return what fires when each is through."""
        client = await connect(self.port, "/td/")
        body = {"UserID": "u0", "Password": PASSWORD}
        await client.ask({"MsgType": "ReqUserLogin", "ReqUserLogin": body, "RequestID": 1})
        order = await an_order(client)
        await client.leave()
        self.traders = [
            Trader(self.port, f"u{number % ACCOUNTS}", number, order)
            for number in range(self._count)
        ]
        return [ensureDeferred(one.trade(lambda: self._goes_on)) for one in self.traders]

    async def finish(self, trading: "Deferred[Any]", found: Findings) -> None:
        """Let every order be settled, and compare what all sides say."""
        self._goes_on = False
        await trading
        users = sorted({f"u{number % ACCOUNTS}" for number in range(self._count)})
        at_front = {user: await orders_at_front(self.port, user) for user in users}
        await self.do("stop", f"{UNIT}.socket")
        await self.do("stop")
        self._compare(found, at_front)

    def _compare(self, found: Findings, at_front: dict[str, list[Message]]) -> None:
        refused = [one for trader in self.traders for one in trader.refused]
        found.wrong += [f"a connection was refused: {one}" for one in refused]
        for one in self.traders:
            found.closed_with += one.codes
        told = {
            (f"u{one._number % ACCOUNTS}", name): outcome
            for one in self.traders
            for name, outcome in one.outcomes.items()
        }
        found.orders = len(told)
        kept = dict(self._kept())
        names: dict[Name, str] = {}
        for (user, name), outcome in told.items():
            if outcome.get("Status") != "known":
                if kept.get((user, name)) == "known":
                    found.wrong.append(f"{name} was told {outcome}, and is known to the journal")
                continue
            if kept.get((user, name)) != "known":
                found.wrong.append(f"{name} is {kept.get((user, name))} in the journal")
            key = _name(user, outcome)
            if key in names:
                found.wrong.append(f"{name} and {names[key]} are one order: {key}")
            names[key] = name
        rows = _by_name(at_front)
        found.executed = sum(rows.values())
        found.wrong += [f"the front has {key} {n} times" for key, n in rows.items() if n != 1]
        found.wrong += [f"{names[key]} is not at the front" for key in names if key not in rows]
        found.wrong += [f"nobody was told of {key}" for key in rows if key not in names]
        if "Traceback" in self.log:
            found.wrong.append(f"the log has a traceback:\n{self.log[-4000:]}")

    def _kept(self) -> Iterable[tuple[tuple[str, str], str]]:
        """Give what the journal's file says became of each ClientOrderID."""
        there = Path(f"/proc/{self.machine.init}/root/var/lib/private/webctp/td")
        for one in there.glob("journal.sqlite*"):  # SQLite itself would look for it out here
            shutil.copy(one, self._folder)
        with closing(sqlite3.connect(self._folder / "journal.sqlite")) as file:
            rows = file.execute("SELECT user_id, client_order_id, value FROM client_order")
            for user, name, value in rows.fetchall():
                yield (user, name), json.loads(value)["state"]

    def end(self) -> None:
        """End everything."""
        self.machine.end()
        self.exchange.kill()


Name = tuple[str, int, int, str]
"""Of an order: its user, FrontID, SessionID and OrderRef."""


def _name(user: str, row: Message) -> Name:
    return user, row["FrontID"], row["SessionID"], row["OrderRef"].strip()


def _by_name(at_front: dict[str, list[Message]]) -> Counter[Name]:
    return Counter(_name(user, row) for user, rows in at_front.items() for row in rows)

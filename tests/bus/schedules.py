"""Random schedules of failures of the bus, each told again by its seed.

``python -m tests.bus.schedules --count 300`` plays 300 of them; ``--seed 7`` plays one. A market
ticks all the while. Nodes, edges and Redis are ended and begun anew, Redis is stopped and paused,
links are cut, are slow, and fall silent; in every fourth schedule a Sentinel has another Redis be
the master. In each failure the node is not given a tick of an instrument that seldom ticks: neither
a number nor a newer tick tells of it. A client of the edge gives some instruments up and takes them
again. It must never be given an older tick as new, must be told of each instrument whose ticks are
missing, and must hold the newest tick of each once all is over.
"""

import argparse
import gc
import random
import signal
import time
from collections.abc import Callable, Coroutine, Iterator, Sequence
from typing import Any, Final, NamedTuple

from twisted.internet.defer import Deferred
from twisted.internet.task import react

from tests.bus.market import NAMES, Market, Viewer
from tests.bus.redisserver import RedisServer
from tests.bus.sentinel import SentinelPair, Server
from tests.bus.wire import Wire
from tests.daemons import PATIENCE, sleep
from webctp.testing import Gateway

STEPS: Final = 6
HEALED: Final = 5.0
"""Seconds from the last failure until everything is as it was; said, and asserted by nobody."""


ANYWHERE: Final = ("node", "edge", "pause", "cut", "cut all", "interest")
"""What fails whoever answers as Redis."""
ALONE: Final = (
    *ANYWHERE,
    *("redis", "stop", "slow node", "slow edge", "silent node", "silent edge", "cut edge"),
)
"""What fails where there is one Redis, and a wire to it from the node and from the edge."""
IN_PAIRS: Final = (*ANYWHERE, "failover", "killed master")
"""What fails where there are two, and a Sentinel."""
QUIET: Final = "ru2405"
"""Ticks before each failure only; of what a node is not given of it nothing newer tells."""
ALL: Final = (*NAMES, QUIET)
WITHHELD: Final = (0, 0, 0, 5, 20)
"""Ticks of the market in a failure until the node is not given one: drawn of these."""
SLOWEST: Final = 0.2
"""Seconds by which a wire that is slow delays a piece, at the most."""


class Failure(NamedTuple):
    """What fails, a number from 0 to 1 that says for how long, and the seconds afterwards."""

    name: str
    length: float
    after: float


def _plan(draw: random.Random, failures: Sequence[str]) -> Iterator[Failure]:
    """Draw the failures of a schedule: nothing else is drawn, so that a seed tells all of them."""
    for _ in range(STEPS):
        yield Failure(draw.choice(failures), draw.random(), draw.random() / 2)


class Schedule:
    """One schedule.

    :ivar told: what was done, for whoever reads of a failure.
    """

    def __init__(self, seed: int) -> None:
        self.seed = seed
        self._pair = SentinelPair() if seed % 4 == 0 else None
        self._plan = list(_plan(random.Random(seed), ALONE if self._pair is None else IN_PAIRS))
        self._ticks = random.Random(seed)
        self._withheld = random.Random(f"withheld {seed}")
        self._withholds_in = -1
        self._market = Market()
        self._redis = RedisServer()
        self._wires: dict[str, Wire] = {}
        self._node: Gateway | None = None
        self._edge: Gateway | None = None
        self._viewer: Viewer | None = None
        self._garbage = gc.get_threshold()
        self.told: list[str] = []
        self.healed = 0.0

    async def play(self) -> None:
        """Play it.

        :raises AssertionError: naming the seed, what was done, and what went wrong.
        """
        try:
            await self._begin()
            for failure in self._plan:
                await self._step(failure)
            await self._heal()
        except Exception as problem:
            done = ", ".join(self.told)
            raise AssertionError(f"--seed {self.seed}: {done}: {problem}") from problem
        finally:
            await self._end()

    async def _begin(self) -> None:
        if self._pair is not None:
            await self._pair.start()
        else:
            await self._redis.start()
            for number, name in enumerate(("node", "edge")):
                self._wires[name] = Wire(self._redis.path, 2 * self.seed + number)
        await self._start_node()
        await self._start_edge()

    def _url(self, name: str) -> str:
        """Return the address of Redis, as the node or the edge has it."""
        return self._wires[name].url if self._pair is None else self._pair.url

    async def _end(self) -> None:
        for gateway in (self._edge, self._node):
            if gateway is not None:
                await gateway.stop()
        gc.set_threshold(*self._garbage)
        for wire in self._wires.values():
            await wire.close()
        self._redis.remove()
        if self._pair is not None:
            self._pair.remove()

    async def _step(self, failure: Failure) -> None:
        acts: dict[str, Callable[[float], Coroutine[Any, Any, None]]] = {
            "node": self._node_again,
            "edge": self._edge_again,
            "redis": self._redis_again,
            "stop": self._stopped,
            "pause": self._paused,
            "cut": lambda _: self._cut(b"pubsub"),
            "cut all": lambda _: self._cut(b"normal"),
            "slow node": lambda length: self._slow("node", length),
            "slow edge": lambda length: self._slow("edge", length),
            "silent node": lambda length: self._silent("node", length),
            "silent edge": lambda length: self._silent("edge", length),
            "cut edge": self._cut_edge,
            "interest": self._interest,
            "failover": lambda _: self._fail_over(kill=False),
            "killed master": lambda _: self._fail_over(kill=True),
        }
        self.told.append(failure.name)
        self._push(QUIET)
        await self._tick(0)
        self._withholds_in = self._withheld.choice(WITHHELD)
        await acts[failure.name](failure.length)
        await self._tick(failure.after)

    async def _start_node(self) -> None:
        self._market = Market(self._market)
        partitions = str(1 + self.seed % 5)
        bus = {"Url": self._url("node"), "Publish": "true", "Partitions": partitions}
        self._node = await Gateway(self._market.front, AppType="md", Bus=bus).start()
        gc.set_threshold(*self._garbage)

    async def _start_edge(self) -> None:
        keys: dict[str, Any] = {"AppType": "md", "MdFrontAddress": self._url("edge")}
        self._edge = await Gateway(
            "sim://", SubscribeInterval="0", UnsubscribeGrace="0", **keys
        ).start()
        gc.set_threshold(*self._garbage)
        client = await self._edge.connect("md")
        # While its upstream is away a login waits for it.
        await client.ask({"MsgType": "ReqUserLogin", "ReqUserLogin": {}})
        since = self._market.volume
        await client.ask({"MsgType": "SubscribeMarketData", "InstrumentID": list(ALL)})
        self._viewer = Viewer(client, since)

    async def _node_again(self, _: float) -> None:
        if self._node is not None:
            await self._node.stop()
        await self._start_node()

    async def _edge_again(self, _: float) -> None:
        if self._edge is not None:
            await self._edge.stop()
        await self._start_edge()

    async def _interest(self, length: float) -> None:
        """Let the client give up some instruments, and take them again after a while."""
        names = [NAMES[int(length * len(NAMES)) - some] for some in (0, 1)]
        if self._viewer is not None:
            self._viewer.client.say({"MsgType": "UnSubscribeMarketData", "InstrumentID": names})
            await self._tick(length)
            self._viewer.comes_back(*names)

    async def _redis_again(self, length: float) -> None:
        self._redis.kill()
        await self._tick(length / 2)
        await self._redis.start()

    async def _stopped(self, length: float) -> None:
        self._redis.signal(signal.SIGSTOP)
        await self._tick(length * 4)
        self._redis.signal(signal.SIGCONT)

    async def _paused(self, length: float) -> None:
        await self._ask(b"CLIENT", b"PAUSE", b"%d" % (100 + length * 1900), b"ALL")

    async def _cut(self, kind: bytes) -> None:
        await self._ask(b"CLIENT", b"KILL", b"TYPE", kind, b"SKIPME", b"yes")

    async def _ask(self, *parts: bytes) -> Any:
        """Send a command to Redis, to the master of two."""
        asked: RedisServer | Server = self._redis
        if self._pair is not None:
            asked = await self._pair.master()
        return await asked.ask(*parts)

    async def _slow(self, name: str, length: float) -> None:
        self._wires[name].delay = SLOWEST
        await self._tick(length * 2)
        self._wires[name].speak()

    async def _silent(self, name: str, length: float) -> None:
        self._wires[name].is_silent = True
        await self._tick(length * 5)
        self._wires[name].speak()

    async def _cut_edge(self, length: float) -> None:
        """Cut the edge off alone, and let it come back after a while."""
        wire = self._wires["edge"]
        wire.is_silent = True
        for end in list(wire.ends):
            end.cut()
        await self._tick(length)
        wire.speak()

    async def _fail_over(self, *, kill: bool) -> None:
        if self._pair is None:
            raise AssertionError("there is one Redis")
        over = Deferred.fromCoroutine(self._pair.fail_over(kill=kill))
        while not over.called:
            await self._tick(0)
        await over

    async def _tick(self, seconds: float) -> None:
        """Let the market tick for a while, and the viewer take what comes."""
        end = time.monotonic() + seconds
        while True:
            self._push(*self._ticks.sample(NAMES, self._ticks.randrange(1, 4)))
            if self._withholds_in == 0:
                self._withhold(QUIET)
            self._withholds_in -= 1
            await sleep(0.02)
            if self._viewer is not None:
                self._viewer.take_all()
            if time.monotonic() >= end:
                return

    def _push(self, *names: str) -> None:
        """Push ticks; a node that has not logged in yet has no API that would bring them."""
        if self._market.front.apis:
            self._market.tick(*names)

    def _withhold(self, name: str) -> None:
        """Let the node not be given a tick; one that ends, or begins, has nobody to tell."""
        if self._node is None or self._viewer is None:
            return
        services: Any = self._node.daemon.services
        if services.md.hub.relay is not None:
            self._viewer.withheld(name)
            services.md.hub.on_gap(services.md.feeds, {name.encode(): 1})

    async def _heal(self) -> None:
        """Wait until the viewer holds the newest tick of each instrument."""
        viewer, began = self._viewer, time.monotonic()
        if viewer is None:
            raise AssertionError("there is no viewer")
        while True:
            self._push(*ALL)
            newest = {name: volumes[-1] for name, volumes in self._market.pushed.items()}
            # A busy machine may take a while; what is pushed again meanwhile would come later yet.
            for _ in range(25):
                await sleep(0.02)
                viewer.take_all()
                if newest == viewer.held:
                    break
            if len(newest) == len(ALL) and newest == viewer.held:
                break
            if time.monotonic() - began > PATIENCE:
                raise AssertionError(f"not healed: holds {viewer.held}, newest {newest}")
        self.healed = time.monotonic() - began
        while untold := viewer.untold(self._market.pushed):
            if time.monotonic() - began > PATIENCE:
                raise AssertionError(f"ticks are missing, and nobody has said so: {untold}")
            await sleep(0.02)
            viewer.take_all()


async def play(seeds: range) -> None:
    """Play schedules, and say of each how long it took to heal."""
    slowest = 0.0
    for seed in seeds:
        schedule = Schedule(seed)
        await schedule.play()
        slowest = max(slowest, schedule.healed)
        late = " LATE" if schedule.healed > HEALED else ""
        print(f"seed {seed}: healed in {schedule.healed:.1f} s{late}: {', '.join(schedule.told)}")
    print(f"{len(seeds)} schedules; the slowest healed in {slowest:.1f} s", flush=True)


def main() -> None:
    """Read the command line, and play."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seed", type=int, default=1, help="the first seed")
    parser.add_argument("--count", type=int, default=1, help="how many schedules")
    asked = parser.parse_args()
    seeds = range(asked.seed, asked.seed + asked.count)
    react(lambda _: Deferred.fromCoroutine(play(seeds)))


if __name__ == "__main__":
    main()

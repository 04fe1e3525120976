"""``python -m tests.native_cycles KIND COUNT``: open and release APIs of the real library.

KIND is the front's: ``closed``, ``silent`` or ``dropping``; COUNT is how many APIs, some at a
time. Prints JSON: how many were released, the callbacks that came, and how many of them came
while ``Release`` ran and after it had returned. A library that ends the process prints nothing.
"""

import json
import random
import sys
import tempfile
from collections import Counter
from collections.abc import Callable, Iterable
from typing import Any, Final, cast

from twisted.internet import reactor
from twisted.internet.defer import Deferred, DeferredList
from twisted.internet.task import deferLater, react

from tests.fronts import Silent, closed_front
from webctp.clock import Reactor
from webctp.ctp import binding
from webctp.ctp.bridge import Bridge, CallbackEvent
from webctp.ctp.front import NativeFront
from webctp.upstream.session import api as connection_module
from webctp.upstream.session.api import NativeApi
from webctp.upstream.session.apiqueue import ApiQueue

AT_ONCE: Final = 20
"""APIs open at a time."""
_MOMENT: Final = 0.01
_SETTLING: Final = 0.5
"""Seconds that a release waits here at most, so that a silent front takes no minutes."""


class Cycle:
    """One API: opened, left alone for a moment, released."""

    def __init__(self, told: Counter[str], apis: ApiQueue, base: str, address: str) -> None:
        self._told = told
        self._released = False
        catalogue = binding.load().trading
        self._connection = NativeApi(
            apis=apis,
            create=NativeFront(binding.load()).create_trader,
            prepare=lambda api: api.RegisterFront(address),
            catalogue=catalogue,
            bridge=Bridge(self, self._deliver),
            flow_base=base,
            flow_identity=("td", address),
            production_mode=True,
        )
        self._release = self._connection._release
        self._connection._release = self._watched  # type: ignore[method-assign]
        self._releasing = False

    def callFromThread(self, callable: Callable[..., Any], *args: object, **kwargs: object) -> None:
        """Of the reactor: a native thread has something to tell."""
        self._told["callbacks"] += 1
        self._told["during Release"] += self._releasing
        self._told["after Release"] += self._released
        reactor.callFromThread(callable, *args, **kwargs)  # type: ignore[attr-defined]

    async def run(self) -> None:
        """Open, wait, release."""
        await self._connection.open()
        if random.random() < 0.5:
            # Half of them do not wait for the front: callbacks arrive while Release runs.
            self._connection.settled()
        await deferLater(reactor, random.random() * _MOMENT, lambda: None)
        await self._connection.close()
        self._told["released"] += 1

    def _watched(self) -> None:
        self._releasing = True
        self._release()
        self._releasing, self._released = False, True

    def _deliver(self, events: Iterable[CallbackEvent]) -> None:
        for _ in events:
            self._connection.settled()


async def cycles(kind: str, count: int) -> None:
    """Run the cycles, some at a time, and print what was seen."""
    connection_module.SETTLING = _SETTLING  # type: ignore[misc]
    front = None if kind == "closed" else Silent(drops=kind == "dropping")
    address = closed_front() if front is None else front.address
    told: Counter[str] = Counter()
    apis = ApiQueue.on(cast(Reactor, reactor))
    with tempfile.TemporaryDirectory() as base:
        left = iter(range(count))

        async def some() -> None:
            for _ in left:
                await Cycle(told, apis, base, address).run()

        works = [Deferred.fromCoroutine(some()) for _ in range(AT_ONCE)]
        await DeferredList(works, fireOnOneErrback=True, consumeErrors=True)
        await deferLater(reactor, 1, lambda: None)
    if front is not None:
        front.close()
    print(json.dumps(told))


if __name__ == "__main__":
    react(lambda _: Deferred.fromCoroutine(cycles(sys.argv[1], int(sys.argv[2]))), [])

"""A market whose ticks a test pushes, and what a client of an edge makes of them."""

from collections.abc import Callable, Mapping
from itertools import pairwise
from typing import Any, Final

from webctp.testing import FakeFront
from webctp.testing.client import GatewayClient

NAMES: Final = ("rb2405", "cu2405", "IF2405", "m2405", "SR405")
DAY: Final = "20240102"
_AGAIN: Final = 7_000
"""The RequestID with which a viewer subscribes again."""


class Market:
    """A front whose ticks a test pushes: each has a Volume greater than all before.

    :param before: the market that this one goes on from, with another front.
    :ivar pushed: the Volumes of all ticks of each instrument.
    """

    def __init__(self, before: "Market | None" = None) -> None:
        self.front = FakeFront()
        self.volume: int = 0 if before is None else before.volume
        self.pushed: dict[str, list[int]] = {} if before is None else before.pushed

    def tick(self, *names: str) -> int:
        """Push a tick of each instrument; gives the Volume of the last."""
        for name in names:
            self.volume += 1
            self.pushed.setdefault(name, []).append(self.volume)
            seconds, millisec = divmod(self.volume, 2)
            hours, rest = divmod(9 * 3600 + seconds, 3600)
            self.front.push(
                "OnRtnDepthMarketData",
                {
                    "InstrumentID": name,
                    "TradingDay": DAY,
                    "ActionDay": DAY,
                    "UpdateTime": f"{hours:02}:{rest // 60:02}:{rest % 60:02}",
                    "UpdateMillisec": millisec * 500,
                    "Volume": self.volume,
                    "LastPrice": 3000.0 + self.volume,
                },
            )
        return self.volume


class Viewer:
    """What a client holds: the newest Volume of each instrument, which never goes back.

    :param since: the Volume of the market's last tick before the client subscribed.

    ``received`` are the Volumes in the order they came, ``dropped`` the ticks that it was told
    were dropped; ``named`` says of which instruments it was told so, behind how many ticks, and of
    how many.
    """

    def __init__(self, client: GatewayClient, since: int = 0) -> None:
        self.client = client
        self._since = since
        self.held: dict[str, int] = {}
        self.received: list[int] = []
        self.dropped = 0
        self.named: list[tuple[int, tuple[str, ...], int]] = []
        self._back: tuple[str, ...] = ()
        self._current: set[str] = set()
        """Of which a tick has come since they were subscribed."""
        self._withheld: list[tuple[int, str]] = []

    def withheld(self, name: str) -> None:
        """Take note that a node was not given a tick: a notice that comes from now on is to say so.

        Of an instrument of which nothing has come yet there is no gap.
        """
        if name in self._current:
            self._withheld.append((len(self.named), name))

    def comes_back(self, *names: str) -> None:
        """Subscribe to instruments again: of what came before the answer nothing is to be told."""
        self._back = names
        asked = {"MsgType": "SubscribeMarketData", "InstrumentID": names, "RequestID": _AGAIN}
        self.client.say(asked)

    async def until(self, met: Callable[["Viewer"], bool], what: str) -> None:
        """Take messages until a condition is met."""
        while not met(self):
            self.take(await self.client.until(lambda message: True, f"{what}; held {self.held}"))

    async def reaches(self, volume: int) -> None:
        """Take messages until a tick is held."""
        await self.until(lambda one: max(one.held.values(), default=0) >= volume, f"tick {volume}")

    async def leave(self) -> None:
        """Close the connection."""
        await self.client.leave()

    def take_all(self) -> None:
        """Take the messages that have come."""
        unread = self.client._unread
        while unread:
            self.take(unread.popleft())

    def take(self, message: dict[str, Any]) -> None:
        """Take a message.

        :raises AssertionError: if it gives an older tick as new.
        """
        if message["MsgType"] == "RtnTicksDropped":
            told = message["TicksDropped"]
            self.dropped += told["Count"]
            # Without names it is this client that was slow: it may have been any.
            any_of = (*NAMES, *self.held)
            names = tuple(told.get("InstrumentID", any_of))
            self.named.append((len(self.received), names, told["Count"]))
        if message.get("RequestID") == _AGAIN:
            self.named.append((len(self.received), self._back, len(self._withheld)))
            self._current.difference_update(self._back)
        tick = message.get("DepthMarketData")
        if tick is None:
            return
        name, volume = tick["InstrumentID"], tick["Volume"]
        before = self.held.get(name, 0)
        if not message.get("Stale") and volume < before:
            raise AssertionError(f"{name}: {volume} as new behind {before}")
        self.held[name] = volume
        if not message.get("Stale"):
            self._current.add(name)
        self.received.append(volume)

    def untold(self, pushed: Mapping[str, list[int]]) -> list[str]:
        """Return of which instruments ticks are missing that no notice has named.

        Missing is what was pushed between two ticks that were received; the notice comes behind
        the first of them. So is what a node was not given.

        :param pushed: the Volumes of all ticks of each instrument.
        """
        places: dict[int, int] = {}
        for place, volume in enumerate(self.received):
            places.setdefault(volume, place)
        found = []
        for name, volumes in pushed.items():
            got = [place for place, one in enumerate(volumes) if one in places]
            told = max((place for place, names, _ in self.named if name in names), default=-1)
            for before, after in pairwise(got):
                if after - before > 1 and told <= places[volumes[before]]:
                    found.append(f"{name}: {volumes[before]} to {volumes[after]}")
        for number, (place, name) in enumerate(self._withheld):
            since = sum(1 for _, one in self._withheld[number:] if one == name)
            told = sum(count for _, names, count in self.named[place:] if name in names)
            if told < since:
                found.append(f"{name}: {since} that the node was not given, {told} of them told")
        return found

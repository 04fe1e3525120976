"""A market whose ticks a test pushes, and what a client of an edge makes of them."""

from collections.abc import Callable, Mapping
from typing import Any, Final

from webctp.testing import FakeFront
from webctp.testing.client import GatewayClient

NAMES: Final = ("rb2405", "cu2405", "IF2405", "m2405", "SR405")
DAY: Final = "20240102"


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
    were dropped; ``is_told`` says that it was told of a gap, or that the upstream was away.
    """

    def __init__(self, client: GatewayClient, since: int = 0) -> None:
        self._client = client
        self._since = since
        self.held: dict[str, int] = {}
        self.received: list[int] = []
        self.dropped = 0
        self.is_told = False

    async def until(self, met: Callable[["Viewer"], bool], what: str) -> None:
        """Take messages until a condition is met."""
        while not met(self):
            self.take(await self._client.until(lambda message: True, f"{what}; held {self.held}"))

    async def reaches(self, volume: int) -> None:
        """Take messages until a tick is held."""
        await self.until(lambda one: max(one.held.values(), default=0) >= volume, f"tick {volume}")

    async def leave(self) -> None:
        """Close the connection."""
        await self._client.leave()

    def take_all(self) -> None:
        """Take the messages that have come."""
        unread = self._client._unread
        while unread:
            self.take(unread.popleft())

    def take(self, message: dict[str, Any]) -> None:
        """Take a message.

        :raises AssertionError: if it gives an older tick as new.
        """
        if message["MsgType"] == "RtnTicksDropped":
            self.dropped += message["TicksDropped"]["Count"]
            self.is_told = True
        if message["MsgType"] == "RtnSessionState":
            self.is_told = True
        tick = message.get("DepthMarketData")
        if tick is None:
            return
        name, volume = tick["InstrumentID"], tick["Volume"]
        before = self.held.get(name, 0)
        if not message.get("Stale") and volume < before:
            raise AssertionError(f"{name}: {volume} as new behind {before}")
        self.held[name] = volume
        self.received.append(volume)

    def check(self, pushed: Mapping[str, list[int]]) -> None:
        """Look whether it was told of what is missing between what it has received.

        :param pushed: the Volumes of all ticks of each instrument.
        :raises AssertionError: if not.
        """
        received = set(self.received)
        for name, all_volumes in pushed.items():
            volumes = [one for one in all_volumes if one > self._since]
            places = [place for place, one in enumerate(volumes) if one in received]
            missing = places and len(places) < places[-1] - places[0] + 1
            if missing and not self.is_told:
                raise AssertionError(f"ticks of {name} are missing, and nobody has said so")

"""Clients that send orders with ClientOrderIDs, whatever becomes of the gateway meanwhile."""

from collections import Counter, deque
from collections.abc import Callable
from typing import Any, Final

from autobahn.exception import Disconnected

from tests.daemons import sleep
from tests.wsclient import Client, Message, connect

PASSWORD: Final = "s3cret"
_SETTLED: Final = ("known", "refused")
_PAUSE: Final = 0.05


class Trader:
    """One client: it sends an order, waits for its outcome, and sends the next.

    When its connection is closed it comes back at once, and says again what was not settled: by
    its ClientOrderID the gateway knows whether it was sent.

    :param order: the fields of an order that trades at once.
    """

    def __init__(self, port: int, user: str, number: int, order: Message) -> None:
        self._port = port
        self._user = user
        self._number = number
        self._order = order
        self.outcomes: dict[str, Message] = {}
        """What became of each ClientOrderID."""
        self.refused: list[str] = []
        """Connections that were not taken."""
        self.notices: list[Message] = []
        self.codes: Counter[int | None] = Counter()
        """What connections were closed with."""
        self._sent = 0

    async def trade(self, goes_on: Callable[[], bool]) -> None:
        """Send orders as long as it is to go on, and see the last one settled."""
        waiting = ""
        while goes_on() or waiting:
            client = await self._connected()
            if client is None:
                await sleep(_PAUSE)
                continue
            try:
                if await self._logged_in(client):
                    waiting = await self._send_orders(client, waiting, goes_on)
            except (ConnectionError, Disconnected):
                pass
            waiting = self._waiting
            self.notices += [one for one in client.history if one["MsgType"] == "RtnShutdown"]
            if not client.closed.called:
                client.sendClose(1000)
            self.codes[await client.closed] += 1

    _waiting = ""
    """The ClientOrderID that was sent and is not settled."""

    async def _connected(self) -> Client | None:
        try:
            client = await connect(self._port, "/td/")
            client.history = deque()  # all of it: the notice of the end comes before many pushes
            return client
        except Exception as problem:  # noqa: BLE001 - each is a connection that was not taken
            self.refused.append(repr(problem))
            return None

    async def _logged_in(self, client: Client) -> bool:
        """Log in; a gateway that is about to end takes no login, and closes before long."""
        body = {"UserID": self._user, "Password": PASSWORD}
        answer = await client.ask({"MsgType": "ReqUserLogin", "ReqUserLogin": body, "RequestID": 1})
        if answer["RspInfo"]["ErrorID"] == 0:
            return True
        await client.closed
        return False

    async def _send_orders(self, client: Client, waiting: str, goes_on: Callable[[], bool]) -> str:
        while waiting or goes_on():
            if not waiting:
                self._sent += 1
                waiting = f"{self._number}-{self._sent}"
            self._waiting = waiting
            client.say(
                {
                    "MsgType": "ReqOrderInsert",
                    "InputOrder": self._order,
                    "ClientOrderID": waiting,
                    "RequestID": 7,
                }
            )
            told = await client.until(self._settles(waiting), f"what became of {waiting}")
            self.outcomes[waiting] = told.get("ClientOrder", told)
            self._waiting = waiting = ""
            await sleep(_PAUSE)
        return ""

    def _settles(self, name: str) -> Callable[[Message], bool]:
        def settles(one: Message) -> bool:
            found: Any = one.get("ClientOrder", {})
            if found.get("ClientOrderID") == name:
                return bool(found["Status"] in _SETTLED)
            # The gateway's own refusal: nothing was sent.
            return bool(one["MsgType"] == "ReqOrderInsert")

        return settles


async def an_order(client: Client) -> Message:
    """Return the fields of an order that trades at once; the client is logged in."""
    asked = {"MsgType": "ReqQryInstrument", "RequestID": 2}
    asked["QryInstrument"] = {"ExchangeID": "SHFE", "ProductID": "cu"}
    listed = await client.answers(asked)
    name = listed[0]["Instrument"]["InstrumentID"]
    asked = {"MsgType": "ReqQryDepthMarketData", "RequestID": 3}
    asked["QryDepthMarketData"] = {"InstrumentID": name}
    tick = (await client.ask(asked))["DepthMarketData"]
    return {
        "InstrumentID": name,
        "ExchangeID": "SHFE",
        "OrderPriceType": "2",
        "Direction": "0",
        "CombOffsetFlag": "0",
        "CombHedgeFlag": "1",
        "LimitPrice": tick["UpperLimitPrice"],
        "VolumeTotalOriginal": 1,
        "TimeCondition": "3",
        "VolumeCondition": "1",
        "ContingentCondition": "1",
        "ForceCloseReason": "0",
    }


async def orders_at_front(port: int, user: str) -> list[Message]:
    """Return the orders that the front has of an account, as it tells them anew."""
    client = await connect(port, "/td/")
    body = {"UserID": user, "Password": PASSWORD}
    answer = await client.ask({"MsgType": "ReqUserLogin", "ReqUserLogin": body, "RequestID": 1})
    if answer["RspInfo"]["ErrorID"]:
        raise AssertionError(f"no login: {answer}")
    found = await client.answers({"MsgType": "ReqQryOrder", "QryOrder": {}, "RequestID": 4})
    await client.leave()
    return [one["Order"] for one in found if one["Order"] is not None]

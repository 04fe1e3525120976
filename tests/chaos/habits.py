"""What clients do while nobody stops them: order, cancel, ask, come and go. Drawn at random."""

from collections.abc import Callable, Sequence
from itertools import count
from random import Random
from typing import Final

from tests.chaos.client import Client, Message
from tests.chaos.ledger import Seconds

Action = tuple[float, Callable[[Client], object]]
"""Something that a client may do, and how often, against the others."""

_QUERIES: Final = (
    ("ReqQryTradingAccount", "QryTradingAccount"),
    ("ReqQryInvestorPosition", "QryInvestorPosition"),
    ("ReqQryOrder", "QryOrder"),
    ("ReqQryTrade", "QryTrade"),
    ("ReqQryInstrument", "QryInstrument"),
    ("ReqQryInvestor", "QryInvestor"),
    # Queries all the same, whatever their names end in.
    ("ReqQryParkedOrderAction", "QryParkedOrderAction"),
    ("ReqQryCombAction", "QryCombAction"),
)


class Habits:
    """What clients do.

    :param price: draws an instrument, a direction and a price.
    :param ids: whether they use ClientOrderIDs.
    :param away: mean seconds that they stay away after their socket broke.
    :param more: what they do besides.
    """

    def __init__(
        self,
        random: Random,
        time: Seconds,
        price: Callable[[], tuple[str, str, float]],
        *,
        ids: bool,
        away: float = 4.0,
        more: Sequence[Action] = (),
    ) -> None:
        self._random = random
        self._time = time
        self._price = price
        self._ids = ids
        self._away = away
        self._given = count(1)
        actions: Sequence[Action] = (
            (0.36, self._order),
            (0.14, self._cancel),
            (0.10, self._repeat),
            (0.12, self._query),
            (0.03, self._queries),
            (0.06, self._drop),
            (0.05, lambda one: one.open(take_over=True)),
            (0.02, lambda one: one.open()),
            (0.02, lambda one: one.drop_ghosts()),
            (0.02, self._login_again),
            (0.01, self._logout),
            *more,
        )
        self._weights = [weight for weight, _ in actions]
        self._actions = [action for _, action in actions]

    def act(self, client: Client) -> None:
        """Let a client do something, if it has a socket to do it on."""
        if client.link is not None and not client.link.peer.broken:
            (chosen,) = self._random.choices(self._actions, self._weights)
            chosen(client)

    def body(self) -> Message:
        """An order's fields; a few are such that it will be refused."""
        name, side, price = self._price()
        body: Message = {
            "InstrumentID": name,
            "ExchangeID": "CFFEX" if name.startswith("IF") else "SHFE",
            "OrderPriceType": "2",
            "Direction": side,
            "CombOffsetFlag": "0",
            "CombHedgeFlag": "1",
            "LimitPrice": price,
            "VolumeTotalOriginal": self._random.randint(1, 3),
            "TimeCondition": "3",
            "VolumeCondition": "1",
            "ContingentCondition": "1",
            "ForceCloseReason": "0",
        }
        wrong = self._random.random()
        if wrong < 0.03:
            body["InstrumentID"] = "xx9999"
        elif wrong < 0.06:
            body["LimitPrice"] += 0.001
        elif wrong < 0.09:
            body["VolumeTotalOriginal"] = 100_000
        return body

    def new_id(self, client: Client, chance: float) -> str:
        """A ClientOrderID that has not been used; empty where the client wants none."""
        if not self._ids or self._random.random() >= chance:
            return ""
        return f"{client.name}/{next(self._given)}"

    def _order(self, client: Client) -> None:
        body = self.body()
        given = self.new_id(client, 0.6)
        if self._random.random() < 0.05:
            body["OrderRef"] = str(self._random.randrange(1, 40))
        client.order(body, given)

    def _cancel(self, client: Client) -> None:
        live = client.live_orders()
        if live:
            row = dict(self._random.choice(live))
            if self._random.random() < 0.3:
                row["OrderSysID"] = ""
            client.cancel(row, self.new_id(client, 0.5))

    def _repeat(self, client: Client) -> None:
        if client.given:
            given = self._random.choice(list(client.given))
            if self._random.random() < 0.1:
                name, body = client.given[given]
                if name == "ReqOrderInsert" and given in client.fates:
                    other = {**body["InputOrder"], "VolumeTotalOriginal": 7}
                    client.other(given, {"InputOrder": other})
            else:
                client.again(given)

    def _query(self, client: Client) -> None:
        name, key = self._random.choice(_QUERIES)
        # A query has no place for a ClientOrderID; one that brings one is told so.
        words = {"ClientOrderID": "no order"} if self._random.random() < 0.1 else {}
        client.send(name, {key: {}}, **words)

    def _queries(self, client: Client) -> None:
        for name, key in _QUERIES:
            if client.link is not None:
                client.send(name, {key: {}})

    def _drop(self, client: Client) -> None:
        client.drop()
        self.stay_away(client)

    def stay_away(self, client: Client) -> None:
        """Let a client without a socket wait before it comes back, to resume or not."""
        client.retry_at = self._time.seconds() + self._random.expovariate(1 / self._away)
        client.resumes = self._random.random() < 0.8

    def _login_again(self, client: Client) -> None:
        if client.link is not None and client.link.joining is None:
            client.login()

    def _logout(self, client: Client) -> None:
        client.send("ReqUserLogout", {"UserLogout": {"UserID": client.owner.user}})

"""Main contracts: clients subscribe to ``@rb`` and are sent the contract that it stands for.

The gateway subscribes to all known futures of a product that somebody names so, and looks now and
then whether another has become the main one. A client's streams of it are subscriptions of their
own beside those that it asks for by a contract's name, and their messages say ``MainContract``.
Everything runs in the reactor's thread.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from typing import Any, Final, Protocol

from twisted.internet.interfaces import IDelayedCall, IReactorTime

from webctp.ctp import errors
from webctp.ctp.refusal import Refusal
from webctp.gateway.market.joining import BarJoin, check_history
from webctp.gateway.market.pastbars import PastBars
from webctp.gateway.market.spec import StreamSpec
from webctp.gateway.messages import own, own_market
from webctp.gateway.websocket.fanout import Outbox
from webctp.language.text import Text, english
from webctp.upstream.contracts.maincontract import (
    MainContractRule,
    contracts_of,
    is_product,
    product_named,
)
from webctp.upstream.market.hub import MarketHub

_SOON: Final = 1.0
"""Seconds between two looks while a main contract is not known."""
_LATER: Final = 15.0
"""Seconds between two looks at known ones: they change once in weeks, in the morning."""
_PATIENCE: Final = 3
"""Looks for which contracts that have not ticked are waited for."""


class _Main:
    """A product, what it stands for, and who wants to be told."""

    def __init__(self, product: bytes) -> None:
        self.product = product
        self.contract: bytes | None = None
        self.names: list[bytes] = []
        self.looks = 0
        self.followers: dict[MainStreams, None] = {}


class MainContracts:
    """Know the main contracts of the products that somebody names. To the hub it is a client."""

    outbox = None

    def __init__(self, clock: IReactorTime, hub: MarketHub[Any], rule: MainContractRule) -> None:
        self._clock = clock
        self._hub = hub
        self._rule = rule
        self._products: dict[bytes, _Main] = {}
        self._timer: IDelayedCall | None = None
        hub.instruments.on_added(self._added)

    def specs_of(self, name: bytes) -> tuple[()]:
        """Return no streams: it is sent nothing."""
        return ()

    def refuse(self, msg_type: str, code: int, detail: Text, request_id: int) -> None:
        """Take nothing: it subscribes to names, and those have no bound that tells."""

    def stands_for(self, name: str) -> str:
        """Return the contract that ``@rb`` stands for; any other name, or where none is known, it.

        A product that nobody has named before is known once its contracts have ticked.

        :raises Refusal: if there is no such product.
        """
        product = product_named(name.encode("gbk", "replace"))
        if product is None:
            return name
        check_product(product)
        main = self._main(product)
        return name if main.contract is None else main.contract.decode("gbk", "replace")

    def follow(self, product: bytes, streams: "MainStreams") -> bytes | None:
        """Tell ``streams`` of changes; return the contract, None where it is not known yet."""
        main = self._main(product)
        main.followers[streams] = None
        return main.contract

    def unfollow(self, product: bytes, streams: "MainStreams") -> None:
        """Tell them no more."""
        main = self._products.get(product)
        if main is not None:
            main.followers.pop(streams, None)

    def close(self) -> None:
        """Look no more."""
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None

    def _main(self, product: bytes) -> _Main:
        main = self._products.get(product)
        if main is None:
            main = self._products[product] = _Main(product)
            main.names = contracts_of(product, self._hub.instruments)
            self._hub.subscribe("tick", self, main.names)
            self._look_at(main)
            self._schedule(_SOON)
        return main

    def _added(self, names: list[bytes]) -> None:
        """Watch what is learnt of the products that are named."""
        for main in self._products.values():
            found = contracts_of(main.product, names)
            if found:
                main.looks = 0
                main.names += found
                self._hub.subscribe("tick", self, found)
                self._schedule(_SOON)

    def _schedule(self, seconds: float) -> None:
        if self._timer is not None and self._timer.getTime() > self._clock.seconds() + seconds:
            self._timer.cancel()
            self._timer = None
        if self._timer is None:
            self._timer = self._clock.callLater(seconds, self._look)

    def _look(self) -> None:
        self._timer = None
        for main in self._products.values():
            self._look_at(main)
        known = all(main.contract is not None for main in self._products.values())
        self._schedule(_LATER if known else _SOON)

    def _look_at(self, main: _Main) -> None:
        """Choose anew by the newest ticks; tell the followers of a change."""
        ticks: dict[bytes, bytes] = {}
        for name in main.names:
            subscription = self._hub.subscription_of(name)
            if subscription is not None and subscription.last is not None:
                ticks[name] = subscription.last
        main.looks += 1
        if len(ticks) < len(main.names) and main.looks <= _PATIENCE:
            return
        chosen = self._rule.choose(ticks)
        if chosen is None or chosen == main.contract:
            return
        before, main.contract = main.contract, chosen
        for streams in tuple(main.followers):
            streams.moved(main.product, before, chosen)


class MainClient(Protocol):
    """The client whose streams of main contracts these are."""

    outbox: Outbox

    def say(self, message: bytes) -> None:
        """Send a message."""

    def refuse(self, msg_type: str, code: int, detail: Text, request_id: int) -> None:
        """Answer with an error of the gateway's."""


class MainStreams:
    """One client's subscriptions to main contracts; to the hub another client with its outbox.

    :param begin: sends what stands of an instrument's streams after its last tick.
    """

    def __init__(
        self,
        hub: MarketHub[Any],
        mains: MainContracts,
        past: PastBars,
        client: MainClient,
        begin: Callable[["MainStreams", bytes], object],
    ) -> None:
        self._hub = hub
        self._past = past
        self._mains = mains
        self._client = client
        self._begin = begin
        self.outbox: Outbox | None = client.outbox
        self._specs: dict[bytes, tuple[StreamSpec, ...]] = {}
        """What is asked for, by product."""
        self._standing: dict[bytes, bytes] = {}
        """The product that a contract stands for."""
        self._history: dict[bytes, tuple[int, int]] = {}
        """How many bars of the past are asked for, by product, and the RequestID that did."""
        self._joins: dict[bytes, BarJoin] = {}
        """What still brings them, by contract: live ones are held back."""

    def specs_of(self, name: bytes) -> tuple[StreamSpec, ...]:
        """Return the streams asked for of a contract, as a main one."""
        product = self._standing.get(name)
        return () if product is None or name in self._joins else self._specs.get(product, ())

    def refuse(self, msg_type: str, code: int, detail: Text, request_id: int) -> None:
        """Answer with an error of the gateway's."""
        self._client.refuse(msg_type, code, detail, request_id)

    def subscribe(
        self,
        products: Iterable[bytes],
        specs: Sequence[StreamSpec],
        history: int = 0,
        request_id: int = 0,
    ) -> None:
        """Begin with the main contracts of products, or ask for them in another form.

        :param history: so many bars of the past come first, and again of each new contract.
        """
        for product in products:
            name = f"@{product.decode()}"
            self._drop(product)
            self._history[product] = history, request_id
            self._specs[product] = tuple(replace(one, main=name) for one in specs)
            contract = self._mains.follow(product, self)
            if contract is not None:
                self._tell(product, None, contract)
                self._take(product, contract)

    def unsubscribe(self, products: Iterable[bytes]) -> None:
        """End with the main contracts of products."""
        for product in products:
            self._mains.unfollow(product, self)
            self._specs.pop(product, None)
            self._history.pop(product, None)
            self._drop(product)

    # Bars of the past: what a join does with the client whose streams it holds back.

    def say(self, message: bytes) -> None:
        """Send a message."""
        self._client.say(message)

    def awaits(self, name: bytes, join: BarJoin) -> bool:
        """Return whether bars of the past are still to be sent by ``join``."""
        return self._joins.get(name) is join

    def joined(self, name: bytes) -> None:
        """Hold a contract's streams back no longer."""
        self._joins.pop(name, None)
        subscription = self._hub.subscription_of(name)
        if subscription is not None:
            subscription.clients.version += 1

    def begin_streams(self, name: bytes) -> None:
        """Send what stands of a contract's streams now."""
        self._begin(self, name)

    def close(self) -> None:
        """End with all of them."""
        self.unsubscribe(tuple(self._specs))

    def moved(self, product: bytes, before: bytes | None, contract: bytes) -> None:
        """Take another contract for a product, and say so first."""
        self._drop(product)
        self._tell(product, before, contract)
        self._take(product, contract)

    def _tell(self, product: bytes, before: bytes | None, contract: bytes) -> None:
        told = own_market.MainContract(
            Name=f"@{product.decode()}",
            InstrumentID=contract.decode("gbk", "replace"),
            Before="" if before is None else before.decode("gbk", "replace"),
        )
        self._client.say(own.encode(own_market.RtnMainContract(MainContract=told)))

    def _take(self, product: bytes, contract: bytes) -> None:
        self._standing[contract] = product
        join = self._join(product, contract)
        if join is not None:
            self._joins[contract] = join
        self._hub.subscribe("tick", self, [contract], resubscribe=True)
        if join is None:
            self._begin(self, contract)
        else:
            join.start([contract])

    def _join(self, product: bytes, contract: bytes) -> BarJoin | None:
        """Return what brings a contract's bars of the past; None where none are asked for.

        Where they cannot be had the client is told why, and live ones follow.
        """
        count, request_id = self._history.get(product, (0, 0))
        if not count:
            return None
        specs = self._specs[product]
        try:
            check_history(self._past, [contract], specs, count)
        except Refusal as problem:
            self.refuse("SubscribeMarketData", problem.code, problem.detail, request_id)
            return None
        name = f"@{product.decode()}"
        return BarJoin(self._hub, self._past, self, specs, count, request_id, name)

    def _drop(self, product: bytes) -> None:
        for contract in [one for one, standing in self._standing.items() if standing == product]:
            del self._standing[contract]
            self._joins.pop(contract, None)
            self._hub.unsubscribe("tick", self, [contract])


def check_product(product: bytes) -> None:
    """Look whether there is a product.

    :raises Refusal: if not.
    """
    if not is_product(product):
        raise Refusal(
            errors.BAD_REQUEST,
            english(
                "@{product}: no product is called so; write @rb, as its contracts begin",
                product=product.decode(),
            ),
        )


def split(names: Iterable[bytes]) -> tuple[list[bytes], list[bytes]]:
    """Return the products whose main contracts are named, and the names of all else."""
    products: list[bytes] = []
    others: list[bytes] = []
    for name in names:
        product = product_named(name)
        if product is None:
            others.append(name)
        else:
            products.append(product)
    return products, others

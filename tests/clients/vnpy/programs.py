"""A program of vn.py's, without its window: what its event engine tells it."""

from collections.abc import Callable
from typing import Any, Final

from vnpy.event import Event, EventEngine
from vnpy.trader.constant import Direction, Offset, OrderType, Product, Status
from vnpy.trader.object import ContractData, OrderData, OrderRequest, SubscribeRequest

from tests.clients.python.gateways import wait_until
from vnpy_webctp import gateway as vnpy_gateway

KINDS: Final = ("Tick", "Order", "Trade", "Position", "Account", "Contract", "Log")


def request(contract: Any, price: float, volume: int = 1, **more: Any) -> OrderRequest:
    """Return a request to buy."""
    usual = {"offset": Offset.OPEN, "type": OrderType.LIMIT} | more
    return OrderRequest(
        symbol=contract.symbol, exchange=contract.exchange, direction=Direction.LONG,
        volume=volume, price=price, **usual,
    )  # fmt: skip


class Program:
    """A program of vn.py's: what its event engine tells it, by kind."""

    def __init__(self, url: str, user: str, **more: str) -> None:
        self.told: dict[str, list[Any]] = {kind: [] for kind in KINDS}
        self.engine = EventEngine()
        for kind in KINDS:
            name = "eLog" if kind == "Log" else f"e{kind}."  # vn.py's own names
            self.engine.register(name, self._entry(kind))
        self.engine.start()
        self.gateway = vnpy_gateway.WebctpGateway(self.engine, "WEBCTP")
        self.setting = {"网关地址": url, "用户名": user, "密码": "pass", **more}
        self.gateway.connect(self.setting)

    def _entry(self, kind: str) -> Callable[[Event], None]:
        return lambda event: self.told[kind].append(event.data)

    def logged(self, text: str, times: int = 1) -> bool:
        """Return whether the log has so many lines with a text."""
        return sum(text in one.msg for one in self.told["Log"]) >= times

    def ready(self) -> None:
        """Wait until everything was told after the login."""
        self.until(lambda: bool(self.told["Account"]), "the account")

    def until(self, met: Callable[[], bool], what: str) -> None:
        """Wait for a condition; say what the log has where it is not met."""
        try:
            wait_until(met, what)
        except AssertionError as problem:
            raise AssertionError(f"{problem}; {[one.msg for one in self.told['Log']]}") from None

    def order(self, vt_orderid: str) -> OrderData | None:
        """Return an order as it was told last."""
        found = [one for one in self.told["Order"] if one.vt_orderid == vt_orderid]
        return found[-1] if found else None

    def status(self, vt_orderid: str) -> Status | None:
        """Return an order's status."""
        found = self.order(vt_orderid)
        return found.status if found else None

    def future(self) -> ContractData:
        """Return a future of rebar's, with ticks."""
        futures = [one for one in self.told["Contract"] if one.product is Product.FUTURES]
        found: ContractData = [one for one in futures if one.symbol.startswith("rb")][2]
        self.gateway.subscribe(SubscribeRequest(found.symbol, found.exchange))
        self.until(lambda: bool(self.told["Tick"]), "a tick")
        return found

    def end(self) -> None:
        """End it."""
        self.gateway.close()
        self.engine.stop()

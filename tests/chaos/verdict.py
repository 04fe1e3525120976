"""What must hold at the end: what a client was told, against what the exchange did."""

from typing import Protocol

from tests.chaos.client import Client, Message
from tests.chaos.ledger import Violation


class Executed(Protocol):
    """An order that reached the exchange, as it is there now."""

    @property
    def number(self) -> int:
        """BrokerOrderSeq."""

    @property
    def trading_day(self) -> str:
        """The day it belongs to."""

    @property
    def status(self) -> str:
        """OrderStatus."""

    @property
    def traded(self) -> int:
        """How many lots have traded."""


def check_fate(
    given: str,
    fate: Message,
    tag: int | None,
    order: Executed | None,
    day: str,
    session: tuple[int, int] | None,
) -> None:
    """Hold what was told last of an order's ClientOrderID against what became of it.

    :param tag: the RequestID under which it was sent, None if it was not.
    :param order: the order that came of it, None if there is none.
    :param day: the exchange's trading day; orders of another are not listed any more.
    :param session: the CTP session (FrontID, SessionID) that the exchange executed it in.
    """
    if order is not None and session is not None:
        # What was under way when its session broke must not be executed in the next.
        same(f"the session of {given}", session, (fate["FrontID"], fate["SessionID"]))
    status, code = fate["Status"], fate["ErrorID"]
    if status in ("recording", "recorded"):
        raise Violation(f"{given} is {status} for ever")
    if status == "refused" and code < 0:
        same(f"the sending of {given}, which was refused with {code}", tag, None)
        return
    if status == "known" and fate["Request"] != "ReqOrderInsert" and fate["OrderStatus"] in "05":
        return  # an action that may have been lost: its order has ended, whatever ended it
    if status in ("refused", "sent", "known") and tag is None:
        raise Violation(f"{given} is {status}, and was never sent")
    if fate["Request"] != "ReqOrderInsert":
        return
    if order is not None and order.trading_day != day:
        return
    if status == "known" and (order is not None or fate["TradingDay"] == day):
        if order is None:
            raise Violation(f"{given} is known, and the exchange does not know it")
        told = fate["OrderStatus"], fate["VolumeTraded"]
        same(f"what is told of {given}", told, (order.status, order.traded))
    elif order is not None:
        raise Violation(f"{given} is {status} {code}, and order {order.number} at the exchange")


def same(what: str, found: object, wanted: object) -> None:
    """Require that two things are equal.

    :raises Violation: naming both; of mappings what differs.
    """
    if found == wanted:
        return
    if isinstance(found, dict) and isinstance(wanted, dict):
        keys = [key for key in found | wanted if found.get(key) != wanted.get(key)]
        found = {key: found.get(key) for key in keys}
        wanted = {key: wanted.get(key) for key in keys}
    raise Violation(f"{what}: {found}, should be {wanted}")


def state_of(client: Client) -> str:
    """Where a client stands, for a message."""
    link = client.link
    if link is None:
        return f"{client.name} has no socket"
    return (
        f"{client.name} logged in {link.logged_in}, ready {link.ready}, "
        f"ignorant {client.ignorant}, waits for {client.waiting}"
    )

"""Conditional orders for tests."""

from typing import Any, Final

from webctp.upstream.conditional.conditional import Conditional
from webctp.upstream.conditional.triggers import Kind, Leg

BODY: Final[dict[str, Any]] = {
    "InstrumentID": "rb2701",
    "ExchangeID": "SHFE",
    "Direction": "1",
    "CombOffsetFlag": "1",
    "CombHedgeFlag": "1",
    "OrderPriceType": "2",
    "LimitPrice": 3300.0,
    "VolumeTotalOriginal": 2,
}
"""Sells two lots."""


def leg(kind: Kind = Kind.STOP, price: float = 3400.0, **more: Any) -> Leg:
    """Return a leg that sells; prices in yuan."""
    fields: dict[str, Any] = {"body": BODY, **more}
    if kind is Kind.TRAILING:
        fields.setdefault("distance", 100_000)
    elif kind in (Kind.STOP, Kind.PROFIT):
        fields.setdefault("price", round(price * 10_000))
    return Leg(kind=kind, **fields)


def buying(kind: Kind = Kind.STOP, price: float = 3400.0, **more: Any) -> Leg:
    """Return a leg that buys."""
    return leg(kind, price, body={**BODY, "Direction": "0"}, **more)


def conditional(*legs: Leg, **more: Any) -> Conditional:
    """Return a conditional order of these legs, or of a stop."""
    fields: dict[str, Any] = {
        "broker_id": "9999",
        "user_id": "u1",
        "conditional_id": "c-1",
        "digest": "d",
        "trading_day": "20240102",
        "until": "20240102",
        **more,
    }
    return Conditional(legs=legs or (leg(),), **fields)

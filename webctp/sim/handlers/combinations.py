"""Combinations: instruments, products and legs, the shares of their margins, their depth."""

from collections.abc import Iterable, Iterator
from typing import Final

from webctp.ctp.codec import DBL_MAX
from webctp.exchanges.combinations import COMBINATION, Combination
from webctp.sim.events import Values
from webctp.sim.exchange.exchange import Exchange
from webctp.sim.exchange.requests import Request
from webctp.sim.handlers.table import account_of, matches, rows
from webctp.sim.model.combinations import QUOTED

_ALL: Final = "0"
"""TradingType and ClassType: ``THOST_FTDC_TD_ALL``, ``THOST_FTDC_INS_ALL``."""
_TRADING: Final = "1"
_NOT_TRADING: Final = "2"
_COMBINATIONS: Final = "3"
_SPECULATION: Final = "1"


def _listed(exchange: Exchange) -> Iterator[Combination]:
    """Yield the combinations that ReqQryInstrument lists.

    Thousands are made as they are read: others wait while they are made all at once.
    """
    return (made for made in exchange.markets.combinations.futures() if made.is_listed)


def is_listed(exchange: Exchange, name: str) -> bool:
    """Return whether ReqQryInstrument lists a combination of this name."""
    spread = exchange.markets.spreads.get(name)
    return spread is not None and spread.combination.is_listed


def instruments(exchange: Exchange, request: Request) -> Iterator[Values]:
    """Yield the combinations that ReqQryInstrument asks for.

    Not those that can only be combined (CTP's page 6.5.1, supplement 1), nor CZCE's straddles
    and strangles (REQQRYINSTRUMENT).
    """
    wanted = request.text("InstrumentID") or request.text("ExchangeInstID")
    if wanted:
        one = exchange.markets.combinations.find(wanted)
        found = iter([one] if one is not None and one.is_listed else [])
    else:
        found = _listed(exchange)
    return (
        instrument_row(exchange, made)
        for made in found
        if request.text("ExchangeID") in ("", made.exchange_id)
        and request.text("ProductID") in ("", made.product_id)
    )


def classified(exchange: Exchange, request: Request) -> Iterator[Values]:
    """Yield the combinations that ReqQryClassifiedInstrument asks for.

    Those of futures that can only be combined come where all of everything is asked for; those of
    options as products, and only where DCE's (GFEX's, inferred) are (page 6.5.1, supplement 2).
    """
    kind, trading = request.text("ClassType") or _ALL, request.text("TradingType") or _ALL
    if kind not in (_ALL, _COMBINATIONS):
        return
    if (kind, trading) == (_ALL, _ALL):
        for made in exchange.markets.combinations.futures():
            yield instrument_row(exchange, made)
    elif trading != _NOT_TRADING:
        for made in exchange.markets.combinations.listed:
            row = instrument_row(exchange, made)
            if trading == _ALL or row["IsTrading"]:
                yield row
    elif request.text("ExchangeID"):
        for product in exchange.markets.combinations.combinable:
            if product.product.exchange_id == request.text("ExchangeID"):
                yield {
                    **_product_row(product.product_id, product.product.exchange_id),
                    "InstrumentID": product.product_id,
                    "ExchangeInstID": product.product_id,
                    "InstrumentName": product.product_id,
                    "CombinationType": product.kind.type,
                    "VolumeMultiple": product.product.volume_multiple,
                    "PriceTick": product.product.price_tick,
                    "IsTrading": 0,
                }


def products(exchange: Exchange) -> list[dict[str, object]]:
    """Return the products of the listed combinations (that ReqQryProduct has them is inferred)."""
    found = {made.product_id: made for made in exchange.markets.combinations.listed}
    return [
        {
            **_product_row(name, made.exchange_id),
            "ProductName": name,
            "ExchangeProductID": name,
            "VolumeMultiple": made.legs[0].product.volume_multiple,
            "PriceTick": made.legs[0].product.price_tick,
        }
        for name, made in found.items()
    ]


def depths(exchange: Exchange, request: Request) -> Iterator[tuple[object, ...]]:
    """Yield the ticks of the combinations that ReqQryDepthMarketData asks for."""
    wanted = request.text("InstrumentID")
    if request.text("ProductClass") not in ("", COMBINATION):
        return
    for name in [wanted] if wanted else (made.instrument_id for made in _listed(exchange)):
        spread = exchange.markets.spreads.get(name)
        if spread is not None and spread.combination.is_listed and _quoted(spread.combination):
            yield exchange.market_data.spread_tick(spread)


@rows("ReqQryCombLeg")
def legs(exchange: Exchange, request: Request) -> Iterable[Values]:
    """List the legs of the listed combinations, or of those with the leg asked for."""
    account_of(exchange, request)
    wanted = request.text("LegInstrumentID")
    return (
        {
            "CombInstrumentID": made.instrument_id,
            "LegID": place,
            "LegInstrumentID": leg.instrument_id,
            "Direction": direction,
            "LegMultiple": 1,
        }
        for made in _listed(exchange)
        if not wanted or wanted in (leg.instrument_id for leg in made.legs)
        for place, (leg, direction) in enumerate(
            zip(made.legs, made.directions("0"), strict=True), start=1
        )
    )


@rows("ReqQryCombPromotionParam")
def shares(exchange: Exchange, request: Request) -> Iterable[Values]:
    """List the share X of the margins that go by one, for products of combinations: BLS m_o&m_o.

    ExchangeID is no filter (REQQRYCOMBPROMOTIONPARAM).
    """
    account_of(exchange, request)
    all_rows = [
        {
            "ExchangeID": made.product.exchange_id,
            "InstrumentID": made.product_id,
            "CombHedgeFlag": _SPECULATION,
            "Xparameter": made.kind.share,
        }
        for made in exchange.markets.combinations.combinable
        if made.kind.share
    ]
    return [row for row in all_rows if matches(request, row, "InstrumentID")]


def _quoted(made: Combination) -> bool:
    return made.exchange_id in QUOTED


def instrument_row(exchange: Exchange, made: Combination) -> dict[str, object]:
    """Return a combination as ``CThostFtdcInstrumentField``.

    Its dates are those at which both legs trade, and the delivery month is the first leg's
    (inferred).
    """
    first, second = made.legs
    spread = exchange.markets.spreads.must(made.instrument_id)
    orders = spread.contract
    trades = made.is_tradable and all(exchange.checks.trades(leg) for leg in spread.legs)
    opened = max(first.series.open_date, second.series.open_date)
    return {
        **_product_row(made.product_id, made.exchange_id),
        "InstrumentID": made.instrument_id,
        "ExchangeInstID": made.instrument_id,
        "InstrumentName": made.instrument_id,
        "DeliveryYear": first.series.delivery_year,
        "DeliveryMonth": first.series.delivery_month,
        "MinLimitOrderVolume": orders.limit_volumes[0],
        "MaxLimitOrderVolume": orders.limit_volumes[1],
        "VolumeMultiple": first.product.volume_multiple,
        "PriceTick": first.product.price_tick,
        "CreateDate": f"{opened:%Y%m%d}",
        "OpenDate": f"{opened:%Y%m%d}",
        "ExpireDate": f"{min(first.series.expire_date, second.series.expire_date):%Y%m%d}",
        "StartDelivDate": f"{first.series.start_deliv_date:%Y%m%d}",
        "EndDelivDate": f"{first.series.end_deliv_date:%Y%m%d}",
        "InstLifePhase": "1",
        "IsTrading": int(trades),
        "LongMarginRatio": first.product.margin.long,
        "ShortMarginRatio": first.product.margin.short,
        "MaxMarginSideAlgorithm": "0",
        "StrikePrice": DBL_MAX,
        "CombinationType": made.kind.type,
    }


def _product_row(product_id: str, exchange_id: str) -> dict[str, object]:
    return {
        "ProductID": product_id,
        "ExchangeID": exchange_id,
        "ProductClass": COMBINATION,
        "PositionType": "2",
        "PositionDateType": "2",
    }

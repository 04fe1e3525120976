"""Reference data: exchanges, products, instruments, rates, the investor."""

from collections.abc import Iterable, Iterator
from itertools import chain

from webctp.ctp.codec import DBL_MAX
from webctp.exchanges.instruments import Instrument
from webctp.exchanges.products import FUTURES, OPTIONS, SPOT_OPTION, Product
from webctp.sim.accounts.account import Account
from webctp.sim.accounts.banks import investor_name
from webctp.sim.accounts.orders import client_id
from webctp.sim.broker.checks import OrderChecks
from webctp.sim.events import Values
from webctp.sim.exchange.exchange import Exchange
from webctp.sim.exchange.requests import Request
from webctp.sim.handlers import combinations
from webctp.sim.handlers.table import account_of, matches, rows
from webctp.sim.market.charges import option_margin
from webctp.sim.model.contracts import Contract
from webctp.sim.money import RATE_SCALE, units, yuan

_EVERY_INVESTOR = "1"
_SPECULATION = "1"
_HEDGES = {"1": "1", "2": "2", "3": "3"}
_CLASSES = {"1": {FUTURES}, "2": {OPTIONS, SPOT_OPTION}, "3": set[str]()}
"""ClassType -> the ProductClasses in it; any other value is all of them."""
_STARTED, _EXPIRED = "1", "3"
"""InstLifePhase."""
_TRADING = {"1": 1, "2": 0}
"""TradingType -> IsTrading."""


@rows("ReqQryExchange")
def exchanges(exchange: Exchange, request: Request) -> Iterable[Values]:
    """List the exchanges whose products are listed."""
    found = {
        product.exchange_id: product.exchange for product in exchange.markets.products.values()
    }
    all_rows = [
        {"ExchangeID": name, "ExchangeName": listed.name, "ExchangeProperty": "0"}
        for name, listed in found.items()
    ]
    return [row for row in all_rows if matches(request, row, "ExchangeID")]


@rows("ReqQryProduct")
def products(exchange: Exchange, request: Request) -> Iterable[Values]:
    """List the products."""
    all_rows = [_product_row(product) for product in exchange.markets.products.values()]
    all_rows += combinations.products(exchange)
    return [row for row in all_rows if matches(request, row, "ProductID")]


@rows("ReqQryInstrument")
def instruments(exchange: Exchange, request: Request) -> Iterable[Values]:
    """List the day's instruments."""
    listed = exchange.markets.instruments
    wanted = request.text("InstrumentID") or request.text("ExchangeInstID")
    found = (
        list(listed.values())
        if not wanted
        else [listed[name] for name in (wanted,) if name in listed]
    )
    # Ten thousand rows are made as they are read, not all at once.
    rows_of_legs = (
        instrument_row(instrument, contract, exchange.checks)
        for instrument in found
        if request.text("ExchangeID") in ("", instrument.exchange_id)
        and request.text("ProductID") in ("", instrument.product.product_id)
        and (contract := exchange.markets.contract(instrument.instrument_id)) is not None
    )
    return chain(rows_of_legs, combinations.instruments(exchange, request))


@rows("ReqQryClassifiedInstrument")
def classified(exchange: Exchange, request: Request) -> Iterable[Values]:
    """List the instruments of a class (futures, options, combinations), trading or not.

    Nothing else is a filter (REQQRYCLASSIFIEDINSTRUMENT).
    """
    kinds, trading = _CLASSES.get(request.text("ClassType")), request.text("TradingType")
    rows_of_legs = (
        row
        for name, instrument in exchange.markets.instruments.items()
        if (kinds is None or instrument.product.product_class in kinds)
        and (contract := exchange.markets.contract(name)) is not None
        for row in (instrument_row(instrument, contract, exchange.checks),)
        if trading not in _TRADING or row["IsTrading"] == _TRADING[trading]
    )
    return chain(rows_of_legs, combinations.classified(exchange, request))


@rows("ReqQryInvestor")
def investor(exchange: Exchange, request: Request) -> Iterable[Values]:
    """List the session's investor."""
    account = account_of(exchange, request)
    return [
        {
            "BrokerID": account.broker,
            "InvestorID": account.investor,
            "InvestorName": investor_name(account.investor),
            "IdentifiedCardType": "1",
            "IsActive": 1,
            "CommModelID": "",
            "MarginModelID": "",
        }
    ]


@rows("ReqQryTradingCode")
def trading_codes(exchange: Exchange, request: Request) -> Iterable[Values]:
    """List the investor's trading code at each exchange."""
    account = account_of(exchange, request)
    names = dict.fromkeys(product.exchange_id for product in exchange.markets.products.values())
    all_rows = [
        {
            "BrokerID": account.broker,
            "InvestorID": account.investor,
            "ExchangeID": name,
            "ClientID": client_id(account),
            "IsActive": 1,
            "ClientIDType": _SPECULATION,
            "BizType": "1",
        }
        for name in names
    ]
    return [
        row for row in all_rows if matches(request, row, "ExchangeID", "ClientID", "ClientIDType")
    ]


@rows("ReqQryInstrumentMarginRate")
def margin_rates(exchange: Exchange, request: Request) -> Iterable[Values]:
    """List the margin rates of an instrument, or of those that are held."""
    account = account_of(exchange, request)
    return [
        {
            "InvestorRange": _EVERY_INVESTOR,
            "BrokerID": account.broker,
            "InvestorID": account.investor,
            "HedgeFlag": _hedge(request),
            **_margin(contract),
            "IsRelative": 0,
            "ExchangeID": contract.exchange,
            "InstrumentID": contract.instrument,
        }
        for contract in _asked(exchange, account, request)
    ]


@rows("ReqQryExchangeMarginRate")
def exchange_margin_rates(exchange: Exchange, request: Request) -> Iterable[Values]:
    """List the exchange's own margin rates: the same, as the broker adds nothing."""
    account = account_of(exchange, request)
    return [
        {
            "BrokerID": account.broker,
            "HedgeFlag": _hedge(request),
            **_margin(contract),
            "ExchangeID": contract.exchange,
            "InstrumentID": contract.instrument,
        }
        for contract in _asked(exchange, account, request)
    ]


@rows("ReqQryInstrumentCommissionRate")
def commission_rates(exchange: Exchange, request: Request) -> Iterable[Values]:
    """List the commission rates of an instrument, or of those that are held."""
    account = account_of(exchange, request)
    return [
        {**_commission(account, contract), "BizType": "1"}
        for contract in _asked(exchange, account, request)
    ]


@rows("ReqQryOptionInstrCommRate")
def option_commission_rates(exchange: Exchange, request: Request) -> Iterable[Values]:
    """List the commission rates of an option, with its strike's."""
    account = account_of(exchange, request)
    return [
        {
            **_commission(account, contract),
            "StrikeRatioByMoney": 0.0,
            "StrikeRatioByVolume": exchange.markets.instruments[
                contract.instrument
            ].product.commission.strike_by_volume,
        }
        for contract in _asked(exchange, account, request)
        if contract.option is not None
    ]


@rows("ReqQryOptionInstrTradeCost")
def option_costs(exchange: Exchange, request: Request) -> Iterable[Values]:
    """List the costs of one lot of an option: premium, and the seller's margin."""
    account = account_of(exchange, request)
    return [
        _option_cost(exchange, account, request, contract)
        for contract in _asked(exchange, account, request)
        if contract.option is not None
    ]


@rows("ReqQryInstrumentOrderCommRate")
def order_rates(exchange: Exchange, request: Request) -> Iterable[Values]:
    """List the costs of an order or its cancellation: nothing here."""
    account = account_of(exchange, request)
    return [
        {
            "InvestorRange": _EVERY_INVESTOR,
            "BrokerID": account.broker,
            "InvestorID": account.investor,
            "HedgeFlag": _SPECULATION,
            "OrderCommByVolume": 0.0,
            "OrderActionCommByVolume": 0.0,
            "ExchangeID": contract.exchange,
            "InstrumentID": contract.instrument,
        }
        for contract in _asked(exchange, account, request)
    ]


@rows("ReqQryBrokerTradingParams")
def trading_params(exchange: Exchange, request: Request) -> Iterable[Values]:
    """List how the broker reckons: margin at pre-settlement prices, all profit available.

    An option sold is charged by the larger of pre-settlement and last price.
    """
    account = account_of(exchange, request)
    row: Values = {
        "BrokerID": account.broker,
        "InvestorID": account.investor,
        "MarginPriceType": "1",
        "Algorithm": "1",
        "AvailIncludeCloseProfit": "0",
        "CurrencyID": "CNY",
        "OptionRoyaltyPriceType": "5",
        "AccountID": account.investor,
    }
    return [row] if matches(request, row, "CurrencyID") else []


@rows("ReqQryUserSession")
def user_sessions(exchange: Exchange, request: Request) -> Iterable[Values]:
    """List the account's sessions."""
    account = account_of(exchange, request)
    key = account.broker, account.investor
    all_rows: list[Values] = [
        {
            "FrontID": 1,
            "SessionID": session.session_id,
            "BrokerID": account.broker,
            "UserID": session.user_id,
            "LoginDate": f"{session.connected:%Y%m%d}",
            "LoginTime": f"{session.connected:%H:%M:%S}",
        }
        for session in exchange.sessions.values()
        if session.trading and session.account == key
    ]
    return [row for row in all_rows if matches(request, row, "UserID")]


def instrument_row(
    instrument: Instrument, contract: Contract, checks: OrderChecks
) -> dict[str, object]:
    """Return an instrument as ``CThostFtdcInstrumentField``; its IsTrading is the broker's."""
    product, series = instrument.product, instrument.series
    least = product.orders.min_open_volume
    return {
        "InstrumentID": instrument.instrument_id,
        "ExchangeInstID": instrument.instrument_id,
        "ExchangeID": instrument.exchange_id,
        "InstrumentName": instrument.name,
        "ProductID": product.product_id,
        "ProductClass": product.product_class,
        "DeliveryYear": series.delivery_year,
        "DeliveryMonth": series.delivery_month,
        "MaxMarketOrderVolume": product.orders.max_market_volume,
        "MinMarketOrderVolume": max(product.orders.min_market_volume, least),
        "MaxLimitOrderVolume": product.orders.max_limit_volume,
        "MinLimitOrderVolume": max(product.orders.min_limit_volume, least),
        "VolumeMultiple": product.volume_multiple,
        "PriceTick": product.price_tick,
        "CreateDate": f"{series.open_date:%Y%m%d}",
        "OpenDate": f"{series.open_date:%Y%m%d}",
        "ExpireDate": f"{series.expire_date:%Y%m%d}",
        "StartDelivDate": f"{series.start_deliv_date:%Y%m%d}",
        "EndDelivDate": f"{series.end_deliv_date:%Y%m%d}",
        "InstLifePhase": _EXPIRED if checks.has_ended(contract) else _STARTED,
        "IsTrading": int(checks.trades(contract)),
        "PositionType": "2",
        "PositionDateType": product.position_date_type,
        "LongMarginRatio": product.margin.long,
        "ShortMarginRatio": product.margin.short,
        "MaxMarginSideAlgorithm": "1" if contract.larger_side else "0",
        "UnderlyingInstrID": series.underlying_id,
        "StrikePrice": instrument.strike_price if instrument.options_type else DBL_MAX,
        "OptionsType": instrument.options_type,
        "UnderlyingMultiple": 1.0 if product.underlying is not None else 0.0,
        "CombinationType": "0",
    }


def _product_row(product: Product) -> dict[str, object]:
    least = product.orders.min_open_volume
    return {
        "ProductID": product.product_id,
        "ProductName": product.name,
        "ExchangeID": product.exchange_id,
        "ProductClass": product.product_class,
        "VolumeMultiple": product.volume_multiple,
        "PriceTick": product.price_tick,
        "MaxMarketOrderVolume": product.orders.max_market_volume,
        "MinMarketOrderVolume": max(product.orders.min_market_volume, least),
        "MaxLimitOrderVolume": product.orders.max_limit_volume,
        "MinLimitOrderVolume": max(product.orders.min_limit_volume, least),
        "PositionType": "2",
        "PositionDateType": product.position_date_type,
        "CloseDealType": "0",
        "TradeCurrencyID": "CNY",
        "MortgageFundUseRange": "0",
        "ExchangeProductID": product.product_id,
        "UnderlyingMultiple": 1.0 if product.underlying is not None else 0.0,
    }


def _asked(exchange: Exchange, account: Account, request: Request) -> Iterator[Contract]:
    """Give the contract that a query names, or those held where the query names none, as on CTP."""
    name = request.text("InstrumentID")
    names = (
        [name]
        if name
        else list(
            dict.fromkeys(
                position.contract.instrument
                for position in account.positions.values()
                if position.volume()
            )
        )
    )
    for instrument in names:
        contract = exchange.markets.contract(instrument)
        # ExchangeID is no filter of any of these queries.
        if contract is not None:
            yield contract


def _hedge(request: Request) -> str:
    return _HEDGES.get(request.text("HedgeFlag"), _SPECULATION)


def _margin(contract: Contract) -> dict[str, object]:
    long, short = contract.long_margin, contract.short_margin
    return {
        "LongMarginRatioByMoney": long.by_money / RATE_SCALE,
        "LongMarginRatioByVolume": yuan(long.by_volume),
        "ShortMarginRatioByMoney": short.by_money / RATE_SCALE,
        "ShortMarginRatioByVolume": yuan(short.by_volume),
    }


def _commission(account: Account, contract: Contract) -> dict[str, object]:
    terms = contract.commission
    return {
        "InvestorRange": _EVERY_INVESTOR,
        "BrokerID": account.broker,
        "InvestorID": account.investor,
        "OpenRatioByMoney": terms.open.by_money / RATE_SCALE,
        "OpenRatioByVolume": yuan(terms.open.by_volume),
        "CloseRatioByMoney": terms.close.by_money / RATE_SCALE,
        "CloseRatioByVolume": yuan(terms.close.by_volume),
        "CloseTodayRatioByMoney": terms.close_today.by_money / RATE_SCALE,
        "CloseTodayRatioByVolume": yuan(terms.close_today.by_volume),
        "ExchangeID": contract.exchange,
        "InstrumentID": contract.instrument,
    }


def _price(request: Request, name: str) -> float:
    """Return a price that a query gives, 0 where it gives none."""
    price = request.values.get(name, 0.0)
    return float(price) if isinstance(price, int | float) and 0 < price < DBL_MAX else 0.0


def _option_cost(
    exchange: Exchange, account: Account, request: Request, contract: Contract
) -> dict[str, object]:
    markets = exchange.markets
    option = contract.option
    if option is None:
        raise ValueError(f"{contract.instrument} is no option")
    royalty = _price(request, "InputPrice") or yuan(markets.pre_settlement(contract))
    underlying = _price(request, "UnderlyingPrice")
    at = (
        units(underlying) if underlying else markets.pre_settlement(markets.must(option.underlying))
    )
    fixed = yuan(option_margin(contract, at))
    return {
        "BrokerID": account.broker,
        "InvestorID": account.investor,
        "HedgeFlag": _hedge(request),
        "FixedMargin": fixed,
        "MiniMargin": fixed,
        "Royalty": royalty * contract.multiplier,
        "ExchFixedMargin": fixed,
        "ExchMiniMargin": fixed,
        "ExchangeID": contract.exchange,
        "InstrumentID": contract.instrument,
    }

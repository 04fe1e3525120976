"""Accounts and positions as CTP's structs show them."""

from collections.abc import Iterator, Mapping
from datetime import datetime

from webctp.sim.accounts import Account
from webctp.sim.contracts import Contract
from webctp.sim.money import RATE_SCALE, yuan
from webctp.sim.orders import PARTICIPANT
from webctp.sim.positions import Lot, Position
from webctp.sim.world import World

_LONG, _SHORT = "2", "3"
"""PosiDirection."""


def funds(world: World, account: Account) -> dict[str, object]:
    """``CThostFtdcTradingAccountField``."""
    sums = account.funds(world.last)
    return {
        "BrokerID": account.broker,
        "AccountID": account.investor,
        "PreBalance": yuan(account.pre_balance),
        "PreMargin": yuan(account.pre_margin),
        "Deposit": yuan(account.deposit),
        "Withdraw": yuan(account.withdraw),
        "FrozenMargin": yuan(sums.frozen_margin),
        "FrozenCash": yuan(account.frozen_cash),
        "FrozenCommission": yuan(account.frozen_commission),
        "CurrMargin": yuan(sums.margin),
        "CashIn": yuan(account.cash_in),
        "Commission": yuan(account.commission),
        "CloseProfit": yuan(account.close_profit),
        "PositionProfit": yuan(sums.position_profit),
        "Balance": yuan(sums.balance),
        "Available": yuan(sums.available),
        "WithdrawQuota": yuan(sums.withdraw_quota),
        "TradingDay": world.day.name,
        "SettlementID": world.settlement,
        "ExchangeMargin": yuan(sums.margin),
        "CurrencyID": "CNY",
        "OptionValue": yuan(sums.option_value),
    }


def positions(world: World, account: Account, position: Position) -> Iterator[dict[str, object]]:
    """``CThostFtdcInvestorPositionField``: today's part and yesterday's where they are apart."""
    if not position.contract.by_date:
        yield _position(world, account, position, None)
        return
    tally = position.today
    if position.volume(today=True) or tally.open_volume or position.opening:
        yield _position(world, account, position, True)
    if position.start_volume:
        yield _position(world, account, position, False)


def _position(
    world: World, account: Account, position: Position, today: bool | None
) -> dict[str, object]:
    contract = position.contract
    tally = position.tally(today is not False)
    volume = position.volume(today)
    price = world.last(contract.instrument)
    frozen = position.frozen_today if today else position.frozen_older
    opening, amount = (0, 0) if today is False else (position.opening, position.opening_amount)
    long = position.sign > 0
    option_value = price * volume * contract.multiplier * position.sign
    by_money, by_volume = _margin_rates(contract, position.direction)
    margin = position.lot_margin(price)
    return {
        "InstrumentID": contract.instrument,
        "BrokerID": account.broker,
        "InvestorID": account.investor,
        "PosiDirection": _LONG if long else _SHORT,
        "HedgeFlag": position.hedge,
        "PositionDate": "2" if today is False else "1",
        "YdPosition": 0 if today else position.start_volume,
        "Position": volume,
        # Frozen by opening orders on this side, by closing orders on the other.
        "LongFrozen": opening if long else frozen,
        "ShortFrozen": frozen if long else opening,
        "LongFrozenAmount": yuan(amount) if long else 0.0,
        "ShortFrozenAmount": 0.0 if long else yuan(amount),
        "OpenVolume": tally.open_volume,
        "CloseVolume": tally.close_volume,
        "OpenAmount": yuan(tally.open_amount),
        "CloseAmount": yuan(tally.close_amount),
        "PositionCost": yuan(position.cost(today)),
        "UseMargin": yuan(volume * margin),
        "FrozenMargin": yuan(opening * margin),
        "CashIn": yuan(tally.cash_in),
        "Commission": yuan(tally.commission),
        "CloseProfit": yuan(tally.close_profit),
        "PositionProfit": yuan(position.profit(price, today)),
        "PreSettlementPrice": yuan(position.pre_settlement),
        "SettlementPrice": yuan(price),
        "TradingDay": world.day.name,
        "SettlementID": world.settlement,
        "OpenCost": yuan(position.open_cost(today)),
        "ExchangeMargin": yuan(volume * margin),
        "CloseProfitByDate": yuan(tally.close_profit),
        "CloseProfitByTrade": yuan(tally.close_profit_by_trade),
        "TodayPosition": 0 if today is False else position.volume(today=True),
        "MarginRateByMoney": by_money,
        "MarginRateByVolume": by_volume,
        "ExchangeID": contract.exchange,
        "OptionValue": yuan(option_value) if contract.option is not None else 0.0,
    }


def details(world: World, account: Account, position: Position) -> Iterator[dict[str, object]]:
    """``CThostFtdcInvestorPositionDetailField``: every lot, those closed today too."""
    price = world.last(position.contract.instrument)
    for lot in position.lots:
        yield _detail(world, account, position, lot, price)


def _detail(
    world: World, account: Account, position: Position, lot: Lot, price: int
) -> dict[str, object]:
    contract = position.contract
    size = lot.volume * contract.multiplier * position.sign
    future = contract.option is None
    by_money, by_volume = _margin_rates(contract, position.direction)
    return {
        "InstrumentID": contract.instrument,
        "BrokerID": account.broker,
        "InvestorID": account.investor,
        "HedgeFlag": position.hedge,
        "Direction": position.direction,
        "OpenDate": lot.open_day,
        "TradeID": lot.trade_id,
        "Volume": lot.volume,
        "OpenPrice": yuan(lot.open_price),
        "TradingDay": world.day.name,
        "SettlementID": world.settlement,
        "TradeType": "0",
        "ExchangeID": contract.exchange,
        "CloseProfitByDate": yuan(lot.profit_by_date),
        "CloseProfitByTrade": yuan(lot.profit_by_trade),
        "PositionProfitByDate": yuan((price - position.base(lot)) * size) if future else 0.0,
        "PositionProfitByTrade": yuan((price - lot.open_price) * size) if future else 0.0,
        "Margin": yuan(lot.volume * position.lot_margin(price)),
        "ExchMargin": yuan(lot.volume * position.lot_margin(price)),
        "MarginRateByMoney": by_money,
        "MarginRateByVolume": by_volume,
        "LastSettlementPrice": yuan(position.pre_settlement),
        "SettlementPrice": yuan(price),
        "CloseVolume": lot.closed,
        "CloseAmount": yuan(lot.close_amount),
        "TimeFirstVolume": lot.volume,
        "SpecPosiType": "#",
    }


def order_action(values: Mapping[str, object], now: datetime) -> dict[str, object]:
    """An InputOrderAction that was refused, as ``CThostFtdcOrderActionField``."""
    return {
        **values,
        "ActionDate": f"{now:%Y%m%d}",
        "ActionTime": f"{now:%H:%M:%S}",
        "TraderID": f"{PARTICIPANT}01",
        "ParticipantID": PARTICIPANT,
        "OrderActionStatus": "b",
    }


def _margin_rates(contract: Contract, direction: str) -> tuple[float, float]:
    rates = contract.long_margin if direction == "0" else contract.short_margin
    return rates.by_money / RATE_SCALE, yuan(rates.by_volume)

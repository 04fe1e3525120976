"""Accounts and positions as CTP's structs show them."""

from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Final

from webctp.sim.accounts import combined
from webctp.sim.accounts.account import Account
from webctp.sim.accounts.combined import Combined
from webctp.sim.accounts.orders import PARTICIPANT, TRADER
from webctp.sim.accounts.positions import Lot, Position
from webctp.sim.market.book import BUY
from webctp.sim.market.markets import Markets
from webctp.sim.model.contracts import Contract
from webctp.sim.money import RATE_SCALE, yuan

BY_CTP: Final = "b"
"""OrderActionStatus of an action that CTP has refused."""
REJECTED: Final = "c"
"""``THOST_FTDC_OAS_Rejected``: that of one which an exchange has refused."""

_LONG, _SHORT = "2", "3"
"""PosiDirection."""


def funds(markets: Markets, account: Account) -> dict[str, object]:
    """``CThostFtdcTradingAccountField``."""
    sums = account.funds(markets.last)
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
        "TradingDay": markets.day.name,
        "SettlementID": markets.settlement,
        "ExchangeMargin": yuan(sums.margin),
        "CurrencyID": "CNY",
        "OptionValue": yuan(sums.option_value),
    }


def positions(
    markets: Markets, account: Account, position: Position
) -> Iterator[dict[str, object]]:
    """``CThostFtdcInvestorPositionField``: today's part and yesterday's where they are apart."""
    if not position.contract.by_date:
        yield _position(markets, account, position, None)
        return
    tally = position.today
    if position.volume(today=True) or tally.open_volume or position.opening:
        yield _position(markets, account, position, True)
    if position.start_volume:
        yield _position(markets, account, position, False)


def _position(
    markets: Markets, account: Account, position: Position, today: bool | None
) -> dict[str, object]:
    contract = position.contract
    tally = position.tally(today is not False)
    volume = position.volume(today)
    price = markets.last(contract.instrument)
    frozen = position.frozen_today if today else position.frozen_older
    strike = position.strike_today if today else position.strike_older
    strikes = position.strike_today + position.strike_older
    opening, amount = (0, 0) if today is False else (position.opening, position.opening_amount)
    long = position.sign > 0
    option_value = price * volume * contract.multiplier * position.sign
    by_money, by_volume = _margin_rates(contract, position.direction)
    each = position.lot_margin(price)
    margin, frozen_margin = volume * each, opening * each
    if account.combined and not contract.by_date:
        # Days are not kept apart where there are combinations.
        margin = combined.use_margin(account.combined.values(), position, markets.last)
        frozen_margin = combined.frozen_margin(account.combined.values(), position, markets.last)
    if position.key in account.spared(markets.last):
        margin = 0
    # The price of options bought is that of their last change; others follow the market.
    stands = contract.option is not None and long
    settled = position.marked(tally) if stands else price
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
        "StrikeFrozen": strike,
        "StrikeFrozenAmount": yuan(position.strike_amount * strike // strikes) if strikes else 0.0,
        "AbandonFrozen": position.abandon_today if today else position.abandon_older,
        "OpenVolume": tally.open_volume,
        "CloseVolume": tally.close_volume,
        "OpenAmount": yuan(tally.open_amount),
        "CloseAmount": yuan(tally.close_amount),
        "PositionCost": yuan(position.cost(today)),
        "PreMargin": 0.0 if today else yuan(position.pre_margin),
        "UseMargin": yuan(margin),
        "FrozenMargin": yuan(frozen_margin),
        "FrozenCash": yuan(tally.frozen_cash),
        "FrozenCommission": yuan(tally.frozen_commission),
        "CashIn": yuan(tally.cash_in),
        "Commission": yuan(tally.commission),
        "CloseProfit": yuan(tally.close_profit),
        "PositionProfit": yuan(position.profit(price, today)),
        "PreSettlementPrice": yuan(position.pre_settlement),
        "SettlementPrice": yuan(settled),
        "TradingDay": markets.day.name,
        "SettlementID": markets.settlement,
        "OpenCost": yuan(position.open_cost(today)),
        "ExchangeMargin": yuan(margin),
        "CombPosition": position.combined,
        "CloseProfitByDate": yuan(tally.close_profit),
        "CloseProfitByTrade": yuan(tally.close_profit_by_trade),
        "TodayPosition": 0 if today is False else position.volume(today=True),
        "MarginRateByMoney": by_money,
        "MarginRateByVolume": by_volume,
        "ExchangeID": contract.exchange,
        "OptionValue": yuan(option_value) if contract.option is not None else 0.0,
    }


def combined_position(markets: Markets, account: Account, held: Combined) -> dict[str, object]:
    """``CThostFtdcInvestorPositionField`` of a combination, which stands beside its legs' rows.

    Its margin is in its legs' rows already, its cost and its profits are theirs: the rows are not
    to be added up.
    """
    margin = held.volume() * sum(held.margins(markets.last))
    long = held.direction == BUY
    opening = held.opening
    return {
        "InstrumentID": held.combination.instrument_id,
        "BrokerID": account.broker,
        "InvestorID": account.investor,
        "PosiDirection": _LONG if long else _SHORT,
        "HedgeFlag": held.hedge,
        "PositionDate": "1",
        "YdPosition": held.start_volume,
        "Position": held.volume(),
        "LongFrozen": opening if long else 0,
        "ShortFrozen": 0 if long else opening,
        "UseMargin": yuan(margin),
        "ExchangeMargin": yuan(margin),
        "TradingDay": markets.day.name,
        "SettlementID": markets.settlement,
        "TodayPosition": held.volume(today=True),
        **dict.fromkeys(("Commission", "CloseProfit", "PositionProfit", "CashIn"), 0.0),
        "ExchangeID": held.combination.exchange_id,
    }


def combined_details(
    markets: Markets, account: Account, held: Combined
) -> Iterator[dict[str, object]]:
    """``CThostFtdcInvestorPositionCombineDetailField``: a row for each leg's each opening trade."""
    for group in held.groups:
        for place, (leg, part) in enumerate(
            zip(held.legs, held.margins(markets.last), strict=True)
        ):
            by_money, by_volume = _margin_rates(leg.contract, leg.direction)
            for piece in group.pieces[place]:
                yield {
                    "TradingDay": markets.day.name,
                    "OpenDate": piece.lot.open_day,
                    "ExchangeID": leg.contract.exchange,
                    "SettlementID": markets.settlement,
                    "BrokerID": account.broker,
                    "InvestorID": account.investor,
                    "ComTradeID": group.number,
                    "TradeID": piece.lot.trade_id,
                    "HedgeFlag": leg.hedge,
                    "Direction": leg.direction,
                    "TotalAmt": piece.volume,
                    "Margin": yuan(piece.volume * part),
                    "ExchMargin": yuan(piece.volume * part),
                    "MarginRateByMoney": by_money,
                    "MarginRateByVolume": by_volume,
                    "LegID": place + 1,
                    "LegMultiple": 1,
                    "InstrumentID": leg.contract.instrument,
                    "CombInstrumentID": held.combination.instrument_id,
                }


def details(markets: Markets, account: Account, position: Position) -> Iterator[dict[str, object]]:
    """``CThostFtdcInvestorPositionDetailField``: every lot, those closed today too."""
    price = markets.last(position.contract.instrument)
    for lot in position.lots:
        yield _detail(markets, account, position, lot, price)


def _detail(
    markets: Markets, account: Account, position: Position, lot: Lot, price: int
) -> dict[str, object]:
    contract = position.contract
    size = lot.volume * contract.multiplier * position.sign
    future = contract.option is None
    by_money, by_volume = _margin_rates(contract, position.direction)
    margin = combined.lot_margin(account.combined.values(), position, lot, markets.last)
    return {
        "InstrumentID": contract.instrument,
        "BrokerID": account.broker,
        "InvestorID": account.investor,
        "HedgeFlag": position.hedge,
        "Direction": position.direction,
        "OpenDate": lot.open_day,
        "TradeID": lot.trade_id,
        "Volume": lot.held,
        "OpenPrice": yuan(lot.open_price),
        "TradingDay": markets.day.name,
        "SettlementID": markets.settlement,
        "TradeType": lot.kind,
        "ExchangeID": contract.exchange,
        "CloseProfitByDate": yuan(lot.profit_by_date),
        "CloseProfitByTrade": yuan(lot.profit_by_trade),
        "PositionProfitByDate": yuan((price - position.base(lot)) * size) if future else 0.0,
        "PositionProfitByTrade": yuan((price - lot.open_price) * size) if future else 0.0,
        "Margin": yuan(margin),
        "ExchMargin": yuan(margin),
        "MarginRateByMoney": by_money,
        "MarginRateByVolume": by_volume,
        "LastSettlementPrice": yuan(position.pre_settlement),
        "SettlementPrice": yuan(position.marked(lot)),
        "CloseVolume": lot.closed,
        "CloseAmount": yuan(lot.close_amount),
        "TimeFirstVolume": lot.volume,
        "SpecPosiType": "#",
    }


def order_action(
    values: Mapping[str, object], now: datetime, status: str = BY_CTP, reason: str = ""
) -> dict[str, object]:
    """Return an InputOrderAction that was refused, as ``CThostFtdcOrderActionField``.

    :param reason: what an exchange says of its refusal.
    """
    return {
        **values,
        "ActionDate": f"{now:%Y%m%d}",
        "ActionTime": f"{now:%H:%M:%S}",
        "TraderID": TRADER,
        "InstallID": 1,
        "ParticipantID": PARTICIPANT,
        "OrderActionStatus": status,
        "StatusMsg": reason,
    }


def _margin_rates(contract: Contract, direction: str) -> tuple[float, float]:
    rates = contract.long_margin if direction == "0" else contract.short_margin
    return rates.by_money / RATE_SCALE, yuan(rates.by_volume)

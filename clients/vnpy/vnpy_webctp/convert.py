"""CTP's structs as vn.py's data: contracts, ticks, orders, trades, positions, money, bars."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Final
from zoneinfo import ZoneInfo

from vnpy.trader.constant import Exchange, Interval, Offset, Product, Status
from vnpy.trader.object import (
    AccountData,
    BarData,
    ContractData,
    OrderData,
    PositionData,
    TickData,
    TradeData,
)

from vnpy_webctp import maps
from webctp_client import own, structs

CHINA: Final = ZoneInfo("Asia/Shanghai")
_REJECTED: Final = "4"
"""The OrderSubmitStatus of an order that the exchange has refused."""
_UNSET: Final = 1e300
"""CTP's prices that are not set are the greatest double, where the gateway sends them so."""


def price(value: float | None) -> float:
    """Return a price; 0 for one that is not set, which is how vn.py has it."""
    return 0.0 if value is None or abs(value) > _UNSET else value


def moment(day: str, time: str, millisecond: int = 0) -> datetime | None:
    """Return a time of China's; None where CTP has not told it."""
    try:
        found = datetime.strptime(f"{day} {time}", "%Y%m%d %H:%M:%S")
    except ValueError:
        return None
    return found.replace(microsecond=millisecond * 1000, tzinfo=CHINA)


def tick_moment(tick: structs.DepthMarketData, exchange: Exchange) -> datetime | None:
    """Return when a tick was made.

    At night DCE's ActionDay is the trading day. A night belongs to the weekday before: no night
    session precedes a trading day that follows a holiday.
    """
    day = tick.ActionDay or tick.TradingDay
    found = moment(day, tick.UpdateTime, tick.UpdateMillisec)
    is_early = found is not None and found.hour < 6
    if found is None or not (found.hour >= 18 or is_early) or day != tick.TradingDay:
        return found
    if exchange is not Exchange.DCE and tick.ActionDay:
        return found
    back = 3 if found.weekday() == 0 else 1
    return found - timedelta(days=back - is_early)


def contract(row: structs.Instrument, gateway: str) -> ContractData | None:
    """Return an instrument; None for what vn.py's products do not have."""
    exchange = maps.EXCHANGES.get(row.ExchangeID)
    product = maps.PRODUCTS.get(row.ProductClass)
    if exchange is None or product is None:
        return None
    made = ContractData(
        symbol=row.InstrumentID,
        exchange=exchange,
        name=row.InstrumentName,
        product=product,
        size=row.VolumeMultiple,
        pricetick=price(row.PriceTick),
        min_volume=row.MinLimitOrderVolume or 1,
        max_volume=row.MaxLimitOrderVolume or None,
        history_data=True,
        gateway_name=gateway,
    )
    if product is Product.OPTION:
        made.option_strike = price(row.StrikePrice)
        made.option_underlying = row.UnderlyingInstrID  # OptionMaster adds the exchange
        made.option_type = maps.OPTION_TYPES.get(row.OptionsType)
        made.option_listed = _day(row.OpenDate)
        made.option_expiry = _day(row.ExpireDate)
        # CZCE names the calls and the puts of a product apart.
        is_czce = exchange is Exchange.CZCE and row.ProductID[-1:] in ("C", "P")
        made.option_portfolio = row.ProductID[:-1] if is_czce else row.ProductID
        made.option_index = str(made.option_strike)
    return made


def _day(text: str) -> datetime | None:
    found = moment(text, "00:00:00")
    return None if found is None else found.replace(tzinfo=None)


def tick(told: structs.DepthMarketData, of: ContractData) -> TickData | None:
    """Return a tick with its five levels; None for one without a time."""
    when = tick_moment(told, of.exchange)
    if when is None:
        return None
    return TickData(
        symbol=of.symbol,
        exchange=of.exchange,
        datetime=when,
        name=of.name,
        volume=told.Volume,
        turnover=price(told.Turnover),
        open_interest=price(told.OpenInterest),
        last_price=price(told.LastPrice),
        limit_up=price(told.UpperLimitPrice),
        limit_down=price(told.LowerLimitPrice),
        open_price=price(told.OpenPrice),
        high_price=price(told.HighestPrice),
        low_price=price(told.LowestPrice),
        pre_close=price(told.PreClosePrice),
        bid_price_1=price(told.BidPrice1),
        bid_price_2=price(told.BidPrice2),
        bid_price_3=price(told.BidPrice3),
        bid_price_4=price(told.BidPrice4),
        bid_price_5=price(told.BidPrice5),
        ask_price_1=price(told.AskPrice1),
        ask_price_2=price(told.AskPrice2),
        ask_price_3=price(told.AskPrice3),
        ask_price_4=price(told.AskPrice4),
        ask_price_5=price(told.AskPrice5),
        bid_volume_1=told.BidVolume1,
        bid_volume_2=told.BidVolume2,
        bid_volume_3=told.BidVolume3,
        bid_volume_4=told.BidVolume4,
        bid_volume_5=told.BidVolume5,
        ask_volume_1=told.AskVolume1,
        ask_volume_2=told.AskVolume2,
        ask_volume_3=told.AskVolume3,
        ask_volume_4=told.AskVolume4,
        ask_volume_5=told.AskVolume5,
        localtime=datetime.now(CHINA),
        gateway_name=of.gateway_name,
    )


def order(told: structs.Order, orderid: str, reference: str, gateway: str) -> OrderData | None:
    """Return an order; None on an exchange that vn.py does not have."""
    exchange = maps.EXCHANGES.get(told.ExchangeID)
    if exchange is None:
        return None
    status = maps.STATUSES.get(told.OrderStatus, Status.SUBMITTING)
    if status is Status.CANCELLED and told.OrderSubmitStatus == _REJECTED:
        status = Status.REJECTED
    return OrderData(
        symbol=told.InstrumentID,
        exchange=exchange,
        orderid=orderid,
        type=maps.type_of(told.OrderPriceType, told.TimeCondition, told.VolumeCondition),
        direction=maps.DIRECTIONS.get(told.Direction),
        offset=maps.OFFSETS.get(told.CombOffsetFlag[:1], Offset.CLOSE),
        price=price(told.LimitPrice),
        volume=told.VolumeTotalOriginal,
        traded=told.VolumeTraded,
        status=status,
        datetime=moment(told.InsertDate, told.InsertTime),
        reference=reference,
        gateway_name=gateway,
    )


def trade(told: structs.Trade, orderid: str, gateway: str) -> TradeData | None:
    """Return a trade; both sides of a trade with oneself have one TradeID, and differ in vn.py."""
    exchange = maps.EXCHANGES.get(told.ExchangeID)
    if exchange is None:
        return None
    return TradeData(
        symbol=told.InstrumentID,
        exchange=exchange,
        orderid=orderid,
        tradeid=f"{told.ExchangeID}_{told.TradeID.strip()}_{told.Direction}",
        direction=maps.DIRECTIONS.get(told.Direction),
        offset=maps.OFFSETS.get(told.OffsetFlag, Offset.CLOSE),
        price=price(told.Price),
        volume=told.Volume,
        datetime=moment(told.TradeDate, told.TradeTime),
        gateway_name=gateway,
    )


PositionKey = tuple[str, str]
"""InstrumentID and PosiDirection: vn.py adds hedge flags together."""


class _Sum:
    """Rows of one position added together. ``cost`` is in yuan."""

    def __init__(self) -> None:
        self.volume = self.old = self.frozen = 0
        self.pnl = self.cost = 0.0

    def data(self, key: PositionKey, exchange: Exchange, size: float, gateway: str) -> PositionData:
        """Return the position."""
        lots = self.volume * size
        return PositionData(
            symbol=key[0],
            exchange=exchange,
            direction=maps.SIDES[key[1]],
            volume=self.volume,
            frozen=self.frozen,
            price=self.cost / lots if lots else 0.0,
            pnl=self.pnl,
            yd_volume=self.old,
            gateway_name=gateway,
        )


def pushed_positions(
    rows: Iterable[own.PortfolioPosition], contracts: dict[str, ContractData], gateway: str
) -> dict[PositionKey, PositionData]:
    """Return the positions of the gateway's portfolio."""
    sums: dict[PositionKey, _Sum] = {}
    for row in rows:
        if row.PosiDirection in maps.SIDES and row.InstrumentID in contracts:
            one = sums.setdefault((row.InstrumentID, row.PosiDirection), _Sum())
            one.volume += row.Position
            one.old += row.YdPosition
            one.frozen += row.TodayFrozen + row.YdFrozen
            one.pnl += row.PositionProfitByDate
            one.cost += row.PositionCost
    return _positions(sums, contracts, gateway)


def queried_positions(
    rows: Iterable[structs.InvestorPosition], contracts: dict[str, ContractData], gateway: str
) -> dict[PositionKey, PositionData]:
    """Return the positions of a query: SHFE and INE have a row for today's, one for the older.

    CTP's YdPosition is that of the day's beginning; what is left of it is Position less
    TodayPosition, in every row.
    """
    sums: dict[PositionKey, _Sum] = {}
    for row in rows:
        if row.PosiDirection in maps.SIDES and row.InstrumentID in contracts:
            one = sums.setdefault((row.InstrumentID, row.PosiDirection), _Sum())
            one.volume += row.Position
            one.old += row.Position - row.TodayPosition
            # Lots of a long position are frozen by orders to sell.
            one.frozen += row.ShortFrozen if row.PosiDirection == "2" else row.LongFrozen
            one.pnl += price(row.PositionProfit)
            one.cost += price(row.PositionCost)
    return _positions(sums, contracts, gateway)


def _positions(
    sums: dict[PositionKey, _Sum], contracts: dict[str, ContractData], gateway: str
) -> dict[PositionKey, PositionData]:
    return {
        key: one.data(key, contracts[key[0]].exchange, contracts[key[0]].size, gateway)
        for key, one in sums.items()
    }


def account(
    told: own.PortfolioAccount | structs.TradingAccount, name: str, gateway: str
) -> AccountData:
    """Return the money; ``available`` is CTP's own, which is less than equity less what is frozen.

    :param name: the AccountID.
    """
    made = AccountData(
        accountid=name,
        balance=price(told.Balance),
        frozen=price(told.FrozenMargin) + price(told.FrozenCash) + price(told.FrozenCommission),
        gateway_name=gateway,
    )
    made.available = price(told.Available)
    return made


def bar(told: own.Bar, interval: Interval, of: ContractData) -> BarData:
    """Return a bar; a day's begins at the midnight of its trading day, as vn.py's sources have it.

    :param of: the contract that was asked for.
    """
    when = datetime.fromisoformat(told.BeginTime).astimezone(CHINA)
    if interval is Interval.DAILY:
        when = moment(told.TradingDay, "00:00:00") or when
    return BarData(
        symbol=of.symbol,
        exchange=of.exchange,
        datetime=when,
        interval=interval,
        volume=told.Volume,
        turnover=told.Turnover,
        open_interest=told.OpenInterest,
        open_price=told.OpenPrice,
        high_price=told.HighestPrice,
        low_price=told.LowestPrice,
        close_price=told.ClosePrice,
        gateway_name=of.gateway_name,
    )

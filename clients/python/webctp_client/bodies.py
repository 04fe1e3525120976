"""Bodies of requests that would be long to write out: the ordinary limit order."""

from __future__ import annotations

from webctp_client.made import enums, structs


def limit_body(
    instrument: str, exchange: str, direction: str, offset: str, price: float, volume: int
) -> structs.InputOrder:
    """Return the body of a limit order for the day: of an order, or of a conditional one's leg.

    :param direction: ``enums.Direction``, ``"0"`` to buy, ``"1"`` to sell.
    :param offset: ``enums.OffsetFlag``, ``"0"`` to open, ``"1"`` to close, ``"3"`` today's.
    :param price: in yuan.
    :param volume: in lots.
    """
    return structs.InputOrder(
        InstrumentID=instrument,
        ExchangeID=exchange,
        Direction=direction,
        CombOffsetFlag=offset,
        CombHedgeFlag=enums.HedgeFlag.Speculation,
        OrderPriceType=enums.OrderPriceType.LimitPrice,
        LimitPrice=price,
        VolumeTotalOriginal=volume,
        TimeCondition=enums.TimeCondition.GFD,
        VolumeCondition=enums.VolumeCondition.AV,
        MinVolume=1,
        ContingentCondition=enums.ContingentCondition.Immediately,
        ForceCloseReason=enums.ForceCloseReason.NotForceClose,
    )

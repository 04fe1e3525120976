"""Ticks against trades and against each other, by plain arithmetic: nothing of the simulator's.

Rules: QTYWGZ/HQSM for Turnover and AveragePrice; volumes and open interest are counted single.
"""

from collections.abc import Iterator, Mapping
from decimal import Decimal
from typing import Any

from tests.sim.statementledger import Difference

Row = Mapping[str, Any]
_UNSET = Decimal(10) ** 300
_ZERO = Decimal(0)


def _exact(value: Any) -> Decimal:
    return Decimal(repr(value))


class TickLedger:
    """The ticks of one instrument on one day.

    :param terms: its row of ReqQryInstrument.
    """

    def __init__(self, terms: Row) -> None:
        self._size = Decimal(terms["VolumeMultiple"])
        self._step = _exact(terms["PriceTick"])
        self._czce = terms["ExchangeID"] == "CZCE"
        self.future = not terms["OptionsType"]
        self.whole_day = terms["ExchangeID"] != "CFFEX"
        self.last: Row | None = None
        self._prices: dict[str, Decimal] = {}
        self._traded: dict[str, Decimal] = {}

    def trade(self, row: Row) -> None:
        """Note a trade of ours, told to both sides where both are ours."""
        self._prices[row["TradeID"]] = _exact(row["Price"])
        self._traded[row["TradeID"]] = Decimal(row["Volume"])

    def tick(self, row: Row) -> Iterator[Difference]:
        """Hold a tick against those before it, our trades and itself."""
        name, before = row["InstrumentID"], self.last
        self.last = row
        volume, turnover = Decimal(row["Volume"]), _exact(row["Turnover"])
        if before is not None:
            for field in ("Volume", "Turnover"):
                grown = _exact(row[field]) - _exact(before[field])
                yield f"{name} {field} never falls", min(grown, _ZERO), _ZERO
        traded = sum(self._traded.values(), _ZERO)
        yield f"{name} Volume holds our trades", max(traded - volume, _ZERO), _ZERO
        held = abs(_exact(row["OpenInterest"]) - _exact(row["PreOpenInterest"]))
        yield f"{name} OpenInterest moves with Volume", max(held - volume, _ZERO), _ZERO
        if not volume:
            yield f"{name} HighestPrice is unset", _exact(row["HighestPrice"]) > _UNSET, True
            return
        low, high = _exact(row["LowestPrice"]), _exact(row["HighestPrice"])
        inside = [low, high, _exact(row["LastPrice"]), _exact(row["OpenPrice"])]
        inside += self._prices.values()
        yield f"{name} prices within the range", (min(inside), max(inside)), (low, high)
        limits = _exact(row["LowerLimitPrice"]) <= low, high <= _exact(row["UpperLimitPrice"])
        yield f"{name} range within the limits", limits, (True, True)
        if before is not None and before["Volume"]:
            wider = low <= _exact(before["LowestPrice"]), high >= _exact(before["HighestPrice"])
            yield f"{name} range never shrinks", wider, (True, True)
        between = low * volume * self._size <= turnover <= high * volume * self._size
        yield f"{name} Turnover of {turnover} by the range {low} to {high}", between, True
        average = turnover / volume / (self._size if self._czce else 1)
        off = abs(_exact(row["AveragePrice"]) - average)
        yield f"{name} AveragePrice", off < Decimal("0.001"), True

    def follows(self, row: Row) -> Iterator[Difference]:
        """Hold the first tick of the next day against the last one of this."""
        last, name = self.last, row["InstrumentID"]
        if last is None:
            return
        yield f"{name} PreClosePrice", row["PreClosePrice"], last["LastPrice"]
        yield f"{name} PreOpenInterest", row["PreOpenInterest"], last["OpenInterest"]
        if self.future and self.whole_day and last["Volume"]:
            average = _exact(last["Turnover"]) / last["Volume"] / self._size
            settled = _exact(row["PreSettlementPrice"])
            near = abs(settled - average) < self._step
            yield f"{name} settled at {settled}, {average:.4f} on average", near, True

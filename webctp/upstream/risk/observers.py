"""What risk learns from answers on their way to whoever asked: terms, prices, positions,
what is parked.

Runs in the reactor's thread.
"""

from collections.abc import Callable, Collection, Mapping
from typing import Any, Final

from webctp.ctp.codec import Codec
from webctp.upstream.account import AccountKey
from webctp.upstream.orders.keys import RefIdentity
from webctp.upstream.risk.desk import PARKED_ORDER, RiskDesk
from webctp.upstream.session.reply import OnReply, Reply

POSITIONS: Final = "ReqQryInvestorPosition"
PARKED: Final = "ReqQryParkedOrder"
_INSTRUMENT: Final = "CThostFtdcInstrumentField"
_DEPTH: Final = "CThostFtdcDepthMarketDataField"
_POSITION: Final = "CThostFtdcInvestorPositionField"
_NARROWS: Final = ("ExchangeID", "InvestUnitID", "InstrumentID")
"""Fields of a query that leave something out of its answer."""

ErrorOf = Callable[[bytes | None], int]
"""Returns the ErrorID of a RspInfo; 0 where CTP gave none."""


class RiskObservers:
    """Put the risk desk beside whoever takes an answer that tells it something.

    :param account: whose session asks.
    """

    def __init__(
        self, codec: Codec, desk: RiskDesk, account: AccountKey, error_of: ErrorOf
    ) -> None:
        self._desk = desk
        self._account = account
        self._error_of = error_of
        self._instrument = codec.layout(_INSTRUMENT).part(
            ("InstrumentID", "PriceTick", "VolumeMultiple")
        )
        self._depth = codec.layout(_DEPTH).part(("InstrumentID", "LastPrice"))
        self._position = codec.layout(_POSITION).part(
            ("InvestorID", "InstrumentID", "PosiDirection", "YdPosition")
        )
        self._makers: dict[str, Callable[[Mapping[str, Any]], OnReply]] = {
            "ReqQryInstrument": lambda body: self._on_instrument,
            "ReqQryDepthMarketData": lambda body: self._on_depth,
            POSITIONS: self._positions,
            PARKED: self._parked,
        }

    def beside(self, name: str, body: Mapping[str, Any], on_reply: OnReply) -> OnReply:
        """Return what takes the replies to a request: ``on_reply``, after the desk if it learns."""
        make = self._makers.get(name)
        if make is None or not self._desk.keeps_books:
            return on_reply
        observe = make(body)

        def observed(reply: Reply) -> None:
            observe(reply)
            on_reply(reply)

        return observed

    def _on_instrument(self, reply: Reply) -> None:
        if reply.body is not None and reply.callback.struct == _INSTRUMENT:
            row = self._instrument.unpack(reply.body)
            tick, multiplier = row["PriceTick"] or 0.0, int(row["VolumeMultiple"])
            self._desk.facts.take_terms(str(row["InstrumentID"]), float(tick), multiplier)

    def _on_depth(self, reply: Reply) -> None:
        if reply.body is not None and reply.callback.struct == _DEPTH:
            row = self._depth.unpack(reply.body)
            self._desk.facts.take_price(str(row["InstrumentID"]), float(row["LastPrice"] or 0.0))

    def _positions(self, body: Mapping[str, Any]) -> OnReply:
        """Take one answer, whole: half of one says nothing of what is not in it."""
        instrument = (body.get("InstrumentID") or "").strip()
        narrowed = any(body.get(name) for name in _NARROWS)
        key = self._whose(body)
        rows: list[Mapping[str, Any]] = []

        def on_reply(reply: Reply) -> None:
            if reply.body is not None and reply.callback.struct == _POSITION:
                rows.append(self._position.unpack(reply.body))
            if not reply.is_last or self._error_of(reply.info) != 0:
                return
            if narrowed and not instrument:
                return
            account = self._desk.find(key)
            if account is None:
                return
            book = account.book
            exact = [one for one in rows if instrument in ("", one["InstrumentID"])]
            book.begin_positions(instrument)
            for row in exact:
                book.take_position(row)
            if not narrowed:
                book.positions_whole()
            elif instrument:
                book.instrument_whole(instrument)

        return on_reply

    def _parked(self, body: Mapping[str, Any]) -> OnReply:
        """Take one answer, whole, as of when it is asked for."""
        key = self._whose(body)
        account = self._desk.find(key)
        narrowed = any(body.get(name) for name in _NARROWS)
        asked: Collection[RefIdentity] = ()
        if account is not None and not narrowed:
            asked = account.parked.asked()
        rows: list[Mapping[str, Any]] = []

        def on_reply(reply: Reply) -> None:
            if reply.body is not None and reply.callback.struct == PARKED_ORDER:
                rows.append(self._desk.parked_layout.unpack(reply.body))
            if not reply.is_last or self._error_of(reply.info) != 0:
                return
            account = self._desk.find(key)
            if account is not None:
                account.parked.told(asked, [one for one in rows if _is_of(one, key)])

        return on_reply

    def _whose(self, body: Mapping[str, Any]) -> AccountKey:
        investor = (body.get("InvestorID") or "").strip() or self._account.user_id
        return AccountKey(self._account.broker_id, investor)


def _is_of(row: Mapping[str, Any], account: AccountKey) -> bool:
    return str(row["InvestorID"]).strip() == account.user_id

"""Requests for quotes (询价): who may ask when, who gets them, and the market's answer.

Page QTYWGZ/BJHXJ of CTP's document 6.7.8. The model has a market maker of its own: the background
market of an instrument answers by a narrow spread for a while.
"""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any, Final

from webctp.exchanges.sessions import CONTINUOUS
from webctp.sim.accounts.account import Account
from webctp.sim.accounts.orders import FRONT_ID, PARTICIPANT, client_id
from webctp.sim.accounts.sessions import Session
from webctp.sim.broker.checks import check_exchange
from webctp.sim.broker.instructions import Kind, next_ref
from webctp.sim.events import AccountKey
from webctp.sim.market.book import BUY, SELL
from webctp.sim.market.market import ANSWERED_SPREAD
from webctp.sim.market.markets import Markets
from webctp.sim.model.contracts import Contract
from webctp.sim.model.timeline import STEP
from webctp.sim.refusals import (
    BAD_ORDER_FIELD,
    DUPLICATE_ORDER,
    NO_FOR_QUOTE,
    NO_SUCH_INSTRUMENT,
    SPREAD_TOO_SMALL,
    TOO_SOON,
    Refused,
)

Values = Mapping[str, object]

FOR_QUOTE: Final = Kind("ForQuote", "ForQuoteStatus", ())
INTERVAL: Final = timedelta(seconds=60)
"""An account may ask for quotes of an instrument once in so long."""
ANSWERED_AFTER: Final = timedelta(seconds=2)
ANSWERED_FOR: Final = timedelta(seconds=60)
"""The market maker of the model answers after so long, and stands for so long."""
_ACCEPTED: Final = "b"
_REJECTED: Final = "c"
"""ForQuoteStatus: ``THOST_FTDC_FQST_Accepted``, ``…_Rejected``."""
_NUMBERED: Final = frozenset({"DCE", "GFEX", "CZCE"})
"""Exchanges whose notices bear a number (the page, 2.2; GFEX is inferred)."""


class ForQuotes:
    """The day's requests for quotes."""

    def __init__(self, markets: Markets) -> None:
        self._markets = markets
        self.rows: list[dict[str, Any]] = []
        """Every request as ``CThostFtdcForQuoteField``."""
        self._last: dict[tuple[AccountKey, str], datetime] = {}

    def insert(
        self, session: Session, account: Account, values: Values, now: datetime
    ) -> dict[str, object] | None:
        """Take an InputForQuote; return the notice for those who have subscribed.

        None where the exchange refuses it: too soon after another, or while it does not trade.
        CTP itself looks at the spread, and at the interval for CZCE.

        :raises Refused: with CTP's ErrorID.
        """
        contract = self._contract(values)
        ref = next_ref(
            session,
            FOR_QUOTE,
            str(values.get("ForQuoteRef", "")),
            repeated=DUPLICATE_ORDER,
            wrong=BAD_ORDER_FIELD,
        )
        key = (account.broker, account.investor), contract.instrument
        last = self._last.get(key)
        soon = last is not None and now - last < INTERVAL
        if soon and contract.exchange == "CZCE":
            raise Refused(TOO_SOON)
        if self._is_narrow(contract):
            raise Refused(SPREAD_TOO_SMALL)
        session.max_refs[FOR_QUOTE.name] = int(ref)
        taken = not soon and self._markets.status(contract) == CONTINUOUS
        number = f"{len(self.rows) + 1:>12}"
        self.rows.append(
            {
                **{name: value for name, value in values.items() if value is not None},
                "BrokerID": account.broker,
                "InvestorID": account.investor,
                "ForQuoteRef": ref,
                "ExchangeID": contract.exchange,
                "ExchangeInstID": contract.instrument,
                "ForQuoteLocalID": number,
                "ParticipantID": PARTICIPANT,
                "ClientID": client_id(account),
                "TraderID": f"{PARTICIPANT}01",
                "InsertDate": f"{now:%Y%m%d}",
                "InsertTime": f"{now:%H:%M:%S}",
                "ForQuoteStatus": _ACCEPTED if taken else _REJECTED,
                "FrontID": FRONT_ID,
                "SessionID": session.session_id,
            }
        )
        if not taken:
            return None
        self._last[key] = now
        self._answer(contract, now)
        return {
            "TradingDay": self._markets.day.name,
            "InstrumentID": contract.instrument,
            "ForQuoteSysID": number if contract.exchange in _NUMBERED else "",
            "ForQuoteTime": f"{now:%H:%M:%S}",
            "ActionDay": f"{now:%Y%m%d}",
            "ExchangeID": contract.exchange,
        }

    def forget(self) -> None:
        """Begin a new day."""
        self.rows.clear()
        self._last.clear()

    def _contract(self, values: Values) -> Contract:
        if exchange := str(values.get("ExchangeID", "")):
            check_exchange(values)
        contract = self._markets.contract(str(values.get("InstrumentID", "")))
        if contract is None or exchange not in ("", contract.exchange):
            raise Refused(NO_SUCH_INSTRUMENT)
        if contract.option is None:
            raise Refused(NO_FOR_QUOTE)
        return contract

    def _is_narrow(self, contract: Contract) -> bool:
        """Return whether the spread is not above the broker's least, which is a quote's."""
        market = self._markets.market(contract.instrument)
        ask, bid = market.best(SELL), market.best(BUY)
        return ask is not None and bid is not None and ask - bid <= ANSWERED_SPREAD * contract.tick

    def _answer(self, contract: Contract, now: datetime) -> None:
        """Let the background answer, from half a second's step on."""
        begin = self._markets.step_at(contract.instrument, now + ANSWERED_AFTER)
        end = begin + ANSWERED_FOR // STEP
        self._markets.market(contract.instrument).answer(begin, end)

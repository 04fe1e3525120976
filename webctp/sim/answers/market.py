"""Market data: subscriptions, and the depth of one instrument asked for by a trader."""

from collections.abc import Iterable, Iterator
from itertools import chain
from typing import TYPE_CHECKING, Final

from webctp.sim import ticks
from webctp.sim.answers.combinations import depths, is_listed
from webctp.sim.answers.table import Request, account_of, handles, matches, rows
from webctp.sim.events import Notice, Reply, Values
from webctp.sim.orders import FRONT_ID, PARTICIPANT, client_id
from webctp.sim.refusals import NO_FOR_QUOTE, NO_SUCH_INSTRUMENT, Refused

if TYPE_CHECKING:
    from webctp.sim.exchange import Exchange

ACCEPTED_QUOTE: Final = "b"
"""ForQuoteStatus: ``THOST_FTDC_FQST_Accepted``."""


def subscribe(
    exchange: "Exchange", session_id: int, name: str, instruments: list[str], callback: str
) -> Iterator[None]:
    """Answer one of the four subscription calls, instrument by instrument."""
    session = exchange.sessions[session_id]
    for place, instrument in enumerate(instruments):
        known = exchange.world.contract(instrument) is not None or is_listed(exchange, instrument)
        last = place == len(instruments) - 1
        error = 0 if known else NO_SUCH_INSTRUMENT
        exchange.tell(Reply(session_id, callback, {"InstrumentID": instrument}, 0, error, last))
        match name:
            case _ if not known:
                pass
            case "SubscribeMarketData":
                exchange.watch(session, instrument)
            case "UnSubscribeMarketData":
                exchange.unwatch(session, instrument)
            case "SubscribeForQuoteRsp":
                session.quotes.add(instrument)
            case _:
                session.quotes.discard(instrument)
        yield


@rows("ReqQryDepthMarketData")
def depth(exchange: "Exchange", request: Request) -> Iterable[Values]:
    """The ticks of the instruments asked for; InstrumentID left out means every instrument."""
    wanted = request.text("InstrumentID")
    names = [wanted] if wanted else list(exchange.world.instruments)
    found = (
        exchange.tick(name)
        for name in names
        if (listed := exchange.world.instruments.get(name)) is not None
        and request.text("ProductClass") in ("", listed.product.product_class)
    )
    return map(row, chain(found, depths(exchange, request)))


@handles("ReqForQuoteInsert")
def ask_for_quote(exchange: "Exchange", request: Request) -> None:
    """Ask for a quote: told to every market-data session that subscribed such requests.

    Who asked gets no answer but a refusal (QTYWGZ/BJHXJ 2): 83 for what is no option
    (REQFORQUOTEINSERT; that it is this code is inferred).
    """
    account = account_of(exchange, request)
    instrument = request.text("InstrumentID")
    contract = exchange.world.contract(instrument)
    if contract is None:
        raise Refused(NO_SUCH_INSTRUMENT)
    if contract.option is None:
        raise Refused(NO_FOR_QUOTE)
    number = f"{len(exchange.for_quotes) + 1:>12}"
    exchange.for_quotes.append(
        {
            **request.values,
            "BrokerID": account.broker,
            "InvestorID": account.investor,
            "ExchangeID": contract.exchange,
            "ExchangeInstID": instrument,
            "ForQuoteLocalID": number,
            "ParticipantID": PARTICIPANT,
            "ClientID": client_id(account),
            "TraderID": f"{PARTICIPANT}01",
            "InsertDate": f"{exchange.now:%Y%m%d}",
            "InsertTime": f"{exchange.now:%H:%M:%S}",
            "ForQuoteStatus": ACCEPTED_QUOTE,
            "FrontID": FRONT_ID,
            "SessionID": request.session.session_id,
        }
    )
    quote = {
        "TradingDay": exchange.world.day.name,
        "InstrumentID": instrument,
        "ForQuoteSysID": number,
        "ForQuoteTime": f"{exchange.now:%H:%M:%S}",
        "ActionDay": f"{exchange.now:%Y%m%d}",
        "ExchangeID": contract.exchange,
    }
    for session in exchange.sessions.values():
        if instrument in session.quotes:
            exchange.tell(Notice(session.session_id, "OnRtnForQuoteRsp", quote))


@rows("ReqQryForQuote")
def for_quotes(exchange: "Exchange", request: Request) -> Iterable[Values]:
    """The account's requests for quotes of today."""
    account = account_of(exchange, request)
    start, end = request.text("InsertTimeStart"), request.text("InsertTimeEnd")
    return [
        row
        for row in exchange.for_quotes
        if (row["BrokerID"], row["InvestorID"]) == (account.broker, account.investor)
        and matches(request, row, "InstrumentID", "ExchangeID")
        and start <= str(row["InsertTime"])
        and (not end or str(row["InsertTime"]) <= end)
    ]


def row(tick: tuple[object, ...]) -> Values:
    """A tick as values by name."""
    return {
        name: value.decode("ascii") if isinstance(value, bytes) else value
        for name, value in zip(ticks.FIELDS, tick, strict=True)
    }

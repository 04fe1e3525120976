"""Market data: subscriptions, and the depth of one instrument asked for by a trader."""

from collections.abc import Iterable, Iterator, Sequence
from itertools import chain

from webctp.sim.events import Reply, Values
from webctp.sim.exchange.exchange import Exchange
from webctp.sim.exchange.requests import Request
from webctp.sim.handlers.combinations import depths, is_listed
from webctp.sim.handlers.table import rows
from webctp.sim.market import ticks
from webctp.sim.refusals import NO_SUCH_INSTRUMENT


def subscribe(
    exchange: Exchange, session_id: int, name: str, instruments: Sequence[str], callback: str
) -> Iterator[None]:
    """Answer one of the four subscription calls, instrument by instrument."""
    session = exchange.sessions[session_id]
    for place, instrument in enumerate(instruments):
        known = exchange.markets.contract(instrument) is not None or is_listed(exchange, instrument)
        last = place == len(instruments) - 1
        error = 0 if known else NO_SUCH_INSTRUMENT
        exchange.tell(Reply(session_id, callback, {"InstrumentID": instrument}, 0, error, last))
        match name:
            case _ if not known:
                pass
            case "SubscribeMarketData":
                exchange.market_data.watch(session, instrument)
            case "UnSubscribeMarketData":
                exchange.market_data.unwatch(session, instrument)
            case "SubscribeForQuoteRsp":
                session.quotes.add(instrument)
            case _:
                session.quotes.discard(instrument)
        yield


@rows("ReqQryDepthMarketData")
def depth(exchange: Exchange, request: Request) -> Iterable[Values]:
    """List the ticks of an instrument, or of all where InstrumentID is left out."""
    wanted = request.text("InstrumentID")
    names = [wanted] if wanted else list(exchange.markets.instruments)
    found = (
        exchange.market_data.tick(name)
        for name in names
        if (listed := exchange.markets.instruments.get(name)) is not None
        and request.text("ProductClass") in ("", listed.product.product_class)
    )
    return map(row, chain(found, depths(exchange, request)))


def row(tick: tuple[object, ...]) -> Values:
    """Return a tick as values by name."""
    return {
        name: value.decode("ascii") if isinstance(value, bytes) else value
        for name, value in zip(ticks.FIELDS, tick, strict=True)
    }

"""Any request with any values: an answer, no exception, and books that balance."""

import struct
from typing import Any, Final

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from hypothesis.strategies import DrawFn, SearchStrategy
from twisted.trial.unittest import SynchronousTestCase

from tests.sim.audit import audit
from tests.sim.helpers import MORNING
from webctp.ctp import catalog
from webctp.ctp.catalog import Method, Shape
from webctp.ctp.codec import DBL_MAX, FieldLayout, codec_for
from webctp.exchanges import calendar, instruments
from webctp.sim.events import Broadcast, Event, Notice, Push, Reply, Rows
from webctp.sim.exchange.exchange import Exchange
from webctp.sim.handlers import HANDLERS
from webctp.sim.host.packing import Wire
from webctp.sim.market.markets import Markets
from webctp.sim.model.timeline import AlwaysOpen
from webctp.sim.options import SimOptions

CATALOGUE: Final = catalog.trading()
CODEC: Final = codec_for(CATALOGUE.module)
WIRE: Final = Wire(CATALOGUE)
REQUESTS: Final = [m for m in CATALOGUE.methods.values() if m.shape is Shape.REQUEST]
TEXTS: Final = (
    *("", " ", "0", "1", "2", "3", "4", "5", "A", "G", "a", "9999", "1001", "secret", "其他"),
    *("cu2701", "rb2705", "m2705-C-2800", "cu", "SHFE", "DCE", "20261124", "10:00:00", "-1"),
    *("999999999999", "           1", "TJBD_0000001", "CNY", "x" * 200),
)
FLOATS: Final = (0.0, -1.0, 1.0, 0.1, 71230.0, 86500.0, 1e12, -1e300, DBL_MAX, 5e-324)
STRANGE: Final = (float("nan"), float("inf"), float("-inf"))
WHOLES: Final = (0, 1, 2, 3, 10, 100, 2**31 - 1, -1, -(2**31))
OFTEN: Final = (
    *("ReqOrderInsert", "ReqOrderInsert", "ReqOrderAction", "ReqParkedOrderInsert"),
    *("ReqExecOrderInsert", "ReqExecOrderAction", "ReqQuoteInsert", "ReqQuoteAction"),
    *("ReqOptionSelfCloseInsert", "ReqOptionSelfCloseAction", "ReqForQuoteInsert"),
)
LIKELY: Final[dict[str, tuple[str, ...]]] = {
    "InstrumentID": ("cu2701", "rb2705", "m2705-C-2800", "IF2612"),
    "Direction": ("0", "1"),
    "CombOffsetFlag": ("0", "1", "3", "4"),
    "CombHedgeFlag": ("1", "3"),
    "OrderPriceType": ("2", "1", "3", "G", "4", "A"),
    "TimeCondition": ("1", "3"),
    "VolumeCondition": ("1", "2", "3"),
    "ContingentCondition": ("1", "2", "5", "H"),
    "ActionFlag": ("0",),
    **{f"{side}OffsetFlag": ("0", "1", "3") for side in ("Ask", "Bid", "")},
    **{f"{side}HedgeFlag": ("1", "3") for side in ("Ask", "Bid", "")},
    "ActionType": ("1", "2"),
    "PosiDirection": ("2",),
    "ReservePositionFlag": ("0", "1"),
    "CloseFlag": ("0", "1"),
    "OptSelfCloseFlag": ("1", "2", "3"),
}
"""What makes a request that is worth something, for most fields that decide."""


def values_of(field: FieldLayout) -> SearchStrategy[object]:
    """Any value that a struct's field may hold."""
    if field.kind == "double":
        return st.sampled_from(FLOATS)
    if field.kind.startswith("int"):
        bound = 2 ** (8 * field.size - 1)
        return st.sampled_from([number for number in WHOLES if -bound <= number < bound])
    return st.sampled_from(TEXTS).map(lambda text: fitting(text, field.size - 1))


def fitting(text: str, size: int) -> str:
    return text.encode("gbk")[: max(1, size)].decode("gbk", "ignore")


@st.composite
def requests(draw: DrawFn) -> tuple[Method, bytes]:
    """A request, as the bytes of its struct."""
    names = st.sampled_from(OFTEN)
    methods = {method.name: method for method in REQUESTS}
    chosen = draw(st.one_of(names, names, st.sampled_from(sorted(methods))))
    method = methods[chosen]
    layout = CODEC.layout(method.request_struct)
    values: dict[str, Any] = {}
    for field in layout.fields:
        likely = LIKELY.get(field.name)
        if likely is not None and draw(st.integers(0, 9)):
            values[field.name] = draw(st.sampled_from(likely))
        elif not draw(st.integers(0, 3)):
            values[field.name] = draw(values_of(field))
    known: dict[str, Any] = {"VolumeTotalOriginal": 1, "LimitPrice": 71000.0, "Volume": 1}
    for side, price in (("Ask", 250.0), ("Bid", 240.0)):
        known |= {f"{side}Price": price, f"{side}Volume": 1}
    for name, value in known.items():
        if name in layout.by_name and draw(st.booleans()):
            values[name] = value
    raw = bytearray(layout.pack(values))
    for field in layout.fields:
        if field.kind == "double" and not draw(st.integers(0, 19)):
            # Setters of the binding take these.
            struct.pack_into("<d", raw, field.offset, draw(st.sampled_from(STRANGE)))
    return method, bytes(raw)


class AnyRequests(SynchronousTestCase):
    """What the native library would let through."""

    @settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))
    @given(st.lists(st.tuples(requests(), st.integers(0, 9)), max_size=25))
    def test_any(self, flow: list[tuple[tuple[Method, bytes], int]]) -> None:
        self.now = MORNING
        hours = AlwaysOpen(calendar.default())
        markets = Markets(7, instruments.listed, hours, self.now)
        exchange = Exchange(SimOptions(seed=7), markets, HANDLERS, WIRE.answering())
        session = exchange.connect(self.now, trading=True).session_id
        user = {"BrokerID": "9999", "UserID": "1001", "Password": "secret"}
        exchange.request(session, "ReqUserLogin", user, 1, self.now)
        exchange.request(session, "ReqSettlementInfoConfirm", {}, 2, self.now)
        self.deliver(exchange.drain())
        for number, ((method, raw), wait) in enumerate(flow, 3):
            values = WIRE.unpack(method.name, raw)
            exchange.request(session, method.name, values, number, self.now)
            self.deliver(exchange.drain())
            if not wait:
                exchange.advance(self.now)
                self.deliver(exchange.drain())
            audit(exchange)

    def deliver(self, events: list[Event]) -> None:
        """Pack what would go out."""
        for event in events:
            match event:
                case Rows():
                    list(WIRE.pack_rows(event.callback, list(event.rows)[:50], event.request_id))
                case Reply():
                    WIRE.pack(event.callback, event.values, event.error, event.request_id)
                case Push() | Notice():
                    WIRE.pack(event.callback, event.values, event.error)
                case Broadcast():
                    WIRE.pack(event.callback, event.values)
                case _:
                    pass

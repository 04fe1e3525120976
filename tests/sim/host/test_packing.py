"""Between the exchange's values and structs."""

from twisted.trial.unittest import SynchronousTestCase

from tests.conformance import holds
from tests.sim.helpers import Bench
from webctp.ctp import catalog
from webctp.ctp.codec import codec_for
from webctp.sim.host.packing import TICK, tick_packer


class Ticks(SynchronousTestCase):
    """Ticks as market data brings them."""

    def setUp(self) -> None:
        self.bench = Bench()
        catalogue = catalog.market_data()
        raw = tick_packer(catalogue)(self.bench.exchange.market_data.tick("cu2701"))
        self.row = codec_for(catalogue.module).layout(TICK).unpack(raw)

    @holds("HQSM-1")
    def test_the_exchange_is_left_out_as_on_ordinary_fronts(self) -> None:
        self.assertEqual((self.row["InstrumentID"], self.row["ExchangeID"]), ("cu2701", ""))

    def test_an_answer_to_a_query_has_it(self) -> None:
        session = self.bench.login()
        (row,) = self.bench.rows(session, "ReqQryDepthMarketData", InstrumentID="cu2701")
        self.assertEqual(row["ExchangeID"], "SHFE")

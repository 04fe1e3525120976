"""How long orders take on their way, by a clock of the test's own."""

from twisted.trial.unittest import SynchronousTestCase

from webctp.ctp import catalog
from webctp.testing import FakeFront, MemoryGateway, order
from webctp.upstream.orders.order import NOBODY, Order
from webctp.upstream.trading.ordertimes import OrderHistograms, OrderTimes

METHODS = catalog.trading().methods
CTP_SESSION = (1, 7)


class Times(SynchronousTestCase):
    """The histograms of one session."""

    def setUp(self) -> None:
        self.now = 100.0
        self.found = OrderHistograms()
        self.times = OrderTimes(self.found, lambda: self.now)

    def send(self, ref: str = "1", result: int = 0, name: str = "ReqOrderInsert") -> None:
        one = Order(METHODS[name], {"OrderRef": ref}, 1, "", NOBODY, read_at=self.now)
        self.now += 0.002
        began = self.now
        self.now += 0.03
        self.times.called(one, began, result, CTP_SESSION)

    def sums(self) -> list[float]:
        found = self.found
        every = (found.direct, found.recorded, found.call, found.first_push)
        return [round(one.read().sum, 6) for one in every]

    def test_the_way_to_the_library_and_the_call_are_apart(self) -> None:
        self.send()
        self.assertEqual(self.sums(), [0.002, 0, 0.03, 0])

    def test_the_first_push_alone_counts(self) -> None:
        self.send("5")
        for _ in range(2):
            self.now += 0.5
            self.times.heard((*CTP_SESSION, "5"))
        self.assertEqual(self.sums()[3], 0.5)

    def test_others_orders_are_not_ours(self) -> None:
        self.send("5")
        for other in ((1, 8, "5"), (2, 7, "5"), (1, 7, "6")):
            self.times.heard(other)
        self.assertEqual(self.sums()[3], 0)

    def test_what_was_not_sent_or_is_no_insert_awaits_no_push(self) -> None:
        self.send("5", result=-3)
        self.send("6", name="ReqOrderAction")
        for ref in ("5", "6"):
            self.times.heard((*CTP_SESSION, ref))
        self.assertEqual(self.sums()[3], 0)

    def test_inserts_that_nothing_is_heard_of_are_forgotten_in_the_end(self) -> None:
        for number in range(5_000):
            self.send(str(number))
        self.assertLess(len(self.times.awaited), 2_000)


class Told(SynchronousTestCase):
    """Through a whole gateway."""

    def test_an_order_s_way_is_told_on_a_scrape(self) -> None:
        front = FakeFront()
        with MemoryGateway(front) as gateway:
            trader = gateway.trader()
            body = {"InstrumentID": "rb2701", "VolumeTotalOriginal": 1, "OrderRef": "11"}
            trader.send({"MsgType": "ReqOrderInsert", "InputOrder": body, "RequestID": 3})
            gateway.settle()
            front.push("OnRtnOrder", order(request=front.last("ReqOrderInsert").values))
            gateway.settle()
            text = gateway.get("/metrics")[1].decode()
        for line in (
            'webctp_order_to_call_seconds_count{disk="no"} 1.0',
            'webctp_order_to_call_seconds_count{disk="yes"} 0.0',
            "webctp_order_call_seconds_count 1.0",
            "webctp_order_first_push_seconds_count 1.0",
            "webctp_order_push_written_seconds_count 1.0",
        ):
            self.assertIn(f"\n{line}\n", text)

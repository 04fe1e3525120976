"""The exchanges' counters, as they count returns of whatever terminal."""

from typing import Any

from twisted.trial.unittest import SynchronousTestCase

from tests.upstream.risk.samples import ME, Desk, order, trade
from webctp.config.risk import ComplianceConfig
from webctp.upstream.risk.compliance import Counts, Passed


class ComplianceCase(SynchronousTestCase):
    """An account that is counted."""

    def make(self, **config: Any) -> None:
        self.desk = Desk(compliance=ComplianceConfig(**config))
        self.passed: list[Passed] = []
        self.desk.desk.on_passed(lambda key, one: self.passed.append(one))

    def told(self, number: int, *statuses: str, **fields: Any) -> None:
        """CTP tells of an order, once for each status."""
        for status in statuses or ("3",):
            values = {"OrderStatus": status, "InsertTime": f"10:{number // 60:02}:{number % 60:02}"}
            names = {"OrderLocalID": str(number), "OrderSysID": str(number)}
            given = {"OrderRef": str(number), **names, **values, **fields}
            self.desk.session.take_order(order(**given))

    def counts(self, instrument: str = "rb2405") -> Counts:
        return next(self.desk.desk.counts_of(ME, instrument))


class CountTests(ComplianceCase):
    """What counts, and what does not."""

    def test_a_cancelled_order_counts_once_however_often_it_is_told(self) -> None:
        self.make()
        for _ in range(3):
            self.told(1, "a", "3", "3", "5")
        found = self.counts()
        self.assertEqual((found.inserts, found.cancels, found.large_cancels), (1, 1, 0))

    def test_what_is_no_cancellation(self) -> None:
        for fields in (
            {"TimeCondition": "1"},  # FAK
            {"TimeCondition": "1", "VolumeCondition": "3"},  # FOK
            {"OrderPriceType": "1"},
            {"OrderSubmitStatus": "4"},  # the exchange refused it
            {"OrderSysID": ""},
        ):
            self.make()
            self.told(1, "5", **fields)
            self.assertEqual((self.counts().inserts, self.counts().cancels), (1, 0), fields)

    def test_what_ctp_refuses_is_no_insert(self) -> None:
        self.make()
        self.told(1, "5", OrderLocalID="", OrderSysID="")
        self.assertEqual(list(self.desk.desk.counts_of(ME)), [])

    def test_a_large_cancellation_is_what_was_left(self) -> None:
        self.make()
        self.told(1, "5", VolumeTotalOriginal=300)
        self.told(2, "5", VolumeTotalOriginal=300, VolumeTraded=1)
        found = self.counts()
        self.assertEqual((found.cancels, found.large_cancels), (2, 1))

    def test_self_trades_by_both_sides_of_a_trade(self) -> None:
        self.make()
        for _ in range(2):
            self.desk.session.take_trade(trade(TradeID="7", Direction="0", OrderSysID="1"))
            self.desk.session.take_trade(trade(TradeID="7", Direction="1", OrderSysID="2"))
        self.desk.session.take_trade(trade(TradeID="8", Direction="1", OrderSysID="2"))
        found = self.counts()
        self.assertEqual((found.self_trades, found.traded_orders), (1, 2))

    def test_most_in_a_second_and_the_ratio(self) -> None:
        self.make()
        for number in (1, 2, 3):
            self.told(number, "3", InsertTime="10:00:00")
        self.told(4, "5")
        self.desk.session.take_trade(trade(OrderSysID="1"))
        found = self.counts()
        self.assertEqual((found.most_in_second, found.inserts), (3, 4))
        self.assertEqual(found.order_to_trade, 4.0)  # (4 + 1) / 1 - 1

    def test_instruments_accounts_and_days_are_apart(self) -> None:
        self.make(max_cancels=1)
        self.told(1, "5", InstrumentID="rb2410")
        self.assertEqual(self.desk.detail(), "")
        self.assertIn("Cancels of rb2410", self.desk.detail(InstrumentID="rb2410"))
        self.assertEqual(self.desk.detail(InstrumentID="rb2410", InvestorID="two"), "")
        self.desk.session.logged_in("20240103", 1, 2)
        self.assertEqual(self.desk.detail(InstrumentID="rb2410"), "")


class ThresholdTests(ComplianceCase):
    """Warned at 80 %, refused at the threshold, told once each."""

    def test_cancels(self) -> None:
        self.make(max_cancels=10)
        for number in range(1, 10):
            self.told(number, "5")
        self.assertEqual(self.passed, [("rb2405", "Cancels", 8, 10, False)])
        self.assertEqual(self.desk.detail(), "")
        self.told(10, "5")
        self.assertEqual(self.passed[1:], [("rb2405", "Cancels", 10, 10, True)])
        self.assertIn("Compliance: Cancels of rb2405 has reached its limit 10", self.desk.detail())
        self.assertEqual(self.desk.detail(CombOffsetFlag="1"), "", "closing passes")
        self.assertEqual(self.desk.detail("ReqOrderAction"), "")
        self.told(11, "5")
        self.assertEqual(len(self.passed), 2)

    def test_each_counter_has_its_threshold(self) -> None:
        self.make(max_large_cancels=1, max_self_trades=1, max_orders_in_second=2)
        self.told(1, "5", VolumeTotalOriginal=400)
        for side in "01":
            self.desk.session.take_trade(trade(TradeID="7", Direction=side))
        self.told(2, InsertTime="11:00:00")
        self.told(3, InsertTime="11:00:00")
        self.assertEqual(
            [(one.counter, one.refuses) for one in self.passed],
            [("LargeCancels", True), ("SelfTrades", True), ("MostInSecond", True)],
        )

    def test_thresholds_that_are_taken_anew_hold_for_what_was_counted(self) -> None:
        self.make(max_cancels=10)
        for number in range(5):
            self.told(number + 1, "5")
        book = self.desk.desk.own(ME).counts
        assert book is not None
        self.assertIsNone(book.refusal("rb2405", 0.0))
        self.desk.desk.take_settings(None, ComplianceConfig(max_cancels=5))
        self.assertEqual([(one.value, one.refuses) for one in self.passed], [(5, True)])
        self.assertIn("limit 5", str(book.refusal("rb2405", 0.0)))
        self.desk.desk.take_settings(None, ComplianceConfig(max_cancels=50))
        self.assertIsNone(book.refusal("rb2405", 0.0))

    def test_a_second_s_orders_are_remembered_when_their_limit_changes(self) -> None:
        self.make(max_orders_in_second=10)
        book = self.desk.desk.own(ME).counts
        assert book is not None
        for _ in range(5):
            book.entered("rb2405", 7.0)
        for limit, refused in ((6, True), (7, False), (0, False), (5, False)):
            book.take_settings(ComplianceConfig(max_orders_in_second=limit))
            self.assertEqual(book.refusal("rb2405", 7.5) is not None, refused, limit)

    def test_zero_counts_without_a_threshold(self) -> None:
        self.make(max_cancels=0)
        for number in range(1, 600):
            self.told(number, "5")
        self.assertEqual((self.passed, self.desk.detail()), ([], ""))

    def test_no_opening_is_the_tenth_within_a_second(self) -> None:
        self.make(max_orders_in_second=3)
        for _ in range(2):
            self.assertEqual(self.desk.detail(), "")
        self.assertIn("MostInSecond of rb2405 has the limit 3", self.desk.detail())
        self.assertEqual(self.desk.detail(CombOffsetFlag="1"), "")
        self.assertEqual(self.desk.detail(InstrumentID="rb2410"), "")
        self.desk.clock.advance(1.0)
        self.assertEqual(self.desk.detail(), "")

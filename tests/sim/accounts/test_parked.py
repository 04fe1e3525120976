"""Parked orders: their numbers, references, bounds, and what becomes of those that are refused."""

from datetime import datetime
from typing import Any, Final

from twisted.trial.unittest import SynchronousTestCase

from tests.conformance import holds
from tests.sim.audit import audit
from tests.sim.helpers import Bench, pushes, states
from webctp.exchanges import calendar, productfile
from webctp.sim.events import Event, Push, Reply, Values
from webctp.sim.model.timeline import ExchangeHours
from webctp.sim.options import SimOptions

EVENING: Final = datetime(2026, 11, 23, 20, 40)


class Parked(SynchronousTestCase):
    """A session in the evening, a quarter of an hour before the auction."""

    def setUp(self) -> None:
        self.start()

    def start(self, **options: Any) -> None:
        hours = ExchangeHours(calendar.default(), productfile.default().values())
        self.bench = Bench(SimOptions(seed=7, **options), hours, EVENING)
        self.session = self.bench.login()

    def park(self, **changes: Any) -> Reply:
        order = self.bench.input(**changes)
        (reply,) = self.bench.ask(self.session, "ReqParkedOrderInsert", **order)
        assert isinstance(reply, Reply)
        return reply

    def opened(self) -> list[Event]:
        """What the opening of the auction brings."""
        return self.bench.run(16 * 60)

    def rows(self, **filters: Any) -> list[Values]:
        return self.bench.rows(self.session, "ReqQryParkedOrder", **filters)

    @holds("ONRSPPARKEDORDERINSERT-1")
    def test_answered_once_and_told_by_queries_afterwards(self) -> None:
        reply = self.park()
        assert reply.values is not None
        self.assertEqual((reply.values["Status"], reply.error, reply.last), ("1", 0, True))
        events = self.opened()
        self.assertFalse([event for event in events if isinstance(event, Reply)])
        self.assertEqual({e.callback for e in events if isinstance(e, Push)}, {"OnRtnOrder"})
        self.assertEqual([row["Status"] for row in self.rows()], ["2"])

    @holds("REQPARKEDORDERINSERT-3")
    def test_a_reference_of_ones_own_or_none(self) -> None:
        self.park(OrderRef="7")
        self.park(OrderRef="")
        # The parked reference is taken up: what is sent later needs a higher one.
        self.assertEqual(
            self.bench.refused(
                self.session, "ReqParkedOrderInsert", **self.bench.input(OrderRef="7")
            ),
            22,
        )
        told = pushes(self.opened(), "OnRtnOrder")
        self.assertEqual({row["OrderRef"] for row in told}, {"7", "8"})
        self.assertEqual({row["SessionID"] for row in told}, {self.session})
        events = self.bench.order(self.session, OrderRef="9")
        self.assertEqual({row["OrderRef"] for row in pushes(events, "OnRtnOrder")}, {"9"})

    @holds("REQPARKEDORDERINSERT-1")
    def test_kinds_are_checked_when_they_are_sent(self) -> None:
        # CTP refuses what it does not take, and keeps the error; an exchange what it does not.
        for changes, error, told in (
            ({"ForceCloseReason": "1"}, 15, []),
            ({"TimeCondition": "5"}, 15, []),
            ({"OrderPriceType": "3"}, 80, []),
            ({"VolumeCondition": "3"}, 0, ["0a", "45"]),
            ({"OrderPriceType": "1", "LimitPrice": 0.0}, 0, ["0a", "45"]),
            ({}, 0, ["0a", "33"]),
        ):
            with self.subTest(**changes):
                self.start()
                self.assertEqual(self.park(**changes).error, 0)
                events = self.opened()
                self.assertEqual(states(events), told)
                errors = [e.error for e in events if isinstance(e, Push) and e.error]
                self.assertEqual(errors, [error] if error else [])
                (row,) = self.rows()
                self.assertEqual((row["Status"], row["ErrorID"]), ("2", error))
                self.assertEqual(bool(row["ErrorMsg"]), bool(error))
                audit(self.bench.exchange)

    def test_a_refusal_goes_untold_without_a_user(self) -> None:
        self.park(ForceCloseReason="1", UserID="")
        self.assertFalse([event for event in self.opened() if isinstance(event, Push)])
        self.assertEqual(self.rows()[0]["ErrorID"], 15)

    @holds("ERRORS-1")
    def test_159_more_than_an_investor_may_park(self) -> None:
        self.start(parked_limit=2)
        self.assertEqual([self.park().error for _ in range(3)], [0, 0, 159])
        number = self.rows()[0]["ParkedOrderID"]
        self.bench.ask(self.session, "ReqRemoveParkedOrder", ParkedOrderID=number)
        self.assertEqual(self.park().error, 0)
        # Cancellations count, and others have their own.
        action = {"InstrumentID": "cu2701", "OrderSysID": "1", "ActionFlag": "0"}
        self.assertEqual(self.bench.refused(self.session, "ReqParkedOrderAction", **action), 159)
        self.session = self.bench.login("1002")
        self.assertEqual(self.park().error, 0)

    def test_what_cannot_be_removed(self) -> None:
        def removed(number: object) -> int | None:
            return self.bench.refused(self.session, "ReqRemoveParkedOrder", ParkedOrderID=number)

        self.park()
        (row,) = self.rows()
        self.assertEqual(removed("99"), 45)
        self.opened()
        self.assertEqual(removed(row["ParkedOrderID"]), 46)
        self.park(ContingentCondition="1")
        number = self.rows()[-1]["ParkedOrderID"]
        self.assertEqual([removed(number), removed(number)], [0, 47])

    def test_whose_it_is_must_be_said(self) -> None:
        for changes, error in (({"InvestorID": ""}, 146), ({"InvestorID": "1002"}, 9)):
            self.assertEqual(self.park(**changes).error, error)

    def test_filters(self) -> None:
        self.park()
        self.park(instrument="m2705", ExchangeID="DCE")
        for filters, names in (
            ({}, ["cu2701", "m2705"]),
            ({"ExchangeID": "DCE"}, ["m2705"]),
            ({"InstrumentID": "cu2701"}, ["cu2701"]),
            ({"InstrumentID": "cu2701", "ExchangeID": "DCE"}, []),
        ):
            self.assertEqual([row["InstrumentID"] for row in self.rows(**filters)], names, filters)

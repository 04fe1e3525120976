"""How many accounts and tallies are kept, and that none of the day is lost for that."""

from typing import Any, cast

from twisted.logger import ILogObserver, globalLogPublisher
from twisted.trial.unittest import SynchronousTestCase

from tests.upstream.risk.samples import DAY, ME, Desk, order, trade
from webctp.config.risk import ComplianceConfig
from webctp.ctp import errors
from webctp.upstream.account import AccountKey
from webctp.upstream.risk import accounts, compliance
from webctp.upstream.risk.accounts import LOOK, UNTOLD

NEXT = "20240103"


class AccountTests(SynchronousTestCase):
    """An operator's session orders for more investors than are kept."""

    def setUp(self) -> None:
        self.patch(accounts, "MOST_ACCOUNTS", 3)
        self.desk = Desk(compliance=ComplianceConfig(), max_orders_per_day=1)
        self.later()

    def later(self, seconds: float = LOOK) -> None:
        self.desk.clock.advance(seconds)

    def told(self, investor: str, day: str = DAY, **fields: str) -> None:
        """CTP tells of an investor's order."""
        names = {"OrderLocalID": investor, "OrderRef": "9", "OrderStatus": "3"}
        row = order(InvestorID=investor, TradingDay=day, **{**names, **fields})
        self.desk.session.take_order(row)

    def refusal(self, investor: str) -> str:
        """Why an order for an investor is not sent."""
        return self.desk.detail(InvestorID=investor)

    def test_beyond_the_bound_an_order_is_refused_and_says_why(self) -> None:
        for investor in ("one", "two"):
            self.told(investor)
        refusal = self.desk.ask(self.desk.order(InvestorID="three"))
        assert refusal is not None
        self.assertEqual(refusal.code, errors.TOO_MANY)
        self.assertIn("nothing is inserted for another", refusal.detail)

    def test_those_that_have_orders_keep_their_tallies(self) -> None:
        for investor in ("one", "two"):
            self.told(investor)
        for number in range(20):
            self.later()
            self.refusal(f"nobody{number}")
        for investor in ("one", "two"):
            self.assertIn("found 2", self.refusal(investor))
            (counts,) = self.desk.desk.counts_of(AccountKey(ME.broker_id, investor))
            self.assertEqual(counts.inserts, 1)

    def test_those_that_ctp_refused_make_room(self) -> None:
        self.told("one")
        for number in range(20):
            sent = self.desk.order(InvestorID=f"nobody{number}")
            self.assertIsNone(self.desk.ask(sent), number)
            self.desk.session.dropped(sent)
            self.later(2 * LOOK)
        self.assertEqual(len(self.desk.desk._accounts), 3)

    def test_those_on_their_way_do_not(self) -> None:
        self.assertEqual(self.refusal("one"), "")
        self.assertEqual(self.refusal("two"), "")
        self.later(3600)
        self.assertIn("nothing is inserted for another", self.refusal("three"))

    def test_those_of_days_before_make_room(self) -> None:
        for investor in ("one", "two"):
            self.told(investor)
        self.later()
        self.told("one", NEXT)
        self.assertEqual(self.refusal("three"), "")
        self.assertIn("found 2", self.refusal("one"))

    def test_a_session_s_own_account_always_fits_and_stays(self) -> None:
        for investor in ("one", "two"):
            self.told(investor)
        other = AccountKey(ME.broker_id, "other")
        session = self.desk.of(other)
        self.later(3600)
        self.refusal("nobody")
        self.assertIs(self.desk.desk.own(other), session._usual)

    def test_who_is_told_of_without_room_is_not_ordered_for_on_that_day(self) -> None:
        for investor in ("one", "two"):
            self.told(investor)
        logged: list[Any] = []
        observer = cast("ILogObserver", logged.append)
        globalLogPublisher.addObserver(observer)
        self.addCleanup(globalLogPublisher.removeObserver, observer)
        for ref in ("9", "10"):
            self.told("three", OrderRef=ref)
        self.assertEqual([one["log_format"] for one in logged], [UNTOLD])
        self.later(3600)
        self.assertIn("nothing is inserted for another", self.refusal("three"))
        self.told("one", NEXT)
        self.later()
        self.assertEqual(self.refusal("three"), "")

    def test_a_group_knows_those_only_that_are_kept(self) -> None:
        desk = Desk(self_trade_group="g", max_orders_per_day=9)
        for number in range(5):
            sent = desk.order(InvestorID=f"nobody{number}")
            desk.ask(sent)
            desk.session.dropped(sent)
            desk.clock.advance(2 * LOOK)
        self.assertLessEqual(len(desk.book.others), 2)


class InstrumentTests(SynchronousTestCase):
    """More instruments and orders of an account than are remembered."""

    def setUp(self) -> None:
        self.patch(compliance, "MOST_INSTRUMENTS", 3)
        self.patch(compliance, "MOST_ORDERS", 5)
        self.desk = Desk(compliance=ComplianceConfig(max_orders_in_second=0))

    def told(self, number: int, **fields: str) -> None:
        names = {"OrderLocalID": str(number), "OrderRef": str(number), "OrderStatus": "3"}
        self.desk.session.take_order(order(TradingDay=DAY, **{**names, **fields}))

    def test_what_is_no_instrument_makes_room(self) -> None:
        self.told(1)
        counts = self.desk.desk.own(ME).counts
        assert counts is not None
        for number in range(20):
            self.assertEqual(self.desk.detail(InstrumentID=f"none{number}"), "", number)
            self.desk.clock.advance(2)
        self.assertLessEqual(len(counts._tallies), 3)

    def test_in_as_many_as_are_remembered_others_are_not_opened(self) -> None:
        for number in range(3):
            self.told(number, InstrumentID=f"rb240{number}")
        self.desk.clock.advance(2)
        said = self.desk.detail(InstrumentID="rb2409")
        self.assertIn("Compliance: orders in 3 instruments were counted", said)
        self.assertEqual(self.desk.detail(InstrumentID="rb2409", CombOffsetFlag="1"), "")
        self.assertEqual(self.desk.detail(InstrumentID="rb2401"), "")
        self.told(9, InstrumentID="rb2409")
        self.assertEqual(len(list(self.desk.desk.counts_of(ME))), 4, "what CTP tells counts")

    def test_after_as_many_orders_as_are_remembered_nothing_is_opened(self) -> None:
        for number in range(5):
            self.told(number)
        self.assertIn("Compliance: 5 orders were counted", self.desk.detail())
        self.told(9)
        self.desk.session.take_trade(trade(TradingDay=DAY))
        (counts,) = self.desk.desk.counts_of(ME)
        self.assertEqual((counts.inserts, counts.traded_orders), (6, 1))
        self.desk.session.logged_in(NEXT, 1, 2)
        self.assertEqual(self.desk.detail(), "")

"""ClientOrderIDs where days change, and where one order becomes another."""

from itertools import permutations

from tests.conformance import holds
from tests.upstream.orders.samples import CONTENT, DAY, KEY, OrdersTestCase
from tests.upstream.orders.test_keys import row
from webctp.upstream.orders.client_order import ClientOrderState as State
from webctp.upstream.orders.client_orders import _ENTERED_KEPT


class NextDayTests(OrdersTestCase):
    """The trading day changes while the session is connected."""

    def begin(self, trading_day: str) -> None:
        """Begin a trading day, and forget what it is known enough of."""
        self.orders.forget(trading_day, self.orders.new_day(trading_day))

    def test_a_session_that_lives_on_into_the_next_day(self) -> None:
        self.sent()
        self.told_of(TradingDay="20240103")
        self.assertEqual((self.state().state, self.state().trading_day), (State.KNOWN, "20240103"))
        self.told_of(TradingDay=DAY, OrderStatus="5")
        self.assertEqual(self.state().order_status, "3")

    def test_and_breaks_there(self) -> None:
        """The trading day changed while connected; ReqQryOrder lists the order of the new day."""
        self.sent()
        self.orders.lost(1, 7)
        self.begin("20240103")
        self.orders.logged_in("9999", "028742", 1, 8)
        self.assertTrue(self.orders.may_have_missed("9999", "028742"))
        self.told_of(TradingDay="20240103")
        self.assertEqual((self.state().state, self.state().trading_day), (State.KNOWN, "20240103"))

    def test_also_where_the_daemon_died_meanwhile(self) -> None:
        self.sent()
        self.orders = self.start()
        self.orders.load(list(self.journal.disk.values()))
        self.begin("20240103")
        self.orders.logged_in("9999", "028742", 1, 8)
        self.told_of(TradingDay="20240103")
        self.assertIs(self.state().state, State.KNOWN)

    def test_but_not_where_another_login_has_the_sessions_numbers(self) -> None:
        """CTP gave them again: the reference may be another order's."""
        for restarts in (False, True):
            with self.subTest(restarts=restarts):
                self.setUp()
                self.orders.logged_in("9999", "028742", 1, 7)
                self.sent()
                self.orders.lost(1, 7)
                if restarts:
                    self.orders = self.start()
                self.orders.logged_in("9999", "028742", 1, 7)
                self.orders.load(list(self.journal.disk.values()))
                self.told_of(TradingDay="20240103")
                self.assertIs(self.state().state, State.UNKNOWN)
                self.told_of()
                self.assertIs(self.state().state, State.KNOWN)

    def test_another_accounts_login_of_the_new_day_forgets_nothing_that_is_open(self) -> None:
        self.sent()
        for _ in range(3):
            self.begin("20240103")
        self.told_of(TradingDay="20240103")
        self.assertIs(self.state().state, State.KNOWN)

    def test_a_day_later_what_stays_unknown_is_the_disks(self) -> None:
        self.sent()
        self.orders.lost(1, 7)
        for day in (DAY, "20240103"):
            self.begin(day)
            self.assertIsNotNone(self.orders.find(KEY, "ReqOrderInsert", CONTENT))
        self.begin("20240104")
        self.assertIsNone(self.orders.find(KEY, "ReqOrderInsert", CONTENT))


class ConditionTests(OrdersTestCase):
    """A ClientOrderID follows its condition to the order that it enters."""

    def seen(self) -> tuple[str, str, int]:
        order = self.state()
        return order.order_status, order.order_sys_id, order.volume_traded

    def entered(self, status: str, sys_id: str = "", **values: object) -> None:
        by_ctp = {"FrontID": 0, "SessionID": 0, "OrderRef": "", "RelativeOrderSysID": "TJBD_1"}
        self.told_of(status, sys_id, **(by_ctp | values))

    def test_to_its_end(self) -> None:
        self.sent()
        for status in "bc":
            self.told_of(status, "TJBD_1")
        self.assertEqual(self.seen(), ("c", "TJBD_1", 0))
        self.assertTrue(self.orders.may_have_missed("9999", "028742"))
        self.entered("a")
        self.assertEqual(self.seen(), ("a", "TJBD_1", 0))
        self.entered("3", "140")
        self.assertEqual(self.seen(), ("3", "140", 0))
        self.entered("0", "140", VolumeTraded=2)
        self.assertEqual(self.seen(), ("0", "140", 2))
        self.assertFalse(self.orders.may_have_missed("9999", "028742"))
        self.told_of("c", "TJBD_1")
        self.assertEqual(self.seen(), ("0", "140", 2))

    @holds("TJDGZ-7", "JKZYXZYXHSM-7")
    def test_one_that_the_exchange_refuses_has_no_number(self) -> None:
        self.sent()
        self.told_of("c", "TJBD_1")
        self.entered("a")
        self.told_of("c", "TJBD_1")
        self.entered("5")
        self.assertEqual(self.seen()[0], "5")
        self.assertFalse(self.orders.may_have_missed("9999", "028742"))

    def test_in_whatever_order_a_query_lists_them(self) -> None:
        for rows in permutations(("condition", "entered")):
            with self.subTest(rows):
                self.setUp()
                self.sent()
                self.orders.lost(1, 7)
                for one in rows:
                    if one == "entered":
                        self.entered("0", "140", VolumeTraded=2)
                    else:
                        self.told_of("c", "TJBD_1")
                self.assertEqual(self.seen(), ("0", "140", 2))

    def test_what_another_condition_has_entered_is_left_alone(self) -> None:
        self.sent()
        self.told_of("c", "TJBD_1")
        self.entered("3", "140", RelativeOrderSysID="TJBD_2")
        self.entered("3", "140", ExchangeID="DCE")
        self.entered("3", "140", InstrumentID="rb2406")
        self.assertEqual(self.seen(), ("c", "TJBD_1", 0))

    @holds("TJDGZ-6")
    def test_what_it_could_not_enter_is_told(self) -> None:
        self.sent()
        self.told_of("c", "TJBD_1")
        self.told.clear()
        known = {"FrontID": 1, "SessionID": 7, "OrderRef": "12", "ExchangeID": "SHFE"}
        error = {"OrderSysID": "TJBD_1", "ErrorID": 31, "ErrorMsg": "CTP:资金不足"}
        self.orders.failed(row("ErrorConditionalOrder", **known, **error))
        self.assertEqual([(one.code, one.message) for one in self.told], [(31, "CTP:资金不足")])

    def test_what_unknown_conditions_have_entered_is_bounded(self) -> None:
        self.sent()
        for number in range(_ENTERED_KEPT + 10):
            self.entered("3", str(number), RelativeOrderSysID=f"TJBD_{number}")
        self.assertEqual(len(self.orders._entered), _ENTERED_KEPT)

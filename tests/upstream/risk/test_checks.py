"""Each order check by a table: what passes, what is refused, and what the refusal names."""

from typing import Any

from hypothesis import given
from hypothesis import strategies as st
from twisted.trial.unittest import SynchronousTestCase

from tests.upstream.risk.samples import CATALOGUE, DAY, ME, Desk, order, trade
from webctp.config.risk import RiskLimits
from webctp.ctp import errors
from webctp.testing import rows
from webctp.upstream.account import AccountKey
from webctp.upstream.risk.intent import InsertKind, kind_of

OTHER = AccountKey("8888", "other")
NEXT = "20240103"


class TableTests(SynchronousTestCase):
    """Limits that look at the insert and at what is known of its instrument."""

    def held(self, limits: dict[str, Any], passes: list[Any], refused: list[Any]) -> None:
        """Hold inserts against limits; a refusal names the key, the limit and what was found."""
        for fields in passes:
            self.assertEqual(Desk(**limits).detail(**fields), "", (limits, fields))
        for fields, *words in refused:
            refusal = Desk(**limits).ask(Desk().order(**fields))
            self.assertIsNotNone(refusal, (limits, fields))
            assert refusal is not None
            self.assertEqual(refusal.code, errors.FORBIDDEN)
            for word in words:
                self.assertIn(word, refusal.detail, (limits, fields))

    def test_an_action_that_modifies_passes_none(self) -> None:
        change: dict[str, Any] = {"method": "ReqOrderAction", "ActionFlag": "3"}
        limits: dict[str, Any] = {"max_order_volume": 10}
        self.held(limits, [{**change, "ActionFlag": "0"}], [])
        self.assertIn("cancel, then insert", Desk(**limits).detail(**change))
        self.assertEqual(Desk().detail(**change), "", "without checks it is CTP's to judge")

    def test_volume(self) -> None:
        limits = {"max_order_volume": 10}
        self.held(
            limits,
            [{"VolumeTotalOriginal": 10}, {"method": "ReqForQuoteInsert"}],
            [
                ({"VolumeTotalOriginal": 11}, "Risk.MaxOrderVolume", "10", "11"),
                ({"method": "ReqExecOrderInsert", "Volume": 11}, "Risk.MaxOrderVolume"),
                ({"method": "ReqQuoteInsert", "AskVolume": 11, "BidVolume": 1}, "11"),
                ({"method": "ReqParkedOrderInsert", "VolumeTotalOriginal": 11}, "11"),
                ({"method": "ReqCombActionInsert", "Volume": 12}, "12"),
                ({"method": "ReqOptionSelfCloseInsert", "Volume": 13}, "13"),
            ],
        )

    def test_value(self) -> None:
        # rb is 10 t a lot: 3500 yuan a ton, 35000 a lot.
        self.held(
            {"max_order_value": 70_000},
            [{"VolumeTotalOriginal": 2}],
            [
                ({"VolumeTotalOriginal": 3}, "Risk.MaxOrderValue", "70000", "105000.00 yuan"),
                ({"LimitPrice": 3500.1, "VolumeTotalOriginal": 2}, "70002.00"),
                ({"OrderPriceType": "1"}, "last price", "not known", "OnUnknown"),
                ({"InstrumentID": "none"}, "multiplier", "ReqQryInstrument"),
            ],
        )
        desk = Desk(max_order_value=70_000)
        desk.facts.take_price("rb2405", 4000.0)
        self.assertIn("80000.00", desk.detail(OrderPriceType="1", VolumeTotalOriginal=2))

    def test_tick(self) -> None:
        self.held(
            {"price_tick": True},
            [{"LimitPrice": 3501.0}, {"OrderPriceType": "1", "LimitPrice": 0.5}],
            [({"LimitPrice": 3500.5}, "Risk.PriceTick", "tick of rb2405 is 1", "3500.5")],
        )
        desk = Desk(price_tick=True)
        desk.facts.take_terms("T2403", 0.005, 10_000)
        self.assertEqual(desk.detail(InstrumentID="T2403", LimitPrice=102.305), "")
        self.assertIn("102.304", desk.detail(InstrumentID="T2403", LimitPrice=102.304))

    def test_bands(self) -> None:
        for limits, near, far in (
            ({"price_band_ticks": 20}, 3520.0, 3521.0),
            ({"price_band_percent": 1.0}, 3535.0, 3536.0),
            ({"price_band_percent": 1.0}, 3465.0, 3464.0),
        ):
            desk = Desk(last_tick=lambda name: 3500.0, **limits)
            self.assertEqual(desk.detail(LimitPrice=near), "", limits)
            self.assertIn("from the last price 3500", desk.detail(LimitPrice=far))
        quote = {"AskVolume": 1, "BidVolume": 1, "AskPrice": 3501.0, "BidPrice": 3000.0}
        desk = Desk(last_tick=lambda name: 3500.0, price_band_ticks=20)
        self.assertIn("500 ticks", desk.detail("ReqQuoteInsert", InstrumentID="rb2405", **quote))

    def test_what_nobody_knows_is_refused_or_passed_by_the_configuration(self) -> None:
        for limits in ({"price_band_ticks": 1}, {"price_band_percent": 1.0}, {"max_position": 1}):
            self.assertIn("not known", Desk(**limits).detail(), limits)
            self.assertEqual(Desk(on_unknown="pass", **limits).detail(), "", limits)

    def test_instruments_and_offsets(self) -> None:
        self.held(
            {"instruments": ("rb*", "au24??")},
            [{}, {"InstrumentID": "au2406"}],
            [
                ({"InstrumentID": "au2506"}, "Risk.Instruments", "rb*, au24??", "au2506"),
                ({"InstrumentID": "xrb2405"}, "xrb2405"),
                ({"method": "ReqForQuoteInsert", "InstrumentID": "cu2405"}, "cu2405"),
                ({"method": "ReqExecOrderInsert"}, "''"),
            ],
        )
        self.held(
            {"offsets": ("Close", "CloseToday")},
            [{"CombOffsetFlag": "1"}, {"CombOffsetFlag": "3"}, {"CombOffsetFlag": "13"}],
            [
                ({}, "Risk.Offsets", "Close (1), CloseToday (3)", "'0'"),
                ({"CombOffsetFlag": "10"}, "'10'"),
                ({"CombOffsetFlag": ""}, "''"),
                ({"CombOffsetFlag": "4"}, "'4'"),
                ({"method": "ReqExecOrderInsert", "ActionType": "1"}, "may open"),
            ],
        )

    def test_nothing_given_or_zero_makes_no_check(self) -> None:
        limits = RiskLimits(max_order_volume=0, self_trade="pass", price_tick=False)
        desk = Desk(accounts={f"{ME.broker_id}/{ME.user_id}": limits}, max_order_volume=1)
        self.assertEqual(desk.detail(VolumeTotalOriginal=500), "")
        self.assertEqual(desk.desk.own(ME).checks, ())

    def test_an_account_s_own_limit_wins_and_is_named(self) -> None:
        own = {f"{ME.broker_id}/{ME.user_id}": RiskLimits(max_order_volume=5)}
        desk = Desk(accounts=own, max_order_volume=1, max_working_orders=1)
        self.assertIn("Risk.Accounts.9999/user.MaxOrderVolume", desk.detail(VolumeTotalOriginal=6))
        self.assertEqual(desk.detail(VolumeTotalOriginal=5), "")
        self.assertIn("Risk.MaxWorkingOrders", desk.detail())

    def test_cancels_always_pass(self) -> None:
        desk = Desk(max_order_volume=1, instruments=("au*",), max_orders_per_second=1)
        names = [one for one in CATALOGUE.methods if one.endswith("Action") or "Remove" in one]
        actions = [one for one in names if CATALOGUE.methods[one].is_order]
        self.assertIn("ReqBatchOrderAction", actions)
        for name in actions * 3:
            self.assertEqual(desk.detail(name, InstrumentID="rb2405"), "", name)

    def test_every_insert_of_the_catalogue_is_of_a_kind(self) -> None:
        kinds = {
            name: kind_of(CATALOGUE, method)
            for name, method in CATALOGUE.methods.items()
            if method.is_order and name.endswith("Insert")
        }
        self.assertEqual(kinds.pop("ReqParkedOrderInsert"), InsertKind.ORDER)
        self.assertEqual(kinds["ReqQuoteInsert"], InsertKind.QUOTE)
        self.assertEqual(len(set(kinds.values())), len(kinds), kinds)
        self.assertNotIn(InsertKind.OTHER, kinds.values())

    @given(st.floats(allow_nan=False), st.integers(0, 2**31 - 1), st.sampled_from("0124G "))
    def test_any_price_and_volume_is_decided(self, price: float, lots: int, kind: str) -> None:
        limits: dict[str, Any] = {
            **{"max_order_volume": 5, "max_order_value": 10**6, "price_tick": True},
            **{"price_band_ticks": 50, "price_band_percent": 2.5, "self_trade": "refuse"},
        }
        desk = Desk(last_tick=lambda name: 3500.0, **limits)
        fields: dict[str, Any] = {
            "LimitPrice": price,
            "VolumeTotalOriginal": lots,
            "OrderPriceType": kind,
        }
        passed = desk.detail(**fields) == ""
        if passed:
            self.assertLessEqual(lots, 5)
            if kind == "2":
                self.assertLessEqual(abs(price - 3500.0), 50.0 + 1e-4)


class BookTests(SynchronousTestCase):
    """Limits that look at what the account has in the market."""

    def test_working_orders_count_from_the_moment_they_are_entered(self) -> None:
        desk = Desk(max_working_orders=2)
        first = desk.order()
        self.assertIsNone(desk.ask(first))
        self.assertEqual(desk.detail(), "")
        self.assertIn("Risk.MaxWorkingOrders: the limit is 2, found 3", desk.detail())
        desk.session.take_order(order(OrderRef="1", OrderStatus="3"))
        self.assertIn("found 3", desk.detail(), "told, it is the same order")
        desk.session.take_order(order(OrderRef="1", OrderStatus="5"))
        self.assertEqual(desk.detail(), "")
        desk.session.take_order(order(OrderRef="1", OrderStatus="3"))
        self.assertIn("found 3", desk.detail(), "played again, an ended order does not rest")

    def test_what_ctp_refuses_does_not_count(self) -> None:
        desk = Desk(max_working_orders=1)
        first = desk.order()
        self.assertIsNone(desk.ask(first))
        self.assertIn("found 2", desk.detail())
        desk.session.dropped(first)
        self.assertEqual(desk.detail(), "")

    def test_other_terminals_orders_count(self) -> None:
        desk = Desk(max_working_orders=1)
        desk.session.take_order(order(FrontID=7, SessionID=99, OrderStatus="3"))
        self.assertIn("found 2", desk.detail())

    def test_a_flow_that_begins_anew_doubles_nothing(self) -> None:
        desk = Desk(max_working_orders=2)
        desk.session.take_order(order(OrderRef="1", OrderStatus="3", OrderLocalID="77"))
        again = {"FrontID": 9, "SessionID": 9, "OrderRef": "5", "OrderLocalID": "77"}
        desk.session.take_order(order(OrderStatus="3", **again))
        self.assertEqual(desk.book.working, 1)
        desk.session.take_order(order(OrderStatus="5", **again))
        self.assertEqual(desk.book.working, 0)

    def test_a_second_is_any_second(self) -> None:
        desk = Desk(max_orders_per_second=2)
        for _ in range(2):
            self.assertEqual(desk.detail(), "")
            desk.clock.advance(0.4)
        self.assertIn("Risk.MaxOrdersPerSecond: the limit is 2", desk.detail())
        desk.clock.advance(0.2)
        self.assertEqual(desk.detail(), "")
        self.assertIn("MaxOrdersPerSecond", desk.detail())

    def test_a_day_counts_what_ctp_has_told(self) -> None:
        desk = Desk(max_orders_per_day=2)
        desk.session.take_order(order(OrderStatus="5", SessionID=99, OrderRef="900"))
        self.assertEqual(desk.detail(), "")
        self.assertIn("Risk.MaxOrdersPerDay: the limit is 2, found 3", desk.detail())
        desk.session.logged_in("20240103", 1, 2)
        self.assertEqual(desk.detail(), "")

    def test_duplicates(self) -> None:
        desk = Desk(duplicate_seconds=1.0)
        self.assertEqual(desk.detail(), "")
        self.assertIn("Risk.DuplicateSeconds: the limit is 1.0, found 0.000 s", desk.detail())
        for other in ({"LimitPrice": 3501.0}, {"Direction": "1"}, {"VolumeTotalOriginal": 2}):
            self.assertEqual(desk.detail(**other), "", other)
        desk.clock.advance(1.0)
        self.assertEqual(desk.detail(), "")

    def test_of_many_inserts_those_within_the_window_are_remembered(self) -> None:
        desk = Desk(duplicate_seconds=2.05)
        for number in range(200):
            self.assertEqual(desk.detail(LimitPrice=3000.0 + number), "")
            desk.clock.advance(0.1)
        self.assertLess(len(desk.book.recent), 150)
        self.assertIn("0.100 s", desk.detail(LimitPrice=3199.0))
        self.assertIn("2.000 s", desk.detail(LimitPrice=3180.0))
        self.assertEqual(desk.detail(LimitPrice=3179.0), "")

    def test_self_trades(self) -> None:
        sell: dict[str, Any] = {"Direction": "1", "LimitPrice": 3510.0}
        for buy, meets in (
            ({"LimitPrice": 3510.0}, True),
            ({"LimitPrice": 3509.0}, False),
            ({"OrderPriceType": "1", "LimitPrice": 0.0}, True),
            ({"LimitPrice": 3520.0, "InstrumentID": "rb2410"}, False),
        ):
            desk = Desk(self_trade="refuse")
            self.assertEqual(desk.detail(**sell), "")
            self.assertEqual("Risk.SelfTrade" in desk.detail(**buy), meets, buy)
            desk.session.take_order(order(OrderRef="1", OrderStatus="0", **sell))
            self.assertEqual(desk.detail(**buy), "", "it has traded")

    def test_a_condition_that_is_not_touched_meets_nothing(self) -> None:
        desk = Desk(self_trade="refuse")
        desk.session.take_order(order(OrderStatus="b", Direction="1", LimitPrice=3000.0))
        self.assertEqual(desk.detail(LimitPrice=3600.0), "")

    def test_accounts_of_a_group_do_not_meet(self) -> None:
        for group, meets in (("family", True), ("", False)):
            desk = Desk(self_trade="refuse", self_trade_group=group or None)
            other = desk.of(OTHER)
            sell = desk.order(Direction="1", InvestorID="other")
            self.assertIsNone(desk.ask(sell, other))
            self.assertEqual("own order" in desk.detail(), meets, group)

    def test_fewer_lots_than_none_make_no_room_for_others(self) -> None:
        quote = {
            "InstrumentID": "rb2405",
            "BidOffsetFlag": "0",
            "BidOrderRef": "9",
            "BidPrice": 1.0,
        }
        for method, fields in (
            ("ReqOrderInsert", {"VolumeTotalOriginal": -1000}),
            ("ReqOrderInsert", {"VolumeTotalOriginal": -1000, "OrderPriceType": "1"}),
            ("ReqQuoteInsert", {"BidVolume": -1000, **quote}),
        ):
            desk = Desk(max_position=50)
            desk.book.positions_whole()
            desk.ask(desk.order(method, **fields))
            detail = desk.detail(VolumeTotalOriginal=51)
            self.assertIn("the limit is 50, found 51 lots", detail, (method, fields))

    def test_positions(self) -> None:
        desk = Desk(max_position=10)
        book = desk.book
        book.begin_positions("")
        yesterday: dict[str, Any] = {"Position": 7, "YdPosition": 6}
        book.take_position(rows.position(PosiDirection="2", **yesterday))
        book.positions_whole()
        bought = trade(TradeID="1", Volume=1, Direction="0", OffsetFlag="0")
        desk.session.take_trade(bought)
        desk.session.take_trade(bought)  # another session tells the same
        self.assertEqual(book.held("rb2405", "2"), 7)
        self.assertEqual(desk.detail(VolumeTotalOriginal=2), "")
        self.assertIn("the limit is 10, found 11 lots", desk.detail(VolumeTotalOriginal=2))
        self.assertEqual(desk.detail(VolumeTotalOriginal=9, CombOffsetFlag="1"), "", "closes")
        self.assertEqual(desk.detail(VolumeTotalOriginal=10, Direction="1"), "", "the other side")
        sold = {"Direction": "1", "OffsetFlag": "1", "TradeID": "2", "Volume": 4}
        desk.session.take_trade(trade(**sold))
        self.assertEqual(book.held("rb2405", "2"), 3)


class TokenTests(SynchronousTestCase):
    """A token's limits hold beside the account's, for what is sent with it."""

    def test_its_own_counts(self) -> None:
        limits = RiskLimits(max_orders_per_second=1, max_order_volume=5)
        desk = Desk(tokens={"page": limits}, max_order_volume=50)
        detail = desk.detail(token="page", VolumeTotalOriginal=6)
        self.assertIn("Risk.Tokens.page.MaxOrderVolume: the limit is 5, found 6", detail)
        self.assertEqual(desk.detail(VolumeTotalOriginal=6), "")
        self.assertEqual(desk.detail(token="page"), "")
        self.assertIn("Risk.Tokens.page.MaxOrdersPerSecond", desk.detail(token="page"))
        self.assertEqual(desk.detail(token="other"), "")

    def test_its_working_orders(self) -> None:
        desk = Desk(tokens={"page": RiskLimits(max_working_orders=1)})
        self.assertEqual(desk.detail(), "")
        self.assertEqual(desk.detail(token="page"), "")
        self.assertIn("found 2", desk.detail(token="page"))
        desk.session.take_order(order(OrderRef="1", OrderStatus="5"))
        self.assertIn("found 2", desk.detail(token="page"), "another's has ended")
        desk.session.take_order(order(OrderRef="2", OrderStatus="3"))
        self.assertIn("found 2", desk.detail(token="page"))
        desk.session.take_order(order(OrderRef="2", OrderStatus="5"))
        self.assertEqual(desk.detail(token="page"), "")


class OperatorTests(SynchronousTestCase):
    """An operator's session orders for several investors."""

    def test_each_investor_has_its_own_book(self) -> None:
        desk = Desk(max_working_orders=1)
        for investor in ("one", "two"):
            self.assertEqual(desk.detail(InvestorID=investor), "")
            self.assertIn("found 2", desk.detail(InvestorID=investor))
        desk.session.take_order(
            order(InvestorID="one", OrderRef="1", OrderStatus="5", TradingDay=DAY)
        )
        self.assertEqual(desk.detail(InvestorID="one"), "")

    def test_what_is_on_its_way_counts_on_when_the_first_row_of_a_day_comes(self) -> None:
        """Of an investor, of whom no login tells the day."""
        desk = Desk(max_working_orders=3)
        for day in (DAY, NEXT):
            desk.session.logged_in(day, 1, 2)
            for _ in range(3):
                self.assertEqual(desk.detail(InvestorID="one"), "", day)
            told = {"InvestorID": "one", "OrderRef": "900", "SessionID": 9, "TradingDay": day}
            desk.session.take_order(order(OrderStatus="5", **told))
            self.assertIn("found 4", desk.detail(InvestorID="one"), day)

    def test_the_same_of_a_session_that_is_connected_while_the_day_changes(self) -> None:
        desk = Desk(max_working_orders=2)
        desk.session.take_order(order(OrderRef="900", SessionID=9, OrderStatus="3"))
        self.assertEqual(desk.detail(), "")
        desk.session.take_order(
            order(OrderRef="901", SessionID=9, OrderStatus="5", TradingDay=NEXT)
        )
        self.assertEqual(desk.detail(), "", "that of the day before counts no more")
        self.assertIn("found 3", desk.detail(), "what was on its way does")

    def test_what_ctp_never_told_of_is_forgotten_after_the_next_login(self) -> None:
        desk = Desk(max_working_orders=1, tokens={"page": RiskLimits(max_working_orders=1)})
        self.assertEqual(desk.detail(InvestorID="one", token="page"), "")
        desk.session.logged_in(DAY, 1, 3)
        self.assertIn("found 2", desk.detail(InvestorID="one", token="page"))
        desk.session.flow_replayed()
        self.assertEqual(desk.detail(InvestorID="one", token="page"), "")

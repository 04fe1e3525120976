"""ClientOrderIDs: every event in every state, and what CTP tells of them."""

from typing import Any
from unittest.mock import patch

from tests.upstream.orders.samples import BODY, CONTENT, DAY, KEY, OrdersTestCase
from tests.upstream.orders.test_keys import CATALOGUE, order, row
from webctp.ctp import errors
from webctp.upstream.orders import client_orders
from webctp.upstream.orders.client_order import ClientOrder, JournalBroken, Key, digest_of, kinds
from webctp.upstream.orders.client_order import ClientOrderState as State
from webctp.upstream.orders.client_order_table import CLIENT_ORDER_TABLE
from webctp.upstream.orders.client_order_table import ClientOrderAction as Action
from webctp.upstream.orders.client_order_table import ClientOrderEvent as Event
from webctp.upstream.orders.client_orders import ClientOrderConflict
from webctp.upstream.statetable import IllegalTransition


class TableTests(OrdersTestCase):
    """Every event in every state."""

    def bring_to(self, state: State) -> None:
        self.setUp()
        if state is State.RECORDING:
            self.journal.held = True
        self.record()
        if state in (State.SENT, State.KNOWN, State.UNKNOWN):
            self.orders.called(KEY, 0)
        if state is State.REFUSED:
            self.orders.called(KEY, -3)
        if state is State.KNOWN:
            self.told_of()
        if state is State.UNKNOWN:
            self.orders.lost(1, 7)
        self.assertIs(self.state().state, state)

    def test_exactly_the_rows_of_the_table(self) -> None:
        for state in State:
            for event in Event:
                with self.subTest(state=state.value, event=event.name):
                    self.bring_to(state)
                    row_of = CLIENT_ORDER_TABLE.rows.get((state, event))
                    if row_of is None:
                        with self.assertRaises(IllegalTransition):
                            self.orders._advance(KEY, event, message="x")
                        self.assertIs(self.state().state, state)
                        continue
                    self.told.clear()
                    self.orders._advance(KEY, event, message="x")
                    self.assertIs(self.state().state, row_of[0])
                    self.assertEqual(len(self.told), int(row_of[1] is Action.TELL))

    def test_nothing_leads_back_to_where_it_could_be_sent(self) -> None:
        for (state, event), (target, action) in CLIENT_ORDER_TABLE.rows.items():
            if action is Action.SEND:
                self.assertEqual((state, event), (State.RECORDING, Event.ON_DISK))
            if target in (State.RECORDING, State.RECORDED):
                self.assertIn(state, (State.RECORDING, State.RECORDED))


class OnceTests(OrdersTestCase):
    """An ID is good for one request."""

    def test_it_is_on_disk_before_it_may_be_sent(self) -> None:
        self.journal.held = True
        recording = self.record()
        self.assertNoResult(recording)
        self.assertIs(self.state().state, State.RECORDING)
        self.journal.sync()
        self.assertIs(self.successResultOf(recording).state, State.RECORDED)
        self.assertIn(KEY, self.journal.disk)

    def test_a_new_id_is_not_known(self) -> None:
        self.assertIsNone(self.orders.find(KEY, "ReqOrderInsert", CONTENT))

    def test_the_same_again_is_answered_with_what_became_of_it(self) -> None:
        self.sent()
        again = self.orders.find(KEY, "ReqOrderInsert", CONTENT)
        assert again is not None
        self.assertEqual((again.state, again.order_ref), (State.SENT, "12"))

    def test_another_request_id_is_the_same_request(self) -> None:
        self.sent()
        self.assertIsNotNone(self.orders.find(KEY, "ReqOrderInsert", CONTENT | {"RequestID": 9}))

    def test_other_content_is_a_conflict(self) -> None:
        self.sent()
        for change in ({"VolumeTotalOriginal": 3}, {"LimitPrice": 3801.0}, {"OrderRef": "12"}):
            with self.subTest(change), self.assertRaises(ClientOrderConflict) as caught:
                self.orders.find(KEY, "ReqOrderInsert", CONTENT | change)
            self.assertIs(caught.exception.order.state, State.SENT)
        with self.assertRaises(ClientOrderConflict):
            self.orders.find(KEY, "ReqParkedOrderInsert", CONTENT)

    def test_another_accounts_id_is_another(self) -> None:
        self.sent()
        other = KEY._replace(user_id="2")
        self.assertIsNone(self.orders.find(other, "ReqOrderInsert", {}))

    def test_recording_without_looking_is_a_mistake(self) -> None:
        self.record()
        with self.assertRaises(IllegalTransition):
            self.record()

    def test_a_daemon_that_starts_again_finds_it_on_disk(self) -> None:
        self.sent()
        self.orders = self.start()
        again = self.successResultOf(self.record())
        self.assertIs(again.state, State.UNKNOWN)
        self.assertIs(self.journal.disk[KEY].state, State.UNKNOWN)

    def test_other_content_after_a_start_is_a_conflict_too(self) -> None:
        self.sent()
        self.orders = self.start()
        other = self.record(body=BODY | {"VolumeTotalOriginal": 3})
        self.failureResultOf(other, ClientOrderConflict)
        self.assertIs(self.state().state, State.UNKNOWN)

    def test_what_could_not_be_recorded_fails_and_is_refused_once_there_is_a_disk(self) -> None:
        self.journal.broken = True
        self.failureResultOf(self.record(), JournalBroken)
        self.failureResultOf(self.record(), JournalBroken)
        self.journal.mend()
        refused = self.successResultOf(self.record())
        self.assertEqual((refused.state, refused.code), (State.REFUSED, errors.NOT_READY))

    def test_without_a_disk_nothing_is_concluded(self) -> None:
        self.sent()
        self.told.clear()
        self.orders = self.start()
        self.journal.broken = True
        self.failureResultOf(self.record(), JournalBroken)
        self.assertIsNone(self.orders.find(KEY, "ReqOrderInsert", CONTENT))
        (told,) = self.told
        self.assertEqual((told.state, told.code), (State.UNKNOWN, errors.NOT_READY))

    def test_what_an_earlier_run_has_written_is_not_overwritten(self) -> None:
        self.sent()
        self.orders = self.start()
        self.journal.broken = True
        self.failureResultOf(self.record(), JournalBroken)
        self.journal.mend()
        self.assertIs(self.successResultOf(self.record()).state, State.UNKNOWN)

    def test_what_was_forgotten_is_not_told_of(self) -> None:
        self.journal.broken = True
        self.failureResultOf(self.record(), JournalBroken)
        self.told.clear()
        self.told_of()
        self.assertEqual(self.told, [])

    def test_those_that_turn_up_are_counted(self) -> None:
        self.sent()
        self.assertEqual(self.orders.reloaded, 0)
        self.orders = self.start()
        self.successResultOf(self.record())
        self.assertEqual(self.orders.reloaded, 1)
        self.orders = self.start()
        self.orders.load(self.journal.disk.values())
        self.assertEqual(self.orders.reloaded, 1)

    def test_unless_it_is_to_go_on(self) -> None:
        self.journal.broken = True
        self.orders = self.start(go_on=True)
        self.assertIs(self.successResultOf(self.record()).state, State.RECORDED)

    def test_a_session_that_is_not_ready_any_more(self) -> None:
        self.record()
        abandoned = self.orders.abandon(KEY, errors.NOT_READY)
        self.assertEqual((abandoned.state, abandoned.code), (State.REFUSED, errors.NOT_READY))

    def test_a_native_value(self) -> None:
        self.record()
        refused = self.orders.called(KEY, -3)
        self.assertEqual(
            (refused.state, refused.code, refused.message), (State.REFUSED, -3, errors.message(-3))
        )


class ReportTests(OrdersTestCase):
    """What CTP tells is matched, or left alone."""

    def test_an_order_is_known_by_its_reference(self) -> None:
        self.sent()
        self.told_of("3", "     131", VolumeTraded=1, VolumeTotal=1)
        told = self.told[-1]
        self.assertEqual(
            (told.client_order_id, told.request, told.state, told.code, told.message),
            ("a-1", "ReqOrderInsert", State.KNOWN, 0, ""),
        )
        self.assertEqual(
            (told.front_id, told.session_id, told.order_ref, told.trading_day),
            (1, 7, "12", DAY),
        )
        self.assertEqual((told.exchange_id, told.order_sys_id), ("SHFE", "131"))
        self.assertEqual((told.submit_status, told.order_status), ("3", "3"))
        self.assertEqual((told.volume_traded, told.volume_total), (1, 1))

    def test_padding_of_the_reference_does_not_matter(self) -> None:
        self.sent()
        self.told_of(OrderRef="          12")
        self.assertIs(self.state().state, State.KNOWN)

    def test_other_orders_are_left_alone(self) -> None:
        self.sent()
        for other in (
            {"FrontID": 2},
            {"SessionID": 8},
            {"OrderRef": "13"},
            {"TradingDay": "20240101"},
            {"TradingDay": "2024010x"},
            {"InstrumentID": "rb2406"},
            {"Direction": "1"},
            {"VolumeTotalOriginal": 3},
        ):
            with self.subTest(other):
                self.told_of(**other)
                self.assertIs(self.state().state, State.SENT)

    def test_nothing_new_is_not_told_again(self) -> None:
        self.sent()
        self.told_of()
        self.told.clear()
        self.told_of()
        self.assertEqual(self.told, [])

    def test_once_at_the_exchange_its_number_tells(self) -> None:
        self.sent()
        self.told_of()
        self.told_of("0", FrontID=2, SessionID=9, OrderRef="1", VolumeTraded=2)
        self.assertEqual(self.state().volume_traded, 2)

    def test_its_reference_with_another_number_is_another_order(self) -> None:
        self.sent()
        self.told_of()
        self.told_of("0", "999")
        self.assertEqual((self.state().order_sys_id, self.state().order_status), ("131", "3"))

    def test_an_order_that_has_ended_stays_so(self) -> None:
        self.sent()
        self.told_of("0", VolumeTraded=2)
        self.told_of("3")
        self.assertEqual(self.state().order_status, "0")

    def test_what_another_session_tells_late_changes_nothing(self) -> None:
        self.sent()
        self.told_of("1", VolumeTraded=1)
        lates: list[tuple[str, dict[str, Any]]] = [
            ("a", {"OrderSysID": ""}),
            ("3", {"VolumeTraded": 0}),
        ]
        for status, late in lates:
            self.told_of(status, **late)
            self.assertEqual((self.state().order_status, self.state().volume_traded), ("1", 1))
        self.assertEqual(self.state().order_sys_id, "131")

    def test_what_had_not_ended_may_have_been_told_meanwhile(self) -> None:
        self.sent()
        account = KEY.broker_id, KEY.user_id
        self.assertFalse(self.orders.may_have_missed(*account))
        self.told_of()
        self.assertTrue(self.orders.may_have_missed(*account))
        self.assertFalse(self.orders.may_have_missed("9999", "another"))
        self.told_of("0", VolumeTraded=2)
        self.assertFalse(self.orders.may_have_missed(*account))

    def test_of_what_was_not_sent_nothing_is_told(self) -> None:
        self.record()
        self.told_of()
        self.assertIs(self.state().state, State.RECORDED)
        self.orders.called(KEY, -3)
        self.told_of()
        self.assertIs(self.state().state, State.REFUSED)

    def test_ctp_may_refuse_an_order_and_still_tell_of_it(self) -> None:
        self.sent()
        self.orders.answered(KEY, 31, "CTP:资金不足")
        self.assertIs(self.state().state, State.REFUSED)
        self.told_of("5", "")
        self.assertEqual((self.state().state, self.state().code), (State.KNOWN, 31))

    def test_a_request_that_is_answered_with_success(self) -> None:
        key = KEY._replace(client_order_id="p")
        self.sent(key, request="ReqParkedOrderInsert", body=CONTENT)
        self.orders.answered(key, 0, "")
        self.orders.answered(key, 0, "")
        self.assertIs(self.state(key).state, State.KNOWN)

    def test_an_answer_after_the_connection_broke_changes_nothing(self) -> None:
        self.sent()
        self.orders.lost(1, 7)
        self.orders.answered(KEY, errors.NOT_READY, "")
        self.assertIs(self.state().state, State.UNKNOWN)

    def test_a_broken_connection_makes_what_was_not_told_of_unknown(self) -> None:
        self.sent()
        self.sent(KEY._replace(client_order_id="b"), session=(2, 9))
        self.orders.lost(1, 7)
        self.assertIs(self.state().state, State.UNKNOWN)
        self.assertIs(self.state(KEY._replace(client_order_id="b")).state, State.SENT)
        self.told_of()
        self.assertIs(self.state().state, State.KNOWN)

    def next_day(self, day: str = "20240103") -> None:
        self.orders.forget(day, self.orders.new_day(day))

    def test_another_days_are_forgotten_but_for_the_disk(self) -> None:
        self.sent()
        self.told_of()
        self.next_day()
        self.told_of("0")
        self.assertIsNone(self.orders.find(KEY, "ReqOrderInsert", CONTENT))
        self.assertEqual(self.successResultOf(self.record()).order_status, "3")

    def test_an_answer_to_one_that_is_forgotten_changes_nothing(self) -> None:
        self.sent()
        self.told_of()
        self.next_day()
        self.orders.answered(KEY, 31, "CTP:资金不足")
        self.assertEqual(self.journal.disk[KEY].code, 0)

    def test_todays_are_not_forgotten(self) -> None:
        self.sent()
        self.next_day(DAY)
        self.told_of()
        self.assertIs(self.state().state, State.KNOWN)

    def test_they_are_forgotten_some_at_a_time(self) -> None:
        keys = [KEY._replace(client_order_id=str(number)) for number in range(5)]
        for key in keys:
            self.sent(key)
            self.orders.answered(key, 31, "CTP:资金不足")
        found = self.orders.new_day("20240103")
        self.assertEqual(found, keys)
        self.orders.forget("20240103", found[:2])
        self.assertEqual(list(self.orders._orders), keys[2:])


class MemoryTests(OrdersTestCase):
    """What can change no more leaves memory; the disk answers for it."""

    def key(self, number: int) -> Key:
        return KEY._replace(client_order_id=f"m-{number}")

    def settle(self, number: int) -> None:
        self.successResultOf(self.record(self.key(number)))
        self.orders.called(self.key(number), -3)

    def test_of_the_settled_only_the_latest_stay(self) -> None:
        self.sent()
        with patch.object(client_orders, "RECENT", 3):
            for number in range(10):
                self.settle(number)
        kept = {key.client_order_id for key in self.orders._orders}
        self.assertEqual(kept, {"a-1", "m-7", "m-8", "m-9"})

    def test_one_that_left_is_answered_by_the_disk_as_it_was(self) -> None:
        with patch.object(client_orders, "RECENT", 0):
            self.settle(1)
            self.assertEqual(self.orders._orders, {})
            again = self.successResultOf(self.record(self.key(1)))
        self.assertEqual((again.state, again.code), (State.REFUSED, -3))
        self.assertEqual((self.orders._orders, self.orders.reloaded), ({}, 0))
        other = self.record(self.key(1), body=BODY | {"VolumeTotalOriginal": 3})
        self.failureResultOf(other, ClientOrderConflict)

    def test_an_order_that_ended_leaves_and_one_that_rests_stays(self) -> None:
        with patch.object(client_orders, "RECENT", 0):
            self.sent()
            self.told_of("3")
            self.assertIn(KEY, self.orders._orders)
            self.assertFalse(self.journal.settled[KEY])
            self.told_of("0", VolumeTraded=2)
        self.assertNotIn(KEY, self.orders._orders)
        self.assertTrue(self.journal.settled[KEY])
        self.assertEqual(self.orders._index, {})

    def test_what_the_disk_does_not_have_stays(self) -> None:
        with patch.object(client_orders, "RECENT", 0):
            self.successResultOf(self.record(self.key(1)))
            self.journal.broken = True
            self.orders.called(self.key(1), -3)
            self.assertIn(self.key(1), self.orders._orders)
            self.journal.mend()
        self.assertEqual(self.orders._orders, {})

    def test_one_that_left_is_not_good_again_without_a_disk(self) -> None:
        self.orders = self.start(go_on=True)
        with patch.object(client_orders, "RECENT", 0):
            self.settle(1)
        self.journal.broken = True
        self.failureResultOf(self.record(self.key(1)), JournalBroken)
        self.assertIs(self.successResultOf(self.record(self.key(2))).state, State.RECORDED)

    def test_what_is_settled_is_not_loaded(self) -> None:
        self.settle(1)
        settled = self.orders._orders[self.key(1)]
        self.orders = self.start()
        self.journal.settled.clear()
        self.orders.load([settled])
        self.assertEqual(self.orders._orders, {})
        self.assertTrue(self.journal.settled[self.key(1)])


class ActionTests(OrdersTestCase):
    """Actions are known by the end of the order they are about."""

    def act(self, **body: object) -> None:
        fields = {"InstrumentID": "rb2405", "ActionFlag": "0"} | body
        self.sent(request="ReqOrderAction", body=fields)

    def told_of_target(self, status: str) -> None:
        self.orders.on_row("OnRtnOrder", order(status, "     131"))

    def test_by_number_or_by_reference(self) -> None:
        for target in (
            {"ExchangeID": "SHFE", "OrderSysID": "131"},
            {"ExchangeID": "SHFE", "OrderSysID": "     131"},
            {"FrontID": 1, "SessionID": 7, "OrderRef": "12", "ExchangeID": "SHFE"},
            {
                "FrontID": 1,
                "SessionID": 7,
                "OrderRef": "12",
                "ExchangeID": None,
                "OrderSysID": None,
            },
        ):
            with self.subTest(target):
                self.setUp()
                self.act(**target)
                self.told_of_target("3")
                self.assertIs(self.state().state, State.SENT)
                self.told_of_target("5")
                self.assertEqual(
                    (self.state().state, self.state().order_status), (State.KNOWN, "5")
                )

    def test_another_orders_end_is_not_its_own(self) -> None:
        self.act(ExchangeID="SHFE", OrderSysID="132")
        self.told_of_target("5")
        self.assertIs(self.state().state, State.SENT)

    def test_a_refused_one_stays_refused(self) -> None:
        self.act(ExchangeID="SHFE", OrderSysID="131")
        self.orders.answered(KEY, 26, "CTP:报单已全成交或已撤销，不能再撤")
        self.told_of_target("5")
        self.assertIs(self.state().state, State.REFUSED)

    def test_an_insert_and_its_action_are_both_told(self) -> None:
        insert = KEY._replace(client_order_id="insert")
        self.sent(insert)
        self.act(ExchangeID="SHFE", FrontID=1, SessionID=7, OrderRef="12")
        self.told_of("5")
        self.assertEqual((self.state(insert).state, self.state().state), (State.KNOWN,) * 2)

    def test_one_that_names_no_order(self) -> None:
        self.act()
        self.told_of_target("5")
        self.assertIs(self.state().state, State.SENT)


class KindTests(OrdersTestCase):
    """Requests other than orders."""

    def test_each_insert_that_ctp_tells_of_is_matched(self) -> None:
        for request, kind in kinds(CATALOGUE).items():
            if kind.returned is None or kind.is_action:
                continue
            with self.subTest(request):
                self.setUp()
                self.sent(request=request, body={"InstrumentID": "m2405", kind.ref: "3"})
                struct = CATALOGUE.callbacks[kind.returned].body_struct
                report = {
                    "InstrumentID": "m2405",
                    "FrontID": 1,
                    "SessionID": 7,
                    kind.ref: "3",
                    "TradingDay": DAY,
                    kind.status: "3",
                    "ExchangeID": "DCE",
                }
                if kind.sys_id:
                    report[kind.sys_id] = "77"
                name = struct.removeprefix("CThostFtdc").removesuffix("Field")
                self.orders.on_row(kind.returned, row(name, **report))
                self.assertEqual(
                    (self.state().state, self.state().order_status), (State.KNOWN, "3")
                )
                self.assertEqual(self.state().order_sys_id, "77" if kind.sys_id else "")

    def test_every_request_that_may_carry_an_id_can_be_recorded_and_sent(self) -> None:
        for number, request in enumerate(kinds(CATALOGUE)):
            key = KEY._replace(client_order_id=str(number))
            self.assertIs(self.sent(key, request=request, body={}).state, State.SENT)

    def test_queries_are_not_among_them(self) -> None:
        self.assertFalse([name for name in kinds(CATALOGUE) if CATALOGUE.methods[name].is_query])

    def test_a_push_of_another_kind_is_no_report(self) -> None:
        self.sent()
        quote = row("Quote", FrontID=1, SessionID=7, QuoteRef="12", TradingDay=DAY)
        self.orders.on_row("OnRtnQuote", quote)
        self.orders.on_row("OnRtnTrade", row("Trade", OrderRef="12"))
        self.assertIs(self.state().state, State.SENT)


class ReconcileTests(OrdersTestCase):
    """After a start, what the journal says meets what CTP reports."""

    def restart(self) -> None:
        self.orders = self.start()
        self.orders.load(self.journal.disk.values())

    def test_what_ctp_lists_is_known_and_the_rest_is_not_concluded(self) -> None:
        keys = [KEY._replace(client_order_id=one) for one in "abc"]
        for number, key in enumerate(keys):
            self.successResultOf(self.record(key, body=BODY | {"OrderRef": str(number)}))
            if number != 1:
                self.orders.called(key, 0)
        self.restart()
        rows = [order("3", "131", OrderRef="0", Direction="0", VolumeTotalOriginal=2)]
        unknown = self.orders.reconcile(rows)
        self.assertEqual([one.client_order_id for one in unknown], ["b", "c"])
        self.assertIs(self.state(keys[0]).state, State.KNOWN)

    def test_what_was_known_or_refused_stays(self) -> None:
        self.sent()
        self.told_of()
        refused = KEY._replace(client_order_id="r")
        self.record(refused)
        self.orders.called(refused, -3)
        self.restart()
        self.assertEqual(self.orders.reconcile([]), [])
        self.assertIs(self.successResultOf(self.record(refused)).state, State.REFUSED)
        self.told_of("0")
        self.assertEqual(self.state().order_status, "0")

    def test_loading_does_not_touch_what_this_run_knows(self) -> None:
        self.sent()
        self.orders.load(
            [
                ClientOrder(
                    **{
                        **{
                            name: getattr(self.state(), name)
                            for name in ClientOrder.__struct_fields__
                        },
                        "state": State.RECORDED,
                    }
                )
            ]
        )
        self.assertIs(self.state().state, State.SENT)

    def test_the_digest_does_not_depend_on_the_order_of_fields(self) -> None:
        backwards = dict(reversed(CONTENT.items()))
        self.assertEqual(digest_of("R", CONTENT), digest_of("R", backwards))
        self.assertNotEqual(digest_of("R", CONTENT), digest_of("S", CONTENT))

"""The order entry of a session, with a journal whose disk answers when it is told to."""

from typing import Any, cast
from unittest.mock import patch

from twisted.internet.task import Clock
from twisted.trial.unittest import SynchronousTestCase

from tests.upstream.orders.samples import Memory, Owner
from webctp.ctp import catalog
from webctp.ctp.bridge import CallbackEvent
from webctp.ctp.catalog import Method
from webctp.ctp.codec import CodecError, Raw, codec_for
from webctp.ctp.refusal import Refusal
from webctp.language.text import Text, verbatim
from webctp.upstream.account import AccountKey
from webctp.upstream.journal.store import Record, Type
from webctp.upstream.journal.trading import PushesKept, TradingJournal
from webctp.upstream.orders.cancelling import STILL_RESTING
from webctp.upstream.orders.checks import (
    JournalWritable,
    OrderRateLimit,
    OrderRules,
    OwnerMayOrder,
)
from webctp.upstream.orders.client_order import ClientOrder, JournalBroken
from webctp.upstream.orders.client_order import ClientOrderState as State
from webctp.upstream.orders.client_orders import ClientOrders
from webctp.upstream.orders.order import Order
from webctp.upstream.session.reply import OnReply
from webctp.upstream.trading.entry import OrderEntry

CATALOGUE = catalog.trading()
LOGIN = codec_for(CATALOGUE.module).layout("CThostFtdcRspUserLoginField")
ORDER = {"InstrumentID": "rb2701", "Direction": "0", "VolumeTotalOriginal": 1}


class _Journal:
    """``TradingJournal`` over a journal in memory."""

    def __init__(self, memory: Memory) -> None:
        self.pushed: list[ClientOrder] = []
        """The changes of ClientOrderIDs that clients are told."""
        self.client_orders = ClientOrders(CATALOGUE, memory, self.pushed.append, lambda: 1)
        self.refusal: Text | None = None
        self.kept: list[Record] = []
        self.pushes = PushesKept()

    def new_day(self, identity: AccountKey, trading_day: str) -> None:
        """Of ``TradingJournal``."""

    def pushes_kept(self, identity: AccountKey) -> PushesKept:
        """Of ``TradingJournal``."""
        return self.pushes

    def keep(self, kind: Type, name: str, identity: AccountKey, day: str, **more: Any) -> None:
        """Of ``TradingJournal``."""
        self.kept.append(Record(type=kind, name=name, trading_day=day, **more))


class EntryCase(SynchronousTestCase):
    """A session that is logged in, and a disk that holds what it is given."""

    rate = 0

    def setUp(self) -> None:
        self.memory = Memory()
        self.memory.held = True
        self.journal = _Journal(self.memory)
        self.usable = True
        self.sent: list[bytes] = []
        self.names: list[str] = []
        self.owner = Owner()
        self.missed = 0
        self.clock = Clock()
        self.entry = self.make()
        self.login()

    def make(self) -> OrderEntry:
        """A session's entry."""
        return OrderEntry(
            self.clock,
            CATALOGUE,
            AccountKey("9999", "u"),
            self.send,
            lambda: self.usable,
            OrderRules(
                (OwnerMayOrder(),),
                (
                    JournalWritable(lambda: self.journal.refusal),
                    *([OrderRateLimit(self.clock, self.rate)] if self.rate else []),
                ),
            ),
            journal=cast(TradingJournal, self.journal),
            on_asked_about=self.miss,
        )

    def restart(self) -> None:
        """Another daemon, on the same disk."""
        orders = ClientOrders(CATALOGUE, self.memory, self.journal.pushed.append, lambda: 2)
        self.journal.client_orders = orders

    def login(self, session_id: int = 7) -> None:
        values = {"TradingDay": "20261123", "FrontID": 1, "SessionID": session_id}
        self.entry.logged_in(LOGIN.pack({**values, "MaxOrderRef": "1"}))

    def send(self, method: Method, body: bytes, on_reply: OnReply) -> int:
        self.sent.append(body)
        self.names.append(method.name)
        return 0

    def miss(self) -> None:
        self.missed += 1

    def insert(self, given: str = "", **more: Any) -> None:
        self.enter("ReqOrderInsert", given, **ORDER, **more)

    def act(self, given: str = "", **body: Any) -> None:
        self.enter("ReqOrderAction", given, **body)

    def enter(self, name: str, given: str = "", **body: Any) -> None:
        self.entry.enter(Order(CATALOGUE.methods[name], body, 0, given, self.owner))

    @property
    def statuses(self) -> list[str]:
        """What was told of ClientOrderIDs."""
        return [order.state.value for order in self.owner.known]

    @property
    def codes(self) -> list[int]:
        """What was refused, with which code."""
        return [refusal.code for refusal in self.owner.refusals]


class BehindTests(EntryCase):
    """An order behind one that waits for the disk waits with it."""

    def test_it_is_sent_when_the_first_is(self) -> None:
        self.insert("a-1")
        self.insert()
        self.assertEqual(self.sent, [])
        self.memory.sync()
        self.assertEqual((len(self.sent), self.codes), (2, []))

    def test_a_session_that_was_lost_refuses_both(self) -> None:
        self.insert("a-1")
        self.insert()
        self.usable = False
        self.memory.sync()
        self.assertEqual((self.sent, self.codes), ([], [-503, -503]))
        kept = [(one.type, one.code, one.client_order_id) for one in self.journal.kept]
        self.assertEqual(kept, [(Type.ERROR, -503, "a-1"), (Type.ERROR, -503, "")])

    def test_a_session_that_was_lost_and_is_back_refuses_both_all_the_same(self) -> None:
        self.insert("a-1")
        self.insert()
        self.login(session_id=8)
        self.memory.sync()
        self.assertEqual((self.sent, self.codes), ([], [-503, -503]))

    def test_also_where_ctp_gives_the_same_numbers_again(self) -> None:
        self.insert("a-1")
        self.insert()
        self.login()
        self.memory.sync()
        self.assertEqual((self.sent, self.codes), ([], [-503, -503]))

    def test_what_comes_after_that_is_sent(self) -> None:
        self.insert("a-1")
        self.login()
        self.insert()
        self.memory.sync()
        self.assertEqual((len(self.sent), self.codes), (1, [-503]))


class PatienceTests(EntryCase):
    """Nothing is sent late, and nothing waits that need not."""

    def test_a_disk_that_does_not_answer_has_both_refused(self) -> None:
        self.insert("a-1")
        self.clock.advance(0.4)
        self.insert()
        self.assertEqual(self.codes, [])
        self.clock.advance(0.1)
        self.assertEqual((self.codes, len(self.sent)), ([-503], 1))
        self.assertIn("not sent", self.owner.refusals[0].detail)
        self.assertIn("OrderPatience", self.owner.refusals[0].detail)
        self.memory.sync()
        self.assertEqual((self.codes, len(self.sent)), ([-503], 1))

    def test_one_that_was_refused_for_it_is_known_as_refused_once_the_disk_answers(self) -> None:
        self.insert("a-1")
        self.clock.advance(0.5)
        self.memory.sync()
        self.insert("a-1")
        self.assertEqual((self.sent, self.codes, self.statuses), ([], [-503], ["refused"]))
        (kept,) = self.memory.disk.values()
        self.assertEqual((kept.state, kept.code), (State.REFUSED, -503))

    def test_one_that_was_used_before_is_told_even_then(self) -> None:
        self.insert("a-1")
        self.memory.sync()
        self.sent.clear()
        self.restart()
        self.insert("a-1")
        self.clock.advance(0.5)
        self.journal.pushed.clear()
        self.memory.sync()
        self.assertEqual((self.sent, self.codes), ([], [-503]))
        # Its request has been answered: this is told as a change, without its RequestID.
        self.assertEqual(self.owner.known, [])
        self.assertEqual([one.state for one in self.journal.pushed], [State.UNKNOWN])
        self.assertEqual(self.missed, 1)

    def test_one_that_the_disk_had_but_those_before_it_not_is_known_as_refused(self) -> None:
        self.insert("a-1")
        self.insert("a-2")
        held, (second, claim) = self.memory.waiting
        self.memory.waiting = [held]
        claim.callback(self.memory.write(second))
        self.clock.advance(0.5)
        self.assertEqual((self.sent, self.codes), ([], [-503, -503]))
        self.assertEqual([one.state for one in self.journal.pushed], [State.REFUSED])
        self.insert("a-2")
        self.assertEqual(self.statuses, ["refused"])
        self.memory.sync()
        states = {order.client_order_id: order.state for order in self.memory.disk.values()}
        self.assertEqual(states, {"a-1": State.REFUSED, "a-2": State.REFUSED})

    def test_a_cancellation_passes_at_once(self) -> None:
        self.insert("a-1")
        self.insert()
        self.act(OrderSysID="131", ExchangeID="SHFE")
        self.act(OrderRef="1", FrontID=1, SessionID=7)
        self.assertEqual(self.names, ["ReqOrderAction"] * 2)
        self.memory.sync()
        self.assertEqual(self.names[2:], ["ReqOrderInsert"] * 2)

    def test_one_of_an_order_that_waits_itself_follows_it(self) -> None:
        """Before it, it would find nothing; then the order would be sent."""
        self.insert("a-1", OrderRef="000000000012")
        self.act(OrderRef="12", FrontID=1, SessionID=7)
        self.assertEqual(self.names, [])
        self.memory.sync()
        self.assertEqual(self.names, ["ReqOrderInsert", "ReqOrderAction"])

    def test_one_that_has_an_id_waits_for_its_disk_alone(self) -> None:
        self.insert("a-1")
        self.act("c-1", OrderSysID="131", ExchangeID="SHFE")
        (first, held), (second, free) = self.memory.waiting
        self.memory.waiting = [(first, held)]
        free.callback(self.memory.write(second))
        self.assertEqual(self.names, ["ReqOrderAction"])
        self.memory.sync()
        self.assertEqual(self.names, ["ReqOrderAction", "ReqOrderInsert"])

    def test_a_lost_session_leaves_nothing_waiting(self) -> None:
        self.insert("a-1")
        self.insert()
        self.act("c-1", OrderSysID="131")
        self.usable = False
        self.clock.advance(0.5)
        self.assertEqual(self.codes, [-503] * 3)
        self.memory.sync()
        self.assertEqual((self.sent, len(self.codes)), ([], 3))
        self.assertEqual(self.clock.getDelayedCalls(), [])


class FaultTests(EntryCase):
    """Whatever is raised, the line moves, and each is answered."""

    def test_a_record_that_raises_takes_no_place(self) -> None:
        with patch.object(self.journal.client_orders, "record", side_effect=KeyError("x")):
            self.assertRaises(KeyError, self.insert, "a-1")
        self.insert()
        self.insert("a-2")
        self.memory.sync()
        self.assertEqual((len(self.sent), self.codes), (2, []))

    def test_a_disk_that_says_something_unforeseen(self) -> None:
        self.insert("a-1")
        self.insert()
        (_, claim), *_ = self.memory.waiting
        claim.errback(ZeroDivisionError("x"))
        self.assertEqual((len(self.sent), self.codes), (1, [-400]))
        self.assertEqual(len(self.flushLoggedErrors(ZeroDivisionError)), 1)

    def test_a_call_that_raises(self) -> None:
        self.insert("a-1")
        self.insert()
        calls = self.sent

        def send(method: Method, body: bytes, on_reply: OnReply) -> int:
            calls.append(body)
            if len(calls) == 1:
                raise ZeroDivisionError("x")
            return 0

        with patch.object(self.entry, "_send", send):
            self.memory.sync()
        self.assertEqual((len(self.sent), self.codes), (2, [-400]))
        self.assertIn("not known", self.owner.refusals[0].detail)
        self.insert("a-1")
        self.assertEqual((len(self.sent), self.statuses), (2, ["unknown"]))
        self.assertEqual(len(self.flushLoggedErrors(ZeroDivisionError)), 1)


class RefusalTests(EntryCase):
    """What a check refuses, the entry writes down."""

    def kept(self) -> list[tuple[str, int | None, str]]:
        return [(one.name, one.code, one.client_order_id) for one in self.journal.kept]

    def test_it_is_in_the_journal_and_not_at_the_front(self) -> None:
        self.owner.refusal = Refusal(-401, verbatim("a login is under way"))
        with self.assertRaises(Refusal) as caught:
            self.insert("a-1")
        self.assertIs(caught.exception, self.owner.refusal)
        self.assertEqual(self.kept(), [("ReqOrderInsert", -401, "a-1")])
        self.assertEqual((self.sent, self.owner.refusals), ([], []))

    def test_of_a_repeated_id_only_the_first_checks_are_asked(self) -> None:
        self.insert("a-1")
        self.memory.sync()
        self.journal.refusal = verbatim("the disk is full")
        self.insert("a-1")
        self.assertEqual(self.statuses, ["sent"])
        self.owner.refusal = Refusal(-401, verbatim("a login is under way"))
        self.assertRaises(Refusal, self.insert, "a-1")
        self.assertEqual((len(self.sent), self.statuses), (1, ["sent"]))

    def test_a_body_that_fits_no_struct_is_no_order_yet(self) -> None:
        self.assertRaises(CodecError, self.insert, InvestorID="x" * 100)
        self.assertEqual(self.kept(), [])


class CancelTests(EntryCase):
    """Cancel on disconnect: each order by itself."""

    layout = codec_for(CATALOGUE.module).layout("CThostFtdcOrderField")

    def told_of(self, number: bytes, **more: Any) -> None:
        common = {"FrontID": 1, "SessionID": 7, "ExchangeID": "SHFE", "TradingDay": "20261123"}
        row = {**common, "OrderStatus": "3", "OrderSysID": Raw(number), **more}
        callback = CATALOGUE.callbacks["OnRtnOrder"]
        event = CallbackEvent(callback, self.layout.pack(row), None, 0, True)
        self.assertIsNotNone(self.entry.pushes.take(event))

    def cancelled(self) -> list[bytes]:
        action = codec_for(CATALOGUE.module).layout("CThostFtdcInputOrderActionField")
        return [action.raw(body, "OrderSysID") for body in self.sent]

    def test_numbers_that_end_in_half_a_character_are_cancelled_like_the_others(self) -> None:
        numbers = [b"%12d" % at for at in range(60)]
        numbers[0] = numbers[0][:-1] + b"\xb0"
        numbers[30] = b"\xff  \xd6"
        for at, number in enumerate(numbers):
            self.told_of(number, OrderRef=str(at))
        self.entry.cancel_resting()
        self.assertEqual(self.cancelled(), numbers)
        self.entry.stop_cancelling()

    def test_references_too(self) -> None:
        self.told_of(b"", OrderRef=Raw(b"12\xb0"))
        self.entry.cancel_resting()
        action = codec_for(CATALOGUE.module).layout("CThostFtdcInputOrderActionField")
        self.assertEqual([action.raw(body, "OrderRef") for body in self.sent], [b"12\xb0"])
        self.entry.stop_cancelling()

    def test_one_that_cannot_be_cancelled_does_not_keep_the_others(self) -> None:
        for at in range(3):
            self.told_of(b"%d" % at, OrderRef=str(at))
        fill, filled = self.entry._refs.fill, list[int]()

        def filling(*arguments: Any) -> dict[str, Any]:
            filled.append(1)
            if len(filled) == 1:
                raise ZeroDivisionError("x")
            return fill(*arguments)

        with patch.object(self.entry._refs, "fill", filling):
            self.entry.cancel_resting()
            self.assertEqual(self.cancelled(), [b"1", b"2"])
            self.clock.advance(STILL_RESTING)
        self.assertEqual(self.cancelled()[2:], [b"0", b"1", b"2"])
        self.assertEqual(len(self.flushLoggedErrors(ZeroDivisionError)), 1)
        self.entry.stop_cancelling()
        self.assertEqual(self.clock.getDelayedCalls(), [])

    def test_the_journal_has_them_as_text(self) -> None:
        self.told_of(b"  1\xb0")
        self.entry.cancel_resting()
        (kept,) = [one for one in self.journal.kept if one.type is Type.REQUEST]
        self.assertEqual((kept.body or {})["OrderSysID"], "  1\ufffd")
        self.entry.stop_cancelling()


class KeptTests(EntryCase):
    """What is written down of pushes."""

    def push(self, name: str, *, replayed: bool = False, **values: Any) -> None:
        callback = CATALOGUE.callbacks[name]
        body = codec_for(CATALOGUE.module).layout(callback.body_struct).pack(values)
        event = CallbackEvent(callback, body, None, 0, True)
        self.assertIsNotNone(self.entry.pushes.take(event, replayed=replayed))

    def test_the_day_that_each_login_plays_again_is_written_once(self) -> None:
        self.push("OnRtnTrade", TradeID="1")
        for _ in range(3):
            self.entry = self.make()
            self.login()
            self.push("OnRtnTrade", replayed=True, TradeID="1")
            self.push("OnRtnOrder", replayed=True, OrderRef="1", OrderStatus="3")
            self.push("OnErrRtnOrderInsert", replayed=True, OrderRef="2")
        self.assertEqual(
            [one.name for one in self.journal.kept], ["RtnTrade", "RtnOrder", "ErrRtnOrderInsert"]
        )

    def test_an_answer_that_is_played_again_is_no_other_answer(self) -> None:
        for _ in range(2):  # asked for twice
            self.push("OnRtnCFMMCTradingAccountToken", Token="t")
        callback = CATALOGUE.callbacks["OnRtnCFMMCTradingAccountToken"]
        body = codec_for(CATALOGUE.module).layout(callback.body_struct).pack({"Token": "t"})
        self.login()
        event = CallbackEvent(callback, body, None, 0, True)
        self.assertIsNone(self.entry.pushes.take(event, replayed=True))

    def test_what_is_alike_for_everybody_is_not(self) -> None:
        self.push("OnRtnInstrumentStatus", InstrumentID="rb2701")
        self.push("OnRtnBulletin", Content="x")
        self.push("OnRtnForQuoteRsp", InstrumentID="rb2701")
        self.assertEqual(self.journal.kept, [])

    def test_what_is_the_accounts_own_is(self) -> None:
        self.push("OnRtnTradingNotice", InvestorID="u")
        self.push("OnRtnTradingNotice")
        self.push("OnRtnQuote", InvestorID="u")
        self.push("OnErrRtnForQuoteInsert", InvestorID="u")
        self.push("OnRtnFromBankToFutureByBank", AccountID="u")
        self.assertEqual(
            [one.name for one in self.journal.kept],
            [
                "RtnTradingNotice",
                "RtnTradingNotice",
                "RtnQuote",
                "ErrRtnForQuoteInsert",
                "RtnFromBankToFutureByBank",
            ],
        )


class OnceTests(EntryCase):
    """An ID that was used before, and one of which nothing can be known."""

    def test_without_a_disk_it_is_refused_and_nothing_is_said_of_it(self) -> None:
        self.memory.broken = True
        self.insert("a-1")
        self.assertEqual((self.sent, self.owner.known, self.codes), ([], [], [-503]))
        self.assertIn("full", self.owner.refusals[0].detail)

    def test_one_that_waits_behind_it_is_sent(self) -> None:
        self.insert("a-1")
        self.insert()
        (_, claim), *_ = self.memory.waiting
        claim.errback(JournalBroken("full"))
        self.assertEqual((len(self.sent), self.codes), (1, [-503]))

    def test_who_asks_about_one_that_is_not_settled_has_ctp_asked(self) -> None:
        self.insert("a-1")
        self.memory.sync()
        self.insert("a-1")
        self.assertEqual((self.statuses, self.missed), (["sent"], 0))
        self.entry.lost()
        self.insert("a-1")
        self.assertEqual((self.owner.known[-1].state.value, self.missed), ("unknown", 1))
        self.assertEqual(len(self.sent), 1)

    def executed(self) -> None:
        """An earlier daemon has sent a-1; this one has not read of it."""
        self.insert("a-1")
        self.memory.sync()
        self.restart()
        self.owner.known.clear()

    def test_one_executed_before_and_asked_about_twice_in_a_row_is_no_new_one(self) -> None:
        self.executed()
        self.insert("a-1")
        self.insert("a-1")
        self.assertEqual(self.owner.known, [])
        self.memory.sync()
        self.assertEqual((self.statuses, len(self.sent)), (["unknown", "unknown"], 1))
        self.assertEqual(self.missed, 2)

    def test_a_new_one_asked_about_before_it_is_on_disk_is_told_when_it_is_sent(self) -> None:
        self.insert("a-1")
        self.insert("a-1")
        self.memory.sync()
        self.assertEqual((self.statuses, len(self.sent)), (["sent"], 1))

    def test_where_the_disk_does_not_say_it_is_unknown(self) -> None:
        self.executed()
        self.insert("a-1")
        self.insert("a-1")
        self.clock.advance(0.5)
        self.assertEqual((self.statuses, self.codes), (["unknown"], [-503]))
        self.journal.pushed.clear()
        self.memory.sync()
        self.assertEqual((self.statuses, len(self.sent)), (["unknown"], 1))
        self.assertEqual([one.state for one in self.journal.pushed], [State.UNKNOWN])

    def test_a_disk_that_breaks_meanwhile_leaves_it_unknown(self) -> None:
        self.insert("a-1")
        self.insert("a-1")
        (_, claim), *_ = self.memory.waiting
        claim.errback(JournalBroken("full"))
        self.assertEqual((self.statuses, self.codes, self.sent), (["unknown"], [-503], []))

    def test_other_content_is_a_conflict_with_what_the_disk_has(self) -> None:
        self.executed()
        self.insert("a-1", LimitPrice=1.0)
        self.insert("a-1", LimitPrice=1.0)
        self.memory.sync()
        self.assertEqual((self.codes, len(self.sent)), ([-409, -409], 1))

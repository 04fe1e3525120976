"""The order entry of a session, with a journal whose disk answers when it is told to."""

from typing import Any, cast

from twisted.internet.task import Clock
from twisted.trial.unittest import SynchronousTestCase

from tests.upstream.clientorders import Memory
from tests.upstream.support import Answers
from webctp.ctp import catalog
from webctp.ctp.catalog import Method
from webctp.ctp.codec import codec_for
from webctp.upstream.books import Books
from webctp.upstream.entry import EntryRefused, Order, OrderEntry
from webctp.upstream.identity import Identity
from webctp.upstream.journal_entry import ClientOrder, JournalBroken
from webctp.upstream.journal_orders import ClientOrders
from webctp.upstream.journal_store import Record, Type
from webctp.upstream.session import Answer

CATALOGUE = catalog.trading()
INSERT = CATALOGUE.methods["ReqOrderInsert"]
LOGIN = codec_for(CATALOGUE.module).layout("CThostFtdcRspUserLoginField")
ORDER = {"InstrumentID": "rb2701", "Direction": "0", "VolumeTotalOriginal": 1}


class _Books:
    """``Books`` over a journal in memory."""

    def __init__(self, memory: Memory) -> None:
        self.client_orders = ClientOrders(CATALOGUE, memory, lambda order: None, lambda: 1)
        self.refusal: str | None = None
        self.kept: list[Record] = []

    def keep(self, kind: Type, name: str, identity: Identity, day: str, **more: Any) -> None:
        """Of ``Books``."""
        self.kept.append(Record(type=kind, name=name, trading_day=day, **more))


class EntryCase(SynchronousTestCase):
    """A session that is logged in, and a disk that holds what it is given."""

    rate = 0

    def setUp(self) -> None:
        self.memory = Memory()
        self.memory.held = True
        self.books = _Books(self.memory)
        self.usable = True
        self.sent: list[bytes] = []
        self.refused: list[EntryRefused] = []
        self.told: list[ClientOrder] = []
        self.missed = 0
        self.entry = OrderEntry(
            Clock(),
            CATALOGUE,
            Identity("9999", "u"),
            self.send,
            lambda: self.usable,
            rate=self.rate,
            books=cast(Books, self.books),
            flush=lambda: None,
            missed=self.miss,
        )
        self.login()

    def login(self, session_id: int = 7) -> None:
        values = {"TradingDay": "20261123", "FrontID": 1, "SessionID": session_id}
        self.entry.logged_in(LOGIN.pack({**values, "MaxOrderRef": "1"}))

    def send(self, method: Method, body: bytes, answer: Answer) -> int:
        self.sent.append(body)
        return 0

    def miss(self) -> None:
        self.missed += 1

    def insert(self, given: str = "", **more: Any) -> Answers:
        answers = Answers()
        body: dict[str, Any] = {**ORDER, **more}
        self.entry.enter(Order(INSERT, body, answers, given, self.told.append, self.refused.append))
        return answers

    @property
    def codes(self) -> list[int]:
        """What was refused, with which code."""
        return [refusal.code for refusal in self.refused]


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
        kept = [(one.type, one.code, one.client_order_id) for one in self.books.kept]
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


class OnceTests(EntryCase):
    """An ID that was used before, and one of which nothing can be known."""

    def test_without_a_disk_it_is_refused_and_nothing_is_said_of_it(self) -> None:
        self.memory.broken = True
        self.insert("a-1")
        self.assertEqual((self.sent, self.told, self.codes), ([], [], [-503]))
        self.assertIn("full", self.refused[0].detail)

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
        self.assertEqual(([one.state.value for one in self.told], self.missed), (["sent"], 0))
        self.entry.lost()
        self.insert("a-1")
        self.assertEqual((self.told[-1].state.value, self.missed), ("unknown", 1))
        self.assertEqual(len(self.sent), 1)

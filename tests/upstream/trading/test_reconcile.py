"""Orders are asked for while something of them may have been missed."""

from typing import cast

from tests.upstream.trading.queues import CATALOGUE, QueueTestCase, Sent
from webctp.ctp.codec import codec_for
from webctp.upstream.account import AccountKey
from webctp.upstream.journal.trading import TradingJournal
from webctp.upstream.session.reply import Reply
from webctp.upstream.trading.figures import TradingFigures
from webctp.upstream.trading.reconcile import AGAIN, Reconciliation

ORDERS = CATALOGUE.methods["ReqQryOrder"]


class _Journal:
    """Books that say whether all is known, and whether something has turned up."""

    def __init__(self) -> None:
        self.is_unsettled = True
        self.reloaded = 0
        self.client_orders = self

    def may_have_missed(self, identity: AccountKey) -> bool:
        """Of ``TradingJournal``."""
        return self.is_unsettled


class ReconciliationTests(QueueTestCase):
    """A session with an ID of which not all is known."""

    def setUp(self) -> None:
        super().setUp()
        self.journal = _Journal()
        self.figures = TradingFigures()
        self.ready = True
        self.rows: list[tuple[bytes | None, bool]] = []
        self.asking = Reconciliation(
            self.clock,
            CATALOGUE,
            AccountKey("9999", "u"),
            cast(TradingJournal, self.journal),
            self.queue,
            lambda: self.ready,
            self.take,
            self.figures,
        )

    def tearDown(self) -> None:
        self.ready = False
        self.asking.stop()
        self.queue.clear(-503)
        self.assertEqual(self.clock.getDelayedCalls(), [])

    def take(self, reply: Reply) -> None:
        self.rows.append((reply.body, reply.is_last))

    def asked(self) -> list[Sent]:
        return [sent for sent in self.front.sent if sent.method is ORDERS]

    def test_the_accounts_orders_are_asked_for(self) -> None:
        self.asking.ask()
        (sent,) = self.asked()
        layout = codec_for(CATALOGUE.module).layout(ORDERS.request_struct)
        self.assertEqual(layout.text(sent.body, "BrokerID"), "9999")
        self.assertEqual(layout.text(sent.body, "InvestorID"), "u")
        sent.reply(b"one", b"two")
        self.assertEqual(self.rows, [(b"one", False), (b"two", True)])

    def test_answers_and_their_absence_are_counted(self) -> None:
        self.asking.ask()
        self.clock.advance(10)  # nothing is heard
        self.assertEqual((self.figures.reconciled, self.figures.not_reconciled), (0, 1))
        self.clock.advance(AGAIN)
        self.asked()[-1].reply(b"one")
        self.assertEqual((self.figures.reconciled, self.figures.not_reconciled), (1, 1))

    def test_where_all_is_known_nothing_is_asked(self) -> None:
        self.journal.is_unsettled = False
        self.asking.ask()
        self.assertEqual(self.asked(), [])

    def test_before_the_session_is_ready_nothing_is_asked(self) -> None:
        self.ready = False
        self.asking.ask()
        self.assertEqual(self.asked(), [])

    def test_what_is_missed_during_an_answer_is_asked_for_once_more(self) -> None:
        self.asking.ask()
        self.asking.ask()
        self.asking.ask()
        self.asked()[0].reply(b"one")
        self.clock.advance(1)
        self.assertEqual(len(self.asked()), 2)
        self.asked()[1].reply(b"one")
        self.clock.advance(60)
        self.assertEqual(len(self.asked()), 2)

    def test_a_client_that_asks_again_and_again_asks_once_for_what_has_turned_up(self) -> None:
        self.asking.asked_about()
        self.assertEqual(self.asked(), [])
        self.journal.reloaded = 2
        self.asking.asked_about()
        self.asked()[0].reply(b"one")
        for _ in range(3):
            self.asking.asked_about()
            self.clock.advance(1)
        self.assertEqual(len(self.asked()), 1)

    def test_one_that_is_not_answered_is_asked_again(self) -> None:
        for ending in (-408, 90, -1):
            self.front.sent.clear()
            self.asking.ask()
            # The queue has its own patience with 90: it is over when it says so.
            self.queue.leave(self.asking, ending)
            self.front.sent[-1].reply(code=0)
            self.clock.advance(AGAIN)
            self.clock.advance(1)
            self.assertEqual(len(self.asked()), 2, ending)
            self.asked()[1].reply(b"one")
            self.clock.advance(60)
            self.assertEqual(len(self.asked()), 2, ending)

    def test_one_that_ctp_refuses_is_not(self) -> None:
        self.asking.ask()
        self.asked()[0].reply(code=9)
        self.clock.advance(60)
        self.assertEqual(len(self.asked()), 1)

    def test_one_that_all_is_known_of_meanwhile_is_not(self) -> None:
        self.asking.ask()
        self.journal.is_unsettled = False
        self.queue.leave(self.asking, -408)
        self.clock.advance(60)
        self.assertEqual(len(self.asked()), 1)

    def test_a_broken_connection_leaves_it_to_the_next_login(self) -> None:
        self.asking.ask()
        self.asking.ask()
        self.ready = False
        self.asking.stop()
        self.queue.clear(-503)
        self.clock.advance(60)
        self.assertEqual(len(self.asked()), 1)
        self.ready = True
        self.asking.ask()
        self.assertEqual(len(self.asked()), 2)

    def test_a_full_queue_is_tried_again(self) -> None:
        others = [self.ask(bytes([letter])) for letter in b"abcd"]
        self.asking.ask()
        self.assertEqual(self.asked(), [])
        self.queue.leave(others[3])
        self.clock.advance(AGAIN)
        for place in range(3):
            self.front.sent[place].reply(b"row")
            self.clock.advance(1)
        self.assertEqual(len(self.asked()), 1)

"""The book: who waits, whose condition is met, what time has run out."""

from datetime import datetime

from twisted.trial.unittest import SynchronousTestCase

from tests.upstream.conditional.samples import BODY, buying, conditional, leg
from webctp.upstream.conditional.book import MOST_ENDED, Book, Met
from webctp.upstream.conditional.table import ConditionalAction, ConditionalEvent, ConditionalState
from webctp.upstream.conditional.triggers import Kind
from webctp.upstream.statetable import IllegalTransition

State, Event = ConditionalState, ConditionalEvent
LOW = 33_000_000
HIGH = 37_000_000


class BookTests(SynchronousTestCase):
    """One account's."""

    def setUp(self) -> None:
        self.book = Book()

    def test_a_condition_is_met_once(self) -> None:
        self.book.put(conditional(state=State.WAITING))
        self.assertEqual(self.book.priced("rb2701", HIGH)[0], [])
        self.assertEqual(self.book.priced("rb2701", LOW)[0], [Met("c-1", 0)])
        one, action = self.book.advance("c-1", Event.TRIGGER, fired=0)
        self.assertIs(action, ConditionalAction.RECORD_FIRST)
        self.assertEqual(one.order_id, "c-1.1")
        self.assertEqual(self.book.priced("rb2701", LOW)[0], [])
        self.assertRaises(IllegalTransition, self.book.advance, "c-1", Event.TRIGGER)

    def test_of_two_legs_the_first_that_is_met_counts(self) -> None:
        self.book.put(conditional(leg(), leg(Kind.PROFIT, 3600.0), state=State.WAITING))
        self.assertEqual(self.book.priced("rb2701", HIGH)[0], [Met("c-1", 1)])
        self.assertEqual(self.book.priced("rb2701", LOW)[0], [Met("c-1", 0)])

    def test_what_does_not_wait_is_not_met(self) -> None:
        for state in State:
            book = Book()
            book.put(conditional(state=state))
            met = book.priced("rb2701", LOW)[0]
            self.assertEqual(bool(met), state is State.WAITING, state)

    def test_another_instrument_is_none_of_its_business(self) -> None:
        other = leg(body={**BODY, "InstrumentID": "rb2705"})
        self.book.put(conditional(leg(), other, state=State.WAITING))
        self.assertEqual(self.book.priced("rb2705", LOW)[0], [Met("c-1", 1)])
        self.assertEqual(self.book.priced("cu2701", LOW)[0], [])

    def test_a_mark_moves_while_it_waits_only(self) -> None:
        self.book.put(conditional(leg(Kind.TRAILING), state=State.PAUSED))
        self.assertEqual(self.book.priced("rb2701", HIGH), ([], []))
        self.book.advance("c-1", Event.RESUME)
        met, moved = self.book.priced("rb2701", HIGH)
        self.assertEqual((met, [one.legs[0].mark for one in moved]), ([], [HIGH]))
        self.assertEqual(self.book.priced("rb2701", HIGH), ([], []))
        self.assertEqual(self.book.priced("rb2701", LOW)[0], [Met("c-1", 0)])

    def test_instruments_are_those_somebody_waits_for_or_will(self) -> None:
        self.assertEqual(self.book.instruments, frozenset())
        entry = conditional(buying(Kind.NOW), protect=(leg(),), state=State.SENT, fired=0)
        self.book.put(entry)
        self.assertEqual(self.book.instruments, {"rb2701"})
        self.book.advance("c-1", Event.ORDER_ENDED)
        self.assertEqual(self.book.instruments, frozenset())

    def test_at_its_moment_and_not_when_it_is_missed(self) -> None:
        self.book.put(conditional(leg(Kind.TIME, at="2024-01-02T09:30:00"), state=State.WAITING))
        for second, met, missed in (
            (datetime(2024, 1, 2, 9, 29, 59), [], []),
            (datetime(2024, 1, 2, 9, 30, 0), [Met("c-1", 0)], []),
            (datetime(2024, 1, 2, 9, 32, 0), [], ["c-1"]),
        ):
            self.assertEqual(self.book.timed(second), (met, missed), second)

    def test_a_missed_moment_beside_a_price_leaves_the_price(self) -> None:
        timed = leg(Kind.TIME, at="2024-01-02T09:30:00")
        self.book.put(conditional(timed, leg(), state=State.WAITING))
        self.assertEqual(self.book.timed(datetime(2024, 1, 2, 9, 32)), ([], []))
        self.assertEqual(self.book.priced("rb2701", LOW)[0], [Met("c-1", 1)])

    def test_what_waits_for_nothing_is_met_as_soon_as_it_is_watched(self) -> None:
        self.book.put(conditional(buying(Kind.NOW), state=State.PAUSED))
        now = datetime(2024, 1, 2, 9, 30)
        self.assertEqual(self.book.timed(now)[0], [])
        self.book.advance("c-1", Event.RESUME)
        self.assertEqual(self.book.timed(now)[0], [Met("c-1", 0)])

    def test_days_end(self) -> None:
        self.book.put(conditional(state=State.WAITING))
        self.assertEqual(self.book.over("20240102"), [])
        self.assertEqual(self.book.over("20240103"), ["c-1"])

    def test_whose_order_it_is(self) -> None:
        self.book.put(conditional(state=State.SENT, fired=0))
        found = self.book.of_order("c-1.1")
        assert found is not None
        self.assertEqual(found.conditional_id, "c-1")
        for other in ("c-1.2", "c-1", "c-2.1", ""):
            self.assertIsNone(self.book.of_order(other), other)

    def test_of_those_that_have_ended_the_newest_are_kept(self) -> None:
        for number in range(MOST_ENDED + 2):
            self.book.put(conditional(conditional_id=f"{number}", state=State.DONE))
        self.assertIsNone(self.book.get("1"))
        self.assertIsNotNone(self.book.get("2"))
        self.assertEqual((len(self.book), len(self.book.all())), (0, MOST_ENDED))

"""Tickets: once, within seconds, and not too many."""

from twisted.internet.task import Clock
from twisted.trial.unittest import SynchronousTestCase

from webctp.ctp import errors
from webctp.ctp.refusal import Limited, Refusal
from webctp.gateway.access.tokens.tickets import LIFETIME, MOST_OF_ONE, Tickets
from webctp.secret import Secret


class TicketCase(SynchronousTestCase):
    """Tickets on a clock."""

    def setUp(self) -> None:
        self.clock = Clock()
        self.tickets = Tickets(self.clock)

    def test_it_serves_once(self) -> None:
        ticket = self.tickets.make("bot")
        self.assertEqual(self.tickets.use(ticket), "bot")
        self.assertIsNone(self.tickets.use(ticket))

    def test_it_is_worth_nothing_after_its_time(self) -> None:
        first = self.tickets.make("bot")
        self.clock.advance(LIFETIME - 0.001)
        second = self.tickets.make("bot")
        self.clock.advance(0.001)
        self.assertIsNone(self.tickets.use(first))
        self.assertEqual(self.tickets.use(second), "bot")

    def test_what_is_no_ticket_takes_none_away(self) -> None:
        ticket = self.tickets.make("bot")
        for text in ("", "x", ticket.reveal()[:-1], "\ud800"):
            self.assertIsNone(self.tickets.use(Secret(text)))
        self.assertEqual(self.tickets.use(ticket), "bot")

    def test_one_principal_takes_none_from_others(self) -> None:
        for _ in range(MOST_OF_ONE):
            self.tickets.make("greedy")
        with self.assertRaises(Refusal) as caught:
            self.tickets.make("greedy")
        self.assertEqual(caught.exception.code, errors.TOO_MANY)
        detail = caught.exception.detail
        assert isinstance(detail, Limited)
        self.assertEqual((detail.limit, detail.retry_after), (MOST_OF_ONE, LIFETIME))
        self.assertEqual(self.tickets.use(self.tickets.make("bot")), "bot")
        self.clock.advance(LIFETIME)
        self.tickets.make("greedy")

"""Who is let in by which token, and who is sent away when tokens change."""

from datetime import timedelta

from twisted.trial.unittest import SynchronousTestCase

from tests.gateway.access.tokens.test_presented import arrival
from tests.gateway.access.tokens.test_record import NOW, token
from webctp.ctp import errors
from webctp.ctp.refusal import Refusal
from webctp.gateway.access.principal import Arrival, PrincipalLimits, Scope
from webctp.gateway.access.tokens.authentication import (
    NO_LONGER_VALID,
    RIGHTS_CHANGED,
    TokenAuthentication,
    WrongToken,
)
from webctp.gateway.access.tokens.record import Token, hash_of, new_token
from webctp.gateway.access.tokens.wrong import FREE
from webctp.testing import ThreadlessReactor


class Socket:
    """A connection that notes how it was closed."""

    def __init__(self) -> None:
        self.closed: list[tuple[int, str]] = []

    def close(self, code: int, reason: str) -> None:
        """Note the code and the reason."""
        self.closed.append((code, reason))


class AuthenticationCase(SynchronousTestCase):
    """A few tokens on a clock; the wall clock goes with it."""

    def setUp(self) -> None:
        self.reactor = ThreadlessReactor()
        self.secret = new_token()
        self.bot = token(sha256=hash_of(self.secret))
        self.known = TokenAuthentication(
            self.reactor, lambda: NOW.timestamp() + self.reactor.seconds(), [self.bot]
        )
        self.addCleanup(self.known.close)

    def request(self, secret: str = "", *, host: str = "127.0.0.1", subject: str = "") -> Arrival:
        headers = {"authorization": f"Bearer {secret or self.secret.reveal()}"}
        return Arrival("/td/", {} if subject else headers, host, host, "", subject)

    def refusal(self, request: Arrival) -> Refusal:
        with self.assertRaises(Refusal) as caught:
            self.known.authenticate(request)
        found: Refusal = caught.exception
        return found

    def opened(self) -> Socket:
        """A connection that was let in by the token."""
        usage = self.known.authenticate(self.request()).usage
        assert usage is not None
        socket = Socket()
        usage.enter(socket)
        return socket

    def change(self, *tokens: Token) -> None:
        self.known.take(tokens)


class LettingIn(AuthenticationCase):
    """Who is it."""

    def test_the_principal_has_what_its_entry_says(self) -> None:
        entry = token(
            sha256=hash_of(self.secret),
            scopes=(Scope.MARKET,),
            accounts=("a*",),
            instruments=("rb*",),
            limits=PrincipalLimits(orders=3),
        )
        self.change(entry)
        found = self.known.authenticate(self.request())
        self.assertEqual(
            (found.name, found.scopes, found.accounts, found.instruments, found.limits.orders),
            ("bot", {Scope.MARKET}, ("a*",), ("rb*",), 3),
        )

    def test_without_a_token_the_way_to_show_one_is_told(self) -> None:
        refusal = self.refusal(arrival())
        self.assertEqual(refusal.code, errors.NOT_LOGGED_IN)
        self.assertIn("Authorization: Bearer", refusal.detail)
        self.assertNotIsInstance(refusal, WrongToken)
        self.assertEqual(self.known.wrong.total, 0)

    def test_wrong_tokens_are_counted_and_then_held_back(self) -> None:
        good = self.secret.reveal()
        for number, text in enumerate(("x", good[:-1], good + "x", good.upper(), "中"), start=1):
            refusal = self.refusal(self.request(text))
            assert isinstance(refusal, WrongToken)
            self.assertEqual(refusal.delay > 0, number > FREE)
            self.assertNotIn(good[:-1], refusal.detail)
            self.assertEqual(self.known.wrong.total, number)
        self.known.authenticate(self.request())  # the right one does not wait

    def test_only_from_its_networks(self) -> None:
        self.change(token(sha256=self.bot.sha256, networks=("10.0.0.0/8",)))
        self.known.authenticate(self.request(host="10.1.1.1"))
        refusal = self.refusal(self.request(host="127.0.0.1"))
        self.assertEqual(refusal.code, errors.FORBIDDEN)

    def test_no_more_connections_than_its_limit(self) -> None:
        self.change(token(sha256=self.bot.sha256, limits=PrincipalLimits(connections=2)))
        first = self.opened()
        self.opened()
        refusal = self.refusal(self.request())
        self.assertEqual(refusal.code, errors.TOO_MANY)
        self.assertIn("2 connections of bot are open", refusal.detail)
        usage = self.known.authenticate
        found = next(iter(self.known._by_name.values())).usage
        found.leave(first)
        usage(self.request())

    def test_a_certificate_is_known_by_its_name(self) -> None:
        found = self.known.authenticate(self.request(subject="bot"))
        self.assertEqual(found.name, "bot")
        refusal = self.refusal(self.request(subject="stranger"))
        self.assertEqual(refusal.code, errors.NOT_LOGGED_IN)
        self.assertIn("'stranger'", refusal.detail)

    def test_an_entry_without_a_token_is_found_by_none(self) -> None:
        self.change(token("cert"))
        self.assertIsInstance(self.refusal(self.request("webctp_")), WrongToken)
        self.assertEqual(self.known.authenticate(self.request(subject="cert")).name, "cert")


class TicketsOfTokens(AuthenticationCase):
    """A token for a ticket, a ticket for a connection."""

    def test_a_ticket_stands_for_its_token_once(self) -> None:
        ticket = self.known.ticket(self.request()).reveal()
        self.assertEqual(self.known.authenticate(arrival(f"ticket={ticket}")).name, "bot")
        self.assertIsInstance(self.refusal(arrival(f"ticket={ticket}")), WrongToken)

    def test_a_revoked_token_has_no_tickets(self) -> None:
        ticket = self.known.ticket(self.request()).reveal()
        self.change()
        self.assertIsInstance(self.refusal(arrival(f"ticket={ticket}")), WrongToken)

    def test_a_token_that_was_replaced_has_none_either(self) -> None:
        other = token(sha256=hash_of(new_token()))
        for changes in (((other,),), ((), (other,)), ((), (self.bot,))):
            self.change(self.bot)
            ticket = self.known.ticket(self.request()).reveal()
            for tokens in changes:
                self.change(*tokens)
            self.assertIsInstance(self.refusal(arrival(f"ticket={ticket}")), WrongToken, changes)

    def test_other_rights_leave_them(self) -> None:
        ticket = self.known.ticket(self.request()).reveal()
        self.change(token(sha256=self.bot.sha256, scopes=(Scope.READ,)))
        self.assertEqual(self.known.authenticate(arrival(f"ticket={ticket}")).scopes, {Scope.READ})

    def test_a_ticket_is_neither_given_nor_taken_from_another_network(self) -> None:
        self.change(token(sha256=self.bot.sha256, networks=("10.0.0.0/8",)))
        with self.assertRaises(Refusal) as caught:
            self.known.ticket(self.request(host="127.0.0.1"))
        self.assertEqual(caught.exception.code, errors.FORBIDDEN)
        ticket = self.known.ticket(self.request(host="10.0.0.1")).reveal()
        self.assertEqual(self.refusal(arrival(f"ticket={ticket}")).code, errors.FORBIDDEN)

    def test_a_ticket_buys_no_ticket(self) -> None:
        ticket = self.known.ticket(self.request()).reveal()
        with self.assertRaises(Refusal) as caught:
            self.known.ticket(arrival(f"ticket={ticket}"))
        self.assertEqual(caught.exception.code, errors.BAD_REQUEST)


class Changes(AuthenticationCase):
    """Connections that stand when the file changes."""

    def test_those_of_a_revoked_token_end(self) -> None:
        socket = self.opened()
        self.change(token("other"))
        self.assertEqual([code for code, _ in socket.closed], [NO_LONGER_VALID])
        self.assertIn("revoked", socket.closed[0][1])
        self.assertIsInstance(self.refusal(self.request()), WrongToken)

    def test_those_of_a_rotated_token_end(self) -> None:
        socket = self.opened()
        self.change(token(sha256=hash_of(new_token())))
        self.assertEqual([code for code, _ in socket.closed], [NO_LONGER_VALID])

    def test_those_whose_rights_are_others_connect_again(self) -> None:
        socket = self.opened()
        self.change(token(sha256=self.bot.sha256, scopes=(Scope.MARKET,)))
        self.assertEqual([code for code, _ in socket.closed], [RIGHTS_CHANGED])
        self.assertEqual(self.known.authenticate(self.request()).scopes, {Scope.MARKET})

    def test_nobody_else_notices(self) -> None:
        socket = self.opened()
        self.change(self.bot, token("other"))
        self.change(self.bot)
        self.assertEqual(socket.closed, [])
        self.assertEqual(self.known.uses(), {"bot": NOW})


class Expiry(AuthenticationCase):
    """Tokens that end by themselves."""

    def ending(self, seconds: float) -> Token:
        return token(sha256=self.bot.sha256, expires=NOW + timedelta(seconds=seconds))

    def test_its_connections_end_by_a_timer(self) -> None:
        for seconds in (5, 3600):
            begun = self.reactor.seconds()
            self.change(self.ending(begun + seconds))
            socket = self.opened()
            self.reactor.pump([1.0] * (seconds - 1))
            self.assertEqual(socket.closed, [])
            self.reactor.pump([1.0] * 2)
            self.assertEqual(socket.closed, [(NO_LONGER_VALID, "the token has expired")])
            refusal = self.refusal(self.request())
            self.assertIn("has expired; python -m webctp token rotate", refusal.detail)

    def test_one_that_has_ended_already_is_not_taken(self) -> None:
        self.change(self.ending(-1))
        self.assertIsInstance(self.refusal(self.request()), WrongToken)

    def test_nobody_is_called_by_its_name_any_more(self) -> None:
        self.change(token(expires=NOW + timedelta(seconds=90)))
        found = self.known.principal("bot")
        assert found is not None
        self.assertEqual(found.name, "bot")
        self.reactor.advance(91)
        self.assertIsNone(self.known.principal("bot"))
        self.assertIsNone(self.known.principal("other"))

    def test_no_timer_is_left(self) -> None:
        self.change(self.ending(100))
        self.change(self.bot)
        self.assertEqual(self.reactor.getDelayedCalls(), [])

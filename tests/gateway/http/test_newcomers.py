"""Accepted clients that wait: which is next, and what becomes of them in the end."""

import socket

from twisted.trial.unittest import SynchronousTestCase

from webctp.gateway.http.newcomers import Newcomer, Newcomers


class NewcomersTests(SynchronousTestCase):
    """Sockets of addresses, in memory."""

    def setUp(self) -> None:
        self.waiting = Newcomers()

    def come(self, *addresses: object) -> list[Newcomer]:
        """Let clients of addresses wait."""
        found = [Newcomer(socket.socket(), address) for address in addresses]
        for one in found:
            self.addCleanup(one.socket.close)
            self.waiting.add(one)
        return found

    def taken(self) -> list[object]:
        """The addresses of all who wait, in their order."""
        return [self.waiting.take().address for _ in range(len(self.waiting))]

    def test_addresses_take_turns(self) -> None:
        many, other = ("192.0.2.1", 1), ("192.0.2.2", 2)
        self.come(many, many, many, other, many)
        self.assertEqual(self.taken(), [many, other, many, many, many])
        self.assertRaises(KeyError, self.waiting.take)

    def test_a_64_of_ipv6_is_one_address(self) -> None:
        one = [(f"2001:db8::{last}", 1, 0, 0) for last in (1, 2, 3)]
        other = ("2001:db8:0:1::1", 1, 0, 0)
        self.come(*one, other)
        self.assertEqual(self.taken(), [one[0], other, one[1], one[2]])

    def test_unix_sockets_are_one(self) -> None:
        self.come("", "", ("192.0.2.1", 1))
        self.assertEqual(self.taken(), ["", ("192.0.2.1", 1), ""])

    def test_closing_closes_all(self) -> None:
        found = self.come("", ("192.0.2.1", 1))
        self.waiting.close()
        self.assertEqual([one.socket.fileno() for one in found], [-1, -1])
        self.assertEqual(len(self.waiting), 0)

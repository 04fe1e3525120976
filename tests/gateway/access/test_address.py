"""The address by which clients are counted."""

from twisted.internet.address import IPv4Address, IPv6Address, UNIXAddress
from twisted.trial.unittest import SynchronousTestCase

from webctp.gateway.access.address import LOCAL, is_local, peer_address


class TestPeerAddress(SynchronousTestCase):
    """One text for each client, whichever port it comes from."""

    def test_an_ipv4_address_is_itself(self) -> None:
        self.assertEqual(peer_address(IPv4Address("TCP", "192.0.2.1", 4711)), "192.0.2.1")

    def test_an_ipv4_address_within_ipv6_is_the_same_client(self) -> None:
        self.assertEqual(peer_address(IPv6Address("TCP", "::ffff:192.0.2.1", 1)), "192.0.2.1")

    def test_an_ipv6_address_counts_by_its_64(self) -> None:
        one = IPv6Address("TCP", "2001:db8:0:1::1", 1)
        other = IPv6Address("TCP", "2001:db8:0:1:ffff:ffff:ffff:ffff", 2)
        self.assertEqual(peer_address(one), "2001:db8:0:1::/64")
        self.assertEqual(peer_address(other), peer_address(one))
        self.assertNotEqual(
            peer_address(IPv6Address("TCP", "2001:db8:0:2::1", 1)), "2001:db8:0:1::/64"
        )

    def test_a_link_local_address_is_read_without_its_interface(self) -> None:
        self.assertEqual(peer_address(IPv6Address("TCP", "fe80::1%eth0", 1)), "fe80::/64")

    def test_loopback_stays_loopback(self) -> None:
        self.assertEqual(peer_address(IPv6Address("TCP", "::1", 1)), "::1")

    def test_a_unix_socket_has_no_address(self) -> None:
        self.assertEqual(peer_address(UNIXAddress(None)), LOCAL)

    def test_what_is_of_this_machine(self) -> None:
        for address in (LOCAL, "127.0.0.1", "127.9.9.9", "::1"):
            self.assertTrue(is_local(address), address)
        for address in ("192.0.2.1", "12.7.0.1", "2001:db8::/64", "::/64"):
            self.assertFalse(is_local(address), address)

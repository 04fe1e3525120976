"""Addresses of fronts, as the native library takes them."""

from twisted.trial.unittest import SynchronousTestCase

from tests.conformance import holds
from webctp.ctp import addresses, catalog
from webctp.ctp.codec import codec_for
from webctp.testing import FakeFront


class AddressTests(SynchronousTestCase):
    """What an API is told."""

    def told(self, *given: str) -> list[tuple[str, object]]:
        front = FakeFront(connects=False)
        api = front.create_trader(".", True)
        front.calls.clear()
        codec = codec_for(catalog.trading().module)
        addresses.register(api, codec, given, broker_id="9999", user_id="user")
        return [(call.name, call.arguments or call.values) for call in front.calls]

    @holds("REGISTERFRONT-1", "REGISTERFRONT-2")
    def test_fronts_go_as_they_are(self) -> None:
        given = ("tcp://one:1", "ssl://two:2", "tcp6://::1:3")
        self.assertEqual(self.told(*given), [("RegisterFront", (one,)) for one in given])

    @holds("REGISTERNAMESERVER-1", "MD-REGISTERNAMESERVER-1")
    def test_a_name_server_comes_first_and_knows_the_user(self) -> None:
        user = {"BrokerID": "9999", "UserID": "user", "LoginMode": "0"}
        self.assertEqual(
            self.told("tcp://one:1", "fens://names:9"),
            [
                ("RegisterFensUserInfo", user),
                ("RegisterNameServer", ("tcp://names:9",)),
                ("RegisterFront", ("tcp://one:1",)),
            ],
        )

    def test_where_they_lead(self) -> None:
        for given, host, port in (
            ("tcp://one:1", "one", 1),
            ("tcp6://fe80::1:41205", "fe80::1", 41205),
            ("fens://names:9", "names", 9),
        ):
            self.assertEqual(addresses.host_and_port(given), (host, port))
            self.assertTrue(addresses.is_native(given))
        self.assertFalse(addresses.is_native("sim://"))

"""One token: its form, what it may hold, where and until when it is taken."""

from datetime import UTC, datetime
from typing import Any

from twisted.trial.unittest import SynchronousTestCase

from webctp.gateway.access.principal import PrincipalLimits, Scope
from webctp.gateway.access.tokens.record import Token, hash_of, new_token
from webctp.secret import TOKEN_PREFIX, Secret

NOW = datetime(2026, 11, 27, tzinfo=UTC)


def token(name: str = "bot", **fields: Any) -> Token:
    """A token's entry that may do everything but administer."""
    given = {"scopes": tuple(one for one in Scope if one is not Scope.ADMIN), "created": NOW}
    return Token(name=name, **{**given, **fields})


class Secrets(SynchronousTestCase):
    """The token itself."""

    def test_it_is_256_bits_and_another_each_time(self) -> None:
        made = {new_token().reveal() for _ in range(100)}
        self.assertEqual(len(made), 100)
        for one in made:
            self.assertRegex(one, rf"^{TOKEN_PREFIX}[A-Za-z0-9_-]{{43}}$")

    def test_no_text_that_is_shown_breaks_the_hash(self) -> None:
        hashes = {hash_of(Secret(text)) for text in ("", "a", "a" * 10_000, "\ud800", "中文")}
        self.assertEqual(len(hashes), 5)


class Fields(SynchronousTestCase):
    """What an entry may hold."""

    def test_a_token_is_no_name_and_is_not_repeated(self) -> None:
        shown = new_token().reveal()
        with self.assertRaises(ValueError) as refused:
            token(shown)
        self.assertIn("where its name belongs", str(refused.exception))
        self.assertNotIn(shown[7:], str(refused.exception))

    def test_what_is_wrong_is_named(self) -> None:
        for fields, said in (
            ({"name": ""}, "the name '' is none"),
            ({"name": "a b"}, "the name 'a b' is none"),
            ({"name": "x" * 65}, "is none"),
            ({"scopes": ()}, "no scope is given; scopes are md, td-read"),
            ({"sha256": "A" * 64}, "sha256"),
            ({"networks": ("10.0.0.1/8",)}, "bits beyond the prefix"),
            ({"networks": ("anywhere",)}, "'anywhere' is no network; write it such as"),
            ({"accounts": ("",)}, "no pattern"),
            ({"instruments": ("a" * 81,)}, "no pattern"),
            ({"expires": datetime(2027, 1, 1)}, "without a time zone"),
        ):
            with self.assertRaises(ValueError) as caught:
                token(**fields)
            self.assertIn(said, str(caught.exception))
        with self.assertRaises(ValueError) as caught:
            PrincipalLimits(orders=-1)
        self.assertIn("the limit orders is -1", str(caught.exception))

    def test_the_end_is_exclusive(self) -> None:
        expires = token(expires=NOW)
        moment = NOW.timestamp()
        self.assertFalse(expires.has_expired(moment - 0.001))
        self.assertTrue(expires.has_expired(moment))
        self.assertFalse(token().has_expired(2**40))


class Networks(SynchronousTestCase):
    """Where it is taken."""

    def test_without_any_it_is_taken_everywhere(self) -> None:
        for host in ("127.0.0.1", "2001:db8::1", "unix"):
            self.assertTrue(token().admits(host), host)

    def test_only_from_those_listed(self) -> None:
        one = token(networks=("10.0.0.0/8", "2001:db8::/48", "unix"))
        for host, admitted in (
            ("10.255.0.1", True),
            ("11.0.0.1", False),
            ("::ffff:10.1.2.3", True),
            ("2001:db8::1", True),
            ("2001:db8:1::1", False),
            ("fe80::1%eth0", False),
            ("unix", True),
        ):
            self.assertEqual(one.admits(host), admitted, host)
        self.assertFalse(token(networks=("0.0.0.0/0",)).admits("unix"))

    def test_ipv4_written_as_ipv6_is_ipv4(self) -> None:
        one = token(networks=("::ffff:10.0.0.0/104", "::ffff:192.0.2.1", "::/0"))
        for host, admitted in (
            ("10.255.0.1", True),
            ("::ffff:10.1.2.3", True),
            ("192.0.2.1", True),
            ("192.0.2.2", False),
            ("2001:db8::1", True),
        ):
            self.assertEqual(one.admits(host), admitted, host)

"""What names an endpoint, split as Twisted splits it."""

from hypothesis import given
from hypothesis import strategies as st
from twisted.internet import reactor
from twisted.internet.endpoints import _parse
from twisted.trial.unittest import SynchronousTestCase

from webctp.config import ConfigError
from webctp.gateway.http.unixsocket import UnixSocket
from webctp.listening import server_endpoint, unix_path, words_of


class Words(SynchronousTestCase):
    """`words_of`, `unix_path`."""

    @given(st.text(":=\\ab/0", max_size=12))
    def test_as_twisted_has_it(self, rest: str) -> None:
        said = f"tcp{rest}"
        try:
            words, named = _parse(said)
        except RuntimeError:  # a backslash at its end
            self.assertRaises(ValueError, words_of, said)
        else:
            self.assertEqual(words_of(said), (words, named))

    def test_the_path_of_a_unix_socket(self) -> None:
        for said, path in (
            ("unix:/run/x.sock", "/run/x.sock"),
            ("unix:/run/x.sock:660", "/run/x.sock"),
            ("unix:address=/run/x.sock:mode=660", "/run/x.sock"),
            ("unix:/run/a\\:b", "/run/a:b"),
            ("tcp:80", None),
        ):
            self.assertEqual(unix_path(said), path)


class UnixEndpoints(SynchronousTestCase):
    """`unix:` of Listen and its likes."""

    def test_twisteds_own_words_are_taken(self) -> None:
        for said in ("unix:/x", "unix:/x:660:50:lockfile=0", "unix:address=/x:backlog=9"):
            self.assertIsInstance(server_endpoint(reactor, said), UnixSocket)

    def test_what_is_wrong_is_named(self) -> None:
        for said, word in (
            ("unix:/x:mod=660", "mod"),
            ("unix:", "missing path"),
            ("unix:/x:mode=9", "'9'"),
            ("unix:/x\\", "backslash"),
        ):
            problem = self.assertRaises(ConfigError, server_endpoint, reactor, said, "Listen")
            self.assertIn("Listen", str(problem))
            self.assertIn(word, str(problem))

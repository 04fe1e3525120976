"""Where a token may stand in a request."""

from twisted.trial.unittest import SynchronousTestCase

from webctp.ctp import errors
from webctp.ctp.refusal import Refusal
from webctp.gateway.access.principal import Arrival
from webctp.gateway.access.tokens.presented import Way, presented


def arrival(query: str = "", **headers: str) -> Arrival:
    """A request with these headers, their names with ``_`` for ``-``."""
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    return Arrival("/td/", named, "127.0.0.1", "127.0.0.1", query)


class Presenting(SynchronousTestCase):
    """Each way, and those that are none."""

    def shown(self, request: Arrival, *, in_query: bool = False) -> tuple[Way, str] | None:
        found = presented(request, in_query=in_query)
        return None if found is None else (found.way, found.secret.reveal())

    def test_each_way(self) -> None:
        self.assertIsNone(self.shown(arrival()))
        for request, wanted in (
            (arrival(authorization="Bearer abc"), (Way.HEADER, "abc")),
            (arrival(authorization="bearer   abc "), (Way.HEADER, "abc")),
            (arrival(sec_websocket_protocol="webctp, bearer.abc"), (Way.SUBPROTOCOL, "abc")),
            (arrival(sec_websocket_protocol="bearer.a.b,webctp"), (Way.SUBPROTOCOL, "a.b")),
            (arrival("x=1&ticket=a%2Db"), (Way.TICKET, "a-b")),
        ):
            self.assertEqual(self.shown(request), wanted)
        self.assertEqual(self.shown(arrival("token=abc"), in_query=True), (Way.QUERY, "abc"))

    def test_other_subprotocols_are_no_tokens(self) -> None:
        self.assertIsNone(self.shown(arrival(sec_websocket_protocol="webctp, chat, bearer")))

    def test_what_is_wrong_is_told_without_the_token(self) -> None:
        for request, said in (
            (arrival(authorization="Basic s3cret"), "not 'Bearer TOKEN'"),
            (arrival(authorization="Bearer"), "not 'Bearer TOKEN'"),
            (arrival(authorization="Bearer s3cret s3cret"), "not 'Bearer TOKEN'"),
            (arrival(sec_websocket_protocol="bearer.s3cret"), "webctp is not offered"),
            (arrival("token=s3cret"), "Access.TokenInQuery"),
            (arrival("ticket=s3cret", authorization="Bearer s3cret"), "several tokens"),
            (arrival("ticket=s3cret&ticket=s3cret"), "several tokens"),
            (arrival(sec_websocket_protocol="webctp,bearer.s3cret,bearer.s3cret"), "several"),
        ):
            with self.assertRaises(Refusal) as caught:
                self.shown(request)
            self.assertEqual(caught.exception.code, errors.BAD_REQUEST)
            self.assertIn(said, caught.exception.detail)
            self.assertNotIn("s3cret", caught.exception.detail)
            self.assertNotIn("s3cret", repr(request))

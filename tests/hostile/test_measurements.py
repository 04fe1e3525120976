"""The measurements beside half-open handshakes and of tokens, in short; no test asserts a time."""

from pathlib import Path
from typing import Final

from twisted.trial.unittest import SynchronousTestCase

from tests.hostile.beside import daemon, with_tls
from tests.hostile.halfopen import logins
from tests.hostile.tokentimes import measure, write_tokens

HELD: Final = 200
TRIES: Final = 5


class HalfOpen(SynchronousTestCase):
    """Handshakes that nobody finishes."""

    timeout = 300

    def others_log_in(self, more: str) -> None:
        with (
            daemon(Path(self.mktemp()).absolute(), more) as calm,
            daemon(Path(self.mktemp()).absolute(), more) as flooded,
        ):
            found = logins(calm, flooded, 5, HELD)
            self.assertEqual([one.held for one in found], [0, HELD])
            self.assertEqual([(len(one.md), len(one.td)) for one in found], [(5, 1)] * 2)
            for one in (calm, flooded):
                self.assertTrue(one.running)
                self.assertNotIn("Traceback", one.output)

    def test_others_log_in(self) -> None:
        self.others_log_in("")

    def test_others_log_in_over_tls(self) -> None:
        place = Path(self.mktemp()).absolute()
        place.mkdir()
        self.others_log_in(with_tls(place))


class Tokens(SynchronousTestCase):
    """Tokens through a real socket."""

    timeout = 300

    def test_the_right_one_is_known_and_no_other(self) -> None:
        path = Path(self.mktemp()).absolute()
        shown = write_tokens(path)
        with daemon(Path(self.mktemp()).absolute(), f"Access: {{Tokens: {path}}}\n") as one:
            found = measure(one.port, shown, TRIES)
            output = one.output
        statuses = {kind: dict(took.statuses) for kind, took in found.items()}
        self.assertEqual(statuses.pop("right"), {403: TRIES})
        wrong = ("wrong", "revoked", "expired", "wrong at the end")
        self.assertEqual(statuses, {kind: {401: TRIES} for kind in wrong})
        for kind, secret in shown.items():
            self.assertNotIn(secret.reveal()[7:], output, kind)

"""Lines of the log about clients that come and go."""

from typing import Any

from twisted.internet.task import Clock
from twisted.logger import LogLevel, capturedLogs
from twisted.trial.unittest import SynchronousTestCase

from webctp.gateway.access.logindeadline import Presence
from webctp.gateway.access.principal import ANYBODY, Principal, Scope
from webctp.gateway.websocket.comings import KNOWN, STRANGERS, Comings
from webctp.language.text import english

DESK = Principal("desk", frozenset(Scope))


class Visitor:
    """Who is behind a connection."""

    stranger_since = 0.0

    def __init__(self, account: str = "") -> None:
        self._account = account

    def account(self) -> str:
        return self._account

    def presence(self) -> Presence:
        return Presence.LOGGED_IN if self._account else Presence.STRANGER


class Lines(SynchronousTestCase):
    """One when a client comes, one when it goes."""

    def setUp(self) -> None:
        self.clock = Clock()
        self.comings = Comings(self.clock)

    def lines(self, act: Any) -> list[dict[str, Any]]:
        with capturedLogs() as events:
            act()
        return [one for one in events if one["log_namespace"].endswith("comings")]

    def test_one_comes_and_goes(self) -> None:
        def act() -> None:
            one = self.comings.came("tcp4:10.0.0.1:5", DESK)
            self.clock.advance(7)
            one.went(Visitor("9999:0815"), 1001)

        came, went = self.lines(act)
        self.assertEqual((came["client"], came["principal"]), ("tcp4:10.0.0.1:5", "desk"))
        self.assertEqual(came["log_level"], LogLevel.info)
        self.assertEqual((went["client"], went["account"]), ("tcp4:10.0.0.1:5", "9999:0815"))
        self.assertEqual((went["code"], went["seconds"]), (1001, 7.0))

    def test_strangers_cannot_fill_the_disk(self) -> None:
        def act() -> None:
            for number in range(10_000):
                self.comings.came(f"tcp4:10.0.0.1:{number}", ANYBODY).went(Visitor(), None)

        self.assertEqual(len(self.lines(act)), 2 * STRANGERS)
        self.clock.advance(60)
        (line,) = self.lines(lambda: self.comings.came("later", ANYBODY))
        self.assertEqual(line["count"], 10_000 - STRANGERS)

    def test_strangers_do_not_silence_the_others(self) -> None:
        for number in range(1_000):
            self.comings.came(str(number), ANYBODY)
        self.assertEqual(len(self.lines(lambda: self.comings.came("known", DESK))), 1)
        self.assertGreater(KNOWN, 1_000, "all clients of a daemon that restarts have a line")

    def test_one_that_had_no_line_but_was_logged_in_has_one_at_its_end(self) -> None:
        for number in range(STRANGERS):
            self.comings.came(str(number), ANYBODY)
        one = self.comings.came("one", ANYBODY)
        self.assertEqual(self.lines(lambda: one.went(Visitor(), 1000)), [])
        (line,) = self.lines(lambda: one.went(Visitor("9999:0815"), 1000))
        self.assertEqual(line["account"], "9999:0815")

    def test_strangers_that_are_closed_are_told_of_at_debug_only(self) -> None:
        one = self.comings.came("one", ANYBODY)
        for account, level in (("", LogLevel.debug), ("9999:0815", LogLevel.warn)):
            visitor = Visitor(account)
            (line,) = self.lines(lambda who=visitor: one.closing(who, english("too slow")))
            self.assertEqual((line["log_level"], line["account"]), (level, account))

"""Whose a line of the log is: rooms that serve one account at a time say which."""

import ast
from typing import Final

from twisted.trial.unittest import SynchronousTestCase

from tests.test_layers import MODULES

ROOMS: Final = (
    "upstream.session.session",
    "upstream.session.reporting",
    "upstream.trading",
    "upstream.portfolio",
    "gateway.conditional",
    "gateway.portfolio",
)
OF_ALL: Final = {
    "gateway.conditional.prices": "the prices of an instrument, whoever waits for them",
    "gateway.portfolio.prices": "the prices of an instrument, whoever holds it",
    "gateway.conditional.desk": "what the run before has left to all accounts",
}
"""Modules there whose lines are of no one account, each with why."""


def without_account(text: str) -> list[int]:
    """Return the lines of a source in which something is logged that bears no account."""
    return [
        call.lineno
        for call in ast.walk(ast.parse(text))
        if isinstance(call, ast.Call)
        and isinstance(call.func, ast.Attribute)
        and isinstance(call.func.value, ast.Name)
        and call.func.value.id == "_log"
        and not any(word.arg in ("account", None) for word in call.keywords)
    ]


class Accounts(SynchronousTestCase):
    """Lines of sessions, of orders, of portfolios."""

    def test_each_says_whose_it_is(self) -> None:
        found = {
            name: lines
            for name, path in MODULES.items()
            if name.startswith(ROOMS) and name not in OF_ALL
            if (lines := without_account(path.read_text("utf-8")))
        }
        self.assertEqual(found, {}, "pass account=, as webctp.logs.lines has it")

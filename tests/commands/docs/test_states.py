"""The state machines in the documents: every row of their tables."""

from collections.abc import Mapping
from enum import Enum
from typing import Any

from twisted.trial.unittest import SynchronousTestCase

from webctp.commands.docs import states
from webctp.upstream.session import login
from webctp.upstream.trading import queries


class TablesTests(SynchronousTestCase):
    """Tables and diagrams against the machines."""

    def test_every_transition_of_a_session(self) -> None:
        rows = login.LOGIN_TABLE.rows
        self._has_all(states.session_table(), rows, without=login.LoginState.CLOSED)

    def test_every_transition_of_a_query_queue(self) -> None:
        self._has_all(states.query_table(), queries.QUERY_TABLE.rows, without=None)

    def test_the_way_to_ready(self) -> None:
        lines = states.session_diagram().splitlines()
        for line in (
            "[*] --> connecting",
            "connecting --> open : connected",
            "open --> authenticating : login",
            "authenticating --> logging_in : accepted",
            "logging_in --> confirming : accepted",
            "confirming --> ready : accepted",
            "ready --> lost : disconnected",
            "lost --> open : connected",
            "logging_in : logging-in",
        ):
            self.assertIn(f"    {line}", lines)

    def test_what_changes_no_state_is_in_no_diagram(self) -> None:
        for diagram in (states.session_diagram(), states.query_diagram()):
            for line in diagram.splitlines():
                state, arrow, rest = line.strip().partition(" --> ")
                if arrow:
                    self.assertNotEqual(state, rest.partition(" ")[0])

    def _has_all(self, text: str, table: Mapping[Any, Any], without: Enum | None) -> None:
        rows = {(state, event): row for (state, event), row in table.items() if state != without}
        self.assertEqual(len(text.splitlines()), len(rows) + 2)
        for (state, event), (_, action) in rows.items():
            name = state.name.lower().replace("_", "-")
            (line,) = [
                line
                for line in text.splitlines()
                if line.startswith(f"| `{name}` | {event.name}: {event.value} |")
            ]
            self.assertIn("" if action.name == "NONE" else f"{action.name}: {action.value}", line)

"""What the commands need beside the client, and how they get their client."""

import contextlib
import io
import sys
from unittest import TestCase, mock

from webctp_client.command import main, terminal
from webctp_client.desk.app import Desk


class Terminal(TestCase):
    """`webctp-client desk`."""

    def test_the_desk_gets_what_was_typed(self) -> None:
        seen: list[Desk] = []
        words = ["--url", "ws://127.0.0.1:1", "--user", "demo", "desk", "au*", "--language", "zh"]
        with mock.patch.object(Desk, "run", lambda desk: seen.append(desk)):
            self.assertEqual(main(words), 0)
            self.assertEqual(main(["--url", "ws://127.0.0.1:1", "desk"]), 0)
        first, second = seen
        self.assertEqual((first._names, second._names), (["au*"], ["@rb"]))
        self.assertEqual((first._has_account, second._has_account), (True, False))
        self.assertTrue(first._words.is_chinese)
        self.assertTrue(first.client._wants_portfolio)

    def test_without_textual_the_remedy_is_told(self) -> None:
        err = io.StringIO()
        gone = {name: None for name in sys.modules if name.split(".")[0] == "textual"}
        mine = {name: None for name in sys.modules if name.startswith("webctp_client.desk.")}
        with mock.patch.dict(sys.modules, {"textual": None, **gone}):
            for name in mine:
                del sys.modules[name]
            with contextlib.redirect_stderr(err):
                self.assertEqual(main(["--url", "ws://127.0.0.1:1", "desk"]), 1)
        self.assertIn("pip install webctp-client[desk]", err.getvalue())
        self.assertEqual(err.getvalue().count("\n"), 1)
        self.assertTrue(issubclass(terminal.Missing, Exception))

    def test_without_mcp_the_remedy_is_told(self) -> None:
        err = io.StringIO()
        name = "webctp_client.assistant.server"
        with mock.patch.dict(sys.modules, {name: None}), contextlib.redirect_stderr(err):
            self.assertEqual(main(["--url", "ws://127.0.0.1:1", "mcp"]), 1)
        self.assertIn("pip install webctp-client[mcp]", err.getvalue())

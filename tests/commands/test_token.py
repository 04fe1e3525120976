"""`python -m webctp token`: what it writes, shows and says."""

import io
import json
from contextlib import redirect_stderr, redirect_stdout
from datetime import UTC, datetime
from pathlib import Path

from twisted.trial.unittest import SynchronousTestCase

from webctp.commands.token import main
from webctp.gateway.access.tokens.file import read_tokens, write_uses
from webctp.gateway.access.tokens.record import hash_of
from webctp.secret import Secret


class TokenCommand(SynchronousTestCase):
    """The command on a file of its own."""

    def setUp(self) -> None:
        self.path = Path(self.mktemp()).absolute()
        self.said = ""

    def run_it(self, command: str, *arguments: str, code: int = 0) -> str:
        """Run a command; give what it printed on standard output."""
        out, told = io.StringIO(), io.StringIO()
        with redirect_stdout(out), redirect_stderr(told):
            found = main([command, "--path", str(self.path), *arguments])
        self.said = told.getvalue()
        self.assertEqual(found, code, self.said)
        return out.getvalue()

    def add(self, name: str = "bot", *arguments: str) -> str:
        return self.run_it("add", name, "--scope", "md", *arguments).strip()

    def test_the_token_is_shown_once_and_alone_on_standard_output(self) -> None:
        token = self.add()
        (entry,) = read_tokens(self.path)
        self.assertEqual(entry.sha256, hash_of(Secret(token)))
        self.assertNotIn(token, self.path.read_text("utf-8"))
        for arguments in ((), ("--json",)):
            shown = self.run_it("list", *arguments)
            self.assertIn("bot", shown)
            for secret in (token, entry.sha256):
                self.assertNotIn(secret, shown)

    def test_all_that_an_entry_may_have(self) -> None:
        self.add(
            "full",
            *("--scope", "td-read", "--account", "9999:a*", "--instrument", "rb*"),
            *("--network", "10.0.0.0/8", "--connections", "2", "--orders", "5"),
            *("--expires", "2027-01-31"),
        )
        (entry,) = read_tokens(self.path)
        self.assertEqual(entry.expires, datetime(2027, 1, 31, tzinfo=UTC))
        self.assertEqual((entry.limits.connections, entry.limits.orders), (2, 5))
        (row,) = json.loads(self.run_it("list", "--json"))
        self.assertEqual(row["scopes"], ["md", "td-read"])
        self.assertEqual(row["networks"], ["10.0.0.0/8"])
        self.assertIn("2027-01-31 00:00Z", self.run_it("list"))

    def test_what_is_no_end_is_refused_with_an_example(self) -> None:
        for text in ("2x", "2027-13-01", "9" * 20 + "d", "9999999d", "9999-12-31T23:59-08:00"):
            told = io.StringIO()
            with redirect_stderr(told), self.assertRaises(SystemExit):
                main(["add", "bot", "--path", str(self.path), "--scope", "md", "--expires", text])
            self.assertIn(f"--expires: '{text}' is no end such as", told.getvalue())
        self.assertFalse(self.path.exists())

    def test_last_uses_and_ends_are_listed(self) -> None:
        self.add("old", "--expires", "2020-01-01")
        write_uses(self.path, {"old": datetime(2026, 11, 27, 1, 2, tzinfo=UTC)}, ["old"])
        shown = self.run_it("list")
        self.assertIn("2020-01-01 00:00Z EXPIRED", shown)
        self.assertIn("2026-11-27 01:02Z", shown)

    def test_rotating_leaves_the_rights_and_revoking_leaves_nothing(self) -> None:
        first = self.add("bot", "--account", "a", "--expires", "30d")
        (before,) = read_tokens(self.path)
        second = self.run_it("rotate", "bot").strip()
        (after,) = read_tokens(self.path)
        self.assertNotEqual(first, second)
        self.assertEqual(after.sha256, hash_of(Secret(second)))
        self.assertEqual((after.accounts, after.expires), (before.accounts, before.expires))
        self.run_it("revoke", "bot")
        self.assertEqual(read_tokens(self.path), ())

    def test_an_entry_for_a_certificate_has_no_token(self) -> None:
        self.assertEqual(self.add("desk.example.com", "--certificate"), "")
        (entry,) = read_tokens(self.path)
        self.assertEqual(entry.sha256, "")
        self.assertIn("desk.example.com (certificate)", self.run_it("list"))

    def test_mistakes_are_told_with_the_remedy_and_change_nothing(self) -> None:
        self.add()
        before = self.path.read_bytes()
        for arguments, said in (
            (("add", "bot", "--scope", "md"), "bot is there already; revoke it, or rotate"),
            (("add", "a b", "--scope", "md"), "the name 'a b' is none"),
            (("add", "x", "--scope", "md", "--network", "10.0.0.1/8"), "is no network"),
            (("add", "x", "--scope", "md", "--orders", "-1"), "the limit orders is -1"),
            (("revoke", "bot", "nobody"), "no token is called 'nobody'; there are"),
            (("rotate", "nobody"), "there are bot"),
        ):
            self.run_it(*arguments, code=1)
            self.assertIn(said, self.said)
            self.assertEqual(self.path.read_bytes(), before)

    def test_a_configuration_names_the_file(self) -> None:
        config = Path(self.mktemp())
        config.write_text(f"TdFrontAddress: sim://\nAccess: {{Tokens: {self.path}}}\n", "utf-8")
        self.add()
        out = io.StringIO()
        with redirect_stdout(out):
            self.assertEqual(main(["list", "--config", str(config)]), 0)
        self.assertIn("bot", out.getvalue())
        config.write_text("TdFrontAddress: sim://\n", "utf-8")
        told = io.StringIO()
        with redirect_stderr(told):
            self.assertEqual(main(["list", "--config", str(config)]), 1)
        self.assertIn("no Access.Tokens is configured", told.getvalue())

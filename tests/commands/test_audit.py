"""`python -m webctp audit`: which lines it shows, and how."""

import io
import json
from contextlib import redirect_stderr, redirect_stdout
from pathlib import Path

from twisted.trial.unittest import SynchronousTestCase

from webctp.commands.audit import main

LINES = (
    ("2025-11-26T23:00:00.000000Z", "login", "bot", "10.0.0.1", "9999:a"),
    ("2025-11-27T01:00:00.000000Z", "order", "bot", "10.0.0.1", "9999:a"),
    ("2025-11-27T02:00:00.000000Z", "order", "desk", "10.0.0.2", "9999:b"),
    ("2025-11-27T03:00:00.000000Z", "token", "", "", ""),
)


class AuditCommand(SynchronousTestCase):
    """The command on a file of its own, and one that was put aside."""

    def setUp(self) -> None:
        self.path = Path(self.mktemp()).absolute()
        names = ("time", "act", "who", "address", "account")
        rows = [dict(zip(names, line, strict=True)) for line in LINES]
        rows[1]["InstrumentID"] = "rb2701\x1b[31m"
        lines = [json.dumps(row) + "\n" for row in rows]
        Path(f"{self.path}.20251126-1").write_text(lines[0], "utf-8")
        self.path.write_text("".join(lines[1:]), "utf-8")

    def show(self, *arguments: str, code: int = 0) -> list[str]:
        out, told = io.StringIO(), io.StringIO()
        with redirect_stdout(out), redirect_stderr(told):
            found = main(["--path", str(self.path), *arguments])
        self.said = told.getvalue()
        self.assertEqual(found, code, self.said)
        return out.getvalue().splitlines()

    def test_all_of_it_oldest_first_files_put_aside_too(self) -> None:
        shown = self.show()
        self.assertEqual([line[:13] for line in shown], [line[0][:13] for line in LINES])
        self.assertIn("order    bot ", shown[1])
        self.assertNotIn("\x1b", shown[1])

    def test_filters(self) -> None:
        for arguments, wanted in (
            (("--who", "bot"), [0, 1]),
            (("--who", "b*", "--act", "order"), [1]),
            (("--account", "9999:*"), [0, 1, 2]),
            (("--account", "9999:a", "--account", "9999:b"), [0, 1, 2]),
            (("--address", "10.0.0.2"), [2]),
            (("--since", "2025-11-27"), [1, 2, 3]),
            (("--since", "2025-11-27T09:00+08:00", "--until", "2025-11-27T02:00"), [1]),
            (("--since", "2h"), []),
            (("--since", "30m"), []),
        ):
            shown = [json.loads(line)["time"] for line in self.show("--json", *arguments)]
            self.assertEqual(shown, [LINES[number][0] for number in wanted], arguments)
        self.assertIn("no line matches", self.said)

    def test_what_is_no_moment_is_refused_with_an_example(self) -> None:
        for text in ("2x", "2026-13-01", "9" * 20 + "h", "9999999d", "0001-01-01T00:00+08:00"):
            told = io.StringIO()
            with redirect_stderr(told), self.assertRaises(SystemExit):
                main(["--path", str(self.path), "--since", text])
            self.assertIn(f"--since: '{text}' is no moment such as", told.getvalue())

    def test_a_damaged_line_is_said_and_passed_over(self) -> None:
        with self.path.open("a", encoding="utf-8") as file:
            file.write('{"time": "2025\n')
        self.assertEqual(len(self.show()), 4)
        self.assertIn(f"{self.path}:4: ", self.said)

    def test_no_file(self) -> None:
        self.path.unlink()
        Path(f"{self.path}.20251126-1").unlink()
        self.show(code=1)
        self.assertIn("No such file", self.said)

"""The programs of the client's documents, and the examples, run as they stand."""

import subprocess
import sys
from typing import Final

from tests import clients
from tests.clients.python.gateways import GatewayCase
from tests.commands.docs.shell import fences

ROOT: Final = clients.PYTHON.parents[1]
EXAMPLES: Final = ROOT / "examples"
_URL: Final = "ws://127.0.0.1:8080"
_PATIENCE: Final = 120
_ENDLESS: Final = "print(tick.UpdateTime, tick.LastPrice)"
"""The last line of the three that go on for ever."""


class Documents(GatewayCase):
    """Each program ends by itself, and without an error."""

    def ran(self, text: str, *arguments: str) -> str:
        """Return what a program prints."""
        done = subprocess.run(
            [sys.executable, "-c", text.replace(_URL, self.gateway.url), *arguments],
            env={"PYTHONPATH": str(clients.PYTHON), "PYTHONUTF8": "1", "PATH": "/usr/bin:/bin"},
            capture_output=True,
            text=True,
            timeout=_PATIENCE,
            check=False,
        )
        self.assertEqual(done.returncode, 0, done.stderr)
        return done.stdout

    def test_quickstart(self) -> None:
        quotes, queries, order = fences(ROOT / "docs" / "quickstart.md", "python")
        self.assertEqual(len(self.ran(quotes).splitlines()), 5)
        self.assertIn("-400 InstrumentID: wants at most", self.ran(queries))
        self.assertTrue(self.ran(order).startswith("True 1\n"))

    def test_readme_of_the_client(self) -> None:
        (three,) = fences(clients.PYTHON / "README.md", "python")
        self.assertEqual(len(three.split("\n\n", 1)[1].splitlines()) + 1, 3)
        name = self.ran(
            f"from webctp_client import connect\nprint(connect({_URL!r})"
            ".QryInstruments(ProductID='rb', ProductClass='1')[3].InstrumentID)"
        ).strip()
        once = three.replace("rb2701", name).replace(_ENDLESS, f"{_ENDLESS}; break")
        self.assertRegex(self.ran(once), r"^\d\d:\d\d:\d\d [\d.]+\n$")

    def test_every_example(self) -> None:
        shown = {path.name: path for path in EXAMPLES.glob("*.py")}
        self.assertEqual(set(shown), {"first_tick.py", "moving_average.py"})
        first = self.ran(shown["first_tick.py"].read_text("utf-8"), self.gateway.url)
        self.assertRegex(first, r"^(rb\d{4} \d\d:\d\d:\d\d [\d.]+\n){3}$")
        text = shown["moving_average.py"].read_text("utf-8")
        self.assertLess(len(text.splitlines()), 56)
        traded = self.ran(text, self.gateway.url, "1")
        self.assertRegex(traded, r"held [01]\n$")

"""The programs of the client's documents, and the examples, run as they stand."""

import re
import subprocess
import sys
from typing import Final

from tests import clients
from tests.clients.python import quickstart
from tests.clients.python.gateways import MORNING, GatewayCase, shared
from tests.commands.docs.shell import fences
from webctp_client import connect, enums

ROOT: Final = quickstart.ROOT
EXAMPLES: Final = ROOT / "examples"
_URL: Final = quickstart.URL
_PATIENCE: Final = 120
_ENDLESS: Final = "print(tick.UpdateTime, tick.LastPrice)"
"""The last line of the three that go on for ever."""


class ProgramCase(GatewayCase):
    """Runs programs; each ends by itself, and without an error."""

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


class Documents(ProgramCase):
    """The programs of the client's documents."""

    def test_quickstart(self) -> None:
        quickstart.walk_programs(self.ran)

    def test_what_assistants_read_leads_somewhere(self) -> None:
        text = (ROOT / "docs" / "llms.txt").read_text("utf-8")
        links = re.findall(r"\]\(([^)]+)\)", text)
        self.assertGreater(len(links), 12)
        self.assertEqual([one for one in links if not (ROOT / "docs" / one).is_file()], [])

    def test_readme_of_the_client(self) -> None:
        (three,) = fences(clients.PYTHON / "README.md", "python")
        self.assertEqual(len(three.split("\n\n", 1)[1].splitlines()) + 1, 3)
        name = self.ran(
            f"from webctp_client import connect\nprint(connect({_URL!r})"
            ".QryInstruments(ProductID='rb', ProductClass='1')[3].InstrumentID)"
        ).strip()
        once = three.replace("rb2701", name).replace(_ENDLESS, f"{_ENDLESS}; break")
        self.assertRegex(self.ran(once), r"^\d\d:\d\d:\d\d [\d.]+\n$")


class Examples(ProgramCase):
    """Each example, on an exchange where it is always the same morning."""

    def setUp(self) -> None:
        self.gateway = shared(MORNING)

    def shown(self, name: str, *arguments: str) -> str:
        """Return what an example prints."""
        return self.ran((EXAMPLES / name).read_text("utf-8"), self.gateway.url, *arguments)

    def test_each_is_short_and_has_a_test_here(self) -> None:
        for path in EXAMPLES.glob("*.py"):
            self.assertLess(len(path.read_text("utf-8").splitlines()), 61, path.name)
            self.assertTrue(hasattr(self, f"test_{path.stem}"), path.name)
            self.assertRegex(path.read_text("utf-8").splitlines()[0], "[\u4e00-\u9fff]")

    def test_first_tick(self) -> None:
        self.assertRegex(self.shown("first_tick.py"), r"^(rb\d{4} \d\d:\d\d:\d\d [\d.]+\n){3}$")

    def test_moving_average(self) -> None:
        self.assertRegex(self.shown("moving_average.py", "1"), r"held [01]\n$")

    def test_grid(self) -> None:
        lines = self.shown("grid.py", "2").splitlines()
        prices = [float(line.split()[-1]) for line in lines]
        sold = [at for at, line in enumerate(lines) if " sold " in line]
        self.assertEqual((len(sold), sold[-1]), (2, len(lines) - 1))
        self.assertLess(min(prices), max(prices), "each lot is sold above what it was bought at")
        with connect(self.gateway.url, "grid", "demo") as client:
            resting = [one for one in client.ReqQryOrder() if one.OrderStatus == "3"]
            self.assertEqual(resting, [], "what rested is cancelled at the end")

    def test_position_monitor(self) -> None:
        with connect(self.gateway.url, "monitored", "demo") as client:
            tick = next(client.ticks("@rb"))
            buy, opens = enums.Direction.Buy, enums.OffsetFlag.Open
            price = tick.UpperLimitPrice or 0.0
            client.limit_order(tick.InstrumentID, buy, opens, price, 2).wait_done(30)
        shown = self.shown("position_monitor.py", "monitored", "3")
        self.assertRegex(shown, r"rb\d{4} +long +2 lots at [\d,.]+, now [\d,.]+: [-+][\d,.]+ yuan")
        self.assertEqual(shown.count("equity"), 3)

    def test_option_chain(self) -> None:
        shown = self.shown("option_chain.py", "30").splitlines()
        self.assertRegex(shown[0], r"^cu\d{4} [\d,.]+, (\d+) of \1 quoted$")
        strikes = [line for line in shown[2:] if re.search(r"\d \s+[\d,]+ \s+\d", line)]
        self.assertGreater(len(strikes), 2, "calls and puts stand on both sides of their strikes")

    def test_recorder(self) -> None:
        shown = self.shown("recorder.py", "60")
        self.assertIn("2026-11-2", shown)
        counts = [
            int(line.split()[1]) for line in shown.splitlines() if line[:2] in ("rb", "cu", "m2")
        ]
        self.assertEqual(sum(counts), 60)

    def test_pairs(self) -> None:
        *told, one, two, three, four = self.shown("pairs.py", "1").splitlines()
        legs: dict[str, list[str]] = {}
        for instrument, side, offset, _ in map(str.split, (one, two, three, four)):
            legs.setdefault(instrument[:2], []).append(side + offset)
        # Opened (0), and closed on the same day (3) by what one cancels the other leaves.
        self.assertEqual(legs, {"rb": ["00", "13"], "hc": ["10", "03"]})
        self.assertEqual(sum("#1 done" in line for line in told), 2)

    def test_bot_test(self) -> None:
        self.ran((EXAMPLES / "bot_test.py").read_text("utf-8"))

"""The programs of the documents on TypeScript, and the examples, run as they stand."""

import json
import re
import shutil
import tempfile
from pathlib import Path
from typing import Final
from unittest import TestCase

from tests import clients
from tests.clients.python.gateways import MORNING, shared
from tests.clients.typescript.node import (
    EXAMPLES,
    ROOT,
    built,
    examples,
    installed,
    node,
    run,
    tool,
)
from tests.commands.docs.shell import fences
from webctp_client import connect, enums

_URL: Final = "ws://127.0.0.1:8080"
_README: Final = clients.TYPESCRIPT / "README.md"
_QUIET: Final = "--disable-warning=ExperimentalWarning"
"""Node.js 22 says that it strips types by an experiment."""


class ProgramCase(TestCase):
    """Runs programs; each ends by itself, and without an error."""

    def setUp(self) -> None:
        # Others have gateways of other seeds: one that runs for long comes to its noon.
        self.gateway = shared(MORNING.replace("seed=7", "seed=12"))
        self.place = examples()

    def ran(self, name: str, *arguments: str) -> str:
        """Return what a program prints."""
        return run([str(node()), _QUIET, name, *arguments], self.place)


class Documents(ProgramCase):
    """The programs of the documents."""

    def setUp(self) -> None:
        super().setUp()
        # The package alone: what a reader has.
        self.place = Path(tempfile.mkdtemp(prefix="quickstart-"))
        self.addCleanup(shutil.rmtree, self.place)
        installed(self.place)

    def ran_text(self, name: str, text: str) -> str:
        """Return what a program of a document prints."""
        (self.place / name).write_text(text.replace(_URL, self.gateway.url), "utf-8")
        return self.ran(name)

    def test_quickstart(self) -> None:
        quotes, order = fences(ROOT / "docs" / "quickstart.md", "ts")
        self.assertEqual(len(self.ran_text("quotes.ts", quotes).splitlines()), 5)
        self.assertTrue(self.ran_text("order.ts", order).startswith("true 1\n"))

    def test_readme(self) -> None:
        first, *others = fences(_README, "ts")
        self.assertRegex(self.ran_text("readme.ts", first), r"^(rb\d{4} [\d:]+ [\d.]+\n){3}$")
        self.assertEqual(others, [])


class Examples(ProgramCase):
    """Each example, on an exchange where it is always the same morning."""

    def test_each_is_short_and_has_a_test_here(self) -> None:
        for path in EXAMPLES.glob("*.ts"):
            text = path.read_text("utf-8")
            self.assertLess(len(text.splitlines()), 61, path.name)
            self.assertTrue(hasattr(self, f"test_{path.stem}"), path.name)
            self.assertRegex(text.splitlines()[0], "[\u4e00-\u9fff]")

    def test_types_and_style_of_each_hold(self) -> None:
        options = {"rootDir": "..", "allowImportingTsExtensions": True}
        config = {"extends": "../tsconfig.json", "compilerOptions": options}
        names = sorted(path.name for path in EXAMPLES.glob("*.ts"))
        (self.place / "tsconfig.json").write_text(json.dumps({**config, "include": names}))
        run([*tool("tsc"), "-p", "tsconfig.json"], self.place)
        run([str(built() / "node_modules/.bin/biome"), "ci", *names], self.place)

    def test_first_tick(self) -> None:
        told = self.ran("first_tick.ts", self.gateway.url)
        self.assertRegex(told, r"^(rb\d{4} \d\d:\d\d:\d\d [\d.]+\n){3}$")

    def test_moving_average(self) -> None:
        self.assertRegex(self.ran("moving_average.ts", self.gateway.url, "1"), r"held [01]\n$")

    def test_grid(self) -> None:
        lines = self.ran("grid.ts", self.gateway.url, "1").splitlines()
        self.assertEqual(
            [at for at, line in enumerate(lines) if " sold " in line], [len(lines) - 1]
        )
        with connect(self.gateway.url, "grid", "demo") as client:
            resting = [one for one in client.ReqQryOrder() if one.OrderStatus == "3"]
            self.assertEqual(resting, [], "what rested is cancelled at the end")

    def test_position_monitor(self) -> None:
        with connect(self.gateway.url, "monitored", "demo") as client:
            tick = next(client.ticks("@rb"))
            buy, opens = enums.Direction.Buy, enums.OffsetFlag.Open
            price = tick.UpperLimitPrice or 0.0
            client.limit_order(tick.InstrumentID, buy, opens, price, 2).wait_done(30)
        told = self.ran("position_monitor.ts", self.gateway.url, "monitored", "3")
        self.assertRegex(told, r"rb\d{4} long 2 lots at [\d,.]+, now [\d,.]+: -?[\d,.]+ yuan")
        self.assertEqual(told.count("equity"), 3)

    def test_option_chain(self) -> None:
        told = self.ran("option_chain.ts", self.gateway.url, "30").splitlines()
        self.assertRegex(told[0], r"^cu\d{4} [\d.]+, (\d+) of \1 quoted$")
        strikes = [line for line in told[2:] if re.search(r"\d +\d+ +\d", line)]
        self.assertGreater(len(strikes), 2, "calls and puts stand on both sides of their strikes")

    def test_recorder(self) -> None:
        path = Path(self.place) / "ticks.csv"
        told = self.ran("recorder.ts", self.gateway.url, str(path), "60")
        self.assertEqual(sum(int(line.split()[1]) for line in told.splitlines()), 60)
        head, *rows = path.read_text("utf-8").splitlines()
        self.assertTrue(head.startswith("InstrumentID,TradingDay,"))
        self.assertEqual(len(rows), 60)
        self.assertEqual({row.count(",") for row in rows}, {8})

    def test_pairs(self) -> None:
        *told, one, two, three, four = self.ran("pairs.ts", self.gateway.url, "1").splitlines()
        legs: dict[str, list[str]] = {}
        for instrument, side, offset, _ in map(str.split, (one, two, three, four)):
            legs.setdefault(instrument[:2], []).append(side + offset)
        # Opened (0), and closed on the same day (3) by what one cancels the other leaves.
        self.assertEqual(legs, {"rb": ["00", "13"], "hc": ["10", "03"]})
        self.assertEqual(sum("#1 done" in line for line in told), 2)

    def test_bot_test(self) -> None:
        self.assertRegex(self.ran("bot_test.ts", self.gateway.url), r"\bpass 1\n")

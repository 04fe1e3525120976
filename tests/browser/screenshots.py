"""Make README's screenshots of the console, in a real browser before the simulated exchange.

    python -m tests.browser.screenshots

Writes the pictures into ``docs/``, and what they show of the page into
``console/specs/screenshots.json``, against which the row R-01 compares the page. It takes a console
that is built, Chromium and ``fonts-noto-cjk``, and some two minutes.
"""

import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Final

from tests.browser.chromium import find
from tests.browser.test_console import SPECS, Gateways, built, tools
from tests.daemons import ROOT

FRONT: Final = "sim://?seed=7&speed=60"
"""A minute of the market in a second, so that the chart has its past soon."""
HISTORY: Final = """
History:
  Instruments: ["rb????", "IF????"]
  Periods: [1m]
"""
BARS: Final = 90
SECONDS: Final = 600


def main() -> int:
    """Make them; return the exit code."""
    browser = find()
    built()
    node, _ = tools().find_node()
    with tempfile.TemporaryDirectory() as folder:
        gateways = Gateways(Path(folder), FRONT, HISTORY)
        try:
            gateways.start()
            script = SPECS / "shoot.mjs"
            command = [node, script, gateways.address, browser, str(BARS)]
            return subprocess.run(command, cwd=ROOT, timeout=SECONDS).returncode
        finally:
            gateways.kill()


if __name__ == "__main__":
    sys.exit(main())

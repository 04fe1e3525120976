"""Prometheus's own tool: checks rules, plays series to them, reads expressions and pages."""

import os
import re
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

import yaml
from twisted.trial.unittest import SkipTest

ROOT: Final = Path(__file__).resolve().parents[2]
RULES: Final = ROOT / "etc" / "alerts.yaml"
DASHBOARD: Final = ROOT / "etc" / "grafana.json"
_MISSING: Final = "promtool is not installed: apt-get install prometheus --no-install-recommends"
_PATIENCE: Final = 120.0
_NAME: Final = re.compile(r"\b(?:webctp|process|python)_[a-z0-9_]+\b|\bup\b")


def find() -> str:
    """Return the program.

    :raises twisted.trial.unittest.SkipTest: if there is none; in CI, which installs one, that is
        an AssertionError.
    """
    found = shutil.which("promtool")
    if found is None:
        if os.environ.get("CI"):
            raise AssertionError(_MISSING)
        raise SkipTest(_MISSING)
    return found


def run(*arguments: str, given: str = "") -> tuple[int, str]:
    """Run it; return its exit code and all that it wrote. Blocks."""
    done = subprocess.run(
        [find(), *arguments],
        input=given,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        timeout=_PATIENCE,
        check=False,
        encoding="utf-8",
    )
    return done.returncode, done.stdout


def alerts() -> dict[str, dict[str, Any]]:
    """Return every rule of the file by its name."""
    groups = yaml.safe_load(RULES.read_text("utf-8"))["groups"]
    return {rule["alert"]: rule for group in groups for rule in group["rules"]}


def metrics_in(expression: str) -> set[str]:
    """Return the names of the series that an expression reads."""
    return set(_NAME.findall(re.sub(r'"[^"]*"', '""', expression)))


def play(
    folder: Path, series: Iterator[dict[str, str]], expected: list[dict[str, Any]], minutes: int = 1
) -> str:
    """Play series to the rules; return what promtool says of it, empty where all is as expected.

    :param expected: rows of ``promql_expr_test``.
    :param minutes: between two values of a series.
    """
    interval = f"{minutes}m"
    test = {
        "rule_files": [str(RULES)],
        "evaluation_interval": interval,
        "tests": [
            {"interval": interval, "input_series": list(series), "promql_expr_test": expected}
        ],
    }
    path = folder / "played.yaml"
    path.write_text(yaml.safe_dump(test, allow_unicode=True, width=10_000), "utf-8")
    code, output = run("test", "rules", str(path))
    return "" if code == 0 else output

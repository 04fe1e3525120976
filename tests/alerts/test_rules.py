"""Every alert fires when its cause happens, and is silent before; the file is as it must be."""

import importlib
from pathlib import Path
from typing import Any, Final

from twisted.trial.unittest import SynchronousTestCase, TestCase

from tests.alerts import promtool
from tests.alerts.promtool import ROOT
from tests.alerts.stage import Stage
from tests.alerts.story import STORIES

for _room in ("trading", "market", "clients", "disk", "system"):
    importlib.import_module(f"tests.alerts.{_room}")

_SEVERITIES: Final = ("critical", "warning", "info")
_STEPS: Final = {"WebctpMemoryGrows": 10}
"""Minutes between scrapes, where a story takes more than a day."""


class Fire(TestCase):
    """A story for each alert, from a real daemon to the rule."""

    timeout = 240

    def test_there_is_a_story_for_every_alert_and_for_nothing_else(self) -> None:
        self.assertEqual(sorted(STORIES), sorted(promtool.alerts()))

    async def tell(self, alert: str) -> None:
        """Play a story, and hold the rule to it."""
        promtool.find()
        folder = Path(self.mktemp())
        folder.mkdir()
        stage = Stage(self, folder, _STEPS.get(alert, 1))
        await STORIES[alert](stage)
        self.assertEqual(stage.verdict(alert), "", STORIES[alert].__doc__)


def _add(alert: str) -> None:
    async def test(self: Fire) -> None:
        await self.tell(alert)

    setattr(Fire, f"test_{alert}", test)


for _alert in STORIES:
    _add(_alert)


class RulesFile(SynchronousTestCase):
    """What stands in the file."""

    def test_promtool_takes_it(self) -> None:
        code, output = promtool.run("check", "rules", str(promtool.RULES))
        self.assertEqual(code, 0, output)

    def test_every_alert_has_a_severity_both_languages_and_a_section(self) -> None:
        text = (ROOT / "docs" / "alerts.md").read_text("utf-8")
        sections = {
            part.split("\n", 1)[0]: part for part in text.replace("\n## ", "\n### ").split("\n### ")
        }
        rules = promtool.alerts()
        self.assertEqual([name for name in sections if name.startswith("Webctp")], list(rules))
        for name, rule in rules.items():
            told: dict[str, Any] = rule["annotations"]
            self.assertIn(rule["labels"]["severity"], _SEVERITIES, name)
            self.assertIn(f"`{rule['labels']['severity']}`", sections[name])
            for key in ("description", "description_zh"):
                self.assertIn(f"\n{told[key]}\n", sections[name], f"{name} is described otherwise")
            for key in ("summary_zh", "description_zh"):
                self.assertRegex(told[key], "[\u4e00-\u9fff]", name)
            for key in ("summary", "description"):
                self.assertTrue(told[key].isascii(), f"{name}: {told[key]}")
            self.assertEqual(told["runbook"], f"docs/alerts.md#{name.lower()}")


class Edges(SynchronousTestCase):
    """What must not fire, on series that are made up."""

    def silent(self, alert: str, minute: int, **series: str) -> None:
        """Hold that an alert is silent at a minute.

        :param series: values by name; a label of one's own stands behind a bar.
        """
        folder = Path(self.mktemp())
        folder.mkdir()
        told = [
            {"series": f'{name}{{job="webctp",instance="a"{label}}}', "values": values}
            for name, _, label, values in (
                (*one.partition("|"), values) for one, values in series.items()
            )
        ]
        expected = {
            "expr": f'ALERTS{{alertname="{alert}",alertstate="firing"}}',
            "eval_time": f"{minute}m",
            "exp_samples": [],
        }
        self.assertEqual(promtool.play(folder, iter(told), [expected]), "", alert)

    def test_outside_trading_hours_nothing_has_to_be_ready(self) -> None:
        self.silent("WebctpNotReady", 30, webctp_ready="0+0x30", webctp_exchanges_open="0+0x30")
        self.silent(
            "WebctpFeedLost", 30, webctp_feed_ready="0+0x30", webctp_exchanges_open="0+0x30"
        )

    def test_a_session_that_is_back_within_minutes_wakes_nobody(self) -> None:
        self.silent(
            "WebctpNotReady", 4, webctp_ready="1 1 0 0 1+0x5", webctp_exchanges_open="1+0x9"
        )

    def test_an_end_that_was_asked_for_wakes_nobody_for_a_while(self) -> None:
        ends = {'webctp_drain_state|,state="serving"': "1 1 0 _x12"}
        self.silent("WebctpDown", 9, up="1 1 1 0+0x12", **ends)
        refused = {'webctp_client_refusals_total|,code="-503"': "0 0 300 _x12"}
        self.silent("WebctpRefusalsSurge", 4, **refused, **ends)
        with self.assertRaises(AssertionError):
            self.silent("WebctpDown", 14, up="1 1 1 0+0x12", **ends)
        with self.assertRaises(AssertionError):
            self.silent("WebctpRefusalsSurge", 2, **refused)

    def test_one_restart_is_no_trouble(self) -> None:
        self.silent("WebctpRestarts", 8, process_start_time_seconds="1 1 1 _ 9 9 9 9 9")

    def test_a_certificate_of_fifteen_days_is_good(self) -> None:
        ends = f"{15 * 86_400}+0x9"
        self.silent(
            "WebctpCertificateExpiresSoon", 9, webctp_certificate_expires_timestamp_seconds=ends
        )

    def test_no_limit_is_never_near(self) -> None:
        self.silent(
            "WebctpConnectionsNearLimit",
            9,
            webctp_connections="500+0x9",
            webctp_connections_limit="0+0x9",
        )

    def test_a_restart_makes_no_counter_grow(self) -> None:
        self.silent("WebctpTicksDropped", 8, webctp_feed_ticks_dropped_total="900 900 900 _ 0+0x6")

"""The dashboard: valid panels, and every figure that it shows is on a daemon's real page."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

import yaml
from prometheus_client.parser import text_string_to_metric_families
from twisted.trial.unittest import SynchronousTestCase, TestCase

from tests.alerts import promtool
from tests.alerts.stage import Stage
from tests.commands.test_doctor import certificate
from tests.serving.test_metricspage import DAY
from webctp.commands.docs.metrics import declared
from webctp.metrics import Kind
from webctp.testing import Gateway

_OF_THE_MACHINE: Final = "Webctp(.*Slow|ReactorStalls|TicksDropped|ClientTicksDropped)"
"""Alerts that go by measured time: on a machine that is busy they are right to fire."""
_VARIABLES: Final = {"$__rate_interval": "5m", "$instance": ".+"}


def dashboard() -> dict[str, Any]:
    """Return the dashboard."""
    found: dict[str, Any] = json.loads(promtool.DASHBOARD.read_text("utf-8"))
    return found


def expressions() -> Iterator[str]:
    """Give every query of the dashboard, its variables filled in."""
    board = dashboard()
    shown = [one for panel in board["panels"] for one in panel.get("targets", ())]
    for target in (*shown, *board["annotations"]["list"]):
        expression = target["expr"]
        for name, value in _VARIABLES.items():
            expression = expression.replace(name, value)
        yield expression


class Panels(SynchronousTestCase):
    """What Grafana needs of the file."""

    def test_each_has_a_place_a_number_and_the_data_source(self) -> None:
        panels = dashboard()["panels"]
        self.assertEqual(len({panel["id"] for panel in panels}), len(panels))
        taken: set[tuple[int, int]] = set()
        for panel in panels:
            at = panel["gridPos"]
            cells = {
                (x, y)
                for x in range(at["x"], at["x"] + at["w"])
                for y in range(at["y"], at["y"] + at["h"])
            }
            self.assertFalse(cells & taken, f"{panel['title']} lies on another")
            self.assertLessEqual(at["x"] + at["w"], 24, panel["title"])
            taken |= cells
            if panel["type"] == "row":
                continue
            self.assertIn(panel["type"], ("timeseries", "stat", "table"))
            letters = [target["refId"] for target in panel["targets"]]
            self.assertEqual(len(set(letters)), len(letters), panel["title"])
            for owner in (panel, *panel["targets"]):
                self.assertEqual(owner["datasource"]["uid"], "${datasource}", panel["title"])
            for target in panel["targets"]:
                self.assertIn('instance=~"$instance"', target["expr"], panel["title"])

    def test_titles_are_in_both_languages(self) -> None:
        for panel in dashboard()["panels"]:
            if panel["title"] != "HTTP":
                self.assertRegex(panel["title"], "[\u4e00-\u9fff].* [A-Z]")

    def test_it_asks_for_a_data_source_and_an_instance(self) -> None:
        found = {one["name"]: one["type"] for one in dashboard()["templating"]["list"]}
        self.assertEqual(found, {"datasource": "datasource", "instance": "query"})

    def test_its_rows_are_those_that_an_operator_asks_for(self) -> None:
        rows = [one["title"] for one in dashboard()["panels"] if one["type"] == "row"]
        self.assertEqual(
            [title.partition(" ")[2] for title in rows],
            [
                "Overview",
                "Sessions",
                "Orders by leg",
                "Market data",
                "Clients",
                "Limits and refusals",
                "System",
            ],
        )

    def test_promtool_reads_every_query(self) -> None:
        rules = [{"record": f"q{n}", "expr": one} for n, one in enumerate(expressions())]
        path = Path(self.mktemp())
        path.write_text(yaml.safe_dump({"groups": [{"name": "queries", "rules": rules}]}), "utf-8")
        code, output = promtool.run("check", "rules", str(path))
        self.assertEqual(code, 0, output)


class Names(TestCase):
    """What rules and dashboard name, on the page of a daemon."""

    timeout = 120

    def told(self) -> set[str]:
        """Names of all series that a daemon may tell, by what its sources declare."""
        found = {"up"}
        for metric in declared():
            found.add(metric.name)
            if metric.kind is Kind.HISTOGRAM:
                found |= {f"{metric.name}_{end}" for end in ("bucket", "count", "sum")}
        return found

    async def page(self) -> str:
        """Return the page of a daemon with all that has figures."""
        folder = Path(self.mktemp()).absolute()
        folder.mkdir()
        cert, key = certificate(folder, "localhost", -DAY, 365 * DAY)
        gateway = Gateway(
            "sim://",
            MetricsListen=[
                "tcp:0:interface=127.0.0.1",
                f"ssl:0:interface=127.0.0.1:certKey={cert}:privateKey={key}",
            ],
            Journal={"Path": f"{folder}/journal.sqlite"},
            AuditLog={"Path": f"{folder}/audit.jsonl"},
            Record={"Path": f"{folder}/ticks"},
        )
        async with gateway:
            await gateway.trader()
            await gateway.watcher()
            stage = Stage(self, folder)
            plain: Any = gateway.daemon.ports[1].getHost()
            stage.watch(gateway, plain.port)
            text = await stage.text()
        assert text is not None
        return text

    async def test_every_name_is_told_and_promtool_has_nothing_to_say_of_the_page(self) -> None:
        text = await self.page()
        code, output = promtool.run("check", "metrics", given=text)
        self.assertEqual((code, output), (0, ""))
        told = {
            sample.name
            for family in text_string_to_metric_families(text)
            for sample in family.samples
        }
        rules = [rule["expr"] for rule in promtool.alerts().values()]
        named = set().union(*map(promtool.metrics_in, (*rules, *expressions())))
        self.assertEqual(sorted(named - told - self.told()), [])

    async def test_a_healthy_daemon_fires_nothing(self) -> None:
        folder = Path(self.mktemp()).absolute()
        folder.mkdir()
        stage = Stage(self, folder)
        async with Gateway("sim://", Journal={"Path": f"{folder}/journal.sqlite"}) as gateway:
            stage.watch(gateway)
            trader = await gateway.trader()
            watcher = await gateway.watcher()
            await watcher.ask({"MsgType": "SubscribeMarketData", "InstrumentID": ["*"]})
            for _ in range(6):
                await trader.ask({"MsgType": "ReqQryTradingAccount", "RequestID": 2})
                await stage.scrape_beyond("webctp_feed_ticks_total")
        self.assertEqual(stage.silence(_OF_THE_MACHINE), "")

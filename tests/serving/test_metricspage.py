"""What `/metrics` says, to whom, and that every metric of the sources is told there."""

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Final

from prometheus_client.openmetrics.parser import text_string_to_metric_families as read_openmetrics
from prometheus_client.parser import text_string_to_metric_families
from twisted.internet.task import Clock
from twisted.trial.unittest import SynchronousTestCase, TestCase

from tests.commands.test_doctor import certificate
from tests.gateway.access.tokens.test_record import token
from tests.testing.test_gateway import INSERT
from webctp.commands.docs.metrics import declared
from webctp.gateway.access.principal import ANYBODY, Principal, Scope
from webctp.gateway.access.tokens.file import editing
from webctp.gateway.http.head import BadHead, Head, HeadReader
from webctp.gateway.http.origins import Origins
from webctp.metrics import Histogram, Kind, Metric, Registry, Sample
from webctp.serving.metricspage import MetricsPage
from webctp.testing import FakeFront, Gateway, MemoryGateway, order

CLIENTS = Metric("webctp_clients", Kind.GAUGE, "Clients.", "客户端。", ("kind",))
TICKS = Metric("webctp_ticks_total", Kind.COUNTER, "Ticks.", "行情。")
WAITS = Metric("webctp_wait_seconds", Kind.HISTOGRAM, "Waits.", "等待。")
DAY: Final = timedelta(days=1)
FAR = "192.0.2.1"
OPENMETRICS = "application/openmetrics-text; version=1.0.0"


class Room:
    """Tells a few figures."""

    def samples(self) -> Iterator[Sample]:
        waits = Histogram((0.1, 1))
        for value in (0.05, 0.5, 7):
            waits.observe(value)
        yield CLIENTS.sample(3, 'td "x"\n')
        yield TICKS.sample(12)
        yield WAITS.sample(waits.read())


def head(accept: str = "*/*", host: str = "127.0.0.1") -> Head:
    """A request for the page."""
    reader = HeadReader()
    reader.feed(f"GET /metrics HTTP/1.1\r\nHost: {host}\r\nAccept: {accept}\r\n\r\n".encode())
    found = reader.take()
    assert found is not None
    return found


def person(*scopes: Scope) -> Principal:
    """Somebody with a token."""
    return Principal("somebody", frozenset(scopes))


class Page(SynchronousTestCase):
    """The formats, and who may read them."""

    def setUp(self) -> None:
        self.page = MetricsPage(Registry([Room()]), Origins((), Clock()))

    def text(self, accept: str = "*/*") -> str:
        answer = self.page(head(accept), "127.0.0.1", lambda: ANYBODY)
        self.assertEqual(answer.status, 200)
        return str(answer.body)

    def status(
        self, page: MetricsPage, address: str, principal: Principal, host: str = "127.0.0.1"
    ) -> int:
        try:
            return page(head(host=host), address, lambda: principal).status
        except BadHead as problem:
            return problem.status

    def test_every_kind_of_figure(self) -> None:
        found = {
            (sample.name, *sample.labels.values()): sample.value
            for family in text_string_to_metric_families(self.text())
            for sample in family.samples
            if sample.name.startswith("webctp_")
        }
        self.assertEqual(
            found,
            {
                ("webctp_clients", 'td "x"\n'): 3,
                ("webctp_ticks_total",): 12,
                ("webctp_wait_seconds_bucket", "0.1"): 1,
                ("webctp_wait_seconds_bucket", "1"): 2,
                ("webctp_wait_seconds_bucket", "+Inf"): 3,
                ("webctp_wait_seconds_count",): 3,
                ("webctp_wait_seconds_sum",): 7.55,
            },
        )

    def test_help_is_in_both_languages(self) -> None:
        self.assertIn("# HELP webctp_ticks_total Ticks. 行情。\n", self.text())

    def test_the_process_is_told_beside_them(self) -> None:
        text = self.text()
        for name in ("process_cpu_seconds_total", "process_open_fds", "python_gc_collections_"):
            self.assertIn(f"\n{name}", text)

    def test_accept_chooses_the_format(self) -> None:
        self.assertNotIn("# EOF", self.text("text/plain"))
        text = self.text(OPENMETRICS)
        self.assertTrue(text.endswith("# EOF\n"))
        answer = self.page(head(OPENMETRICS), "::1", lambda: ANYBODY)
        self.assertTrue(answer.content_type.startswith("application/openmetrics-text"))

    def test_openmetrics_is_what_its_own_reader_takes(self) -> None:
        found = [
            sample.value
            for family in read_openmetrics(self.text(OPENMETRICS))
            for sample in family.samples
            if sample.name == "webctp_ticks_total"
        ]
        self.assertEqual(found, [12])

    def test_the_format_goes_by_what_is_preferred_and_by_its_version(self) -> None:
        prometheus = (
            "application/openmetrics-text;version=1.0.0;q=0.5,application/openmetrics-text;"
            "version=0.0.1;q=0.4,text/plain;version=0.0.4;q=0.3,*/*;q=0.2"
        )
        plain = "text/plain; version=0.0.4; charset=utf-8"
        opened = "application/openmetrics-text; version=1.0.0; charset=utf-8"
        for accept, wanted in (
            (prometheus, opened),
            (OPENMETRICS, opened),
            ("Application/OpenMetrics-Text", opened),
            ("application/openmetrics-text;q=0.1, text/plain;q=0.9", plain),
            ("application/openmetrics-text;q=0", plain),
            ("application/openmetrics-text; version=abc", plain),
            ("application/openmetrics-text; version=2.0.0", plain),
            ("application/openmetrics-text; q=x", plain),
            ("text/plain; version=abc", plain),
            (";;=,", plain),
            ("", plain),
        ):
            answer = self.page(head(accept), "127.0.0.1", lambda: ANYBODY)
            self.assertEqual((answer.status, answer.content_type), (200, wanted), accept)

    def test_without_tokens_this_machine_alone_is_answered(self) -> None:
        found = [self.status(self.page, one, ANYBODY) for one in ("127.0.0.1", "unix", FAR)]
        self.assertEqual(found, [200, 200, 403])

    def test_with_tokens_the_scope_decides_wherever_one_is(self) -> None:
        for address in ("127.0.0.1", FAR):
            self.assertEqual(self.status(self.page, address, person(Scope.ADMIN)), 200)
            self.assertEqual(self.status(self.page, address, person(Scope.MARKET)), 403)

    def test_on_a_listener_of_its_own_everybody_is_answered(self) -> None:
        page = MetricsPage(Registry([Room()]), Origins((), Clock()), is_open=True)
        self.assertEqual(self.status(page, FAR, ANYBODY), 200)

    def test_a_name_that_was_made_to_lead_here_reads_nothing(self) -> None:
        apart = MetricsPage(Registry([Room()]), Origins((), Clock()), is_open=True)
        for page in (self.page, apart):
            for host in ("evil.example:8080", "localhost.evil.example", "2130706433", "127.1"):
                for address in ("127.0.0.1", "::1"):
                    self.assertEqual(self.status(page, address, ANYBODY, host), 403, host)
            for host in ("127.0.0.1:8080", "[::1]:8080", "10.0.0.1", "LocalHost:8080"):
                self.assertEqual(self.status(page, "127.0.0.1", ANYBODY, host), 200, host)

    def test_no_browser_asks_through_a_unix_socket_or_with_a_token(self) -> None:
        found = [
            self.status(self.page, "unix", ANYBODY, "any.name"),
            self.status(self.page, "127.0.0.1", person(Scope.ADMIN), "any.name"),
        ]
        self.assertEqual(found, [200, 200])


class Served(SynchronousTestCase):
    """The page among the others."""

    def test_names_are_refused_but_those_that_are_listed(self) -> None:
        listed = ["https://*.desk.example:*", "http://box"]
        with MemoryGateway(Origins=listed) as gateway:
            found = {
                host: gateway.get("/metrics", host=host)[0]
                for host in (
                    "evil.example:8080",
                    "a.desk.example:9",
                    "BOX",
                    "box:8080",
                    "localhost",
                )
            }
            ready = gateway.get("/readyz", host="evil.example:8080")[0]
        self.assertEqual(
            found,
            {
                "evil.example:8080": 403,
                "a.desk.example:9": 200,
                "BOX": 200,
                "box:8080": 403,
                "localhost": 200,
            },
        )
        self.assertIn(ready, (200, 503), "/readyz is for whoever reaches the port")

    def test_it_is_named_where_a_path_leads_nowhere(self) -> None:
        with MemoryGateway() as gateway:
            self.assertIn(b"/metrics", gateway.get("/nowhere")[1])

    def test_scrapes_are_counted_like_other_requests(self) -> None:
        with MemoryGateway() as gateway:
            gateway.get("/nowhere")
            gateway.get("/metrics")
            status, body = gateway.get("/metrics")
        self.assertEqual(status, 200)
        self.assertIn(b'webctp_http_answers_total{status="200"} 1.0', body)
        self.assertIn(b'webctp_http_answers_total{status="404"} 1.0', body)

    def test_a_listener_of_its_own_serves_nothing_else(self) -> None:
        with MemoryGateway(MetricsListen="tcp:0:interface=127.0.0.1") as gateway:
            self.assertEqual(gateway.get("/metrics")[0], 404)
            self.assertEqual(gateway.get("/metrics", port=1)[0], 200)
            self.assertEqual(gateway.get("/readyz", port=1)[0], 404)
            self.assertEqual(gateway.get("/td/", port=1)[0], 404)


class Whole(TestCase):
    """A daemon with everything that has figures."""

    timeout = 120

    def test_names_are_unique_and_both_languages_speak(self) -> None:
        metrics = declared()
        self.assertEqual(len({one.name for one in metrics}), len(metrics))
        for one in metrics:
            self.assertTrue(one.help.isascii() or "…" in one.help, one.name)
            self.assertRegex(one.chinese, "[\u4e00-\u9fff]", one.name)

    def told_of_a_hot_spare(self) -> set[str]:
        """Names of what a daemon tells that is connected to two market-data fronts at once."""
        both = ["tcp://127.0.0.1:1", "tcp://127.0.0.1:2"]
        with MemoryGateway(MdFrontAddress=both, MdRedundancy="true") as gateway:
            return {metric.name for metric in gateway.daemon.registry.gather()}

    def told_with_tokens(self) -> set[str]:
        """Names of what a daemon tells that lets callers in by tokens."""
        path = Path(self.mktemp()).absolute()
        with editing(path) as tokens:
            tokens.append(token())
        with MemoryGateway(
            Access={"Tokens": str(path)}, AuditLog={"Path": f"{path}.jsonl"}
        ) as gateway:
            return {metric.name for metric in gateway.daemon.registry.gather()}

    async def told_of_the_bus(self) -> set[str]:
        """Names of what a node and an edge tell, whether or not a Redis is there."""
        nowhere = "redis+unix:///nowhere/redis.sock"  # a socket's path has room for 107 bytes
        bus = {"Url": nowhere, "Publish": "true"}
        told: set[str] = set()
        for gateway in (
            Gateway(FakeFront(), AppType="md", Bus=bus),
            Gateway("sim://", AppType="md", MdFrontAddress=nowhere),
        ):
            async with gateway:
                told |= {metric.name for metric in gateway.daemon.registry.gather()}
        return told

    async def test_an_order_is_timed_from_its_coming_to_its_going_out(self) -> None:
        front = FakeFront()
        async with Gateway(front) as gateway:
            trader = await gateway.trader()
            trader.say(INSERT)
            await gateway.until(lambda: "ReqOrderInsert" in front.names, "the order's call")
            front.push("OnRtnOrder", order(request=front.last("ReqOrderInsert").values))
            await trader.until("RtnOrder")
            told = {
                metric.name: sum(sample.value for sample in samples)
                for metric, samples in gateway.daemon.registry.gather().items()
                if metric.name.startswith("webctp_order_")
            }
        self.assertEqual(set(told.values()), {1}, told)

    async def test_every_metric_of_the_sources_is_told(self) -> None:
        folder = Path(self.mktemp())
        folder.mkdir()
        cert, key = certificate(folder, "localhost", -DAY, 365 * DAY)
        gateway = Gateway(
            "sim://",
            MetricsListen=f"ssl:0:interface=127.0.0.1:certKey={cert}:privateKey={key}",
            Journal={"Path": f"{folder}/journal.sqlite"},
            Record={"Path": f"{folder}/ticks"},
            BarStore={"Path": f"{folder}/bars.sqlite"},
        )
        async with gateway:
            await gateway.trader()
            watcher = await gateway.watcher()
            bars = {"MsgType": "SubscribeMarketData", "InstrumentID": ["*"], "Bars": ["1m"]}
            await watcher.ask(bars)
            await watcher.until("RtnBar")
            told = {metric.name for metric in gateway.daemon.registry.gather()}
        told |= self.told_of_a_hot_spare() | self.told_with_tokens() | await self.told_of_the_bus()
        missing = sorted({one.name for one in declared()} - told)
        self.assertEqual(missing, [], "add its room to the daemon's registry (webctp/daemon.py)")

"""A daemon that is scraped, minute by minute, while a test does something to it.

What was scraped is played to the rules by promtool: the names, labels and values are those of the
daemon's own page. A minute takes no time: a value is held for as many minutes as a story asks for.
"""

import re
from collections.abc import Iterator
from http.client import HTTPConnection, HTTPException
from itertools import groupby
from pathlib import Path
from typing import Any, Final

from prometheus_client.parser import text_string_to_metric_families
from twisted.internet import reactor
from twisted.internet.task import deferLater
from twisted.internet.threads import deferToThread

from tests.alerts import promtool
from webctp.serving import figures
from webctp.testing import Gateway, MemoryGateway

_MINUTE: Final = 60
_PAUSE: Final = 0.05
"""Seconds between two looks at a counter."""
_TARGET: Final = 'job="webctp",instance="gateway:8080"'
_MOMENTS: Final = re.compile(r"_timestamp_seconds(\{|$)")
TRADING: Final = 1_795_744_800
"""2026-11-27 10:00 in Beijing, a Friday: seconds since 1970."""

Page = dict[str, float]


class Stage:
    """Scrapes a daemon, and plays what it has scraped to a rule.

    :param case: the test, whose patches end with it.
    :param step: minutes between two scrapes.
    """

    def __init__(self, case: Any, folder: Path, step: int = 1) -> None:
        self.case = case
        self.folder = folder
        self.step = step
        self.now = TRADING
        """The machine's clock in seconds since 1970, as far as figures go by it."""
        case.patch(figures, "time_ns", lambda: self.now * 10**9)
        self._scrapes: list[Page | None] = []
        self._fine: int | None = None
        self._gateway: Gateway | MemoryGateway | None = None
        self._port = 0
        self._connection: HTTPConnection | None = None
        case.addCleanup(self._hang_up)

    @property
    def an_hour(self) -> int:
        """How many scrapes there are in an hour."""
        return 60 // self.step

    def watch(self, gateway: Gateway | MemoryGateway | None, port: int = 0) -> None:
        """Scrape a daemon from now on; None for one that is another process.

        :param port: which of a MemoryGateway's ports has the page, or the number of another's.
        """
        self._hang_up()
        self._gateway, self._port = gateway, port

    async def scrape(self, times: int = 1) -> None:
        """Scrape once, and hold what was told for some steps."""
        self._scrapes += [await self._scraped()] * times

    async def scrape_beyond(self, counter: str) -> None:
        """Scrape as soon as a counter has moved since the scrape before, on whichever label.

        What a client has received tells nothing of that: it may have waited there for long.
        """
        before = _total(self._scrapes[-1] if self._scrapes else None, counter)
        page = await self._scraped()
        while _total(page, counter) <= before:
            await deferLater(reactor, _PAUSE)
            page = await self._scraped()
        self._scrapes.append(page)

    async def fine(self, times: int = 1) -> None:
        """Scrape, and hold it: at the end of it the alert must be silent."""
        await self.scrape(times)
        self._fine = len(self._scrapes) - 1

    def gone(self, times: int) -> None:
        """Note that Prometheus knows no target for some steps."""
        self._scrapes += [None] * times

    def verdict(self, alert: str) -> str:
        """Play the scrapes to the rules; return what is wrong, or nothing.

        The alert must be silent where all was fine, and fire at the last scrape.
        """
        if self._fine is None:
            raise AssertionError("a story has to tell when all was fine")
        names = promtool.metrics_in(promtool.alerts()[alert]["expr"])
        firing = f'ALERTS{{alertname="{alert}",alertstate="firing"}}'
        expected: list[dict[str, Any]] = [
            {"expr": firing, "eval_time": self._at(self._fine), "exp_samples": []},
            {
                "expr": f"clamp_max(count({firing}), 1)",
                "eval_time": self._at(len(self._scrapes) - 1),
                "exp_samples": [{"labels": "{}", "value": 1}],
            },
        ]
        return promtool.play(self.folder, self.series(names), expected, self.step)

    def silence(self, but: str) -> str:
        """Play all that was scraped to all rules; return what promtool says where one fires.

        :param but: alerts that may fire, as a regular expression.
        """
        silent = f'ALERTS{{alertstate="firing",alertname!~"{but}"}}'
        firing: dict[str, Any] = {"expr": silent, "exp_samples": []}
        last = {**firing, "eval_time": self._at(len(self._scrapes) - 1)}
        return promtool.play(self.folder, self.series(None), [last], self.step)

    def series(self, names: set[str] | None) -> Iterator[dict[str, str]]:
        """Give the series as promtool takes them; only those of ``names``, None for all."""
        pages = [page or {} for page in self._scrapes]
        for key in sorted({key for page in pages for key in page}):
            name, brace, labels = key.partition("{")
            if names is None or name in names:
                all_labels = f"{_TARGET},{labels}" if brace else f"{_TARGET}}}"
                values = _values([page.get(key) for page in pages])
                yield {"series": f"{name}{{{all_labels}", "values": values}

    def _at(self, place: int) -> str:
        return f"{place * self.step}m"

    async def _scraped(self) -> Page:
        text = await self.text()
        return {"up": 0.0} if text is None else {"up": 1.0, **self._page(text)}

    async def text(self) -> str | None:
        """Return the daemon's page; None where there is no answer."""
        gateway = self._gateway
        if isinstance(gateway, MemoryGateway):
            status, body = gateway.get("/metrics", port=self._port)
            return body.decode() if status == 200 else None
        port = self._port or (gateway.port if gateway is not None else 0)
        if self._connection is None:
            # One connection for all scrapes: it lives on where nobody is let in any more.
            self._connection = HTTPConnection("127.0.0.1", port, timeout=60)
        found: str | None = await deferToThread(_fetch, self._connection)
        return found

    def _page(self, text: str) -> Page:
        """Read a page. promtool's clock begins at 1970, and so do the moments that are told."""
        shift = self.now - len(self._scrapes) * self.step * _MINUTE
        return {
            key: sample.value - (shift if _MOMENTS.search(key) else 0)
            for family in text_string_to_metric_families(text)
            for sample in family.samples
            for key in (_key(sample.name, sample.labels),)
        }

    def _hang_up(self) -> None:
        if self._connection is not None:
            self._connection.close()
            self._connection = None


def _total(page: Page | None, counter: str) -> float:
    told = (page or {}).items()
    return sum(value for key, value in told if key.partition("{")[0] == counter)


def _fetch(connection: HTTPConnection) -> str | None:
    try:
        connection.request("GET", "/metrics", headers={"Host": "127.0.0.1"})
        answer = connection.getresponse()
        text = answer.read().decode()
    except (OSError, HTTPException):
        connection.close()
        return None
    return text if answer.status == 200 else None


def _key(name: str, labels: dict[str, str]) -> str:
    shown = ",".join(
        '{}="{}"'.format(label, value.replace("\\", "\\\\").replace('"', '\\"'))
        for label, value in sorted(labels.items())
    )
    return f"{name}{{{shown}}}" if shown else name


def _values(values: list[float | None]) -> str:
    """Write values as promtool does: those that repeat as one, ``_`` for none."""
    told = []
    for value, run in groupby(values):
        count = len(list(run))
        if value is None:
            told.append(f"_x{count}")
        else:
            shown = f"{value:.9f}".rstrip("0").rstrip(".")
            told.append(f"{shown}+0x{count - 1}" if count > 1 else shown)
    return " ".join(told)

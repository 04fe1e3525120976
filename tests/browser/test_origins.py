"""Hostile pages in a real browser, and those that are let in."""

from pathlib import Path
from typing import Any

from twisted.internet.threads import deferToThread
from twisted.trial.unittest import TestCase

from tests.browser.chromium import Pages, find, open_page
from webctp.testing import Gateway

REFUSED = "refused"
OPEN = "open"


class Browser(TestCase):
    """One gateway on 127.0.0.1, pages from wherever."""

    timeout = 300

    def setUp(self) -> None:
        find()
        self.pages = Pages()
        self.addCleanup(self.pages.close)

    async def outcome(self, place: str, *, origins: str = "https://listed.example") -> str:
        """Open a page; give what became of its WebSocket, as the page and the gateway say.

        :param place: the page's address, in which ``PAGES`` and ``GATE`` stand for the ports.
        """
        async with Gateway("sim://", Origins=origins) as gateway:
            url = place.replace("PAGES", str(self.pages.port)).replace("GATE", str(gateway.port))
            if url.startswith("file:"):
                path = Path(self.mktemp()).absolute()
                socket = f"ws://127.0.0.1:{gateway.port}/td/"
                path.with_suffix(".html").write_text(self.pages.page("one", socket), "utf-8")
                url = f"file://{path}.html"
            folder = Path(self.mktemp()).absolute()
            said: str = await deferToThread(open_page, url, self.pages, "one", folder)
            # The browser itself may hold a page back: it is the gateway that must have refused it.
            answers = self.answers(gateway)
            self.assertEqual(answers["101" if said == OPEN else "403"], 1, (said, answers))
            self.assertEqual(answers["403" if said == OPEN else "101"], 0, (said, answers))
            return said

    def answers(self, gateway: Gateway) -> dict[str, float]:
        """How often the gateway has answered with each status."""
        found: Any = gateway.daemon.registry.gather()
        return {
            sample.labels[0]: sample.value
            for metric, samples in found.items()
            if metric.name == "webctp_http_answers_total"
            for sample in samples
        }

    async def test_a_page_of_another_site(self) -> None:
        page = "http://evil.example:PAGES/page?case=one&socket=ws://127.0.0.1:GATE/td/"
        self.assertEqual(await self.outcome(page), REFUSED)

    async def test_a_page_in_a_sandboxed_frame(self) -> None:
        page = "http://127.0.0.1:PAGES/sandbox?case=one&socket=ws://127.0.0.1:GATE/td/"
        self.assertEqual(await self.outcome(page), REFUSED)

    async def test_a_page_of_a_name_that_was_made_to_lead_here(self) -> None:
        page = "http://rebound.example:PAGES/page?case=one&socket=ws://rebound.example:GATE/td/"
        self.assertEqual(await self.outcome(page), REFUSED)

    async def test_a_page_from_disk(self) -> None:
        self.assertEqual(await self.outcome("file:"), REFUSED)
        self.assertEqual(await self.outcome("file:", origins="null"), OPEN)

    async def test_a_page_of_this_machine(self) -> None:
        page = "http://localhost:PAGES/page?case=one&socket=ws://127.0.0.1:GATE/td/"
        self.assertEqual(await self.outcome(page), OPEN)

    async def test_a_page_that_is_listed(self) -> None:
        page = "http://listed.example:PAGES/page?case=one&socket=ws://127.0.0.1:GATE/td/"
        listed = f"http://listed.example:{self.pages.port}"
        self.assertEqual(await self.outcome(page, origins=listed), OPEN)

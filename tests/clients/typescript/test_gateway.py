"""The client in TypeScript on Node.js, with real gateways."""

import shutil
from pathlib import Path
from typing import Final
from unittest import TestCase

from tests.clients.python.gateways import shared
from tests.clients.python.secured import house
from tests.clients.typescript.node import built, node, run

_MORNING: Final = "sim://?seed=11&start=2026-11-23T09:30:00&speed=2"
"""An exchange where the market is open for long, whatever the hour is here."""


class Session(TestCase):
    """A session, step by step."""

    def test_ticks_orders_queries_and_mirrors(self) -> None:
        place = built()
        shutil.copy(Path(__file__).with_name("session.mjs"), place)
        told = run([str(node()), "session.mjs", shared(_MORNING).url, "typescript"], place)
        self.assertEqual(told, "the session is over\n")


class Secured(TestCase):
    """Where TLS and a token are demanded; `secured.mjs` says what became of a client."""

    def setUp(self) -> None:
        self.place = built()
        self.house = house()
        shutil.copy(Path(__file__).with_name("secured.mjs"), self.place)

    def told(
        self, token: str, *, trusts: str = "", passes: str = "", patience: int = 60_000
    ) -> str:
        """Return what a client tells that shows a token.

        :param trusts: the file of the authority that Node.js is told of by its environment.
        :param passes: the one that is passed to a class of sockets.
        """
        folder = self.house.folder
        command = [str(node()), "secured.mjs", self.house.url, token, str(patience)]
        more = {"NODE_EXTRA_CA_CERTS": str(folder / trusts)} if trusts else {}
        return run([*command, *([str(folder / passes)] if passes else [])], self.place, **more)

    def test_one_who_trusts_the_authority_and_has_a_token_is_let_in(self) -> None:
        bot = self.house.tokens["bot"]
        self.assertEqual(self.told(bot, trusts="ca.pem"), "demo, rb: true\n")
        self.assertEqual(self.told(bot, passes="ca.pem"), "demo, rb: true\n")

    def test_another_authority_or_token_and_none_let_nobody_in(self) -> None:
        bot = self.house.tokens["bot"]
        for shown, trusts, passes in (
            (bot, "other.pem", ""),
            (bot, "", "other.pem"),
            (bot, "", ""),
            (f"{bot}x", "ca.pem", ""),
        ):
            told = self.told(shown, trusts=trusts, passes=passes, patience=500)
            self.assertEqual(told, "Disconnected\n", (trusts, passes))

    def test_a_token_does_what_it_is_for(self) -> None:
        told = self.told(self.house.tokens["quotes"], trusts="ca.pem")
        self.assertEqual(told, "-403\n")

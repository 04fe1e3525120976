"""TLS and tokens of the client, against a daemon that demands both."""

import asyncio
import contextlib
import io
import os
import ssl
from typing import Any
from unittest import TestCase, mock

from textual.widgets import Static

from tests.clients.python.gateways import RealGateway
from tests.clients.python.secured import house
from tests.daemons import PATIENCE
from webctp_client import Disconnected, Ended, Forbidden, OrderUnknown, aio, connect, enums
from webctp_client.command import main
from webctp_client.desk.app import Desk
from webctp_client.desk.words import Words


class Secured(TestCase):
    """What a client needs to be let in, and what it is told where it is not."""

    def setUp(self) -> None:
        self.folder, self.tokens, self.url = house().folder, house().tokens, house().url

    def test_one_who_trusts_the_authority_and_has_a_token_is_let_in(self) -> None:
        ca_file = self.folder / "ca.pem"
        bot = self.tokens["bot"]
        with connect(self.url, "demo", "pass", ca_file=ca_file, token=bot) as client:
            self.assertEqual(client.ReqQryInvestor()[0].InvestorID, "demo")
            self.assertGreater(next(client.ticks("rb????")).LastPrice or 0.0, 0.0)
        context = ssl.create_default_context(cafile=ca_file)
        with connect(self.url, "demo", "pass", ssl=context, token=bot) as client:
            self.assertTrue(client.GetTradingDay())

    def test_another_authority_is_refused_at_once_and_says_what_to_do(self) -> None:
        for ca_file in (self.folder / "other.pem", None):
            with self.assertRaises(Disconnected) as caught:
                connect(
                    self.url,
                    "demo",
                    "pass",
                    ca_file=ca_file,
                    token=self.tokens["bot"],
                    connect_timeout=10_000.0,
                )
            self.assertRegex(caught.exception.detail, "certificate is not trusted: .*ca_file")
            self.assertNotIn(self.tokens["bot"], str(caught.exception))

    def test_the_host_must_be_the_certificates(self) -> None:
        elsewhere = self.url.replace("localhost", "127.0.0.1")
        with self.assertRaisesRegex(Disconnected, "the host as the certificate has it"):
            connect(elsewhere, "demo", "pass", ca_file=self.folder / "ca.pem")

    def test_what_cannot_be_meant_is_told_before_anything_is_sent(self) -> None:
        ca_file = self.folder / "ca.pem"
        with self.assertRaisesRegex(ValueError, "ca_file or ssl, not both"):
            connect(self.url, ca_file=ca_file, ssl=ssl.create_default_context())
        with self.assertRaises(FileNotFoundError):
            connect(self.url, ca_file=self.folder / "none.pem")
        with self.assertRaises(ssl.SSLError):
            connect(self.url, ca_file=self.folder / "server.key")

    def test_tls_where_there_is_none(self) -> None:
        plain = RealGateway()
        self.addCleanup(plain.end)
        with self.assertRaisesRegex(Disconnected, "is ws:// meant, without TLS"):
            connect(plain.url.replace("ws:", "wss:"), "demo", "pass", connect_timeout=10_000.0)

    def test_a_wrong_token_and_none_are_refused_and_never_shown(self) -> None:
        ca_file = self.folder / "ca.pem"
        for shown in (None, "webctp_" + "A" * 43):
            with self.assertRaises(Disconnected) as caught:
                connect(self.url, "demo", "pass", ca_file=ca_file, token=shown)
            self.assertIn("HTTP 401", caught.exception.detail)
            self.assertNotIn("A" * 43, str(caught.exception))

    def test_a_token_does_what_it_is_for(self) -> None:
        ca_file, quotes = self.folder / "ca.pem", self.tokens["quotes"]
        with connect(self.url, ca_file=ca_file, token=quotes) as client:
            self.assertTrue(next(client.ticks("rb????")).InstrumentID)
        with self.assertRaises(Forbidden) as caught:
            connect(self.url, "demo", "pass", ca_file=ca_file, token=quotes)
        self.assertIn("td-read", caught.exception.detail)

    def test_on_the_command_line(self) -> None:
        secrets = {"WEBCTP_TOKEN": self.tokens["bot"], "WEBCTP_PASSWORD": "pass"}
        for trusted, code, told in (("ca.pem", 0, ""), ("other.pem", 1, "--ca")):
            out, err = io.StringIO(), io.StringIO()
            words = ["--url", self.url, "--user", "demo", "--ca", str(self.folder / trusted)]
            with (
                mock.patch.dict(os.environ, secrets),
                contextlib.redirect_stdout(out),
                contextlib.redirect_stderr(err),
            ):
                self.assertEqual(main([*words, "call", "GetTradingDay"]), code, err.getvalue())
            self.assertIn(told, err.getvalue())
            self.assertNotIn(self.tokens["bot"], out.getvalue() + err.getvalue())


class Revoked(TestCase):
    """Clients whose token is revoked while they are connected."""

    def setUp(self) -> None:
        self.url, self.ca_file = house().url, house().folder / "ca.pem"
        self.token, self.revoke = house().brief()

    def test_whoever_iterates_or_waits_is_told(self) -> None:
        async def read(stream: Any) -> None:
            async for _ in stream:
                pass

        async def work() -> None:
            async with aio.connect(
                self.url, "gone", "pass", ca_file=self.ca_file, token=self.token, portfolio=True
            ) as client:
                ticks = client.ticks("rb????")
                tick = await anext(ticks)
                order = await client.limit_order(
                    tick.InstrumentID,
                    enums.Direction.Buy,
                    enums.OffsetFlag.Open,
                    tick.LowerLimitPrice or 0.0,
                    1,
                )
                await order.wait_known(PATIENCE)
                streams = (ticks, client.events(), client.order_pushes())
                waits = [asyncio.ensure_future(read(one)) for one in streams]
                done = asyncio.ensure_future(order.wait_done())
                await asyncio.sleep(0)
                self.revoke()
                for told in await asyncio.gather(*waits, return_exceptions=True):
                    self.assertIsInstance(told, Ended)
                    self.assertRegex(str(told), "4401 .*revoked.*; .*webctp token add")
                with self.assertRaisesRegex(OrderUnknown, "4401"):
                    await done
                with self.assertRaises(Ended):
                    await client.ReqQryInvestor()
                self.assertNotIn(self.token, str(told))

        asyncio.run(asyncio.wait_for(work(), PATIENCE))

    def test_in_the_blocking_face(self) -> None:
        with connect(self.url, "gone", "pass", ca_file=self.ca_file, token=self.token) as client:
            ticks = client.ticks("rb????")
            next(ticks)
            self.revoke()
            with self.assertRaises(Ended) as caught:
                for _ in ticks:
                    pass
            self.assertEqual(caught.exception.code, 4401)
            with self.assertRaises(Ended):
                client.ReqQryInvestor()

    def test_on_the_command_line(self) -> None:
        at_first = [self.revoke]

        class Screen(io.StringIO):
            """Revokes the token when the first tick is shown."""

            def write(self, text: str) -> int:
                if at_first:
                    at_first.pop()()
                return super().write(text)

        err = io.StringIO()
        words = ["--url", self.url, "--ca", str(self.ca_file), "watch", "rb????", "--json"]
        with (
            mock.patch.dict(os.environ, {"WEBCTP_TOKEN": self.token}),
            contextlib.redirect_stdout(Screen()),
            contextlib.redirect_stderr(err),
        ):
            self.assertEqual(main(words), 1)
        self.assertRegex(err.getvalue(), r"\Awebctp-client: .*4401 .*webctp token add.*\n\Z")

    def test_on_the_desk(self) -> None:
        async def work() -> None:
            client = aio.connect(
                self.url, "gone", "pass", ca_file=self.ca_file, token=self.token, portfolio=True
            )
            desk = Desk(client, ["rb????"], Words("en"), has_account=True)
            async with desk.run_test() as pilot:

                async def shown(text: str) -> None:
                    while text not in str(desk.query_one("#money", Static).render()):
                        await pilot.pause(0.02)

                await shown("Equity")
                self.revoke()
                await shown("4401")
                await shown("not connected")

        asyncio.run(asyncio.wait_for(work(), PATIENCE))

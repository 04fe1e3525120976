"""TLS and tokens of the client, against a daemon that demands both."""

import contextlib
import io
import os
import ssl
from unittest import TestCase, mock

from tests.clients.python.gateways import RealGateway
from tests.clients.python.secured import house
from webctp_client import Disconnected, Forbidden, connect
from webctp_client.command import main


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

"""Tokens of a whole gateway on real sockets: shown, changed in their file, kept."""

import json
import os
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from msgspec.structs import replace
from twisted.trial.unittest import TestCase

from tests.gateway.access.tokens.test_record import token
from webctp.config import ConfigError
from webctp.gateway.access.tokens.authentication import NO_LONGER_VALID, RIGHTS_CHANGED
from webctp.gateway.access.tokens.file import editing, read_uses
from webctp.gateway.access.tokens.record import Token, hash_of, new_token, utc
from webctp.secret import Secret
from webctp.testing import Gateway, GatewayClient
from webctp.upstream.conditional.conditional import Conditional


class AccessCase(TestCase):
    """A gateway with a file of tokens."""

    timeout = 120

    def setUp(self) -> None:
        self.path = Path(self.mktemp()).absolute()
        self.secret = new_token()
        self.change(token(sha256=hash_of(self.secret)))

    def change(self, *tokens: Token) -> None:
        """Put other tokens in the file."""
        with editing(self.path) as found:
            found[:] = tokens

    def gateway(self, **keys: Any) -> Gateway:
        return Gateway(Access={"Tokens": str(self.path), **keys})

    async def connected(self, gateway: Gateway, secret: Secret | None = None) -> GatewayClient:
        shown = (secret or self.secret).reveal()
        return await gateway.connect("td", headers={"Authorization": f"Bearer {shown}"})


class Showing(AccessCase):
    """Tokens on real sockets."""

    async def test_a_header_and_a_subprotocol_open_a_socket_and_nothing_does_not(self) -> None:
        async with self.gateway() as gateway:
            client = await self.connected(gateway)
            answer = await client.ask({"MsgType": "ReqQryOrder", "RequestID": 1})
            self.assertEqual(answer["RspInfo"]["ErrorID"], -401)
            offered = ["webctp", f"bearer.{self.secret.reveal()}"]
            page = await gateway.connect("md", protocols=offered)
            self.assertEqual(page.websocket_protocol_in_use, "webctp")
            for options in ({}, {"headers": {"Authorization": "Bearer wrong"}}):
                with self.assertRaises(ConnectionError) as caught:
                    await gateway.connect("td", **options)
                self.assertIn("401", str(caught.exception))

    async def test_the_last_use_is_kept_at_the_end(self) -> None:
        begun = datetime.now(tz=utc(0).tzinfo) - timedelta(seconds=2)
        async with self.gateway() as gateway:
            await self.connected(gateway)
        uses = read_uses(self.path)
        self.assertEqual(list(uses), ["bot"])
        self.assertGreater(uses["bot"], begun)


class Changing(AccessCase):
    """The file changes under a gateway that runs."""

    async def test_a_revoked_token_ends_its_connections_and_no_others(self) -> None:
        other = new_token()
        self.change(token(sha256=hash_of(self.secret)), token("other", sha256=hash_of(other)))
        async with self.gateway() as gateway:
            client, stays = await self.connected(gateway), await self.connected(gateway, other)
            self.change(token("other", sha256=hash_of(other)))
            self.assertEqual(await client.closed, NO_LONGER_VALID)
            self.assertIn("revoked", client.reason)
            with self.assertRaises(ConnectionError):
                await self.connected(gateway)
            answer = await stays.ask({"MsgType": "ReqQryOrder", "RequestID": 1})
            self.assertEqual(answer["RspInfo"]["ErrorID"], -401)

    async def test_an_expired_token_ends_its_connections_by_itself(self) -> None:
        async with self.gateway() as gateway:
            client = await self.connected(gateway)
            now = datetime.now(tz=utc(0).tzinfo)
            self.change(
                token(sha256=hash_of(self.secret), expires=now + timedelta(seconds=8)),
            )
            self.assertEqual(await client.closed, RIGHTS_CHANGED)
            again = await self.connected(gateway)
            self.assertEqual(await again.closed, NO_LONGER_VALID)
            self.assertIn("expired", again.reason)

    async def test_a_revoked_token_s_conditional_orders_may_not_be_sent(self) -> None:
        access = {"Tokens": str(self.path)}
        journal = {"Path": str(Path(self.mktemp()).absolute())}
        kept = Conditional(
            broker_id="9999",
            user_id="user",
            conditional_id="c-1",
            digest="",
            trading_day="",
            until="",
            legs=(),
            token="bot",
        )
        async with Gateway(Access=access, Journal=journal) as gateway:
            services = gateway.daemon.services
            assert services is not None and services.td is not None
            conditionals = services.td.commons.conditionals
            assert conditionals is not None
            self.assertIsNone(conditionals.objection(kept))
            self.change(token("other"))
            daemon: Any = gateway.daemon
            await daemon.reload(daemon._config)
            refusal = conditionals.objection(kept)
            assert refusal is not None
            self.assertIn("was revoked or has expired", refusal.detail)
            self.assertIsNone(conditionals.objection(replace(kept, token="")))

    async def test_a_damaged_file_changes_nothing(self) -> None:
        async with self.gateway() as gateway:
            client = await self.connected(gateway)
            daemon: Any = gateway._daemon
            for spoil in (
                lambda: self.path.write_text("{", "utf-8"),
                lambda: os.chmod(self.path, 0o644),
                self.path.unlink,
                self.path.mkdir,
            ):
                spoil()
                with self.assertRaises(ConfigError):
                    await daemon.reload(daemon._config)
                await (await self.connected(gateway)).leave()
            self.path.rmdir()
            self.change(token("other"))
            await daemon.reload(daemon._config)
            self.assertEqual(await client.closed, NO_LONGER_VALID)


class Auditing(AccessCase):
    """What the audit log of a whole gateway has."""

    async def test_token_changes_and_refusals_before_the_handshake_are_noted(self) -> None:
        path = Path(self.mktemp()).absolute() / "audit.jsonl"
        access = {"Tokens": str(self.path)}
        async with Gateway(Access=access, AuditLog={"Path": str(path)}) as gateway:
            with self.assertRaises(ConnectionError):
                await gateway.connect("td", headers={"Authorization": "Bearer s3cret"})
            daemon: Any = gateway._daemon
            self.change(token("new"), token(sha256=hash_of(new_token())))
            await daemon.reload(daemon._config)
            self.change(token("new"))
            await daemon.reload(daemon._config)
        text = path.read_text("utf-8")
        told = [json.loads(line) for line in text.splitlines()]
        self.assertEqual(
            [(one["act"], one.get("Token"), one.get("Change")) for one in told],
            [
                ("refusal", None, None),
                ("token", "bot", "rotated"),
                ("token", "new", "added"),
                ("token", "bot", "revoked"),
            ],
        )
        self.assertEqual((told[0]["address"], told[0]["Request"]), ("127.0.0.1", "/td/"))
        self.assertNotIn("s3cret", text)


class Starting(AccessCase):
    """What stops a start."""

    async def test_a_file_that_is_missing_or_open_to_others(self) -> None:
        os.chmod(self.path, 0o640)
        for said in (f"chmod 600 {self.path}", "python -m webctp token add makes it"):
            with self.assertRaises(ConfigError) as caught:
                await self.gateway().start()
            self.assertIn(said, str(caught.exception))
            self.assertEqual(caught.exception.keys, ("Access", "Tokens"))
            self.path.unlink(missing_ok=True)

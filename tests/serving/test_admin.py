"""What administrators see and do, by real sockets, and what the audit log says of it."""

import json
import os
from pathlib import Path
from typing import Any

from twisted.internet import reactor
from twisted.trial.unittest import TestCase

from tests.gateway.access.tokens.test_record import token
from tests.serving.administrators import ask
from webctp.gateway.access.principal import Scope
from webctp.gateway.access.tokens.file import editing
from webctp.gateway.access.tokens.record import hash_of, new_token
from webctp.serving.admin import ENDED
from webctp.testing import Gateway
from webctp.testing.gateway import PASSWORD
from webctp.testing.rows import BROKER, USER

ACCOUNT = f"{BROKER}:{USER}"


class Administrators(TestCase):
    """A gateway on the simulated exchange, and its Unix socket."""

    timeout = 240

    def setUp(self) -> None:
        self.folder = Path(self.mktemp()).absolute()
        self.folder.mkdir()
        self.audit = self.folder / "audit.jsonl"
        # Short: the path of a Unix socket has some 100 bytes.
        self.socket = os.path.relpath(self.folder / "a.sock")

    def gateway(self, **keys: Any) -> Gateway:
        """Make a gateway with an admin socket and an audit log."""
        words = {"AdminListen": f"unix:{self.socket}", "AuditLog": {"Path": str(self.audit)}}
        return Gateway("sim://", **{**words, **keys})

    async def told(self, what: str, body: bytes = b"") -> Any:
        """Ask for what is answered with 200; return it."""
        status, text = await ask(self.socket, what, body)
        self.assertEqual(status, 200, text)
        return json.loads(text)

    async def refused(self, what: str, body: bytes = b"") -> tuple[int, str]:
        """Ask for what is refused; return the status and the reason."""
        status, text = await ask(self.socket, what, body)
        self.assertNotEqual(status, 200, text)
        return status, text

    def acts(self, kind: str) -> list[dict[str, Any]]:
        """Return the audit log's lines of a kind; to be called when the gateway has ended."""
        text = self.audit.read_text("utf-8") if self.audit.exists() else ""
        lines = map(json.loads, text.splitlines())
        return [one for one in lines if one["act"] == kind]

    async def test_clients_and_sessions_are_told(self) -> None:
        async with self.gateway() as gateway:
            await gateway.trader()
            await gateway.watcher()
            (trader, watcher) = (await self.told("GET /admin/clients"))["clients"]
            self.assertEqual((trader["service"], watcher["service"]), ("td", "md"))
            self.assertEqual((trader["account"], watcher["account"]), (ACCOUNT, ""))
            self.assertEqual((trader["address"], trader["behind"]), ("127.0.0.1", False))
            self.assertLess(trader["id"], watcher["id"])
            (session,) = (await self.told("GET /admin/sessions"))["sessions"]
            found = [session[name] for name in ("account", "state", "clients", "working")]
            self.assertEqual(found, [ACCOUNT, "ready", 1, 0])
            self.assertIn("T", session["since"])

    async def test_a_drain_is_begun_told_and_noted(self) -> None:
        ended = self.patch_stop()
        async with self.gateway() as gateway:
            client = await gateway.trader()
            told = (await self.told("POST /admin/drain", b'{"Seconds": 600}'))["drain"]
            found = [told[name] for name in ("state", "seconds_left", "clients")]
            self.assertEqual(found, ["draining", 600, 1])
            notice = await client.until(lambda one: one["MsgType"] == "RtnShutdown")
            self.assertEqual(notice["Shutdown"]["Seconds"], 600)
            await self.told("POST /admin/drain")
            self.assertEqual(await client.closed, 1001)
            self.assertEqual(ended, ["stop"])
        acts = self.acts("admin")
        self.assertEqual([one["Command"] for one in acts], ["drain", "drain"])

    def patch_stop(self) -> list[str]:
        """Note where the process would be stopped."""
        ended: list[str] = []
        self.patch(reactor, "stop", lambda: ended.append("stop"))
        return ended

    async def test_a_drain_of_a_wrong_time_is_refused(self) -> None:
        async with self.gateway() as gateway:
            await gateway.trader()
            for body in (
                b'{"Seconds": -1}',
                b'{"Seconds": 3601}',
                b'{"Second": 1}',
                b"[]",
                b"\xff",
            ):
                status, text = await self.refused("POST /admin/drain", body)
                self.assertEqual(status, 400, body)
                self.assertIn("Seconds", text)
            (told,) = (await self.told("GET /admin/clients"))["clients"]
            self.assertEqual(told["service"], "td")

    async def test_a_client_is_closed_with_a_code_that_says_so(self) -> None:
        async with self.gateway() as gateway:
            client = await gateway.trader()
            other = await gateway.watcher()
            (one, _) = (await self.told("GET /admin/clients"))["clients"]
            await self.told(f"POST /admin/clients/{one['id']}/end")
            self.assertEqual(await client.closed, ENDED)
            self.assertFalse(other.closed.called)
            status, text = await self.refused(f"POST /admin/clients/{one['id']}/end")
            self.assertEqual(status, 404)
            self.assertIn("GET /admin/clients", text)
        (line,) = self.acts("admin")
        self.assertEqual((line["who"], line["address"]), (f"uid:{os.getuid()}", "unix"))
        self.assertEqual((line["account"], line["Command"]), (ACCOUNT, "end client"))
        self.assertEqual(line["Client"], str(one["id"]))

    async def test_a_session_is_ended_and_may_be_opened_anew(self) -> None:
        async with self.gateway() as gateway:
            client = await gateway.trader()
            await self.told(f"POST /admin/sessions/{ACCOUNT}/end")
            state = await client.until("RtnSessionState")
            while state["SessionState"]["State"] != "closed":
                state = await client.until("RtnSessionState")
            self.assertIn("administrator", state["SessionState"]["Reason"])
            self.assertEqual((await self.told("GET /admin/sessions"))["sessions"], [])
            await gateway.trader()
            status, _ = await self.refused("POST /admin/sessions/9999:nobody/end")
            self.assertEqual(status, 404)
        (line,) = self.acts("admin")
        self.assertEqual((line["Command"], line["account"]), ("end session", ACCOUNT))

    async def test_the_kill_switch_is_set_shown_and_lifted(self) -> None:
        async with self.gateway() as gateway:
            client = await gateway.trader()
            body = json.dumps({"Level": "stop", "Reason": "测试"}).encode()
            state = (await self.told("POST /admin/kill", body))["TradingState"]
            self.assertEqual((state["Target"], state["Level"]), ("all", "stop"))
            pushed = await client.until("RtnTradingState")
            self.assertEqual(pushed["TradingState"]["Level"], "stop")
            (halt,) = (await self.told("GET /admin/kill"))["halts"]
            self.assertEqual((halt["By"], halt["Reason"]), (f"uid:{os.getuid()}", "测试"))
            await self.told("POST /admin/kill", b'{"Level": "none"}')
            self.assertEqual((await self.told("GET /admin/kill"))["halts"], [])
        found = [(one["who"], one["Level"]) for one in self.acts("kill")]
        self.assertEqual(found, [(f"uid:{os.getuid()}", one) for one in ("stop", "none")])

    async def test_wrong_input_is_refused_and_does_nothing(self) -> None:
        async with self.gateway():
            for body in (b"", b"[]", b"\xff", b'{"Level"', b"[" * 2000, b'{"Level": 1}'):
                status, text = await self.refused("POST /admin/kill", body)
                self.assertEqual(status, 400, (body, text))
            for body, word in (
                (b'{"Level": "halt"}', "reduce-only"),
                (b'{"Level": "stop", "Lewel": 1}', "Lewel"),
                (b'{"Level": "stop", "BrokerID": "9999"}', "InvestorID"),
            ):
                status, text = await self.refused("POST /admin/kill", body)
                self.assertEqual(status, 400, (body, text))
                self.assertIn(word, text)
            self.assertEqual((await self.told("GET /admin/kill"))["halts"], [])
            for what, expected in (
                ("GET /admin/clients/1/end", 405),
                ("POST /admin/clients", 405),
                ("PUT /admin/kill", 405),
                ("GET /admin", 404),
                ("GET /metrics", 404),
                ("POST /admin/clients/../end", 404),
                ("POST /admin/clients/%31/end", 404),
                ("POST /admin/sessions/%00%ff/end", 404),
            ):
                status, text = await self.refused(what)
                self.assertEqual(status, expected, (what, text))
        self.assertEqual(self.acts("kill") + self.acts("admin"), [])

    async def test_refusals_are_read_in_chinese(self) -> None:
        async with self.gateway():
            _, text = await self.refused("POST /admin/clients/9/end?language=zh")
            self.assertRegex(text, "[\u4e00-\u9fff]")
            status, _ = await self.refused("GET /admin/clients?language=fr")
            self.assertEqual(status, 400)

    async def test_limits_are_told_with_what_is_used(self) -> None:
        async with self.gateway(MaxSessions="7") as gateway:
            await gateway.trader()
            rows = (await self.told("GET /admin/limits"))["limits"]
        found = {one["key"]: (one["limit"], one["used"]) for one in rows}
        self.assertEqual(found["MaxSessions"], (7, 1))
        self.assertEqual(found["MaxConnections"], (8192, 1))

    async def test_without_whoever_runs_it_nothing_is_reloaded(self) -> None:
        async with self.gateway():
            self.assertEqual(await self.told("GET /admin/log"), {"log": []})
            status, text = await self.refused("POST /admin/reload")
            self.assertEqual(status, 503)
            self.assertIn("nothing runs this gateway", text)

    async def test_by_a_websocket_the_same_is_told_and_done(self) -> None:
        path = self.folder / "tokens.json"
        secrets = {name: new_token() for name in ("boss", "page")}
        with editing(path) as tokens:
            for name, secret in secrets.items():
                scopes = tuple(one for one in Scope if name == "boss" or one is not Scope.ADMIN)
                tokens.append(token(name, sha256=hash_of(secret), scopes=scopes))

        async def trader(name: str) -> Any:
            shown = {"Authorization": f"Bearer {secrets[name].reveal()}"}
            client = await gateway.connect("td", headers=shown)
            login = {"UserID": USER, "Password": PASSWORD}
            await client.ask({"MsgType": "ReqUserLogin", "ReqUserLogin": login, "RequestID": 1})
            return client

        async def asked(client: Any, name: str, **body: Any) -> Any:
            return await client.ask({"MsgType": name, name: body, "RequestID": 7})

        async with self.gateway(Access={"Tokens": str(path)}) as gateway:
            boss, page = await trader("boss"), await trader("page")
            (first, second) = (await self.told("GET /admin/clients"))["clients"]
            one = (await asked(boss, "QryClients"))["ConnectedClient"]
            self.assertEqual((one["ID"], one["Principal"]), (second["id"], "page"))
            refused = await asked(page, "EndClient", ID=first["id"])
            self.assertEqual(refused["RspInfo"]["ErrorID"], -403)
            self.assertEqual(
                (await asked(boss, "EndClient", ID=second["id"]))["Ended"], {"Count": 1}
            )
            self.assertEqual(await page.closed, ENDED)
            gone = await asked(boss, "EndClient", ID=second["id"])
            self.assertIn("QryClients", gone["Detail"])
            self.assertEqual(
                (await asked(boss, "EndSession", Account=ACCOUNT))["Ended"], {"Count": 1}
            )
            self.assertEqual((await self.told("GET /admin/sessions"))["sessions"], [])
            self.assertEqual(
                (await asked(boss, "EndClient", ID=first["id"]))["Ended"], {"Count": 1}
            )
            self.assertEqual(await boss.closed, ENDED)
        found = [(one["who"], one["Command"], one["account"]) for one in self.acts("admin")]
        ended = [("boss", "end client", ACCOUNT), ("boss", "end session", ACCOUNT)]
        self.assertEqual(found[:2], ended)
        self.assertEqual([one[:2] for one in found[2:]], [("boss", "end client")])

    async def test_tokens_are_told_without_what_they_are(self) -> None:
        path = self.folder / "tokens.json"
        secret = new_token()
        entry = token(sha256=hash_of(secret))
        with editing(path) as tokens:
            tokens.append(entry)
        async with self.gateway(Access={"Tokens": str(path)}):
            status, text = await ask(self.socket, "GET /admin/tokens")
        self.assertEqual(status, 200)
        (told,) = json.loads(text)["tokens"]
        self.assertEqual((told["name"], told["connections"]), (entry.name, 0))
        self.assertNotIn(hash_of(secret), text)

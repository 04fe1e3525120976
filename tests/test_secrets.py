"""Every file that a daemon writes, and all that it says, searched for every secret it was given."""

import json
import os
import re
import signal
import subprocess
import sys
import tarfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final
from urllib.error import HTTPError
from urllib.request import Request, urlopen

from twisted.internet.threads import deferToThread
from twisted.trial.unittest import TestCase

from tests.daemons import ROOT, DaemonProcess, until
from tests.gateway.access.tokens.test_record import token
from tests.gateway.http.test_tls import Authority, Files, key_pem, pem
from tests.ports import free_port
from webctp.gateway.access.principal import Scope
from webctp.gateway.access.tokens.file import editing
from webctp.gateway.access.tokens.record import hash_of, new_token
from webctp.testing.client import GatewayClient, connect

AUTH: Final = "Aq7AuthCodeOne99"
"""The AuthCode; :data:`NEXT_AUTH` is what a reload finds in its place."""
NEXT_AUTH: Final = "Bq8AuthCodeTwo88"
SECRETS: Final = {
    name: f"Zq{number:02}{name}"
    for number, name in enumerate(
        (
            *(
                "MdPassword",
                "RightPass",
                "WrongPass",
                "NewPass",
                "WrongOld",
                "FundsOld",
                "FundsNew",
            ),
            *("BankPass", "Captcha", "TextCode", "OneTime", "OTPPass", "SystemInfo", "Misspelt"),
            *("ListedPass", "TypePass", "BinaryPass", "NoJson", "InMsgType", "InQuery", "InPath"),
            *("TooLong", "DynamicKey", "Resumed", "InSubprotocol", "InHeader"),
            *("AsField", "AsTopField", "AsOwnField", "AsOptionField", "Twice", "AsLevel"),
        )
    )
}
"""What clients and operators show, each once or more; short enough for CTP's fields."""
CONFIG: Final = """\
AppType: both
TdFrontAddress: sim://
MdFrontAddress: sim://
BrokerID: "9999"
AppID: client_test_1.0
MdUserID: watcher
MdPassword: {MdPassword}
Listen:
  - tcp:{port}:interface=127.0.0.1
  - ssl:0:privateKey=key.pem:certKey=cert.pem:interface=127.0.0.1
AdminListen: unix:a.sock
Access: {{Tokens: tokens.json, TokenInQuery: true}}
AuditLog: {{Path: audit/a.jsonl}}
Journal: {{Path: journal/j.sqlite}}
Record: {{Path: ticks}}
QueryInterval: 0
CoreDumps: false
LogLevel: DEBUG
LogLevels: {{twisted: DEBUG, webctp: DEBUG}}
Sim: {{AuthCode: {sim}}}
"""


def login(password: str, **fields: Any) -> dict[str, Any]:
    """Return a login with a password."""
    body = {"BrokerID": "9999", "UserID": "0815", "Password": password}
    return {"MsgType": "ReqUserLogin", "ReqUserLogin": body, **fields}


def messages() -> Iterator[dict[str, Any]]:
    """Give messages with secrets in every place, right and wrong; each has its RequestID."""
    s = SECRETS
    user = {"BrokerID": "9999", "UserID": "0815"}
    yield login(s["WrongPass"] * 9)
    yield {"MsgType": "ReqUserLogin", "ReqUserLogin": {**user, "Pasword": s["Misspelt"]}}
    yield {"MsgType": "ReqUserLogin", "ReqUserLogin": {**user, "Password": [s["ListedPass"]]}}
    yield {"MsgType": "ReqUserLogin", "ReqUserLogin": s["TypePass"]}
    yield {"MsgType": "ReqUserLogin", "ReqUserLogin": {**user, "UserProductInfo": s["TooLong"] * 9}}
    yield {"MsgType": s["InMsgType"], "ReqUserLogin": {**user, "Password": s["InMsgType"]}}
    yield {"MsgType": "RegisterUserSystemInfo",
           "UserSystemInfo": {**user, "ClientSystemInfo": s["SystemInfo"]}}  # fmt: skip
    yield {"MsgType": "ReqUserLoginWithCaptcha", "ReqUserLoginWithCaptcha":
           {"UserID": "1", "Password": s["WrongPass"], "Captcha": s["Captcha"]}}  # fmt: skip
    yield {"MsgType": "ReqUserLoginWithText", "ReqUserLoginWithText":
           {"UserID": "2", "Password": s["WrongPass"], "Text": s["TextCode"]}}  # fmt: skip
    yield {"MsgType": "ReqUserLoginWithOTP", "ReqUserLoginWithOTP":
           {"UserID": "3", "Password": s["WrongPass"], "OTPPassword": s["OTPPass"]}}  # fmt: skip
    yield login(s["RightPass"], Resume={"ResumeToken": s["Resumed"], "Seq": 1})
    yield {"MsgType": "ReqUserLogin", "ReqUserLogin":
           {**user, "Password": s["RightPass"], "OneTimePassword": s["OneTime"]}}  # fmt: skip
    yield login(s["WrongPass"], RequestID=77)
    yield login(s["RightPass"])
    yield {"MsgType": "ReqUserPasswordUpdate", "UserPasswordUpdate":
           {**user, "OldPassword": s["WrongOld"], "NewPassword": s["NewPass"]}}  # fmt: skip
    yield {"MsgType": "ReqUserPasswordUpdate", "UserPasswordUpdate":
           {**user, "OldPassword": s["RightPass"], "NewPassword": s["NewPass"]}}  # fmt: skip
    yield {"MsgType": "ReqTradingAccountPasswordUpdate", "TradingAccountPasswordUpdate":
           {"BrokerID": "9999", "AccountID": "0815", "OldPassword": s["FundsOld"],
            "NewPassword": s["FundsNew"], "CurrencyID": "CNY"}}  # fmt: skip
    yield {"MsgType": "ReqFromBankToFutureByFuture", "ReqTransfer":
           {"BrokerID": "9999", "BankID": "1", "BankBranchID": "0000", "AccountID": "0815",
            "BankPassWord": s["BankPass"], "Password": s["FundsOld"], "TradeAmount": 5.0,
            "CurrencyID": "CNY"}}  # fmt: skip
    yield {"MsgType": "ReqQueryBankAccountMoneyByFuture", "ReqQueryAccount":
           {"BrokerID": "9999", "BankID": "1", "BankPassWord": s["BankPass"],
            "Nonsense": 1}}  # fmt: skip
    yield {"MsgType": "ReqQryInvestor", "QryInvestor": {"DynamicKey": s["DynamicKey"]}}
    # In the place of a name.
    yield {"MsgType": "ReqUserLogin", "ReqUserLogin": {**user, s["AsField"]: "Password"}}
    yield {"MsgType": "ReqUserLogin", s["AsTopField"]: "Password", "ReqUserLogin": user}
    yield {"MsgType": "Kill", "Kill": {s["AsOwnField"]: 1}}
    yield {"MsgType": "Kill", "Kill": {"Target": "all", "Level": s["AsLevel"]}}
    yield login(s["RightPass"], Resume={s["AsOptionField"]: 1})


class Secrets(TestCase):
    """A daemon at DEBUG, given secrets in every way there is."""

    timeout = 400

    def setUp(self) -> None:
        self.folder = Path(self.mktemp()).absolute()
        self.files = Path(self.mktemp()).absolute()
        self.files.mkdir()
        authority = Authority("root")
        certificate, key = authority.issue("localhost")
        pair = Files(str(self.files / "pair"))
        self.cert = pair.write("cert.pem", pem(certificate))
        self.key = pair.write("key.pem", key_pem(key))
        self.given = {
            **SECRETS,
            "AuthCode": AUTH,
            "NextAuthCode": NEXT_AUTH,
            "private key": Path(self.key).read_text("ascii").splitlines()[3],
        }
        self.tokens = [new_token(), new_token()]
        self.given |= {f"token {at}": one.reveal() for at, one in enumerate(self.tokens)}

    async def daemon(self, form: str) -> DaemonProcess:
        """Start one; tokens, certificate and the AuthCode's file lie beside its configuration."""
        self.port = free_port()
        config = CONFIG.format(**SECRETS, sim=AUTH, port=self.port) + f"LogFormat: {form}\n"
        config = config.replace("key.pem", str(self.key)).replace("cert.pem", str(self.cert))
        config += f"AuthCodeFile: {self.files / 'code'}\n"
        (self.files / "code").write_text(f"{AUTH}\n")
        (self.files / "code").chmod(0o600)
        tokens = self.files / "tokens.json"
        with editing(tokens) as listed:
            del listed[:]
            known = hash_of(self.tokens[0])
            listed.append(token("desk", sha256=known, scopes=tuple(Scope)))
        self.config = config.replace("tokens.json", str(tokens))
        daemon = DaemonProcess(str(self.folder), self.config)
        self.addCleanup(daemon.kill)
        daemon.port = self.port
        await until(lambda: "serving td, md on 127.0.0.1" in daemon.output, "the daemon")
        return daemon

    async def connected(self, daemon: DaemonProcess, path: str) -> GatewayClient:
        headers = {"Authorization": f"Bearer {self.tokens[0].reveal()}"}
        client = await connect(daemon.port, path, headers=headers)
        self.addCleanup(client.abort)
        return client

    async def strangers(self, daemon: DaemonProcess) -> None:
        """Show tokens and passwords where they are wrong, or belong to no token."""
        wrong, query = self.tokens[1].reveal(), SECRETS["InQuery"]
        for path, headers, protocols in (
            ("/td/", {"Authorization": f"Bearer {wrong}"}, ()),
            ("/td/", {"Authorization": f"Basic {SECRETS['InHeader']}"}, ()),
            (f"/td/?token={wrong}&password={query}", {}, ()),
            (f"/td/?ticket={query}", {}, ()),
            (f"/{SECRETS['InPath']}/", {}, ()),
            ("/td/", {}, (f"webctp.token.{wrong}", SECRETS["InSubprotocol"])),
        ):
            with self.assertRaises(ConnectionError):
                await connect(daemon.port, path, headers=headers, protocols=protocols)
        await (await connect(daemon.port, f"/md/?token={self.tokens[0].reveal()}")).leave()

    async def page(self, daemon: DaemonProcess, path: str, body: bytes | None = None) -> str:
        """Ask for a page with the token; return what is answered, whatever the status."""
        headers = {"Authorization": f"Bearer {self.tokens[0].reveal()}"}
        asked = Request(f"http://127.0.0.1:{daemon.port}{path}", body, headers)

        def ask() -> str:
            try:
                with urlopen(asked, timeout=60) as answer:
                    found: bytes = answer.read()
            except HTTPError as problem:
                found = problem.read()
            return found.decode()

        return str(await deferToThread(ask))

    async def traffic(self, daemon: DaemonProcess) -> list[Any]:
        """Say all messages; returns what was answered."""
        client, answers = await self.connected(daemon, "/td/"), []
        for number, message in enumerate(messages(), 1):
            if message["MsgType"] == "RegisterUserSystemInfo":
                client.say({"RequestID": number, **message})  # answered at the login
                continue
            answer = await client.ask({"RequestID": number, **message}, 20.0)
            answers.append(answer)
            for name in ("ResumeToken",):
                for value in _values(answer, name):
                    self.given[f"{name} of answer {number}"] = value
        for payload, is_binary in (
            (json.dumps(login(SECRETS["BinaryPass"])).encode(), True),
            (f'{{"Password": "{SECRETS["NoJson"]}'.encode(), False),
            (f'{{"{SECRETS["Twice"]}": 1, "{SECRETS["Twice"]}": 2}}'.encode(), False),
        ):
            client.sendMessage(payload, is_binary)
            await client.next()
        watcher = await self.connected(daemon, "/md/")
        told = await watcher.ask(login(SECRETS["RightPass"], RequestID=1))
        self.assertEqual(told["RspInfo"]["ErrorID"], 0)
        ticket = json.loads(await self.page(daemon, "/ticket", b""))["Ticket"]
        self.given["ticket"] = ticket
        await (await connect(daemon.port, f"/td/?ticket={ticket}")).leave()
        await client.leave()
        await watcher.leave()
        return answers

    async def command(self, *arguments: str) -> str:
        """Run a tool beside the daemon; return all that it says."""
        done = await deferToThread(
            subprocess.run,
            [sys.executable, "-m", "webctp", *arguments],
            cwd=self.folder,
            env={**os.environ, "PYTHONPATH": str(ROOT)},
            capture_output=True,
            encoding="utf-8",
            timeout=120,
        )
        self.assertNotIn("Traceback", done.stderr)
        return done.stdout + done.stderr

    async def run_all(self, form: str) -> None:
        daemon = await self.daemon(form)
        await self.strangers(daemon)
        answers = await self.traffic(daemon)
        well = [one for one in answers if (one.get("RspInfo") or {"ErrorID": 0})["ErrorID"] == 0]
        self.assertGreaterEqual(len(well), 3, answers)
        said = [await self.page(daemon, path) for path in ("/readyz", "/metrics", "/healthz")]
        (self.files / "code").write_text(f"{NEXT_AUTH}\n")
        daemon.signal(signal.SIGHUP)
        await until(lambda: "AuthCode, from *** to ***" in daemon.output, "the reload")
        config = ("--config", "webctp.yaml")
        for act in ("clients", "sessions", "tokens", "limits", "log"):
            said.append(await self.command("admin", act, *config))
        said.append(await self.command("admin", "kill", "reduce-only", *config))
        said.append(await self.command("check", "webctp.yaml"))
        said.append(await self.command("check", "webctp.yaml", "--json"))
        said.append(await self.command("doctor", *config, "--bundle", "bundle.tar.gz"))
        self.assertIn("bundle.tar.gz holds doctor.txt, versions.json", said[-1])
        said.append(await self.command("audit", *config))
        said.append(await self.command("journal", "list", *config))
        place = Path("/proc") / str(daemon.pid)
        self.assertEqual(int((place / "coredump_filter").read_text("ascii"), 16), 0)
        self.assertRegex((place / "limits").read_text("ascii"), r"Max core file size +0 ")
        daemon.terminate()
        await daemon.ended()
        found = dict(self.written())
        found |= {f"output {number}": text.encode() for number, text in enumerate(said)}
        names = set(found)
        for wanted in ("output", "audit/a.jsonl", "journal/j.sqlite", "SimPrivate.con",
                       "bundle:admin/log.txt", "bundle:metrics.txt",
                       "bundle:configuration.json"):  # fmt: skip
            self.assertTrue(any(one.endswith(wanted) for one in names), (wanted, names))
        leaks = [
            f"{what} in {name}: …{_around(content, secret)!r}…"
            for name, content in found.items()
            for what, secret in self.given.items()
            if secret.encode() in content
        ]
        self.assertEqual(leaks, [])
        lines = found["output"].decode().splitlines()
        self.assertGreater(len(lines), 40)
        if form == "json":
            for line in lines:
                self.assertIn("level", json.loads(line))

    def written(self) -> Iterator[tuple[str, bytes]]:
        """Give every file below the daemon's directory but its configuration, and the bundle's."""
        for path in self.folder.rglob("*"):
            if path.is_file() and path.name not in ("webctp.yaml", "bundle.tar.gz"):
                yield str(path.relative_to(self.folder)), path.read_bytes()
        yield "tokens.json", (self.files / "tokens.json").read_bytes()
        with tarfile.open(self.folder / "bundle.tar.gz") as bundle:
            for entry in bundle:
                file = bundle.extractfile(entry)
                self.assertEqual(entry.mode, 0o600)
                if file is not None:
                    yield f"bundle:{entry.name.partition('/')[2]}", file.read()

    async def test_with_lines_of_text(self) -> None:
        await self.run_all("text")

    async def test_with_lines_of_json(self) -> None:
        await self.run_all("json")


def _values(answer: Any, name: str) -> Iterator[str]:
    """Give every text under a name, however deep."""
    if isinstance(answer, dict):
        for key, value in answer.items():
            if key == name and isinstance(value, str) and value:
                yield value
            yield from _values(value, name)


def _around(content: bytes, secret: str) -> bytes:
    at = content.find(secret.encode())
    return re.sub(rb"\s+", b" ", content[max(0, at - 80) : at + 60])

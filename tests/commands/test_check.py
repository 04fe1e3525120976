"""`python -m webctp check`: what a configuration means, and all that is wrong with it."""

import io
import json
import os
from contextlib import redirect_stdout
from pathlib import Path
from typing import Any

from twisted.trial.unittest import SynchronousTestCase

from tests.config import own_environment
from webctp.commands.check import main
from webctp.config import keys

CONFIG = """\
TdFrontAddress: sim://?AuthCode=geheim1
AuthCode: geheim2
Host: 127.0.0.1
LogLevels: {webctp.upstream: DEBUG}
Risk:
  MaxOrderVolume: 10
  Accounts: {9999/1: {MaxPosition: 4}}
Sim: {Seed: 4, AuthCode: geheim3, Faults: {Duplicate: 0.1}}
"""


class Check(SynchronousTestCase):
    """The command on a file of its own."""

    def setUp(self) -> None:
        own_environment(self)
        os.environ["LC_ALL"] = "en_US.UTF-8"
        self.folder = Path(self.mktemp()).absolute()
        self.folder.mkdir()
        self.path = self.folder / "webctp.yaml"

    def shown(self, text: str, *arguments: str, code: int = 0) -> str:
        self.path.write_text(f"{text}ConFilePath: {self.folder}/flow\n", "utf-8")
        out = io.StringIO()
        with redirect_stdout(out):
            found = main([str(self.path), *arguments])
        self.assertEqual(found, code, out.getvalue())
        self.assertNotIn("geheim", out.getvalue())
        return out.getvalue()

    def told(self, text: str, *arguments: str, code: int = 0) -> Any:
        return json.loads(self.shown(text, "--json", *arguments, code=code))

    def test_every_key_with_its_value_and_where_it_comes_from(self) -> None:
        os.environ["WEBCTP_PORT"] = "9001"
        told = self.told(CONFIG, "--app-type", "td")
        self.assertEqual((told["file"], told["ok"], told["errors"]), (str(self.path), True, []))
        found = {one.pop("key"): one for one in told["keys"]}
        self.assertLessEqual({key.name for key in keys()}, found.keys())
        place = f"{self.path}:%d"
        for key, wanted in (
            ("AppType", {"value": "td", "source": "command line", "place": "--app-type"}),
            ("Port", {"value": 9001, "source": "environment", "place": "WEBCTP_PORT"}),
            ("Host", {"value": "127.0.0.1", "source": "file", "place": place % 3}),
            ("QueryInterval", {"value": 1.0, "source": "default"}),
            ("AuthCode", {"value": "set", "source": "file", "place": place % 2, "secret": True}),
            ("MdPassword", {"value": "unset", "source": "default", "secret": True}),
            ("TdFrontAddress", {"value": ["sim://?AuthCode=***"], "source": "file",
                                "place": place % 1}),
            ("LogLevels", {"value": {"webctp.upstream": "DEBUG"}, "source": "file",
                           "place": place % 4}),
            ("Risk.MaxOrderVolume", {"value": 10, "source": "file", "place": place % 6}),
            ("Risk.Accounts.9999/1.MaxPosition",
             {"value": 4, "source": "file", "place": place % 7}),
            ("Sim.Faults.Duplicate", {"value": "0.1", "source": "file", "place": place % 8}),
            ("Sim.AuthCode", {"value": "set", "source": "file", "place": place % 8,
                              "secret": True}),
        ):  # fmt: skip
            self.assertEqual(found[key], wanted, key)
        self.assertNotIn("Risk.Accounts.9999/1.MaxOrderVolume", found)

    def test_everything_that_is_wrong_is_told(self) -> None:
        told = self.told(
            "Port: x\nLogLevel: loud\nPrt: 1\nJournal: {Days: 2}\nRisk: {MaxPosition: -1}\n", code=1
        )
        self.assertFalse(told["ok"])
        self.assertEqual(
            [one.removeprefix(f"{self.path}:").partition(": found")[0] for one in told["errors"]],
            ["1: Port", "2: LogLevel", "3: Prt", "4: Journal.Path", "5: Risk.MaxPosition"],
        )

    def test_what_a_good_file_names_is_looked_at(self) -> None:
        tokens = self.folder / "tokens.json"
        tokens.write_text("{")
        file = self.folder / "no.pem"
        file.write_text("x")
        told = self.told(
            f"TdFrontAddress: sim://\nBrokerID: 123456789012345\n"
            f"Access: {{Tokens: {tokens}}}\nTLS: {{CertFile: {file}, KeyFile: {file}}}\n"
            f"Journal: {{Path: {self.folder}}}\nAuditLog: {{Path: {self.folder}}}\n"
            f"MetricsListen: nowhere:1\nSim: {{Seed: x}}\n",
            code=1,
        )
        self.assertEqual(
            [one.removeprefix(f"{self.path}:").split(": ")[:2] for one in told["errors"]],
            [
                ["2", "BrokerID"],
                ["5", "Journal.Path"],
                ["6", "AuditLog.Path"],
                ["4", "TLS"],
                ["7", "MetricsListen"],
                ["3", "Access.Tokens"],
                ["8", "Sim.Seed"],
            ],
            told["errors"],
        )

    def test_it_makes_nothing(self) -> None:
        self.told(f"TdFrontAddress: sim://\nJournal: {{Path: {self.folder}/a/b.sqlite}}\n")
        self.assertEqual(os.listdir(self.folder), ["webctp.yaml"])

    def test_warnings_do_not_fail_it(self) -> None:
        os.environ["WEBCTP_FOO"] = "geheim4"
        held = self.folder / "code"
        held.write_text("geheim5")
        held.chmod(0o644)
        told = self.told(
            f"TdFrontAddress: tcp://127.0.0.1:1\nHost: 10.0.0.1\nAuthCodeFile: {held}\n"
        )
        stranger, exposed, open_port = told["warnings"]
        self.assertIn("WEBCTP_FOO", stranger)
        self.assertIn(f"chmod o= {held}", exposed)
        self.assertIn("10.0.0.1:8080", open_port)

    def test_a_table_for_people_in_their_language(self) -> None:
        lines = self.shown(CONFIG).splitlines()
        self.assertRegex(lines[0], "^key +value +where it comes from$")
        (code,) = (line for line in lines if line.startswith("AuthCode"))
        self.assertRegex(code, rf"^AuthCode +set +file {self.path}:2$")
        self.assertEqual(lines[-1], f"{self.path}: 0 errors, 0 warnings")
        lines = self.shown(f"{CONFIG}Language: zh\nPort: x\n", code=1).splitlines()
        self.assertIn("AuthCode", "".join(lines))
        (error,) = (line for line in lines if line.startswith("错误"))
        self.assertIn("Port：当前为'x'", error)

    def test_a_file_that_there_is_not(self) -> None:
        out = io.StringIO()
        with redirect_stdout(out):
            self.assertEqual(main([str(self.folder / "none.yaml")]), 1)
        self.assertIn("none.yaml: found no file", out.getvalue())

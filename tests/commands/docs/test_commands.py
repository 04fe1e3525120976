"""What the documents show can be typed: commands, options, keys, requests."""

import json
import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, Final

from twisted.scripts._twistd_unix import ServerOptions
from twisted.trial.unittest import SynchronousTestCase

from tests.commands.docs.shell import NoCommand, check, commands, fences, options_of, parser_of
from tests.commands.docs.support import DOCS, PAGES, READMES, ROOT
from webctp.__main__ import COMMANDS
from webctp.config import Section, keys
from webctp.config.file import read
from webctp.config.kinds import section_of
from webctp.config.sources import file_key
from webctp.ctp import catalog
from webctp.gateway.market.pastbars import PAST_BARS, read_query
from webctp.gateway.market.spec import market_options
from webctp.gateway.messages import own_risk
from webctp.gateway.messages.own_market import INSTRUMENTS, TICKS, InstrumentsQuery, TicksQuery
from webctp.gateway.messages.schema import Schema, open_envelope, trading_options
from webctp.sim.accounts import accountfile
from webctp.sim.options import FAULT_KEYS, KEYS
from webctp.tap import Options

_OPTION: Final = re.compile(r"(?<![\w-])--[a-z][a-z_-]*")
_KEY: Final = re.compile(r"`([A-Z]\w+(?:\.[A-Z]\w+)*):[ `]")
_REFUSED_ON_PURPOSE: Final = re.compile(
    r"<!-- made: errors.examples -->.*?<!-- end: errors.examples -->", re.DOTALL
)
_OTHERS: Final = {
    *("--app_type", "--now", "--strict", "--temp-directory"),
    *("--read-only", "--cap-drop", "--security-opt", "--build"),
}
"""Options of the original, of systemctl, of mypy, of trial, and of docker."""
_TOOLS: Final = ("tests", "bench", "tools", "clients")
_ARGUMENT: Final = re.compile(r"add_argument\(\s*\"(--[a-z-]+)\"")
_PATH: Final = re.compile(r"`([a-z_]+/[\w/]+\.(?:py|yaml|md|svg))`")
_WORDS: Final = {"IsClosed", "Authorization", "Level"}
"""Keys of messages and headers, written as those of the configuration are."""
_OF_ACCOUNTS: Final = re.compile(r"\.value\(\s*\"(\w+)\"")


def text_of(path: Path) -> str:
    return path.read_text("utf-8")


class CommandTests(SynchronousTestCase):
    """Each command could be run in a checkout as it stands."""

    def test_every_command(self) -> None:
        counted = 0
        for page in PAGES:
            for words in commands(page):
                with self.subTest(page=page.name, words=words):
                    check(words)
                counted += 1
        self.assertGreater(counted, 40)

    def test_what_is_wrong_is_found(self) -> None:
        for words in (
            ["make", "runn"],
            ["make", "run", "PROT=1"],
            ["twistd", "-n", "webctp", "--confg", "x"],
            ["twistd", "webctp", "--config", "etc/none.yaml"],
            ["python", "-m", "webctp", "docter"],
            ["python", "-m", "webctp", "journal", "list", "--paht", "x"],
            [".venv/bin/python", "etc/hallo.py"],
            ["python", "-m", "tests.hostile", "--nothing"],
            ["cp", "etc/none.service", "/etc"],
            ["frobnicate"],
        ):
            with self.subTest(words=words):
                self.assertRaises(NoCommand, check, words)

    def test_make_help_lists_every_command(self) -> None:
        makefile = text_of(ROOT / "Makefile")
        (phony,) = re.findall(r"^\.PHONY: (.*)$", makefile, re.MULTILINE)
        for target in set(phony.split()) - {"help"}:
            self.assertRegex(makefile, rf"\techo 'make {target} |\t@echo 'make {target} ")


class OptionTests(SynchronousTestCase):
    """Options are documented, and those documented exist."""

    def options(self) -> dict[str, set[str]]:
        """Return the long options of each program."""
        found = {
            f"python -m webctp {name}": options_of(parser_of(COMMANDS[name].module, argv))
            for name, argv in (
                ("doctor", []),
                ("docs", []),
                ("check", ["x"]),
                ("sim", ["x"]),
                ("journal", ["list", "--path", "x"]),
                ("kill", ["stop", "--path", "x"]),
                ("audit", ["--path", "x"]),
                ("bars", ["--path", "x", "list"]),
                ("admin", ["kill", "--path", "x"]),
                ("token", ["add", "x", "--scope", "md", "--path", "x"]),
            )
        }
        self.assertEqual(len(found), len(COMMANDS))
        names = (one.rstrip("=") for one in Options().longOpt)
        found["twistd webctp"] = {f"--{one}" for one in names} - {"--help", "--version"}
        return found

    def test_each_is_documented(self) -> None:
        shown = {option for page in PAGES for option in _OPTION.findall(text_of(page))}
        missing = {program: options - shown for program, options in self.options().items()}
        self.assertEqual({program: some for program, some in missing.items() if some}, {})

    def test_each_that_is_documented_exists(self) -> None:
        twistd = {f"--{one.rstrip('=')}" for one in ServerOptions().longOpt}
        ours = set().union(*self.options().values()) | {"--ca", "--help"}
        for folder in _TOOLS:
            for path in (ROOT / folder).rglob("*.py"):
                ours.update(_ARGUMENT.findall(text_of(path)))
        for page in PAGES:
            shown = set(_OPTION.findall(text_of(page)))
            self.assertEqual(shown - ours - twistd - _OTHERS, set(), page.name)


class KeyTests(SynchronousTestCase):
    """Keys of the configuration, in blocks and within the text."""

    def test_blocks(self) -> None:
        counted = 0
        for page in PAGES:
            for block in fences(page, "yaml"):
                path = Path(self.mktemp())
                path.write_text(block, "utf-8")
                section = read(str(path))
                if all(name.isdigit() for name in section):
                    accountfile.read_accounts(str(path))
                else:
                    self.known(section, "", page.name)
                counted += 1
        self.assertGreater(counted, 5)

    def known(self, section: Section, prefix: str, page: str) -> None:
        names = self.names()
        for name, value in section.items():
            self.assertIn(prefix + name, names, page)
            if prefix + name in ("Risk.Accounts", "Risk.Tokens") and isinstance(value, Section):
                for limits in value.values():
                    self.known(section_of(limits), "Risk.", page)
            elif isinstance(value, Section):
                self.known(value, f"{prefix}{name}.", page)

    def names(self) -> set[str]:
        """Every key, those of sections behind their section's name."""
        found = {f"Sim.{name}" for name in KEYS} | {f"Sim.Faults.{name}" for name in FAULT_KEYS}
        for key in keys():
            found |= {key.name, file_key(key) or key.name}
            if key.kind.section is not None:
                found |= {f"{key.name}.{one.name}" for one in keys(key.kind.section)}
        return found

    def test_within_the_text(self) -> None:
        names = self.names()
        last = {name.rpartition(".")[2] for name in names}
        last.update(_OF_ACCOUNTS.findall(text_of(Path(accountfile.__file__))))
        for page in PAGES:
            shown = set(_KEY.findall(text_of(page)))
            self.assertEqual(shown - names - last - _WORDS, set(), page.name)


class PathTests(SynchronousTestCase):
    """Files that the text names are there."""

    def test_each_is_there(self) -> None:
        for page in PAGES:
            for name in set(_PATH.findall(text_of(page))):
                places = (ROOT, ROOT / "webctp", DOCS)
                self.assertTrue(
                    any((place / name).exists() for place in places), f"{page.name}: {name}"
                )


class RequestTests(SynchronousTestCase):
    """Requests in blocks of JSON are taken by the gateway as they stand."""

    def requests(self, page: Path) -> Iterator[dict[str, Any]]:
        """Yield the objects of a page's blocks; those made to be refused are left out."""
        text = _REFUSED_ON_PURPOSE.sub("", text_of(page))
        copy = Path(self.mktemp())
        copy.write_text(text, "utf-8")
        for block in (*fences(copy, "json"), *fences(copy, "jsonc")):
            rest = re.sub(r"/\*.*?\*/|^ *//.*", "", block, flags=re.MULTILINE).strip()
            while rest:
                try:
                    found, end = json.JSONDecoder().raw_decode(rest)
                except ValueError as problem:
                    self.fail(f"{page.name}: {problem}: {rest[:200]}")
                yield found
                rest = rest[end:].strip()

    def test_each_is_one(self) -> None:
        td = Schema(catalog.trading(), trading_options)
        md = Schema(catalog.market_data(), market_options)
        counted = 0
        for page, schema in ((DOCS / "td_protocol.md", td), (DOCS / "md_protocol.md", md)):
            for found in self.requests(page):
                if found["MsgType"] == PAST_BARS:
                    read_query(found, 0)
                    continue
                if found["MsgType"] == INSTRUMENTS:
                    own_risk.read(INSTRUMENTS, InstrumentsQuery, found, 0)
                    continue
                if found["MsgType"] == TICKS:
                    own_risk.read(TICKS, TicksQuery, found, 0)
                    continue
                if "RspInfo" in found or found["MsgType"] not in schema.methods:
                    self.answered(found, schema)
                    continue
                msg_type, request_id, message = open_envelope(json.dumps(found).encode())
                schema.read(schema.methods[msg_type], message, request_id)
                counted += 1
        self.assertGreater(counted, 40)

    def answered(self, found: Mapping[str, Any], schema: Schema) -> None:
        """What is no request is an answer or a push: a misspelt request is neither."""
        msg_type = found["MsgType"]
        if "RspInfo" not in found:
            self.assertTrue(msg_type.startswith(("Rtn", "ErrRtn")), msg_type)

    def test_of_readmes(self) -> None:
        for page in READMES:
            for block in fences(page, "js"):
                for name in re.findall(r"MsgType: \"(\w+)\"", block):
                    self.assertIn(name, catalog.trading().methods)

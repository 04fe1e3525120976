"""The commands that the documents show, and whether each could be run as it stands."""

import argparse
import contextlib
import importlib
import importlib.util
import inspect
import io
import re
import shlex
import sys
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any, Final, NoReturn
from unittest import mock

from twisted.python.usage import UsageError
from twisted.scripts._twistd_unix import ServerOptions

from tests import clients
from tests.commands.docs.support import ROOT
from webctp import tap
from webctp.__main__ import COMMANDS
from webctp.config import load

_FENCE: Final = re.compile(r"^( *)```(\w*)\n(.*?)^ *```$", re.MULTILINE | re.DOTALL)
_INLINE: Final = re.compile(
    r"`((?:make|twistd|python -m|(?:\.venv|/opt/webctp)/bin/\w+|pip|systemctl|systemd-analyze"
    r"|pre-commit|towncrier) [^`]+)`"
)
_TARGET: Final = re.compile(r"^([a-z]+):", re.MULTILINE)
_VARIABLE: Final = re.compile(r"^([A-Z0-9]+) \?=", re.MULTILINE)
_OUTSIDE: Final = {"PIP_INDEX_URL"}
"""What pip itself reads from the environment, into which make puts its variables."""
_SYSTEM: Final = (
    *("install", "cp", "chmod", "chgrp", "groupadd", "systemctl", "systemd-analyze"),
    *("journalctl", "${EDITOR:-vi}", "pre-commit", "towncrier"),
    *("docker", "openssl"),
)
"""Programs of the system: of their arguments the checkout's files must be there."""
_OURS: Final = re.compile(r"(?:etc|docs|tools|tests)/\S+")


class NoCommand(Exception):
    """A command that could not be run, and why."""


def fences(path: Path, language: str) -> list[str]:
    """Return the blocks of a language on a page."""
    return [body for _, found, body in _FENCE.findall(path.read_text("utf-8")) if found == language]


def commands(path: Path) -> Iterator[list[str]]:
    """Yield the commands of a page, in its blocks and within its text, as words."""
    text = path.read_text("utf-8")
    lines = [line for block in fences(path, "sh") for line in block.splitlines()]
    lines += _INLINE.findall(_FENCE.sub("", text))
    for line in lines:
        words = shlex.split(line, comments=True)
        while words:
            end = words.index("&&") if "&&" in words else len(words)
            yield [_chosen(word) for word in words[:end]]
            words = words[end + 1 :]


def _chosen(word: str) -> str:
    """A word of a synopsis as somebody would write it: ``[--app-type td|md|both]``."""
    return word.strip("[]").partition("|")[0].replace("N", "8080" if word == "N]" else "N")


def check(words: Sequence[str]) -> None:
    """Look whether a command could be run in a checkout.

    :raises NoCommand: if not.
    """
    if "…" in words:
        return  # the rest of it is left to the reader
    if ">" in words:
        words = words[: words.index(">")]
    program = words[0].rpartition("/")[2]
    known = _PROGRAMS.get(program)
    if known is None:
        raise NoCommand(f"{shlex.join(words)}: nobody knows the program {program}")
    try:
        with contextlib.redirect_stdout(io.StringIO()), contextlib.redirect_stderr(io.StringIO()):
            known(list(words[1:]))
    except SystemExit as ended:
        if ended.code not in (0, None):
            raise NoCommand(f"{shlex.join(words)}: ended with {ended.code}") from None


def _make(words: list[str]) -> None:
    text = (ROOT / "Makefile").read_text("utf-8")
    targets, variables = _TARGET.findall(text), {*_VARIABLE.findall(text), *_OUTSIDE}
    for word in words:
        name, equals, _ = word.partition("=")
        if name not in (variables if equals else targets):
            raise NoCommand(f"make: there is no {word}")


def _twistd(words: list[str]) -> None:
    def load_or_sample(path: str, app_type: Any = None, port: Any = None) -> Any:
        if not (ROOT / path).exists():
            if path.startswith("etc/"):
                raise NoCommand(f"there is no {path}")
            path = str(ROOT / "etc" / "sim.yaml")
        return load(str(ROOT / path), app_type, port)

    with mock.patch.object(tap, "load", load_or_sample):
        try:
            ServerOptions().parseOptions(words)
        except UsageError as problem:
            raise NoCommand(f"twistd: {problem}") from None


def _python(words: list[str]) -> None:
    if words[0] != "-m":
        _file(words[0])
        sys.path.insert(0, str(ROOT / "etc"))
        try:
            _parsed(words[0].removeprefix("etc/").removesuffix(".py"), words[1:])
        finally:
            sys.path.pop(0)
    elif words[1] == "webctp":
        if words[2:3] and words[2] in COMMANDS:
            if not words[3:]:
                return  # only named
            _parsed(COMMANDS[words[2]].module, words[3:])
        elif words[2:] not in ([], ["COMMAND"]):
            raise NoCommand(f"python -m webctp knows no {words[2]}")
    elif words[1].startswith("tests."):
        found = importlib.util.find_spec(words[1])
        if found is None:
            raise NoCommand(f"there is no module {words[1]}")
        if words[2:]:
            is_package = found.submodule_search_locations is not None
            _parsed(f"{words[1]}.__main__" if is_package else words[1], words[2:])
    elif importlib.util.find_spec(words[1]) is None:
        raise NoCommand(f"there is no module {words[1]}")


def _system(words: list[str]) -> None:
    for word in words:
        if _OURS.fullmatch(word):
            _file(word)


def _client(words: list[str]) -> None:
    if not (clients.PYTHON / "webctp_client" / "command").is_dir():
        raise NoCommand("the client in Python has no command line")
    _parsed("webctp_client.command.main", words)


def _pip(words: list[str]) -> None:
    if words[0] != "install":
        raise NoCommand(f"pip {words[0]} is for the system's administrator to know")


def _file(name: str) -> None:
    if not (ROOT / name).exists():
        raise NoCommand(f"there is no {name}")


_PROGRAMS: Final[dict[str, Callable[[list[str]], None]]] = {
    "make": _make,
    "twistd": _twistd,
    "python": _python,
    "python3": _python,
    "pip": _pip,
    "webctp-client": _client,
    **dict.fromkeys(_SYSTEM, _system),
    "vi}": _system,
}


class _Parsed(BaseException):
    """The arguments were read; the program goes no further."""


def _parsed(module: str, argv: Sequence[str]) -> None:
    """Let a program read its arguments, and do nothing else."""
    parser_of(module, argv)


def parser_of(module: str, argv: Sequence[str]) -> argparse.ArgumentParser:
    """Give the parser that a program reads its arguments with; SystemExit for wrong ones."""
    parse = argparse.ArgumentParser.parse_args
    found: list[argparse.ArgumentParser] = []

    def read(parser: argparse.ArgumentParser, arguments: Any = None) -> NoReturn:
        found.append(parser)
        parse(parser, arguments)
        raise _Parsed

    run = importlib.import_module(module)
    with (
        mock.patch.object(argparse.ArgumentParser, "parse_args", read),
        mock.patch.object(sys, "argv", [module, *argv]),
        contextlib.redirect_stderr(io.StringIO()),
        contextlib.suppress(_Parsed),
    ):
        if hasattr(run, "parser"):
            run.parser().parse_args(list(argv))
        elif inspect.signature(run.main).parameters:
            run.main(list(argv))
        else:
            run.main()
    return found[0]


def options_of(parser: argparse.ArgumentParser) -> set[str]:
    """The long options of a parser and of its sub-commands."""
    found: set[str] = set()
    for action in parser._actions:
        if action.help != argparse.SUPPRESS:
            found.update(one for one in action.option_strings if one.startswith("--"))
        if isinstance(action, argparse._SubParsersAction):
            for below in action.choices.values():
                found |= options_of(below)
    return found - {"--help"}

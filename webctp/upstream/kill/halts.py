"""The state of the kill switch, and its file.

The file is small JSON, replaced whole: written beside, synced, renamed, and the directory synced,
under a lock, so that a command and a daemon may change it at the same time. A file that cannot be
read stops everything: nobody knows what it forbade.
"""

import os
import re
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path
from typing import Final

import msgspec
from twisted.logger import Logger

from webctp.language.text import english
from webctp.storage.versions import UnknownVersion, check_json
from webctp.upstream import files
from webctp.upstream.account import AccountKey
from webctp.upstream.decoding import NOT_JSON

_log = Logger()

VERSION: Final = 1
_MOST_BYTES: Final = 1 << 20
_MOST_WORDS: Final = 200
"""Words that are kept; a daemon takes them up at once, or at its next start."""
ALL: Final = "all"
_ACCOUNT: Final = "account:"
_TOKEN: Final = "token:"
_ACCOUNT_PART: Final = re.compile(r"[0-9A-Za-z_.@-]+", re.ASCII)
_TOKEN_NAME: Final = re.compile(r"[A-Za-z0-9][A-Za-z0-9_.@-]{0,63}", re.ASCII)
"""As the configuration and the file of tokens have them."""
_SHOWN: Final = 32


class KillLevel(StrEnum):
    """How much is forbidden; each level forbids what those before it do."""

    REDUCE_ONLY = "reduce-only"
    """Inserts that may open."""
    STOP = "stop"
    """All inserts."""
    STOP_AND_CANCEL = "stop-and-cancel"
    """The same, and what rests is cancelled."""


_RANK: Final = {level: rank for rank, level in enumerate(KillLevel)}


def account_target(account: AccountKey) -> str:
    """Name an account as a target: ``account:9999/012345``."""
    return f"{_ACCOUNT}{account.broker_id}/{account.user_id}"


def account_of_target(target: str) -> AccountKey | None:
    """Return the account that a target names; None for another kind."""
    if not target.startswith(_ACCOUNT):
        return None
    broker_id, _, user_id = target.removeprefix(_ACCOUNT).partition("/")
    return AccountKey(broker_id, user_id)


def token_target(name: str) -> str:
    """Name a token as a target: ``token:NAME``."""
    return f"{_TOKEN}{name}"


def target_of(broker_id: str, investor_id: str, token: str, *, lifts: bool = False) -> str:
    """Return the target that somebody names; all where neither account nor token is named.

    A name that none can have is refused: a halt on it would be in force on nobody.

    :param lifts: whether a halt is lifted, which may be on whatever it was set on.
    :raises ValueError: naming what is wrong, and the remedy.
    """
    if token:
        if broker_id or investor_id:
            raise ValueError(english("an account and a token are named; send two, one for each"))
        if not lifts and not _TOKEN_NAME.fullmatch(token):
            raise ValueError(
                english(
                    "{name!a} is the name of no token; write it as python -m webctp token list "
                    "shows it",
                    name=token[:_SHOWN],
                )
            )
        return token_target(token)
    if bool(broker_id) != bool(investor_id):
        raise ValueError(english("half an account is named; give BrokerID and InvestorID"))
    for name, value in (("BrokerID", broker_id), ("InvestorID", investor_id)):
        if value and not lifts and not _ACCOUNT_PART.fullmatch(value):
            raise ValueError(
                english(
                    "{name} {value!a} is no account of CTP's; it is written in letters, digits, "
                    "'_', '-', '.' and '@'",
                    name=name,
                    value=value[:_SHOWN],
                )
            )
    return account_target(AccountKey(broker_id, investor_id)) if investor_id else ALL


def is_target(text: str) -> bool:
    """Return whether a text names a target: all, an account, a token."""
    if text.startswith(_ACCOUNT):
        broker_id, slash, user_id = text.removeprefix(_ACCOUNT).partition("/")
        return bool(broker_id and slash and user_id) and text.isprintable()
    return text == ALL or (len(text) > len(_TOKEN) and text.startswith(_TOKEN))


class Halt(msgspec.Struct, frozen=True, kw_only=True):
    """What is forbidden to whom: since when (seconds since 1970), by whom, and why."""

    target: str
    level: KillLevel
    since: float
    by: str = ""
    reason: str = ""

    def __post_init__(self) -> None:
        if not is_target(self.target):
            raise ValueError(english("{target!a} is no target", target=self.target))

    @property
    def rank(self) -> int:
        """How much is forbidden, as a number that grows with it."""
        return _RANK[self.level]


class Word(msgspec.Struct, frozen=True, kw_only=True):
    """What somebody has said by the command: ``level`` None where a halt was lifted.

    ``at`` is in seconds since 1970; ``serial`` the number of the change that it made.
    """

    target: str
    level: KillLevel | None
    at: float
    by: str
    reason: str = ""
    serial: int = 0

    def change(self, state: "KillState") -> "KillState":
        """Return the state that this makes of another."""
        if self.level is None:
            return state.without(self.target)
        return state.with_halt(
            Halt(
                target=self.target,
                level=self.level,
                since=self.at,
                by=self.by,
                reason=self.reason,
            )
        )


class _Content(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    version: int
    serial: int
    halts: tuple[Halt, ...]


@dataclass(frozen=True, slots=True)
class KillState:
    """All halts by target, and the number of the change that made them."""

    serial: int = 0
    halts: Mapping[str, Halt] = field(default_factory=dict[str, Halt])

    def with_halt(self, halt: Halt) -> "KillState":
        """Return the state after a target has been halted."""
        return KillState(self.serial + 1, {**self.halts, halt.target: halt})

    def without(self, target: str) -> "KillState":
        """Return the state after a target's halt has been lifted."""
        left = {name: halt for name, halt in self.halts.items() if name != target}
        return KillState(self.serial + 1, left)


Change = Callable[[KillState], KillState]


class KillFile:
    """The kill switch on disk. Its methods block on the disk.

    :param path: the file; made, with its directory, at the first change.
    """

    def __init__(self, path: str) -> None:
        self.path = Path(path).absolute()
        self._words = self.path.with_name(f"{self.path.name}.words")

    def read(self, now: float) -> KillState:
        """Return the state; where the file cannot be read, that everything is stopped.

        :param now: seconds since 1970, for such a halt.
        """
        try:
            return self._read()
        except (OSError, ValueError, *NOT_JSON, UnknownVersion) as problem:
            return _all_stopped(f"{self.path} cannot be read: {problem}", now)

    def change(self, change: Change, now: float) -> KillState:
        """Change the state; it is on disk when this returns.

        :raises OSError: if it is not.
        :raises UnknownVersion: if a newer webctp wrote the file; then it stays as it is.
        """
        with self._changing():
            state = change(self.read(now))
            self._write(state)
        return state

    def say(self, word: Word) -> KillState:
        """Change the state by a word, and keep the word for the audit log of a daemon.

        :raises OSError: if the state is not on disk.
        :raises UnknownVersion: if a newer webctp wrote the file; then it stays as it is.
        """
        with self._changing():
            state = word.change(self.read(word.at))
            try:
                # First: a daemon that finds the state finds the word as well.
                self._keep(msgspec.structs.replace(word, serial=state.serial))
            except OSError as problem:
                _log.error("kill switch: not kept for the audit log: {reason}", reason=str(problem))
            self._write(state)
        return state

    def words(self, after: int) -> list[Word]:
        """Return the words whose changes came after one, the oldest first; of some 200."""
        found = {word.serial: word for word in self._kept() if word.serial > after}
        return [found[serial] for serial in sorted(found)]

    def stamp(self) -> tuple[int, ...] | None:
        """Return what tells one content from another without reading it; None for no file."""
        try:
            found = os.stat(self.path)
        except FileNotFoundError:
            return None
        return found.st_ino, found.st_mtime_ns, found.st_size

    @contextmanager
    def _changing(self) -> Iterator[None]:
        """Hold the lock of a file that may be replaced: there is none, or one of ours or damaged.

        :raises UnknownVersion: if a newer webctp wrote it.
        """
        self.path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        with files.locked(self.path):
            with suppress(FileNotFoundError, *NOT_JSON):
                check_json(self.path, self._content(), VERSION)
            yield

    def _read(self) -> KillState:
        try:
            content = self._content()
        except FileNotFoundError:
            return KillState()
        check_json(self.path, content, VERSION)
        found = msgspec.json.decode(content, type=_Content)
        return KillState(found.serial, {halt.target: halt for halt in found.halts})

    def _content(self) -> bytes:
        with files.opened(self.path) as file:
            return file.read(_MOST_BYTES)

    def _kept(self) -> list[Word]:
        """Return the words that are kept; what cannot be read is none."""
        try:
            with files.opened(self._words) as file:
                lines = file.read(_MOST_BYTES).splitlines()
        except OSError:
            return []
        found = []
        for line in lines:
            with suppress(ValueError, msgspec.MsgspecError):
                found.append(msgspec.json.decode(line, type=Word))
        return found

    def _keep(self, word: Word) -> None:
        kept = [*self._kept(), word][-_MOST_WORDS:]
        files.replace(self._words, b"".join(msgspec.json.encode(one) + b"\n" for one in kept))

    def _write(self, state: KillState) -> None:
        content = _Content(version=VERSION, serial=state.serial, halts=tuple(state.halts.values()))
        files.replace(self.path, msgspec.json.encode(content) + b"\n")


def _all_stopped(reason: str, now: float) -> KillState:
    halt = Halt(target=ALL, level=KillLevel.STOP, since=now, reason=reason)
    return KillState(0, {ALL: halt})

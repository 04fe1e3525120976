"""Small files of the gateway's own, and of users: each is read, or refused by its own error.

Tokens, their last uses, the kill switch, lists of instruments, and what the journal keeps of
cancellations: the first byte says which.
"""

import os
import shutil
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Final

from tests.fuzz.target import Finding, shown
from webctp.gateway.access.tokens.file import TokenFileError, read_tokens, read_uses, uses_path
from webctp.upstream.journal.store import Store
from webctp.upstream.kill.halts import KillFile
from webctp.upstream.market.instrumentsfile import InstrumentsFileError, instruments_in

_NOW: Final = 1_700_000_000.0


class Target:
    """Of the module."""

    words = (
        *('{"version":1,"tokens":[', '"name":"', '"sha256":"', '"scopes":["', '"expires":"'),
        *('{"version":1,"serial":1,"halts":[', '"level":"', '"target":{"', '"since":'),
        *('"reason":"', "2026-01-02T03:04:05Z", "InstrumentID\n", '[{"InstrumentID":"'),
        *("[[[[[[[[", '{"x":{"x":', '"at":1e308', "\xff\xfe", "1e999"),
    )

    def __init__(self) -> None:
        self.folder = Path(tempfile.mkdtemp(dir=os.environ.get("WEBCTP_FUZZ_PLACE")))
        self.store = Store(self.folder / "journal" / "j.sqlite")
        self.readers: tuple[Callable[[bytes], None], ...] = (
            self.tokens,
            self.uses,
            self.kill,
            self.instruments,
            self.due,
        )

    def run(self, data: bytes) -> None:
        """Read it as one of them."""
        kind = data[0] if data else 0
        self.readers[kind % len(self.readers)](data[1:])

    def write(self, name: str, data: bytes) -> Path:
        """Write a file that only its owner may read."""
        path = self.folder / name
        path.write_bytes(data)
        path.chmod(0o600)
        return path

    def tokens(self, data: bytes) -> None:
        """A file of tokens."""
        path = self.write("tokens.json", data)
        try:
            read_tokens(path)
        except TokenFileError as problem:
            self.names(problem, path, data)

    def uses(self, data: bytes) -> None:
        """When tokens were last used."""
        path = self.folder / "tokens.json"
        self.write(uses_path(path).name, data)
        try:
            read_uses(path)
        except TokenFileError as problem:
            self.names(problem, uses_path(path), data)

    def kill(self, data: bytes) -> None:
        """The kill switch: what cannot be read stops everything."""
        path = self.write("kill.json", data)
        state = KillFile(str(path)).read(_NOW)
        for halt in state.halts.values():
            str(halt)

    def instruments(self, data: bytes) -> None:
        """A list of instruments of the user's."""
        path = self.write("instruments.csv", data)
        try:
            instruments_in(str(path))
        except InstrumentsFileError as problem:
            self.names(problem, path, data)

    def due(self, data: bytes) -> None:
        """What is to be cancelled of an account, as a row of the journal has it."""
        self.store.begin()
        row = ("b", "u", "k", "x", data)
        self.store._db.execute("INSERT OR REPLACE INTO due VALUES (?, ?, ?, ?, ?)", row)
        for claimed in self.store.dues.claim("b", "u", "run", "20240102"):
            str(claimed)
        self.store.undo()

    def names(self, problem: Exception, path: Path, data: bytes) -> None:
        """Hold that an error names the file."""
        if str(path) not in str(problem):
            raise Finding(f"{shown(data)}: {problem} does not name the file") from None

    def close(self) -> None:
        """Remove the files."""
        self.store.close()
        shutil.rmtree(self.folder)

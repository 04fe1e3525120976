"""The file of tokens: hashes only, for its owner alone, written whole or not at all.

``python -m webctp token`` writes it, the daemon reads it. When each token was last shown stands in
a file beside it (``….used``), which the daemon alone writes, now and then.
"""

import os
from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from datetime import datetime
from pathlib import Path
from typing import Final

import msgspec

from webctp.gateway.access.tokens.record import Token
from webctp.language.text import english, reason_of
from webctp.storage.versions import UnknownVersion, check_json
from webctp.upstream import files
from webctp.upstream.decoding import NOT_JSON

VERSION: Final = 1
"""Of the file's form; a newer form has a higher one, and is refused rather than misread."""
MOST_TOKENS: Final = 10_000
MOST_BYTES: Final = 16 * 1024 * 1024
_OTHERS: Final = 0o077


class TokenFileError(Exception):
    """The file cannot be used; the text names it and the remedy."""


class _Content(msgspec.Struct, forbid_unknown_fields=True):
    version: int
    tokens: tuple[Token, ...]


_Uses = dict[str, datetime]


def read_tokens(path: Path) -> tuple[Token, ...]:
    """Return the entries of a file.

    :raises TokenFileError: if there is none, others can read or write it, or it holds something
        else than tokens, names one twice, or one hash twice.
    """
    try:
        with files.opened(path) as file:
            mode = os.fstat(file.fileno()).st_mode
            content = file.read(MOST_BYTES + 1)
    except OSError as problem:
        raise TokenFileError(
            english(
                "{path} cannot be read ({reason}); python -m webctp token add makes it, for the "
                "user who runs the gateway",
                path=path,
                reason=problem.strerror,
            )
        ) from problem
    if mode & _OTHERS:
        raise TokenFileError(
            english("{path} can be read or written by others: chmod 600 {path}", path=path)
        )
    if len(content) > MOST_BYTES:
        raise TokenFileError(
            english(
                "{path} is longer than {most} bytes; revoke tokens",
                path=path,
                most=MOST_BYTES,
            )
        )
    return _decoded(path, content)


def _decoded(path: Path, content: bytes) -> tuple[Token, ...]:
    try:
        check_json(path, content, VERSION)
        tokens = msgspec.json.decode(content, type=_Content).tokens
    except UnknownVersion as problem:
        raise TokenFileError(reason_of(problem)) from problem
    except NOT_JSON as problem:
        raise TokenFileError(
            english("{path} is no file of tokens: {problem}", path=path, problem=problem)
        ) from problem
    if len(tokens) > MOST_TOKENS:
        raise TokenFileError(
            english(
                "{path} has {count} tokens, {most} are the most",
                path=path,
                count=len(tokens),
                most=MOST_TOKENS,
            )
        )
    hashes = [one.sha256 for one in tokens if one.sha256]
    for values in ([one.name for one in tokens], hashes):
        if len(set(values)) < len(values):
            raise TokenFileError(
                english("{path} has a name or a hash twice; revoke one of the two", path=path)
            )
    return tokens


@contextmanager
def editing(path: Path) -> Iterator[list[Token]]:
    """Give the entries of a file to change, and write what they are at the end.

    Others who edit it wait. Where the block raises, the file stays as it was. A file that is
    missing has no entries; it is made, with its directory.

    :raises TokenFileError: as :func:`read_tokens`, or if it cannot be written.
    """
    with ExitStack() as stack:
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            stack.enter_context(files.locked(path))
        except OSError as problem:
            raise _unwritable(path, problem) from problem
        tokens = list(read_tokens(path)) if path.exists() else []
        yield tokens
        content = msgspec.json.format(
            msgspec.json.encode(_Content(VERSION, tuple(tokens))), indent=1
        )
        _decoded(path, content)  # what would not be read again is not written
        _write(path, content + b"\n")


def _write(path: Path, content: bytes) -> None:
    try:
        files.replace(path, content)
    except OSError as problem:
        raise _unwritable(path, problem) from problem


def _unwritable(path: Path, problem: OSError) -> TokenFileError:
    return TokenFileError(
        english(
            "{path} cannot be written ({reason}); name another place",
            path=path,
            reason=problem.strerror,
        )
    )


def uses_path(path: Path) -> Path:
    """Return where the last uses of the tokens of a file are kept."""
    return path.with_name(f"{path.name}.used")


def read_uses(path: Path) -> Mapping[str, datetime]:
    """Return when each token of a file was last shown, by its name; nothing where none is known."""
    try:
        return msgspec.json.decode(files.content(uses_path(path)), type=_Uses)
    except FileNotFoundError:
        return {}
    except (OSError, *NOT_JSON) as problem:
        raise TokenFileError(
            english(
                "{path} cannot be read ({problem}); remove it, the gateway writes another",
                path=uses_path(path),
                problem=problem,
            )
        ) from problem


def write_uses(path: Path, uses: Mapping[str, datetime], names: Sequence[str]) -> None:
    """Add to the last uses that are kept, and keep those of ``names`` only.

    Several gateways may have one file of tokens: of two uses the later one is kept.

    :raises TokenFileError: if they cannot be written.
    """
    with ExitStack() as held:
        try:
            held.enter_context(files.locked(path))
        except OSError as problem:
            raise _unwritable(uses_path(path), problem) from problem
        try:
            before = read_uses(path)
        except TokenFileError:
            before = {}
        kept = {
            name: max(when for when in (before.get(name), uses.get(name)) if when is not None)
            for name in names
            if name in before or name in uses
        }
        _write(uses_path(path), msgspec.json.format(msgspec.json.encode(kept), indent=1) + b"\n")

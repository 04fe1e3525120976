"""The file of tokens: who may read it, what it may hold, how it is written."""

import os
import stat
import threading
from datetime import UTC, datetime
from pathlib import Path

from twisted.trial.unittest import SynchronousTestCase

from tests.fifos import fifo
from tests.gateway.access.tokens.test_record import token
from webctp.gateway.access.principal import PrincipalLimits, Scope
from webctp.gateway.access.tokens.file import (
    TokenFileError,
    editing,
    read_tokens,
    read_uses,
    uses_path,
    write_uses,
)
from webctp.gateway.access.tokens.record import hash_of, new_token

WHEN = datetime(2026, 11, 27, 1, 2, 3, tzinfo=UTC)


class FileCase(SynchronousTestCase):
    """A file of tokens in a directory of its own."""

    def setUp(self) -> None:
        self.path = Path(self.mktemp()) / "tokens.json"

    def put(self, text: str | bytes, mode: int = 0o600) -> None:
        self.path.parent.mkdir(exist_ok=True)
        self.path.write_bytes(text if isinstance(text, bytes) else text.encode())
        self.path.chmod(mode)

    def refusal(self) -> str:
        with self.assertRaises(TokenFileError) as caught:
            read_tokens(self.path)
        return str(caught.exception)


class Writing(FileCase):
    """Entries in and out."""

    def test_what_was_written_is_read(self) -> None:
        secret = new_token()
        entry = token(
            sha256=hash_of(secret),
            scopes=(Scope.MARKET, Scope.ADMIN),
            accounts=("9999:bot*",),
            instruments=("rb*",),
            networks=("10.0.0.0/8", "unix"),
            limits=PrincipalLimits(connections=2, orders=5),
            expires=WHEN,
        )
        with editing(self.path) as tokens:
            tokens.append(entry)
        self.assertEqual(read_tokens(self.path), (entry,))
        text = self.path.read_text("utf-8")
        self.assertNotIn(secret.reveal(), text)
        self.assertIn('"version": 1', text)

    def test_only_its_owner_can_read_it_whatever_the_umask(self) -> None:
        before = os.umask(0)
        self.addCleanup(os.umask, before)
        with editing(self.path) as tokens:
            tokens.append(token())
        for path in (self.path, Path(f"{self.path}.lock")):
            self.assertEqual(stat.S_IMODE(path.stat().st_mode), 0o600, path)

    def test_a_change_that_fails_leaves_the_file_as_it_was(self) -> None:
        with editing(self.path) as tokens:
            tokens.append(token())
        before = self.path.read_bytes()
        for spoil in (lambda tokens: tokens.append(token()), lambda _: 1 / 0):
            with self.assertRaises((TokenFileError, ZeroDivisionError)), editing(self.path) as some:
                spoil(some)
            self.assertEqual(self.path.read_bytes(), before)
        self.assertEqual(sorted(os.listdir(self.path.parent)), ["tokens.json", "tokens.json.lock"])

    def test_one_who_edits_waits_for_the_other(self) -> None:
        def add(number: int) -> None:
            with editing(self.path) as tokens:
                tokens.append(token(f"bot{number}"))

        threads = [threading.Thread(target=add, args=(number,)) for number in range(8)]
        for one in threads:
            one.start()
        for one in threads:
            one.join()
        self.assertEqual(len(read_tokens(self.path)), 8)

    def test_a_place_that_cannot_be_written_is_named(self) -> None:
        self.put("")
        below = self.path / "below" / "tokens.json"
        with self.assertRaises(TokenFileError) as caught, editing(below):
            pass
        self.assertIn(f"{below} cannot be written", str(caught.exception))


class Reading(FileCase):
    """What is no file of tokens."""

    def test_one_that_is_missing_names_the_remedy(self) -> None:
        self.assertIn("python -m webctp token add makes it", self.refusal())

    def test_a_fifo_is_not_waited_for(self) -> None:
        self.path.parent.mkdir()
        fifo(self, self.path)
        self.assertIn("not a regular file", self.refusal())

    def test_one_that_others_can_read_or_write(self) -> None:
        for mode in (0o640, 0o604, 0o620, 0o602):
            self.put('{"version":1,"tokens":[]}', mode)
            self.assertIn(f"chmod 600 {self.path}", self.refusal())
        self.put('{"version":1,"tokens":[]}', 0o400)
        self.assertEqual(read_tokens(self.path), ())

    def test_one_of_a_newer_version_is_not_misread(self) -> None:
        self.put('{"version":2,"tokens":{}}')
        self.assertIn("is of version 2, this webctp reads versions up to 1", self.refusal())

    def test_what_is_damaged_is_refused(self) -> None:
        good = '{"name":"a","scopes":["md"],"created":"2026-11-27T00:00:00Z"}'
        bad = good.replace('"a"', '"a b"')
        for text, said in (
            ("", "no file of tokens"),
            ("[]", "no file of tokens"),
            ('{"version":1,"x":' + "[" * 5000, "no file of tokens"),
            (b'{"version":1,"tokens":[{"name":"\xff"}]}', "no file of tokens"),
            ('{"version":1}', "missing required field `tokens`"),
            ('{"version":1,"tokens":[{"name":"a","scopes":["x"]}]}', "`$.tokens[0].scopes[0]`"),
            ('{"version":1,"tokens":[{"nam":"a"}]}', "unknown field `nam`"),
            (f'{{"version":1,"tokens":[{good},{good}]}}', "twice"),
            (f'{{"version":1,"tokens":[{bad}]}}', "the name 'a b' is"),
        ):
            self.put(text)
            self.assertIn(said, self.refusal())


class Uses(FileCase):
    """When tokens were last shown."""

    def test_they_are_kept_beside_the_file_for_those_that_there_are(self) -> None:
        self.put("")
        self.assertEqual(read_uses(self.path), {})
        write_uses(self.path, {"a": WHEN, "b": WHEN}, ["a", "b"])
        later = WHEN.replace(hour=5)
        write_uses(self.path, {"a": later}, ["a", "c"])
        self.assertEqual(read_uses(self.path), {"a": later})
        self.assertEqual(stat.S_IMODE(uses_path(self.path).stat().st_mode), 0o600)

    def test_of_two_gateways_on_one_file_the_later_use_is_kept(self) -> None:
        self.put("")
        later = WHEN.replace(hour=5)
        write_uses(self.path, {"a": WHEN}, ["a", "b"])
        write_uses(self.path, {"a": later, "b": WHEN}, ["a", "b"])
        write_uses(self.path, {"a": WHEN, "b": later}, ["a", "b"])
        self.assertEqual(read_uses(self.path), {"a": later, "b": later})

    def test_damaged_ones_are_written_anew(self) -> None:
        self.put("")
        for spoilt in (b"{", b'{"\xff":1}', b'{"a":' + b"[" * 5000):
            uses_path(self.path).write_bytes(spoilt)
            with self.assertRaises(TokenFileError) as caught:
                read_uses(self.path)
            self.assertIn("remove it", str(caught.exception))
        write_uses(self.path, {"a": WHEN}, ["a"])
        self.assertEqual(read_uses(self.path), {"a": WHEN})

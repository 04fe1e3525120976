"""Versions of kept files: known ones are migrated whole or not at all, others stay untouched."""

import contextlib
import os
import sqlite3
from pathlib import Path

from twisted.trial.unittest import SynchronousTestCase

from webctp.storage.versions import Schema, UnknownVersion, check, check_json, copy_path

ONE = Schema(make="CREATE TABLE one (x); INSERT INTO one VALUES ('kept');", mark="one")
THREE = Schema(
    make="CREATE TABLE one (x); CREATE TABLE two (y); CREATE TABLE three (z);",
    mark="one",
    steps={
        1: "CREATE TABLE two (y); INSERT INTO two SELECT x || '!' FROM one;",
        2: "CREATE TABLE three (z); INSERT INTO three SELECT y || '?' FROM two;",
    },
)


def made(schema: Schema, path: Path) -> None:
    """Make a file, or take it over."""
    with contextlib.closing(sqlite3.connect(path, isolation_level=None)) as database:
        database.execute("BEGIN IMMEDIATE")
        schema.apply(database, path)
        database.execute("COMMIT")


class SchemaTests(SynchronousTestCase):
    """SQLite files."""

    def setUp(self) -> None:
        folder = Path(self.mktemp()).absolute()
        folder.mkdir()
        self.path = folder / "file.sqlite"

    def rows(self, query: str, path: Path | None = None) -> list[str]:
        with contextlib.closing(sqlite3.connect(path or self.path)) as database:
            return [one for (one,) in database.execute(query)]

    def test_every_step_is_taken_in_its_order(self) -> None:
        made(ONE, self.path)
        self.assertEqual(THREE.look(self.path), 1)
        made(THREE, self.path)
        self.assertEqual(THREE.look(self.path), 3)
        self.assertEqual(self.rows("SELECT z FROM three"), ["kept!?"])

    def test_a_copy_is_as_the_file_was(self) -> None:
        made(ONE, self.path)
        made(THREE, self.path)
        copy = copy_path(self.path, 1)
        self.assertEqual(copy.name, "file.sqlite.v1")
        self.assertEqual(copy.stat().st_mode & 0o777, 0o600)
        self.assertEqual(ONE.look(copy), 1)
        self.assertEqual(self.rows("SELECT x FROM one", copy), ["kept"])
        self.assertEqual(self.rows("SELECT name FROM sqlite_master", copy), ["one"])

    def test_a_new_file_and_one_of_this_version_leave_no_copy(self) -> None:
        made(THREE, self.path)
        made(THREE, self.path)
        self.assertEqual(os.listdir(self.path.parent), ["file.sqlite"])

    def test_where_no_copy_can_be_kept_the_file_stays_old(self) -> None:
        made(ONE, self.path)
        copy_path(self.path, 1).mkdir()
        self.assertRaises(OSError, made, THREE, self.path)
        self.assertEqual(ONE.look(self.path), 1)
        self.assertEqual(self.rows("SELECT name FROM sqlite_master"), ["one"])
        self.assertEqual(sorted(os.listdir(self.path.parent)), ["file.sqlite", "file.sqlite.v1"])

    def test_a_newer_file_is_named_with_both_versions_and_the_remedy(self) -> None:
        made(THREE, self.path)
        error = self.assertRaises(UnknownVersion, ONE.look, self.path)
        self.assertIn(str(self.path), str(error))
        self.assertIn("is of version 3, this webctp reads versions up to 1", str(error))
        self.assertIn("use the webctp that wrote it", str(error))

    def test_nothing_is_of_version_0(self) -> None:
        self.assertEqual(ONE.look(self.path), 0)
        self.path.touch()
        self.assertEqual(ONE.look(self.path), 0)

    def test_tables_of_others_are_foreign(self) -> None:
        with contextlib.closing(sqlite3.connect(self.path)) as database:
            self.assertFalse(ONE.is_foreign(database, self.path))
            database.execute("CREATE TABLE others (x)")
            self.assertTrue(ONE.is_foreign(database, self.path))

    def test_files_without_a_version_are_known_by_a_table(self) -> None:
        made(ONE, self.path)
        with contextlib.closing(sqlite3.connect(self.path, isolation_level=None)) as database:
            database.execute("PRAGMA user_version = 0")
        self.assertEqual(Schema("", "one", unmarked=True).look(self.path), 1)
        self.assertEqual(Schema("", "two", unmarked=True).look(self.path), 0)
        self.assertEqual(ONE.look(self.path), 0)

    def test_a_version_alone_makes_no_file_ours(self) -> None:
        with contextlib.closing(sqlite3.connect(self.path)) as database:
            database.execute("CREATE TABLE others (x)")
            database.execute("PRAGMA user_version = 1")
            self.assertTrue(THREE.is_foreign(database, self.path))


class NumberTests(SynchronousTestCase):
    """Which versions are read."""

    def test_those_up_to_the_newest(self) -> None:
        for good in (1, 2, 3):
            check(Path("f"), good, 3)
        for bad in (-1, 0, 4, 99):
            self.assertRaises(UnknownVersion, check, Path("f"), bad, 3)

    def test_json_is_refused_by_its_version_whatever_else_is_new(self) -> None:
        check_json(Path("f"), b'{"version": 1, "new": {}}', 1)
        newer = b'{"version": 2, "tokens": "of another kind"}'
        self.assertRaises(UnknownVersion, check_json, Path("f"), newer, 1)

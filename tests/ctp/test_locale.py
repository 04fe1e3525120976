"""The locale that the binding needs: found, built, kept, or asked for in one line."""

import ctypes
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from twisted.trial.unittest import SynchronousTestCase

from webctp.ctp import locale
from webctp.ctp.locale import NAME, LocaleError

ROOT = Path(__file__).resolve().parents[2]

#: In place of localedef: makes what it would, at once.
STAND_IN = """#!/bin/sh
for target; do :; done
mkdir -p "$target" && echo built > "$target/LC_CTYPE"
"""

#: Loads the binding where no locale can be found, and has a getter read Chinese text.
LOAD = """
import ctypes
import os
import shutil
from webctp.ctp import locale
assert not locale.available()
from webctp.ctp import runtime
from webctp.ctp.codec import codec_for
binding = runtime.load()
info = codec_for(binding.td).layout("CThostFtdcRspInfoField").new({"ErrorMsg": "资金不足"})
assert info.ErrorMsg == "资金不足"
assert locale.available()
print(binding.locale, os.environ["LOCPATH"], sep="|")
"""


class LocaleCase(SynchronousTestCase):
    """A directory of its own for the cache, and processes without any locale."""

    def setUp(self) -> None:
        self.place = Path(self.mktemp()).resolve()
        self.nothing = self.place / "nothing"
        self.nothing.mkdir(parents=True)
        self.cache = self.place / "cache"

    def environment(self, **more: str) -> Mapping[str, str]:
        """Return variables with which glibc finds no locale but those of C."""
        inherited = {
            name: value
            for name, value in os.environ.items()
            if name not in ("CACHE_DIRECTORY", "LOCPATH")
        }
        return {
            **inherited,
            "PYTHONPATH": str(ROOT),
            "LOCPATH": str(self.nothing),
            "XDG_CACHE_HOME": str(self.cache),
            **more,
        }

    def start(self, source: str, **more: str) -> "subprocess.Popen[str]":
        return subprocess.Popen(
            [sys.executable, "-c", source],
            env=self.environment(**more),
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )

    def finish(self, process: "subprocess.Popen[str]") -> list[str]:
        """Wait for a process that must end well; return the fields of its line."""
        output, errors = process.communicate()
        self.assertEqual((process.returncode, errors), (0, ""))
        return output.strip().split("|")

    def kept(self) -> list[str]:
        """Return what lies in the cache, as paths of two parts below webctp/."""
        return sorted(
            str(path.relative_to(self.cache / "webctp"))
            for path in (self.cache / "webctp").glob("*/*")
        )


class ProcessTests(LocaleCase):
    """Processes of their own, the real localedef, the real binding."""

    def test_the_binding_loads_without_any_locale(self) -> None:
        first = self.finish(self.start(LOAD))
        directory, path = first
        self.assertTrue(directory.startswith(f"{self.cache}/webctp/locale-glibc-"), directory)
        self.assertEqual(path, f"{directory}:{self.nothing}")
        self.assertEqual(self.kept(), [f"{Path(directory).name}/{NAME}"])

        # Once more, from the cache alone.
        made = os.stat(f"{directory}/{NAME}/LC_CTYPE").st_mtime_ns
        self.assertEqual(self.finish(self.start(LOAD, PATH="/nowhere")), first)
        self.assertEqual(os.stat(f"{directory}/{NAME}/LC_CTYPE").st_mtime_ns, made)

    def test_two_at_once(self) -> None:
        processes = [self.start(LOAD) for _ in range(2)]
        first, second = [self.finish(process) for process in processes]
        self.assertEqual(first, second)
        self.assertEqual(self.kept(), [f"{Path(first[0]).name}/{NAME}"])

    def test_a_cache_that_cannot_be_written(self) -> None:
        scratch = self.place / "tmp"
        scratch.mkdir()
        directory, _ = self.finish(
            self.start(LOAD, XDG_CACHE_HOME="/dev/null/cache", TMPDIR=str(scratch))
        )
        self.assertTrue(directory.startswith(f"{scratch}/webctp-"), directory)
        self.assertEqual(list(scratch.iterdir()), [])

    def test_a_locale_on_the_path_is_taken_as_it_is(self) -> None:
        directory, _ = self.finish(self.start(LOAD))
        source = LOAD.replace("assert not", "assert")
        found = self.finish(self.start(source, LOCPATH=directory, XDG_CACHE_HOME="/dev/null/x"))
        self.assertEqual(found, [directory, directory])


class BuildTests(LocaleCase):
    """In this process, with a stand-in for localedef."""

    def setUp(self) -> None:
        super().setUp()
        programs = self.place / "bin"
        programs.mkdir()
        self.localedef = programs / "localedef"
        self.program(STAND_IN)
        environment = dict(self.environment(PATH=f"{programs}:/usr/bin:/bin"))
        self.patch(os, "environ", environment)
        self.loadable = iter([False, True])
        self.patch(locale, "available", lambda: next(self.loadable))

    def program(self, text: str) -> None:
        self.localedef.write_text(text)
        self.localedef.chmod(0o755)

    def leaf(self) -> Path:
        return next((self.cache / "webctp").iterdir())

    def refusal(self) -> str:
        """Return why the locale cannot be had, which must fit one line."""
        message = str(self.assertRaises(LocaleError, locale.ensure))
        self.assertNotIn("\n", message)
        self.assertIn(NAME, message)
        return message

    def test_the_systems_own(self) -> None:
        self.loadable = iter([True, True, True])
        self.assertEqual(locale.ensure(), str(self.nothing))
        for unset in ("", None):
            os.environ.pop("LOCPATH", None)
            if unset is not None:
                os.environ["LOCPATH"] = unset
            self.assertEqual(locale.ensure(), "system")
        self.assertFalse(self.cache.exists())

    def test_built_into_the_users_cache(self) -> None:
        directory = locale.ensure()
        self.assertEqual(directory, str(self.leaf()))
        self.assertEqual(os.environ["LOCPATH"], f"{directory}:{self.nothing}")
        self.assertEqual((self.leaf() / NAME / "LC_CTYPE").read_text(), "built\n")
        self.assertEqual(os.stat(directory).st_mode & 0o077, 0)

    def test_no_path_inherited(self) -> None:
        del os.environ["LOCPATH"]
        self.assertEqual(locale.ensure(), os.environ["LOCPATH"])

    def test_built_into_the_cache_that_systemd_gives(self) -> None:
        given = self.place / "given"
        os.environ["CACHE_DIRECTORY"] = f"{given}:{self.place}/other"
        self.assertTrue(locale.ensure().startswith(f"{given}/locale-"))
        self.assertFalse(self.cache.exists())

    def test_the_home_directory_holds_the_cache_by_default(self) -> None:
        del os.environ["XDG_CACHE_HOME"]
        os.environ["HOME"] = str(self.place)
        self.assertEqual(locale.cache_directory(), self.place / ".cache" / "webctp")

    def test_a_kept_locale_is_not_built_again(self) -> None:
        locale.ensure()
        self.loadable = iter([False, True])
        self.program("#!/bin/sh\nexit 4\n")
        self.assertEqual(locale.ensure(), str(self.leaf()))

    def test_a_kept_locale_is_read_from_a_cache_that_cannot_be_written(self) -> None:
        locale.ensure()
        self.loadable = iter([False, True])

        def no_disk(*_: object, **__: object) -> None:
            raise OSError("read-only file system")

        self.patch(Path, "mkdir", no_disk)
        self.patch(tempfile, "mkdtemp", no_disk)
        self.assertEqual(locale.ensure(), str(self.leaf()))

    def test_another_has_been_faster(self) -> None:
        # It puts its locale in place while ours is being built.
        self.program(
            STAND_IN + 'other="$(dirname "$target")/../$(basename "$target")"\n'
            'mkdir -p "$other" && echo theirs > "$other/LC_CTYPE"\n'
        )
        directory = Path(locale.ensure())
        self.assertEqual((directory / NAME / "LC_CTYPE").read_text(), "theirs\n")
        self.assertEqual([path.name for path in directory.iterdir()], [NAME])

    def test_no_localedef(self) -> None:
        def which(name: str, path: str) -> None:
            self.assertEqual(name, "localedef")

        self.patch(shutil, "which", which)
        message = self.refusal()
        self.assertIn("no localedef", message)
        self.assertIn("libc-bin", message)
        self.assertIn("glibc-common", message)

    def test_localedef_fails(self) -> None:
        self.program("#!/bin/sh\necho no space >&2\necho left >&2\nexit 4\n")
        self.assertIn("no space left", self.refusal())
        self.assertEqual(list(self.leaf().iterdir()), [])

    def test_localedef_cannot_be_run(self) -> None:
        self.program("#!/nowhere/sh\n")
        self.assertIn("cannot be built", self.refusal())

    def test_nowhere_to_build_it(self) -> None:
        os.environ["XDG_CACHE_HOME"] = "/dev/null/cache"
        self.patch(tempfile, "tempdir", "/dev/null/tmp")
        self.assertIn("cannot be built", self.refusal())

    def test_built_and_yet_not_loadable(self) -> None:
        self.loadable = iter([False, False])
        message = self.refusal()
        self.assertIn(str(self.leaf()), message)
        self.assertIn("remove that directory", message)


class AvailableTests(SynchronousTestCase):
    """What glibc says."""

    def test_without_newlocale_there_is_none(self) -> None:
        class Library:
            """A C library that is not glibc."""

        def load(*_: object, **__: object) -> Any:
            return Library()

        self.patch(ctypes, "CDLL", load)
        self.assertFalse(locale.available())

    def test_the_loaded_locale_is_available(self) -> None:
        from webctp.ctp import runtime

        runtime.load()
        self.assertTrue(locale.available())


class SourceTests(SynchronousTestCase):
    """What localedef is given."""

    def test_the_character_map_is_the_codec(self) -> None:
        lines = "\n".join(locale._charmap()).splitlines()
        self.assertIn("<U5F20> /xd5/xc5", lines)  # 张
        self.assertIn("<U0041> /x41", lines)
        self.assertIn("<U3400> /x81/x39/xee/x39", lines)
        characters = [line for line in lines if line.startswith("<U")]
        self.assertEqual(len(characters), 0x10000 - 0x800)
        self.assertEqual(len({line.split()[1] for line in characters}), len(characters))

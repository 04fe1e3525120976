"""The system calls that systemd would let a unit make, laid upon a process by the same means."""

import ctypes
import ctypes.util
import re
import subprocess
from pathlib import Path
from typing import Final

LIBRARY: Final = ctypes.util.find_library("seccomp")
"""systemd's own means; None where it is not installed."""

_ALLOW: Final = 0x7FFF0000
_ERRNO: Final = 0x00050000
_EPERM: Final = 1


def allowed_by(unit: Path) -> list[str]:
    """The names of the system calls that a unit's ``SystemCallFilter`` lines leave, in order."""
    left: dict[str, None] = {}
    for words in re.findall(r"^SystemCallFilter=(.*)$", unit.read_text("utf-8"), re.MULTILINE):
        removing = words.startswith("~")
        for word in words.removeprefix("~").split():
            for name in _meant(word):
                if removing:
                    left.pop(name, None)
                else:
                    left[name] = None
    return list(left)


def allow_only(names: list[str]) -> None:
    """From now on every other call of this process fails with EPERM.

    :raises OSError: if the kernel or the library refuse.
    """
    library = ctypes.CDLL(LIBRARY, use_errno=True)
    library.seccomp_init.restype = ctypes.c_void_p
    library.seccomp_load.argtypes = [ctypes.c_void_p]
    library.seccomp_rule_add_array.argtypes = [
        ctypes.c_void_p,
        ctypes.c_uint32,
        ctypes.c_int,
        ctypes.c_uint,
        ctypes.c_void_p,
    ]
    rules = library.seccomp_init(ctypes.c_uint32(_ERRNO | _EPERM))
    for name in names:
        number = library.seccomp_syscall_resolve_name(name.encode())
        if number >= 0:  # else it is another architecture's
            library.seccomp_rule_add_array(rules, _ALLOW, number, 0, None)
    problem = library.seccomp_load(rules)
    if problem:
        raise OSError(-problem, "the filter was not taken")


def _meant(word: str) -> list[str]:
    """The calls that a name or a set of systemd's (@…) stands for."""
    if not word.startswith("@"):
        return [word]
    listed = subprocess.run(
        ["systemd-analyze", "syscall-filter", word],
        capture_output=True,
        text=True,
        check=True,
        timeout=60,
    ).stdout
    names = [line.strip() for line in listed.splitlines()[1:]]
    found: list[str] = []
    for name in names:
        if name and not name.startswith("#"):
            found.extend(_meant(name))
    return found

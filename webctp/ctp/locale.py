"""The locale ``zh_CN.GB18030``, without which importing the binding aborts the process.

The binding constructs ``std::locale("zh_CN.GB18030")`` when it is imported, and glibc finds locales
below ``$LOCPATH`` at the time of the call. Where the system has none of that name, :func:`ensure`
compiles one with ``localedef`` (part of every glibc distribution) from a character map written
out of Python's own ``gb18030`` codec, keeps it in a cache directory, and points ``LOCPATH`` at it.
No root and no ``locales`` package is needed.
"""

import atexit
import ctypes
import os
import platform
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from pathlib import Path

from webctp.language.text import english

NAME = "zh_CN.GB18030"

_LC_ALL_MASK = 0x1FBF
_BMP = 0x10000
_SURROGATES = range(0xD800, 0xE000)


class LocaleError(Exception):
    """The locale is missing and could not be built; the text says what to do."""


def available() -> bool:
    """Return whether glibc can load the locale now, with the present ``LOCPATH``."""
    libc = ctypes.CDLL(None, use_errno=True)
    newlocale = getattr(libc, "newlocale", None)
    if newlocale is None:
        return False
    newlocale.restype = ctypes.c_void_p
    newlocale.argtypes = [ctypes.c_int, ctypes.c_char_p, ctypes.c_void_p]
    handle = newlocale(_LC_ALL_MASK, NAME.encode(), None)
    if handle is None:
        return False
    libc.freelocale.argtypes = [ctypes.c_void_p]
    libc.freelocale.restype = None
    libc.freelocale(handle)
    return True


def ensure() -> str:
    """Make the locale loadable in this process, building it on first use.

    :returns: where it comes from: ``"system"`` or the directory it was built in.
    :raises LocaleError: if it can be neither found nor built.
    """
    inherited = os.environ.get("LOCPATH")
    if available():
        return inherited or "system"
    try:
        directory = _found_or_built()
    except OSError as problem:
        raise LocaleError(
            english(
                "locale {name} is missing and cannot be built: {problem}",
                name=NAME,
                problem=problem,
            )
        ) from problem
    os.environ["LOCPATH"] = f"{directory}:{inherited}" if inherited else str(directory)
    if not available():
        raise LocaleError(
            english(
                "locale {name} was built in {directory} but cannot be loaded; remove that "
                "directory and start again, or install the locale (Debian: locales-all)",
                name=NAME,
                directory=directory,
            )
        )
    return str(directory)


def cache_directory() -> Path:
    """Return the directory that may keep the locale: systemd's for a service, or the user's."""
    systemd = os.environ.get("CACHE_DIRECTORY", "").split(":")[0]
    if systemd:
        return Path(systemd)
    return Path(os.environ.get("XDG_CACHE_HOME") or os.path.expanduser("~/.cache"), "webctp")


def _found_or_built() -> Path:
    """Return the directory that holds the locale: from the cache, else built into it.

    Where the cache cannot be written, it is built for this process alone: the binding needs it
    while it is imported, and no longer.
    """
    # By version: glibc reads no locale that another glibc has built.
    leaf = f"locale-{'-'.join(platform.libc_ver())}"
    kept = cache_directory() / leaf
    if (kept / NAME).is_dir():
        return kept
    try:
        kept.mkdir(mode=0o700, parents=True, exist_ok=True)
        _install(kept)
    except OSError:
        passing = Path(tempfile.mkdtemp(prefix="webctp-"))
        atexit.register(shutil.rmtree, passing, ignore_errors=True)
        build(passing / NAME)
        return passing
    return kept


def build(target: Path) -> None:
    """Compile the locale into the directory ``target``.

    :raises LocaleError: if ``localedef`` is missing or fails.
    """
    localedef = shutil.which("localedef", path=os.environ.get("PATH", "") + ":/usr/bin:/usr/sbin")
    if localedef is None:
        raise LocaleError(
            english(
                "locale {name} is missing and there is no localedef to build it with; install it "
                "(Debian, Ubuntu: libc-bin; Fedora, RHEL: glibc-common) or the locale itself",
                name=NAME,
            )
        )
    with tempfile.TemporaryDirectory(prefix="webctp-locale-") as scratch:
        charmap, source = Path(scratch, "GB18030"), Path(scratch, "zh_CN")
        charmap.write_text("\n".join(_charmap()), "ascii")
        source.write_text(_source(), "ascii")
        command = [
            localedef,
            "--no-archive",
            "-c",
            "-f",
            str(charmap),
            "-i",
            str(source),
            str(target),
        ]
        done = subprocess.run(command, capture_output=True, text=True, check=False)
    # localedef exits 1 for warnings (the source leaves out categories that nobody reads).
    if not (target / "LC_CTYPE").is_file():
        raise LocaleError(
            english(
                "localedef could not build {name}: {found}",
                name=NAME,
                found=" ".join(done.stderr.split())[:500],
            )
        )


def _install(directory: Path) -> None:
    """Build beside the place and move into it, so that two daemons may start at once."""
    with tempfile.TemporaryDirectory(prefix=".new-", dir=directory) as scratch:
        fresh = Path(scratch, NAME)
        build(fresh)
        try:
            fresh.rename(directory / NAME)
        except OSError:
            # The other has been faster, and its locale is as good.
            if not (directory / NAME).is_dir():
                raise


def _charmap() -> Iterator[str]:
    """Yield the lines of a charmap for GB18030: every character of the basic plane."""
    yield "<code_set_name> GB18030\n<comment_char> %\n<escape_char> /"
    yield "<mb_cur_min> 1\n<mb_cur_max> 4\nCHARMAP"
    for codepoint in range(_BMP):
        if codepoint in _SURROGATES:
            continue
        encoded = chr(codepoint).encode("gb18030")
        yield f"<U{codepoint:04X}> " + "".join(f"/x{byte:02x}" for byte in encoded)
    yield "END CHARMAP\n"


def _source() -> str:
    """Return a locale source with the least that every localedef accepts."""
    days = ";".join(_symbols(str(day)) for day in range(1, 8))
    months = ";".join(_symbols(str(month)) for month in range(1, 13))
    return f"""comment_char %
escape_char /
LC_CTYPE
upper <U0041>
lower <U0061>
END LC_CTYPE
LC_COLLATE
order_start forward
UNDEFINED
order_end
END LC_COLLATE
LC_MONETARY
int_curr_symbol {_symbols("CNY ")}
currency_symbol {_symbols("¥")}
mon_decimal_point {_symbols(".")}
mon_thousands_sep ""
mon_grouping -1
positive_sign ""
negative_sign {_symbols("-")}
int_frac_digits 2
frac_digits 2
p_cs_precedes 1
p_sep_by_space 0
n_cs_precedes 1
n_sep_by_space 0
p_sign_posn 1
n_sign_posn 1
END LC_MONETARY
LC_NUMERIC
decimal_point {_symbols(".")}
thousands_sep ""
grouping -1
END LC_NUMERIC
LC_TIME
abday {days}
day {days}
abmon {months}
mon {months}
am_pm {_symbols("AM")};{_symbols("PM")}
d_t_fmt {_symbols("%F %T")}
d_fmt {_symbols("%F")}
t_fmt {_symbols("%T")}
t_fmt_ampm {_symbols("%r")}
END LC_TIME
LC_MESSAGES
yesexpr {_symbols("^[yY]")}
noexpr {_symbols("^[nN]")}
END LC_MESSAGES
"""


def _symbols(text: str) -> str:
    """``text`` as a quoted string of charmap symbols."""
    return '"' + "".join(f"<U{ord(character):04X}>" for character in text) + '"'

"""The rows of `doctor` that stand without a configuration: what webctp is installed on."""

import ctypes
import platform
import re
import sys
from collections.abc import Callable
from importlib import metadata
from time import perf_counter
from typing import Final

from webctp.commands.doctor.check import Trouble, milliseconds
from webctp.ctp import binding, locale, selftest
from webctp.ctp.catalog import Catalogue, Shape
from webctp.ctp.codec import codec_for
from webctp.ctp.runtime import PACKAGES as BINDINGS
from webctp.ctp.runtime import BindingError
from webctp.language.text import english, joined, reason_of, verbatim
from webctp.upstream.session import descriptors

_NAME: Final = re.compile(r"[A-Za-z0-9._-]+")
PYTHON: Final = (3, 11)


def python() -> str:
    """Check the interpreter's version."""
    found = f"{platform.python_version()} ({platform.machine()})"
    if sys.version_info < PYTHON:
        wanted = ".".join(map(str, PYTHON))
        raise Trouble(
            verbatim(found), f"use Python {wanted} or newer", f"请使用 Python {wanted} 或更高版本"
        )
    return found


def required() -> list[str]:
    """Return the packages that webctp requires, as its own metadata has them; not its extras."""
    lines = metadata.requires("webctp") or []
    names = (_NAME.match(line) for line in lines if "extra ==" not in line)
    return [one[0] for one in names if one is not None]


def packages() -> str:
    """Check that the packages are installed that webctp is built on."""
    found: list[str] = []
    missing: list[str] = []
    try:
        names = required()
    except metadata.PackageNotFoundError:
        names = ["webctp"]  # it runs from a directory: what it requires is not known
    for name in names:
        try:
            found.append(f"{name} {metadata.version(name)}")
        except metadata.PackageNotFoundError:
            missing.append(name)
    if missing:
        command = f"python -m pip install {' '.join(missing)}"
        raise Trouble(
            english("missing: {packages}", packages=", ".join(missing)),
            command,
            f"请安装：{command}",
        )
    return ", ".join(found)


def c_library() -> str:
    """Check the C library, which must be glibc: the CTP library is built for no other."""
    tell = getattr(ctypes.CDLL(None), "gnu_get_libc_version", None)
    if tell is None:
        raise Trouble(
            english("not glibc"),
            "the CTP library runs on glibc only: use Debian, Ubuntu, Fedora, RHEL, not Alpine",
            "CTP 库只支持 glibc：请使用 Debian、Ubuntu、Fedora、RHEL 等，而非 Alpine",
        )
    tell.restype = ctypes.c_char_p
    return f"glibc {tell().decode()}"


def file_descriptors() -> str:
    """Check the limit of open files: clients must have room above the CTP library's."""
    room = descriptors.prepare()
    if room.is_small:
        raise Trouble(
            english(
                "at most {limit}, shared by CTP and some {clients} clients",
                limit=room.limit,
                clients=room.clients,
            ),
            "raise the hard limit to 8192 or more: LimitNOFILE in systemd, ulimit -Hn",
            "请将硬限制提高到 8192 以上：systemd 的 LimitNOFILE，或 ulimit -Hn",
        )
    return english("{limit}, room for {clients} clients", limit=room.limit, clients=room.clients)


def chinese_locale() -> str:
    """Provide the locale without which the CTP library ends the process."""
    begun = perf_counter()
    try:
        origin = locale.ensure()
    except locale.LocaleError as problem:
        raise Trouble(
            reason_of(problem),
            "the message above says what to install",
            "请安装 localedef（Debian：libc-bin；RHEL：glibc-common）或 zh_CN.GB18030",
        ) from problem
    return english(
        "{name} from {origin}, {taken}", name=locale.NAME, origin=origin, taken=milliseconds(begun)
    )


def ctp_library(package: str) -> str:
    """Load the binding; name its package, its libraries' files and their own versions."""
    begun = perf_counter()
    try:
        loaded = binding.load(package)
    except BindingError as problem:
        name = BINDINGS[package].distribution
        raise Trouble(
            reason_of(problem),
            f"install {name} anew; its wheels are for Linux on x86-64",
            f"请重新安装 {name}（仅支持 Linux x86-64）",
        ) from problem
    taken = milliseconds(begun)
    libraries = (("td", loaded.td_library), ("md", loaded.md_library))
    told = (
        english("{name} {version} from {path}", name=name, version=one.version, path=one.path)
        for name, one in libraries
    )
    return joined(", ", (str(loaded), *told, taken))


def catalogue_of(made: Callable[[], Catalogue]) -> str:
    """Count what a module offers; every request must have its answer."""
    begun = perf_counter()
    catalogue = made()
    enumerations = len(catalogue.enumerations)
    taken = milliseconds(begun)
    answered = (Shape.REQUEST, Shape.SUBSCRIPTION)
    requests = [method for method in catalogue.methods.values() if method.shape in answered]
    lost = [method.name for method in requests if method.response is None]
    if lost or not requests:
        raise Trouble(
            english(
                "no answer is known for {requests}",
                requests=", ".join(lost) or english("any request"),
            ),
            "this build of openctp-ctp is unlike all known ones: use another version",
            "此 openctp-ctp 版本与已知版本不同，请换用其他版本",
        )
    return english(
        "{requests} requests, {callbacks} callbacks, {structs} structs, {enumerations} "
        "enumerations, {taken}",
        requests=len(catalogue.methods),
        callbacks=len(catalogue.callbacks),
        structs=len(catalogue.struct_names),
        enumerations=enumerations,
        taken=taken,
    )


def layouts_of(made: Callable[[], Catalogue]) -> str:
    """Hold the layout of every struct against the binding's setters and getters."""
    catalogue = made()
    codec = codec_for(catalogue.module)
    begun = perf_counter()
    report = selftest.run(catalogue, codec)
    if report.faults:
        raise Trouble(
            english(
                "{count} disagree: {faults}",
                count=len(report.faults),
                faults="; ".join(report.faults[:3]),
            ),
            "if Chinese text is at fault, install glibc's converters (RHEL: glibc-gconv-extra); "
            "else use another version of openctp-ctp",
            "若为中文问题，请安装 glibc 转换模块（RHEL：glibc-gconv-extra）；"
            "否则请换用其他版本的 openctp-ctp",
        )
    return english(
        "{fields} fields of {structs} structs agree both ways, Chinese too, {taken}",
        fields=report.fields,
        structs=report.structs,
        taken=milliseconds(begun),
    )

"""A support bundle: what whoever helps with a gateway needs to see, and no secret.

Accounts' users and clients' addresses are masked in all of it: ``U1***``, ``address-1``. The same
one is masked in the same way, so that lines about it can still be followed.
"""

import io
import json
import os
import platform
import re
import sys
import tarfile
import time
from collections.abc import Callable, Iterator, Mapping
from http.client import HTTPException
from importlib.metadata import PackageNotFoundError, version
from ipaddress import ip_address
from typing import Any, Final

from webctp import __version__
from webctp.commands.admin import ask, path_of
from webctp.commands.check import meaning_of
from webctp.commands.doctor.network import connection_to
from webctp.config import Config, ConfigError, load
from webctp.ctp import binding
from webctp.ctp.locale import LocaleError
from webctp.ctp.runtime import BindingError
from webctp.language.text import english, reason_of
from webctp.secret import Secret, mask_tokens

_PACKAGES: Final = (
    *("Twisted", "autobahn", "msgspec", "pyOpenSSL", "cryptography", "PyYAML"),
    *("prometheus-client", "service-identity", "zope.interface", "pyarrow", "uvloop"),
)
_ACTS: Final = ("sessions", "clients", "limits", "tokens", "kill", "log")
"""What is asked of a running daemon by its admin socket."""
_PAGES: Final = {"readyz.json": "/readyz", "metrics.txt": "/metrics"}
_MOST: Final = 8 * 1024 * 1024
"""Bytes of a page that are kept."""
_MODE: Final = 0o600

_ACCOUNT: Final = re.compile(
    r"account=[^:\s\]]*:([^\s\]]+)|\"account\": \"[^:\"]*:([^\"]+)\"|(?:login|session) of (\S+)"
)
"""An account's user, in a line of the log."""
_ADDRESS: Final = re.compile(
    r"(?<![\w.])\d{1,3}(?:\.\d{1,3}){3}(?![\w.])"
    r"|(?:(?<![\w.:])|(?<=tcp6:))(?:[0-9a-fA-F]{0,4}:){2,7}[0-9a-fA-F]{0,4}(?![\w.])"
)


def written(path: str, config_path: str, app_type: str | None, report: str) -> list[str]:
    """Write a bundle; return the names of what is in it.

    :param report: what doctor has said.
    :raises OSError: if it cannot be written; a file that is there already is not overwritten.
    """
    files = {"doctor.txt": report, "versions.json": _json(_versions())}
    files["configuration.json"] = _json(meaning_of(config_path, app_type).as_json("en"))
    secrets: list[Secret] = []
    try:
        config = load(config_path, app_type)
    except ConfigError as problem:
        files["daemon.txt"] = f"{reason_of(problem)}\n"
    else:
        secrets = [config.auth_code, config.md_password]
        files |= dict(_of_daemon(config))
    masked = Masking(files, secrets)
    descriptor = os.open(path, os.O_CREAT | os.O_EXCL | os.O_WRONLY, _MODE)
    with open(descriptor, "wb") as file, tarfile.open(fileobj=file, mode="w:gz") as bundle:
        for name, text in files.items():
            content = masked(text)
            entry = tarfile.TarInfo(f"webctp-bundle/{name}")
            entry.size, entry.mtime, entry.mode = len(content), int(time.time()), _MODE
            bundle.addfile(entry, io.BytesIO(content))
    return list(files)


def default_name() -> str:
    """Return what a bundle is called that is given no name."""
    return time.strftime("webctp-bundle-%Y%m%dT%H%M%SZ.tar.gz", time.gmtime())


class Masking:
    """Make a text fit for whoever helps.

    :param files: all that is packed, in which accounts and addresses are looked for.
    :param secrets: texts that may stand nowhere; where one did, stars do.
    """

    def __init__(self, files: Mapping[str, str], secrets: list[Secret]) -> None:
        self._names: dict[str, str] = {}
        for user in sorted(_users(files), key=len, reverse=True):
            self._names[user] = f"{user[:2]}***"
        self._secrets = [one.reveal() for one in secrets if one]
        self._addresses: dict[str, str] = {}

    def __call__(self, text: str) -> bytes:
        """Return the text as it is packed."""
        for secret in self._secrets:
            # As JSON has it, too.
            for form in {secret, json.dumps(secret)[1:-1]}:
                text = text.replace(form, "***")
        for user, mask in self._names.items():
            text = re.sub(rf"(?<![\w.-]){re.escape(user)}(?![\w.-])", mask, text)
        text = _ADDRESS.sub(self._address, text)
        return mask_tokens(text.encode("utf-8", "replace"))

    def _address(self, found: "re.Match[str]") -> str:
        try:
            address = ip_address(found[0])
        except ValueError:
            return found[0]  # a time, a version
        if address.is_loopback or address.is_unspecified:
            return found[0]
        return self._addresses.setdefault(found[0], f"address-{len(self._addresses) + 1}")


def _users(files: Mapping[str, str]) -> set[str]:
    """Return the users of accounts that the files speak of."""
    found = {
        one for text in files.values() for groups in _ACCOUNT.findall(text) for one in groups if one
    }
    for name in ("sessions", "clients"):
        rows = _rows(files.get(f"admin/{name}.json", ""), name)
        found |= {str(row.get("account", "")).rpartition(":")[2] for row in rows}
    return found - {""}


def _rows(text: str, name: str) -> list[Any]:
    try:
        found = json.loads(text)[name]
    except (ValueError, KeyError, TypeError):
        return []
    return found if isinstance(found, list) else []


def _versions() -> dict[str, object]:
    """Return what runs here."""
    told: dict[str, object] = {
        "webctp": __version__,
        "python": sys.version,
        "system": platform.platform(),
        "libc": " ".join(platform.libc_ver()),
        "made": time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime()),
    }
    for name in _PACKAGES:
        try:
            told[name] = version(name)
        except PackageNotFoundError:
            told[name] = None
    try:
        loaded = binding.load()
    except (LocaleError, BindingError) as problem:
        told["binding"] = str(reason_of(problem))
    else:
        told["binding"] = str(loaded)
        told["td_library"] = loaded.td_library.version
        told["md_library"] = loaded.md_library.version
    return told


def _of_daemon(config: Config) -> Iterator[tuple[str, str]]:
    """Give what a running daemon tells of itself; what it cannot be asked, and why."""
    missing = []
    for name, look in _looks(config):
        try:
            yield name, look()
        except (OSError, HTTPException, ConfigError) as problem:
            missing.append(f"{name}: {reason_of(problem)}")
    if missing:
        told = english("not asked, for no daemon answers there: ")
        yield "daemon.txt", told + "\n" + "\n".join(missing) + "\n"


def _looks(config: Config) -> Iterator[tuple[str, Callable[[], str]]]:
    for act in _ACTS:
        suffix = "txt" if act == "log" else "json"
        yield f"admin/{act}.{suffix}", lambda act=act: _admin(config, act)  # type: ignore[misc]
    for name, page in _PAGES.items():
        yield name, lambda page=page: _page(config, page)  # type: ignore[misc]


def _admin(config: Config, act: str) -> str:
    status, text = ask(path_of(config), "GET", f"/admin/{act}", None)
    if status != 200 or act != "log":
        return text
    return "\n".join(json.loads(text)["log"]) + "\n"


def _page(config: Config, page: str) -> str:
    connection = connection_to(config)
    try:
        connection.request("GET", page)
        answer = connection.getresponse()
        return answer.read(_MOST).decode("utf-8", "replace")
    finally:
        connection.close()


def _json(value: object) -> str:
    return json.dumps(value, ensure_ascii=False, indent=1) + "\n"

"""What twistd's part knows of a start: what it fails on, and which files are open to all."""

import errno
import os
import socket
import stat
from dataclasses import dataclass
from ipaddress import ip_address
from typing import Any, Final

from twisted.internet.address import IPv4Address, IPv6Address, UNIXAddress
from twisted.internet.error import CannotListenError

from webctp.config import Config, revealed, secret_file
from webctp.ctp.addresses import is_native
from webctp.language.text import Text, english, joined, verbatim

_SIMULATED: Final = ("sim://", "replay://", "paper://")
"""Addresses of fronts in this process, which ``Sim`` is for."""


class CannotStart(Exception):
    """What a start failed on, in one line; ``code`` is the process's exit code."""

    def __init__(self, reason: Text, code: int = 1) -> None:
        super().__init__(reason)
        self.code = code


def _remedy(number: int, where: str) -> Text | None:
    """Return what to do about a port that cannot be had; twistd passes 98 bytes of it on."""
    match number:
        case errno.EADDRINUSE:
            return english(
                "{where} is taken by another program; take another port: --port or Port",
                where=where,
            )
        case errno.EACCES:
            return english(
                "{where} may not be listened on; take a port of 1024 or more: --port or Port",
                where=where,
            )
        case socket.EAI_NONAME:
            return english("{where}: there is no such host or address; correct Host", where=where)
        case errno.EADDRNOTAVAIL:
            return english("{where}: this machine has no such address; correct Host", where=where)
        case _:
            return None


def cannot_listen(problem: BaseException | None) -> Text:
    """Why the daemon cannot listen, in one line with the remedy where there is one."""
    remedy = None
    if isinstance(problem, CannotListenError) and isinstance(problem.port, int):
        host = problem.interface or "0.0.0.0"
        host = f"[{host}]" if ":" in host and "[" not in host else host
        number = getattr(problem.socketError, "errno", None) or 0
        remedy = _remedy(number, f"{host}:{problem.port}")
    return verbatim(problem) if remedy is None else remedy


def place_of(address: Any) -> str:
    """Return an address that is listened on, as people write it."""
    match address:
        case IPv4Address():
            return f"{address.host}:{address.port}"
        case IPv6Address():
            return f"[{address.host}]:{address.port}"
        case UNIXAddress():
            return f"unix:{os.fsdecode(address.name or b'')}"
        case _:
            return str(address)


def try_port(config: Config) -> CannotListenError | None:
    """Listen where Host and Port say, for a moment; give what stands against it."""
    family = socket.AF_INET6 if ":" in config.host else socket.AF_INET
    with socket.socket(family) as trial:
        # As the gateway does: connections that have just ended do not hold the port.
        trial.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            trial.bind((config.host, config.port))
            trial.listen()
        except OSError as problem:
            return CannotListenError(config.host, config.port, problem)
    return None


@dataclass(frozen=True, slots=True)
class Exposure:
    """A secret that other users of this machine may read: what and where, and the remedy."""

    found: Text
    remedy: Text

    @property
    def line(self) -> Text:
        """Both, for the log."""
        return joined(": ", (self.found, self.remedy))


def exposures(path: str, config: Config) -> list[Exposure]:
    """Return what other users of this machine may read and should not."""
    found: list[tuple[str, Text]] = []
    if config.serves_td and config.auth_code and any(map(_is_real, config.td_front_address)):
        found.append((secret_file(path, "AuthCode"), english("the AuthCode in it")))
    if config.serves_md and config.md_password and any(map(_is_real, config.md_front_address)):
        found.append((secret_file(path, "MdPassword"), english("the MdPassword in it")))
    if config.tls is not None:
        found.append((config.tls.key_file, english("the private key in it")))
    return [_exposed(file, secret) for file, secret in found if _is_open(file)]


def _exposed(file: str, secret: Text) -> Exposure:
    found = english(
        "{file} can be read by every user of this machine, and so {secret}",
        file=file,
        secret=secret,
    )
    return Exposure(found, verbatim(f"chmod o= {file}"))


def open_to_all(config: Config) -> Exposure | None:
    """Return what stands open to the network: no TLS and no tokens; None for nothing."""
    if config.access is not None:
        return None
    places = [one for one in config.listen if not _is_kept(one)]
    if not config.listen and config.tls is None and not _is_loopback(config.host):
        places = [f"{config.host}:{config.port}"]
    if not places:
        return None
    found = english(
        "whoever reaches {places} may try any account, and passwords cross the network in the "
        "clear",
        places=", ".join(places),
    )
    remedy = english(
        "set TLS, and Access.Tokens (python -m webctp token add), or listen on 127.0.0.1"
    )
    return Exposure(found, remedy)


def idle_sim(config: Config) -> Text | None:
    """Return that ``Sim`` says something to nobody; None where a served front is simulated here."""
    served = (
        *(config.td_front_address if config.serves_td else ()),
        *(config.md_front_address if config.serves_md else ()),
    )
    if not revealed(config.sim) or any(one.startswith(_SIMULATED) for one in served):
        return None
    return english(
        "Sim has no effect: it is of sim://, replay:// and paper://, and the front is {addresses}; "
        "remove it, or change the address",
        addresses=", ".join(dict.fromkeys(served)),
    )


def _is_kept(endpoint: str) -> bool:
    """Return whether an endpoint of ``Listen`` is of this machine alone, or has TLS."""
    words = endpoint.split(":")
    if words[0] == "haproxy":
        words = words[1:]
    if words[0] in ("unix", "ssl", "tls"):
        return True
    at = ":".join(words).replace("\\:", "\0").partition(":interface=")[2]
    return _is_loopback(at.partition(":")[0].replace("\0", ":"))


def _is_loopback(host: str) -> bool:
    if host == "localhost":
        return True
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return False


def uses_native_library(config: Config) -> bool:
    """Return whether a front that is served is one of the native library's."""
    served = (
        (config.serves_td, config.td_front_address),
        (config.serves_md, config.md_front_address),
    )
    return any(is_native(one) for serves, fronts in served if serves for one in fronts)


def _is_real(address: str) -> bool:
    """Return whether a broker stands behind an address, whose AuthCode is a secret."""
    return is_native(address)


def _is_open(file: str) -> bool:
    try:
        return bool(os.stat(file).st_mode & stat.S_IROTH)
    except OSError:
        return False  # whoever opens it says why it cannot be

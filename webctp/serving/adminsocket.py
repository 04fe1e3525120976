"""Where administrators are listened to: ``AdminListen``, or a Unix socket of the daemon's own."""

import errno
import os
import stat
from pathlib import Path
from typing import Any, Final

from twisted.internet.endpoints import UNIXServerEndpoint
from twisted.internet.interfaces import IStreamServerEndpoint

from webctp.config import Config, ConfigError
from webctp.gateway.http.unixsocket import remove_dead
from webctp.language.text import Text, english
from webctp.listening import server_endpoint

LONGEST: Final = 103
"""Bytes of the path of a Unix socket, on every system."""


def socket_path(config: Config) -> Path:
    """Return the daemon's own socket. Two daemons of one directory serve different things."""
    return Path(config.con_file_path).absolute() / "admin" / f"{config.app_type}.sock"


def named_endpoints(reactor: Any, config: Config) -> tuple[IStreamServerEndpoint, ...]:
    """Make the endpoints that ``AdminListen`` names.

    :raises webctp.config.ConfigError: for one that cannot be made, or hides who is calling.
    """
    for one in config.admin_listen or ():
        if one.startswith("haproxy:"):
            found = english(
                "AdminListen: haproxy: hides whose process is calling; listen without it"
            )
            raise ConfigError(found, ("AdminListen",))
    return tuple(server_endpoint(reactor, one, "AdminListen") for one in config.admin_listen or ())


def own_endpoint(reactor: Any, path: Path) -> IStreamServerEndpoint:
    """Make the endpoint of the daemon's own socket; a socket left by a crash is replaced.

    Its directory is private, for a socket is open to all for a moment before its mode is set.

    :raises CannotServe: if there can be none.
    """
    if len(os.fsencode(path)) > LONGEST:
        raise CannotServe(
            english("{path} is longer than {most} bytes; set AdminListen", path=path, most=LONGEST)
        )
    folder = path.parent
    try:
        folder.mkdir(0o700, exist_ok=True)
        found = folder.lstat()
        if not stat.S_ISDIR(found.st_mode) or found.st_uid != os.geteuid():
            raise CannotServe(
                english("{path} is no directory of this user; set AdminListen", path=folder)
            )
        folder.chmod(0o700)
    except OSError as problem:
        raise CannotServe(
            english(
                "{path}: {reason}; set AdminListen", path=folder, reason=problem.strerror or problem
            )
        ) from problem
    _replace(path)
    return UNIXServerEndpoint(reactor, str(path), mode=0o600)


def _replace(path: Path) -> None:
    """Remove a socket at which nobody listens any more.

    :raises CannotServe: if somebody listens there.
    """
    try:
        remove_dead(os.fspath(path))
    except OSError as problem:
        if problem.errno == errno.EADDRINUSE:
            told = english("another daemon listens at {path}; set AdminListen", path=path)
        else:
            told = english("{path}: {reason}; set AdminListen", path=path, reason=problem)
        raise CannotServe(told) from problem


class CannotServe(Exception):
    """Why the daemon has no socket of its own for administrators."""

    def __init__(self, reason: Text) -> None:
        super().__init__(reason)

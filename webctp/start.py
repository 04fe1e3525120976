"""What twistd's part knows of a start: what it fails on, and which files are open to all."""

import os
import stat

from webctp.config import Config


class CannotStart(Exception):
    """What a start failed on, in one line; ``code`` is the process's exit code."""

    def __init__(self, reason: str, code: int = 1) -> None:
        super().__init__(reason)
        self.code = code


def exposures(path: str, config: Config) -> list[str]:
    """What any user of this machine may read and should not; a line each, with the remedy."""
    found: list[tuple[str, str]] = []
    if config.serves_td and config.auth_code and any(map(_is_real, config.td_front_address)):
        found.append((path, "the AuthCode in it"))
    if config.tls is not None:
        found.append((config.tls.key_file, "the private key in it"))
    return [
        f"{file} can be read by every user of this machine, and so {secret}: chmod o= {file}"
        for file, secret in found
        if _is_open(file)
    ]


def _is_real(address: str) -> bool:
    """Whether a broker stands behind an address, whose AuthCode is a secret."""
    return address.startswith(("tcp://", "ssl://"))


def _is_open(file: str) -> bool:
    try:
        return bool(os.stat(file).st_mode & stat.S_IROTH)
    except OSError:
        return False  # whoever opens it says why it cannot be

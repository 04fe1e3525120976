"""A daemon on wss:// alone, for holders of a token alone."""

import atexit
import contextlib
import io
import re
import shutil
from functools import cache
from pathlib import Path
from tempfile import mkdtemp

from tests.clients.python.gateways import RealGateway
from tests.gateway.http.test_tls import Authority, key_pem, pem
from webctp.commands import token

_CONFIG = """
TLS: {{CertFile: {folder}/server.pem, KeyFile: {folder}/server.key}}
Access: {{Tokens: {folder}/tokens.json}}
"""


class House:
    """The daemon, its files, and its tokens.

    ``ca.pem`` is the authority that its certificate is of, ``other.pem`` another. The tokens are
    ``bot``, for everything but orders of others, and ``quotes``, for market data.
    """

    def __init__(self) -> None:
        self.folder = Path(mkdtemp(prefix="client-tls-"))
        authority, other = Authority("the house's CA"), Authority("another CA")
        certificate, key = authority.issue("localhost")
        for name, content in (
            ("server.pem", pem(certificate)),
            ("server.key", key_pem(key)),
            ("ca.pem", pem(authority.certificate)),
            ("other.pem", pem(other.certificate)),
        ):
            (self.folder / name).write_bytes(content)
        scopes = {"bot": ("td-read", "td-trade", "md"), "quotes": ("md",)}
        self.tokens = {name: self._added(name, some) for name, some in scopes.items()}
        self._gateway = RealGateway(more=_CONFIG.format(folder=self.folder))
        self.url = self._gateway.url.replace("ws://127.0.0.1", "wss://localhost")

    def end(self) -> None:
        """End it, and remove its files."""
        self._gateway.end()
        shutil.rmtree(self.folder)

    def _added(self, name: str, scopes: tuple[str, ...]) -> str:
        """Add a token as an administrator does; return its secret."""
        out = io.StringIO()
        scoped = [word for scope in scopes for word in ("--scope", scope)]
        with contextlib.redirect_stdout(out):
            code = token.main(["add", name, "--path", str(self.folder / "tokens.json"), *scoped])
        found = re.search(r"webctp_\S+", out.getvalue())
        if code or found is None:
            raise AssertionError(f"no token was added: {out.getvalue()}")
        return found[0]


@cache
def house() -> House:
    """Return this process's house, which ends with it."""
    made = House()
    atexit.register(made.end)
    return made

"""A daemon on wss:// alone, for holders of a token alone."""

import atexit
import contextlib
import io
import re
import shutil
from collections.abc import Callable
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

_ALL = ("td-read", "td-trade", "md")
_MOST_BRIEF = 8


class House:
    """The daemon, its files, and its tokens.

    ``ca.pem`` is the authority that its certificate is of, ``other.pem`` another. The tokens are
    ``bot``, for everything but orders of others, ``quotes``, for market data, and those of
    :meth:`brief`.
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
        scopes = {"bot": _ALL, "quotes": ("md",)}
        self.tokens = {name: self._added(name, some) for name, some in scopes.items()}
        # A gateway that runs reads its file a little later, so they are there from the beginning.
        names = [f"brief{number}" for number in range(_MOST_BRIEF)]
        self._brief = [(name, self._added(name, _ALL)) for name in names]
        self._gateway = RealGateway(more=_CONFIG.format(folder=self.folder))
        self.url = self._gateway.url.replace("ws://127.0.0.1", "wss://localhost")

    def brief(self) -> tuple[str, Callable[[], object]]:
        """Return a token that only one test uses, and what revokes it."""
        name, secret = self._brief.pop()
        return secret, lambda: self._managed("revoke", name)

    def end(self) -> None:
        """End it, and remove its files."""
        self._gateway.end()
        shutil.rmtree(self.folder)

    def _added(self, name: str, scopes: tuple[str, ...]) -> str:
        """Add a token as an administrator does; return its secret."""
        scoped = [word for scope in scopes for word in ("--scope", scope)]
        said = self._managed("add", name, *scoped)
        found = re.search(r"webctp_\S+", said)
        if found is None:
            raise AssertionError(f"no token was added: {said}")
        return found[0]

    def _managed(self, command: str, name: str, *words: str) -> str:
        """Change the file of tokens as an administrator does; return what is said."""
        out = io.StringIO()
        with contextlib.redirect_stdout(out), contextlib.redirect_stderr(out):
            code = token.main([command, name, "--path", str(self.folder / "tokens.json"), *words])
        if code:
            raise AssertionError(f"token {command} {name} failed: {out.getvalue()}")
        return out.getvalue()


@cache
def house() -> House:
    """Return this process's house, which ends with it."""
    made = House()
    atexit.register(made.end)
    return made

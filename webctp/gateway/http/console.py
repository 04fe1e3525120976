"""The console: the files of the browser's page that is served at ``/``, as they were built."""

import gzip
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path
from typing import Final

from webctp.gateway.access.principal import Principal
from webctp.gateway.http.answer import Answer, asked_language
from webctp.gateway.http.head import Head
from webctp.gateway.http.site import Page
from webctp.language.text import Language, english

FOLDER: Final = Path(__file__).parents[2] / "console"
"""Where ``make console`` puts what it builds; no package, and not committed."""
INDEX: Final = "index.html"
POLICY: Final = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; "
    "connect-src 'self' ws: wss:; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
)
"""What the page may do: run and show what came with it. Sockets may lead to other gateways."""
_TYPES: Final = {
    ".html": "text/html; charset=utf-8",
    ".js": "text/javascript; charset=utf-8",
    ".css": "text/css; charset=utf-8",
    ".svg": "image/svg+xml",
}
_HEADERS: Final = (
    ("Content-Security-Policy", POLICY),
    ("Referrer-Policy", "no-referrer"),
    ("Cross-Origin-Opener-Policy", "same-origin"),
    ("Vary", "Accept-Encoding"),
)
_GZIP: Final = (("Content-Encoding", "gzip"),)


class File:
    """Serve a file of the console: whoever asks may have it, for it holds no secret."""

    def __init__(self, body: bytes, content_type: str) -> None:
        self._plain = Answer(200, body, content_type, _HEADERS)
        # Once, at the start: 300 kB take some 10 ms.
        self._packed = Answer(200, gzip.compress(body, mtime=0), content_type, _HEADERS + _GZIP)

    def __call__(self, head: Head, address: str, who: Callable[[], Principal]) -> Answer:
        """Give the file, compressed for who takes it so."""
        taken = head.fields.get("accept-encoding", "").lower()
        return self._packed if "gzip" in taken else self._plain


class NotBuilt:
    """Say at ``/`` what is served, and how the console is built.

    :param names: of the services.
    """

    def __init__(self, names: Iterable[str], language: Language) -> None:
        self._where = " ".join(f"/{name}/" for name in names)
        self._language = language

    def __call__(self, head: Head, address: str, who: Callable[[], Principal]) -> Answer:
        """Give the page, in the language that is asked for."""
        how = english(
            "the console is not built: run 'make console' in a checkout, and start the gateway "
            "again; it takes Node 20.19 or newer, or fetches it from PyPI"
        )
        said = how.in_language(asked_language(head, self._language))
        where = f"WebSocket: {self._where}\nHTTP: /healthz /readyz /openapi.yaml\n"
        return Answer(200, f"webctp\n{where}\n{said}\n")


def console_pages(
    names: Iterable[str], language: Language, folder: Path = FOLDER
) -> Mapping[str, Page]:
    """Read the console; give its pages by path, or the one that says how it is built.

    Blocks: to be called once, at the start. Files of other types than those of a page are left.
    """
    index = folder / INDEX
    if not index.is_file():
        return {"/": NotBuilt(names, language)}
    pages: dict[str, Page] = {}
    for path in sorted(folder.rglob("*")):
        content_type = _TYPES.get(path.suffix)
        if content_type is not None and path.is_file():
            place = "/" if path == index else f"/{path.relative_to(folder).as_posix()}"
            pages[place] = File(path.read_bytes(), content_type)
    return pages

"""Where a gateway's services are."""

from __future__ import annotations

from collections.abc import Mapping
from urllib.parse import urlsplit, urlunsplit

_SCHEMES = {"http": "ws", "https": "wss", "ws": "ws", "wss": "wss"}


def services(url: str, md_url: str | None = None) -> Mapping[str, str]:
    """Return the addresses of ``td`` and ``md``.

    :param url: ``ws://HOST:PORT``; one that ends with ``/td/`` or ``/md/`` is of that service.
    :param md_url: where market data is, if it is served elsewhere.
    :raises ValueError: for what is no address, with the remedy.
    """
    found = {name: _service(url, name) for name in ("td", "md")}
    if md_url is not None:
        found["md"] = _service(md_url, "md")
    return found


def _service(url: str, name: str) -> str:
    parts = urlsplit(url if "://" in url else f"ws://{url}")
    scheme = _SCHEMES.get(parts.scheme)
    if scheme is None or not parts.hostname:
        raise ValueError(f"{url!r} is no address of a gateway; it is like ws://127.0.0.1:8080")
    path = parts.path.rstrip("/")
    for known in ("/td", "/md"):
        path = path.removesuffix(known)
    return urlunsplit((scheme, parts.netloc, f"{path}/{name}/", parts.query, ""))

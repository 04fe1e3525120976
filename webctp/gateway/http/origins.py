"""Which web pages may open a WebSocket: what a browser says of them in the header Origin.

A browser lets every page open a WebSocket anywhere, and tells by Origin whose page it is. Programs
send none. Without a word in the configuration only pages of this machine are let in: those of
``localhost``, and of the very IP address at which the gateway is asked. A page of a name that was
made to lead here (DNS rebinding) has that name as its Origin, and is not.

A page of such a name may also GET, which bears no Origin: by name it asks at its own. Host has the
name then, and is checked where this machine is answered for its address alone.
"""

import re
from collections.abc import Iterable
from ipaddress import IPv4Address, IPv6Address, ip_address
from typing import Final

from twisted.internet.interfaces import IReactorTime
from twisted.logger import Logger

from webctp.gateway.access.linelimit import LineLimit
from webctp.gateway.http.head import BadHead
from webctp.language.text import Text, english

_log = Logger()

NULL: Final = "null"
"""The Origin of pages without one: opened from disk, in a sandboxed frame, `about:blank`."""

_ORIGIN: Final = re.compile(
    r"[a-z][a-z0-9+.-]*://(?:\[([0-9a-f:.]+)\]|([^\s/:\[\]]+))(?::[0-9]{1,5})?", re.IGNORECASE
)
_HOST: Final = re.compile(r"(?:\[([0-9a-f:.]+)\]|([^\s/:\[\]]+))(?::[0-9]{1,5})?", re.IGNORECASE)
_SCHEMES: Final = ("http", "https")
_SHOWN: Final = 100


class Origins:
    """The web pages that are let in.

    :param patterns: origins beside those of this machine, such as ``https://*.example.com:8443``;
        ``*`` stands for any text, but no pattern other than ``null`` itself lets ``null`` in.
    """

    def __init__(self, patterns: Iterable[str], clock: IReactorTime) -> None:
        self._lines = LineLimit(clock)
        self.take(patterns)

    def take(self, patterns: Iterable[str]) -> None:
        """Let in these from now on; WebSockets that are open stay."""
        listed = set(patterns)
        self._null = NULL in listed
        either = "|".join(re.escape(one).replace(r"\*", ".*") for one in listed - {NULL})
        self._pattern = re.compile(either or "(?!)", re.IGNORECASE)

    def check(self, origin: str | None, host: str | None) -> None:
        """Check the headers of a request; programs that are no browser send no Origin.

        :param host: the header Host.
        :raises BadHead: if the page is not let in.
        """
        if origin is None:
            return
        if origin == NULL:
            if not self._null:
                self._refuse(
                    origin,
                    english(
                        "pages opened from disk or in a sandboxed frame (Origin null) are not "
                        "let in; open the page over http, or add null to Origins"
                    ),
                )
        elif not self._pattern.fullmatch(origin) and not _is_of_this_machine(origin, host or ""):
            detail = english("this web page's Origin is not let in; add it to Origins")
            self._refuse(origin, detail)

    def check_host(self, host: str | None) -> None:
        """Check the header Host of a request that is answered for its sender's address alone.

        An IP address and ``localhost`` lead here whatever DNS says. A name does where a page of
        that name is listed.

        :raises BadHead: for any other name, to which a stranger's DNS may have led a browser.
        """
        found = _HOST.fullmatch(host or "")
        if found is not None and _place(found[1] or found[2]) is not None:
            return
        if host and any(self._pattern.fullmatch(f"{scheme}://{host}") for scheme in _SCHEMES):
            return
        for count in self._lines.take():
            _log.warn(
                "a request of this machine was refused, its Host is {host!a} ({count} refused "
                "since the last line); if that name is yours, add http://{host} to Origins",
                host=(host or "")[:_SHOWN],
                count=count,
            )
        raise BadHead(
            403,
            english(
                "the Host header is a name that is not listed; ask by IP address or localhost, "
                "or add http://NAME:PORT to Origins"
            ),
        )

    def _refuse(self, origin: str, detail: Text) -> None:
        for count in self._lines.take():
            _log.warn(
                "a web page was refused, its Origin is {origin!a} ({count} refused since the last "
                "line); if it is yours, add that to Origins",
                origin=origin[:_SHOWN],
                count=count,
            )
        raise BadHead(403, detail)


def _is_of_this_machine(origin: str, host: str) -> bool:
    """Return whether a page comes from the machine that it wants to reach, by no name but its own.

    The port may differ: another server of the same machine is as near to its files as we are.
    """
    page, here = _ORIGIN.fullmatch(origin), _HOST.fullmatch(host)
    if page is None or here is None:
        return False
    theirs, ours = _place(page[1] or page[2]), _place(here[1] or here[2])
    return theirs is not None and theirs == ours


def _place(host: str) -> IPv4Address | IPv6Address | str | None:
    """Return the address that a host stands for whatever DNS says; None where it is a name."""
    if host.lower() == "localhost":
        return "loopback"
    try:
        address = ip_address(host)
    except ValueError:
        return None
    mapped = getattr(address, "ipv4_mapped", None) or address
    return "loopback" if mapped.is_loopback else mapped

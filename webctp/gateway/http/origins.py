"""Which web pages may open a WebSocket: what a browser says of them in the header Origin."""

import re
from collections.abc import Iterable
from typing import Final

from webctp.gateway.http.head import BadHead
from webctp.language.text import english

NULL: Final = "null"
"""The Origin of pages without one: opened from disk, `about:blank`, `data:`."""


class Origins:
    """The origins that are let in.

    :param patterns: such as ``https://*.example.com:8443``; ``*`` stands for any text, but no
        pattern other than ``null`` itself lets ``null`` in.
    """

    def __init__(self, patterns: Iterable[str]) -> None:
        listed = set(patterns)
        self._null = NULL in listed
        either = "|".join(re.escape(one).replace(r"\*", ".*") for one in listed - {NULL})
        self._pattern = re.compile(either or "(?!)", re.IGNORECASE)

    def check(self, origin: str | None) -> None:
        """Check the header of a request; programs that are no browser send none.

        :raises BadHead: if the page is not let in.
        """
        if origin is None:
            return
        if origin == NULL:
            if not self._null:
                detail = english(
                    "pages opened from disk (Origin null) are not let in; open the page over "
                    "http, or add null to AllowedOrigins"
                )
                raise BadHead(403, detail)
        elif not self._pattern.fullmatch(origin):
            raise BadHead(
                403, english("this web page's Origin is not let in; add it to AllowedOrigins")
            )

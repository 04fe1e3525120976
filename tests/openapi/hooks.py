"""What schemathesis asks of us: a session for each request, and a count of what is answered.

Loaded by schemathesis itself (`SCHEMATHESIS_HOOKS`) in an environment of its own, so that nothing
else of webctp is imported here.
"""

import itertools
import json
import os
import threading
import urllib.request
from collections import Counter
from pathlib import Path
from typing import Any, Final

import schemathesis

_LOGIN: Final = "ReqUserLogin"
_USER: Final = "demo"
_ENDING: Final = ("ReqUserLogout", "ReqUserPasswordUpdate")
"""What ends a session, or its password, has accounts of its own: nobody else is cut off. A session
is kept until it has ended: one for each request met the bound of open sessions (429)."""


def _key(service: str, name: str) -> str:
    """Return what shares a session: a service's requests, or those of a request that ends one."""
    return f"{service}/{name}" if name in _ENDING else service


class Bearers:
    """The sessions that requests are made in; a new one where the one before has ended."""

    def __init__(self, url: str) -> None:
        self._url = url
        self._kept: dict[str, str] = {}
        self._lock = threading.Lock()
        self._others = itertools.count(1)

    def of(self, service: str, name: str) -> str:
        """Return the bearer of a service's session for a request."""
        key = _key(service, name)
        with self._lock:
            if key not in self._kept:
                user = f"other{next(self._others)}" if name in _ENDING else _USER
                self._kept[key] = self._login(service, user)
            return self._kept[key]

    def ended(self, service: str, name: str, bearer: str) -> None:
        """Forget a session that has ended."""
        key = _key(service, name)
        with self._lock:
            if self._kept.get(key) == bearer:
                del self._kept[key]

    def _login(self, service: str, user: str) -> str:
        request = urllib.request.Request(
            f"{self._url}/{service}/{_LOGIN}",
            json.dumps({"UserID": user, "Password": "demo"}).encode(),
            {"Content-Type": "application/json"},
        )
        with urllib.request.urlopen(request, timeout=30) as answer:
            found: str = json.load(answer)["Bearer"]["Token"]
        return found


class Count:
    """How often each status was answered, kept in a file that the runner reads."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._statuses: Counter[int] = Counter()
        self._lock = threading.Lock()

    def note(self, status: int) -> None:
        """Count an answer."""
        with self._lock:
            self._statuses[status] += 1
            self._path.write_text(json.dumps(self._statuses), "utf-8")


_BEARERS: Final = Bearers(os.environ["WEBCTP_URL"])
_COUNT: Final = Count(Path(os.environ["WEBCTP_COUNT"]))


def _place(case: Any) -> tuple[str, str]:
    """Return the service and the name of the request that a case is of."""
    _, service, name = case.operation.path.split("/", 2)
    return service, name


@schemathesis.hook
def before_call(context: Any, case: Any, kwargs: dict[str, Any]) -> None:
    """Show the bearer of the request's service, but for the login itself."""
    service, name = _place(case)
    if name != _LOGIN:
        case.headers["Authorization"] = f"Bearer {_BEARERS.of(service, name)}"


@schemathesis.hook
def after_call(context: Any, case: Any, response: Any) -> None:
    """Count the answer; log in anew where the session has ended."""
    service, name = _place(case)
    _COUNT.note(response.status_code)
    if response.status_code == 401 or (name in _ENDING and response.status_code == 200):
        shown = (case.headers or {}).get("Authorization", "")
        _BEARERS.ended(service, name, shown.removeprefix("Bearer "))

"""What a relay reports of its clients' terminals, by the rules of the regulator.

CTP wants ``RegisterUserSystemInfo`` between authentication and login of each connection (many to
many), and ``SubmitUserSystemInfo`` for each client after the operator's login (one to many): both
are kept here and said again after a reconnect. Everything runs in the reactor's thread.
"""

from collections.abc import Callable
from typing import Final

from twisted.logger import Logger

from webctp.ctp import errors
from webctp.ctp.catalog import Method
from webctp.upstream.session.chain import PreLoginCall

_log = Logger()

MOST_KEPT: Final = 5_000
"""Clients whose reports are said again after a reconnect; beyond it the oldest are forgotten."""


class Reporting:
    """Keep the reports of one session, and send them again after each reconnect.

    :param call: calls a method with its packed struct, and gives the API's return value.
    :param account: whose session it is, for the log.
    """

    def __init__(
        self, call: Callable[[Method, bytes, int], int], account: tuple[str, ...] = ()
    ) -> None:
        self._call = call
        self._account = account
        self.registered: PreLoginCall | None = None
        """What comes between authentication and login."""
        self._submitted: dict[tuple[str, object], tuple[Method, bytes]] = {}

    def register(self, method: Method, packed: bytes, on_result: Callable[[int], None]) -> None:
        """Keep a call that CTP wants between authentication and login of each connection.

        :param on_result: called once: with the return value at the next login, or with a code of
            ours where another call takes its place (-409) or the session ends before (-503).
        """
        waiting = [on_result]

        def once(result: int) -> None:
            while waiting:
                waiting.pop()(result)

        self.drop(errors.CONFLICT)
        self.registered = PreLoginCall(method, packed, once)

    def drop(self, code: int) -> None:
        """Tell whoever still waits for the kept call that it has come to nothing."""
        if self.registered is not None:
            self.registered.on_result(code)

    def submit(self, method: Method, client: object, packed: bytes) -> int:
        """Report a client now, and again after each reconnect; gives the API's return value.

        :param client: whom the report is about; a later one of the same takes its place.
        """
        result = self._call(method, packed, 0)
        key = (method.name, client)
        self._submitted.pop(key, None)
        if result == 0:
            self._submitted[key] = method, packed
            if len(self._submitted) > MOST_KEPT:
                del self._submitted[next(iter(self._submitted))]
        return result

    def repeat(self) -> None:
        """Send all reports again after another login."""
        failed = [
            (client, result)
            for (_, client), (method, packed) in self._submitted.items()
            if (result := self._call(method, packed, 0)) != 0
        ]
        if failed:
            _log.error(
                "after the reconnect {count} of {all} reports of clients' terminals were not "
                "taken, the first with {code}: {why}",
                count=len(failed),
                all=len(self._submitted),
                code=failed[0][1],
                why=errors.REPORTING.get(failed[0][1], errors.message(failed[0][1])),
                account=self._account,
            )

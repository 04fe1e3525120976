"""What a trading session logs in with: a client's login, then the password for recoveries."""

import hmac
from collections.abc import Callable, Mapping
from typing import Any, Final

from webctp.ctp.catalog import Catalogue, Method
from webctp.ctp.codec import codec_for
from webctp.upstream.account import AccountKey
from webctp.upstream.session.chain import Chain
from webctp.upstream.session.gate import ONCE, Credentials
from webctp.upstream.trading.context import PasswordObserver

LOGIN: Final = "ReqUserLogin"

ChainOf = Callable[[Method, Mapping[str, Any]], Chain]
"""Makes the chain of a login, of its request and the body that a client gives."""


class SessionCredentials:
    """Keep what one session logs in with, and recover with the password that holds.

    What serves once (a one-time password, a captcha) is dropped as soon as a login is accepted.
    Where the answer to a change of the password was lost, either password may hold: a recovery
    tries one, then the other, once each. All methods run in the reactor's thread.

    :param chain_of: makes the chain of a login.
    :param recover_with: takes the chain of the recoveries to come.
    :param observer: takes what becomes of the password, for the account's other sessions.
    """

    def __init__(
        self,
        catalogue: Catalogue,
        account: AccountKey,
        chain_of: ChainOf,
        recover_with: Callable[[Chain], object],
        observer: PasswordObserver,
    ) -> None:
        self._account = account
        self._chain_of = chain_of
        self._recover_with = recover_with
        self._observer = observer
        self._method = catalogue.methods[LOGIN]
        struct = self._method.request_struct
        self._fields = codec_for(catalogue.module).layout(struct).by_name
        self._body: dict[str, Any] = {}
        self._once = ""
        self._doubted: tuple[str, str] | None = None
        """The old password and the new one, while it is not known which of them holds."""
        self._untried = ""
        self.is_plain = False
        """Whether the last login showed a password and nothing else to check."""

    @property
    def user_id(self) -> str:
        """The user that logs in."""
        return self._account.user_id

    @property
    def password(self) -> str:
        """The password that the front last accepted, or that it is asked about now."""
        return self._body.get("Password") or ""

    def shown(self) -> Credentials:
        """Return what the next step of a login shows to the front."""
        return Credentials(self.password, self._once)

    def begin(self, method: Method, body: Mapping[str, Any]) -> Chain:
        """Take a client's login; return its chain."""
        # Recoveries log in plainly, whatever this login was asked with.
        self._body = {name: value for name, value in body.items() if name in self._fields}
        self._doubted, self._untried = None, ""
        self._once = Credentials.of(body).once
        self.is_plain = method.name == LOGIN and not self._once
        return self._chain_of(method, body)

    def accepted(self) -> None:
        """Note that the front has let the session in: recoveries show the password alone."""
        self._plan_recovery()

    def change(self, old: str, new: str) -> None:
        """Note that the front has accepted another password from this session."""
        self._body["Password"] = new
        self._plan_recovery()
        self._observer.on_password_changed(self._account, old, new)

    def changed_elsewhere(self, old: str, new: str) -> None:
        """Note that another session has changed the password; recover with the new one.

        Without effect on a session that does not have the old one.
        """
        if self._doubted in ((old, new), (new, old)):
            self._doubted, self._untried = None, ""
        if self._is(old):
            self._body["Password"] = new
            self._plan_recovery()

    def doubt(self, old: str, new: str) -> None:
        """Note that the answer to a change of this session's was lost."""
        self.doubted_elsewhere(old, new)
        self._observer.on_password_doubted(self._account, old, new)

    def doubted_elsewhere(self, old: str, new: str) -> None:
        """Note that the answer to a change was lost: recover with either password, once each.

        Without effect on a session that does not have the old one.
        """
        if self._is(old):
            self._doubted, self._untried = (old, new), new

    def next_chain(self) -> Chain | None:
        """Return the login with the other of two passwords that may hold; None if it was tried."""
        if not self._untried:
            return None
        self._body["Password"], self._untried = self._untried, ""
        return self._chain_of(self._method, self._body)

    def settle(self) -> None:
        """Note that the session is ready: of two passwords the one it showed holds."""
        doubted, self._doubted, self._untried = self._doubted, None, ""
        if doubted is not None:
            wrong = doubted[0] if self.password == doubted[1] else doubted[1]
            self._observer.on_password_changed(self._account, wrong, self.password)

    def _plan_recovery(self) -> None:
        self._once = ""
        for name in ONCE:
            self._body.pop(name, None)
        self._recover_with(self._chain_of(self._method, self._body))

    def _is(self, password: str) -> bool:
        return hmac.compare_digest(self.password.encode(), password.encode())

"""The steps of a trading session's login: authentication, login, confirmation of the settlement."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any, Final

from webctp.config.trading import TradingSettings
from webctp.ctp.catalog import Catalogue, Method
from webctp.ctp.codec import Codec, Layout, codec_for
from webctp.language.text import NOTHING, Text, english
from webctp.upstream.account import AccountKey
from webctp.upstream.session.chain import Chain, PreLoginCall, Step
from webctp.upstream.session.confirming import Confirmation
from webctp.upstream.session.gate import ONCE
from webctp.upstream.session.login import LoginState

_AUTHENTICATED: Final = "CThostFtdcRspAuthenticateField"
_OPERATOR_RELAY: Final = "3"
"""``THOST_FTDC_APP_TYPE_OperatorRelay``: all clients share an operator's connection."""
_CENTRES: Final = ("LoginDRIdentityID", "UserDRIdentityID")


class LoginSteps:
    """Make the chain of each login of one session. Runs in the reactor's thread.

    :param registered: returns what CTP wants called between authentication and login.
    :param confirmation: confirms for an operator's investors where the user is none.
    :param on_relay: takes, from each authentication, whether CTP takes the program for a
        one-to-many relay.
    """

    def __init__(
        self,
        catalogue: Catalogue,
        settings: TradingSettings,
        account: AccountKey,
        *,
        registered: Callable[[], PreLoginCall | None],
        confirmation: Confirmation,
        on_relay: Callable[[bool], object],
    ) -> None:
        self._catalogue = catalogue
        self._codec: Codec = codec_for(catalogue.module)
        self._settings = settings
        self._account = account
        self._registered = registered
        self._confirmation = confirmation
        self._on_relay = on_relay

    def chain(self, method: Method, body: Mapping[str, Any]) -> Chain:
        """Return the steps of a login; brokers without authentication have no AuthCode to send.

        :param method: ``ReqUserLogin`` or one of its relatives; ``body`` is of its struct.
        :raises webctp.ctp.codec.CodecError: if the body does not fit its struct.
        """
        settings = self._settings
        broker_id, user_id = self._account
        user = {"BrokerID": broker_id, "UserID": user_id}
        product = {"UserProductInfo": settings.user_product_info}
        chain = {}
        if settings.auth_code or settings.app_id:
            code = {"AuthCode": settings.auth_code.reveal(), "AppID": settings.app_id}
            step = self._step("ReqAuthenticate", user | product | code)
            chain[LoginState.AUTHENTICATING] = replace(
                step, optional=settings.is_authentication_optional, on_accepted=self._authenticated
            )
        login = product | {name: value for name, value in body.items() if value is not None} | user
        chain[LoginState.LOGGING_IN] = replace(
            self._step(method.name, login),
            first=self._registered(),
            once=any(body.get(name) for name in ONCE),
        )
        if settings.confirms_settlement:
            investor = {"BrokerID": broker_id, "InvestorID": user_id}
            step = self._step("ReqSettlementInfoConfirm", investor)
            chain[LoginState.CONFIRMING] = replace(step, instead=self._confirmation.instead)
        return chain

    def _step(self, name: str, body: Mapping[str, Any]) -> Step:
        method = self._catalogue.methods[name]
        return Step(method, self._codec.layout(method.request_struct).pack(body))

    def _authenticated(self, body: bytes | None) -> None:
        """Note what CTP takes the program for.

        A one-to-many relay must not log in again on a connection that has refused its password,
        or CTP takes no reports of its clients there.
        """
        if body is not None:
            app_type = self._codec.layout(_AUTHENTICATED).text(body, "AppType")
            self._on_relay(app_type == _OPERATOR_RELAY)


def wrong_centre(layout: Layout, body: bytes) -> Text:
    """Return a warning where the front is not of the user's centre: orders are refused there.

    :param layout: that of RspUserLogin, of which ``body`` is one. Bindings without the fields
        give no warning.
    """
    if not layout.by_name.keys() >= set(_CENTRES):
        return NOTHING
    front, user = (int(layout.value(body, name)) for name in _CENTRES)
    if front == user or not user:
        return NOTHING
    return english(
        "the front is of centre {front} (LoginDRIdentityID), the user of {user} "
        "(UserDRIdentityID): orders are refused here; use the fronts of the user's own centre",
        front=front,
        user=user,
    )

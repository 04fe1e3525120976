"""The confirmation of the settlement where the user is no investor, but an operator of several.

CTP wants the statement of each investor confirmed, once a trading day, before orders
(REQSETTLEMENTINFOCONFIRM). A user whose own confirmation is refused because there is no such
investor has its investors asked for, and theirs are confirmed one after the other. Everything
runs in the reactor's thread.
"""

from collections.abc import Callable
from typing import Final

from webctp.ctp import errors
from webctp.ctp.catalog import Catalogue
from webctp.ctp.codec import codec_for
from webctp.upstream.session.reply import OnReply, Reply
from webctp.upstream.session.session import FrontSession

_QUERY: Final = "ReqQryInvestor"
_CONFIRM: Final = "ReqSettlementInfoConfirm"
_INVESTOR: Final = "CThostFtdcInvestorField"
NO_INVESTOR: Final = frozenset({9, 13})
"""Refusals that say that the user is no investor: it has no right to it, or there is none."""


class Confirmation:
    """Confirm the settlement for the investors of one session's user.

    :param session: sends its requests.
    :param on_investors: takes the investors once the statements of all are confirmed.
    """

    def __init__(
        self,
        catalogue: Catalogue,
        broker_id: str,
        session: FrontSession,
        on_investors: Callable[[list[str]], object],
    ) -> None:
        self._catalogue = catalogue
        self._codec = codec_for(catalogue.module)
        self._broker_id = broker_id
        self._session = session
        self._on_investors = on_investors

    def instead(self, code: int, on_decided: OnReply) -> bool:
        """Confirm for the user's investors where the user is none: its own was refused."""
        if code not in NO_INVESTOR:
            return False
        investors: list[str] = []
        layout = self._codec.layout(_INVESTOR)
        refusal = self._session.info(code)

        confirmed = self._catalogue.callbacks["OnRspSettlementInfoConfirm"]

        def on_investor(reply: Reply) -> None:
            if reply.body is not None and reply.callback.struct == _INVESTOR:
                investors.append(layout.text(reply.body, "InvestorID"))
            if self._session.error_of(reply.info):
                on_decided(reply)
            elif reply.is_last and investors:
                self._confirm(investors, 0, on_decided)
            elif reply.is_last:
                on_decided(Reply(confirmed, None, refusal, True))

        self._send(_QUERY, {"BrokerID": self._broker_id}, on_investor, on_decided)
        return True

    def _confirm(self, investors: list[str], at: int, on_decided: OnReply) -> None:
        def on_confirmed(reply: Reply) -> None:
            if self._session.error_of(reply.info) == 0 and at + 1 < len(investors):
                self._confirm(investors, at + 1, on_decided)
                return
            if self._session.error_of(reply.info) == 0:
                self._on_investors(investors)
            on_decided(reply)

        body = {"BrokerID": self._broker_id, "InvestorID": investors[at]}
        self._send(_CONFIRM, body, on_confirmed, on_decided)

    def _send(
        self, name: str, body: dict[str, str], on_reply: OnReply, on_decided: OnReply
    ) -> None:
        method = self._catalogue.methods[name]
        packed = self._codec.layout(method.request_struct).pack(body)
        if self._session.request(method, packed, on_reply) != 0:
            # The API takes nothing now: the session repeats the whole step a little later.
            busy = self._session.info(min(errors.QUERY_BUSY))
            on_decided(Reply(method.reply, None, busy, True))

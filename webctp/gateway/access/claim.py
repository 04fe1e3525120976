"""Who logs in, and what a login brings to be let in to a living session without the front."""

import re
from dataclasses import dataclass, field
from typing import Final

from webctp.ctp import errors
from webctp.ctp.refusal import Refusal
from webctp.gateway.messages.schema import Request
from webctp.language.text import english
from webctp.upstream.account import AccountKey
from webctp.upstream.session.gate import Credentials

PLAIN_LOGIN: Final = "ReqUserLogin"
_ACCOUNT: Final = re.compile(r"[0-9A-Za-z_.@-]*")
_SHOWN: Final = 32


@dataclass(frozen=True, slots=True)
class Claim:
    """The part of a login's request that speaks for its client.

    ``credentials`` are what the front would judge. ``plain`` says whether the password is all
    there is to judge: a one-time password, a captcha or a text only the front can. ``token`` is
    the session's own secret (``ResumeToken``), ``seq`` the last push that the client saw.
    """

    credentials: Credentials
    plain: bool = True
    token: str = field(default="", repr=False)
    seq: int | None = None

    @property
    def password(self) -> str:
        """The password."""
        return self.credentials.password

    @classmethod
    def of(cls, request: Request) -> "Claim":
        """Read the claim of a login's request."""
        resume = request.options.get("Resume")
        credentials = Credentials.of(request.body)
        return cls(
            credentials,
            plain=request.method.name == PLAIN_LOGIN and not credentials.once,
            token=(resume.ResumeToken or "") if resume is not None else "",
            seq=resume.Seq if resume is not None else None,
        )


def account_of(broker_id: str, user_id: str) -> AccountKey:
    """Return the account of a login; nothing else of a client's names a session.

    :raises webctp.ctp.refusal.Refusal: naming what can be no part of an account's name.
    """
    if not user_id:
        raise Refusal(errors.BAD_REQUEST, english("UserID is missing; say who logs in"))
    for name, value in (("BrokerID", broker_id), ("UserID", user_id)):
        if not _ACCOUNT.fullmatch(value):
            detail = english(
                "{name} {value!a} is no account of CTP's; "
                "it is written in letters, digits, '_', '-', '.' and '@'",
                name=name,
                value=value[:_SHOWN],
            )
            raise Refusal(errors.BAD_REQUEST, detail)
    return AccountKey(broker_id, user_id)

"""What a login brings to be let in to a living session, without the front being asked."""

from dataclasses import dataclass, field
from typing import Final

from webctp.gateway.messages.schema import Request
from webctp.upstream.session.gate import Credentials

PLAIN_LOGIN: Final = "ReqUserLogin"


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

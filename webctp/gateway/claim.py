"""What a login brings to be let in to a living session, without the front being asked."""

from dataclasses import dataclass, field
from typing import Final

from webctp.gateway.schema import Request

PLAIN_LOGIN: Final = "ReqUserLogin"


@dataclass(frozen=True, slots=True)
class Claim:
    """The part of a login's request that speaks for its client.

    ``plain`` says whether the password is all there is to check: a one-time password, a captcha
    or a text can be checked by the front only. ``token`` is the session's own secret
    (``ResumeToken``), ``resumes`` whether the client was here before, ``seq`` the last push that
    it saw.
    """

    password: str = field(repr=False)
    plain: bool = True
    token: str = field(default="", repr=False)
    resumes: bool = False
    seq: int | None = None

    @classmethod
    def of(cls, request: Request) -> "Claim":
        """Read the claim of a login's request."""
        resume = request.words.get("Resume")
        body = request.body
        return cls(
            password=body.get("Password") or "",
            plain=request.method.name == PLAIN_LOGIN and not body.get("OneTimePassword"),
            token=(resume.ResumeToken or "") if resume is not None else "",
            resumes=resume is not None,
            seq=resume.Seq if resume is not None else None,
        )

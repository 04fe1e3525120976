"""The one way to say no: a code of :mod:`webctp.ctp.errors`, and a sentence for whoever asked."""

from typing import cast

from twisted.python.failure import Failure

from webctp.language.text import Text


class Refusal(Exception):
    """A request that is not carried out.

    A subclass exists only where somebody must tell it apart from the others.

    :param code: the ErrorID of the answer: one of the gateway's (negative), or CTP's own.
    :param detail: names the field, what was found and the remedy; it holds no secret. A
        :func:`~webctp.language.text.english`, for clients read English or Chinese.
    """

    def __init__(self, code: int, detail: Text) -> None:
        self.code = code
        self.detail = detail
        super().__init__(detail)


def refusal_of(failure: Failure) -> Refusal:
    """Return the refusal that a failure holds; anything else is raised again."""
    failure.trap(Refusal)
    return cast(Refusal, failure.value)

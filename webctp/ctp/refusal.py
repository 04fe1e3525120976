"""The one way to say no: a code of :mod:`webctp.ctp.errors`, and a sentence for whoever asked."""

from typing import Self, cast

from twisted.python.failure import Failure

from webctp.language.text import Text


class Limited(Text):
    """A sentence about a limit that was met, with its numbers for programs.

    Whatever is put together of it is plain text again.
    """

    __slots__ = ("limit", "retry_after")

    limit: int | None
    retry_after: float | None

    @classmethod
    def of(cls, text: Text, *, limit: int | None = None, retry_after: float | None = None) -> Self:
        """Return a sentence with its numbers.

        :param limit: how many are allowed; None where the sentence is about no number.
        :param retry_after: seconds until it is worth asking again; None where no time helps, and
            the sentence says what does.
        """
        made = cls(str.__str__(text), parts=(text,))
        made.limit, made.retry_after = limit, retry_after
        return made


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

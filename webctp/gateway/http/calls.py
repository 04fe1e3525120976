"""What a connection and an API on it need of each other."""

from typing import Any, Protocol

from webctp.gateway.access.rate import MessageRate
from webctp.gateway.http.answer import Answer
from webctp.gateway.http.head import BadHead, Head, Taken
from webctp.language.text import Language


class Caller(Protocol):
    """The connection that a request of an API has come by, as the API sees it."""

    transport: Any
    rate: MessageRate | None
    """What bounds its requests that belong to no session; the API sets it."""

    @property
    def address(self) -> str:
        """The client's address as connections are counted."""

    def reply(self, answer: Answer) -> None:
        """Answer the request."""

    def stream(self, head: bytes) -> None:
        """Answer with what has no end, which is written to the transport from now on."""

    def end(self) -> None:
        """Close the connection when the client has read what it was sent, or after a moment."""

    def abort(self) -> None:
        """Drop the connection."""


class Call(Protocol):
    """A request of an API, from its head until its answer is written."""

    def begin(self, body: bytes) -> None:
        """Carry it out; the caller is given the answer now or later."""

    def written(self) -> None:
        """Take note that the client has been given the whole answer."""

    def gone(self) -> None:
        """Leave off: the connection is closed."""


class Api(Protocol):
    """An API beside the pages of a port."""

    def serves(self, path: str) -> bool:
        """Return whether a path is the API's."""

    def taken(self, path: str) -> Taken:
        """Return what is taken at one of its paths."""

    def call(self, head: Head, caller: Caller) -> Call:
        """Begin with a request whose head has come.

        :raises BadHead: if it is refused, before its body is read.
        """

    def refusal(self, problem: BadHead, language: Language) -> Answer:
        """Give the answer that says why a request is refused."""

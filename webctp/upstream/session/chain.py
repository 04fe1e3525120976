"""The chain of a login: its steps, each a request that the front must accept."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Final, NamedTuple

from webctp.ctp.catalog import Method
from webctp.language.text import english
from webctp.upstream.session.login import LoginState
from webctp.upstream.session.reply import OnReply


class PreLoginCall(NamedTuple):
    """A call that CTP wants right before the login, and that no callback answers.

    ``body`` is the packed struct; ``on_result`` takes the API's return value.
    """

    method: Method
    body: bytes
    on_result: Callable[[int], None]


SERVES_ONCE: Final = english(
    "the line broke before the front's answer, and a one-time password or captcha serves once; "
    "log in again with a new one"
)
"""Why a step whose answer was lost is not repeated (``Step.once``)."""


@dataclass(frozen=True, slots=True)
class Step:
    """A request of the login chain: its method and its packed struct.

    ``first`` is a call without an answer that must come right before it (the terminal's system
    information, between authentication and login), and who is told its return value. ``once``
    says that the body holds what serves once (a one-time password, a captcha): such a step is
    never sent twice. A refusal of an ``optional`` step does not end the login. ``instead`` may take
    the place of a refused one: it is given the refusal's code and what takes the reply that
    decides instead, and says whether it does. ``on_accepted`` takes the body of its answer, where
    the front accepts it.
    """

    method: Method
    body: bytes = field(repr=False)  # it holds the password
    first: PreLoginCall | None = field(default=None, repr=False)
    once: bool = False
    optional: bool = False
    instead: Callable[[int, OnReply], bool] | None = field(default=None, repr=False)
    on_accepted: Callable[[bytes | None], object] | None = field(default=None, repr=False)


Chain = Mapping[LoginState, Step]
"""The steps of a login, in order."""

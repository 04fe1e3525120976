"""What a client may ask of its ticks: fewer fields, fewer ticks, bars in their place.

The words stand beside MsgType, at login for everything that is subscribed later, or at a
subscription for its instruments: ``Fields``, ``IntervalMs``, ``Bars``, ``Stale``, ``Changes``.
``History`` asks a subscription to begin with bars of the past.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace
from typing import Annotated, Any, Final

import msgspec

from webctp.ctp import errors
from webctp.ctp.catalog import Method
from webctp.ctp.refusal import Refusal
from webctp.exchanges.bars import period_minutes
from webctp.gateway.messages.changes import CHANGES
from webctp.gateway.messages.schema import nearest
from webctp.gateway.messages.timing import TIMING
from webctp.language.text import english

_SUBSCRIBE: Final = "SubscribeMarketData"
HISTORY: Final = "History"
MOST_HISTORY: Final = 10_000
"""Bars of the past that one subscription may begin with."""
_SHOWN: Final = 64
_MOST_PERIODS: Final = 16
_INSTRUMENT: Final = "InstrumentID"


def market_options(method: Method) -> Mapping[str, Any]:
    """Return the options that a method's requests may have, each with its type."""
    if method.name not in ("ReqUserLogin", _SUBSCRIBE):
        return {}
    words: dict[str, Any] = {
        "Fields": list[str],
        "IntervalMs": Annotated[int, msgspec.Meta(ge=0, le=3_600_000)],
        "Bars": list[str],
        "Stale": bool,
        CHANGES: bool,
    }
    if method.name != _SUBSCRIBE:
        words[TIMING] = bool
    else:
        words[HISTORY] = Annotated[int, msgspec.Meta(ge=0, le=MOST_HISTORY)]
    return words


@dataclass(frozen=True, slots=True)
class StreamSpec:
    """One stream of messages of one instrument; who asks for the same shares its encoding.

    Ticks with just ``fields`` (None for all), or bars of ``period``; at most one in ``interval``
    seconds. ``stale`` ticks, which the front tells again, are a stream of their own, and so is
    what a client gets of a contract as the ``main`` one of its product (``@rb``). With ``changes``
    messages say what has changed only; stale ticks are always whole.
    """

    fields: tuple[str, ...] | None = None
    period: str = ""
    interval: float = 0.0
    stale: bool = False
    main: str = ""
    changes: bool = False


WHOLE_TICKS: Final[tuple[StreamSpec, ...]] = (StreamSpec(),)
"""The streams of a client that has asked for no others."""


def stream_specs(
    options: Mapping[str, Any], known: Collection[str]
) -> tuple[StreamSpec, ...] | None:
    """Return the streams that a request's options ask for; None where it has no options.

    :param known: the fields of a tick, in order.
    :raises Refusal: naming the word that cannot be.
    """
    if options.keys() <= {HISTORY, TIMING}:
        return None
    interval = options.get("IntervalMs", 0) / 1000
    periods = options.get("Bars")
    stale = options.get("Stale", False)
    changes = options.get(CHANGES, False)
    if not periods:
        fields = _fields(options.get("Fields"), known)
        news = StreamSpec(fields, "", interval, changes=changes)
        return (news, replace(news, stale=True, changes=False)) if stale else (news,)
    if "Fields" in options:
        raise Refusal(
            errors.BAD_REQUEST, english("Fields are a tick's; bars have no choice of them")
        )
    if stale:
        raise Refusal(
            errors.BAD_REQUEST, english("Stale is for ticks; no bar is made of stale ones")
        )
    if len(periods) > _MOST_PERIODS:
        raise Refusal(
            errors.BAD_REQUEST, english("Bars names more than {most} periods", most=_MOST_PERIODS)
        )
    for period in periods:
        try:
            period_minutes(period[:_SHOWN])
        except ValueError:
            raise Refusal(
                errors.BAD_REQUEST,
                english(
                    "Bars: {period!r} is no period; write minutes (5m), hours (1h) or 1d",
                    period=period[:_SHOWN],
                ),
            ) from None
    periods = dict.fromkeys(periods)
    return tuple(StreamSpec(None, one, interval, changes=changes) for one in periods)


def _fields(wanted: list[str] | None, known: Collection[str]) -> tuple[str, ...] | None:
    if not wanted:
        return None
    for name in wanted:
        if name not in known:
            hint = nearest(name, known)
            raise Refusal(
                errors.BAD_REQUEST,
                english("Fields: no field {name!a} in a tick{hint}", name=name[:_SHOWN], hint=hint),
            )
    # Which instrument a tick is of must always be told.
    return tuple(name for name in known if name in wanted or name == _INSTRUMENT)

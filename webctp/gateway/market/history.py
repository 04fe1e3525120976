"""Past bars: the bars that ``History`` names, kept in memory, and the request that asks for them.

The gateway watches them itself from its start on, whether or not a client does, so that a program
that starts later need not wait for as many bars as it looks back on. ``ReqQryBar`` is a request of
the gateway's own: CTP has none.
"""

from collections import deque
from collections.abc import Callable, Collection, Iterator, Mapping
from functools import partial
from typing import Annotated, Final

import msgspec
from msgspec import Raw
from twisted.logger import Logger

from webctp.config.sections import HistoryConfig
from webctp.ctp import errors
from webctp.ctp.refusal import Refusal
from webctp.gateway.market import barstream
from webctp.gateway.messages import own
from webctp.gateway.messages.schema import BadMessage, Message, nearest, word
from webctp.language.text import Text, english
from webctp.upstream.market.bars import Bar
from webctp.upstream.market.instruments import is_pattern, matches

_log = Logger()

PAST_BARS: Final = "ReqQryBar"
_BODY: Final = "QryBar"
_ANSWER: Final = "RspQryBar"
_KEYS: Final = ("MsgType", "RequestID", _BODY)
MOST_BARS: Final = 200_000
"""Bars that are kept in all, some 80 MB; what needs more series than that is told in the log."""
_json = msgspec.json.Encoder().encode


class QryBar(msgspec.Struct, forbid_unknown_fields=True):
    """A client's request for the newest ``Count`` bars; all that are kept where left out."""

    InstrumentID: str
    Period: str
    Count: Annotated[int, msgspec.Meta(ge=1, le=2_000)] | None = None


class BarHistory:
    """Keep bars. To the hub it is a client like others, one that is sent nothing."""

    outbox = None

    def __init__(self, settings: HistoryConfig) -> None:
        self._settings = settings
        self.instruments = [name.encode("gbk") for name in settings.instruments]
        """The instruments and patterns that the history subscribes to."""
        self._patterns = [name for name in self.instruments if is_pattern(name)]
        self._names = frozenset(self.instruments).difference(self._patterns)
        self._kept: dict[tuple[bytes, str], deque[bytes]] = {}
        self._whole: set[tuple[bytes, str]] = set()
        self._is_full = False

    def specs_of(self, name: bytes) -> tuple[()]:
        """Return no streams: the history is sent nothing."""
        return ()

    def refuse(self, msg_type: str, code: int, detail: Text, request_id: int) -> None:
        """Take what the hub tells a client: it would have too many instruments."""
        _log.warn("History: {detail}", detail=detail)

    def keepers(self, name: bytes) -> Mapping[str, Callable[[Bar], None]]:
        """Return what takes the closed bars of an instrument, by period; nothing to be kept."""
        if name not in self._names and not any(matches(one, name) for one in self._patterns):
            return {}
        return {
            period: partial(self._keep, (name, period))
            for period in self._settings.periods
            if self._has_room((name, period))
        }

    def _has_room(self, series: tuple[bytes, str]) -> bool:
        if series in self._kept:
            return True
        if (len(self._kept) + 1) * self._settings.bars > MOST_BARS:
            if not self._is_full:
                self._is_full = True
                _log.warn(
                    "History: {count} series of {bars} bars are kept, and no more; name fewer "
                    "instruments or periods, or lower Bars",
                    count=len(self._kept),
                    bars=self._settings.bars,
                )
            return False
        self._kept[series] = deque(maxlen=self._settings.bars)
        return True

    def _keep(self, series: tuple[bytes, str], bar: Bar) -> None:
        """Keep a closed bar; the first of a series only if it holds all of its time."""
        if series not in self._whole:
            self._whole.add(series)
            if not bar.span.opens_day:
                return
        self._kept[series].append(_json(barstream.body(bar, series[1])))

    def bars(self, asked: QryBar) -> Collection[bytes]:
        """Return the bars asked for as JSON, the oldest first.

        :raises Refusal: if such bars are not kept.
        """
        periods, names = self._settings.periods, self._settings.instruments
        if asked.Period not in periods:
            raise Refusal(
                errors.BAD_REQUEST,
                english(
                    "Period {period!a} is not kept; History keeps {listed}",
                    period=asked.Period[:16],
                    listed=", ".join(periods),
                ),
            )
        name = asked.InstrumentID.encode("gbk", "replace")
        kept = self._kept.get((name, asked.Period))
        if kept is None:
            if name in self._names or any(matches(one, name) for one in self._patterns):
                return ()  # it has not ticked yet
            raise Refusal(
                errors.BAD_REQUEST,
                english(
                    "InstrumentID {name!a} is not kept; History names {listed}",
                    name=asked.InstrumentID[:32],
                    listed=", ".join(names[:8]) + (" …" if len(names) > 8 else ""),
                ),
            )
        count = asked.Count or len(kept)
        return list(kept)[-count:]


def read_query(message: Message, request_id: int) -> QryBar:
    """Check a ``ReqQryBar``.

    :raises BadMessage: naming the field and what is wanted.
    """
    try:
        for name in message:
            if name not in _KEYS:
                raise BadMessage(
                    english(
                        "unknown field {name!a}{hint}", name=name[:64], hint=nearest(name, _KEYS)
                    )
                )
        body = message.get(_BODY)
        fields = QryBar.__struct_fields__
        for name in body if type(body) is dict else ():
            if name not in fields:
                hint = nearest(name, fields)
                raise BadMessage(
                    english(
                        "unknown field {name!a} in {body}{hint}",
                        name=name[:64],
                        body=_BODY,
                        hint=hint,
                    )
                )
        return word(_BODY, {} if body is None else body, QryBar)  # type: ignore[no-any-return]
    except BadMessage as problem:
        raise BadMessage(problem.detail, PAST_BARS, request_id) from None


def answer_past_bars(
    history: BarHistory | None, message: Message, request_id: int
) -> Iterator[bytes]:
    """Answer a ``ReqQryBar``: a message for each bar, or one whose ``Bar`` is null.

    :raises BadMessage: for one that is not as it should be.
    :raises Refusal: if no such bars are kept.
    """
    asked = read_query(message, request_id)
    if history is None:
        raise Refusal(
            errors.BAD_REQUEST,
            english("{request} needs bars that are kept; configure History", request=PAST_BARS),
        )
    bars = history.bars(asked) or (b"null",)
    for left, bar in zip(range(len(bars) - 1, -1, -1), bars, strict=True):
        answer = own.RspQryBar(IsLast=not left, RequestID=request_id, Bar=Raw(bar))
        yield own.encode(answer)

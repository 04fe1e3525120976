"""What a client may have meant by a request that is nearly right, for the Detail of the answer."""

from collections.abc import Callable, Iterator, Mapping
from itertools import islice
from typing import Any, Final

from webctp.ctp import errors
from webctp.ctp.catalog import Catalogue, EnumerationValue, Field, Method
from webctp.language.text import NOTHING, Text, english, joined
from webctp.upstream.orders.keys import ORDER_FIELD_CODES
from webctp.upstream.session.reply import Reply
from webctp.upstream.trading.observers import PASSWORD_UPDATE

OWN: Final = {"ReqQryBar": "/md/", "QryInstruments": "/md/", "QryTicks": "/md/"}
"""The requests of the gateway's own, by their path."""
_MOST_VALUES: Final = 12
_COMBINED: Final = "Comb"
"""``TThostFtdcCombOffsetFlagType`` holds values of ``TThostFtdcOffsetFlagType``, one for a leg."""
_ALWAYS: Final = ("InstrumentID", "VolumeTotalOriginal")
"""Fields without values of their own that an order lacks at its peril."""

MEANT: Final[Mapping[str, tuple[str, ...]]] = {
    "price": ("LimitPrice",),
    "volume": ("VolumeTotalOriginal", "Volume"),
    "quantity": ("VolumeTotalOriginal", "Volume"),
    "qty": ("VolumeTotalOriginal", "Volume"),
    "lots": ("VolumeTotalOriginal", "Volume"),
    "amount": ("VolumeTotalOriginal", "TradeAmount"),
    "side": ("Direction",),
    "offset": ("CombOffsetFlag", "OffsetFlag"),
    "offsetflag": ("CombOffsetFlag",),
    "openclose": ("CombOffsetFlag", "OffsetFlag"),
    "hedge": ("CombHedgeFlag", "HedgeFlag"),
    "hedgeflag": ("CombHedgeFlag",),
    "pricetype": ("OrderPriceType",),
    "ordertype": ("OrderPriceType",),
    "symbol": ("InstrumentID",),
    "instrument": ("InstrumentID",),
    "exchange": ("ExchangeID",),
    "user": ("UserID",),
    "username": ("UserID",),
    "orderid": ("OrderSysID", "OrderRef"),
    "tradingpassword": ("Password",),
}
"""Words of other APIs, and the fields of CTP's they stand for; the first that there is is told.

By likeness alone ``Price`` would be taken for StopPrice.
"""


class Hints:
    """Hints about the requests of one catalogue.

    :param elsewhere: by path, the catalogue of the other service.
    """

    def __init__(
        self, catalogue: Catalogue, elsewhere: Mapping[str, Catalogue] | None = None
    ) -> None:
        self._catalogue = catalogue
        self._elsewhere = elsewhere or {}
        # Some 60 ms: before the first client, not in the midst of its orders.
        self._values = catalogue.enumerations

    def path(self, name: str) -> Text | None:
        """Say at which path a request exists; None if there is none of that name."""
        for path, catalogue in self._elsewhere.items():
            if name in catalogue.methods or OWN.get(name) == path:
                return english(
                    "{name} is a request of {path}: send it over a WebSocket opened there",
                    name=name,
                    path=path,
                )
        return None

    def values(self, method: Method | None, name: str) -> Text:
        """List the values of a field, in a clause of its own; nothing for one that has none."""
        if method is None or method.struct is None:
            return NOTHING
        for field in self._catalogue.struct(method.struct).fields:
            if field.name == name:
                listed = ", ".join(map(_shown, islice(self._of(field), _MOST_VALUES + 1)))
                if listed:
                    return english("; {name} is one of {values}", name=name, values=listed)
        return NOTHING

    def explained(
        self, method: Method, asked: Mapping[str, Any], reply: Reply, code: Callable[..., int]
    ) -> Text:
        """Return what an answer's ErrorID alone does not tell the client; nothing for most.

        :param code: returns the ErrorID in a packed RspInfo.
        """
        info = reply.info
        if info is None:
            return NOTHING  # a row of many
        if method.is_order and code(info) in ORDER_FIELD_CODES:
            return self.left_out(method, asked)
        if reply.body is None and code(info) == errors.NO_ANSWER:
            return outcome_unknown(method, method.name == PASSWORD_UPDATE)
        return NOTHING

    def left_out(self, method: Method, body: Mapping[str, Any]) -> Text:
        """Name the fields of an order that were left out, or hold a value that there is none of.

        CTP says of both only that a field is wrong (15), or that there is no instrument (16).
        """
        missing, odd = [], []
        for field in self._catalogue.struct(method.request_struct).fields:
            values = {one.value for one in self._of(field)}
            given = body.get(field.name)
            if given in (None, "", 0):
                if values or field.name in _ALWAYS:
                    missing.append(field.name)
            elif field.name == "VolumeTotalOriginal" and isinstance(given, int) and given < 0:
                odd.append(
                    english(
                        "{name} is {given}; it must be at least 1", name=field.name, given=given
                    )
                )
            elif values and not {*str(given)} <= values:
                odd.append(
                    english(
                        "{name} is {given!a}{values}",
                        name=field.name,
                        given=given,
                        values=self.values(method, field.name),
                    )
                )
        parts = [english("left out: {fields}", fields=", ".join(missing))] if missing else []
        return joined("; ", (*parts, *odd))

    def _of(self, field: Field) -> Iterator[EnumerationValue]:
        single = field.ctp_type.replace(_COMBINED, "", 1)
        return iter(self._values.get(field.ctp_type) or self._values.get(single) or ())


def _shown(one: EnumerationValue) -> str:
    return f"'{one.value}' ({one.constant.rpartition('_')[2]} {one.meaning})"


def outcome_unknown(method: Method, changes_password: bool) -> Text:
    """Return what to do about a request whose answer was lost with the line."""
    if method.is_query:
        return NOTHING
    if changes_password:
        return english(
            "the line broke before the front's answer: whether the password was changed is not "
            "known. The session recovers with the old one or the new one, each tried once; "
            "once it is ready, log in with either to learn which holds"
        )
    return english(
        "the line broke before the front's answer: whether it was carried out is not known; "
        "find out, by a query or the answer to the same request, before you rely on it"
    )

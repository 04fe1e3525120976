"""Read the conditional orders that a client sends: every field, and what an exchange takes.

Runs in the reactor's thread.
"""

import hashlib
from collections.abc import Iterable
from datetime import date, datetime, time
from typing import Any, Final

import msgspec

from webctp.ctp import errors
from webctp.ctp.refusal import Refusal
from webctp.exchanges import calendar as calendars
from webctp.exchanges.products import LIMIT_PRICE, Product
from webctp.exchanges.sessions import is_open
from webctp.gateway.conditional.account import NO_PRICES
from webctp.gateway.messages.own_conditional import ConditionalWord, LegWord
from webctp.gateway.portfolio.orders import PreviewedOrders
from webctp.language.text import Text, english
from webctp.secret import holds_token
from webctp.upstream.conditional.conditional import Conditional
from webctp.upstream.conditional.triggers import PRICED, Kind, Leg, moment_of
from webctp.upstream.market.ticks import product_of
from webctp.upstream.portfolio.money import units
from webctp.upstream.trading.session import TradingSession

_CLOSING: Final = frozenset("134")
_OFFSETS: Final = frozenset("0134")
_MARKET: Final = frozenset("13G")
"""OrderPriceType of orders without a price of their own."""
_AT_ONCE: Final = (None, "1")
"""ContingentCondition of an order that CTP does not hold back."""


class ConditionalReader:
    """Read conditional orders of one client.

    :param orders: reads the orders in them.
    :param token, address: who enters them, from where.
    :param has_prices: whether the gateway has market data.
    """

    def __init__(
        self, orders: PreviewedOrders, token: str, address: str, *, has_prices: bool
    ) -> None:
        self._orders = orders
        self._token = token
        self._address = address
        self._has_prices = has_prices

    def read(
        self, word: ConditionalWord, request_id: int, session: TradingSession, now: datetime
    ) -> Conditional:
        """Read one; what its orders leave out is filled in as for those that are sent.

        :raises webctp.ctp.refusal.Refusal: naming the field and the remedy.
        """
        if holds_token(word.ConditionalID):
            raise _wrong(
                english("ConditionalID holds a token, and is written to disk; take another ID")
            )
        until = _until(word.Until, session.trading_day)
        legs = tuple(
            self._leg(f"Legs[{place}]", leg, request_id, session, until, now)
            for place, leg in enumerate(word.Legs)
        )
        protect = tuple(
            self._leg(f"Protect[{place}]", leg, request_id, session, until, now, protects=True)
            for place, leg in enumerate(word.Protect)
        )
        _check_together(legs, protect)
        return Conditional(
            broker_id=session.account.broker_id,
            user_id=session.account.user_id,
            conditional_id=word.ConditionalID,
            digest=digest_of(word),
            trading_day=session.trading_day,
            until=until,
            legs=legs,
            protect=protect,
            token=self._token,
            address=self._address,
            entered=now.isoformat(" ", "seconds"),
        )

    def _leg(
        self,
        where: str,
        word: LegWord,
        request_id: int,
        session: TradingSession,
        until: str,
        now: datetime,
        *,
        protects: bool = False,
    ) -> Leg:
        try:
            kind = Kind(word.Kind)
        except ValueError:
            raise _wrong(
                english(
                    "{where}.Kind {given!a} is none; it is one of {kinds}",
                    where=where,
                    given=word.Kind,
                    kinds=", ".join(Kind),
                )
            ) from None
        if kind in PRICED and not self._has_prices:
            raise Refusal(errors.BAD_REQUEST, NO_PRICES)
        wanted = {
            "TriggerPrice": kind in (Kind.STOP, Kind.PROFIT),
            "Distance": kind is Kind.TRAILING,
            "At": kind is Kind.TIME,
        }
        for name, is_wanted in wanted.items():
            is_given = getattr(word, name) not in (None, "")
            if is_given != is_wanted:
                what = english("give {field}", field=name)
                if is_given:
                    what = english("leave {field} out", field=name)
                detail = english(
                    "{where} is of the kind {kind}: {what}", where=where, kind=kind, what=what
                )
                raise _wrong(detail)
        body = self._body(where, word.InputOrder, request_id, session, protects=protects)
        at = ""
        if kind is Kind.TIME:
            at = _moment(where, word.At, until, now, product_of(body["InstrumentID"]))
        return Leg(
            kind=kind,
            body=body,
            price=units(word.TriggerPrice or 0.0),
            distance=units(word.Distance or 0.0),
            at=at,
        )

    def _body(
        self,
        where: str,
        given: dict[str, Any],
        request_id: int,
        session: TradingSession,
        *,
        protects: bool,
    ) -> dict[str, Any]:
        message = {"MsgType": "", "InputOrder": given}
        order = self._orders.read(message, request_id, session)
        body = {name: value for name, value in order.body.items() if name != "RequestID"}
        _check_body(where, body, protects=protects)
        refusal = next(iter(self._orders.bounds(order)), None)
        if refusal is not None:
            raise refusal
        return body


def digest_of(word: ConditionalWord) -> str:
    """Return what tells a request that was sent again from another under the same ID."""
    return hashlib.sha256(msgspec.json.encode(word, order="sorted")).hexdigest()


def _wrong(detail: Text) -> Refusal:
    return Refusal(errors.BAD_REQUEST, detail)


def _until(given: str, trading_day: str) -> str:
    """Return the last trading day of one; that it is entered on where none is given."""
    if not given:
        return trading_day
    try:
        ahead = (_day(given) - _day(trading_day)).days
    except ValueError:
        ahead = -1
    if len(given) != 8 or not 0 <= ahead <= 366:
        raise _wrong(
            english(
                "Until {given!a} must be a date as YYYYMMDD, from this trading day {day} on, "
                "within a year",
                given=given,
                day=trading_day,
            )
        )
    return given


def _day(text: str) -> date:
    return datetime.strptime(text, "%Y%m%d").date()


def _moment(where: str, given: str, until: str, now: datetime, product: Product | None) -> str:
    """Return the moment of a time of day on its last trading day."""
    try:
        at = time.fromisoformat(given)
    except ValueError:
        raise _wrong(
            english("{where}.At {given!a} must be a time as HH:MM:SS", where=where, given=given)
        ) from None
    if at.tzinfo is not None:
        raise _wrong(english("{where}.At is China's time; leave the zone out", where=where))
    moment = moment_of(_day(until), at, calendars.default())
    if moment <= now:
        raise _wrong(
            english(
                "{where}.At is {moment} on trading day {day}, which is over",
                where=where,
                moment=moment,
                day=until,
            )
        )
    if product is not None and not is_open(product, moment):
        raise _wrong(
            english(
                "{where}.At is {moment} on trading day {day}, when {product} does not trade",
                where=where,
                moment=moment,
                day=until,
                product=product.product_id,
            )
        )
    return moment.isoformat()


def _check_body(where: str, body: dict[str, Any], *, protects: bool) -> None:
    """Refuse an order that could not be sent once its condition is met."""
    instrument = str(body.get("InstrumentID") or "")
    lots = int(body.get("VolumeTotalOriginal") or 0)
    if not instrument or "&" in instrument:
        detail = english("{where}: InstrumentID must be one instrument", where=where)
    elif body.get("Direction") not in ("0", "1"):
        detail = english("{where}: Direction must be 0 (buy) or 1 (sell)", where=where)
    elif body.get("CombOffsetFlag") not in (_CLOSING if protects else _OFFSETS):
        flags = ", ".join(sorted(_CLOSING if protects else _OFFSETS))
        detail = english("{where}: CombOffsetFlag must be one of {flags}", where=where, flags=flags)
    elif len(str(body.get("CombHedgeFlag") or "")) != 1:
        detail = english("{where}: CombHedgeFlag must be given", where=where)
    elif body.get("ContingentCondition") not in _AT_ONCE:
        detail = english(
            "{where}: ContingentCondition must be 1: the gateway keeps the condition", where=where
        )
    elif body.get("OrderRef") is not None:
        detail = english("{where}: OrderRef is given when it is sent; leave it out", where=where)
    elif protects and lots:
        detail = english(
            "{where}: VolumeTotalOriginal is what the order trades; leave it out", where=where
        )
    elif not protects and lots <= 0:
        detail = english("{where}: VolumeTotalOriginal must be above 0", where=where)
    else:
        _check_price(where, body, lots, product_of(instrument))
        return
    raise _wrong(detail)


def _check_price(where: str, body: dict[str, Any], lots: int, product: Product | None) -> None:
    """Refuse a kind of order, and lots, that the exchange does not take, as far as is known."""
    kind, price = str(body.get("OrderPriceType") or ""), float(body.get("LimitPrice") or 0)
    if kind == LIMIT_PRICE and price <= 0:
        raise _wrong(english("{where}: LimitPrice must be above 0", where=where))
    if kind in _MARKET and price:
        raise _wrong(
            english("{where}: OrderPriceType {kind} has no LimitPrice", where=where, kind=kind)
        )
    if kind != LIMIT_PRICE and kind not in _MARKET:
        raise _wrong(
            english(
                "{where}: OrderPriceType must be one of {kinds}",
                where=where,
                kinds=", ".join((LIMIT_PRICE, *sorted(_MARKET))),
            )
        )
    if product is None:
        return
    rules = product.orders
    if kind not in rules.price_types:
        raise _wrong(
            english(
                "{where}: {exchange} takes no orders of OrderPriceType {kind} in {product}; it "
                "takes {kinds}",
                where=where,
                exchange=product.exchange_id,
                kind=kind,
                product=product.product_id,
                kinds=", ".join(sorted(rules.price_types)),
            )
        )
    most = rules.max_limit_volume if kind == LIMIT_PRICE else rules.max_market_volume
    if lots > most:
        raise _wrong(
            english(
                "{where}: {exchange} takes at most {most} lots of such an order in {product}",
                where=where,
                exchange=product.exchange_id,
                most=most,
                product=product.product_id,
            )
        )


def _check_together(legs: tuple[Leg, ...], protect: tuple[Leg, ...]) -> None:
    """Refuse legs that do not go together."""
    kinds = [leg.kind for leg in legs]
    if Kind.NOW in kinds and (len(legs) > 1 or not protect):
        raise _wrong(
            english(
                "the kind now is for one leg with Protect; an order that needs none is sent by "
                "ReqOrderInsert"
            )
        )
    if not protect:
        return
    if any(leg.kind not in PRICED for leg in protect):
        raise _wrong(english("Protect takes the kinds {kinds}", kinds=", ".join(sorted(PRICED))))
    if len(_values(legs, "InstrumentID") | _values(protect, "InstrumentID")) > 1:
        raise _wrong(english("Legs and Protect must be of one InstrumentID"))
    if len(_values(legs, "Direction")) > 1 or _values(legs, "Direction") & _values(
        protect, "Direction"
    ):
        raise _wrong(
            english("Protect must be of the other Direction than Legs, which must be of one")
        )
    if _values(legs, "CombOffsetFlag") != {"0"}:
        raise _wrong(english("Legs with Protect must open: CombOffsetFlag 0"))


def _values(legs: Iterable[Leg], name: str) -> set[str]:
    return {str(leg.body.get(name) or "") for leg in legs}

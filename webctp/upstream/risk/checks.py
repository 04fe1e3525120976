"""The order checks that ``Risk`` configures: each a class, made where its limit is given.

A check looks at what an insert would do and at its account's book, and returns the refusal's
detail: the check, its limit, the value that was found, and the remedy. What a check needs and
nobody knows is refused or passed by ``OnUnknown``. All run in the reactor's thread.
"""

import fnmatch
import re
from collections.abc import Callable, Mapping
from typing import Any, Final, NamedTuple

from webctp.config.risk import RiskLimits
from webctp.language.text import Text, english, verbatim
from webctp.upstream.risk.book import LONG, SHORT, AccountBook
from webctp.upstream.risk.clearance import Clearance
from webctp.upstream.risk.intent import BUY, GRAIN, InsertKind, Intent, Leg
from webctp.upstream.risk.resting import Working

_PRICED: Final = (InsertKind.ORDER, InsertKind.QUOTE)
_OFFSETS: Final[Mapping[str, str]] = {
    "Open": "0",
    "Close": "1",
    "CloseToday": "3",
    "CloseYesterday": "4",
}


class Setting(NamedTuple):
    """What a check is made of: its limit, and the key that gives it (``Risk.MaxOrderVolume``)."""

    key: str
    limit: Any
    passes_unknown: bool


class RiskCheck:
    """One limit. Subclasses return why an insert is beyond it, and what never is.

    ``of_sender`` says that a token's limit counts what was entered with that token; else, too, it
    looks at the account.
    """

    of_sender = False
    needs_facts = False
    """Whether it looks at ``terms`` or ``last``."""
    timed = False
    """Whether it needs the time."""

    def __init__(self, setting: Setting) -> None:
        self.key = setting.key
        self.limit = setting.limit
        self._passes_unknown = setting.passes_unknown

    def refusal(self, intent: Intent, book: AccountBook, now: float) -> Text | None:
        """Return the detail of the refusal; None where this check lets it pass.

        :param now: the reactor's seconds.
        """
        raise NotImplementedError

    def narrow(self, clearance: Clearance) -> None:
        """Take from a clearance whatever this check might refuse; all of it, unless overridden."""
        clearance.close()

    def _beyond(self, found: object, what: str) -> Text:
        return english(
            "{key}: the limit is {limit}, found {found}: {remedy}",
            key=self.key,
            limit=self.limit,
            found=found,
            remedy=what,
        )

    def _unknown(self, what: str, remedy: str) -> Text | None:
        if self._passes_unknown:
            return None
        return english(
            "{key}: {what} is not known: {remedy}, or set OnUnknown: pass",
            key=self.key,
            what=what,
            remedy=remedy,
        )

    def _no_price(self, instrument: str) -> Text | None:
        return self._unknown(
            english("the last price of {name!a}", name=instrument[:80]),
            english("subscribe to it at /md/, or send ReqQryDepthMarketData"),
        )

    def _no_terms(self, instrument: str) -> Text | None:
        return self._unknown(
            english("tick and multiplier of {name!a}", name=instrument[:80]),
            english("send {request}", request="ReqQryInstrument"),
        )


class MaxOrderVolume(RiskCheck):
    """Refuses more lots than the limit, of any kind of insert."""

    def refusal(self, intent: Intent, book: AccountBook, now: float) -> Text | None:
        """See :class:`RiskCheck`."""
        if intent.volume <= self.limit:
            return None
        return self._beyond(intent.volume, english("send fewer lots"))

    def narrow(self, clearance: Clearance) -> None:
        """See :class:`RiskCheck`."""
        clearance.lots = min(clearance.lots, self.limit)


class MaxOrderValue(RiskCheck):
    """Refuses a side worth more yuan than the limit; one at any price counts at the last price."""

    needs_facts = True

    def refusal(self, intent: Intent, book: AccountBook, now: float) -> Text | None:
        """See :class:`RiskCheck`."""
        for leg in intent.legs:
            terms = intent.terms
            if terms is None:
                return self._no_terms(intent.instrument)
            price = leg.price
            if price is None:
                price = intent.last
            if price is None:
                return self._no_price(intent.instrument)
            value = abs(price) * leg.volume * terms.multiplier
            if value > self.limit * GRAIN:
                found = english("{value:.2f} yuan", value=value / GRAIN)
                return self._beyond(found, english("send fewer lots"))
        return None

    def narrow(self, clearance: Clearance) -> None:
        """See :class:`RiskCheck`."""
        terms = clearance.terms
        if terms is None:
            clearance.close()
            return
        clearance.worth = self.limit * GRAIN // terms.multiplier


class PriceTick(RiskCheck):
    """Refuses limit prices between two ticks."""

    needs_facts = True

    def refusal(self, intent: Intent, book: AccountBook, now: float) -> Text | None:
        """See :class:`RiskCheck`."""
        for leg in intent.legs:
            if leg.price is None:
                continue
            terms = intent.terms
            if terms is None:
                return self._no_terms(intent.instrument)
            if leg.price % terms.tick:
                tick = terms.tick / GRAIN
                return english(
                    "{key}: the tick of {name} is {tick:g}, found {price:.10g}: "
                    "send a multiple of the tick",
                    key=self.key,
                    name=intent.instrument,
                    tick=tick,
                    price=leg.price / GRAIN,
                )
        return None

    def narrow(self, clearance: Clearance) -> None:
        """See :class:`RiskCheck`."""
        terms = clearance.terms
        if terms is None:
            clearance.close()
            return
        clearance.tick = terms.tick


class _Band(RiskCheck):
    """Holds limit prices against the last price."""

    needs_facts = True

    def refusal(self, intent: Intent, book: AccountBook, now: float) -> Text | None:
        """See :class:`RiskCheck`."""
        for leg in intent.legs:
            if leg.price is None:
                continue
            last = intent.last
            if last is None:
                return self._no_price(intent.instrument)
            trouble = self._trouble(intent, leg.price, last)
            if trouble is not None:
                return trouble
        return None

    def _trouble(self, intent: Intent, price: int, last: int) -> Text | None:
        raise NotImplementedError

    def _outside(self, found: str, price: int, last: int) -> Text:
        away = english(
            "{found} ({price:.10g} from the last price {last:.10g})",
            found=found,
            price=price / GRAIN,
            last=last / GRAIN,
        )
        return self._beyond(away, english("send a price nearer to it"))


class PriceBandTicks(_Band):
    """Refuses limit prices more ticks from the last price than the limit."""

    def _trouble(self, intent: Intent, price: int, last: int) -> Text | None:
        terms = intent.terms
        if terms is None:
            return self._no_terms(intent.instrument)
        away = abs(price - last)
        if away <= self.limit * terms.tick:
            return None
        return self._outside(english("{ticks:g} ticks", ticks=away / terms.tick), price, last)

    def narrow(self, clearance: Clearance) -> None:
        """See :class:`RiskCheck`."""
        terms = clearance.terms
        if terms is None:
            clearance.close()
            return
        clearance.keep_near(distance=self.limit * terms.tick)


class PriceBandPercent(_Band):
    """Refuses limit prices further from the last price than a percentage of it."""

    def __init__(self, setting: Setting) -> None:
        super().__init__(setting)
        self._share = round(self.limit * 1_000_000)

    def _trouble(self, intent: Intent, price: int, last: int) -> Text | None:
        away = abs(price - last)
        if away * 100_000_000 <= self._share * abs(last):
            return None
        return self._outside(f"{100 * away / abs(last):.4g} %", price, last)

    def narrow(self, clearance: Clearance) -> None:
        """See :class:`RiskCheck`."""
        clearance.keep_near(share=self._share)


class Instruments(RiskCheck):
    """Refuses inserts in instruments that no pattern of the limit names."""

    def __init__(self, setting: Setting) -> None:
        super().__init__(setting)
        patterns = "|".join(fnmatch.translate(one) for one in self.limit)
        self._names = re.compile(patterns).match

    def refusal(self, intent: Intent, book: AccountBook, now: float) -> Text | None:
        """See :class:`RiskCheck`."""
        name = intent.instrument
        if self._allows(name):
            return None
        listed = ", ".join(self.limit[:8])
        return english(
            "{key}: only {listed} may be traded, found {name!a}",
            key=self.key,
            listed=listed,
            name=name[:80],
        )

    def _allows(self, name: str) -> bool:
        return self._names(name) is not None

    def narrow(self, clearance: Clearance) -> None:
        """See :class:`RiskCheck`."""
        if not self._allows(clearance.instrument):
            clearance.close()


class Offsets(RiskCheck):
    """Refuses orders and quotes with other offsets than the limit's."""

    def __init__(self, setting: Setting) -> None:
        super().__init__(setting)
        self._flags = frozenset(_OFFSETS[one] for one in self.limit)

    def refusal(self, intent: Intent, book: AccountBook, now: float) -> Text | None:
        """See :class:`RiskCheck`."""
        for leg in intent.legs:
            flags = leg.offset.strip()
            if not flags or not self._flags.issuperset(flags):
                listed = ", ".join(f"{one} ({_OFFSETS[one]})" for one in self.limit)
                return english(
                    "{key}: only {listed} may be sent, found {flags!a}",
                    key=self.key,
                    listed=listed,
                    flags=flags[:8],
                )
        if intent.kind not in _PRICED and intent.opens and _OFFSETS["Open"] not in self._flags:
            return english(
                "{key}: only closing may be sent, found an insert that may open", key=self.key
            )
        return None

    def narrow(self, clearance: Clearance) -> None:
        """See :class:`RiskCheck`."""
        clearance.offsets &= self._flags


class MaxWorkingOrders(RiskCheck):
    """Refuses orders beyond the number that may rest or be on their way; a quote counts twice."""

    of_sender = True

    def refusal(self, intent: Intent, book: AccountBook, now: float) -> Text | None:
        """See :class:`RiskCheck`."""
        if not intent.legs or book.working + len(intent.legs) <= self.limit:
            return None
        return self._beyond(book.working + len(intent.legs), english("cancel some first"))

    def narrow(self, clearance: Clearance) -> None:
        """See :class:`RiskCheck`."""
        clearance.counted = True
        clearance.working = self.limit


class MaxOrdersPerSecond(RiskCheck):
    """Refuses inserts beyond the number that any second may hold."""

    of_sender = True
    timed = True

    def refusal(self, intent: Intent, book: AccountBook, now: float) -> Text | None:
        """See :class:`RiskCheck`."""
        times, limit = book.times, self.limit
        if len(times) < limit or now - times[-limit] >= 1.0:
            return None
        return self._beyond(limit + 1, english("send them more slowly; it is not sent later"))

    def narrow(self, clearance: Clearance) -> None:
        """See :class:`RiskCheck`."""
        clearance.counted = True
        clearance.orders_a_second = self.limit


class MaxOrdersPerDay(RiskCheck):
    """Refuses orders beyond the number that a trading day may see."""

    of_sender = True

    def refusal(self, intent: Intent, book: AccountBook, now: float) -> Text | None:
        """See :class:`RiskCheck`."""
        if book.orders + max(len(intent.legs), 1) <= self.limit:
            return None
        found = book.orders + max(len(intent.legs), 1)
        return self._beyond(found, english("no more orders are sent on this trading day"))

    def narrow(self, clearance: Clearance) -> None:
        """See :class:`RiskCheck`."""
        clearance.counted = True
        clearance.orders_a_day = self.limit


class DuplicateSeconds(RiskCheck):
    """Refuses an insert that says the same as one that was entered a moment before."""

    of_sender = True
    timed = True

    def refusal(self, intent: Intent, book: AccountBook, now: float) -> Text | None:
        """See :class:`RiskCheck`."""
        before = book.recent.get(intent.content)
        if before is None or now - before >= self.limit:
            return None
        return self._beyond(f"{now - before:.3f} s", english("the same insert was entered before"))

    def narrow(self, clearance: Clearance) -> None:
        """See :class:`RiskCheck`."""
        clearance.counted = True
        clearance.alike_within = self.limit


class SelfTrade(RiskCheck):
    """Refuses an order that would meet a resting one of the same account or group."""

    def refusal(self, intent: Intent, book: AccountBook, now: float) -> Text | None:
        """See :class:`RiskCheck`."""
        for one in (book, *book.others):
            for other in one.in_instrument(intent.instrument):
                for leg in intent.legs:
                    if leg.direction != other.direction and _meet(leg, other):
                        price = english("any price")
                        if other.price is not None:
                            price = verbatim(f"{other.price / GRAIN:.10g}")
                        return english(
                            "{key}: it would meet an own order of {lots} lots at {price}: "
                            "cancel that first",
                            key=self.key,
                            lots=other.left,
                            price=price,
                        )
        return None

    def narrow(self, clearance: Clearance) -> None:
        """See :class:`RiskCheck`."""
        clearance.apart = True


class MaxPosition(RiskCheck):
    """Refuses openings that may bring an instrument's side beyond the limit."""

    def refusal(self, intent: Intent, book: AccountBook, now: float) -> Text | None:
        """See :class:`RiskCheck`."""
        for leg in intent.legs:
            if not leg.opens:
                continue
            side = LONG if leg.direction == BUY else SHORT
            held = book.held(intent.instrument, side)
            if held is None:
                return self._unknown(
                    english("the position in {name!a}", name=intent.instrument[:80]),
                    english("send {request}", request="ReqQryInvestorPosition"),
                )
            value = held + book.opening(intent.instrument, side) + leg.volume
            if value > self.limit:
                found = english("{lots} lots", lots=value)
                return self._beyond(found, english("close some first"))
        return None

    def narrow(self, clearance: Clearance) -> None:
        """See :class:`RiskCheck`."""
        clearance.position = self.limit


def _meet(leg: Leg, other: Working) -> bool:
    """Return whether an order would trade with a working one of the other side."""
    if not other.in_market:
        return False
    if leg.price is None or other.price is None:
        return True
    return leg.price >= other.price if leg.direction == BUY else leg.price <= other.price


_CHECKS: Final[tuple[tuple[str, str, Callable[[Setting], RiskCheck]], ...]] = (
    ("instruments", "Instruments", Instruments),
    ("offsets", "Offsets", Offsets),
    ("max_order_volume", "MaxOrderVolume", MaxOrderVolume),
    ("price_tick", "PriceTick", PriceTick),
    ("price_band_ticks", "PriceBandTicks", PriceBandTicks),
    ("price_band_percent", "PriceBandPercent", PriceBandPercent),
    ("max_order_value", "MaxOrderValue", MaxOrderValue),
    ("max_working_orders", "MaxWorkingOrders", MaxWorkingOrders),
    ("max_position", "MaxPosition", MaxPosition),
    ("self_trade", "SelfTrade", SelfTrade),
    ("max_orders_per_second", "MaxOrdersPerSecond", MaxOrdersPerSecond),
    ("max_orders_per_day", "MaxOrdersPerDay", MaxOrdersPerDay),
    ("duplicate_seconds", "DuplicateSeconds", DuplicateSeconds),
)
"""In the order in which they are asked: attribute of :class:`RiskLimits`, key, class."""


def checks_of(limits: RiskLimits, place_of: Callable[[str], str]) -> tuple[RiskCheck, ...]:
    """Make the checks that limits ask for; none for limits that are not given, or 0.

    :param place_of: says for an attribute where its key is set (``Risk``, ``token NAME``).
    """
    passes = limits.on_unknown == "pass"
    found = []
    for attribute, key, make in _CHECKS:
        limit = getattr(limits, attribute)
        if limit and limit != "pass":
            found.append(make(Setting(f"{place_of(attribute)}.{key}", limit, passes)))
    return tuple(found)

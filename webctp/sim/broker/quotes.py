"""Quotes of market makers: two orders entered as one.

Pages QTYWGZ/BJHXJ, QTYWGZ/DJHDGZ, JKZYXZYXHSM 2, REQQUOTEINSERT and REQQUOTEACTION of CTP's
document 6.7.8. What they leave open is said in docs/simulation.md.
"""

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from typing import Final

from webctp.sim.accounts import orders as states
from webctp.sim.accounts.account import Account
from webctp.sim.accounts.orders import Order, status_text
from webctp.sim.accounts.sessions import Session
from webctp.sim.broker.checks import OrderChecks, check_exchange
from webctp.sim.broker.instructions import QUOTE, Instruction, Register, next_ref
from webctp.sim.manners import HEDGE, SPECULATION
from webctp.sim.market.book import BUY, SELL
from webctp.sim.market.markets import Markets
from webctp.sim.matching.engine import MatchingEngine
from webctp.sim.matching.objections import objection
from webctp.sim.matching.transit import Transit
from webctp.sim.model.contracts import Contract
from webctp.sim.refusals import (
    ALREADY_CANCELING,
    ASK_BELOW_BID,
    BAD_ACTION_FIELD,
    BAD_ORDER_FIELD,
    BAD_QUOTE_HEDGE,
    BAD_REPLACED,
    BY_EXCHANGE,
    CLOSED_NOW,
    DUPLICATE_ORDER,
    NO_QUOTE,
    NO_SUCH_INSTRUMENT,
    NO_SUCH_QUOTE,
    NOT_TRADABLE,
    ONLY_SPECULATION,
    ORDER_ENDED,
    TRADED_OR_CANCELED,
    Refused,
)

Values = Mapping[str, object]

Refusing = Callable[[int, str, datetime], None]
"""Tells that an exchange has refused an action: its ErrorID, a text, and when."""
_DELETE: Final = "0"
_SIDES: Final = ("Ask", SELL), ("Bid", BUY)
_LONGEST_REF: Final = 12


@dataclass(frozen=True, slots=True)
class QuoteManners:
    """How one exchange takes and reports quotes.

    ``futures``: whether futures are quoted by quotes; elsewhere options only.
    ``one_sided``: whether a side may have no volume; ``unequal``: whether volumes may differ.
    ``hedges``: HedgeFlags other than speculation.
    ``replaces``: whether a quote cancels the one before it.
    ``crossed``: whether an ask below its bid is taken (and trades with it).
    ``numbers_legs``: whether RtnQuote has AskOrderSysID and BidOrderSysID.
    ``outlives``: whether it is cancelled even where its orders have traded.
    ``ends``: whether a push says that both orders have traded.
    ``follows``: whether any end of a quote is sent; else it stays as "not traded".
    """

    futures: bool = False
    one_sided: bool = False
    unequal: bool = False
    hedges: bool = True
    replaces: bool = True
    crossed: bool = True
    numbers_legs: bool = True
    outlives: bool = False
    ends: bool = False
    follows: bool = True


_SHANGHAI: Final = QuoteManners(outlives=True)
_DALIAN: Final = QuoteManners(
    futures=True,
    one_sided=True,
    unequal=True,
    replaces=False,
    crossed=False,
    numbers_legs=False,
    follows=False,
)
QUOTE_MANNERS: Final[Mapping[str, QuoteManners]] = {
    "SHFE": _SHANGHAI,
    "INE": _SHANGHAI,
    "CFFEX": QuoteManners(unequal=True, ends=True),
    "CZCE": QuoteManners(futures=True, hedges=False, crossed=False, numbers_legs=False, ends=True),
    "DCE": _DALIAN,
    # That GFEX does as DCE is inferred.
    "GFEX": _DALIAN,
}


class Quotes:
    """Takes, replaces and cancels quotes, and follows their orders."""

    def __init__(
        self,
        markets: Markets,
        checks: OrderChecks,
        engine: MatchingEngine,
        register: Register,
        transit: Transit,
    ) -> None:
        self._markets = markets
        self._checks = checks
        self._engine = engine
        self._register = register
        self._transit = transit
        engine.returns.on_quoted = self._on_traded

    def insert(self, session: Session, account: Account, values: Values, now: datetime) -> None:
        """Take an InputQuote: send its orders, then the quote, which goes to the exchange.

        :raises Refused: with CTP's ErrorID.
        """
        contract = self._contract(values)
        _check_fields(values, QUOTE_MANNERS[contract.exchange])
        refs = _leg_refs(session, values)
        ref = next_ref(
            session,
            QUOTE,
            str(values.get("QuoteRef", "")),
            repeated=DUPLICATE_ORDER,
            wrong=BAD_ORDER_FIELD,
        )
        self._check_replaced(account, contract, values)
        legs = self._legs(session, account, contract, values, refs, now)
        if refs[1]:
            session.max_ref = int(refs[1])
        quote = self._register.enter(QUOTE, session, account, contract, values, ref, now)
        quote.legs = [order.number for order in legs]
        for name, side in _SIDES:
            quote.more[f"{name}OrderSysID"] = ""
            quote.more[f"{name}OrderRef"] = next(
                (order.ref for order in legs if order.direction == side), ""
            )
        for order in legs:
            order.quote = quote.number
            self._engine.announce(order, now)
        quote.message = status_text(states.SUBMITTED, states.UNKNOWN)
        self._register.push(quote)
        self._send(quote, now)

    def cancel(
        self, account: Account, values: Values, now: datetime, by: str, refused: Refusing
    ) -> None:
        """Send the cancellation of the quote that an InputQuoteAction names to its exchange.

        :param refused: called with an ErrorID and a text where the exchange refuses it.
        :raises Refused: with CTP's ErrorID.
        """
        if str(values.get("ActionFlag", "")) != _DELETE:
            raise Refused(BAD_ACTION_FIELD)
        quote = self._find(account, values)
        if quote is None:
            raise Refused(NO_SUCH_QUOTE)
        if quote.status not in (states.UNKNOWN, states.NOT_TRADED):
            raise Refused(ORDER_ENDED)
        if quote.canceling:
            raise Refused(ALREADY_CANCELING)
        quote.canceling = True
        exchange = quote.contract.exchange
        self._transit.to(exchange, now, partial(self._act, quote, by, refused))

    def expire(self, now: datetime, products: Collection[str] | None = None) -> None:
        """End the quotes whose product has closed (None: all)."""
        for quote in self._register.of(QUOTE):
            closed = products is None or quote.contract.product in products
            if closed and quote.standing:
                self._stop(quote, now, "")

    def resume(self, now: datetime) -> None:
        """Send again what was on its way to the exchanges when the state was saved."""
        for quote in self._register.of(QUOTE):
            if quote.status == states.UNKNOWN:
                self._send(quote, now)

    # At the exchange

    def _send(self, quote: Instruction, now: datetime) -> None:
        self._transit.to(quote.contract.exchange, now, partial(self._arrive, quote))

    def _arrive(self, quote: Instruction, now: datetime) -> None:
        """Take or refuse a quote that has come to the exchange."""
        legs = self._all(quote)
        manners = QUOTE_MANNERS[quote.contract.exchange]
        for order in legs:
            order.arrived = now
        reason = self._objection(quote, legs)
        if reason is not None:
            reason = f"{quote.contract.exchange}:{reason}"
            self._back(quote, now, partial(self._rejected, quote, reason))
            for order in legs:
                self._engine.returns.rejected(order, now, reason)
            return
        for former in self._register.of(QUOTE, quote.key) if manners.replaces else ():
            if former.standing and former.contract is quote.contract:
                self._withdraw(former, now, "", bids_first=True)
        quote.standing = True
        numbers = self._number(quote, legs)
        self._back(quote, now, partial(self._taken, quote, numbers))
        # DCE answers the order to sell first, the others the order to buy (DJHDGZ 1, 2).
        in_turn = legs[::-1] if manners.follows else legs
        for order in in_turn:
            order.working = order.volume
            self._engine.returns.taken(order, now, numbers[order.direction])
        for order in in_turn:
            self._engine.place(order, now)

    def _act(self, quote: Instruction, by: str, refused: Refusing, now: datetime) -> None:
        """Cancel a quote as an action that has come to the exchange asks."""
        exchange = quote.contract.exchange
        working = [order for order in self._all(quote) if order.working]
        manners = QUOTE_MANNERS[exchange]
        if not quote.standing or not (working or manners.outlives):
            reason = f"{exchange}:{TRADED_OR_CANCELED}"
            self._back(quote, now, partial(self._refused, quote, refused, ORDER_ENDED, reason))
        elif not self._markets.takes_actions(quote.contract):
            reason = f"{exchange}:{CLOSED_NOW}"
            self._back(quote, now, partial(self._refused, quote, refused, BY_EXCHANGE, reason))
        elif manners.follows:
            self._withdraw(quote, now, by)
        else:
            for order in working:
                self._engine.returns.repeated(order, now)
            self._back(quote, now, partial(self._repeated, quote))
            quote.standing = False
            for order in working:
                self._engine.withdraw(order, now, by)

    def _objection(self, quote: Instruction, legs: list[Order]) -> str | None:
        crossed = len(legs) > 1 and _price(legs[0]) <= _price(legs[1])
        if crossed and not QUOTE_MANNERS[quote.contract.exchange].crossed:
            return ASK_BELOW_BID
        reasons = (objection(self._markets, order) for order in legs)
        return next((reason for reason in reasons if reason is not None), None)

    def _number(self, quote: Instruction, legs: list[Order]) -> dict[str, str]:
        """Return the OrderSysID of a quote's orders by direction, and its own by ``""``.

        As each exchange numbers them (JKZYXZYXHSM 2.5).
        """
        exchange = quote.contract.exchange
        if exchange == "CZCE":
            return {"": str(quote.number), SELL: f"a{quote.number}", BUY: f"b{quote.number}"}
        own = f"{quote.number:>12}"
        if not QUOTE_MANNERS[exchange].numbers_legs:
            # The order to buy bears the quote's number, the one to sell the next.
            return {"": own, BUY: own, SELL: f"{self._engine.next_number():>12}"}
        return {"": own, **{order.direction: f"{order.number:>12}" for order in legs}}

    def _withdraw(
        self, quote: Instruction, now: datetime, by: str, *, bids_first: bool = False
    ) -> None:
        """End a quote, and then what is left of its orders."""
        working = [order for order in self._all(quote) if order.working]
        self._stop(quote, now, by)
        for order in working[::-1] if bids_first else working:
            self._engine.withdraw(order, now, by)

    def _stop(self, quote: Instruction, now: datetime, by: str) -> None:
        """End a quote at the exchange, which sends so if it sends ends at all."""
        quote.standing = False
        if QUOTE_MANNERS[quote.contract.exchange].follows:
            self._back(quote, now, partial(self._ended, quote, by))

    # What an exchange's reports do when they have come

    def _back(self, quote: Instruction, at: datetime, report: Callable[[datetime], None]) -> None:
        self._transit.back(quote.contract.exchange, at, report)

    def _taken(self, quote: Instruction, numbers: Mapping[str, str], now: datetime) -> None:
        quote.sys_id = numbers[""]
        if QUOTE_MANNERS[quote.contract.exchange].numbers_legs:
            for name, side in _SIDES:
                quote.more[f"{name}OrderSysID"] = numbers.get(side, "")
        quote.accept(states.NOT_TRADED, status_text(states.ACCEPTED, states.NOT_TRADED))
        self._register.add(quote)
        self._register.push(quote)

    def _rejected(self, quote: Instruction, reason: str, now: datetime) -> None:
        quote.submit_status, quote.status = states.REJECTED, states.CANCELED
        quote.message = f"{status_text(states.REJECTED, states.CANCELED)}{reason}"
        self._register.push(quote)

    def _repeated(self, quote: Instruction, now: datetime) -> None:
        quote.canceling = False
        self._register.push(quote)

    def _refused(
        self, quote: Instruction, refused: Refusing, code: int, reason: str, now: datetime
    ) -> None:
        quote.canceling = False
        refused(code, reason, now)

    def _ended(self, quote: Instruction, by: str, now: datetime) -> None:
        quote.canceling = False
        if quote.status == states.NOT_TRADED:
            self._end(quote, states.CANCELED, now, by)

    def _end(self, quote: Instruction, status: str, now: datetime, by: str = "") -> None:
        quote.end(status, status_text(states.ACCEPTED, status), now, by)
        self._register.push(quote)

    def _on_traded(self, order: Order, now: datetime) -> None:
        """Send that a quote has traded whole, before its last order's return (DJHDGZ 1)."""
        quote = self._register.by_number(order.quote)
        if quote is None or not QUOTE_MANNERS[quote.contract.exchange].ends:
            return
        if all(leg.status == states.ALL_TRADED for leg in self._all(quote)):
            quote.standing = False
            self._end(quote, states.ALL_TRADED, now)

    # Finding

    def _all(self, quote: Instruction) -> list[Order]:
        """Return a quote's orders: to sell, to buy."""
        found = (self._engine.by_number(number) for number in quote.legs)
        return [order for order in found if order is not None]

    def _find(self, account: Account, values: Values) -> Instruction | None:
        """Return the account's quote of a number, or of a reference with its InstrumentID."""
        sys_id = str(values.get("QuoteSysID", ""))
        if sys_id.strip():
            found = self._register.by_sys_id(QUOTE, check_exchange(values), sys_id)
        else:
            if str(values.get("ExchangeID", "")):
                check_exchange(values)
            found = self._register.by_ref(
                QUOTE,
                int(str(values.get("FrontID", 0))),
                int(str(values.get("SessionID", 0))),
                str(values.get("QuoteRef", "")),
            )
            named = str(values.get("InstrumentID", ""))
            if found is not None and named != found.contract.instrument:
                return None
        return found if found is not None and found.account is account else None

    def _check_replaced(self, account: Account, contract: Contract, values: Values) -> None:
        """Refuse (4050) a ReplaceSysID that names no quote that waits on CFFEX."""
        named = str(values.get("ReplaceSysID", "")).strip()
        if not named or contract.exchange != "CFFEX":
            return
        found = self._register.by_sys_id(QUOTE, contract.exchange, named)
        waits = found is not None and found.status == states.NOT_TRADED
        if found is None or not waits or found.account is not account:
            raise Refused(BAD_REPLACED)
        if found.contract is not contract:
            raise Refused(BAD_REPLACED)

    # CTP's checks

    def _contract(self, values: Values) -> Contract:
        if exchange := str(values.get("ExchangeID", "")):
            check_exchange(values)
        contract = self._markets.contract(str(values.get("InstrumentID", "")))
        if contract is None or exchange not in ("", contract.exchange):
            raise Refused(NO_SUCH_INSTRUMENT)
        if not self._checks.trades(contract):
            raise Refused(NOT_TRADABLE)
        if contract.option is None and not QUOTE_MANNERS[contract.exchange].futures:
            raise Refused(NO_QUOTE)
        return contract

    def _legs(
        self,
        session: Session,
        account: Account,
        contract: Contract,
        values: Values,
        refs: tuple[str, str],
        now: datetime,
    ) -> list[Order]:
        """Return the orders of a quote, to sell and to buy; a side without volume has none."""
        legs: list[Order] = []
        for (name, direction), ref in zip(_SIDES, refs, strict=True):
            if not values.get(f"{name}Volume", 0):
                continue
            wanted = _input_order(values, contract, session, name, direction)
            try:
                legs.append(self._checks.quoted(session, account, wanted, ref, now))
            except Refused:
                for order in legs:
                    account.release(order.position, order.offset, order.left, order.hold)
                raise
        return legs


def _price(order: Order) -> int:
    return order.price or 0


def _input_order(
    values: Values, contract: Contract, session: Session, name: str, direction: str
) -> dict[str, object]:
    """Return one side of an InputQuote as an InputOrder."""
    repeated = ("RequestID", "BusinessUnit", "InvestUnitID", "MacAddress", "IPAddress", "OrderMemo")
    account = session.account or ("", "")
    return {
        **{field: values[field] for field in repeated if field in values},
        "BrokerID": account[0],
        "InvestorID": account[1],
        "UserID": str(values.get("UserID", "")) or session.user_id,
        "InstrumentID": contract.instrument,
        "ExchangeID": contract.exchange,
        "OrderPriceType": states.LIMIT_PRICE,
        "Direction": direction,
        "CombOffsetFlag": str(values.get(f"{name}OffsetFlag", "")),
        "CombHedgeFlag": str(values.get(f"{name}HedgeFlag", "")),
        "LimitPrice": values.get(f"{name}Price", 0.0),
        "VolumeTotalOriginal": values.get(f"{name}Volume", 0),
        "TimeCondition": states.DAY,
        "VolumeCondition": states.ANY_VOLUME,
        "MinVolume": 0,
        "ContingentCondition": states.AT_ONCE,
        "ForceCloseReason": "0",
        "IsAutoSuspend": 0,
    }


def _check_fields(values: Values, manners: QuoteManners) -> None:
    """Refuse an InputQuote that makes no quote of its exchange (the table of page BJHXJ)."""
    for name, _ in _SIDES:
        hedge = str(values.get(f"{name}HedgeFlag", ""))
        if hedge == SPECULATION:
            continue
        if not manners.hedges:
            raise Refused(ONLY_SPECULATION)
        if hedge != HEDGE:
            raise Refused(BAD_QUOTE_HEDGE)
    volumes = [values.get(f"{name}Volume", 0) for name, _ in _SIDES]
    least = 0 if manners.one_sided else 1
    wrong = (
        any(not isinstance(volume, int) or volume < least for volume in volumes)
        or not any(volumes)
        or (not manners.unequal and volumes[0] != volumes[1])
        or str(values.get("TimeCondition", "")) not in ("", states.DAY)
    )
    if wrong:
        raise Refused(BAD_ORDER_FIELD)


def _leg_refs(session: Session, values: Values) -> tuple[str, str]:
    """Return AskOrderRef and BidOrderRef: both left out, or growing (22)."""
    ask, bid = (str(values.get(f"{name}OrderRef", "")).strip() for name, _ in _SIDES)
    if not ask and not bid:
        return "", ""
    for ref in (ask, bid):
        if not (ref.isascii() and ref.isdigit()) or len(ref) > _LONGEST_REF:
            raise Refused(BAD_ORDER_FIELD)
    if not session.max_ref < int(ask) < int(bid):
        raise Refused(DUPLICATE_ORDER)
    return str(values["AskOrderRef"]), str(values["BidOrderRef"])

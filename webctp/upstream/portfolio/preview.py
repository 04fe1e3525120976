"""What an order would set aside and come to, without sending it. Pure.

Amounts are in units (1e-4 yuan). What CTP would refuse is found by the same figures that the
portfolio tells; what CTP takes off besides is in the available money already.
"""

from collections.abc import Iterator, Mapping
from typing import Any, Final, NamedTuple

from webctp.ctp.refusal import Refusal
from webctp.language.text import english
from webctp.upstream.portfolio.account import Charged, margins
from webctp.upstream.portfolio.facts import CLOSE_TODAY, OPEN, Key, Terms
from webctp.upstream.portfolio.figures import PositionFigures
from webctp.upstream.portfolio.money import yuan
from webctp.upstream.portfolio.portfolio import Portfolio, lot_margin
from webctp.upstream.portfolio.working import Working, set_aside, working_of

_BAD_FIELD: Final = 15
_OVER_POSITION: Final = 30
_NO_MONEY: Final = 31
_OVER_TODAY: Final = 50
_OVER_YESTERDAY: Final = 51
"""ErrorIDs of CTP's."""
_TEXTS: Final = (
    *("InstrumentID", "Direction", "CombOffsetFlag", "CombHedgeFlag", "OrderPriceType"),
)


class Preview(NamedTuple):
    """What an order comes to.

    ``commission`` is the fee where it trades at its price, ``frozen_…`` what it sets aside first.
    ``today`` and ``older`` are the lots of the position that can be closed; where days are not
    kept apart ``older`` is all. ``position`` and ``risk_degree`` are those after it has traded.
    """

    key: Key
    margin: int
    commission: int
    frozen_commission: int
    frozen_cash: int
    available: int
    available_after: int
    today: int
    older: int
    position: int
    risk_degree: float
    refusals: tuple[Refusal, ...]


def order_of(body: Mapping[str, Any]) -> Working:
    """Read an InputOrder; what is left out counts as empty."""
    row = {name: body.get(name) or "" for name in _TEXTS}
    row["InstrumentID"] = row["InstrumentID"].strip()
    row["LimitPrice"] = body.get("LimitPrice") or 0.0
    return working_of(row, int(body.get("VolumeTotalOriginal") or 0))


def preview(portfolio: Portfolio, order: Working) -> Preview | None:
    """Return what an order would come to; None where its instrument is not known."""
    key, facts = order.key, portfolio.facts
    terms, commissions = facts.terms.get(key.instrument), facts.commissions(key.instrument)
    if terms is None or commissions is None:
        return None
    quote = facts.quotes.get(key.instrument)
    money, figures = portfolio.figures()
    charges = portfolio.charges()
    held = figures.get(key)
    last, pre = (0, 0) if quote is None else (quote.last, quote.pre_settlement)
    each = lot_margin(facts, key, terms, pre, last)
    aside = set_aside((order,), terms, commissions, quote)
    opens = order.offset == OPEN
    before = margins(charges)
    margin = 0
    if opens:
        supposed = Charged(key, terms, 0, each * order.left)
        margin = margins([*charges, supposed]).frozen - before.frozen
    after = margins(_traded(charges, order, terms, each))
    price = order.price
    if price is None:
        price = 0 if quote is None else quote.upper_limit
    worth = price * terms.multiplier
    newest = 0 if opens else _newest(portfolio, order)
    commission = commissions.of(order.offset).of(worth * order.left, order.left)
    if not opens:
        commission = commissions.close_today.of(worth * newest, newest)
        commission += commissions.close.of(worth * (order.left - newest), order.left - newest)
    needed = margin + aside.commission + aside.cash
    today, older = _closable(held, terms)
    equity = money.balance - commission
    lots = 0 if held is None else held.volume
    found = Preview(
        key,
        margin,
        commission,
        aside.commission,
        aside.cash,
        money.available,
        money.available - needed,
        today,
        older,
        lots + order.left if opens else max(lots - order.left, 0),
        after.used / equity if equity > 0 else float("inf") if after.used else 0.0,
        (),
    )
    return found._replace(refusals=tuple(_refusals(order, found, terms, lots)))


def _traded(charges: list[Charged], order: Working, terms: Terms, each: int) -> Iterator[Charged]:
    """Give what positions cost once the order has traded."""
    if order.offset == OPEN:
        yield from charges
        yield Charged(order.key, terms, each * order.left, 0)
        return
    for one in charges:
        if one.key == order.key:
            yield one._replace(margin=max(one.margin - each * order.left, 0))
        else:
            yield one


def _newest(portfolio: Portfolio, order: Working) -> int:
    """Return how many lots of a closing would pay the rate of closing today's."""
    position = portfolio.positions.get(order.key)
    if position is None:
        return 0
    if position.terms.by_date:
        return order.left if order.offset == CLOSE_TODAY else 0
    return max(min(order.left, position.today.open_volume - position.paid_today), 0)


def _closable(held: PositionFigures | None, terms: Terms) -> tuple[int, int]:
    """Return the lots that can be closed: today's and older ones, or all as older ones."""
    if held is None:
        return 0, 0
    if terms.by_date:
        return max(held.today - held.today_frozen, 0), max(held.older - held.older_frozen, 0)
    return 0, held.available


def _refusals(order: Working, found: Preview, terms: Terms, held: int) -> Iterator[Refusal]:
    """Give what CTP would refuse, by its own codes."""
    if order.left <= 0:
        yield Refusal(_BAD_FIELD, english("VolumeTotalOriginal must be above 0"))
    if found.available_after < 0:
        yield Refusal(
            _NO_MONEY,
            english(
                "CTP would refuse it: {lacking:.2f} yuan are lacking",
                lacking=yuan(-found.available_after),
            ),
        )
    if order.offset == OPEN:
        return
    today = terms.by_date and order.offset == CLOSE_TODAY
    free = found.today if today else found.older
    if order.left > free:
        code = _OVER_POSITION
        if terms.by_date and order.left <= held:
            code = _OVER_TODAY if today else _OVER_YESTERDAY
        yield Refusal(
            code,
            english(
                "CTP would refuse it: {free} lots can be closed, found {lots}",
                free=free,
                lots=order.left,
            ),
        )

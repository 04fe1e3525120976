"""Hold a portfolio against CTP's own answers, and take CTP's word where they differ.

The answers must be of a moment at which nothing was on its way. What moves with prices alone is
not compared: profits of positions, balance, available money. Pure; runs in the reactor's thread.
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from typing import Final, NamedTuple

from webctp.upstream.portfolio.account import Account
from webctp.upstream.portfolio.facts import LONG, SHORT, Key, Row
from webctp.upstream.portfolio.figures import PositionFigures
from webctp.upstream.portfolio.money import units
from webctp.upstream.portfolio.portfolio import COMBINATION, EXERCISE, SIDES, Portfolio

_CENT: Final = 100
"""Units by which each trade and each lot may differ: CTP's own rounding is not documented."""
_LOTS: Final = {
    "Position": "volume",
    "TodayPosition": "today",
    "OpenVolume": "open_volume",
    "CloseVolume": "close_volume",
}
_AMOUNTS: Final = {
    "PositionCost": "cost",
    "OpenCost": "open_cost",
    "OpenAmount": "open_amount",
    "CloseAmount": "close_amount",
    "CloseProfitByDate": "closed_by_date",
    "Commission": "commission",
    "CashIn": "cash_in",
}
_FUNDS: Final = {
    "PreBalance": "pre_balance",
    "Deposit": "deposit",
    "Withdraw": "withdraw",
    "Commission": "commission",
    "CloseProfit": "close_profit",
    "CashIn": "cash_in",
}
_ASIDE: Final = {
    "CurrMargin": "margin",
    "FrozenMargin": "frozen_margin",
    "FrozenCommission": "frozen_commission",
    "FrozenCash": "frozen_cash",
}
_MOVED: Final = ("commission", "close_profit", "cash_in")


class Drift(NamedTuple):
    """A difference: of a position, or of the account where ``key`` is None; lots or units."""

    key: Key | None
    field: str
    kept: int
    told: int
    is_lots: bool = False


def reconcile(
    portfolio: Portfolio, account: Row, positions: Sequence[Row], details: Sequence[Row]
) -> tuple[Drift, ...]:
    """Take CTP's word for an account; gives what was kept otherwise.

    Where there are combinations or exercises, margins and what is frozen are taken from the
    answer as they are: they are no drift, the caveats say whose word they are.
    """
    money, figures = portfolio.figures()
    caveats = portfolio.uncertain()
    found = list(_positions_drift(figures, positions))
    if found:
        portfolio.adopt(positions, details)
    rounding = _rounding(figures.values())
    fields = dict(_FUNDS)
    is_charged_by_price = any(
        key.side == SHORT and one.option_value for key, one in figures.items()
    )
    is_own = not caveats & {COMBINATION, EXERCISE}
    if is_own and not is_charged_by_price and portfolio.account.params.margin_price != "2":
        fields |= _ASIDE
    of_account = [
        Drift(None, name, getattr(money, attribute), units(account[name]))
        for name, attribute in fields.items()
        if abs(getattr(money, attribute) - units(account[name])) > rounding
    ]
    if found or of_account or not is_own:
        _adopt(portfolio, account, [*fields, *(() if is_own else _ASIDE)])
    return (*found, *of_account)


def _adopt(portfolio: Portfolio, row: Row, fields: Iterable[str]) -> None:
    """Let the account's figures be those of an answer."""
    portfolio.account = Account(params=portfolio.account.params)
    portfolio.account.seed(row)
    money, _ = portfolio.figures()
    names = {**_FUNDS, **_ASIDE}
    beyond = {
        names[name]: units(row[name]) - getattr(money, names[name])
        for name in fields
        if names[name] in _MOVED or name in _ASIDE
    }
    portfolio.account = replace(portfolio.account, **beyond)
    portfolio.version += 1


def _rounding(figures: Iterable[PositionFigures]) -> int:
    """Return by how many units sums may differ without being wrong."""
    return _CENT * (1 + sum(one.open_volume + one.close_volume + one.volume for one in figures))


def _positions_drift(
    figures: dict[Key, PositionFigures], positions: Iterable[Row]
) -> Iterator[Drift]:
    """Give what differs in positions; combinations' own rows are in their legs' already."""
    told: dict[Key, Counter[str]] = {}
    for row in positions:
        if "&" in row["InstrumentID"]:
            continue
        side = SIDES.get(str(row["PosiDirection"]), LONG)
        found = told.setdefault(Key(row["InstrumentID"], side, row["HedgeFlag"]), Counter())
        for name in _LOTS:
            found[name] += int(row[name])
        for name in _AMOUNTS:
            found[name] += units(row[name])
    for key in figures.keys() | told.keys():
        one, right = figures.get(key), told.get(key, Counter[str]())
        rounding = _CENT if one is None else _rounding([one])
        for name, attribute in _LOTS.items():
            kept = 0 if one is None else getattr(one, attribute)
            if kept != right[name]:
                yield Drift(key, name, kept, right[name], is_lots=True)
        for name, attribute in _AMOUNTS.items():
            kept = 0 if one is None else getattr(one, attribute)
            if abs(kept - right[name]) > rounding:
                yield Drift(key, name, kept, right[name])

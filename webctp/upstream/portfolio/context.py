"""What a portfolio is given and gives: what all share, prices, who is told, what is told."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import NamedTuple, Protocol

from twisted.internet.interfaces import IReactorTime

from webctp.ctp.catalog import Catalogue
from webctp.upstream.portfolio.counts import PortfolioCounts
from webctp.upstream.portfolio.drift import Drift
from webctp.upstream.portfolio.facts import DayTerms, Quote
from webctp.upstream.portfolio.figures import AccountFigures, PositionFigures


class Update(NamedTuple):
    """What is told: the account, positions (all or those that have changed), what is not sure."""

    account: AccountFigures
    positions: tuple[PositionFigures, ...]
    caveats: tuple[str, ...]


class Prices(Protocol):
    """Market data of the daemon's own."""

    def watch(self, instruments: frozenset[str]) -> None:
        """Follow these instruments and no others."""

    def last(self, instrument: str) -> int:
        """Return the last price of a followed instrument in units; 0 where there is none."""

    def quote(self, instrument: str) -> Quote | None:
        """Return an instrument's prices by its newest tick; None where there is none."""


class PortfolioListener(Protocol):
    """Take what becomes of a portfolio."""

    def portfolio_ready(self) -> None:
        """Take note that the portfolio can be told whole."""

    def portfolio_changed(self, update: Update) -> None:
        """Take what has changed."""

    def portfolio_refused(self, query: str, code: int) -> None:
        """Take CTP's refusal of a query without which nothing can be kept."""

    def portfolio_drifted(self, drifts: Sequence[Drift]) -> None:
        """Take differences from CTP's answers, whose word was taken."""


@dataclass(slots=True)
class PortfolioContext:
    """What all portfolios of a service share.

    :param interval: the least seconds between two messages of a portfolio.
    :param reconcile: seconds between two reconciliations; 0 for never.
    """

    clock: IReactorTime
    catalogue: Catalogue
    interval: float
    reconcile: float
    terms: DayTerms = field(default_factory=DayTerms)
    counts: PortfolioCounts = field(default_factory=PortfolioCounts)

    def take_settings(self, interval: float, reconcile: float) -> None:
        """Take other intervals; each portfolio does at its next look."""
        self.interval, self.reconcile = interval, reconcile

"""What portfolios have cost and found since the daemon's start, counted for all sessions.

Read on a scrape only; runs in the reactor's thread.
"""

from collections.abc import Iterator
from typing import Final

from webctp.metrics import Kind, Metric, Sample

_KEPT: Final = Metric(
    "webctp_portfolios",
    Kind.GAUGE,
    "Portfolios that are kept: sessions with a client that has sent SubscribePortfolio.",
    "正在维护的持仓与资金（Portfolio）数，即有客户端订阅的会话数。",
)
_QUERIES: Final = Metric(
    "webctp_portfolio_queries_total",
    Kind.COUNTER,
    "Queries sent to begin, price and reconcile portfolios.",
    "为建立、估值与核对 Portfolio 发出的查询数。",
)
_RECONCILED: Final = Metric(
    "webctp_portfolio_reconciliations_total",
    Kind.COUNTER,
    "How often a portfolio was held against CTP's answers.",
    "Portfolio 与 CTP 查询结果核对的次数。",
)
_DRIFTS: Final = Metric(
    "webctp_portfolio_drifts_total",
    Kind.COUNTER,
    "Differences that were found when portfolios were held against CTP's answers.",
    "核对 Portfolio 时发现的差异数。",
)


class PortfolioCounts:
    """Count what all portfolios do; their parts add to the attributes."""

    def __init__(self) -> None:
        self.kept = 0
        self.queries = 0
        self.reconciled = 0
        self.drifts = 0

    def samples(self) -> Iterator[Sample]:
        """Read the figures; called on a scrape."""
        yield Sample(_KEPT, self.kept)
        yield Sample(_QUERIES, self.queries)
        yield Sample(_RECONCILED, self.reconciled)
        yield Sample(_DRIFTS, self.drifts)

"""What a program may have done for it at every push, by the names that CTP programmers know."""

from __future__ import annotations

from collections.abc import Awaitable
from typing import Any

from webctp_client.made import own, structs

Done = Awaitable[None] | None
"""A method of a handler may be a coroutine; a blocking client calls plain ones only."""


class Handler:
    """Override what is of interest; the rest does nothing."""

    def on_tick(self, tick: structs.DepthMarketData) -> Done:
        """Take a tick (行情)."""

    def on_bar(self, bar: own.Bar) -> Done:
        """Take a bar (K 线)."""

    def on_order(self, order: structs.Order) -> Done:
        """Take an order that has changed (报单回报)."""

    def on_trade(self, trade: structs.Trade) -> Done:
        """Take a trade (成交回报); each comes once."""

    def on_position(self, position: own.PortfolioPosition) -> Done:
        """Take a position that has changed (持仓)."""

    def on_account(self, account: own.PortfolioAccount) -> Done:
        """Take the money as it stands (资金)."""

    def on_event(self, event: Any) -> Done:
        """Take everything else: gaps, broken connections, states of the session, other pushes."""

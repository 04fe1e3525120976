"""Queries of what the simulated exchange never has: their answers are empty, as on CTP."""

from collections.abc import Iterable
from typing import Final

from webctp.sim.events import Values
from webctp.sim.exchange.exchange import Exchange
from webctp.sim.exchange.requests import Request
from webctp.sim.handlers.table import account_of, rows

NOTHING: Final = (
    # What has no request here leaves nothing to be queried.
    *("ReqQryEWarrantOffset", "ReqQryOffsetSetting"),
    # No guards of combinations, no market makers, no investment units, no messages.
    "ReqQryCombInstrumentGuard",
    *("ReqQryMMInstrumentCommissionRate", "ReqQryMMOptionInstrCommRate", "ReqQryInvestUnit"),
    # No agents of second level; and even theirs are answered empty (REQQRYSECAGENT…).
    *("ReqQrySecAgentACIDMap", "ReqQrySecAgentCheckMode"),
    *("ReqQrySecAgentTradeInfo", "ReqQrySecAgentTradingAccount"),
    # No investor is under a portfolio margin, so that none has one (inferred).
    *("ReqQryInvestorProdSPBMDetail", "ReqQrySPBMInvestorPortfDef"),
    *("ReqQryInvestorCommoditySPMMMargin", "ReqQryInvestorCommodityGroupSPMMMargin"),
    *("ReqQryInvestorProdRULEMargin", "ReqQryInvestorProdRCAMSMargin"),
    *("ReqQryRCAMSInvestorCombPosition", "ReqQryInvestorPortfMarginRatio"),
)
"""Their names; a binding that lacks some has fewer requests."""


def nothing(exchange: Exchange, request: Request) -> Iterable[Values]:
    """List nothing."""
    account_of(exchange, request)
    return ()


for _name in NOTHING:
    rows(_name)(nothing)

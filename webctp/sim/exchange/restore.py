"""What the state file keeps of an exchange, and an exchange that goes on from there."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from webctp.sim.accounts.sessions import User
from webctp.sim.events import AccountKey
from webctp.sim.exchange import records
from webctp.sim.exchange.exchange import Exchange
from webctp.sim.exchange.records import Record


@dataclass(frozen=True, slots=True)
class Stored:
    """The records of a state file; ``facts`` are what `facts` gave."""

    facts: Mapping[str, Any]
    users: Iterable[User]
    accounts: Mapping[AccountKey, Record]
    orders: Iterable[Record]
    trades: Iterable[Record]
    transfers: Iterable[Record] = ()
    instructions: Iterable[Record] = ()
    notices: Iterable[Record] = ()


def facts(exchange: Exchange) -> dict[str, Any]:
    """Return what the state file keeps beside users, accounts, orders and trades."""
    return {
        "next_session": exchange.next_session,
        "settlement": exchange.markets.settlement,
        "engine": exchange.engine.facts(),
        "comb_actions": exchange.comb_actions.facts(),
        "markets": exchange.markets.facts(),
        "parked": [records.of_parked(parked) for parked in exchange.parked.all],
        "transfer_serial": exchange.transfers.serial,
        "notices": exchange.notices.facts(),
    }


def restore(exchange: Exchange, stored: Stored) -> None:
    """Let a fresh exchange go on where another has ended."""
    known = stored.facts
    exchange.next_session = known["next_session"]
    exchange.markets.settlement = known["settlement"]
    # A file of an earlier version has no markets: they begin anew, with all orders at the end.
    if "markets" in known:
        exchange.markets.restore(known["markets"])
    exchange.users = {user.account: user for user in stored.users}
    for key, record in stored.accounts.items():
        exchange.accounts[key] = records.to_account(key, record, exchange.markets)
    _restore_orders(exchange, stored)
    if "comb_actions" in known:
        exchange.comb_actions.restore(known["comb_actions"])
    for record in stored.instructions:
        exchange.instructions.add(
            records.to_instruction(record, exchange.accounts, exchange.markets)
        )
    exchange.quotes.resume(exchange.now)
    exchange.parked.restore([records.to_parked(record) for record in known["parked"]])
    exchange.transfers.restore(
        # Files of earlier versions have no transfers.
        known.get("transfer_serial", 0),
        [records.to_transfer(record) for record in stored.transfers],
    )
    exchange.notices.restore(
        known.get("notices", {}), [records.to_notice(record) for record in stored.notices]
    )


def _restore_orders(exchange: Exchange, stored: Stored) -> None:
    orders = {
        record["number"]: records.to_order(record, exchange.accounts, exchange.markets)
        for record in stored.orders
    }
    trades = [records.to_trade(record, orders) for record in stored.trades]
    exchange.engine.restore(stored.facts["engine"], orders.values(), trades, exchange.now)

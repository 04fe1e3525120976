"""Accounts, orders, trades and transfers as plain values, for the state file, and back."""

from collections.abc import Mapping
from dataclasses import asdict
from datetime import datetime
from typing import Any

from webctp.sim.accounts.account import Account, Hold
from webctp.sim.accounts.banks import DEFAULT_BANK, BankAccount, Transfer, account_number
from webctp.sim.accounts.combined import Combined, Group, Piece
from webctp.sim.accounts.notices import TradingNotice
from webctp.sim.accounts.orders import Order, OrderLeg, Trade
from webctp.sim.accounts.parked import Parked
from webctp.sim.accounts.positions import Closed, Lot, Position, Tally
from webctp.sim.accounts.sessions import User
from webctp.sim.broker.instructions import KINDS, Instruction, Locked
from webctp.sim.market.markets import Markets
from webctp.sim.model.contracts import Contract
from webctp.sim.money import units
from webctp.sim.options import DEFAULT_BANK_BALANCE

Record = dict[str, Any]

_CASH = (
    "pre_balance",
    "pre_margin",
    "deposit",
    "withdraw",
    "commission",
    "close_profit",
    "cash_in",
    "frozen_commission",
    "frozen_cash",
)
_POSITION = (
    "direction",
    "hedge",
    "margin",
    "pre_settlement",
    "start_volume",
    "frozen_today",
    "frozen_older",
    "opening",
    "opening_amount",
    "paid_today",
    "strike_today",
    "strike_older",
    "abandon_today",
    "abandon_older",
    "strike_amount",
    "pre_margin",
)
_ORDER = (
    "number",
    "front",
    "session",
    "ref",
    "direction",
    "offset",
    "price",
    "volume",
    "trading_day",
    "sys_id",
    "submit_status",
    "status",
    "message",
    "traded",
    "sequence",
    "updated",
    "canceled",
    "canceled_by",
    "parent",
    "stopped",
    "executed",
    "group",
    "quote",
)
_INSTRUCTION = (
    "number",
    "front",
    "session",
    "ref",
    "trading_day",
    "status",
    "submit_status",
    "message",
    "sys_id",
    "sequence",
    "canceled",
    "canceled_by",
    "legs",
    "standing",
    "more",
)
_TRADE = (
    "trade_id",
    "price",
    "volume",
    "offset",
    "sequence",
    "trading_day",
    "commission",
    "profit",
    "source",
)


def of_account(account: Account) -> Record:
    """Return the record of an account with its positions."""
    return {
        "cash": {name: getattr(account, name) for name in _CASH},
        "positions": [_of_position(position) for position in account.positions.values()],
        "combined": [_of_combined(combined) for combined in account.combined.values()],
    }


def to_account(key: tuple[str, str], record: Record, markets: Markets) -> Account:
    """Return the account of a record; its contracts are those of the markets' present day."""
    account = Account(*key, **record["cash"])
    for stored in record["positions"]:
        position = _to_position(stored, markets.must(stored["instrument"]))
        account.positions[position.key] = position
    for stored in record.get("combined", ()):
        combined = _to_combined(stored, account, markets)
        account.combined[combined.key] = combined
    return account


def of_order(order: Order) -> Record:
    """Return the record of an order, which names its account and position."""
    return {
        **{name: getattr(order, name) for name in _ORDER},
        "account": [order.account.broker, order.account.investor],
        "position": list(order.position.key),
        "values": dict(order.values),
        "hold": asdict(order.hold),
        "legs": [[list(leg.position.key), leg.direction, asdict(leg.hold)] for leg in order.legs],
        "combined": None if order.combined is None else list(order.combined.key),
        "inserted": order.inserted.isoformat(),
    }


def to_order(
    record: Record, accounts: Mapping[tuple[str, str], Account], markets: Markets
) -> Order:
    """Return the order of a record, tied to its account and position.

    A condition has set nothing aside: its position need not be the account's.
    """
    account = accounts[record["account"][0], record["account"][1]]
    instrument, side, hedge = record["position"]
    position = account.positions.get((instrument, side, hedge))
    if position is None:
        position = Position(markets.must(instrument), side, hedge, 0, 0)
    legs = tuple(_to_leg(stored, account) for stored in record.get("legs", ()))
    key = record.get("combined")
    combined = None if key is None else account.combined[key[0], key[1], key[2]]
    # An order in a combination is of no instrument: its name stands in the request's values.
    named = markets.spreads.must(record["values"]["InstrumentID"]).contract if legs else None
    return Order(
        account=account,
        contract=named or position.contract,
        values=record["values"],
        position=position,
        hold=Hold(**record["hold"]),
        legs=legs,
        combined=combined,
        inserted=datetime.fromisoformat(record["inserted"]),
        # A field that an older file does not have takes its default.
        **{name: record[name] for name in _ORDER if name in record},
    )


def _to_leg(stored: list[Any], account: Account) -> OrderLeg:
    key, direction, hold = stored
    position = account.positions[key[0], key[1], key[2]]
    return OrderLeg(position.contract, direction, position, Hold(**hold))


def of_trade(trade: Trade) -> Record:
    """Return the record of a trade, which names its order by number."""
    return {
        **{name: getattr(trade, name) for name in _TRADE},
        "order": trade.order.number,
        "leg": None if trade.leg is None else trade.order.legs.index(trade.leg),
        "moment": trade.moment.isoformat(),
        "closed": [asdict(part) for part in trade.closed],
    }


def to_trade(record: Record, orders: Mapping[int, Order]) -> Trade:
    """Return the trade of a record, tied to its order."""
    order, leg = orders[record["order"]], record.get("leg")
    return Trade(
        order=order,
        leg=None if leg is None else order.legs[leg],
        moment=datetime.fromisoformat(record["moment"]),
        # Files of earlier versions do not say what a trade has closed.
        closed=tuple(Closed(**part) for part in record.get("closed", ())),
        **{name: record[name] for name in _TRADE if name in record},
    )


def of_instruction(instruction: Instruction) -> Record:
    """Return the record of an exercise, a self-close or a quote, which names its contract."""
    locked = instruction.locked
    return {
        **{name: getattr(instruction, name) for name in _INSTRUCTION},
        "kind": instruction.kind.name,
        "account": list(instruction.key),
        "instrument": instruction.contract.instrument,
        "values": dict(instruction.values),
        "inserted": instruction.inserted.isoformat(),
        "locked": None if locked is None else asdict(locked),
    }


def to_instruction(
    record: Record, accounts: Mapping[tuple[str, str], Account], markets: Markets
) -> Instruction:
    """Return the instruction of a record, tied to its account."""
    return Instruction(
        kind=KINDS[record["kind"]],
        account=accounts[record["account"][0], record["account"][1]],
        contract=markets.must(record["instrument"]),
        values=record["values"],
        inserted=datetime.fromisoformat(record["inserted"]),
        locked=None if record["locked"] is None else Locked(**record["locked"]),
        **{name: record[name] for name in _INSTRUCTION},
    )


def of_user(user: User) -> Record:
    """Return the record of a user, without the statements, which are kept apart."""
    record = asdict(user)
    record["last_login"] = user.last_login.isoformat() if user.last_login else None
    del record["statements"]
    return record


def to_user(record: Record) -> User:
    """Return the user of a record."""
    last = record["last_login"]
    return User(
        **{
            **record,
            "account": tuple(record["account"]),
            "bank": _to_bank(record),
            # Files of earlier versions hold a fund password only where it has been changed.
            "trading_password": record["trading_password"] or record["password"],
            "last_login": datetime.fromisoformat(last) if last else None,
            # Files of earlier versions have the statements here, as text.
            "statements": {
                day: text.encode("gbk") for day, text in record.get("statements", {}).items()
            },
        }
    )


def _to_bank(record: Record) -> BankAccount:
    if "bank" in record:
        return BankAccount(**record["bank"])
    # Files of earlier versions have no banks.
    investor = record["account"][1]
    return BankAccount(DEFAULT_BANK, account_number(investor), units(DEFAULT_BANK_BALANCE))


def of_transfer(transfer: Transfer) -> Record:
    """Return the record of a transfer."""
    return {**asdict(transfer), "moment": transfer.moment.isoformat()}


def to_transfer(record: Record) -> Transfer:
    """Return the transfer of a record."""
    moment = datetime.fromisoformat(record["moment"])
    return Transfer(**{**record, "account": tuple(record["account"]), "moment": moment})


def to_notice(record: Record) -> TradingNotice:
    """Return the trading notice of a record."""
    return TradingNotice(**{**record, "account": tuple(record["account"])})


def of_parked(parked: Parked) -> Record:
    """Return the record of a parked order or cancellation."""
    return {**asdict(parked), "values": dict(parked.values)}


def to_parked(record: Record) -> Parked:
    """Return the parked order or cancellation of a record."""
    return Parked(**{**record, "account": tuple(record["account"])})


def _of_combined(combined: Combined) -> Record:
    """Return the record of a combined position: its legs by key, its pieces by day and TradeID."""
    return {
        "name": combined.combination.instrument_id,
        "direction": combined.direction,
        "hedge": combined.hedge,
        "legs": [list(leg.key) for leg in combined.legs],
        "opening": combined.opening,
        "start_volume": combined.start_volume,
        "groups": [
            {
                "number": group.number,
                "today": group.today,
                "volume": group.volume,
                "pieces": [
                    [[piece.lot.open_day, piece.lot.trade_id, piece.volume] for piece in pieces]
                    for pieces in group.pieces
                ],
            }
            for group in combined.groups
        ],
    }


def _to_combined(record: Record, account: Account, markets: Markets) -> Combined:
    """Return the combined position of a record, tied to its account's lots."""
    instrument, side, hedge = record["legs"][0]
    first = account.positions[instrument, side, hedge]
    instrument, side, hedge = record["legs"][1]
    second = account.positions[instrument, side, hedge]
    combined = Combined(
        markets.combinations.must(record["name"]),
        record["direction"],
        record["hedge"],
        (first, second),
        opening=record["opening"],
        start_volume=record["start_volume"],
    )
    for stored in record["groups"]:
        pieces = _to_pieces(first, stored["pieces"][0]), _to_pieces(second, stored["pieces"][1])
        combined.groups.append(Group(stored["number"], stored["today"], stored["volume"], pieces))
    return combined


def _to_pieces(leg: Position, stored: list[list[Any]]) -> list[Piece]:
    lots = {(lot.open_day, lot.trade_id): lot for lot in leg.lots}
    return [Piece(lots[day, trade], volume) for day, trade, volume in stored]


def _of_position(position: Position) -> Record:
    return {
        **{name: getattr(position, name) for name in _POSITION},
        "instrument": position.contract.instrument,
        "lots": [asdict(lot) for lot in position.lots],
        "today": asdict(position.today),
        "older": asdict(position.older),
    }


def _to_position(record: Record, contract: Contract) -> Position:
    return Position(
        contract=contract,
        lots=[Lot(**lot) for lot in record["lots"]],
        today=Tally(**record["today"]),
        older=Tally(**record["older"]),
        # A field that an older file does not have begins at 0.
        **{name: record.get(name, 0) for name in _POSITION},
    )

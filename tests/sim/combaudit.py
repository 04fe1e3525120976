"""Combined positions worked out anew: their lots, and what each kind of combination saves.

The rules of margins are written out here once more, from CTP's page 6.5.1 and the exchanges'
(docs/simulation.md), and share no code with the simulator's.
"""

from collections import Counter
from collections.abc import Callable

from webctp.sim.accounts.account import Account
from webctp.sim.accounts.combined import Combined
from webctp.sim.accounts.positions import Position

SHARES = {"OPL": 20, "BLS": 20, "CAS": 20, "BFO": 80}
"""Per cent of the option sold, of the future."""


def whole(account: Account) -> None:
    """Fail unless lots and combinations of an account agree."""
    pieces = Counter[int]()
    for combined in account.combined.values():
        for group in combined.groups:
            assert group.volume > 0, combined
            for leg, of_leg in zip(combined.legs, group.pieces, strict=True):
                assert account.positions[leg.key] is leg, combined.key
                assert sum(piece.volume for piece in of_leg) == group.volume, combined
                for piece in of_leg:
                    assert any(piece.lot is lot for lot in leg.lots), combined
                    pieces[id(piece.lot)] += piece.volume
    for position in account.positions.values():
        assert sum(lot.held for lot in position.lots) == position.volume(), position
        for lot in position.lots:
            assert 0 <= lot.combined <= lot.held, position
            assert lot.combined == pieces[id(lot)], position


def saved(combined: Combined, last: Callable[[str], int]) -> int:
    """Return what a combined position costs less than its legs apart."""
    each = [_alone(leg, last) for leg in combined.legs]
    return combined.volume() * (sum(each) - _together(combined, each))


def _alone(leg: Position, last: Callable[[str], int]) -> int:
    return leg.margin + _premium(leg, last(leg.contract.instrument))


def _premium(leg: Position, price: int) -> int:
    if leg.contract.option is None or leg.direction == "0":
        return 0
    return max(price, leg.pre_settlement) * leg.contract.multiplier


def _together(combined: Combined, each: list[int]) -> int:
    kind = combined.combination.instrument_id.partition(" ")[0]
    legs = combined.legs
    options = [leg.contract.option is not None for leg in legs]
    sold = next((cost for leg, cost in zip(legs, each, strict=True) if leg.direction == "1"), 0)
    if not any(options):
        return max(each)
    premiums = [cost - leg.margin for leg, cost in zip(legs, each, strict=True)]
    if kind in ("STD", "STG"):
        greater = 0 if each[0] >= each[1] else 1
        return each[greater] + premiums[1 - greater]
    future = next((cost for cost, option in zip(each, options, strict=True) if not option), 0)
    if kind == "PRT":
        return future + premiums[options.index(True)]
    if kind == "BES":
        strikes = [leg.contract.option.strike for leg in legs if leg.contract.option is not None]
        return min(sold, abs(strikes[0] - strikes[1]) * legs[0].contract.multiplier)
    whole_part = future if kind == "BFO" else sold
    # To the cent, halves up; a cent is 100 units.
    return (whole_part * SHARES[kind] + 5_000) // 10_000 * 100

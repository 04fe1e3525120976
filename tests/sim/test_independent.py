"""Accounts, positions, orders and ticks of random days against an independent ledger."""

import sys
from collections import Counter
from collections.abc import Iterable
from decimal import Decimal
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st
from twisted.trial.unittest import SynchronousTestCase

from tests.conformance import holds
from tests.sim.holdings import exact
from tests.sim.randomday import RandomDay
from tests.sim.statementledger import Difference


def differences(day: RandomDay) -> list[str]:
    """Return each figure in which the exchange and its ledgers differ."""
    found = unlike(day.watch())
    for name, ledger in day.ledgers.items():
        [told] = day.rows(name, "ReqQryTradingAccount")
        held = [(field, told[field], right) for field, right in ledger.account().items()]
        held += ledger.positions(day.rows(name, "ReqQryInvestorPosition"))
        held += ledger.details(day.rows(name, "ReqQryInvestorPositionDetail"))
        held += [*day.returns(name), *day.parked(name)]
        found += [f"{name} {line}" for line in unlike(held)]
    return found


def unlike(held: Iterable[Difference]) -> list[str]:
    """Return a line for each figure that is not what it must be."""
    return [
        f"{what}: told {told}, right {right}"
        for what, told, right in held
        if not _alike(told, right)
    ]


def _alike(told: Any, right: Any) -> bool:
    """Doubles stand for the nearest number of four places."""
    if not isinstance(right, Decimal):
        return bool(told == right)
    return told is not None and round(exact(told), 4) == round(right, 4)


def trade(day: RandomDay, turns: int = 80, days: int = 2) -> list[str]:
    """Let days go by; gives what differed when something first did."""
    for number in range(days):
        for turn in range(turns):
            day.act()
            if turn % 10 == 9 and (found := differences(day)):
                return [f"seed {day.seed}, day {number}, turn {turn}: {line}" for line in found]
        if found := unlike(day.end()) + differences(day):
            return [f"seed {day.seed}, after day {number}: {line}" for line in found]
    return []


class Independent(SynchronousTestCase):
    """Days of three accounts on six exchanges, with orders of every kind."""

    @holds(
        "ONRSPQRYINVESTORPOSITION-3",
        "ONRSPQRYINVESTORPOSITION-6",
        "ONRSPQRYINVESTORPOSITION-7",
        "ONRSPQRYINVESTORPOSITION-10",
        "ONRSPQRYINVESTORPOSITIONDETAIL-1",
        "ONRSPQRYINVESTORPOSITIONDETAIL-2",
        "ONRSPQRYINVESTORPOSITIONDETAIL-4",
        "HQSM-3",
        "HQSM-4",
        "ONRSPQRYDEPTHMARKETDATA-1",
    )
    @settings(max_examples=3, deadline=None)
    @given(st.integers(0, 1_000_000))
    def test_everything_told_is_what_the_ledger_says(self, seed: int) -> None:
        day = RandomDay(seed)
        self.assertEqual(trade(day), [])
        self.assertGreater(day.done["trades"], 15, seed)

    def test_the_market_goes_on_where_the_day_before_has_ended(self) -> None:
        day = RandomDay(0)
        for _ in range(5):
            day.act()
        self.assertEqual(unlike(day.end()), [])
        self.assertTrue(day.next_day)
        self.assertEqual(unlike(day.next_day), [])


def main(days: int, seed: int) -> int:
    """Hold ``days`` runs of two days against the ledger: what came about, every difference."""
    done, differing = Counter[str](), list[str]()
    for number in range(seed, seed + days):
        day = RandomDay(number)
        differing += trade(day)
        done.update(day.done)
    print("\n".join(differing))
    print(", ".join(f"{count} {what}" for what, count in sorted(done.items())))
    print(f"{days} runs of two days from seed {seed}: {len(differing)} differences")
    return 1 if differing or not done["trades"] else 0


if __name__ == "__main__":
    sys.exit(main(int(sys.argv[1]), int(sys.argv[2])))

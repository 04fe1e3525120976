"""Combination instruments: which names are combinations, their sides, what is listed."""

from datetime import date
from typing import Final

from twisted.trial.unittest import SynchronousTestCase

from webctp.exchanges.combinations import Combination, Combinations
from webctp.exchanges.instruments import listed

LONG_SHORT: Final = ("0", "1")
SHORT_LONG: Final = ("1", "0")
SHORT_BOTH: Final = ("1", "1")
NONE: Final = None
SIDES: Final = {
    "SP m2701&m2705": (LONG_SHORT, SHORT_LONG),
    "SPC y2701&p2705": (LONG_SHORT, SHORT_LONG),
    "SP m2701&m2701": (LONG_SHORT, NONE),
    "SPD SR701&SR705": (LONG_SHORT, SHORT_LONG),
    "IPS SF701&SM701": (LONG_SHORT, SHORT_LONG),
    "SP si2701&si2702": (LONG_SHORT, SHORT_LONG),
    "STD m2705-C-3000&m2705-P-3000": (NONE, SHORT_BOTH),
    "STG m2705-P-2900&m2705-C-3000": (NONE, SHORT_BOTH),
    "STG SR705C5400&SR705P5300": (NONE, SHORT_BOTH),
    "PRT m2705-C-3000&m2705": (NONE, SHORT_LONG),
    "PRT m2705-P-3000&m2705": (NONE, SHORT_BOTH),
    "PRT SR705&SR705C5300": (NONE, LONG_SHORT),
    "BLS m2705-C-3000&m2705-C-3050": (LONG_SHORT, NONE),
    "BLS m2705-P-3050&m2705-P-3000": (LONG_SHORT, NONE),
    "BES m2705-P-3050&m2705-P-3000": (NONE, SHORT_LONG),
    "CAS m2703-C-3000&m2705-C-3000": (NONE, SHORT_LONG),
    "BFO m2705-C-3000&m2705": (LONG_SHORT, NONE),
    "BFO m2705-P-3000&m2705": (("0", "0"), NONE),
    "OPL m2705-C-3000&m2705-C-3000": (LONG_SHORT, NONE),
}
"""Name -> the sides of its legs where it is bought, and where it is sold."""
NOT_ONES: Final = (
    "m2701",
    "SP m2701",
    "SP m2701&",
    "SP  m2701&m2705",
    "SP m2705&m2701",
    "SP m2701&p2705",
    "SP cu2701&cu2702",
    "SPD m2701&m2705",
    "SP SR701&SR705",
    "SPC m2701&a2701",
    "SPC y2701&SR701",
    "STD m2705-P-3000&m2705-C-3000",
    "STD m2705-C-3000&m2703-P-3000",
    "STG m2705-C-3000&m2705-P-2900",
    "PRT m2705&m2705-C-3000",
    "PRT m2703-C-3000&m2705",
    "BLS m2705-C-3050&m2705-C-3000",
    "BES m2705-P-3000&m2705-P-3050",
    "BLS m2705-C-3000&m2705-C-3000",
    "BLS SR705C5300&SR705C5400",
    "CAS m2705-C-3000&m2703-C-3000",
    "SPC si2701&lc2701",
    "",
    " &",
)


class Names(SynchronousTestCase):
    """What is a combination, and which sides its legs have (CTP's page QTYWGZ/DCEZB 3)."""

    def setUp(self) -> None:
        self.day = {one.instrument_id: one for one in listed(date(2026, 11, 24))}
        self.combinations = Combinations(self.day)

    def find(self, name: str) -> Combination:
        found = self.combinations.find(name)
        if found is None:
            self.fail(f"{name} was not found")
        return found

    def test_each_kind_has_the_sides_of_the_page(self) -> None:
        found = {name: self.find(name) for name in SIDES}
        sides = {name: (made.sides("0"), made.sides("1")) for name, made in found.items()}
        self.assertEqual(sides, SIDES)

    def test_what_is_spelled_otherwise_is_none(self) -> None:
        self.assertEqual([n for n in NOT_ONES if self.combinations.find(n) is not None], [])

    def test_every_listed_one_is_found_by_its_name(self) -> None:
        names = [made.instrument_id for made in self.combinations.listed]
        self.assertEqual(len(names), len(set(names)))
        self.assertEqual([self.find(name).is_tradable for name in names], [True] * len(names))
        self.assertIn("SPC y2701&p2701", names)
        for unlisted in ("SPC y2701&p2705", "SP m2701&m2701", "STD SR705C5300&SR705P5300"):
            self.assertNotIn(unlisted, names)

    def test_orders_are_taken_in_spreads_and_in_straddles_of_czce(self) -> None:
        tradable = [name for name in SIDES if self.find(name).is_tradable]
        self.assertEqual(
            tradable,
            [
                "SP m2701&m2705",
                "SPD SR701&SR705",
                "IPS SF701&SM701",
                "SP si2701&si2702",
                "STG SR705C5400&SR705P5300",
            ],
        )

    def test_products_of_those_that_can_only_be_combined(self) -> None:
        names = [made.product_id for made in self.combinations.combinable]
        for name in ("STD m_o&m_o", "STG m_o&m_o", "PRT m_o&m", "BFO m_o&m", "OPL si_o&si_o"):
            self.assertIn(name, names)
        self.assertEqual([name for name in names if name.startswith("SP")], [])

    def test_their_product_is_of_both_legs(self) -> None:
        self.assertEqual(self.find("SP m2701&m2705").product_id, "SP m&m")
        self.assertEqual(self.find("BFO m2705-C-3000&m2705").product_id, "BFO m_o&m")

"""Margins of combined positions, each kind by hand."""

from typing import Any, Final

from twisted.trial.unittest import SynchronousTestCase

from tests.conformance import holds
from tests.sim.broker.test_combactions import LEGS, SPREAD, Desk, told
from tests.sim.helpers import Bench

FUTURES: Final = (
    SPREAD,
    "SP m2701&m2701",
    "SPC y2701&p2705",
    "SP si2702&si2703",
    "SPD SR701&SR705",
    "IPS SF701&SM701",
)
SHARED: Final = {
    "OPL m2705-C-3000&m2705-C-3000": "m2705-C-3000",
    "BLS m2705-C-3000&m2705-C-3100": "m2705-C-3100",
    "CAS m2703-C-3000&m2705-C-3000": "m2703-C-3000",
}
"""Combinations that cost a share X of the margin of the option sold, and that option."""


class Case(SynchronousTestCase):
    """A desk with the legs of one combination, and the margin of each leg alone."""

    def combined(self, name: str, lots: int = 1) -> tuple[Desk, list[float], float]:
        """Combine ``lots``; gives what each leg cost a lot before, and what both cost now."""
        desk = Desk()
        desk.hold(name, lots)
        alone = [
            desk.row(leg, "2" if side == "0" else "3")["UseMargin"] / lots
            for leg, side in LEGS[name]
        ]
        self.assertAlmostEqual(desk.money["CurrMargin"], sum(alone) * lots, 2)
        self.assertEqual(told(desk.act(name, lots)), "a b", name)
        return desk, alone, desk.money["CurrMargin"]

    def premium(self, bench: Bench, session: int, name: str) -> float:
        (tick,) = bench.rows(session, "ReqQryDepthMarketData", InstrumentID=name)
        last: Any = max(float(str(tick[n])) for n in ("LastPrice", "PreSettlementPrice"))
        return float(last) * 10


class ByHand(Case):
    """The published formulas, from what queries tell."""

    def test_spreads_cost_the_larger_leg(self) -> None:
        for name in FUTURES:
            _, alone, margin = self.combined(name, 2)
            self.assertAlmostEqual(margin, 2 * max(alone), 2, name)

    @holds("V6.5.1-3")
    def test_a_share_of_the_option_sold(self) -> None:
        for name, sold in SHARED.items():
            desk, alone, margin = self.combined(name)
            of_product = desk.account.combined[name, "1" if name[:3] == "CAS" else "0", "1"]
            (row,) = desk.rows(
                "ReqQryCombPromotionParam", InstrumentID=of_product.combination.product_id
            )
            whole = max(alone)
            self.assertAlmostEqual(desk.row(sold, "3")["UseMargin"], margin, 2)
            self.assertAlmostEqual(margin, round(whole * row["Xparameter"] + 1e-9, 2), 2, name)

    @holds("V6.5.1-3")
    def test_a_share_of_the_future(self) -> None:
        desk, alone, margin = self.combined("BFO m2705-C-3000&m2705")
        (row,) = desk.rows("ReqQryCombPromotionParam", InstrumentID="BFO m_o&m")
        self.assertEqual(alone[0], 0)
        self.assertAlmostEqual(margin, round(alone[1] * row["Xparameter"] + 1e-9, 2), 2)

    @holds("V6.5.1-3")
    def test_strikes_apart_but_never_more_than_the_option_sold(self) -> None:
        _, alone, margin = self.combined("BES m2705-P-3100&m2705-P-3050")
        self.assertEqual(margin, min(50 * 10, alone[0]))
        LEGS["BES m2705-C-2550&m2705-C-3500"] = (("m2705-C-2550", "1"), ("m2705-C-3500", "0"))
        self.addCleanup(LEGS.pop, "BES m2705-C-2550&m2705-C-3500")
        _, alone, margin = self.combined("BES m2705-C-2550&m2705-C-3500")
        self.assertEqual(margin, min(950 * 10, alone[0]))

    def test_straddles_cost_the_larger_leg_and_the_other_premium(self) -> None:
        for name in ("STD m2705-C-3000&m2705-P-3000", "STG m2705-P-2900&m2705-C-3100"):
            desk, alone, margin = self.combined(name)
            premiums = [self.premium(desk.bench, desk.session, leg) for leg, _ in LEGS[name]]
            larger = 0 if alone[0] >= alone[1] else 1
            self.assertAlmostEqual(margin, alone[larger] + premiums[1 - larger], 2, name)

    def test_covered_options_cost_the_premium_and_the_future(self) -> None:
        for name in ("PRT m2705-C-3000&m2705", "PRT m2705-P-3000&m2705"):
            desk, alone, margin = self.combined(name)
            premium = self.premium(desk.bench, desk.session, LEGS[name][0][0])
            self.assertAlmostEqual(margin, premium + alone[1], 2, name)


class Shown(Case):
    """The same margin in every query."""

    def test_legs_details_and_the_combination_agree(self) -> None:
        for name in LEGS:
            desk, _, margin = self.combined(name, 2)
            sums = {
                "legs": sum(
                    row["UseMargin"]
                    for row in desk.rows("ReqQryInvestorPosition")
                    if "&" not in row["InstrumentID"]
                ),
                "combination": sum(
                    row["UseMargin"]
                    for row in desk.rows("ReqQryInvestorPosition")
                    if "&" in row["InstrumentID"]
                ),
                "details": sum(r["Margin"] for r in desk.rows("ReqQryInvestorPositionDetail")),
                "combined details": sum(
                    row["Margin"] for row in desk.rows("ReqQryInvestorPositionCombineDetail")
                ),
            }
            for kind, found in sums.items():
                self.assertAlmostEqual(found, margin, 2, (name, kind))

    def test_what_is_freed_may_be_used_and_must_be_there_to_split(self) -> None:
        desk, alone, margin = self.combined(SPREAD, 10)
        free = desk.money["Available"]
        self.assertEqual(told(desk.act(SPREAD, 10, CombDirection="1")), "a b")
        self.assertAlmostEqual(free - desk.money["Available"], 10 * sum(alone) - margin, 2)

    def test_with_a_larger_side_nothing_is_saved_twice(self) -> None:
        desk = Desk()
        desk.hold(SPREAD)
        for name in ("m2701", "m2705"):
            contract: Any = desk.bench.exchange.markets.must(name)
            object.__setattr__(contract, "larger_side", True)
        before = desk.money["CurrMargin"]
        self.assertEqual(told(desk.act(SPREAD, 2)), "a b")
        self.assertEqual(desk.money["CurrMargin"], before)

    @holds("REQQRYINVESTORPOSITIONCOMBINEDETAIL-1", "V6.7.7-2")
    def test_no_portfolio_margin_is_used(self) -> None:
        desk = Desk()
        rows = desk.rows("ReqQryInvestorPortfSetting")
        self.assertEqual({row["UsePortf"] for row in rows}, {0})
        self.assertEqual(len(rows), 6)
        (one,) = desk.rows("ReqQryInvestorPortfSetting", ExchangeID="DCE")
        self.assertEqual((one["ExchangeID"], one["InvestorID"]), ("DCE", "1001"))

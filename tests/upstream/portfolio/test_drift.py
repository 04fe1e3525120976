"""A portfolio held against CTP's answers: what differs is found, and CTP's word taken."""

from twisted.trial.unittest import SynchronousTestCase

from tests.upstream.portfolio.randomportfolios import RandomPortfolios
from tests.upstream.portfolio.samples import CU, M, account, detail, order, portfolio, unpacked
from webctp.upstream.portfolio.drift import Drift, reconcile
from webctp.upstream.portfolio.facts import Key, Row
from webctp.upstream.portfolio.portfolio import Portfolio


def position(name: str, lots: int, **fields: object) -> Row:
    """A row of ReqQryInvestorPosition: lots of before the day on the long side."""
    values = {
        "InstrumentID": name,
        "PosiDirection": "2",
        "HedgeFlag": "1",
        "PositionDate": "2" if name == CU else "1",
        "Position": lots,
        "YdPosition": lots,
        "PreSettlementPrice": 69_500.0,
        "PositionCost": lots * 69_500.0 * 10,
        "OpenCost": lots * 69_000.0 * 10,
        **fields,
    }
    return unpacked("CThostFtdcInvestorPositionField", **values)


def margin(lots: int) -> dict[str, float]:
    return {"CurrMargin": 69_500.0 * lots, "Available": 1e6 - 69_500.0 * lots}


class Reconciling(SynchronousTestCase):
    """CTP's word is taken, and each difference named."""

    def test_what_agrees_is_left_alone(self) -> None:
        kept = portfolio(detail(M, volume=2))
        version = kept.version
        found = reconcile(kept, account(**margin(2)), [position(M, 2)], [detail(M, volume=2)])
        self.assertEqual((found, kept.version), ((), version))

    def test_lots_that_were_missed_are_taken(self) -> None:
        kept = portfolio(detail(M, volume=2))
        found = reconcile(kept, account(**margin(3)), [position(M, 3)], [detail(M, volume=3)])
        self.assertIn(Drift(Key(M, "0", "1"), "Position", 2, 3, is_lots=True), found)
        self.assertIn(Drift(None, "CurrMargin", 1_390_000_000, 2_085_000_000), found)
        money, positions = kept.figures()
        self.assertEqual(positions[Key(M, "0", "1")].volume, 3)
        self.assertEqual(money.margin, 2_085_000_000)
        self.assertEqual(
            reconcile(kept, account(**margin(3)), [position(M, 3)], [detail(M, volume=3)]), ()
        )

    def test_fees_beyond_those_of_trades_are_taken(self) -> None:
        kept = portfolio()
        row = account(Commission=12.5, Balance=999_987.5, Available=999_987.5)
        self.assertEqual(reconcile(kept, row, (), ()), (Drift(None, "Commission", 0, 125_000),))
        money, _ = kept.figures()
        self.assertEqual((money.commission, money.available), (125_000, 9_999_875_000))
        self.assertEqual(reconcile(kept, row, (), ()), ())

    def test_with_combinations_margins_are_ctps_and_no_drift(self) -> None:
        kept = portfolio(detail(M, volume=2))
        kept.take_order(order(InstrumentID="SP m2405&m2409"))
        row = account(CurrMargin=100_000.0, FrozenMargin=5_000.0, Available=895_000.0)
        self.assertEqual(reconcile(kept, row, [position(M, 2)], [detail(M, volume=2)]), ())
        money, _ = kept.figures()
        found = money.margin, money.frozen_margin, money.available
        self.assertEqual(found, (1_000_000_000, 50_000_000, 8_950_000_000))

    def test_cents_of_rounding_are_no_drift(self) -> None:
        kept = portfolio(detail(M, volume=2))
        row = account(CurrMargin=139_000.02, Available=861_000.0)
        self.assertEqual(reconcile(kept, row, [position(M, 2)], [detail(M, volume=2)]), ())

    def test_random_portfolios_that_were_spoilt_are_mended(self) -> None:
        day = RandomPortfolios(2)
        for _ in range(60):
            day.act()
        account_id = max(day.flow, key=lambda name: len(day.flow[name]))
        list(day.differences())
        kept = day.told[account_id].portfolio
        spoilt = Portfolio(kept.day, kept.facts)
        spoilt.seed((), ())
        spoilt.working = kept.working
        asked = [
            day.rows(account_id, f"ReqQry{name}")
            for name in ("TradingAccount", "InvestorPosition", "InvestorPositionDetail")
        ]
        self.assertNotEqual(reconcile(spoilt, asked[0][0], asked[1], asked[2]), ())
        self.assertEqual(reconcile(spoilt, asked[0][0], asked[1], asked[2]), ())
        money, positions = spoilt.figures()
        right, held = kept.figures()
        self.assertEqual(money, right)
        self.assertEqual(
            {key: one for key, one in positions.items() if one.volume},
            {key: one for key, one in held.items() if one.volume},
        )

"""What an order would come to, and what comes of it when it is sent."""

from typing import Any

from twisted.trial.unittest import SynchronousTestCase

from tests.sim.helpers import pushes
from tests.upstream.portfolio.randomportfolios import RandomPortfolios
from tests.upstream.portfolio.samples import CALL, CU, M, detail, order, portfolio, trade
from webctp.sim.events import Reply
from webctp.upstream.portfolio.money import units
from webctp.upstream.portfolio.portfolio import Portfolio
from webctp.upstream.portfolio.preview import Preview, order_of, preview


def asked(kept: Portfolio, name: str = CU, **fields: Any) -> Preview:
    """Preview an order: by default a lot bought to open at 70,000."""
    body = {
        "InstrumentID": name,
        "Direction": "0",
        "CombOffsetFlag": "0",
        "CombHedgeFlag": "1",
        "OrderPriceType": "2",
        "LimitPrice": 70_000.0,
        "VolumeTotalOriginal": 1,
        **fields,
    }
    found = preview(kept, order_of(body))
    assert found is not None
    return found


def codes(found: Preview) -> list[int]:
    return [one.code for one in found.refusals]


class Opening(SynchronousTestCase):
    """Margin, fees and money."""

    def test_margin_fee_and_what_is_left(self) -> None:
        found = asked(portfolio(), VolumeTotalOriginal=2)
        self.assertEqual(found.margin, 2 * 5 * 69_500_000)
        self.assertEqual((found.commission, found.frozen_commission), (100_000, 100_000))
        self.assertEqual(found.available_after, 10_000_000_000 - found.margin - 100_000)
        self.assertEqual((found.position, found.refusals), (2, ()))
        self.assertAlmostEqual(found.risk_degree, 69_500 / (1_000_000 - 10), 12)

    def test_the_smaller_side_adds_no_margin(self) -> None:
        found = asked(portfolio(detail(volume=3)), Direction="1", VolumeTotalOriginal=2)
        self.assertEqual(found.margin, 0)

    def test_the_premium_of_an_option_is_frozen(self) -> None:
        found = asked(portfolio(), CALL, LimitPrice=60.0)
        self.assertEqual((found.frozen_cash, found.margin), (6_000_000, 0))

    def test_want_of_money_is_said_with_the_sum(self) -> None:
        found = asked(portfolio(), VolumeTotalOriginal=30)
        self.assertEqual(codes(found), [31])
        self.assertIn("42650.00 yuan are lacking", found.refusals[0].detail)

    def test_nothing_is_kept_of_it(self) -> None:
        kept = portfolio(detail(volume=3))
        before, version = kept.figures(), kept.version
        asked(kept)
        asked(kept, M)
        self.assertEqual((kept.figures(), kept.version), (before, version))


class Closing(SynchronousTestCase):
    """What can be closed, today's and older lots apart where the exchange does."""

    def setUp(self) -> None:
        self.kept = portfolio(detail(volume=3), detail(M, volume=3))
        self.kept.take_trade(trade(Volume=2))
        self.kept.take_trade(trade(M, Volume=2))
        self.kept.take_order(
            order(Direction="1", CombOffsetFlag="3", VolumeTotalOriginal=1, OrderRef="7")
        )

    def test_lots_that_can_be_closed(self) -> None:
        found = asked(self.kept, Direction="1", CombOffsetFlag="3")
        self.assertEqual((found.today, found.older, found.position), (1, 3, 4))
        self.assertEqual((found.margin, found.commission, found.refusals), (0, 10_000, ()))
        found = asked(self.kept, M, Direction="1", CombOffsetFlag="1", VolumeTotalOriginal=3)
        self.assertEqual((found.today, found.older, found.position), (0, 5, 2))
        self.assertEqual(found.commission, 2 * 10_000 + 30_000)

    def test_too_many_are_refused_by_ctps_codes(self) -> None:
        for name, offset, lots, code in (
            (CU, "3", 2, 50),
            (CU, "4", 4, 51),
            (CU, "1", 4, 51),
            (CU, "3", 9, 30),
            (M, "1", 6, 30),
            (M, "1", 0, 15),
        ):
            found = asked(
                self.kept, name, Direction="1", CombOffsetFlag=offset, VolumeTotalOriginal=lots
            )
            self.assertEqual(codes(found), [code], (name, offset, lots))

    def test_a_closing_frees_its_margin(self) -> None:
        before = self.kept.figures()[0]
        found = asked(self.kept, Direction="1", CombOffsetFlag="4", VolumeTotalOriginal=3)
        right = (before.margin - 3 * 5 * 69_500_000) / (before.balance - found.commission)
        self.assertAlmostEqual(found.risk_degree, right, 12)

    def test_an_instrument_without_terms_has_no_preview(self) -> None:
        body = {"InstrumentID": "zz2405", "CombOffsetFlag": "0", "VolumeTotalOriginal": 1}
        self.assertIsNone(preview(self.kept, order_of(body)))


class BeforeTheExchange(SynchronousTestCase):
    """A preview is what the simulated exchange then does."""

    def test_what_is_taken_freezes_what_was_said(self) -> None:
        day = RandomPortfolios(3)
        account, held = "1001", 0
        for turn in range(60):
            day.act()
            list(day.differences())
            kept = day.told[account].portfolio
            name = day.random.choice(("cu2701", "m2705", "IF2701", "SR705", "sc2703"))
            if name not in day.names:
                continue
            tick, lots = day.tick(name), day.random.choice((1, 2, 40))
            direction = day.random.choice("01")
            rests_at = "LowerLimitPrice" if direction == "0" else "UpperLimitPrice"
            values = day.bench.input(
                name,
                UserID=account,
                Direction=direction,
                CombOffsetFlag=day.random.choice("0013"),
                CombHedgeFlag="1",
                LimitPrice=tick[rests_at],
                VolumeTotalOriginal=lots,
            )
            working = order_of(values)
            for _ in range(9):
                need = kept.want(working.key)
                if need is None:
                    break
                wanted = {"InstrumentID": need.instrument, "HedgeFlag": need.hedge}
                kept.take_fact(need, day.rows(account, need.query, **wanted))
            said = preview(kept, working)
            assert said is not None
            before = units(day.rows(account, "ReqQryTradingAccount")[0]["Available"])
            self.assertEqual(said.available, before, turn)
            events = day.bench.ask(day.session(account), "ReqOrderInsert", **values)
            refused = [one.error for one in events if isinstance(one, Reply)]
            after = units(day.rows(account, "ReqQryTradingAccount")[0]["Available"])
            day.take(events)
            self.assertEqual(refused, codes(said), (turn, values))
            statuses = {row["OrderStatus"] for row in pushes(events, "OnRtnOrder")}
            if not refused and statuses <= {"a", "3"}:  # the exchange has it, and it rests
                held += 1
                self.assertEqual(said.available_after, after, (turn, values))
        self.assertGreater(held, 10)

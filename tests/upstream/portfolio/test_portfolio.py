"""A portfolio against the simulated exchange, and where the exchange does not come to."""

from twisted.trial.unittest import SynchronousTestCase

from tests.upstream.portfolio.randomportfolios import RandomPortfolios
from tests.upstream.portfolio.randomportfolios import trade as trade_days
from tests.upstream.portfolio.samples import (
    CALL,
    CU,
    DAY,
    M,
    account,
    detail,
    facts,
    order,
    portfolio,
    trade,
)
from webctp.upstream.portfolio.facts import Facts, Key, Need
from webctp.upstream.portfolio.portfolio import (
    CAVEATS,
    COMBINATION,
    PRICE_TYPE,
    TRADES,
    UNKNOWN,
    Portfolio,
)

LONG_CU = Key(CU, "0", "1")


class RandomDays(SynchronousTestCase):
    """What is kept is what the exchange says, whatever happens on the way."""

    def test_a_portfolio_is_what_queries_say(self) -> None:
        for seed in (2, 7, 12):
            day = RandomPortfolios(seed)
            self.assertEqual(trade_days(day, turns=32), [])
            self.assertGreater(day.done["trades"], 5, seed)


class Trades(SynchronousTestCase):
    """Each trade counts once, whenever it comes."""

    def test_a_trade_told_twice_counts_once(self) -> None:
        kept = portfolio()
        self.assertEqual([kept.take_trade(trade()), kept.take_trade(trade())], [True, False])
        self.assertEqual(kept.positions[LONG_CU].volume, 1)

    def test_both_sides_of_a_trade_with_oneself_count(self) -> None:
        kept = portfolio()
        kept.take_trade(trade(TradeID="5"))
        kept.take_trade(trade(TradeID="5", Direction="1", OrderSysID="2"))
        self.assertEqual([one.volume for one in kept.positions.values()], [1, 1])

    def test_a_trade_id_that_begins_anew_is_another_trade(self) -> None:
        kept = portfolio()
        kept.take_trade(trade(OrderSysID="1"))
        kept.take_trade(trade(OrderSysID="2"))
        self.assertEqual(kept.positions[LONG_CU].volume, 2)

    def test_trades_before_the_seed_wait_for_it(self) -> None:
        kept = Portfolio(DAY, facts())
        kept.take_trade(trade(Direction="1", OffsetFlag="4", Volume=2))
        self.assertEqual(kept.uncertain(), {UNKNOWN})
        # The answer may hold the trade already: 3 lots left, 2 closed today.
        kept.seed((), [detail(volume=3, CloseVolume=2)])
        position = kept.positions[LONG_CU]
        self.assertEqual((position.start, position.volume), (5, 3))
        self.assertEqual(position.older.profit_by_date, 2 * 5 * 5_000_000)

    def test_trades_in_what_is_not_known_wait_for_its_terms(self) -> None:
        kept = Portfolio(DAY, Facts())
        kept.seed((), ())
        kept.take_trade(trade())
        self.assertEqual(kept.positions, {})
        known = facts()
        for _ in range(9):
            need = next(kept.needs(), None)
            if need is None:
                break
            kept.facts.terms = known.terms
            kept.facts._commissions = known._commissions
            kept.take_fact(need, ())
        self.assertEqual(kept.positions[LONG_CU].volume, 1)

    def test_a_closing_that_comes_before_its_opening_waits_for_it(self) -> None:
        kept = portfolio()
        kept.take_trade(trade(Direction="1", OffsetFlag="3", Price=70_010.0, TradeID="2"))
        self.assertEqual(kept.uncertain(), {TRADES})
        kept.take_trade(trade(TradeID="1"))
        self.assertEqual(kept.positions[LONG_CU].volume, 0)
        self.assertEqual(kept.positions[LONG_CU].today.profit_by_date, 5 * 100_000)
        self.assertEqual(kept.uncertain(), frozenset())

    def test_fees_are_those_of_each_trade(self) -> None:
        kept = portfolio(detail(volume=1))
        kept.take_trade(trade(TradeID="1", Volume=2))
        kept.take_trade(trade(TradeID="2", Direction="1", OffsetFlag="3"))
        kept.take_trade(trade(TradeID="3", Direction="1", OffsetFlag="4"))
        money, _ = kept.figures()
        self.assertEqual(money.commission, 10_000 * (2 * 5 + 1 + 3))

    def test_premiums_move_cash(self) -> None:
        kept = portfolio()
        kept.take_trade(trade(CALL, Price=50.0))
        kept.take_trade(trade(CALL, Price=60.0, Direction="1", OffsetFlag="1", TradeID="2"))
        money, found = kept.figures()
        self.assertEqual(money.cash_in, 10 * 100_000)
        self.assertEqual(found[Key(CALL, "0", "1")].profit_by_date, 0)

    def test_an_option_sold_is_charged_with_its_premium(self) -> None:
        kept = portfolio()
        kept.take_trade(trade(CALL, Price=50.0, Direction="1"))
        self.assertEqual(kept.figures()[0].margin, 10_000 * 2_600)  # the least
        kept.take_price(CALL, 1_000_000)
        self.assertEqual(kept.figures()[0].margin, 10_000 * (2_000 + 1_000))

    def test_todays_lots_may_be_charged_at_other_prices(self) -> None:
        kept = portfolio()
        kept.take_trade(trade(M, Price=70_000.0))
        each = {"1": 69_500, "2": 71_000, "4": 70_000}
        for kind, price in each.items():
            kept.account.params = kept.account.params._replace(margin_price=kind)
            kept.take_price(M, 1)
            kept.take_price(M, 710_000_000)
            self.assertEqual(kept.figures()[0].margin, price * 10_000, kind)

    def test_an_order_alone_shows_what_it_freezes(self) -> None:
        kept = portfolio()
        kept.take_order(order(VolumeTotalOriginal=2))
        money, found = kept.figures()
        self.assertEqual(found[LONG_CU].opening, 2)
        self.assertEqual(money.frozen_margin, 2 * 5 * 69_500_000)
        self.assertEqual(money.available, 10_000_000_000 - money.frozen_margin - 100_000)


class Caveats(SynchronousTestCase):
    """What is not sure is said."""

    def test_a_combination_is_a_caveat(self) -> None:
        for row in (order(InstrumentID="SP m2405&m2409"), order(OrderPriceType="8")):
            kept = portfolio()
            kept.take_order(row)
            right = COMBINATION if "&" in row["InstrumentID"] else PRICE_TYPE
            self.assertEqual(kept.uncertain(), {right})

    def test_what_is_not_known_is_a_caveat_until_it_is(self) -> None:
        kept = portfolio()
        kept.take_trade(trade(HedgeFlag="3"))
        self.assertEqual(kept.uncertain(), {UNKNOWN})
        need = Need("ReqQryInstrumentMarginRate", CU, "3")
        self.assertEqual(list(kept.needs()), [need])
        kept.take_fact(need, ())
        self.assertEqual(list(kept.needs()), [])
        self.assertEqual(kept.uncertain(), {UNKNOWN})

    def test_each_caveat_is_explained(self) -> None:
        self.assertEqual(len(set(CAVEATS.values())), len(CAVEATS))

    def test_money_of_an_account_that_nobody_moves_stands(self) -> None:
        kept = portfolio(detail(volume=2))
        kept.account.seed(account(PositionProfit=0.0))
        kept.take_price(CU, 695_010_000)
        money, _ = kept.figures()
        self.assertEqual(money.position_profit, 2 * 5 * 10_000)

"""Charges, positions and accounts, each by hand."""

from dataclasses import replace
from datetime import date
from functools import partial

from twisted.trial.unittest import SynchronousTestCase

from tests.conformance import holds
from webctp.exchanges import calendar, instruments
from webctp.sim.accounts.account import Account, Hold
from webctp.sim.accounts.positions import Lot, Position
from webctp.sim.market.charges import (
    CLOSE,
    CLOSE_TODAY,
    CLOSE_YESTERDAY,
    OPEN,
    commission,
    future_margin,
    option_margin,
)
from webctp.sim.model.contracts import Commission, Contract, OptionTerms, Rates
from webctp.sim.model.listing import contract_of
from webctp.sim.money import rate, units
from webctp.sim.settlement.expiry import Exercise
from webctp.sim.settlement.settle import renew, settle

NOTHING = Hold(0, 0, 0)

COPPER = Contract(
    instrument="cu2701",
    exchange="SHFE",
    product="cu",
    multiplier=5,
    tick=units(10),
    reference=80_000.0,
    sigma=0.01,
    volatility=0.2,
    activity=1.0,
    depth=10,
    spread=1,
    levels=5,
    price_limit=rate(0.07),
    long_margin=Rates(rate(0.09), 0),
    short_margin=Rates(rate(0.10), 0),
    commission=Commission(
        Rates(rate(0.00005), 0), Rates(rate(0.00005), 0), Rates(rate(0.0001), units(1))
    ),
    by_date=True,
    larger_side=True,
    market_types=frozenset(),
    fill_and_kill=True,
    fill_or_kill=True,
    limit_volumes=(1, 500),
    market_volumes=(1, 30),
    expiry=740_000,
)
MEAL = replace(
    COPPER, instrument="m2701", exchange="DCE", product="m", by_date=False, larger_side=False
)
CALL = replace(
    COPPER,
    instrument="cu2701C80000",
    product="cu_o",
    option=OptionTerms("cu2701", units(80_000), True, rate(0.5)),
)
INDEX = replace(
    COPPER,
    instrument="IF2612",
    exchange="CFFEX",
    product="IF",
    multiplier=300,
    tick=units(0.2),
    by_date=False,
    long_margin=Rates(rate(0.12), 0),
    short_margin=Rates(rate(0.12), 0),
)
THREE = Rates(0, units(3))
SUGAR = replace(
    MEAL,
    instrument="SR701",
    exchange="CZCE",
    product="SR",
    multiplier=10,
    commission=Commission(THREE, THREE, Rates(0, 0)),
)


def _at(price: int, instrument: str) -> int:
    """Give the same last price for every instrument."""
    return price


def unpriced(instrument: str) -> int:
    """Stand for the last price where only futures are held."""
    raise AssertionError(f"{instrument}: the margin of a future needs no last price")


def position(contract: Contract = COPPER, direction: str = "0", pre: float = 80_000) -> Position:
    margin = future_margin(contract, direction, units(pre))
    return Position(contract, direction, "1", margin, units(pre))


class Charges(SynchronousTestCase):
    """Commission and margin to the cent."""

    def test_commission_by_money_and_volume(self) -> None:
        price = units(80_010)
        # 80010 x 2 x 5 x 0.00005 = 40.005, rounded up to the cent.
        self.assertEqual(commission(COPPER, OPEN, price, 2), units(40.01))
        self.assertEqual(commission(COPPER, CLOSE_YESTERDAY, price, 2), units(40.01))
        self.assertEqual(commission(COPPER, CLOSE_TODAY, price, 2), units(80.01 + 2))

    def test_margin_by_side(self) -> None:
        self.assertEqual(future_margin(COPPER, "0", units(80_000)), units(36_000))
        self.assertEqual(future_margin(COPPER, "1", units(80_000)), units(40_000))

    def test_sold_options(self) -> None:
        def margin(underlying: float) -> int:
            return option_margin(CALL, units(underlying))

        # At the money: the whole margin of the future; the premium comes on top.
        self.assertEqual(margin(80_000), units(36_000))
        # 1,000 out of the money: less half of 1,000 x 5.
        self.assertEqual(margin(79_000), units(35_550 - 2_500))
        # Far out of the money: half of the future's margin at least.
        self.assertEqual(margin(60_000), units(27_000 / 2))
        put = replace(INDEX, option=OptionTerms("IF2612", units(4_350), False, rate(0.5), True))
        call = replace(put, option=OptionTerms("IF2612", units(4_750), True, rate(0.5), True))
        # CFFEX: its own multiplier, out of the money whole, a put's least by its strike.
        for option, right in ((put, 26_100), (call, 57_494.4)):
            own = replace(option, multiplier=100)
            self.assertEqual(option_margin(own, units(4_791.2)), units(right))
        self.assertRaises(ValueError, option_margin, COPPER, 1)


class LastDays(SynchronousTestCase):
    """SHFE and INE grant the larger side until five trading days before the end."""

    def test_both_sides_pay_in_the_last_five_days(self) -> None:
        month = {i.instrument_id: i for i in instruments.listed(date(2026, 12, 1))}
        last = month["cu2612"].series.expire_date
        days = [day for day in calendar.default().trading_days(2026) if day <= last][-7:]
        granted = [
            contract_of(month["cu2612"], day, lambda product, number: "").larger_side
            for day in days
        ]
        self.assertEqual(granted, [True, True, False, False, False, False, False])


class Positions(SynchronousTestCase):
    """Lots, today's and yesterday's."""

    def held(self, contract: Contract = COPPER) -> Position:
        """Two lots of yesterday at 79,000, three of today at 80,500; pre-settlement 80,000."""
        found = position(contract)
        found.lots.append(Lot("1", "20261123", units(79_000), 2, today=False))
        found.start_volume = 2
        found.open("2", "20261124", units(80_500), 3)
        return found

    @holds("ONRSPQRYINVESTORPOSITION-5")
    def test_cost_and_profit(self) -> None:
        held = self.held()
        self.assertEqual(held.cost(), units((80_000 * 2 + 80_500 * 3) * 5))
        self.assertEqual(held.open_cost(), units((79_000 * 2 + 80_500 * 3) * 5))
        self.assertEqual(held.profit(units(80_100)), units((100 * 2 - 400 * 3) * 5))
        self.assertEqual(held.profit(units(80_100), today=False), units(1_000))

    @holds("ONRSPQRYINVESTORPOSITION-1")
    def test_days_kept_apart(self) -> None:
        held = self.held()
        self.assertEqual((held.closable(CLOSE_TODAY), held.closable(CLOSE)), (3, 2))
        held.freeze(CLOSE_TODAY, 2)
        self.assertEqual((held.closable(CLOSE_TODAY), held.closable(CLOSE_YESTERDAY)), (1, 2))
        parts = held.close(CLOSE_YESTERDAY, units(80_200), 2)
        self.assertEqual(
            [(p.today, p.volume, p.profit) for p in parts], [(False, 2, units(200 * 2 * 5))]
        )
        self.assertEqual(parts[0].profit_by_trade, units(1_200 * 2 * 5))
        self.assertRaises(ValueError, held.close, CLOSE_YESTERDAY, units(80_200), 1)

    def test_oldest_first_where_days_are_not_kept_apart(self) -> None:
        held = self.held(MEAL)
        self.assertEqual(held.closable(CLOSE), 5)
        parts = held.close(CLOSE, units(80_200), 4)
        self.assertEqual([(p.today, p.volume) for p in parts], [(False, 2), (True, 2)])
        self.assertEqual(held.volume(), 1)

    def test_shorts_gain_when_prices_fall(self) -> None:
        short = position(direction="1")
        short.open("1", "20261124", units(80_000), 1)
        self.assertEqual(short.profit(units(79_000)), units(5_000))
        self.assertEqual(short.close(CLOSE_TODAY, units(79_500), 1)[0].profit, units(2_500))

    @holds("ONRSPQRYINVESTORPOSITION-4")
    def test_options_have_value_not_profit(self) -> None:
        bought = position(CALL, pre=100)
        bought.open("1", "20261124", units(120), 1)
        self.assertEqual(bought.profit(units(500)), 0)


class Accounts(SynchronousTestCase):
    """Cash, margins, holds."""

    def setUp(self) -> None:
        self.account = Account("9999", "1", units(1_000_000))

    def open(self, contract: Contract, direction: str, price: float, volume: int) -> Position:
        found = position(contract, direction)
        self.account.hold_opening(found, volume, NOTHING)
        self.account.trade_opens(found, "1", "20261124", units(price), volume, NOTHING)
        return found

    @holds("ONRSPQRYTRADINGACCOUNT-3")
    def test_larger_side_pays(self) -> None:
        self.open(COPPER, "0", 80_000, 3)
        self.open(COPPER, "1", 80_000, 2)
        # Long 3 x 36,000 against short 2 x 40,000.
        self.assertEqual(self.account.margins(unpriced), (units(108_000), 0))
        short = self.account.positions["cu2701", "1", "1"]
        self.assertEqual(self.account.margin_needed(short, 1, unpriced), units(12_000))

    @holds("ONRSPQRYTRADINGACCOUNT-3")
    def test_both_sides_pay_elsewhere(self) -> None:
        self.open(MEAL, "0", 80_000, 3)
        self.open(MEAL, "1", 80_000, 2)
        self.assertEqual(self.account.margins(unpriced), (units(188_000), 0))

    @holds("ONRSPQRYTRADINGACCOUNT-1")
    def test_funds(self) -> None:
        self.open(COPPER, "0", 80_100, 2)
        funds = self.account.funds(lambda name: units(80_000))
        self.assertEqual(self.account.commission, units(40.05))
        self.assertEqual(funds.position_profit, units(-1_000))
        self.assertEqual(funds.balance, units(1_000_000 - 1_000 - 40.05))
        self.assertEqual(funds.available, funds.balance - units(72_000))

    def test_available_may_be_negative(self) -> None:
        self.open(COPPER, "0", 80_000, 20)
        funds = self.account.funds(lambda name: units(70_000))
        # 1,000,000 less a loss of 1,000,000 and a commission of 400; the margin is 720,000.
        self.assertEqual(funds.available, units(-720_400))
        self.assertGreater(
            self.account.margin_needed(self.account.positions["cu2701", "0", "1"], 1, unpriced),
            funds.available,
        )

    @holds("ONRSPQRYTRADINGACCOUNT-3")
    def test_index_futures_are_netted_within_a_trading_code(self) -> None:
        """CFFEX: IF long for speculation and short as a hedge are two trading codes."""
        for hedge, twice in (("1", 1), ("3", 2)):
            account = Account("9999", "1", units(1_000_000))
            for side, flag in (("0", "1"), ("1", hedge)):
                held = position(INDEX, side, 4_791.2)
                held.hedge = flag
                account.hold_opening(held, 1, NOTHING)
                account.trade_opens(held, "1", "20261124", units(4_791.2), 1, NOTHING)
            self.assertEqual(account.margins(unpriced), (units(172_483.2 * twice), 0))

    @holds("REQQRYOPTIONINSTRTRADECOST-1")
    def test_an_option_sold_is_charged_at_the_larger_of_both_prices(self) -> None:
        found = position(CALL, "1", 100)
        found.margin = units(30_000)
        self.account.positions[found.key] = found
        found.open("1", "20261124", units(120), 2)
        for last, premium in ((90, 500), (130, 650)):
            margin, _ = self.account.margins(partial(_at, units(last)))
            self.assertEqual(margin, 2 * units(30_000 + premium))

    @holds("ONRSPQRYTRADINGACCOUNT-4")
    def test_closings_pay_as_today_while_the_day_has_openings_left(self) -> None:
        """短线开平仓: 3 of yesterday, 1 of today: the first closed pays as today's."""
        held = position(SUGAR, pre=5_000)
        held.lots.append(Lot("0", "20261123", units(5_000), 3, today=False))
        held.start_volume = 3
        self.account.positions[held.key] = held
        self.account.hold_opening(held, 1, NOTHING)
        paid = [self.account.trade_opens(held, "1", "20261124", units(5_000), 1, NOTHING)]
        self.account.hold_closing(held, CLOSE, 3, NOTHING)
        for volume in (1, 2):
            fee, closed = self.account.trade_closes(held, CLOSE, units(5_000), volume, NOTHING)
            paid.append(fee)
            self.assertEqual([(one.open_day, one.volume) for one in closed], [("20261123", volume)])
        self.assertEqual(paid, [units(3), 0, units(6)])
        self.assertEqual([lot.volume for lot in held.lots], [0, 1])

    def test_holds_come_back(self) -> None:
        found, hold = position(), Hold(units(4), units(0), units(400_000))
        self.account.hold_opening(found, 5, hold)
        self.assertEqual(self.account.margins(unpriced), (0, units(180_000)))
        self.assertEqual(self.account.frozen_commission, units(20))
        self.account.trade_opens(found, "1", "20261124", units(80_000), 2, hold)
        self.account.release(found, OPEN, 3, hold)
        self.assertEqual(
            (self.account.frozen_commission, found.opening, found.opening_amount), (0, 0, 0)
        )
        self.account.hold_closing(found, CLOSE_TODAY, 2, hold)
        self.assertEqual(found.closable(CLOSE_TODAY), 0)
        self.account.release(found, CLOSE_TODAY, 2, hold)
        self.assertEqual(found.closable(CLOSE_TODAY), 2)

    def test_premium_moves_cash(self) -> None:
        self.open(CALL, "0", 120, 2)
        self.assertEqual(self.account.cash_in, -units(1_200))
        funds = self.account.funds(lambda name: units(150))
        self.assertEqual(funds.option_value, units(1_500))
        self.assertEqual(funds.balance, units(1_000_000) - units(1_200) - self.account.commission)

    def test_settlement_marks_and_carries(self) -> None:
        self.open(COPPER, "0", 80_100, 2)
        result = settle(self.account, lambda contract: units(80_300), 739_000)
        self.assertEqual(result.position_profit, units(2_000))
        self.assertEqual(self.account.pre_balance, result.after)
        self.assertEqual(result.after, units(1_000_000 + 2_000 - 40.05))
        renew(
            self.account,
            lambda name: COPPER,
            lambda contract: units(80_300),
            lambda contract, side: future_margin(contract, side, units(80_300)),
        )
        held = self.account.positions["cu2701", "0", "1"]
        self.assertEqual((held.start_volume, held.volume(today=True)), (2, 0))
        self.assertEqual(held.profit(units(80_300)), 0)
        self.assertEqual(self.account.pre_margin, 2 * future_margin(COPPER, "0", units(80_300)))

    def test_an_option_that_expires_leaves_with_what_its_exercise_paid(self) -> None:
        self.open(CALL, "0", 120, 2)
        done = [Exercise(CALL, "0", "1", 2, units(5_000), units(4))]
        paid = self.account.commission
        result = settle(self.account, lambda contract: units(500), CALL.expiry, done)
        self.assertEqual((result.exercised, result.exercise_fee), (units(5_000), units(4)))
        self.assertEqual(result.after, units(1_000_000 - 1_200 + 5_000 - 4) - paid)
        self.assertEqual(self.account.positions, {})

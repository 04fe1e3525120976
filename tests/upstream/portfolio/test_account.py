"""The account's money: the larger side, what profit may be used, what CTP takes off besides."""

from twisted.trial.unittest import SynchronousTestCase

from tests.upstream.portfolio.samples import CU, M, account, facts, unpacked
from webctp.upstream.portfolio.account import Account, Charged, Params, Sums, margins, params_of
from webctp.upstream.portfolio.facts import Key


def charged(name: str, side: str, margin: int, opening: int = 0, hedge: str = "1") -> Charged:
    return Charged(Key(name, side, hedge), facts().terms[name], margin, opening)


class Margins(SynchronousTestCase):
    """The larger side alone is charged where the exchange says so."""

    def test_the_larger_side_is_charged(self) -> None:
        found = margins([charged(CU, "0", 50), charged(CU, "1", 70)])
        self.assertEqual((found.used, found.spared), (70, {Key(CU, "0", "1")}))

    def test_of_two_alike_the_short_one_is_spared(self) -> None:
        found = margins([charged(CU, "0", 70), charged(CU, "1", 70)])
        self.assertEqual((found.used, found.spared), (70, {Key(CU, "1", "1")}))

    def test_an_order_on_the_smaller_side_freezes_what_goes_beyond(self) -> None:
        found = margins([charged(CU, "0", 50, 30), charged(CU, "1", 70)])
        self.assertEqual(found.frozen, 10)

    def test_elsewhere_both_sides_are_charged(self) -> None:
        found = margins([charged(M, "0", 50, 30), charged(M, "1", 70)])
        self.assertEqual((found.used, found.frozen, found.spared), (120, 30, frozenset()))

    def test_cffex_compares_within_a_hedge_flag(self) -> None:
        terms = facts().terms[CU]
        for exchange, used in (("CFFEX", 120), ("SHFE", 70)):
            there = terms._replace(exchange=exchange)
            sides = [
                Charged(Key(CU, "0", "1"), there, 50, 0),
                Charged(Key(CU, "1", "3"), there, 70, 0),
            ]
            self.assertEqual(margins(sides).used, used, exchange)


class Money(SynchronousTestCase):
    """One row of CTP's is enough to go on from, however much of the day is in it."""

    def test_what_the_row_says_comes_out_again(self) -> None:
        kept = Account()
        kept.seed(
            account(
                Balance=1_000_080.0,
                Commission=20.0,
                CloseProfit=40.0,
                PositionProfit=60.0,
                CurrMargin=500_000.0,
                FrozenMargin=1_000.0,
                FrozenCash=70.0,
                Available=498_000.0,
                Reserve=1_010.0,
            )
        )
        sums = Sums(400_000, 600_000, 200_000, 0, 5_000_000_000, 10_000_000, 0, 700_000)
        found = kept.figures(sums)
        self.assertEqual(found.balance, 10_000_800_000)
        self.assertEqual(found.available, 4_980_000_000)

    def test_which_profit_may_be_used_is_the_brokers_to_say(self) -> None:
        for algorithm, gain, loss in (("1", 5, -5), ("2", 0, -5), ("3", 5, 0), ("4", 0, 0)):
            params = Params(algorithm=algorithm)
            found = params.usable(5, 0), params.usable(-5, 0)
            self.assertEqual(found, (gain, loss), algorithm)

    def test_closed_profit_may_be_left_out(self) -> None:
        row = unpacked("CThostFtdcBrokerTradingParamsField", AvailIncludeCloseProfit="2")
        self.assertEqual([params_of(row).usable(0, closed) for closed in (9, -9)], [0, -9])

    def test_a_transfer_moves_the_balance(self) -> None:
        kept = Account()
        kept.seed(account())
        kept.moved(500)
        kept.moved(-200)
        found = kept.figures(Sums())
        self.assertEqual((found.deposit, found.withdraw), (500, 200))
        self.assertEqual(found.available, 10_000_000_300)

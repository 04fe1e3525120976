"""The figures that are made of others."""

from twisted.trial.unittest import SynchronousTestCase

from tests.upstream.portfolio.samples import CU, detail, order, portfolio
from webctp.upstream.portfolio.facts import Key


class Figures(SynchronousTestCase):
    """What clients see at a glance."""

    def test_available_lots_are_those_that_no_order_closes(self) -> None:
        kept = portfolio(detail(volume=5))
        kept.take_order(order(CU, Direction="1", CombOffsetFlag="4", VolumeTotalOriginal=2))
        _, found = kept.figures()
        one = found[Key(CU, "0", "1")]
        self.assertEqual((one.volume, one.available, one.older_frozen), (5, 3, 2))

    def test_the_risk_degree_is_the_margins_share_of_the_equity(self) -> None:
        money, _ = portfolio(detail(volume=2)).figures()
        self.assertEqual(money.risk_degree, 69_500.0 / 1_000_000.0)
        self.assertEqual(money._replace(margin=0).risk_degree, 0.0)
        self.assertEqual(money._replace(balance=0).risk_degree, float("inf"))

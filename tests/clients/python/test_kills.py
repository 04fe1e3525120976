"""kill -9 of the daemon amid a flow of orders, at three moments: `kills`, in short."""

from unittest import TestCase

from tests.clients.python.kills import played


class Kills(TestCase):
    """Orders and the account over daemons that die."""

    def test_no_order_is_doubled_or_lost_and_the_mirrors_are_right(self) -> None:
        flow = played(seed=7, moments=3)
        self.assertEqual(flow.wrong, [])
        self.assertEqual(flow.kills, 3)
        self.assertGreater(flow.orders, 10)

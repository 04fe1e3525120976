"""The checks of orders, each by itself."""

from hypothesis import given, settings
from hypothesis import strategies as st
from twisted.internet.task import Clock
from twisted.trial.unittest import SynchronousTestCase

from tests.conformance import holds
from tests.upstream.orders.samples import Owner
from webctp.config.trading import TradingSettings
from webctp.ctp import catalog, errors
from webctp.ctp.refusal import Limited, Refusal
from webctp.language.text import Text, verbatim
from webctp.upstream.orders.checks import (
    JournalWritable,
    OrderCheck,
    OrderRateLimit,
    OwnerMayOrder,
    SessionUsable,
    send_checks,
)
from webctp.upstream.orders.order import Order

METHODS = catalog.trading().methods


def order(name: str = "ReqOrderInsert", owner: Owner | None = None) -> Order:
    """An order of somebody's."""
    return Order(METHODS[name], {}, 1, "", owner or Owner())


class Checks(SynchronousTestCase):
    """What each lets pass, and with which code it refuses the rest."""

    def code(self, check: OrderCheck, one: Order) -> int:
        """Return the code of the check's refusal; 0 for none."""
        refusal = check.refusal(one)
        return 0 if refusal is None else refusal.code

    def test_an_owner_may_have_no_right_to_order_now(self) -> None:
        owner = Owner()
        self.assertEqual(self.code(OwnerMayOrder(), order(owner=owner)), 0)
        owner.refusal = Refusal(errors.NOT_LOGGED_IN, verbatim("a login is under way"))
        self.assertEqual(self.code(OwnerMayOrder(), order(owner=owner)), errors.NOT_LOGGED_IN)

    def test_a_session_says_which_methods_it_cannot_take(self) -> None:
        check = SessionUsable(
            lambda method: (
                Refusal(errors.NOT_READY, verbatim(method.name)) if method.is_order else None
            )
        )
        self.assertEqual(self.code(check, order()), errors.NOT_READY)
        self.assertEqual(self.code(check, order("ReqQryOrder")), 0)

    def test_without_a_journal_nothing_is_inserted_and_anything_cancelled(self) -> None:
        trouble: list[Text | None] = [verbatim("the disk is full")]
        check = JournalWritable(lambda: trouble[0])
        inserts = ("ReqOrderInsert", "ReqQuoteInsert", "ReqExecOrderInsert")
        for name in inserts:
            self.assertEqual(self.code(check, order(name)), errors.NOT_READY, name)
        for name in ("ReqOrderAction", "ReqQuoteAction", "ReqRemoveParkedOrder"):
            self.assertEqual(self.code(check, order(name)), 0, name)
        trouble[0] = None
        self.assertEqual([self.code(check, order(name)) for name in inserts], [0, 0, 0])

    def test_the_rate_counts_inserts_and_cancels_alike(self) -> None:
        check = OrderRateLimit(Clock(), 2)
        names = ("ReqOrderInsert", "ReqOrderAction", "ReqOrderAction")
        codes = [self.code(check, order(name)) for name in names]
        self.assertEqual(codes, [0, 0, errors.TOO_MANY])


class RateLimit(SynchronousTestCase):
    """``OrderRate``."""

    def setUp(self) -> None:
        self.clock = Clock()

    def test_off_it_is_not_asked(self) -> None:
        for rate in (0, 1):
            limit = OrderRateLimit(self.clock, rate)
            settings = TradingSettings(td_front_address=("tcp://127.0.0.1:1",), order_rate=rate)
            self.assertEqual(limit in send_checks(settings, None, None, limit), bool(rate))

    def test_another_rate_holds_at_once_and_counts_what_has_passed(self) -> None:
        limit = OrderRateLimit(self.clock, 3)
        self.assertEqual([limit.allow() for _ in range(3)], [True] * 3)
        limit.take(2)
        self.assertFalse(limit.allow())
        limit.take(5)
        self.assertEqual([limit.allow() for _ in range(4)], [True, True, True, False])

    def test_it_refuses_beyond_the_rate_and_allows_a_second_later(self) -> None:
        limit = OrderRateLimit(self.clock, 2)
        self.assertEqual([limit.allow() for _ in range(3)], [True, True, False])
        self.clock.advance(0.99)
        self.assertFalse(limit.allow())
        self.clock.advance(0.01)
        self.assertEqual([limit.allow() for _ in range(3)], [True, True, False])

    def test_a_preview_counts_nothing(self) -> None:
        limit = OrderRateLimit(self.clock, 1)
        one = order()
        self.assertEqual([list(limit.preview(one)) for _ in range(3)], [[], [], []])
        self.assertTrue(limit.allow())
        self.clock.advance(0.25)
        (refusal,) = limit.preview(one)
        detail = refusal.detail
        assert isinstance(detail, Limited)
        self.assertEqual((refusal.code, detail.limit, detail.retry_after), (-429, 1, 0.75))
        self.clock.advance(1.0)
        self.assertEqual(list(limit.preview(one)), [])

    @holds("LK-1")
    @settings(max_examples=100)
    @given(st.integers(1, 5), st.lists(st.sampled_from([0.0, 0.125, 0.25, 0.5, 1.0]), max_size=60))
    def test_no_second_has_more_than_the_rate(self, rate: int, pauses: list[float]) -> None:
        clock = Clock()
        limit = OrderRateLimit(clock, rate)
        allowed = []
        for pause in pauses:
            clock.advance(pause)
            if limit.allow():
                allowed.append(clock.seconds())
        for first, beyond in zip(allowed, allowed[rate:], strict=False):
            self.assertGreaterEqual(beyond - first, 1.0)

"""What surely passes is what the checks let pass; and a session asks them for the rest only."""

from typing import Any
from unittest.mock import patch

from hypothesis import given
from hypothesis import strategies as st
from twisted.trial.unittest import SynchronousTestCase

from tests.upstream.risk.samples import INSERT, ME, Desk, order, trade
from webctp.config.risk import ComplianceConfig, RiskLimits
from webctp.upstream.risk.intent import InsertKind, intent_of

_LIMITS: dict[str, Any] = {
    "max_order_volume": st.integers(1, 5),
    "max_order_value": st.sampled_from((30_000, 70_000, 150_000)),
    "price_tick": st.just(True),
    "price_band_ticks": st.integers(1, 8),
    "price_band_percent": st.sampled_from((0.05, 0.1, 0.2)),
    "instruments": st.sampled_from((("rb*",), ("au*", "rb2405"), ("cu*",))),
    "offsets": st.sampled_from((("Open",), ("Close", "CloseToday"), ("Open", "CloseYesterday"))),
    "max_working_orders": st.integers(1, 6),
    "max_orders_per_second": st.integers(1, 6),
    "max_orders_per_day": st.integers(1, 6),
    "duplicate_seconds": st.sampled_from((0.1, 1.0)),
    "self_trade": st.just("refuse"),
    "max_position": st.integers(1, 12),
}
_INSERTS: Any = st.fixed_dictionaries(
    {
        "InstrumentID": st.sampled_from(("rb2405", "rb2410")),
        "Direction": st.sampled_from(("0", "1")),
        "CombOffsetFlag": st.sampled_from(("0", "1", "3", "4")),
        "LimitPrice": st.sampled_from((3495.0, 3499.0, 3500.0, 3500.5, 3501.0, 3505.0)),
        "VolumeTotalOriginal": st.integers(1, 6),
    }
)
_ODD: Any = st.fixed_dictionaries(
    {},
    optional={
        "InstrumentID": st.sampled_from(("", " rb2405", "zz9999", None)),
        "Direction": st.sampled_from(("", "2", None)),
        "CombOffsetFlag": st.sampled_from(("", "00", "13", "2", " 0", None)),
        "LimitPrice": st.sampled_from((0.0, -3500.0, 1e12, float("inf"), None)),
        "VolumeTotalOriginal": st.sampled_from((0, -1, 2**31 - 1, None)),
        "OrderPriceType": st.sampled_from(("1", "", None)),
    },
)


class SameTests(SynchronousTestCase):
    """Held against each other, with limits, books and inserts by chance."""

    @given(
        st.fixed_dictionaries({}, optional=_LIMITS),
        st.lists(st.tuples(_INSERTS, st.sampled_from(("", "3", "5", "b"))), max_size=8),
        st.lists(st.tuples(_INSERTS, _ODD), min_size=1, max_size=6),
        st.booleans(),
    )
    def test_as_the_checks(
        self, limits: Any, before: list[Any], inserts: list[Any], counted: bool
    ) -> None:
        compliance = ComplianceConfig(max_orders_in_second=4) if counted else None
        mine = {f"{ME.broker_id}/{ME.user_id}": RiskLimits(**limits)}
        desk = Desk(accounts=mine, compliance=compliance, last_tick=lambda name: 3500.0)
        desk.book.positions_whole()
        for number, (fields, status) in enumerate(before):
            ordered = desk.order(**fields)
            if desk.ask(ordered) is None and status:
                told = {**fields, "OrderRef": ordered.body["OrderRef"], "OrderLocalID": str(number)}
                desk.session.take_order(order(OrderStatus=status, **told))
            desk.clock.advance(0.05)
        account, now = desk.desk.own(ME), desk.clock.seconds()
        book, counts = account.book, account.counts
        for fields, odd in inserts:
            body = {**INSERT, **fields, **odd}
            intent = intent_of(InsertKind.ORDER, body)
            intent.terms = desk.facts.terms(intent.instrument)
            intent.last = desk.facts.last_price(intent.instrument)
            said = [check.refusal(intent, book, now) for check in account.checks]
            if counts is not None and intent.opens:
                said.append(counts.refusal(intent.instrument, now))
            refused = [one for one in said if one is not None]
            plain = account.clearances.clears(body, book, book, counts, now)
            if plain is not None:
                self.assertEqual(refused, [], body)
                self.assertEqual(plain, intent.content)
            elif not odd:
                self.assertNotEqual(refused, [], body)

    @given(st.lists(st.tuples(_INSERTS, st.sampled_from(("", "3", "5", "b"))), max_size=12))
    def test_a_book_counts_what_it_holds(self, before: list[Any]) -> None:
        desk = Desk(max_order_volume=10)
        for number, (fields, status) in enumerate(before):
            ordered = desk.order(**fields)
            self.assertIsNone(desk.ask(ordered))
            if status:
                told = {**fields, "OrderRef": ordered.body["OrderRef"], "OrderLocalID": str(number)}
                desk.session.take_order(order(OrderStatus=status, **told))
            else:
                desk.session.dropped(ordered)
        book = desk.book
        self.assertEqual(book.working, len(list(book)))
        self.assertEqual(book.orders, sum(bool(status) for _, status in before))
        for name in ("rb2405", "rb2410"):
            for side, buys in (("2", "0"), ("3", "1")):
                opening = [
                    one.left
                    for one in book
                    if one.opens and one.direction == buys and one.instrument == name
                ]
                self.assertEqual(book.opening(name, side), sum(opening))


class SessionTests(SynchronousTestCase):
    """Which inserts the checks are asked for."""

    def asked(self, desk: Desk, **fields: Any) -> int:
        """How many checks an insert was put to."""
        asked: list[Any] = []
        for check in desk.desk.own(ME).checks:
            self.patch(check, "refusal", lambda *given: asked.append(given))
        desk.detail(**fields)
        return len(asked)

    def test_a_usual_order_is_put_to_none(self) -> None:
        desk = Desk(max_order_volume=5, price_tick=True, self_trade="refuse", max_working_orders=9)
        self.assertEqual(self.asked(desk), 0)
        self.assertEqual(self.asked(desk, OrderPriceType="1"), 4)

    def test_a_check_that_says_nothing_is_always_asked(self) -> None:
        desk = Desk(max_order_volume=5)
        (check,) = desk.desk.own(ME).checks
        self.patch(check, "narrow", lambda clearance: clearance.close())
        self.assertEqual(self.asked(desk), 1)

    def test_a_position_that_moves_counts_at_once(self) -> None:
        desk = Desk(max_position=5)
        desk.book.positions_whole()
        first = desk.order(VolumeTotalOriginal=3)
        self.assertIsNone(desk.ask(first))
        desk.session.dropped(first)
        traded = trade(TradeID="1", InstrumentID="rb2405", Volume=4)
        desk.session.take_trade(traded)
        self.assertIn("found 6 lots", desk.detail(VolumeTotalOriginal=2))
        desk.book.begin_positions("")
        desk.book.take_position({"InstrumentID": "rb2405", "PosiDirection": "2", "YdPosition": 1})
        self.assertIn("found 6 lots", desk.detail(VolumeTotalOriginal=1))

    def test_terms_that_change_count_at_once(self) -> None:
        desk = Desk(price_tick=True)
        self.assertEqual(desk.detail(LimitPrice=3501.0), "")
        desk.facts.take_terms("rb2405", 5.0, 10)
        self.assertIn("tick of rb2405 is 5", desk.detail(LimitPrice=3501.0))
        self.assertEqual(desk.detail(LimitPrice=3505.0), "")

    def test_a_last_price_that_moves_counts_at_once(self) -> None:
        last = [3500.0]
        desk = Desk(price_band_ticks=10, last_tick=lambda name: last[0])
        self.assertEqual(desk.detail(LimitPrice=3510.0), "")
        last[0] = 3499.0
        self.assertIn("11 ticks", desk.detail(LimitPrice=3510.0))

    def test_without_one_in_the_tick_that_of_an_answer_counts_at_once(self) -> None:
        for last in (lambda name: None, lambda name: 0.0):
            desk = Desk(price_band_ticks=10, last_tick=last)
            self.assertIn("not known", desk.detail(LimitPrice=3510.0))
            desk.facts.take_price("rb2405", 3500.0)
            self.assertEqual(desk.detail(LimitPrice=3510.0), "")
            desk.facts.take_price("rb2405", 3499.0)
            self.assertIn("11 ticks", desk.detail(LimitPrice=3510.0))

    def test_a_tick_is_read_once(self) -> None:
        desk = Desk(price_band_ticks=10, last_tick=lambda name: 3500.0)
        with patch.object(desk.facts, "price_in", wraps=desk.facts.price_in) as read:
            for _ in range(3):
                self.assertEqual(desk.detail(LimitPrice=3510.0), "")
        read.assert_called_once()

    def test_one_that_the_front_did_not_take_is_not_entered(self) -> None:
        desk = Desk(max_working_orders=1)
        first = desk.order()
        self.assertIsNone(desk.session.refusal(first))
        desk.session.dropped(first)
        desk.session.entered(first)
        self.assertEqual(desk.book.working, 0)

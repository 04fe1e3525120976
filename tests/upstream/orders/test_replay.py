"""Replays recognised, and nothing else."""

from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st
from twisted.trial.unittest import SynchronousTestCase

from tests.conformance import holds
from tests.upstream.orders.test_keys import order, trade
from webctp.upstream.orders.keys import identities
from webctp.upstream.orders.replay import _NOTICES_KEPT, REPLAY_SECONDS, ReplayFilter


def said(row: dict[str, Any]) -> bytes:
    """All that a row says."""
    return repr(row).encode()


class ReplayTests(SynchronousTestCase):
    """Replays recognised, and nothing else."""

    def setUp(self) -> None:
        self.replays = ReplayFilter()
        self.begin()
        self.life = [
            order("a"),
            order("a", "131"),
            order("3", "131"),
            order("1", "131", VolumeTraded=1),
            order("0", "131", VolumeTraded=2),
        ]

    def begin(self) -> None:
        self.replays.begin("20240102", 0.0)

    def new_trade(self, row: dict[str, Any]) -> bool:
        return self.replays.new_trade(row, said(row))

    def told(self, rows: list[dict[str, Any]]) -> list[bool]:
        return [self.replays.new_order(one, identities(one), said(one)) for one in rows]

    def test_every_change_of_an_order_is_new(self) -> None:
        self.assertEqual(self.told(self.life), [True] * 5)

    @holds("SJLSM-2")
    def test_a_replay_of_all_is_recognised(self) -> None:
        self.told(self.life)
        self.begin()
        self.assertEqual(self.told(self.life), [False] * 5)

    def test_a_replay_from_any_point_is_recognised_and_what_follows_is_new(self) -> None:
        for start in range(4):
            for known in range(start, 5):
                with self.subTest(start=start, known=known):
                    self.setUp()
                    self.told(self.life[:known])
                    self.begin()
                    expected = [index >= known for index in range(start, 5)]
                    self.assertEqual(self.told(self.life[start:]), expected)

    def test_a_live_repetition_is_no_news(self) -> None:
        self.assertEqual(self.told([self.life[2], self.life[2]]), [True, False])

    def test_the_same_look_again_is_news(self) -> None:
        submitted = order("3", "131", OrderSubmitStatus="1")
        rejected = order("3", "131", OrderSubmitStatus="5")
        rows = [submitted, rejected, submitted, rejected]
        self.assertEqual(self.told(rows), [True] * 4)
        self.begin()
        self.assertEqual(self.told(rows), [False] * 4)

    def test_two_orders_do_not_mix(self) -> None:
        self.told(self.life)
        other = order("3", "132", OrderRef="13")
        self.assertEqual(self.told([other, other, self.life[-1]]), [True, False, False])

    def test_orders_without_a_reference_of_a_session_do_not_mix(self) -> None:
        nobody = {"FrontID": 0, "SessionID": 0, "OrderRef": ""}
        rows = [order(status, number, **nobody) for status in "30" for number in ("1", "2")]
        self.assertEqual(self.told(rows), [True] * 4)
        self.begin()
        self.assertEqual(self.told([*rows[::2], *rows[1::2]]), [False] * 4)

    @holds("JKZYXZYXHSM-2", "JKZYXZYXHSM-3")
    def test_an_order_renamed_by_a_restart_of_ctp_is_the_same_order(self) -> None:
        self.told(self.life[:3])
        renamed = order("3", "131", FrontID=2, SessionID=9, OrderRef="1")
        self.assertEqual(self.told([renamed, renamed]), [True, False])

    def test_a_trade_is_new_once(self) -> None:
        rows = [trade(), trade(Direction="1"), trade()]
        self.assertEqual([self.new_trade(one) for one in rows], [True, True, False])
        self.begin()
        self.assertFalse(self.new_trade(trade(TradeID="        5")))

    def test_a_trade_whose_number_was_given_before_is_news(self) -> None:
        """A front that lost its state begins its TradeIDs anew within the trading day."""
        first = trade(Price=3800.0, TradeTime="09:00:01", SequenceNo=4)
        self.assertTrue(self.new_trade(first))
        for other in ({"Price": 3801.0}, {"TradeTime": "09:30:00"}, {"OrderSysID": "9"}):
            again = {**first, **other}
            with self.subTest(other):
                self.assertEqual([self.new_trade(again), self.new_trade(again)], [True, False])
        self.begin()
        self.assertFalse(self.new_trade(first))

    def test_doubled_and_out_of_order_each_is_told_once(self) -> None:
        """What a front doubles and swaps: 1 1 2 becomes 1 2 1."""
        numbered = [
            {**one, "NotifySequence": at, "SequenceNo": at} for at, one in enumerate(self.life, 1)
        ]
        first, second, third, *_ = numbered
        rows = [first, second, first, third, second, third]
        self.assertEqual(self.told(rows), [True, True, False, True, False, False])

    def test_numbers_that_do_not_number_are_not_relied_on(self) -> None:
        """Where every row bears the same number the history counts, as without any."""
        submitted = order("3", "131", OrderSubmitStatus="1", SequenceNo=9)
        rejected = order("3", "131", OrderSubmitStatus="5", SequenceNo=9)
        rows = [submitted, rejected, submitted, rejected]
        self.assertEqual(self.told(rows), [True] * 4)

    @holds("JKZYXZYXHSM-3")
    def test_ctps_own_number_tells_an_order_that_it_has_renamed(self) -> None:
        """CTP begins its flow anew before the exchange has the order."""
        local: dict[str, Any] = {"TraderID": "t1", "OrderLocalID": "131"}
        self.assertEqual(self.told([order("a", **local)]), [True])
        renamed = order("3", "131", FrontID=2, SessionID=9, OrderRef="1", **local)
        self.assertEqual(self.told([renamed]), [True])
        self.assertEqual(self.replays._days["20240102"].count, 1)

    def test_two_trading_days_are_remembered(self) -> None:
        days = ("20240102", "20240103", "20240104")
        for day in days:
            self.new_trade(trade(TradingDay=day))
        again = [self.new_trade(trade(TradingDay=day)) for day in reversed(days)]
        self.assertEqual(again, [False, False, True])

    @holds("SJLSM-2")
    @settings(max_examples=100)
    @given(st.data())
    def test_whatever_is_replayed_each_event_is_told_once(self, data: st.DataObject) -> None:
        """A stream of several orders' changes and trades, cut anywhere, resumed from earlier."""
        numbers = data.draw(st.lists(st.integers(0, 2), max_size=30), label="whose event it is")
        stream: list[tuple[str, dict[str, Any]]] = []
        for at, number in enumerate(numbers):
            kind = "trade" if at % 3 == 2 else "order"
            event = (
                trade(TradeID=str(at))
                if kind == "trade"
                else order("3", str(number), OrderRef=str(number), NotifySequence=at)
            )
            stream.append((kind, event))
        replays, told, reached = ReplayFilter(), [], 0
        while True:
            replays.begin("20240102", 0.0)
            start = data.draw(st.integers(0, reached), label="resumed from")
            end = data.draw(st.integers(reached, len(stream)), label="cut at")
            for kind, event in stream[start:end]:
                new = (
                    replays.new_trade(event, said(event))
                    if kind == "trade"
                    else replays.new_order(event, identities(event), said(event))
                )
                if new:
                    told.append(event)
            reached = end
            if end == len(stream):
                break
            if data.draw(st.booleans(), label="enough"):
                break
        self.assertEqual(told, [event for _, event in stream[:reached]])


class NoticeTests(SynchronousTestCase):
    """Pushes other than orders and trades: transfers, notices, errors."""

    def setUp(self) -> None:
        self.replays = ReplayFilter()
        self.now = 0.0
        self.begin()

    def begin(self, day: str = "20240102") -> None:
        self.replays.begin(day, self.now)

    def told(self, notices: str, name: str = "OnRtnTradingNotice") -> str:
        """Those of the notices, a letter each, that are news."""
        return "".join(
            one for one in notices if self.replays.new_push(name, one.encode(), self.now)
        )

    def test_a_replay_from_any_point_is_recognised_and_what_follows_is_new(self) -> None:
        for start in range(5):
            with self.subTest(start=start):
                self.setUp()
                self.assertEqual(self.told("abcde"), "abcde")
                self.begin()
                self.assertEqual(self.told("abcde"[start:] + "fg"), "fg")

    def test_what_comes_again_after_news_is_news(self) -> None:
        self.told("abc")
        self.begin()
        self.assertEqual(self.told("cda"), "da")

    def test_without_a_login_only_what_was_told_last_is_none(self) -> None:
        self.assertEqual(self.told("aaba"), "aba")

    def test_long_after_a_login_the_same_is_news(self) -> None:
        self.told("ab")
        self.begin()
        self.now += REPLAY_SECONDS
        self.assertEqual(self.told("a"), "a")

    def test_kinds_do_not_mix(self) -> None:
        self.told("a")
        self.begin()
        self.assertEqual(self.told("a", "OnRtnBulletin"), "a")

    def test_another_day_says_the_same_of_its_own(self) -> None:
        self.told("ab")
        self.begin("20240103")
        self.assertEqual(self.told("ab"), "ab")

    def test_a_day_that_began_while_connected_is_known_when_it_is_played(self) -> None:
        self.assertEqual(self.told("abcd"), "abcd")
        row = trade(TradeID="9", TradingDay="20240103")
        self.replays.new_trade(row, said(row))
        self.assertEqual(self.told("ea"), "ea")
        self.begin("20240103")
        self.assertEqual(self.told("eaf"), "f")
        self.begin("20240103")
        self.assertEqual(self.told("bc"), "bc")

    def test_memory_is_bounded(self) -> None:
        for number in range(3 * _NOTICES_KEPT):
            self.replays.new_push("OnRtnInstrumentStatus", b"%d" % number, self.now)
        self.assertLessEqual(
            len(self.replays._notices["OnRtnInstrumentStatus"].changes), _NOTICES_KEPT
        )
        self.begin()
        last = b"%d" % (3 * _NOTICES_KEPT - 1)
        self.assertFalse(self.replays.new_push("OnRtnInstrumentStatus", last, self.now))

"""Requests that wait for the first ticks of what they name."""

from typing import Any

from tests.sim.helpers import pushes, states
from tests.sim.paper.support import PaperCase, errors
from tests.sim.recordings import tick
from webctp.sim.events import Rows
from webctp.sim.paper import waiting

RB: dict[str, Any] = {"InstrumentID": "rb2701"}
RB_TICK = {
    **RB,
    "LastPrice": 3000.0,
    "PreSettlementPrice": 3000.0,
    "UpperLimitPrice": 3300.0,
    "LowerLimitPrice": 2700.0,
    "AskPrice1": 3001.0,
    "BidPrice1": 2999.0,
}


class WaitingTests(PaperCase):
    """Orders and queries before the feed has told anything of their instruments."""

    def test_the_first_order_subscribes_and_waits_for_the_first_tick(self) -> None:
        self.paper()
        session = self.trader(first=())
        self.assertEqual(self.order(session, 71230.0), [])
        self.assertEqual(self.watched, ["cu2701"])
        events = self.feed(tick(0))
        self.assertEqual(states(events), ["0a", "0a", "00", "T"])
        self.assertEqual(pushes(events, "OnRtnTrade")[0]["Price"], 71230.0)

    def test_an_instrument_is_subscribed_to_once(self) -> None:
        self.paper()
        session = self.trader(first=())
        self.order(session, 71230.0)
        self.order(session, 71220.0)
        self.feed(tick(0))
        self.order(session, 71220.0)
        self.assertEqual(self.watched, ["cu2701"])

    def test_what_comes_behind_is_not_overtaken(self) -> None:
        self.paper()
        session = self.trader()
        self.assertEqual(self.order(session, 3001.0, **RB), [])
        self.assertEqual(self.order(session, 71230.0), [])  # its tick has come, but not the other's
        events = self.feed(tick(1, **RB_TICK))
        told = [row["InstrumentID"] for row in pushes(events, "OnRtnTrade")]
        self.assertEqual(told, ["rb2701", "cu2701"])

    def test_another_sessions_orders_do_not_wait(self) -> None:
        self.paper()
        session = self.trader()
        self.order(session, 3001.0, **RB)
        other = self.trader(first=())
        self.assertEqual(len(pushes(self.order(other, 71230.0), "OnRtnTrade")), 1)

    def test_queries_wait_for_the_prices_that_they_need_and_for_nothing_else(self) -> None:
        self.paper()
        session = self.trader(first=())
        self.order(session, 71230.0)
        self.assertEqual(len(self.rows(session, "ReqQryTradingAccount")), 1)
        self.assertEqual(self.rows(session, "ReqQryDepthMarketData", **RB), [])
        events = self.feed(tick(0, **RB_TICK))
        rows = [row for event in events if isinstance(event, Rows) for row in event.rows]
        self.assertEqual([row["LastPrice"] for row in rows], [3000.0])

    def test_without_a_tick_the_market_is_closed(self) -> None:
        self.paper()
        session = self.trader(first=())
        self.order(session, 71230.0)
        self.assertEqual(self.due[0][0], waiting.PATIENCE)
        self.assertEqual(states(self.lose_patience()), ["0a", "45"])
        with self.subTest("and the next order is told so at once"):
            self.assertEqual(states(self.order(session, 71230.0)), ["0a", "45"])
        with self.subTest("until a tick comes"):
            self.feed(tick(1))
            self.assertEqual(states(self.order(session, 71230.0)), ["0a", "0a", "00", "T"])

    def test_an_option_waits_for_its_future_too(self) -> None:
        self.paper()
        option: dict[str, Any] = {"InstrumentID": "cu2701C71000"}
        session = self.trader(first=())
        self.order(session, 50.0, **option)
        self.assertEqual(sorted(self.watched), ["cu2701", "cu2701C71000"])
        prices = {"LastPrice": 50.0, "PreSettlementPrice": 50.0, "AskPrice1": 50.0}
        limits = {"UpperLimitPrice": 5000.0, "LowerLimitPrice": 2.0}
        self.assertEqual(self.feed(tick(0, **option, **prices, **limits)), [])
        self.assertEqual(len(pushes(self.feed(tick(1)), "OnRtnTrade")), 1)

    def test_a_name_of_no_instrument_is_refused_at_once(self) -> None:
        self.paper()
        session = self.trader(first=())
        self.assertEqual(errors(self.order(session, 1.0, InstrumentID="no such thing")), [16])
        self.assertEqual(self.watched, [])

    def test_a_session_that_has_gone_orders_nothing(self) -> None:
        self.paper()
        session = self.trader(first=())
        self.order(session, 71230.0)
        self.exchange.disconnect(session)
        self.assertEqual(pushes(self.feed(tick(0)), "OnRtnOrder"), [])

    def test_a_refusal_after_the_wait_is_told(self) -> None:
        self.paper()
        session = self.trader(first=())
        self.order(session, 71230.0, 2, InvestorID="1002")
        self.assertEqual(errors(self.feed(tick(0))), [9])

    def test_no_more_than_a_thousand_requests_wait(self) -> None:
        self.paper()
        self.patch(waiting, "MOST_WAITING", 2)
        session = self.trader(first=())
        found = [states(self.order(session, 71230.0)) for _ in range(3)]
        self.assertEqual(found, [[], [], ["0a", "45"]])

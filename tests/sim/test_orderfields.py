"""What RtnOrder, RtnTrade and the errors of orders say, field by field and exchange by exchange."""

from typing import Any, Final

from twisted.trial.unittest import SynchronousTestCase

from tests.conformance import holds
from tests.sim.helpers import Bench, pushes
from tests.sim.test_sequences import (
    LISTED,
    Story,
    all_or_nothing_for_the_day,
    fak_in_vain,
    fills_at_once,
    much,
    rests_and_fills,
    rests_and_is_cancelled,
)
from webctp.ctp import catalog
from webctp.sim.events import Push, Reply
from webctp.sim.host.packing import Wire
from webctp.sim.options import SimOptions

SEAT: Final = "000101"


class Echoes(SynchronousTestCase):
    """What comes back of an InputOrder, and what is filled in."""

    def setUp(self) -> None:
        self.bench = Bench()
        self.session = self.bench.login()

    def rows(self, **changes: Any) -> list[dict[str, Any]]:
        return [
            dict(row) for row in pushes(self.bench.order(self.session, **changes), "OnRtnOrder")
        ]

    def refusal(self, **changes: Any) -> dict[str, Any]:
        events = self.bench.order(self.session, Direction="x", **changes)
        return dict(pushes(events, "OnErrRtnOrderInsert")[0])

    @holds("REQORDERINSERT-3")
    def test_user_id_left_out_is_the_sessions(self) -> None:
        for row in self.rows(UserID=""):
            self.assertEqual((row["UserID"], row["OrderStatus"] != "5"), ("1001", True))

    @holds("REQORDERINSERT-13")
    def test_currency_left_out_is_cny(self) -> None:
        self.assertEqual({row["CurrencyID"] for row in self.rows()}, {"CNY"})
        self.assertEqual({row["CurrencyID"] for row in self.rows(CurrencyID="CNY")}, {"CNY"})

    @holds("REQORDERINSERT-14")
    def test_addresses_are_the_senders(self) -> None:
        for names in ({}, {"IPAddress": "AAAABBBBCCCCDDDDEEEEFFFFGGGGHHHH", "MacAddress": "02AB"}):
            for row in (*self.rows(**names), self.refusal(**names)):
                for name in ("IPAddress", "MacAddress"):
                    self.assertEqual(row.get(name, ""), names.get(name, ""), name)

    @holds("REQORDERINSERT-15")
    def test_a_memo_comes_back_as_it_was_sent(self) -> None:
        for row in (*self.rows(OrderMemo=" a|b "), self.refusal(OrderMemo=" a|b ")):
            self.assertEqual(row["OrderMemo"], " a|b ")
        low = self.bench.market("cu2701").day.lower / 1e4
        self.rows(OrderRef="50", LimitPrice=low, OrderMemo="order")
        events = self.bench.action(self.session, OrderRef="50", ActionFlag="3", OrderMemo="act")
        self.assertEqual(pushes(events, "OnErrRtnOrderAction")[0]["OrderMemo"], "act")
        events = self.bench.action(self.session, OrderRef="50", OrderMemo="act")
        self.assertEqual({row["OrderMemo"] for row in pushes(events, "OnRtnOrder")}, {"order"})

    @holds("REQORDERINSERT-16")
    def test_the_api_counts_orders_and_actions_of_its_session(self) -> None:
        self.assertEqual({row["SessionReqSeq"] for row in self.rows(SessionReqSeq=77)}, {1})
        self.bench.action(self.session, OrderRef="99")
        self.assertEqual({row["SessionReqSeq"] for row in self.rows()}, {3})
        self.session = self.bench.login()
        self.assertEqual({row["SessionReqSeq"] for row in self.rows(BusinessUnit="")}, {1})

    @holds("ONERRRTNORDERINSERT-1")
    def test_a_refusal_is_told_to_the_account_and_answered_to_the_session(self) -> None:
        events = self.bench.order(self.session, Direction="x")
        (reply,) = [event for event in events if isinstance(event, Reply)]
        (push,) = [event for event in events if isinstance(event, Push)]
        self.assertEqual((reply.session, reply.error), (self.session, 15))
        # A push is for every session of its account, the other ones included.
        self.assertEqual((push.account, push.error), (("9999", "1001"), 15))

    @holds("JKZYXZYXHSM-4")
    def test_an_order_that_ctp_refuses_uses_up_no_local_number(self) -> None:
        first = self.rows()[0]
        self.assertNotIn("OrderLocalID", self.refusal())
        second = self.rows()[0]
        numbers = [int(row["OrderLocalID"]) for row in (first, second)]
        self.assertEqual(numbers[1], numbers[0] + 1)

    @holds("V6.7.7-1")
    def test_31_names_what_is_missing(self) -> None:
        available: Any = self.bench.funds(self.session)["Available"]
        name, price = "cu2701", self.bench.market("cu2701").day.upper / 1e4
        events = self.bench.order(self.session, VolumeTotalOriginal=499)
        (reply,) = [event for event in events if isinstance(event, Reply)]
        # 5 t a lot; margin at the pre-settlement price, commission at the order's.
        rate: Any = self.bench.rows(self.session, "ReqQryInstrumentMarginRate", InstrumentID=name)[
            0
        ]
        fee: Any = self.bench.rows(
            self.session, "ReqQryInstrumentCommissionRate", InstrumentID=name
        )[0]
        settled = self.bench.market(name).day.pre_settlement / 1e4
        margin = round(settled * 5 * rate["LongMarginRatioByMoney"], 2)
        commission = round(price * 5 * fee["OpenRatioByMoney"], 2) + fee["OpenRatioByVolume"]
        missing = 499 * (margin + commission) - available
        self.assertEqual((reply.error, reply.more), (31, f"，约缺少资金[{missing:.2f}]"))
        packed = Wire(catalog.trading()).pack(reply.callback, None, 31, 1, True, reply.more)
        text = f"CTP:资金不足，约缺少资金[{missing:.2f}]".encode("gbk")
        self.assertIn(text, packed.info or b"")


class Exchanges(SynchronousTestCase):
    """What the exchanges themselves fill in, which some leave empty."""

    def told(self, exchange: str, kind: Any) -> tuple[list[Any], list[Any]]:
        story = Story(exchange)
        kind(story)
        return pushes(story.own, "OnRtnOrder"), pushes(story.own, "OnRtnTrade")

    @holds("ONRTNORDER-4", "ONRTNORDER-5")
    def test_source_and_seat(self) -> None:
        # SHFE and INE: what they refuse, and what trades at once, keeps CTP's own fields.
        own = {fills_at_once: ("0", ""), all_or_nothing_for_the_day: ("0", "")}
        shanghai = {
            **own,
            rests_and_fills: ("", SEAT),
            rests_and_is_cancelled: ("", SEAT),
            fak_in_vain: ("", SEAT),
        }
        for exchange in LISTED:
            for kind, last in shanghai.items():
                rows, _ = self.told(exchange, kind)
                refused = kind is all_or_nothing_for_the_day
                if exchange in ("DCE", "GFEX"):
                    last = "0", ""
                elif exchange not in ("SHFE", "INE"):
                    last = "0", "" if refused else SEAT
                found = rows[-1]["OrderSource"], rows[-1]["ActiveTraderID"]
                self.assertEqual(found, last, (exchange, kind.__name__))
                self.assertEqual(rows[0]["ActiveTraderID"], "")

    @holds("ONRTNORDER-6")
    def test_the_user_who_cancelled(self) -> None:
        for exchange in LISTED:
            rows, _ = self.told(exchange, rests_and_is_cancelled)
            users = [row["ActiveUserID"] for row in rows]
            self.assertEqual(users, ["", "", "", "1001"], exchange)
            rows, _ = self.told(exchange, fak_in_vain)
            self.assertEqual({row["ActiveUserID"] for row in rows}, {""}, exchange)

    @holds("ONRTNORDER-7")
    def test_czce_tells_the_whole_of_an_execution_in_parts(self) -> None:
        for exchange in LISTED:
            story = Story(exchange)
            offered = sum(volume for _, volume in story.market.depth("1", 3))
            lots = min(offered, story.market.contract.limit_volumes[1])
            story.order(VolumeTotalOriginal=lots)
            rows = pushes(story.own, "OnRtnOrder")
            parts = [row for row in rows if row["OrderStatus"] in ("0", "1")]
            total = lots if exchange == "CZCE" else 0
            self.assertEqual({row["ZCETotalTradedVolume"] for row in parts}, {total}, exchange)
            if exchange == "CZCE":
                self.assertGreater(lots, parts[0]["VolumeTraded"])
            self.assertEqual(rows[0]["ZCETotalTradedVolume"], 0)

    @holds("ONRTNTRADE-3")
    def test_types(self) -> None:
        for exchange in LISTED:
            told = "" if exchange in ("SHFE", "INE") else "0"
            rows, trades = self.told(exchange, rests_and_fills)
            self.assertEqual({row["OrderType"] for row in rows}, {told}, exchange)
            self.assertEqual({row["TradeType"] for row in trades}, {told}, exchange)

    @holds("ONRTNTRADE-2")
    def test_whose_price_a_trade_has(self) -> None:
        for exchange in LISTED:
            story = Story(exchange)
            fills_at_once(story)
            (trade,) = pushes(story.own, "OnRtnTrade")
            self.assertEqual((trade["Price"], trade["PriceSource"]), (story.ask, "2"), exchange)
            story = Story(exchange)
            rests_and_fills(story)
            (trade,) = pushes(story.own, "OnRtnTrade")
            self.assertEqual((trade["Price"], trade["PriceSource"]), (story.bid, "1"), exchange)

    @holds("JKZYXZYXHSM-1", "JKZYXZYXHSM-3")
    def test_what_orders_and_trades_are_known_by(self) -> None:
        for exchange in LISTED:
            story = Story(exchange)
            story.order(**much(story))
            rows, trades = pushes(story.own, "OnRtnOrder"), pushes(story.own, "OnRtnTrade")
            self.assertEqual(
                {(row["FrontID"], row["SessionID"]) for row in rows}, {(1, story.mine)}
            )
            for name in ("FrontID", "SessionID", "RequestID"):
                self.assertNotIn(name, trades[0])
            local = {(r["ExchangeID"], r["TraderID"], r["OrderLocalID"]) for r in (*rows, *trades)}
            self.assertEqual(len(local), 1, exchange)
            self.assertEqual(local.pop()[:2], (exchange, SEAT))


class Conditions(SynchronousTestCase):
    """ContingentCondition: each compares what it says, at once where the market meets it."""

    @holds("TJDGZ-2")
    def test_each_kind(self) -> None:
        story = Story("SHFE")
        last = story.market.tape.last / 1e4
        prices = {"5678": last, "9ABC": story.ask, "DEFH": story.bid}
        # Greater, greater or equal, lesser, lesser or equal: met at the price itself, a tick
        # below it, and a tick above it.
        met = ((False, True, False), (True, True, False), (False, False, True), (True, False, True))
        reference = 100
        for kinds, price in prices.items():
            for kind, wanted in zip(kinds, met, strict=True):
                for stop, expected in zip((price, price - 10, price + 10), wanted, strict=True):
                    reference += 1
                    story.events.clear()
                    story.order(
                        OrderRef=str(reference),
                        ContingentCondition=kind,
                        StopPrice=stop,
                        LimitPrice=story.lowest,
                    )
                    told = story.told.split()[:2]
                    self.assertEqual(told, ["b", "c"] if expected else ["b"], (kind, stop, price))

    @holds("TJDGZ-2")
    def test_there_is_no_g(self) -> None:
        story = Story("SHFE")
        story.order(ContingentCondition="G", StopPrice=story.bid)
        self.assertEqual(story.told, "15")


class Money(SynchronousTestCase):
    """A condition that fails for want of money keeps the plain text."""

    def test_a_condition_says_no_amount(self) -> None:
        bench = Bench(SimOptions(seed=7, balance=10.0))
        session = bench.login()
        bid = bench.best("IF2612", "0")
        events = bench.order(session, "IF2612", ContingentCondition="H", StopPrice=bid)
        self.assertEqual(
            pushes(events, "OnRtnErrorConditionalOrder")[0]["ErrorMsg"], "CTP:资金不足"
        )

"""CTP's table of callbacks: exchange by exchange, order kind by order kind.

Pages QTYWGZ/DBHB and QTYWGZ/TJDGZ of CTP's document 6.7.8. Letters are OrderStatus of each
RtnOrder, T is a RtnTrade, E a RtnErrorConditionalOrder, and a number is the ErrorID of a refusal
by CTP.
"""

from collections.abc import Callable, Iterable
from typing import Any, Final

from twisted.trial.unittest import SynchronousTestCase

from tests.conformance import holds
from tests.sim.audit import audit
from tests.sim.helpers import Bench, pushes, states
from webctp.sim.events import Event, Push, Reply
from webctp.sim.options import SimOptions

RICH: Final = 10_000_000_000.0
LISTED: Final = {
    "SHFE": "cu2701",
    "INE": "sc2702",
    "CFFEX": "IF2612",
    "CZCE": "SR705",
    "DCE": "m2705",
    "GFEX": "si2702",
}
"""An instrument of each exchange."""

SHANGHAI: Final = ("SHFE", "INE")
CFFEX: Final = ("CFFEX",)
ZHENGZHOU: Final = ("CZCE",)
DALIAN: Final = ("DCE", "GFEX")


class Story:
    """One order of user 1001 at an exchange, and another user who trades with it."""

    def __init__(self, exchange: str) -> None:
        self.bench = Bench(SimOptions(seed=7, balance=RICH))
        self.exchange, self.name = exchange, LISTED[exchange]
        self.mine, self.other = self.bench.login(), self.bench.login("1002")
        self.events: list[Event] = []
        self.market = self.bench.market(self.name)
        self.lowest = self.market.day.lower / 10_000
        self.bid, self.ask = self.bench.best(self.name, "0"), self.bench.best(self.name, "1")

    def order(self, **changes: Any) -> None:
        changes.setdefault("OrderRef", "7")
        self.events += self.bench.order(self.mine, self.name, **changes)

    def cancel(self) -> None:
        self.events += self.bench.action(
            self.mine, ExchangeID=self.exchange, InstrumentID=self.name, OrderRef="7"
        )

    def sell_to(self, lots: int) -> None:
        """Let the other user sell until so many lots of the resting order have traded."""
        most = self.market.contract.limit_volumes[1]
        ahead = sum(entry.ahead for entry in self.market.book.side("0"))
        while (left := ahead + lots) > 0:
            volume = min(most, left)
            self.events += self.bench.order(
                self.other,
                self.name,
                Direction="1",
                LimitPrice=self.bid,
                VolumeTotalOriginal=volume,
            )
            took = min(volume, ahead)
            ahead, lots = ahead - took, lots - (volume - took)

    @property
    def own(self) -> list[Event]:
        return [
            event
            for event in self.events
            if not isinstance(event, Push) or event.account == ("9999", "1001")
        ]

    @property
    def told(self) -> str:
        return " ".join(letters(self.own))


def letters(events: Iterable[Event]) -> Iterable[str]:
    for event in events:
        match event:
            case Push(callback="OnRtnOrder"):
                yield str(event.values["OrderStatus"])
            case Push(callback="OnRtnTrade"):
                yield "T"
            case Push(callback="OnRtnErrorConditionalOrder"):
                yield "E"
            case Reply(callback="OnRspOrderInsert" | "OnRspOrderAction"):
                yield str(event.error)
            case _:
                pass


def fills_at_once(story: Story) -> None:
    story.order()


def rests_and_fills(story: Story) -> None:
    story.order(LimitPrice=story.bid)
    story.sell_to(1)


def rests_and_is_cancelled(story: Story) -> None:
    story.order(LimitPrice=story.lowest)
    story.cancel()


def rests_and_fills_in_two(story: Story) -> None:
    story.order(LimitPrice=story.bid, VolumeTotalOriginal=3)
    story.sell_to(1)
    story.sell_to(2)


def rests_fills_in_part_and_is_cancelled(story: Story) -> None:
    story.order(LimitPrice=story.bid, VolumeTotalOriginal=3)
    story.sell_to(1)
    story.cancel()


def much(story: Story) -> dict[str, Any]:
    """More than is offered at the best price: one trade, and something is left."""
    offered = story.market.depth("1", 1)[0][1]
    return {"LimitPrice": story.ask, "VolumeTotalOriginal": offered + 1}


def fills_in_part_at_once_and_waits(story: Story) -> None:
    story.order(**much(story))


def fak_in_part(story: Story) -> None:
    story.order(**much(story), TimeCondition="1", VolumeCondition="1")


def fak_in_vain(story: Story) -> None:
    story.order(LimitPrice=story.lowest, TimeCondition="1", VolumeCondition="1")


def fak_with_a_least_volume_in_vain(story: Story) -> None:
    least = much(story)["VolumeTotalOriginal"]
    story.order(**much(story), TimeCondition="1", VolumeCondition="2", MinVolume=least)


def fok_whole(story: Story) -> None:
    story.order(TimeCondition="1", VolumeCondition="3")


def fok_in_vain(story: Story) -> None:
    story.order(**much(story), TimeCondition="1", VolumeCondition="3")


def at_any_price(story: Story) -> None:
    story.order(OrderPriceType="1", LimitPrice=0.0, TimeCondition="1")


def at_any_price_for_the_day(story: Story) -> None:
    story.order(OrderPriceType="1", LimitPrice=0.0, TimeCondition="3", VolumeCondition="3")


def at_the_best_price(story: Story) -> None:
    story.order(OrderPriceType="3", LimitPrice=0.0, TimeCondition="1")


def all_or_nothing_for_the_day(story: Story) -> None:
    story.order(TimeCondition="3", VolumeCondition="3")


def above_the_limit(story: Story) -> None:
    story.order(LimitPrice=story.market.day.upper / 10_000 * 2)


Kind = Callable[[Story], None]
TABLE: Final[tuple[tuple[Kind, str, str, str, str], ...]] = (
    # What is done              SHFE INE           CFFEX              CZCE               DCE GFEX
    (fills_at_once,
     "a a 0 T",         "a a 0 T",         "a 3 3 0 T",       "a 3 0 T"),
    (rests_and_fills,
     "a 3 3 0 T",       "a 3 3 0 T",       "a 3 3 0 T",       "a 3 0 T"),
    (rests_and_is_cancelled,
     "a 3 3 5",         "a 3 3 5",         "a 3 3 5",         "a 3 3 5"),
    (rests_and_fills_in_two,
     "a 3 3 1 T 1 0 T", "a 3 3 1 T 1 0 T", "a 3 3 1 T 1 0 T", "a 3 1 T 0 T"),
    (rests_fills_in_part_and_is_cancelled,
     "a 3 3 1 T 1 5",   "a 3 3 1 T 1 5",   "a 3 3 1 T 1 5",   "a 3 1 T 1 5"),
    (fills_in_part_at_once_and_waits,
     "a a 1 T",         "a a 1 T",         "a 3 3 1 T",       "a 3 1 T"),
    (fak_in_part,
     "a 5 5 T",         "a 5 5 T",         "a 3 3 1 T 5",     "a 3 1 T 5"),
    (fak_in_vain,
     "a 5",             "a 5",             "a 5",             "a 5"),
    (fak_with_a_least_volume_in_vain,
     "a 5",             "a 5",             "a 5",             "a 5"),
    (fok_whole,
     "a a 0 T",         "a a 0 T",         "80",              "a 3 0 T"),
    (fok_in_vain,
     "a 5",             "a 5",             "80",              "a 5"),
    (at_any_price,
     "a a 0 T",         "80",              "a 3 3 0 T",       "a 3 0 T"),
    (at_any_price_for_the_day,
     "a a 0 T",         "80",              "a 3 3 0 T",       "a 3 0 T"),
    (all_or_nothing_for_the_day,
     "a 5",             "a 5",             "a 5",             "a 5"),
    (above_the_limit,
     "a 5",             "a 5",             "a 5",             "a 5"),
)  # fmt: skip
"""What is done, and what CTP tells of it."""


class Sequences(SynchronousTestCase):
    """Every row of the table at every exchange."""

    def column(self, exchanges: tuple[str, ...], place: int) -> None:
        for exchange in exchanges:
            for row in TABLE:
                with self.subTest(exchange=exchange, kind=row[0].__name__):
                    story = Story(exchange)
                    row[0](story)
                    self.assertEqual(story.told, row[1 + place])
                    audit(story.bench.exchange)

    @holds("DBHB-2", "DBHB-3", "DBHB-4", "DBHB-5", "DBHB-6", "DBHB-10", "GJYSTSZL-1")
    def test_shfe_ine(self) -> None:
        self.column(SHANGHAI, 0)

    @holds("DBHB-6", "GJYSTSZL-5")
    def test_cffex(self) -> None:
        self.column(CFFEX, 1)

    @holds("DBHB-8", "GJYSTSZL-6")
    def test_czce(self) -> None:
        self.column(ZHENGZHOU, 2)

    @holds("DBHB-7", "DBHB-9", "GJYSTSZL-3")
    def test_dce_gfex(self) -> None:
        self.column(DALIAN, 3)

    @holds("GJYSTSZL-5")
    def test_cffex_has_a_best_price_and_the_rest_at_a_limit(self) -> None:
        story = Story("CFFEX")
        at_the_best_price(story)
        self.assertEqual(story.told, "a a 0 T")
        story = Story("CFFEX")
        lots = much(story)["VolumeTotalOriginal"]
        story.order(OrderPriceType="3", LimitPrice=0.0, VolumeTotalOriginal=lots)
        self.assertEqual(story.told, "a a 1 T")
        self.assertEqual(story.market.best("0"), round(story.ask * 10_000))


class Words(SynchronousTestCase):
    """StatusMsg and OrderSubmitStatus: CTP adds 报单已提交 until the exchange has answered."""

    def words(self, exchange: str, kind: Kind) -> list[tuple[str, str]]:
        story = Story(exchange)
        kind(story)
        rows = pushes(story.own, "OnRtnOrder")
        return [(row["OrderSubmitStatus"], row["StatusMsg"]) for row in rows]

    @holds("ONRTNORDER-1")
    def test_what_fills_at_once_on_shfe_is_only_submitted(self) -> None:
        submitted = ("0", "报单已提交")
        self.assertEqual(
            self.words("SHFE", fills_at_once), [submitted, submitted, ("0", "全部成交报单已提交")]
        )

    @holds("ONRTNORDER-1")
    def test_what_has_rested_is_accepted(self) -> None:
        for exchange in LISTED:
            told = self.words(exchange, rests_and_fills)
            self.assertEqual((told[1], told[-1]), (("3", "未成交"), ("3", "全部成交")), exchange)

    @holds("TJDGZ-8")
    def test_what_is_cancelled_in_vain(self) -> None:
        for exchange in LISTED:
            self.assertEqual(
                self.words(exchange, fak_in_vain)[-1], ("0", "已撤单报单已提交"), exchange
            )

    def test_what_the_exchange_refuses(self) -> None:
        for exchange in LISTED:
            self.assertEqual(
                self.words(exchange, all_or_nothing_for_the_day)[-1],
                ("4", f"已撤单报单被拒绝{exchange}:不被支持的报单类型"),
                exchange,
            )

    @holds("DBHB-6")
    def test_the_cancellation_has_the_volume_before_the_trade(self) -> None:
        for exchange in (*SHANGHAI, *CFFEX):
            story = Story(exchange)
            fak_in_part(story)
            _, first, second = pushes(story.own, "OnRtnOrder")
            traded = pushes(story.own, "OnRtnTrade")[0]["Volume"]
            self.assertEqual(
                [first["VolumeTraded"], first["VolumeTotal"], second["VolumeTraded"]],
                [traded, 1, traded],
            )


class Conditions(SynchronousTestCase):
    """Conditions of CTP's own: b, c, and then an order of their own."""

    def story(self, exchange: str = "CFFEX", **changes: Any) -> Story:
        """A condition that the market meets at once."""
        story = Story(exchange)
        story.order(ContingentCondition="H", StopPrice=story.bid, **changes)
        return story

    @holds("TJDGZ-1", "TJDGZ-4", "TJDGZ-5", "JKZYXZYXHSM-7")
    def test_it_enters_a_new_order(self) -> None:
        story = self.story()
        self.assertEqual(story.told, "b c a a 0 T")
        waiting, triggered, entered, *_ = pushes(story.events, "OnRtnOrder")
        self.assertTrue(waiting["OrderSysID"].startswith("TJBD_"))
        self.assertEqual(triggered["OrderSysID"], waiting["OrderSysID"])
        self.assertEqual(entered["RelativeOrderSysID"], waiting["OrderSysID"])
        self.assertNotEqual(entered["BrokerOrderSeq"], waiting["BrokerOrderSeq"])
        rows = story.bench.rows(story.mine, "ReqQryOrder")
        self.assertEqual([row["OrderStatus"] for row in rows], ["c", "0"])
        self.assertFalse(str(rows[1]["OrderSysID"]).startswith("TJBD_"), rows[1]["OrderSysID"])

    def test_its_order_rests(self) -> None:
        story = self.story(LimitPrice=Story("CFFEX").lowest)
        self.assertEqual(story.told, "b c a 3")

    @holds("TJDGZ-7")
    def test_its_order_is_refused_by_the_exchange(self) -> None:
        story = self.story(LimitPrice=1.0)
        self.assertEqual(story.told, "b c a 5")

    @holds("TJDGZ-8")
    def test_its_order_is_immediate(self) -> None:
        lowest = Story("CFFEX").lowest
        story = self.story(LimitPrice=lowest, TimeCondition="1", VolumeCondition="3")
        self.assertEqual(story.told, "b c a 5")
        story = self.story(**much(Story("CFFEX")), TimeCondition="1", VolumeCondition="1")
        self.assertEqual(story.told, "b c a 5 5 T")

    @holds("TJDGZ-6")
    def test_money_and_position_show_when_it_triggers(self) -> None:
        bench = Bench(SimOptions(seed=7, balance=10_000.0))
        session = bench.login()
        bid = bench.best("IF2612", "0")
        condition: dict[str, Any] = {"ContingentCondition": "H", "StopPrice": bid}
        for changes, code, text in (
            ({}, 31, "CTP:资金不足"),
            ({"CombOffsetFlag": "1"}, 30, "CTP:平仓量超过持仓量"),
        ):
            events = bench.order(session, "IF2612", **condition, **changes)
            self.assertEqual(list(letters(events)), ["b", "c", "E"])
            failed = pushes(events, "OnRtnErrorConditionalOrder")[0]
            self.assertEqual((failed["ErrorID"], failed["ErrorMsg"]), (code, text))
            self.assertTrue(failed["OrderSysID"].startswith("TJBD_"))
        audit(bench.exchange)

    def test_one_that_waits_sets_nothing_aside(self) -> None:
        story = Story("SHFE")
        before = dict(story.bench.funds(story.mine))
        story.order(ContingentCondition="5", StopPrice=1e9, VolumeTotalOriginal=9)
        self.assertEqual(story.told, "b")
        self.assertEqual(dict(story.bench.funds(story.mine)), before)
        story.cancel()
        self.assertEqual(story.told, "b 5")
        self.assertEqual(dict(story.bench.funds(story.mine)), before)
        audit(story.bench.exchange)

    @holds("TJDGZ-3")
    def test_stops_are_orders_of_the_exchange(self) -> None:
        for exchange in LISTED:
            with self.subTest(exchange):
                story = Story(exchange)
                last = story.market.tape.last / 10_000
                # A stop buys from its price on, which the last price has reached.
                story.order(ContingentCondition="2", StopPrice=last)
                self.assertEqual(story.told, "a 3 0 T" if exchange in DALIAN else "15")
                audit(story.bench.exchange)

    def test_a_stop_that_waits_is_cancelled(self) -> None:
        story = Story("DCE")
        story.order(ContingentCondition="2", StopPrice=1e6)
        self.assertEqual(story.told, "a 3")
        self.assertNotEqual(story.bench.funds(story.mine)["FrozenMargin"], 0.0)
        audit(story.bench.exchange)
        story.cancel()
        self.assertEqual(story.told, "a 3 3 5")
        self.assertEqual(story.bench.funds(story.mine)["FrozenMargin"], 0.0)
        audit(story.bench.exchange)


class TradeNumbers(SynchronousTestCase):
    """A trade has one TradeID, whoever its two sides are."""

    def test_of_two_users(self) -> None:
        for exchange in LISTED:
            story = Story(exchange)
            rests_and_fills(story)
            trades = pushes(story.events, "OnRtnTrade")
            mine = [trade for trade in trades if trade["InvestorID"] == "1001"]
            theirs = [trade for trade in trades if trade["TradeID"] == mine[0]["TradeID"]]
            self.assertEqual(
                {(trade["InvestorID"], trade["Direction"]) for trade in theirs},
                {("1001", "0"), ("1002", "1")},
                exchange,
            )

    def test_with_oneself(self) -> None:
        for exchange in ("SHFE", "DCE"):
            story = Story(exchange)
            story.other = story.mine
            rests_and_fills(story)
            trades = pushes(story.events, "OnRtnTrade")
            bought = [trade for trade in trades if trade["Direction"] == "0"]
            sold = [t for t in trades if t["TradeID"] == bought[0]["TradeID"] and t not in bought]
            self.assertEqual([trade["Direction"] for trade in sold], ["1"], exchange)

    def test_of_different_trades_differ(self) -> None:
        story = Story("DCE")
        rests_and_fills_in_two(story)
        mine = [t for t in pushes(story.own, "OnRtnTrade") if t["Direction"] == "0"]
        self.assertEqual(len({trade["TradeID"] for trade in mine}), 2)


class States(SynchronousTestCase):
    """`states` of the helpers, which other tests rely on."""

    def test_submit_status_comes_first(self) -> None:
        story = Story("DCE")
        fills_at_once(story)
        self.assertEqual(states(story.own), ["0a", "33", "30", "T"])

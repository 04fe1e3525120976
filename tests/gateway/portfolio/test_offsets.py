"""``"Offset": "auto"`` through the gateway: the split, its answer, what a repetition does."""

from pathlib import Path
from typing import Any, Final

from tests.daemons import PATIENCE
from tests.gateway.planjournal import PlanJournal, kept_in
from tests.gateway.portfolio.test_session import FakeTest
from tests.gateway.trading.test_risk import ADMIN, BUY, RiskTest
from tests.gateway.trading.test_shared import of_type
from tests.test_end_to_end import EndToEnd
from webctp.config.risk import RiskConfig
from webctp.config.sections import JournalConfig
from webctp.testing import Gateway, WebSocketPeer, rows
from webctp.testing.front import TRADING_DAY
from webctp.upstream.journal.store import Store

SELL = {
    **{name: value for name, value in BUY.items() if name != "CombOffsetFlag"},
    "Direction": "1",
    "CombHedgeFlag": "1",
    "ExchangeID": "SHFE",
}


class OffsetTest(FakeTest, RiskTest):
    """A client before a front that holds two lots of before, on a journal that outlives runs."""

    def setUp(self) -> None:
        self.store = Store(Path(self.mktemp()).absolute() / "journal.sqlite")
        self.addCleanup(self.store.close)

    def begin(self, **settings: Any) -> None:
        """Begin a run of the daemon."""
        self.journal = PlanJournal(self.store)
        with kept_in(self.journal):
            RiskTest.begin(self, journal=JournalConfig("unused"), **settings)

    def auto(
        self, name: str = "a", lots: int = 1, peer: WebSocketPeer | None = None, **fields: Any
    ) -> list[dict[str, Any]]:
        """Send an order whose offset is to be chosen; gives what was answered."""
        peer = peer or self.peer
        peer.received()
        peer.send(
            {
                "MsgType": "ReqOrderInsert",
                "RequestID": 9,
                "ClientOrderID": name,
                "Offset": "auto",
                "InputOrder": {**SELL, "VolumeTotalOriginal": lots, **fields},
            }
        )
        self.settle()
        return [one for one in peer.received() if one.get("RequestID") == 9]

    def ready(self, **settings: Any) -> None:
        """Begin, and let the portfolio be read."""
        self.hold(**settings)
        (refused,) = self.auto("first")
        self.assertEqual(refused["RspInfo"]["ErrorID"], -503)
        self.assertIn("is being read from CTP", refused["Detail"])
        self.wait(3)

    @property
    def inserts(self) -> list[tuple[str, int]]:
        """Offset and lots of what the front has got."""
        calls = [call for call in self.front.calls if call.name == "ReqOrderInsert"]
        return [
            (str(call.values["CombOffsetFlag"]), int(call.values["VolumeTotalOriginal"]))
            for call in calls
        ]

    def refused(self, said: str, code: int, **more: Any) -> None:
        """Send an order that is refused, and not sent."""
        before = self.inserts
        name = str(more.pop("name", "bad"))
        (found,) = self.auto(name, **more)
        self.assertIn(said, found["Detail"])
        self.assertEqual((found["MsgType"], found["RspInfo"]["ErrorID"]), ("ReqOrderInsert", code))
        self.assertEqual(self.inserts, before)


class SplitTests(OffsetTest):
    """What is sent, and what is answered."""

    def test_it_closes_what_is_held_and_opens_the_rest(self) -> None:
        self.ready()
        self.trade_of("7", Volume=3)
        told = self.auto("a", 7)
        split = told[0]["OffsetSplit"]
        self.assertEqual((told[0]["MsgType"], told[0]["RspInfo"]["ErrorID"]), ("RspOffsetSplit", 0))
        self.assertEqual(
            split["Orders"],
            [
                {"ClientOrderID": "a.1", "CombOffsetFlag": "4", "VolumeTotalOriginal": 2},
                {"ClientOrderID": "a.2", "CombOffsetFlag": "3", "VolumeTotalOriginal": 3},
                {"ClientOrderID": "a.3", "CombOffsetFlag": "0", "VolumeTotalOriginal": 2},
            ],
        )
        self.assertEqual((split["TradingDay"], split["Repeated"]), (TRADING_DAY, False))
        self.assertEqual(self.inserts, [("4", 2), ("3", 3), ("0", 2)])

    def test_the_account_s_portfolio_is_told_to_nobody_who_has_not_subscribed(self) -> None:
        self.ready()
        before = self.peer.received()
        self.trade_of("7", Volume=3)
        self.wait(60)
        told = [*before, *self.peer.received()]
        self.assertEqual(of_type(told, "RtnPortfolio"), [])
        self.assertEqual(self.desk.commons.portfolios.context.counts.kept, 1)

    def test_the_same_again_sends_nothing(self) -> None:
        self.ready()
        self.auto("a", 3)
        told = self.auto("a", 3)
        self.assertTrue(told[0]["OffsetSplit"]["Repeated"])
        states = [one["ClientOrder"]["ClientOrderID"] for one in told[1:]]
        self.assertEqual(states, ["a.1", "a.2"])
        self.assertEqual(self.inserts, [("4", 2), ("0", 1)])
        self.refused("stands for another request", -409, name="a", lots=4)
        self.peer.send(
            {
                "MsgType": "ReqOrderInsert",
                "RequestID": 9,
                "ClientOrderID": "a",
                "InputOrder": {**SELL, "CombOffsetFlag": "1"},
            }
        )
        self.settle()
        (found,) = [one for one in self.peer.received() if one.get("RequestID") == 9]
        self.assertIn("stands for another request", found["Detail"])
        self.assertEqual(self.inserts, [("4", 2), ("0", 1)])

    def test_what_is_on_its_way_is_not_closed_again(self) -> None:
        self.ready()
        self.auto("a", 2)
        self.refused("0 lots can be closed now, and 2 are frozen", -409, lots=1)
        sent = self.front.last("ReqOrderInsert").values
        known = {"OrderSysID": "1", "InvestorID": "u1", "TradingDay": TRADING_DAY}
        self.front.push("OnRtnOrder", rows.order(request=sent, OrderStatus="3", **known))
        self.settle()
        self.refused("0 lots can be closed now, and 2 are frozen", -409, lots=1)
        self.front.push("OnRtnOrder", rows.order(request=sent, OrderStatus="5", **known))
        self.settle()
        self.auto("b", 2)
        self.assertEqual(self.inserts, [("4", 2), ("4", 2)])

    def test_a_part_that_is_refused_frees_its_lots(self) -> None:
        self.ready()
        self.front.on("ReqOrderInsert", returns=-3, times=1)
        self.auto("a", 2)
        self.auto("b", 2)
        self.assertEqual(self.inserts, [("4", 2), ("4", 2)])


class RestartTests(OffsetTest):
    """A daemon that died."""

    def test_the_split_stands_and_what_was_sent_is_not_sent_again(self) -> None:
        self.ready()
        self.auto("a", 3)
        self.hold()  # another run, whose front holds other lots by now
        self.details(0)
        told = self.auto("a", 3)
        self.assertTrue(told[0]["OffsetSplit"]["Repeated"])
        self.assertEqual([one["ClientOrder"]["Status"] for one in told[1:]], ["unknown"] * 2)
        self.assertEqual(self.inserts, [])

    def test_killed_before_the_second_part(self) -> None:
        """What was never sent is sent when its client asks again, and once."""
        self.ready()
        self.auto("a", 3)
        self.store._db.execute("DELETE FROM client_order WHERE client_order_id = 'a.2'")
        self.hold()
        for _ in range(2):
            told = self.auto("a", 3)
            self.assertTrue(told[0]["OffsetSplit"]["Repeated"])
        self.assertEqual(self.inserts, [("0", 1)])

    def test_killed_before_anything_was_sent(self) -> None:
        self.ready()
        self.journal.plans_wait = []
        self.assertEqual(self.auto("a", 3), [])
        ((row, _),) = self.journal.plans_wait
        self.store.plans.claim(row)
        self.hold()
        self.auto("a", 3)
        self.assertEqual(self.inserts, [("4", 2), ("0", 1)])

    def test_of_another_day_nothing_more_is_sent(self) -> None:
        self.ready()
        self.auto("a", 3)
        self.store._db.execute("DELETE FROM client_order")
        login = {"TradingDay": "20240103", "FrontID": 1, "SessionID": 2, "MaxOrderRef": "1"}
        self.begin()
        self.front.on("ReqUserLogin", answer=login)
        self.peer = self.client()
        self.login(self.peer)
        self.refused(
            "is of trading day 20240102; nothing more of it is sent", -409, name="a", lots=3
        )


class RefusalTests(OffsetTest):
    """Where it cannot know, or may not."""

    def test_wrong_orders_are_told_the_field(self) -> None:
        self.ready()
        for said, more in (
            ("CombOffsetFlag is chosen by Offset auto; leave it out", {"CombOffsetFlag": "1"}),
            ("OrderRef is chosen by Offset auto; leave it out", {"OrderRef": "5"}),
            ("CombHedgeFlag must be one of 1, 2, 3", {"CombHedgeFlag": "5"}),
            ("CombHedgeFlag must be one of 1, 2, 3", {"CombHedgeFlag": None}),
            ("Direction must be 0 (buy) or 1 (sell)", {"Direction": None}),
            ("send an order for each leg", {"InstrumentID": "SP a2701&a2705"}),
            ("CTP lists none such", {"InstrumentID": "zz9999"}),
            ("ContingentCondition must be 1", {"ContingentCondition": "5"}),
            ("VolumeTotalOriginal must be above 0", {"lots": 0}),
            ("VolumeCondition 3 cannot be split", {"lots": 3, "VolumeCondition": "3"}),
            ("is that of InvestorID u1, leave it out", {"InvestorID": "u2"}),
            ("at most 62 characters", {"name": "n" * 63}),
        ):
            self.refused(said, -400, **more)
        self.assertEqual(self.inserts, [])

    def test_words_beside_the_order(self) -> None:
        self.ready()
        for words, said in (
            ({"Offset": "auto"}, "Offset auto needs a ClientOrderID"),
            ({"Offset": "close", "ClientOrderID": "a"}, "Offset: Invalid enum value 'close'"),
        ):
            self.peer.received()
            self.peer.send(
                {"MsgType": "ReqOrderInsert", "RequestID": 9, "InputOrder": SELL, **words}
            )
            self.settle()
            (found,) = [one for one in self.peer.received() if one.get("RequestID") == 9]
            self.assertIn(said, found["Detail"])
        self.peer.send(
            {"MsgType": "PreviewOrder", "RequestID": 9, "InputOrder": SELL, "Offset": "auto"}
        )
        self.settle()
        (found,) = [one for one in self.peer.received() if one.get("RequestID") == 9]
        self.assertIn("PreviewOrder takes no Offset", found["Detail"])

    def test_risk_and_kill_switch_judge_each_part_before_any_is_sent(self) -> None:
        self.ready(risk=RiskConfig(offsets=("Close", "CloseToday", "CloseYesterday")))
        self.refused("bad.2: Risk.Offsets", -403, lots=3)
        self.assertIsNone(self.store.plans.find("9999", "u1", "offset", "bad"))
        self.ask(self.as_principal(ADMIN), "Kill", Level="stop")
        self.refused("bad.1: the kill switch is at stop", -403, lots=1)

    def test_an_id_that_another_order_bears(self) -> None:
        self.ready()
        order = {**SELL, "CombOffsetFlag": "1", "VolumeTotalOriginal": 1}
        words = {"RequestID": 4, "ClientOrderID": "a", "InputOrder": order}
        self.peer.send({"MsgType": "ReqOrderInsert", **words})
        self.settle()
        self.assertEqual(len(self.inserts), 1)
        (told,) = self.auto("a")
        self.assertEqual(told["RspInfo"]["ErrorID"], -409)
        self.assertEqual(len(self.inserts), 1)

    def test_without_a_journal(self) -> None:
        RiskTest.begin(self)
        (told,) = self.auto("a")
        self.assertEqual(told["RspInfo"]["ErrorID"], -400)
        self.assertIn("Journal", told["Detail"])

    def test_without_a_disk_nothing_is_sent(self) -> None:
        self.ready()
        self.journal.is_broken = True
        self.refused("it is not sent: the journal cannot be kept: full", -503)

    def test_a_disk_that_is_late_lets_nothing_be_sent_late(self) -> None:
        self.ready()
        self.journal.plans_wait = []
        self.assertEqual(self.auto("a", 1), [])
        self.refused("is being decided; wait", -409, name="a", lots=1)
        self.reactor.advance(0.6)
        ((row, done),) = self.journal.plans_wait
        done.callback(self.store.plans.claim(row))
        self.desk.commons.fanout.flush()
        (late,) = [one for one in self.peer.received() if one.get("RequestID") == 9]
        self.assertIn("did not answer within OrderPatience", late["Detail"])
        self.assertEqual(self.inserts, [])
        self.journal.plans_wait = None
        self.auto("b", 2)
        self.assertEqual(self.inserts, [("4", 2)], "its lots are free again")

    def test_a_session_that_is_lost_meanwhile_sends_nothing(self) -> None:
        self.ready()
        self.journal.plans_wait = []
        self.auto("a", 1)
        self.front.disconnect()
        self.settle()
        ((row, done),) = self.journal.plans_wait
        done.callback(self.store.plans.claim(row))
        self.settle()
        self.desk.commons.fanout.flush()
        (found,) = [one for one in self.peer.received() if one.get("RequestID") == 9]
        self.assertEqual((found["RspInfo"]["ErrorID"], self.inserts), (-503, []))
        self.refused("", -503)

    def test_combined_positions_are_not_sure(self) -> None:
        self.hold()
        terms = {"InstrumentID": "a2701", "ExchangeID": "DCE", "ProductID": "a"}
        more = {"ProductClass": "1", "VolumeMultiple": 10, "PositionDateType": "2"}
        self.front.on("ReqQryInstrument", answer={**terms, **more})
        row = {"InstrumentID": "SP a2701&a2705", "PosiDirection": "2", "HedgeFlag": "1"}
        self.front.on("ReqQryInvestorPositionDetail", answer=None)
        self.front.on("ReqQryInvestorPosition", answer=row)
        self.auto("first", InstrumentID="a2701")
        self.wait(3)
        self.refused("not sure now (combination", -503, InstrumentID="a2701")

    def test_before_a_login(self) -> None:
        self.hold()
        (found,) = self.auto(peer=self.client())
        self.assertEqual(found["RspInfo"]["ErrorID"], -401)


_KIND: Final = {
    "OrderPriceType": "2",
    "TimeCondition": "3",
    "VolumeCondition": "1",
    "ContingentCondition": "1",
    "ForceCloseReason": "0",
}
"""A limit order for the day."""


class OnSockets(EndToEnd):
    """Before the simulated exchange: it takes the parts, and the position comes out even."""

    timeout = 240

    async def test_an_exchange_takes_the_parts(self) -> None:
        for exchange, product, parts in (("SHFE", "cu", ("3", "0")), ("DCE", "i", ("1", "0"))):
            path = str(Path(self.mktemp()).absolute() / "journal.sqlite")
            keys: dict[str, Any] = {
                "Journal": {"Path": path},
                "PortfolioInterval": "0.05",
                "OrderPatience": "30",
            }
            gateway = await Gateway("sim://?seed=7", **keys).start()
            client = await gateway.trader()
            listed = await self.query(client, "Instrument", ProductID=product)
            name = listed[0]["InstrumentID"]
            await client.ask({"MsgType": "SubscribePortfolio", "RequestID": 9}, PATIENCE)
            (tick,) = await self.query(client, "DepthMarketData", InstrumentID=name)
            body = {**SELL, **_KIND, "InstrumentID": name, "ExchangeID": exchange}
            words = {"Offset": "auto", "MsgType": "ReqOrderInsert", "RequestID": 3}
            for given, direction, price, lots in (
                ("a", "0", tick["UpperLimitPrice"], 3),
                ("b", "1", tick["LowerLimitPrice"], 5),
            ):
                order = {"Direction": direction, "LimitPrice": price, "VolumeTotalOriginal": lots}
                client.say({**words, "ClientOrderID": given, "InputOrder": {**body, **order}})
                told = await client.until(lambda one: one["MsgType"] == "RspOffsetSplit")
                found = told["OffsetSplit"]["Orders"]
                await client.until(lambda one: self.holds(one, 3 if given == "a" else 0))  # noqa: B023
            self.assertEqual(tuple(one["CombOffsetFlag"] for one in found), parts)
            rows = await self.query(client, "InvestorPosition", InstrumentID=name)
            held = {one["PosiDirection"]: one["Position"] for one in rows if one["Position"]}
            self.assertEqual(held, {"3": 2})
            await gateway.stop()

    def holds(self, one: dict[str, Any], lots: int) -> bool:
        """Whether a portfolio holds so many lots bought, and two sold once there are none."""
        if one["MsgType"] != "RtnPortfolio":
            return False
        held = {row["PosiDirection"]: row["Position"] for row in one["Portfolio"]["Positions"]}
        return held.get("2") == lots if lots else held.get("3") == 2

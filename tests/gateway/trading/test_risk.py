"""Limits, counters and the kill switch through the gateway, before a fake front."""

import json
from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace
from typing import Any

from tests.gateway.trading.test_orders import OrderTest
from tests.gateway.trading.test_shared import answer, of_type
from webctp.config.risk import ComplianceConfig, RiskConfig
from webctp.config.serving import WebSocketOptions
from webctp.gateway.access.audit import Act
from webctp.gateway.access.principal import ANYBODY, Principal, Scope
from webctp.gateway.access.tokens.record import new_token
from webctp.gateway.trading.client import TradingClient
from webctp.gateway.websocket.peer import Peer
from webctp.gateway.websocket.protocol import GatewayFactory
from webctp.testing import WebSocketPeer, rows
from webctp.upstream.kill.acknowledging import running
from webctp.upstream.kill.halts import Halt, KillFile, KillLevel
from webctp.upstream.orders import parkedorders

BUY = {
    "InstrumentID": "rb2701",
    "OrderPriceType": "2",
    "Direction": "0",
    "CombOffsetFlag": "0",
    "LimitPrice": 3500.0,
    "VolumeTotalOriginal": 1,
    "TimeCondition": "3",
}
ADMIN = Principal("boss", frozenset(Scope))


class RiskTest(OrderTest):
    """A client that is logged in; orders go to the fake front."""

    def begin(self, **settings: Any) -> None:
        self.kill_path = f"{self.mktemp()}/kill.json"
        super().begin(kill_path=self.kill_path, **settings)
        self.desk.start()
        self.addCleanup(self.desk.stop)

    def as_principal(self, principal: Principal) -> WebSocketPeer:
        """A client of somebody else."""

        def client(peer: Peer) -> TradingClient:
            return self.desk.client(replace(peer, principal=principal))

        options = WebSocketOptions(0, 0, 1 << 20, login_deadline=0)
        fanout = self.desk.commons.fanout
        return WebSocketPeer(GatewayFactory(self.reactor, fanout, options, client))

    def ask(self, peer: WebSocketPeer, name: str, number: int = 5, **body: Any) -> list[Any]:
        """Send a request of the gateway's own."""
        peer.send({"MsgType": name, name: body, "RequestID": number})
        self.settle()
        return [one for one in peer.received() if one.get("RequestID") == number]

    def insert(self, **fields: Any) -> dict[str, Any] | None:
        """Send an insert; gives the refusal, None where it went to the front."""
        before = self.sent
        self.peer.send(
            {"MsgType": "ReqOrderInsert", "RequestID": 9, "InputOrder": {**BUY, **fields}}
        )
        self.settle()
        found = [one for one in self.peer.received() if one.get("RequestID") == 9]
        self.assertEqual(len(found) + self.sent - before, 1)
        return found[0] if found else None

    def audit_lines(self) -> list[dict[str, Any]]:
        """Return the lines of the audit log from now on, which grow."""
        lines: list[dict[str, Any]] = []

        def record(act: Act, who: str, address: str, account: str = "", **fields: Any) -> None:
            lines.append({"act": act, "who": who, "account": account, **fields})

        log: Any = SimpleNamespace(record=record)
        self.desk.commons.fanout.audit = log
        assert self.desk.risk is not None
        self.desk.risk._audit = log
        return lines

    @property
    def sent(self) -> int:
        """How many inserts the front has got."""
        return self.front.names.count("ReqOrderInsert")


class CheckTests(RiskTest):
    """``Risk`` through all floors."""

    def test_a_refusal_names_check_limit_and_value(self) -> None:
        self.begin(risk=RiskConfig(max_order_volume=10))
        refused = self.insert(VolumeTotalOriginal=11)
        assert refused is not None
        self.assertEqual(refused["RspInfo"]["ErrorID"], -403)
        self.assertEqual(
            refused["Detail"], "Risk.MaxOrderVolume: the limit is 10, found 11: send fewer lots"
        )
        self.assertIsNone(self.insert())

    def test_what_rests_and_what_has_ended(self) -> None:
        self.begin(risk=RiskConfig(max_working_orders=1, self_trade="refuse"))
        self.assertIsNone(self.insert())
        sent = self.front.last("ReqOrderInsert").values
        self.assertIn("found 2", str(self.insert()))
        self.front.push("OnRtnOrder", rows.order(request=sent, OrderStatus="3"))
        self.settle()
        self.assertIn("found 2", str(self.insert()))
        self.front.push("OnRtnOrder", rows.order(request=sent, OrderStatus="5"))
        self.settle()
        self.assertIsNone(self.insert())

    def test_what_the_front_refuses_does_not_count(self) -> None:
        self.begin(risk=RiskConfig(max_working_orders=1))
        self.front.on("ReqOrderInsert", error=31)
        for _ in range(2):
            self.peer.send({"MsgType": "ReqOrderInsert", "RequestID": 9, "InputOrder": BUY})
            self.settle()
            self.assertEqual(answer(self.peer.received())["RspInfo"]["ErrorID"], 31)
        self.front.on("ReqOrderInsert", returns=-3)
        for _ in range(2):
            self.peer.send({"MsgType": "ReqOrderInsert", "RequestID": 9, "InputOrder": BUY})
            self.settle()
            self.assertEqual(answer(self.peer.received())["RspInfo"]["ErrorID"], -3)

    def test_positions_are_asked_for_and_followed(self) -> None:
        self.start_with_positions()
        self.assertEqual(self.front.names.count("ReqQryInvestorPosition"), 1)
        self.assertIn("found 11 lots", str(self.insert(VolumeTotalOriginal=5)))
        self.assertIsNone(self.insert(VolumeTotalOriginal=4))

    def start_with_positions(self) -> None:
        """A limit of ten lots, of which six are held."""
        self.begin(risk=RiskConfig(max_position=10), flow_quiet=0.5)
        held = rows.position("rb2701", YdPosition=6, Position=6)
        self.front.on("ReqQryInvestorPosition", answer=held)
        self.reactor.advance(1.0)
        self.settle()

    def test_what_is_parked_counts_from_the_login_on(self) -> None:
        self.begin(risk=RiskConfig(max_working_orders=2), flow_quiet=0.5)
        parked = {**BUY, "InvestorID": "u1", "ParkedOrderID": "7", "Status": "1"}
        self.front.on(
            "ReqQryParkedOrder", answer=[parked, {**parked, "ParkedOrderID": "6", "Status": "2"}]
        )
        self.reactor.advance(1.0)
        self.settle()
        self.assertEqual(self.front.names.count("ReqQryParkedOrder"), 1)
        answer = {**BUY, "InvestorID": "u1", "ParkedOrderID": "8", "Status": "1"}
        self.front.on("ReqParkedOrderInsert", answer=answer)
        self.ask_of_ctp("ReqParkedOrderInsert", "ParkedOrder", **BUY)
        self.assertIn("found 3", str(self.insert()))
        self.front.on("ReqRemoveParkedOrder", answer={"ParkedOrderID": "7"})
        self.ask_of_ctp("ReqRemoveParkedOrder", "RemoveParkedOrder", ParkedOrderID="7")
        self.assertIsNone(self.insert())

    def test_what_seems_to_have_been_sent_is_asked_about(self) -> None:
        self.begin(risk=RiskConfig(max_working_orders=2), flow_quiet=0.5)
        parked = {**BUY, "InvestorID": "u1", "ParkedOrderID": "7", "Status": "1"}
        self.front.on("ReqQryParkedOrder", answer=[parked])
        self.reactor.advance(1.0)
        self.settle()
        self.order(7, "3", OrderSysID="11", SessionID=99, **BUY)
        self.order(8, "3", OrderSysID="12", SessionID=99, **{**BUY, "LimitPrice": 3490.0})
        self.reactor.advance(1.5)
        self.settle()
        self.assertEqual(self.front.names.count("ReqQryParkedOrder"), 2)
        self.assertIn("found 4", str(self.insert()), "it is parked still, and another was sent")

    def ask_of_ctp(self, name: str, field: str, **body: Any) -> None:
        """Send a request of CTP's."""
        self.peer.send({"MsgType": name, field: body, "RequestID": 4})
        self.settle()
        self.assertEqual(self.front.names[-1], name)

    def test_answers_that_clients_ask_for_are_learnt_from(self) -> None:
        self.begin(risk=RiskConfig(price_band_ticks=10, price_tick=True))
        self.assertIn("last price of 'rb2701' is not known", str(self.insert()))
        depth = {"InstrumentID": "rb2701", "LastPrice": 3505.0}
        self.front.on("ReqQryDepthMarketData", answer=depth)
        terms = {"InstrumentID": "rb2701", "PriceTick": 5.0, "VolumeMultiple": 10}
        self.front.on("ReqQryInstrument", answer=terms)
        for name in ("ReqQryDepthMarketData", "ReqQryInstrument"):
            self.peer.send({"MsgType": name, "RequestID": 1})
            self.reactor.advance(1.5)
            self.settle()
        self.assertIsNone(self.insert())
        self.assertIn("tick of rb2701 is 5", str(self.insert(LimitPrice=3501.0)))
        self.assertIn("11 ticks", str(self.insert(LimitPrice=3450.0)))


class KillTests(RiskTest):
    """The kill switch, by a message of an administrator's and by the file."""

    def test_only_an_administrator_may(self) -> None:
        self.begin()
        (refused,) = self.ask(self.peer, "Kill", Level="stop")
        self.assertEqual(refused["RspInfo"]["ErrorID"], -403)
        self.assertIn("needs the scope admin", refused["Detail"])
        self.assertIsNone(self.insert())

    def test_stop_and_lift(self) -> None:
        self.begin()
        boss = self.as_principal(ADMIN)
        audited: list[Any] = []
        log: Any = SimpleNamespace(
            record=lambda act, who, address, account, **more: audited.append(
                (act, who, address, more)
            )
        )
        self.desk.commons.admin._audit = log
        (done,) = self.ask(boss, "Kill", Level="stop", Reason="因故")
        self.desk.commons.admin._audit = None
        self.assertEqual((done["MsgType"], done["RspInfo"]["ErrorID"]), ("RspKill", 0))
        self.assertEqual(done["TradingState"]["Target"], "all")
        (line,) = audited
        self.assertEqual(line[:3], (Act.KILL, "boss", "192.168.1.1"))
        self.assertEqual(line[3]["Level"], "stop")
        on_disk = json.loads(Path(self.kill_path).read_text("utf-8"))
        self.assertEqual(on_disk["halts"][0]["reason"], "因故")
        (told,) = of_type(self.peer.received(), "RtnTradingState")
        self.assertEqual(told["TradingState"]["Level"], "stop")
        refused = self.insert()
        assert refused is not None
        self.assertEqual(
            refused["Detail"],
            "the kill switch is at stop for all (因故): nothing is inserted; cancels pass",
        )
        self.assertEqual(self.desk.readiness()["kill_switch"], {"all": "stop"})
        (lifted,) = self.ask(boss, "Kill", Level="none")
        self.assertEqual(lifted["TradingState"]["Level"], "none")
        (told,) = of_type(self.peer.received(), "RtnTradingState")
        self.assertEqual(told["TradingState"]["Level"], "none")
        self.assertIsNone(self.insert())
        self.assertNotIn("kill_switch", self.desk.readiness())

    def test_wrong_words(self) -> None:
        self.begin()
        boss = self.as_principal(ADMIN)
        for body, said in (
            ({"Level": "halt"}, "'halt' is none; it is one of none, reduce-only"),
            ({}, "Kill: Object missing required field `Level`"),
            ({"Level": "stop", "BrokerID": "9999"}, "half an account"),
            ({"Level": "stop", "Token": "a", "BrokerID": "9"}, "an account and a token"),
            ({"Level": "stop", "BrokerID": "9999", "InvestorID": "u1 "}, "'u1 ' is no account"),
            ({"Level": "stop", "BrokerID": " 9999", "InvestorID": "u1"}, "BrokerID ' 9999' is no"),
            ({"Level": "stop", "Token": " page"}, "' page' is the name of no token"),
            ({"Level": "stop", "Account": "u1"}, "unknown field 'Account'"),
            ({"Level": 5}, "Expected `str`"),
        ):
            (refused,) = self.ask(boss, "Kill", **body)
            self.assertEqual(refused["RspInfo"]["ErrorID"], -400, body)
            self.assertIn(said, refused["Detail"])
        self.assertIsNone(self.insert())

    def test_a_token_in_place_of_its_name_is_written_nowhere(self) -> None:
        self.begin()
        shown = new_token().reveal()
        boss = self.as_principal(ADMIN)
        audited: list[Any] = []
        log: Any = SimpleNamespace(
            record=lambda *told, **more: audited.append((told, more)),
            refused=lambda *told: audited.append(told),
        )
        self.desk.commons.fanout.audit = log
        bodies: tuple[dict[str, Any], ...] = (
            {"Level": "stop", "Token": shown},
            {"Level": "none", "Token": shown},
            {"Level": "stop", "Reason": f"lost {shown}"},
        )
        for body in bodies:
            (refused,) = self.ask(boss, "Kill", **body)
            self.assertEqual(refused["RspInfo"]["ErrorID"], -400)
            self.assertIn("holds a token", refused["Detail"])
            self.assertNotIn(shown[7:], str(refused))
        self.desk.commons.fanout.audit = None
        self.assertEqual(len(audited), 3)
        self.assertNotIn(shown[7:], str(audited))
        self.assertNotIn("kill_switch", self.desk.readiness())
        self.assertIsNone(self.insert())

    def test_an_account_a_token_and_what_each_is_told(self) -> None:
        self.begin()
        boss = self.as_principal(ADMIN)
        self.ask(boss, "Kill", Level="stop", BrokerID="9999", InvestorID="other")
        self.ask(boss, "Kill", Level="reduce-only", Token="page")
        self.assertIsNone(self.insert())
        self.assertEqual(of_type(self.peer.received(), "RtnTradingState"), [])
        (nothing,) = self.ask(self.peer, "QryTradingState")
        self.assertEqual((nothing["TradingState"], nothing["IsLast"]), (None, True))
        self.assertEqual(len(self.ask(boss, "QryTradingState")), 2)
        self.ask(boss, "Kill", Level="reduce-only", BrokerID="9999", InvestorID="u1")
        (mine,) = self.ask(self.peer, "QryTradingState")
        self.assertEqual(mine["TradingState"]["Target"], "account:9999/u1")
        self.assertEqual(mine["TradingState"]["By"], "boss")
        self.assertIsNotNone(self.insert())
        self.assertIsNone(self.insert(CombOffsetFlag="1"))
        ready = self.desk.readiness()["kill_switch"]
        self.assertEqual(ready["accounts"], {"stop": 1, "reduce-only": 1})
        self.assertNotIn("u1", str(ready))

    def test_one_who_shows_the_token(self) -> None:
        self.begin(sharing=True)
        page = self.as_principal(Principal("page", ANYBODY.scopes))
        self.login(page)
        self.ask(self.as_principal(ADMIN), "Kill", Level="stop", Token="page")
        self.assertEqual(len(of_type(page.received(), "RtnTradingState")), 1)
        self.assertIsNone(self.insert())
        page.send({"MsgType": "ReqOrderInsert", "RequestID": 4, "InputOrder": BUY})
        self.settle()
        self.assertIn("for token:page", answer(page.received())["Detail"])

    def test_a_word_on_the_file(self) -> None:
        self.begin()
        file = KillFile(self.kill_path)
        word = Halt(target="all", level=KillLevel.STOP, since=1.0)
        file.change(lambda state: state.with_halt(word), 1.0)
        self.reactor.advance(0.09)
        self.assertIsNotNone(self.insert())
        self.assertEqual([one.told.serial for one in running(file.path)], [1])

    def test_who_logs_in_later_is_told(self) -> None:
        self.begin(sharing=True)
        self.ask(self.as_principal(ADMIN), "Kill", Level="stop", Reason="because")
        (told,) = of_type(self.login(self.client()), "RtnTradingState")
        self.assertEqual(told["TradingState"]["Reason"], "because")

    def test_cancels_pass(self) -> None:
        self.begin()
        self.order(2, "3", OrderSysID="10")
        self.ask(self.as_principal(ADMIN), "Kill", Level="stop")
        body = {"ExchangeID": "SHFE", "OrderSysID": "10", "ActionFlag": "0"}
        self.peer.send({"MsgType": "ReqOrderAction", "RequestID": 3, "InputOrderAction": body})
        self.settle()
        self.assertEqual(len(self.actions()), 1)

    def test_in_force_after_a_restart(self) -> None:
        self.begin()
        self.ask(self.as_principal(ADMIN), "Kill", Level="stop")
        path, self.reactor = self.kill_path, self.reactor
        self.start(kill_path=path)
        self.desk.start()
        self.addCleanup(self.desk.stop)
        self.peer = self.client()
        self.login(self.peer)
        self.assertIsNotNone(self.insert())


class StopAndCancelTests(RiskTest):
    """What rests is cancelled, whoever entered it, until nothing rests."""

    def resting(self) -> None:
        """Two orders: this session's and another terminal's."""
        self.order(2, "3", OrderSysID="10", InstrumentID="rb2701")
        self.order(7, "3", OrderSysID="11", SessionID=99, InstrumentID="rb2701")
        self.order(8, "5", OrderSysID="12", SessionID=99)

    def cancelled(self) -> list[str]:
        return [one["OrderSysID"].strip() for one in self.actions()]

    def test_each_order_has_one_line_in_the_audit_log(self) -> None:
        self.begin()
        lines = self.audit_lines()
        self.resting()
        self.ask(self.as_principal(ADMIN), "Kill", Level="stop-and-cancel")
        self.reactor.pump([1.0] * 25)  # they rest all the same, and are cancelled again
        self.assertEqual(self.cancelled(), ["10", "11"] * 3)
        said = [
            (one["who"], one["account"], one["OrderSysID"], one["Target"])
            for one in lines
            if one.get("For") == "Kill"
        ]
        whose = ("boss", "9999:u1")
        self.assertEqual(said, [(*whose, "10", "all"), (*whose, "11", "all")])

    def progress(self) -> list[int]:
        told = of_type(self.peer.received(), "RtnTradingState")
        return [one["Cancelling"]["Resting"] for one in told if "Cancelling" in one]

    def test_all_of_the_account_and_how_it_went(self) -> None:
        self.begin()
        self.resting()
        self.ask(self.as_principal(ADMIN), "Kill", Level="stop-and-cancel")
        self.assertEqual(self.cancelled(), ["10", "11"])
        self.assertEqual(self.progress(), [2])
        self.order(2, "5", OrderSysID="10")
        self.assertEqual(self.progress(), [])
        self.order(7, "5", OrderSysID="11", SessionID=99)
        self.assertEqual(self.progress(), [0])
        self.order(9, "3", OrderSysID="13", SessionID=99)
        self.assertEqual(self.cancelled(), ["10", "11", "13"], "what comes to rest later, too")

    def test_what_is_parked_is_removed(self) -> None:
        self.begin()
        parked = [
            {"ParkedOrderID": f"{number}", "Status": status, "InvestorID": "u1"}
            for number, status in ((1, "1"), (2, "2"), (3, "3"), (4, "1"))
        ]
        self.front.on("ReqQryParkedOrder", answer=parked)
        self.ask(self.as_principal(ADMIN), "Kill", Level="stop")
        self.reactor.advance(2.0)
        self.settle()
        self.assertNotIn("ReqRemoveParkedOrder", self.front.names, "stop leaves them")
        (done,) = self.ask(self.as_principal(ADMIN), "Kill", Level="stop-and-cancel")
        self.assertNotIn("Parked", done)
        self.reactor.advance(2.0)
        self.settle()
        removed = [one for one in self.front.calls if one.name == "ReqRemoveParkedOrder"]
        self.assertEqual([one.values["ParkedOrderID"] for one in removed], ["1", "4"])
        self.assertEqual({one.values["InvestorID"] for one in removed}, {"u1"})

    def test_what_stays_parked_is_named_in_the_answer(self) -> None:
        self.begin()
        parked = {**BUY, "InvestorID": "u1", "ParkedOrderID": "7", "Status": "1"}
        self.front.on("ReqQryParkedOrder", answer=[parked, {**parked, "Status": "2"}])
        boss = self.as_principal(ADMIN)
        bodies: tuple[dict[str, Any], ...] = (
            {"Level": "stop"},
            {"Level": "reduce-only", "BrokerID": "9999", "InvestorID": "u1"},
        )
        for body in bodies:
            self.ask(boss, "Kill", Level="none")
            self.reactor.advance(2.0)
            self.settle()
            found = self.ask(boss, "Kill", number=6, **body)
            self.reactor.advance(1.0)
            self.settle()
            (done,) = found + of_type(boss.received(), "RspKill")
            self.assertEqual(done["MsgType"], "RspKill", body)
            (left,) = done["Parked"]
            self.assertEqual(
                (left["BrokerID"], left["InvestorID"], left["ParkedOrderID"]), ("9999", "u1", "7")
            )
            self.assertEqual((left["InstrumentID"], left["LimitPrice"]), ("rb2701", 3500.0))
            self.assertEqual(done["ParkedUnknown"], [])
        self.assertNotIn("ReqRemoveParkedOrder", self.front.names)

    def test_whose_parked_orders_are_not_known_is_named_in_time(self) -> None:
        self.begin()
        boss = self.as_principal(ADMIN)
        (done,) = self.ask(boss, "Kill", Level="stop", BrokerID="9999", InvestorID="other")
        self.assertEqual((done["Parked"], done["ParkedUnknown"]), ([], ["9999/other"]))
        self.front.on("ReqQryParkedOrder", silent=True)
        self.assertEqual(self.ask(boss, "Kill", Level="stop"), [])
        self.assertIsNotNone(self.insert(), "in force before the front answers")
        self.reactor.advance(3.1)
        self.settle()
        (done,) = of_type(boss.received(), "RspKill")
        self.assertEqual((done["Parked"], done["ParkedUnknown"]), ([], ["9999/u1"]))

    def token_that_has_gone(self) -> WebSocketPeer:
        """An order rests that was entered with a token, and who showed it has gone."""
        self.begin(sharing=True)
        page = self.as_principal(Principal("page", ANYBODY.scopes))
        self.login(page)
        self.resting()
        page.drop()
        self.settle()
        return self.as_principal(ADMIN)

    def test_of_a_token_that_was_revoked_meanwhile(self) -> None:
        boss = self.token_that_has_gone()
        self.ask(boss, "Kill", Level="stop-and-cancel", Token="page")
        self.assertEqual(self.cancelled(), ["10"], "only the session's own")
        self.assertNotIn("ReqRemoveParkedOrder", self.front.names)

    def test_of_a_token_a_login_does_not_stop_it(self) -> None:
        boss = self.token_that_has_gone()
        self.front.on("ReqOrderAction", error=26, message="已撤")
        self.ask(boss, "Kill", Level="stop-and-cancel", Token="page")
        other = self.client()
        self.login(other, CancelOnDisconnect=5)
        self.reactor.advance(10)
        self.settle()
        self.assertEqual(self.cancelled(), ["10", "10"])

    def test_of_a_token_lifting_leaves_off(self) -> None:
        boss = self.token_that_has_gone()
        self.front.on("ReqOrderAction", error=26, message="已撤")
        self.ask(boss, "Kill", Level="stop-and-cancel", Token="page")
        self.ask(boss, "Kill", Level="none", Token="page")
        self.reactor.advance(30)
        self.settle()
        self.assertEqual(self.cancelled(), ["10"])

    def test_parked_orders_that_cannot_be_removed_are_in_the_log(self) -> None:
        self.begin()
        logged: list[str] = []
        self.patch(
            parkedorders._log, "error", lambda text, **fields: logged.append(text.format(**fields))
        )
        self.front.on("ReqQryParkedOrder", answer=[{"ParkedOrderID": "1", "Status": "1"}])
        self.front.on("ReqRemoveParkedOrder", error=31)
        self.ask(self.as_principal(ADMIN), "Kill", Level="stop-and-cancel")
        self.reactor.advance(2.0)
        self.settle()
        (line,) = logged
        self.assertIn("parked order 1 is not removed", line)

    def test_it_is_tried_again_while_something_rests(self) -> None:
        self.begin()
        self.resting()
        self.front.on("ReqOrderAction", error=26, message="已撤")
        self.ask(self.as_principal(ADMIN), "Kill", Level="stop-and-cancel")
        told = of_type(self.peer.received(), "RtnTradingState")
        self.assertEqual(told[-1]["Cancelling"]["LastRefusal"], "已撤")
        self.reactor.advance(10)
        self.settle()
        self.assertEqual(self.cancelled(), ["10", "11"] * 2)

    def test_lifting_leaves_off(self) -> None:
        self.begin()
        boss = self.as_principal(ADMIN)
        self.ask(boss, "Kill", Level="stop-and-cancel")
        self.ask(boss, "Kill", Level="stop")
        self.resting()
        self.assertEqual(self.cancelled(), [])

    def test_a_session_that_logs_in_later(self) -> None:
        self.begin()
        self.ask(self.as_principal(ADMIN), "Kill", Level="stop-and-cancel")
        self.front.disconnect()
        self.settle()
        self.front.connect()
        self.settle()
        self.resting()
        self.assertEqual(self.cancelled(), ["10", "11"])

    def test_of_one_account_only_its_own(self) -> None:
        self.begin()
        self.resting()
        boss = self.as_principal(ADMIN)
        self.ask(boss, "Kill", Level="stop-and-cancel", BrokerID="9999", InvestorID="other")
        self.assertEqual(self.cancelled(), [])


class ComplianceTests(RiskTest):
    """``Compliance`` through all floors."""

    def told(self, number: int, status: str) -> None:
        values = {"InstrumentID": "rb2701", "OrderLocalID": str(number), "OrderPriceType": "2"}
        given = {"OrderSysID": str(number), "InsertTime": f"09:00:{number:02}"}
        self.order(number, status, SessionID=77, TimeCondition="3", **values, **given)

    def test_counted_told_refused(self) -> None:
        self.begin(compliance=ComplianceConfig(max_cancels=5))
        for number in range(1, 5):
            self.told(number, "5")
        (warned,) = of_type(self.peer.received(), "RtnCompliance")
        self.assertEqual(warned["Threshold"]["Value"], 4)
        self.assertIs(warned["Threshold"]["OpeningRefused"], False)
        self.assertIsNone(self.insert())
        self.told(5, "5")
        (reached,) = of_type(self.peer.received(), "RtnCompliance")
        self.assertEqual(
            reached["Threshold"],
            {
                "BrokerID": "9999",
                "InvestorID": "u1",
                "InstrumentID": "rb2701",
                "Counter": "Cancels",
                "Value": 5,
                "Limit": 5,
                "OpeningRefused": True,
            },
        )
        self.assertIn("Cancels of rb2701 has reached", str(self.insert()))
        self.assertIsNone(self.insert(CombOffsetFlag="1"))
        (row,) = self.ask(self.peer, "QryCompliance", InstrumentID="rb2701")
        found = row["Compliance"]
        self.assertEqual((found["Inserts"], found["Cancels"]), (5, 5))
        self.assertEqual(found["Reached"], ["Cancels"])
        (none,) = self.ask(self.peer, "QryCompliance", InstrumentID="au2701")
        self.assertIsNone(none["Compliance"])

    def test_without_it_and_without_a_login(self) -> None:
        self.begin()
        (refused,) = self.ask(self.peer, "QryCompliance")
        self.assertIn("configure Compliance", refused["Detail"])
        (refused,) = self.ask(self.client(), "QryCompliance")
        self.assertEqual(refused["RspInfo"]["ErrorID"], -401)


class TimerTests(RiskTest):
    """``CancelAllAfter``, the dead man's timer."""

    def arm(self, milliseconds: int, peer: WebSocketPeer | None = None) -> dict[str, Any]:
        (found,) = self.ask(peer or self.peer, "CancelAllAfter", Milliseconds=milliseconds)
        return found  # type: ignore[no-any-return]

    def test_it_fires_unless_it_is_sent_again(self) -> None:
        self.begin(linger=60)
        self.order(2, "3", OrderSysID="10")
        told = self.arm(5000)
        self.assertEqual(told["CancelAllAfter"]["Milliseconds"], 5000)
        self.assertTrue(told["CancelAllAfter"]["FiresAt"].startswith("2027-01-15T08:00:0"))
        for _ in range(3):
            self.reactor.advance(4)
            self.arm(5000)
        self.assertEqual(self.actions(), [])
        self.reactor.advance(5)
        self.assertEqual(len(self.actions()), 1)
        self.order(2, "5", OrderSysID="10")
        self.order(3, "3", OrderSysID="11")
        self.reactor.advance(60)
        self.assertEqual(len(self.actions()), 1, "what comes later rests")

    def test_it_and_each_order_have_one_line_in_the_audit_log(self) -> None:
        self.begin(linger=60)
        lines = self.audit_lines()
        self.order(2, "3", OrderSysID="10")
        self.arm(1000)
        self.reactor.pump([1.0] * 25)  # it rests all the same, and is cancelled again
        self.assertEqual(len(self.actions()), 3)
        kind = "CancelAllAfter"
        said = [(one.get("Request"), one.get("OrderSysID"), one.get("For")) for one in lines]
        self.assertEqual(said[-2:], [(kind, None, None), ("ReqOrderAction", "10", kind)])
        self.assertEqual([one["act"] for one in lines[-2:]], [Act.CANCEL] * 2)

    def test_zero_disarms(self) -> None:
        self.begin()
        self.order(2, "3", OrderSysID="10")
        self.arm(5000)
        self.assertEqual(self.arm(0)["CancelAllAfter"], {"Milliseconds": 0, "FiresAt": ""})
        self.reactor.advance(60)
        self.assertEqual(self.actions(), [])

    def test_it_outlives_its_client(self) -> None:
        self.begin(linger=0)
        self.order(2, "3", OrderSysID="10")
        self.arm(5000)
        self.peer.drop()
        self.reactor.advance(4.9)
        self.assertEqual((self.actions(), self.released()), ([], 0))
        self.reactor.advance(0.2)
        self.assertEqual(len(self.actions()), 1)

    def test_one_who_comes_back_sets_it_anew(self) -> None:
        self.begin(linger=60)
        self.order(2, "3", OrderSysID="10")
        self.arm(5000)
        self.peer.drop()
        second = self.client()
        self.login(second)
        self.arm(9000, second)
        self.reactor.advance(8)
        self.assertEqual(self.actions(), [])
        self.reactor.advance(1.1)
        self.assertEqual(len(self.actions()), 1)

    def test_each_client_of_a_shared_session_has_its_own(self) -> None:
        self.begin(sharing=True)
        other = self.client()
        self.login(other)
        self.order(2, "3", OrderSysID="10")
        self.arm(5000)
        self.arm(0, other)
        self.reactor.advance(5.1)
        self.assertEqual(len(self.actions()), 1)

    def test_it_leaves_cancel_on_disconnect_in_force(self) -> None:
        self.begin(linger=60)
        self.login(self.peer, CancelOnDisconnect=1)
        self.order(2, "3", OrderSysID="10")
        self.arm(5000)
        self.peer.drop()
        self.reactor.advance(1.1)
        self.order(2, "5", OrderSysID="10")
        self.reactor.advance(5)
        self.order(3, "3", OrderSysID="11")
        found = [one["OrderSysID"].strip() for one in self.actions()]
        self.assertEqual(found, ["10", "11"], "one that was on its way, of a client that is gone")

    def test_a_logout_disarms(self) -> None:
        self.begin(sharing=True)
        other = self.client()
        self.login(other)
        self.order(2, "3", OrderSysID="10")
        self.arm(5000)
        self.peer.send({"MsgType": "ReqUserLogout", "RequestID": 2})
        self.settle()
        self.reactor.advance(60)
        self.assertEqual(self.actions(), [])

    def test_wrong_words(self) -> None:
        self.begin()
        for value, said in ((-1, ">= 0"), (1.5, "Expected `int`"), (86_400_001, "<= 86400000")):
            (refused,) = self.ask(self.peer, "CancelAllAfter", Milliseconds=value)
            self.assertIn(said, refused["Detail"])
        (refused,) = self.ask(self.client(), "CancelAllAfter", Milliseconds=1)
        self.assertEqual(refused["RspInfo"]["ErrorID"], -401)

"""Control requests to the broker and the exchanges."""

from collections.abc import Callable
from typing import Any

from twisted.trial.unittest import SynchronousTestCase

from tests.conformance import holds
from tests.sim.helpers import Bench, pushes
from tests.sim.host.test_api import WithFront
from tests.sim.host.test_state import Recorded, reloaded
from tests.sim.statementreader import reader_of
from webctp.sim import OptionError
from webctp.sim.events import Broadcast, Changed, Event, Push
from webctp.sim.exchange.opening import open_account
from webctp.sim.host.control import read_control
from webctp.sim.host.deskcontrol import COMMANDS


class Desk(SynchronousTestCase):
    """What each does."""

    def setUp(self) -> None:
        self.bench = Bench()
        self.session = self.bench.login()

    def control(self, command: str, **arguments: str) -> list[Event]:
        exchange = self.bench.exchange
        COMMANDS[command](arguments, list(exchange.accounts))(exchange)
        return exchange.drain()

    @holds("REQQRYTRANSFERSERIAL-1")
    def test_money_entered_by_hand_is_in_the_account_and_not_in_the_serials(self) -> None:
        events = self.control("deposit", investor="1001", amount="1000.5")
        events += self.control("withdraw", investor="1001", amount="200", broker="9999")
        self.assertEqual(events, [Changed(("9999", "1001"))] * 2)
        funds = self.bench.funds(self.session)
        self.assertEqual((funds["Deposit"], funds["Withdraw"]), (1000.5, 200.0))
        self.assertEqual(funds["Balance"], 10_000_800.5)
        self.assertEqual(self.bench.rows(self.session, "ReqQryTransferSerial"), [])
        self.bench.run(24 * 3600)
        found = reader_of(self.bench.rows(self.session, "ReqQrySettlementInfo"))
        rows = found.rows("出入金明细")
        self.assertEqual([row["出入金类型"] for row in rows], ["出入金", "出入金"])
        self.assertEqual(
            [(r["入金"], r["出金"]) for r in rows], [("1000.50", "0.00"), ("0.00", "200.00")]
        )
        self.assertEqual(f"{found.summary['Deposit/Withdrawal']}", "800.50")

    def test_what_nobody_is_told_survives_too(self) -> None:
        path = self.mktemp()
        recorded = Recorded(path)
        recorded.save(self.bench.exchange, self.bench.order(self.session))
        recorded.save(self.bench.exchange, self.control("deposit", investor="1001", amount="7"))
        recorded.save(self.bench.exchange, self.control("notice", text="放假"))
        told = self.control("tradingnotice", investor="1001", text="请减仓")
        recorded.save(self.bench.exchange, told)
        other, _ = reloaded(path, self.bench)
        session = other.login()
        self.assertEqual(other.funds(session)["Deposit"], 7.0)
        self.assertEqual(other.rows(session, "ReqQryNotice")[0]["Content"], "放假")
        [notice] = other.rows(session, "ReqQryTradingNotice")
        self.assertEqual((notice["FieldContent"], notice["SequenceNo"]), ("请减仓", 1))

    @holds("ONRTNTRADINGNOTICE-1")
    def test_a_trading_notice_goes_to_one_investor(self) -> None:
        self.bench.login("1002")
        [event] = self.control("tradingnotice", investor="1002", text="风险提示")
        assert isinstance(event, Push)
        self.assertEqual((event.account, event.callback), (("9999", "1002"), "OnRtnTradingNotice"))
        self.assertEqual(self.bench.rows(self.session, "ReqQryTradingNotice"), [])

    def test_the_brokers_notice_is_asked_for(self) -> None:
        self.assertEqual(self.bench.rows(self.session, "ReqQryNotice"), [])
        self.control("notice", text="节日期间保证金上调")
        [row] = self.bench.rows(self.session, "ReqQryNotice")
        self.assertEqual((row["BrokerID"], row["Content"]), ("9999", "节日期间保证金上调"))
        self.control("notice")
        self.assertEqual(self.bench.rows(self.session, "ReqQryNotice"), [])

    @holds("ONRTNBULLETIN-1")
    def test_bulletins_go_to_all(self) -> None:
        [event] = self.control(
            "bulletin", exchange="SHFE", text="关于调整保证金的通知", abstract="铜"
        )
        assert isinstance(event, Broadcast)
        self.assertEqual(event.callback, "OnRtnBulletin")
        row = {name: event.values[name] for name in ("ExchangeID", "Content", "Abstract")}
        self.assertEqual(
            row, {"ExchangeID": "SHFE", "Content": "关于调整保证金的通知", "Abstract": "铜"}
        )
        [again] = self.control("bulletin", exchange="DCE", text="x")
        assert isinstance(again, Broadcast)
        self.assertEqual([event.values["BulletinID"], again.values["BulletinID"]], [1, 2])

    def test_forced_closing(self) -> None:
        self.bench.order(self.session, "m2705", VolumeTotalOriginal=5)
        arguments = {"investor": "1001", "instrument": "m2705", "volume": "3", "reason": "5"}
        [trade] = pushes(self.control("forceclose", **arguments), "OnRtnTrade")
        self.assertEqual(trade["Volume"], 3)

    def test_wrong_requests_are_told(self) -> None:
        open_account(self.bench.exchange, ("8888", "1001"), "p")
        accounts = list(self.bench.exchange.accounts)
        for command, arguments, wanted in (
            ("deposit", {"investor": "7", "amount": "1"}, "investor: '7'"),
            ("deposit", {"amount": "1"}, "investor: nothing"),
            (
                "deposit",
                {"investor": "1001", "amount": "1"},
                "broker: nothing found; 1001 is at 8888, 9999",
            ),
            ("deposit", {"investor": "1001", "broker": "9999", "amount": "x"}, "amount: 'x'"),
            ("deposit", {"investor": "1001", "broker": "9999", "amount": "-1"}, "amount: '-1'"),
            ("withdraw", {"investor": "1001", "broker": "9999", "amount": "nan"}, "amount: 'nan'"),
            ("withdraw", {"investor": "1001", "broker": "9999"}, "amount: nothing"),
            ("deposit", {"who": "1001"}, "'who' is no argument"),
            ("forceclose", {"investor": "1001", "broker": "9999", "reason": "0"}, "reason: '0'"),
            ("forceclose", {"investor": "1001", "broker": "9999", "volume": "-1"}, "volume: '-1'"),
            ("tradingnotice", {"investor": "1001", "broker": "9999"}, "text: nothing"),
            ("notice", {"text": "好" * 251}, "text: 502 bytes of GBK"),
            ("notice", {"text": "a\u0e01"}, "has no GBK form"),
            ("bulletin", {"exchange": "NYSE", "text": "x"}, "exchange: 'NYSE'"),
            ("bulletin", {"exchange": "SHFE", "text": "x", "abstract": "a" * 81}, "abstract: 81"),
            ("bulletins", {}, "known are disconnect, faults"),
        ):
            found: Callable[..., Any] = read_control
            error = self.assertRaises(OptionError, found, command, arguments, accounts)
            self.assertIn(wanted, str(error), command)


class ThroughTheApi(WithFront):
    """Real structs, on the API's own thread."""

    def test_bulletins_and_notices_arrive(self) -> None:
        api, recorder = self.trader()
        self.login(api, recorder)
        self.front.control("bulletin", exchange="CZCE", text="公告" * 125, abstract="摘要")
        self.front.control("tradingnotice", investor="1001", text="请追加保证金")
        [bulletin] = recorder.wait("OnRtnBulletin")
        self.assertEqual(bulletin.values[0]["Content"], "公告" * 125)
        [notice] = recorder.wait("OnRtnTradingNotice")
        self.assertEqual(notice.values[0]["FieldContent"], "请追加保证金")
        self.assertRaises(OptionError, self.front.control, "deposit", investor="9", amount="1")

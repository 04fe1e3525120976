"""The gateway under vn.py's real core, on a real daemon: what a program of vn.py's sees."""

from functools import partial

from vnpy.trader.constant import Direction, Exchange, Interval, Offset, OrderType, Status
from vnpy.trader.object import HistoryRequest, OrderRequest

from tests.clients.python.gateways import GatewayCase
from tests.clients.vnpy.programs import Program, request
from vnpy_webctp import gateway as vnpy_gateway
from vnpy_webctp import session
from webctp_client import connect


class Gateway(GatewayCase):
    """What a program sees of an account."""

    def program(self, user: str, **more: str) -> Program:
        """Return a program that is connected."""
        made = Program(self.gateway.url, user, **more)
        self.addCleanup(made.end)
        return made

    def test_orders_positions_and_money_are_those_of_queries(self) -> None:
        program = self.program("vnpy1")
        program.ready()
        contract = program.future()
        tick = program.told["Tick"][-1]
        send = program.gateway.send_order
        filled = send(request(contract, tick.limit_up, 2, reference="why"))
        program.until(lambda: program.status(filled) is Status.ALLTRADED, "the trade")
        resting = send(request(contract, tick.limit_down))
        program.until(lambda: program.status(resting) is Status.NOTTRADED, "the order")
        order = program.order(resting)
        assert order is not None
        program.gateway.cancel_order(order.create_cancel_request())
        program.until(lambda: program.status(resting) is Status.CANCELLED, "its end")
        killed = send(request(contract, tick.limit_down, type=OrderType.FAK))
        program.until(lambda: program.status(killed) is Status.CANCELLED, "the FAK's end")
        refused = send(request(contract, tick.limit_up * 2))
        program.until(lambda: program.status(refused) is Status.REJECTED, "the refusal")
        self.assertTrue(program.logged(refused.partition(".")[2]), "the log says why")
        kept = program.order(filled)
        assert kept is not None
        self.assertEqual((kept.reference, kept.traded), ("why", 2))
        self.assertEqual(sum(one.volume for one in program.told["Trade"]), 2)
        self.assertEqual({one.vt_orderid for one in program.told["Trade"]}, {filled})
        with connect(self.gateway.url, "vnpy1", "pass") as client:
            (row,) = client.ReqQryInvestorPosition()
            (money,) = client.ReqQryTradingAccount()
        program.until(
            lambda: bool(program.told["Position"]) and program.told["Position"][-1].volume == 2,
            "the position",
        )
        self.assertEqual((row.Position, row.TodayPosition), (2, 2))
        self.assertEqual(program.told["Position"][-1].yd_volume, 0)
        cost = program.told["Position"][-1].price * 2 * contract.size
        self.assertAlmostEqual(cost, row.PositionCost or 0.0, 4)
        self.assertEqual(program.told["Account"][-1].accountid, money.AccountID)

    def test_a_second_program_sees_the_day_so_far(self) -> None:
        first = self.program("vnpy2")
        first.ready()
        contract = first.future()
        sent = first.gateway.send_order(request(contract, first.told["Tick"][-1].limit_up))
        first.until(lambda: bool(first.told["Trade"]), "the trade")
        second = self.program("vnpy2")
        second.ready()
        second.until(lambda: bool(second.told["Trade"]), "the day's trade")
        (trade,) = second.told["Trade"]
        self.assertEqual(trade.tradeid, first.told["Trade"][0].tradeid)
        self.assertNotEqual(trade.vt_orderid, sent, "it is another program's")
        self.assertEqual(second.order(trade.vt_orderid), second.told["Order"][-1])

    def test_what_can_be_sent_in_no_way_is_refused_here(self) -> None:
        program = self.program("vnpy3")
        program.ready()
        contract = program.future()
        for more, text in (
            ({"type": OrderType.MARKET}, "SHFE"),
            ({"type": OrderType.STOP}, "STOP"),
            ({"offset": Offset.NONE}, "offset"),
        ):
            self.assertEqual(program.gateway.send_order(request(contract, 1.0, **more)), "")
            program.until(partial(program.logged, text), text)
        half = request(contract, 1.0)
        half.volume = 0.5
        self.assertEqual(program.gateway.send_order(half), "")
        self.assertEqual(program.told["Order"], [])

    def test_bars_of_the_past_or_why_there_are_none(self) -> None:
        program = self.program("vnpy4")
        program.ready()
        contract = program.future()
        start = program.told["Tick"][-1].datetime
        asked = HistoryRequest(contract.symbol, contract.exchange, start)
        self.assertEqual(program.gateway.query_history(asked), [])
        program.until(lambda: program.logged("interval"), "the interval's name")
        asked.interval = Interval.DAILY
        self.assertEqual(program.gateway.query_history(asked), [])
        program.until(lambda: program.logged("-400"), "the gateway's answer")

    def test_a_wrong_password_is_not_tried_again(self) -> None:
        self.program("vnpy5").ready()
        program = self.program("vnpy5", 密码="wrong")
        program.until(lambda: program.logged("不再重试"), "the refusal")
        self.assertFalse(program.logged("wrong"), "no password in the log")
        program.gateway.connect(program.setting)
        program.until(
            lambda: sum("不再重试" in one.msg for one in program.told["Log"]) == 2, "another try"
        )

    def test_settings_that_are_missing_or_wrong_are_named(self) -> None:
        program = self.program("")
        program.until(lambda: program.logged("用户名"), "the missing setting")
        program = self.program("vnpy6", 网关地址="ftp://here")
        program.until(lambda: program.logged("ftp://here"), "the wrong address")
        order = OrderRequest(
            "rb2701", Exchange.SHFE, Direction.LONG, OrderType.LIMIT, 1, 1.0, Offset.OPEN
        )
        self.assertEqual(program.gateway.send_order(order), "")

    def test_settings_show_no_secret(self) -> None:
        settings = session.Settings(self.gateway.url, "", "user", "", "")
        self.assertNotIn("a secret", repr(settings) + repr(settings.client("a secret", "a secret")))
        self.assertIn("令牌", vnpy_gateway.WebctpGateway.default_setting)

    def test_it_ends_and_says_that_it_has(self) -> None:
        program = self.program("vnpy7")
        program.ready()
        program.gateway.close()
        program.gateway.query_account()
        program.until(lambda: program.logged("not connected"), "the log")

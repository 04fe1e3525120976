"""Who is let in, and how many: TLS, tokens, and programs that share one CTP session."""

from functools import partial
from typing import Final
from unittest import TestCase

from vnpy.trader.constant import Status

from tests.clients.python.gateways import RealGateway
from tests.clients.python.secured import house
from tests.clients.vnpy.programs import Program, request
from webctp_client import connect

_NO_MORE: Final = "不再重试"
"""What the log says of a refusal that ends it."""


class Secured(TestCase):
    """Where TLS and a token are demanded."""

    def program(self, token: str, ca: str = "ca.pem") -> Program:
        """Return a program that connects, with a token and the file of an authority."""
        place = house()
        made = Program(place.url, "demo", 令牌=token, 根证书=str(place.folder / ca))
        self.addCleanup(made.end)
        return made

    def test_one_with_a_token_trades(self) -> None:
        program = self.program(house().tokens["bot"])
        program.ready()
        contract = program.future()
        tick = program.told["Tick"][-1]
        sent = program.gateway.send_order(request(contract, tick.limit_up))
        program.until(lambda: program.status(sent) is Status.ALLTRADED, "the trade")

    def test_who_is_not_let_in_is_told_why_and_tries_no_more(self) -> None:
        tokens = house().tokens
        for token, why in (
            (tokens["bot"] + "x", "HTTP 401"),
            ("", "HTTP 401"),
            (tokens["quotes"], "td-read"),
        ):
            program = self.program(token)
            program.until(partial(program.logged, _NO_MORE), "the refusal")
            self.assertTrue(program.logged(why), program.told["Log"])
            self.assertFalse(token and program.logged(token), "no token in the log")

    def test_one_whose_token_is_revoked_stops_and_connects_with_another(self) -> None:
        secret, revoke = house().brief()
        program = self.program(secret)
        program.ready()
        contract = program.future()
        revoke()
        program.until(partial(program.logged, _NO_MORE), "the end")
        self.assertTrue(program.logged("4401") and program.logged("webctp token add"))
        sent = program.gateway.send_order(request(contract, contract.pricetick))
        program.until(lambda: program.status(sent) is Status.REJECTED, "the refusal")
        program.gateway.connect({**program.setting, "令牌": house().tokens["bot"]})
        program.until(partial(program.logged, "已登录", 2), "the next login")

    def test_another_authority_is_not_trusted_and_no_file_is_named(self) -> None:
        program = self.program(house().tokens["bot"], "other.pem")
        program.until(partial(program.logged, "certificate is not trusted"), "the reason")
        for name in ("none.pem", "server.key"):
            program = self.program(house().tokens["bot"], name)
            program.until(partial(program.logged, "设置有误"), "the setting that is wrong")


class Shared(TestCase):
    """Several programs on one CTP session (`SessionSharing: account`)."""

    def setUp(self) -> None:
        self.gateway = RealGateway(more="SessionSharing: account\n")
        self.addCleanup(self.gateway.end)

    def test_each_sees_the_orders_of_all_and_none_ends_with_another(self) -> None:
        programs = [Program(self.gateway.url, "shared") for _ in range(3)]
        for one in programs:
            self.addCleanup(one.end)
            one.ready()
        contract = programs[0].future()
        price = programs[0].told["Tick"][-1].limit_up
        sent = [one.gateway.send_order(request(contract, price)) for one in programs]
        for one, mine in zip(programs, sent, strict=True):
            one.until(partial(self.is_whole, one, 3), "the trades of all")
            self.assertIs(one.status(mine), Status.ALLTRADED)
            theirs = {trade.vt_orderid for trade in one.told["Trade"]}
            self.assertEqual(theirs & set(sent), {mine}, "others' orders have names of CTP's")
            self.assertEqual(len(theirs), 3)
        with connect(self.gateway.url, "shared", "pass") as client:
            sessions = {(one.FrontID, one.SessionID) for one in client.ReqQryOrder()}
        self.assertEqual(len(sessions), 1, "all are of one session")
        first, *others = programs
        first.gateway.close()
        others[0].gateway.send_order(request(contract, price))
        for one in others:
            one.until(partial(self.is_whole, one, 4), "the trade after one has left")
        self.assertEqual(len(first.told["Trade"]), 3)

    def is_whole(self, program: Program, lots: int) -> bool:
        """Return whether a program has been told of so many trades, and of their position."""
        held = [one.volume for one in program.told["Position"][-1:]]
        return len(program.told["Trade"]) == lots and held == [lots]

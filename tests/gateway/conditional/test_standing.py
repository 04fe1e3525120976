"""Conditional orders whose token is revoked, expires or is given other rights, and their audit."""

import json
from pathlib import Path
from typing import Any

from tests.gateway.conditional.support import ORDER, PROFIT, STOP, ConditionalCase
from tests.gateway.conditional.test_account import buy, protection
from tests.gateway.support import Message, code
from webctp.ctp import errors
from webctp.gateway.access.audit import AuditLog
from webctp.gateway.access.principal import ANYBODY, Authenticator, Principal, Scope
from webctp.gateway.access.tokens.authentication import NO_LONGER_VALID
from webctp.gateway.access.usage import Usage
from webctp.gateway.http.site import Site
from webctp.gateway.websocket.fanout import Fanout
from webctp.language.text import verbatim
from webctp.upstream.session.apiqueue import reactor_threads


class StandingCase(ConditionalCase):
    """The bot enters conditional orders; the file of tokens changes meanwhile."""

    def setUp(self) -> None:
        self.audit_path = Path(self.mktemp()).absolute()
        self.tokens: dict[str, Principal] = {}
        super().setUp()

    def make_fanout(self) -> Fanout:
        self.other = Principal("other", ANYBODY.scopes)
        self.give()
        in_thread = reactor_threads(self.reactor)
        audit = AuditLog(self.reactor, in_thread, self.wall, self.audit_path, 2**20, 0)
        return Fanout(self.reactor, self.limits, audit)

    def site_for(self, authenticate: Authenticator) -> Site:
        return super().site_for(lambda arrival: self.tokens.get("bot", self.other))

    def principal_of(self, name: str) -> Principal | None:
        return self.tokens.get(name)

    def give(self, **rights: Any) -> None:
        """Give the bot's token these rights."""
        usage = Usage(self.reactor, "bot")
        self.tokens["bot"] = Principal("bot", **{"scopes": ANYBODY.scopes, **rights}, usage=usage)

    def revoke(self) -> None:
        """Take the bot's token back: it is let in no longer, and its connections end."""
        usage = self.tokens.pop("bot").usage
        assert usage is not None
        usage.close(NO_LONGER_VALID, verbatim("revoked"))
        self.peer.drop()
        self.settle()

    def waiting(self, *legs: Message, name: str = "c-1") -> None:
        """Have one wait for its price."""
        self.assertEqual(code(self.put(name, *legs)), 0)
        self.tick()
        self.later(0.5)
        self.assertEqual(self.status(name), "waiting")

    def restart_as_other(self) -> None:
        """Begin another run, to which another token's client comes."""
        self.killed()
        self.run_gateway(logs_in=False)
        del self.tokens["bot"]
        self.peer = self.trader()
        self.settle()

    def found(self) -> Message:
        """What another client of the account is told of it, once the bot has a token again."""
        self.give()
        self.peer = self.trader()
        return self.standing()

    def lines(self, act: str = "conditional") -> list[dict[str, Any]]:
        """What the audit log says of conditional orders, or of something else."""
        self.settle()
        told = map(json.loads, self.audit_path.read_text("utf-8").splitlines())
        return [one for one in told if one["act"] == act]


class RevokedTests(StandingCase):
    """Whoever may not trade any more sends nothing later, either."""

    def test_one_that_waits_ends_and_says_why(self) -> None:
        self.waiting()
        self.revoke()
        self.later(0.5)
        self.tick(3400.0)
        self.assertEqual(self.sent, [])
        found = self.found()
        self.assertEqual((found["Status"], found["ErrorID"]), ("refused", errors.FORBIDDEN))
        self.assertIn("the token bot, with which it was entered, was revoked", found["Reason"])
        last = self.lines()[-1]
        self.assertEqual((last["Status"], last["who"]), ("refused", "bot"))
        self.assertIn("was revoked", last["Detail"])

    def test_one_whose_price_comes_first_is_not_sent_either(self) -> None:
        self.waiting()
        self.revoke()
        self.tick(3400.0)
        self.later(0.5)
        self.assertEqual(self.sent, [])
        self.assertEqual(self.found()["Status"], "refused")

    def test_that_is_so_after_a_restart(self) -> None:
        self.waiting()
        self.revoke()
        self.restart_as_other()
        self.later(0.5)
        self.tick(3400.0)
        self.assertEqual(self.sent, [])
        self.assertEqual(self.status(), "refused")

    def test_what_was_met_before_a_crash_is_not_sent_after_it(self) -> None:
        self.waiting()
        self.journal.puts_wait = []
        self.tick(3400.0)
        ((rows, _),) = self.journal.puts_wait
        self.on_disk.plans.put(rows)
        self.revoke()
        self.restart_as_other()
        self.later(0.5)
        self.assertEqual((self.sent, self.status()), ([], "refused"))

    def test_other_rights_end_what_they_do_not_cover(self) -> None:
        for rights, said in (
            ({"scopes": frozenset({Scope.READ})}, "bot lacks the scope td-trade"),
            ({"instruments": ("IF*",)}, "'rb2701' is none of the instruments of bot"),
            ({"accounts": ("other",)}, "is none of the accounts of bot"),
        ):
            self.give()
            with self.subTest(said):
                self.waiting(name=said[:40])
                self.give(**rights)
                self.later(0.5)
                found = self.standing(said[:40])
                self.assertEqual(found["Status"], "refused")
                self.assertIn(said, found["Reason"])

    def test_other_rights_that_cover_it_end_nothing(self) -> None:
        self.waiting()
        self.give(instruments=("rb*",), accounts=("user",))
        self.later(0.5)
        self.tick(3400.0)
        self.assertEqual(len(self.sent), 1)

    def test_lots_that_trade_later_are_not_protected_by_orders_of_a_revoked_token(self) -> None:
        self.tick()
        self.put(
            "b",
            {"Kind": "now", "InputOrder": buy()},
            Protect=[protection("stop", TriggerPrice=3400.0)],
        )
        self.tick()
        self.later(0.5)
        self.revoke()
        self.told_order(0, VolumeTraded=2, VolumeTotal=0, OrderStatus="0")
        self.later(0.5)
        self.tick(3400.0)
        self.assertEqual(len(self.sent), 1)
        self.give()
        self.peer = self.trader()
        self.assertEqual(self.status("b#1"), "refused")

    def test_a_dead_man_s_timer_runs_on_for_it_only_cancels(self) -> None:
        order = {"MsgType": "ReqOrderInsert", "InputOrder": buy(), "RequestID": 7}
        self.peer.send(order)
        self.settle()
        self.told_order(0)
        self.ask(
            self.peer,
            {
                "MsgType": "CancelAllAfter",
                "CancelAllAfter": {"Milliseconds": 2000},
                "RequestID": 8,
            },
        )
        self.revoke()
        self.later(1.5)
        self.assertEqual(self.front.names.count("ReqOrderAction"), 0)
        self.later(1)
        self.assertEqual(self.front.names.count("ReqOrderAction"), 1)
        found = [(one["Request"], one["who"], one["account"]) for one in self.lines("cancel")]
        # That it begins, then each order.
        expected = [(name, "bot", "9999:user") for name in ("CancelAllAfter", "ReqOrderAction")]
        self.assertEqual(found, expected)
        self.told_order(0, OrderStatus="5")
        self.later(30)


class AuditTests(StandingCase):
    """Who has entered one, when and from where, and what came of it."""

    def told(self) -> list[tuple[str, str]]:
        return [(one.get("Request", ""), one["Status"]) for one in self.lines()]

    def test_one_that_is_sent(self) -> None:
        self.waiting(STOP, PROFIT)
        self.tick(3600.0)
        self.told_order(OrderStatus="0", VolumeTraded=2, VolumeTotal=0)
        self.assertEqual(
            self.told(),
            [("InsertConditional", "paused"), ("", "fired"), ("", "sent"), ("", "done")],
        )
        sent = self.lines()[2]
        del sent["time"]
        self.assertEqual(
            sent,
            {
                "act": "conditional",
                "who": "bot",
                "address": "192.168.1.1",
                "account": "9999:user",
                "ConditionalID": "c-1",
                "Status": "sent",
                "Entered": "2026-11-23 10:00:00",
                "ClientOrderID": "c-1.2",
                "InvestorID": "user",
                **{
                    name: ORDER[name]
                    for name in (
                        *("InstrumentID", "ExchangeID", "Direction", "CombOffsetFlag"),
                        *("LimitPrice", "VolumeTotalOriginal"),
                    )
                },
            },
        )

    def test_one_that_a_client_cancels_is_noted_in_the_name_of_that_client(self) -> None:
        self.waiting()
        del self.tokens["bot"]
        other = self.trader()
        self.give()
        cancel = {"MsgType": "CancelConditional", "CancelConditional": {"ConditionalID": "c-1"}}
        self.assertEqual(code(self.ask(other, {**cancel, "RequestID": 6})), 0)
        last = self.lines()[-1]
        self.assertEqual(
            (last["Request"], last["Status"], last["who"]),
            ("CancelConditional", "cancelled", "other"),
        )

    def test_one_that_ctp_refuses(self) -> None:
        self.waiting()
        self.front.on("ReqOrderInsert", error=31)
        self.tick(3400.0)
        last = self.lines()[-1]
        self.assertEqual((last["Status"], last["ErrorID"]), ("refused", 31))

"""Bank transfers: what is asked for, refused and told, and what becomes of both accounts."""

from datetime import datetime
from typing import Any

from twisted.trial.unittest import SynchronousTestCase

from tests.conformance import holds
from tests.sim.audit import audit
from tests.sim.helpers import Bench, pushes
from tests.sim.test_day import bench_at, until
from webctp.sim.accounts.accountfile import Opening
from webctp.sim.events import Event, Push, Reply

NUMBER = "6217000000001001"
TO_FUTURES, TO_BANK = "ReqFromBankToFutureByFuture", "ReqFromFutureToBankByFuture"
CODES = {TO_FUTURES: "202001", TO_BANK: "202002", "ReqQueryBankAccountMoneyByFuture": "204002"}
NOTICES = {
    TO_FUTURES: "OnRtnFromBankToFutureByFuture",
    TO_BANK: "OnRtnFromFutureToBankByFuture",
    "ReqQueryBankAccountMoneyByFuture": "OnRtnQueryBankBalanceByFuture",
}
REFUSALS = {
    TO_FUTURES: "OnErrRtnBankToFutureByFuture",
    TO_BANK: "OnErrRtnFutureToBankByFuture",
    "ReqQueryBankAccountMoneyByFuture": "OnErrRtnQueryBankBalanceByFuture",
}
SIGNED_UP = Opening("", "", None, 0, None, "fund", "1", "622202", "bank", 5_000.0)


def asked(name: str, **changes: object) -> dict[str, object]:
    """Return a request as CTP's page has it."""
    values: dict[str, object] = {
        "TradeCode": CODES[name],
        "BankID": "4",
        "BankBranchID": "0000",
        "BrokerID": "9999",
        "BankAccount": NUMBER,
        "AccountID": "1001",
        "UserID": "1001",
        "CurrencyID": "CNY",
        "LastFragment": "0",
        "Password": "secret",
    }
    if name in (TO_FUTURES, TO_BANK):
        values["TradeAmount"] = 1_000.0
    return {**values, **changes}


def carry_out(bench: Bench, session: int, name: str, **changes: object) -> list[Event]:
    return bench.ask(session, name, **asked(name, **changes))


def bank_balance(bench: Bench, session: int, **changes: object) -> float:
    name = "ReqQueryBankAccountMoneyByFuture"
    [row] = pushes(carry_out(bench, session, name, **changes), NOTICES[name])
    return float(row["BankUseAmount"])


class Transfers(SynchronousTestCase):
    """Money that goes from one account to the other."""

    def setUp(self) -> None:
        self.bench = Bench()
        self.session = self.bench.login()

    def funds(self) -> dict[str, Any]:
        return dict(self.bench.funds(self.session))

    @holds("REQFROM-1", "REQFROMBANKTOFUTUREBYFUTURE-1")
    def test_a_transfer_is_told_by_the_private_flow_alone(self) -> None:
        for name, field in ((TO_FUTURES, "Deposit"), (TO_BANK, "Withdraw")):
            events = carry_out(self.bench, self.session, name)
            self.assertEqual([type(event) for event in events], [Push], name)
            [row] = pushes(events, NOTICES[name])
            found = {key: row[key] for key in ("TradeCode", "TradeAmount", "TransferStatus")}
            self.assertEqual(
                found, {"TradeCode": CODES[name], "TradeAmount": 1_000.0, "TransferStatus": "0"}
            )
            self.assertEqual((row["ErrorID"], row["ErrorMsg"]), (0, "交易成功"))
            self.assertEqual(row["TradingDay"], self.bench.exchange.markets.day.name)
            self.assertEqual(self.funds()[field], 1_000.0)

    def test_money_leaves_one_account_and_reaches_the_other(self) -> None:
        before, there = self.funds(), bank_balance(self.bench, self.session)
        carry_out(self.bench, self.session, TO_FUTURES, TradeAmount=1_234.56)
        carry_out(self.bench, self.session, TO_BANK, TradeAmount=234.5)
        after = self.funds()
        self.assertEqual((after["Deposit"], after["Withdraw"]), (1_234.56, 234.5))
        for field in ("Balance", "Available", "WithdrawQuota"):
            self.assertAlmostEqual(after[field], before[field] + 1_000.06, places=4, msg=field)
        left = bank_balance(self.bench, self.session)
        self.assertAlmostEqual(left, there - 1_000.06, places=4)
        audit(self.bench.exchange)

    def test_every_session_of_the_account_hears_of_it_and_no_other_does(self) -> None:
        self.bench.login("1002")
        [event] = carry_out(self.bench, self.session, TO_FUTURES)
        assert isinstance(event, Push)
        self.assertEqual(event.account, ("9999", "1001"))

    def test_money_that_has_come_may_be_traded_with(self) -> None:
        bench = Bench()
        bench.exchange.openings = {"1001": Opening("", "", 0.0, 0)}
        session = bench.login()
        self.assertEqual(bench.refused(session, "ReqOrderInsert", **bench.input()), 31)
        carry_out(bench, session, TO_FUTURES, TradeAmount=500_000.0)
        self.assertEqual(len(pushes(bench.order(session), "OnRtnTrade")), 1)

    def test_no_more_leaves_than_may_be_withdrawn(self) -> None:
        self.bench.order(self.session, VolumeTotalOriginal=2)
        quota = self.funds()["WithdrawQuota"]
        self.assertLess(quota, self.funds()["Balance"])
        self.refused(TO_BANK, 31, TradeAmount=round(quota + 0.01, 2))
        carry_out(self.bench, self.session, TO_BANK, TradeAmount=quota)
        self.assertEqual(self.funds()["WithdrawQuota"], 0.0)
        audit(self.bench.exchange)

    def test_floating_profit_stays(self) -> None:
        self.bench.order(self.session, VolumeTotalOriginal=2)
        for _ in range(200):
            self.bench.run(60)
            if self.funds()["PositionProfit"] > 0:
                break
        funds = self.funds()
        self.assertGreater(funds["PositionProfit"], 0)
        right = funds["Available"] - funds["PositionProfit"]
        self.assertAlmostEqual(funds["WithdrawQuota"], right, places=4)

    def test_what_is_frozen_stays(self) -> None:
        low = self.bench.market("cu2701").day.lower / 10_000
        self.bench.order(self.session, LimitPrice=low, OrderRef="1")
        funds = self.funds()
        self.assertEqual(funds["WithdrawQuota"], funds["Available"])
        self.assertLess(funds["Available"], 10_000_000)
        self.refused(TO_BANK, 31, TradeAmount=10_000_000.0)

    def test_the_next_day_begins_with_what_the_transfers_left(self) -> None:
        carry_out(self.bench, self.session, TO_FUTURES)
        self.bench.run(24 * 3600)
        funds = self.funds()
        self.assertEqual((funds["PreBalance"], funds["Deposit"]), (10_001_000.0, 0.0))
        self.assertEqual(self.bench.rows(self.session, "ReqQryTransferSerial"), [])

    def refused(self, name: str, code: int, **changes: object) -> None:
        before, there = self.funds(), self.bench.exchange.users["9999", "1001"].bank.balance
        events = carry_out(self.bench, self.session, name, **changes)
        said = [event.error for event in events if isinstance(event, Reply | Push)]
        self.assertEqual(said, [code, code], (name, changes))
        [row] = pushes(events, REFUSALS[name])
        self.assertEqual(row["TradeCode"], asked(name, **changes)["TradeCode"])
        self.assertEqual(self.funds(), before)
        self.assertEqual(self.bench.exchange.users["9999", "1001"].bank.balance, there)

    @holds("REQFROMBANKTOFUTUREBYFUTURE-1", "REQQUERYBANKACCOUNTMONEYBYFUTURE-1")
    def test_wrong_fields_are_refused_on_two_callbacks(self) -> None:
        for code, changes in (
            (12, {"BrokerID": "8888"}),
            (12, {"BrokerID": ""}),
            (149, {"AccountID": ""}),
            (2011, {"AccountID": "1002"}),
            (77, {"TradeCode": "202003"}),
            (77, {"TradeCode": ""}),
            (1002, {"BankID": "9"}),
            (1002, {"BankID": ""}),
            (1002, {"BankBranchID": ""}),
            (1000, {"BrokerBranchID": "12"}),
            (1004, {"BankID": "1"}),
            (1040, {"BankAccount": ""}),
            (2019, {"BankAccount": "6217"}),
            (1035, {"CurrencyID": "USD"}),
            (1035, {"CurrencyID": ""}),
            (2001, {"Password": "guess"}),
        ):
            for name in CODES:
                self.refused(name, code, **changes)
        self.refused("ReqQueryBankAccountMoneyByFuture", 11, UserID="")
        carry_out(self.bench, self.session, TO_FUTURES, UserID="", BrokerBranchID="0000")
        self.assertEqual(self.funds()["Deposit"], 1_000.0)

    def test_amounts_that_are_none_are_refused(self) -> None:
        nothing = float("nan"), float("inf"), 0.0, -1.0, 0.001, 12.345, 1e12, "100"
        for amount in nothing:
            for name in (TO_FUTURES, TO_BANK):
                self.refused(name, 2014, TradeAmount=amount)
        for amount in (0.01, 0.07, 1.1, 4_503_599.29):
            carry_out(self.bench, self.session, TO_FUTURES, TradeAmount=amount)
        self.assertAlmostEqual(self.funds()["Deposit"], 4_503_600.47, places=4)

    def test_a_session_that_has_not_logged_in_is_refused(self) -> None:
        for name in CODES:
            self.assertEqual(self.bench.refused(self.bench.connect(), name, **asked(name)), 6)


class Passwords(SynchronousTestCase):
    """The fund password, which CTP asks for, and the bank's own."""

    def setUp(self) -> None:
        self.bench = Bench()
        self.bench.exchange.openings = {"1001": SIGNED_UP}
        self.session = self.bench.login()
        self.right: dict[str, object] = {
            "BankID": "1",
            "BankAccount": "622202",
            "Password": "fund",
            "BankPassWord": "bank",
        }

    def test_the_right_ones_let_money_through(self) -> None:
        events = carry_out(self.bench, self.session, TO_FUTURES, **self.right)
        [row] = pushes(events, NOTICES[TO_FUTURES])
        self.assertEqual((row["ErrorID"], row["TransferStatus"]), (0, "0"))
        self.assertEqual(bank_balance(self.bench, self.session, **self.right), 4_000.0)

    def test_a_wrong_fund_password_is_refused(self) -> None:
        wrong = {**self.right, "Password": "funds"}
        for name in CODES:
            events = carry_out(self.bench, self.session, name, **wrong)
            self.assertEqual([e.error for e in events if isinstance(e, Reply)], [2001])

    @holds("REQTRADINGACCOUNTPASSWORDUPDATE-1")
    def test_the_fund_password_may_be_changed(self) -> None:
        change = "ReqTradingAccountPasswordUpdate"
        right = {
            "BrokerID": "9999",
            "AccountID": "1001",
            "CurrencyID": "CNY",
            "OldPassword": "fund",
            "NewPassword": "new",
        }
        for code, wrong in (
            (12, {"BrokerID": ""}),
            (12, {"BrokerID": "8888"}),
            (149, {"AccountID": ""}),
            (2011, {"AccountID": "1002"}),
            (1035, {"CurrencyID": ""}),
            (14, {"OldPassword": "guess"}),
            (14, {"OldPassword": ""}),
            (14, {"NewPassword": ""}),
            (142, {"NewPassword": "fund"}),
            (0, {}),
        ):
            found = self.bench.refused(self.session, change, **{**right, **wrong})
            self.assertEqual(found, code, wrong)
        new = {**self.right, "Password": "new"}
        self.assertEqual(bank_balance(self.bench, self.session, **new), 5_000.0)

    def test_it_is_that_of_the_first_login_where_nobody_has_said_another(self) -> None:
        session = self.bench.login("1002", "open sesame")
        own = {"AccountID": "1002", "BankAccount": "6217000000001002", "Password": "open sesame"}
        self.assertEqual(bank_balance(self.bench, session, **own), 100_000_000.0)
        change = {"OldPassword": "open sesame", "NewPassword": "another"}
        self.bench.ask(session, "ReqUserPasswordUpdate", **change)
        self.assertEqual(bank_balance(self.bench, session, **own), 100_000_000.0)

    @holds("REQFROM-1", "ERRORS-5")
    def test_what_the_bank_refuses_comes_as_a_notice_and_moves_nothing(self) -> None:
        wrong = {**self.right, "BankPassWord": "guess"}
        too_much = {**self.right, "TradeAmount": 5_000.01}
        for code, changes in ((2050, wrong), (2051, too_much)):
            [event] = carry_out(self.bench, self.session, TO_FUTURES, **changes)
            assert isinstance(event, Push)
            self.assertEqual(event.callback, NOTICES[TO_FUTURES])
            self.assertEqual(event.values["ErrorID"], code)
            self.assertEqual(event.values["TransferStatus"], "1")
            self.assertIn("建行银期", str(event.values["ErrorMsg"]))
        self.assertEqual(self.bench.funds(self.session)["Deposit"], 0.0)
        self.assertEqual(bank_balance(self.bench, self.session, **self.right), 5_000.0)
        rows = self.bench.rows(self.session, "ReqQryTransferSerial")
        self.assertEqual(
            [(r["AvailabilityFlag"], r["ErrorID"]) for r in rows],
            [
                ("0", 2050),
                ("0", 2051),
            ],
        )

    def test_the_bank_tells_no_balance_without_its_password(self) -> None:
        name = "ReqQueryBankAccountMoneyByFuture"
        wrong = {**self.right, "BankPassWord": ""}
        [row] = pushes(carry_out(self.bench, self.session, name, **wrong), NOTICES[name])
        self.assertEqual((row["ErrorID"], row["BankUseAmount"]), (2050, 0.0))

    def test_the_bank_asks_for_none_where_money_comes_to_it(self) -> None:
        plain = {**self.right, "BankPassWord": ""}
        [row] = pushes(carry_out(self.bench, self.session, TO_BANK, **plain), NOTICES[TO_BANK])
        self.assertEqual((row["ErrorID"], row["BankPassWord"]), (0, ""))

    @holds("JYJK-8")
    def test_passwords_read_as_stars_wherever_a_request_is_told_again(self) -> None:
        told: list[Event] = []
        for name in CODES:
            for password in ("fund", "guess"):
                values = {**self.right, "Password": password}
                told += carry_out(self.bench, self.session, name, **values)
        self.assertEqual(len(told), 3 + 3 * 2)
        for event in told:
            assert isinstance(event, Push | Reply)
            assert event.values is not None
            self.assertEqual(event.values["Password"], "*", event.callback)
            self.assertEqual(event.values["BankPassWord"], "*", event.callback)
            self.assertNotIn("fund", repr(event))
        self.assertNotIn("bank'", repr(self.bench.exchange.users["9999", "1001"].bank))


class Account(SynchronousTestCase):
    """ReqQryTradingAccount."""

    @holds("REQQRYTRADINGACCOUNT-1")
    def test_currency_and_investor_filter_it(self) -> None:
        bench = Bench()
        session = bench.login()
        query = "ReqQryTradingAccount"
        for fits in ({}, {"CurrencyID": "CNY"}, {"InvestorID": "1001"}, {"AccountID": "x"}):
            self.assertEqual(len(bench.rows(session, query, **fits)), 1, fits)
        self.assertEqual(bench.rows(session, query, CurrencyID="USD"), [])
        self.assertEqual(bench.refused(session, query, InvestorID="1002"), 13)


class Hours(SynchronousTestCase):
    """When banks take part."""

    def test_money_leaves_by_day_only(self) -> None:
        bench = bench_at(datetime(2026, 11, 23, 20, 40))
        for moment, code in (
            (datetime(2026, 11, 23, 21, 30), 1022),
            (datetime(2026, 11, 24, 1, 0), 1022),
            (datetime(2026, 11, 24, 8, 59, 59), 1022),
            (datetime(2026, 11, 24, 9, 0), None),
            (datetime(2026, 11, 24, 15, 29), None),
        ):
            until(bench, moment)
            session = bench.login()
            self.assertEqual(bench.refused(session, TO_BANK, **asked(TO_BANK)), code, moment)
            [row] = pushes(carry_out(bench, session, TO_FUTURES), NOTICES[TO_FUTURES])
            self.assertEqual(row["ErrorID"], 0)


class Queries(SynchronousTestCase):
    """Banks, the contract with one, and the day's transfers."""

    def setUp(self) -> None:
        self.bench = Bench()
        self.session = self.bench.login()

    @holds("REQQRYTRANSFERBANK-1")
    def test_banks_are_filtered_by_number_and_branch(self) -> None:
        for name in ("ReqQryTransferBank", "ReqQryContractBank"):
            rows = self.bench.rows(self.session, name)
            self.assertEqual([row["BankID"] for row in rows], ["1", "2", "3", "4", "5"])
            [row] = self.bench.rows(self.session, name, BankID="4", BankBrchID="0000")
            self.assertEqual(row["BankName"], "建设银行")
            self.assertEqual(self.bench.rows(self.session, name, BankBrchID="0001"), [])

    @holds("REQQRYACCOUNTREGISTER-1")
    def test_the_contract_is_told_whatever_is_asked(self) -> None:
        name = "ReqQryAccountregister"
        [row] = self.bench.rows(self.session, name, BankID="1", BankBranchID="1", CurrencyID="X")
        self.assertEqual((row["BankID"], row["BankAccount"]), ("4", NUMBER))
        self.assertEqual((row["BankBranchID"], row["BrokerBranchID"]), ("0000", "0000"))
        self.assertEqual((row["OpenOrDestroy"], row["RegDate"]), ("1", "20261124"))

    @holds("REQQRYTRANSFERSERIAL-1")
    def test_serials_are_filtered_and_say_what_came_of_each(self) -> None:
        carry_out(self.bench, self.session, TO_FUTURES)
        carry_out(self.bench, self.session, TO_BANK, TradeAmount=500.0)
        other = self.bench.login("1002")
        rows = self.bench.rows(self.session, "ReqQryTransferSerial")
        told = [(r["TradeCode"], r["TradeAmount"], r["AvailabilityFlag"]) for r in rows]
        self.assertEqual(told, [("202001", 1_000.0, "1"), ("202002", 500.0, "1")])
        self.assertEqual(len({row["PlateSerial"] for row in rows}), 2)
        for field, value in (("BankID", "1"), ("CurrencyID", "USD"), ("AccountID", "7")):
            found = self.bench.rows(self.session, "ReqQryTransferSerial", **{field: value})
            self.assertEqual(found, [], field)
        right = {"BankID": "4", "CurrencyID": "CNY", "AccountID": "1001"}
        found = self.bench.rows(self.session, "ReqQryTransferSerial", **right)
        self.assertEqual(found, rows)
        self.assertEqual(self.bench.rows(other, "ReqQryTransferSerial"), [])

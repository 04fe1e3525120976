"""The account file: users known before their first login."""

from pathlib import Path

from twisted.trial.unittest import SynchronousTestCase

from tests.sim.helpers import Bench
from webctp.sim import OptionError, SimOptions, SimulatedFront
from webctp.sim.accounts.accountfile import read_accounts

FILE = """\
"1001": {Password: secret, Balance: 5000000}
"1002": {BrokerID: "8888"}
"1003": {Rights: close}
"1004": {Rights: none, PositionLimit: 0}
"1005": {PositionLimit: 200}
"1006": {FundPassword: hush-1, BankID: "2", BankAccount: "622848", BankPassword: hush-2,
  BankBalance: 12.34}
"""


class AccountFile(SynchronousTestCase):
    """What the file says is what the first login finds."""

    def file(self, text: str) -> str:
        path = Path(self.mktemp())
        path.write_text(text, "utf-8")
        return str(path)

    def bench(self) -> Bench:
        bench = Bench()
        bench.exchange.openings = read_accounts(self.file(FILE))
        return bench

    def login(self, bench: Bench, user: str, password: str, broker: str = "9999") -> int | None:
        values = {"BrokerID": broker, "UserID": user, "Password": password}
        return bench.refused(bench.connect(), "ReqUserLogin", **values)

    def test_password_and_balance(self) -> None:
        bench = self.bench()
        self.assertEqual(self.login(bench, "1001", "guess"), 3)
        self.assertEqual(self.login(bench, "1001", "secret"), 0)
        session = bench.login("1001", "secret")
        self.assertEqual(bench.funds(session)["Balance"], 5_000_000)

    def test_broker(self) -> None:
        bench = self.bench()
        self.assertEqual(self.login(bench, "1002", "p"), 3)
        self.assertEqual(self.login(bench, "1002", "p", "8888"), 0)

    def test_others_are_opened_as_ever(self) -> None:
        bench = self.bench()
        self.assertEqual(bench.funds(bench.login("7"))["Balance"], 10_000_000)

    def test_rights(self) -> None:
        bench = self.bench()
        for user, opening, closing in (("1003", 29, 30), ("1004", 28, 28)):
            session = bench.login(user)
            order = bench.input()
            self.assertEqual(bench.refused(session, "ReqOrderInsert", **order), opening)
            order["CombOffsetFlag"] = "3"
            self.assertEqual(bench.refused(session, "ReqOrderInsert", **order), closing)

    def test_position_limits(self) -> None:
        openings = read_accounts(self.file(FILE))
        limits = [openings[user].position_limit for user in ("1003", "1004", "1005")]
        self.assertEqual(limits, [None, 0, 200])

    def test_bank_accounts(self) -> None:
        bench = self.bench()
        bench.login("1006")
        user = bench.exchange.users["9999", "1006"]
        self.assertEqual((user.bank.bank, user.bank.number), ("2", "622848"))
        self.assertEqual((user.bank.balance, user.bank.password), (123_400, "hush-2"))
        self.assertEqual(user.trading_password, "hush-1")
        bench.login("1005")
        usual = bench.exchange.users["9999", "1005"].bank
        self.assertEqual((usual.bank, usual.number), ("4", "6217000000001005"))
        self.assertEqual((usual.balance, usual.password), (1_000_000_000_000, ""))

    def test_mistakes_stop_the_start(self) -> None:
        for text, wanted in (
            ("1001: {Passwrd: x}", "Password"),
            ("1001: {Rights: some}", "all, close or none"),
            ("1001: {Balance: -5}", "0 or more"),
            ("1001: {PositionLimit: few}", "0 for no limit"),
            ("1001: 5", "mapping"),
            ("1001: {BankID: '9'}", "4 (建设银行)"),
            ("1001: {BankAccount: 'a b'}", "letters and digits"),
            ("1001: {BankBalance: -1}", "0 or more"),
            (f"1001: {{BankPassword: {'x' * 41}}}", "BankPassword"),
        ):
            options = SimOptions(accounts=self.file(text))
            error = self.assertRaises(OptionError, SimulatedFront, options)
            self.assertIn(wanted, str(error))

    def test_a_password_is_never_shown(self) -> None:
        for key in ("Password", "FundPassword", "BankPassword"):
            path = self.file(f"1001: {{{key}: {'hush' * 11}}}")
            error = self.assertRaises(OptionError, read_accounts, path)
            self.assertNotIn("hush", str(error))
        openings = read_accounts(self.file(FILE))
        self.assertNotIn("secret", repr(openings))
        self.assertNotIn("hush", repr(openings))

    def test_missing_file(self) -> None:
        self.assertRaises(OptionError, read_accounts, self.mktemp())

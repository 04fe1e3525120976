"""Bank transfers from end to end: a program, the daemon on real sockets, the simulated bank."""

import os
from pathlib import Path
from typing import Any

from tests.conformance import holds
from tests.daemons import DaemonProcess
from tests.test_end_to_end import USER, EndToEnd, code, sample
from tests.wsclient import Client, Message

ACCOUNTS = """\
user: {Password: s3cret, Balance: 1000, FundPassword: f-u-n-d, BankID: "2", BankAccount: "622848",
  BankPassword: b-a-n-k, BankBalance: 500}
"""
SECRETS = ("f-u-n-d", "b-a-n-k")


def asked(**changes: object) -> dict[str, object]:
    """A transfer of 123.45 yuan from the bank, without what the gateway fills in."""
    return {
        "TradeCode": "202001",
        "BankID": "2",
        "BankBranchID": "0000",
        "BankAccount": "622848",
        "BankPassWord": "b-a-n-k",
        "Password": "f-u-n-d",
        "AccountID": USER["UserID"],
        "CurrencyID": "CNY",
        "LastFragment": "0",
        "TradeAmount": 123.45,
        **changes,
    }


class BankTransfers(EndToEnd):
    """A client moves money and sees where it went."""

    async def daemon(self) -> DaemonProcess:
        path = os.path.abspath(self.mktemp())
        with open(path, "w", encoding="utf-8") as file:
            file.write(ACCOUNTS)
        self.journal = Path(f"{path}-journal")
        own = f"Sim: {{Accounts: '{path}'}}\n"
        return await self.start(sample().replace("var/sim-journal.sqlite", str(self.journal)) + own)

    async def told(self, client: Client, kind: str) -> Message:
        return await client.until(lambda message: message["MsgType"] == kind)

    async def funds(self, client: Client) -> dict[str, Any]:
        (account,) = await self.query(client, "TradingAccount")
        return {name: account[name] for name in ("Deposit", "Withdraw", "Available")}

    @holds("REQFROM-1", "JYJK-8")
    async def test_money_goes_both_ways(self) -> None:
        daemon = await self.daemon()
        client = await self.trader(daemon)
        client.say({"MsgType": "ReqFromBankToFutureByFuture", "ReqTransfer": asked()})
        notice = (await self.told(client, "RtnFromBankToFutureByFuture"))["RspTransfer"]
        self.assertEqual((notice["ErrorID"], notice["ErrorMsg"]), (0, "交易成功"))
        self.assertEqual((notice["TradeAmount"], notice["TransferStatus"]), (123.45, "0"))
        self.assertEqual((notice["Password"], notice["BankPassWord"]), ("*", "*"))
        back = asked(TradeCode="202002", TradeAmount=23.45)
        client.say({"MsgType": "ReqFromFutureToBankByFuture", "ReqTransfer": back})
        await self.told(client, "RtnFromFutureToBankByFuture")
        self.assertEqual(
            await self.funds(client), {"Deposit": 123.45, "Withdraw": 23.45, "Available": 1100.0}
        )
        rows = await self.query(client, "TransferSerial")
        self.assertEqual([row["TradeAmount"] for row in rows], [123.45, 23.45])
        self.assertEqual([row["AvailabilityFlag"] for row in rows], ["1", "1"])
        query = asked(TradeCode="204002")
        del query["TradeAmount"]
        client.say({"MsgType": "ReqQueryBankAccountMoneyByFuture", "ReqQueryAccount": query})
        balance = await self.told(client, "RtnQueryBankBalanceByFuture")
        self.assertEqual(balance["NotifyQueryAccount"]["BankUseAmount"], 400.0)
        self.assertEqual(await client.leave(), 1000)
        await self.stop(daemon)
        self.assert_silent(daemon)

    @holds("REQFROM-1", "ERRORS-5")
    async def test_refusals_reach_the_client_with_their_codes(self) -> None:
        daemon = await self.daemon()
        client = await self.trader(daemon)
        wrong = asked(Password="guess")
        client.say({"MsgType": "ReqFromBankToFutureByFuture", "ReqTransfer": wrong, "RequestID": 9})
        pair = [await self.told(client, "RspFromBankToFutureByFuture")]
        pair.append(await self.told(client, "ErrRtnBankToFutureByFuture"))
        self.assertEqual([code(message) for message in pair], [2001, 2001])
        self.assertEqual(pair[0]["RequestID"], 9)
        self.assertEqual([message["ReqTransfer"]["Password"] for message in pair], ["*", "*"])
        too_much = asked(TradeAmount=500.01)
        client.say({"MsgType": "ReqFromBankToFutureByFuture", "ReqTransfer": too_much})
        notice = (await self.told(client, "RtnFromBankToFutureByFuture"))["RspTransfer"]
        self.assertEqual((notice["ErrorID"], notice["TransferStatus"]), (2051, "1"))
        self.assertEqual(
            await self.funds(client), {"Deposit": 0.0, "Withdraw": 0.0, "Available": 1000.0}
        )
        self.assertEqual(await client.leave(), 1000)
        await self.stop(daemon)
        self.assert_silent(daemon)

    def assert_silent(self, daemon: DaemonProcess) -> None:
        """Fail if a password of a transfer stands in the log or in the journal."""
        files = self.journal.parent.glob(f"{self.journal.name}*")
        kept = b"".join(path.read_bytes() for path in files if path.is_file())
        self.assertIn(b"622848", kept)
        for secret in SECRETS:
            self.assertNotIn(secret, daemon.output)
            self.assertNotIn(secret.encode(), kept)

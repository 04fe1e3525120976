"""The whole daemon on real sockets, before the simulated front: what a user does first."""

import os
import shutil
import stat
import sys
import tempfile
from itertools import chain
from pathlib import Path
from typing import Any

from twisted.internet import reactor
from twisted.internet.endpoints import TCP4ClientEndpoint, UNIXClientEndpoint, wrapClientTLS
from twisted.internet.ssl import Certificate, optionsForClientTLS, trustRootFromCertificates
from twisted.internet.utils import getProcessOutputAndValue
from twisted.trial.unittest import TestCase

from tests.conformance import holds
from tests.daemons import ROOT, DaemonProcess, sleep, until
from tests.gateway.http.test_tls import Authority, Files, key_pem, pem
from tests.hostile import inputs
from tests.wsclient import Client, Message, connect

USER = {"UserID": "user", "Password": "s3cret"}
ANY_PORT = "Port: 0"


def sample() -> str:
    """etc/sim.yaml, on a port that is free, with a session that ends with its client."""
    text = (ROOT / "etc" / "sim.yaml").read_text("utf-8")
    changed = text.replace("Port: 8080", ANY_PORT)
    if changed == text:
        raise AssertionError("etc/sim.yaml names no Port: 8080")
    return f"{changed}\nSessionLinger: 0\n"


def code(message: Message) -> int:
    """The ErrorID of a message."""
    return int(message["RspInfo"]["ErrorID"])


class EndToEnd(TestCase):
    """One daemon for each test, ended with it."""

    timeout = 120

    async def start(self, config: str = "") -> DaemonProcess:
        daemon = DaemonProcess(self.mktemp(), config or sample())
        self.addCleanup(daemon.kill)
        return await daemon.listening()

    async def stop(self, daemon: DaemonProcess) -> None:
        daemon.terminate()
        await daemon.ended()
        self.assertNotIn("Traceback", daemon.output)
        self.assertNotIn(USER["Password"], daemon.output)

    async def trader(self, daemon: DaemonProcess) -> Client:
        client = await connect(daemon.port, "/td/")
        login = {"MsgType": "ReqUserLogin", "ReqUserLogin": USER, "RequestID": 1}
        answer = await client.ask(login)
        self.assertEqual((answer["MsgType"], code(answer)), ("RspUserLogin", 0), answer)
        return client

    async def watcher(self, daemon: DaemonProcess) -> Client:
        client = await connect(daemon.port, "/md/")
        answer = await client.ask({"MsgType": "ReqUserLogin", "ReqUserLogin": {}})
        self.assertEqual((answer["MsgType"], code(answer)), ("RspUserLogin", 0), answer)
        return client

    async def query(self, client: Client, name: str, **body: Any) -> list[Message]:
        """Send a query; gives the bodies of its answers."""
        client.say({"MsgType": f"ReqQry{name}", f"Qry{name}": body, "RequestID": 2})
        bodies = []
        while True:
            answer = await client.answer()
            self.assertEqual((answer["MsgType"], answer["RequestID"]), (f"RspQry{name}", 2))
            bodies.append(answer[name])
            if answer["IsLast"]:
                return bodies

    async def copper(self, client: Client) -> str:
        """A copper future that is traded."""
        listed = await self.query(client, "Instrument", ExchangeID="SHFE", ProductID="cu")
        name: str = listed[0]["InstrumentID"]
        return name


class Combinations(EndToEnd):
    """An order in a spread, a split and a combination, as JSON."""

    async def test_a_spread_is_watched_traded_split_and_combined(self) -> None:
        daemon = await self.start()
        client, watcher = await self.trader(daemon), await self.watcher(daemon)
        listed = await self.query(client, "Instrument", ExchangeID="DCE", ProductID="SP m&m")
        spread = next(row for row in listed if row["ProductClass"] == "3")
        name = spread["InstrumentID"]
        near, far = name.partition(" ")[2].split("&")
        answer = await watcher.ask({"MsgType": "SubscribeMarketData", "InstrumentID": [name]})
        self.assertEqual(code(answer), 0)
        pushed = await watcher.until(lambda one: one["MsgType"] == "RtnDepthMarketData")
        tick = pushed["DepthMarketData"]
        self.assertEqual((tick["InstrumentID"], tick["LastPrice"]), (name, 0))
        self.assertLess(tick["LowerLimitPrice"], 0)
        await watcher.ask({"MsgType": "SubscribeMarketData", "InstrumentID": "SPC y*"})
        await watcher.until(
            lambda one: one.get("DepthMarketData", {}).get("InstrumentID", "")[:5] == "SPC y"
        )
        client.say(self.order(name, tick["UpperLimitPrice"]))
        order = await client.until(lambda one: one.get("Order", {}).get("OrderStatus") == "0")
        self.assertEqual(order["Order"]["InstrumentID"], name)
        trades = [await client.until(lambda one: one["MsgType"] == "RtnTrade") for _ in range(2)]
        legs = [
            (one["Trade"]["InstrumentID"], one["Trade"]["Direction"], one["Trade"]["TradeType"])
            for one in trades
        ]
        self.assertEqual(legs, [(near, "0", "4"), (far, "1", "4")])
        numbers = {one["Trade"]["OrderSysID"] for one in trades}
        self.assertEqual(numbers, {order["Order"]["OrderSysID"]})
        held = await self.query(client, "InvestorPosition")
        self.assertEqual({row["InstrumentID"] for row in held}, {near, far, name})
        (before,) = await self.query(client, "TradingAccount")
        for direction, status in (("1", "b"), ("0", "b")):
            client.say(self.action(name, direction))
            done = await client.until(
                lambda one: one.get("CombAction", {}).get("ActionStatus") in ("b", "c")
            )
            self.assertEqual(done["CombAction"]["CombDirection"], direction)
            self.assertEqual(done["CombAction"]["ActionStatus"], status)
        (after,) = await self.query(client, "TradingAccount")
        self.assertEqual(after["CurrMargin"], before["CurrMargin"])
        detail = await self.query(client, "InvestorPositionCombineDetail")
        self.assertEqual([row["InstrumentID"] for row in detail], [near, far])
        answer = await client.ask(self.action(name, "0"))
        self.assertEqual((answer["MsgType"], code(answer)), ("RspCombActionInsert", 30))
        await self.stop(daemon)

    def order(self, name: str, price: float) -> Message:
        """Buy a lot of a spread at any price, with flags for both legs."""
        body = {
            "InstrumentID": name,
            "ExchangeID": "DCE",
            "Direction": "0",
            "CombOffsetFlag": "00",
            "CombHedgeFlag": "11",
            "OrderPriceType": "2",
            "LimitPrice": price,
            "VolumeTotalOriginal": 1,
            "TimeCondition": "3",
            "VolumeCondition": "2",
            "MinVolume": 1,
            "ContingentCondition": "1",
            "ForceCloseReason": "0",
        }
        return {"MsgType": "ReqOrderInsert", "RequestID": 3, "InputOrder": body}

    def action(self, name: str, direction: str) -> Message:
        """Combine ('0') or split ('1') a lot."""
        body = {
            "InstrumentID": name,
            "ExchangeID": "DCE",
            "Direction": "0",
            "Volume": 1,
            "CombDirection": direction,
            "HedgeFlag": "1",
        }
        return {"MsgType": "ReqCombActionInsert", "RequestID": 4, "InputCombAction": body}


class Parked(EndToEnd):
    """Orders that the simulated front keeps until the night opens, under a limit."""

    async def test_together_they_keep_to_the_position_before_and_after_they_are_sent(self) -> None:
        sim = "Sim: {Clock: calendar, Start: '2026-11-24T20:53:00', Speed: 20}"
        daemon = await self.start(f"{sample()}{sim}\nRisk: {{MaxPosition: 10}}\n")
        client = await self.trader(daemon)
        name = await self.copper(client)
        (price,) = await self.query(client, "DepthMarketData", InstrumentID=name)
        # The gateway itself asks what is held; asked here, too, it is known for certain.
        await self.query(client, "InvestorPosition")
        body = {
            **{"InstrumentID": name, "ExchangeID": "SHFE", "LimitPrice": price["LowerLimitPrice"]},
            **{"OrderPriceType": "2", "Direction": "0", "CombOffsetFlag": "0"},
            **{"CombHedgeFlag": "1", "TimeCondition": "3", "VolumeCondition": "1"},
            **{"MinVolume": 1, "ContingentCondition": "1", "ForceCloseReason": "0"},
        }

        async def refused(method: str, key: str, lots: int) -> str:
            sent = {"MsgType": method, "RequestID": 3, key: {**body, "VolumeTotalOriginal": lots}}
            answer = await client.ask(sent)
            return str(answer.get("Detail", "")) if code(answer) else ""

        self.assertEqual(await refused("ReqParkedOrderInsert", "ParkedOrder", 6), "")
        beyond = "found 11 lots"
        self.assertIn(beyond, await refused("ReqParkedOrderInsert", "ParkedOrder", 5))
        self.assertIn(beyond, await refused("ReqOrderInsert", "InputOrder", 5))
        await client.until(
            lambda message: (
                message["MsgType"] == "RtnOrder" and message["Order"]["OrderStatus"] == "3"
            )
        )
        self.assertIn(beyond, await refused("ReqOrderInsert", "InputOrder", 5))
        (parked,) = await self.query(client, "ParkedOrder")
        self.assertEqual(parked["Status"], "2", "it was sent")
        self.assertIn(beyond, await refused("ReqOrderInsert", "InputOrder", 5))
        await self.stop(daemon)


class FirstSteps(EndToEnd):
    """Log in, look at account and positions, trade, watch."""

    async def test_trading(self) -> None:
        daemon = await self.start()
        client = await self.trader(daemon)
        (account,) = await self.query(client, "TradingAccount")
        self.assertEqual(account["AccountID"], USER["UserID"])
        self.assertGreater(account["Available"], 0)
        self.assertEqual(await self.query(client, "InvestorPosition"), [None])
        instrument = await self.copper(client)
        client.say(await self.order(client, instrument))
        order = await client.until(lambda message: message["MsgType"] == "RtnOrder")
        self.assertEqual(order["Order"]["InstrumentID"], instrument)
        trade = await client.until(lambda message: message["MsgType"] == "RtnTrade")
        self.assertEqual(trade["Trade"]["Volume"], 1)
        self.assertEqual(trade["Trade"]["OrderRef"].strip(), order["Order"]["OrderRef"].strip())
        (position,) = await self.query(client, "InvestorPosition")
        self.assertEqual((position["InstrumentID"], position["Position"]), (instrument, 1))
        self.assertEqual(await client.leave(), 1000)
        await self.stop(daemon)

    async def order(self, client: Client, instrument: str) -> Message:
        """A buy order that is filled at once."""
        body = {
            "InstrumentID": instrument,
            "ExchangeID": "SHFE",
            "Direction": "0",
            "CombOffsetFlag": "0",
            "CombHedgeFlag": "1",
            "OrderPriceType": "2",
            "LimitPrice": await self.dear(client, instrument),
            "VolumeTotalOriginal": 1,
            "TimeCondition": "3",
            "VolumeCondition": "1",
            "MinVolume": 1,
            "ContingentCondition": "1",
            "ForceCloseReason": "0",
            "OrderRef": "1",
        }
        return {"MsgType": "ReqOrderInsert", "RequestID": 3, "InputOrder": body}

    async def test_a_client_order_where_the_session_lives_on_into_the_next_day(self) -> None:
        sim = "Sim: {Start: '2026-11-24T16:59:00', Speed: 20}"
        daemon = await self.start(f"{sample()}{sim}\n")
        client = await self.trader(daemon)
        instrument = await self.copper(client)
        # The new day's statuses are the first news of it.
        await client.until(lambda message: message["MsgType"] == "RtnInstrumentStatus")
        client.say({**await self.order(client, instrument), "ClientOrderID": "a-1"})
        fate = await client.until(
            lambda message: message.get("ClientOrder", {}).get("Status") == "known"
        )
        self.assertEqual(fate["ClientOrder"]["TradingDay"], "20261125")
        await self.stop(daemon)

    async def test_what_is_wrong_with_an_order_is_told(self) -> None:
        """A field left out is named, a wrong value gets the right ones."""
        daemon = await self.start()
        client = await self.trader(daemon)
        instrument = await self.copper(client)
        order = await self.order(client, instrument)
        for name in ("Direction", "CombOffsetFlag", "OrderPriceType", "TimeCondition"):
            body = {key: one for key, one in order["InputOrder"].items() if key != name}
            del body["OrderRef"]
            answer = await client.ask({**order, "InputOrder": body})
            self.assertEqual((answer["MsgType"], code(answer)), ("RspOrderInsert", 15))
            self.assertEqual(answer["Detail"], f"left out: {name}")
        answer = await client.ask(
            {**order, "InputOrder": {**order["InputOrder"], "Direction": "buy"}}
        )
        self.assertEqual(code(answer), -400)
        self.assertIn("Direction is one of '0' (Buy 买), '1' (Sell 卖)", answer["Detail"])
        await self.stop(daemon)

    @holds("REQORDERACTION-2")
    async def test_an_order_of_the_session_is_cancelled_by_its_reference(self) -> None:
        daemon = await self.start()
        client = await self.trader(daemon)
        instrument = await self.copper(client)
        order = await self.order(client, instrument)
        (quote,) = await self.query(client, "DepthMarketData", InstrumentID=instrument)
        order["InputOrder"]["LimitPrice"] = quote["LowerLimitPrice"]
        client.say(order)
        await client.until(lambda one: one.get("Order", {}).get("OrderStatus") == "3")
        action = {"InstrumentID": instrument, "OrderRef": "1", "ActionFlag": "0"}
        client.say({"MsgType": "ReqOrderAction", "InputOrderAction": action})
        gone = await client.until(lambda one: one.get("Order", {}).get("OrderStatus") == "5")
        self.assertEqual(gone["Order"]["OrderRef"].strip(), "1")
        await self.stop(daemon)

    async def dear(self, client: Client, instrument: str) -> float:
        """A price at which a buy order is filled at once."""
        (quote,) = await self.query(client, "DepthMarketData", InstrumentID=instrument)
        price: float = quote["UpperLimitPrice"]
        return price

    async def test_what_a_trader_finds_a_watcher_may_name_by_a_pattern(self) -> None:
        daemon = await self.start()
        client = await self.watcher(daemon)
        await client.ask({"MsgType": "SubscribeMarketData", "InstrumentID": "cu*"})
        instrument = await self.copper(await self.trader(daemon))
        await client.until(
            lambda message: message.get("DepthMarketData", {}).get("InstrumentID") == instrument
        )
        await self.stop(daemon)

    async def test_a_pattern_finds_what_the_simulated_front_lists(self) -> None:
        daemon = await self.start()
        client = await self.watcher(daemon)
        answer = await client.ask({"MsgType": "SubscribeMarketData", "InstrumentID": "rb270?"})
        self.assertNotIn("Detail", answer)
        for _ in range(2):
            tick = await client.until(lambda one: one["MsgType"] == "RtnDepthMarketData")
            self.assertRegex(tick["DepthMarketData"]["InstrumentID"], "^rb270.$")
        await self.stop(daemon)

    async def test_bars(self) -> None:
        await self.check_bars("2026-11-24T10:00:00")

    async def test_bars_where_the_market_never_closes(self) -> None:
        await self.check_bars("2026-11-24T03:00:00")

    async def check_bars(self, start: str) -> None:
        daemon = await self.start(f"{sample()}Sim: {{Start: '{start}'}}\n")
        instrument = await self.copper(await self.trader(daemon))
        client = await self.watcher(daemon)
        await client.ask(
            {"MsgType": "SubscribeMarketData", "InstrumentID": instrument, "Bars": ["1m", "1d"]}
        )
        for _ in range(2):
            bars: dict[str, Message] = {}
            while len(bars) < 2:
                pushed = await client.until(lambda message: message["MsgType"] == "RtnBar")
                bars[pushed["Bar"]["Period"]] = pushed["Bar"]
            self.assertEqual(set(bars), {"1m", "1d"})
            for bar in bars.values():
                self.assertEqual(bar["InstrumentID"], instrument)
                self.assertLessEqual(bar["LowestPrice"], bar["ClosePrice"])
                self.assertLessEqual(bar["ClosePrice"], bar["HighestPrice"])
            self.assertLessEqual(bars["1m"]["Volume"], bars["1d"]["Volume"])
        await self.stop(daemon)

    async def test_market_data(self) -> None:
        daemon = await self.start()
        trader = await self.trader(daemon)
        instrument = await self.copper(trader)
        client = await self.watcher(daemon)
        answer = await client.ask(
            {"MsgType": "SubscribeMarketData", "InstrumentID": [instrument], "RequestID": 4}
        )
        self.assertEqual((answer["MsgType"], code(answer)), ("RspSubMarketData", 0))
        for _ in range(3):
            tick = await client.until(lambda one: one["MsgType"] == "RtnDepthMarketData")
            self.assertEqual(tick["DepthMarketData"]["InstrumentID"], instrument)
            self.assertGreater(tick["DepthMarketData"]["LastPrice"], 0)
        await self.stop(daemon)
        self.assertEqual([await one.closed for one in (trader, client)], [1001, 1001])

    async def test_the_first_client_of_the_readme(self) -> None:
        daemon = await self.start()
        url = f"ws://127.0.0.1:{daemon.port}"
        hello = str(ROOT / "etc" / "hello.py")
        out, err, status = await getProcessOutputAndValue(sys.executable, [hello, url], os.environ)
        self.assertEqual(status, 0, err.decode())
        for word in ("RspUserLogin", "RspQryTradingAccount", "RtnDepthMarketData"):
            self.assertIn(word, out.decode())
        self.assertLess(out.count(b"\n"), 60)
        await self.stop(daemon)

    async def test_neither_a_guessing_stranger_nor_a_loop_locks_anybody_out(self) -> None:
        daemon = await self.start(sample() + "LoginRefusalWindow: 0.01\n")
        owner = await self.trader(daemon)
        login = {"MsgType": "ReqUserLogin", "RequestID": 1}
        codes = []
        stranger = await connect(daemon.port, "/td/")
        for number in range(12):
            body = {**USER, "Password": f"guess{number % 6}"}
            guess = {**login, "ReqUserLogin": body, "TryAgain": True}
            codes.append(code(await stranger.ask(guess)))
            await sleep(0.02)  # the window of a refusal, and more
        self.assertEqual(set(codes), {3, -429}, "never 75")
        self.assertLess(codes.count(3), 5)
        second = await connect(daemon.port, "/td/")
        self.assertEqual(code(await second.ask({**login, "ReqUserLogin": USER})), 0)
        for client in (owner, second, stranger):
            await client.leave()
        again = await connect(daemon.port, "/td/")
        self.assertEqual(code(await again.ask({**login, "ReqUserLogin": USER})), 0)
        await self.stop(daemon)

    async def test_the_password_of_the_first_login_counts(self) -> None:
        daemon = await self.start()
        first = await self.trader(daemon)
        await first.leave()
        client = await connect(daemon.port, "/td/")
        wrong = {"UserID": USER["UserID"], "Password": "wrong"}
        login = {"MsgType": "ReqUserLogin", "ReqUserLogin": wrong, "RequestID": 1}
        answer = await client.ask(login)
        self.assertEqual(answer["MsgType"], "RspUserLogin")
        self.assertNotEqual(code(answer), 0)
        await client.leave()
        await self.stop(daemon)

    async def test_many_clients_come_and_go(self) -> None:
        daemon = await self.start()
        await (await self.trader(daemon)).leave()
        before = daemon.descriptors
        for _ in range(10):
            clients = [await self.trader(daemon), await self.watcher(daemon)]
            for client in clients:
                await client.leave()
        await until(
            lambda: daemon.descriptors <= before,
            f"{before} descriptors (there are {daemon.descriptors})",
        )
        await self.stop(daemon)


class Hostile(EndToEnd):
    """Every bad message over a real socket: answered, and the connection stays up."""

    async def check(self, client: Client, *lists: tuple[inputs.Bad, ...]) -> None:
        wrong = []
        for bad in chain.from_iterable(lists):
            client.sendMessage(bad.payload, bad.opcode == inputs.BINARY)
            wrong.append(inputs.mismatch(bad, await client.answer()))
        self.assertEqual([one for one in wrong if one], [])

    async def test_trading(self) -> None:
        daemon = await self.start()
        stranger = await connect(daemon.port, "/td/")
        await self.check(stranger, inputs.EVERYWHERE, inputs.TRADING, inputs.BEFORE_LOGIN)
        client = await self.trader(daemon)
        await self.check(client, inputs.EVERYWHERE, inputs.TRADING)
        self.assertEqual(len(await self.query(client, "TradingAccount")), 1)
        for one in (stranger, client):
            self.assertEqual(await one.leave(), 1000)
        await self.stop(daemon)

    async def test_market_data(self) -> None:
        daemon = await self.start()
        stranger = await connect(daemon.port, "/md/")
        await self.check(
            stranger, inputs.EVERYWHERE, inputs.MARKET_DATA, inputs.BEFORE_MARKET_LOGIN
        )
        client = await self.watcher(daemon)
        await self.check(client, inputs.EVERYWHERE, inputs.MARKET_DATA, inputs.AFTER_MARKET_LOGIN)
        for one in (stranger, client):
            self.assertEqual(await one.leave(), 1000)
        await self.stop(daemon)

    async def test_what_ends_a_connection_ends_that_one_only(self) -> None:
        daemon = await self.start()
        bystander = await self.trader(daemon)
        ends = ((b'{"MsgType": "\xff"}', 1007), (b" " * (2 * inputs.MEBIBYTE + 1), 1009))
        for payload, expected in ends:
            client = await connect(daemon.port, "/td/")
            client.sendMessage(payload)
            self.assertEqual(await client.closed, expected)
        self.assertEqual(len(await self.query(bystander, "TradingAccount")), 1)
        await bystander.leave()
        await self.stop(daemon)


class Listening(EndToEnd):
    """TLS and endpoints, as the configuration names them."""

    async def test_tls(self) -> None:
        authority = Authority("root")
        certificate, key = authority.issue("localhost")
        files = Files(self.mktemp())
        cert_file = Path(files.write("cert.pem", pem(certificate))).absolute()
        key_file = Path(files.write("key.pem", key_pem(key))).absolute()
        tls = f"TLS:\n  CertFile: {cert_file}\n  KeyFile: {key_file}\n"
        daemon = await self.start(sample() + tls)
        root = trustRootFromCertificates([Certificate.loadPEM(pem(authority.certificate))])
        endpoint = wrapClientTLS(
            optionsForClientTLS("localhost", trustRoot=root),
            TCP4ClientEndpoint(reactor, "127.0.0.1", daemon.port),
        )
        client = await connect(daemon.port, "/md/", endpoint=endpoint)
        answer = await client.ask({"MsgType": "ReqUserLogin", "RequestID": 1})
        self.assertEqual((answer["MsgType"], code(answer)), ("RspUserLogin", 0))
        await self.stop(daemon)
        self.assertEqual(await client.closed, 1001)

    async def test_an_endpoint(self) -> None:
        text = sample().replace(ANY_PORT, "Listen: tcp:0:interface=127.0.0.1")
        daemon = await self.start(text.replace("Host: 127.0.0.1", ""))
        await (await self.trader(daemon)).leave()
        await self.stop(daemon)

    async def test_a_unix_socket_is_its_owners_alone_unless_it_says_otherwise(self) -> None:
        for said, mode in (("", 0o600), (":mode=660", 0o660), (":666", 0o666)):
            path = Path(tempfile.mkdtemp(), "sock")
            self.addCleanup(shutil.rmtree, path.parent)
            text = sample().replace(ANY_PORT, f"Listen: unix:{path}{said}")
            daemon = DaemonProcess(self.mktemp(), text.replace("Host: 127.0.0.1", ""))
            self.addCleanup(daemon.kill)
            await until(lambda d=daemon: "serving" in d.output, "the daemon to listen")  # type: ignore[misc]
            self.assertEqual(stat.S_IMODE(path.stat().st_mode), mode)
            endpoint = UNIXClientEndpoint(reactor, str(path))
            client = await connect(80, "/md/", endpoint=endpoint)
            await client.leave()
            await self.stop(daemon)

"""Accounts on paper in a whole daemon: its own market data, real sockets, restarts."""

from datetime import date
from pathlib import Path
from typing import Any

from twisted.internet.defer import Deferred, DeferredList, fail, succeed
from twisted.internet.task import Clock
from twisted.trial.unittest import SynchronousTestCase, TestCase

from tests.daemons import ROOT, DaemonProcess
from tests.sim.paper.support import BUY
from tests.sim.recordings import save, tick
from tests.wsclient import connect
from webctp.config import ConfigError, load
from webctp.ctp import binding
from webctp.ctp.codec import codec_for
from webctp.ctp.refusal import Refusal
from webctp.language.text import english
from webctp.recording.rows import Tick
from webctp.serving.papermarket import PaperMarket
from webctp.sim import SimOptions, SimulatedFront
from webctp.testing import Gateway, GatewayClient
from webctp.upstream.session.status import LoginAnswer

PAPER = "paper://?balance=1000000"
FIRST_AFTER = 90.0
"""Recorded seconds between the first ticks and the others: the time that a strategy has to order
in, at the speed of the test nine of ours."""


class FakeVenue:
    """What the exchange is told."""

    def __init__(self) -> None:
        self.days: list[date | None] = []
        self.closed = False

    def join(self, *_: object) -> None: ...

    def opened(self, day: date | None, listed: object) -> None:
        self.days.append(day)

    def close(self) -> None:
        self.closed = True


class FakeHub:
    """A hub whose feeds answer logins one after the other."""

    def __init__(self, answers: list[object]) -> None:
        self.feeds = self
        self._answers = answers

    def logged_in(self) -> Deferred[Any]:
        answer = self._answers.pop(0)
        return fail(answer) if isinstance(answer, Exception) else succeed(answer)


def recorded() -> list[Tick]:
    """The first tick of an instrument, and after a while a market that moves through 40 prices."""
    ticks = [tick(0, Volume=100)]
    for place in range(300):
        swing = abs((place * 7) % 40 - 20) - 10  # from -10 to 10
        middle = 71220.0 + swing * 10
        ticks.append(
            tick(
                FIRST_AFTER + place / 50,
                LastPrice=middle + 10 * (place % 2),
                Volume=100 + place * 2,
                BidPrice1=middle,
                BidVolume1=1 + place % 4,
                AskPrice1=middle + 10,
                AskVolume1=1 + place % 3,
            )
        )
    return ticks


class LoginTests(SynchronousTestCase):
    """When the exchange learns that its feed serves."""

    def market(self, *answers: object) -> tuple[PaperMarket, Clock, FakeVenue]:
        clock, venue = Clock(), FakeVenue()
        hub: Any = FakeHub(list(answers))
        origin: Any = SimulatedFront(SimOptions())
        return PaperMarket(clock, hub, origin, venue), clock, venue  # type: ignore[arg-type]

    def answer(self, day: str, *, ready: bool = True) -> LoginAnswer:
        catalogue = binding.load().market
        layout = codec_for(catalogue.module).layout("CThostFtdcRspUserLoginField")
        callback = catalogue.callbacks["OnRspUserLogin"]
        return LoginAnswer(callback, layout.pack({"TradingDay": day}), None, ready)

    def test_a_feed_that_serves_tells_its_day(self) -> None:
        market, _, venue = self.market(self.answer("20261124"))
        market.start()
        self.assertEqual(venue.days, [date(2026, 11, 24)])

    def test_one_that_tells_none_leaves_that_to_the_exchange(self) -> None:
        market, _, venue = self.market(self.answer(""))
        market.start()
        self.assertEqual(venue.days, [None])

    def test_one_that_does_not_serve_yet_is_asked_again(self) -> None:
        refused = self.answer("", ready=False)
        late = Refusal(-408, english("no"))
        market, clock, venue = self.market(late, refused, self.answer("20261124"))
        market.start()
        self.assertEqual(venue.days, [])
        clock.pump([1.0, 1.0])
        self.assertEqual(venue.days, [date(2026, 11, 24)])

    def test_an_end_ends_the_asking(self) -> None:
        market, clock, venue = self.market(Refusal(-408, english("no")))
        market.start()
        market.stop()
        self.assertEqual((clock.getDelayedCalls(), venue.closed), ([], True))


class PaperCase(TestCase):
    """Whole gateways, ended with their test."""

    timeout = 240

    async def gateway(self, market: str, trading: str = PAPER, **keys: Any) -> Gateway:
        gateway = Gateway(market, TdFrontAddress=trading, **keys)
        self.addCleanup(lambda: Deferred.fromCoroutine(gateway.stop()))
        return await gateway.start()

    def order(self, price: float, volume: int, ref: int, **changes: object) -> dict[str, Any]:
        body = {**BUY, "LimitPrice": price, "VolumeTotalOriginal": volume, "OrderRef": str(ref)}
        del body["UserID"], body["InvestorID"]  # filled in by the gateway
        return {"MsgType": "ReqOrderInsert", "InputOrder": {**body, **changes}, "RequestID": ref}


class WholeTests(PaperCase):
    """What users see."""

    async def test_orders_meet_the_daemons_own_market_data(self) -> None:
        folder = save(Path(self.mktemp()).absolute(), [tick(0)])
        gateway = await self.gateway(f"replay://{folder}?speed=1&delay=0")
        trader = await gateway.trader()
        # Nobody has subscribed to anything: the order does.
        trader.say(self.order(71230.0, 2, 1))
        trade = await trader.until(lambda one: one["MsgType"] == "RtnTrade")
        self.assertEqual((trade["Trade"]["Price"], trade["Trade"]["Volume"]), (71230.0, 2))
        self.assertEqual(trade["Trade"]["TradingDay"], "20261124")

    async def test_what_no_feed_tells_is_refused_and_the_connection_stays(self) -> None:
        folder = save(Path(self.mktemp()).absolute(), [tick(0)])
        gateway = await self.gateway(f"replay://{folder}?speed=1&delay=0")
        trader = await gateway.trader()
        unknown = await trader.ask(self.order(1.0, 1, 1, InstrumentID="nothing"))
        self.assertEqual(unknown["RspInfo"]["ErrorID"], 16)
        trader.say(self.order(3000.0, 1, 2, InstrumentID="rb2705"))
        refused = await trader.until(
            lambda one: one["MsgType"] == "RtnOrder" and one["Order"]["OrderStatus"] == "5"
        )
        self.assertIn("当前状态禁止此项操作", refused["Order"]["StatusMsg"])

    async def test_the_simulated_exchange_is_a_feed_too(self) -> None:
        gateway = await self.gateway("sim://?seed=7")
        trader = await gateway.trader()
        asked = {"MsgType": "ReqQryDepthMarketData", "RequestID": 9}
        row = await trader.ask({**asked, "QryDepthMarketData": {"InstrumentID": "rb2705"}})
        upper = row["DepthMarketData"]["UpperLimitPrice"]
        trader.say(self.order(upper, 1, 1, InstrumentID="rb2705"))
        trade = await trader.until(lambda one: one["MsgType"] == "RtnTrade")
        self.assertLess(trade["Trade"]["Price"], upper)

    async def test_accounts_outlive_a_restart(self) -> None:
        folder = save(Path(self.mktemp()).absolute(), [tick(0)])
        market = f"replay://{folder}?speed=1&delay=0"
        trading = f"{PAPER}&statepath={folder / 'paper.db'}"
        gateway = await self.gateway(market, trading)
        trader = await gateway.trader()
        trader.say(self.order(71230.0, 2, 1))
        await trader.until(lambda one: one["MsgType"] == "RtnTrade")
        await gateway.stop()
        trader = await (await self.gateway(market, trading)).trader()
        asked = {"MsgType": "ReqQryInvestorPosition", "QryInvestorPosition": {}, "RequestID": 3}
        held = await trader.ask(asked)
        self.assertEqual(held["InvestorPosition"]["Position"], 2)

    async def test_the_sample_runs(self) -> None:
        text = (ROOT / "etc" / "paper.yaml").read_text("utf-8").replace("Port: 8080", "Port: 0")
        daemon = DaemonProcess(self.mktemp(), text)
        self.addCleanup(daemon.kill)
        await daemon.listening()
        client = await connect(daemon.port, "/td/")
        user = {"UserID": "user", "Password": "s3cret"}
        login = {"MsgType": "ReqUserLogin", "ReqUserLogin": user, "RequestID": 1}
        self.assertEqual((await client.ask(login))["RspInfo"]["ErrorID"], 0)
        client.say(self.order(0.0, 1, 2, InstrumentID="rb2705", OrderPriceType="1"))
        await client.until(lambda one: one["MsgType"] == "RtnTrade")
        await client.leave()
        daemon.terminate()
        await daemon.ended()
        self.assertNotIn("Traceback", daemon.output)


class SameFillsTests(PaperCase):
    """The same strategy on a recorded day by replay and by paper: the same fills."""

    async def trade(self, trader: GatewayClient, watcher: GatewayClient) -> list[tuple[Any, ...]]:
        """Order at forty prices on both sides; return what filled, once the day is over."""
        watcher.say({"MsgType": "SubscribeMarketData", "InstrumentID": ["cu2701"]})
        await watcher.until(lambda one: one["MsgType"] == "RtnDepthMarketData")
        for ref in range(1, 41):
            price = 71220.0 + (ref % 20 - 10) * 10
            side = "01"[ref % 2]
            trader.say(self.order(price, 1 + ref % 5, ref, Direction=side))
        found: list[tuple[Any, ...]] = []
        answered = 0

        def over(one: dict[str, Any]) -> object:
            nonlocal answered
            if one["MsgType"] == "RtnTrade":
                trade = one["Trade"]
                found.append(
                    (int(trade["OrderRef"]), trade["Price"], trade["Volume"], trade["TradeID"])
                )
            answered += one["MsgType"] == "RspQryOrder"
            return (
                one["MsgType"] == "RtnOrder"
                and one["Order"]["OrderRef"] == "41"
                and (one["Order"]["OrderStatus"] == "3")
            )

        def entered(one: dict[str, Any]) -> object:
            over(one)  # trades come among them
            return one["MsgType"] == "RtnOrder" and one["Order"]["OrderRef"] == "40"

        # On paper the first orders wait for a tick of their own: a query would overtake them.
        await trader.until(entered)
        trader.say({"MsgType": "ReqQryOrder", "QryOrder": {}, "RequestID": 99})
        last = 100 + 299 * 2

        def ended(one: dict[str, Any]) -> object:
            return (
                one["MsgType"] == "RtnDepthMarketData" and one["DepthMarketData"]["Volume"] == last
            )

        await watcher.until(ended)
        # Sent after the day's last tick: what comes before its return is all there is.
        trader.say(self.order(67000.0, 1, 41))
        await trader.until(over)
        self.assertEqual(answered, 40, "the orders were not all there before the market moved")
        return found

    async def test_the_same_fills(self) -> None:
        folder = save(Path(self.mktemp()).absolute(), recorded())
        market = f"replay://{folder}?speed=10&delay=0"
        money = {"Sim": {"Balance": "100000000"}}
        gateways = [
            await self.gateway(market, trading, **money) for trading in (market, "paper://")
        ]
        days = []
        for gateway in gateways:
            trader, watcher = await gateway.trader(), await gateway.watcher()
            days.append(Deferred.fromCoroutine(self.trade(trader, watcher)))
        (_, replayed), (_, on_paper) = await DeferredList(days, fireOnOneErrback=True)
        self.assertGreater(len(replayed), 30)
        self.assertEqual(on_paper, replayed)


class MistakeTests(PaperCase):
    """Configurations that cannot be meant."""

    def loaded(self, text: str) -> str:
        path = Path(self.mktemp())
        path.write_text(text, "utf-8")
        return str(self.assertRaises(ConfigError, load, str(path)))

    def test_without_market_data_it_is_refused_by_name(self) -> None:
        for text, said in (
            (
                f"TdFrontAddress: {PAPER}\n",
                "TdFrontAddress: found paper:// without market data, wanted AppType: both",
            ),
            (
                f"AppType: both\nTdFrontAddress: {PAPER}\n",
                "MdFrontAddress: found nothing while both is served",
            ),
            (
                f"AppType: both\nTdFrontAddress: {PAPER}\nMdFrontAddress: {PAPER}\n",
                "MdFrontAddress: found paper://, wanted a front with market data",
            ),
        ):
            self.assertIn(said, self.loaded(text))

    async def test_wrong_options_stop_the_start_by_name(self) -> None:
        for address, said in (
            ("paper://?balance=much", "TdFrontAddress: option Balance: found 'much'"),
            ("paper://?sped=3", "TdFrontAddress: option sped: found an unknown key"),
            ("paper://?speed=3", "TdFrontAddress: option speed: found in an address of paper://"),
        ):
            gateway = Gateway("sim://", TdFrontAddress=address)
            with self.assertRaises(ConfigError) as caught:
                await gateway.start()
            self.assertIn(said, str(caught.exception))

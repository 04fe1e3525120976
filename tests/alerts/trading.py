"""What makes the alerts about sessions, orders and queries fire."""

import time

from tests.alerts.stage import Stage
from tests.alerts.story import fires, insert, query
from webctp.testing import MemoryGateway, order
from webctp.testing.front import FakeFront
from webctp.upstream.kill.halts import ALL, KillLevel


class FakedGateway(MemoryGateway):
    """A gateway before a fake front, to which programs may send as fast as they like."""

    front: FakeFront

    def __init__(self, **keys: object) -> None:
        super().__init__(FakeFront(), MessageRate="0", **keys)


@fires("WebctpSessionNotReady")
async def lost_session(stage: Stage) -> None:
    """A trading session loses its front, and does not find it again."""
    with FakedGateway() as gateway:
        stage.watch(gateway)
        gateway.trader()
        await stage.fine(6)
        gateway.front.disconnect()
        gateway.settle()
        await stage.scrape(5)


@fires("WebctpSessionRefused")
async def refused_session(stage: Stage) -> None:
    """The password was changed elsewhere: the session's next login is refused."""
    with FakedGateway() as gateway:
        stage.watch(gateway)
        gateway.trader()
        await stage.fine(3)
        gateway.front.on("ReqUserLogin", error=3)
        gateway.front.disconnect()
        gateway.settle()
        gateway.front.connect()
        gateway.settle()
        await stage.scrape(3)


@fires("WebctpSessionUnstable")
async def unstable_session(stage: Stage) -> None:
    """A session is lost six times."""
    with FakedGateway() as gateway:
        stage.watch(gateway)
        gateway.trader()
        await stage.fine(3)
        for _ in range(6):
            gateway.front.disconnect()
            gateway.settle()
            gateway.front.connect()
            gateway.settle()
        await stage.scrape(2)


@fires("WebctpLoginsRefused")
async def wrong_passwords(stage: Stage) -> None:
    """Three users log in with a wrong password."""
    with FakedGateway() as gateway:
        stage.watch(gateway)
        await stage.fine(3)
        gateway.front.on("ReqUserLogin", error=3)
        for user in ("a", "b", "c"):
            body = {"UserID": user, "Password": "wrong"}
            asked = {"MsgType": "ReqUserLogin", "RequestID": 1, "ReqUserLogin": body}
            answer = gateway.ask(gateway.connect(), asked)
            stage.case.assertEqual(answer["RspInfo"]["ErrorID"], 3)
        await stage.scrape(2)


@fires("WebctpApiStuck")
async def stuck_api(stage: Stage) -> None:
    """A call of Init does not come back."""
    with FakedGateway() as gateway:
        stage.watch(gateway)
        await stage.fine(3)
        gateway.reactor.hold_threads = True
        body = {"UserID": "user", "Password": "password"}
        peer = gateway.connect()
        peer.send({"MsgType": "ReqUserLogin", "RequestID": 1, "ReqUserLogin": body})
        gateway.settle()
        gateway.reactor.advance(6)
        await stage.scrape(3)
        gateway.reactor.hold_threads = False
        gateway.reactor.run_threads()


@fires("WebctpFrontSlow")
async def slow_front(stage: Stage) -> None:
    """The first RtnOrder of an order comes more than a second after it was sent."""
    with FakedGateway() as gateway:
        stage.watch(gateway)
        trader = gateway.trader()
        await stage.fine(6)
        trader.send(insert())
        gateway.settle()
        time.sleep(1.1)
        gateway.front.push("OnRtnOrder", order(request=gateway.front.last("ReqOrderInsert").values))
        gateway.settle()
        await stage.scrape(5)


@fires("WebctpOrdersNotTaken")
async def not_taken(stage: Stage) -> None:
    """The library says that too much is under way."""
    with FakedGateway() as gateway:
        stage.watch(gateway)
        trader = gateway.trader()
        await stage.fine(3)
        gateway.front.on("ReqOrderInsert", returns=-2)
        for number in range(4):
            trader.send(insert(number))
        gateway.settle()
        await stage.scrape(2)


@fires("WebctpOrdersRefused")
async def refused_orders(stage: Stage) -> None:
    """A program goes on while its session is lost."""
    with FakedGateway() as gateway:
        stage.watch(gateway)
        trader = gateway.trader()
        await stage.fine(3)
        gateway.front.disconnect()
        gateway.settle()
        for number in range(25):
            trader.send(insert(number))
        gateway.settle()
        await stage.scrape(2)


@fires("WebctpOrdersRejected")
async def rejected_orders(stage: Stage) -> None:
    """A program goes on without money."""
    with FakedGateway() as gateway:
        stage.watch(gateway)
        trader = gateway.trader()
        trader.send(insert())  # an ErrorID is told from its first on: that one shows no growth
        gateway.front.on("ReqOrderInsert", error=31)
        trader.send(insert())
        gateway.settle()
        await stage.fine(3)
        for number in range(25):
            trader.send(insert(number))
        gateway.settle()
        await stage.scrape(2)


@fires("WebctpKillSwitch")
async def kill_switch(stage: Stage) -> None:
    """An administrator stops everything."""
    with FakedGateway() as gateway:
        stage.watch(gateway)
        await stage.fine(3)
        services = gateway.daemon.services
        assert services is not None and services.td is not None and services.td.risk is not None
        switch = services.td.risk.switch
        assert switch is not None
        switch.set(ALL, KillLevel.STOP, by="a test", reason="to see it")
        gateway.settle()
        await stage.scrape(2)


def hold(front: FakeFront, lots: int) -> None:
    """Let the front hold so many lots, bought days ago."""
    name = {"InstrumentID": "rb2405", "HedgeFlag": "1"}
    front.on(
        "ReqQryInvestorPositionDetail",
        answer={**name, "Direction": "0", "TradeID": "7", "OpenDate": "20231120", "Volume": lots},
    )
    front.on(
        "ReqQryInvestorPosition",
        answer={**name, "PosiDirection": "2", "PositionDate": "2", "Position": lots},
    )


@fires("WebctpPortfolioDrift")
async def drift(stage: Stage) -> None:
    """CTP tells of lots that no trade has told of."""
    with FakedGateway(PortfolioReconcile="30") as gateway:
        stage.watch(gateway)
        front = gateway.front
        hold(front, 2)
        instrument = {"InstrumentID": "rb2405", "ExchangeID": "SHFE", "VolumeMultiple": 10}
        front.on("ReqQryInstrument", answer={**instrument, "ProductID": "rb", "ProductClass": "1"})
        trader = gateway.trader()
        trader.send({"MsgType": "SubscribePortfolio", "RequestID": 5})
        for _ in range(160):
            gateway.reactor.advance(0.25)
        await stage.fine(3)
        hold(front, 5)
        for _ in range(400):
            gateway.reactor.advance(0.25)
        await stage.scrape(2)


@fires("WebctpQueriesQueue")
async def many_queries(stage: Stage) -> None:
    """A program asks faster than CTP answers."""
    with FakedGateway(QueryQueue="4") as gateway:
        stage.watch(gateway)
        trader = gateway.trader()
        await stage.fine(3)
        gateway.front.on("ReqQryInvestor", silent=True)
        for number in range(5):
            trader.send(query(number))
        gateway.settle()
        await stage.scrape(3)


@fires("WebctpQueriesUnanswered")
async def silent_queries(stage: Stage) -> None:
    """CTP's query core says nothing."""
    with FakedGateway() as gateway:
        stage.watch(gateway)
        trader = gateway.trader()
        await stage.fine(3)
        gateway.front.on("ReqQryInvestor", silent=True)
        for number in range(4):
            trader.send(query(number))
        for _ in range(200):
            gateway.reactor.advance(1)
        await stage.scrape(2)

"""What makes the alerts about clients, their limits, and what they are told fire."""

import shutil
from pathlib import Path

from tests.alerts.stage import Stage
from tests.alerts.story import fires, insert, stall
from tests.alerts.trading import FakedGateway
from tests.gateway.access.tokens.test_record import token
from webctp.gateway.access.principal import Scope
from webctp.gateway.access.tokens.file import editing

APART = "tcp:0:interface=127.0.0.1"
"""Where pages are that are to be read whatever becomes of the clients' port."""


@fires("WebctpClientsGivenUp")
async def clients_given_up(stage: Stage) -> None:
    """Three clients take nothing."""
    with FakedGateway(SlowClientSeconds="5") as gateway:
        stage.watch(gateway)
        peers = [gateway.connect() for _ in range(3)]
        await stage.fine(3)
        for peer in peers:
            stall(peer)
            peer.send({"MsgType": "none such"})
        for _ in range(20):
            gateway.reactor.advance(1)
        await stage.scrape(2)


@fires("WebctpRefusalsSurge")
async def refusals(stage: Stage) -> None:
    """A program sends what there is not, and reads no answer."""
    with FakedGateway() as gateway:
        stage.watch(gateway)
        peer = gateway.trader()
        await stage.fine(3)
        for _ in range(120):
            peer.send({"MsgType": "none such"})
        gateway.settle()
        await stage.scrape(2)


@fires("WebctpWrongTokens")
async def wrong_tokens(stage: Stage) -> None:
    """Somebody tries tokens."""
    path = Path(stage.case.mktemp()).absolute()
    with editing(path) as tokens:
        tokens.append(token(scopes=(Scope.ADMIN,)))
    access = {"Tokens": str(path), "TokenInQuery": "true"}
    with FakedGateway(Access=access, MetricsListen=APART) as gateway:
        stage.watch(gateway, 1)
        await stage.fine(3)
        for number in range(25):
            with stage.case.assertRaises(AssertionError):  # it gets no WebSocket
                gateway.connect("td", f"?token=webctp_{number:043}")
            gateway.settle()
        await stage.scrape(2)


@fires("WebctpConnectionsRefused")
async def refused_connections(stage: Stage) -> None:
    """More clients come than MaxConnections."""
    with FakedGateway(MaxConnections="2", MetricsListen=APART) as gateway:
        stage.watch(gateway, 1)
        await stage.fine(3)
        for _ in range(2):
            gateway.connect()
        with stage.case.assertRaisesRegex(AssertionError, "503|td: 0"):
            gateway.connect()
        await stage.scrape(2)


@fires("WebctpConnectionsNearLimit")
async def many_connections(stage: Stage) -> None:
    """As many clients as may be."""
    with FakedGateway(MaxConnections="10", MetricsListen=APART) as gateway:
        stage.watch(gateway, 1)
        await stage.fine(3)
        for _ in range(10):
            gateway.connect()
        await stage.scrape(3)


@fires("WebctpSessionsNearLimit")
async def many_sessions(stage: Stage) -> None:
    """As many sessions as may be."""
    with FakedGateway(MaxSessions="2") as gateway:
        stage.watch(gateway)
        gateway.trader()
        await stage.fine(3)
        gateway.trader("another")
        await stage.scrape(3)


@fires("WebctpClientMemoryNearLimit")
async def much_memory(stage: Stage) -> None:
    """Answers pile up for a client that reads nothing."""
    with FakedGateway(ClientMemory="1048576", SlowClientBytes="1048576") as gateway:
        stage.watch(gateway)
        peer = gateway.trader()
        await stage.fine(3)
        stall(peer)
        for _ in range(20_000):
            peer.send({"MsgType": "none such"})
            held = next(
                samples[0].value
                for metric, samples in gateway.daemon.registry.gather().items()
                if metric.name == "webctp_clients_held_bytes"
            )
            if held > 900_000:
                break
        await stage.scrape(3)


@fires("WebctpAuditTrouble")
async def broken_audit_log(stage: Stage) -> None:
    """The audit log's directory is gone, and a file stands in its place."""
    folder = Path(stage.case.mktemp()).absolute()
    with FakedGateway(AuditLog={"Path": str(folder / "audit.jsonl")}) as gateway:
        stage.watch(gateway)
        trader = gateway.trader()
        await stage.fine(3)
        shutil.rmtree(folder)
        folder.write_text("")
        trader.send(insert())
        gateway.settle()
        await stage.scrape(3)
        folder.unlink()

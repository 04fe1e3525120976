"""The MCP server over standard input and output, asked by the mcp package's own client."""

import json
import os
import sys
from collections.abc import Awaitable, Callable
from typing import Any

from mcp import Client, StdioServerParameters

from tests import clients
from tests.clients.python.gateways import MORNING, GatewayCase, shared
from webctp_client import aio, structs
from webctp_client.assistant import server, tools
from webctp_client.assistant.tools import Scope

READERS = {
    "find_instruments",
    "quotes",
    "bars",
    "account",
    "positions",
    "orders",
    "trades",
    "query",
}
TRADERS = {"place_limit_order", "cancel_order"}


class Assistants(GatewayCase):
    """What an assistant is offered, and what it gets."""

    def setUp(self) -> None:
        self.gateway = shared(MORNING)

    def ask(self, play: Callable[[Client], Awaitable[None]], user: str, *words: str) -> None:
        """Start a server as assistants do, and play."""

        async def work() -> None:
            command = ["-m", "webctp_client", "--url", self.gateway.url, "--user", user, "mcp"]
            parameters = StdioServerParameters(
                command=sys.executable,
                args=[*command, *words],
                env={**os.environ, "PYTHONPATH": str(clients.PYTHON), "WEBCTP_PASSWORD": "pass"},
            )
            async with Client(parameters, read_timeout_seconds=60) as client:
                await play(client)

        self.play(work())

    async def told(self, client: Client, name: str, **given: Any) -> Any:
        """Call a tool; return what it gives."""
        result = await client.call_tool(name, given)
        text = "".join(getattr(one, "text", "") for one in result.content)
        self.assertFalse(result.is_error, text)
        return json.loads(text)

    async def refused(self, client: Client, name: str, **given: Any) -> str:
        """Call a tool; return why it is refused."""
        result = await client.call_tool(name, given)
        self.assertTrue(result.is_error, result)
        return "".join(getattr(one, "text", "") for one in result.content)

    def test_by_default_it_reads_and_nothing_else(self) -> None:
        async def play(client: Client) -> None:
            offered = (await client.list_tools()).tools
            self.assertEqual({one.name for one in offered}, READERS)
            for one in offered:
                assert one.annotations is not None
                self.assertTrue(one.annotations.read_only_hint, one.name)
            found = await self.told(client, "find_instruments", product="rb", count=3)
            self.assertEqual({row["ProductID"] for row in found["rows"]}, {"rb"})
            quotes = await self.told(client, "quotes", instruments=["@rb", "no9999"])
            self.assertGreater(quotes["rows"][0]["LastPrice"], 0)
            self.assertEqual(quotes["not_quoted"], ["no9999"])
            (money,) = (await self.told(client, "account"))["rows"]
            self.assertEqual(money["Balance"], 10_000_000)
            for name in ("positions", "orders", "trades"):
                self.assertEqual(await self.told(client, name), {"rows": []})
            name = quotes["rows"][0]["InstrumentID"]
            await self.told(client, "bars", instrument=name)
            rates = await self.told(
                client,
                "query",
                request="ReqQryInstrumentMarginRate",
                fields={"InstrumentID": name, "HedgeFlag": "1"},
            )
            self.assertGreater(rates["rows"][0]["LongMarginRatioByMoney"], 0)
            many = await self.told(client, "query", request="ReqQryInstrument")
            self.assertEqual(len(many["rows"]), tools.MOST_ROWS)
            self.assertGreater(many["left_out"], 1000)
            for request in ("ReqOrderInsert", "ReqUserPasswordUpdate", "Kill", "nothing"):
                why = await self.refused(client, "query", request=request, fields={})
                self.assertIn("is no query", why)
            why = await self.refused(client, "query", request="ReqQryOrder", fields={"X": 1})
            self.assertIn("-400", why)
            order = {"instrument": name, "side": "buy", "offset": "open"}
            sent = {**order, "price": 1.0, "lots": 1, "client_order_id": "x"}
            try:
                result = await client.call_tool("place_limit_order", sent)
            except Exception as problem:  # noqa: BLE001 - the protocol's own, of any release
                self.assertIn("place_limit_order", str(problem))
            else:
                self.assertTrue(result.is_error)
            self.assertEqual(await self.told(client, "orders"), {"rows": []})

        self.ask(play, "reads")

    def test_with_the_scope_it_trades_within_its_bound_and_never_twice(self) -> None:
        async def play(client: Client) -> None:
            offered = {one.name: one for one in (await client.list_tools()).tools}
            self.assertEqual(set(offered), READERS | TRADERS)
            for name in TRADERS:
                hints = offered[name].annotations
                assert hints is not None
                self.assertEqual((hints.read_only_hint, hints.destructive_hint), (False, True))
            (tick,) = (await self.told(client, "quotes", instruments=["@rb"]))["rows"]
            order = {"instrument": tick["InstrumentID"], "side": "buy", "offset": "open"}
            low = {**order, "price": tick["LowerLimitPrice"], "lots": 2}
            for lots in (0, -1, 3):
                why = await self.refused(
                    client, "place_limit_order", **{**low, "lots": lots}, client_order_id="many"
                )
                self.assertIn("--most-lots", why)
            for _ in range(2):
                one = await self.told(client, "place_limit_order", **low, client_order_id="a-1")
                self.assertIn(one["status"], ("known", "sent"))
            (resting,) = (await self.told(client, "orders"))["rows"]
            self.assertEqual(resting["VolumeTotalOriginal"], 2)
            await self.told(
                client,
                "cancel_order",
                order_sys_id=resting["OrderSysID"],
                exchange=resting["ExchangeID"],
            )
            (resting,) = (await self.told(client, "orders"))["rows"]
            self.assertEqual(resting["OrderStatus"], "5")
            why = await self.refused(client, "cancel_order", order_sys_id="0", exchange="SHFE")
            self.assertIn("there is no order", why)

        self.ask(play, "trades", "--scope", "sim-trade", "--most-lots", "2")


class Scopes(GatewayCase):
    """Fronts that are no simulator, and secrets."""

    def setUp(self) -> None:
        self.gateway = shared(MORNING)

    def test_another_front_than_the_simulator_takes_a_scope_of_its_own(self) -> None:
        async def work() -> None:
            async with aio.connect(self.gateway.url, "scoped", "pass") as client:

                async def version() -> str:
                    return "v6.7.11_20250617"

                client.GetApiVersion = version  # type: ignore[method-assign]
                for scope, remedy in ((Scope.SIM_READ, "read"), (Scope.SIM_TRADE, "trade")):
                    given: dict[str, Any] = {
                        "quotes": {"instruments": ["@rb"]},
                        "bars": {"instrument": "rb2701"},
                        "query": {"request": "ReqQryOrder"},
                    }
                    for tool in tools.Tools(client, scope, 1).readers:
                        with self.assertRaisesRegex(tools.OutOfScope, f"--scope {remedy} if"):
                            await tool(**given.get(getattr(tool, "__name__", ""), {}))
                self.assertEqual(await tools.Tools(client, Scope.READ, 1).orders(), {"rows": []})

        self.play(work())

    def test_only_the_scopes_that_say_so_trade(self) -> None:
        client = aio.connect(self.gateway.url)
        for scope in Scope:
            found = tools.Tools(client, scope, 1).traders
            self.assertEqual(bool(found), scope.value.endswith("trade"))
            self.assertTrue(server.server_of(client, scope, 1))

    def test_a_secret_is_not_told(self) -> None:
        row = structs.ReqUserLogin(UserID="demo", Password="hush")
        self.assertEqual(tools.plain(row), {"UserID": "demo", "Password": "***"})

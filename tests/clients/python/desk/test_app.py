"""The desk at its keys, on a real gateway."""

import asyncio
from collections.abc import Callable, Coroutine
from typing import Any

from textual.pilot import Pilot
from textual.widgets import Input, Label, Static, TabbedContent

from tests.clients.python.gateways import MORNING, GatewayCase, shared
from tests.daemons import PATIENCE
from webctp_client.aio import connect
from webctp_client.desk.app import Desk
from webctp_client.desk.dialogs import NameDialog, OrderDialog, Question
from webctp_client.desk.words import Words
from webctp_client.link import Lost

RB = "rb????"


class Desks(GatewayCase):
    """What a trader types and sees."""

    def setUp(self) -> None:
        self.gateway = shared(MORNING)

    def at(
        self,
        play: Callable[[Desk, Pilot[None]], Coroutine[Any, Any, None]],
        user: str | None = "trader",
        language: str = "en",
    ) -> None:
        """Play a scene at a desk with quotes of rebar."""

        async def work() -> None:
            client = connect(self.gateway.url, user, "pass", portfolio=user is not None)
            desk = Desk(client, [RB], Words(language), has_account=user is not None)
            async with desk.run_test(size=(160, 48), notifications=True) as pilot:
                await self.until(desk, pilot, lambda: desk.table("quotes").row_count > 3)
                if user is not None:
                    await self.until(desk, pilot, lambda: client.account is not None)
                await play(desk, pilot)

        self.play(work())

    async def until(self, desk: Desk, pilot: Pilot[None], met: Callable[[], bool]) -> None:
        """Wait until a condition is met, as the desk goes on."""
        end = asyncio.get_running_loop().time() + PATIENCE
        while not met():
            if asyncio.get_running_loop().time() > end:
                told = [one.message for one in desk._notifications]
                raise AssertionError(f"in vain; the desk says {told}, shows {self.money(desk)}")
            await pilot.pause(0.02)

    def money(self, desk: Desk) -> str:
        """Return the line with the money."""
        return str(desk.query_one("#money", Static).render())

    def said(self, desk: Desk) -> list[str]:
        """Return what the desk has told."""
        return [f"{one.title} {one.message}" for one in desk._notifications]

    async def write(self, desk: Desk, pilot: Pilot[None], price: float, lots: int) -> None:
        """Write an order in the dialog that stands."""
        await self.until(desk, pilot, lambda: isinstance(desk.screen, OrderDialog))
        desk.screen.query_one("#price", Input).value = str(price)
        desk.screen.query_one("#volume", Input).value = str(lots)
        await pilot.pause()
        desk.screen.query_one("#price", Input).focus()
        await pilot.press("enter")

    def limits(self, desk: Desk) -> tuple[float, float]:
        """Return the lowest and the highest price of the chosen instrument."""
        tick = desk.ticks[desk._chosen("quotes") or ""]
        return tick.LowerLimitPrice or 0.0, tick.UpperLimitPrice or 0.0

    def test_quotes_and_five_levels(self) -> None:
        async def play(desk: Desk, pilot: Pilot[None]) -> None:
            ladder = desk.query_one("#ladder", Static)
            await self.until(desk, pilot, lambda: "Ask 5" in str(ladder.render()))
            lines = str(ladder.render()).splitlines()
            self.assertEqual([line[:5] for line in lines[:2]], ["Ask 5", "Ask 4"])
            self.assertEqual([line[:5] for line in lines[-2:]], ["Bid 4", "Bid 5"])
            await pilot.press("slash", *"au????", "enter")
            quotes = desk.table("quotes")
            await self.until(
                desk, pilot, lambda: any(str(row.value)[:2] == "au" for row in quotes.rows)
            )

        self.at(play, user=None)

    def test_an_order_is_asked_for_traded_and_closed(self) -> None:
        async def play(desk: Desk, pilot: Pilot[None]) -> None:
            await pilot.press("b")
            await self.write(desk, pilot, self.limits(desk)[1], 2)
            await self.until(desk, pilot, lambda: isinstance(desk.screen, Question))
            self.assertEqual(desk.client.orders, [], "nothing is sent before the answer")
            asked = [str(one.render()) for one in desk.screen.query(Label)]
            self.assertRegex(asked[0], r"^Buy open rb\d{4}  2 lots at [\d,.]+$")
            await pilot.press("y")
            positions = desk.table("positions")
            await self.until(desk, pilot, lambda: positions.row_count == 1)
            await self.until(desk, pilot, lambda: desk.table("trades").row_count > 0)
            self.assertEqual(desk.client.positions[0].Position, 2)
            desk.query_one(TabbedContent).active = "tab-positions"
            await pilot.pause()
            await pilot.press("c")
            await self.until(desk, pilot, lambda: isinstance(desk.screen, Question))
            asked = [str(one.render()) for one in desk.screen.query(Label)]
            self.assertRegex(asked[0], r"^Sell close today rb\d{4}  2 lots at [\d,.]+$")
            await pilot.press("y")
            await self.until(
                desk, pilot, lambda: any(one.Direction == "1" for one in desk.client.orders)
            )
            self.assertIn("Equity", self.money(desk))

        self.at(play, user="buyer")

    def test_what_is_not_confirmed_is_not_sent(self) -> None:
        async def play(desk: Desk, pilot: Pilot[None]) -> None:
            for key in ("n", "escape", "enter"):  # enter: the button that is not meant
                await pilot.press("s")
                await self.write(desk, pilot, self.limits(desk)[0], 1)
                await self.until(desk, pilot, lambda: isinstance(desk.screen, Question))
                await pilot.press(key)
                await self.until(desk, pilot, lambda: len(desk.screen_stack) == 1)
            await pilot.press("b", "escape")
            await pilot.press("slash")
            await self.until(desk, pilot, lambda: isinstance(desk.screen, NameDialog))
            await pilot.press("escape")
            self.assertEqual(await desk.client.ReqQryOrder(), [])

        self.at(play, user="careful")

    def test_a_price_that_is_none_is_told_and_a_refusal_too(self) -> None:
        async def play(desk: Desk, pilot: Pilot[None]) -> None:
            await pilot.press("b")
            await self.write(desk, pilot, 0.0, 1)
            problem = desk.screen.query_one("#problem", Label)
            await self.until(desk, pilot, lambda: "above 0" in str(problem.render()))
            await self.write(desk, pilot, self.limits(desk)[1] * 2, 1)
            await pilot.press("y")
            await self.until(desk, pilot, lambda: any("rb" in one for one in self.said(desk)))
            (told,) = self.said(desk)
            self.assertRegex(told, r"Buy open rb\d{4} .* ReqOrderInsert: \d+ ")

        self.at(play, user="hasty")

    def test_orders_that_rest_are_cancelled_one_or_all(self) -> None:
        async def play(desk: Desk, pilot: Pilot[None]) -> None:
            await pilot.press("X")
            self.assertIn("there is no order that rests", self.said(desk)[-1])
            for number in range(1, 4):
                await pilot.press("b")
                await self.write(desk, pilot, self.limits(desk)[0], number)
                await pilot.press("y")
                await self.until(desk, pilot, lambda n=number: len(desk._resting()) == n)  # type: ignore[misc]
            await self.until(desk, pilot, lambda: desk.table("orders").row_count == 3)
            for key, left in (("x", 2), ("X", 0)):
                await pilot.press(key)
                await self.until(desk, pilot, lambda: isinstance(desk.screen, Question))
                lines = [str(one.render()) for one in desk.screen.query(Label)]
                self.assertTrue(lines[0].startswith("cancellation of Buy open rb"), lines)
                await pilot.press("y")
                await self.until(desk, pilot, lambda n=left: len(desk._resting()) == n)  # type: ignore[misc]

        self.at(play, user="patient")

    def test_without_an_account_there_are_quotes_only(self) -> None:
        async def play(desk: Desk, pilot: Pilot[None]) -> None:
            for key in ("b", "s", "c"):
                await pilot.press(key)
                self.assertEqual(len(desk.screen_stack), 1)
            self.assertIn("log in to trade: --user", self.said(desk)[0])

        self.at(play, user=None)

    def test_a_broken_connection_is_shown_and_chinese_is_spoken(self) -> None:
        async def play(desk: Desk, pilot: Pilot[None]) -> None:
            await self.until(desk, pilot, lambda: "已连接" in self.money(desk))
            self.assertIn("权益", self.money(desk))
            desk._event(Lost("td", "the cable was pulled"))
            await self.until(desk, pilot, lambda: "所示均非最新" in self.money(desk))
            for name in ("quotes", "orders", "positions", "trades"):
                fitted = [one.auto_width for one in desk.table(name).columns.values()]
                self.assertFalse(any(fitted), "each cell that changes would measure all rows")
            columns = [str(one.label) for one in desk.table("quotes").columns.values()]
            self.assertEqual(columns[:3], ["合约", "最新", "涨跌"])

        self.at(play, user="china", language="zh")

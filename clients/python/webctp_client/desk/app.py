"""The desk itself: a Textual application on the asyncio client."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, ClassVar, Final

from textual.app import App, ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Horizontal, Vertical
from textual.css.query import NoMatches
from textual.widgets import DataTable, Footer, Static, TabbedContent, TabPane

from webctp_client.client import Client
from webctp_client.desk import tickets
from webctp_client.desk.dialogs import NameDialog, OrderDialog, Question
from webctp_client.desk.tickets import Ticket, number
from webctp_client.desk.words import Words
from webctp_client.errors import Overflow, WebctpError
from webctp_client.link import Lost
from webctp_client.made import enums, own, structs
from webctp_client.orders import SentOrder
from webctp_client.protocol.events import LoggedIn
from webctp_client.protocol.mirror import order_key, position_key, trade_key

REFRESH: Final = 0.25
"""Seconds between two refreshes: prices move faster than eyes."""
_LEVELS: Final = 5
_WIDTH: Final = 10
_WIDTHS: Final = {"Instrument": 22, "Lots": 6, "Side": 5, "Status": 24, "Offset": 16, "Profit": 16}
"""Of columns, in characters. Fixed: to fit 500 rows anew took 14 s, 0.08 s so."""
_PATIENCE: Final = 30.0
"""Seconds within which CTP must have told of an order; then the desk says that it has not."""
_FAILURES: Final = (WebctpError, Overflow, TimeoutError, ValueError)
_STYLE: Final = """
#quotes { width: 2fr; }
#ladder { width: 1fr; min-width: 34; padding: 0 1; border-left: solid $primary; }
#above { height: 1fr; }
#below { height: 1fr; }
#money { height: 1; background: $panel; padding: 0 1; }
OrderDialog, Question, NameDialog { align: center middle; }
.dialog { width: 64; height: auto; padding: 1 2; border: thick $primary; background: $surface; }
.dialog Horizontal { height: auto; margin-top: 1; }
#problem { color: $error; }
"""

Table = DataTable[str]


class Desk(App[None]):
    """Quotes, five levels, orders, positions, trades and money of one account.

    Every order and every cancellation is shown and asked for before it is sent.

    :param client: connects when the desk begins, and is closed with it.
    :param names: what is subscribed to at first: contracts, patterns, ``@rb``.
    :param has_account: whether the client logs in; without, there are quotes only.
    """

    CSS = _STYLE
    ENABLE_COMMAND_PALETTE = False

    def __init__(
        self, client: Client, names: Sequence[str], words: Words, *, has_account: bool
    ) -> None:
        super().__init__()
        self.client = client
        self.ticks: dict[str, structs.DepthMarketData] = {}
        self._names = list(names)
        self._words = words
        self._has_account = has_account
        self._moved: set[str] = set()
        self._is_changed = True
        self._is_connected = False
        self._failure = ""
        for key, action, text in (
            ("slash", "subscribe", "Subscribe"),
            ("b", "order('Buy')", "Buy"),
            ("s", "order('Sell')", "Sell"),
            ("x", "cancel", "Cancel order"),
            ("X", "cancel_all", "Cancel all"),
            ("c", "close_position", "Close position"),
        ):
            self.bind(key, action, description=words(text))

    BINDINGS: ClassVar[list[BindingType]] = [Binding("ctrl+q", "quit", "Quit 退出", priority=True)]

    def compose(self) -> ComposeResult:
        """Build the screen."""
        words = self._words
        with Horizontal(id="above"):
            yield DataTable[str](id="quotes", cursor_type="row")
            yield Static(words("no quotes yet"), id="ladder", markup=False)
        with Vertical(id="below"), TabbedContent():
            for name in ("Orders", "Positions", "Trades"):
                with TabPane(words(name), id=f"tab-{name.lower()}"):
                    yield DataTable[str](id=name.lower(), cursor_type="row")
        yield Static("", id="money", markup=False)
        yield Footer()

    async def on_mount(self) -> None:
        """Connect, subscribe, begin to refresh."""
        for table, columns in (
            ("quotes", "Instrument Last Change Bid Lots Ask Lots Volume Open-interest Time"),
            ("orders", "Instrument Side Offset Price Lots Traded Status Time"),
            ("positions", "Instrument Side Lots Today Yesterday Average Last Profit"),
            ("trades", "Instrument Side Offset Price Lots Time"),
        ):
            for place, name in enumerate(columns.split()):
                text = self._words(name.replace("-", " "))
                width = _WIDTHS.get(name, _WIDTH)
                self.table(table).add_column(text, width=width, key=str(place))
        self.table("quotes").focus()
        self.run_worker(self._pushes())
        for name in self._names:
            self.run_worker(self._quotes(name))
        self.set_interval(REFRESH, self.refresh_tables)

    async def on_unmount(self) -> None:
        """Close the client."""
        await self.client.close()

    def table(self, name: str) -> Table:
        """Return a table by its name."""
        return self.query_one(f"#{name}", DataTable)

    def refresh_tables(self) -> None:
        """Show what has changed since the last time."""
        if len(self.screen_stack) == 1:
            try:
                self._refresh()
            except NoMatches:
                return  # the desk is left, and its screen is being taken down

    def _refresh(self) -> None:
        moved, self._moved = self._moved, set()
        for name in sorted(moved):
            self._show("quotes", name, self._quote(self.ticks[name]))
        self.query_one("#ladder", Static).update(self._ladder())
        self.query_one("#money", Static).update(self._money())
        if self._is_changed or moved:
            self._is_changed = False
            self._account_tables()

    # Actions

    async def action_subscribe(self) -> None:
        """Ask for a name, and subscribe to it."""

        def take(name: str | None) -> None:
            if name:
                self.run_worker(self._quotes(name))

        await self.push_screen(NameDialog(self._words), take)

    def action_order(self, side: str) -> None:
        """Write an order for the chosen instrument."""
        name = self._chosen("quotes")
        if not self._may_trade() or name is None:
            self._say("choose an instrument first", is_wrong=name is None)
            return
        tick = self.ticks[name]
        is_buy = side == "Buy"
        price = (tick.AskPrice1 if is_buy else tick.BidPrice1) or tick.LastPrice or 0.0
        direction = tickets.BUY if is_buy else tickets.SELL
        ticket = Ticket(name, direction, enums.OffsetFlag.Open.value, price, 1)

        def written(one: Ticket | None) -> None:
            if one is not None:
                self._ask([one])

        self.push_screen(OrderDialog(self._words, ticket), written)

    def action_close_position(self) -> None:
        """Close the chosen position at the other side's best price."""
        key = self._chosen("positions")
        found = [one for one in self.client.positions if "/".join(position_key(one)) == key]
        if not self._may_trade() or not found:
            self._say("choose a position", is_wrong=not found)
            return
        tick = self.ticks.get(found[0].InstrumentID)
        wanted = list(tickets.closings(found[0], tick))
        if wanted:
            self._ask(wanted)
        else:
            has_price = tick is not None and tickets.best(found[0], tick)
            self._say(
                "nothing of it can be closed now"
                if has_price
                else "nobody quotes a price to close at"
            )

    def action_cancel(self) -> None:
        """Cancel the chosen order."""
        key = self._chosen("orders")
        found = [one for one in self._resting() if "/".join(order_key(one)) == key]
        if found:
            self._ask_to_cancel(found)
        else:
            self._say("choose an order that rests")

    def action_cancel_all(self) -> None:
        """Cancel every order that rests."""
        found = self._resting()
        if found:
            self._ask_to_cancel(found)
        else:
            self._say("there is no order that rests")

    def _ask(self, wanted: list[Ticket]) -> None:
        def answered(is_meant: bool | None) -> None:
            if is_meant:
                for one in wanted:
                    self.run_worker(self._send(one))

        self.push_screen(Question(self._words, [one.told(self._words) for one in wanted]), answered)

    def _ask_to_cancel(self, orders: list[structs.Order]) -> None:
        def answered(is_meant: bool | None) -> None:
            if is_meant:
                for one in orders:
                    self.run_worker(self._cancel(one))

        lines = [f"{self._words('cancellation of')} {self._order_told(one)}" for one in orders]
        self.push_screen(Question(self._words, lines), answered)

    # Work

    async def _send(self, one: Ticket) -> None:
        told = one.told(self._words)
        try:
            order = await self.client.limit_order(
                one.instrument, one.direction, one.offset, one.price, one.volume
            )
            await self._known(order, told)
        except _FAILURES as problem:
            self._fail(problem, told)

    async def _cancel(self, one: structs.Order) -> None:
        told = f"{self._words('cancellation of')} {self._order_told(one)}"
        try:
            await self._known(await self.client.cancel(one), told)
        except _FAILURES as problem:
            self._fail(problem, told)

    async def _known(self, order: SentOrder, told: str) -> None:
        await order.wait_known(_PATIENCE)
        self.notify(told, title=self._words("sent"), markup=False)

    async def _quotes(self, name: str) -> None:
        try:
            async with self.client.ticks(name) as stream:
                async for tick in stream:
                    self.ticks[tick.InstrumentID] = tick
                    self._moved.add(tick.InstrumentID)
        except _FAILURES as problem:
            self._fail(problem, name)

    async def _pushes(self) -> None:
        try:
            stream = self.client.everything()
            await self.client.start()
            self._is_connected = True
            async for kind, push in stream:
                self._is_changed = True
                if kind == "on_event":
                    self._event(push)
        except _FAILURES as problem:
            self._is_connected = False
            self._failure = str(problem)
            self._fail(problem, "")

    def _event(self, event: Any) -> None:
        if isinstance(event, Lost):
            self._is_connected = False
        elif isinstance(event, LoggedIn):
            self._is_connected = True
        elif isinstance(event, WebctpError):
            self._fail(event, "")

    # What is shown

    def _quote(self, tick: structs.DepthMarketData) -> list[str]:
        change = ""
        if tick.LastPrice and tick.PreSettlementPrice:
            change = f"{tick.LastPrice - tick.PreSettlementPrice:+,.10g}"
        return [
            tick.InstrumentID,
            number(tick.LastPrice),
            change,
            number(tick.BidPrice1),
            str(tick.BidVolume1),
            number(tick.AskPrice1),
            str(tick.AskVolume1),
            str(tick.Volume),
            number(tick.OpenInterest),
            tick.UpdateTime,
        ]

    def _ladder(self) -> str:
        name = self._chosen("quotes")
        if name is None:
            return self._words("no quotes yet")
        tick = self.ticks[name]

        def level(side: str, place: int) -> str:
            price = number(getattr(tick, f"{side}Price{place}"))
            lots = getattr(tick, f"{side}Volume{place}") if price != "-" else ""
            return f"{self._words(side)} {place} {price:>14} {lots:>8}"

        asks = [level("Ask", place) for place in range(_LEVELS, 0, -1)]
        bids = [level("Bid", place) for place in range(1, _LEVELS + 1)]
        last = f"{name}  {number(tick.LastPrice)}  {tick.UpdateTime}"
        return "\n".join([*asks, "", last, "", *bids])

    def _money(self) -> str:
        words, money = self._words, self.client.account
        parts = [self._failure] if self._failure else []
        if self._has_account and not self._is_connected:
            parts.append(words("not connected: nothing here is news"))
        elif not self.client.mirror.is_whole:
            parts.append(words("pushes were missed; asking"))
        else:
            parts.append(words("connected" if self._has_account else "log in to trade: --user"))
        if money is not None:
            risk = "-" if money.RiskDegree is None else f"{money.RiskDegree:.2%}"
            parts += [
                f"{words('Equity')} {number(money.Balance, 2)}",
                f"{words('Available')} {number(money.Available, 2)}",
                f"{words('Margin')} {number(money.CurrMargin, 2)}",
                f"{words('Risk')} {risk}",
            ]
        return "   ".join([*parts, *self.client.mirror.caveats])

    def _account_tables(self) -> None:
        client = self.client
        orders = {"/".join(order_key(one)): self._order_row(one) for one in client.orders}
        held = {"/".join(position_key(one)): self._position_row(one) for one in client.positions}
        trades = {"/".join(trade_key(one)): self._trade_row(one) for one in client.trades}
        for name, rows in (("orders", orders), ("positions", held), ("trades", trades)):
            table = self.table(name)
            for key in [str(row.value) for row in table.rows if row.value not in rows]:
                table.remove_row(key)  # closed, or of the day before
            for key, cells in rows.items():
                self._show(name, key, cells)

    def _order_row(self, one: structs.Order) -> list[str]:
        name = next((each for each in enums.OrderStatus if each == one.OrderStatus), None)
        return [
            one.InstrumentID,
            self._side(one.Direction),
            tickets.offset_told(one.CombOffsetFlag, self._words),
            number(one.LimitPrice),
            str(one.VolumeTotalOriginal),
            str(one.VolumeTraded),
            one.StatusMsg or (one.OrderStatus if name is None else name.name),
            one.InsertTime,
        ]

    def _position_row(self, one: own.PortfolioPosition) -> list[str]:
        is_long = one.PosiDirection == enums.PosiDirection.Long
        return [
            one.InstrumentID,
            self._words("Long" if is_long else "Short"),
            str(one.Position),
            str(one.TodayPosition),
            str(one.YdPosition),
            number(one.OpenPrice, 2),
            number(one.LastPrice),
            f"{one.PositionProfitByTrade:+,.2f}",
        ]

    def _trade_row(self, one: structs.Trade) -> list[str]:
        offset = tickets.offset_told(one.OffsetFlag, self._words)
        side, price = self._side(one.Direction), number(one.Price)
        return [one.InstrumentID, side, offset, price, str(one.Volume), one.TradeTime]

    def _side(self, direction: str) -> str:
        return self._words("Buy" if direction == enums.Direction.Buy else "Sell")

    def _order_told(self, one: structs.Order) -> str:
        lots = one.VolumeTotalOriginal - one.VolumeTraded
        offset = one.CombOffsetFlag
        return Ticket(one.InstrumentID, one.Direction, offset, one.LimitPrice or 0.0, lots).told(
            self._words
        )

    def _show(self, name: str, key: str, cells: list[str]) -> None:
        """Put a row into a table, or change the cells of it that differ."""
        table = self.table(name)
        if key not in table.rows:
            table.add_row(*cells, key=key)
            return
        for place, (before, cell) in enumerate(zip(table.get_row(key), cells)):  # noqa: B905
            if before != cell:
                table.update_cell(key, str(place), cell)

    def _chosen(self, name: str) -> str | None:
        """Return the key of the row under a table's cursor; None in an empty one."""
        table = self.table(name)
        if not table.row_count:
            return None
        return table.coordinate_to_cell_key(table.cursor_coordinate).row_key.value

    def _resting(self) -> list[structs.Order]:
        return [one for one in self.client.orders if tickets.is_resting(one)]

    def _may_trade(self) -> bool:
        if not self._has_account:
            self._say("log in to trade: --user")
        return self._has_account

    def _say(self, text: str, *, is_wrong: bool = True) -> None:
        if is_wrong:
            self.notify(self._words(text), severity="warning", markup=False)

    def _fail(self, problem: Exception, what: str) -> None:
        self.notify(str(problem), title=what, severity="error", timeout=20.0, markup=False)

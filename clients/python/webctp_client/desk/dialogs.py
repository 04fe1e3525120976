"""Screens in front of the desk: an order to be written, a question, a name to be typed."""

from __future__ import annotations

from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Horizontal, Vertical
from textual.screen import ModalScreen
from textual.widgets import Button, Input, Label, Select

from webctp_client.desk import tickets
from webctp_client.desk.tickets import Ticket
from webctp_client.desk.words import Words

_ESCAPE: list[BindingType] = [Binding("escape", "back", show=False)]


class OrderDialog(ModalScreen["Ticket | None"]):
    """Price, lots and offset of an order; None where it is given up."""

    BINDINGS: ClassVar[list[BindingType]] = _ESCAPE

    def __init__(self, words: Words, ticket: Ticket) -> None:
        super().__init__()
        self._words = words
        self._ticket = ticket

    def compose(self) -> ComposeResult:
        """Build it."""
        words, one = self._words, self._ticket
        side = words("Buy" if one.direction == tickets.BUY else "Sell")
        price = "" if not one.price else f"{one.price:.10g}"
        offsets = [(words(name), flag.value) for name, flag in tickets.OFFSETS]
        with Vertical(classes="dialog"):
            yield Label(f"{side} {one.instrument}")
            yield Label(words("Price"))
            yield Input(price, id="price", type="number")
            yield Label(words("Lots"))
            yield Input(str(one.volume), id="volume", type="integer")
            yield Select(offsets, value=one.offset, allow_blank=False, id="offset")
            yield Label("", id="problem")
            with Horizontal():
                yield Button(words("Send"), variant="primary", id="send")
                yield Button(words("Back"), id="back")

    def on_input_submitted(self) -> None:
        """Take it."""
        self._take()

    def on_button_pressed(self, event: Button.Pressed) -> None:
        """Take it, or give it up."""
        if event.button.id == "send":
            self._take()
        else:
            self.dismiss(None)

    def action_back(self) -> None:
        """Give it up."""
        self.dismiss(None)

    def _take(self) -> None:
        found = tickets.read(
            self.query_one("#price", Input).value, self.query_one("#volume", Input).value
        )
        if found is None:
            told = self._words("a price above 0 and a whole number of lots")
            self.query_one("#problem", Label).update(told)
            return
        offset = str(self.query_one("#offset", Select).value)
        one = self._ticket
        self.dismiss(Ticket(one.instrument, one.direction, offset, *found))


class Question(ModalScreen[bool]):
    """What is about to be sent; y or the button sends it, anything else does not."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("y", "send", show=False),
        Binding("escape,n", "back", show=False),
    ]

    def __init__(self, words: Words, lines: list[str]) -> None:
        super().__init__()
        self._words = words
        self._lines = lines

    def compose(self) -> ComposeResult:
        """Build it."""
        with Vertical(classes="dialog"):
            for line in self._lines:
                yield Label(line, classes="asked", markup=False)
            with Horizontal():
                yield Button(f"{self._words('Back')} (n)", id="back")
                yield Button(f"{self._words('Send')} (y)", variant="primary", id="send")

    def on_button_pressed(self, event: Button.Pressed) -> None:
        """Answer."""
        self.dismiss(event.button.id == "send")

    def action_send(self) -> None:
        """Answer yes."""
        self.dismiss(True)

    def action_back(self) -> None:
        """Answer no."""
        self.dismiss(False)


class NameDialog(ModalScreen[str]):
    """The name of what is to be subscribed to; empty for nothing."""

    BINDINGS: ClassVar[list[BindingType]] = _ESCAPE

    def __init__(self, words: Words) -> None:
        super().__init__()
        self._words = words

    def compose(self) -> ComposeResult:
        """Build it."""
        with Vertical(classes="dialog"):
            yield Label(self._words("Subscribe"))
            yield Input(placeholder=self._words("a contract, rb*, @rb"), id="name")

    def on_input_submitted(self, event: Input.Submitted) -> None:
        """Take it."""
        self.dismiss(event.value.strip())

    def action_back(self) -> None:
        """Give it up."""
        self.dismiss("")

"""The program of the README, run as it stands but for vn.py's main engine.

That one needs libraries of numbers, which come with `make vnpy` only: a day there begins with the
same lines on the real engine.
"""

import sys
from types import ModuleType
from typing import Any
from unittest import mock

from vnpy.event import Event, EventEngine

from tests import clients
from tests.clients.python.gateways import GatewayCase, wait_until
from tests.commands.docs.shell import fences
from vnpy_webctp import WebctpGateway

_URL = "ws://127.0.0.1:8080"


class MainEngine:
    """What the README's program uses of vn.py's."""

    made: "list[MainEngine]" = []  # noqa: RUF012 - the engines of a test, which empties it

    def __init__(self, events: EventEngine) -> None:
        self.events = events
        self.gateways: dict[str, Any] = {}
        self.made.append(self)
        self.accounts: list[str] = []
        events.register("eAccount.", self._account)
        events.start()

    def add_gateway(self, kind: Any) -> None:
        self.gateways[kind.default_name] = kind(self.events, kind.default_name)

    def connect(self, setting: dict[str, Any], name: str) -> None:
        self.gateways[name].connect(setting)

    def _account(self, event: Event) -> None:
        self.accounts.append(event.data.accountid)


class Documents(GatewayCase):
    """The README."""

    def test_readme(self) -> None:
        (text,) = fences(clients.VNPY / "README.md", "python")
        engine: Any = ModuleType("vnpy.trader.engine")
        engine.MainEngine = MainEngine
        self.addCleanup(MainEngine.made.clear)
        with mock.patch.dict(sys.modules, {"vnpy.trader.engine": engine}):
            exec(text.replace(_URL, self.gateway.url), {})
        (made,) = MainEngine.made
        self.addCleanup(made.events.stop)
        (gateway,) = made.gateways.values()
        self.addCleanup(gateway.close)
        wait_until(lambda: bool(made.accounts), "the account")
        self.assertEqual(made.accounts[0], "001")

    def test_each_setting_is_explained(self) -> None:
        text = (clients.VNPY / "README.md").read_text("utf-8")
        table = text[text.index("## 设置") : text.index("## 须知")]
        names = WebctpGateway.default_setting
        self.assertEqual([one for one in names if f"`{one}`" not in table], [])

"""The kill switch at any moment of a flow of orders that wait for a slow disk."""

import random
from collections import deque
from collections.abc import Callable
from functools import partial
from typing import Any
from unittest.mock import patch

from twisted.internet.defer import Deferred, succeed

from tests.gateway.trading.test_risk import ADMIN, BUY, RiskTest
from tests.upstream.orders.samples import Memory
from webctp.config.sections import JournalConfig
from webctp.testing import rows
from webctp.upstream.account import AccountKey
from webctp.upstream.journal.due import Due
from webctp.upstream.journal.trading import TradingJournal
from webctp.upstream.kill.halts import Halt, KillFile, KillLevel
from webctp.upstream.orders.client_order import ClientOrder

MOMENTS = 200
STEP = 0.002
"""Seconds between two orders: 500 a second."""
FLOW = 60
"""Orders of a flow; the word comes in the middle third."""


class SlowJournal(Memory):
    """A journal in memory that takes its time over each claim."""

    trouble: object = None
    healthy = True

    def __init__(self, *_: object, **__: object) -> None:
        super().__init__()
        self.held = True

    def lock(self) -> None:
        """Of ``Journal``."""

    def start(self) -> None:
        """Of ``Journal``."""

    def stop(self) -> Deferred[None]:
        """Of ``Journal``."""
        return succeed(None)

    def append(self, record: object) -> None:
        """Of ``Journal``."""

    def told_day(self, broker_id: str, day: str) -> None:
        """Of ``Journal``."""

    def last_days(self, broker_id: str) -> Deferred[str]:
        """Of ``Journal``."""
        return succeed("")

    def client_orders(self, *_: object) -> Deferred[list[ClientOrder]]:
        """Of ``Journal``."""
        return succeed([])

    def waiting_plans(self, kind: str) -> Deferred[list[tuple[str, str, int]]]:
        """Of ``Journal``."""
        return succeed([])

    def unsettled_plans(self, account: AccountKey, kind: str) -> Deferred[list[bytes]]:
        """Of ``Journal``."""
        return succeed([])

    def claim_dues(self, *of: str) -> Deferred[list[Due]]:
        """Of ``Journal``."""
        return succeed([])

    def sync_some(self, count: int) -> None:
        """Let the oldest claims reach the disk."""
        some, self.waiting = self.waiting[:count], self.waiting[count:]
        for claimed, done in some:
            done.callback(self.write(claimed))


class MomentTests(RiskTest):
    """500 orders a second, each with a ClientOrderID; the disk takes up to 40 ms for each."""

    def flow(self, seed: int, speak: Callable[[], Any], word_within: float) -> None:
        """Play one flow: nothing is inserted after the word, and what rested is cancelled.

        :param speak: says the word.
        :param word_within: seconds after which it must be in force.
        """
        draws = random.Random(seed)
        self.told = 0
        self.rest: set[str] = set()
        word_at = draws.randrange(FLOW // 3, 2 * FLOW // 3)
        silent_from = float("inf")
        inserted_at_word = -1
        for number in range(FLOW):
            if number == word_at:
                speak()
                silent_from = self.reactor.seconds() + word_within
            fields = {**BUY, "LimitPrice": 3000.0 + number}
            self.peer.send(
                {
                    "MsgType": "ReqOrderInsert",
                    "RequestID": number + 10,
                    "InputOrder": fields,
                    "ClientOrderID": f"{seed}-{number}",
                }
            )
            self.step(draws)
            if inserted_at_word < 0 and self.reactor.seconds() >= silent_from:
                inserted_at_word = self.sent
        for _ in range(100):
            self.step(draws)
            if inserted_at_word < 0 and self.reactor.seconds() >= silent_from:
                inserted_at_word = self.sent
        self.assertEqual(self.sent, inserted_at_word, f"seed {seed}: inserted after the word")
        self.assertGreater(self.sent, 0, f"seed {seed}: nothing was inserted at all")
        for _ in range(600):  # the front may refuse cancellations for a while
            if not self.rest:
                break
            self.reactor.advance(0.1)
            self.front_answers()
        self.assertEqual(self.rest, set(), f"seed {seed}: still rests")

    def step(self, draws: random.Random) -> None:
        """A moment: the disk takes some, the front tells some."""
        self.reactor.advance(STEP)
        if draws.random() < 0.4:
            self.journal.sync_some(draws.randrange(1, 8))
        if draws.random() < 0.6:
            self.front_answers()

    def front_answers(self) -> None:
        """Tell what became of the inserts and cancellations that came since."""
        calls, self.told = self.front.calls[self.told :], len(self.front.calls)
        for call in calls:
            values = call.values
            if call.name == "ReqOrderInsert":
                ref = str(values["OrderRef"])
                self.rest.add(ref)
                number = {"OrderSysID": ref, "OrderLocalID": ref}
                told = rows.order(request=values, OrderStatus="3", **number)
                self.resting[ref] = values
                self.front.push("OnRtnOrder", told)
            elif call.name == "ReqOrderAction":
                ref = str(values["OrderSysID"]).strip() or str(values["OrderRef"]).strip()
                number = {"OrderSysID": ref, "OrderLocalID": ref}
                self.rest.discard(ref)
                gone = rows.order(request=self.resting[ref], OrderStatus="5", **number)
                self.front.push("OnRtnOrder", gone)
        self.reactor.turn()

    def flows(self, make_word: Callable[[], Callable[[], Any]], word_within: float) -> None:
        """Play flows in sessions of one gateway that is lifted in between."""
        journals: deque[SlowJournal] = deque()

        def journal(*given: object, **more: object) -> SlowJournal:
            journals.append(SlowJournal())
            return journals[-1]

        with patch(
            "webctp.gateway.trading.service.TradingJournal",
            partial(TradingJournal, journal=journal),  # type: ignore[arg-type]
        ):
            self.begin(journal=JournalConfig("unused"), linger=0)
        (self.journal,) = journals
        self.resting: dict[str, Any] = {}
        self.assertIsNone(self.desk.readiness().get("kill_switch"))
        for seed in range(MOMENTS // 2):
            self.front.calls.clear()
            self.flow(seed, make_word(), word_within)
            risk = self.desk.risk
            assert risk is not None and risk.switch is not None
            switch = risk.switch
            self.assertEqual(switch.halts["all"].level, "stop-and-cancel")
            switch.lift("all", by="test")
            self.settle()
            self.journal.sync_some(10**6)
            self.settle()
            self.peer.received()

    def test_by_an_administrator_s_message(self) -> None:
        """In force from the word on: nothing is inserted after it, so nothing after its answer."""

        def make_word() -> Callable[[], Any]:
            boss = self.as_principal(ADMIN)
            word = {"MsgType": "Kill", "Kill": {"Level": "stop-and-cancel"}, "RequestID": 1}
            return lambda: boss.send(word)

        self.flows(make_word, 0.0)

    def test_by_the_command_s_file(self) -> None:
        """In force within 100 ms of the word on disk."""

        def make_word() -> Callable[[], Any]:
            word = Halt(target="all", level=KillLevel.STOP_AND_CANCEL, since=1.0)
            file = KillFile(self.kill_path)
            return lambda: file.change(lambda state: state.with_halt(word), 1.0)

        self.flows(make_word, 0.1)

"""The day of each exchange: what it tells, and which orders and actions it takes when.

CTP's page QTYWGZ/HYZTBHSM2.
"""

from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta
from typing import Any, Final

from twisted.trial.unittest import SynchronousTestCase

from tests.conformance import holds
from tests.sim.audit import audit
from tests.sim.helpers import Bench, pushes, states
from webctp.exchanges import calendar, productfile
from webctp.sim.events import Broadcast, Event, Push, Reply
from webctp.sim.model.timeline import ExchangeHours
from webctp.sim.options import SimOptions

EVENING: Final = datetime(2026, 11, 23, 20, 40)
CLOSED: Final = datetime(2026, 11, 24, 15, 20)
NIGHT: Final = "20:55 20:59 21:00 23:00 "
DAY: Final = "08:55 08:59 09:00 10:15 10:30 11:30 13:30 15:00"
TOLD: Final[Mapping[str, tuple[str, str, str]]] = {
    # Product: its status before, when it changes, and to what.
    "rb": ("1", NIGHT + DAY, "3 5 2 1 3 5 2 1 2 1 2 6"),
    "wr": ("1", DAY, "3 5 2 1 2 1 2 6"),
    "lu": ("1", NIGHT + DAY, "3 5 2 1 3 5 2 1 2 1 2 6"),
    "SR": ("0", NIGHT + DAY.removeprefix("08:55 08:59 "), "3 0 2 0 2 0 2 0 2 6"),
    "SRC": ("0", NIGHT + DAY.removeprefix("08:55 08:59 "), "3 0 2 0 2 0 2 0 2 6"),
    "AP": ("0", DAY, "3 0 2 0 2 0 2 6"),
    "m": ("0", NIGHT + DAY, "3 5 2 1 3 5 2 1 2 1 2 6"),
    "m_o": ("0", NIGHT + DAY, "3 5 2 1 3 5 2 1 2 1 2 6"),
    "si": ("0", DAY, "3 5 2 1 2 1 2 6"),
    "IF": ("0", "09:25 09:29 09:30 11:30 13:00 15:00", "3 5 2 1 2 6"),
}


def bench_at(moment: datetime, **options: Any) -> Bench:
    hours = ExchangeHours(calendar.default(), productfile.default().values())
    return Bench(SimOptions(seed=7, balance=1e9, **options), hours, moment)


class Statuses(SynchronousTestCase):
    """OnRtnInstrumentStatus over a night and a day."""

    @holds("HYZTBHSM2-3", "HYZTBHSM2-4", "HYZTBHSM2-5", "HYZTBHSM2-7", "HYZTBHSM2-8")
    def test_sequences(self) -> None:
        bench = bench_at(EVENING)
        rows = bench.exchange.phases.rows()
        before = {str(row["InstrumentID"]): row["InstrumentStatus"] for row in rows}
        told: dict[str, list[tuple[str, str]]] = {name: [] for name in TOLD}
        while bench.now < CLOSED:
            bench.now += timedelta(minutes=5)
            bench.exchange.advance(bench.now)
            for event in bench.exchange.drain():
                if isinstance(event, Broadcast) and event.values["InstrumentID"] in told:
                    row = event.values
                    change = str(row["EnterTime"])[:5], str(row["InstrumentStatus"])
                    told[str(row["InstrumentID"])].append(change)
        for product, (status, times, statuses) in TOLD.items():
            with self.subTest(product):
                self.assertEqual(before[product], status)
                self.assertEqual(
                    told[product], list(zip(times.split(), statuses.split(), strict=True))
                )


class Taken(SynchronousTestCase):
    """Orders and cancellations phase by phase."""

    def tried(self, bench: Bench, session: int, name: str) -> str:
        """What becomes of a limit order (L), a FAK (F), and a cancellation (C) that are taken."""
        low = bench.market(name).day.lower / 1e4
        limit = states(bench.order(session, name, LimitPrice=low))
        fak = states(bench.order(session, name, TimeCondition="1"))
        action = {"InstrumentID": name, "ExchangeID": self.exchange_of(bench, name)}
        cancelled = bench.action(session, OrderRef="1", **action)
        refused = [e for e in cancelled if isinstance(e, Push | Reply) and e.error]
        audit(bench.exchange)
        self.assertTrue(not refused or [r.error for r in refused] == [91], refused)
        taken = (limit[-1] != "45", fak[-1] != "45", not refused)
        return "".join(letter for letter, was in zip("LFC", taken, strict=True) if was)

    def exchange_of(self, bench: Bench, name: str) -> str:
        contract = bench.exchange.markets.contract(name)
        assert contract is not None
        return contract.exchange

    def day(self, name: str, clocks: Iterable[str]) -> dict[str, str]:
        """What is taken at each time, where an order of the night's auction rests."""
        found = {}
        for clock in clocks:
            night = clock.startswith("2")
            moment = datetime.fromisoformat(f"2026-11-{23 if night else 24}T{clock}")
            bench = bench_at(datetime(2026, 11, 23, 20, 55, 30))
            session = bench.login()
            low = bench.market(name).day.lower / 1e4
            bench.order(session, name, OrderRef="1", LimitPrice=low)
            bench.now = moment
            bench.exchange.advance(moment)
            bench.exchange.drain()
            found[clock] = self.tried(bench, session, name)
        return found

    def test_night_products(self) -> None:
        usual = {
            "20:56": "LC", "20:59:30": "", "22:00": "LFC", "23:30": "", "08:56": "LC",
            "08:59:30": "", "09:05": "LFC", "10:20": "", "14:59": "LFC",
        }  # fmt: skip
        for name in ("rb2705", "lu2703", "m2705", "m2705-C-2800"):
            with self.subTest(name):
                self.assertEqual(self.day(name, usual), usual)

    def test_czce_takes_cancellations_alone_in_the_morning(self) -> None:
        wanted = {
            "20:56": "LC", "20:59:30": "", "22:00": "LFC", "23:30": "", "08:56": "C",
            "08:59:30": "", "09:05": "LFC", "10:20": "", "14:59": "LFC",
        }  # fmt: skip
        self.assertEqual(self.day("SR705", wanted), wanted)

    def test_products_without_a_night(self) -> None:
        for name in ("AP705", "si2703", "jd2705"):
            for clock, wanted in (("08:50", ""), ("08:56", "L"), ("08:59:30", ""), ("09:05", "LF")):
                bench = bench_at(datetime.fromisoformat(f"2026-11-24T{clock}"))
                found = self.tried_without_action(bench, bench.login(), name)
                self.assertEqual(found, wanted, (name, clock))

    def tried_without_action(self, bench: Bench, session: int, name: str) -> str:
        low = bench.market(name).day.lower / 1e4
        limit = states(bench.order(session, name, LimitPrice=low))
        fak = states(bench.order(session, name, TimeCondition="1"))
        taken = (limit[-1] != "45", fak[-1] != "45")
        return "".join(letter for letter, was in zip("LF", taken, strict=True) if was)

    def test_the_nights_orders_rest_into_the_day(self) -> None:
        for name in ("SR705", "m2705", "rb2705"):
            with self.subTest(name):
                bench = bench_at(datetime(2026, 11, 23, 22, 59))
                session = bench.login()
                market = bench.market(name)
                low, high = market.day.lower / 1e4, market.day.upper / 1e4
                bench.order(session, name, OrderRef="1", LimitPrice=low)
                bench.now = datetime(2026, 11, 24, 9, 1)
                bench.exchange.advance(bench.now)
                events = bench.exchange.drain()
                self.assertEqual(pushes(events, "OnRtnOrder"), [])
                rows = bench.rows(session, "ReqQryOrder")
                self.assertEqual([row["OrderStatus"] for row in rows], ["3"])
                self.assertEqual(states(bench.order(session, name, LimitPrice=high))[-1], "T")
                audit(bench.exchange)

    def test_day_orders_end_with_the_day(self) -> None:
        bench = bench_at(datetime(2026, 11, 24, 14, 59))
        session = bench.login()
        for name in ("SR705", "m2705", "rb2705", "IF2612"):
            bench.order(session, name, LimitPrice=bench.market(name).day.lower / 1e4)
        bench.run(90)
        rows = bench.rows(session, "ReqQryOrder")
        self.assertEqual([row["OrderStatus"] for row in rows], ["5"] * 4)
        self.assertEqual({row["ActiveUserID"] for row in rows}, {""})


class Morning(SynchronousTestCase):
    """CZCE's stale tick comes at 8:59, auction or none."""

    def test_the_nights_last_tick_is_told_again(self) -> None:
        bench = bench_at(datetime(2026, 11, 23, 22, 50))
        session = bench.exchange.sessions[bench.connect(trading=False)]
        bench.exchange.market_data.watch(session, "SR705")
        bench.exchange.advance(datetime(2026, 11, 24, 8, 58, 59))
        bench.exchange.drain()
        bench.now = datetime(2026, 11, 24, 8, 59, 1)
        bench.exchange.advance(bench.now)
        told: list[Event] = bench.exchange.drain()
        ticks = [event for event in told if type(event).__name__ == "TickEvent"]
        self.assertEqual(len(ticks), 1, told)
        self.assertIn(b"23:00:00", ticks[0].values)  # type: ignore[union-attr]

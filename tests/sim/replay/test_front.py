"""A recording as a front: the native surface, real structs, and recordings of replays."""

import tempfile
import threading
from collections.abc import Callable
from ctypes import string_at
from datetime import date
from pathlib import Path
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st
from twisted.logger import capturedLogs
from twisted.trial.unittest import SynchronousTestCase

from tests.recording.test_rows import raw_ticks
from tests.sim.host.test_api import PATIENCE, Recorder, body
from tests.sim.recordings import LAYOUT, MORNING, ROWS, SECOND, save, tick
from webctp.ctp import catalog
from webctp.recording.errors import TickFileError
from webctp.recording.recorder import Recorder as FileRecorder
from webctp.recording.rows import Tick
from webctp.recording.tickfile import files_of, read
from webctp.sim.options import OptionError, SimOptions
from webctp.sim.replay.front import ReplayFront, ReplayOptions

NAMES = ["cu2701", "rb2701", "no such thing"]


class TickCounter:
    """An SPI that hands the bytes of each tick on, and knows when enough have come."""

    def __init__(self, wanted: int, take: Callable[[bytes], None]) -> None:
        self.enough = threading.Event()
        self.count = 0
        counter = self

        def on_tick(spi: Any, live: Any) -> None:
            take(string_at(int(live.this), LAYOUT.size))
            counter.count += 1
            if counter.count >= wanted:
                counter.enough.set()

        base = catalog.market_data().spi_class
        self.spi = type("TickCounter", (base,), {"OnRtnDepthMarketData": on_tick})()


class FrontCase(SynchronousTestCase):
    """Fronts on recordings; APIs that are released."""

    def setUp(self) -> None:
        self.folder = Path(self.mktemp())
        self.apis: list[Any] = []
        self._released: list[Any] = []

    def front(self, path: Path, **options: Any) -> ReplayFront:
        return ReplayFront(ReplayOptions(path, **{"speed": 0.0, "delay": 0.0, **options}))

    def api(self, front: ReplayFront, spi: Any, *, trading: bool = False) -> Any:
        flow = tempfile.mkdtemp(dir=Path(self.mktemp()).parent) + "/"
        create = front.create_trader if trading else front.create_market
        api = create(flow, False)
        api.RegisterSpi(spi)
        self.apis.append(api)
        self.addCleanup(self.release, api)
        return api

    def release(self, api: Any) -> None:
        if api not in self._released:
            self._released.append(api)
            api.Release()

    def market(self, front: ReplayFront, names: list[str] = NAMES) -> Recorder:
        """A market-data API that has subscribed."""
        recorder = Recorder(catalog.market_data())
        api = self.api(front, recorder.spi)
        api.Init()
        recorder.wait("OnFrontConnected")
        api.SubscribeMarketData([name.encode() for name in names], len(names))
        return recorder

    def play(self, front: ReplayFront, count: int, take: Callable[[bytes], None]) -> None:
        """Let a front play ``count`` ticks of all instruments."""
        recorder = Recorder(catalog.market_data())
        api = self.api(front, recorder.spi)
        api.Init()
        recorder.wait("OnFrontConnected")
        counter = TickCounter(count, take)
        api.RegisterSpi(counter.spi)
        api.SubscribeMarketData([name.encode() for name in NAMES], len(NAMES))
        self.assertTrue(counter.enough.wait(PATIENCE), f"{counter.count} of {count} ticks came")
        self.release(api)


class ReplayTests(FrontCase):
    """What comes through the API."""

    def test_the_ticks_are_the_recorded_ones_field_for_field(self) -> None:
        ticks = [
            tick(n, InstrumentID=name, LastPrice=71000.0 + n, Volume=n)
            for n, name in enumerate(NAMES * 100)
        ]
        recorder = self.market(self.front(save(self.folder, ticks)))
        came = recorder.wait("OnRtnDepthMarketData", len(ticks))
        self.assertEqual([call.values[0] for call in came], [LAYOUT.unpack(t.raw) for t in ticks])
        self.assertNotIn("MainThread", {call.thread for call in came})

    def test_structs_are_wiped_after_the_callback(self) -> None:
        ticks = [tick(0), tick(1)]
        recorder = self.market(self.front(save(self.folder, ticks)))
        [call, _] = recorder.wait("OnRtnDepthMarketData", 2)
        self.release(self.apis[0])  # waits for the callback to end
        self.assertEqual(LAYOUT.read(call.pointers[0])[:9], b"\xdd" * 9)

    def test_subscriptions_are_honoured(self) -> None:
        ticks = [tick(0, InstrumentID=name) for name in NAMES]
        recorder = self.market(self.front(save(self.folder, ticks)), ["rb2701", "absent"])
        [call] = recorder.wait("OnRtnDepthMarketData")
        self.assertEqual(call.values[0]["InstrumentID"], "rb2701")
        answers = recorder.wait("OnRspSubMarketData", 2)
        self.assertEqual([call.values[1]["ErrorID"] for call in answers], [0, 16])

    def test_trading_meets_the_same_record(self) -> None:
        front = self.front(save(self.folder, [tick(0)]))
        market = self.market(front)
        market.wait("OnRtnDepthMarketData")
        recorder = Recorder(catalog.trading())
        api = self.api(front, recorder.spi, trading=True)
        api.SubscribePrivateTopic(2)
        api.Init()
        recorder.wait("OnFrontConnected")
        login = {"BrokerID": "9999", "UserID": "1001", "Password": "p"}
        api.ReqUserLogin(body("ReqUserLogin", **login), 1)
        welcome = recorder.wait("OnRspUserLogin")[0].values[0]
        self.assertEqual(welcome["TradingDay"], "20261124")
        api.ReqSettlementInfoConfirm(body("SettlementInfoConfirm"), 2)
        recorder.wait("OnRspSettlementInfoConfirm")
        order = {
            "InvestorID": "1001",
            "InstrumentID": "cu2701",
            "ExchangeID": "SHFE",
            "OrderPriceType": "2",
            "Direction": "0",
            "CombOffsetFlag": "0",
            "CombHedgeFlag": "1",
            "LimitPrice": 71230.0,
            "VolumeTotalOriginal": 2,
            "TimeCondition": "3",
            "VolumeCondition": "1",
            "ContingentCondition": "1",
            "ForceCloseReason": "0",
        }
        api.ReqOrderInsert(body("InputOrder", **order), 3)
        trade = recorder.wait("OnRtnTrade")[0].values[0]
        self.assertEqual((trade["Price"], trade["Volume"]), (71230.0, 2))

    def test_the_end_is_silent(self) -> None:
        with capturedLogs() as logged:
            front = self.front(save(self.folder, [tick(0)]))
            recorder = self.market(front)
            recorder.wait("OnRtnDepthMarketData")
            again = self.market(front)
            again.wait("OnRtnDepthMarketData")  # the last one, for a late subscriber
        self.assertEqual(recorder.named("OnFrontDisconnected"), [])
        self.assertIn("has been played", "".join(str(e.get("log_format")) for e in logged))

    def test_a_release_in_the_middle(self) -> None:
        ticks = [tick(n) for n in range(20_000)]
        front = self.front(save(self.folder, ticks))
        recorder = Recorder(catalog.market_data())
        api = self.api(front, recorder.spi)
        api.Init()
        recorder.wait("OnFrontConnected")
        api.SubscribeMarketData([b"cu2701"], 1)
        recorder.wait("OnRtnDepthMarketData", 10)
        self.release(api)
        count = len(recorder.named("OnRtnDepthMarketData"))
        self.assertLess(count, len(ticks))
        self.assertEqual(len(recorder.named("OnRtnDepthMarketData")), count)

    def test_damaged_rows_are_logged_with_their_line(self) -> None:
        path = save(self.folder, [tick(0)]) / "TICKS-20261124.csv"
        with path.open("ab") as file:
            file.write(b"rubbish\n" + ROWS.line(tick(1)))
        with capturedLogs() as logged:
            self.market(self.front(path)).wait("OnRtnDepthMarketData", 2)
        lines = [event["line"] for event in logged if "line" in event]
        self.assertEqual(lines, [f"{path}: line 3: skipped: 1 cells found, wanted 49"])

    def test_at_a_speed(self) -> None:
        ticks = [tick(n / 10) for n in range(10)]
        recorder = self.market(self.front(save(self.folder, ticks), speed=100.0))
        recorder.wait("OnRtnDepthMarketData", 10)

    def test_at_a_speed_the_clock_is_the_records_on_any_thread(self) -> None:
        years = 20 * 365 * 86_400  # from this machine's time, whatever that is
        ticks = [tick(years), tick(years + 1)]
        front = self.front(save(self.folder, ticks), speed=100.0)
        self.market(front).wait("OnRtnDepthMarketData", 2)
        self.assertGreaterEqual(front.clock(), ticks[1].received)

    def test_behind_a_gap_that_is_passed_over_too(self) -> None:
        ticks = [tick(0), tick(86_400), tick(86_401)]
        front = self.front(save(self.folder, ticks), speed=100.0)
        self.market(front).wait("OnRtnDepthMarketData", 3)
        self.assertGreaterEqual(front.clock(), ticks[2].received)


class RecordedReplayTests(FrontCase):
    """The recording of a replay is the recording that was replayed."""

    def rerecord(self, ticks: list[Tick], kind: str = "csv") -> Path:
        folder = save(self.folder, ticks, kind=kind)
        front = self.front(folder)
        again = Path(self.mktemp())
        recorder = FileRecorder(str(again), kind, clock=front.clock)
        self.play(front, len(ticks), recorder.put)
        recorder.close()
        return again

    def test_byte_for_byte(self) -> None:
        ticks = [
            tick(n / 2 + 0.000_000_123, InstrumentID=NAMES[n % 3], Turnover=n / 7, Volume=n)
            for n in range(9_000)
        ]
        again = self.rerecord(ticks)
        name = "TICKS-20261124.csv"
        self.assertEqual([path.name for path in again.iterdir()], [name])
        self.assertEqual((again / name).read_bytes(), (self.folder / name).read_bytes())

    def test_parquet_row_for_row(self) -> None:
        ticks = [tick(n, InstrumentID=NAMES[n % 3]) for n in range(300)]
        [path] = files_of(self.rerecord(ticks, "parquet"))
        self.assertEqual(list(read(path, ROWS, self.fail)), ticks)

    def test_over_several_days(self) -> None:
        self.folder.mkdir()
        days = ["20261124", "20261125", "20261126"]
        for number, day in enumerate(days):
            save(self.folder, [tick(number * 60 + n, TradingDay=day) for n in range(5)], day)
        front = self.front(self.folder)
        again = Path(self.mktemp())
        recorder = FileRecorder(str(again), "csv", clock=front.clock)
        self.play(front, 15, recorder.put)
        recorder.close()
        for path in files_of(self.folder):
            self.assertEqual((again / path.name).read_bytes(), path.read_bytes())

    @settings(max_examples=15, deadline=None)
    @given(st.lists(raw_ticks(), min_size=1, max_size=5))
    def test_whatever_was_recorded(self, raws: list[bytes]) -> None:
        place, day = LAYOUT.by_name["InstrumentID"], LAYOUT.by_name["TradingDay"]
        name = b"cu2701".ljust(place.size, b"\0")
        ticks = [
            Tick(
                MORNING + number * SECOND,
                b"20261124\0" + raw[day.size : place.offset] + name
                + raw[place.offset + place.size :],
            )
            for number, raw in enumerate(raws)
        ]  # fmt: skip
        self.folder = Path(self.mktemp())
        again = self.rerecord(ticks)
        name_of_day = "TICKS-20261124.csv"
        self.assertEqual(
            (again / name_of_day).read_bytes(), (self.folder / name_of_day).read_bytes()
        )


class OptionTests(SynchronousTestCase):
    """Addresses of replays."""

    def test_what_an_address_says(self) -> None:
        for address, options in (
            ("replay://a.csv", ReplayOptions(Path("a.csv"))),
            ("replay:///x/a.csv?speed=60", ReplayOptions(Path("/x/a.csv"), speed=60.0)),
            ("replay://a.csv?speed=max&delay=0", ReplayOptions(Path("a.csv"), 0.0, 0.0)),
            ("replay://a.csv?day=20261123", ReplayOptions(Path("a.csv"), day=date(2026, 11, 23))),
            ("replay://a.csv?Speed=0.5", ReplayOptions(Path("a.csv"), 0.5)),
            ("replay://a%20b/%3F.csv", ReplayOptions(Path("a b/?.csv"))),
        ):
            self.assertEqual(ReplayOptions.from_address(address), options, address)

    def test_the_brokers_options_come_from_the_configuration(self) -> None:
        options = ReplayOptions.from_address("replay://a.csv", {"Balance": "5"})
        self.assertEqual(options.sim, SimOptions(balance=5.0))
        self.assertRaises(OptionError, ReplayOptions.from_address, "replay://a", {"Balanse": "5"})

    def test_what_is_refused_is_named(self) -> None:
        for address, said in (
            ("replay://", "names no recording"),
            ("sim://a", "names no recording"),
            ("replay://a%00b", "names no recording"),
            ("replay://a?speed=fast", "speed: found 'fast', wanted a number"),
            ("replay://a?speed=-1", "speed: found '-1'"),
            ("replay://a?speed=nan", "speed: found 'nan'"),
            ("replay://a?delay=", "delay: found ''"),
            ("replay://a?loop=1", "option loop: found an unknown key, wanted speed, delay or day"),
            ("replay://a?day=20261122", "day: found '20261122', wanted a trading day"),
            ("replay://a?day=", "day: found '', wanted a trading day"),
        ):
            error = self.assertRaises(OptionError, ReplayOptions.from_address, address)
            self.assertIn(said, str(error), address)

    def test_no_recording_there(self) -> None:
        folder = Path(self.mktemp())
        for path in (folder / "missing.csv", folder):
            self.assertRaises(TickFileError, ReplayFront, ReplayOptions(path))
        folder.mkdir()
        self.assertRaises(TickFileError, ReplayFront, ReplayOptions(folder))
        empty = folder / "TICKS-20261124.csv"
        empty.write_bytes(ROWS.header)
        error = self.assertRaises(TickFileError, ReplayFront, ReplayOptions(empty))
        self.assertEqual(str(error), f"{empty}: holds no tick that can be read")
        undated = folder / "bought.csv"
        undated.write_bytes(b"InstrumentID,UpdateTime\nrb2701,09:00:00\n")
        error = self.assertRaises(TickFileError, ReplayFront, ReplayOptions(undated))
        self.assertIn(f"{undated}: no row tells its date", str(error))
        ReplayFront(ReplayOptions(undated, day=date(2026, 11, 23)))
        damaged = Path(self.mktemp())
        damaged.write_bytes(b"InstrumentID,UpdateTime\n" + b"cu2701,90000\n" * 9)
        error = self.assertRaises(TickFileError, ReplayFront, ReplayOptions(damaged))
        self.assertEqual(
            str(error),
            f"{damaged}: holds no tick that can be read; "
            + "; ".join(
                f"line {line}: skipped: UpdateTime: '90000' found, wanted a time such as 09:00:00"
                for line in (2, 3, 4)
            ),
        )

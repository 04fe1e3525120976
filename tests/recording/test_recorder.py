"""Recording: every tick in its day's file, nobody waits, and a full disk stops nothing."""

import threading
from functools import partial
from pathlib import Path

from twisted.logger import LogLevel, capturedLogs
from twisted.trial.unittest import SynchronousTestCase

from tests.native import NativeSpi
from tests.recording.test_rows import layout
from tests.upstream.market.test_hub import Sink
from webctp.config.market import MarketSettings
from webctp.ctp import catalog
from webctp.ctp.bridge import CallbackEvent, spi
from webctp.ctp.codec import DBL_MAX, codec_for
from webctp.recording.recorder import Recorder, RecordingBridge
from webctp.recording.rows import RowFormat, Tick
from webctp.recording.tickfile import files_of, read
from webctp.testing import FakeFront, ThreadlessReactor
from webctp.upstream.market.ctpfeed import ctp_feeds
from webctp.upstream.market.hub import MarketHub
from webctp.upstream.session.apiqueue import ApiQueue


def body(name: str, day: str = "20261123", **values: object) -> bytes:
    """The bytes of a tick."""
    return layout().pack({"InstrumentID": name, "TradingDay": day, "OpenPrice": DBL_MAX, **values})


class RecorderCase(SynchronousTestCase):
    """A recorder whose clocks stand still, worked by hand."""

    def setUp(self) -> None:
        self.folder = Path(self.mktemp())
        self.time = 0
        self.seconds = 0.0
        self.rows = RowFormat(layout())

    def recorder(self, kind: str = "csv", bound: int = 1000) -> Recorder:
        return Recorder(
            str(self.folder),
            kind,
            clock=self.tick_clock,
            bound=bound,
            now=lambda: self.seconds,
        )

    def tick_clock(self) -> int:
        self.time += 1
        return self.time

    def recorded(self, name: str = "TICKS-20261123.csv") -> list[Tick]:
        told: list[str] = []
        ticks = list(read(self.folder / name, self.rows, told.append))
        self.assertEqual(told, [])
        return ticks

    def names(self, name: str = "TICKS-20261123.csv") -> list[str]:
        return [layout().text(one.raw, "InstrumentID") for one in self.recorded(name)]

    def files(self) -> list[str]:
        return sorted(path.name for path in self.folder.iterdir())


class RecordingTests(RecorderCase):
    """What is written where."""

    def test_czces_evening_goes_to_the_next_days_file(self) -> None:
        # 2026-11-23 21:00 in China.
        self.time = 1_795_438_800 * 10**9
        recorder = self.recorder()
        recorder.put(body("cu2701", "20261124", UpdateTime="21:00:00"))
        recorder.put(body("TA701", "20261123", UpdateTime="21:00:00"))
        recorder.close()
        self.assertEqual(self.files(), ["TICKS-20261124.csv"])
        told = [layout().text(one.raw, "TradingDay") for one in self.recorded(self.files()[0])]
        # What is recorded is what came.
        self.assertEqual(told, ["20261124", "20261123"])

    def test_ticks_with_their_time(self) -> None:
        recorder = self.recorder()
        bodies = [body(f"a{number}") for number in range(200)]
        for one in bodies:
            recorder.put(one)
        recorder.close()
        expected = [Tick(number + 1, one) for number, one in enumerate(bodies)]
        self.assertEqual(self.recorded(), expected)
        self.assertEqual(
            recorder.status(), {"ok": True, "reason": "", "written": 200, "dropped": 0}
        )

    def test_each_trading_day_has_its_file(self) -> None:
        recorder = self.recorder()
        for name, day in (("a", "20261123"), ("b", "20261124"), ("c", "20261123")):
            recorder.put(body(name, day))
        recorder.close()
        self.assertEqual(self.names(), ["a", "c"])
        self.assertEqual(self.names("TICKS-20261124.csv"), ["b"])

    def test_days_beyond_the_files_kept_open(self) -> None:
        recorder = self.recorder()
        days = [f"202611{day}" for day in range(10, 20)]
        for name in ("a", "b"):
            for day in days:
                recorder.put(body(name, day))
        recorder.close()
        for day in days:
            self.assertEqual(self.names(f"TICKS-{day}.csv"), ["a", "b"])

    def test_a_day_that_is_none_names_no_path(self) -> None:
        recorder = self.recorder()
        for day in ("", "../../x", "20261332", "99999999"):
            recorder.put(body("a", day))
        recorder.close()
        self.assertEqual(self.files(), ["TICKS-undated.csv"])
        self.assertEqual(len(self.recorded("TICKS-undated.csv")), 4)

    def test_a_restart_in_the_middle_of_a_day_goes_on_in_the_file(self) -> None:
        for name in ("a", "b"):
            recorder = self.recorder()
            recorder.put(body(name))
            recorder.close()
        self.assertEqual(self.names(), ["a", "b"])

    def test_a_crash_costs_what_was_not_written_and_no_more(self) -> None:
        recorder = self.recorder()
        recorder.put(body("a"))
        recorder.work()
        with (self.folder / "TICKS-20261123.csv").open("ab") as file:
            file.write(self.rows.line(Tick(2, body("torn")))[:-5])
        again = self.recorder()
        again.put(body("b"))
        again.close()
        self.assertEqual(self.names(), ["a", "b"])
        recorder.close()

    def test_parquet(self) -> None:
        for name in ("a", "b"):
            recorder = self.recorder("parquet")
            recorder.put(body(name))
            recorder.close()
        self.assertEqual([self.names(path.name) for path in files_of(self.folder)], [["a"], ["b"]])

    def test_the_thread_writes_what_waits_when_it_ends(self) -> None:
        recorder = self.recorder()
        recorder.start()
        for number in range(500):
            recorder.put(body(f"a{number}"))
        recorder.stop()
        self.assertEqual(len(self.recorded()), 500)
        self.assertNotIn("recorder", [thread.name for thread in threading.enumerate()])

    def test_stop_without_start(self) -> None:
        self.recorder().stop()


class TroubleTests(RecorderCase):
    """What is lost is counted and told; nobody waits for it."""

    def test_a_full_queue_drops_and_counts(self) -> None:
        recorder = self.recorder(bound=3)
        for number in range(5):
            recorder.put(body(f"a{number}"))
        with capturedLogs() as logged:
            recorder.work()
        self.assertEqual(self.names(), ["a0", "a1", "a2"])
        self.assertEqual((recorder.written, recorder.dropped), (3, 2))
        recorder.put(body("a6"))
        figures = {
            one.name.removeprefix("webctp_recorder_"): one.value for one in recorder.samples()
        }
        self.assertEqual(
            figures,
            {
                "ticks_written": 3,
                "ticks_dropped_total": 2,
                "ticks_waiting": 1,
                "ticks_waiting_limit": 3,
                "up": 1,
            },
        )
        self.assertEqual([(e["log_level"], e["count"]) for e in logged], [(LogLevel.warn, 2)])
        recorder.close()

    def full_disk(self) -> Path:
        """The day's file is a device on which every write fails for want of room."""
        self.folder.mkdir()
        path = self.folder / "TICKS-20261123.csv"
        path.symlink_to("/dev/full")
        return path

    def test_a_full_disk_is_told_once_and_got_over(self) -> None:
        path = self.full_disk()
        recorder = self.recorder()
        with capturedLogs() as logged:
            for number in range(5):
                recorder.put(body(f"a{number}"))
                recorder.work()
                self.seconds += 10
            self.assertFalse(recorder.status()["ok"])
            self.assertIn("No space left on device", recorder.status()["reason"])
            path.unlink()
            recorder.work()
        self.assertEqual(
            [event["log_level"] for event in logged], [LogLevel.critical, LogLevel.info]
        )
        self.assertEqual(self.names(), ["a0", "a1", "a2", "a3", "a4"])
        self.assertEqual(recorder.status(), {"ok": True, "reason": "", "written": 5, "dropped": 0})
        recorder.close()

    def test_a_full_disk_is_not_tried_all_the_time(self) -> None:
        path = self.full_disk()
        recorder = self.recorder()
        recorder.put(body("a"))
        recorder.work()
        path.unlink()
        recorder.work()
        self.assertEqual(self.files(), [])
        self.seconds += 10
        recorder.work()
        self.assertEqual(self.names(), ["a"])
        recorder.close()

    def test_what_cannot_be_written_at_the_end_is_counted(self) -> None:
        self.full_disk()
        recorder = self.recorder()
        recorder.put(body("a"))
        with capturedLogs() as logged:
            recorder.close()
        self.assertEqual((recorder.written, recorder.dropped), (0, 1))
        self.assertEqual(logged[-1]["count"], 1)

    def test_a_folder_that_cannot_be_made(self) -> None:
        self.folder.write_text("a file")
        recorder = self.recorder()
        recorder.put(body("a"))
        with capturedLogs():
            recorder.work()
            self.assertFalse(recorder.status()["ok"])
            recorder.close()

    def test_a_part_of_parquet_that_breaks_is_counted(self) -> None:
        recorder = self.recorder("parquet")
        recorder.put(body("a"))
        recorder.work()
        self.assertEqual(recorder.written, 1)
        for path in self.folder.iterdir():
            path.unlink()  # what is written can be finished no more
        with capturedLogs():
            recorder.close()
        self.assertEqual((recorder.written, recorder.dropped), (0, 1))
        self.assertFalse(recorder.status()["ok"])


class BridgeTests(RecorderCase):
    """Where ticks are taken: on the callback thread, before any can be passed over."""

    def setUp(self) -> None:
        super().setUp()
        self.taken: list[bytes] = []
        self.delivered: list[CallbackEvent] = []
        self.reactor = ThreadlessReactor()
        place = layout().by_name["InstrumentID"]
        self.bridge = RecordingBridge(
            self.reactor,
            self.delivered.extend,
            slice(place.offset, place.offset + place.size),
            self.taken.append,
        )
        catalogue = catalog.market_data()
        self.native = NativeSpi(spi(catalogue, codec_for(catalogue.module), self.bridge), catalogue)

    def test_native_ticks_are_recorded_and_delivered(self) -> None:
        bodies = [body(f"a{number}") for number in range(3)]
        for one in bodies:
            self.native.call("OnRtnDepthMarketData", layout().new(one))
        self.assertEqual(self.taken, bodies)
        self.reactor.turn()
        self.assertEqual([event.body for event in self.delivered], bodies)

    def test_nothing_else_is_recorded(self) -> None:
        self.native.call("OnFrontConnected")
        self.assertEqual(self.taken, [])


class HubTests(SynchronousTestCase):
    """The hub that is told to record."""

    def test_whatever_the_front_sends_is_recorded(self) -> None:
        taken: list[bytes] = []
        reactor, front = ThreadlessReactor(), FakeFront()
        settings = MarketSettings(
            md_front_address=("tcp://one:1",),
            broker_id="9999",
            con_file_path=self.mktemp(),
            production_mode=True,
            login_timeout=15.0,
        )
        sources = partial(ctp_feeds, reactor, ApiQueue.on(reactor), front, settings, taken.append)
        hub = MarketHub[str](reactor, front, sources, settings, Sink())
        hub.start()
        reactor.turn()
        front.push("OnRtnDepthMarketData", {"InstrumentID": "nobody asked"})
        names = [layout().text(one, "InstrumentID") for one in taken]
        self.assertEqual(names, ["nobody asked"])
        hub.close()
        reactor.turn()

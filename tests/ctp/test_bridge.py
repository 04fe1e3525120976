"""The bridge: the real director driven from foreign threads, and the queues behind it."""

import ctypes
import gc
import mmap
from collections.abc import Callable, Iterable
from itertools import count
from threading import Barrier, Lock, Thread
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st
from twisted.internet import reactor
from twisted.internet.defer import Deferred
from twisted.trial.unittest import SynchronousTestCase, TestCase

from tests.native import NativeSpi
from webctp.ctp import bridge, catalog
from webctp.ctp.bridge import RSP_INFO, Bridge, Event, TickBridge
from webctp.ctp.catalog import Callback, Catalogue
from webctp.ctp.codec import Layout, codec_for

TICK = "OnRtnDepthMarketData"


class Turns:
    """In place of the reactor: keeps what is to be called until :meth:`run`."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._calls: list[Callable[[], Any]] = []
        self.woken = 0

    def callFromThread(self, callable: Callable[..., Any], *args: object, **kwargs: object) -> None:
        with self._lock:
            self.woken += 1
            self._calls.append(lambda: callable(*args, **kwargs))

    def run(self) -> None:
        """One turn of the reactor."""
        with self._lock:
            calls, self._calls = self._calls, []
        for call in calls:
            call()


class Native:
    """A director, the bridge that it feeds, and what came out."""

    def __init__(self, catalogue: Catalogue, make: Callable[..., Bridge] = Bridge) -> None:
        self.catalogue = catalogue
        self.codec = codec_for(catalogue.module)
        self.turns = Turns()
        self.batches: list[list[Event]] = []
        self.bridge = make(self.turns, lambda batch: self.batches.append(list(batch)))
        self.spi = bridge.spi(catalogue, self.codec, self.bridge)
        self.native = NativeSpi(self.spi, catalogue)

    def layout(self, callback: Callback) -> Layout:
        return self.codec.layout(str(callback.struct))

    def events(self) -> list[Event]:
        """Run a turn and return everything that has come out so far."""
        self.turns.run()
        return [event for batch in self.batches for event in batch]


def instrument_slice(catalogue: Catalogue) -> slice:
    layout = codec_for(catalogue.module).layout("CThostFtdcDepthMarketDataField")
    field = layout.by_name["InstrumentID"]
    return slice(field.offset, field.offset + field.size)


def tick_bridge(turns: Turns, deliver: Callable[[Iterable[Event]], object]) -> TickBridge:
    return TickBridge(turns, deliver, instrument_slice(catalog.market_data()))


def in_thread(work: Callable[[], None]) -> None:
    """Do ``work`` on a thread of its own, and wait for it."""
    thread = Thread(target=work)
    thread.start()
    thread.join()


class CallbackTests(SynchronousTestCase):
    """Every callback of both modules, called natively on a foreign thread."""

    def check_all(self, catalogue: Catalogue, make: Callable[..., Bridge]) -> None:
        """Call each once, all fields filled, and compare each event with what was sent."""
        setup = Native(catalogue, make)
        info_layout = setup.codec.layout(RSP_INFO)
        expected: list[Event] = []

        def work() -> None:
            for at, callback in enumerate(catalogue.callbacks.values()):
                body = info = None
                if callback.struct is not None:
                    body = setup.layout(callback).new(
                        bytes((at + n) % 251 for n in range(setup.layout(callback).size))
                    )
                if callback.has_info:
                    info = info_layout.new({"ErrorID": at, "ErrorMsg": "CTP:资金不足"})
                is_last = bool(at % 2)
                setup.native.call(
                    callback.name, body, info, request_id=at, is_last=is_last, number=at + 0x1001
                )
                number = at if callback.has_request else at + 0x1001 if callback.number else 0
                expected.append(
                    (
                        callback,
                        setup.layout(callback).read(body) if body else None,
                        info_layout.read(info) if info else None,
                        number,
                        is_last if callback.has_request else True,
                    )
                )

        in_thread(work)
        self.assertEqual(setup.turns.woken, 1)
        self.assertEqual(setup.batches, [])
        self.assertEqual(setup.events(), expected)
        self.assertEqual(len(expected), len(catalogue.callbacks))
        for event in setup.events():
            self.assertIs(type(event[4]), bool)

    def test_trading(self) -> None:
        self.check_all(catalog.trading(), Bridge)

    def test_market_data(self) -> None:
        self.check_all(catalog.market_data(), Bridge)

    def test_market_data_through_a_bounded_bridge(self) -> None:
        self.check_all(catalog.market_data(), tick_bridge)

    def test_every_callback_of_the_class_is_implemented(self) -> None:
        for catalogue in (catalog.trading(), catalog.market_data()):
            spi = bridge.spi(catalogue, codec_for(catalogue.module), Bridge(Turns(), list))
            declared = {name for name in dir(catalogue.spi_class) if name.startswith("On")}
            self.assertEqual(declared, {name for name in vars(type(spi)) if name.startswith("On")})

    def test_null_bodies(self) -> None:
        for catalogue in (catalog.trading(), catalog.market_data()):
            setup = Native(catalogue)
            expected = [
                (callback.name, None, None)
                for callback in catalogue.callbacks.values()
                if callback.name != TICK
            ]

            def work(setup: Native = setup) -> None:
                for name in setup.catalogue.callbacks:
                    if name != TICK:
                        setup.native.call(name)

            in_thread(work)
            self.assertEqual(
                [event[:3] for event in setup.events()],
                [(catalogue.callbacks[name], body, info) for name, body, info in expected],
            )

    def test_a_tick_that_is_null_is_told_and_passed_over(self) -> None:
        setup = Native(catalog.market_data())
        in_thread(lambda: setup.native.call(TICK))
        self.assertEqual(setup.events(), [])
        self.assertEqual(len(self.flushLoggedErrors(AttributeError)), 1)

    def test_one_director_does_not_feed_the_bridge_of_another(self) -> None:
        first, second = Native(catalog.trading()), Native(catalog.trading())
        first.native.call("OnFrontDisconnected", number=0x1001)
        second.native.call("OnFrontDisconnected", number=0x1002)
        self.assertEqual([event[3] for event in first.events()], [0x1001])
        self.assertEqual([event[3] for event in second.events()], [0x1002])


class BoundaryTests(SynchronousTestCase):
    """What native code does that Python code would not."""

    def setUp(self) -> None:
        self.setup = Native(catalog.trading())
        self.callback = self.setup.catalogue.callbacks["OnRtnTrade"]
        self.layout = self.setup.layout(self.callback)

    def test_a_thread_that_python_has_never_seen(self) -> None:
        libc = ctypes.CDLL(None)
        thread = ctypes.c_ulong()
        entry = ctypes.c_void_p(self.setup.native.entry("OnFrontConnected"))
        address = ctypes.c_void_p(self.setup.native.address)
        for _ in range(20):
            self.assertEqual(libc.pthread_create(ctypes.byref(thread), None, entry, address), 0)
            self.assertEqual(libc.pthread_join(thread, None), 0)
        self.assertEqual(
            [event[0].name for event in self.setup.events()], ["OnFrontConnected"] * 20
        )

    def test_memory_overwritten_after_the_callback(self) -> None:
        live = self.layout.new({"TradeID": "1", "Price": 80_000.0})
        sent = self.layout.read(live)
        self.setup.native.call("OnRtnTrade", live)
        self.layout.wipe(live)
        self.assertEqual(self.setup.events()[0][1], sent)

    def test_memory_freed_after_the_callback(self) -> None:
        sent = []
        for number in range(200):
            packed = self.layout.pack({"TradeID": str(number)})
            memory = ctypes.create_string_buffer(packed, len(packed))
            self.setup.native.call("OnRtnTrade", ctypes.addressof(memory))
            ctypes.memset(memory, 0xDD, len(packed))
            del memory
            sent.append(packed)
        gc.collect()
        self.assertEqual([event[1] for event in self.setup.events()], sent)

    def test_no_byte_behind_the_struct_is_read(self) -> None:
        # The struct ends where the page does; the page after it cannot be read.
        page = mmap.PAGESIZE
        libc = ctypes.CDLL(None)
        libc.mmap.restype = ctypes.c_void_p
        libc.mmap.argtypes = [ctypes.c_void_p, ctypes.c_size_t, *[ctypes.c_int] * 3, ctypes.c_long]
        private_and_anonymous, readable = 0x22, 0x3
        start = libc.mmap(None, 2 * page, readable, private_and_anonymous, -1, 0)
        libc.mprotect(ctypes.c_void_p(start + page), page, 0)
        sent = self.layout.pack({"TradeID": "1"})
        ctypes.memmove(start + page - len(sent), sent, len(sent))
        self.setup.native.call("OnRtnTrade", start + page - len(sent))
        libc.munmap(ctypes.c_void_p(start), 2 * page)
        self.assertEqual(self.setup.events()[0][1], sent)

    def test_an_exception_does_not_leave_the_callback(self) -> None:
        class Broken(Bridge):
            """A bridge that cannot take anything."""

            def put(self, event: Event) -> None:
                raise RuntimeError(event[0].name)

        setup = Native(catalog.trading(), Broken)
        left: list[BaseException] = []

        def work() -> None:
            try:
                for name in setup.catalogue.callbacks:
                    setup.native.call(name)
            except BaseException as problem:  # noqa: BLE001 - whatever left it
                left.append(problem)

        in_thread(work)
        self.assertEqual(left, [])
        logged = [str(failure.value) for failure in self.flushLoggedErrors(RuntimeError)]
        self.assertEqual(logged, list(setup.catalogue.callbacks))

    def test_callbacks_go_on_after_an_exception(self) -> None:
        healthy = self.setup.bridge.put
        answers = iter([RuntimeError("once")])

        def put(event: Event) -> None:
            for problem in answers:
                raise problem
            healthy(event)

        self.setup.spi.put = put
        self.setup.native.call("OnFrontConnected")
        self.setup.native.call("OnFrontDisconnected", number=4097)
        self.assertEqual(len(self.flushLoggedErrors(RuntimeError)), 1)
        self.assertEqual([event[3] for event in self.setup.events()], [4097])

    def test_an_exception_while_delivering_loses_nothing_that_comes_later(self) -> None:
        turns = Turns()
        taken: list[Event] = []

        def deliver(batch: Iterable[Event]) -> None:
            taken.extend(batch)
            raise RuntimeError("in the reactor's thread")

        queue = Bridge(turns, deliver)
        for number in range(3):
            queue.put((self.callback, None, None, number, True))
            self.assertRaises(RuntimeError, turns.run)
        self.assertEqual([event[3] for event in taken], [0, 1, 2])


class QueueTests(SynchronousTestCase):
    """The hand-over that both bridges share."""

    def setUp(self) -> None:
        self.setup = Native(catalog.trading())

    def disconnect(self, number: int) -> None:
        self.setup.native.call("OnFrontDisconnected", number=number)

    def test_one_wake_up_for_a_batch(self) -> None:
        for number in range(1000):
            self.disconnect(number)
        self.assertEqual(self.setup.turns.woken, 1)
        self.assertEqual([event[3] for event in self.setup.events()], list(range(1000)))
        self.assertEqual(len(self.setup.batches), 1)

    def test_what_comes_while_a_batch_is_delivered_wakes_anew(self) -> None:
        turns = Turns()
        seen: list[int] = []
        callback = self.setup.catalogue.callbacks["OnFrontConnected"]

        def deliver(batch: Iterable[Event]) -> None:
            for event in batch:
                seen.append(event[3])
                if event[3] < 5:
                    queue.put((callback, None, None, event[3] + 1, True))

        queue = Bridge(turns, deliver)
        queue.put((callback, None, None, 0, True))
        for turn in range(1, 7):
            self.assertEqual(turns.woken, turn)
            turns.run()
            self.assertEqual(seen, list(range(turn)))
        self.assertEqual(turns.woken, 6)

    def test_an_idle_bridge_wakes_nobody(self) -> None:
        self.disconnect(1)
        self.setup.turns.run()
        self.setup.turns.run()
        self.assertEqual(self.setup.turns.woken, 1)
        self.assertEqual(len(self.setup.batches), 1)

    def test_many_threads_lose_nothing_and_keep_their_order(self) -> None:
        threads, events = 8, 400
        start = Barrier(threads)

        def work(name: int) -> None:
            start.wait()
            for number in range(events):
                self.disconnect(name * events + number)

        running = [Thread(target=work, args=(name,)) for name in range(threads)]
        for thread in running:
            thread.start()
        while any(thread.is_alive() for thread in running):
            self.setup.turns.run()
        numbers = [event[3] for event in self.setup.events()]
        self.assertEqual(sorted(numbers), list(range(threads * events)))
        for name in range(threads):
            own = [number for number in numbers if number // events == name]
            self.assertEqual(own, sorted(own))


class ReactorTests(TestCase):
    """The real reactor."""

    def test_threads_into_the_reactor(self) -> Deferred[None]:
        threads, events = 4, 200
        done: Deferred[None] = Deferred()
        numbers: list[int] = []

        def deliver(batch: Iterable[Event]) -> None:
            numbers.extend(event[3] for event in batch)
            if len(numbers) == threads * events:
                done.callback(None)

        catalogue = catalog.trading()
        queue = Bridge(reactor, deliver)  # type: ignore[arg-type]
        spi = bridge.spi(catalogue, codec_for(catalogue.module), queue)
        native = NativeSpi(spi, catalogue)

        def work(name: int) -> None:
            for number in range(events):
                native.call("OnFrontDisconnected", number=name * events + number)

        running = [Thread(target=work, args=(name,)) for name in range(threads)]
        for thread in running:
            thread.start()

        def check(_: None) -> None:
            for thread in running:
                thread.join()
            self.assertEqual(sorted(numbers), list(range(threads * events)))

        return done.addCallback(check)


class TickCase(SynchronousTestCase):
    """Ticks put into a bounded bridge."""

    def setUp(self) -> None:
        self.catalogue = catalog.market_data()
        self.layout = codec_for(self.catalogue.module).layout("CThostFtdcDepthMarketDataField")
        self.callback = self.catalogue.callbacks[TICK]
        self.other = self.catalogue.callbacks["OnFrontDisconnected"]
        self.turns = Turns()
        self.delivered: list[Event] = []

    def make(self, bound: int, patience: float = 0.0) -> TickBridge:
        return TickBridge(
            self.turns,
            lambda batch: self.delivered.extend(batch),
            instrument_slice(self.catalogue),
            bound=bound,
            patience=patience,
        )

    def tick(self, instrument: str, number: int) -> Event:
        raw = self.layout.pack({"InstrumentID": instrument, "Volume": number})
        return (self.callback, raw, None, 0, True)

    def shown(self) -> list[tuple[str, int]]:
        """Return instrument and number of what was delivered; ("", number) for other events."""
        return [
            (self.layout.text(body, "InstrumentID"), int(self.layout.value(body, "Volume")))
            if body is not None
            else ("", number)
            for _, body, _, number, _ in self.delivered
        ]


class TickBridgeTests(TickCase):
    """What happens when the reactor does not keep up."""

    def test_up_to_the_bound_every_tick_passes(self) -> None:
        ticks = self.make(4)
        sent = [("cu", 1), ("cu", 2), ("al", 3), ("cu", 4)]
        for name, number in sent:
            ticks.put_tick(self.tick(name, number))
        self.assertEqual(self.turns.woken, 1)
        self.turns.run()
        self.assertEqual(self.shown(), sent)
        self.assertEqual(ticks.dropped, 0)

    def test_beyond_the_bound_the_newest_of_each_instrument_wins(self) -> None:
        ticks = self.make(2)
        for name, number in (
            ("cu", 1), ("al", 2),
            ("cu", 3), ("al", 4), ("cu", 5), ("zn", 6), ("cu", 7),
        ):  # fmt: skip
            ticks.put_tick(self.tick(name, number))
        self.turns.run()
        self.assertEqual(self.shown(), [("cu", 1), ("al", 2), ("cu", 7), ("al", 4), ("zn", 6)])
        self.assertEqual(ticks.dropped, 2)

    def test_after_a_turn_ticks_pass_again(self) -> None:
        ticks = self.make(1)
        numbers = count()
        for _ in range(3):
            for _ in range(3):
                ticks.put_tick(self.tick("cu", next(numbers)))
            self.turns.run()
        self.assertEqual([number for _, number in self.shown()], [0, 2, 3, 5, 6, 8])
        self.assertEqual(ticks.dropped, 3)

    def test_other_events_are_never_held_back(self) -> None:
        ticks = self.make(1)
        for number in range(5):
            ticks.put_tick(self.tick("cu", number))
            ticks.put((self.other, None, None, number, True))
        self.turns.run()
        self.assertEqual([number for name, number in self.shown() if not name], list(range(5)))

    def test_one_instrument_is_one_whatever_stands_behind_its_nul(self) -> None:
        ticks = self.make(1)
        field = self.layout.by_name["InstrumentID"]
        for number in range(50):
            raw = bytearray(self.layout.pack({"InstrumentID": "cu", "Volume": number}))
            raw[field.offset + 3 : field.offset + 5] = number.to_bytes(2, "little")
            ticks.put_tick((self.callback, bytes(raw), None, 0, True))
        self.turns.run()
        self.assertEqual(self.shown(), [("cu", 0), ("cu", 49)])
        self.assertEqual(ticks.dropped, 48)

    def test_the_native_thread_waits_for_room(self) -> None:
        ticks = self.make(3, patience=60.0)
        sent = [("cu", number) for number in range(500)]

        def work() -> None:
            for name, number in sent:
                ticks.put_tick(self.tick(name, number))

        thread = Thread(target=work)
        thread.start()
        while thread.is_alive():
            self.turns.run()
        self.turns.run()
        self.assertEqual(self.shown(), sent)
        self.assertEqual(ticks.dropped, 0)

    def test_the_native_thread_does_not_wait_for_good(self) -> None:
        ticks = self.make(1, patience=0.001)

        def work() -> None:
            for number in range(100):
                ticks.put_tick(self.tick("cu", number))

        in_thread(work)  # nobody takes anything: this must come back all the same
        self.turns.run()
        self.assertEqual(self.shown(), [("cu", 0), ("cu", 99)])
        self.assertEqual(ticks.dropped, 98)

    def test_ticks_from_the_director(self) -> None:
        setup = Native(
            self.catalogue,
            lambda turns, deliver: TickBridge(
                turns, deliver, instrument_slice(self.catalogue), bound=1, patience=0.0
            ),
        )

        def work() -> None:
            for number in range(4):
                live = self.layout.new({"InstrumentID": "cu", "Volume": number})
                setup.native.call(TICK, live)
                self.layout.wipe(live)

        in_thread(work)
        self.delivered = setup.events()
        self.assertEqual(self.shown(), [("cu", 0), ("cu", 3)])

    def test_a_reactor_in_another_thread(self) -> None:
        ticks = self.make(5, patience=0.0)
        names = ("cu", "al", "zn")
        sent = 3000

        def work() -> None:
            for number in range(sent):
                ticks.put_tick(self.tick(names[number % 3], number))

        thread = Thread(target=work)
        thread.start()
        while thread.is_alive():
            self.turns.run()
        self.turns.run()
        self.assertEqual(len(self.delivered) + ticks.dropped, sent)
        for at, name in enumerate(names):
            own = [number for found, number in self.shown() if found == name]
            self.assertEqual(own, sorted(set(own)))
            self.assertEqual(own[-1], sent - 3 + at)


class TickModelTests(TickCase):
    """Any order of ticks, other events and turns of the reactor."""

    @settings(deadline=None, max_examples=200)
    @given(
        st.integers(1, 4),
        st.lists(st.sampled_from(("cu", "al", "zn", "other", "turn")), max_size=60),
    )
    def test_nothing_is_lost_uncounted_and_nothing_overtakes(
        self, bound: int, steps: list[str]
    ) -> None:
        self.delivered, self.turns = [], Turns()
        ticks = self.make(bound)
        last: dict[str, int] = {}
        others = []
        for number, step in enumerate(steps):
            if step == "turn":
                self.turns.run()
            elif step == "other":
                ticks.put((self.other, None, None, number, True))
                others.append(number)
            else:
                ticks.put_tick(self.tick(step, number))
                last[step] = number
        self.turns.run()
        shown = self.shown()
        self.assertEqual([number for name, number in shown if not name], others)
        put = sum(step not in ("turn", "other") for step in steps)
        self.assertEqual(len(shown) - len(others) + ticks.dropped, put)
        for name, newest in last.items():
            own = [number for found, number in shown if found == name]
            self.assertEqual(own, sorted(set(own)))
            self.assertEqual(own[-1], newest)

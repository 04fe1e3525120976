"""The bridge: the real director driven from foreign threads, and the queue behind it."""

import ctypes
import gc
import mmap
from collections.abc import Callable, Iterable
from threading import Barrier, Thread

from twisted.internet import reactor
from twisted.internet.defer import Deferred
from twisted.trial.unittest import SynchronousTestCase, TestCase

from tests.conformance import holds
from tests.ctp.support import TICK, Native, Turns, Waits, in_thread, tick_bridge
from tests.native import NativeSpi
from webctp.ctp import bridge, catalog
from webctp.ctp.bridge import RSP_INFO, Bridge, CallbackEvent
from webctp.ctp.catalog import Catalogue
from webctp.ctp.codec import codec_for


class CallbackTests(SynchronousTestCase):
    """Every callback of both modules, called natively on a foreign thread."""

    def check_all(self, catalogue: Catalogue, make: Callable[..., Bridge]) -> None:
        """Call each once, all fields filled, and compare each event with what was sent."""
        setup = Native(catalogue, make)
        info_layout = setup.codec.layout(RSP_INFO)
        expected: list[CallbackEvent] = []

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
                    CallbackEvent(
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
            self.assertIs(type(event.is_last), bool)

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
        self.assertEqual([event.number for event in first.events()], [0x1001])
        self.assertEqual([event.number for event in second.events()], [0x1002])


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
            [event.callback.name for event in self.setup.events()], ["OnFrontConnected"] * 20
        )

    @holds("JYJK-1")
    def test_memory_overwritten_after_the_callback(self) -> None:
        live = self.layout.new({"TradeID": "1", "Price": 80_000.0})
        sent = self.layout.read(live)
        self.setup.native.call("OnRtnTrade", live)
        self.layout.wipe(live)
        self.assertEqual(self.setup.events()[0][1], sent)

    @holds("JYJK-1")
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
        self.assertEqual([event.body for event in self.setup.events()], sent)

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

    @holds("JYJK-1")
    def test_an_exception_does_not_leave_the_callback(self) -> None:
        class Broken(Bridge):
            """A bridge that cannot take anything."""

            def put(self, event: CallbackEvent) -> None:
                raise RuntimeError(event.callback.name)

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

        def put(event: CallbackEvent) -> None:
            for problem in answers:
                raise problem
            healthy(event)

        self.setup.spi.put = put
        self.setup.native.call("OnFrontConnected")
        self.setup.native.call("OnFrontDisconnected", number=4097)
        self.assertEqual(len(self.flushLoggedErrors(RuntimeError)), 1)
        self.assertEqual([event.number for event in self.setup.events()], [4097])

    def test_an_exception_while_delivering_loses_nothing_that_comes_later(self) -> None:
        turns = Turns()
        taken: list[CallbackEvent] = []

        def deliver(batch: Iterable[CallbackEvent]) -> None:
            taken.extend(batch)
            raise RuntimeError("in the reactor's thread")

        queue = Bridge(turns, deliver)
        for number in range(3):
            queue.put(CallbackEvent(self.callback, None, None, number, True))
            self.assertRaises(RuntimeError, turns.run)
        self.assertEqual([event.number for event in taken], [0, 1, 2])


class QueueTests(SynchronousTestCase):
    """The hand-over that both bridges share."""

    def setUp(self) -> None:
        self.setup = Native(catalog.trading())

    def disconnect(self, number: int) -> None:
        self.setup.native.call("OnFrontDisconnected", number=number)

    @holds("JYJK-1")
    def test_one_wake_up_for_a_batch(self) -> None:
        for number in range(10):
            self.disconnect(number)
        self.assertEqual(self.setup.turns.woken, 1)
        self.assertEqual([event.number for event in self.setup.events()], list(range(10)))
        self.assertEqual(len(self.setup.batches), 1)

    def test_much_is_delivered_in_several_turns_of_the_reactor(self) -> None:
        for number in range(100):
            self.disconnect(number)
        self.assertEqual([event.number for event in self.setup.events()], list(range(100)))
        self.assertGreater(len(self.setup.batches), 1)
        self.assertLessEqual(max(map(len, self.setup.batches)), Bridge.turn)
        self.assertEqual(self.setup.turns.woken, len(self.setup.batches))

    def numbered(self, number: int) -> CallbackEvent:
        return CallbackEvent(
            self.setup.catalogue.callbacks["OnFrontConnected"], None, None, number, True
        )

    def test_a_native_thread_far_ahead_waits_for_the_reactor(self) -> None:
        turns, taken = Turns(), list[int]()
        queue = Bridge(
            turns, lambda batch: taken.extend(one[3] for one in batch), bound=40, patience=5.0
        )
        waits = Waits(self, queue)

        def work() -> None:
            for number in range(100):
                queue.put(self.numbered(number))

        thread = Thread(target=work)
        thread.start()
        while thread.is_alive():
            if waits.one_waits:
                turns.run()
        turns.settle()
        self.assertEqual(taken, list(range(100)))
        self.assertEqual(set(waits.ended), {True})

    def test_it_waits_in_vain_once_and_everything_is_kept(self) -> None:
        turns, taken = Turns(), list[int]()
        queue = Bridge(
            turns, lambda batch: taken.extend(one[3] for one in batch), bound=2, patience=0.001
        )
        waits = Waits(self, queue)
        for number in range(100):  # nobody takes anything: this must come back all the same
            queue.put(self.numbered(number))
        self.assertEqual(waits.ended, [False])
        turns.settle()
        self.assertEqual(taken, list(range(100)))
        for number in range(100, 103):
            queue.put(self.numbered(number))
        self.assertEqual(waits.begun, 2)  # there was room meanwhile
        turns.settle()
        self.assertEqual(taken, list(range(103)))

    def test_what_comes_while_a_batch_is_delivered_wakes_anew(self) -> None:
        turns = Turns()
        seen: list[int] = []
        callback = self.setup.catalogue.callbacks["OnFrontConnected"]

        def deliver(batch: Iterable[CallbackEvent]) -> None:
            for event in batch:
                seen.append(event.number)
                if event.number < 5:
                    queue.put(CallbackEvent(callback, None, None, event.number + 1, True))

        queue = Bridge(turns, deliver)
        queue.put(CallbackEvent(callback, None, None, 0, True))
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
        numbers = [event.number for event in self.setup.events()]
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

        def deliver(batch: Iterable[CallbackEvent]) -> None:
            numbers.extend(event.number for event in batch)
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


class SharesTests(SynchronousTestCase):
    """Ticks that take long to deliver: fewer in each turn, until they take little again."""

    def setUp(self) -> None:
        self.now = 0.0
        self.a_tick = 0.0
        self.batches: list[int] = []
        self.patch(bridge, "perf_counter", lambda: self.now)
        self.turns = Turns()
        self.queue = tick_bridge(self.turns, self.deliver)
        self.callback = catalog.market_data().callbacks[TICK]

    def deliver(self, events: Iterable[CallbackEvent]) -> None:
        batch = list(events)
        self.batches.append(len(batch))
        self.now += len(batch) * self.a_tick

    def ticks(self, count: int) -> list[int]:
        """Let so many come and be delivered; gives how many each turn took."""
        self.batches.clear()
        for _ in range(count):
            self.queue.put_tick(CallbackEvent(self.callback, b"\0" * 400, None, 0, True))
        self.turns.settle()
        self.assertEqual(sum(self.batches), count)
        return self.batches

    def test_costly_ticks_are_shared_out_among_more_turns(self) -> None:
        self.a_tick = 0.0005
        batches = self.ticks(1_000)
        self.assertEqual(batches[:4], [128, 64, 32, 16])
        self.assertEqual(max(batches[3:]), 16)

    def test_cheap_ticks_are_taken_by_the_batch_again(self) -> None:
        self.a_tick = 0.0005
        self.ticks(1_000)
        self.a_tick = 0.000_01
        self.assertEqual(max(self.ticks(1_000)), 128)

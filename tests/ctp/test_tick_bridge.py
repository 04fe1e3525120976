"""The bounded bridge: what becomes of ticks when the reactor does not keep up."""

import re
from itertools import count
from threading import Condition, Thread

from hypothesis import given, settings
from hypothesis import strategies as st
from twisted.trial.unittest import SynchronousTestCase

from tests.conformance import holds
from tests.ctp.support import TICK, Native, Turns, Waits, in_thread, instrument_slice
from webctp.ctp import catalog
from webctp.ctp.bridge import CallbackEvent, TickBridge
from webctp.ctp.codec import codec_for


class TickCase(SynchronousTestCase):
    """Ticks put into a bounded bridge."""

    def setUp(self) -> None:
        self.catalogue = catalog.market_data()
        self.layout = codec_for(self.catalogue.module).layout("CThostFtdcDepthMarketDataField")
        self.callback = self.catalogue.callbacks[TICK]
        self.other = self.catalogue.callbacks["OnFrontDisconnected"]
        self.turns = Turns()
        self.delivered: list[CallbackEvent] = []

    def make(self, bound: int, patience: float = 0.0) -> TickBridge:
        return TickBridge(
            self.turns,
            lambda batch: self.delivered.extend(batch),
            instrument_slice(self.catalogue),
            bound=bound,
            patience=patience,
        )

    def tick(self, instrument: str, number: int) -> CallbackEvent:
        raw = self.layout.pack({"InstrumentID": instrument, "Volume": number})
        return CallbackEvent(self.callback, raw, None, 0, True)

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
        self.turns.settle()
        self.assertEqual(self.shown(), sent)
        self.assertEqual(ticks.dropped, 0)

    @holds("HQLK-3")
    def test_beyond_the_bound_the_newest_of_each_instrument_wins(self) -> None:
        ticks = self.make(2)
        for name, number in (
            ("cu", 1), ("al", 2),
            ("cu", 3), ("al", 4), ("cu", 5), ("zn", 6), ("cu", 7),
        ):  # fmt: skip
            ticks.put_tick(self.tick(name, number))
        self.turns.settle()
        self.assertEqual(self.shown(), [("cu", 1), ("al", 2), ("cu", 7), ("al", 4), ("zn", 6)])
        self.assertEqual(ticks.dropped, 2)

    def test_what_was_passed_over_is_told_once_by_instrument_when_the_newest_have_come(
        self,
    ) -> None:
        ticks = self.make(1)
        for name, number in (("cu", 1), ("cu", 2), ("cu", 3), ("al", 4), ("cu", 5), ("al", 6)):
            ticks.put_tick(self.tick(name, number))
        self.assertEqual(ticks.take_missed(), {}, "newer ticks still wait")
        self.turns.settle()
        self.assertEqual(ticks.take_missed(), {b"cu": 2, b"al": 1})
        self.assertEqual(ticks.take_missed(), {})

    def test_its_figures(self) -> None:
        ticks = self.make(2)
        for number in range(5):
            ticks.put_tick(self.tick("cu", number))
        found = {"waiting": 3, "waiting_limit": 2, "": 0, "batches": 0, "waits": 1}
        self.assertEqual(figures(ticks), found)
        self.turns.settle()
        self.assertEqual(figures(ticks), {**found, "waiting": 0, "": 3, "batches": 1})

    def test_after_a_turn_ticks_pass_again(self) -> None:
        ticks = self.make(1)
        numbers = count()
        for _ in range(3):
            for _ in range(3):
                ticks.put_tick(self.tick("cu", next(numbers)))
            self.turns.settle()
        self.assertEqual([number for _, number in self.shown()], [0, 2, 3, 5, 6, 8])
        self.assertEqual(ticks.dropped, 3)

    def test_other_events_are_never_held_back(self) -> None:
        ticks = self.make(1)
        for number in range(5):
            ticks.put_tick(self.tick("cu", number))
            ticks.put(CallbackEvent(self.other, None, None, number, True))
        self.turns.settle()
        self.assertEqual([number for name, number in self.shown() if not name], list(range(5)))

    def test_one_instrument_is_one_whatever_stands_behind_its_nul(self) -> None:
        ticks = self.make(1)
        field = self.layout.by_name["InstrumentID"]
        for number in range(50):
            raw = bytearray(self.layout.pack({"InstrumentID": "cu", "Volume": number}))
            raw[field.offset + 3 : field.offset + 5] = number.to_bytes(2, "little")
            ticks.put_tick(CallbackEvent(self.callback, bytes(raw), None, 0, True))
        self.turns.settle()
        self.assertEqual(self.shown(), [("cu", 0), ("cu", 49)])
        self.assertEqual(ticks.dropped, 48)

    def test_the_native_thread_waits_for_room(self) -> None:
        ticks = self.make(3, patience=5.0)
        waits = Waits(self, ticks)
        sent = [("cu", number) for number in range(12)]

        def work() -> None:
            for name, number in sent:
                ticks.put_tick(self.tick(name, number))

        thread = Thread(target=work)
        thread.start()
        while thread.is_alive():
            if waits.one_waits:
                self.turns.run()
        self.turns.settle()
        self.assertEqual(self.shown(), sent)
        self.assertEqual(ticks.dropped, 0)
        self.assertEqual(waits.ended, [True] * 3)

    def test_once_ticks_are_passed_over_the_native_thread_waits_no_more(self) -> None:
        ticks = self.make(1, patience=0.001)
        waits = Waits(self, ticks)
        for number in range(2):
            ticks.put_tick(self.tick("cu", number))
        waited = waits.begun
        self.assertGreater(waited, 0)
        for number in range(2, 50):
            ticks.put_tick(self.tick("cu", number))
        self.assertEqual(waits.begun, waited)

    def test_ticks_that_come_between_the_halves_of_a_turn(self) -> None:
        # The turn has emptied the queue and not yet taken the newest ticks held beside it.
        ticks = self.make(1)
        late = [[self.tick("cu", number) for number in (3, 4, 5)]]

        class Room(Condition):
            """Lets the late ticks come first, once."""

            def __enter__(self) -> bool:
                for event in late.pop() if late else ():
                    ticks.put_tick(event)
                return super().__enter__()

        for number in (1, 2):
            ticks.put_tick(self.tick("cu", number))
        ticks._room = Room()
        self.turns.settle()
        numbers = [number for _, number in self.shown()]
        self.assertEqual(numbers, sorted(numbers))
        self.assertEqual(numbers[-1], 5)
        self.assertEqual(len(numbers) + ticks.dropped, 5)

    def test_the_native_thread_does_not_wait_for_good(self) -> None:
        ticks = self.make(1, patience=0.001)

        def work() -> None:
            for number in range(100):
                ticks.put_tick(self.tick("cu", number))

        in_thread(work)  # nobody takes anything: this must come back all the same
        self.turns.settle()
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
            self.turns.settle()
        self.turns.settle()
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
                ticks.put(CallbackEvent(self.other, None, None, number, True))
                others.append(number)
            else:
                ticks.put_tick(self.tick(step, number))
                last[step] = number
        self.turns.settle()
        shown = self.shown()
        self.assertEqual([number for name, number in shown if not name], others)
        put = sum(step not in ("turn", "other") for step in steps)
        self.assertEqual(len(shown) - len(others) + ticks.dropped, put)
        for name, newest in last.items():
            own = [number for found, number in shown if found == name]
            self.assertEqual(own, sorted(set(own)))
            self.assertEqual(own[-1], newest)


def figures(ticks: TickBridge) -> dict[str, float]:
    """What a scrape reads: callbacks that wait, their bound, those taken (""), batches, waits."""
    return {
        re.sub("webctp_callbacks?_?|_?total", "", sample.name): sample.value
        for sample in ticks.samples("md0")
    }

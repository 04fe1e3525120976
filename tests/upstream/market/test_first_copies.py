"""Of several fronts that tell the same ticks, each tick's first copy."""

from typing import Any

from hypothesis import given
from hypothesis import strategies as st
from twisted.trial.unittest import SynchronousTestCase

from webctp.ctp import catalog
from webctp.ctp.codec import codec_for
from webctp.upstream.market.arbitration import FirstCopies

LAYOUT = codec_for(catalog.market_data().module).layout("CThostFtdcDepthMarketDataField")
NAME = b"SR701"


def tick(time: str, millisec: int = 0, *, day: str = "20261123", **values: Any) -> bytes:
    """A tick's bytes."""
    return LAYOUT.pack(
        {
            "InstrumentID": NAME.decode(),
            "TradingDay": day,
            "UpdateTime": time,
            "UpdateMillisec": millisec,
            **values,
        }
    )


class Ticks(SynchronousTestCase):
    """Two fronts, numbers 0 and 1."""

    def setUp(self) -> None:
        self.merge = FirstCopies(LAYOUT)

    def passed(self, *told: tuple[int, bytes]) -> list[int]:
        """Which of the ticks told are passed on, by their place in the list."""
        return [
            place for place, (front, body) in enumerate(told) if self.merge.tick(front, NAME, body)
        ]

    def test_the_first_copy_whoever_tells_it(self) -> None:
        first, second, third = (tick("09:00:00", ms) for ms in (0, 500, 999))
        told = [(0, first), (1, first), (1, second), (0, second), (0, third), (1, third)]
        self.assertEqual(self.passed(*told), [0, 2, 4])

    def test_what_one_front_has_left_out_comes_from_the_other(self) -> None:
        ticks = [tick("09:00:00", ms) for ms in (0, 250, 500)]
        told = [(0, ticks[0]), (1, ticks[0]), (1, ticks[1]), (0, ticks[2]), (1, ticks[2])]
        self.assertEqual(self.passed(*told), [0, 2, 3])

    def test_a_late_front_is_told_nothing_of(self) -> None:
        told = [(0, tick(f"09:00:0{second}")) for second in range(5)]
        told += [(1, body) for _, body in told]
        self.assertEqual(self.passed(*told), [0, 1, 2, 3, 4])

    def test_a_volume_parts_ticks_of_one_time(self) -> None:
        small, large = tick("09:00:00", Volume=1), tick("09:00:00", Volume=2)
        told = [(0, small), (0, large), (1, small), (1, large)]
        self.assertEqual(self.passed(*told), [0, 1])

    def test_a_book_that_goes_back_within_a_second(self) -> None:
        here, there = tick("09:00:00", BidPrice1=1.0), tick("09:00:00", BidPrice1=2.0)
        told = [(0, here), (0, there), (0, here), (1, here), (1, there), (1, here)]
        self.assertEqual(self.passed(*told), [0, 1, 2])

    def test_the_newest_told_again_after_a_reconnection(self) -> None:
        body = tick("09:00:00")
        self.assertEqual(self.passed((0, body), (0, body), (1, body), (1, body)), [0])

    def test_a_day_begins_in_the_evening(self) -> None:
        told = [
            (0, tick("14:59:59", day="20261120")),
            (0, tick("21:00:00", day="20261123")),
            (1, tick("14:59:59", day="20261120")),
            (0, tick("23:59:59", 500, day="20261123")),
            (0, tick("00:00:00", day="20261123")),
            (1, tick("23:59:59", 500, day="20261123")),
            (0, tick("09:00:00", day="20261123")),
            (0, tick("09:00:00", day="20261124")),
        ]
        self.assertEqual(self.passed(*told), [0, 1, 3, 4, 6, 7])

    def test_a_night_told_with_the_day_by_the_clock(self) -> None:
        told = [
            (0, tick("14:59:59", day="20261120")),
            (0, tick("21:00:00", day="20261120")),
            (0, tick("09:00:00", day="20261123")),
        ]
        self.assertEqual(self.passed(*told), [0, 1, 2])

    def test_a_front_that_begins_anew_is_followed(self) -> None:
        told = [(0, tick("14:59:59")), (0, tick("09:00:00")), (0, tick("09:00:01"))]
        self.assertEqual(self.passed(*told), [0, 1, 2])

    def test_instruments_are_apart(self) -> None:
        self.assertTrue(self.merge.tick(0, b"SR701", tick("09:00:01")))
        self.assertTrue(self.merge.tick(1, b"SR705", tick("09:00:00")))

    def test_an_instant_without_end_is_bounded(self) -> None:
        many = [tick("09:00:00", BidVolume1=number) for number in range(1_000)]
        self.assertEqual(len(self.passed(*((0, body) for body in many))), 1_000)
        self.assertEqual(self.passed(*((1, body) for body in many[-60:])), [])

    @given(
        st.lists(st.tuples(st.integers(0, 3), st.integers(0, 2)), max_size=12),
        st.lists(st.sampled_from([0, 1]), max_size=40),
    )
    def test_whoever_is_ahead_all_is_passed_once_and_in_order(
        self, steps: list[tuple[int, int]], turns: list[int]
    ) -> None:
        """Both fronts tell the same stream; how they mix is any."""
        stream: list[bytes] = []
        second = volume = 0
        for forward, book in steps:
            second += forward // 2
            volume += forward % 2
            body = tick(f"09:00:{second:02}", Volume=volume, BidVolume1=book)
            if not stream or stream[-1] != body:
                stream.append(body)
        merge, at, out = FirstCopies(LAYOUT), [0, 0], []
        for front in (*turns, *[0, 1] * len(stream)):
            if at[front] < len(stream):
                body = stream[at[front]]
                at[front] += 1
                if merge.tick(front, NAME, body):
                    out.append(body)
        self.assertEqual(out, stream)

    def test_a_tick_that_the_one_ahead_has_left_out_comes_too_late(self) -> None:
        one, two, three, four = (tick("09:00:00", BidVolume1=number) for number in range(4))
        told = [(1, one), (1, three), (0, one), (0, two), (0, three), (0, four), (1, four)]
        self.assertEqual(self.passed(*told), [0, 1, 5])

    def test_what_nobody_wants_is_forgotten(self) -> None:
        body = tick("09:00:00")
        self.merge.tick(0, NAME, body)
        self.merge.forget_ticks(NAME)
        self.assertTrue(self.merge.tick(1, NAME, body))

    @given(
        st.lists(st.integers(0, 2), min_size=1, max_size=12),
        st.lists(st.booleans(), min_size=24, max_size=24),
        st.lists(st.sampled_from([0, 1]), max_size=40),
    )
    def test_whatever_is_lost_none_comes_twice_or_out_of_order(
        self, steps: list[int], lost: list[bool], turns: list[int]
    ) -> None:
        """The newest instant is never missing."""
        stream, seconds = [], []
        second = 0
        for number, step in enumerate(steps):
            second += step // 2
            seconds.append(second)
            stream.append(tick(f"09:00:{second:02}", BidVolume1=number))
        told = [
            [body for body, gone in zip(stream, lost[front::2], strict=False) if not gone]
            for front in (0, 1)
        ]
        merge, at, out = FirstCopies(LAYOUT), [0, 0], []
        for front in (*turns, *[0, 1] * len(stream)):
            if at[front] < len(told[front]):
                body = told[front][at[front]]
                at[front] += 1
                if merge.tick(front, NAME, body):
                    out.append(stream.index(body))
        self.assertEqual(out, sorted(set(out)))
        newest = [seconds[stream.index(bodies[-1])] for bodies in told if bodies]
        self.assertEqual([seconds[place] for place in out[-1:]], newest and [max(newest)])


class Quotes(SynchronousTestCase):
    """Requests for quotes."""

    def test_each_once_but_a_front_may_repeat_itself(self) -> None:
        merge = FirstCopies(LAYOUT)
        told = [(0, b"1"), (1, b"1"), (1, b"2"), (0, b"2"), (0, b"1")]
        passed = [front for front, body in told if merge.quote(front, b"IO", body)]
        self.assertEqual(passed, [0, 1, 0])

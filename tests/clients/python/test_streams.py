"""Bounded queues: what is kept, what is passed over, how they end."""

import asyncio
from collections.abc import Coroutine
from typing import Any
from unittest import TestCase

from hypothesis import given, settings
from hypothesis import strategies as st

from webctp_client import errors
from webctp_client.streams import Stream


def play(work: Coroutine[Any, Any, None]) -> None:
    """Run a coroutine to its end, within ten seconds."""
    asyncio.run(asyncio.wait_for(work, 10))


Item = tuple[str, int]


def name_of(item: Item) -> "str | None":
    """Return what an item is the newest of; None for what must not be dropped."""
    return None if item[0].startswith("closed") else item[0]


class Streams(TestCase):
    """One stream."""

    def test_items_come_in_order_also_to_one_who_waits(self) -> None:
        async def work() -> None:
            stream: Stream[int] = Stream(10)
            first = asyncio.ensure_future(anext(stream))
            await asyncio.sleep(0)
            for number in range(3):
                stream.put(number)
            self.assertEqual(await first, 0)
            self.assertEqual(await stream.take(), [1, 2])
            stream.put(3)
            stream.close()
            self.assertEqual([one async for one in stream], [3])

        play(work())

    def test_what_must_not_be_dropped_ends_with_an_error_after_what_waits(self) -> None:
        async def work() -> None:
            stream: Stream[int] = Stream(2)
            for number in range(5):
                stream.put(number)
            self.assertEqual([await anext(stream), await anext(stream)], [0, 1])
            with self.assertRaises(errors.Overflow):
                await anext(stream)

        play(work())

    def test_a_limit_below_one_is_refused(self) -> None:
        with self.assertRaises(ValueError):
            Stream(0)

    def test_what_begins_it_is_awaited_once_and_its_error_raised(self) -> None:
        async def work() -> None:
            begun: list[int] = []

            async def begin() -> None:
                begun.append(1)
                raise errors.TooMany(-429, "", "too many instruments")

            stream: Stream[int] = Stream(5, begin=begin)
            with self.assertRaises(errors.TooMany):
                await anext(stream)
            self.assertEqual(begun, [1])

        play(work())

    @given(
        st.integers(1, 20),
        st.lists(st.tuples(st.sampled_from(("a", "b", "c", "closed")), st.integers(0, 9))),
    )
    @settings(max_examples=200, deadline=None)
    def test_the_newest_of_each_is_kept_in_order_and_the_rest_counted(
        self, limit: int, items: list[Item]
    ) -> None:
        numbered = [(name, number) for number, (name, _) in enumerate(items)]

        async def work() -> None:
            stream: Stream[Item] = Stream(limit, name_of)
            for item in numbered:
                stream.put(item)
            stream.close()
            kept: list[Item] = []
            try:
                async for one in stream:
                    kept.append(one)
            except errors.Overflow:
                waiting = [one for one in numbered if name_of(one) is None]
                self.assertGreater(len(waiting), limit // 2)
                return
            self.assertEqual(kept, sorted(kept, key=lambda one: one[1]))
            self.assertEqual(len(kept) + stream.dropped, len(numbered))
            self.assertLessEqual(len(kept), limit)
            for one in numbered:
                if name_of(one) is None:
                    self.assertIn(one, kept)
            if numbered and limit > 6:
                self.assertIn(numbered[-1], kept)

        play(work())

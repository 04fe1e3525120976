"""Iterators over market data, on a real gateway."""

import asyncio
from itertools import islice

from tests.clients.python.gateways import MORNING, GatewayCase, shared
from webctp_client import connect, own, quotes, structs
from webctp_client.aio import connect as aio_connect
from webctp_client.hub import TickStreams, Wanted, Wish, words_of
from webctp_client.protocol.messages import Tick
from webctp_client.streams import Stream

Ticks = dict[tuple[str, int], structs.DepthMarketData]


class Quotes(GatewayCase):
    """What several iterators want of the same instruments."""

    def setUp(self) -> None:
        self.gateway = shared(MORNING)

    def test_ticks_made_of_changes_are_those_that_are_sent_whole(self) -> None:
        async def some(stream: Stream[structs.DepthMarketData], count: int) -> Ticks:
            found: Ticks = {}
            async for tick in stream:
                found[tick.UpdateTime, tick.UpdateMillisec] = tick
                if len(found) == count:
                    return found
            return found

        async def work() -> None:
            url = self.gateway.url
            async with aio_connect(url) as one, aio_connect(url) as other:
                tick = await anext(one.ticks("@rb"))
                whole, merged = await asyncio.gather(
                    some(one.ticks(tick.InstrumentID), 60),
                    some(other.ticks(tick.InstrumentID, changes=True), 60),
                )
            both = whole.keys() & merged.keys()
            self.assertGreater(len(both), 30)
            for moment in both:
                self.assertEqual(merged[moment], whole[moment])

        self.play(work())

    def test_bars_made_of_changes_are_whole(self) -> None:
        with connect(self.gateway.url) as client:
            bars: list[own.Bar] = []
            for bar in client.bars("rb????", changes=True):
                bars.append(bar)
                # How many come until some are closed goes by when the market's minute ends.
                if len(bars) > 50 and sum(one.IsClosed for one in bars) > 5:
                    break
        self.assertTrue(all(bar.LowestPrice <= bar.ClosePrice <= bar.HighestPrice for bar in bars))

    def test_of_some_fields_the_others_are_none(self) -> None:
        with connect(self.gateway.url) as client:
            whole = client.ticks("rb????")
            next(whole)
            asked = {"LastPrice", "Volume", "InstrumentID"}
            for changes in (False, True):
                stream = client.partial_ticks(
                    "rb????", fields=("LastPrice", "Volume"), changes=changes
                )
                for tick in islice(stream, 20):
                    told = {
                        name for name in tick.__struct_fields__ if getattr(tick, name) is not None
                    }
                    self.assertEqual(told, asked)
                stream.close()
            self.assertIsNotNone(next(whole).UpdateTime, "the whole ones are whole beside them")

    def test_a_wrong_field_is_told(self) -> None:
        with connect(self.gateway.url) as client, self.assertRaisesRegex(Exception, "Prise"):
            next(client.partial_ticks("rb????", fields=("Prise",)))


class Wishes(GatewayCase):
    """One subscription for several wishes; nobody gets less, or the one for the other."""

    def setUp(self) -> None:
        """Need no gateway."""

    def test_words_of_several(self) -> None:
        for wishes, words in (
            ([Wish()], {}),
            ([Wish(500), Wish(200)], {"IntervalMs": 200}),
            ([Wish(500), Wish()], {}),
            ([Wish(changes=True), Wish(is_stale=True)], {"Changes": True, "Stale": True}),
            ([Wish(fields=("B",)), Wish(fields=("A", "B"))], {"Fields": ["A", "B"]}),
            ([Wish(fields=("B",)), Wish()], {}),
        ):
            self.assertEqual(words_of(wishes), words, wishes)

    def test_stale_ticks_go_to_none_but_those_who_want_them(self) -> None:
        streams, news, old = TickStreams(), list[object](), list[object]()
        streams.add(news.append, Wanted(["rb*"]))
        streams.add(old.append, Wanted(["rb*"], Wish(is_stale=True)))
        self.assertEqual(streams.words("rb*"), {"Stale": True})
        fresh = structs.DepthMarketData(InstrumentID="rb2701", Volume=2)
        stale = structs.DepthMarketData(InstrumentID="rb2701", Volume=1)
        streams.push(Tick(fresh))
        streams.push(Tick(stale, Stale=True))
        self.assertEqual((news, old), ([fresh], [stale]))
        self.assertTrue(quotes.MOST_WAITING)

    def test_an_end_leaves_the_others_what_they_want(self) -> None:
        async def work() -> None:
            async with aio_connect(shared(MORNING).url) as client:
                slow = client.ticks("rb????", interval_ms=60_000)
                await anext(slow)
                fast = client.ticks("rb????")
                await anext(fast)
                core = client._link("md").core
                (message,) = core.subscriptions.messages()
                self.assertNotIn("IntervalMs", message)
                fast.close()
                (message,) = core.subscriptions.messages()
                self.assertEqual(message["IntervalMs"], 60_000)
                slow.close()
                self.assertEqual(list(core.subscriptions.messages()), [])

        self.play(work())

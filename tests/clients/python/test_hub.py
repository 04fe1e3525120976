"""Who gets what is pushed."""

from unittest import TestCase

from webctp_client import asking, feeds, handler
from webctp_client.hub import BarStream, TickStreams, Wanted, bar_key, item_key
from webctp_client.made import own, structs
from webctp_client.protocol.messages import Tick


def bar(begin: str, *, closed: bool, period: str = "1m") -> own.RtnBar:
    """Return a bar's push."""
    return own.RtnBar(
        Bar=own.Bar(
            InstrumentID="rb2701",
            ExchangeID="SHFE",
            TradingDay="20261127",
            Period=period,
            BeginTime=begin,
            EndTime="",
            OpenPrice=1.0,
            HighestPrice=1.0,
            LowestPrice=1.0,
            ClosePrice=1.0,
            Volume=1,
            Turnover=1.0,
            OpenInterest=1.0,
            IsClosed=closed,
        )
    )


class Routes(TestCase):
    """Ticks by instrument, pattern and product."""

    def test_patterns_take_what_they_match(self) -> None:
        wanted = Wanted(["rb27??", "au*", "IF2612", "@cu"])
        for instrument, main, takes in (
            ("rb2701", None, True),
            ("rb270", None, False),
            ("rb2701C3000", None, False),
            ("au2702", None, True),
            ("IF2612", None, True),
            ("cu2701", None, False),
            ("cu2701", "@cu", True),
            ("rb2701", "@rb", False),
            ("rb27.1", None, True),
        ):
            self.assertEqual(wanted.takes(instrument, main), takes, (instrument, main))

    def test_a_tick_goes_to_each_who_wants_it_and_to_those_who_came_later(self) -> None:
        streams = TickStreams()
        one: list[structs.DepthMarketData] = []
        two: list[structs.DepthMarketData] = []
        tick = Tick(structs.DepthMarketData(InstrumentID="rb2701"))
        streams.add(one.append, Wanted(["rb2701"]))
        streams.push(tick)
        put = two.append
        streams.add(put, Wanted(["rb*", "rb2701"]))
        streams.push(tick)
        self.assertEqual((len(one), len(two)), (2, 1))
        self.assertEqual(streams.remove(put), ["rb*"])
        streams.push(tick)
        self.assertEqual((len(one), len(two)), (3, 1))

    def test_a_bar_that_is_over_comes_once(self) -> None:
        got: list[own.Bar] = []
        stream = BarStream(got.append, Wanted(["rb2701"]), ["1m"])
        for begin, closed in (("1", True), ("2", False), ("2", True), ("1", True), ("2", True)):
            stream.push(bar(begin, closed=closed))
        stream.push(bar("3", closed=False))
        stream.push(bar("9", closed=True, period="1d"))
        told = [(one.BeginTime, one.IsClosed) for one in got]
        self.assertEqual(told, [("1", True), ("2", False), ("2", True), ("3", False)])

    def test_only_what_grows_may_be_passed_over(self) -> None:
        self.assertIsNone(bar_key(bar("1", closed=True).Bar))
        self.assertIsNotNone(bar_key(bar("1", closed=False).Bar))
        self.assertIsNone(item_key(("on_order", structs.Order())))
        self.assertIsNone(item_key(("on_bar", bar("1", closed=True).Bar)))
        self.assertIsNotNone(item_key(("on_tick", structs.DepthMarketData())))

    def test_a_handler_does_nothing_of_itself(self) -> None:
        one = handler.Handler()
        for name in ("on_tick", "on_bar", "on_order", "on_trade", "on_position", "on_account"):
            self.assertIsNone(getattr(one, name)(None))
        self.assertIsNone(one.on_event(None))
        self.assertEqual(asking.names_of("a"), ["a"])
        feeds.NO_FEED.end()

"""What the bar store keeps of live ticks: equal to what clients are told and to an import."""

from datetime import datetime, timedelta

from tests.gateway.market.test_joining import JoinCase
from tests.upstream.barstore.test_recorded import Said, a_day, as_tick, bars_of
from webctp.config.sections import BarStoreConfig
from webctp.config.serving import WebSocketOptions
from webctp.gateway.market import barkeeping
from webctp.upstream.barstore.row import BarRow, SeriesKey, moment_of


class KeepCase(JoinCase):
    """A day of rb2701, told by the front as it goes on."""

    options = WebSocketOptions(
        ping_interval=604_800, ping_timeout=1, max_message_bytes=65_536, login_deadline=0
    )
    told_at = 0
    """When the front has told its last tick, in nanoseconds since 1970."""

    def say(self, one: Said, instrument: str = "rb2701") -> None:
        """Let the front tell a tick, as late as it came."""
        gone = one.received - datetime(1970, 1, 1, 8)
        now = gone // timedelta(microseconds=1) * 1000
        if self.told_at and now > self.told_at:
            self.reactor.advance((now - self.told_at) / 1e9)
        self.told_at = now
        begun = self.reactor.seconds()
        self.front.clock = lambda: now + int((self.reactor.seconds() - begun) * 1e9)
        self.front.push("OnRtnDepthMarketData", one.fields(instrument))
        self.settle()

    def kept(self, period: str, instrument: str = "rb2701") -> list[BarRow]:
        """The bars in the store."""
        self.store.work()
        file = self.store._file
        self.assertIsNotNone(file)
        return [] if file is None else file.bars(SeriesKey(instrument, period), 9999)


class Truth(KeepCase):
    """One day by the store, by a client's stream, and by the import of its recording."""

    def test_all_three_are_equal(self) -> None:
        told = a_day(11)
        peer = self.watch("1m")
        for one in told:
            self.say(one)
        self.reactor.advance(120)
        imported = list(bars_of([as_tick(one) for one in told]))
        minutes = [row for key, row in imported if key.period == "1m"]
        self.assertEqual(self.kept("1m"), minutes)
        names = ("OpenPrice", "HighestPrice", "LowestPrice", "ClosePrice", "Volume", "Turnover")
        closed = [one["Bar"] for one in self.told(peer) if one["Bar"]["IsClosed"]]
        self.assertEqual(
            [(bar["BeginTime"][:19], *(bar[name] for name in names)) for bar in closed],
            [(moment_of(row.begin).isoformat(), *row[4:10]) for row in minutes],
        )
        self.assertGreater(len(minutes), 300)
        (day,) = self.kept("1d")
        *_, last = (row for key, row in imported if key.period == "1d")
        self.assertEqual(day, last._replace(settlement=day.settlement))


class Settling(KeepCase):
    """Settlement prices, which come after the close."""

    def test_the_price_after_the_close(self) -> None:
        told = a_day(11)
        for one in told[:-1]:
            self.say(one)
        for _ in range(4):
            self.reactor.advance(barkeeping._LOOK)
        self.assertIsNone(self.kept("1d")[0].settlement)
        self.say(told[-1])
        self.reactor.advance(barkeeping._LOOK)
        self.assertEqual(self.kept("1d")[0].settlement, 3099.0)
        looks = [call for call in self.reactor.getDelayedCalls() if "for_prices" in str(call)]
        self.assertEqual(looks, [])

    def test_the_next_day_tells_it_once_more(self) -> None:
        day = a_day(11)[-1]
        friday = BarRow(1, 2, "20261120", "SHFE", 1.0, 1.0, 1.0, 1.0, 5, 5.0, 5.0)
        self.known(friday, period="1d")
        for one in a_day(11)[:40]:
            self.say(one)
        self.assertEqual(self.kept("1d")[0].settlement, 3000.0)
        self.assertEqual(day.settlement, 3099.0)


class Kept(KeepCase):
    """Which instruments are kept, and which bars."""

    def test_what_a_client_is_subscribed_to(self) -> None:
        self.watcher_of("rb2705")
        for one in a_day(11)[:60]:
            self.say(one, "rb2705")
            self.say(one, "rb2710")
        self.assertGreater(len(self.kept("1m", "rb2705")), 5)
        self.assertEqual(self.kept("1m", "rb2710"), [])

    def watcher_of(self, instrument: str) -> None:
        """Subscribe a client to ticks."""
        self.subscribe(self.watcher(), instrument)

    def test_a_minute_that_began_unseen_is_none_of_the_past(self) -> None:
        told = [one for one in a_day(11) if one.stamp.day == 23]
        for one in told[7:40]:
            self.say(one)
        whole = {row.begin: row for _, row in bars_of([as_tick(one) for one in a_day(11)])}
        kept = self.kept("1m")
        self.assertGreater(len(kept), 3)
        for row in kept:
            self.assertEqual(row, whole[row.begin])
        # The day so far is told by its ticks, however late the gateway came.
        self.assertEqual(self.kept("1d")[0].open, told[7].open)

    def test_an_instrument_that_the_front_refuses_is_logged(self) -> None:
        self.assertEqual(self.bar_store, BarStoreConfig(path="", instruments=("rb2701",)))
        self.assertIn(b"rb2701", self.md.hub._ticks)

"""A keeper before the simulated exchange: structs in, queries out, over days with faults."""

from collections.abc import Callable
from typing import Any

from twisted.internet.task import Clock
from twisted.trial.unittest import SynchronousTestCase

from tests.upstream.portfolio.randomportfolios import RandomPortfolios, Told, trade, unlike
from webctp.ctp import catalog
from webctp.ctp.bridge import CallbackEvent
from webctp.ctp.catalog import Method
from webctp.ctp.codec import codec_for
from webctp.upstream.portfolio import reading
from webctp.upstream.portfolio.asking import Asking
from webctp.upstream.portfolio.context import PortfolioContext
from webctp.upstream.portfolio.facts import DEPTH, INSTRUMENT, Facts, Need, Row
from webctp.upstream.portfolio.keeper import PortfolioKeeper
from webctp.upstream.portfolio.portfolio import Portfolio
from webctp.upstream.session.reply import OnReply, Reply

CATALOGUE = catalog.trading()
CODEC = codec_for(CATALOGUE.module)
TERMS = {
    **{"InstrumentID": "rb2405", "ExchangeID": "SHFE", "ProductID": "rb", "ProductClass": "1"},
    **{"VolumeMultiple": 10, "PositionDateType": "1", "MaxMarginSideAlgorithm": "1"},
}
"""What an instrument says of itself."""


def packed(struct: str, row: Row) -> bytes:
    """Return a row as the native library hands it over."""
    layout = CODEC.layout(struct)
    return layout.pack({name: row[name] for name in row if name in layout.by_name})


class Listener:
    """Notes what a keeper tells."""

    def __init__(self) -> None:
        self.updates: list[Any] = []
        self.drifts: list[Any] = []
        self.ready = 0

    def portfolio_ready(self) -> None:
        self.ready += 1

    def portfolio_changed(self, update: Any) -> None:
        self.updates.append(update)

    def portfolio_refused(self, query: str, code: int) -> None:
        raise AssertionError(f"{query}: {code}")

    def portfolio_drifted(self, drifts: Any) -> None:
        self.drifts += drifts


class Kept(Told):
    """A portfolio that a keeper keeps."""

    def __init__(self, keeper: PortfolioKeeper, listener: Listener) -> None:
        super().__init__(keeper.portfolio)
        self.keeper = keeper
        self.listener = listener


class RandomKeepers(RandomPortfolios):
    """Users who act at random; each one's portfolio is kept by a keeper."""

    def __init__(self, seed: int) -> None:
        self.clock = Clock()
        self.context = PortfolioContext(self.clock, CATALOGUE, 0.5, 1e9)
        self.drifts: list[Any] = []
        super().__init__(seed)

    def begin(self, account: str) -> None:
        """Begin an account's keeper anew, by the flow so far and queries."""
        before = self.told.get(account)
        if isinstance(before, Kept):
            self.drifts += before.listener.drifts
            before.keeper.stop()
        listener = Listener()
        person = {"BrokerID": "9999", "InvestorID": account}
        ask = self._answering(account)
        asking = Asking(self.clock, CATALOGUE, ask, reading.ANSWERED, person, self.context.counts)
        keeper = PortfolioKeeper(self.context, asking, account, None, listener)
        day = self.bench.exchange.markets.day.name
        flow = [self._event(name, row) for name, row in self.flow[account]]
        for _ in keeper.begin(day, flow, is_whole=True):
            pass
        self.told[account] = Kept(keeper, listener)
        assert listener.ready == 1, account
        keeper.snapshot()
        self.count("portfolios begun")

    def _answering(self, account: str) -> Callable[..., int]:
        def ask(
            method: Method, body: dict[str, Any], on_reply: OnReply, asker: object = None
        ) -> int:
            answer = method.answer
            assert answer is not None
            self.count("queries")
            rows = self.rows(account, method.name, **body)
            for number, row in enumerate(rows, 1):
                on_reply(Reply(answer, packed(answer.body_struct, row), None, number == len(rows)))
            if not rows:
                on_reply(Reply(answer, None, None, True))
            return 0

        return ask

    def _event(self, name: str, row: Row) -> CallbackEvent:
        callback = CATALOGUE.callbacks[name]
        return CallbackEvent(callback, packed(callback.body_struct, row), None, 0, True)

    def _tell_one(self, portfolio: Portfolio, callback: str, row: Row) -> None:
        kept = self.told[str(row["InvestorID"])]
        assert isinstance(kept, Kept)
        kept.keeper.take(self._event(callback, row))

    def found(self) -> list[Any]:
        """Return the differences that reconciliations have found."""
        kept = [one for one in self.told.values() if isinstance(one, Kept)]
        return [*self.drifts, *(drift for one in kept for drift in one.listener.drifts)]

    def _learn(self, account: str, portfolio: Portfolio) -> None:
        """Let the keepers look around; what they lack they ask for themselves."""
        self.clock.advance(0.5)
        assert list(portfolio.needs()) == [], account
        super()._learn(account, portfolio)


class Days(SynchronousTestCase):
    """What a keeper keeps is what the exchange says."""

    def test_random_days(self) -> None:
        day = RandomKeepers(7)
        self.assertEqual(trade(day, turns=20), [])
        self.assertGreater(day.done["trades"], 4)
        self.assertEqual(day.found(), [])

    def test_it_is_reconciled_without_a_difference(self) -> None:
        day = RandomKeepers(2)
        for _ in range(30):
            day.act()
        self.assertEqual(unlike(day.differences()), [])
        for _ in range(30):
            day.clock.advance(0.5)
        self.assertEqual(day.found(), [])
        self.assertGreaterEqual(day.context.counts.reconciled, 3)


class KeeperCase(SynchronousTestCase):
    """A keeper before a front that answers as the test says."""

    day = "20261127"

    def setUp(self) -> None:
        self.clock = Clock()
        self.listener = Listener()
        self.asked: list[str] = []
        self.answers: dict[str, list[Row]] = {
            reading.ACCOUNT: [{"CurrencyID": "CNY", "PreBalance": 1e6, "Balance": 1e6}]
        }
        self.named: list[Row] = []
        """What the front tells of an instrument that it is asked about by name."""
        context = self.context = PortfolioContext(self.clock, CATALOGUE, 0.5, 60.0)
        person = {"BrokerID": "9999", "InvestorID": "u"}
        asking = Asking(self.clock, CATALOGUE, self.ask, reading.ANSWERED, person, context.counts)
        self.keeper = PortfolioKeeper(context, asking, "u", None, self.listener)

    def ask(
        self, method: Method, body: dict[str, Any], on_reply: OnReply, asker: object = None
    ) -> int:
        answer = method.answer
        assert answer is not None
        name = body.get("InstrumentID", "")
        self.asked.append(f"{method.name} {name}".strip())
        rows = self.answers.get(method.name, [])
        if method.name == INSTRUMENT:
            rows = self.named if name else []
        for number, row in enumerate(rows, 1):
            on_reply(Reply(answer, packed(answer.body_struct, row), None, number == len(rows)))
        if not rows:
            on_reply(Reply(answer, None, None, True))
        return 0

    def hold(self) -> None:
        """Let five lots be held, opened before the day."""
        lots = {"InstrumentID": "rb2405", "HedgeFlag": "1", "OpenDate": "20261126"}
        left = {"Volume": 5, "TimeFirstVolume": 5}
        self.answers[reading.DETAILS] = [
            {**lots, "Direction": "0", "TradeID": "7", "OpenPrice": 3000.0, **left}
        ]
        held = {"InstrumentID": "rb2405", "HedgeFlag": "1", "PosiDirection": "2"}
        self.answers[reading.POSITIONS] = [
            {**held, "PositionDate": "2", "Position": 5, "YdPosition": 5}
        ]

    def begin(self) -> None:
        for _ in self.keeper.begin(self.day, [], is_whole=True):
            pass
        self.assertEqual(self.listener.ready, 1)
        self.keeper.snapshot()

    def lots(self) -> list[tuple[str, int]]:
        """Return what is told to be held."""
        return [(one.key.instrument, one.volume) for one in self.keeper.snapshot().positions]


class Unlisted(KeeperCase):
    """Positions in instruments that the list of all did not have."""

    def test_they_are_asked_for_by_name_at_the_beginning(self) -> None:
        self.hold()
        self.named = [TERMS]
        self.begin()
        self.assertEqual(self.asked.count(f"{INSTRUMENT} rb2405"), 1)
        self.assertEqual(self.lots(), [("rb2405", 5)])

    def test_a_list_that_another_session_is_amid_is_asked_for(self) -> None:
        Facts(self.context.terms.of(self.day)).take(Need(INSTRUMENT, ""), TERMS)
        self.begin()
        self.assertEqual(self.asked.count(INSTRUMENT), 1)
        self.asked.clear()
        for _ in self.keeper.begin(self.day, [], is_whole=True):
            pass
        self.assertEqual(self.asked.count(INSTRUMENT), 0, "it was answered to its end")

    def test_and_where_a_reconciliation_finds_them(self) -> None:
        self.named = [TERMS]
        self.begin()
        self.assertEqual(self.lots(), [])
        self.hold()
        for _ in range(240):
            self.clock.advance(0.5)
        self.assertIn("Position", [drift.field for drift in self.listener.drifts])
        self.assertEqual(self.lots(), [("rb2405", 5)])

    def test_what_nobody_knows_is_left_out_with_a_caveat_and_reconciled_on(self) -> None:
        self.begin()
        self.hold()
        for _ in range(600):
            self.clock.advance(0.5)
        self.assertEqual(self.asked.count(f"{INSTRUMENT} rb2405"), 1)
        self.assertEqual(self.lots(), [])
        self.assertIn("unknown", self.keeper.snapshot().caveats)
        self.assertGreater(self.asked.count(reading.ACCOUNT), 4)


class Mishap(Exception):
    """What nobody has expected."""


class Errors(KeeperCase):
    """What goes wrong in a portfolio is logged, and it goes on."""

    def setUp(self) -> None:
        super().setUp()
        self.named = [TERMS]
        self.hold()
        self.price(3000.0)
        self.broken = 0
        """How often a thing is still to fail; below zero: always."""

    def failing(self, run: Callable[..., Any]) -> Callable[..., Any]:
        """Return what fails as often as ``broken`` says, and then does what it should."""

        def fails(*arguments: Any, **named: Any) -> Any:
            if self.broken:
                self.broken -= 1
                raise Mishap
            return run(*arguments, **named)

        return fails

    def logged(self) -> int:
        return len(self.flushLoggedErrors(Mishap))

    def price(self, last: float) -> None:
        """Let the front tell another price when it is asked."""
        row = {"InstrumentID": "rb2405", "PreSettlementPrice": 3000.0, "UpperLimitPrice": 3300.0}
        self.answers[DEPTH] = [{**row, "LastPrice": last}]

    def order(self) -> CallbackEvent:
        """A closing order of the account's."""
        row = {"InstrumentID": "rb2405", "InvestorID": "u", "TradingDay": self.day, "OrderRef": "1"}
        callback = CATALOGUE.callbacks[reading.ORDER]
        return CallbackEvent(callback, packed(callback.body_struct, row), None, 0, True)

    def last_told(self) -> float:
        return float(self.listener.updates[-1].positions[0].last) / 10_000

    def look(self, seconds: float) -> None:
        for _ in range(round(seconds * 2)):
            self.clock.advance(0.5)

    def test_the_timer_goes_on_and_tells_what_has_changed(self) -> None:
        self.begin()
        self.patch(self.keeper, "_look_once", self.failing(self.keeper._look_once))
        self.broken = 1
        self.look(0.5)
        self.assertEqual(self.logged(), 1)
        self.price(3010.0)
        self.look(5)
        self.assertEqual(self.last_told(), 3010.0)

    def test_what_fails_for_ever_is_tried_and_logged_once_a_minute(self) -> None:
        self.begin()
        self.patch(self.keeper, "_look_once", self.failing(self.keeper._look_once))
        self.broken = -1
        self.look(3600)
        tried, logged = -1 - self.broken, self.logged()
        self.assertTrue(55 <= tried <= 75, tried)
        self.assertTrue(50 <= logged <= 62, logged)
        self.broken = 0
        self.price(3010.0)
        self.look(64)
        self.assertEqual(self.last_told(), 3010.0)

    def test_a_push_that_cannot_be_taken_harms_nobody_and_is_asked_about(self) -> None:
        self.begin()
        self.look(10)
        before = self.asked.count(reading.ACCOUNT)
        portfolio = self.keeper.portfolio
        self.patch(portfolio, "take_order", self.failing(portfolio.take_order))
        self.broken = 1
        self.keeper.take(self.order())  # raised before
        self.assertEqual(self.logged(), 1)
        self.look(5)
        self.assertGreater(self.asked.count(reading.ACCOUNT), before)

    def test_an_answer_that_cannot_be_taken_is_asked_for_again(self) -> None:
        for method in ("_seed", "_fund", "_params"):
            with self.subTest(method=method):
                self.setUp()
                self.patch(self.keeper, method, self.failing(getattr(self.keeper, method)))
                self.answers[reading.PARAMS] = [
                    {"MarginPriceType": "1", "Algorithm": "1", "AvailIncludeCloseProfit": "0"}
                ]
                self.broken = 1
                for _ in self.keeper.begin(self.day, [], is_whole=True):
                    pass
                self.assertEqual((self.listener.ready, self.logged()), (0, 1))
                self.look(10)
                self.assertEqual(self.listener.ready, 1)
                self.assertEqual(self.lots(), [("rb2405", 5)])
                self.keeper.stop()

    def test_a_reconciliation_that_fails_is_made_again(self) -> None:
        self.begin()
        self.patch(self.keeper, "_compare", self.failing(self.keeper._compare))
        self.broken = 1
        self.look(120)
        self.assertEqual(self.logged(), 1)
        self.answers[reading.DETAILS] = self.answers[reading.POSITIONS] = []
        self.look(120)
        self.assertIn("Position", [drift.field for drift in self.listener.drifts])

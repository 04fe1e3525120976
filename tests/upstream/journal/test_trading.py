"""What is kept of all accounts: IDs loaded and forgotten some at a time, days that were told."""

from collections.abc import Iterable
from pathlib import Path
from typing import Any, cast

from twisted.internet.defer import inlineCallbacks

from tests.upstream.journal.test_journal import JournalTestCase, Reactor
from tests.upstream.journal.test_store import client_order
from webctp import clock
from webctp.ctp import catalog
from webctp.language.text import LANGUAGES, Language, english
from webctp.upstream.account import AccountKey
from webctp.upstream.journal.reader import Reader
from webctp.upstream.journal.store import Store, Type
from webctp.upstream.journal.trading import TradingJournal
from webctp.upstream.orders.client_order import ClientOrder
from webctp.upstream.orders.client_order import ClientOrderState as State

ACCOUNT = AccountKey("9999", "028742")
RESTING: dict[str, Any] = {"state": State.KNOWN, "order_status": "3"}


class BooksTestCase(JournalTestCase):
    """Books on a real file, which is filled first."""

    def setUp(self) -> None:
        super().setUp()
        self.slices: list[int] = []

    @inlineCallbacks
    def start(
        self, *orders: ClientOrder, day: str = "", before: str = "", language: Language = "en"
    ) -> Any:
        yield self.journal.stop()
        store = Store(Path(self.path))
        store.begin()
        for one in orders:
            store.claim(one)
        for told in filter(None, (before, day)):
            store.told_day("9999", told)
        store.commit()
        store.close()
        self.accounts = TradingJournal(
            cast(clock.Reactor, Reactor(self.clock)),
            str(self.path),
            catalog.trading(),
            days=30,
            go_on=False,
            on_change=lambda order: None,
            language=language,
        )
        self.accounts.start()
        self.addCleanup(self.accounts.stop)
        load = self.accounts.client_orders.load

        def counting(orders: Iterable[ClientOrder]) -> None:
            self.slices.append(len(list(orders)))
            load(orders)

        self.accounts.client_orders.load = counting  # type: ignore[method-assign]

    @property
    def known(self) -> list[str]:
        return sorted(key.client_order_id for key in self.accounts.client_orders._orders)


class LoadTests(BooksTestCase):
    """A login's account is read."""

    @inlineCallbacks
    def test_only_what_may_still_change_and_is_of_the_last_day(self) -> Any:
        yield self.start(
            client_order("long ago", trading_day="20231229", state=State.SENT),
            client_order("yesterday", trading_day="20240101", state=State.SENT),
            client_order("sent", state=State.SENT),
            client_order("resting", state=State.KNOWN, order_status="3"),
            client_order("ended", state=State.KNOWN, order_status="0"),
            client_order("refused", state=State.REFUSED, code=-503),
            day="20240102",
        )
        yield self.accounts.load(ACCOUNT)
        self.assertEqual(self.known, ["resting", "sent", "yesterday"])
        self.assertTrue(self.accounts.may_have_missed(ACCOUNT))

    @inlineCallbacks
    def test_some_at_a_time_and_others_in_between(self) -> Any:
        yield self.start(*(client_order(f"{n:04}", state=State.SENT) for n in range(1050)))
        loading = self.accounts.load(ACCOUNT)
        claims = 0
        while not loading.called:
            yield self.accounts.file.claim(client_order(f"other-{claims}", user_id="2"))
            claims += 1
        yield loading
        self.assertEqual(len(self.known), 1050)
        self.assertEqual((max(self.slices), len(self.slices)), (100, 11))
        self.assertGreater(claims, 5)
        self.assertEqual(self.accounts.file.alarms, 0)

    @inlineCallbacks
    def test_what_is_settled_is_read_once(self) -> Any:
        orders = [client_order(str(n), state=State.REFUSED) for n in range(10)]
        yield self.start(*orders)
        yield self.accounts.load(ACCOUNT)
        yield self.accounts.load(ACCOUNT)
        self.assertEqual(self.slices, [10, 0])

    @inlineCallbacks
    def test_a_wall_clock_that_is_wrong_changes_nothing(self) -> Any:
        yield self.start(client_order("sent", state=State.SENT))
        self.accounts._wall = lambda: 10**19
        yield self.accounts.load(ACCOUNT)
        self.assertEqual(self.known, ["sent"])

    @inlineCallbacks
    def test_a_day_told_wrong_before_is_put_right_at_the_login(self) -> Any:
        yield self.start(client_order("sent", state=State.SENT), day="20991231", before="20991230")
        yield self.accounts.load(ACCOUNT)
        self.assertEqual(self.known, [])
        self.accounts.new_day(ACCOUNT, "20240102")
        yield self.until(lambda: self.known == ["sent"])
        self.accounts.new_day(ACCOUNT, "20240103")
        self.assertEqual((yield self.accounts.file.last_days("9999")), "20240102")


class DayTests(BooksTestCase):
    """A new trading day begins."""

    @inlineCallbacks
    def test_what_was_before_it_is_forgotten_some_at_a_time(self) -> Any:
        yield self.start(*(client_order(f"{n:04}", **RESTING) for n in range(250)))
        yield self.accounts.load(ACCOUNT)
        self.accounts.new_day(ACCOUNT, "20240103")
        self.assertEqual(len(self.known), 150)
        for _ in range(3):
            self.clock.advance(0)
        self.assertEqual((self.known, self.accounts._forgetting), ([], None))

    @inlineCallbacks
    def test_stopping_meanwhile_leaves_nothing_behind(self) -> Any:
        yield self.start(*(client_order(f"{n:04}", **RESTING) for n in range(250)))
        yield self.accounts.load(ACCOUNT)
        self.accounts.new_day(ACCOUNT, "20240103")
        yield self.accounts.stop()
        self.assertEqual(self.clock.getDelayedCalls(), [])


class LanguageTests(BooksTestCase):
    """What refusals and reasons are kept in."""

    @inlineCallbacks
    def test_details_are_kept_in_the_gateways_language(self) -> Any:
        late = english("the session was lost before the order was sent")
        for language in LANGUAGES:
            yield self.start(language=language)
            self.accounts.keep(Type.ERROR, "ReqOrderInsert", ACCOUNT, "20240102", detail=late)
            self.accounts.keep(Type.REQUEST, "ReqOrderInsert", ACCOUNT, "20240102")
            yield self.accounts.stop()
        reader = Reader(Path(self.path))
        kept = [row["detail"] for row in reader.records({})]
        reader.close()
        self.assertEqual(kept, [late, "", "报单发出之前会话已断开", ""])

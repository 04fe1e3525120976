"""Parked orders count until CTP has sent or deleted them, whoever has parked them."""

from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st
from twisted.trial.unittest import SynchronousTestCase

from tests.upstream.risk.samples import CATALOGUE, INSERT, ME, Desk, order
from webctp.ctp import errors
from webctp.ctp.codec import codec_for
from webctp.testing import rows
from webctp.upstream.account import AccountKey
from webctp.upstream.orders.order import Order
from webctp.upstream.risk.observers import RiskObservers
from webctp.upstream.session.reply import Reply

PARK, REMOVE, ASK = "ReqParkedOrderInsert", "ReqRemoveParkedOrder", "ReqQryParkedOrder"
_CODEC = codec_for(CATALOGUE.module)
_PARKED = "CThostFtdcParkedOrderField"


def reply(method: str, *, last: bool = True, **fields: Any) -> Reply:
    """An answer; without fields one that has no body."""
    callback = CATALOGUE.methods[method].reply
    body = _CODEC.layout(_PARKED).pack(fields) if fields else None
    if method == REMOVE:
        body = None
    return Reply(callback, body, None, last)


class Front:
    """What is parked at CTP, and a desk that hears of it as a session tells."""

    def __init__(self, desk: Desk) -> None:
        self.desk = desk
        self.moved: list[AccountKey] = []
        desk.session._on_parked_moved = self.moved.append
        self.observers = RiskObservers(_CODEC, desk.desk, ME, lambda info: 0)
        self.waiting: dict[str, dict[str, Any]] = {}
        self._number = self._ref = 0

    @property
    def lots(self) -> int:
        """Lots that are counted as going to open."""
        return int(self.desk.book.opening("rb2405", "2"))

    def park(self, token: str = "", **fields: Any) -> Order:
        """Send one that the checks let pass; it is not answered yet."""
        parked = self.desk.order(PARK, token, **{**INSERT, **fields})
        refusal = self.desk.ask(parked)
        assert refusal is None, refusal
        return parked

    def take(self, **fields: Any) -> str:
        """CTP takes a parked order; gives its number."""
        self._number += 1
        number = f"{self._number:>12}"
        self.waiting[number] = {**INSERT, **fields}
        return number

    def accept(self, parked: Order, number: str) -> None:
        """CTP's answer comes."""
        self.desk.session.answered(parked, 0, reply(PARK, ParkedOrderID=number, Status="1"))

    def parked(self, **fields: Any) -> str:
        """One that was parked here, and answered."""
        number = self.take(**fields)
        self.accept(self.park(**fields), number)
        return number

    def send(self, number: str, status: str = "3") -> dict[str, Any]:
        """CTP sends one, and tells its order."""
        fields = self.waiting.pop(number)
        self._ref += 1
        name = f"{self._ref}"
        row = order(
            **{**fields, "OrderRef": f"9{name}", "SessionID": 77, "OrderLocalID": name},
            OrderSysID=name,
            OrderStatus=status,
            VolumeTotal=fields["VolumeTotalOriginal"],
        )
        self.desk.session.take_order(row)
        return dict(row)

    def ask(self, **body: Any) -> tuple[Any, list[dict[str, Any]]]:
        """Ask what is parked; gives what takes the answer, and the answer."""
        take = self.observers.beside(ASK, {"InvestorID": rows.USER, **body}, lambda _: None)
        answer = [
            {**fields, "InvestorID": rows.USER, "ParkedOrderID": number, "Status": "1"}
            for number, fields in self.waiting.items()
        ]
        return take, answer

    def tell(self, asked: tuple[Any, list[dict[str, Any]]]) -> None:
        """The answer comes."""
        take, answer = asked
        for row in answer:
            take(reply(ASK, last=False, **row))
        take(reply(ASK))


class ParkedTests(SynchronousTestCase):
    """One account, whose parked orders count as orders that work."""

    def begin(self, **limits: Any) -> Front:
        desk = Desk(**limits)
        desk.book.positions_whole()
        return Front(desk)

    def test_together_they_keep_to_the_position(self) -> None:
        front = self.begin(max_position=10)
        front.parked(VolumeTotalOriginal=6)
        for method in (PARK, "ReqOrderInsert"):
            detail = front.desk.detail(method, **{**INSERT, "VolumeTotalOriginal": 5})
            self.assertIn("found 11 lots", detail)
        front.parked(VolumeTotalOriginal=4)

    def test_they_keep_to_working_orders_and_to_orders_of_the_day(self) -> None:
        for limit in ("max_working_orders", "max_orders_per_day"):
            front = self.begin(**{limit: 2})
            front.parked()
            front.parked()
            self.assertIn("found 3", front.desk.detail(PARK, **INSERT), limit)

    def test_they_do_not_meet_each_other(self) -> None:
        front = self.begin(self_trade="refuse")
        front.parked(LimitPrice=3510.0)
        for method in (PARK, "ReqOrderInsert"):
            detail = front.desk.detail(method, **{**INSERT, "Direction": "1", "LimitPrice": 3505.0})
            self.assertIn("it would meet an own order of 1 lots at 3510", detail)

    def test_one_that_was_sent_counts_once(self) -> None:
        front = self.begin(max_position=10)
        number = front.parked(VolumeTotalOriginal=6)
        front.send(number)
        self.assertEqual((front.lots, front.desk.book.working, front.desk.book.orders), (6, 1, 1))
        self.assertEqual(front.moved, [ME], "CTP is asked whether it was that one")

    def test_one_that_was_sent_and_has_ended_counts_for_the_day(self) -> None:
        front = self.begin(max_position=10)
        front.send(front.parked(VolumeTotalOriginal=6), status="5")
        self.assertEqual((front.lots, front.desk.book.working, front.desk.book.orders), (0, 0, 1))

    def test_an_order_like_one_is_only_thought_to_be_it(self) -> None:
        front = self.begin(max_position=10)
        number = front.parked(VolumeTotalOriginal=6)
        others = front.take(VolumeTotalOriginal=6)
        front.send(others)  # of another terminal, and never parked here
        self.assertEqual(front.moved, [ME])
        front.tell(front.ask())
        self.assertEqual(front.lots, 12)
        front.send(number)
        self.assertEqual(front.lots, 12)

    def test_what_is_refused_or_not_taken_does_not_count(self) -> None:
        front = self.begin(max_position=10)
        parked = front.park(VolumeTotalOriginal=6)
        front.desk.session.answered(parked, 160, reply(PARK))
        parked = front.park(VolumeTotalOriginal=6)
        front.desk.session.dropped(parked)
        self.assertEqual((front.lots, front.desk.book.orders), (0, 0))

    def test_what_is_removed_does_not_count(self) -> None:
        front = self.begin(max_position=10)
        number = front.parked(VolumeTotalOriginal=6)
        asked = front.ask()
        remove = front.desk.order(REMOVE, ParkedOrderID=number.strip())
        front.desk.session.answered(remove, 25, reply(REMOVE))
        self.assertEqual(front.lots, 6)
        front.desk.session.answered(remove, 0, reply(REMOVE))
        self.assertEqual(front.lots, 0)
        front.tell(asked)  # it was asked before, and is no news
        self.assertEqual(front.lots, 0)

    def test_an_answer_that_is_lost_counts_until_ctp_has_none(self) -> None:
        for is_taken in (True, False):
            front = self.begin(max_position=10)
            early = front.ask()
            parked = front.park(VolumeTotalOriginal=6)
            if is_taken:
                front.take(VolumeTotalOriginal=6)
            front.desk.session.answered(parked, errors.NO_ANSWER, reply(PARK))
            front.tell(early)
            self.assertEqual(front.lots, 6)
            front.tell(front.ask())
            self.assertEqual(front.lots, 6 if is_taken else 0)

    def test_others_and_those_of_a_run_before_count_once_ctp_is_asked(self) -> None:
        front = self.begin(max_position=10)
        front.take(VolumeTotalOriginal=6)
        front.tell(front.ask())
        self.assertEqual(front.lots, 6)
        self.assertIn("found 11 lots", front.desk.detail(VolumeTotalOriginal=5))

    def test_an_answer_about_some_drops_none(self) -> None:
        front = self.begin(max_position=10)
        front.parked(VolumeTotalOriginal=6)
        asked = front.ask(InstrumentID="hc2405")
        front.waiting.clear()
        front.tell((asked[0], []))
        self.assertEqual(front.lots, 6)
        front.tell(front.ask())
        self.assertEqual(front.lots, 0)

    def test_a_day_begins_without_them(self) -> None:
        front = self.begin(max_position=10)
        front.parked(VolumeTotalOriginal=6)
        front.desk.session.logged_in("20240103", 1, 2)
        self.assertEqual((front.lots, front.desk.book.orders), (0, 0))
        front.tell(front.ask())
        self.assertEqual(front.lots, 6)

    def test_a_refused_push_asks_where_something_is_parked(self) -> None:
        front = self.begin(max_position=10)
        session = front.desk.session
        session.insert_refused(rows.USER)
        self.assertEqual(front.moved, [])
        front.parked()
        session.insert_refused("another")
        self.assertEqual(front.moved, [])
        session.insert_refused(rows.USER)
        self.assertEqual(front.moved, [ME])

    def test_a_token_keeps_those_it_has_parked(self) -> None:
        limits = Desk(max_position=10).desk._limits
        front = Front(Desk(tokens={"page": limits and type(limits)(max_orders_per_day=2)}))
        number = front.take()
        front.accept(front.park("page"), number)
        front.send(number)
        front.parked()  # by nobody's token
        front.park("page")
        refusal = front.desk.ask(front.desk.order(PARK, "page", **INSERT))
        assert refusal is not None
        self.assertIn("found 3", refusal.detail)


class _Flow:
    """Random things that happen to parked orders, each with lots of its own."""

    def __init__(self) -> None:
        desk = Desk(max_position=10_000)
        desk.book.positions_whole()
        self.front = Front(desk)
        self.working = self.known = 0
        self._lots = 0
        self._open: list[tuple[Order, str | None]] = []
        self._asked: list[Any] = []

    def happens(self, what: str, which: int) -> None:
        getattr(self, f"_{what}")(which)

    def _fields(self) -> dict[str, Any]:
        self._lots += 1
        return {"VolumeTotalOriginal": self._lots}

    def _park(self, which: int) -> None:
        fields = self._fields()
        parked = self.front.park(**fields)
        self._open.append((parked, self.front.take(**fields) if which % 3 else None))

    def _other(self, which: int) -> None:
        self.front.take(**self._fields())

    def _answer(self, which: int) -> None:
        if self._open:
            parked, number = self._open.pop(which % len(self._open))
            if number is None:
                code = (160, errors.NO_ANSWER)[which % 2]
                self.front.desk.session.answered(parked, code, reply(PARK))
            elif which % 5 == 0:
                self.front.desk.session.answered(parked, errors.NO_ANSWER, reply(PARK))
            else:
                self.front.accept(parked, number)

    def _send(self, which: int) -> None:
        # What is not answered yet is not sent: the answer and the order come in one line.
        open_ = {number for _, number in self._open}
        numbers = [one for one in self.front.waiting if one not in open_]
        if numbers:
            row = self.front.send(numbers[which % len(numbers)])
            self.working += row["VolumeTotalOriginal"]

    def _remove(self, which: int) -> None:
        open_ = {number for _, number in self._open}
        numbers = [one for one in self.front.waiting if one not in open_]
        if numbers:
            number = numbers[which % len(numbers)]
            del self.front.waiting[number]
            remove = self.front.desk.order(REMOVE, ParkedOrderID=number.strip())
            self.front.desk.session.answered(remove, 0, reply(REMOVE))

    def _ask(self, which: int) -> None:
        self._asked.append(self.front.ask())

    def _tell(self, which: int) -> None:
        if self._asked:
            self.front.tell(self._asked.pop(0))

    def ends(self) -> None:
        """All answers come, and CTP is asked once more."""
        while self._open:
            self._answer(0)
        while self._asked:
            self._tell(0)
        self.front.tell(self.front.ask())

    @property
    def parked(self) -> int:
        """The lots that are parked in truth."""
        return sum(one["VolumeTotalOriginal"] for one in self.front.waiting.values())


class FlowTests(SynchronousTestCase):
    """Whatever happens in whatever order."""

    @settings(max_examples=150, deadline=None)
    @given(
        st.lists(
            st.tuples(
                st.sampled_from(("park", "other", "answer", "send", "remove", "ask", "tell")),
                st.integers(0, 20),
            ),
            max_size=40,
        )
    )
    def test_once_ctp_was_asked_the_count_is_the_truth(self, events: list[tuple[str, int]]) -> None:
        flow = _Flow()
        for what, which in events:
            flow.happens(what, which)
        flow.ends()
        front, book = flow.front, flow.front.desk.book
        self.assertEqual(front.lots, flow.parked + flow.working)
        self.assertEqual(book.working, len(list(book)))
        parked = front.desk.desk.own(ME).parked
        self.assertEqual(len(parked.waiting), len(front.waiting))

"""ReqQryBar where bars are on disk: by number, by time, of any period."""

from typing import Any

from tests.gateway.market.test_joining import JoinCase
from tests.gateway.support import Message, code
from tests.upstream.barstore.test_row import minute


class PastCase(JoinCase):
    """A quarter of an hour on disk, and a watcher at ten."""

    def setUp(self) -> None:
        super().setUp()
        self.known(*(minute(f"09:{one:02}", 10.0 + one, one + 1) for one in range(15)))
        self.known(minute("09:00", 10.0, 99), period="1d")
        self.at("10:00:00")
        self.peer = self.watcher()

    def query(self, **body: Any) -> list[Message]:
        """The answers to a query of rb2701's minutes."""
        query = {"InstrumentID": "rb2701", "Period": "1m", **body}
        self.peer.send({"MsgType": "ReqQryBar", "QryBar": query, "RequestID": 9})
        self.settle()
        answers = self.peer.received()
        self.assertEqual([one["IsLast"] for one in answers], [False] * (len(answers) - 1) + [True])
        self.assertEqual({one["RequestID"] for one in answers}, {9})
        return answers

    def begins(self, **body: Any) -> list[str]:
        """When the bars of an answer begin."""
        return [one["Bar"]["BeginTime"][11:16] for one in self.query(**body) if one["Bar"]]


class Asking(PastCase):
    """What is asked for."""

    def test_the_newest(self) -> None:
        self.assertEqual(self.begins(Count=2), ["09:13", "09:14"])
        self.assertEqual(len(self.begins()), 15)

    def test_between_two_moments(self) -> None:
        morning = "2026-11-23T09:"
        for begin, end, wanted in (
            (f"{morning}03", f"{morning}05", ["09:03", "09:04"]),
            (f"{morning}03:00+08:00", f"{morning}05:00", ["09:03", "09:04"]),
            ("2026-11-23T01:03:00Z", f"{morning}04", ["09:03"]),
            ("2026-11-24", None, []),
            (None, "2026-11-23", []),
        ):
            words = {"BeginTime": begin, "EndTime": end}
            asked = {name: value for name, value in words.items() if value is not None}
            self.assertEqual(self.begins(**asked), wanted, asked)

    def test_pages_from_the_end(self) -> None:
        found: list[str] = []
        words: dict[str, Any] = {}
        while page := [one["Bar"] for one in self.query(Count=4, **words) if one["Bar"]]:
            found = [one["BeginTime"][11:16] for one in page] + found
            words = {"EndTime": page[0]["BeginTime"]}
        self.assertEqual(found, [f"09:{one:02}" for one in range(15)])

    def test_longer_ones(self) -> None:
        (answer, *_) = self.query(Period="5m")
        self.assertEqual(
            (answer["Bar"]["Period"], answer["Bar"]["Volume"], answer["Bar"]["EndTime"][11:16]),
            ("5m", 15, "09:05"),
        )
        self.assertEqual(self.begins(Period="5m", Count=2), ["09:05", "09:10"])

    def test_one_that_is_not_over_is_none_of_the_past(self) -> None:
        self.at("09:13:30")
        self.assertEqual(self.begins(Period="5m"), ["09:00", "09:05"])
        self.assertEqual(self.begins(Count=1), ["09:12"])

    def test_a_day_with_its_settlement_price(self) -> None:
        self.at("16:00:00")
        self.assertNotIn("SettlementPrice", self.query(Period="1d")[0]["Bar"])
        self.store.settle("rb2701", "20261123", 11.5)
        self.assertEqual(self.query(Period="1d")[0]["Bar"]["SettlementPrice"], 11.5)

    def test_none(self) -> None:
        (answer,) = self.query(InstrumentID="cu2701")
        self.assertEqual((answer["MsgType"], answer["Bar"]), ("RspQryBar", None))


class Refusing(PastCase):
    """What is wrong with a query is said."""

    def test_each(self) -> None:
        for words, detail in (
            ({"BeginTime": "yesterday"}, "BeginTime is 'yesterday'; write 2026-11-23T21:00"),
            ({"EndTime": "2026-02-30"}, "EndTime is '2026-02-30'"),
            ({"EndTime": "20261123"}, "EndTime is '20261123'"),
            ({"BeginTime": "2026-11-23", "EndTime": "2026-11-23"}, "is not before EndTime"),
            ({"Period": "1w"}, "'1w' is no period"),
            ({"Period": "4h", "Count": 1000}, "ask for at most 415"),
            ({"Count": 10_001}, "Expected `int` <= 10000"),
            ({"Begin": "2026-11-23"}, "did you mean BeginTime?"),
        ):
            (answer,) = self.query(**words)
            self.assertEqual((answer["MsgType"], code(answer)), ("ReqQryBar", -400), words)
            self.assertIn(detail, answer["Detail"])

    def test_a_client_that_is_gone_is_sent_nothing(self) -> None:
        self.store.held = True
        self.peer.send({"MsgType": "ReqQryBar", "QryBar": {"InstrumentID": "a", "Period": "1m"}})
        self.settle()
        self.peer.drop()
        self.settle()
        self.store.held = False
        self.store.work()
        self.settle()
        self.assertEqual(self.peer.received(), [])
        self.assertEqual(self.flushLoggedErrors(), [])

"""webctp.upstream.contracts.search: instruments by ID, name, initials, product, option chain."""

from datetime import date

from twisted.trial.unittest import SynchronousTestCase

from webctp.upstream.contracts.search import InstrumentIndex, Wanted, described

TODAY = date(2026, 11, 27)
NAMES = (
    *("rb2701", "rb2705", "hc2701", "SR701", "SR705", "IF2612", "au2702", "TA701", "zz99"),
    *("rb2701C3100", "rb2701P3000", "rb2701P3100", "rb2701C3000", "m2701-C-3000", "SR701C6000"),
    "IO2612-C-4000",
)


class SearchCase(SynchronousTestCase):
    """An index of a few instruments."""

    def setUp(self) -> None:
        self.index = InstrumentIndex()
        self.index.add([name.encode() for name in NAMES], TODAY)

    def found(self, text: str = "", most: int = 50, **fields: str) -> list[str]:
        """The instruments found."""
        return [one.instrument_id for one in self.index.search(Wanted(text, **fields), most)]


class Words(SearchCase):
    """What a text finds."""

    def test_by_id(self) -> None:
        self.assertEqual(self.found("RB270")[:2], ["rb2701", "rb2705"])
        self.assertEqual(self.found("sr701"), ["SR701", "SR701C6000"])
        self.assertEqual(self.found("zz"), ["zz99"])
        self.assertEqual(self.found("-c-4000"), ["IO2612-C-4000"])
        self.assertEqual(self.found("nothing"), [])

    def test_by_name_and_initials(self) -> None:
        self.assertEqual(self.found("螺纹钢27"), ["rb2701", "rb2705"])
        self.assertEqual(self.found("lwg2705"), ["rb2705"])
        self.assertEqual(self.found("白砂糖2701"), ["SR701"])
        self.assertEqual(self.found("白糖 701"), ["SR701", "SR701C6000"])
        self.assertEqual(self.found("bt")[:2], ["SR701", "SR705"])

    def test_what_begins_with_it_comes_first(self) -> None:
        self.index.add([b"b2701", b"bb2701"], TODAY)
        self.assertEqual(self.found("b", 2), ["b2701", "bb2701"])

    def test_several_words(self) -> None:
        self.assertEqual(self.found("螺纹钢 3100"), ["rb2701C3100", "rb2701P3100"])
        self.assertEqual(self.found("3100 p 螺纹钢"), ["rb2701P3100"])

    def test_what_is_added_later(self) -> None:
        self.assertEqual(self.found("cu"), [])
        self.index.add([b"cu2701"], TODAY)
        self.assertEqual(self.found("cu"), ["cu2701"])

    def test_each_once_up_to_the_most(self) -> None:
        self.assertEqual(self.found(""), list(NAMES))
        self.assertEqual(len(self.found("7", 4)), 4)
        self.assertEqual(sorted(self.found("01")), sorted(one for one in NAMES if "01" in one))

    def test_none_that_is_not_allowed(self) -> None:
        found = self.index.search(Wanted("270"), 9, lambda name: name.startswith("hc"))
        self.assertEqual([one.instrument_id for one in found], ["hc2701"])

    def test_an_empty_index(self) -> None:
        self.assertEqual(InstrumentIndex().search(Wanted("rb"), 9), [])


class Fields(SearchCase):
    """What fields must be."""

    def test_each(self) -> None:
        self.assertEqual(self.found(exchange_id="CFFEX"), ["IF2612", "IO2612-C-4000"])
        self.assertEqual(self.found("2705", product_id="rb"), ["rb2705"])
        self.assertEqual(
            self.found("701", exchange_id="CZCE", product_class="1"), ["SR701", "TA701"]
        )

    def test_an_option_chain(self) -> None:
        self.assertEqual(
            self.found(underlying_id="rb2701"),
            ["rb2701C3000", "rb2701P3000", "rb2701C3100", "rb2701P3100"],
        )
        self.assertEqual(self.found("p", underlying_id="rb2701", most=1), ["rb2701P3000"])
        self.assertEqual(self.found(underlying_id="SR701"), ["SR701C6000"])
        self.assertEqual(self.found(underlying_id="rb"), [])


class Described(SynchronousTestCase):
    """What an ID tells."""

    def test_each_exchange(self) -> None:
        for name, exchange, shown, kind, year in (
            ("rb2701", "SHFE", "螺纹钢2701", "1", 2027),
            ("SR701", "CZCE", "白砂糖2701", "1", 2027),
            ("m2701-C-3000", "DCE", "豆粕 m2701-C-3000", "2", 2027),
            ("zz99", "", "zz99", "", 0),
        ):
            found = described(name, TODAY)
            self.assertEqual(
                (found.exchange_id, found.name, found.product_class, found.delivery_year),
                (exchange, shown, kind, year),
            )
        option = described("m2701-C-3000", TODAY)
        self.assertEqual(
            (option.underlying_id, option.options_type, option.strike_price), ("m2701", "1", 3000.0)
        )

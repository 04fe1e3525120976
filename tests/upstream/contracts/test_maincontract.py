"""webctp.upstream.contracts.maincontract: which contract is the main one."""

from twisted.trial.unittest import SynchronousTestCase

from tests.upstream.barstore.test_recorded import LAYOUT
from webctp.upstream.contracts.maincontract import (
    MainContractRule,
    contracts_of,
    is_product,
    product_named,
)


def ticks(field: str, **values: float) -> dict[bytes, bytes]:
    """A tick for each contract."""
    return {
        name.encode(): LAYOUT.pack({"InstrumentID": name, field: value})
        for name, value in values.items()
    }


class Names(SynchronousTestCase):
    """Names of main contracts, and of contracts."""

    def test_names(self) -> None:
        for name, product in ((b"@rb", b"rb"), (b"@SR", b"SR"), (b"rb2701", None), (b"@", None)):
            self.assertEqual(product_named(name), product)
        self.assertIsNone(product_named(b"@rb2701"))

    def test_only_futures_of_the_product(self) -> None:
        names = [b"b2701", b"bu2701", b"b2705", b"b2701-C-3000", b"bb2701", b"b2701F"]
        self.assertEqual(contracts_of(b"b", names), [b"b2701", b"b2705"])
        self.assertEqual(contracts_of(b"SR", [b"SR701", b"SR701C6000"]), [b"SR701"])

    def test_products(self) -> None:
        self.assertTrue(is_product(b"rb"))
        self.assertTrue(is_product(b"SR"))
        self.assertFalse(is_product(b"zz"))


class Rules(SynchronousTestCase):
    """The rule decides."""

    def test_the_largest_open_interest(self) -> None:
        for rule, field in (
            ("pre-open-interest", "PreOpenInterest"),
            ("open-interest", "OpenInterest"),
        ):
            choose = MainContractRule(LAYOUT, rule).choose
            self.assertEqual(choose(ticks(field, rb2701=5.0, rb2705=9.0, rb2710=1.0)), b"rb2705")
            self.assertEqual(choose(ticks(field, rb2705=5.0, rb2701=5.0)), b"rb2701")
            self.assertIsNone(choose(ticks(field, rb2701=0.0)))
        self.assertIsNone(choose({}))

"""What is known of instruments, and what is to be asked."""

from twisted.trial.unittest import SynchronousTestCase

from tests.upstream.portfolio.samples import CALL, CU, M, facts, unpacked
from webctp.upstream.portfolio.facts import (
    COMMISSION,
    INSTRUMENT,
    Charge,
    DayTerms,
    Facts,
    Key,
    Need,
)


class WhatIsAsked(SynchronousTestCase):
    """Each fact is asked for once, in the order in which it is of use."""

    def test_nothing_is_missing_of_what_is_known(self) -> None:
        known = facts()
        for key in (Key(CU, "0", "1"), Key(CALL, "0", "1"), Key(CALL, "1", "1")):
            self.assertIsNone(known.missing(key), key)
            self.assertFalse(known.lacks(key), key)

    def test_terms_come_before_all_else(self) -> None:
        self.assertEqual(Facts().missing(Key("rb2405", "0", "1")), Need(INSTRUMENT, "rb2405"))

    def test_rates_are_asked_for_by_hedge_flag(self) -> None:
        need = facts().missing(Key(CU, "0", "3"))
        self.assertEqual(need, Need("ReqQryInstrumentMarginRate", CU, "3"))

    def test_what_has_been_answered_with_nothing_is_not_asked_again(self) -> None:
        known, key = facts(), Key(CU, "0", "3")
        need = known.missing(key)
        assert need is not None
        known.answered(need)
        self.assertIsNone(known.missing(key))
        self.assertTrue(known.lacks(key))

    def test_fees_of_the_product_hold_for_what_was_asked_about(self) -> None:
        known = Facts({CU: facts().terms[CU]})
        row = unpacked(
            "CThostFtdcInstrumentCommissionRateField", InstrumentID="cu", OpenRatioByMoney=0.00005
        )
        known.take(Need(COMMISSION, ""), row)
        self.assertIsNone(known.commissions(CU))
        known.spread((CU, M))
        found = known.commissions(CU)
        assert found is not None
        self.assertEqual(found.open, Charge(50_000, 0))
        self.assertEqual(found.open.of(3_500_000_000, 2), 175_000)

    def test_terms_are_those_of_one_day(self) -> None:
        terms = DayTerms()
        terms.of("20240102")[CU] = facts().terms[CU]
        self.assertEqual(list(terms.of("20240102")), [CU])
        self.assertEqual(terms.of("20240103"), {})

    def test_a_part_of_the_list_is_not_taken_for_the_whole(self) -> None:
        terms = DayTerms()
        terms.of("20240102")[CU] = facts().terms[CU]
        self.assertIs(terms.is_whole("20240102"), False)
        terms.took_all("20240102")
        self.assertIs(terms.is_whole("20240102"), True)
        terms.of("20240103")
        terms.took_all("20240102")  # told late: another day has begun
        self.assertIs(terms.is_whole("20240103"), False)

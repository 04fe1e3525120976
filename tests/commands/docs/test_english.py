"""What CTP's names mean in English: every one that the pages show has a meaning."""

import re
from collections.abc import Iterator

from twisted.trial.unittest import SkipTest, SynchronousTestCase

from tests.commands.docs.support import DOCS
from webctp.commands.docs import english
from webctp.commands.docs.pages import made_from
from webctp.commands.docs.structs import _LEGS
from webctp.ctp import catalog, runtime
from webctp.ctp.catalog import Catalogue, EnumerationValue, Field

CATALOGUES = (catalog.trading(), catalog.market_data())


def fields(catalogue: Catalogue) -> Iterator[Field]:
    used = {method.struct for method in catalogue.methods.values()}
    used |= {callback.struct for callback in catalogue.callbacks.values()}
    for name in filter(None, used):
        yield from catalogue.struct(name).fields


def values(catalogue: Catalogue) -> Iterator[EnumerationValue]:
    for field in fields(catalogue):
        yield from catalogue.enumerations.get(_LEGS.get(field.ctp_type, field.ctp_type), ())


class EnglishTests(SynchronousTestCase):
    """No part of a name is left as CTP has it."""

    def test_every_field(self) -> None:
        for one in {field.name for catalogue in CATALOGUES for field in fields(catalogue)}:
            if english.field(one) == english.composed(one):
                self.assertEqual(english.unknown_parts(one), [], one)
            self.assertNotEqual(english.field(one), "")

    def test_every_value(self) -> None:
        for one in {value.constant for catalogue in CATALOGUES for value in values(catalogue)}:
            name = one.removeprefix("THOST_FTDC_").partition("_")[2]
            if english.value(one) == english.composed(name):
                self.assertEqual(english.unknown_parts(name), [], one)

    def test_every_request_and_callback(self) -> None:
        for catalogue in CATALOGUES:
            callbacks = (one.msg_type for one in catalogue.callbacks.values())
            for name in (*catalogue.methods, *callbacks):
                rest = re.sub(r"^(?:Req|Rsp|ErrRtn|Rtn)(?=[A-Z])", "", name)
                if english.message(name).endswith(english.composed(rest)):
                    self.assertEqual(english.unknown_parts(rest), [], name)

    def test_they_read_as_english(self) -> None:
        for said, wanted in (
            (english.field("OpenFrozenMargin"), "open frozen margin"),
            (english.field("CurrMargin"), "margin in use"),
            (english.field("PreSettlementPrice"), "previous settlement price"),
            (english.value("THOST_FTDC_D_Buy"), "buy"),
            (english.value("THOST_FTDC_OF_CloseToday"), "close today"),
            (english.message("ReqQryInvestorPosition"), "query: investor position"),
            (english.message("ErrRtnOrderInsert"), "refused: order insert"),
            (english.message("RtnTrade"), "a trade"),
        ):
            self.assertEqual(said, wanted)

    def test_a_newer_ctps_names_are_shown_as_far_as_they_go(self) -> None:
        self.assertEqual(english.unknown_parts("FrozenQuux"), ["Quux"])
        self.assertEqual(english.field("FrozenQuux"), "frozen Quux")

    def test_no_words_of_the_header_for_programmers(self) -> None:
        for page in ("td_protocol.md", "md_protocol.md"):
            self.assertNotIn("该方法被调用", (DOCS / page).read_text("utf-8"))

    def test_every_entry_is_used(self) -> None:
        page = "td_protocol.md"
        version, loaded = made_from(page, (DOCS / page).read_text("utf-8")), runtime.load().version
        if version != loaded:
            raise SkipTest(f"docs/{page} is made from {version}, and {loaded} is loaded")
        names = {field.name for one in CATALOGUES for field in fields(one)}
        messages = {name for one in CATALOGUES for name in one.methods}
        messages |= {back.msg_type for one in CATALOGUES for back in one.callbacks.values()}
        constants = {
            value.constant.removeprefix("THOST_FTDC_").partition("_")[2]
            for one in CATALOGUES
            for value in values(one)
        }
        data = english._data()
        for part, known in (("names", names), ("messages", messages), ("values", constants)):
            self.assertEqual(data[part].keys() - known, set(), part)

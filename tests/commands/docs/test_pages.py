"""The pages themselves: as the code makes them, whole, and without a dead link."""

import re
import shutil
from functools import cache
from pathlib import Path
from typing import Final

from twisted.trial.unittest import SkipTest, SynchronousTestCase

from tests.commands.docs.support import DOCS, PAGES, READMES, ROOT
from webctp.commands.docs.pages import Pages
from webctp.ctp import catalog, runtime
from webctp.ctp.catalog import Catalogue
from webctp.ctp.errors import ERRORS, GATEWAY_ERRORS
from webctp.sim import refusals

DOCUMENTED: Final = (
    *("ReqUserLogin", "ReqQryTrade", "ReqQryInvestorPosition", "ReqQryTradingAccount"),
    *("ReqQryInvestor", "ReqQryTradingCode", "ReqQryInstrumentMarginRate"),
    *("ReqQryInstrumentCommissionRate", "ReqQryOptionInstrCommRate"),
    *("ReqQryOptionInstrTradeCost", "ReqQryInstrumentOrderCommRate", "ReqQryExchangeMarginRate"),
    *("ReqQryInvestorPositionDetail", "ReqQryDepthMarketData", "ReqQryProduct"),
    *("ReqQryExchange", "ReqQryInstrument", "ReqQryOrder", "ReqQryMaxOrderVolume"),
    *("ReqUserPasswordUpdate", "ReqOrderInsert", "ReqOrderAction"),
)
"""The requests that the trading protocol has always documented."""

_LINK = re.compile(r"\]\(([^)\s]+)\)")
_FENCE = re.compile(r"^ *```.*?^ *```$", re.M | re.S)
_HEADING = re.compile(r"^#+ (.+)$", re.M)


def prose(path: Path) -> str:
    """A page without its blocks of code."""
    return _FENCE.sub("", path.read_text("utf-8"))


def anchors(path: Path) -> list[str]:
    """The anchors that GitHub gives to the headings of a page."""
    return [
        re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-")
        for heading in _HEADING.findall(prose(path))
    ]


def section(text: str, heading: str) -> str:
    """What stands below a heading, up to the next one."""
    begin = text.index(f"\n{heading}\n") + len(heading) + 2
    end = text.find("\n#", begin)
    return text[begin:end] if end > 0 else text[begin:]


class MadeTests(SynchronousTestCase):
    """The pages against the code."""

    def test_pages_are_what_the_code_makes(self) -> None:
        report = Pages(ROOT).compared()
        self.assertEqual(
            report.differences, (), "run `python -m webctp docs`:\n" + "\n".join(report.differences)
        )
        if report.left_out:
            raise SkipTest("; ".join(report.left_out))

    def test_a_difference_is_found(self) -> None:
        root = self._copy()
        page = root / "docs" / "configuration.md"
        page.write_text(page.read_text("utf-8").replace("`8080`", "`8081`"), "utf-8")
        report = Pages(root).compared()
        self.assertIn("docs/configuration.md", report.differences[0])

    def test_parts_of_another_binding_are_left_out_and_named(self) -> None:
        root = self._copy()
        page = root / "docs" / "td_protocol.md"
        other = re.sub(r"openctp-ctp [\d.]+\d", "openctp-ctp 6.3.0.0", page.read_text("utf-8"))
        page.write_text(other.replace("#### CThostFtdcTradeField", "#### Other"), "utf-8")
        report = Pages(root).compared()
        self.assertEqual(report.differences, ())
        (line,) = [line for line in report.left_out if "td_protocol" in line]
        self.assertIn("docs/td_protocol.md: made from openctp-ctp 6.3.0.0", line)
        self.assertIn(runtime.load().version, line)

    def test_descriptions_of_another_binding_are_left_out_and_named(self) -> None:
        root = self._copy()
        for name in ("openapi", "asyncapi"):
            page = root / "docs" / f"{name}.yaml"
            text, found = re.subn(
                r"(openctp-ctp\s+)[\d.]+\d", r"\g<1>6.3.0.0", page.read_text("utf-8")
            )
            self.assertTrue(found, name)
            page.write_text(text.replace("ReqQryTrade", "ReqQryOther"), "utf-8")
        report = Pages(root).compared()
        self.assertEqual(report.differences, ())
        for name in ("openapi", "asyncapi"):
            (line,) = [line for line in report.left_out if f"docs/{name}.yaml" in line]
            self.assertIn("made from openctp-ctp 6.3.0.0", line)

    def test_the_codes_of_errors_are_compared_with_any_binding(self) -> None:
        root = self._copy()
        page = root / "docs" / "td_protocol.md"
        other = re.sub(r"openctp-ctp [\d.]+\d", "openctp-ctp 6.3.0.0", page.read_text("utf-8"))
        page.write_text(other.replace("| `-503` |", "| `-504` |"), "utf-8")
        self.assertTrue(Pages(root).compared().differences)

    def _copy(self) -> Path:
        """A copy of the documents, made anew."""
        root = Path(self.mktemp())
        shutil.copytree(DOCS, root / "docs")
        for page, text in Pages(root).made().items():
            page.write_text(text, "utf-8")
        return root


@cache
def made(name: str) -> str:
    """A page of `docs/` as the loaded binding makes it."""
    return Pages(ROOT).made()[DOCS / name]


class WholeTests(SynchronousTestCase):
    """Nothing of the API is missing, whichever version is loaded."""

    def test_trading(self) -> None:
        self._is_whole(catalog.trading(), made("td_protocol.md"), False)

    def test_market_data(self) -> None:
        self._is_whole(catalog.market_data(), made("md_protocol.md"), True)

    def _is_whole(self, catalogue: Catalogue, text: str, reserved: bool) -> None:
        for method in catalogue.methods:
            self.assertTrue(f"\n### {method}\n" in text or f"\n| `{method}` |" in text, method)
        for callback in catalogue.callbacks.values():
            self.assertIn(f"`{callback.msg_type}`", text)
        used = {one.struct for one in catalogue.methods.values()}
        used |= {one.struct for one in catalogue.callbacks.values()}
        for name in filter(None, used):
            below = section(text, f"#### {name}")
            struct = catalogue.struct(name)
            self.assertIn(f"`{struct.key}`", below)
            for field in struct.fields:
                told = f"\n| `{field.name}` |" in below and field.meaning in below
                self.assertEqual(told, reserved or not field.reserved, f"{name}.{field.name}")
                for value in catalogue.enumerations.get(field.ctp_type, ()):
                    self.assertIn(f"`{value.value}`", text)
                    self.assertIn(value.meaning, text)

    def test_the_documented_requests_have_examples(self) -> None:
        text = made("td_protocol.md")
        for name in DOCUMENTED:
            below = section(text, f"### {name}")
            self.assertIn(f'"MsgType": "{name}"', below)
            self.assertGreaterEqual(below.count("```json"), 2, name)

    def test_every_code_of_an_error(self) -> None:
        text = made("td_protocol.md")
        for code, message in (ERRORS | GATEWAY_ERRORS).items():
            self.assertIn(f"| `{code}` | {message} |", text)


class SimulationTests(SynchronousTestCase):
    """What the page on the simulated exchange says of refusals."""

    def test_every_refusal(self) -> None:
        told = section((DOCS / "simulation.md").read_text("utf-8"), "## 拒绝 Refusals")
        for name, value in vars(refusals).items():
            if name.isupper() and isinstance(value, int):
                self.assertRegex(told, rf"(?m)^\| (\d+, )*{value}(,| \|)", name)
            elif name.isupper() and isinstance(value, str):
                self.assertIn(value, told)


class LinkTests(SynchronousTestCase):
    """Links lead somewhere."""

    def test_anchors_are_those_of_github(self) -> None:
        page = Path(self.mktemp())
        page.write_text(
            "# A first, login\n```\n# no heading\n```\n## 会话的状态 The states\n", "utf-8"
        )
        self.assertEqual(anchors(page), ["a-first-login", "会话的状态-the-states"])

    def test_no_two_headings_of_a_page_share_an_anchor(self) -> None:
        for page in PAGES:
            found = anchors(page)
            self.assertEqual(len(found), len(set(found)), page.name)

    def test_every_link_leads_somewhere(self) -> None:
        known = {page: set(anchors(page)) for page in PAGES}
        for page in PAGES:
            for target in _LINK.findall(prose(page)):
                if target.startswith("https://"):
                    continue
                name, _, anchor = target.partition("#")
                to = (page.parent / name).resolve() if name else page
                self.assertTrue(to.exists(), f"{page.name}: {target}")
                if anchor:
                    self.assertIn(anchor, known[to], f"{page.name}: {target}")


class ReadmeTests(SynchronousTestCase):
    """The two READMEs say the same."""

    def test_same_shape(self) -> None:
        english, chinese = (page.read_text("utf-8") for page in READMES)
        for pattern in (r"^#+ ", r"^- ", r"^\| ", r"^```\w*$"):
            counted = [len(re.findall(pattern, text, re.M)) for text in (english, chinese)]
            self.assertEqual(counted[0], counted[1], pattern)

    def test_same_links(self) -> None:
        english, chinese = (
            [link for link in _LINK.findall(prose(page)) if not link.startswith("README")]
            for page in READMES
        )
        self.assertEqual(english, chinese)

    def test_same_code(self) -> None:
        english, chinese = (
            [re.sub(r"#.*|\"[^\"]*:\"", "", block) for block in _FENCE.findall(page.read_text())]
            for page in READMES
        )
        self.assertEqual(
            [[line.rstrip() for line in block.splitlines()] for block in english],
            [[line.rstrip() for line in block.splitlines()] for block in chinese],
        )

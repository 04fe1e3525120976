"""What the desk sends, and how it says so."""

import ast
import os
from pathlib import Path
from unittest import TestCase, mock

import webctp_client.desk
from webctp_client import enums, own, structs
from webctp_client.desk import dialogs, tickets, words


def position(**fields: object) -> own.PortfolioPosition:
    """Return a position of which only some fields matter."""
    texts = ("InstrumentID", "ExchangeID", "PosiDirection", "HedgeFlag")
    plain = {name: "" if name in texts else 0 for name in own.PortfolioPosition.__struct_fields__}
    return own.PortfolioPosition(**{**plain, **fields})  # type: ignore[arg-type]


class Tickets(TestCase):
    """Orders, and closings."""

    def test_lots_of_today_and_older_ones_are_closed_apart_where_they_must(self) -> None:
        tick = structs.DepthMarketData(BidPrice1=10.0, AskPrice1=11.0)
        held = {"Position": 5, "TodayPosition": 2, "YdPosition": 3, "YdFrozen": 1, "Available": 4}
        for exchange, side, wanted in (
            ("SHFE", "2", [("1", "3", 10.0, 2), ("1", "4", 10.0, 2)]),
            ("INE", "3", [("0", "3", 11.0, 2), ("0", "4", 11.0, 2)]),
            ("DCE", "2", [("1", "1", 10.0, 4)]),
            ("CFFEX", "3", [("0", "1", 11.0, 4)]),
        ):
            one = position(InstrumentID="x", ExchangeID=exchange, PosiDirection=side, **held)
            found = [
                (each.direction, each.offset, each.price, each.volume)
                for each in tickets.closings(one, tick)
            ]
            self.assertEqual(found, wanted, exchange)

    def test_nothing_is_closed_without_a_price_or_lots(self) -> None:
        one = position(ExchangeID="DCE", PosiDirection="2", Available=1)
        for tick in (None, structs.DepthMarketData(), structs.DepthMarketData(BidPrice1=0.0)):
            self.assertEqual(list(tickets.closings(one, tick)), [])
        tick = structs.DepthMarketData(BidPrice1=1.0)
        self.assertEqual(list(tickets.closings(position(ExchangeID="DCE"), tick)), [])

    def test_what_is_typed_is_a_price_and_lots_or_nothing(self) -> None:
        self.assertEqual(tickets.read("3,100.5", "2"), (3100.5, 2))
        for price, lots in (
            ("", "1"),
            ("0", "1"),
            ("-1", "1"),
            ("nan", "1"),
            ("inf", "1"),
            ("1", "0"),
            ("1", "1.5"),
            ("1", "-1"),
            ("x", "1"),
            ("1", "10000000"),
        ):
            self.assertIsNone(tickets.read(price, lots), (price, lots))

    def test_a_ticket_is_read_in_both_languages(self) -> None:
        one = tickets.Ticket("rb2701", "1", enums.OffsetFlag.CloseToday, 3100.0, 2)
        self.assertEqual(one.told(words.Words("en")), "Sell close today rb2701  2 lots at 3,100")
        self.assertEqual(one.told(words.Words("zh")), "卖 平今 rb2701  2 手 价 3,100")
        self.assertEqual(tickets.number(None), "-")

    def test_every_text_of_the_desk_has_its_chinese(self) -> None:
        said = set()
        for path in Path(webctp_client.desk.__path__[0]).glob("*.py"):
            for node in ast.walk(ast.parse(path.read_text("utf-8"))):
                if isinstance(node, ast.Call) and node.args:
                    name = getattr(node.func, "attr", getattr(node.func, "id", ""))
                    if name in ("words", "_words", "_say"):
                        said |= {
                            one.value
                            for one in ast.walk(node.args[0])
                            if isinstance(one, ast.Constant)
                            and isinstance(one.value, str)
                            and len(one.value) > 1
                        }
        self.assertGreater(len(said), 20)
        self.assertEqual(said - words.CHINESE.keys(), set())
        self.assertTrue(all(words.CHINESE.values()))

    def test_the_language_is_the_environments_or_that_of_windows(self) -> None:
        for named, of_windows, is_chinese in (
            ("zh_CN.UTF-8", None, True),
            ("en_US.UTF-8", "Chinese (Simplified)_China", False),
            ("", "Chinese (Simplified)_China", True),
            ("", "English_United States", False),
            ("", None, False),
        ):
            variables = {"LC_ALL": "", "LC_MESSAGES": "", "LANG": named}
            with (
                mock.patch.dict(os.environ, variables),
                mock.patch("locale.getlocale", return_value=(of_windows, None)),
            ):
                self.assertEqual(words.Words().is_chinese, is_chinese)
        self.assertTrue(dialogs.Question)

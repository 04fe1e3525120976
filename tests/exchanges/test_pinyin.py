"""webctp.exchanges.pinyin: initials of names."""

from twisted.trial.unittest import SynchronousTestCase

from webctp.exchanges import productfile
from webctp.exchanges.pinyin import initials


class Initials(SynchronousTestCase):
    """Names and their initials."""

    def test_names_of_products(self) -> None:
        for name, wanted in (
            ("螺纹钢", "lwg"),
            ("铁矿石", "tks"),
            ("豆粕", "dp"),
            ("棕榈油", "zly"),
            ("苯乙烯", "byx"),
            ("对二甲苯", "dejb"),
            ("沪深300股指", "hs300gz"),
            ("PTA", "pta"),
            ("鸡蛋2701", "jd2701"),
            ("阿", "a"),
            ("座", "z"),
        ):
            self.assertEqual(initials(name), wanted, name)

    def test_every_character_of_every_product_is_known(self) -> None:
        unknown = {
            one
            for product in productfile.default().values()
            for one in product.name
            if not initials(one)
        }
        self.assertEqual(unknown, set(), "add them to _RARE")

    def test_what_is_unknown_is_left_out(self) -> None:
        self.assertEqual(initials("钢龘铁é"), "gt")

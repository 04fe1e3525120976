"""Which contract of a product is its main one (主力合约): ``@rb`` stands for it.

By default the one with the largest open interest of the day before (PreOpenInterest), so that it
stands for the whole trading day; by another rule the one with the largest open interest as it is.
Of two that are equal the nearer stands.
"""

import re
from collections.abc import Iterable, Mapping
from typing import Final

from webctp.ctp.codec import DBL_MAX, Layout
from webctp.upstream.market.ticks import product_of

_NAME: Final = re.compile(rb"@([A-Za-z]{1,4})")
_FUTURE: Final = re.compile(rb"([A-Za-z]+)\d{3,4}")
RULES: Final[Mapping[str, str]] = {
    "pre-open-interest": "PreOpenInterest",
    "open-interest": "OpenInterest",
}
"""The rules by which a contract is the main one, and the field that each looks at."""


def product_named(name: bytes) -> bytes | None:
    """Return the product that a name such as ``@rb`` is of; None for any other name."""
    found = _NAME.fullmatch(name)
    return None if found is None else found[1]


def is_product(product: bytes) -> bool:
    """Return whether there is a product of futures whose instruments begin so."""
    return product_of(f"{product.decode()}2701") is not None or (
        product_of(f"{product.decode()}701") is not None
    )


def contracts_of(product: bytes, names: Iterable[bytes]) -> list[bytes]:
    """Return the futures of a product among ``names``."""
    # Of 20,000 names most are told apart by how they begin.
    begin = [name for name in names if name.startswith(product)]
    spelled = map(_FUTURE.fullmatch, begin)
    return [one[0] for one in spelled if one is not None and one[1] == product]


class MainContractRule:
    """Choose by the newest ticks of a product's contracts.

    :param layout: of ``CThostFtdcDepthMarketDataField``.
    :param rule: one of :data:`RULES`.
    """

    def __init__(self, layout: Layout, rule: str) -> None:
        self._field = RULES[rule]
        self._part = layout.part((self._field,))

    def choose(self, ticks: Mapping[bytes, bytes]) -> bytes | None:
        """Return the main contract by each contract's newest tick; None where none tells."""
        best: tuple[float, bytes] | None = None
        for name in sorted(ticks):
            value = self._part.value(ticks[name], self._field)
            if not isinstance(value, float) or not 0 < value < DBL_MAX:
                continue
            if best is None or value > best[0]:
                best = value, name
        return None if best is None else best[1]

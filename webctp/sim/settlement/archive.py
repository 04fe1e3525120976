"""The statements of a user that the broker keeps, by day, and those of months made of them."""

from typing import Final

from webctp.sim.settlement.statement import Statement, decode, encode, of_month
from webctp.sim.settlement.statementtext import text_of

MONTHS_KEPT: Final = 6
"""Whole months kept beside the present one."""
_MONTH: Final = len("202611")
_ENCODED: Final = b"["
"""What a statement begins with; those of an older version were kept as the text they were."""


def keep(statements: dict[str, bytes], day: str, statement: Statement) -> None:
    """Add a day's statement, and drop the months that are kept no longer."""
    statements[day] = encode(statement)
    months = sorted({kept[:_MONTH] for kept in statements})
    gone = set(months[: -MONTHS_KEPT - 1])
    for kept in [kept for kept in statements if kept[:_MONTH] in gone]:
        del statements[kept]


def find(statements: dict[str, bytes], wanted: str, today: str) -> tuple[str, bytes] | None:
    """Return what a TradingDay asks for, and its text: a day's, a month's, the latest for none.

    A month's is made when the month is over (REQQRYSETTLEMENTINFO: only what has been made is
    there).
    """
    wanted = wanted or max(statements, default="")
    if len(wanted) == _MONTH:
        text = None if wanted >= today[:_MONTH] else _month(statements, wanted)
        return None if text is None else (wanted, text)
    kept = statements.get(wanted)
    if kept is None:
        return None
    return wanted, text_of(decode(kept)) if kept.startswith(_ENCODED) else kept


def _month(statements: dict[str, bytes], month: str) -> bytes | None:
    kept = [statements[day] for day in sorted(statements) if day.startswith(month)]
    if not kept or not all(one.startswith(_ENCODED) for one in kept):
        return None
    return text_of(of_month([decode(one) for one in kept]))

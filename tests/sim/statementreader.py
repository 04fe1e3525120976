"""A reader of settlement statements, as a program has to be one: text only, nothing of ours."""

import re
from collections.abc import Iterable
from decimal import Decimal
from typing import Any

_LABEL = re.compile(r"(\S[^：:]*?)[：:]+\s*(-?\d+\.\d\d)%?")
TITLES = {"出入金明细", "成交记录", "行权明细", "平仓明细", "持仓明细", "持仓汇总"}


class StatementReader:
    """A statement read: who and when, the amounts of the account, and each table's rows.

    :param contents: the Content of each SettlementInfo, in their order.
    """

    def __init__(self, contents: Iterable[bytes]) -> None:
        self.text = b"".join(contents).decode("gbk")
        lines = self.text.split("\r\n")
        self.investor = self._after("客户号 Client ID：")
        self.dates = self._after("日期 Date：")
        start = next(n for n, line in enumerate(lines) if "Account Summary" in line)
        self.summary: dict[str, Decimal] = {}
        """By the English label."""
        for line in lines[start + 2 : lines.index("", start)]:
            for label, amount in _LABEL.findall(line):
                self.summary[re.sub(r"^[^A-Za-z]*", "", label)] = Decimal(amount)
        self.tables: dict[str, list[dict[str, str]]] = {}
        """By the Chinese title; rows by the Chinese heads."""
        self.totals: dict[str, dict[str, str]] = {}
        for number, line in enumerate(lines):
            title = line.strip().split(" ")[0]
            if title in TITLES and lines[number + 1].startswith("-"):
                self._read(title, lines[number + 1 :])

    def _after(self, label: str) -> str:
        found = re.search(rf"{label}\s*(\S+)", self.text)
        assert found is not None, label
        return found[1]

    def _read(self, title: str, lines: list[str]) -> None:
        parts: list[list[list[str]]] = []
        for line in lines:
            if line.startswith("-"):
                parts.append([])
            elif line.startswith("|"):
                parts[-1].append([cell.strip() for cell in line[1:-1].split("|")])
            else:
                break
        heads, rows, sums = parts[0], parts[1], parts[2]
        self.tables[title] = [dict(zip(heads[0], row, strict=True)) for row in rows]
        self.totals[title] = dict(zip(heads[0], sums[0], strict=True))
        count = re.search(r"\d+", sums[0][0])
        assert count is not None
        assert int(count[0]) == len(rows), (title, sums[0])

    def rows(self, title: str) -> list[dict[str, str]]:
        """Return a table's rows, none where the statement has no such table."""
        return self.tables.get(title, [])

    def sum(self, title: str, head: str) -> Decimal:
        """Return what a column adds up to, row by row."""
        return sum((Decimal(row[head]) for row in self.rows(title)), Decimal(0))


def reader_of(rows: Iterable[Any]) -> StatementReader:
    """Return a reader of the rows that answer ReqQrySettlementInfo."""
    return StatementReader(row["Content"] for row in rows)

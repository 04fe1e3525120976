"""Messages in words: the broker's trading notices and its notice to all, bulletins."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Final

from webctp.sim.events import AccountKey

LONGEST: Final = 500
"""Bytes of GBK in a text (``TThostFtdcContentType``)."""
_ONE_INVESTOR: Final = "3"
"""InvestorRange."""
_SERIES: Final = 1
"""SequenceSeries of trading notices."""


@dataclass(frozen=True, slots=True)
class TradingNotice:
    """A notice to an investor (交易事件通知), such as a margin call; ``sender`` is a UserID."""

    number: int
    account: AccountKey
    sender: str
    sent: str
    text: str

    def row(self) -> dict[str, object]:
        """Return it as ``CThostFtdcTradingNoticeField``, with all of ``…NoticeInfoField``."""
        broker, investor = self.account
        return {
            "BrokerID": broker,
            "InvestorRange": _ONE_INVESTOR,
            "InvestorID": investor,
            "SequenceSeries": _SERIES,
            "UserID": self.sender,
            "SendTime": self.sent,
            "SequenceNo": self.number,
            "FieldContent": self.text,
        }


class Notices:
    """The trading notices of a day, and the broker's present notice to all (客户通知)."""

    def __init__(self) -> None:
        self.all: list[TradingNotice] = []
        """Those of the day, in their order."""
        self.number = 0
        """The last one that was given."""
        self.bulletins = 0
        """How many bulletins there have been."""
        self.to_all = ""
        """The broker's notice, empty for none."""

    def add(self, account: AccountKey, sender: str, sent: str, text: str) -> TradingNotice:
        """Keep a new notice."""
        self.number += 1
        notice = TradingNotice(self.number, account, sender, sent, text)
        self.all.append(notice)
        return notice

    def of(self, account: AccountKey) -> Iterator[TradingNotice]:
        """Return an account's notices of the day."""
        return (notice for notice in self.all if notice.account == account)

    def facts(self) -> dict[str, object]:
        """Return what goes on from day to day, for the state file."""
        return {"number": self.number, "bulletins": self.bulletins, "to_all": self.to_all}

    def restore(self, facts: dict[str, object], notices: Iterable[TradingNotice]) -> None:
        """Go on with those of the state file."""
        self.number = int(str(facts.get("number", 0)))
        self.bulletins = int(str(facts.get("bulletins", 0)))
        self.to_all = str(facts.get("to_all", ""))
        self.all = list(notices)

    def forget(self) -> None:
        """Begin a new day."""
        self.all = []

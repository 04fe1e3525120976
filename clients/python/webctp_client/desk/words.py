"""What the desk says, in English and in Chinese."""

from __future__ import annotations

import locale
import os
from collections.abc import Mapping
from typing import Final

CHINESE: Final[Mapping[str, str]] = {
    "Instrument": "合约",
    "Last": "最新",
    "Change": "涨跌",
    "Bid": "买价",
    "Ask": "卖价",
    "Lots": "手数",
    "Volume": "成交量",
    "Open interest": "持仓量",
    "Time": "时间",
    "Orders": "报单",
    "Positions": "持仓",
    "Trades": "成交",
    "Side": "方向",
    "Offset": "开平",
    "Price": "价格",
    "Traded": "已成交",
    "Status": "状态",
    "Today": "今仓",
    "Yesterday": "昨仓",
    "Average": "均价",
    "Profit": "盈亏",
    "Buy": "买",
    "Sell": "卖",
    "Long": "多",
    "Short": "空",
    "open": "开仓",
    "close": "平仓",
    "close today": "平今",
    "close yesterday": "平昨",
    "Equity": "权益",
    "Available": "可用",
    "Margin": "保证金",
    "Risk": "风险度",
    "connected": "已连接",
    "not connected: nothing here is news": "未连接：所示均非最新",
    "pushes were missed; asking": "推送有缺，正在查询",
    "Subscribe": "订阅",
    "Quit": "退出",
    "Cancel order": "撤单",
    "Cancel all": "全撤",
    "Close position": "平仓",
    "a contract, rb*, @rb": "合约，或 rb*、@rb",
    "Send": "发送",
    "Back": "返回",
    "choose an instrument first": "请先选择合约",
    "choose an order that rests": "请先选择挂单",
    "choose a position": "请先选择持仓",
    "there is no order that rests": "没有挂单",
    "nobody quotes a price to close at": "没有对手价，无法平仓",
    "nothing of it can be closed now": "目前没有可平的手数",
    "a price above 0 and a whole number of lots": "价格须大于 0，手数须为正整数",
    "sent": "已发送",
    "cancellation of": "撤销",
    "at": "价",
    "lots": "手",
    "no quotes yet": "尚无行情",
    "log in to trade: --user": "须登录才能交易：--user",
}


class Words:
    """Says texts in a language.

    :param language: ``zh`` or ``en``; None for what the environment, or else Windows, names.
    """

    def __init__(self, language: str | None = None) -> None:
        if language is None:
            named = (os.environ.get(name, "") for name in ("LC_ALL", "LC_MESSAGES", "LANG"))
            found = next(filter(None, named), "") or locale.getlocale()[0] or ""
            language = "zh" if found.lower().startswith(("zh", "chinese")) else "en"
        self.is_chinese = language == "zh"

    def __call__(self, english: str) -> str:
        """Return a text in the language.

        :raises KeyError: for a text that has no Chinese.
        """
        chinese = CHINESE[english]
        return chinese if self.is_chinese else english

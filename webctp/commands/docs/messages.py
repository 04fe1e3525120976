"""The messages of a catalogue: requests by group, calls, pushes; and the codes of errors."""

import re
from collections.abc import Collection

from webctp.commands.docs import english
from webctp.commands.docs.markdown import code, table
from webctp.commands.docs.structs import Structs
from webctp.ctp.catalog import Callback, Catalogue, Method, Shape
from webctp.ctp.errors import ERRORS, GATEWAY_ERRORS, REPORTING

_GROUPS = {
    "登录、口令与会话 Logins, passwords, sessions": r"User|Authenticate|Password",
    "新型组合保证金 Portfolio margin (SPBM, SPMM, RCAMS, RULE)": (
        r"SPBM|SPMM|RCAMS|RULE|Portf|RiskSettle"
    ),
    "银期转账 Transfers between bank and futures": r"Bank|Transfer|Accountregister|ACIDMap",
    "期权、询价与报价 Options and quotes": r"ExecOrder|Quote|OptionSelfClose",
    "组合与对冲 Combinations and offsets": r"Comb(?!InstrumentGuard)|OffsetSetting",
    "费率与保证金 Rates and margins": r"Rate|Margin|Guard|InfoComm",
    "报单 Orders": r"Order",
    "结算、资金与通知 Settlement, money, notices": (
        r"Settlement|Account|Notice|CFMMC|SecAgent|EWarrant"
    ),
    "基础资料 Reference data": r"",
}
"""Title -> what of a request's name belongs there; the first that fits takes it."""

_GATEWAY_CAUSES = {
    -400: "JSON、字段名、类型、长度或取值有误；Detail 指明何处。 "
    "The message is no valid request; Detail says where.",
    -401: "尚未登录，或登录尚未完成。 Not logged in, or not yet.",
    -403: "该客户端无此权限。 This client may not do that.",
    -404: "没有这个 MsgType；Detail 给出最接近的名称。 "
    "No such MsgType; Detail names the nearest one.",
    -408: "前置未在 LoginTimeout 内完成登录，未在 QueryTimeout 内应答查询，或断线前没有应答："
    "结果不明，见 Detail。 "
    "The front did not complete a login within LoginTimeout, or answer a query within "
    "QueryTimeout, or the line broke before its answer: the outcome is not known, see Detail.",
    -409: "与先前的请求冲突，例如登录进行中再次登录。 "
    "In conflict with an earlier request, such as a second login during one.",
    -429: "排队或等待应答的查询过多、报单快于 OrderRate、该账户的登录多次被拒，"
    "或会话已达 MaxSessions；"
    "Detail 说明是哪一种。 "
    "Too many queries wait, orders come faster than OrderRate, too many logins of the account "
    "were refused, or MaxSessions are open; Detail says which.",
    -503: "前置未连接或正在恢复登录，文件描述符不足以建立新会话，"
    "或报单等待日志磁盘超过 OrderPatience；"
    "该请求没有发出，也不会稍后补发。 "
    "The front is not ready, too few file descriptors are free for another session, or an order "
    "has waited longer than OrderPatience for the journal's disk. The request was not sent, and "
    "will not be sent later.",
}


class Messages:
    """What a catalogue's messages are called and what they carry."""

    def __init__(self, catalogue: Catalogue, structs: Structs) -> None:
        self.catalogue = catalogue
        self.structs = structs

    def requests(self, documented: Collection[str]) -> str:
        """Return every request but the documented ones, by group."""
        groups: dict[str, list[Method]] = {title: [] for title in _GROUPS}
        for method in self.catalogue.methods.values():
            if method.shape is Shape.REQUEST and method.name not in documented:
                groups[_group(method.name)].append(method)
        heads = ("请求 Request", "含义 Meaning", "请求体 Body", "应答 Answer")
        return "\n\n".join(
            f"#### {title}\n\n{table(heads, map(self._request, methods))}"
            for title, methods in groups.items()
            if methods
        )

    def calls(self) -> str:
        """Return the methods that no callback answers."""
        rows = [
            (code(method.name), _meaning(method), self._body(method), self._result(method))
            for method in self.catalogue.methods.values()
            if method.shape in (Shape.SUBMIT, Shape.FILL, Shape.TEXT)
        ]
        return table(("请求 Request", "含义 Meaning", "请求体 Body", "应答体 Answer's body"), rows)

    def pushes(self) -> str:
        """Return the callbacks that answer no request."""
        answers = {method.response for method in self.catalogue.methods.values()}
        rows = [
            (code(callback.msg_type), _meaning(callback), self._carries(callback))
            for callback in self.catalogue.callbacks.values()
            if callback.name not in answers
        ]
        return table(("消息 Message", "含义 Meaning", "消息体 Body"), rows)

    def heads(self, method: Method) -> str:
        """Return a line with a request's body and its answer, linked."""
        answer = self._answer(method)
        return f"请求体 Body: {self._body(method) or '—'} → 应答 Answer: {answer}"

    def _request(self, method: Method) -> tuple[str, ...]:
        return code(method.name), _meaning(method), self._body(method), self._answer(method)

    def _body(self, method: Method) -> str:
        if method.shape is Shape.SUBSCRIPTION:
            return "`InstrumentID`: text \\[ \\]"
        return "" if method.shape is Shape.FILL else self.structs.link(method.struct)

    def _answer(self, method: Method) -> str:
        if method.response is None:
            return code("RspError")
        callback = self.catalogue.callbacks[method.response]
        return f"`{callback.msg_type}`: {self.structs.link(callback.struct)}"

    def _result(self, method: Method) -> str:
        if method.shape is Shape.FILL:
            return self.structs.link(method.struct)
        return f"`{method.name.removeprefix('Get')}`: text" if method.shape is Shape.TEXT else "—"

    def _carries(self, callback: Callback) -> str:
        if callback.struct is None:
            return f"`{callback.number}`: int" if callback.number else "—"
        return self.structs.link(callback.struct)


def _meaning(one: Method | Callback) -> str:
    """Return a message's meaning in both languages."""
    name = one.msg_type if isinstance(one, Callback) else one.name
    return f"{english.chinese(name, one.meaning)} {english.message(name)}"


def gateway_errors() -> str:
    """Return the gateway's own codes."""
    rows = [
        (code(str(number)), text, _GATEWAY_CAUSES.get(number, ""))
        for number, text in GATEWAY_ERRORS.items()
    ]
    return table(("ErrorID", "ErrorMsg", "何时 When"), rows)


def ctp_errors() -> str:
    """CTP's codes, two to a row."""
    cells = [(code(str(number)), text) for number, text in ERRORS.items()]
    half = (len(cells) + 1) // 2
    paired = zip(cells[:half], [*cells[half:], ("", "")], strict=False)
    return table(
        ("ErrorID", "ErrorMsg", "ErrorID", "ErrorMsg"), [(*left, *right) for left, right in paired]
    )


def reporting_codes() -> str:
    """Return what the calls of relay reporting return."""
    rows = []
    for number, text in REPORTING.items():
        english, _, chinese = text.partition(". ")
        rows.append((code(str(number)), f"{chinese}。 {english[0].upper()}{english[1:]}."))
    return table(("ErrorID", "含义 Meaning"), rows)


def _group(name: str) -> str:
    return next(title for title, pattern in _GROUPS.items() if re.search(pattern, name))

"""What all trading sessions of a service have done since the daemon's start, counted.

The counters are plain attributes that the sessions' parts add to, and live longer than a session:
a counter never falls. They are read on a scrape only. Everything runs in the reactor's thread.
"""

from collections import Counter
from collections.abc import Iterator
from typing import Final

from webctp.ctp import errors
from webctp.metrics import CodeCounts, Histogram, Kind, Metric, Sample
from webctp.upstream.trading.ordertimes import OrderHistograms, WhenWritten, at_once

_SENT: Final = Metric(
    "webctp_orders_sent_total",
    Kind.COUNTER,
    "Inserts and actions handed to the CTP library, by request.",
    "交给 CTP 库的报单与操作数，按请求。",
    ("request",),
)
_READ: Final = Metric(
    "webctp_order_read_seconds",
    Kind.HISTOGRAM,
    "From the beginning of the reactor's turn in which an insert or action came to its being read; "
    "what other clients sent in that turn before is part of it.",
    "从收到报单或操作请求的那一轮反应器开始，到读完该请求的时间；含同一轮中先处理的其他客户端的消息。",
)
_TO_CALL: Final = Metric(
    "webctp_order_to_call_seconds",
    Kind.HISTOGRAM,
    "From an insert or action, once read, to the call of the CTP library; disk says whether it "
    "waited for the journal's, as those with a ClientOrderID do.",
    "从读完报单或操作请求到调用 CTP 库的时间；disk 表示是否等待日志落盘（带 ClientOrderID 者）。",
    ("disk",),
)
_CALL: Final = Metric(
    "webctp_order_call_seconds",
    Kind.HISTOGRAM,
    "How long the call of the CTP library for an insert or action took.",
    "为报单或操作调用 CTP 库的用时。",
)
_FIRST_PUSH: Final = Metric(
    "webctp_order_first_push_seconds",
    Kind.HISTOGRAM,
    "From the call for an insert to the first RtnOrder of it.",
    "从为报单调用 CTP 库到收到其首个 RtnOrder 的时间。",
)
_WRITTEN: Final = Metric(
    "webctp_order_push_written_seconds",
    Kind.HISTOGRAM,
    "From taking the first RtnOrder of an insert to having written it to the clients that keep up.",
    "从取得报单的首个 RtnOrder 到将其写给各客户端的时间（读取过慢的客户端除外）。",
)
_NOT_TAKEN: Final = Metric(
    "webctp_orders_not_taken_total",
    Kind.COUNTER,
    "Inserts and actions that the CTP library did not take (it returned -1, -2 or -3).",
    "CTP 库未接受（返回 -1、-2 或 -3）的报单与操作数。",
)
_REFUSED: Final = Metric(
    "webctp_orders_refused_total",
    Kind.COUNTER,
    "Inserts and actions that the gateway refused and did not send, by code.",
    "网关拒绝且未发送的报单与操作数，按代码。",
    ("code",),
)
_REJECTED: Final = Metric(
    "webctp_orders_rejected_total",
    Kind.COUNTER,
    "Inserts and actions that CTP refused, by ErrorID; beyond 64 of these under other.",
    "被 CTP 拒绝的报单与操作数，按 ErrorID；超过 64 种者计入 other。",
    ("code",),
)
_LATE: Final = Metric(
    "webctp_orders_waited_too_long_total",
    Kind.COUNTER,
    "Inserts and actions refused because the journal's disk took longer than OrderPatience.",
    "因日志磁盘超过 OrderPatience 未应答而拒绝的报单与操作数。",
)
_PUSHES: Final = Metric(
    "webctp_trading_pushes_total",
    Kind.COUNTER,
    "Pushes of CTP's that were news, by kind: order, trade, other.",
    "CTP 推送的新消息数，按种类：报单、成交、其他。",
    ("kind",),
)
_REPLAYED: Final = Metric(
    "webctp_trading_replays_total",
    Kind.COUNTER,
    "Pushes that CTP played again after a login and that were no news.",
    "登录后由 CTP 重放、并非新消息的推送数。",
)
_QUERIES: Final = Metric(
    "webctp_queries_sent_total",
    Kind.COUNTER,
    "Queries handed to the CTP library, repetitions included.",
    "交给 CTP 库的查询数，含重发。",
)
_PUT_OFF: Final = Metric(
    "webctp_queries_put_off_total",
    Kind.COUNTER,
    "Times that a query had to be sent again later (-2, -3, 90 or 154).",
    "查询须稍后重发的次数（-2、-3、90 或 154）。",
)
_UNANSWERED: Final = Metric(
    "webctp_queries_unanswered_total",
    Kind.COUNTER,
    "Queries that CTP did not answer within QueryTimeout (-408).",
    "CTP 在 QueryTimeout 内未应答的查询数（-408）。",
)
_TOO_MANY: Final = Metric(
    "webctp_queries_refused_total",
    Kind.COUNTER,
    "Queries refused because QueryQueue of them waited (-429).",
    "因等待数已达 QueryQueue 而拒绝的查询数（-429）。",
)
_SHARED: Final = Metric(
    "webctp_queries_shared_total",
    Kind.COUNTER,
    "Queries that needed no sending: the same one waited, or its answer was kept.",
    "无须发送的查询数：相同的查询正在等待，或其应答已有留存。",
)
_QUERY_WAIT: Final = Metric(
    "webctp_query_wait_seconds",
    Kind.HISTOGRAM,
    "How long queries waited for their turn, from the request to its first sending.",
    "查询从提出到首次发送的等待时间。",
)
_RECONCILIATIONS: Final = Metric(
    "webctp_reconciliations_total",
    Kind.COUNTER,
    "Queries of an account's orders of which something may have been missed, by outcome.",
    "因可能有遗漏而查询账户报单的次数，按结果。",
    ("outcome",),
)
_QUERY_BOUNDS: Final = (0.001, 0.01, 0.1, 0.5, 1.0, 2.0, 5.0, 10.0, 30.0, 60.0)
"""Seconds: from a query that goes at once to a minute of others at CTP's one a second."""


class TradingFigures:
    """Count what the trading sessions of a service do.

    :param when_written: see :data:`~webctp.upstream.trading.ordertimes.WhenWritten`.
    :ivar sent: inserts and actions, by request.
    :ivar times: how long they took on their way.
    :ivar refused: what the gateway refused, ``rejected`` what CTP did.
    :ivar query_waits: how long queries waited for their turn.
    :ivar put_off: times that a query was refused for now.
    :ivar shared: queries that were answered by another's answer.
    :ivar reconciled: queries of an account's orders that were answered; ``not_reconciled`` those
        that were not, and are repeated.
    """

    def __init__(self, when_written: WhenWritten = at_once) -> None:
        self.sent: Counter[str] = Counter({"ReqOrderInsert": 0, "ReqOrderAction": 0})
        self.times = OrderHistograms(when_written)
        self.not_taken = 0
        self.refused = CodeCounts(errors.GATEWAY_ERRORS)
        self.rejected = CodeCounts()
        self.waited_too_long = 0
        self.orders = self.trades = self.others = self.replayed = 0
        self.queries = self.put_off = self.unanswered = self.too_many = self.shared = 0
        self.query_waits = Histogram(_QUERY_BOUNDS)
        self.reconciled = self.not_reconciled = 0

    def samples(self) -> Iterator[Sample]:
        """Read each figure; called on a scrape."""
        for request, count in self.sent.items():
            yield _SENT.sample(count, request)
        yield _READ.sample(self.times.read.read())
        yield _TO_CALL.sample(self.times.direct.read(), "no")
        yield _TO_CALL.sample(self.times.recorded.read(), "yes")
        yield _CALL.sample(self.times.call.read())
        yield _FIRST_PUSH.sample(self.times.first_push.read())
        yield _WRITTEN.sample(self.times.written.read())
        yield _NOT_TAKEN.sample(self.not_taken)
        yield from self.refused.samples(_REFUSED)
        yield from self.rejected.samples(_REJECTED)
        yield _LATE.sample(self.waited_too_long)
        yield _PUSHES.sample(self.orders, "order")
        yield _PUSHES.sample(self.trades, "trade")
        yield _PUSHES.sample(self.others, "other")
        yield _REPLAYED.sample(self.replayed)
        yield _QUERIES.sample(self.queries)
        yield _QUERY_WAIT.sample(self.query_waits.read())
        yield _PUT_OFF.sample(self.put_off)
        yield _UNANSWERED.sample(self.unanswered)
        yield _TOO_MANY.sample(self.too_many)
        yield _SHARED.sample(self.shared)
        yield _RECONCILIATIONS.sample(self.reconciled, "answered")
        yield _RECONCILIATIONS.sample(self.not_reconciled, "unanswered")

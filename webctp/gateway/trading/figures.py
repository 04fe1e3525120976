"""What the trading sessions are doing at this moment, summed up over all of them."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from typing import Final

from webctp.config.trading import TradingSettings
from webctp.gateway.trading.shared import SharedSession
from webctp.metrics import Kind, Metric, Sample
from webctp.upstream.session.login import LoginState

_SESSIONS: Final = Metric(
    "webctp_sessions",
    Kind.GAUGE,
    "Trading sessions, by state.",
    "交易会话数，按状态。",
    ("state",),
)
_LIMIT: Final = Metric(
    "webctp_sessions_limit",
    Kind.GAUGE,
    "Trading sessions that may be open (MaxSessions).",
    "交易会话数上限（MaxSessions）。",
)
_STATES: Final = Metric(
    "webctp_session_states_total",
    Kind.COUNTER,
    "Times that a trading session has entered a state.",
    "交易会话进入各状态的次数。",
    ("state",),
)
_CLIENTS: Final = Metric(
    "webctp_session_clients",
    Kind.GAUGE,
    "Clients attached to a trading session.",
    "已附着于交易会话的客户端数。",
)
_QUERIES: Final = Metric(
    "webctp_queries_waiting",
    Kind.GAUGE,
    "Queries that wait for their turn, of all sessions; those under way are not among them.",
    "等待发送的查询数，所有会话合计，不含在途者。",
)
_QUERY_LIMIT: Final = Metric(
    "webctp_session_queries_waiting_limit",
    Kind.GAUGE,
    "Queries that may wait in one session (QueryQueue).",
    "单个会话可等待的查询数上限（QueryQueue）。",
)
_MOST_QUERIES: Final = Metric(
    "webctp_session_queries_waiting_max",
    Kind.GAUGE,
    "Queries that wait in the session where most do.",
    "等待查询最多的会话中的等待数。",
)
_QUERY_PACE: Final = Metric(
    "webctp_query_interval_seconds",
    Kind.GAUGE,
    "Seconds between two queries of a session (QueryInterval); a front may ask for more.",
    "同一会话两次查询的间隔秒数（QueryInterval）；前置可能要求更长。",
)
_ORDERS: Final = Metric(
    "webctp_orders_waiting",
    Kind.GAUGE,
    "Inserts and actions that wait for the journal's disk, of all sessions.",
    "等待日志磁盘的报单与操作数，所有会话合计。",
)
_WORKING: Final = Metric(
    "webctp_orders_working",
    Kind.GAUGE,
    "Orders of the sessions' own that may still trade, as CTP told them last.",
    "各会话自己的、仍可能成交的报单数（以 CTP 最近的回报为准）。",
)


def session_samples(
    sessions: Iterable[SharedSession],
    entered: Mapping[str, int],
    limit: int,
    settings: TradingSettings,
) -> Iterator[Sample]:
    """Read the figures of the sessions that are not being closed; called on a scrape.

    :param entered: how often a session has entered each state.
    :param limit: how many sessions there may be.
    :param settings: the bounds and the pace of their queries.
    """
    states: Counter[str] = Counter()
    clients = queries = most_queries = orders = working = 0
    for one in sessions:
        states[one.state.value] += 1
        clients += len(one.clients)
        queries += len(one.session.queries)
        most_queries = max(most_queries, len(one.session.queries))
        orders += one.session.entry.waiting
        working += one.session.entry.resting
    for state in LoginState:
        yield _SESSIONS.sample(states[state.value], state.value)
        yield _STATES.sample(entered.get(state.value, 0), state.value)
    yield _LIMIT.sample(limit)
    yield _CLIENTS.sample(clients)
    yield _QUERIES.sample(queries)
    yield _MOST_QUERIES.sample(most_queries)
    yield _QUERY_LIMIT.sample(settings.query_queue)
    yield _QUERY_PACE.sample(settings.query_interval)
    yield _ORDERS.sample(orders)
    yield _WORKING.sample(working)

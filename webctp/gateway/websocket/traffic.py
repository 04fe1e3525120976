"""Count what comes from clients and goes to them, for the figures of a scrape.

The counts are plain attributes: whoever sends or receives adds to them, once for each batch where
there are batches. Everything runs in the reactor's thread.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from typing import Final

from webctp.ctp import errors
from webctp.metrics import CodeCounts, Kind, Metric, Sample

OTHER: Final = "other"
"""Stands for every message that is no known request: what clients write names no label."""

CLIENTS: Final = Metric(
    "webctp_clients",
    Kind.GAUGE,
    "Connections of clients that are open, on all services.",
    "全部服务的客户端连接数。",
)
CLIENTS_BEHIND: Final = Metric(
    "webctp_clients_behind",
    Kind.GAUGE,
    "Clients that read too slowly at this moment: frames wait for them.",
    "当前读取过慢、有数据等待发送的客户端数。",
)
HELD: Final = Metric(
    "webctp_clients_held_bytes",
    Kind.GAUGE,
    "Bytes that wait for clients, and of their unfinished messages.",
    "为客户端暂存的字节数（含未收完的消息）。",
)
HELD_LIMIT: Final = Metric(
    "webctp_clients_held_limit_bytes",
    Kind.GAUGE,
    "Bytes that may be held for all clients; beyond, the greediest is closed.",
    "为全部客户端暂存的字节上限；超出则关闭占用最多者。",
)
_TICKS_OUT: Final = Metric(
    "webctp_client_ticks_total",
    Kind.COUNTER,
    "Ticks and growing bars sent to clients, each counted once for each client; those passed over "
    "for newer ones are counted here, too.",
    "发给客户端的行情与未结束的 K 线条数，每个客户端各计一次；其后被更新的一条取代的也计入。",
)
_TICKS_DROPPED: Final = Metric(
    "webctp_client_ticks_dropped_total",
    Kind.COUNTER,
    "Ticks and growing bars passed over for newer ones, because a client read too slowly.",
    "因客户端读取过慢而被更新的一条取代的行情与未结束的 K 线条数。",
)
_TICKS_CONFLATED: Final = Metric(
    "webctp_client_ticks_conflated_total",
    Kind.COUNTER,
    "Ticks and growing bars replaced by newer ones within an IntervalMs, once for all clients that "
    "share it.",
    "在 IntervalMs 间隔内被更新的一条取代的行情与未结束的 K 线条数；共用同一间隔的客户端只计一次。",
)
_MESSAGES_OUT: Final = Metric(
    "webctp_client_messages_total",
    Kind.COUNTER,
    "Answers, orders, trades and other messages sent to clients that are never passed over, by "
    "MsgType; control for pings and pongs, other for what names no message.",
    "发给客户端的应答、报单、成交等不会略过的消息数，按 MsgType；control 为 ping 与 pong，other 为"
    "不是消息名称者。",
    ("message",),
)
_BYTES_OUT: Final = Metric(
    "webctp_client_sent_bytes_total",
    Kind.COUNTER,
    "Bytes of all these messages and ticks, with their frames' heads.",
    "上述消息与行情的字节数（含帧头）。",
)
_GIVEN_UP: Final = Metric(
    "webctp_clients_given_up_total",
    Kind.COUNTER,
    "Clients closed because they read too slowly, or held too much.",
    "因读取过慢或占用过多而被关闭的客户端数。",
)
_REQUESTS: Final = Metric(
    "webctp_client_requests_total",
    Kind.COUNTER,
    "Messages received from clients, by MsgType; other for what is no known request.",
    "收到的客户端消息数，按 MsgType；other 为无法识别的请求。",
    ("request",),
)
_REFUSALS: Final = Metric(
    "webctp_client_refusals_total",
    Kind.COUNTER,
    "Requests that the gateway refused, of any kind, by code.",
    "网关拒绝的各类请求数，按代码。",
    ("code",),
)
_BYTES_IN: Final = Metric(
    "webctp_client_received_bytes_total",
    Kind.COUNTER,
    "Bytes received from clients after their handshake, decrypted.",
    "握手之后收到的客户端字节数（解密后）。",
)


CONTROL: Final = "control"
"""Stands for pings and pongs."""
_TEXT_FRAME: Final = 0x81
_HEADS: Final = {126: 4, 127: 10}
"""Bytes of a frame's head by its second byte; 2 where that is the length itself."""
_BEGINS: Final = b'{"MsgType":"'
_NEAR: Final = slice(14, 34)
"""Where nearly every frame has the name of its message, with the quotation mark behind it."""
_MOST_NEAR: Final = 4096
"""Beginnings of frames that are remembered; beyond, all are found again."""


class SentMessages:
    """Count messages by their MsgType, which is read from their frames.

    Nearly all are counted by twenty bytes of the frame that stood there before: reading the name
    would take half a microsecond of each. A name that is none of the gateway's, as a refusal
    repeats it to who wrote it, is no label.
    """

    def __init__(self) -> None:
        self._known: set[bytes] = set()
        self._counts: dict[bytes, Count] = {}
        self._near: dict[bytes, Count] = {}

    def know(self, names: Iterable[str]) -> None:
        """Take names of messages that the gateway sends, or refuses."""
        self._known.update(name.encode() for name in names)

    def count(self, frame: bytes) -> None:
        """Count a frame that is sent to a client."""
        counted = self._near.get(frame[_NEAR]) or self._find(frame)
        counted.messages += 1

    def total(self) -> int:
        """Return how many there were."""
        return sum(counted.messages for counted in self._counts.values())

    def samples(self) -> Iterator[Sample]:
        """Read the counts; called on a scrape."""
        for name, counted in sorted(self._counts.items()):
            yield _MESSAGES_OUT.sample(counted.messages, name.decode())

    def _find(self, frame: bytes) -> "Count":
        name = self._name(frame)
        counted = self._counts.get(name)
        if counted is None:
            counted = self._counts[name] = Count()
        near = frame[_NEAR]
        if name + b'"' in near:
            if len(self._near) >= _MOST_NEAR:
                self._near.clear()
            self._near[near] = counted
        return counted

    def _name(self, frame: bytes) -> bytes:
        if frame[0] != _TEXT_FRAME:
            return CONTROL.encode()
        begin = _HEADS.get(frame[1], 2)
        name = begin + len(_BEGINS)
        end = frame.find(b'"', name)
        found = frame[name:end]
        if frame[begin:name] != _BEGINS or end < 0 or found not in self._known:
            return OTHER.encode()
        return found


class Count:
    """How many messages of a kind there were."""

    __slots__ = ("messages",)

    def __init__(self) -> None:
        self.messages = 0


class Batches:
    """Count the ticks, and their bytes, that went to some number of clients at once."""

    __slots__ = ("bytes", "ticks")

    def __init__(self) -> None:
        self.ticks = self.bytes = 0


class Traffic:
    """Hold the counts of one fan-out.

    :ivar ticks_out: ticks and growing bars sent to one client alone.
    :ivar sent: messages that must arrive, by their kinds.
    :ivar bytes_out: bytes of both.
    :ivar requests: messages received, by MsgType; the key of an unknown one is :data:`OTHER`.
    :ivar refusals: requests that were refused, by code.
    :ivar bytes_in: bytes received.
    :ivar ticks_dropped: of ``ticks_out``, those passed over for newer ones.
    :ivar ticks_conflated: ticks and growing bars that ``IntervalMs`` left out.
    :ivar given_up: clients that were closed because they fell too far behind.
    """

    __slots__ = (
        "_batches",
        "bytes_in",
        "bytes_out",
        "given_up",
        "refusals",
        "requests",
        "sent",
        "ticks_conflated",
        "ticks_dropped",
        "ticks_out",
    )

    def __init__(self) -> None:
        self.ticks_out = self.bytes_out = 0
        self.sent = SentMessages()
        self.bytes_in = self.ticks_dropped = self.given_up = 0
        self.requests: defaultdict[str, int] = defaultdict(int)
        self.refusals = CodeCounts(errors.GATEWAY_ERRORS)
        self.ticks_conflated = 0
        self._batches: dict[int, Batches] = {}

    def batches_to(self, clients: int) -> Batches:
        """Return where ticks are counted that go to so many clients at once."""
        return self._batches.setdefault(clients, Batches())

    def messages(self) -> int:
        """Return how many messages came from clients, or went to them and had to arrive."""
        return self.sent.total() + sum(self.requests.values())

    def samples(self) -> Iterator[Sample]:
        """Read the counts; called on a scrape."""
        batches = self._batches.items()
        ticks = sum(clients * counted.ticks for clients, counted in batches)
        sent = sum(clients * counted.bytes for clients, counted in batches)
        yield _TICKS_OUT.sample(self.ticks_out + ticks)
        yield _TICKS_DROPPED.sample(self.ticks_dropped)
        yield _TICKS_CONFLATED.sample(self.ticks_conflated)
        yield from self.sent.samples()
        yield _BYTES_OUT.sample(self.bytes_out + sent)
        yield _BYTES_IN.sample(self.bytes_in)
        yield _GIVEN_UP.sample(self.given_up)
        for request, count in sorted(self.requests.items()):
            yield _REQUESTS.sample(count, request)
        yield from self.refusals.samples(_REFUSALS)

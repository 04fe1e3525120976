"""A query queue on a virtual clock, a front that remembers, askers that collect."""

from collections.abc import Callable
from dataclasses import dataclass, field

from twisted.internet.task import Clock
from twisted.trial.unittest import SynchronousTestCase

from webctp.ctp import catalog, errors
from webctp.ctp.bridge import RSP_INFO
from webctp.ctp.catalog import Method
from webctp.ctp.codec import codec_for
from webctp.gateway.websocket.flushing import FlushingReactor
from webctp.upstream.session.reply import OnReply, Reply
from webctp.upstream.trading.queries import QueryQueue
from webctp.upstream.trading.staticanswers import StaticAnswers

CATALOGUE = catalog.trading()
INFO = codec_for(CATALOGUE.module).layout(RSP_INFO)
ACCOUNT = CATALOGUE.methods["ReqQryTradingAccount"]
INSTRUMENT = CATALOGUE.methods["ReqQryInstrument"]


def info(code: int) -> bytes:
    return INFO.pack({"ErrorID": code, "ErrorMsg": errors.message(code)})


@dataclass
class Sent:
    """One native call: when, what, and the way back."""

    at: float
    method: Method
    body: bytes
    on_reply: OnReply
    result: int

    def reply(self, *rows: bytes, code: int | None = None) -> None:
        callback = self.method.reply
        told = None if code is None else info(code)
        if not rows:
            self.on_reply(Reply(callback, None, told, True))
        for row in rows[:-1]:
            self.on_reply(Reply(callback, row, told, False))
        for row in rows[-1:]:
            self.on_reply(Reply(callback, row, told, True))

    def error(self, code: int) -> None:
        self.on_reply(Reply(CATALOGUE.callbacks["OnRspError"], None, info(code), False))


class Front:
    """Takes queries and remembers them; what it returns is set beforehand."""

    def __init__(self, clock: Clock) -> None:
        self.clock = clock
        self.sent: list[Sent] = []
        self.results: list[int] = []
        self.on_send: Callable[[Sent], None] = lambda sent: None

    def send(self, method: Method, body: bytes, on_reply: OnReply) -> int:
        result = self.results.pop(0) if self.results else 0
        sent = Sent(self.clock.seconds(), method, body, on_reply, result)
        self.sent.append(sent)
        self.on_send(sent)
        return result


@dataclass(eq=False)
class Asker:
    """Collects what it is told: (body, ErrorID or None, IsLast) for each row."""

    rows: list[tuple[bytes | None, int | None, bool]] = field(default_factory=list)
    names: list[str] = field(default_factory=list)

    def on_reply(self, reply: Reply) -> None:
        callback, body, told, is_last = reply
        code = None if told is None else int(INFO.value(told, "ErrorID"))
        self.rows.append((body, code, is_last))
        self.names.append(callback.name)

    @property
    def endings(self) -> int:
        return sum(is_last for _, _, is_last in self.rows)


class QueueTestCase(SynchronousTestCase):
    """A queue with an interval of 1 s, a timeout of 10 s and room for 3."""

    def setUp(self) -> None:
        self.clock = Clock()
        self.front = Front(self.clock)
        self.flushes = 0
        self.static = StaticAnswers()
        self.queue = self.make()

    def make(self, **options: float) -> QueryQueue:
        return QueryQueue(
            FlushingReactor(self.clock, self.flush),
            CATALOGUE,
            self.front.send,
            limit=3,
            static=self.static,
            **options,  # type: ignore[arg-type]
        )

    def flush(self) -> None:
        self.flushes += 1

    def ask(self, body: bytes = b"a", method: Method = ACCOUNT) -> Asker:
        asker = Asker()
        self.queue.ask(method, body, asker.on_reply, asker)
        return asker

    def bodies(self) -> list[bytes]:
        return [sent.body for sent in self.front.sent]

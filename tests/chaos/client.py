"""A client that keeps its side of the protocol, and holds the gateway to the other.

It knows nothing but what arrives at its sockets. What it checks at once: every push has the Seq
that follows the one before it, every order and trade among them is the next that the exchange
told its account, every question gets one ending, nothing it was refused is sent all the same.
"""

from collections.abc import Callable, Mapping
from copy import copy
from dataclasses import dataclass, field
from itertools import count
from typing import Any, Final, Protocol

from tests.chaos.ledger import Ledger, Seconds, Violation
from tests.chaos.stream import TOLD, Stream
from webctp.testing import WebSocketPeer

Message = dict[str, Any]
ENTRIES: Final = ("ReqOrderInsert", "ReqOrderAction")
_BAD_REF: Final = (15, 22)
_LIVE: Final = "13abc"


class Socket(Protocol):
    """What a client needs of its connection."""

    @property
    def has_new(self) -> bool:
        """Whether something has come since the last time."""

    @property
    def broken(self) -> bool:
        """Whether the connection has ended."""

    @property
    def producer(self) -> Any:
        """What can be told not to read, None where nothing can."""

    def send(self, message: object) -> None:
        """Send a message."""

    def received(self) -> list[Message]:
        """The messages that have come since the last time."""

    def drop(self) -> None:
        """Break the connection."""


class Peer(WebSocketPeer):
    """A socket of which it can be asked cheaply whether something has come."""

    @property
    def has_new(self) -> bool:
        """Whether the server has written since the last time."""
        return len(self.transport.writes) > self._taken

    @property
    def broken(self) -> bool:
        """Whether the connection has ended."""
        return self.transport.disconnecting

    @property
    def producer(self) -> Any:
        """What can be told not to read: the server's own, for there is no system between."""
        return self.transport.producer


@dataclass
class Owner:
    """An account, and the passwords that may be the right one; the first is tried first.

    ``refused`` are those that have been refused since the last login.
    """

    user: str
    passwords: list[str]
    refused: set[str] = field(default_factory=set)

    @property
    def account(self) -> tuple[str, str]:
        """BrokerID and InvestorID."""
        return "9999", self.user


@dataclass
class Ask:
    """A request that may be answered.

    ``given`` is a ClientOrderID, a password, a round of questions; ``rows`` are what has come of a
    query's answer.
    """

    name: str
    words: Mapping[str, Any]
    given: str = ""
    rows: list[Message] = field(default_factory=list)


class Connection:
    """One socket of a client, and what has been asked on it."""

    def __init__(self, peer: Socket, stream: Stream) -> None:
        self.peer = peer
        self.asked: dict[int, Ask] = {}
        self.stream = stream
        self.joining: Stream | None = None
        """What comes while a login is not answered; what it belongs to shows in the answer."""
        self.day: Stream | None = None
        """The day so far, as it is told before a login's answer."""
        self.outside: Stream | None = None
        """What comes after a login that was refused."""
        self.logins = 0
        self.logged_in = False
        self.been_in = False
        """Whether any login of this socket was accepted."""
        self.ready = False
        self.taken_over = False
        self.stalled = False
        """Whether it has ever not read: then it may ask before it hears what came before."""
        self.taken_at: int | None = None
        """The last Seq before another connection of this client resumed this one's session."""


class Client:
    """See the module's text.

    :param connect: gives a new socket, None while no daemon runs.
    :param mates: whether the account has other clients; then it takes over none but its own.
    :param numbers: gives RequestIDs that no other client of the schedule uses.
    """

    def __init__(
        self,
        name: str,
        owner: Owner,
        ledger: Ledger,
        time: Seconds,
        connect: Callable[[], Socket | None],
        numbers: "count[int]",
        *,
        sharing: bool,
        mates: bool,
        cancel_after: float | None,
    ) -> None:
        self.name = name
        self.owner = owner
        self.ledger = ledger
        self.time = time
        self.sharing = sharing
        self.mates = mates
        self.cancel_after = cancel_after
        self.link: Connection | None = None
        self.ghosts: list[Connection] = []
        self.resumes = True
        self.orders: dict[tuple[str, int], Message] = {}
        self.trades: dict[tuple[str, str, str], Message] = {}
        self.ignorant = True
        self.asking: set[str] = set()
        self.retry_at = 0.0
        self.tags: set[int] = set()
        self.given: dict[str, tuple[str, Message]] = {}
        self.fates: dict[str, Message] = {}
        self.unsure: set[str] = set()
        self.spoilt: set[int] = set()
        self._last = Stream(ledger, owner.account)
        self._connect = connect
        self._numbers = numbers
        self._round = ""

    # What it does

    def open(self, *, take_over: bool = False) -> None:
        """Open a socket and log in; the old one stays open if the new one is to take over."""
        peer = self._connect()
        if peer is None:
            self.link = None
            return
        if self.link is not None:
            if take_over:
                self.ghosts.append(self.link)
            else:
                self.link.peer.drop()
        self._last = copy(self._last)
        self._new_round()
        self.link = Connection(peer, self._last)
        self.login(take_over=take_over)

    def login(self, *, take_over: bool = False, password: str | None = None) -> None:
        """Log in on the open socket."""
        link = self._link()
        link.joining, link.outside = Stream(self.ledger, self.owner.account), None
        link.day = None
        link.logins += 1
        link.ready = link.taken_over = False
        words: Message = {}
        known = self.resumes and self._last.seq is not None and not link.logged_in
        if known or (take_over and not self.mates):
            words["Resume"] = {"Seq": self._last.seq}
        if self.cancel_after is not None:
            words["CancelOnDisconnect"] = self.cancel_after
        tried = password or self.owner.passwords[0]
        if tried in self.owner.refused:
            words["TryAgain"] = True  # all have been refused: one of them is right by now
        body = {"UserID": self.owner.user, "Password": tried}
        self.send("ReqUserLogin", {"ReqUserLogin": body}, tried, **words)

    def order(self, body: Message, given: str = "") -> int:
        """Send an order; ``given`` is its ClientOrderID. Gives its RequestID."""
        return self._enter("ReqOrderInsert", {"InputOrder": body}, given)

    def cancel(self, row: Message, given: str = "") -> None:
        """Cancel an order by what is known of it."""
        names = (
            ("ExchangeID", "OrderSysID")
            if row["OrderSysID"]
            else ("ExchangeID", "FrontID", "SessionID", "OrderRef")
        )
        body = {"ActionFlag": "0", "InstrumentID": row["InstrumentID"]}
        body |= {name: row[name] for name in names}
        self._enter("ReqOrderAction", {"InputOrderAction": body}, given)

    def other(self, given: str, body: Message) -> None:
        """Use a ClientOrderID again for something else: it must be refused."""
        self.spoilt.add(self.send("ReqOrderInsert", body, given, ClientOrderID=given))

    def change_password(self, new: str) -> None:
        """Change the account's password; until that is answered either may be the right one."""
        owner = self.owner
        body = {"UserID": owner.user, "OldPassword": owner.passwords[0], "NewPassword": new}
        owner.passwords.append(new)
        self.send("ReqUserPasswordUpdate", {"UserPasswordUpdate": body}, new)

    def again(self, given: str) -> None:
        """Send what was sent under a ClientOrderID before."""
        name, body = self.given[given]
        self._enter(name, body, given)

    def send(self, name: str, body: Message, given: str = "", **words: Any) -> int:
        """Send a request; gives its RequestID."""
        link = self._link()
        number = next(self._numbers)
        link.asked[number] = Ask(name, words, given)
        if name in ENTRIES:
            self.ledger.names(number, given)
        self.ledger.note(self.name, "%s %s %s", name, number, words or "")
        link.peer.send({"MsgType": name, "RequestID": number, **body, **words})
        self.pump()
        return number

    def stall(self) -> Any:
        """Stop reading; gives the producer that has it go on, None where there is none."""
        producer = self.link.peer.producer if self.link is not None else None
        if self.link is not None and producer is not None:
            self.link.stalled = True
            producer.pauseProducing()
        return producer

    def drop(self) -> None:
        """The socket breaks."""
        link, self.link = self.link, None
        if link is not None:
            self.ledger.note(self.name, "drops its socket")
            link.peer.drop()

    def drop_ghosts(self) -> None:
        """Old sockets break at last."""
        for ghost in self.ghosts:
            ghost.peer.drop()
        self.ghosts.clear()

    def vanish(self) -> None:
        """The daemon is gone, and the sockets with it."""
        self.link = None
        self.ghosts.clear()

    def live_orders(self) -> list[Message]:
        """Orders that rest, as far as it knows."""
        return [row for row in self.orders.values() if row["OrderStatus"] in _LIVE]

    def recover(self) -> None:
        """Do what brings it back: connect, log in, ask for what may have been missed."""
        if self.time.seconds() < self.retry_at:
            return
        link = self.link
        if link is None or link.peer.broken:
            self.open()
        elif not link.logged_in and link.joining is None:
            self.login()
        elif link.logged_in and link.ready and self.ignorant and not self.asking:
            self.asking = {"ReqQryOrder", "ReqQryTrade"}
            now = self._round  # the first may be refused at once, and another round begin
            for name in sorted(self.asking):
                self.send(name, {name.removeprefix("Req"): {}}, now)

    @property
    def settled(self) -> bool:
        """Whether it is logged in, knows everything, and waits for nothing."""
        link = self.link
        return (
            link is not None
            and link.logged_in
            and link.ready
            and not self.ignorant
            and not self.waiting
        )

    @property
    def waiting(self) -> list[int]:
        """Questions without an ending, on all its sockets."""
        return [
            number
            for number, ask in self._unanswered()
            if ask.name.startswith("ReqQry") or ask.name == "ReqUserLogin"
        ]

    @property
    def logging_out(self) -> bool:
        """Whether it has asked to be logged out and heard nothing of it: it will not be back."""
        return any(ask.name == "ReqUserLogout" for _, ask in self._unanswered())

    def _unanswered(self) -> list[tuple[int, Ask]]:
        links = [*self.ghosts, *([self.link] if self.link is not None else [])]
        return [asked for link in links for asked in link.asked.items()]

    # What it hears

    def pump(self) -> None:
        """Read what has come."""
        for link in (*self.ghosts, self.link):
            if link is not None and link.peer.has_new:
                for message in link.peer.received():
                    self._hear(link, message)

    def _hear(self, link: Connection, message: Message) -> None:
        name = message["MsgType"]
        if name == "RtnClientOrder":
            self._told_fate(link, message)
        elif "RequestID" in message:
            self._answered(link, message)
        elif "Seq" in message:
            self._pushed(link, message)
        elif "Replay" in message:
            self._replayed(link, message)
        elif name == "RtnSessionState":
            self.ledger.note(self.name, "is taken over")
            link.logged_in, link.taken_over = False, True
            if link is self.link:
                # Were it to resume, the two would take the session from each other for ever.
                self._last = link.stream = Stream(self.ledger, self.owner.account)
                self._forget()

    def _pushed(self, link: Connection, message: Message) -> None:
        name = message["MsgType"]
        if link.taken_at is not None and message["Seq"] > link.taken_at and not self.sharing:
            raise Violation(f"{name} {message['Seq']} went to a socket that was taken over")
        if name in TOLD and not link.been_in:
            raise Violation(f"{name} {message['Seq']} went to a socket that has never been let in")
        if link.joining is not None and name == "FrontConnected":
            # Where a login leads to another session, this is the first of it; what came while the
            # client did not read was of the session before.
            link.joining = link.joining.followed_by(message["Seq"])
        outside = link.outside
        if outside is not None and outside.first is None and link.stream.is_next(message["Seq"]):
            link.outside = None  # the login was refused, and the client stays where it was
        (link.joining or link.outside or link.stream).take(message)
        if name in TOLD:
            kind, key = TOLD[name]
            self._learn(kind, message[key])
            row = message[key]
            self.ledger.note(
                self.name, "hears Seq %s %s %s", message["Seq"], kind, row["SequenceNo"]
            )
        elif name == "RtnSessionState":
            state = message["SessionState"]["State"]
            self.ledger.note(self.name, "hears Seq %s %s", message["Seq"], state)
            link.ready = state == "ready"
            if state in ("closed", "refused"):
                link.logged_in = False

    def _replayed(self, link: Connection, message: Message) -> None:
        """Take a push of before the login: from the day's first on, none left out, none twice."""
        name = message["MsgType"]
        if link.joining is None:
            raise Violation(f"{name} is told again after the login's answer")
        if name in TOLD:
            kind, key = TOLD[name]
            link.day = link.day or Stream(self.ledger, self.owner.account)
            link.day.is_whole_day = True
            place = link.day.tell(kind, message[key])
            self._learn(kind, message[key])
            self.ledger.note(self.name, "is told again of %s %s", kind, place.number)

    def _learn(self, kind: str, row: Message) -> None:
        day = row["TradingDay"]
        if kind == "trade":
            self.trades[day, row["TradeID"], row["Direction"]] = row
            return
        key = day, int(row["BrokerOrderSeq"])
        known = self.orders.get(key)
        if known is None or known["SequenceNo"] < row["SequenceNo"]:
            self.orders[key] = row

    def _answered(self, link: Connection, message: Message) -> None:
        number = message["RequestID"]
        if number == 0:
            return  # an answer to what nobody asks any more
        ask = link.asked.get(number)
        if ask is None:
            raise Violation(f"{message['MsgType']} ends {number}, which has ended")
        code = (message.get("RspInfo") or {}).get("ErrorID", 0)
        if message["IsLast"]:
            del link.asked[number]
            self.ledger.note(self.name, "hears %s to %s: %s", message["MsgType"], number, code)
        if ask.name == "ReqUserLogin":
            self._welcomed(link, ask, message, code)
        elif ask.name in ENTRIES:
            self._refused(number, message, code)
            if code in _BAD_REF:
                # Its own OrderRef keeps it from being sent; what became of it before is not told.
                self.unsure.discard(ask.given)
                self.fates.pop(ask.given, None)
        elif ask.name in ("ReqQryOrder", "ReqQryTrade"):
            self._found(ask, message, code)
        elif ask.name == "ReqUserPasswordUpdate" and code == 0:
            self.owner.passwords.sort(key=lambda one: one != ask.given)
        elif ask.name == "ReqUserLogout" and code == 0:
            link.logged_in = False
            if link.joining is not None:
                # A login has been sent already: what came so far was of before the logout.
                link.joining = Stream(self.ledger, self.owner.account)
            self._forget()

    def _refused(self, number: int, message: Message, code: int) -> None:
        ours = code < 0 or message["MsgType"] in ENTRIES or "Detail" in message
        if ours:
            self.ledger.refused(number, code)
        else:
            self.ledger.answered_by_front(number, code)

    def _welcomed(self, link: Connection, ask: Ask, message: Message, code: int) -> None:
        joining = link.joining
        if joining is None:
            raise Violation("a login was answered twice")
        link.joining = None
        good = code == 0 and message["MsgType"] == "RspUserLogin"
        resumed = message.get("Resume")
        if good and ("Resume" in ask.words) != (resumed is not None):
            raise Violation(f"resuming was answered by {resumed}")
        follows = joining.first is not None and joining.first == (link.stream.seq or 0) + 1
        if good and link.taken_over and not link.stalled:
            raise Violation("a login was accepted after another connection had taken over")
        if good and resumed is not None and _resumed(ask, resumed):
            link.stream.go_on(joining)
            missing = resumed["Seq"] - (link.stream.seq or 0)
            if resumed["Replayed"] != missing:
                raise Violation(f"{resumed} after Seq {link.stream.seq}")
            for ghost in self.ghosts if link is self.link else ():
                if ghost.logged_in and _same_session(ask, resumed, ghost.stream.seq):
                    ghost.taken_at = resumed["Seq"]
        elif good and not (link.logged_in and follows):
            link.stream = joining
            # Who logs in again where it sits is not told the day so far a second time.
            joining.is_whole_day = link.logins == 1
            self._forget()
        elif follows:
            link.stream.go_on(joining)
        else:
            link.outside = joining
        if good and link.day is not None:
            link.stream.follow(link.day)
        if link is self.link:
            self._last = link.stream
        link.logged_in = link.ready = good
        link.been_in = link.been_in or good
        # What the front has refused to a recovery the gateway refuses to clients that repeat it.
        wrong = code == 3 or (code == -429 and "TryAgain" in message.get("Detail", ""))
        if wrong and self.owner.passwords[0] == ask.given:
            self.owner.passwords.append(self.owner.passwords.pop(0))
            self.owner.refused.add(ask.given)
        elif good:
            self.owner.refused.clear()
        if not good:
            self.retry_at = self.time.seconds() + 3.0

    def _found(self, ask: Ask, message: Message, code: int) -> None:
        kind = "order" if ask.name == "ReqQryOrder" else "trade"
        row = message.get(kind.capitalize())
        if row is not None:
            ask.rows.append(row)
        if not message["IsLast"]:
            return
        known = [row["SequenceNo"] for row in ask.rows]
        if len(set(known)) != len(known):
            raise Violation(f"{ask.name} answered with a row twice")
        if code == 0:
            for row in ask.rows:
                self.ledger.place(self.owner.account, kind, row)
                self._learn(kind, row)
        if not ask.given or ask.given != self._round:
            return
        if code == 0:
            self.asking.discard(ask.name)
            self.ignorant = bool(self.asking)
        else:
            self._new_round()
            self.retry_at = self.time.seconds() + 2.0

    def _told_fate(self, link: Connection, message: Message) -> None:
        body = message["ClientOrder"]
        given, status, code = body["ClientOrderID"], body["Status"], body["ErrorID"]
        self.ledger.note(
            self.name, "hears %s is %s %s %s", given, status, body["OrderStatus"], code
        )
        if "RequestID" in message and link.asked.pop(message["RequestID"], None) is None:
            raise Violation(f"RtnClientOrder ends {message['RequestID']}, which has ended")
        if status == "refused" and code < 0:
            self.ledger.never(given, code)
        if given in self.given:
            self.fates[given] = body
            self.unsure.discard(given)

    def _enter(self, name: str, body: Message, given: str) -> int:
        """Send an insert or action, and remember under which ClientOrderID."""
        words = {"ClientOrderID": given} if given else {}
        if given:
            self.given.setdefault(given, (name, body))
        number = self.send(name, body, given, **words)
        self.tags.add(number)
        return number

    def _forget(self) -> None:
        """What was missed between two sessions has to be asked for."""
        self.ignorant = True
        self._new_round()
        self.tags.clear()

    def _new_round(self) -> None:
        """Answers to what was asked before do not count."""
        self.asking = set()
        self._round = f"round {next(self._numbers)}"

    def _link(self) -> Connection:
        if self.link is None:
            raise AssertionError(f"{self.name} has no socket")
        return self.link


def _same_session(ask: Ask, resumed: Message, seq: int | None) -> bool:
    """Whether a push numbered ``seq`` was of the session that is resumed.

    An old socket may sit at another, whose numbers begin at another microsecond.
    """
    return seq is not None and ask.words["Resume"]["Seq"] <= seq <= resumed["Seq"]


def _resumed(ask: Ask, resumed: Message | None) -> bool:
    """Whether the pushes after a login follow those before it, without a gap."""
    return resumed is not None and ask.words["Resume"]["Seq"] is not None and not resumed["Gap"]

"""What a story is made of, drawn from its seed."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from random import Random
from typing import Final

KINDS: Final = (
    "plain",
    "kill",
    "terminate",
    "stop",
    "exchange",
    "outage",
    "full",
    "locked",
    "read-only",
    "deleted",
    "moved",
    "replaced",
    "gone",
    "spoilt",
    "clock",
    "pruned",
    "password",
    "day",
    "births",
    "two",
    "one-journal",
    "sharing",
    "stuck",
    "cut",
    "cancel",
)
"""What stories are about; each has other things going wrong besides."""
_BESIDES: Final = ("kill", "terminate", "stop", "exchange", "outage", "outage", "locked", "clock")
"""What goes wrong besides what a story is about."""
_DISK: Final = frozenset(
    ("full", "locked", "read-only", "deleted", "moved", "replaced", "gone", "spoilt", "pruned")
)
_ALONE: Final = ("births", "cancel")
"""Stories in which each client has a session of its own."""
_FAULTS: Final = {
    "Duplicate": 0.3,
    "LostAck": 0.15,
    "NotReady": 0.2,
    "NoAnswer": 0.04,
    "ReturnError": 0.1,
    "SlowAnswer": 0.08,
}
"""What may go wrong at the front, and how often at most."""


@dataclass(frozen=True)
class Member:
    """A client: its account, its daemon (a number), after how long its orders are cancelled."""

    user: str
    daemon: int = 0
    cancel_after: float | None = None


@dataclass(frozen=True)
class StoryPlan:
    """How a story goes. Seconds throughout.

    ``troubles`` are what goes wrong, and when; ``begins`` is the market's time at the start, empty
    for now.
    """

    seed: int
    kind: str
    active: float
    members: tuple[Member, ...]
    daemons: int
    one_journal: bool
    sharing: bool
    ids: bool
    linger: float
    order_rate: int
    pause: float
    faults: Mapping[str, str]
    begins: str
    troubles: tuple[tuple[float, str], ...] = field(default=())

    @classmethod
    def of(cls, seed: int) -> "StoryPlan":
        """The plan of a seed."""
        random = Random(f"story {seed}")
        kind = random.choice(KINDS)
        active = random.uniform(3.5, 7.0)
        two = kind in ("two", "one-journal")
        return cls(
            seed=seed,
            kind=kind,
            active=active,
            members=_members(random, kind, 2 if two else 1),
            daemons=2 if two else 1,
            one_journal=kind == "one-journal",
            sharing=kind == "sharing" or (kind not in _ALONE and random.random() < 0.15),
            ids=kind in _DISK or random.random() < 0.85,
            linger=random.choice((0.0, 0.5, 2.0, 2.0)),
            order_rate=random.choice((0, 0, 0, 0, 20)),
            pause=random.choice((0.04, 0.08, 0.15)),
            faults=_faults(random, kind),
            begins=_evening(random, active) if kind == "day" else "",
            troubles=_troubles(random, kind, active),
        )


def _members(random: Random, kind: str, daemons: int) -> tuple[Member, ...]:
    most = {"births": 3, "sharing": 3, "password": 3}.get(kind, random.choice((1, 2, 3)))
    other = "u0" if kind in ("births", "sharing", "password") else random.choice(("u0", "u1"))
    members = []
    for number in range(max(most, daemons)):
        user = "u0" if number < 2 else other
        wants = kind == "cancel" and number == 0
        # Of the seconds some are so many that they must never be over.
        after = random.choice((0.3, 1.0, 600.0)) if wants else None
        members.append(Member(user, number % daemons, after))
    return tuple(members)


def _faults(random: Random, kind: str) -> Mapping[str, str]:
    """What goes wrong at the front all the time, as arguments of its control request."""
    # Who changes a password elsewhere wants an answer.
    if kind == "password" or random.random() < 0.4:
        return {}
    return {
        name: f"{random.uniform(0, most):.3f}"
        for name, most in _FAULTS.items()
        if random.random() < 0.4
    }


def _evening(random: Random, active: float) -> str:
    """A market time shortly before the trading day ends."""
    before = random.uniform(1.0, active)
    return f"2026-11-23T16:59:{60 - before:06.3f}"


def _troubles(random: Random, kind: str, active: float) -> tuple[tuple[float, str], ...]:
    often = {"kill": 2, "exchange": 2, "stop": 3, "outage": 3, "clock": 3, "cut": 6, "stuck": 4}
    many = random.randint(1, often.get(kind, 1))
    nothing = ("plain", "day", "births", "two", "one-journal", "sharing", "cancel")
    names = [] if kind in nothing else [kind] * many
    besides = ("kill", "terminate", "clock") if kind == "password" else _BESIDES
    if kind != "spoilt":
        names += [random.choice(besides) for _ in range(random.choice((0, 0, 1, 2)))]
    return tuple(sorted((random.uniform(0.3, active), name) for name in names))

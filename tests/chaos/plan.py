"""What a schedule is made of, drawn from its seed."""

from dataclasses import dataclass
from datetime import datetime
from random import Random
from typing import Final

from tests.chaos.hours import FIRST, ShortDays
from webctp.config.sections import JournalConfig
from webctp.config.trading import TradingSettings
from webctp.secret import Secret
from webctp.sim.options import FaultOptions, SimOptions

MORNING: Final = datetime(FIRST.year, FIRST.month, FIRST.day, 10, 0)
_DAY: Final = 300.0
_LONG_DAY: Final = 36_000.0


@dataclass(frozen=True)
class Plan:
    """How one schedule goes: who there is, what may go wrong, for how long. Seconds throughout.

    ``ends_at`` is when the trading day ends, None if it does not. ``wall_steps``: the clock on the
    wall is set, forwards and back; ``births``: clients of an account come at the same moment.
    """

    seed: int
    active: float
    ends_at: float | None
    clients: tuple[int, ...]
    sharing: bool
    linger: float
    cancels: tuple[float | None, ...]
    order_rate: int
    query_interval: float
    front_interval: float
    journal: bool
    kills: bool
    strangers: bool
    new_passwords: bool
    wall_steps: bool
    births: bool
    breaks_at_request: float
    weather: float
    disk: float
    faults: FaultOptions

    @classmethod
    def of(cls, seed: int) -> "Plan":
        """The plan of a seed."""
        random = Random(f"plan {seed}")
        sharing = random.random() < 0.25
        clients = random.choice(((1,), (1,), (2,), (3,), (1, 1), (2, 1)))
        some = lambda chance, most: random.random() * most if random.random() < chance else 0.0  # noqa: E731
        active = random.uniform(15.0, 60.0)
        secrets = random.random()
        return cls(
            seed=seed,
            active=active,
            ends_at=random.uniform(10.0, active + 20.0) if random.random() < 0.2 else None,
            clients=clients,
            sharing=sharing,
            linger=random.choice((0.0, 3.0, 20.0, 60.0)),
            cancels=tuple(random.choice((None, None, 0.0, 4.0)) for _ in range(sum(clients))),
            order_rate=random.choice((0, 0, 0, 2)),
            query_interval=random.choice((0.0, 0.3, 1.0)),
            front_interval=random.choice((0.0, 0.3, 1.0)),
            journal=random.random() < 0.7,
            kills=random.random() < 0.35,
            strangers=secrets < 0.2,
            new_passwords=secrets > 0.8,
            wall_steps=random.random() < 0.4,
            births=random.random() < 0.4,
            breaks_at_request=some(0.4, 0.1),
            weather=random.choice((4.0, 8.0, 16.0, 60.0)),
            disk=random.choice((0.0, 0.01, 0.2, 2.0)),
            faults=FaultOptions(
                return_error=some(0.5, 0.3),
                no_answer=some(0.4, 0.15),
                slow_answer=some(0.4, 0.2),
                slow_seconds=random.uniform(0.5, 30.0),
                not_ready=some(0.4, 0.4),
                lost_ack=some(0.4, 0.3),
                duplicate=some(0.5, 0.5),
            ),
        )

    def hours(self) -> ShortDays:
        """When the market and the front are open."""
        from datetime import timedelta

        if self.ends_at is None:
            return ShortDays(MORNING, _LONG_DAY)
        return ShortDays(MORNING - timedelta(seconds=_DAY - self.ends_at), _DAY)

    def exchange(self) -> SimOptions:
        """The simulated front's options."""
        return SimOptions(
            seed=self.seed,
            balance=1e9,
            auth_code="code",
            app_id="app",
            query_interval=self.front_interval,
            faults=self.faults,
        )

    def trader(self, directory: str) -> TradingSettings:
        """What the daemon's configuration says of sessions."""
        return TradingSettings(
            td_front_address=("tcp://127.0.0.1:1",),
            broker_id="9999",
            app_id="app",
            auth_code=Secret("code"),
            user_product_info="chaos",
            con_file_path=directory,
            production_mode=False,
            login_timeout=10.0,
            query_interval=self.query_interval,
            query_timeout=8.0,
            order_rate=self.order_rate,
            session_linger=self.linger,
            session_sharing="account" if self.sharing else "none",
            login_refusal_window=30.0,
            journal=JournalConfig("virtual") if self.journal else None,
        )

"""What a bus of any size takes, from what a small one has taken: a linear model, and its error.

Pure. A tick costs its node, its Redis, that again for each edge, and each edge; a delivered
message costs its edge. Costs are seconds of a core.
"""

from dataclasses import dataclass
from typing import Final

HEADER: Final = 48


@dataclass(frozen=True)
class Run:
    """What a run has taken, a tick: of the node, of Redis, of all edges together."""

    edges: int
    clients: int
    node: float
    redis: float
    edge: float

    @property
    def messages(self) -> int:
        """Messages delivered for each tick."""
        return self.edges * self.clients


@dataclass(frozen=True)
class Sizing:
    """What a bus takes: cores of each kind, and bytes a second that leave Redis."""

    node: float
    redis: float
    edges: float
    bandwidth: float


@dataclass(frozen=True)
class Model:
    """Seconds of a core: of the node and of Redis a tick, of Redis a tick and edge, and so on."""

    node: float
    redis: float
    redis_edge: float
    edge: float
    message: float

    def run(self, edges: int, clients: int) -> Run:
        """What a run of so many edges, with so many clients each, would take."""
        edge = edges * (self.edge + clients * self.message)
        return Run(edges, clients, self.node, self.redis + edges * self.redis_edge, edge)

    def size(
        self, ticks: float, messages: float, *, edges: int, tick_bytes: int, batch: float
    ) -> Sizing:
        """What so many ticks and delivered messages a second take with so many edges.

        :param batch: how many ticks leave in a frame.
        """
        return Sizing(
            node=ticks * self.node,
            redis=ticks * (self.redis + edges * self.redis_edge),
            edges=edges * ticks * self.edge + messages * self.message,
            bandwidth=ticks * edges * (tick_bytes + HEADER / batch),
        )


def fitted(one: Run, clients: Run, edges: Run) -> Model:
    """Fit a model to three runs: a small one, one with more clients, one with more edges."""
    message = (clients.edge - one.edge) / (clients.messages - one.messages)
    redis_edge = (edges.redis - one.redis) / (edges.edges - one.edges)
    return Model(
        node=one.node,
        redis=one.redis - one.edges * redis_edge,
        redis_edge=redis_edge,
        edge=(one.edge - one.messages * message) / one.edges,
        message=message,
    )


def errors(model: Model, held_out: Run) -> dict[str, float]:
    """How far a model is from a run that it was not fitted to, as shares of that run."""
    told = model.run(held_out.edges, held_out.clients)
    return {
        name: getattr(told, name) / getattr(held_out, name) - 1
        for name in ("node", "redis", "edge")
    }

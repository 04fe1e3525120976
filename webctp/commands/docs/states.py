"""The state machines, from the tables they run on: a diagram and the rows."""

from collections.abc import Iterator, Mapping
from enum import Enum
from typing import Any

from webctp.commands.docs.markdown import code, fenced, table
from webctp.lifecycle.drainstate import DRAIN_TABLE
from webctp.upstream.conditional.table import CONDITIONAL_TABLE
from webctp.upstream.orders.client_order_table import CLIENT_ORDER_TABLE
from webctp.upstream.session import login
from webctp.upstream.session.login import STEPS, LoginEvent, LoginState, Target
from webctp.upstream.trading import queries

Table = Mapping[Any, tuple[Enum, Enum]]
"""(state, event) -> (state, action)."""

_ENDINGS = (LoginEvent.CLOSE, LoginEvent.GIVE_UP)


def session_diagram() -> str:
    """Return the states of a session, for a login of all three steps.

    What ends a session is left out: from everywhere it leads to the same state.
    """
    return _diagram(
        {
            (state, event): (_resolved(state, target), action)
            for (state, event), (target, action) in login.LOGIN_TABLE.rows.items()
            if event not in _ENDINGS
        }
    )


def session_table() -> str:
    """Return every transition of a session."""
    return _rows(
        {key: row for key, row in login.LOGIN_TABLE.rows.items() if key[0] is not LoginState.CLOSED}
    )


def query_diagram() -> str:
    """Return the states of a session's query queue."""
    return _diagram(queries.QUERY_TABLE.rows)


def query_table() -> str:
    """Return every transition of a query queue."""
    return _rows(queries.QUERY_TABLE.rows)


def query_states() -> str:
    """Return what the states of a query queue mean."""
    rows = [(code(_name(state)), str(state.value)) for state in queries.QueryState]
    return table(("状态 State", "含义 Meaning"), rows)


def order_diagram() -> str:
    """Return the states of a ClientOrderID."""
    return _diagram(CLIENT_ORDER_TABLE.rows)


def order_table() -> str:
    """Return every transition of a ClientOrderID."""
    return _rows(CLIENT_ORDER_TABLE.rows)


def drain_diagram() -> str:
    """Return the states of the daemon's end."""
    return _diagram(DRAIN_TABLE.rows)


def drain_table() -> str:
    """Return every transition of the daemon's end."""
    return _rows(DRAIN_TABLE.rows)


def conditional_diagram() -> str:
    """Return the states of a conditional order."""
    return _diagram(CONDITIONAL_TABLE.rows)


def conditional_table() -> str:
    """Return every transition of a conditional order."""
    return _rows(CONDITIONAL_TABLE.rows)


def _diagram(transitions: Table) -> str:
    """Return a Mermaid diagram of the transitions that change the state."""
    arrows: dict[tuple[Enum, Enum], list[str]] = {}
    for state, event, to, _ in _in_order(transitions):
        if to is not state:
            arrows.setdefault((state, to), []).append(event.name.lower().replace("_", " "))
    states = dict.fromkeys(one for pair in arrows for one in pair)
    lines = ["stateDiagram-v2", f"    [*] --> {_id(next(iter(states)))}"]
    lines += [f"    {_id(one)} : {_name(one)}" for one in states if _id(one) != _name(one)]
    lines += [
        f"    {_id(state)} --> {_id(to)} : {', '.join(events)}"
        for (state, to), events in arrows.items()
    ]
    return fenced("mermaid", "\n".join(lines))


def _rows(transitions: Table) -> str:
    """Return every transition; what is absent cannot happen."""
    rows = []
    for state, event, to, action in _in_order(transitions):
        where = str(to.value) if isinstance(to, Target) else code(_name(to))
        does = "" if action.name == "NONE" else f"{action.name}: {action.value}"
        rows.append((code(_name(state)), f"{event.name}: {event.value}", where, does))
    return table(("状态 State", "事件 Event", "去往 Goes to", "动作 Action"), rows)


def _in_order(transitions: Table) -> Iterator[tuple[Enum, Enum, Enum, Enum]]:
    """Yield the rows of a table, states and events in the order in which they are defined."""
    for state in type(next(iter(transitions))[0]):
        for event in type(next(iter(transitions))[1]):
            row = transitions.get((state, event))
            if row is not None:
                yield state, event, *row


def _resolved(state: LoginState, target: LoginState | Target) -> LoginState:
    """Return where a target leads in the chain of all three steps."""
    match target:
        case Target.SAME:
            return state
        case Target.FIRST:
            return STEPS[0]
        case Target.NEXT:
            return (*STEPS, LoginState.READY)[STEPS.index(state) + 1]
        case LoginState():
            return target


def _name(state: Enum) -> str:
    return state.name.lower().replace("_", "-")


def _id(state: Enum) -> str:
    return state.name.lower()

"""The life of a session, from the machine's own table: a diagram and the table itself."""

from webctp.docs.markdown import code, table
from webctp.upstream.machine import STEPS, TABLE, Action, Event, State, Target

_EVENTS = {event: event.name.lower().replace("_", " ") for event in Event}
_ARROWS_LEFT_OUT = (Event.CLOSE, Event.GIVE_UP)


def diagram() -> str:
    """A Mermaid state diagram of every transition that changes the state, for the full chain.

    What ends a session is left out: `CLOSE` leads to `closed` from everywhere.
    """
    arrows: dict[tuple[State, State], list[str]] = {}
    for (state, event), (target, _) in TABLE.items():
        to = _resolved(state, target)
        if to is not state and event not in _ARROWS_LEFT_OUT:
            arrows.setdefault((state, to), []).append(_EVENTS[event])
    lines = ["```mermaid", "stateDiagram-v2", f"    [*] --> {_name(State.CONNECTING)}"]
    lines += [f"    {_name(one)} : {one.value}" for one in State if _name(one) != one.value]
    order = list(State)
    for (state, to), events in sorted(
        arrows.items(), key=lambda item: [order.index(one) for one in item[0]]
    ):
        lines.append(f"    {_name(state)} --> {_name(to)} : {', '.join(events)}")
    return "\n".join([*lines, "```"])


def transitions() -> str:
    """Every row of the table; what is absent cannot happen."""
    rows = []
    for state in State:
        if state is State.CLOSED:
            continue
        for event in Event:
            row = TABLE.get((state, event))
            if row is not None:
                target, action = row
                to = target.value if isinstance(target, Target) else code(target.value)
                does = "" if action is Action.NONE else f"{action.name} — {action.value}"
                rows.append((code(state.value), f"{event.name} — {event.value}", to, does))
    return table(("state", "event", "goes to", "does"), rows)


def _resolved(state: State, target: State | Target) -> State:
    """Where a target leads in the chain of all three steps."""
    match target:
        case Target.SAME:
            return state
        case Target.FIRST:
            return STEPS[0]
        case Target.NEXT:
            return (*STEPS, State.READY)[STEPS.index(state) + 1]
        case _:
            return target


def _name(state: State) -> str:
    return state.name.lower()

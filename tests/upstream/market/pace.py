"""Subscriptions without a pause, for hubs of which other things are tested."""

from typing import Any, Final

from webctp.config.market import SubscribePace

AT_ONCE: Final[dict[str, Any]] = {"subscribe_interval": 0.0, "unsubscribe_grace": 0.0}
"""Of a section's arguments: no pause and no grace."""


def pace(**values: Any) -> SubscribePace:
    """A pace with no pause and no grace but what is given."""
    return SubscribePace(**{**AT_ONCE, **values})

"""From the configuration to the settings of a room: by name, so that a key is written once."""

import dataclasses
from typing import Any, TypeVar

from webctp.config.table import Config

T = TypeVar("T")


def settings_of(kind: type[T], config: Config, **given: Any) -> T:
    """Make the settings of a room: ``given``, and from the configuration what has the same name.

    A new key whose attribute is called like a field of the settings thus reaches its room without
    another line. A field that is neither given nor a key keeps its default.

    :param kind: a dataclass; its fields have the types of the keys of their names.
    """
    fields: Any = dataclasses.fields(kind)  # type: ignore[arg-type]
    same = {
        field.name: getattr(config, field.name)
        for field in fields
        if field.name not in given and hasattr(config, field.name)
    }
    return kind(**same, **given)

"""The fields of the gateway's own messages, read from their structs."""

from collections.abc import Iterator

import msgspec
from msgspec import inspect

from webctp.commands.docs.markdown import code, table
from webctp.gateway.messages import own
from webctp.gateway.rest.schemas import every_message

_HEADS = ("字段 Field", "类型 Type", "含义 Meaning")
_TYPES: tuple[tuple[type[inspect.Type], str], ...] = (
    (inspect.StrType, "text"),
    (inspect.BoolType, "bool"),
    (inspect.IntType, "int"),
    (inspect.FloatType, "number"),
    (inspect.NoneType, "null"),
    (inspect.RawType, "object"),
    (inspect.DictType, "object"),
)
_OPTIONAL = "可省略 may be left out"


def own_messages(service: str) -> str:
    """Return a table of fields for each message of a service, and for the words beside CTP's."""
    pushes = [one for one in every_message() if service in one.services]
    messages: list[type[msgspec.Struct]] = [
        *pushes,
        *([own.ExtraFields] if service == "td" else []),
    ]
    return "\n\n".join(
        f"{code(message.__name__)}：{(message.__doc__ or '').rstrip('.')}\n\n"
        + table(_HEADS, _rows(inspect.type_info(message), ""))
        for message in messages
    )


def _rows(struct: inspect.Type, prefix: str) -> Iterator[tuple[str, str, str]]:
    """Yield the fields of a struct, those of its parts behind their own name and a dot."""
    if not isinstance(struct, inspect.StructType):
        raise TypeError(f"{struct} is no message")
    for field in struct.fields:
        kind, meaning = _meant(field.type)
        name = f"{prefix}{field.encode_name}"
        optional = "" if field.required else _OPTIONAL
        many = isinstance(kind, inspect.VarTupleType)
        inner = kind.item_type if isinstance(kind, inspect.VarTupleType) else kind
        if isinstance(inner, inspect.StructType):
            text = "; ".join(filter(None, (meaning, optional)))
            yield code(name), "list" if many else "object", text
            yield from _rows(inner, f"{name}[]." if many else f"{name}.")
        else:
            text = "; ".join(filter(None, (meaning, optional)))
            yield code(name), _type_name(inner), text


def _meant(kind: inspect.Type) -> tuple[inspect.Type, str]:
    """Return a field's type without what may stand in for it, and its meaning."""
    if isinstance(kind, inspect.UnionType):
        kind = next(one for one in kind.types if not isinstance(one, inspect.NoneType))
    if isinstance(kind, inspect.Metadata):
        return kind.type, str((kind.extra_json_schema or {}).get("description", ""))
    return kind, ""


def _type_name(kind: inspect.Type) -> str:
    return next(name for known, name in _TYPES if isinstance(kind, known))

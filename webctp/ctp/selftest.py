"""The layout's self-test: what the probe found, held against the binding's setters and getters.

:mod:`webctp.ctp.codec` trusts a layout that it found out by itself. Here every field of every
struct is written through its setter and read by the layout, then the reverse, with a value of its
own in each field, so that an exchanged offset or a wrong size shows. Text goes through the layout
as Chinese: the getters read GBK (the setters write UTF-8, so that way only ASCII can be tried).
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from webctp.ctp.catalog import Catalogue
from webctp.ctp.codec import Codec, FieldLayout, Layout, LayoutError, Value

_CHINESE = "张三李四王五赵六"


@dataclass(frozen=True, slots=True)
class Report:
    """How many structs and fields were tried, and a line for each that disagrees."""

    structs: int
    fields: int
    faults: tuple[str, ...]


def run(catalogue: Catalogue, codec: Codec) -> Report:
    """Try every struct of a module, used by a method or not; takes some 0.2 s."""
    fields, faults = 0, []
    for name in catalogue.struct_names:
        try:
            layout = codec.layout(name)
        except LayoutError as problem:
            faults.append(str(problem))
            continue
        fields += len(layout.fields)
        faults.extend(f"{name}.{fault}" for fault in _faults(catalogue, layout))
    return Report(len(catalogue.struct_names), fields, tuple(faults))


def _faults(catalogue: Catalogue, layout: Layout) -> Iterator[str]:
    """Yield what is wrong with one layout: the field's name, and what was met."""
    known = {field.name for field in catalogue.struct(layout.name).fields}
    for name in sorted(known ^ layout.by_name.keys()):
        yield f"{name}: is not in both catalogue and layout"
    yield from _through_setters(layout)
    yield from _through_layout(layout)


def _through_setters(layout: Layout) -> Iterator[str]:
    live = layout.new()
    values = {field.name: _ascii(field, at) for at, field in enumerate(layout.fields)}
    for field in layout.fields:
        beyond = _beyond(field)
        if beyond is not None and _takes(live, field.name, beyond):
            yield f"{field.name}: has more room than a {field.kind} of {field.size} bytes"
        if not _takes(live, field.name, values[field.name]):
            yield f"{field.name}: has less room than a {field.kind} of {field.size} bytes"
    for name, found in layout.unpack(layout.read(live)).items():
        if _plain(found) != values[name]:
            yield f"{name}: {values[name]!r} set through the setter is read as {found!r}"


def _takes(live: Any, name: str, value: Value) -> bool:
    """Set a field through its setter; False if that refuses, as it does what has no room."""
    try:
        setattr(live, name, value)
    except (TypeError, OverflowError):
        return False
    return True


def _through_layout(layout: Layout) -> Iterator[str]:
    values = {field.name: _gbk(field, at) for at, field in enumerate(layout.fields)}
    live = layout.new(values)
    for name, value in values.items():
        found = getattr(live, name)
        if _plain(found) != value:
            yield f"{name}: {value!r} written by the layout is got as {found!r}"


def _ascii(field: FieldLayout, at: int) -> Value:
    """Return a value for field number ``at`` that its setter takes and its neighbours lack."""
    match field.kind:
        case "double":
            return at + 0.25
        case "int64" | "int32" | "int16":
            return -1 - at
        case _:
            return chr(ord("A") + at % 26) * _room(field)


def _beyond(field: FieldLayout) -> Value | None:
    """Return the least that has no room in the field; None for a double, which takes all."""
    match field.kind:
        case "double":
            return None
        case "int64" | "int32" | "int16":
            return int(2 ** (8 * field.size - 1))
        case _:
            return "A" * (_room(field) + 1)


def _gbk(field: FieldLayout, at: int) -> Value:
    """Another such value; Chinese where there is room for it."""
    match field.kind:
        case "double":
            return -at - 0.5
        case "int64" | "int32" | "int16":
            return 1000 + at
        case _:
            room = _room(field)
            odd = chr(ord("a") + at % 26) * (room % 2)
            return _CHINESE[at % len(_CHINESE)] * (room // 2) + odd


def _room(field: FieldLayout) -> int:
    """Return how many bytes a text field takes: one less than its size, for the NUL."""
    return field.size if field.kind == "char" else field.size - 1


def _plain(found: Value) -> Value:
    """``bytes`` as the text that was put in."""
    if isinstance(found, bytes):
        return found.partition(b"\0")[0].decode("gbk", "replace")
    return found

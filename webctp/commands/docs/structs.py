"""Structs and enumerations of a catalogue, each once, for others to link to."""

from collections.abc import Iterable

from webctp.commands.docs import english
from webctp.commands.docs.markdown import code, link, table
from webctp.ctp.catalog import Catalogue, EnumerationValue, Field
from webctp.ctp.codec import FieldLayout, codec_for

_FEW = 4
"""Up to so many values stand with the field; more are linked to."""

_LEGS = {
    "TThostFtdcCombOffsetFlagType": "TThostFtdcOffsetFlagType",
    "TThostFtdcCombHedgeFlagType": "TThostFtdcHedgeFlagType",
}
"""Texts in which each character is a value of an enumeration, one for each leg."""

_BYTES = {"TThostFtdcClientSystemInfoType"}
"""Texts that hold bytes: on the wire ``{"base64": "…"}``."""

_TYPES = {"double": "number", "int64": "int64", "int32": "int", "int16": "int16", "char": "char"}


class Structs:
    """The structs that a catalogue's messages use, in the catalogue's own order.

    :param keep_reserved: whether `reserve…` fields are on the wire.
    """

    def __init__(self, catalogue: Catalogue, *, keep_reserved: bool) -> None:
        self._catalogue = catalogue
        self._codec = codec_for(catalogue.module)
        self._keep_reserved = keep_reserved
        used = {method.struct for method in catalogue.methods.values()}
        used |= {callback.struct for callback in catalogue.callbacks.values()}
        self.names = tuple(name for name in catalogue.struct_names if name in used)

    def link(self, name: str | None) -> str:
        """Return a link to a struct by its wire name; empty for none."""
        return link(code(self._catalogue.struct(name).key), name) if name else ""

    def tables(self) -> str:
        """Return every struct with its fields."""
        return "\n\n".join(self._struct(name) for name in self.names)

    def enumerations(self) -> str:
        """Return every enumeration that a field links to, its values in a line each."""
        linked = {
            kind
            for name in self.names
            for field in self._shown(name)
            if len(self._catalogue.enumerations.get(kind := _enumerated(field), ())) > _FEW
        }
        blocks = []
        for kind in self._catalogue.enumerations:
            if kind in linked:
                rows = [
                    (code(value.value), _value(value), _constant(value))
                    for value in self._catalogue.enumerations[kind]
                ]
                heads = ("值 Value", "含义 Meaning", "CTP")
                blocks.append(f"#### {kind}\n\n{table(heads, rows)}")
        return "\n\n".join(blocks)

    def _struct(self, name: str) -> str:
        struct = self._catalogue.struct(name)
        layout = self._codec.layout(name)
        rows = [
            (code(field.name), _type(field, layout.by_name[field.name]), self._meaning(field))
            for field in self._shown(name)
        ]
        heads = ("字段 Field", "类型 Type", "含义 Meaning")
        title = f"`{struct.key}` · {struct.meaning} · {english.composed(struct.key)}"
        return f"#### {name}\n\n{title}\n\n{table(heads, rows)}"

    def _shown(self, name: str) -> Iterable[Field]:
        fields = self._catalogue.struct(name).fields
        return (field for field in fields if self._keep_reserved or not field.reserved)

    def _meaning(self, field: Field) -> str:
        kind = _enumerated(field)
        values = self._catalogue.enumerations.get(kind, ())
        if len(values) > _FEW:
            name = kind.removeprefix("TThostFtdc").removesuffix("Type")
            return f"{_both(field)} → {link(name, kind)}"
        listed = "，".join(f"`{value.value}` {_value(value)}" for value in values)
        return f"{_both(field)}：{listed}" if listed else _both(field)


def _enumerated(field: Field) -> str:
    return _LEGS.get(field.ctp_type, field.ctp_type)


def _type(field: Field, layout: FieldLayout) -> str:
    return f"bytes({layout.size})" if field.ctp_type in _BYTES else _kind(layout)


def _kind(layout: FieldLayout) -> str:
    """Return the field's type in the documents' words, explained at the head of the page."""
    if layout.kind == "bytes":
        return f"text({layout.size})"
    return _TYPES.get(layout.kind) or f"text({layout.size - 1})"


def _both(field: Field) -> str:
    return f"{field.meaning} {english.field(field.name)}"


def _value(value: EnumerationValue) -> str:
    return f"{value.meaning} {english.value(value.constant)}"


def _constant(value: EnumerationValue) -> str:
    return code(value.constant.removeprefix("THOST_FTDC_"))

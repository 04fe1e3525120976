"""What all structs have in common: CTP's, and the gateway's own."""

from __future__ import annotations

from typing import Any, ClassVar

import msgspec


class CtpStruct(msgspec.Struct, frozen=True, gc=False, omit_defaults=True):
    """A struct of CTP's, under the names of its fields on the wire.

    Prices and other numbers are None where the gateway says null (``InvalidPrice: null``).
    """


class OwnStruct(msgspec.Struct, frozen=True, kw_only=True):
    """A message of the gateway's own, or a part of one."""


class SecretStruct(msgspec.Struct, frozen=True):
    """A struct with fields that nobody may print: passwords, codes, keys, tokens."""

    secret_fields: ClassVar[tuple[str, ...]] = ()

    def __repr__(self) -> str:
        """Show stars in the place of secrets."""
        shown = ", ".join(f"{name}={value!r}" for name, value in self.__rich_repr__())
        return f"{type(self).__name__}({shown})"

    def __rich_repr__(self) -> list[tuple[str, Any]]:
        """Return every field, stars in the place of secrets."""
        values = ((name, getattr(self, name)) for name in self.__struct_fields__)
        return [
            (name, "***" if value and name in self.secret_fields else value)
            for name, value in values
        ]

"""What of ``clients/python`` is made: types and typed requests of ``webctp_client``."""

import re
from collections.abc import Iterable, Iterator, Mapping
from functools import cached_property
from pathlib import Path
from typing import Final

from webctp.commands.clients.made import Comparison, compared
from webctp.commands.clients.model import Ask, Field, Kind, Model, Record
from webctp.commands.clients.ownmodel import OwnField, OwnModel, OwnRequest, OwnStruct

FOLDER: Final = Path("clients", "python", "webctp_client", "made")
_TYPES: Final = {"text": "str", "number": "float | None", "int": "int", "bytes": "str"}
_DEFAULTS: Final = {"text": '""', "number": "None", "int": "0", "bytes": '""'}
_GIVEN: Final = {"text": "str", "number": "float", "int": "int", "bytes": "bytes | str"}
_WAYS: Final = {
    Kind.QUERY: ("_rows", "list[{row}]"),
    Kind.ANSWERED: ("_one", "{row} | None"),
    Kind.ORDER: ("_order", "{order}"),
    Kind.SUBMITTED: ("_submit", "None"),
    Kind.CALL: ("_one", "{row} | None"),
    Kind.TEXT: ("_text", "str"),
    Kind.SUBSCRIPTION: ("_subscribe", "list[{row}]"),
}
"""By a request's kind: what carries it out, and what it gives."""
_TICK: Final = "DepthMarketData"
"""The struct of which clients may ask for some fields."""
_NOTE: Final = (
    "Made by `python -m webctp docs` from openctp-ctp {version}: edit nothing here, it is lost."
)
_OWN_NOTE: Final = "Made by `python -m webctp docs`: edit nothing here, it is lost."


class Sources:
    """The made modules of a checkout's client packages.

    :param root: the checkout's directory.
    """

    def __init__(self, root: Path) -> None:
        self._root = root
        self._model = Model()
        self._own = OwnModel(frozenset(record.name for record in self._model.records))

    def made(self) -> Mapping[Path, str]:
        """Return each made module as it should be."""
        texts = {
            "__init__.py": f'"""What the gateway offers. {_OWN_NOTE}"""\n',
            "structs.py": "\n".join(self._structs()),
            "enums.py": "\n".join(self._enumerations()),
            "own.py": "\n".join(self._own_structs()),
            "methods.py": "\n".join(self._methods()),
            "asking.py": "\n".join(self._requests(is_blocking=False)),
            "blocking.py": "\n".join(self._requests(is_blocking=True)),
        }
        return {self._root / FOLDER / name: text for name, text in texts.items()}

    def compared(self) -> Comparison:
        """Compare the modules of the checkout with what the code makes."""
        return compared(self._root, self._model.version, self.made())

    def _head(self, what: str) -> Iterator[str]:
        yield f'"""{what}'
        yield ""
        yield _NOTE.format(version=self._model.version)
        yield '"""'
        yield ""

    def _structs(self) -> Iterator[str]:
        yield from self._head("CTP's structs, by their names on the wire.")
        yield "from typing import ClassVar"
        yield ""
        yield "from webctp_client.protocol.struct import CtpStruct, SecretStruct"
        yield ""
        for record in self._model.records:
            yield ""
            yield from _struct(record)
        tick = next(one for one in self._model.records if one.name == _TICK)
        yield ""
        yield from _partial(tick)
        yield ""

    def _enumerations(self) -> Iterator[str]:
        yield from self._head("CTP's enumerations: members equal the texts that fields hold.")
        yield "from enum import Enum"
        yield ""
        for name, values in self._model.enumerations.items():
            yield ""
            yield f"class {name}(str, Enum):"
            yield f'    """The values of `{name}`."""'
            yield ""
            seen: set[str] = set()
            for value in values:
                if value.name not in seen:
                    seen.add(value.name)
                    yield f"    {value.name} = {value.value!r}"
                    yield f'    """{_plain(value.meaning)}"""'
            yield ""
        yield ""

    def _own_structs(self) -> Iterator[str]:
        yield '"""The gateway\'s own messages and their parts.'
        yield ""
        yield _OWN_NOTE
        yield '"""'
        yield ""
        yield f"from typing import {'Any, ' if 'Any' in self._own_types else ''}ClassVar"
        yield ""
        yield "from webctp_client.made import structs"
        yield "from webctp_client.protocol.struct import OwnStruct, SecretStruct"
        yield ""
        for struct in self._own.structs:
            yield ""
            yield from _own_struct(struct, self._names)
        for word in self._own.words:
            yield ""
            yield from _own_struct(word, self._names, is_given=True)
        yield ""

    @cached_property
    def _names(self) -> frozenset[str]:
        return frozenset(record.name for record in self._model.records)

    @cached_property
    def _own_types(self) -> str:
        """Every type that the gateway's own structs name."""
        return " ".join(one.type for struct in self._own.structs for one in struct.fields)

    def _methods(self) -> Iterator[str]:
        yield from self._head("Every request, and every message that may come.")
        yield "from collections.abc import Mapping"
        yield "from typing import Any, Final"
        yield ""
        yield "from webctp_client.made import own, structs"
        yield "from webctp_client.protocol.method import Body, Kind, Method"
        yield ""
        for ask in self._model.requests:
            row = f"structs.{ask.row}" if ask.row else "None"
            kind = f"structs.{ask.row}" if ask.row else "Any"
            yield (
                f"{ask.name}: Final[Method[{kind}]] = Method({ask.name!r}, {ask.services!r}, "
                f"Kind.{ask.kind.name}, {ask.body_key!r}, {ask.answer!r}, {row}, {ask.row_key!r})"
            )
        for mine in self._own.requests:
            kind = self._row_of(mine)
            row = "None" if kind == "Any" else kind
            how = "QUERY" if mine.is_query else "ANSWERED"
            yield (
                f"{mine.name}: Final[Method[{kind}]] = Method({mine.name!r}, {mine.services!r}, "
                f"Kind.{how}, {mine.body_key!r}, {mine.answer!r}, {row}, {mine.row_key!r}, "
                "is_own=True)"
            )
        yield ""
        yield "METHODS: Final[Mapping[str, Method[Any]]] = {"
        for name in (*(one.name for one in self._model.requests), *self._own_names):
            yield f'    "{name}": {name},'
        yield "}"
        yield '"""Every request by its name."""'
        yield ""
        yield "MESSAGES: Final[Mapping[str, Body]] = {"
        for message in self._model.messages:
            struct = f"structs.{message.struct}" if message.struct else "None"
            yield f'    "{message.name}": Body({message.key!r}, {struct}),'
        yield "}"
        yield '"""The body of every message of CTP\'s, by its MsgType."""'
        yield ""
        yield "OWN_MESSAGES: Final[Mapping[str, type[Any]]] = {"
        for one in self._own.messages:
            yield f'    "{one.name}": own.{one.name},'
        yield "}"
        yield '"""The gateway\'s own messages, by their MsgType."""'
        yield ""

    @cached_property
    def _own_names(self) -> tuple[str, ...]:
        return tuple(one.name for one in self._own.requests)

    def _row_of(self, mine: OwnRequest) -> str:
        if not mine.row or mine.row == "Any":
            return "Any"
        return f"structs.{mine.row}" if mine.row in self._names else f"own.{mine.row}"

    def _requests(self, *, is_blocking: bool) -> Iterator[str]:
        face = "blocking" if is_blocking else "asyncio"
        order = "BlockingSentOrder" if is_blocking else "SentOrder"
        yield from self._head(f"Every request as a typed method: the {face} face.")
        yield "# ruff: noqa: N802, N803"
        yield "from collections.abc import Sequence"
        yield "from typing import Any"
        yield ""
        base = "BlockingAsking" if is_blocking else "Asking"
        module = "blocking.face" if is_blocking else "asking"
        yield f"from webctp_client.{module} import {base}"
        yield "from webctp_client.made import methods, own, structs"
        yield f"from webctp_client.{'blocking.orders' if is_blocking else 'orders'} import {order}"
        yield ""
        yield ""
        yield f"class {'BlockingRequests' if is_blocking else 'Requests'}({base}):"
        yield '    """A method for each request; fields left out are left out on the wire."""'
        for ask in self._model.requests:
            yield ""
            yield from self._method(ask, order, is_blocking=is_blocking)
        for mine in self._own.requests:
            yield ""
            yield from self._own_method(mine, is_blocking=is_blocking)
        yield ""

    def _method(self, ask: Ask, order: str, *, is_blocking: bool) -> Iterator[str]:
        way, gives = _WAYS[ask.kind]
        row = f"structs.{ask.row}" if ask.row else "Any"
        told = gives.format(row=row, order=f"{order}")
        if ask.kind is Kind.SUBSCRIPTION:
            parameters = ["self", "InstrumentID: str | Sequence[str]", "**words: Any"]
        else:
            parameters = ["self", *_parameters(ask.fields)]
            if ask.kind is Kind.ORDER:
                parameters.append("ClientOrderID: str | None = None")
            if len(parameters) > 1:
                parameters.insert(1, "*")
        yield from _function(ask.name, parameters, told, ask.meaning, way, is_blocking)

    def _own_method(self, mine: OwnRequest, *, is_blocking: bool) -> Iterator[str]:
        parameters = ["self"]
        if mine.body_of_ctp:
            record = next(one for one in self._model.records if one.name == mine.body_of_ctp)
            parameters += ["*", *_parameters(record.fields)]
        elif mine.body is not None and mine.body.fields:
            parameters += ["*", *map(self._own_parameter, mine.body.fields)]
        row = self._row_of(mine)
        told = f"list[{row}]" if mine.is_query else f"{row} | None"
        way = "_rows" if mine.is_query else "_one"
        yield from _function(mine.name, parameters, told, mine.meaning, way, is_blocking)

    def _own_parameter(self, field: OwnField) -> str:
        kind = field.type
        for word in self._own.words:
            kind = re.sub(rf"\b{word.name}\b", f"own.{word.name}", kind)
        return f"{field.name}: {kind}{' | None = None' if field.is_optional else ''}"


def _function(
    name: str, parameters: list[str], told: str, meaning: str, way: str, is_blocking: bool
) -> Iterator[str]:
    begin, wait = ("def", "") if is_blocking else ("async def", "await ")
    yield f"    {begin} {name}({', '.join(parameters)}) -> {told}:"
    yield f'        """{_plain(meaning)}"""'
    yield f"        return {wait}self.{way}(methods.{name}, locals())"


def _parameters(fields: Iterable[Field]) -> list[str]:
    return [f"{one.name}: {_GIVEN[one.kind]} | None = None" for one in fields]


def _struct(record: Record) -> Iterator[str]:
    secrets = tuple(field.name for field in record.fields if field.is_secret)
    base = "SecretStruct" if secrets else "CtpStruct"
    yield f"class {record.name}({base}, frozen=True, gc=False, omit_defaults=True):"
    yield f'    """{_plain(record.meaning)}"""'
    yield ""
    if secrets:
        yield f"    secret_fields: ClassVar[tuple[str, ...]] = {secrets!r}"
        yield ""
    for field in record.fields:
        meaning = _plain(field.meaning)
        if field.enumeration:
            meaning += f" (enums.{field.enumeration})"
        yield f"    {field.name}: {_TYPES[field.kind]} = {_DEFAULTS[field.kind]}"
        yield f'    """{meaning}"""'
    yield ""


def _partial(record: Record) -> Iterator[str]:
    """Yield a struct of which any field may be left out, which then is None."""
    yield f"class Partial{record.name}(CtpStruct, frozen=True, gc=False, omit_defaults=True):"
    yield f'    """{_plain(record.meaning)}, of which only some fields are told: others are None"""'
    yield ""
    for field in record.fields:
        yield f"    {field.name}: {_TYPES[field.kind].removesuffix(' | None')} | None = None"
    yield ""


def _own_struct(
    struct: OwnStruct, names: frozenset[str], *, is_given: bool = False
) -> Iterator[str]:
    """Yield a struct of the gateway's own; one that ``is_given`` leaves out what is not set."""
    secrets = tuple(field.name for field in struct.fields if field.is_secret)
    base = "SecretStruct" if secrets else "OwnStruct"
    omits = ", omit_defaults=True" if is_given else ""
    yield f"class {struct.name}({base}, frozen=True, kw_only=True{omits}):"
    yield f'    """{_plain(struct.meaning)}"""'
    yield ""
    if secrets:
        yield f"    secret_fields: ClassVar[tuple[str, ...]] = {secrets!r}"
        yield ""
    for field in struct.fields:
        kind = _qualified(field.type, names)
        if field.is_optional and not kind.endswith("None"):
            kind = f"{kind} | None"
        yield f"    {field.name}: {kind}{' = None' if field.is_optional else ''}"
        if field.meaning:
            yield f'    """{_plain(field.meaning)}"""'
    yield ""


def _qualified(kind: str, names: frozenset[str]) -> str:
    """Return a type in which CTP's structs are named with their module."""
    return re.sub(r"\w+", lambda one: f"structs.{one[0]}" if one[0] in names else one[0], kind)


def _plain(text: str) -> str:
    """Return a meaning as it can stand in a docstring."""
    text = " ".join(text.split()).replace("\\", "\\\\").replace('"""', "'''")
    return f"{text[:-1]}'" if text.endswith('"') else text

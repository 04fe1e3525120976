"""What of ``clients/typescript`` is made: types without cost at run time, and a small table."""

import json
import re
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Final

from webctp.commands.clients.made import Comparison, compared
from webctp.commands.clients.model import Ask, Field, Kind, Model, Record
from webctp.commands.clients.ownmodel import ENVELOPE, OwnField, OwnModel, OwnRequest, OwnStruct

FOLDER: Final = Path("clients", "typescript", "src", "made")
_TYPES: Final = {"text": "string", "number": "number | null", "int": "number", "bytes": "string"}
_WAYS: Final = {
    Kind.QUERY: "{row}[]",
    Kind.ANSWERED: "{row} | null",
    Kind.ORDER: "SentOrder",
    Kind.SUBMITTED: "void",
    Kind.CALL: "{row} | null",
    Kind.TEXT: "string",
    Kind.SUBSCRIPTION: "{row}[]",
}
"""By a request's kind: what its promise gives."""
_ORDER_WORDS: Final = {"ReqOrderInsert": "InsertWords"}
"""Orders that take more words beside their body than a ClientOrderID."""
_PLAIN: Final = {
    "str": "string",
    "bool": "boolean",
    "int": "number",
    "float": "number",
    "None": "null",
    "Any": "unknown",
}
_NOTE: Final = (
    "Made by `python -m webctp docs` from openctp-ctp {version}: edit nothing here, it is lost."
)
_LISTS: Final = {
    Kind.TEXT: "TEXTS",
    Kind.CALL: "CALLS",
    Kind.ORDER: "ORDERS",
    Kind.SUBMITTED: "SUBMITTED",
    Kind.SUBSCRIPTION: "SUBSCRIPTIONS",
}
"""The kinds that no rule tells; queries begin with Qry or ReqQry, all else has one answer."""


class Sources:
    """The made modules of a checkout's package for TypeScript.

    :param root: the checkout's directory.
    """

    def __init__(self, root: Path) -> None:
        self._root = root
        self._model = Model()
        self._names = frozenset(record.name for record in self._model.records)
        self._own = OwnModel(self._names)

    def made(self) -> Mapping[Path, str]:
        """Return each made module as it should be."""
        texts = {
            "enums.ts": self._enumerations(),
            "structs.ts": self._structs(),
            "own.ts": self._own_structs(),
            "messages.ts": self._messages(),
            "requests.ts": self._requests(),
            "wire.ts": self._wire(),
        }
        return {self._root / FOLDER / name: "\n".join(lines) for name, lines in texts.items()}

    def compared(self) -> Comparison:
        """Compare the modules of the checkout with what the code makes."""
        return compared(self._root, self._model.version, self.made())

    def _head(self, what: str) -> Iterator[str]:
        yield "/**"
        yield f" * {what}"
        yield " *"
        yield f" * {_NOTE.format(version=self._model.version)}"
        yield " */"
        yield ""

    def _enumerations(self) -> Iterator[str]:
        yield from self._head("CTP's enumerations: values are the texts that fields hold.")
        for name, values in self._model.enumerations.items():
            yield f"export const {name} = {{"
            seen: set[str] = set()
            for value in values:
                if value.name not in seen:
                    seen.add(value.name)
                    yield f"  /** {_plain(value.meaning)} */"
                    yield f"  {value.name}: {json.dumps(value.value)},"
            yield "} as const;"
            yield f"export type {name} = (typeof {name})[keyof typeof {name}];"
            yield ""

    def _structs(self) -> Iterator[str]:
        yield from self._head("CTP's structs, by their names on the wire.")
        yield 'import type * as enums from "./enums.js";'
        yield ""
        yield "/** A value of an enumeration, or a text that a newer CTP has. */"
        yield "export type Value<T extends string> = T | (string & {});"
        yield ""
        raw = {
            field.name
            for record in self._model.records
            for field in record.fields
            if field.kind == "bytes"
        }
        yield "/** Fields that hold bytes: requests take a Uint8Array for them. */"
        yield f"export type BytesField = {' | '.join(map(json.dumps, sorted(raw)))};"
        yield ""
        yield "/** A body as a request takes it: what is left out is left out on the wire. */"
        yield "export type Given<T> = {"
        yield "  [K in keyof T]?: T[K] | (K extends BytesField ? Uint8Array : never) | null;"
        yield "};"
        yield ""
        for record in self._model.records:
            yield from _struct(record)

    def _own_structs(self) -> Iterator[str]:
        yield from self._head("The gateway's own messages and their parts.")
        yield 'import type * as structs from "./structs.js";'
        yield ""
        for struct in self._own.structs:
            yield from self._own_struct(struct)
        for word in self._own.words:
            yield from self._own_struct(word, is_given=True)

    def _own_struct(self, struct: OwnStruct, *, is_given: bool = False) -> Iterator[str]:
        yield f"/** {_plain(struct.meaning)} */"
        yield f"export interface {struct.name} {{"
        for field in struct.fields:
            if field.meaning:
                yield f"  /** {_plain(field.meaning)} */"
            optional = "?" if field.is_optional else ""
            kind = self._type(field.type)
            if is_given:
                kind = re.sub(r"structs\.(\w+)", r"structs.Given<structs.\1>", kind)
            yield f"  {field.name}{optional}: {kind};"
        yield "}"
        yield ""

    def _messages(self) -> Iterator[str]:
        yield from self._head("Every message that may come, by its MsgType.")
        yield 'import type * as own from "./own.js";'
        yield 'import type * as structs from "./structs.js";'
        yield ""
        yield "/** What stands around a body: answers have IsLast and RequestID, pushes Seq. */"
        yield "export interface Envelope<Name extends string = string> {"
        yield "  MsgType: Name;"
        yield "  RspInfo?: own.RspInfo | null;"
        yield "  IsLast?: boolean;"
        yield "  RequestID?: number;"
        yield "  Seq?: number;"
        yield "  /** Whether it was pushed before the login. */"
        yield "  Replay?: boolean;"
        yield "  Detail?: string;"
        yield "  Limit?: number;"
        yield "  RetryAfter?: number;"
        yield "}"
        yield ""
        yield "/** A message of CTP's, its body under a key. */"
        yield "export type Ctp<Name extends string, Key extends string, Body> = Envelope<Name> & {"
        yield "  [K in Key]: Body | null;"
        yield "};"
        yield ""
        yield "/** CTP's messages. */"
        yield "export interface CtpMessages {"
        for message in self._model.messages:
            if not message.key:
                yield f'  {message.name}: Envelope<"{message.name}">;'
                continue
            body = f"structs.{message.struct}" if message.struct else "number"
            yield f'  {message.name}: Ctp<"{message.name}", "{message.key}", {body}>;'
        yield "}"
        yield ""
        yield "/** The gateway's own messages. */"
        yield "export interface OwnMessages {"
        for one in self._own.messages:
            yield f'  {one.name}: {{ MsgType: "{one.name}" }} & own.{one.name};'
        yield "}"
        yield ""
        yield "export interface Messages extends CtpMessages, OwnMessages {}"
        yield "/** Any message; `MsgType` tells them apart. */"
        yield "export type Message = Messages[keyof Messages];"
        yield ""

    def _requests(self) -> Iterator[str]:
        yield from self._head("Every request as a typed method.")
        words = "InsertWords, OrderWords, SubscriptionWords"
        yield f'import type {{ {words} }} from "../protocol/words.js";'
        yield 'import type { SentOrder } from "../orders.js";'
        yield 'import type * as own from "./own.js";'
        yield 'import type * as structs from "./structs.js";'
        yield 'import type { Given } from "./structs.js";'
        yield ""
        yield "/** A method for each request; its fields are those of CTP's struct. */"
        yield "export interface Requests {"
        for ask in self._model.requests:
            yield f"  /** {_plain(ask.meaning)} */"
            yield f"  {ask.name}({_parameters(ask)}): Promise<{_gives(ask)}>;"
        for mine in self._own.requests:
            yield f"  /** {_plain(mine.meaning)} */"
            yield f"  {mine.name}({self._own_parameters(mine)}): Promise<{self._own_gives(mine)}>;"
        yield "}"
        yield ""

    def _own_parameters(self, mine: OwnRequest) -> str:
        if mine.body_of_ctp:
            return f"fields: Given<structs.{mine.body_of_ctp}>"
        if mine.body is None or not mine.body.fields:
            return ""
        fields = "; ".join(
            f"{one.name}{'?' if one.is_optional else ''}: {self._given(one)}"
            for one in mine.body.fields
        )
        optional = "?" if all(one.is_optional for one in mine.body.fields) else ""
        return f"fields{optional}: {{ {fields} }}"

    def _given(self, field: OwnField) -> str:
        kind = self._type(field.type)
        for word in self._own.words:
            kind = re.sub(rf"\b{word.name}\b", f"own.{word.name}", kind)
        return f"{kind} | null" if field.is_optional else kind

    def _own_gives(self, mine: OwnRequest) -> str:
        row = "unknown"
        if mine.row and mine.row != "Any":
            row = f"structs.{mine.row}" if mine.row in self._names else f"own.{mine.row}"
        return f"{row}[]" if mine.is_query else f"{row} | null"

    def _wire(self) -> Iterator[str]:
        yield from self._head("What requests look like where no rule tells: protocol/methods.ts.")
        yield "/** Keys of bodies that are not the request's name without Req; empty for none. */"
        yield "export const BODY_KEYS: Readonly<Record<string, string>> = {"
        for name, key in self._keys():
            if key != name.removeprefix("Req"):
                yield f"  {name}: {json.dumps(key)},"
        yield "};"
        for kind, constant in _LISTS.items():
            yield ""
            yield f"/** {kind.value[0].upper()}{kind.value[1:]}. */"
            yield from _names(
                constant, [one.name for one in self._model.requests if one.kind is kind]
            )
        yield ""
        yield "/** What may stand beside the row of an answer. */"
        yield from _names("BESIDE", self._beside())
        yield ""
        both = [one.name for one in self._model.requests if len(one.services) > 1]
        only = [one.name for one in self._model.requests if one.services == ("md",)]
        only += [one.name for one in self._own.requests if one.services == ("md",)]
        both += [one.name for one in self._own.requests if len(one.services) > 1]
        yield "/** What market data alone takes. */"
        yield from _names("OF_MARKET", only)
        yield ""
        yield "/** What trading and market data take. */"
        yield from _names("OF_BOTH", both)
        yield ""

    def _beside(self) -> list[str]:
        messages = {one.name: one for one in self._own.messages}
        return sorted(
            {
                field.name
                for mine in self._own.requests
                for field in messages[mine.answer].fields
                if field.name not in (*ENVELOPE, mine.row_key)
            }
        )

    def _keys(self) -> Iterator[tuple[str, str]]:
        for ask in self._model.requests:
            yield ask.name, ask.body_key
        for mine in self._own.requests:
            yield mine.name, mine.body_key

    def _type(self, kind: str) -> str:
        """Return a type of Python's as TypeScript has it."""
        kind = re.sub(r"tuple\[(.*), \.\.\.\]", r"List<\1>", kind)
        kind = re.sub(r"Sequence\[(.*)\]", r"List<\1>", kind)
        kind = re.sub(r"dict\[str, (.*)\]", r"Readonly<Record<string, \1>>", kind)
        kind = kind.replace("List<", "ReadonlyArray<")
        return re.sub(r"\b[A-Za-z]\w*", lambda one: self._name(one[0]), kind)

    def _name(self, name: str) -> str:
        if name in self._names:
            return f"structs.{name}"
        return _PLAIN.get(name, name)


def _struct(record: Record) -> Iterator[str]:
    yield f"/** {_plain(record.meaning)} */"
    yield f"export interface {record.name} {{"
    for field in record.fields:
        yield f"  /** {_plain(field.meaning)} */"
        yield f"  {field.name}: {_field_type(field)};"
    yield "}"
    yield ""


def _field_type(field: Field) -> str:
    if field.enumeration:
        return f"Value<enums.{field.enumeration}>"
    return _TYPES[field.kind]


def _parameters(ask: Ask) -> str:
    if ask.kind is Kind.SUBSCRIPTION:
        return "instruments: string | readonly string[], words?: SubscriptionWords"
    if ask.kind is Kind.ORDER:
        words = _ORDER_WORDS.get(ask.name, "OrderWords")
        return f"fields: Given<structs.{ask.body_key}>, words?: {words}"
    if not ask.body_key:
        return ""
    return f"fields?: Given<structs.{ask.body_key}>"


def _gives(ask: Ask) -> str:
    return _WAYS[ask.kind].format(row=f"structs.{ask.row}" if ask.row else "unknown")


def _names(constant: str, names: Iterable[str]) -> Iterator[str]:
    yield f"export const {constant}: readonly string[] = ["
    for name in names:
        yield f'  "{name}",'
    yield "];"


def _plain(text: str) -> str:
    """Return a meaning as it can stand in a comment."""
    return " ".join(text.split()).replace("*/", "* /")

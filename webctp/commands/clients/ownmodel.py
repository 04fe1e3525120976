"""The gateway's own messages and requests as clients have them, in Python's types."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

import msgspec
from msgspec import inspect

from webctp.gateway.admin.commands import WORDS as ADMIN_WORDS
from webctp.gateway.market import pastbars
from webctp.gateway.messages import own, own_conditional, own_market, own_portfolio, own_risk
from webctp.gateway.rest.schemas import every_message

OWN_BODIES: Final[Mapping[str, tuple[str, type[msgspec.Struct]]]] = {
    own_risk.TRADING_STATE: ("QryTradingState", own_risk.TradingStateQuery),
    own_risk.COMPLIANCE: ("QryCompliance", own_risk.ComplianceQuery),
    own_risk.CANCEL_ALL_AFTER: ("CancelAllAfter", own_risk.TimerWord),
    own_portfolio.SUBSCRIBE: ("SubscribePortfolio", own_portfolio.PortfolioWord),
    own_portfolio.UNSUBSCRIBE: ("UnSubscribePortfolio", own_portfolio.PortfolioWord),
    own_portfolio.CURVE: ("QryAccountCurve", own_portfolio.CurveQuery),
    own_conditional.INSERT: ("InsertConditional", own_conditional.ConditionalWord),
    own_conditional.CANCEL: ("CancelConditional", own_conditional.CancelWord),
    own_conditional.QUERY: ("QryConditional", own_conditional.QueryWord),
    own_market.INSTRUMENTS: ("QryInstruments", own_market.InstrumentsQuery),
    own_market.TICKS: ("QryTicks", own_market.TicksQuery),
    pastbars.PAST_BARS: (pastbars.BODY, pastbars.QryBar),
    **{name: (name, word) for name, word in ADMIN_WORDS.items()},
}
"""The bodies of the gateway's own requests, by their names."""
BODIES_OF_CTP: Final = {own_portfolio.PREVIEW: "InputOrder"}
"""Requests of the gateway's own whose body is a struct of CTP's."""

ENVELOPE: Final = ("Seq", "RspInfo", "IsLast", "RequestID")
"""What stands around the body of a message."""
_PLAIN: Final[tuple[tuple[type[inspect.Type], str], ...]] = (
    (inspect.StrType, "str"),
    (inspect.BoolType, "bool"),
    (inspect.IntType, "int"),
    (inspect.FloatType, "float"),
    (inspect.NoneType, "None"),
    (inspect.LiteralType, "str"),
)
_SECRET: Final = "ResumeToken"


@dataclass(frozen=True)
class OwnField:
    """A field: its type in Python, whether it may be left out, what it means."""

    name: str
    type: str
    is_optional: bool
    meaning: str

    @property
    def is_secret(self) -> bool:
        """Whether nobody may print it."""
        return self.name == _SECRET


@dataclass(frozen=True)
class OwnStruct:
    """A struct of the gateway's own."""

    name: str
    meaning: str
    fields: tuple[OwnField, ...]


@dataclass(frozen=True)
class OwnRequest:
    """A request of the gateway's own; ``body`` is None where it is one of CTP's.

    ``row_key`` is where the answer's body stands, "" for none; ``is_query`` where there are many.
    """

    name: str
    services: tuple[str, ...]
    is_query: bool
    body_key: str
    body: OwnStruct | None
    body_of_ctp: str
    answer: str
    row: str
    row_key: str
    meaning: str


class OwnModel:
    """What the gateway says and takes beside CTP.

    :param taken: the names of CTP's structs, which a struct of the gateway's may bear, too.
    """

    def __init__(self, taken: frozenset[str]) -> None:
        self._taken = taken
        self._found: dict[type, OwnStruct] = {}
        self._words: dict[type, OwnStruct] = {}
        self.messages: tuple[OwnStruct, ...] = ()
        requests = []
        for message in every_message():
            struct = self._struct(message, is_message=True)
            self.messages += (struct,)
            if asked_by(message):
                requests.append(self._request(message, struct))
        for one in (own.SessionFields, own.ResumeFields):
            self._struct(one)
        self.requests: tuple[OwnRequest, ...] = tuple(requests)

    @property
    def structs(self) -> tuple[OwnStruct, ...]:
        """Every struct, the messages included, each behind those that it uses."""
        return tuple(self._found.values())

    @property
    def words(self) -> tuple[OwnStruct, ...]:
        """Every struct that stands inside a request's body, as clients write it."""
        return tuple(self._words.values())

    def word(self, struct: type[msgspec.Struct]) -> str:
        """Return the name of a struct inside a request's body."""
        if struct not in self._words:
            self._words[struct] = _body(struct, self)
        return self._words[struct].name

    def given(self, kind: inspect.Type, name: str) -> str:
        """Return the type of a request's field, as a program may give it.

        A dictionary by the name of a struct of CTP's is that struct.
        """
        match kind:
            case inspect.Metadata(type=inner):
                return self.given(inner, name)
            case inspect.UnionType(types=types):
                some = (one for one in types if not isinstance(one, inspect.NoneType))
                return self.given(next(some), name)
            case inspect.StructType(cls=struct):
                return self.word(struct)
            case inspect.ListType(item_type=item) | inspect.VarTupleType(item_type=item):
                return f"Sequence[{self.given(item, name)}]"
            case inspect.DictType() if name in self._taken:
                return name
        return next((said for known, said in _PLAIN if isinstance(kind, known)), "Any")

    def name_of(self, struct: type) -> str:
        """Return a struct's name for clients: not that of a struct of CTP's."""
        return f"Found{struct.__name__}" if struct.__name__ in self._taken else struct.__name__

    def _struct(self, struct: type[msgspec.Struct], *, is_message: bool = False) -> OwnStruct:
        known = self._found.get(struct)
        if known is None:
            told = inspect.type_info(struct)
            assert isinstance(told, inspect.StructType)
            fields = tuple(
                OwnField(
                    one.encode_name,
                    self._type(one.type, one.encode_name),
                    not one.required,
                    _meaning(one.type),
                )
                for one in told.fields
            )
            meaning = (struct.__doc__ or "").splitlines()[0].rstrip(".")
            known = self._found[struct] = OwnStruct(
                struct.__name__ if is_message else self.name_of(struct), meaning, fields
            )
        return known

    def _type(self, kind: inspect.Type, name: str) -> str:
        match kind:
            case inspect.Metadata(type=inner):
                return self._type(inner, name)
            case inspect.UnionType(types=types):
                return " | ".join(dict.fromkeys(self._type(one, name) for one in types))
            case inspect.StructType(cls=struct):
                return self._struct(struct).name
            case inspect.VarTupleType(item_type=item) | inspect.ListType(item_type=item):
                return f"tuple[{self._type(item, name)}, ...]"
            case inspect.DictType(value_type=value):
                return f"dict[str, {self._type(value, name)}]"
            case inspect.RawType():
                # JSON that is made elsewhere: a struct by the name of its field, which may be null.
                if name == own.Bar.__name__:
                    return f"{self._struct(own.Bar).name} | None"
                return f"{name} | None" if name in self._taken else "Any"
        return next((said for known, said in _PLAIN if isinstance(kind, known)), "Any")

    def _request(self, message: type[own.Push], struct: OwnStruct) -> OwnRequest:
        name = asked_by(message)
        key, body = OWN_BODIES.get(name, (BODIES_OF_CTP.get(name, ""), None))
        told = [one for one in struct.fields if one.name not in ENVELOPE]
        row = next((one for one in told if one.type not in ("str", "bool", "int")), None)
        info = next((one.type for one in struct.fields if one.name == "RspInfo"), "None")
        return OwnRequest(
            name,
            message.services,
            info == "None",
            key,
            None if body is None else _body(body, self),
            BODIES_OF_CTP.get(name, ""),
            message.__name__,
            "" if row is None else row.type.removesuffix(" | None"),
            "" if row is None else row.name,
            struct.meaning,
        )


def asked_by(message: type[own.Push]) -> str:
    """Return the request of the gateway's own that a message answers; empty for none."""
    stem = message.__name__.removeprefix("Rsp")
    known = OWN_BODIES.keys() | BODIES_OF_CTP.keys()
    return next((name for name in (stem, f"Req{stem}") if name in known), "")


def _body(body: type[msgspec.Struct], model: OwnModel) -> OwnStruct:
    told = inspect.type_info(body)
    assert isinstance(told, inspect.StructType)
    fields = tuple(
        OwnField(
            one.encode_name,
            model.given(one.type, one.encode_name),
            not one.required,
            _meaning(one.type),
        )
        for one in told.fields
    )
    meaning = (body.__doc__ or "").splitlines()[0].rstrip(".")
    return OwnStruct(model.name_of(body), meaning, fields)


def _meaning(kind: inspect.Type) -> str:
    if isinstance(kind, inspect.UnionType):
        kind = next(one for one in kind.types if not isinstance(one, inspect.NoneType))
    if isinstance(kind, inspect.Metadata):
        return str((kind.extra_json_schema or {}).get("description", ""))
    return ""

"""The catalogue: what the loaded binding offers, read from the binding itself.

Method signatures stand only in the source of the binding's modules (SWIG replaces the methods by
fast proxies that have lost their annotations); structs, fields and their Chinese meanings are
read from the classes. Nothing is listed by hand: a new openctp-ctp brings its requests along.
"""

import inspect
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from enum import Enum
from functools import cache, cached_property
from pathlib import Path
from types import ModuleType
from typing import Final

from webctp.ctp import runtime

_STRUCT = re.compile(r"CThostFtdc(\w+)Field")
_NAMESPACE = "ctp_sopt::"
"""Stands before types in the binding for stock options; everything else is named alike."""
_METHOD = re.compile(
    r'^    def (\w+)\((?:self)?(?:, )?(.*?)\) -> "(.+?)":\n(?:        r"""(.*?)""")?', re.M | re.S
)
_PARAMETER = re.compile(r'(\w+): "([^"]+)"')
_LEGS: Final = {
    "TThostFtdcCombOffsetFlagType": "TThostFtdcOffsetFlagType",
    "TThostFtdcCombHedgeFlagType": "TThostFtdcHedgeFlagType",
}
"""Texts in which each character is a value of an enumeration."""
_CONSTANT = re.compile(r'^(THOST_FTDC_\w+) = _\w*thost\w+\.\w+\nr"""\s*(.*?)\s*"""', re.M | re.S)
_ENUMERATION = re.compile(r"TFtdc(\w+?)是(?:一个)?(.*)")

_DAEMONS_OWN = re.compile(
    r"Create\w+|Init|Join|Release|RegisterSpi|RegisterFront|RegisterNameServer"
    r"|RegisterFensUserInfo|SubscribePrivateTopic|SubscribePublicTopic"
)
"""Methods that manage the connection itself: the daemon calls them, a client never does."""
_ORDER = re.compile(r"Req(?!Qry|Query)(\w+(Insert|Action)|Remove\w+)")
"""Methods that insert into the market, or act on what is there or parked."""
_TOLD_BY_PUSHES = ("ByFuture", "OffsetSetting")
"""How the names of transfers and of settings of offsets end."""


class Shape(Enum):
    """How a method of the API is called, read from its signature."""

    REQUEST = "struct, request id -> return value; answered by a callback"
    SUBMIT = "struct -> return value; no callback"
    SUBSCRIPTION = "instrument ids -> return value; answered by a callback for each"
    FILL = "struct to be filled"
    TEXT = "-> text"


@dataclass(frozen=True, slots=True)
class Field:
    """A field of a struct: ``name``, CTP type (``TThostFtdcPriceType``), Chinese ``meaning``."""

    name: str
    ctp_type: str
    meaning: str

    @property
    def reserved(self) -> bool:
        """Whether CTP keeps the field for nothing (``reserve1`` ...)."""
        return self.name.startswith("reserve")


@dataclass(frozen=True, slots=True)
class Struct:
    """A struct: ``name`` as the binding has it, ``key`` as the wire has it, meaning, fields."""

    name: str
    key: str
    meaning: str
    fields: tuple[Field, ...]


class ShapeError(TypeError):
    """A method or a callback was asked for what its shape does not have; a mistake of ours."""


@dataclass(frozen=True, slots=True, eq=False)
class Callback:
    """A callback of the SPI, and the message that it becomes.

    ``msg_type`` is its name without ``On``. ``struct`` names the body's struct, ``number`` the
    body key of a bare integer (``Reason``); a response ``has_request`` (id and IsLast).
    """

    name: str
    msg_type: str
    struct: str | None
    number: str | None
    has_info: bool
    has_request: bool
    meaning: str

    @property
    def body_struct(self) -> str:
        """The name of the body's struct.

        :raises ShapeError: for a callback that brings none (``OnFrontConnected``, ``OnRspError``).
        """
        if self.struct is None:
            raise ShapeError(f"{self.name} brings no struct")
        return self.struct

    @property
    def body_key(self) -> str | None:
        """The wire's key of the body: ``Investor``, ``SpecificInstrument``, ``Reason``."""
        return key_of(self.struct) if self.struct else self.number


@dataclass(frozen=True, slots=True, eq=False)  # there is one of each, looked up at every message
class Method:
    """A method of the API that clients may call: ``MsgType``, what it takes, what answers it.

    ``struct`` names the request's struct, None where it takes none. ``answer`` is the callback
    that answers it (``OnRspQryInvestor``), None where only the return value does. Whoever knows
    that there is one asks for :attr:`request_struct` and :attr:`reply`.
    """

    name: str
    shape: Shape
    struct: str | None
    answer: Callback | None
    meaning: str
    is_order: bool = field(init=False)
    """Whether it inserts something into the market or acts on what is there.

    A query of actions (``ReqQryParkedOrderAction``) does neither. ``ReqRemoveParkedOrder`` takes a
    parked order back, as ``ReqRemoveParkedOrderAction`` a parked cancellation.
    """
    is_answered: bool = field(init=False)
    """Whether an answer ends it, whatever becomes of it.

    An order, an action, a transfer, a setting of offsets is answered where it is refused;
    accepted, pushes tell of it.
    """

    def __post_init__(self) -> None:
        """Find out once what is asked of each message."""
        is_order = _ORDER.fullmatch(self.name) is not None
        object.__setattr__(self, "is_order", is_order)
        told_by_pushes = is_order or self.name.endswith(_TOLD_BY_PUSHES)
        object.__setattr__(self, "is_answered", not told_by_pushes)

    @property
    def request_struct(self) -> str:
        """The name of the request's struct.

        :raises ShapeError: for a method that takes none (``GetTradingDay``, subscriptions).
        """
        if self.struct is None:
            raise ShapeError(f"{self.name} takes no struct")
        return self.struct

    @property
    def request_key(self) -> str:
        """The wire's key of the request body: ``InputOrder`` for ``CThostFtdcInputOrderField``.

        :raises ShapeError: as :attr:`request_struct`.
        """
        return key_of(self.request_struct)

    @property
    def reply(self) -> Callback:
        """The callback that answers it.

        :raises ShapeError: for a method that only its return value answers.
        """
        if self.answer is None:
            raise ShapeError(f"{self.name} is answered by no callback")
        return self.answer

    @property
    def response(self) -> str | None:
        """The name of the callback that answers it; None where only the return value does."""
        return None if self.answer is None else self.answer.name

    @property
    def body_key(self) -> str | None:
        """The same where there is one; None for a method that takes no struct."""
        return key_of(self.struct) if self.struct else None

    @property
    def is_query(self) -> bool:
        """Whether CTP counts it as a query, so that it may be paced and repeated."""
        return self.name.startswith("ReqQry")


@dataclass(frozen=True, slots=True)
class EnumerationValue:
    """One value of an enumeration: ``'0'``, ``THOST_FTDC_D_Buy``, ``买``."""

    value: str
    constant: str
    meaning: str

    @property
    def member(self) -> str:
        """What of the constant's name is its own: ``Buy``."""
        return self.constant.removeprefix("THOST_FTDC_").partition("_")[2]


class Catalogue:
    """What one module of the binding (trading or market data) offers.

    ``methods`` are those a client may call, by name; ``callbacks`` all of the SPI, in the order
    of declaration, by name. Structs and enumerations are read when first asked for.
    """

    def __init__(self, module: ModuleType, api: str) -> None:
        self.module = module
        self.api_class: type = getattr(module, f"CThostFtdc{api}Api")
        self.spi_class: type = getattr(module, f"CThostFtdc{api}Spi")
        # Not kept: 1.7 MB of text of which only the signatures matter for long.
        source = _source_of(module)
        self.callbacks: Mapping[str, Callback] = {
            name: _callback(name, parameters, doc)
            for name, parameters, _, doc in _methods_of(source, self.spi_class.__name__)
        }
        self.methods: Mapping[str, Method] = {
            name: _method(name, parameters, returns, doc, self.callbacks)
            for name, parameters, returns, doc in _methods_of(source, self.api_class.__name__)
            if not _DAEMONS_OWN.fullmatch(name)
        }
        self._structs: dict[str, Struct] = {}

    @cached_property
    def struct_names(self) -> tuple[str, ...]:
        """Every struct of the module, whether or not a method uses it."""
        return tuple(name for name in vars(self.module) if _STRUCT.fullmatch(name))

    def struct(self, name: str) -> Struct:
        """Return the struct of that name (``CThostFtdcOrderField``); KeyError for another."""
        known = self._structs.get(name)
        if known is None:
            if not _STRUCT.fullmatch(name) or not hasattr(self.module, name):
                raise KeyError(name)
            known = self._structs[name] = _struct(getattr(self.module, name))
        return known

    @cached_property
    def enumerations(self) -> Mapping[str, tuple[EnumerationValue, ...]]:
        """The values of each enumerated type, by the type's name (``TThostFtdcDirectionType``)."""
        groups: dict[str, list[EnumerationValue]] = {}
        group: list[EnumerationValue] = []
        for constant, text in _CONSTANT.findall(_source_of(self.module)):
            lines = [line.strip() for line in text.splitlines()]
            heading = _ENUMERATION.match(lines[0])
            if heading:
                # Only the first constant of a group names the type, in a line of its own.
                group = groups.setdefault(f"TThostFtdc{heading[1]}", [])
                lines = lines[1:]
            value = str(getattr(self.module, constant))
            group.append(EnumerationValue(value, constant, " ".join(lines)))
        return {name: tuple(values) for name, values in groups.items()}

    def enumeration(self, ctp_type: str) -> str:
        """Return the enumerated type whose values a field of a type holds; empty for none.

        In the texts of combinations each character is a value.
        """
        kind = _LEGS.get(ctp_type, ctp_type)
        return kind if self.enumerations.get(kind) else ""


@cache
def trading() -> Catalogue:
    """Return the trading catalogue of the process's binding, built on first use.

    Who has a front asks its ``binding``; this is for :mod:`webctp.ctp.binding`, and for tests.
    """
    return Catalogue(runtime.load().td, "Trader")


@cache
def market_data() -> Catalogue:
    """Return the market-data catalogue of the process's binding; see `trading`."""
    return Catalogue(runtime.load().md, "Md")


def _source_of(module: ModuleType) -> str:
    """Return the module's text; read anew each time (``inspect`` would keep its lines for good)."""
    return Path(str(module.__file__)).read_text("utf-8")


def enumeration_key(ctp_type: str) -> str:
    """Return an enumerated type's name: ``Direction`` for ``TThostFtdcDirectionType``."""
    return ctp_type.removeprefix("TThostFtdc").removesuffix("Type")


def key_of(struct_name: str) -> str:
    """Return the wire's key of a struct: its name without ``CThostFtdc`` and ``Field``."""
    found = _STRUCT.fullmatch(struct_name)
    if found is None:
        raise ValueError(f"{struct_name!r} is no struct of CTP")
    return found[1]


def _methods_of(source: str, class_name: str) -> Iterator[tuple[str, dict[str, str], str, str]]:
    """Name, parameters (name -> type), return type and docstring of each method of a class."""
    start = source.index(f"\nclass {class_name}(")
    end = source.find("\n# Register ", start)
    for name, parameters, returns, doc in _METHOD.findall(source[start:end]):
        if not name.startswith("_"):
            meaning = " ".join(doc.split()).partition(" :")[0]
            yield name, dict(_PARAMETER.findall(parameters)), returns, meaning


def _callback(name: str, parameters: dict[str, str], doc: str) -> Callback:
    bodies = [
        kind
        for kind in parameters.values()
        if _STRUCT.fullmatch(kind) and kind != "CThostFtdcRspInfoField"
    ]
    numbers = [
        parameter[1:]
        for parameter, kind in parameters.items()
        if kind == "int" and parameter != "nRequestID"
    ]
    return Callback(
        name=name,
        msg_type=name.removeprefix("On"),
        struct=bodies[0] if bodies else None,
        number=numbers[0] if numbers else None,
        has_info="CThostFtdcRspInfoField" in parameters.values(),
        has_request="nRequestID" in parameters,
        meaning=doc,
    )


def _method(
    name: str,
    parameters: dict[str, str],
    returns: str,
    doc: str,
    callbacks: Mapping[str, Callback],
) -> Method:
    structs = [kind for kind in parameters.values() if _STRUCT.fullmatch(kind)]
    if "nCount" in parameters:
        shape = Shape.SUBSCRIPTION
    elif structs and "nRequestID" in parameters:
        shape = Shape.REQUEST
    elif structs:
        shape = Shape.FILL if returns == "void" else Shape.SUBMIT
    else:
        shape = Shape.TEXT
    answer = _answer(name, shape, callbacks)
    return Method(name, shape, structs[0] if structs else None, answer, doc)


def _answer(name: str, shape: Shape, callbacks: Mapping[str, Callback]) -> Callback | None:
    """Return the callback that answers a method: ``OnRsp`` for ``Req``, the three logins by one."""
    if shape is Shape.REQUEST:
        stem = name.removeprefix("Req")
        candidates = [f"OnRsp{stem}", f"OnRsp{stem.partition('With')[0]}"]
    elif shape is Shape.SUBSCRIPTION:
        candidates = [f"OnRsp{name.replace('Subscribe', 'Sub')}"]
    else:
        return None
    return next((callbacks[one] for one in candidates if one in callbacks), None)


def _struct(cls: type) -> Struct:
    kinds = inspect.get_annotations(cls)
    fields = tuple(
        Field(name, kinds[name].removeprefix(_NAMESPACE), " ".join((value.__doc__ or "").split()))
        for name, value in vars(cls).items()
        if isinstance(value, property) and name in kinds
    )
    return Struct(cls.__name__, key_of(cls.__name__), " ".join((cls.__doc__ or "").split()), fields)

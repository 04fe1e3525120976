"""The fake front and its APIs; see :mod:`webctp.testing`."""

import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final
from weakref import ref

from webctp.ctp import binding, errors
from webctp.ctp.bridge import RSP_INFO
from webctp.ctp.catalog import Callback, Catalogue, Method, Shape
from webctp.ctp.codec import CodecError, FieldLayout, codec_for, field_bytes

Values = Mapping[str, Any]
Answer = Values | Sequence[Values] | None
"""The bodies of an answer: one, several (one callback each), or None for CTP's empty result."""

TRADING_DAY: Final = "20240102"


class Fatal(AssertionError):
    """A call that kills the process when it is made to the native library."""


@dataclass(frozen=True, slots=True)
class Call:
    """A call that reached a fake API.

    ``values`` are the decoded fields of its struct; ``arguments`` what a call without a struct
    was given (instruments, an address, a topic's resume type). ``raw`` is the struct of a call
    that no callback answers, as it lay in memory.
    """

    name: str
    values: Mapping[str, Any] = field(default_factory=dict)
    request_id: int = 0
    arguments: tuple[Any, ...] = ()
    raw: bytes = field(default=b"", repr=False)


@dataclass(slots=True)
class _Rule:
    answer: Answer | Callable[[Values], Answer]
    error: int | Callable[[Values], int]
    message: str | None
    silent: bool
    lost: bool
    returns: int
    callback: str | None
    times: int | None


_ECHO: Final = ({"an": "echo"},)
"""Stands for: answer with the request's own fields, as far as the answer has them."""


class FakeFront:
    """What stands behind an address (:class:`webctp.ctp.front.Front`), by a script.

    Left alone it behaves well: it connects at once, accepts every authentication, login and
    settlement confirmation, and answers whatever else is asked with one body that repeats the
    request's fields. Inserts and actions it does not answer: CTP answers them only to refuse.

    :param connects: whether ``Init`` is followed by ``OnFrontConnected``; if not, a test calls
        :meth:`connect`.

    ``apis`` are the API instances made, ``calls`` their calls, in order.
    """

    def __init__(self, *, connects: bool = True) -> None:
        self.connects = connects
        self.binding = binding.load()
        self.clock: Callable[[], int] = time.time_ns
        """The time at the front, in nanoseconds since 1970; a test may put another in its place."""
        self.speed = 1.0
        self.listed: tuple[str, ...] = ()
        self.apis: list[FakeApi] = []
        self.calls: list[Call] = []
        self._rules: dict[str, _Rule] = {}
        self._failures: dict[str, BaseException] = {}

    def instruments(self) -> tuple[str, ...]:
        """Return the InstrumentIDs in ``listed``."""
        return self.listed

    def create_trader(self, flow_path: str, production_mode: bool) -> "FakeApi":
        """Create a fake trading API."""
        return self._create("create_trader", self.binding.trading, flow_path, production_mode)

    def create_market(self, flow_path: str, production_mode: bool) -> "FakeApi":
        """Create a fake market-data API."""
        return self._create("create_market", self.binding.market, flow_path, production_mode)

    def on(
        self,
        name: str,
        *,
        answer: Answer | Callable[[Values], Answer] = _ECHO,
        error: int | Callable[[Values], int] = 0,
        message: str | None = None,
        silent: bool = False,
        lost: bool = False,
        returns: int = 0,
        callback: str | None = None,
        times: int | None = None,
    ) -> None:
        """Answer requests called ``name`` this way from now on.

        :param answer: the bodies, or a function from the request's fields to them; a refusal
            repeats the request's fields.
        :param error: the ErrorID of RspInfo, with CTP's own ``message`` unless one is given; or
            a function from the request's fields to it.
        :param silent: take the request and never answer.
        :param lost: the same of a query whose answer was lost on its way: the library keeps its
            one place, and every query of this API returns -2 from then on.
        :param returns: what the call returns; anything but 0 is not answered.
        :param callback: what answers instead of the request's own (``OnRspError``).
        :param times: only so often, then well-behaved again.
        """
        unheard = silent or lost
        self._rules[name] = _Rule(answer, error, message, unheard, lost, returns, callback, times)

    def fail(self, name: str, problem: BaseException) -> None:
        """Let ``create_trader``, ``create_market`` or a call of an API raise ``problem``."""
        self._failures[name] = problem

    @property
    def api(self) -> "FakeApi":
        """The newest API instance."""
        return self.apis[-1]

    @property
    def names(self) -> list[str]:
        """The names of the calls, in order."""
        return [call.name for call in self.calls]

    def last(self, name: str) -> Call:
        """Return the newest call of that name; AssertionError if there was none."""
        found = [call for call in self.calls if call.name == name]
        if not found:
            raise AssertionError(f"{name} was not called, only {self.names}")
        return found[-1]

    def connect(self) -> None:
        """Let the newest API's connection come about."""
        self.api.push("OnFrontConnected")

    def disconnect(self, reason: int = 0x1001) -> None:
        """Break the newest API's connection."""
        self.api.push("OnFrontDisconnected", reason)

    def push(self, callback: str, body: Values | int | None = None, **more: Any) -> None:
        """Call a callback of the SPI of the newest API that has it; see :meth:`FakeApi.push`."""
        newest = next((api for api in reversed(self.apis) if api.has(callback)), self.api)
        newest.push(callback, body, **more)

    def _create(
        self, name: str, catalogue: Catalogue, flow_path: str, production_mode: bool
    ) -> "FakeApi":
        self._called(Call(name, arguments=(flow_path, production_mode)))
        if not Path(flow_path).is_dir():
            raise Fatal(f"the flow directory {flow_path!r} is missing")
        self.apis.append(FakeApi(self, catalogue))
        return self.api

    def _called(self, call: Call) -> None:
        self.calls.append(call)
        if call.name in self._failures:
            raise self._failures[call.name]

    def _rule(self, name: str) -> _Rule:
        rule = self._rules.get(name)
        if rule is not None and rule.times is not None:
            rule.times -= 1
            if rule.times < 0:
                rule = None
        accepted_in_silence = name.endswith(("Insert", "Action")) and not name.startswith("ReqQry")
        return rule or _Rule(_ECHO, 0, None, accepted_in_silence, False, 0, None, None)


class FakeApi:
    """An API instance of a :class:`FakeFront`: the native surface, read from the catalogue."""

    def __init__(self, front: FakeFront, catalogue: Catalogue) -> None:
        self._front = front
        self._catalogue = catalogue
        self._codec = codec_for(catalogue.module)
        self._spi: Callable[[], Any] = lambda: None
        self._held_up = False
        self.released = False
        self.trading_day = TRADING_DAY
        """That of the last login's answer; a test may let another begin without a login."""

    def RegisterSpi(self, spi: Any) -> None:
        """Take the SPI object to drive; it is the caller's to keep alive until ``Release``."""
        if spi is None:
            raise Fatal("RegisterSpi(None) crashes the API with some probability: Release alone")
        self._record(Call("RegisterSpi"))
        self._spi = ref(spi)

    def RegisterFront(self, address: str) -> None:
        """Take an address."""
        self._record(Call("RegisterFront", arguments=(address,)))

    def RegisterNameServer(self, address: str) -> None:
        """Take the address of a name server."""
        self._record(Call("RegisterNameServer", arguments=(address,)))

    def RegisterFensUserInfo(self, user: Any) -> None:
        """Take whose fronts a name server is asked for."""
        layout = self._codec.layout("CThostFtdcFensUserInfoField")
        self._record(Call("RegisterFensUserInfo", dict(layout.unpack(layout.read(user)))))

    def SubscribePrivateTopic(self, resume: int) -> None:
        """Take the resume type of the private stream."""
        self._record(Call("SubscribePrivateTopic", arguments=(resume,)))

    def SubscribePublicTopic(self, resume: int) -> None:
        """Take the resume type of the public stream."""
        self._record(Call("SubscribePublicTopic", arguments=(resume,)))

    def Init(self) -> None:
        """Connect, if the front is one that connects."""
        self._record(Call("Init"))
        if self._front.connects:
            self.push("OnFrontConnected")

    def Release(self) -> None:
        """End; no call may follow."""
        self._record(Call("Release"))
        self._live_spi()
        self.released = True

    def GetTradingDay(self) -> str:
        """Return the trading day of the last login's answer."""
        self._record(Call("GetTradingDay"))
        return self.trading_day

    def GetApiVersion(self) -> str:
        """Return a version that is no real one."""
        self._record(Call("GetApiVersion"))
        return "fake"

    def __getattr__(self, name: str) -> Callable[..., Any]:
        """Return every other method of the API's class, by the shape of its signature."""
        method = self._catalogue.methods.get(name)
        if method is None:
            raise AttributeError(f"{self._catalogue.api_class.__name__} has no {name}")
        by_shape: dict[Shape, Callable[..., Any]] = {
            Shape.REQUEST: self._request,
            Shape.SUBMIT: self._submit,
            Shape.FILL: self._fill,
            Shape.SUBSCRIPTION: self._subscription,
        }
        return lambda *arguments: by_shape[method.shape](method, *arguments)

    def has(self, callback: str) -> bool:
        """Return whether the API is alive, and its SPI has a callback of that name."""
        return not self.released and callback in self._catalogue.callbacks

    def push(
        self,
        callback: str,
        body: Values | int | None = None,
        *,
        error: int | None = None,
        message: str | None = None,
        request_id: int = 0,
        is_last: bool = True,
    ) -> None:
        """Call a callback of the SPI, as a native thread would.

        :param body: the struct's fields, None for NULL; the number of a callback that has one.
        :param error: the ErrorID of RspInfo; None for NULL.
        """
        known = self._catalogue.callbacks[callback]
        info = None
        if error is not None:
            text = errors.message(error) if message is None else message
            info = {"ErrorID": error, "ErrorMsg": text}
        self._drive(known, body, info, request_id, is_last)

    def _drive(
        self,
        callback: Callback,
        body: Values | int | None,
        info: Values | None,
        request_id: int,
        is_last: bool,
    ) -> None:
        spi = None if self.released else self._live_spi()
        if spi is None:
            return
        live: list[tuple[str, Any]] = []

        def pointer(struct_name: str, values: Values | None) -> Any:
            if values is None:
                return None
            made = self._codec.layout(struct_name).new(values)
            live.append((struct_name, made))
            return made

        arguments: list[Any] = []
        if callback.struct is not None:
            arguments.append(pointer(callback.struct, body if isinstance(body, Mapping) else None))
        if callback.number is not None:
            arguments.append(body)
        if callback.has_info:
            arguments.append(pointer(RSP_INFO, info))
        if callback.has_request:
            arguments.extend((request_id, is_last))
        getattr(spi, callback.name)(*arguments)
        for struct_name, made in live:
            self._codec.layout(struct_name).wipe(made)

    def _request(self, method: Method, body: Any, request_id: int) -> int:
        values = self._read(method, body)
        self._record(Call(method.name, values, request_id))
        if self._held_up and method.is_query:
            return -2
        rule = self._front._rule(method.name)
        self._held_up = self._held_up or (rule.lost and rule.returns == 0)
        if rule.returns == 0 and not rule.silent:
            self._answer(method, rule, values, request_id)
        return rule.returns

    def _answer(self, method: Method, rule: _Rule, values: Values, request_id: int) -> None:
        callback = self._catalogue.callbacks[rule.callback or method.reply.name]
        info = _info(rule, values)
        answer = rule.answer(values) if callable(rule.answer) else rule.answer
        if answer is _ECHO:
            answer = self._echo(callback, values)
        bodies = [answer] if answer is None or isinstance(answer, Mapping) else list(answer)
        if callback.name == "OnRspUserLogin" and bodies and bodies[0] is not None:
            self.trading_day = str(bodies[0].get("TradingDay") or self.trading_day)
        for number, body in enumerate(bodies, 1):
            self._drive(callback, body, info, request_id, number == len(bodies))

    def _echo(self, callback: Callback, values: Values) -> Values | None:
        if callback.struct is None:
            return None
        fields = self._codec.layout(callback.struct).by_name
        login = {"TradingDay": TRADING_DAY, "FrontID": 1, "SessionID": 1, "MaxOrderRef": "1"}
        known = login if callback.name == "OnRspUserLogin" else {}
        echoed = {**known, **{name: value for name, value in values.items() if value}}
        # Fields of one name need not have one type and length in both structs.
        return {name: value for name, value in echoed.items() if _fits(fields.get(name), value)}

    def _submit(self, method: Method, body: Any) -> int:
        raw = self._codec.layout(method.request_struct).read(body)
        self._record(Call(method.name, self._read(method, body), raw=raw))
        return self._front._rule(method.name).returns

    def _fill(self, method: Method, body: Any) -> None:
        self._record(Call(method.name, self._read(method, body)))
        rule = self._front._rule(method.name)
        answer = rule.answer if isinstance(rule.answer, Mapping) else {}
        self._codec.layout(method.request_struct).write(body, answer)

    def _subscription(self, method: Method, instruments: Any, count: int) -> int:
        if not isinstance(instruments, list) or count != len(instruments) or not count:
            raise Fatal(f"{method.name}({instruments!r}, {count!r})")
        if not all(isinstance(instrument, bytes) for instrument in instruments):
            raise Fatal(f"{method.name} takes bytes, got {instruments!r}")
        self._record(Call(method.name, arguments=tuple(instruments)))
        rule = self._front._rule(method.name)
        if rule.returns == 0 and not rule.silent:
            info = _info(rule, {})
            callback = method.reply
            for number, instrument in enumerate(instruments, 1):
                body = {"InstrumentID": instrument.decode("gb18030")}
                self._drive(callback, body, info, 0, number == count)
        return rule.returns

    def _read(self, method: Method, body: Any) -> Values:
        if body is None:
            raise Fatal(f"{method.name} with None")
        layout = self._codec.layout(method.request_struct)
        if type(body).__name__ != layout.name:
            raise Fatal(f"{method.name} takes {layout.name}, got {type(body).__name__}")
        return dict(layout.unpack(layout.read(body)))

    def _live_spi(self) -> Any:
        """Return the SPI object, None where none was registered."""
        spi = self._spi()
        if spi is None and isinstance(self._spi, ref):
            raise Fatal("the SPI object is gone, and Release has not returned")
        return spi

    def _record(self, call: Call) -> None:
        if self.released:
            raise Fatal(f"{call.name} after Release")
        self._front._called(call)


def _info(rule: _Rule, values: Values) -> Values:
    """Return the RspInfo of an answer to a request with these fields."""
    code = rule.error(values) if callable(rule.error) else rule.error
    return {"ErrorID": code, "ErrorMsg": rule.message or errors.message(code)}


def _fits(field: FieldLayout | None, value: object) -> bool:
    """Return whether a struct has the field, and room for the value."""
    if field is None:
        return False
    try:
        field_bytes(field, value)
    except CodecError:
        return False
    return True

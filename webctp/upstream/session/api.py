"""One native API instance: opened, called, released; never blocked on, never leaked.

``Create``, ``Init`` and ``Release`` may block and take turns
(:mod:`webctp.upstream.session.apiqueue`), off the reactor thread; requests are quick and run on it.
After :meth:`NativeApi.close` nothing reaches the API any more: a request after ``Release`` kills
the process.

``Release`` is called alone, with the SPI object registered and alive: ``RegisterSpi(NULL)`` before
it crashes the API with some probability, says the vendor (RELEASE, history of 2020-04-29).
"""

from collections.abc import Callable, Iterable
from functools import partial
from typing import Any, Final

from twisted.internet.defer import Deferred, DeferredLock, succeed
from twisted.internet.interfaces import IDelayedCall
from twisted.logger import Logger
from twisted.python.failure import Failure

from webctp.ctp.bridge import Bridge, spi
from webctp.ctp.catalog import Catalogue, Method, Shape
from webctp.ctp.codec import Codec, codec_for
from webctp.upstream.session import flow
from webctp.upstream.session.apiqueue import ApiQueue
from webctp.upstream.session.descriptors import check_reserve

_log = Logger()

NOT_CONNECTED: Final = -1
"""What the API returns for a request that it cannot send."""


SETTLING: Final = 5.0
"""Seconds after ``Init`` until an API of which nothing is heard may be released all the same."""


class NativeApi:
    """Open, call and release one API instance, with its SPI and its flow directory.

    :param create: ``Front.create_trader`` or ``create_market``.
    :param prepare: called with the new API before ``Init`` (topics, front addresses), in the
        opening thread.
    :param flow_identity: what names the flow directory (front, broker, user).
    """

    def __init__(
        self,
        *,
        apis: ApiQueue,
        create: Callable[[str, bool], Any],
        prepare: Callable[[Any], None],
        catalogue: Catalogue,
        bridge: Bridge,
        flow_base: str,
        flow_identity: tuple[str, ...],
        production_mode: bool,
    ) -> None:
        self._apis = apis
        self._create = create
        self._prepare = prepare
        self._codec: Codec = codec_for(catalogue.module)
        # The director must live until Release has returned, or callbacks silently stop.
        self._spi = spi(catalogue, self._codec, bridge)
        self._flow_base = flow_base
        self._flow_identity = flow_identity
        self._production_mode = production_mode
        self._api: Any = None
        self._structs: dict[str, tuple[Any, memoryview]] = {}
        """By the struct's name, the one object for requests, and its memory."""
        self._flow: flow.FlowDirectory | None = None
        self._closed = False
        # Opening and releasing this API exclude each other: each finds the other finished.
        self._lock = DeferredLock()
        self._settled: Deferred[None] = Deferred()
        self._settling: IDelayedCall | None = None

    def open(self) -> Deferred[None]:
        """Create and start the API. Fails with what went wrong; then nothing is left behind."""
        return self._lock.run(self._apis.open, self._open).addCallback(self._opened)

    def close(self) -> Deferred[None]:
        """Release the API; at any time, more than once does no harm; never fails.

        A release in the middle of connecting kills the process with some builds of the library:
        it waits until :meth:`settled`, for :data:`SETTLING` seconds after ``Init`` at most.
        """
        self._closed = True

        def failed(failure: Failure) -> None:
            _log.failure("a CTP API could not be released", failure)

        return self._lock.run(self._end).addErrback(failed)

    def renew(self) -> Deferred[None]:
        """Release the API and make another in its place; fails as :meth:`open` does.

        No request reaches the one that goes, and what it has told is delivered before anything
        of the new one.
        """
        return self._lock.run(self._renew)

    def _renew(self) -> Deferred[None]:
        api, self._api = self._api, None
        if api is None or self._closed:
            return succeed(None)
        waiting: Deferred[None] = Deferred()
        self._settled.chainDeferred(waiting)
        waiting.addCallback(lambda _: self._apis.release(partial(self._let_go, api)))
        return waiting.addCallback(lambda _: self._open_again())

    def _open_again(self) -> Deferred[None]:
        if self._closed:
            return succeed(None)
        self._settled, self._settling = Deferred(), None
        return self._apis.open(self._open).addCallback(self._opened)

    def settled(self) -> None:
        """Note that the API has connected, or failed to: it may be released."""
        if not self._settled.called:
            self._settled.callback(None)
            if self._settling is not None and self._settling.active():
                self._settling.cancel()

    def _opened(self, result: None) -> None:
        if not self._settled.called:
            self._settling = self._apis.clock.callLater(SETTLING, self.settled)

    def _end(self) -> Deferred[None]:
        if self._api is None:
            return succeed(None)
        waiting: Deferred[None] = Deferred()
        self._settled.chainDeferred(waiting)
        return waiting.addCallback(lambda _: self._apis.release(self._release))

    @property
    def usable(self) -> bool:
        """Whether the API exists and may be called."""
        return self._api is not None and not self._closed

    def call(self, method: Method, body: bytes, request_id: int) -> int:
        """Send a request with a packed struct; gives the API's return value.

        -1 too where there is no API to call.
        """
        api = self._api
        if api is None or self._closed or method.struct is None:
            return NOT_CONNECTED
        filled = self._filled(method.struct, body)
        function = getattr(api, method.name)
        result: int = (
            function(filled, request_id) if method.shape is Shape.REQUEST else function(filled)
        )
        return result

    def _filled(self, struct_name: str, body: bytes) -> Any:
        """Return the struct for a request, filled; it is the same object each time.

        The API has copied what it needs of it when the call returns: in the C++ programs that it
        is made for, it lives on the caller's stack.
        """
        found = self._structs.get(struct_name)
        if found is None:
            layout = self._codec.layout(struct_name)
            filled = layout.new()
            found = self._structs[struct_name] = filled, layout.memory(filled)
        filled, memory = found
        memory[:] = body
        return filled

    def fill(self, method: Method) -> bytes | None:
        """Let the API fill a struct (``GetFrontInfo``) and give its bytes."""
        if not self.usable or method.struct is None:
            return None
        layout = self._codec.layout(method.struct)
        empty = layout.new()
        getattr(self._api, method.name)(empty)
        return layout.read(empty)

    def text(self, method: Method) -> str | None:
        """Return what a method without arguments says (``GetTradingDay``); None without an API."""
        return str(getattr(self._api, method.name)()) if self.usable else None

    def subscribe(self, method: Method, instruments: Iterable[bytes]) -> int:
        """Call one of the four subscription methods of market data."""
        listed = list(instruments)
        if not self.usable:
            return NOT_CONNECTED
        result: int = getattr(self._api, method.name)(listed, len(listed))
        return result

    def _open(self) -> None:
        """Make API and flow directory, or leave nothing behind; off the reactor's thread."""
        check_reserve()
        self._flow = flow.acquire(self._flow_base, *self._flow_identity)
        api = None
        try:
            api = self._create(self._flow.path, self._production_mode)
            api.RegisterSpi(self._spi)
            self._prepare(api)
            # Set before Init: callbacks may reach the reactor before this thread returns.
            self._api = api
            api.Init()
        except BaseException:
            self._api = None
            self._let_go(api)
            raise

    def _release(self) -> None:
        """Release the API; off the reactor's thread, and never inside a callback."""
        api, self._api = self._api, None
        self._let_go(api)

    def _let_go(self, api: Any) -> None:
        try:
            if api is not None:
                api.Release()
        finally:
            self._structs.clear()
            if self._flow is not None:
                self._flow.release()

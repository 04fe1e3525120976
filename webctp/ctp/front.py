"""Fronts: what stands behind an address, as the two ``Create…Api`` calls of the native API."""

from collections.abc import Callable
from typing import Any, Protocol

from webctp.ctp import runtime


class Front(Protocol):
    """A maker of API instances with the surface of openctp_ctp.

    Both methods may block for a moment: call them off the reactor thread. ``flow_path`` is an
    existing directory, ended by a slash; a missing one kills the process.
    """

    def create_trader(self, flow_path: str, production_mode: bool) -> Any:
        """A trading API (``CThostFtdcTraderApi``)."""

    def create_market(self, flow_path: str, production_mode: bool) -> Any:
        """A market-data API (``CThostFtdcMdApi``)."""


class NativeFront:
    """The real thing: the shipped native libraries (``tcp://``, ``ssl://``)."""

    def create_trader(self, flow_path: str, production_mode: bool) -> Any:
        """See :class:`Front`."""
        create = runtime.load().td.CThostFtdcTraderApi.CreateFtdcTraderApi
        return _create(create, production_mode, flow_path)

    def create_market(self, flow_path: str, production_mode: bool) -> Any:
        """See :class:`Front`."""
        create = runtime.load().md.CThostFtdcMdApi.CreateFtdcMdApi
        # UDP and multicast are for market data inside a broker's own network. They come before
        # the production mode here: a bool in second place would mean UDP.
        using_udp, multicast = False, False
        return _create(create, production_mode, flow_path, using_udp, multicast)


def _create(create: Callable[..., Any], production_mode: bool, *arguments: object) -> Any:
    """Call a ``Create…Api``; the mode is its last argument where the build knows modes at all."""
    try:
        return create(*arguments, production_mode)
    except TypeError:
        # Builds before 6.7.7 are each of one mode and take no such argument.
        return create(*arguments)

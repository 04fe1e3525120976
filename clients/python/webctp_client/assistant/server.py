"""The MCP server: the tools of a scope, over standard input and output."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from functools import wraps
from typing import Any, Final

from mcp.server.mcpserver import MCPServer
from mcp.server.mcpserver.exceptions import ToolError
from mcp.types import ToolAnnotations

from webctp_client.assistant.tools import OutOfScope, Rows, Scope, Tool, Tools
from webctp_client.client import Client
from webctp_client.errors import WebctpError
from webctp_client.version import VERSION

_INSTRUCTIONS: Final = """\
A gateway to CTP, the trading API of China's futures exchanges (期货). Names and codes are
CTP's own; prices are in yuan. Scope: {scope}. Say which figures you were told, and when.
"""


def server_of(client: Client, scope: Scope, most_lots: int) -> MCPServer[Any]:
    """Return a server with the tools that a scope allows.

    :param client: is closed with the server.
    :param most_lots: the lots of an order, at most.
    """

    @asynccontextmanager
    async def lifespan(_: MCPServer[Any]) -> AsyncIterator[None]:
        try:
            yield None
        finally:
            await client.close()

    server: MCPServer[Any] = MCPServer(
        "webctp",
        version=VERSION,
        instructions=_INSTRUCTIONS.format(scope=scope.value),
        lifespan=lifespan,
        log_level="WARNING",
    )
    tools = Tools(client, scope, most_lots)
    for tool in tools.readers:
        server.tool(annotations=ToolAnnotations(read_only_hint=True))(_guarded(tool))
    for tool in tools.traders:
        server.tool(annotations=ToolAnnotations(read_only_hint=False, destructive_hint=True))(
            _guarded(tool)
        )
    return server


def _guarded(tool: Tool) -> Tool:
    """Return a tool whose refusals an assistant can read."""

    @wraps(tool)
    async def guarded(*args: Any, **kwargs: Any) -> Rows:
        try:
            return await tool(*args, **kwargs)
        except (WebctpError, OutOfScope, TimeoutError, ValueError) as problem:
            raise ToolError(str(problem)) from None

    return guarded

"""``desk`` and ``mcp``: what needs an extra, and has its own loop."""

from __future__ import annotations

import argparse
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from webctp_client import aio
from webctp_client.assistant.tools import Scope
from webctp_client.client import Client


class Missing(Exception):
    """A package is not there that the command needs."""


@contextmanager
def alone(*where: Any, **options: Any) -> Iterator[Client]:
    """Give an asyncio client, which whoever runs the loop starts and closes."""
    yield aio.connect(*where, **options)


def desk(client: Client, options: argparse.Namespace) -> int:
    """Run the desk until it is left.

    :raises Missing: without Textual, with the remedy.
    """
    try:
        from webctp_client.desk.app import Desk
        from webctp_client.desk.words import Words
    except ImportError as problem:
        raise Missing(f"the desk needs {problem.name}: pip install webctp-client[desk]") from None
    words = Words(options.language)
    has_account = options.user is not None
    Desk(client, options.instruments or ["@rb"], words, has_account=has_account).run()
    return 0


def mcp(client: Client, options: argparse.Namespace) -> int:
    """Serve an assistant on standard input and output until it ends.

    :raises Missing: without mcp, with the remedy.
    """
    try:
        from webctp_client.assistant.server import server_of
    except ImportError as problem:
        raise Missing(f"mcp needs {problem.name}: pip install webctp-client[mcp]") from None
    server_of(client, Scope(options.scope), options.most_lots).run("stdio")
    return 0

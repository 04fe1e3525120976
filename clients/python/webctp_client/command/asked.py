"""``call`` and ``export``: requests by their names, their fields as ``FIELD=VALUE``."""

from __future__ import annotations

import argparse
import difflib
import inspect
import json
import sys
from pathlib import Path
from typing import Any, Final

import msgspec

from webctp_client.blocking.client import BlockingClient
from webctp_client.blocking.orders import BlockingSentOrder
from webctp_client.made.methods import METHODS
from webctp_client.protocol.method import Kind
from webctp_client.tables import as_table, json_line, write_csv

_PATIENCE: Final = 10.0
"""Seconds that an order may take until CTP has told of it."""
_NUMBERS: Final = {"float": float, "int": int}


def call(client: BlockingClient, options: argparse.Namespace) -> int:
    """Send a request and show its answer.

    :raises ValueError: for an unknown request or field, naming the nearest.
    """
    answer = send(client, options.request, options.fields)
    if isinstance(answer, BlockingSentOrder):
        answer.wait_known(_PATIENCE)
        answer = [one for one in (answer.order or answer.state,) if one is not None]
    rows = answer if isinstance(answer, list) else [answer]
    shown = [one for one in rows if isinstance(one, msgspec.Struct)]
    if options.json:
        for row in shown:
            print(json_line(row))
    else:
        names = options.columns.split(",") if options.columns else None
        for line in as_table(shown, names):
            print(line)
        plain = [one for one in rows if one is not None and not isinstance(one, msgspec.Struct)]
        print(*plain, sep="\n", end="\n" if plain else "")
        if METHODS[options.request].kind is Kind.QUERY:
            print(f"{len(shown)} rows", file=sys.stderr)
    return 0


def export(client: BlockingClient, options: argparse.Namespace) -> int:
    """Write the rows of a query to a file.

    :raises ValueError: for what is no query, and for a file that is neither CSV nor JSON lines.
    """
    path = table_file(options.output)
    rows = send(client, options.request, options.fields)
    if not isinstance(rows, list):
        raise ValueError(f"{options.request} is no query; its answer is no table: use call")
    with path.open("w", encoding="utf-8", newline="") as file:
        if path.suffix == ".csv":
            write_csv(rows, file)
        else:
            file.writelines(f"{json_line(row)}\n" for row in rows)
    print(f"{len(rows)} rows in {path}", file=sys.stderr)
    return 0


def table_file(name: str) -> Path:
    """Return a file for rows.

    :raises ValueError: for a name that does not say how rows are written.
    """
    path = Path(name)
    if path.suffix not in (".csv", ".jsonl"):
        raise ValueError(f"{name}: wanted a name that ends with .csv or .jsonl")
    return path


def send(client: BlockingClient, request: str, given: list[str]) -> Any:
    """Send a request by its name; return what its method returns.

    :raises ValueError: for an unknown request or field, or a value that does not fit.
    """
    if request not in METHODS:
        raise ValueError(f"there is no request {request!r}{_nearest(request, METHODS)}")
    method = getattr(client, request)
    parameters = inspect.signature(method).parameters
    fields: dict[str, Any] = {}
    for one in given:
        name, equal, value = one.partition("=")
        if not equal:
            raise ValueError(f"{one!r} is no FIELD=VALUE")
        if name not in parameters and "words" not in parameters:
            raise ValueError(f"{request} has no field {name!r}{_nearest(name, parameters)}")
        kind = str(parameters[name].annotation) if name in parameters else "json"
        fields[name] = _value(name, kind, value)
    missing = [
        name
        for name, one in parameters.items()
        if one.default is one.empty and one.kind is not one.VAR_KEYWORD and name not in fields
    ]
    if missing:
        raise ValueError(f"{request} needs {', '.join(f'{name}=…' for name in missing)}")
    return method(**fields)


def _value(name: str, kind: str, text: str) -> Any:
    if kind == "json" or "Any" in kind or "own." in kind:
        try:
            return json.loads(text)
        except ValueError:
            return text
    if "Sequence" in kind:
        return text.split(",")
    for word, convert in _NUMBERS.items():
        if word in kind:
            try:
                return convert(text)
            except ValueError:
                raise ValueError(f"{name} is {text!r}; it must be a number ({word})") from None
    return text


def _nearest(name: str, names: Any) -> str:
    close = difflib.get_close_matches(name, names, 1)
    return f"; did you mean {close[0]}?" if close else ""

"""The commands of administrators over HTTP, as the admin port takes them."""

import json
import re
from collections.abc import Mapping, Sequence
from functools import partial
from typing import Any, Final
from urllib.parse import unquote

import msgspec
from twisted.internet.defer import Deferred
from twisted.python.failure import Failure

from webctp.ctp import errors
from webctp.ctp.refusal import Refusal, refusal_of
from webctp.gateway.admin.commands import COMMANDS, PLACE, Command
from webctp.gateway.admin.desk import AdminDesk, NotThere
from webctp.gateway.http.adminport import AdminRequest
from webctp.gateway.http.answer import JSON, Answer
from webctp.gateway.http.head import BadHead
from webctp.gateway.messages import own_risk
from webctp.language.text import Language, Text, english
from webctp.upstream.decoding import NOT_JSON

_STATUSES: Final = {errors.BAD_REQUEST: 400, errors.NOT_READY: 503}
_PATTERNS: Final = tuple((one, re.compile(one.path.replace(PLACE, "([^/]+)"))) for one in COMMANDS)


class AdminPages:
    """Answer the requests at the admin port.

    :param desk: carries them out.
    """

    def __init__(self, desk: AdminDesk) -> None:
        self._desk = desk

    def __call__(self, request: AdminRequest) -> Deferred[Answer]:
        """Answer a request.

        :raises BadHead: 404 where there is nothing, 405 for another method, 400 for a wrong body.
        """
        command, named = _asked(request)
        word = _named(command, named[0]) if named else _body(command, request.body)
        done = self._desk.carry_out(command, word, request.by)
        return done.addCallbacks(partial(_answer, command, request.language), _refused)


def _asked(request: AdminRequest) -> tuple[Command, tuple[str, ...]]:
    """Return the command that a request's method and path say, and what its path names."""
    method = "GET" if request.head.method == "HEAD" else request.head.method
    allowed = []
    for command, path in _PATTERNS:
        match = path.fullmatch(request.head.path)
        if match is None:
            continue
        if command.verb == method:
            if match.groups() and request.body:
                raise _no_body()
            return command, match.groups()
        allowed.append(command.verb)
    if allowed:
        listed = ", ".join(allowed)
        detail = english("the method is not taken; {methods} is", methods=listed)
        raise BadHead(405, detail, (("Allow", listed),))
    where = "\n".join(f"{one.verb} {one.path}" for one in COMMANDS)
    raise BadHead(404, english("there is nothing at this path\n{where}", where=where))


def _named(command: Command, text: str) -> Any:
    """Return the body whose only field a path bears.

    :raises BadHead: for what that can be none of.
    """
    (name,) = command.word.__struct_fields__
    try:
        return msgspec.convert({name: unquote(text)}, command.word, strict=False)
    except msgspec.ValidationError:
        raise BadHead(404, command.absent) from None


def _body(command: Command, body: bytes) -> Any:
    """Read a body.

    :raises BadHead: for one that is not the command's.
    """
    if body and not command.word.__struct_fields__:
        raise _no_body()
    try:
        found = msgspec.json.decode(body or b"{}", type=dict[str, Any])
        return own_risk.read(command.name, command.word, {command.name: found}, 0)
    except NOT_JSON:
        example = command.example
        detail = english("the body is no JSON object; send one such as {example}", example=example)
    except Refusal as problem:
        detail = problem.detail
    raise BadHead(400, detail)


def _no_body() -> BadHead:
    return BadHead(400, english("a body is not taken here; send none"))


def _answer(
    command: Command, language: Language, found: Sequence[Any] | Mapping[str, Any]
) -> Answer:
    named = found if isinstance(found, Mapping) else {command.field: list(found)}
    if command.bare:
        named = {**named, command.field: _bare(named[command.field], command.bare)}
    told = {
        command.key if name == command.field else name: _plain(value, command, language)
        for name, value in named.items()
    }
    return Answer(200, json.dumps(told, ensure_ascii=False) + "\n", content_type=JSON)


def _bare(value: Any, name: str) -> Any:
    """Return a field of a struct, or of each of a list."""
    if isinstance(value, list):
        return [getattr(one, name) for one in value]
    return getattr(value, name)


def _plain(value: Any, command: Command, language: Language) -> Any:
    """Return structs as dictionaries; sentences are said in a language."""

    def said(text: Any) -> str:
        if isinstance(text, Text):
            return text.in_language(language)
        raise NotImplementedError(f"{type(text).__name__} is nothing for JSON")

    plain = msgspec.to_builtins(value, enc_hook=said)
    return plain if command.spelled else _lowered(plain)


def _lowered(value: Any) -> Any:
    """Return values with their keys ``in_lower_case``."""
    if isinstance(value, dict):
        return {_lower(key): _lowered(one) for key, one in value.items()}
    return [_lowered(one) for one in value] if isinstance(value, list | tuple) else value


def _lower(name: str) -> str:
    return re.sub("(?<=[a-z])(?=[A-Z])", "_", name).lower()


def _refused(failure: Failure) -> Answer:
    """Refuse over HTTP what was refused."""
    problem = refusal_of(failure)
    status = 404 if isinstance(problem, NotThere) else _STATUSES.get(problem.code, 503)
    raise BadHead(status, problem.detail) from problem

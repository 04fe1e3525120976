"""Values from elsewhere than the file: secrets in files of their own, credentials, the environment.

The strongest wins: the environment (``WEBCTP_AUTHCODE``), then credentials of systemd
(``$CREDENTIALS_DIRECTORY/AuthCode``), then the file, which may name another (``AuthCodeFile``).
"""

import difflib
import os
from collections.abc import Iterator, Mapping
from typing import Any, Final

from webctp.config.file import ConfigError, Origin, Section, Source, Tree, parsed
from webctp.config.kinds import SECRET
from webctp.config.sections import Key
from webctp.config.table import keys
from webctp.language.text import Text, english
from webctp.secret import Secret
from webctp.upstream import files

PREFIX: Final = "WEBCTP_"
"""What variables of the environment begin with that override the file; ``__`` goes below a key."""
_CREDENTIALS: Final = "CREDENTIALS_DIRECTORY"
_CLIENTS: Final = ("PASSWORD",)
"""Variables of programs that connect to a gateway, such as etc/hello.py."""
_LONGEST: Final = 64 * 1024
_NEAR: Final = 0.85


def file_key(key: Key) -> str | None:
    """Return the key that names a file with a key's value; None for what is no secret."""
    return f"{key.name}File" if key.kind is SECRET else None


def everything(path: str, section: Section, problems: list[ConfigError]) -> Section:
    """Return what a file says, with what the other sources put in its place.

    :param problems: takes what is wrong with them.
    """
    stated = _with_secret_files(path, section, problems)
    credentials = Section({}, {}, origins={}).with_values(*_credentials(problems))
    return _over(_over(stated, credentials), _environment(problems))


def strangers() -> list[str]:
    """Return the variables that begin as ours do and mean nothing here."""
    return [
        variable
        for variable in sorted(os.environ)
        if variable.startswith(PREFIX)
        and variable.removeprefix(PREFIX) not in _CLIENTS
        and isinstance(_place_of(variable), Text)
    ]


def _over(below: Section, above: Section) -> Section:
    """Return a section with the values of a stronger one."""
    values: dict[str, Tree] = dict(below)
    origins = {}
    for name, value in above.items():
        known = values.get(name)
        if isinstance(value, Section) and isinstance(known, Section):
            values[name] = _over(known, value)
        else:
            values[name] = value
            origins[name] = above.origin("", name)
    return below.with_values(values, origins)


def _with_secret_files(path: str, section: Section, problems: list[ConfigError]) -> Section:
    """Return a section with the values of the files that it names for secrets."""
    values: dict[str, Tree] = dict(section)
    origins: dict[str, Origin] = {}
    for key in keys():
        name = file_key(key)
        if name is None or name not in values:
            continue
        file = values.pop(name)
        at = section.origin(path, name)
        where = f"{at.place}: {name}"
        if section.get(key.name) is not None:
            told = english(
                "{where}: found beside {other}, wanted only one of the two（二者只能选一）",
                where=where,
                other=key.name,
            )
            problems.append(ConfigError(told, (name,)))
        elif file is not None:
            values[key.name] = _secret_in(where, file, problems)
            held = os.path.abspath(file) if isinstance(file, str) else ""
            source = Source.SECRET_FILE if at.source is Source.FILE else at.source
            origins[key.name] = Origin(source, f"{at.place} → {held}", held)
    return section.with_values(values, origins)


def _secret_in(where: str, file: Tree, problems: list[ConfigError]) -> Secret | None:
    """Read a secret that a file holds alone; a line's end behind it is not a part of it."""
    try:
        return _secret_of(file)
    except (OSError, ValueError) as problem:
        reason: object = problem
        if isinstance(problem, OSError):
            reason = problem.strerror
        told = english(
            "{where}: found no file that holds one line of text ({reason}), wanted the path of "
            "one（应为只含一行文本的文件）",
            where=where,
            reason=reason,
        )
        problems.append(ConfigError(told, (where.rpartition(": ")[2],)))
        return None


def _secret_of(file: Tree) -> Secret:
    if not isinstance(file, str):
        raise ValueError(english("no path"))
    with files.opened(file) as held:
        content = held.read(_LONGEST + 1)
    try:
        text = content.decode().removesuffix("\n").removesuffix("\r")
    except UnicodeDecodeError:
        raise ValueError(english("it is no text in UTF-8")) from None
    if len(content) > _LONGEST or len(text.splitlines()) != 1:
        raise ValueError(english("it has no line, or several"))
    return Secret(text)


def _credentials(problems: list[ConfigError]) -> tuple[dict[str, Tree], dict[str, Origin]]:
    """Return the secrets that systemd hands over under the names of keys."""
    values: dict[str, Tree] = {}
    origins: dict[str, Origin] = {}
    folder = os.environ.get(_CREDENTIALS)
    for key in keys() if folder else ():
        place = os.path.join(folder or "", key.name)
        if file_key(key) is not None and os.path.exists(place):
            values[key.name] = _secret_in(f"{place}: {key.name}", place, problems)
            origins[key.name] = Origin(Source.CREDENTIAL, place, place)
    return values, origins


def _environment(problems: list[ConfigError]) -> Section:
    """Return what the variables of the environment say."""
    root = Section({}, {})
    for variable, text in sorted(os.environ.items()):
        name = variable.removeprefix(PREFIX)
        if name == variable or name in _CLIENTS:
            continue
        found = _place_of(variable)
        if isinstance(found, Text):
            if found:
                problems.append(ConfigError(found))
            continue
        try:
            value = parsed(variable, text, found[-1])
        except ConfigError as problem:
            problems.append(problem)
            continue
        if value is not None:
            root = _over(root, _nested(variable, found, value))
    return _with_secret_files("", root, problems)


def _nested(variable: str, names: tuple[str, ...], value: Tree) -> Section:
    """Return a value under a key, or under the keys that lead to it."""
    name, *below = names
    if below:
        value = _nested(variable, tuple(below), value)
    return Section({name: value}, {}, origins={name: Origin(Source.ENVIRONMENT, variable)})


def _place_of(variable: str) -> tuple[str, ...] | Text:
    """Return the names that a variable leads to.

    Where there are none it returns why the variable cannot stand: because it is nearly a key's.
    Empty for one that may be somebody else's.
    """
    target: type[Any] | None = None
    names: list[str] = []
    for part in variable.removeprefix(PREFIX).split("__"):
        table = dict(_names(target))
        if (names and target is None) or part.lower() not in table:
            return _nearly(variable, names, part, table)
        name, target = table[part.lower()]
        names.append(name)
    return tuple(names)


def _names(target: type[Any] | None) -> Iterator[tuple[str, tuple[str, type[Any] | None]]]:
    """Give each key's name as variables spell it, with the name itself and what is below it."""
    for key in keys() if target is None else keys(target):
        yield key.name.lower(), (key.name, key.kind.section)
        file = file_key(key)
        if file is not None:
            yield file.lower(), (file, None)


def _nearly(
    variable: str, above: list[str], part: str, table: Mapping[str, tuple[str, Any]]
) -> Text:
    near = difflib.get_close_matches(part.lower(), table, n=1, cutoff=_NEAR)
    if not near:
        return Text("")
    names = [*above, table[near[0]][0]]
    return english(
        "{variable}: found an unknown variable, wanted {wanted}（未知的环境变量）",
        variable=variable,
        wanted=PREFIX + "__".join(names).upper(),
    )

"""Take the configuration anew while the daemon runs: all of what can be changed, or nothing."""

import dataclasses
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any, Final, Protocol, TypeVar

from twisted.internet.defer import Deferred, DeferredLock, inlineCallbacks
from twisted.logger import Logger
from twisted.python.failure import Failure

from webctp.config import Config, ConfigError, Section, keys
from webctp.language.text import NOTHING, Text, english, reason_of
from webctp.secret import Secret
from webctp.upstream.session.apiqueue import InThread

_log = Logger()

_LONGEST: Final = 200
_T = TypeVar("_T")


@dataclass(frozen=True, slots=True)
class Change:
    """A key with another value than before. Secrets show as stars."""

    key: str
    old: str
    new: str


@dataclass(frozen=True, slots=True)
class Outcome:
    """What came of reading the configuration anew.

    :ivar changed: what is in force by now.
    :ivar kept: what stays as it was until a restart.
    :ivar problem: why nothing was taken over; empty where nothing was wrong.
    """

    changed: tuple[Change, ...] = ()
    kept: tuple[Change, ...] = ()
    problem: Text = NOTHING


class Reloadable(Protocol):
    """What takes a configuration over."""

    def reload(self, config: Config) -> Any:
        """Take it, all of it or nothing; fails with ConfigError for nothing."""


class Reload:
    """Read the configuration anew, one time after the other. Runs in the reactor's thread.

    :param config: what the daemon has begun with.
    :param read: reads it anew; called in a thread.
    :param daemon: takes it over, or fails.
    :param taken: called with what is in force by now; it may not fail.
    """

    def __init__(
        self,
        config: Config,
        read: Callable[[], Config],
        in_thread: InThread,
        daemon: Reloadable,
        taken: Callable[[Config], object],
    ) -> None:
        self.config = config
        """What is in force."""
        self._read = read
        self._in_thread = in_thread
        self._daemon = daemon
        self._taken = taken
        self._lock = DeferredLock()

    def __call__(self) -> "Deferred[Outcome]":
        """Read it anew, and log what came of that; never fails."""
        done: Deferred[Outcome] = self._lock.run(self._reload)
        return done.addErrback(_failed)

    @inlineCallbacks
    def _reload(self) -> Any:
        try:
            asked = yield self._in_thread(self._read)
            config, changed, kept = merged(self.config, asked)
            yield self._daemon.reload(config)
        except ConfigError as problem:
            reason = reason_of(problem)
            _log.error("not reloaded, everything stays as it was: {problem}", problem=reason)
            return Outcome(problem=reason)
        self.config = config
        self._taken(config)
        for one in kept:
            _log.warn(
                "changed, but taken over at a restart only: {key}, from {old} to {new}",
                key=one.key,
                old=one.old,
                new=one.new,
            )
        for one in changed:
            _log.info("{key} is {new} now, and was {old}", key=one.key, old=one.old, new=one.new)
        _log.info(
            "reloaded: {changed} keys have changed, {kept} wait for a restart",
            changed=len(changed),
            kept=len(kept),
        )
        return Outcome(tuple(changed), tuple(kept))


def _failed(failure: Failure) -> Outcome:
    _log.failure("a reload failed", failure)
    return Outcome(problem=english("internal error; see the log"))


def merged(old: _T, asked: _T, prefix: str = "") -> tuple[_T, list[Change], list[Change]]:
    """Return what may be in force of a configuration that is asked for in place of another.

    Returns, too, what that changes, and what stays as it was. The table of keys says which can
    change; what is below a key can where the section was there before and still is.
    """
    taken: dict[str, Any] = {}
    changed: list[Change] = []
    kept: list[Change] = []
    for key in keys(type(old)):
        before, now = getattr(old, key.attribute), getattr(asked, key.attribute)
        if before == now:
            continue
        name = prefix + key.name
        if key.kind.section is not None and None not in (before, now):
            taken[key.attribute], below, stays = merged(before, now, f"{name}.")
            changed += below
            kept += stays
            continue
        change = Change(name, _shown(before), _shown(now))
        if key.reload:
            taken[key.attribute] = now
            changed.append(change)
        else:
            kept.append(change)
    made: Any = dataclasses.replace(old, **taken) if taken else old  # type: ignore[type-var]
    return made, changed, kept


def _shown(value: Any) -> str:
    """Return a value for the log, on one line."""
    return "; ".join(_words(value))[:_LONGEST] or "-"


def _words(value: Any) -> Iterator[str]:
    match value:
        case None | "":
            yield ""
        case ():
            yield "[]"
        case Secret():
            yield repr(value)
        case bool():
            yield str(value).lower()
        case float():
            yield f"{value:g}"
        case tuple():
            yield ", ".join(map(str, value))
        case Section():
            yield ", ".join(value)  # what stands there may be a secret
        case dict():
            yield from (f"{name}: {_shown(one)}" for name, one in value.items())
        case _ if dataclasses.is_dataclass(value):
            stated = ((key, getattr(value, key.attribute)) for key in keys(type(value)))
            yield ", ".join(
                f"{key.name} {_shown(one)}" for key, one in stated if one not in (None, {}, ())
            )
        case _:
            yield str(value)

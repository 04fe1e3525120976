"""The kill switch of a running daemon: what is forbidden now, to whom.

A word of an admin client or of the admin listener is in force at once, and answered when it is on
disk. ``python -m webctp kill`` writes the file: the kernel tells of that where it can, else the
file is looked at every :data:`LOOK_EVERY` seconds; what was read is acknowledged beside it, in a
file of each gateway's own. All methods run in the reactor's thread.
"""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from functools import partial
from typing import Any, Final

from twisted.internet.defer import Deferred, DeferredLock
from twisted.internet.interfaces import IDelayedCall, IReactorTime
from twisted.logger import Logger
from twisted.python.failure import Failure

from webctp.clock import Wall
from webctp.ctp import errors
from webctp.ctp.refusal import Refusal
from webctp.language.text import Text, english
from webctp.metrics import Kind, Metric, Sample
from webctp.upstream.account import AccountKey
from webctp.upstream.kill.acknowledging import Acknowledging
from webctp.upstream.kill.filewatch import Stop, Watch, unwatched
from webctp.upstream.kill.halts import (
    ALL,
    Halt,
    KillFile,
    KillLevel,
    KillState,
    Word,
    account_target,
    token_target,
)
from webctp.upstream.session.apiqueue import InThread

_log = Logger()

LOOK_EVERY: Final = 0.04
"""Seconds between two looks at the file: a word on disk is in force well within 100 ms."""
LOOK_SOMETIMES: Final = 1.0
"""Seconds between two looks where the kernel tells of changes."""

_HALTS: Final = Metric(
    "webctp_kill_switch_halts",
    Kind.GAUGE,
    "What the kill switch forbids now, by level: entries for all, an account or a token.",
    "交易限制当前生效的条目数（全部、账户或令牌），按级别。",
    ("level",),
)

OnWord = Callable[[Word], object]
"""Takes a word that came by the file, once in the lifetime of the file."""
OnChange = Callable[[frozenset[str]], object]
"""Takes the targets whose halts have changed."""


class KillSwitch:
    """Know what is forbidden, keep it on disk, and tell of changes.

    :param in_thread: runs what blocks on the disk.
    :param wall: dates halts.
    :param watch: hears of changes of the file, where they are told.
    :param place: a path that this gateway alone has, of those that share the file.
    """

    def __init__(
        self,
        clock: IReactorTime,
        file: KillFile,
        in_thread: InThread,
        wall: Wall,
        watch: Watch = unwatched,
        place: str = "",
    ) -> None:
        self._clock = clock
        self._file = file
        self._acknowledging = Acknowledging(file.path, place)
        self._in_thread = in_thread
        self._wall = wall
        self._kept = KillState()
        """What the file says."""
        self._changing = DeferredLock()
        """One change at a time: of two words on a target the later one stands."""
        self._urgent: dict[str, Halt] = {}
        """What is in force already and not on disk yet."""
        self._under_way: Counter[str] = Counter()
        """Changes of this daemon's own by target, until their outcome is known here."""
        self.halts: Mapping[str, Halt] = {}
        """What is in force, by target; empty on most days."""
        self._stamp: tuple[int, ...] | None = None
        self._look: IDelayedCall | None = None
        self._changes: list[OnChange] = []
        self._words: list[OnWord] = []
        self._heard = 0
        """The change up to which words were told of."""
        self._watch = watch
        self._unwatch: Stop | None = None

    def start(self) -> None:
        """Read the file, and look at it from now on. It blocks on the disk, once."""
        try:
            self._heard = self._acknowledging.begin()
        except OSError as problem:
            _log_unsaid(problem)
        self._begin_watching()
        self._stamp = self._file.stamp()
        self._adopt(self._file.read(self._wall()))
        self._schedule_look()

    def stop(self) -> None:
        """Look at the file no longer."""
        if self._look is not None and self._look.active():
            self._look.cancel()
        self._look = None
        self._stop_watching()
        self._acknowledging.end()

    def samples(self) -> Iterator[Sample]:
        """Read how much is forbidden; called on a scrape."""
        levels = Counter(halt.level for halt in self.halts.values())
        for level in KillLevel:
            yield _HALTS.sample(levels[level], level.value)

    def on_change(self, call: OnChange) -> None:
        """Tell of every change from now on."""
        self._changes.append(call)

    def on_word(self, call: OnWord) -> None:
        """Tell of every word that comes by the file, of those of before the start as well."""
        self._words.append(call)

    def tell_left(self, left: bytes) -> None:
        """Say for the command which parked orders the last change that was read has left."""
        telling = self._in_thread(self._acknowledging.tell_left, self._kept.serial, left)
        telling.addErrback(_not_told)

    def halt_on(self, accounts: Iterable[AccountKey], token: str) -> Halt | None:
        """Return the strictest halt on what somebody sends; None where nothing is forbidden.

        :param accounts: the accounts that it is about.
        :param token: the name of the token that the sender has shown; empty for none.
        """
        halts = self.halts
        if not halts:
            return None
        names = [ALL, *map(account_target, accounts)]
        if token:
            names.append(token_target(token))
        found = [halts[name] for name in names if name in halts]
        return max(found, key=lambda halt: halt.rank, default=None)

    def set(self, target: str, level: KillLevel, *, by: str, reason: str) -> Deferred[Halt]:
        """Forbid something: in force when this returns, on disk when the Deferred fires.

        It fails with :class:`~webctp.ctp.refusal.Refusal` where the disk does not take it; then
        it is in force in this run all the same.
        """
        halt = Halt(target=target, level=level, since=self._wall(), by=by, reason=reason)
        self._urgent[target] = halt
        self._refresh()

        def written(state: KillState) -> Halt:
            if self._urgent.get(target) is halt:
                del self._urgent[target]
            self._take_written(state)
            return halt

        return self._change_own(
            target,
            lambda state: state.with_halt(halt),
            lambda reason: english(
                "in force in this run, but it is not on disk: {reason}", reason=reason
            ),
            written,
        )

    def lift(self, target: str, *, by: str) -> Deferred[None]:
        """Lift what is forbidden to a target: on disk first, then in force.

        It fails with :class:`~webctp.ctp.refusal.Refusal` where the disk does not take it.
        """
        before = self._urgent.get(target)

        def written(state: KillState) -> None:
            if self._urgent.get(target) is before:  # else it was forbidden again meanwhile
                self._urgent.pop(target, None)
            self._take_written(state)

        return self._change_own(
            target,
            lambda state: state.without(target),
            lambda reason: english("not lifted, for it is not on disk: {reason}", reason=reason),
            written,
        )

    def _change_own(
        self,
        target: str,
        change: Callable[[KillState], KillState],
        trouble: Callable[[str], Text],
        written: Callable[[KillState], Any],
    ) -> Deferred[Any]:
        """Change what is kept of a target; the file may be seen to change before it is known."""
        self._under_way[target] += 1

        def known(outcome: Any) -> Any:
            self._under_way[target] -= 1
            return outcome

        return self._change(change, trouble, written).addBoth(known)

    def _change(
        self,
        change: Callable[[KillState], KillState],
        trouble: Callable[[str], Text],
        written: Callable[[KillState], Any],
    ) -> Deferred[Any]:
        done: Deferred[Any] = self._changing.run(
            self._in_thread, self._file.change, change, self._wall()
        )
        return done.addCallbacks(written, partial(self._not_written, trouble))

    def _not_written(self, trouble: Callable[[str], Text], failure: Failure) -> None:
        detail = trouble(failure.getErrorMessage())
        _log.error("kill switch: {detail}", detail=detail)
        raise Refusal(errors.NOT_READY, detail)

    def _begin_watching(self) -> None:
        if self._unwatch is None:
            self._unwatch = self._watch(self._file.path, self._told, self._lost)

    def _stop_watching(self) -> None:
        stop, self._unwatch = self._unwatch, None
        if stop is not None:
            stop()

    def _told(self) -> None:
        """Look as soon as the reactor comes to it: the kernel says that the file has changed."""
        if self._look is not None and self._look.active():
            self._look.reset(0)

    def _lost(self) -> None:
        """Look often again: the file's directory was moved away or deleted."""
        self._unwatch = None
        self._told()

    def _schedule_look(self) -> None:
        pause = LOOK_EVERY if self._unwatch is None else LOOK_SOMETIMES
        self._look = self._clock.callLater(pause, self._look_again)

    def _look_again(self) -> None:
        self._schedule_look()
        try:
            stamp = self._file.stamp()
        except OSError as problem:
            stamp = (-1, problem.errno or 0)
        if stamp == self._stamp:
            return
        self._stamp = stamp
        if stamp is None:
            self._restore()
            return
        self._begin_watching()  # its directory may be new
        before = self.halts
        heard = self._adopt(self._file.read(self._wall()))
        self._tell_unsaid(before, heard)

    def _tell_unsaid(self, before: Mapping[str, Halt], heard: frozenset[str]) -> None:
        """Tell of changes of the file of which nobody has left a word: it was edited.

        Of a change of this daemon's own whoever asked for it tells.
        """
        now, serial = self._wall(), self._kept.serial
        for target in sorted({*before, *self.halts} - heard):
            halt = self.halts.get(target)
            if halt == before.get(target) or self._under_way[target]:
                continue
            by, reason = ("", "") if halt is None else (halt.by, halt.reason)
            level = None if halt is None else halt.level
            self._tell(
                Word(target=target, level=level, at=now, by=by, reason=reason, serial=serial)
            )

    def _tell(self, word: Word) -> None:
        for call in self._words:
            call(word)

    def _restore(self) -> None:
        """Write a file that is gone anew: its loss lifts nothing."""
        path, kept = str(self._file.path), self._kept
        _log.error("kill switch: {path} is gone; it is written anew", path=path)

        def change(found: KillState) -> KillState:
            return KillState(max(found.serial, kept.serial) + 1, {**kept.halts, **found.halts})

        self._change(
            change,
            lambda reason: english(
                "the file was deleted and is not on disk again: {reason}", reason=reason
            ),
            self._take_written,
        ).addErrback(lambda failure: failure.trap(Refusal))

    def _take_written(self, state: KillState) -> None:
        """Take what a thread has written, unless the file has been read again since."""
        if state.serial >= self._kept.serial:
            self._adopt(state)

    def _adopt(self, state: KillState) -> frozenset[str]:
        """Take what the file says; returns the targets of the words that came with it."""
        self._kept = state
        self._refresh()
        words = self._file.words(self._heard) if state.serial > self._heard else []
        self._heard = max(self._heard, state.serial)
        for word in words:
            self._tell(word)
        if state.serial:
            try:
                self._acknowledging.acknowledge(state.serial)
            except OSError as problem:
                _log_unsaid(problem)
        return frozenset(word.target for word in words)

    def _refresh(self) -> None:
        """Put in force what the file says and what is on its way there, the stricter of two."""
        halts = dict(self._kept.halts)
        for target, halt in self._urgent.items():
            kept = halts.get(target)
            if kept is None or halt.rank >= kept.rank:
                halts[target] = halt
        before, self.halts = self.halts, halts
        changed = frozenset(
            name for name in {*before, *halts} if before.get(name) != halts.get(name)
        )
        for name in sorted(changed):
            _log_change(name, halts.get(name))
        if changed:
            for call in self._changes:
                call(changed)


def _log_unsaid(problem: OSError) -> None:
    _log.warn("kill switch: not acknowledged: {reason}", reason=str(problem))


def _not_told(failure: Failure) -> None:
    failure.trap(OSError)
    reason = failure.getErrorMessage()
    _log.warn("kill switch: parked orders are not told to the command: {reason}", reason=reason)


def _log_change(target: str, halt: Halt | None) -> None:
    if halt is None:
        _log.critical("kill switch: lifted for {target}", target=target)
        return
    _log.critical(
        "kill switch: {forbids} for {target}, by {by}: {reason}",
        forbids=halt.level.value,
        target=target,
        by=halt.by or "somebody",
        reason=halt.reason,
    )

"""Shows in trial's output the notes of exceptions: hypothesis says there what it has found.

trial prints a failure's message and leaves its notes out, and with them the failing example.
"""

from collections.abc import Iterator

from twisted.python.failure import Failure

_message = Failure.getErrorMessage
_traceback = Failure.getTraceback


def notes_of(problem: BaseException | None) -> Iterator[str]:
    """Give the notes of an exception; of a group, what is in it, too."""
    yield from getattr(problem, "__notes__", ())
    if isinstance(problem, BaseExceptionGroup):
        for one in problem.exceptions:
            yield f"{type(one).__name__}: {one}"
            yield from notes_of(one)


def _message_with_notes(failure: Failure) -> str:
    return "\n".join((_message(failure), *notes_of(failure.value)))


def _traceback_with_notes(
    failure: Failure, elideFrameworkCode: int = 0, detail: str = "default"
) -> str:
    text = _traceback(failure, elideFrameworkCode=elideFrameworkCode, detail=detail)
    return "\n".join((text.rstrip("\n"), *notes_of(failure.value), ""))


def show() -> None:
    """Let failures have their notes wherever trial shows them, in its workers, too."""
    Failure.getErrorMessage = _message_with_notes  # type: ignore[method-assign,assignment]
    Failure.getTraceback = _traceback_with_notes  # type: ignore[assignment,method-assign]

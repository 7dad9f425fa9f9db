"""What a person is told when a command fails: a sentence and an exit status, never a traceback."""

import logging
from collections.abc import Callable, Sequence

from data.errors import AuditdeckError, QueryError
from data.oplog import LOGGER_NAME
from tui.commands.command import FAILED, MISUSED
from tui.commands.output import OutputLost, abandon_output, flush_output, tell
from tui.glyphs import glyphs
from tui.terminal import cells_of, safe

UNEXPECTED = 70  # EX_SOFTWARE of sysexits.h
INTERRUPTED = 130  # 128 + SIGINT, as shells count
READER_LEFT = 141  # 128 + SIGPIPE

_SHOWN_BEFORE = 40
_SHOWN_AFTER = 60
"""Characters of a query that are shown around the place that is wrong."""


class Misuse(AuditdeckError):
    """Arguments that are each right, and wrong together."""


class SeveralProblems(AuditdeckError):
    """Several things are wrong, each told in a line of its own."""

    def __init__(self, lines: Sequence[str]) -> None:
        self.lines = tuple(lines)
        super().__init__(" ".join(lines))


def guarded(run: Callable[[], int]) -> int:
    """The exit status of `run`; whatever it raises is told in one sentence.

    An error that is not one of `data.errors` goes to the operational log with its traceback.
    """
    try:
        status = _told(run)
        flush_output()
    except BrokenPipeError:
        abandon_output()
        return READER_LEFT
    except OutputLost as lost:
        abandon_output()
        tell(f"auditdeck: {lost}")
        return FAILED
    except KeyboardInterrupt:
        return INTERRUPTED
    return status


def _told(run: Callable[[], int]) -> int:
    try:
        return run()
    except SystemExit as leaving:
        return leaving.code if isinstance(leaving.code, int) else FAILED
    except (BrokenPipeError, OutputLost):
        raise
    except QueryError as error:
        for line in pointed_out(error):
            tell(line)
        return FAILED
    except SeveralProblems as error:
        for line in error.lines:
            tell(f"auditdeck: {line}")
        return FAILED
    except AuditdeckError as error:
        tell(f"auditdeck: {error}")
        return MISUSED if isinstance(error, Misuse) else FAILED
    except Exception as error:
        logging.getLogger(LOGGER_NAME).exception("a command failed unexpectedly")
        tell(f"auditdeck: This should not have happened: {_first_line(error)} {_where_details_are()}")
        return UNEXPECTED


def pointed_out(error: QueryError) -> list[str]:
    """What is wrong with a query: the problem, the query with a mark under the place, and what would be right."""
    start = max(error.position - _SHOWN_BEFORE, 0)
    stop = min(error.end + _SHOWN_AFTER, len(error.text), error.position + _SHOWN_AFTER)
    before = (glyphs().cut if start else "") + safe(error.text[start : error.position])
    wrong = safe(error.text[error.position : min(error.end, stop)])
    after = safe(error.text[min(error.end, stop) : stop]) + (glyphs().cut if stop < len(error.text) else "")
    lines = [
        f"auditdeck: {error.problem}.",
        f"  {before}{wrong}{after}",
        f"  {' ' * cells_of(before)}{'^' * max(cells_of(wrong), 1)}",
    ]
    return [*lines, error.hint] if error.hint else lines


def _first_line(error: Exception) -> str:
    words, _, _rest = f"{type(error).__name__}: {error}".partition("\n")
    return words if words.endswith(".") else f"{words}."


def _where_details_are() -> str:
    for handler in logging.getLogger(LOGGER_NAME).handlers:
        if isinstance(handler, logging.FileHandler):
            return f"The details are in {handler.baseFilename}."
    return "There is no operational log that could hold the details."

"""Everything that a command writes: results on standard output, words about them on standard error.

All of it passes `tui.terminal.safe` here, so that no command can forget to, and is rid of the secrets of tokens and of
codes, wherever they come from: an argument, the environment, an error's words. Only `say_secret` writes one.
"""

import io
import os
import sys
from collections.abc import Mapping
from contextlib import suppress
from typing import TYPE_CHECKING

from data.errors import AuditdeckError
from data.records import Json
from data.tokens import SecretToken, without_secrets
from tui.glyphs import ASCII, UNICODE, draw_with
from tui.terminal import can_draw_unicode_here, json_text, safe

if TYPE_CHECKING:
    from data.access.codes import JoinCode


class OutputLost(AuditdeckError):
    """Standard output takes no more, and not because its reader has left: a full disk, say."""

    def __init__(self, cause: OSError) -> None:
        super().__init__(f"Standard output cannot be written: {cause.strerror or cause}.")


def prepare_output() -> None:
    """Make an encoding that lacks a character show its number instead of failing."""
    if isinstance(sys.stdout, io.TextIOWrapper):
        sys.stdout.reconfigure(errors="backslashreplace")


def choose_characters(unicode: bool | None) -> None:
    """Write all of Unicode or ASCII alone, in commands and in the console; with None, as the terminal seems to have them."""
    if can_draw_unicode_here() if unicode is None else unicode:
        draw_with(UNICODE)
        return
    draw_with(ASCII)
    # A net below `safe`, for what others draw: bars of progress, and the words of an error that is caught by nobody.
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(encoding="ascii", errors="backslashreplace")


def say(line: str = "") -> None:
    """Write one line of the result. Raises BrokenPipeError when its reader has left, OutputLost."""
    _write(safe(without_secrets(line)))


def say_json(value: Mapping[str, Json], *, as_stored: bool = False) -> None:
    """Write the result as JSON on one line. Raises as `say`.

    `as_stored` is for what can be imported again, which may not differ by a character from what the log holds.
    """
    text = json_text(dict(value))
    _write(text if as_stored else without_secrets(text))


def say_bytes(line: bytes) -> None:
    """Write a line of an export, with its newline: UTF-8 in any locale, and made to drive no terminal already. Raises as
    `say`.
    """
    try:
        sys.stdout.buffer.write(line)
    except BrokenPipeError:
        raise
    except OSError as error:
        raise OutputLost(error) from error


def say_secret(secret: "SecretToken | JoinCode") -> None:
    """Write a whole token or code on a line of its own, and hand it over at once. Raises as `say`."""
    _write(secret.reveal())
    flush_output()


def say_json_with_secret(value: Mapping[str, Json], secret: "SecretToken | JoinCode", name: str = "token") -> None:
    """The same as JSON on one line, the whole token or code as the member `name` after all others."""
    _write(json_text({**value, name: secret.reveal()}))
    flush_output()


def say_invitation(text: str) -> None:
    """Write the text of an invitation, the code in it, and hand it over at once. Raises as `say`."""
    _write("\n".join(map(safe, text.splitlines())))
    flush_output()


def tell(line: str) -> None:
    """Write one line about the result, after all of it that was said before. Raises as `say`."""
    flush_output()
    if sys.stderr is not None:
        with suppress(OSError):  # there is nobody left to be told
            print(safe(without_secrets(line)), file=sys.stderr, flush=True)


def flush_output() -> None:
    """Hand over all that was said. Raises as `say`."""
    if sys.stdout is None:
        return
    try:
        sys.stdout.flush()
    except BrokenPipeError:
        raise
    except OSError as error:
        raise OutputLost(error) from error


def abandon_output() -> None:
    """Let the rest of standard output go nowhere: Python would fail at exit over what it could not hand over."""
    nowhere = os.open(os.devnull, os.O_WRONLY)
    os.dup2(nowhere, sys.stdout.fileno())
    os.close(nowhere)


def output_is_there() -> bool:
    """Whether there is a standard output at all: a process can be started with it closed."""
    return sys.stdout is not None


def output_is_terminal() -> bool:
    """Whether a person may be looking at standard output right now."""
    return sys.stdout is not None and sys.stdout.isatty()


def messages_are_terminal() -> bool:
    """The same of standard error."""
    return sys.stderr is not None and sys.stderr.isatty()


def _write(line: str) -> None:
    try:
        print(line)
    except BrokenPipeError:
        raise
    except OSError as error:
        raise OutputLost(error) from error

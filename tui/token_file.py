"""A token in a file of its own that its owner alone can read: made anew, never written over what is there."""

import os
from contextlib import suppress
from pathlib import Path

from data.hostile import holds_hostile

_MODE = 0o600


class TokenNotSaved(Exception):
    """The file could not be made; the text is a plain sentence, and nothing is left of it."""


def suggested_path(public_id: str, folder: Path) -> Path:
    """Where to save a token if nobody says otherwise: named by its public id."""
    return folder / f"{public_id}.token"


def path_problem(text: str) -> str | None:
    """Why a token cannot be saved there, as far as can be seen before it is tried; None if it can."""
    if not text.strip():
        return "Write where to save it."
    if holds_hostile(text):
        return "This holds an invisible or control character."
    try:
        path = path_of(text)
        if path.is_dir():
            return "This is a folder; write a file's name too."
        if os.path.lexists(path):
            return "There is something already; it stays as it is."
        if not path.parent.is_dir():
            return f"There is no folder {path.parent}."
    except (OSError, RuntimeError, ValueError) as error:  # an unknown user's home, a name that is too long
        return f"This is no path: {_words(error)}."
    return None


def path_of(text: str) -> Path:
    """The file that a person means; `~` is their home. Raises RuntimeError and ValueError."""
    return Path(text.strip()).expanduser().absolute()


def save_token(path: Path, secret: str) -> None:
    """Write the secret and a line break to a new file that only its owner can read. Raises TokenNotSaved."""
    try:
        # O_EXCL also refuses a link that leads nowhere, so what is written lies under this very name.
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, _MODE)
    except FileExistsError:
        raise TokenNotSaved(f"{path} is there already, and stays as it is.") from None
    except (OSError, ValueError) as error:
        raise TokenNotSaved(f"{path} cannot be made: {_words(error)}.") from None
    try:
        with os.fdopen(descriptor, "wb") as file:
            os.fchmod(descriptor, _MODE)
            file.write(f"{secret}\n".encode("ascii"))
            file.flush()
            os.fsync(descriptor)
    except OSError as error:
        remove_token(path)
        raise TokenNotSaved(f"{path} cannot be written: {_words(error)}.") from None


def remove_token(path: Path) -> None:
    """Take back a file that was just made."""
    with suppress(OSError):
        path.unlink()


def _words(error: Exception) -> str:
    return (error.strerror if isinstance(error, OSError) else None) or str(error)

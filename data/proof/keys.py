"""The file that holds the key with which a log is sealed: whoever reads it can sign what they like."""

import glob
import os
import stat
from contextlib import suppress
from pathlib import Path

from data.merkle.notes import NoteInvalid, Signer
from data.proof.errors import SealingRefused

_MOST_BYTES = 10_000
_OTHERS = stat.S_IRWXG | stat.S_IRWXO


def read_key(path: Path, origin: str) -> Signer:
    """The key of the log with this origin. Raises SealingRefused, in words for whoever looks after the keeper."""
    try:
        with path.open("rb") as file:
            mode = os.fstat(file.fileno()).st_mode
            text = file.read(_MOST_BYTES)
    except OSError as error:
        raise SealingRefused(
            f"The key that seals this log, {path}, cannot be read: {error.strerror}. If it is lost, "
            "`auditdeck keeper --new-key` makes another."
        ) from None
    if mode & _OTHERS:
        raise SealingRefused(
            f"Others may read the key that seals this log: `chmod 600 {path}`, and `auditdeck keeper --new-key`."
        )
    try:
        signer = Signer.parse(text.decode("ascii"))
    except (NoteInvalid, UnicodeDecodeError) as error:
        what = error if isinstance(error, NoteInvalid) else "not a private key"
        raise SealingRefused(f"{path} holds no key that could seal this log: {what}.") from None
    if signer.verifier.name != origin:
        raise SealingRefused(f"{path} holds the key of another log, {signer.verifier.name}.")
    return signer


def take_key(new: Path, path: Path, old: Path | None = None) -> None:
    """Have the key in the file `new` be the one at `path`; what was there before stays as `old`. Raises SealingRefused."""
    try:
        if old is not None and path.exists():
            path.replace(old)
        new.replace(path)
        _make_durable(path.parent)
    except OSError as error:
        raise SealingRefused(
            f"The new key lies in {new} and cannot be brought to {path}: {error.strerror}. It is tried again."
        ) from None


def make_key(path: Path, origin: str, *, anew: bool = False) -> Signer:
    """A new key in a new file that its owner alone can read, `anew` in place of any. Raises SealingRefused; FileExistsError
    if one is there.
    """
    signer = Signer.generate(origin)
    try:
        with suppress(FileExistsError):  # what else but a folder is there will be told of by what follows
            path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        if anew:
            path.unlink(missing_ok=True)
        for stray in path.parent.glob(f"{glob.escape(path.name)}.*.new"):
            stray.unlink(missing_ok=True)  # of one that was killed: whoever makes a key is alone
        # Under another name first: a file of this name holds a whole key, whatever happens on the way.
        unfinished = path.with_name(f"{path.name}.{os.getpid()}.new")
        descriptor = os.open(unfinished, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        try:
            with os.fdopen(descriptor, "w", encoding="ascii") as file:
                file.write(f"{signer.written()}\n")
                file.flush()
                os.fsync(file.fileno())
            os.link(unfinished, path)
        finally:
            unfinished.unlink(missing_ok=True)
        _make_durable(path.parent)
    except FileExistsError:
        raise
    except OSError as error:
        raise SealingRefused(f"No key can be made to seal this log: {path}: {error.strerror}.") from None
    return signer


def _make_durable(folder: Path) -> None:
    """Wait until the names in a folder are on the disk. Raises OSError."""
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)

"""The operational log: what the program itself did, in a rotating file of its own. Never part of the audit log."""

import logging
import os
import time
from io import TextIOWrapper
from logging.handlers import RotatingFileHandler
from pathlib import Path
from types import TracebackType
from typing import TypeAlias

from data.hostile import made_visible
from data.tokens import without_secrets

_ExcInfo: TypeAlias = "tuple[type[BaseException], BaseException, TracebackType | None] | tuple[None, None, None]"

LOGGER_NAME = "auditdeck"
_MOST_BYTES = 1_000_000
_KEPT = 3


class _PrivateFileHandler(RotatingFileHandler):
    """Creates its files with mode 600, rotated ones too."""

    def _open(self) -> TextIOWrapper:
        descriptor = os.open(self.baseFilename, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
        return TextIOWrapper(
            os.fdopen(descriptor, "ab"), encoding="utf-8", errors="backslashreplace", write_through=True
        )


class _SafeFormatter(logging.Formatter):
    """Whoever reads the file with `cat` is driven by nothing in it, and no text in a record can pass for another record.

    A record is one line. A traceback follows it on lines of its own, each set off from the left. The secrets of tokens are
    in neither.
    """

    def formatMessage(self, record: logging.LogRecord) -> str:
        return made_visible(without_secrets(super().formatMessage(record)))

    def formatException(self, ei: _ExcInfo) -> str:
        return _set_off(super().formatException(ei))

    def formatStack(self, stack_info: str) -> str:
        return _set_off(super().formatStack(stack_info))


def _set_off(text: str) -> str:
    return "\n".join(f"  {made_visible(line)}" for line in without_secrets(text).split("\n"))


def start_logging(path: Path, level: str) -> str | None:
    """Send the program's records to `path`; a sentence on why that cannot be, or None.

    A console must open without its log file, too: a full disk is a reason to look at the audit log, not to be kept out.
    """
    logger = logging.getLogger(LOGGER_NAME)
    logger.setLevel(level.upper())
    logger.propagate = False
    for old in list(logger.handlers):
        logger.removeHandler(old)
        old.close()
    try:
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        handler: logging.Handler = _PrivateFileHandler(path, maxBytes=_MOST_BYTES, backupCount=_KEPT, encoding="utf-8")
    except OSError as error:
        logger.addHandler(logging.NullHandler())
        return f"The operational log {path} cannot be written: {error.strerror}."
    formatter = _SafeFormatter("%(asctime)s.%(msecs)03dZ %(levelname)s %(message)s", "%Y-%m-%dT%H:%M:%S")
    formatter.converter = time.gmtime
    handler.setFormatter(formatter)
    logger.addHandler(handler)
    return None

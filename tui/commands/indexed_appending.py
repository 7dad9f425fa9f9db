"""Appending much, to a log that is indexed as it grows: to a file there may be no keeper while it is written."""

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

from data.records import AppendResult, Draft

if TYPE_CHECKING:
    from data.services.audit_log import AuditLog

EVERY = 1 << 16
"""After so many events the index is brought up to date."""


class IndexedAppending:
    """Appends as it is told to, and counts what was added."""

    def __init__(self, log: "AuditLog", append: Callable[[Sequence[Draft]], AppendResult]) -> None:
        """`append` is that of one of the two logs."""
        self.added = 0
        self._indexed = 0
        self._log = log
        self._append = append

    def __call__(self, drafts: Sequence[Draft]) -> AppendResult:
        result = self._append(drafts)
        self.added += result.added
        if self.added - self._indexed >= EVERY:
            self.index()
        return result

    def index(self) -> None:
        """Bring proof and index up to date, where a file is written: on a shared database it is the keeper who does it."""
        if self._log.is_embedded:
            self._log.keeper.seal()
            self._log.keeper.index()
            self._indexed = self.added

"""Who the process works for: found by what cannot be made up, and looked up anew in each transaction."""

import os
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from data.access.errors import NotSignedIn
from data.access.model import OWNER_ID
from data.records import SYSTEM, ActorType, Reference
from data.store import ReadTransaction, UnitOfWork

Transaction = ReadTransaction | UnitOfWork


class Identity(Protocol):
    """How it is known who asks. `address` is where they sit, as far as it is known."""

    @property
    def address(self) -> str | None: ...

    @property
    def fingerprint(self) -> str | None:
        """Of the key that they came in with."""

    def who(self, transaction: Transaction, path: Path | None) -> Reference:
        """Who asks; `path` is the file of an embedded database. Raises NotSignedIn for a stranger.

        Whether they may still come in is not asked here.
        """


@dataclass(frozen=True, slots=True)
class Local:
    """Whoever runs the program: the owner of an embedded database's file, or the member whose PostgreSQL login it is."""

    address: str | None = None
    fingerprint: str | None = None

    def who(self, transaction: Transaction, path: Path | None) -> Reference:
        if path is not None:
            if path.stat().st_uid != os.geteuid():
                raise NotSignedIn(f"{path} belongs to another account; its owner alone may open it.")
            return Reference(ActorType.MEMBER, OWNER_ID, transaction.login)
        found = transaction.checked_access.known_by_login()
        if found is None:
            raise NotSignedIn(
                f"The login {transaction.login} is no member's here; with an invitation's code, `auditdeck join` makes it one."
            )
        return found.reference


@dataclass(frozen=True, slots=True)
class KeyHolder:
    """The member who registered the key of this fingerprint: sshd has proven that they have it."""

    fingerprint: str
    address: str | None = None

    def who(self, transaction: Transaction, path: Path | None) -> Reference:
        found = transaction.checked_access.known_by_key(self.fingerprint)
        if found is None:
            raise NotSignedIn("This key is no member's here, or no longer.")
        return found.reference


@dataclass(frozen=True, slots=True)
class Process:
    """The program itself, where nobody asks: a gateway or a keeper. It may do what is theirs alone."""

    address: str | None = None
    fingerprint: str | None = None

    def who(self, transaction: Transaction, path: Path | None) -> Reference:
        return SYSTEM

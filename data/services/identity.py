"""Who the process works for: found by what cannot be made up, and looked up anew in each transaction."""

import hmac
import os
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from data.access.errors import KeyRefused, NotSignedIn
from data.access.model import OWNER_ID
from data.clients.standing import refusal_of
from data.clock import Clock, system_clock
from data.records import SYSTEM, ActorType, Reference
from data.refusals import RefusalCode
from data.store import ReadTransaction, UnitOfWork
from data.tokens import MistypedToken, NoToken, SecretToken, read_token

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
            refuse_others(path)
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


class ApiKey:
    """The API client whose whole token the process was given; it may do what is among its scopes by the same words.

    The networks that a client may call from are not asked about: the process is on a host that has the database's own
    credentials, and there is no address from which it calls.
    """

    def __init__(self, text: str, clock: Clock = system_clock) -> None:
        """`text` is the whole token; what is none is refused with the first question."""
        self.address: str | None = None
        self.fingerprint: str | None = None
        self.client: Reference | None = None
        """Whom the key names, once that is known."""
        self.public_id: str | None = None
        self._clock = clock
        self._token: SecretToken | None = None
        try:
            self._token = read_token(text)
            self.public_id = self._token.public_id
        except MistypedToken as error:
            self.public_id = error.public_id
        except NoToken:
            pass

    def who(self, transaction: Transaction, path: Path | None) -> Reference:
        if path is not None:
            refuse_others(path)
        if self._token is None:
            raise self._refused(RefusalCode.MISTYPED_TOKEN)
        held = transaction.held_token(self._token.public_id)
        if held is None:
            raise self._refused(RefusalCode.UNKNOWN_TOKEN)
        self.client = held.client.reference
        if not hmac.compare_digest(self._token.digest, held.digest):
            raise self._refused(RefusalCode.WRONG_SECRET)
        ended = refusal_of(held.client, held.token, self._clock(), transaction.policy_in_force.zone)
        if ended is not None:
            raise self._refused(ended)
        return held.client.reference

    def _refused(self, code: RefusalCode) -> KeyRefused:
        return KeyRefused(f"{self.public_id or 'The API key'} does not work here. {code.sentence}", code)


def refuse_others(path: Path) -> None:
    """Raise NotSignedIn for the file of another account, whatever one may do with it there."""
    if path.stat().st_uid != os.geteuid():
        raise NotSignedIn(f"{path} belongs to another account; its owner alone may open it.")

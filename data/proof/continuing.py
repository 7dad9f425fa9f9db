"""Whether a log continues what somebody saw of it, and is signed with the key that it was signed with, or one that was told of."""

import sqlalchemy as sa

from data.merkle.checkpoints import Checkpoint
from data.merkle.notes import Verifier
from data.merkle.paths import consistency_path, is_consistent
from data.proof.errors import ProofBroken
from data.proof.forgetting import KEY_REPLACED, KeyReplaced, told_since
from data.proof.log_keys import LogKeys
from data.proof.nodes import stored_nodes
from data.proof.remembered import Remembered


def check_continued(
    connection: sa.Connection, seen: Remembered, found: Checkpoint, signer: Verifier, keys: LogKeys
) -> None:
    """Raise ProofBroken unless the tree of this checkpoint begins with the one that was seen, and who signed it may."""
    if seen.verifier not in keys.verifiers:
        raise ProofBroken(
            f"It is sealed with another key: {seen_then(seen)}, and the key that signed that is not here any more."
        )
    old = seen.checkpoint
    if found.size < old.size:
        if _is_behind(connection):
            return
        raise ProofBroken(
            f"The log was cut short, or an old copy put in its place: {seen_then(seen)}, and now there are fewer."
        )
    try:
        path = consistency_path(old.size, found.size, stored_nodes(connection))
    except ProofBroken as error:
        raise ProofBroken(f"{error} And {seen_then(seen)}.") from None
    if not is_consistent(old.size, old.root, found.size, found.root, path):
        raise ProofBroken(
            f"Sealed events were changed, moved or removed: {seen_then(seen)}, and the log does not begin with these any more."
        )
    _check_signer(connection, seen, signer, keys)


def seen_then(seen: Remembered) -> str:
    """What was there, and when, for a sentence."""
    count = seen.checkpoint.size
    return f"{count:,} {'was' if count == 1 else 'were'} there on {seen.seen_at:%Y-%m-%d %H:%M} UTC"


def _check_signer(connection: sa.Connection, seen: Remembered, signer: Verifier, keys: LogKeys) -> None:
    """Old keys go on being known, for what they signed; they sign nothing more, and no new one does untold."""
    if signer == seen.verifier:
        return
    if keys.verifiers.index(signer) < keys.verifiers.index(seen.verifier):
        raise ProofBroken(f"It is sealed with an older key than before: {seen_then(seen)}, under a later one.")
    told = {
        one.key for one in told_since(connection, seen.checkpoint.size, (KEY_REPLACED,)) if isinstance(one, KeyReplaced)
    }
    if str(signer) not in told:
        raise ProofBroken(f"It is sealed with a new key of which no event tells: {seen_then(seen)}, under another.")


def _is_behind(connection: sa.Connection) -> bool:
    """Whether this is a replica, which may not have got so far yet."""
    if connection.dialect.name != "postgresql":
        return False
    return bool(connection.execute(sa.select(sa.func.pg_is_in_recovery())).scalar())

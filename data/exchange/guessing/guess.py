"""From records to a proposed mapping."""

from collections.abc import Mapping, Sequence
from dataclasses import replace

from data.errors import AuditdeckError
from data.exchange.guessing.actions import guess_action
from data.exchange.guessing.actors import guess_actor
from data.exchange.guessing.columns import columns_of
from data.exchange.guessing.finding import Finding
from data.exchange.guessing.identities import guess_identity
from data.exchange.guessing.outcomes import guess_outcome
from data.exchange.guessing.plain_fields import guess_plain_fields
from data.exchange.guessing.proposal import Proposal
from data.exchange.guessing.targets import guess_target
from data.exchange.guessing.times import guess_time
from data.records import Json


class NoGuess(AuditdeckError):
    """Nothing can be proposed. `str()` of it says what is missing, in a sentence without the file's name."""


def guess(records: Sequence[Mapping[str, Json]], source: str) -> Proposal:
    """The mapping that these records suggest. `source` is what it calls them.

    Raises NoGuess where there are no records, and where nothing in them is a time or an action.
    """
    if not records:
        raise NoGuess("there are no records")
    proposal = _guess(records, source)
    key = _record_proper(proposal, records)
    if key is None:
        return proposal
    # Guessed anew, since all that stands beside the record proper is no part of it.
    inner = [value for record in records if isinstance(value := record.get(key), dict)]
    try:
        return replace(_guess(inner, source), inner=key)
    except NoGuess:
        return proposal


def _guess(records: Sequence[Mapping[str, Json]], source: str) -> Proposal:
    columns = columns_of(records)
    time = guess_time(columns)
    action = guess_action(columns) if columns else None
    missing = [name for name, found in (("time", time), ("action", action)) if found is None]
    if time is None or action is None:
        looked = "its one record" if len(records) == 1 else f"its first {len(records):,} records"
        raise NoGuess(f"nothing in {looked} can be told to be the {' or the '.join(missing)}")
    actor = guess_actor(columns)
    of_actor = [column for finding in actor for column in finding.columns]
    taken = [*time.finding.columns, *action.columns, *of_actor]
    target = guess_target(columns, taken, of_actor)
    outcome = guess_outcome([column for column in columns if column not in taken], action)
    plain = guess_plain_fields(columns, taken)
    identity = guess_identity(columns, records, action)
    optional: list[Finding] = [finding for finding in (outcome, identity) if finding is not None]
    return Proposal(
        source,
        len(records),
        (time.finding, action, *actor, *target, *plain, *optional),
        numbers=time.numbers,
        needs_zone=time.needs_zone,
    )


def _record_proper(proposal: Proposal, records: Sequence[Mapping[str, Json]]) -> str | None:
    """The key of an object that has all that was found in the records, and that little stands beside."""
    told = [column for finding in proposal.findings for column in finding.columns]
    firsts = {column.path[0] for column in told if len(column.path) > 1 and isinstance(column.path[0], str)}
    if len(firsts) != 1 or any(len(column.path) == 1 for column in told):
        return None
    (key,) = firsts
    if not isinstance(key, str) or "." in key:
        return None
    whole = all(isinstance(record.get(key), dict) and len(record) <= 3 for record in records)
    return key if whole else None

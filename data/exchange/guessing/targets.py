"""What it was done to."""

from collections.abc import Collection, Sequence

from data.exchange.guessing.columns import Column, seen_in
from data.exchange.guessing.finding import Finding, covered_by
from data.exchange.guessing.key_words import word_set
from data.exchange.guessing.parties import Party, PartyWords, parties
from data.exchange.guessing.vocabulary import names

_WORDS = PartyWords(
    names(
        {
            "target": 1.0,
            "target user": 1.0,
            "object": 0.9,
            "object ref": 0.95,
            "resource": 0.9,
            "entity": 0.9,
            "auditable": 0.9,
            "affected": 0.8,
            "affected user": 0.85,
            "item": 0.7,
            "repository": 0.7,
            "repo": 0.7,
            "document": 0.6,
            "project": 0.55,
            "file": 0.55,
            "bucket": 0.6,
            "path": 0.4,
            "uri": 0.3,
            "org": 0.4,
            "user": 0.5,
            "door": 0.5,
            "device": 0.3,
        }
    ),
    against=word_set(
        "actor principal caller response body param params parameter parameters argument arguments session issuer token role agent user_agent location ip "
        "address request status context permission authorization binding old new previous version uid bypass rule "
        "destination server"
    ),
)

_LEAST_SCORE = 0.5
_LEAST_SHARE = 0.05
_MOST_CHOICES = 8


def guess_target(columns: Sequence[Column], taken: Collection[Column], actor: Collection[Column]) -> list[Finding]:
    """The findings of `target.type`, `target.id` and `target.name`; none where the records speak of nothing. What stands
    in one object with something of the actor's tells of the actor."""
    objects = {column.parent for column in actor if column.parent}
    free = [
        column
        for column in columns
        if column not in taken and column.parent not in objects and not _is_always_the_same(column)
    ]
    found = [
        party
        for party in parties(free, _WORDS)
        if party.score >= _LEAST_SCORE and len(party.told_in()) > _LEAST_SHARE * columns[0].total
    ]
    if not found:
        return []
    best = found[0]
    # An object with another one in it, which is named by its kind: `entity.user.id`, `entity.channel.id`.
    within = [party for party in found if party is not best and _lies_in(party, best)]
    ids = _chosen([best, *within], [*best.ids], "ids")
    told_as = _chosen([best, *within], [*best.names], "names")
    total = columns[0].total
    findings = [_kind(best, within, free, total)]
    for name, chosen in (("target.id", ids), ("target.name", told_as)):
        if chosen:
            reason = f"what it was done to, {seen_in(len(covered_by(chosen)), total)}"
            findings.append(Finding(name, tuple(column.expression for column in chosen), reason, columns=tuple(chosen)))
    return findings


def _is_always_the_same(column: Column) -> bool:
    """Whether it can tell nothing apart; a kind can."""
    return len(column.values) > 5 and len(set(column.values.values())) == 1 and "type" not in column.words


def _lies_in(party: Party, best: Party) -> bool:
    """Whether both are in one object, each under a key of its own."""
    place, stem = party.place
    outer = best.place[0][:-1]
    return bool(outer) and not stem and not best.stem and len(place) == len(best.place[0]) and place[:-1] == outer


def _chosen(found: Sequence[Party], first: list[Column], role: str) -> list[Column]:
    chosen: list[Column] = []
    for column in (*first, *(column for party in found for column in getattr(party, role))):
        if len(chosen) < _MOST_CHOICES and set(column.values) - covered_by(chosen):
            chosen.append(column)
    return chosen


def _kind(best: Party, within: Sequence[Party], columns: Sequence[Column], total: int) -> Finding:
    place, stem = best.place
    kinds = best.kinds or [
        column
        for column in columns
        if column.words in (("type",), ("kind",))
        and ((column.path[:-1] == place and not stem) or (within and column.path[:-1] == place[:-1]))
    ]
    if kinds:
        kind = kinds[0]
        return Finding("target.type", (kind.expression,), f"its kind, {kind.seen()}", columns=(kind,))
    keys = [step for step in place if isinstance(step, str)]
    word = "_".join(stem) or (keys[-1] if keys else "")
    plain = "".join(letter for letter in word.lower() if letter.isascii() and (letter.isalnum() or letter == "_"))
    return Finding("target.type", (f"'{plain or 'resource'}'",), "a word of its own, after the key")

"""Who did it, and of which of the four kinds they are."""

import re
from collections.abc import Sequence

from data.exchange.guessing.columns import Column, seen_in, word_of
from data.exchange.guessing.finding import Finding, covered_by
from data.exchange.guessing.key_words import word_set, words_of
from data.exchange.guessing.parties import Party, PartyWords, is_called, parties, same_elsewhere
from data.exchange.guessing.vocabulary import names
from data.records import ActorType

_WORDS = PartyWords(
    names(
        {
            "actor": 1.0,
            "actor user": 1.0,
            "acting user": 1.0,
            "initiator": 1.0,
            "principal": 0.95,
            "caller": 0.95,
            "performed by": 0.95,
            "initiated by": 0.95,
            "executed by": 0.95,
            "done by": 0.95,
            "changed by": 0.9,
            "author": 0.9,
            "requester": 0.9,
            "operator": 0.9,
            "who": 0.9,
            "user identity": 0.85,
            "authentication info": 0.8,
            "created by": 0.8,
            "requested by": 0.8,
            "updated by": 0.8,
            "by": 0.7,
            "identity": 0.7,
            "subject": 0.7,
            "user": 0.75,
            "usr": 0.75,
            "login": 0.65,
            "member": 0.6,
            "person": 0.65,
            "employee": 0.65,
            "holder": 0.65,
            "admin": 0.65,
            "email": 0.6,
            "customer": 0.4,
            "auth": 0.6,
            "acct": 0.6,
            "account": 0.4,
            "client": 0.3,
            "app": 0.25,
        }
    ),
    against=word_set(
        "target object resource entity affected agent response request body param params parameter parameters argument arguments header session issuer token "
        "role group team location country city ip address device ip port password secret mfa credential invitee key impersonated "
        "impersonator new old previous permission authorization delta binding public is has count access user_agent reader "
        "metadata label labels tag config"
    ),
)

_LEAST_SCORE = 0.55
_FALLBACK_WEIGHT = 0.7
_FALLBACK_SHARE = 0.02
_MOST_CHOICES = 4
_MOST_KINDS = 20

# What a source calls its kinds, by the words of them.
_KIND_WORDS = (
    (ActorType.ANONYMOUS, frozenset({"anonymous", "guest", "unauthenticated", "unknown", "public", "nobody"})),
    (
        ActorType.API_CLIENT,
        frozenset(
            {"app", "application", "bot", "client", "machine", "robot", "workflow", "integration", "token", "api"}
        ),
    ),
    (ActorType.SYSTEM, frozenset({"system", "service", "daemon", "scheduler", "cron", "internal", "job", "worker"})),
)
# What an id itself says, by what it contains, begins or ends with: accounts that programs have, and none at all.
_SERVICE_ACCOUNT = re.compile(r"service-?account", re.IGNORECASE)
_BOT = "[bot]"
_SYSTEM = "system:"
_NOBODY = ("anonymous", "system:anonymous", "unauthenticated")


def guess_actor(columns: Sequence[Column]) -> list[Finding]:
    """The findings of `actor.id`, `actor.name` and `actor.type`; none where the records do not say who it was."""
    found = parties(columns, _WORDS)
    if not found or found[0].score < _LEAST_SCORE:
        return []
    best = found[0]
    chosen = [best]
    for party in found[1:]:
        if len(chosen) < _MOST_CHOICES and _may_stand_in(party, chosen):
            chosen.append(party)
    ids = [column for party in chosen for column in _worth_telling(party.ids)]
    told_as = [column for party in chosen for column in _worth_telling(party.names)]
    for column in ids[:2]:
        told_as += [each for each in same_elsewhere(column, columns) if each not in (*told_as, *ids)]
    if not ids:
        ids, told_as = told_as, []
        field = "actor.name"
    else:
        field = "actor.id"
    total = ids[0].total
    findings = [
        Finding(field, _expressions(ids), f"who did it, {seen_in(len(covered_by(ids)), total)}", columns=tuple(ids[:6]))
    ]
    if told_as:
        reason = f"a name, {seen_in(len(covered_by(told_as)), total)}"
        findings.append(Finding("actor.name", _expressions(told_as), reason, columns=tuple(told_as[:6])))
    kind = _kind(best, ids + told_as, columns)
    return [*findings, kind] if kind is not None else findings


def _expressions(columns: Sequence[Column]) -> tuple[str, ...]:
    return tuple(column.expression for column in columns[:6])


def _worth_telling(columns: Sequence[Column]) -> list[Column]:
    """Those that tell of records of which the ones before them do not, three at most."""
    chosen: list[Column] = []
    for column in columns:
        if len(chosen) < 3 and set(column.values) - covered_by(chosen):
            chosen.append(column)
    return chosen


def _may_stand_in(party: Party, chosen: Sequence[Party]) -> bool:
    """Whether it is who did it where the others are nowhere: plainly named, and not out of a list."""
    told = {number for each in chosen for number in each.told_in()}
    columns = [*party.ids, *party.names]
    added = party.told_in() - told
    return (
        party.weight >= _FALLBACK_WEIGHT
        and len(added) > _FALLBACK_SHARE * columns[0].total
        and not any(column.is_listed for column in columns)
    )


def _kind(best: Party, who: Sequence[Column], columns: Sequence[Column]) -> Finding | None:
    """By the word that the source has for it, where it has one; else by what the ids look like."""
    looks, seen = _by_looks(who)
    for column in _kinds_of(best, columns):
        counted = column.counted()
        if len(counted) > _MOST_KINDS:
            continue
        values = {word: kind for word in counted if (kind := _kind_of(word)) != ActorType.MEMBER}
        words = ", ".join(f"{word} is {kind}" for word, kind in list(values.items())[:3])
        reason = f"{words or 'all are people'}; {seen}" if seen else words or "all are people"
        return Finding("actor.type", (*looks, column.expression), reason, _closed({**values, "*": "member"}), (column,))
    if not looks:
        return None
    places = tuple(column.expression for column in who[:3])
    return Finding("actor.type", (*looks, *places), seen, _closed({"*": "member"}), tuple(who[:3]))


def _closed(values: dict[str, str]) -> dict[str, str]:
    """The four kinds stand for themselves, for an expression gives them too."""
    own = {str(kind): str(kind) for kind in ActorType}
    return {**own, **{word: str(kind) for word, kind in values.items()}}


def _kinds_of(best: Party, columns: Sequence[Column]) -> list[Column]:
    """The kind beside the id, or that of the object around it: `actor.type` of `actor.user.id`."""
    place, stem = best.place
    if best.kinds or stem or not is_called(place[:-1], _WORDS):
        return best.kinds
    return [column for column in columns if column.path[:-1] == place[:-1] and column.words in (("type",), ("kind",))]


def _kind_of(word: str) -> ActorType:
    words = set(words_of(word))
    for kind, known in _KIND_WORDS:
        if words & known or any(part.endswith("service") and kind is ActorType.SYSTEM for part in words):
            return kind
    return ActorType.MEMBER


def _by_looks(who: Sequence[Column]) -> tuple[tuple[str, ...], str]:
    """Expressions that tell what is no person by their ids, as far as the records have such, and what was seen."""
    expressions: list[str] = []
    seen: list[str] = []
    for column in who[:4]:
        place, texts = column.expression, [word_of(value) for value in column.values.values()]
        text = f"to_string({place})"
        if any(each in _NOBODY for each in texts):
            listed = ", ".join(f"'{each}'" for each in _NOBODY)
            expressions.append(f"{place} && contains([{listed}], {text}) && 'anonymous' || null")
            seen.append("nobody")
        if any(map(_SERVICE_ACCOUNT.search, texts)):
            low = f"replace(lower({text}), '-', '')"
            expressions.append(f"{place} && contains({low}, 'serviceaccount') && 'api_client' || null")
            seen.append("service accounts")
        if any(each.endswith(_BOT) for each in texts):
            expressions.append(f"{place} && ends_with({text}, '{_BOT}') && 'api_client' || null")
            seen.append("bots")
        if any(each.startswith(_SYSTEM) for each in texts):
            expressions.append(f"{place} && starts_with({text}, '{_SYSTEM}') && 'system' || null")
            seen.append("parts of the system")
    return tuple(expressions), f"{', '.join(dict.fromkeys(seen))} by their ids" if seen else ""

"""What was done: values that are words or names of deeds, of which there are several and which come back."""

from collections import Counter
from collections.abc import Sequence
from math import log

from data.exchange.guessing.columns import Column, Scalar, seen_in, word_of
from data.exchange.guessing.finding import Finding, covered_by
from data.exchange.guessing.key_words import word_set
from data.exchange.guessing.shapes import is_email, is_host, is_number_like, is_one_word, is_wordlike
from data.exchange.guessing.vocabulary import Vocabulary, names

_VOCABULARY = Vocabulary(
    names(
        {
            "action": 1.0,
            "event name": 1.0,
            "activity type": 1.0,
            "activity name": 1.0,
            "event type": 0.95,
            "event action": 1.0,
            "action name": 1.0,
            "action type": 0.95,
            "operation name": 0.95,
            "method name": 0.95,
            "operation": 0.9,
            "activity": 0.9,
            "op": 0.8,
            "event": 0.85,
            "event code": 0.7,
            "event id": 0.6,
            "atype": 0.8,
            "verb": 0.85,
            "command": 0.8,
            "cmd": 0.75,
            "method": 0.5,
            "type": 0.6,
            "kind": 0.45,
            "category": 0.4,
            "what": 0.8,
            "message": 0.4,
            "msg": 0.4,
            "description": 0.35,
            "summary": 0.35,
            "name": 0.25,
            "title": 0.25,
        }
    ),
    against=word_set("error response status version user actor resource object entity target old new file"),
    against_above=word_set(
        "actor user target resource object entity subject client response error location device auth authentication "
        "session old new previous"
    ),
)
_DEEDS = frozenset({"event", "action", "activity", "operation"})
"""In an object that is named so, even `name` and `type` speak of the deed."""

_BARE_VERBS = word_set(
    "access add approve assign assume attach cancel change clone connect copy create created deactivate delete deleted deny "
    "destroy detach disable download edit enable exec execute export get grant head import insert invite invoke issue join leave list "
    "lock login logout merge modify move open options patch pause post proxy publish purge put read rejected remove removed "
    "rename replace reset restore resume revoke rotate run save search send set share start stop submit transfer unassign "
    "unlock update updated upload upsert use verify view watch write"
)
_SERVICES = Vocabulary(
    names(
        {
            "event source": 1.0,
            "service name": 1.0,
            "service": 0.9,
            "api": 0.6,
            "source": 0.6,
            "product": 0.5,
            "host": 0.3,
        }
    ),
    against_above=word_set("request response user actor client device resource label"),
)
_KINDS = Vocabulary(
    names(
        {
            "resource": 1.0,
            "resource type": 1.0,
            "object type": 1.0,
            "entity type": 1.0,
            "target type": 1.0,
            "item type": 0.95,
            "subject type": 0.9,
            "auditable type": 0.95,
            "model": 0.9,
            "object": 0.9,
            "entity": 0.9,
            "kind": 0.4,
            "type": 0.2,
        }
    ),
    against_above=word_set("request response user actor client device"),
)
_DESCRIPTIONS = Vocabulary(names({"description": 1.0, "summary": 0.9, "title": 0.8}), against=frozenset({"error"}))

_NUMBERED = (("event", "id"), ("event", "code"))

_LEAST_SCORE = 0.6
_LEAST_NAME = 0.25
_MOST_CHOICES = 4
_MOST_CODES = 20


def guess_action(columns: Sequence[Column]) -> Finding | None:
    """What was done in these records; None if nothing in them says it."""
    ranked = sorted(((_score(column), column) for column in columns if _could_be(column)), key=lambda pair: -pair[0])
    if not ranked or ranked[0][0] < _LEAST_SCORE:
        return None
    best = ranked[0][1]
    chosen = [best]
    for score, column in ranked[1:]:
        if len(chosen) < _MOST_CHOICES and _may_stand_in(score, column, chosen):
            chosen.append(column)
    said = chosen[0].counted()
    reason = f"{_words(len(said))} {seen_in(len(covered_by(chosen)), best.total)}"
    better = _told_more_exactly(best, columns)
    added = f"; {better[1]}" if better else ""
    first = (better[0],) if better else ()
    plain = tuple(_of_words(column) for column in chosen)
    return Finding("type", (*first, *plain), reason + added, columns=tuple(chosen))


def _could_be(column: Column) -> bool:
    if _name(column) < _LEAST_NAME:
        return False
    if column.words[-2:] in _NUMBERED:
        # Numbers of deeds, as Windows has them; ids of records are all different.
        return column.share_of(_is_code) == 1 and len(column.counted()) <= 0.5 * len(column.values)
    said = [value for value in column.values.values() if is_wordlike(value) and not is_email(value)]
    return len(said) >= 0.9 * len(column.values)


def _is_code(value: Scalar) -> bool:
    return is_wordlike(value) or (is_number_like(value) and len(word_of(value)) <= 6)


def _name(column: Column) -> float:
    """How well it is named; more if the object that it is in is a deed."""
    name = _VOCABULARY.weight(column)
    if column.parents and set(column.parents[-1]) & _DEEDS and name > 0:
        name = max(name, 0.8 if "name" in column.words or "action" in column.words else 0.7)
    return name


def _score(column: Column) -> float:
    counted = column.counted()
    number, distinct = len(column.values), len(counted)
    score = _name(column) + 0.35 * column.share - 0.06 * column.depth
    if column.is_listed:
        score -= 0.15
    if distinct == 1 and column.total > 3:
        score -= 0.5  # what is the same in all of them is not what was done
    one_word = column.share_of(is_one_word)
    if one_word < 0.5 and distinct > 0.5 * number and number > 3:
        score -= 0.2  # sentences that do not come back
    if one_word > 0.9:
        score += 0.1
    return score + 0.05 * min(log(distinct, 4), 3)


def _may_stand_in(score: float, column: Column, chosen: Sequence[Column]) -> bool:
    """Whether it is the deed of records in which the others say nothing: it says the same where both are there, is the
    same key in other letters, or is never beside them and plainly named."""
    if not set(column.values) - covered_by(chosen):
        return False
    best = chosen[0]
    if _place(column) in map(_place, chosen):
        return True
    both = [number for number in column.values if number in best.values]
    if both:
        equal = sum(column.values[number] == best.values[number] for number in both)
        return equal >= 0.8 * len(both) and len(both) > 1
    return _name(column) >= 0.8 and not column.is_listed and column.depth <= best.depth + 1 and score >= _LEAST_SCORE


def _place(column: Column) -> tuple[str, ...]:
    return tuple(str(step).lower() for step in column.path)


def _told_more_exactly(best: Column, columns: Sequence[Column]) -> tuple[str, str] | None:
    """An expression that says more than the word alone, and why: a verb with its kind of thing, a name with the service
    that has it, a code with its description."""
    return _with_kind(best, columns) or _with_service(best, columns) or _with_description(best, columns)


def _with_kind(best: Column, columns: Sequence[Column]) -> tuple[str, str] | None:
    if best.share_of(lambda value: word_of(value).lower() in _BARE_VERBS) < 0.9:
        return None
    kinds = [
        column
        for column in columns
        if column is not best
        and _kind_weight(column) >= 0.5
        and column.share >= 0.3
        and not column.is_listed
        and column.share_of(is_one_word) >= 0.95
        and _is_of_few(column)
    ]
    if not kinds:
        return None
    kind = max(kinds, key=lambda column: _kind_weight(column) + 0.3 * column.share)
    thing, verb = kind.expression, best.expression
    return (
        f"{thing} && {verb} && join('.', [{_text(kind)}, {_text(best)}]) || null",
        f"a bare verb, so after {thing}",
    )


def _kind_weight(column: Column) -> float:
    """`target.type` is the type of the target."""
    if column.parents and column.words in (("type",), ("kind",)):
        return max(_KINDS.names.get((word, "type"), 0.0) for word in column.parents[-1] or ("",))
    return _KINDS.weight(column)


def _is_of_few(column: Column) -> bool:
    return len(set(column.values.values())) <= max(12, 0.3 * len(column.values))


def _with_service(best: Column, columns: Sequence[Column]) -> tuple[str, str] | None:
    """Names without a dot, beside the host name of a service: many services may have one of that name."""
    bare = {number for number, value in best.values.items() if "." not in str(value)}
    if not bare or best.share_of(is_one_word) < 0.95:
        return None
    services = [
        column
        for column in columns
        if _SERVICES.weight(column) >= 0.5 and column.share_of(is_host) >= 0.9 and bare & column.values.keys()
    ]
    if not services:
        return None
    service = max(services, key=lambda column: _SERVICES.weight(column) + 0.3 * column.share)
    suffix = _common_suffix([str(value) for value in service.values.values()])
    place, name = service.expression, best.expression
    whole, bare_name = f"to_string({place})", f"to_string({name})"
    short = f"replace({whole}, '{suffix}', '')" if suffix else whole
    expression = f"{place} && {name} && !contains({bare_name}, '.') && join('.', [{short}, {bare_name}]) || null"
    return expression, f"after {place} where it has no dot"


def _common_suffix(hosts: Sequence[str]) -> str:
    """`.example.com` of most of the hosts, or of the only one; empty if they have nothing in common."""
    different = set(hosts)
    if len(different) == 1:
        labels = hosts[0].split(".")
        return "." + ".".join(labels[-2:]) if len(labels) > 2 else ""
    suffix, count = Counter(host[host.index(".") :] for host in different).most_common(1)[0]
    return suffix if suffix.count(".") > 1 and count >= 0.5 * len(different) and count > 1 else ""


def _with_description(best: Column, columns: Sequence[Column]) -> tuple[str, str] | None:
    """A code that stands for several deeds, of which a description out of a fixed list says which."""
    for column in columns:
        if column.parent != best.parent or column is best or _DESCRIPTIONS.weight(column) < 0.5:
            continue
        codes = [code for code, _ in best.counted().most_common(_MOST_CODES) if _is_refined(code, best, column)]
        if codes:
            words, code = column.expression, best.expression
            listed = ", ".join(_raw(text) for text in codes)
            told = f"join('.', [to_string({code}), {_snake(f'to_string({words})')}])"
            expression = f"contains([{listed}], {code}) && {words} && {told} || null"
            return expression, f"{' and '.join(codes)} with {words}, which says what it was"
    return None


def _is_refined(code: str, best: Column, descriptions: Column) -> bool:
    if not code.isalnum() and "_" not in code:
        return False
    said = [
        str(descriptions.values[number])
        for number, value in best.values.items()
        if value == code and number in descriptions.values
    ]
    kinds = set(said)
    fixed = [text for text in kinds if len(text) <= 80 and not any(mark.isdigit() or mark in "@\"'" for mark in text)]
    return len(kinds) >= 3 and len(said) >= 1.5 * len(kinds) and len(fixed) >= 0.9 * len(kinds)


def _of_words(column: Column) -> str:
    """Sentences, and words that are all in capitals, become names as those of other deeds are."""
    if column.share_of(is_one_word) >= 0.5:
        return f"{column.expression} && {_text(column)} || null" if _is_loud(column) else column.expression
    return f"{column.expression} && {_snake(f'to_string({column.expression})')} || null"


def _text(column: Column) -> str:
    """An expression that makes text of it, in small letters if its words are all in capitals."""
    text = f"to_string({column.expression})"
    return f"lower({text})" if _is_loud(column) else text


def _is_loud(column: Column) -> bool:
    return column.share_of(lambda value: isinstance(value, str) and value.isupper() and len(value) > 2) > 0.9


def _snake(expression: str) -> str:
    return f"replace(lower({expression}), ' ', '_')"


def _raw(text: str) -> str:
    """A literal text in an expression."""
    return "'" + text.replace("\\", "\\\\").replace("'", "\\'") + "'"


def _words(count: int) -> str:
    return "one word" if count == 1 else f"{count:,} different words"

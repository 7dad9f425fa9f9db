"""How it ended: words, codes and truth values that say so, an error that is only there where there was one, and as a last
resort the name of the deed."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace

from data.exchange.guessing.columns import Column, Scalar, word_of
from data.exchange.guessing.finding import Finding
from data.exchange.guessing.key_words import word_set, words_of
from data.exchange.guessing.vocabulary import Vocabulary
from data.exchange.guessing.vocabulary import names as names_of
from data.records import Outcome

_AGAINST_ABOVE = word_set("request body actor user target resource entity object session device location old new")
_WORDED = Vocabulary(
    names_of(
        {
            "outcome": 1.0,
            "outcome result": 1.0,
            "event outcome": 1.0,
            "result": 0.9,
            "action result": 0.95,
            "decision": 0.85,
            "status": 0.8,
            "result type": 0.8,
            "response": 0.5,
            "state": 0.4,
            "conclusion": 0.6,
            "res": 0.6,
            "code": 0.3,
            "level": 0.3,
            "severity": 0.2,
        }
    ),
    against_above=_AGAINST_ABOVE,
)
_TRUTHS = Vocabulary(
    names_of(
        {
            "success": 1.0,
            "successful": 1.0,
            "succeeded": 1.0,
            "is success": 1.0,
            "ok": 0.9,
            "passed": 0.9,
            "result": 0.85,
            "outcome": 0.85,
            "allowed": 0.95,
            "granted": 0.85,
            "permitted": 0.9,
            "authorized": 0.8,
            "failed": 0.95,
            "failure": 0.9,
            "denied": 0.95,
            "blocked": 0.9,
            "error": 0.7,
        }
    ),
    against_above=_AGAINST_ABOVE,
)
_CODES = Vocabulary(
    names_of(
        {
            "status code": 1.0,
            "response status": 0.9,
            "response code": 0.95,
            "http status": 1.0,
            "http code": 0.9,
            "status": 0.8,
            "code": 0.5,
            "exit code": 0.8,
            "return code": 0.8,
            "result code": 0.8,
            "result type": 0.75,
            "result": 0.7,
        }
    ),
    against_above=_AGAINST_ABOVE,
)
_ERRORS = Vocabulary(
    names_of(
        {
            "error code": 1.0,
            "error": 0.8,
            "error type": 0.9,
            "error message": 0.8,
            "exception": 0.8,
            "failure reason": 0.8,
        }
    ),
    against_above=_AGAINST_ABOVE | {"response"},
)

_SUCCESS = word_set(
    "success succeeded successful ok okay allow allowed granted grant pass passed permit permitted complete completed done "
    "accepted true info notice debug trace warn warning informational none"
)
_FAILURE = word_set(
    "failure failed fail error errored ko false exception timeout aborted fatal critical alert emergency crashed"
)
_DENIED = word_set("denied deny forbidden unauthorized unauthorised blocked block rejected reject refused forbid")
_BAD_TRUTHS = frozenset({"failed", "failure", "denied", "blocked", "error"})
_REFUSING = frozenset({"allowed", "granted", "permitted", "authorized", "denied", "blocked"})

_OWN = {str(outcome): str(outcome) for outcome in Outcome}
"""An expression gives the event's own words."""

_HTTP = {**_OWN, "1*": "success", "2*": "success", "3*": "success", "401": "denied", "403": "denied", "*": "failure"}
# google.rpc.Code: 7 is PERMISSION_DENIED, 16 is UNAUTHENTICATED; a status is seldom there where all went well.
_GRPC = {**_OWN, "0": "success", "7": "denied", "16": "denied", "*": "failure"}
_GRPC_CODES = frozenset(map(str, range(17)))
# Past forms: to reject something may well succeed.
_SAID_OF_DEEDS = (("denied", ("denied", "blocked", "rejected")), ("failure", ("failed", "failure", "error")))
_LEAST = 0.3
_LEAST_SHARE = 0.3
"""Of the records that have to say it, but for an error, which is nowhere if there was none."""

_MOST_WORDS = 30


def guess_outcome(columns: Sequence[Column], action: Finding) -> Finding | None:
    """How it ended; None where nothing says so, and all counts as success."""
    found = sorted(_found(columns), key=lambda pair: -pair[0])
    by_action = _by_action(action)
    if not found:
        return by_action
    best = found[0][1]
    if by_action is None or best.columns[0].share == 1:
        return best
    # What the records do not say at that place, the name of the deed may.
    return replace(best, choices=(*best.choices, *by_action.choices), reason=f"{best.reason}; else {by_action.reason}")


def _found(columns: Sequence[Column]) -> Iterator[tuple[float, Finding]]:
    for column in columns:
        if column.is_listed:
            continue
        rank = 0.3 * column.share - 0.03 * column.depth
        for weight, read in (
            (_WORDED.weight(column), _by_words),
            (_TRUTHS.weight(column), _by_truth),
            (_CODES.weight(_with_parent(column)), _by_code),
            # An error is there where there was one, so that it is in few records does not speak against it.
            (_ERRORS.weight(column) + 0.1, _by_error),
        ):
            finding = read(column) if weight >= _LEAST else None
            if finding is not None and _is_enough(column, finding):
                yield weight + rank, finding


def _is_enough(column: Column, finding: Finding) -> bool:
    return column.share >= _LEAST_SHARE or not finding.values or finding.values is _GRPC


def _with_parent(column: Column) -> Column:
    """`responseStatus.code` is a status code."""
    if column.words != ("code",) or not column.parents:
        return column
    words = (column.parents[-1][-1:] or ()) + column.words
    return Column(column.path, column.values, column.total, column.expression, words, column.parents)


def _by_words(column: Column) -> Finding | None:
    counted = column.counted()
    if len(counted) > _MOST_WORDS or column.share_of(lambda value: isinstance(value, str)) < 1:
        return None
    values = {word: found for word in counted if (found := _outcome_of(word)) is not None}
    known = sum(counted[word] for word in values)
    if known < 0.7 * len(column.values):
        return None
    unknown = [word for word in counted if word not in values]
    rest = f", all else ({', '.join(unknown[:3])}) counts as failure" if unknown else ""
    return Finding(
        "outcome",
        (column.expression,),
        f"{_listed(values)} {column.seen()}{rest}",
        {**_OWN, **values, "*": "failure"},
        (column,),
    )


def _outcome_of(word: str) -> str | None:
    words = set(words_of(word))
    if words & _DENIED:
        return "denied"
    if words & _FAILURE or {"not", "ok"} <= words:
        return "failure"
    return "success" if words & _SUCCESS else None


def _by_truth(column: Column) -> Finding | None:
    if column.share_of(lambda value: word_of(value).lower() in ("true", "false")) < 1:
        return None
    bad = "denied" if _REFUSING.intersection(column.words) else "failure"
    good, wrong = ("false", "true") if _BAD_TRUTHS.intersection(column.words) else ("true", "false")
    values = {good: "success", wrong: bad}
    values |= {word.capitalize(): outcome for word, outcome in values.items()}
    return Finding("outcome", (column.expression,), f"true or false {column.seen()}", {**_OWN, **values}, (column,))


def _by_code(column: Column) -> Finding | None:
    if column.share_of(_is_http) == 1:
        return Finding("outcome", (column.expression,), f"an HTTP status {column.seen()}", _HTTP, (column,))
    if column.share_of(_is_small) == 1 and len(column.counted()) <= _MOST_WORDS and "0" in column.counted():
        values = {**_OWN, "0": "success", "*": "failure"}
        return Finding("outcome", (column.expression,), f"0 or an error {column.seen()}", values, (column,))
    if column.share_of(_is_grpc) == 1 and column.words == ("code",) and column.parents[-1] == ("status",):
        return Finding("outcome", (column.expression,), f"a gRPC status {column.seen()}", _GRPC, (column,))
    return None


def _is_http(value: Scalar) -> bool:
    word = word_of(value)
    return word.isascii() and word.isdigit() and len(word) == 3 and word[0] in "12345"


def _is_grpc(value: Scalar) -> bool:
    return not isinstance(value, bool) and word_of(value) in _GRPC_CODES


def _is_small(value: Scalar) -> bool:
    word = word_of(value)
    return word.isascii() and word.isdigit() and len(word) <= 6


def _by_error(column: Column) -> Finding | None:
    """An error that most records do not have. Where it speaks of leave, it was refused."""
    if column.share > 0.7 or column.share_of(lambda value: isinstance(value, bool)) > 0:
        return None
    place = column.expression
    low = f"lower(to_string({place}))"
    refused = " || ".join(f"contains({low}, '{part}')" for part in ("denied", "unauthor", "forbidden"))
    return Finding(
        "outcome",
        (f"{place} && ({refused}) && 'denied' || null", f"{place} && 'failure' || null"),
        f"an error {column.seen()}",
        columns=(column,),
    )


def _by_action(action: Finding) -> Finding | None:
    """A deed that is called `..._failed` did not happen."""
    parts = [part for _, names in _SAID_OF_DEEDS for part in names]
    places = [
        column.expression
        for column in action.columns
        if any(part in word.lower() for word in column.counted() for part in parts)
    ]
    if not places:
        return None
    choices: list[str] = []
    for place in places:
        low = f"lower(to_string({place}))"
        for outcome, names in _SAID_OF_DEEDS:
            tests = " || ".join(f"contains({low}, '{part}')" for part in names)
            choices.append(f"{place} && ({tests}) && '{outcome}' || null")
    reason = f"by the name of the deed: {', '.join(parts)}"
    return Finding("outcome", tuple(choices), reason, columns=action.columns)


def _listed(values: Mapping[str, str]) -> str:
    shown = [f"{word} is {outcome}" for word, outcome in list(values.items())[:3]]
    return ", ".join(shown)

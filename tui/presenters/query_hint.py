"""What is said about a query while it is typed: the stretch of time that it means, or what is wrong and where."""

from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from data.errors import QueryError
from data.query import parse_query, window_of
from data.query.editing import with_time_in_common
from data.query.reference import KEYS_BY_WORD, reference_of
from tui.presenters.choices import window_text


@dataclass(frozen=True, slots=True)
class QueryHint:
    """Texts, the longest first, of which the first that has room is shown; the error that they are about, if any."""

    texts: tuple[str, ...]
    error: QueryError | None = None


def hint_for(text: str, now: datetime, zone: ZoneInfo) -> QueryHint:
    """The hint for what has been typed so far."""
    try:
        query = parse_query(text)
    except QueryError as error:
        examples = _examples(text)
        if examples:
            return QueryHint((f"{error.problem}. {error.hint}", *examples, error.problem), error)
        if not error.hint:
            return QueryHint((f"{error.problem}.",), error)
        suggestion, question, _rest = error.hint.partition("? ")
        short = f"{error.problem}. {suggestion}?" if question else error.problem
        return QueryHint((f"{error.problem}. {error.hint}", short, error.problem), error)
    return QueryHint((window_text(window_of(with_time_in_common(query, now, zone), now, zone), zone),))


def _examples(text: str) -> tuple[str, ...]:
    """Values of a key whose value is still to come, the short ones first, as many as there may be room for, fewer and fewer."""
    word, colon, rest = (text.split() or [""])[-1].lstrip("-").partition(":")
    key = KEYS_BY_WORD.get(word.lower())
    if key is None or not colon or rest:
        return ()
    reference = reference_of(key)
    values = sorted((*reference.choices, *reference.forms), key=len)
    return tuple(
        f"Such as {', '.join(values[:many])}{', ...' if many < len(values) else ''}"
        for many in range(len(values), 0, -1)
    )

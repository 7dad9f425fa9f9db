"""What is said about a query while it is typed: the stretch of time that it means, or what is wrong and where."""

from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from data.errors import QueryError
from data.query import parse_query, window_of
from data.query.editing import with_time_in_common
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
        if not error.hint:
            return QueryHint((f"{error.problem}.",), error)
        suggestion, question, _rest = error.hint.partition("? ")
        short = f"{error.problem}. {suggestion}?" if question else error.problem
        return QueryHint((f"{error.problem}. {error.hint}", short, error.problem), error)
    return QueryHint((window_text(window_of(with_time_in_common(query, now, zone), now, zone), zone),))

"""What asks a log for the very requests and changes that a line of a story stands for."""

from zoneinfo import ZoneInfo

from data.clock import to_microseconds
from data.query import Clause, EventQuery, Key, Pattern, Window
from data.query.model import EVERYTHING
from data.query.time_text import clause_over
from data.records import Reference
from data.requests import REFUSED, SERVED
from data.why.model import Run


def of_client(subject: Reference, *clauses: Clause) -> EventQuery:
    """A client's events, over all time if no clause says another."""
    naming = Clause(Key.CLIENT, (Pattern.literal(subject.id or subject.label),))
    return EventQuery((naming, *(clauses or (EVERYTHING,))))


def of_run(subject: Reference, run: Run, zone: ZoneInfo) -> EventQuery:
    """The requests of a run; those of other kinds between them as well, where nothing in a query tells them apart."""
    window = Window(to_microseconds(run.first_at), to_microseconds(run.last_at) + 1)
    clauses = [_literal(Key.TYPE, REFUSED if run.is_refused else SERVED)]
    if not run.is_refused:
        clauses.append(_literal(Key.OUTCOME, run.outcome))
    if run.token is not None:
        clauses.append(_literal(Key.TOKEN, run.token))
    if run.address_count == 1:
        clauses.append(_literal(Key.IP, run.addresses[0]))
    return of_client(subject, *clauses, clause_over(window, zone))


def _literal(key: Key, text: str) -> Clause:
    return Clause(key, (Pattern.literal(text),))

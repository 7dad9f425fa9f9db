"""What is asked: random combinations of filters, and those that users hit and that are worst for an index."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import timedelta
from ipaddress import ip_network
from random import Random
from uuid import UUID

from data.answers import Dimension, Direction
from data.catalogue import Tab
from data.query import Clause, DurationRange, EventQuery, Key, Pattern, Span, Value, parse_query, print_query
from tests.benchmarks.finding.columns import SPAN, START, Columns
from tests.benchmarks.finding.oracle import family_pattern
from tests.benchmarks.finding.rows import event_id
from tests.benchmarks.finding.vocabulary import vocabulary

RANDOM = 240
_SEED = 11
_WINDOW_DAYS = 90
_COUNTED = {dimension: Key(dimension.value) for dimension in Dimension}
# Of how many dimensions something is asked, and how often.
_ASKED, _SHARES = (0, 1, 2, 3, 4), (5, 25, 30, 25, 15)


@dataclass(frozen=True, slots=True)
class Question:
    """A query, and which page of it: from the start of the direction, or beyond an event at a position."""

    query: EventQuery
    direction: Direction = Direction.OLDER
    position: int | None = None
    id: UUID | None = None

    def __str__(self) -> str:
        beyond = "" if self.position is None else f" ({self.direction.name.lower()} than {self.id})"
        return f"{print_query(self.query)}{beyond}"


def random_questions(columns: Columns, count: int) -> list[Question]:
    """The same in every run over the same events. Half of them are about the last 30 days."""
    chance = Random(_SEED)
    return [_random(columns, chance) for _ in range(count)]


def _random(columns: Columns, chance: Random) -> Question:
    # Anchored in one event, so that something is found; of frequent values; or of any, most of them rare.
    anchor = chance.randrange(len(columns))
    way = chance.choice(("anchored", "frequent", "any"))

    def choose(dimension: Dimension, is_first: bool) -> int:
        if way == "any":
            return chance.randrange(vocabulary(dimension).size)
        position = anchor if is_first and way == "anchored" else chance.randrange(len(columns))
        return int(columns.codes[dimension][position])

    clauses = []
    for dimension in chance.sample(tuple(Dimension), chance.choices(_ASKED, _SHARES)[0]):
        several = min(chance.choice((1, 1, 1, 2, 3, 5)), 2 if dimension is Dimension.OUTCOME else 5)
        codes = [choose(dimension, not number) for number in range(several)]
        codes = [code for code in codes if code < vocabulary(dimension).none]
        values = tuple(dict.fromkeys(_value(chance, dimension, code) for code in codes))
        if values:
            clauses.append(Clause(_COUNTED[dimension], values, negated=chance.random() < 0.08))
    if chance.random() < 0.15:
        clauses.append(Clause(Key.TAB, (Pattern.literal(chance.choice((Tab.ADMIN, Tab.USERS)).value),)))
    if chance.random() < 0.1:
        least = chance.choice((5, 50, 123, 200, 1_000))
        wanted = DurationRange(least, chance.choice((None, least * 3)))
        clauses.append(Clause(Key.DURATION, (wanted,)))
    clauses.append(_time(chance))
    query = EventQuery(tuple(clauses))
    kind = chance.choices(("first", "next", "previous"), (50, 30, 20))[0]
    if kind == "first":
        return Question(query)
    position = chance.randrange(len(columns))
    direction = Direction.OLDER if kind == "next" else Direction.NEWER
    return Question(query, direction, position, event_id(columns, position))


def _value(chance: Random, dimension: Dimension, code: int) -> Value:
    term = vocabulary(dimension).terms[code]
    name = term.name or ""
    if dimension is Dimension.TYPE and chance.random() < 0.25:
        return family_pattern(name.casefold())[0]
    if dimension is Dimension.IP and chance.random() < 0.25:
        return ip_network(f"{name}/{32 if ':' in name else 20}", strict=False)
    return Pattern.literal(name if term.ident is None or chance.random() < 0.3 else term.ident)


def _time(chance: Random) -> Clause:
    kind = chance.choices(("30d", "all", "window"), (50, 30, 20))[0]
    if kind != "window":
        return Clause(Key.LAST, (Span(kind),))
    first = START + timedelta(days=chance.randrange(SPAN.days - _WINDOW_DAYS))
    last = first + timedelta(days=_WINDOW_DAYS)
    return Clause(Key.DURING, (Span(f"{first:%Y-%m-%d}", f"{last:%Y-%m-%d}"),))


def adversarial_questions(columns: Columns) -> list[Question]:
    """Popular pairs that never meet, over all time; single events in the oldest month; busy actors who left."""
    kinds = [term.name or "" for term in vocabulary(Dimension.TYPE).terms]
    services = [term.name or "" for term in vocabulary(Dimension.SERVICE).terms]

    def asking(days: str = "all", **asked: str | Iterable[str]) -> Question:
        written = " ".join(
            f"{key}:{values if isinstance(values, str) else ','.join(values)}" for key, values in asked.items()
        )
        return Question(parse_query(f"{written} last:{days}"))

    def types(*codes: int) -> list[str]:
        return [kinds[code] for code in codes]

    def people(*numbers: int) -> list[str]:
        return [vocabulary(Dimension.ACTOR).terms[number].ident or "system" for number in numbers]

    def clients(*numbers: int) -> list[str]:
        return [vocabulary(Dimension.CLIENT).terms[number].ident or "" for number in numbers]

    def provided(*numbers: int) -> list[str]:
        return [services[number] for number in numbers]

    early = min(4, len(columns) - 1)
    seldom = asking(type=types(0), service=provided(7))
    return [
        asking(tab="admin", type=types(0)),
        asking(actor=people(0), client=clients(0)),
        asking(actor=people(1), client=clients(6)),
        asking(type=types(0), outcome="denied"),
        asking(type=types(0, 3, 6, 9), outcome="denied"),
        seldom,
        asking(type=types(0), service=provided(1)),
        asking(actor=people(3)),
        asking(actor=people(0, 7, 14, 21), client=clients(0)),
        asking(actor=people(4_998)),
        Question(seldom.query, Direction.NEWER, early, event_id(columns, early)),
        asking(actor=people(4_000), outcome="denied"),
        asking("30d", type=types(0), service=provided(7)),
        asking(tab="users", type=types(0, 1, 3), outcome="success,failure", actor=people(0, 7), client=clients(0)),
        asking(tab="users", outcome="success", service=provided(2, 3, 4), type=types(0)),
        asking(outcome="success"),
        asking(outcome="success,failure", tab="admin,users"),
        asking(actor=people(3), outcome="success", tab="users"),
        asking(actor=people(0, 7, 14), client=clients(0, 7, 14, 21)),
        asking(outcome="failure", type=types(5, 13), ip=[vocabulary(Dimension.IP).terms[0].name or ""]),
    ]

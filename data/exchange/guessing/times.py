"""When it happened: values that are times, under a name that speaks of the deed and not of its end or of the log."""

from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from data.exchange.guessing.columns import Column, Scalar, computed, seen_in
from data.exchange.guessing.finding import Finding, covered_by
from data.exchange.guessing.key_words import word_set
from data.exchange.guessing.shapes import time_in, unit_of
from data.exchange.guessing.vocabulary import Vocabulary, names
from data.exchange.timestamps import UnixUnit, unix_time

_VOCABULARY = Vocabulary(
    names(
        {
            "timestamp": 1.0,
            "time": 1.0,
            "ts": 1.0,
            "event time": 1.0,
            "event timestamp": 1.0,
            "occurred at": 1.0,
            "occurred": 1.0,
            "happened at": 1.0,
            "datetime": 0.95,
            "date time": 0.95,
            "published": 0.9,
            "logged at": 0.9,
            "recorded at": 0.85,
            "created at": 0.9,
            "create time": 0.9,
            "created": 0.85,
            "creation": 0.8,
            "creation time": 0.9,
            "date create": 0.9,
            "date created": 0.9,
            "date": 0.9,
            "when": 0.95,
            "epoch": 0.85,
            "at": 0.8,
            "t": 0.75,
            "logged": 0.8,
        }
    ),
    against=word_set(
        "expire expires expired expiry expiration start started begin end ended stop stopped finish finished complete "
        "completed close closed update updated updates modified modification last next previous first until before after "
        "valid due delete deleted duration elapsed took zone timezone birth login signed build release offset"
    ),
    # What the record is about has times of its own, and so has the session in which it was done.
    against_above=word_set(
        "response body session attributes target entity object resource user actor previous old new token"
    ),
)
_LATER = word_set("received receive ingested ingest ingestion indexed processed inserted insert collected stored")
"""When the log got it, which is later than when it was."""

_SMALLEST_SHARE = 0.9
"""Of a place's values that have to be times."""

_LEAST_SCORE = 0.6
_SURE_NAME = 0.75
_AGREEMENT = timedelta(minutes=2)
_MOST_CHOICES = 5

# What makes an RFC 3339 time of other ways of writing one, by `replace`: Python's logging has a comma before the
# fraction, some have slashes in the date, Ruby has blanks before the offset, databases write out the zone.
_REPAIRS: tuple[tuple[tuple[str, str], ...], ...] = (
    (),
    ((",", "."),),
    (("/", "-"),),
    ((" UTC", "Z"),),
    ((" GMT", "Z"),),
    ((" +", "+"), (" -", "-")),
    (("/", "-"), (" UTC", "Z")),
    (("/", "-"), (" +", "+"), (" -", "-")),
    (("/", "-"), (",", ".")),
)


@dataclass(frozen=True, slots=True)
class TimeGuess:
    """Where the time is; `numbers` is what numbers count there, `needs_zone` whether a text names no offset."""

    finding: Finding
    numbers: UnixUnit | None
    needs_zone: bool


@dataclass(frozen=True, slots=True, eq=False)
class _Candidate:
    column: Column
    moments: dict[int, datetime]
    unit: UnixUnit | None
    needs_zone: bool
    forms: tuple[str, ...]
    name: float

    @property
    def score(self) -> float:
        distinct = len(set(self.moments.values()))
        column = self.column
        later = 0.25 if _LATER.intersection(column.words) else 0.0
        moves = 0.1 if distinct > 1 or len(self.moments) == 1 else 0.0
        return self.name + 0.35 * column.share + moves - later - 0.06 * column.depth


def guess_time(columns: Sequence[Column]) -> TimeGuess | None:
    """The time of these records; None if nothing in them is one."""
    candidates = sorted(_candidates(columns), key=lambda candidate: -candidate.score)
    likely = [candidate for candidate in candidates if candidate.name >= 0.25 and candidate.score >= _LEAST_SCORE]
    if not likely:
        return None
    chosen = [likely[0]]
    for candidate in candidates:
        if len(chosen) < _MOST_CHOICES and _may_stand_in(candidate, chosen):
            chosen.append(candidate)
    chosen.sort(key=lambda candidate: -candidate.name)  # they agree, and the best named one comes first
    columns_chosen = tuple(candidate.column for candidate in chosen)
    total = chosen[0].column.total
    forms = " or ".join(dict.fromkeys(form for candidate in chosen for form in candidate.forms))
    reason = f"{forms} {seen_in(len(covered_by(columns_chosen)), total)}"
    units = [candidate.unit for candidate in chosen if candidate.unit is not None]
    return TimeGuess(
        Finding("occurred_at", tuple(column.expression for column in columns_chosen), reason, columns=columns_chosen),
        units[0] if units else None,
        any(candidate.needs_zone for candidate in chosen),
    )


def _may_stand_in(candidate: _Candidate, chosen: Sequence[_Candidate]) -> bool:
    """Whether it is the time of records in which the others say nothing: it agrees with them where both are there, or
    it is never beside them and plainly named."""
    columns = [each.column for each in chosen]
    if not set(candidate.moments) - covered_by(columns):
        return False
    units = {each.unit for each in (*chosen, candidate)} - {None}
    if len(units) > 1:
        return False
    known: dict[int, datetime] = {}
    for each in chosen:
        known = {**each.moments, **known}
    both = known.keys() & candidate.moments.keys()
    if not both:
        return candidate.name >= _SURE_NAME and candidate.column.depth <= chosen[0].column.depth + 1
    agreeing = sum(abs(known[number] - candidate.moments[number]) <= _AGREEMENT for number in both)
    return candidate.name >= 0.5 and agreeing >= 0.8 * len(both)


def _candidates(columns: Sequence[Column]) -> Iterator[_Candidate]:
    # What is in a list has a time of its own.
    alone = [column for column in columns if not column.is_listed]
    for column in (*alone, *_joined(alone)):
        candidate = _read(column)
        if candidate is not None:
            yield candidate


def _read(column: Column) -> _Candidate | None:
    weight = _VOCABULARY.weight(column)
    unit = _unit(column) if weight > 0 else None
    if unit is not None:
        return _of_numbers(column, unit)
    repair = _repair(column)
    if repair is None:
        return None
    moments = {
        number: moment
        for number, value in column.values.items()
        if isinstance(value, str) and (moment := time_in(_repaired(value, repair))) is not None
    }
    # Without a name for it, a place whose every value is a time is one, unless its name speaks against it.
    name = weight or 0.3
    return _Candidate(
        column if not repair else computed(column, _repairing(column.expression, repair), column.values),
        moments,
        None,
        any(_names_no_offset(_repaired(text, repair)) for text in column.texts()),
        ("ISO 8601" if not repair else "nearly ISO 8601",),
        name,
    )


def _unit(column: Column) -> UnixUnit | None:
    """What most of its values count, where numbers are among them."""
    units = Counter(unit for value in column.values.values() if (unit := _unit_of(value)) is not None)
    return units.most_common(1)[0][0] if units else None


def _unit_of(value: Scalar) -> UnixUnit | None:
    number = _number(value)
    return None if number is None else unit_of(number)


def _number(value: Scalar) -> float | None:
    if isinstance(value, str):
        digits = value.strip()
        whole, point, rest = digits.partition(".")
        is_number = whole.isascii() and whole.isdigit() and len(whole) <= 20 and (not point or rest.isdigit())
        return (int(digits) if not point else float(digits)) if is_number else None
    return None if isinstance(value, bool) else value


def _of_numbers(column: Column, unit: UnixUnit) -> _Candidate | None:
    """Numbers alone, or numbers in some records and text in others. A number is a time only where the name says so."""
    moments: dict[int, datetime] = {}
    for number, value in column.values.items():
        count = _number(value)
        if count is not None and unit_of(count) is unit:
            moments[number] = unix_time("", count, unit)
        elif isinstance(value, str) and (moment := time_in(value)) is not None:
            moments[number] = moment
    if len(moments) < _SMALLEST_SHARE * len(column.values):
        return None
    fractions = any("." in text and _number(text) is not None for text in column.texts())
    words = [text for text in column.texts() if time_in(text) is not None]
    form = f"Unix time in {unit.name.lower()}"
    if fractions and words:
        return None  # no one expression reads both
    given = computed(column, f"to_number({column.expression})", column.values) if fractions else column
    name = _VOCABULARY.weight(column)
    forms = (form, "ISO 8601") if words else (form,)
    return _Candidate(given, moments, unit, any(map(_names_no_offset, words)), forms, name)


def _repair(column: Column) -> tuple[tuple[str, str], ...] | None:
    """What has to be replaced in its texts so that they are times; None if nothing helps."""
    texts = list(column.texts())
    if not texts or not texts[0][:1].isdigit() or len(texts) < _SMALLEST_SHARE * len(column.values):
        return None
    for repair in _REPAIRS:
        readable = sum(time_in(_repaired(text, repair)) is not None for text in texts)
        if readable >= _SMALLEST_SHARE * len(texts):
            return repair
    return None


def _repaired(text: str, repair: Sequence[tuple[str, str]]) -> str:
    for old, new in repair:
        text = text.replace(old, new)
    return text


def _repairing(expression: str, repair: Sequence[tuple[str, str]]) -> str:
    inner = f"to_string({expression})"
    for old, new in repair:
        inner = f"replace({inner}, '{old}', '{new}')"
    return f"{expression} && {inner} || null"


def _names_no_offset(text: str) -> bool:
    tail = text.strip()[10:]
    return time_in(text) is not None and not (tail[-1:] in "zZ" or "+" in tail or "-" in tail)


def _joined(columns: Sequence[Column]) -> Iterator[Column]:
    """A day and a time of day that stand beside each other."""
    days = [column for column in columns if _all(column, _is_day)]
    clocks = [column for column in columns if _all(column, _is_clock)]
    for day in days:
        for clock in clocks:
            if clock.parent == day.parent:
                values: dict[int, Scalar] = {
                    number: f"{day.values[number]}T{clock.values[number]}"
                    for number in day.values.keys() & clock.values.keys()
                }
                if values:
                    both = f"{day.expression} && {clock.expression}"
                    yield computed(
                        day,
                        f"{both} && join('T', [to_string({day.expression}), to_string({clock.expression})]) || null",
                        values,
                    )


def _all(column: Column, looks: Callable[[Scalar], bool]) -> bool:
    """Whether all its values look so; one look is mostly enough to say no."""
    return looks(next(iter(column.values.values()))) and column.share_of(looks) == 1


def _looks(form: str) -> Callable[[Scalar], bool]:
    def looks(value: Scalar) -> bool:
        return isinstance(value, str) and time_in(form.format(value)) is not None

    return looks


_is_day = _looks("{}T00:00:00Z")
_is_clock = _looks("2000-01-01T{}")

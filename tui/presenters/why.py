"""Why an integration stopped working, as rows: the answer first, then requests, refusals and changes by time."""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import groupby
from uuid import UUID
from zoneinfo import ZoneInfo

from data.records import Outcome
from data.why.model import Cause, ChangeLine, Likelihood, Run, RunLine, State, Story
from data.why.wording import counted, joined
from tui.glyphs import glyphs
from tui.presenters.card import BADGES, LOOKS, outcome_mark, reason_label, title_of
from tui.presenters.days import heading_row
from tui.presenters.pieces import Line, Role, Row
from tui.presenters.values import clock_text, count_text, field_text, moment_text, value_text
from tui.terminal import safe, wrap

_TIME_AT, _MARK_AT, _TEXT_AT = 1, 10, 12
_MOST_CHANGES = 3
_MOST_CHARACTERS = 1_000
_NOT_PROVEN = "?"

_STATES = {
    State.STOPPED: (" STOPPED ", Role.FAILURE_BADGE),
    State.PARTLY: (" PARTLY REFUSED ", Role.DENIED_BADGE),
    State.NAMED: (" NOT PROVEN ", Role.DENIED_BADGE),
    State.FAILING: (" ANSWERED WITH ERRORS ", Role.DENIED_BADGE),
    State.WELL: (" WELL ", Role.ACCENT_BADGE),
    State.QUIET: (" NO REQUESTS ", Role.ACCENT_BADGE),
}
_CAUSES = {
    Likelihood.LIKELY: (" CAUSE ", Role.FAILURE_BADGE),
    Likelihood.POSSIBLE: (" POSSIBLE CAUSE ", Role.DENIED_BADGE),
}


@dataclass(frozen=True, slots=True)
class LineKey:
    """A line to stand on: the event that it is, or the last request of the run that it is."""

    id: UUID


PaneRows = tuple[tuple[Row, ...], LineKey | None]


def why_rows(story: Story, dates: str, remark: str | None, width: int, zone: ZoneInfo) -> list[PaneRows]:
    """All rows, `width` cells wide. `dates` is the query's clause for them; `remark` is said above the answer."""
    rows: list[PaneRows] = [(tuple(_heading(story, remark, width)), None)]
    today = story.now.astimezone(zone).date()
    for day, lines in groupby(story.lines, key=lambda line: line.at.astimezone(zone).date()):
        rows.append((((), heading_row(day, today, width)), None))
        rows.extend((tuple(_line_rows(line, width, zone)), key_of_line(line)) for line in lines)
    rows.append((((), Line(width).at(1).add(_ending(story, dates), Role.FAINT).row()), None))
    return rows


def key_of_line(line: RunLine | ChangeLine) -> LineKey:
    """The line's key."""
    return LineKey(line.run.last_id if isinstance(line, RunLine) else line.event.id)


def _heading(story: Story, remark: str | None, width: int) -> Iterator[Row]:
    """Whose story it is, the word for how it stands, and the answer."""
    word, role = _STATES[story.answer.state]
    first, *rest = story.answer.sentences
    if remark is not None:
        yield from _wrapped(remark, 1, width, Role.DENIED)
    yield Line(width).at(1).add(word, role, bold=True).add(" ").add(story.subject.label, Role.LINK, bold=True).row()
    yield from _wrapped(first, 1, width, Role.TITLE, bold=True)
    for sentence in rest:
        yield from _wrapped(sentence, 1, width, Role.TEXT)


def _ending(story: Story, dates: str) -> str:
    if story.earlier:
        return f"{count_text(story.earlier)} requests before are not shown; dates: {dates}"
    return f"{'Nothing before' if story.lines else 'Nothing'} within these dates: {dates}"


def _line_rows(line: RunLine | ChangeLine, width: int, zone: ZoneInfo) -> Iterator[Row]:
    if isinstance(line, RunLine):
        yield from _run_rows(line, width, zone)
    else:
        yield from _change_rows(line, width, zone)


def _run_rows(line: RunLine, width: int, zone: ZoneInfo) -> Iterator[Row]:
    run, cause = line.run, line.cause
    mark, look = outcome_mark(run.outcome), LOOKS[run.outcome]
    calls = counted(run.count, "call", at_least=run.is_partial)
    first = Line(width).at(_TIME_AT).add(clock_text(run.last_at, zone), Role.MUTED)
    if not run.is_refused:
        word = "" if run.status is None else str(run.status)
        first.at(_MARK_AT).add(mark, look, bold=True).at(_TEXT_AT).add(f"{calls}, ").add(word or run.outcome, look)
    else:
        word = " NAMED, NOT PROVEN " if not run.is_proven else " REFUSED "
        mark = mark if run.is_proven else _NOT_PROVEN
        first.at(_MARK_AT).add(mark, look, bold=True).at(_TEXT_AT).add(f"{calls} ", Role.TITLE, bold=True)
        first.add(word, BADGES[Outcome.DENIED], bold=True)
        first.add(" ").add(_refusal_text(run), Role.DENIED)
    yield first.row()
    yield Line(width).at(_TEXT_AT).add(_details(run, zone), Role.MUTED).row()
    if cause is not None and cause.change is None:
        yield from _wrapped(cause.reason, _TEXT_AT, width, Role.TEXT)


def _refusal_text(run: Run) -> str:
    """`missing scope users:write`."""
    word = (run.refusal_word or "refused").replace("_", " ")
    return word if run.scope is None else f"{word} {run.scope}"


def _details(run: Run, zone: ZoneInfo) -> str:
    """From when on, from where, by which token, and for what."""
    begin = run.first_at.astimezone(zone)
    same_day = begin.date() == run.last_at.astimezone(zone).date()
    parts = []
    if run.count > 1 or run.first_at != run.last_at:
        parts.append(f"since {clock_text(run.first_at, zone) if same_day else moment_text(run.first_at, zone)}")
    more = run.address_count - len(run.addresses)
    if run.addresses:
        parts.append(f"from {joined([*run.addresses, f'{more} more'] if more else [*run.addresses])}")
    parts += [part for part in (run.token, run.service, run.action) if part]
    return f" {glyphs().dot} ".join(parts)


def _change_rows(line: ChangeLine, width: int, zone: ZoneInfo) -> Iterator[Row]:
    event = line.event
    first = Line(width).at(_TIME_AT).add(clock_text(event.occurred_at, zone), Role.MUTED)
    sign = outcome_mark(event.outcome)
    if line.blamed is not None:
        sign = glyphs().cause
    first.at(_MARK_AT).add(sign, Role.FAILURE if line.blamed else LOOKS[event.outcome], bold=True).at(_TEXT_AT)
    first.add(title_of(event), Role.TITLE, bold=True)
    if event.outcome is not Outcome.SUCCESS:
        first.add(" ").add(f" {event.outcome.upper()} ", BADGES[event.outcome], bold=True)
    first.add("  ").add(f"by {event.actor.label}", Role.TEXT)
    if event.ip is not None:
        first.add(f" from {event.ip}", Role.MUTED)
    yield first.row()
    if line.blamed is not None:
        yield from _cause_rows(line.blamed, width)
    yield from _facts(line, width)


def _cause_rows(cause: Cause, width: int) -> Iterator[Row]:
    word, role = _CAUSES[cause.likelihood]
    lines = wrap(safe(cause.reason, limit=_MOST_CHARACTERS), max(width - _TEXT_AT - len(word) - 2, 10))
    for number, text in enumerate(lines):
        row = Line(width).at(_TEXT_AT)
        if not number:
            row.add(word, role, bold=True)
        yield row.at(_TEXT_AT + len(word) + 1).add(text, Role.TEXT).row()


def _facts(line: ChangeLine, width: int) -> Iterator[Row]:
    """The token that it is about, the reason, and the first fields that changed."""
    event = line.event
    if event.target is not None and event.target.type == "token":
        yield Line(width).at(_TEXT_AT).add(event.target.label, Role.MUTED).row()
    if event.reason and (line.blamed is None or event.reason not in line.blamed.reason):
        label = Line(width).at(_TEXT_AT).add(f"{reason_label(event)}  ", Role.FAINT)
        yield label.add(event.reason, Role.MUTED).row()
    if event.type.endswith(".created"):  # all that it began with: the card has it
        return
    for change in event.changes[:_MOST_CHANGES]:
        row = Line(width).at(_TEXT_AT).add(f"{field_text(change.field)}  ", Role.FAINT)
        row.add(value_text(change.before), Role.BEFORE).add(f" {glyphs().arrow} ", Role.FAINT)
        yield row.add(value_text(change.after), Role.AFTER).row()
    if len(event.changes) > _MOST_CHANGES:
        yield Line(width).at(_TEXT_AT).add(f"+{len(event.changes) - _MOST_CHANGES} more", Role.FAINT).row()


def _wrapped(text: str, at: int, width: int, role: Role, *, bold: bool = False) -> Iterator[Row]:
    for line in wrap(safe(text, limit=_MOST_CHARACTERS), max(width - at - 1, 10)):
        yield Line(width).at(at).add(line, role, bold=bold).row()

"""An event as a card: SCREENS.md's grid of cells. Heights and text are a pure function of the event and the width."""

from collections.abc import Container, Iterator
from zoneinfo import ZoneInfo

from data.catalogue import CATALOGUE
from data.records import UNREADABLE, Change, Event, Json, Outcome, Reference, Seal
from tui.glyphs import glyphs
from tui.presenters.card_grid import CardGrid, Density
from tui.presenters.hostile_mark import mark_of
from tui.presenters.list_change import ListChange
from tui.presenters.pieces import Line, Role, Row
from tui.presenters.requests import action_of, is_request, proof_word, request_facts
from tui.presenters.seals import ERASED_LABEL, SEAL_BADGES, erasure_pieces, seal_mark
from tui.presenters.values import clock_text, field_text, is_short, value_text
from tui.terminal import cells_of, cut, safe

CLIENT = "api_client"
"""The type of a reference to an API client."""
_TIME_AT = 1
_MOST_ROWS = 6
_LEAST_WITH_OUTCOME = 50
_MOST_FACTS = 5
# What tells most about an event of another system, where it is there.
_TELLING = ("region", "environment", "version", "method", "status", "severity", "org", "repo", "visibility")

FLAG = "*"
"""The person's own mark on an event."""
BADGES = {Outcome.DENIED: Role.DENIED_BADGE, Outcome.FAILURE: Role.FAILURE_BADGE}
LOOKS = {Outcome.SUCCESS: Role.FAINT, Outcome.DENIED: Role.DENIED, Outcome.FAILURE: Role.FAILURE}


def outcome_mark(outcome: Outcome) -> str:
    """The outcome in one cell beside the title; nothing for a success."""
    return {Outcome.SUCCESS: "", Outcome.DENIED: "!", Outcome.FAILURE: glyphs().failed}[outcome]


def card_mark(event: Event) -> tuple[str, Role]:
    """The one mark that an event has room for, and how it is drawn: what became of the record weighs more than the outcome."""
    return seal_mark(event) or (outcome_mark(event.outcome), LOOKS[event.outcome])


def actor_of(event: Event) -> str:
    """Who did it, by their name then; nothing where that is not known any more."""
    return "" if event.is_blank else event.actor.label


def title_of(event: Event) -> str:
    """What happened or was tried: the past tense only for what was done. Of a request, what it asked for."""
    if event.type == UNREADABLE and event.is_blank:
        return "Unreadable event"
    action = action_of(event)
    if action is not None:
        return action
    kind = CATALOGUE.describe(event.type)
    return kind.done if event.outcome is Outcome.SUCCESS else kind.attempted


def object_of(event: Event) -> str | None:
    """What the card is about, by its name then: the target, for a token or a request its client."""
    about = _about(event)
    return None if about is None else about.label


def is_gone(event: Event, gone: Container[str]) -> bool:
    """Whether what the card is about is no longer there: by this event, or a client of those that were deleted since."""
    if event.type.endswith(".deleted") and event.outcome is Outcome.SUCCESS:
        return True
    about = _about(event)
    return about is not None and about.type == CLIENT and about.id in gone


def _about(event: Event) -> Reference | None:
    about = None if is_request(event) else event.target
    if event.client is not None and (about is None or about.type == "token"):
        return event.client
    return about


def reason_label(event: Event) -> str:
    """`reason` is why somebody did it, `because` why it did not come about."""
    return "reason" if event.outcome is Outcome.SUCCESS else "because"


def card_rows(
    event: Event,
    width: int,
    zone: ZoneInfo,
    density: Density = Density.CARDS,
    *,
    flagged: bool = False,
    gone: Container[str] = (),
) -> tuple[Row, ...]:
    """The card's rows in a deck of that many cells, without the blank one after it; their number hangs on the event alone.

    `flagged` is the person's mark, `gone` the ids of clients that were deleted.
    """
    grid = CardGrid.of(width)
    first = _first_row(event, grid, zone, density, flagged=flagged, gone=is_gone(event, gone))
    match density:
        case Density.LINES:
            return (first,)
        case Density.COMPACT:
            return first, _gist_row(event, grid)
        case Density.CARDS:
            details = list(_detail_rows(event, grid))
            hidden = len(details) - _MOST_ROWS
            if hidden > 0:
                more = Line(width).at(grid.value).add(f"+{hidden} more", Role.FAINT)
                details = [*details[:_MOST_ROWS], more.row()]
            return first, _second_row(event, grid), *details


def _first_row(event: Event, grid: CardGrid, zone: ZoneInfo, density: Density, *, flagged: bool, gone: bool) -> Row:
    time = clock_text(event.occurred_at, zone)[: grid.flag - _TIME_AT]
    line = Line(grid.width).at(_TIME_AT).add(time, Role.MUTED)
    line.at(grid.flag).add(FLAG if flagged else "", Role.ACCENT, bold=True)
    mark, look = card_mark(event)
    line.at(grid.mark).add(mark, look, bold=True)
    if density is Density.LINES:  # the others bear it on their second row
        line.at(grid.mark + 1).add(mark_of(event), Role.MUTED)
    badge = _badge(event, says_seal=grid.actor is None or density is Density.LINES)
    # Where there is very little room, what it is about matters more than a quiet word at the end.
    is_quiet = badge is None and grid.width < _LEAST_WITH_OUTCOME
    edge = grid.edge if is_quiet else grid.text_edge
    line.at(grid.text).add(title_of(event), Role.TITLE, until=edge, bold=True)
    about = object_of(event)
    if is_request(event) and about == event.actor.label:  # it is said where the actors stand
        about = None
    if about is not None and edge - line.used > 3:
        line.add("  ", until=edge).add(about, Role.MUTED if gone else Role.LINK, until=edge)
        if gone and edge - line.used > len("  (deleted)"):
            line.add("  (deleted)", Role.FAINT, until=edge)
    if grid.actor is not None:
        line.at(grid.actor).add(actor_of(event), Role.TEXT, until=grid.outcome - 1)
    if badge is not None:
        word, role = badge
        return line.right(f" {word.upper()} ", role, end=grid.edge + 1, bold=True).row()
    if event.is_blank:
        return line.row()
    is_said_elsewhere = grid.actor is not None or density is not Density.LINES
    quiet = (
        event.outcome.value if is_said_elsewhere else cut(safe(event.actor.label, limit=grid.width), grid.width // 3)
    )
    if line.used + cells_of(quiet) < grid.edge:
        line.right(quiet, Role.FAINT, end=grid.edge)
    return line.row()


def _badge(event: Event, *, says_seal: bool) -> tuple[str, Role] | None:
    """What stands at the end of row 1 if it is no quiet word; `says_seal` where no other row has room for how it stands."""
    if says_seal and event.seal is Seal.ALTERED:
        return event.seal.value, SEAL_BADGES[event.seal]
    outcome = None if event.is_blank else BADGES.get(event.outcome)
    if outcome is not None:
        return event.outcome.value, outcome
    return (event.seal.value, SEAL_BADGES[event.seal]) if says_seal and event.seal in SEAL_BADGES else None


def _second_row(event: Event, grid: CardGrid) -> Row:
    line = _by_actor(event, grid)
    edge = grid.text_edge if grid.actor is not None else grid.width
    for number, (label, text) in enumerate(facts_of(event)):
        separator = f" {glyphs().dot} " if number or line.used > grid.text else ""
        needed = len(separator) + sum(cells_of(safe(part, limit=grid.width)) for part in (label, text)) + 1
        if separator and line.used + needed > edge:
            continue
        line.add(separator, Role.FAINT, until=edge)
        if label:
            line.add(f"{label} ", Role.FAINT, until=edge)
        line.add(text, Role.TEXT if label else Role.MUTED, until=edge)
    return _with_address(event, line, grid)


def _gist_row(event: Event, grid: CardGrid) -> Row:
    """Row 2 of a compact card: why it did not come about, or the first change; without either, the short facts."""
    gist = next(_gists(event), None)
    if gist is None:
        return _second_row(event, grid)
    label, pieces = gist
    others = len(event.changes) - int(event.reason is None and event.erasure is None)
    edge = grid.text_edge if grid.actor is not None else grid.width
    more = f"  +{others}" if others > 0 else ""
    line = _by_actor(event, grid)
    if line.used > grid.text:
        line.add(f" {glyphs().dot} ", Role.FAINT)
    line.add(f"{label} ", Role.FAINT, until=edge)
    room = edge - line.used - len(more)
    for number, (text, role) in enumerate(pieces):
        # Each part may take what the parts after it leave when they are short, and at least its share.
        rest = sum(cells_of(safe(other, limit=room)) for other, _ in pieces[number + 1 :]) if room > 0 else 0
        left = edge - len(more) - line.used
        line.add(text, role, until=line.used + max(left - rest, left // (len(pieces) - number)))
    line.add(more, Role.FAINT, until=edge)
    return _with_address(event, line, grid)


def _gists(event: Event) -> Iterator[tuple[str, list[tuple[str, Role]]]]:
    """What would be the card's rows 3 on, each on one row: its label, and the parts of its text."""
    if event.erasure is not None:
        yield ERASED_LABEL, list(erasure_pieces(event.erasure))
    if event.reason is not None:
        yield reason_label(event), [(event.reason, _role_of_reason(event))]
    for change in event.changes:
        if isinstance(change.before, list) and isinstance(change.after, list):
            lists = ListChange.between(change.before, change.after)
            signed = [(f"{glyphs().removed} {value_text(item)}  ", Role.BEFORE) for item in lists.removed]
            signed += [(f"+ {value_text(item)}  ", Role.AFTER) for item in lists.added]
            yield field_text(change.field), signed[:_MOST_FACTS] or [("(empty)", Role.FAINT)]
        else:
            before, after = value_text(change.before), value_text(change.after)
            yield (
                field_text(change.field),
                [(before, Role.BEFORE), (f" {glyphs().arrow} ", Role.FAINT), (after, Role.AFTER)],
            )


def _by_actor(event: Event, grid: CardGrid) -> Line:
    """Row 2's beginning: where there is no column for it, it says who."""
    line = Line(grid.width).at(grid.mark).add(mark_of(event), Role.MUTED).at(grid.text)
    if grid.actor is None and not event.is_blank:
        line.add("by ", Role.FAINT).add(event.actor.label, Role.TEXT)
    return line


def _with_address(event: Event, line: Line, grid: CardGrid) -> Row:
    if grid.actor is None:
        return line.row()
    line.at(grid.actor).add(event.ip or "", Role.MUTED, until=grid.outcome - 1)
    badge = SEAL_BADGES.get(event.seal)
    if badge is None:
        return line.right(proof_word(event), Role.FAINT, end=grid.edge).row()
    return line.right(f" {event.seal.value.upper()} ", badge, end=grid.edge + 1, bold=True).row()


def facts_of(event: Event) -> list[tuple[str, str]]:
    """The short facts of row 2 as (label, text), at most five: when it expires first, ids without a label."""
    if is_request(event):
        return request_facts(event)[:_MOST_FACTS]
    data = event.data
    facts: list[tuple[str, str]] = []
    if is_short(data.get("expires")):
        facts.append(("expires", value_text(data["expires"])))
    if event.token is not None:
        facts.append(("", event.token))
    elif event.target is not None and event.target.name and event.target.id and len(event.target.id) <= 24:
        facts.append(("", event.target.id))
    known = event.type in CATALOGUE
    if not known and event.service:
        facts.append(("", event.service))
    telling = dict.fromkeys((*CATALOGUE.describe(event.type).facts, *_TELLING))
    names = [name for name in telling if name in data] or list(data)
    for name in names:
        if name != "expires" and len(facts) < _MOST_FACTS and is_short(data[name]):
            facts.append((field_text(name), value_text(data[name])))
    return facts


def _detail_rows(event: Event, grid: CardGrid) -> Iterator[Row]:
    if event.erasure is not None:
        line = _labelled(ERASED_LABEL, grid)
        for text, role in erasure_pieces(event.erasure):
            line.add(text, role)
        yield line.row()
    if event.reason is not None:
        yield _labelled(reason_label(event), grid).add(event.reason, _role_of_reason(event)).row()
    for change in event.changes:
        yield from change_rows(change, grid)


def change_rows(change: Change, grid: CardGrid) -> Iterator[Row]:
    """One field's change: on one row where it fits, else before and after on a row each."""
    label = field_text(change.field)
    if isinstance(change.before, list) and isinstance(change.after, list):
        yield _list_change(label, change.before, change.after, grid)
        return
    before, after = (safe(value_text(value), limit=4 * grid.width) for value in (change.before, change.after))
    arrow, removed = f" {glyphs().arrow} ", f"{glyphs().removed} "
    if cells_of(before) + len(arrow) + cells_of(after) <= grid.width - grid.value:
        line = _labelled(label, grid).add(before, Role.BEFORE).add(arrow, Role.FAINT)
        yield line.add(after, Role.AFTER).row()
    else:
        yield _labelled(label, grid).add(removed, Role.BEFORE, bold=True).add(before, Role.BEFORE).row()
        yield Line(grid.width).at(grid.value).add("+ ", Role.AFTER, bold=True).add(after, Role.AFTER).row()


def _list_change(label: str, before: list[Json], after: list[Json], grid: CardGrid) -> Row:
    line = _labelled(label, grid)
    change = ListChange.between(before, after)
    for sign, items, role in ((f"{glyphs().removed} ", change.removed, Role.BEFORE), ("+ ", change.added, Role.AFTER)):
        for item in items:
            if not line.room:
                break
            line.add(sign, role, bold=True).add(value_text(item), role).add("  ")
    kept = len(change.kept)
    return line.add(f"{kept} unchanged" if kept else "", Role.FAINT).row()


def _role_of_reason(event: Event) -> Role:
    return Role.TEXT if event.outcome is Outcome.SUCCESS else LOOKS[event.outcome]


def _labelled(label: str, grid: CardGrid) -> Line:
    return Line(grid.width).at(grid.text).add(label, Role.FAINT, until=grid.value - 1).at(grid.value)

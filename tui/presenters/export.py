"""What an export would be, in rows: the query, how many events of when, the formats, how much it is, and where it goes."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from zoneinfo import ZoneInfo

from data.answers import Survey
from data.hostile import made_visible
from tui.glyphs import glyphs
from tui.presenters.pieces import Line, Role, Row
from tui.presenters.system import bytes_text
from tui.presenters.values import count_text, minute_text
from tui.terminal import wrap

_LABEL_AT, VALUE_AT = 2, 13
_NAME_AT = VALUE_AT + 4
_ABOUT_AT = _NAME_AT + 12
_MOST_QUERY_ROWS = 4
_BAR_CELLS = 24


@dataclass(frozen=True, slots=True)
class FormatShown:
    """A format: what it is chosen by, what it is called, and what it is of use for."""

    tag: str
    name: str
    about: str


@dataclass(frozen=True, slots=True)
class ExportShown:
    """What the form knows. `survey` is None while it is looked, and `trouble` why it could not be.

    `line` is what to type at home, where nothing is written here.
    """

    query: str
    dates: str
    formats: Sequence[FormatShown]
    chosen: str
    survey: Survey | None = None
    trouble: str | None = None
    line: str | None = None


def export_groups(shown: ExportShown, width: int, zone: ZoneInfo) -> Iterator[tuple[tuple[Row, ...], str | None]]:
    """Rows `width` cells wide, each group of them with the tag of its format, or None for what is no format."""
    yield ((), *_labelled("Query", made_visible(shown.query), width, _MOST_QUERY_ROWS)), None
    yield tuple(_labelled("Dates", shown.dates, width)), None
    yield tuple(_labelled("Events", _events(shown, zone), width, role=_role(shown))), None
    yield ((),), None
    for number, known in enumerate(shown.formats):
        yield (_format_row(known, "Format" if not number else "", known.tag == shown.chosen, width),), known.tag
    yield ((), *_labelled("Size", _size(shown), width)), None
    if shown.line is not None:
        yield ((), *_at_home(shown.line, width)), None


def progress_row(count: int, size: int, total: int | None, width: int) -> Row:
    """How far the writing is: a bar, and in words."""
    line = Line(width).at(_LABEL_AT)
    of_all = ""
    if total is not None and total >= count:
        done = _BAR_CELLS * count // total if total else _BAR_CELLS
        line.add(glyphs().bars[-1] * done, Role.ACCENT).add(glyphs().bars[0] * (_BAR_CELLS - done), Role.FAINT).add(
            "  "
        )
        of_all = f" of {count_text(total)}"
    return line.add(f"{count_text(count)}{of_all} events, {bytes_text(size)}", Role.TEXT).row()


def _events(shown: ExportShown, zone: ZoneInfo) -> str:
    survey = shown.survey
    if shown.trouble is not None:
        return shown.trouble
    if survey is None:
        return f"{glyphs().pending} being counted"
    return f"{_live(survey, zone)}{_archived(survey.archived)}"


def _archived(archived: int | None) -> str:
    """What is not among them; nothing where all is."""
    if archived is None:
        return "; not searched is the archive (in:archive)"
    return f"; not {count_text(archived)} of the archive (in:archive)" if archived else ""


def _live(survey: Survey, zone: ZoneInfo) -> str:
    if not survey.count:
        return "none: no event matches"
    if survey.oldest is None or survey.newest is None:
        return count_text(survey.count)
    oldest, newest = minute_text(survey.oldest, zone), minute_text(survey.newest, zone)
    if oldest == newest:
        return f"{count_text(survey.count)}, of {oldest}"
    # The zone is named once, unless its clocks were changed in between.
    name = survey.oldest.astimezone(zone).tzname() or ""
    begun = oldest.removesuffix(f" {name}") if newest.endswith(f" {name}") else oldest
    return f"{count_text(survey.count)}, from {begun} to {newest}"


def _role(shown: ExportShown) -> Role:
    return Role.FAILURE if shown.trouble is not None else Role.TITLE


def _size(shown: ExportShown) -> str:
    if shown.survey is None:
        return glyphs().pending
    size = shown.survey.sizes.get(shown.chosen)
    if size is None:
        return "not known before it is read"
    return bytes_text(size) if shown.survey.is_exact else f"about {bytes_text(size)}, by the first and the last events"


def _format_row(known: FormatShown, label: str, is_chosen: bool, width: int) -> Row:
    line = Line(width).at(_LABEL_AT).add(label, Role.MUTED).at(VALUE_AT)
    line.add("(x) " if is_chosen else "( ) ", Role.TITLE if is_chosen else Role.MUTED)
    line.add(known.name, Role.TITLE if is_chosen else Role.TEXT, bold=is_chosen)
    return line.at(_ABOUT_AT).add(known.about, Role.MUTED, until=width - 1).row()


def _at_home(command: str, width: int) -> Iterator[Row]:
    """The command whole, however many rows it takes: whoever cannot copy it reads it off."""
    yield Line(width).at(_LABEL_AT).add("Over ssh nothing is written here. At home, type:", Role.MUTED).row()
    for part in wrap(made_visible(command), max(width - _LABEL_AT - 1, 1)):
        yield Line(width).at(_LABEL_AT).add(part, Role.TITLE).row()


def _labelled(label: str, text: str, width: int, most_rows: int = 3, *, role: Role = Role.TITLE) -> Iterator[Row]:
    parts = wrap(text, max(width - VALUE_AT - 1, 1))
    for number, part in enumerate(parts[:most_rows]):
        rest = " ".join(parts[number:]) if number == most_rows - 1 else part
        line = Line(width).at(_LABEL_AT).add(label if not number else "", Role.MUTED)
        yield line.at(VALUE_AT).add(rest, role, until=width - 1).row()

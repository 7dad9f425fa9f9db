"""What is unusual about the calls of API clients: each finding with its mark, its sentence and its kind."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from data.unusual import DAYS, LEAST_CALLS, Finding
from tui.presenters.call_sums import MOST_WIDTH, WORDS
from tui.presenters.pieces import Line, Role, Row
from tui.presenters.values import count_text
from tui.terminal import cells_of, safe, wrap

_TEXT_AT = 3
_MOST_CHARACTERS = 1_000


@dataclass(frozen=True, slots=True)
class FindingKey:
    """A finding to stand on."""

    number: int


def findings_head(found: int, as_of: datetime, width: int, zone: ZoneInfo) -> Row:
    """How many there are, as of when and of what."""
    number = "1 finding" if found == 1 else f"{count_text(found)} findings"
    line = Line(width).at(1).add(number, Role.TITLE, bold=True)
    return line.add(f"  as of {as_of.astimezone(zone):%H:%M}, of all calls, whatever the filters say", Role.MUTED).row()


def finding_rows(finding: Finding, width: int) -> tuple[Row, ...]:
    """Whose calls of which service, what kind it is, and why."""
    word = WORDS[finding.kind]
    end = min(width, MOST_WIDTH) - 1
    until = end - cells_of(word) - 2
    line = Line(width).at(1).add("!", Role.DENIED, bold=True).at(_TEXT_AT)
    line.add(finding.client.label, Role.TITLE, until=until, bold=True)
    if finding.service is not None:
        line.add("  ", until=until).add(finding.service, Role.MUTED, until=until)
    rows = [line.right(word, Role.DENIED, end=end).row()]
    return (*rows, *_wrapped(finding.sentence, Role.TEXT, width))


def calm_rows(as_of: datetime, width: int, zone: ZoneInfo) -> tuple[Row, ...]:
    """What is said where nothing is unusual: what was looked at, and when."""
    compared = "calls, errors and durations of every client are as in the same hour of the"
    others = "none called from a new address, and none has fallen silent"
    said = f"Nothing unusual in the last hour: {compared} {DAYS} days before, {others}."
    looked = f"Looked at {as_of.astimezone(zone):%H:%M}"
    needed = f"{looked}. It takes {LEAST_CALLS} calls of a service within the hour to compare it with a week or more."
    return ((), *_wrapped(said, Role.TEXT, width), (), *_wrapped(needed, Role.MUTED, width))


def said_rows(texts: Sequence[str], width: int) -> tuple[Row, ...]:
    """A headline and what else there is to say, in place of rows."""
    rows: list[Row] = [()]
    for number, text in enumerate(texts):
        role = Role.MUTED if number else Role.TITLE
        rows += [Line(width).at(_TEXT_AT).add(part, role, bold=not number).row() for part in _lines(text, width)]
    return tuple(rows)


def _wrapped(text: str, role: Role, width: int) -> tuple[Row, ...]:
    return tuple(Line(width).at(_TEXT_AT).add(part, role).row() for part in _lines(text, width))


def _lines(text: str, width: int) -> list[str]:
    return wrap(safe(text, limit=_MOST_CHARACTERS), max(min(width, MOST_WIDTH) - _TEXT_AT - 1, 8))

"""What a key makes of the filters on a row of the sidebar. None where the row has no value or condition."""

from dataclasses import replace

from data.query import Key
from data.query.editing import Choice, only, toggled
from data.query.pausing import Filtering
from tui.presenters.sidebar_state import ArchiveKey, ClauseKey, DatesKey, TabsKey, ValueKey


def chosen(filtering: Filtering, key: object, choice: Choice) -> Filtering | None:
    """What the row names asked for or excluded; neither, if that was said just so already and not paused."""
    match key:
        case ValueKey(dimension, value):
            return replace(filtering, query=toggled(filtering.query, Key(dimension), value, choice))
        case ClauseKey(clause):
            rest, said = filtering.without_clause(clause), replace(clause, negated=choice is Choice.WITHOUT)
            is_again = said == clause and clause not in filtering.paused
            return rest if is_again else replace(rest, query=rest.query.adding(said))
    return None


def taken(filtering: Filtering, key: object) -> Filtering | None:
    """What the row names asked for, a value without any other of its dimension."""
    match key:
        case ValueKey(dimension, value):
            return replace(filtering, query=only(filtering.query, Key(dimension), value))
        case ClauseKey(clause):
            rest = filtering.without_clause(clause)
            return replace(rest, query=rest.query.adding(replace(clause, negated=False)))
    return None


def paused(filtering: Filtering, key: object) -> Filtering:
    """What the row names paused, or applied as before; the same where nothing is said there."""
    match key:
        case ValueKey(dimension, value):
            return filtering.pausing(Key(dimension), value)
        case ClauseKey(clause):
            return filtering.pausing_clause(clause)
        case TabsKey():
            on = filtering.query.of(Key.TAB)
            for clause in on or [one for one in filtering.paused if one.key is Key.TAB]:
                filtering = filtering.pausing_clause(clause)
    return filtering


def why_not_paused(key: object) -> str:
    """What is said where `paused` changed nothing."""
    match key:
        case DatesKey():
            return "Dates cannot be paused."
        case ArchiveKey():
            return "The archive cannot be paused."
    return "Only what is on can be paused."

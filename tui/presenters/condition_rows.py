"""Conditions that are no value of a dimension: words, durations, what is there, and all else that a query can hold."""

from dataclasses import replace

from data.query import Clause, EventQuery, Key, print_clause
from data.query.editing import Choice
from data.query.model import TIME_KEYS
from tui.presenters.dimension_rows import boxed, heading_row
from tui.presenters.names import told_apart
from tui.presenters.pieces import Role
from tui.presenters.sidebar_plan import SidebarPlan
from tui.presenters.sidebar_state import ClauseKey, SidebarRow, SidebarState
from tui.terminal import safe


def other_conditions(query: EventQuery, plan: SidebarPlan) -> list[Clause]:
    """The clauses that no tab, date or box shows: nothing that is on may be out of sight."""
    found: list[Clause] = []
    boxed_already: set[tuple[Key, bool]] = set()
    tabs = query.of(Key.TAB)
    for clause in query.clauses:
        if clause.key is Key.IN:
            continue  # which has a row of its own
        if clause.key in plan.boxed_keys:
            # The boxes of values mean one clause that asks for them and one that excludes them.
            if (clause.key, clause.negated) in boxed_already:
                found.append(clause)
            boxed_already.add((clause.key, clause.negated))
        elif clause.key in TIME_KEYS:
            if clause.negated or len(clause.values) > 1:
                found.append(clause)
        elif clause.key is not Key.TAB or not plan.tabs or len(tabs) > 1 or clause.negated or len(clause.values) > 1:
            found.append(clause)
    return found


def condition_rows(state: SidebarState, plan: SidebarPlan, width: int) -> list[SidebarRow]:
    """A heading and a row with a box for each such clause, the paused ones last; nothing where there is none."""
    filtering = state.filtering
    paused = [clause for clause in filtering.paused if clause.key not in plan.boxed_keys]
    clauses = [*dict.fromkeys(other_conditions(filtering.query, plan)), *paused]
    if not clauses:
        return []
    choices = [Choice.WITHOUT if clause.negated else Choice.ONLY for clause in clauses]
    heads = [boxed(width, choice, paused=clause in paused) for clause, choice in zip(clauses, choices, strict=True)]
    texts = [print_clause(replace(clause, negated=False)) for clause in clauses]
    names = told_apart([(text, width - 1 - head.used) for text, head in zip(texts, heads, strict=True)])
    rows = [SidebarRow((heading_row("Also", None, "", width),))]
    for clause, choice, head, text, name in zip(clauses, choices, heads, texts, names, strict=True):
        asked_for = choice is Choice.ONLY and clause not in paused
        head.add(name, Role.TITLE if asked_for else Role.FAINT, bold=asked_for)
        is_cut = name != safe(text, limit=len(name) + 1)
        rows.append(SidebarRow((head.row(),), ClauseKey(clause), text if is_cut else None))
    return rows

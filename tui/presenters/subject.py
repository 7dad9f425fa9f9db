"""Whom or what the events beside a card are looked up by, and where one goes from it: its client, or else its target."""

from data.query import Clause, Key
from data.records import Event, Reference
from tui.presenters.access_tabs import item_of
from tui.presenters.card import CLIENT
from tui.presenters.clauses import reference_clause

ACTION = "action"
"""The type of a request's target: what was asked for, which no change is ever made to."""


def client_of(event: Event) -> Reference | None:
    """The API client that it is about; the one that it was done to, where nothing else names one."""
    if event.client is None and event.target is not None and event.target.type == CLIENT:
        return event.target
    return event.client


def access_of(event: Event) -> Reference | None:
    """The member, group, role, invitation or session that it was done to; else the member who did it."""
    return next((one for one in (event.target, event.actor) if item_of(one) is not None), None)


def subject_clause(event: Event) -> Clause | None:
    """What asks for everything that was done to its client, or else to its target; None if it names neither."""
    if event.client is not None:
        return reference_clause(Key.CLIENT, event.client)
    if event.target is not None and event.target.type != ACTION:
        return reference_clause(Key.TARGET, event.target)
    return None

"""What erasing an event is about, for the screen of every end: imported when somebody erases."""

from dataclasses import replace
from typing import TYPE_CHECKING

from data.erasing import Erased
from data.records import Event, Seal
from tui.presenters.card import title_of
from tui.presenters.erasing import erasing_rows
from tui.screens.ending import EndPlan

if TYPE_CHECKING:
    from data.services.audit_log import AuditLog

_TYPED_CHARACTERS = 6
"""Of the id, so many of the last are typed: those of events that lie next to each other differ there."""


def erasing_plan(event: Event, *, whole: bool) -> EndPlan[Erased]:
    """What is erased of an event, as it was read."""

    def end(log: "AuditLog", reason: str) -> Erased:
        done = log.erasing.erase(event.id, log.caller(), whole=whole, reason=reason)
        return replace(done, event=log.get(event.id))  # with who did it, and why

    return EndPlan(
        "Erase",
        title_of(event),
        str(event.id),
        lambda width: erasing_rows(event, whole=whole, width=width),
        end,
        of=" all of " if whole else " the personal part of ",
        facts=replace(event, seal=Seal.SEALED),
        newest=lambda log: erasing_plan(log.get(event.id), whole=whole),
        typed=str(event.id)[-_TYPED_CHARACTERS:],
    )

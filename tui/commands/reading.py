"""What a command reads of the logs is recorded, one event a call: a count and a sum tell of people as well as a page does."""

from typing import TYPE_CHECKING

from data.caller import COMMAND_LINE
from data.errors import AuditdeckError
from data.query import EventQuery
from data.records import Log
from tui.commands.output import tell

if TYPE_CHECKING:
    from data.services.audit_log import AuditLog


def note_reading(
    log: "AuditLog", query: EventQuery, which: Log, count: int | None = None, *, shown: int | None = None
) -> None:
    """Record that the query was asked of one of the logs, before anything is written: whoever reads on may stop anywhere.

    `count` is how many events it selects, as far as that was counted, `shown` how many are written. Where it cannot be
    recorded that is said, and the command goes on.
    """
    try:
        problem = log.readings.note(query, which, count, shown=shown, service=COMMAND_LINE)
    except AuditdeckError as error:
        tell(f"auditdeck: this reading is not recorded. {error}")
    else:
        if problem is not None:
            tell(f"auditdeck: this reading is recorded later. {problem}")

"""Writing an export to a file while the console goes on: how far it is, told now and again."""

from collections.abc import Callable, Generator
from dataclasses import dataclass
from pathlib import Path
from time import monotonic
from typing import TYPE_CHECKING

from data.exchange.outgoing import OutgoingFormat
from data.query import EventQuery
from data.stop import Stop
from tui.export_file import export_file

if TYPE_CHECKING:
    from data.services.audit_log import AuditLog

# More often nobody sees it, and over ssh each time is a packet.
_TOLD_S = 0.2


@dataclass(frozen=True, slots=True)
class Written:
    """How many events and bytes are written; `is_all` when the file is there. `waits`: why it is recorded later.

    `left_out` are events that have no proof yet, which a bundle has to do without.
    """

    count: int
    size: int
    is_all: bool = False
    waits: str | None = None
    left_out: int = 0


def write_export(
    open_log: "Callable[[], AuditLog]", query: EventQuery, form: OutgoingFormat, place: Path, stop: Stop
) -> Generator[Written, None, None]:
    """Write what the query selects to a new file. Raises NotExported, Cancelled once `stop` is requested, and the errors
    of `data.errors`; whatever it raises, nothing is left of the file.
    """
    log = open_log()
    log.open()
    log.refuse_as_output(place)
    told = monotonic()
    with log.exports.begin(log.caller(), query, form, stop=stop) as export, export_file(place) as take:
        yield Written(0, 0)
        for line in export:
            take(line)
            if monotonic() - told > _TOLD_S:
                stop.check()
                told = monotonic()
                yield Written(export.count, export.size)
        stop.check()
    yield Written(export.count, export.size, is_all=True, waits=export.waits, left_out=export.left_out)

"""What a query leaves out because it is archived: counted where that is cheap."""

from data.answers import Snapshot
from data.query import EventQuery
from data.query.editing import with_archive
from data.store import EventReader
from data.store.filters import needs_row


def count_archived(reader: EventReader, query: EventQuery, snapshot: Snapshot, live: int | None = None) -> int | None:
    """How many events more the query would select if it reached the archive; see `Tally`.

    `live` is how many it selects, where that is known.
    """
    if not reader.leaves_out(query, snapshot):
        return 0
    if any(map(needs_row, query.clauses)):
        return None
    return reader.count(with_archive(query), snapshot) - (reader.count(query, snapshot) if live is None else live)

"""What a record would become if it were imported, without importing it."""

from dataclasses import fields

import orjson

from data.clock import Clock
from data.records import Draft, Event
from data.store.identity import id_of


def as_imported(draft: Draft, clock: Clock) -> Event:
    """The event that a draft would become if it were imported now. It is in no log."""
    known = {field.name: getattr(draft, field.name) for field in fields(Draft)}
    # The log keeps what is in there in the order of its keys.
    ordered = orjson.loads(orjson.dumps(draft.data, option=orjson.OPT_SORT_KEYS))
    return Event(**{**known, "data": ordered, "id": id_of(draft), "recorded_at": clock()})

"""Reading an input from front to back: each record becomes a draft, or a reject with its reason."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import timedelta

from data.clock import Clock, system_clock, to_text
from data.exchange.formats import Decoder, Format
from data.exchange.input_file import InputFile
from data.exchange.raw_records import RawRecord
from data.exchange.rejects import BadRecord, Reject
from data.records import Draft, Json

FUTURE_TOLERATED = timedelta(days=1)
"""How far the clock of a source may run ahead of this one."""


@dataclass(frozen=True, slots=True)
class Entry:
    """A draft and the record that it was read from."""

    record: RawRecord
    draft: Draft


def read_entries(source: InputFile, known: Format, clock: Clock = system_clock) -> Iterator[Entry | Reject]:
    """Every record of an input, in its order.

    Raises UnreadableInput where the input ends too early, is damaged or is too large, after what could be read.
    """
    decode = known.decoder()
    for record in known.records(source):
        if isinstance(record, Reject):
            yield record
            continue
        try:
            draft = draft_of(record.value, decode, clock)
        except BadRecord as error:
            yield record.rejected(str(error))
        else:
            yield Entry(record, draft)


def draft_of(record: Mapping[str, Json], decode: Decoder, clock: Clock) -> Draft:
    """The draft of one record. Raises BadRecord, also where it has not happened yet."""
    draft = decode(record)
    if draft.occurred_at > clock() + FUTURE_TOLERATED:
        raise BadRecord(f"its time lies more than a day in the future: {to_text(draft.occurred_at)}")
    return draft


def read_records(source: InputFile, known: Format, clock: Clock = system_clock) -> Iterator[Draft | Reject]:
    """`read_entries` for whoever wants the drafts alone."""
    for item in read_entries(source, known, clock):
        yield item.draft if isinstance(item, Entry) else item

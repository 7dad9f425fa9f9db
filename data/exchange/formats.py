"""The formats that are read, in one table, and telling them apart by the first bytes of the content."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache

from data.errors import AuditdeckError, UnreadableInput
from data.exchange import authgear
from data.exchange.authgear import draft_from_authgear, is_authgear
from data.exchange.cloudtrail import draft_from_cloudtrail
from data.exchange.content_identity import ContentIdentities
from data.exchange.event_json import SOURCE, draft_from_json
from data.exchange.github import GitHubDecoder, is_github
from data.exchange.input_file import InputFile
from data.exchange.mapping import MappedDecoder, RecordMapping
from data.exchange.mapping_files import MAPPING_SUFFIX, mapping_at, shipped_mapping, shipped_tags
from data.exchange.raw_records import RECORDS_KEY, RawRecord, document_records, line_records
from data.exchange.rejects import Reject
from data.exchange.sample import SAMPLE_BYTES, Sample, records_at
from data.records import Draft, Json, Source

Decoder = Callable[[Mapping[str, Json]], Draft]


@dataclass(frozen=True, slots=True)
class Format:
    """One way in. `name` is what messages call it; `tag` is what it is asked for by, and formats that are one thing in
    several forms share it.

    `records` finds the objects of an input, and `decoder` makes the function that turns each into a draft or raises
    BadRecord: a new one for each input, for it may remember what came before.
    """

    tag: str
    name: str
    recognises: Callable[[Sample], bool]
    records: Callable[[InputFile], Iterator[RawRecord | Reject]]
    decoder: Callable[[], Decoder]


class EventDecoder:
    """Records in the program's own form. One without an identity gets its content's."""

    def __init__(self) -> None:
        self._identities = ContentIdentities()

    def __call__(self, record: Mapping[str, Json]) -> Draft:
        """The draft of one record. Raises BadRecord."""
        draft = draft_from_json(record)
        if draft.source is not None:
            return draft
        return replace(draft, source=Source(SOURCE, self._identities.next_of(record)))


EVENT_LINES = Format(
    tag="auditdeck",
    name="auditdeck JSON lines",
    recognises=lambda sample: sample.any_line_has("type", "occurred_at"),
    records=line_records,
    decoder=EventDecoder,
)
CLOUDTRAIL_DOCUMENT = Format(
    tag="cloudtrail",
    name="CloudTrail",
    recognises=lambda sample: sample.document.get(RECORDS_KEY) == "[",
    records=document_records,
    decoder=lambda: draft_from_cloudtrail,
)
CLOUDTRAIL_LINES = Format(
    tag="cloudtrail",
    name="CloudTrail JSON lines",
    recognises=lambda sample: sample.any_line_has("eventVersion", "eventSource"),
    records=line_records,
    decoder=lambda: draft_from_cloudtrail,
)
GITHUB = Format(
    tag="github",
    name="GitHub audit log",
    recognises=lambda sample: any(map(is_github, sample.first_records(()))),
    records=records_at,
    decoder=GitHubDecoder,
)
AUTHGEAR = Format(
    tag="authgear",
    name="Authgear audit logs",
    recognises=lambda sample: any(map(is_authgear, sample.first_records(authgear.LISTS))),
    records=lambda source: records_at(source, *authgear.LISTS),
    decoder=lambda: draft_from_authgear,
)
FORMATS = (EVENT_LINES, CLOUDTRAIL_DOCUMENT, CLOUDTRAIL_LINES, AUTHGEAR, GITHUB)
"""In the order in which they are tried: a document may have one record a line, so it comes before those lines. The
mappings that ship come after all of them."""


def recognise(source: InputFile, among: Sequence[Format] = ()) -> Format:
    """The format of the content: one of `among`, or without them of all that are known. Raises UnreadableInput for one that
    nobody knows.

    Content that is empty or blank has no records in any format, and counts as the program's own. Formats that were asked for
    are taken at the user's word: where none of them knows the content, it is the last.
    """
    content = source.peek(SAMPLE_BYTES)
    if not content.strip():
        return among[0] if among else EVENT_LINES
    sample = Sample.of(content)
    for known in among or FORMATS:
        if known.recognises(sample):
            return known
    if among:
        return among[-1]
    for known in shipped_formats():
        if known.recognises(sample):
            return known
    names = ", ".join(known.name for known in (*FORMATS, *shipped_formats()))
    raise UnreadableInput(
        f"cannot read {source.name}: nobody knows its format; known are {names}. --format names it, or a mapping file for it; --format guess proposes one"
    )


def format_tags() -> tuple[str, ...]:
    """Every format that can be asked for by name."""
    return (*dict.fromkeys(known.tag for known in FORMATS), *shipped_tags())


def formats_named(wanted: str) -> tuple[Format, ...]:
    """The formats of that tag, or the one of the mapping file there. Raises AuditdeckError where there is neither, or where
    the mapping cannot be used."""
    found = tuple(known for known in FORMATS if known.tag == wanted)
    if found:
        return found
    if wanted in shipped_tags():
        return (format_of(wanted, shipped_mapping(wanted)),)
    if not wanted.endswith(MAPPING_SUFFIX):
        tags = ", ".join(format_tags())
        raise AuditdeckError(
            f"there is no format {wanted}; known are {tags}, or the path of a mapping file that ends in .toml, or guess"
        )
    return (format_of(wanted, mapping_at(wanted)),)


@cache
def shipped_formats() -> tuple[Format, ...]:
    """The formats of the mappings that ship with the program."""
    return tuple(format_of(tag, shipped_mapping(tag)) for tag in shipped_tags())


def format_of(tag: str, mapping: RecordMapping) -> Format:
    """The format that a mapping describes."""
    test = mapping.recognise

    def recognises(sample: Sample) -> bool:
        return test is not None and any(test.holds(record) for record in sample.first_records(mapping.lists))

    return Format(
        tag=tag,
        name=mapping.name,
        recognises=recognises,
        records=lambda source: records_at(source, *mapping.lists),
        decoder=lambda: MappedDecoder(mapping),
    )

"""The formats that events are taken away in; a new one is one entry."""

from collections.abc import Callable
from dataclasses import dataclass

from data.exchange.event_csv import csv_line, header
from data.exchange.event_json import dump_line
from data.exchange.event_ocsf import ocsf_line
from data.exchange.ocsf_classes import SCHEMA_VERSION
from data.exchange.stored_json import stored_line
from data.records import Event


@dataclass(frozen=True, slots=True)
class OutgoingFormat:
    """One way out. `tag` is what it is asked for by, `name` what messages call it, `about` what it is of use for, a line.

    `head` stands before all events, and `line` is one event: UTF-8 that drives no terminal, without its last newline.
    `stored` makes the same line of an event's two stored parts, where that is quicker. A file of it ends in `suffix`.
    Without `line` an event's line holds its proof, which takes more than the event: see `data.services.export_lines`.
    """

    tag: str
    name: str
    about: str
    suffix: str
    line: Callable[[Event], bytes] | None
    head: bytes = b""
    stored: Callable[[str | bytes, str | bytes | None], bytes] | None = None


JSON_LINES = OutgoingFormat(
    "jsonl",
    "JSON lines",
    "a JSON object a line; can be imported again",
    ".jsonl",
    dump_line,
    stored=stored_line,
)
"""What `auditdeck import` takes in again without a difference."""

CSV = OutgoingFormat(
    "csv",
    "CSV",
    "for a spreadsheet; no formula in it runs",
    ".csv",
    csv_line,
    head=header(),
)

OCSF = OutgoingFormat(
    "ocsf", "OCSF", f"for a SIEM; OCSF {SCHEMA_VERSION}, a JSON object a line", ".ocsf.jsonl", ocsf_line
)

BUNDLE = OutgoingFormat(
    "bundle",
    "Bundle",
    "with their proof, which `auditdeck verify` checks",
    ".bundle.jsonl",
    None,
)
"""What proves itself wherever it is."""

OUTGOING = {known.tag: known for known in (JSON_LINES, CSV, OCSF, BUNDLE)}

"""Audit records from files: recognising a format, reading its records, and JSON out."""

from data.exchange.client_json import client_to_json, standing_to_json
from data.exchange.event_json import draft_from_json, dump_line, event_to_json
from data.exchange.formats import FORMATS, Format, format_tags, formats_named, recognise
from data.exchange.input_file import InputFile, open_input
from data.exchange.reading import Entry, read_entries, read_records
from data.exchange.rejects import BadRecord, Reject, RejectsFile

__all__ = [
    "FORMATS",
    "BadRecord",
    "Entry",
    "Format",
    "InputFile",
    "Reject",
    "RejectsFile",
    "client_to_json",
    "draft_from_json",
    "dump_line",
    "event_to_json",
    "format_tags",
    "formats_named",
    "open_input",
    "read_entries",
    "read_records",
    "recognise",
    "standing_to_json",
]

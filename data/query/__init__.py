"""EventQuery: the one query language of sidebar, search box, saved view, command line, export and copied text."""

from data.query.matching import clause_holds, hyphenless, matches, searched_texts
from data.query.model import (
    Clause,
    DurationRange,
    EventQuery,
    Key,
    Network,
    Pattern,
    Presence,
    Shelf,
    Span,
    Value,
)
from data.query.parsing import parse_query
from data.query.printing import print_clause, print_query
from data.query.reference import REFERENCE, SORT_DESCRIPTIONS, SORTS, KeyReference, reference_as_json, reference_of
from data.query.times import Window, resolve_span
from data.query.windows import window_of

__all__ = [
    "REFERENCE",
    "SORTS",
    "SORT_DESCRIPTIONS",
    "Clause",
    "DurationRange",
    "EventQuery",
    "Key",
    "KeyReference",
    "Network",
    "Pattern",
    "Presence",
    "Shelf",
    "Span",
    "Value",
    "Window",
    "clause_holds",
    "hyphenless",
    "matches",
    "parse_query",
    "print_clause",
    "print_query",
    "reference_as_json",
    "reference_of",
    "resolve_span",
    "searched_texts",
    "window_of",
]

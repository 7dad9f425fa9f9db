"""The formats that events are taken away in; a new one is one entry."""

from collections.abc import Callable
from dataclasses import dataclass

from data.exchange.event_json import dump_line
from data.records import Event


@dataclass(frozen=True, slots=True)
class OutgoingFormat:
    """One way out. `tag` is what it is asked for by, `name` what messages call it.

    `head` stands before all events, and `line` is one event: UTF-8 that drives no terminal, without its last newline.
    """

    tag: str
    name: str
    line: Callable[[Event], bytes]
    head: bytes = b""


JSON_LINES = OutgoingFormat("jsonl", "auditdeck JSON lines", dump_line)
"""What `auditdeck import` takes in again without a difference."""

OUTGOING = {known.tag: known for known in (JSON_LINES,)}

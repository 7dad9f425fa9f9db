"""What was found for a field of an event, and the evidence in a few words."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from dataclasses import field as dataclass_field

from data.exchange.guessing.columns import Column


@dataclass(frozen=True, slots=True)
class Finding:
    """One field of an event: the expressions that give it, the first that says something counts, and why.

    `field` is the mapping's name for it, `values` the event's words for the source's.
    """

    field: str
    choices: tuple[str, ...]
    reason: str
    values: Mapping[str, str] = dataclass_field(default_factory=dict)
    columns: tuple[Column, ...] = ()
    """What the expressions read."""


def covered_by(columns: Sequence[Column]) -> set[int]:
    """The records in which one of them says something."""
    return {number for column in columns for number in column.values}

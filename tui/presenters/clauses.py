"""The clause that asks for the very value that a card shows."""

from data.query import Clause, Key, Pattern
from data.records import Reference


def literal_clause(key: Key, text: str) -> Clause:
    """The clause for exactly this text."""
    return Clause(key, (Pattern.literal(text),))


def reference_clause(key: Key, reference: Reference) -> Clause:
    """The clause for the very one that is referred to: by its id, or by its name where there is no id."""
    return literal_clause(key, reference.id if reference.id is not None else reference.label)

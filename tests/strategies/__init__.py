"""Random events and random queries, for hypothesis.

`any_drafts` tries what storing can get wrong; `world_drafts` and `queries` what finding can.
"""

from tests.strategies.any_drafts import any_drafts, json_values, texts
from tests.strategies.queries import clauses, every_clause, queries
from tests.strategies.worlds import ZONES, dense_world, moments, texts_in_names, world_drafts

__all__ = [
    "ZONES",
    "any_drafts",
    "clauses",
    "dense_world",
    "every_clause",
    "json_values",
    "moments",
    "queries",
    "texts",
    "texts_in_names",
    "world_drafts",
]

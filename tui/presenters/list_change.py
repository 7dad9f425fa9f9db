"""What became of a list: the items that were taken away, those that were added, and those that stayed."""

from dataclasses import dataclass

import orjson

from data.records import Json


@dataclass(frozen=True, slots=True)
class ListChange:
    """Items in the order of the list that they are from; `kept` in that of the later one."""

    removed: tuple[Json, ...]
    added: tuple[Json, ...]
    kept: tuple[Json, ...]

    @classmethod
    def between(cls, before: list[Json], after: list[Json]) -> "ListChange":
        """The change from one list to the other, in time proportional to both."""
        old, new = ({_form(item) for item in items} for items in (before, after))
        return cls(
            tuple(item for item in before if _form(item) not in new),
            tuple(item for item in after if _form(item) not in old),
            tuple(item for item in after if _form(item) in old),
        )


def _form(item: Json) -> bytes | str:
    """What makes an item equal to another: lists and records cannot be members of a set themselves."""
    return item if isinstance(item, str) else orjson.dumps(item, option=orjson.OPT_SORT_KEYS)

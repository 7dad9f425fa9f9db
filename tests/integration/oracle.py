"""What a reader should answer, found by looking at every event in Python. Shares no code with the store."""

from collections.abc import Iterable
from datetime import datetime
from zoneinfo import ZoneInfo

from data.answers import Dimension
from data.catalogue import CATALOGUE
from data.query import EventQuery, Pattern, clause_holds
from data.query.matching import is_older
from data.records import Event, Reference


def matching(
    query: EventQuery, events: Iterable[Event], now: datetime, zone: ZoneInfo, live_since_us: int = 0
) -> list[Event]:
    """The events that the query selects, newest first. What happened and arrived before `live_since_us` is archived."""
    found = [event for event in events if query.reaches_archive or not is_older(event, live_since_us)]
    for clause in query.clauses:
        found = [event for event in found if clause_holds(clause, event, now, zone)]
    return sorted(found, key=lambda event: event.id, reverse=True)


def groups(dimension: Dimension, events: Iterable[Event]) -> dict[str, list[Event]]:
    """The events of each group of a dimension: a family of types, an id where there is one, else a name in any case.

    Events without this dimension are in no group.
    """
    found: dict[str, list[Event]] = {}
    for event in events:
        name = _group_of(dimension, event)
        if name is not None:
            found.setdefault(name, []).append(event)
    return found


def bearing(dimension: Dimension, text: str, events: Iterable[Event], ever: Iterable[Event]) -> dict[str, list[Event]]:
    """Those groups of `events` that have the text in one of the names or ids that they bear in any event of `ever`.

    Types by family and each by itself, as both can be asked for.
    """
    counted = list(events)
    found = groups(dimension, counted)
    if dimension is Dimension.TYPE:
        for event in counted:
            alone = found.setdefault(event.type.casefold(), [])
            if event not in alone:
                alone.append(event)
        return {name: members for name, members in found.items() if _type_bears(text, name)}
    borne: dict[str, set[str]] = {}
    for name, members in groups(dimension, ever).items():
        borne[name] = {known for event in members for known in _names_of(dimension, event, text)}
    return {name: members for name, members in found.items() if borne[name]}


def _type_bears(text: str, name: str) -> bool:
    labels = [family.label for family in CATALOGUE.families if name == f"{family.prefix}.*"]
    if not name.endswith(".*"):
        labels.append(CATALOGUE.describe(name).done)
    return any(text.casefold() in known.casefold() for known in (*labels, name.removesuffix("*")))


def _names_of(dimension: Dimension, event: Event, text: str) -> list[str]:
    """The names and ids of an event's value that have the text in them."""
    value: Reference | str | None = getattr(event, dimension)
    if not isinstance(value, Reference):
        return [value] if value is not None and text.casefold() in value.casefold() else []
    in_name = value.name is not None and text.casefold() in value.name.casefold()
    in_id = value.id is not None and _small(text) in _small(value.id)
    return [known for known, has in ((value.name, in_name), (value.id, in_id)) if has and known is not None]


def _small(text: str) -> str:
    return "".join(sign.lower() if sign.isascii() else sign for sign in text)


def pattern_of(dimension: Dimension, event: Event) -> Pattern:
    """The most exact way to ask for the group that this event is in. A name with an id is not asked for by the name."""
    match dimension:
        case Dimension.TYPE:
            prefix = CATALOGUE.family(event.type).prefix
            return Pattern.literal(event.type) if prefix == event.type else Pattern((f"{prefix}.", ""))
        case Dimension.ACTOR | Dimension.CLIENT | Dimension.TARGET:
            reference = getattr(event, dimension)
            return Pattern.literal(reference.name if reference.id is None else reference.id)
        case _:
            return Pattern.literal(getattr(event, dimension))


def _group_of(dimension: Dimension, event: Event) -> str | None:
    match dimension:
        case Dimension.TYPE:
            return "*".join(pattern_of(dimension, event).folded().parts)
        case Dimension.ACTOR | Dimension.CLIENT | Dimension.TARGET:
            reference: Reference | None = getattr(event, dimension)
            if reference is None:
                return None
            return reference.id if reference.id is not None else _folded(reference.name)
        case _:
            return _folded(getattr(event, dimension))


def _folded(name: str | None) -> str | None:
    return None if name is None else name.casefold()

"""Who did it and what it was done to: objects, or keys with a stem in common, that have an id, a name and a kind."""

from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from data.exchange.guessing.columns import Column, Step, computed
from data.exchange.guessing.finding import covered_by
from data.exchange.guessing.key_words import words_of
from data.exchange.guessing.shapes import can_name, is_email
from data.exchange.guessing.vocabulary import Names

_IDS = {"id": 1.0, "uuid": 0.95, "guid": 0.95, "arn": 1.05, "uid": 0.95, "sub": 0.7, "sid": 0.9, "key": 0.3}
_NAMES = {
    "display name": 1.0,
    "full name": 1.0,
    "formatted name": 1.0,
    "name": 0.95,
    "user name": 0.9,
    "login": 0.85,
    "label": 0.7,
    "title": 0.7,
    "handle": 0.7,
    "email": 0.8,
    "email address": 0.8,
    "mail": 0.8,
    "upn": 0.8,
    "principal name": 0.8,
    "alternate id": 0.75,
    "detail": 0.6,
}
_KINDS = frozenset({"type", "kind", "class"})


@dataclass(frozen=True, slots=True)
class PartyWords:
    """What one party is called: `names` are its stems, `against` words that say that it is another one or no one."""

    names: Names
    against: Collection[str]


@dataclass(frozen=True, slots=True, eq=False)
class _Trait:
    """One column of a party: `role` is id, name, kind or bare, where the key is the party itself."""

    column: Column
    role: str
    rank: float
    stem: tuple[str, ...]
    weight: float
    own: float
    """How well the stem alone is called so."""


@dataclass(slots=True, eq=False)
class Party:
    """One that the records speak of, with the columns that tell of it, the best first."""

    place: tuple[tuple[Step, ...], tuple[str, ...]]
    ids: list[Column] = field(default_factory=list)
    names: list[Column] = field(default_factory=list)
    kinds: list[Column] = field(default_factory=list)
    weight: float = 0.0
    """How well it is called what was looked for."""
    score: float = 0.0

    @property
    def stem(self) -> tuple[str, ...]:
        """The words that its keys have in common."""
        return self.place[1]

    def told_in(self) -> set[int]:
        """The records that say who it is."""
        return {number for column in (*self.ids, *self.names) for number in column.values}


def parties(columns: Sequence[Column], words: PartyWords) -> list[Party]:
    """All that could be the party that is looked for, the likeliest first."""
    traits: dict[tuple[tuple[Step, ...], tuple[str, ...]], list[_Trait]] = defaultdict(list)
    for trait in _traits(columns, words):
        traits[_place_of(trait, words)].append(trait)
    found = [_party(place, each) for place, each in traits.items()]
    return sorted((party for party in found if party.ids or party.names), key=lambda party: -party.score)


def _place_of(trait: _Trait, words: PartyWords) -> tuple[tuple[Step, ...], tuple[str, ...]]:
    """An object that is called after the party holds it whole; else the stem of the keys says what belongs together."""
    parents = trait.column.parents
    if parents and _weight_of(parents[-1], words) >= 0.5:
        return trait.column.parent, ()
    return trait.column.parent, trait.stem


def _traits(columns: Sequence[Column], words: PartyWords) -> Iterator[_Trait]:
    for column in columns:
        stem, role, rank = _taken_apart(column.words)
        above = [word for parent in column.parents for word in parent]
        if any(word in words.against for word in (*stem, *above)):
            continue
        weights = [
            _weight_of(each, words) * (1 - 0.04 * level) for level, each in enumerate((stem, *column.parents[::-1]))
        ]
        # The key itself, or what it is in, has to be called so; a grandparent alone is about too much.
        weight = max(weights[:3])
        if stem and weights[0] <= 0 and (role == "bare" or max(weights[1:2], default=0.0) <= 0):
            continue
        if weight > 0 and _is_suitable(column, role):
            yield _Trait(column, role, rank - (0.1 if stem and weights[0] <= 0 else 0.0), stem, weight, weights[0])


def _is_suitable(column: Column, role: str) -> bool:
    if role == "kind":
        return column.share_of(lambda value: isinstance(value, str)) == 1
    return column.share_of(can_name) >= 0.9


def _weight_of(words: tuple[str, ...], party: PartyWords) -> float:
    """The best name in the words; it says less among others."""
    best = 0.0
    for start in range(len(words)):
        for end in range(start + 1, len(words) + 1):
            best = max(best, party.names.get(words[start:end], 0.0) * (1 - 0.03 * (len(words) - end + start)))
    return best


def _taken_apart(words: tuple[str, ...]) -> tuple[tuple[str, ...], str, float]:
    """The stem of a key, and what of it the key tells: `actor_user_id` is the id of the stem `actor user`."""
    for length in (2, 1):
        tail = " ".join(words[-length:])
        if len(words) < length:
            continue
        if tail in _NAMES:
            # `user_name` is the name of a user, and in an object of its own it is the name alone.
            stem = ("user",) if tail == "user name" else ("login",) if tail == "login" and len(words) > 1 else ()
            return words[:-length] or stem, "name", _NAMES[tail]
        if length == 1 and tail in _IDS:
            return words[:-1], "id", _IDS[tail]
        if length == 1 and tail in _KINDS:
            return words[:-1], "kind", 1.0
    return words, "bare", 0.9


def _party(place: tuple[tuple[Step, ...], tuple[str, ...]], traits: Sequence[_Trait]) -> Party:
    party = Party(place)
    ranked = sorted(traits, key=lambda trait: -(trait.rank + 0.3 * trait.column.share + 0.2 * trait.weight))
    party.kinds = [trait.column for trait in ranked if trait.role == "kind"]
    party.ids = _plainest([trait for trait in ranked if trait.role == "id"])
    party.names = [trait.column for trait in ranked if trait.role == "name"]
    bare = [trait.column for trait in ranked if trait.role == "bare"]
    # What is called after the party and has an id beside it is its name.
    if party.ids and party.stem:
        party.names = bare + party.names
    elif party.ids:
        # In an object of the party's own it is another one, who acted where the party is not told.
        party.names += [other for column in bare if (other := _where_missing(column, party.ids)) is not None]
    elif bare:
        party.ids = bare
    elif party.names:
        party.ids, party.names = _as_ids(party.names)
    _take_mail_as_id(party)
    telling = [trait for trait in traits if trait.role != "kind"]
    if telling:
        party.weight = max(trait.weight for trait in telling)
        share = max(trait.column.share for trait in telling)
        depth = min(trait.column.depth for trait in telling)
        listed = all(trait.column.is_listed for trait in telling)
        bonus = 0.05 if party.ids and party.names else 0.0
        party.score = party.weight + 0.3 * share - 0.02 * depth - 0.3 * listed + bonus
    return party


def _plainest(ids: Sequence[_Trait]) -> list[Column]:
    """The ids of the party; that of something else in its object, as of its account, only where it has none of its own."""
    own = [trait for trait in ids if not trait.stem or trait.own >= 0.5]
    return [trait.column for trait in own or ids]


def _where_missing(column: Column, ids: Sequence[Column]) -> Column | None:
    """A column where none of these says anything; None if there is no such record."""
    told = covered_by(ids)
    values = {number: value for number, value in column.values.items() if number not in told}
    nobody = " && ".join(f"!({each.expression})" for each in ids)
    return computed(column, f"{nobody} && {column.expression} || null", values) if values else None


def _take_mail_as_id(party: Party) -> None:
    """An address of mail is an id too, where what is called so is seldom there."""
    mails = [column for column in party.names if column.share_of(is_email) > 0.5]
    if mails and party.ids and mails[0].share > 2 * max(column.share for column in party.ids):
        party.ids.insert(0, mails[0])
        party.names.remove(mails[0])


def _as_ids(names: list[Column]) -> tuple[list[Column], list[Column]]:
    """Where there is no id, an address of mail or a login is one, if it has no blanks; a full name is a name."""
    told = [column for column in names if column.share_of(_has_blank) < 0.1]
    mails = [column for column in told if column.share_of(is_email) > 0.5]
    ids = (mails or told)[:1]
    return ids, [column for column in names if column not in ids]


def is_called(keys: Sequence[Step], words: PartyWords) -> bool:
    """Whether the last of these keys is a name of the party."""
    return bool(keys) and isinstance(keys[-1], str) and _weight_of(words_of(keys[-1]), words) >= 0.5


def _has_blank(value: object) -> bool:
    return isinstance(value, str) and " " in value.strip()


def same_elsewhere(identity: Column, columns: Sequence[Column], names: Mapping[str, float] = _NAMES) -> list[Column]:
    """The names that stand beside the same id in another place of the records."""
    found: list[tuple[float, Column]] = []
    for column in columns:
        both = [number for number in column.values if number in identity.values]
        if column is identity or not both or _is_sent(column) or _taken_apart(column.words)[1] != "id":
            continue
        if sum(column.values[number] == identity.values[number] for number in both) < 0.9 * len(both):
            continue
        for beside in columns:
            stem, role, rank = _taken_apart(beside.words)
            if beside.parent == column.parent and role == "name" and rank >= names["email"] and stem in _stems(column):
                found.append((rank, beside))
    return [column for _, column in sorted(found, key=lambda pair: -pair[0])]


def _is_sent(column: Column) -> bool:
    """Whether it lies in what was sent or answered, where it may be about anybody."""
    return any("body" in words or "response" in words for words in column.parents)


def _stems(column: Column) -> tuple[tuple[str, ...], ...]:
    return (), _taken_apart(column.words)[0]

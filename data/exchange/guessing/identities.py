"""Which value tells a record from all others, so that importing it again changes nothing."""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence

import orjson

from data.exchange.guessing.columns import Column, seen_in, word_of
from data.exchange.guessing.finding import Finding
from data.exchange.guessing.key_words import word_set
from data.exchange.guessing.shapes import is_uuid_like
from data.exchange.guessing.vocabulary import Vocabulary, names
from data.records import Json

_VOCABULARY = Vocabulary(
    names(
        {
            "event id": 1.0,
            "id": 0.95,
            "uuid": 0.95,
            "guid": 0.9,
            "log id": 1.0,
            "insert id": 1.0,
            "record id": 1.0,
            "audit id": 1.0,
            "entry id": 0.95,
            "document id": 0.9,
            "audit log id": 1.0,
            "unique qualifier": 0.9,
            "message id": 0.7,
            "activity id": 0.7,
            "unique id": 0.9,
            "uid": 0.5,
            "no": 0.5,
            "seq": 0.5,
            "sequence": 0.5,
        }
    ),
    against=word_set(
        "request session trace correlation user actor account client org tenant parent device target object entity server "
        "cluster host node group service process"
    ),
    against_above=word_set(
        "actor user principal target resource entity object request response body client session device context labels "
        "transaction operation organization org tenant repo project auth"
    ),
)
# What tells records of one id apart: the several stages or steps of one request.
_APART = (("stage",), ("phase",), ("step",), ("sequence",), ("seq",), ("status",), ("state",))

_LEAST_NAME = 0.48
_LEAST_SHARE = 0.5


def guess_identity(columns: Sequence[Column], records: Sequence[Mapping[str, Json]], action: Finding) -> Finding | None:
    """The record's own identity; None where nothing is different in each of them, and a record's content is its identity."""
    total = len(records)
    contents = [orjson.dumps(record, option=orjson.OPT_SORT_KEYS) for record in records]
    ranked = sorted(_likely(columns), key=lambda pair: -pair[0])
    for _, column in ranked:
        if _tells_apart([column], contents):
            reason = f"different in each record that has it, {seen_in(len(column.values), total)}"
            return Finding("identity", (column.expression,), reason, columns=(column,))
    for _, column in ranked:
        for other in (*action.columns[:1], *(each for each in columns if each.words in _APART and not each.depth)):
            if column.values.keys() <= other.values.keys() and _tells_apart([column, other], contents):
                both = f"{column.expression} && {other.expression}"
                parts = f"[to_string({column.expression}), to_string({other.expression})]"
                reason = f"{column.expression} comes back, and with {other.expression} it is different in each record"
                return Finding("identity", (f"{both} && join(' ', {parts}) || null",), reason, columns=(column, other))
    return None


def _likely(columns: Sequence[Column]) -> Iterator[tuple[float, Column]]:
    for column in columns:
        name = _VOCABULARY.weight(column)
        plausible = column.share_of(lambda value: not isinstance(value, (bool, float))) == 1
        if name >= _LEAST_NAME and plausible and column.share >= _LEAST_SHARE and not column.is_listed:
            made = 0.15 if column.share_of(is_uuid_like) > 0.9 else 0.0
            yield name + made + 0.4 * column.share - 0.1 * column.depth, column


def _tells_apart(columns: Sequence[Column], contents: Sequence[bytes]) -> bool:
    """Whether no two records of different content have the same."""
    found: dict[tuple[str, ...], set[bytes]] = defaultdict(set)
    numbers = set(columns[0].values).intersection(*(column.values for column in columns))
    for number in numbers:
        found[tuple(word_of(column.values[number]) for column in columns)].add(contents[number])
    return all(len(each) == 1 for each in found.values())

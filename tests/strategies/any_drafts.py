"""Drafts of every content that the log takes: control characters, characters beyond 16 bits, deep and odd values."""

from datetime import UTC, datetime

from hypothesis import strategies as st

from data.catalogue import CATALOGUE
from data.records import ActorType, Change, Draft, Json, Outcome, Reference, Source

_MOST_EXACT = 2**53 - 1
_ODD_TEXTS = (
    "",
    "\0",
    "\x7f",
    "\x1b]52;c;aGk=\x07",
    "\u2028",
    "\ud7ff",
    "\ue000",
    "\U0001f469\u200d\U0001f4bb",
    '"\\/\b\f\n\r\t',
)

texts = st.one_of(st.text(st.characters(exclude_categories=["Cs"]), max_size=12), st.sampled_from(_ODD_TEXTS))
"""Anything that UTF-8 can hold."""

_identifiers = st.one_of(st.none(), texts)
_wholes = st.integers(-(2**63), 2**63 - 1)
_floats = st.floats(allow_nan=False, allow_infinity=False)
_scalars = st.one_of(st.none(), st.booleans(), _wholes, _floats, texts)

json_values: st.SearchStrategy[Json] = st.recursive(
    _scalars,
    lambda inner: st.one_of(st.lists(inner, max_size=3), st.dictionaries(texts, inner, max_size=3)),
    max_leaves=6,
)
"""What `data` and `changes` may hold: JSON with numbers of 64 bits."""

# A fact may be any number, for those that JSON readers disagree on are kept as text.
_fact_scalars = st.one_of(st.none(), st.booleans(), st.integers(), st.integers(2**53 - 2, 2**53 + 2), _floats, texts)
_fact_values = st.one_of(_fact_scalars, st.lists(_fact_scalars, max_size=3))


def _references(kinds: st.SearchStrategy[str]) -> st.SearchStrategy[Reference]:
    return st.builds(Reference, kinds, _identifiers, _identifiers)


@st.composite
def any_drafts(draw: st.DrawFn) -> Draft:
    """A draft without an id of its own, of this system or imported."""
    kind = draw(st.sampled_from([*CATALOGUE]))
    is_known = draw(st.booleans())
    source = draw(st.none() | st.builds(Source, texts, texts))
    # Elsewhere a fact's name means nothing, and a number there stays the number that it is.
    fact_values = _fact_values if source is None else _scalars
    fact_names = st.sampled_from(kind.facts or ("name",))
    facts_at_most = 2 if is_known and kind.facts else 0
    return Draft(
        type=kind.tag if is_known else draw(texts),
        occurred_at=draw(st.datetimes(datetime(1970, 1, 1), timezones=st.just(UTC))),
        outcome=draw(st.sampled_from(Outcome)),
        actor=draw(_references(st.sampled_from(ActorType))),
        client=draw(st.none() | _references(texts)),
        target=draw(st.none() | _references(texts)),
        service=draw(_identifiers),
        duration_ms=draw(st.none() | st.integers(0, _MOST_EXACT)),
        ip=draw(_identifiers),
        user_agent=draw(_identifiers),
        request_id=draw(_identifiers),
        session_id=draw(_identifiers),
        token=draw(_identifiers),
        reason=draw(_identifiers),
        changes=(
            *draw(st.lists(st.builds(Change, texts, json_values, json_values), max_size=2)),
            *draw(st.lists(st.builds(Change, fact_names, fact_values, fact_values), max_size=facts_at_most)),
        ),
        data={
            **draw(st.dictionaries(texts, json_values, max_size=2)),
            **draw(st.dictionaries(fact_names, fact_values, max_size=facts_at_most)),
        },
        source=source,
    )

"""Tests of data.net_change."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from uuid import UUID

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from data.net_change import NetChange, net_change
from data.records import Change, Event, Json, Outcome, Reference

_BEGIN = datetime(2026, 3, 1, tzinfo=UTC)
_ALICE, _BOB = Reference("member", "m-42", "Alice Moss"), Reference("member", "m-43", "Bob Reyes")
_PAYROLL, _MAPS = Reference("api_client", "c-77", "Payroll sync"), Reference("api_client", "c-78", "Site maps")
_TOKEN = Reference("token", "t-1")


def _event(number: int, *changes: Change, **fields: object) -> Event:
    event = Event(
        id=UUID(int=number),
        type="api_client.updated",
        occurred_at=_BEGIN + timedelta(hours=number),
        recorded_at=_BEGIN,
        actor=_ALICE,
        client=_PAYROLL,
        target=_PAYROLL,
        changes=changes,
    )
    return replace(event, **fields)  # type: ignore[arg-type]


def _fields(net: NetChange) -> dict[str, tuple[Json, Json, int]]:
    return {one.field: (one.before, one.after, one.times) for one in net.subject.fields}


def test_a_field_has_its_first_value_its_last_one_and_who_made_it() -> None:
    net = net_change(
        [
            _event(1, Change("name", "Payrol", "Payroll")),
            _event(2, Change("scopes", ["a"], ["a", "b"])),
            _event(3, Change("name", "Payroll", "Payroll sync"), actor=_BOB),
        ],
        _PAYROLL,
    )
    assert _fields(net) == {"scopes": (["a"], ["a", "b"], 1), "name": ("Payrol", "Payroll sync", 2)}
    name = net.subject.fields[1]
    assert (name.last.actor, name.last.event_id, name.gaps, name.is_back) == (_BOB, UUID(int=3), 0, False)
    assert net.events == 3


def test_what_came_back_to_where_it_was_is_told_apart() -> None:
    net = net_change([_event(1, Change("status", "on", "off")), _event(2, Change("status", "off", "on"))], _PAYROLL)
    (status,) = net.subject.fields
    assert status.is_back and status.times == 2


def test_what_failed_or_was_denied_changed_nothing() -> None:
    change = Change("name", "a", "b")
    events = [_event(1, change, outcome=Outcome.DENIED), _event(2, change, outcome=Outcome.FAILURE)]
    assert net_change(events, _PAYROLL) == net_change([], _PAYROLL)


def test_what_was_done_to_others_through_the_client_is_no_change_of_it() -> None:
    change = Change("name", "a", "b")
    others = [
        _event(1, change, target=Reference("user", "u-1"), type="user.updated"),
        _event(2, change, target=_MAPS),
        _event(3, change, target=_TOKEN, client=_MAPS),
        _event(4, change, target=None, type="user.updated"),
        _event(5, change, target=None, client=_MAPS),
    ]
    assert net_change(others, _PAYROLL) == net_change([], _PAYROLL)


def test_without_a_target_the_type_says_whether_it_is_about_the_client() -> None:
    assert _fields(net_change([_event(1, Change("name", "a", "b"), target=None)], _PAYROLL)) == {"name": ("a", "b", 1)}


def test_beginning_and_end_are_facts_with_the_last_one_of_their_kind() -> None:
    net = net_change(
        [
            _event(1, type="api_client.created"),
            _event(2, type="api_client.expired"),
            _event(3, type="api_client.expired"),
            _event(4, type="api_client.deleted", actor=_BOB),
            _event(5, type="api_client.looked_at"),
        ],
        _PAYROLL,
    )
    assert [(fact.type.partition(".")[2], fact.times, fact.last.event_id.int) for fact in net.subject.facts] == [
        ("created", 1, 1),
        ("expired", 2, 3),
        ("deleted", 1, 4),
    ]
    assert net.events == 4


def test_tokens_stand_beside_their_client() -> None:
    net = net_change(
        [
            _event(1, type="token.issued", target=_TOKEN),
            _event(2, Change("overlap_ends", None, "2026-04-01"), type="token.prolonged", target=_TOKEN),
            _event(3, type="token.copied", target=Reference("token", "t-2")),
        ],
        _PAYROLL,
    )
    (token,) = net.tokens
    assert token.thing == _TOKEN and [fact.type for fact in token.facts] == ["token.issued"]
    assert [one.field for one in token.fields] == ["overlap_ends"] and net.subject.fields == ()


def test_a_token_of_its_own_is_a_subject_like_any_other() -> None:
    net = net_change([_event(1, type="token.ended", target=_TOKEN)], _TOKEN)
    assert [fact.type for fact in net.subject.facts] == ["token.ended"] and net.tokens == ()


def test_the_name_is_the_one_that_it_had_last() -> None:
    old = Reference("api_client", "c-77", "Payrol sync")
    net = net_change([_event(1, Change("name", "a", "b"), target=old), _event(2, Change("name", "b", "c"))], old)
    assert net.subject.thing == _PAYROLL


def test_a_thing_without_an_id_is_known_by_its_name() -> None:
    named = Reference("api_client", name="payroll SYNC")
    assert net_change([_event(1, Change("name", "a", "b"))], named).events == 1


@pytest.mark.parametrize(
    ("about", "target"),
    [
        (Reference("api_client", "42", "Payroll sync"), Reference("role", "42", "Admins")),
        (Reference("role", "42", "Admins"), Reference("api_client", "42", "Payroll sync")),
        (Reference("api_client", name="Payroll"), Reference("role", name="Payroll")),
        (Reference("api_client", "42", "Payroll"), Reference("role", name="payroll")),
        (Reference("api_client", "42"), Reference("token", "42")),
    ],
)
def test_what_is_of_another_type_is_another_thing(about: Reference, target: Reference) -> None:
    net = net_change([_event(1, Change("name", "a", "b"), client=about, target=target, type="x.updated")], about)
    assert net.subject == net_change([], about).subject
    assert [token.thing for token in net.tokens] == ([target] if target.type == "token" else [])


def test_a_gap_is_told_with_both_values_and_where_it_is() -> None:
    net = net_change(
        [
            _event(1, Change("name", "a", "b")),
            _event(2, Change("name", "c", "d")),
            _event(3, Change("name", "e", "f")),
        ],
        _PAYROLL,
    )
    (name,) = net.subject.fields
    assert (name.before, name.after, name.times, name.gaps) == ("a", "f", 3, 2)
    assert name.first_gap is not None
    assert (name.first_gap.left, name.first_gap.found, name.first_gap.at.event_id) == ("b", "c", UUID(int=2))


def test_values_are_one_only_if_they_are_one_as_json() -> None:
    assert _fields(
        net_change([_event(1, Change("a", 1, True), Change("b", {"x": 1, "y": 2}, {"y": 2, "x": 1}))], _PAYROLL)
    ) == {"a": (1, True, 1)}


_values: st.SearchStrategy[Json] = st.one_of(
    st.none(), st.booleans(), st.integers(0, 2), st.sampled_from(["", "x", "y"]), st.lists(st.sampled_from("ab"))
)


@dataclass(frozen=True)
class _Edit:
    """One update: new values of fields, who for, how it ended, and whether the log has it."""

    after: dict[str, Json]
    to: Reference
    outcome: Outcome
    is_logged: bool


_edits = st.lists(
    st.builds(
        _Edit,
        st.dictionaries(st.sampled_from(["name", "scopes", "expires"]), _values, max_size=2),
        st.sampled_from([_PAYROLL, _PAYROLL, _MAPS]),
        st.sampled_from([Outcome.SUCCESS, Outcome.SUCCESS, Outcome.SUCCESS, Outcome.DENIED, Outcome.FAILURE]),
        st.sampled_from([True, True, True, True, False]),
    ),
    max_size=30,
)


def _same(one: Json, other: Json) -> bool:
    return type(one) is type(other) and one == other


@settings(deadline=None)
@given(_edits, st.integers(0, 30), st.integers(0, 30))
def test_the_net_change_is_the_difference_of_the_states_at_both_ends(edits: list[_Edit], start: int, end: int) -> None:
    """The oracle plays the edits and looks at the states themselves."""
    states: dict[str | None, dict[str, Json]] = {_PAYROLL.id: {}, _MAPS.id: {}}
    events: list[Event] = []
    snapshots: list[dict[str, Json]] = []  # Payroll's fields before each edit, and after the last
    for number, edit in enumerate(edits):
        snapshots.append(dict(states[_PAYROLL.id]))
        state = states[edit.to.id]
        changes = [
            Change(name, state.get(name), value)
            for name, value in edit.after.items()
            if not _same(state.get(name), value)
        ]
        events.append(_event(number, *changes, client=edit.to, target=edit.to, outcome=edit.outcome))
        if edit.outcome is Outcome.SUCCESS:
            state.update(edit.after)
    snapshots.append(dict(states[_PAYROLL.id]))
    start, end = sorted((min(start, len(edits)), min(end, len(edits))))

    whole = net_change(events[start:end], _PAYROLL)
    for one in whole.subject.fields:
        assert _same(one.before, snapshots[start].get(one.field)) and _same(one.after, snapshots[end].get(one.field))
        assert one.gaps == 0 and one.is_back == _same(one.before, one.after)
    differing = {
        name
        for name in ("name", "scopes", "expires")
        if not _same(snapshots[start].get(name), snapshots[end].get(name))
    }
    assert {one.field for one in whole.subject.fields if not one.is_back} == differing

    kept = [event for event, edit in zip(events, edits, strict=True) if edit.is_logged][start:end]
    gappy = {one.field: one for one in net_change(kept, _PAYROLL).subject.fields}
    for name, told in _told(kept).items():
        found = gappy.pop(name)
        assert found.times == len(told)
        assert _same(found.before, told[0].before) and _same(found.after, told[-1].after)
        assert found.gaps == sum(not _same(a.after, b.before) for a, b in pairwise(told))
        assert (found.first_gap is None) == (found.gaps == 0)
    assert gappy == {}


def _told(events: list[Event]) -> dict[str, list[Change]]:
    told: dict[str, list[Change]] = {}
    for event in events:
        if event.outcome is Outcome.SUCCESS and event.target == _PAYROLL:
            for change in event.changes:
                told.setdefault(change.field, []).append(change)
    return told


def test_events_are_taken_one_by_one_and_not_kept() -> None:
    alive: list[int] = []

    class Counted(Event):
        def __del__(self) -> None:
            alive.append(1)

    def stream() -> Iterator[Event]:
        for number in range(50):
            plain = _event(number, Change("name", number, number + 1))
            yield Counted(**{name: getattr(plain, name) for name in Event.__dataclass_fields__})
            if number > 2:
                assert len(alive) >= number - 2, "events that were folded in are gone"

    assert _fields(net_change(stream(), _PAYROLL)) == {"name": (0, 50, 50)}

"""The dictionary's terms: what makes two of them one, and the addresses in the order of addresses."""

from ipaddress import ip_address
from itertools import combinations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from data.records import Draft, Reference
from data.store.terms import Term, TermMemory, address_bytes, storable, terms_of
from tests.hand_clock import NOW
from tests.strategies import texts

PARTS = st.none() | texts
TERMS = st.builds(Term, st.sampled_from(("actor", "client")), PARTS, PARTS, PARTS)


@given(TERMS, TERMS)
def test_terms_have_one_digest_if_they_are_one(one: Term, other: Term) -> None:
    assert (one.digest == other.digest) == (one == other)


@pytest.mark.parametrize(
    ("one", "other"),
    combinations(
        (
            Term("actor", "member", "a", "b"),
            Term("actor", "member", "ab", ""),
            Term("actor", "member", "ab", None),
            Term("actor", "member", None, "ab"),
            Term("actor", "member", "a\0" + "1:b", None),
            Term("actor", "member", "n", None),
            Term("target", "member", "a", "b"),
        ),
        2,
    ),
)
def test_parts_do_not_run_into_each_other(one: Term, other: Term) -> None:
    assert one.digest != other.digest


@given(st.ip_addresses(v=4), st.ip_addresses(v=4), st.ip_addresses(v=6), st.ip_addresses(v=6))
def test_addresses_sort_as_addresses(one: object, other: object, third: object, fourth: object) -> None:
    for first, second in ((one, other), (third, fourth)):
        by_bytes = (address_bytes(str(first)) or b"") < (address_bytes(str(second)) or b"")
        assert by_bytes == (int(ip_address(str(first))) < int(ip_address(str(second))))


def test_mapped_address_is_the_address_that_it_maps() -> None:
    assert address_bytes("::ffff:198.51.100.7") == address_bytes("198.51.100.7")


@pytest.mark.parametrize("name", ["gate.example.org", "", "198.51.100", "198.51.100.7/24"])
def test_host_name_is_no_address(name: str) -> None:
    assert address_bytes(name) is None
    assert Term("ip", name=name).row().address is None


def test_nul_is_replaced_because_postgresql_cannot_hold_it() -> None:
    row = Term("actor", "k\0", "i\0", "N\0").row()

    assert (row.kind, row.ident, row.name, row.folded) == ("k\ufffd", "i\ufffd", "N\ufffd", "n\ufffd")
    assert storable(None) is None


def test_names_that_differ_in_a_nul_alone_are_two_terms() -> None:
    assert Term("actor", name="a\0").digest != Term("actor", name="a\ufffd").digest


def test_event_has_a_term_for_each_thing_that_it_names() -> None:
    bare = terms_of(Draft(type="user.created", occurred_at=NOW))
    full = terms_of(
        Draft(
            type="user.created",
            occurred_at=NOW,
            client=Reference("api_client", "c-1"),
            target=Reference("user", name="Bob"),
            service="",
            ip="198.51.100.7",
            session_id="s-1",
            token="t-1",
        )
    )

    assert bare.keys() == {"type", "outcome", "actor"}
    assert full.keys() == {"type", "outcome", "actor", "client", "target", "service", "ip", "session", "token"}
    assert full["target"] == Term("target", "user", None, "Bob")
    assert full["session"] == Term("session", ident="s-1")
    assert full["service"] == Term("service", name="")


def test_memory_forgets_rather_than_grows(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("data.store.terms._REMEMBERED", 3)
    memory = TermMemory()
    terms = [Term("actor", ident=str(number)) for number in range(4)]

    memory.learn({term: number for number, term in enumerate(terms[:3])}, 0)
    assert memory.known(terms, 0) == {terms[0]: 0, terms[1]: 1, terms[2]: 2}

    memory.learn({terms[3]: 3}, 0)
    assert memory.known(terms, 0) == {terms[3]: 3}


def test_memory_forgets_what_is_of_before_a_removal() -> None:
    memory = TermMemory()
    one, other = Term("actor", ident="1"), Term("actor", ident="2")
    memory.learn({one: 1, other: 2}, 0)

    assert memory.known([one], 1) == {}
    memory.learn({one: 1}, 0)  # by a transaction that began before
    assert memory.known([one, other], 1) == {}
    memory.learn({other: 3}, 1)
    assert memory.known([other], 1) == {other: 3}
    assert memory.known([other], 0) == {}

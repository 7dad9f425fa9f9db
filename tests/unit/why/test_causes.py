"""Tests of data.why.causes: each code of refusal has the change that explains it, or none and a sentence that says so."""

from dataclasses import replace
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from data.query.addresses import read_address, read_network
from data.records import Change, Event, Json, Outcome, Reference
from data.refusals import RefusalCode
from data.why.causes import SHORTLY, cause_of
from data.why.model import Cause, Likelihood
from data.why.runs import gather
from tests.unit.why.made_up import CALENDAR, CLIENT, NEW_TOKEN, NOW, TOKEN, at, change, request

ADDRESS = "198.51.100.7"


def cause(refusal: RefusalCode, *changes: Event, scope: str | None = None) -> Cause:
    """Why a call at 14:31 was refused."""
    (run,) = gather([request(at("14:31"), refusal, ip=ADDRESS, scope=scope)])
    found = cause_of(run, changes, CLIENT, CALENDAR)
    assert found is not None
    return found


def updated(clock: str, field: str, before: Json, after: Json) -> Event:
    return change("api_client.updated", at(clock), Change(field, before, after))


def test_a_run_that_was_let_in_has_no_cause() -> None:
    (run,) = gather([request(at("14:31"))])
    assert cause_of(run, [change("api_client.revoked", at("14:30"))], CLIENT, CALENDAR) is None


@pytest.mark.parametrize(
    ("refusal", "tag", "sentence"),
    [
        (RefusalCode.REVOKED, "api_client.revoked", "Alice Moss revoked this client at 14:30: leaked."),
        (RefusalCode.DELETED, "api_client.deleted", "Alice Moss deleted this client at 14:30: leaked."),
        (RefusalCode.TOKEN_ENDED, "token.ended", f"Alice Moss ended {TOKEN} at 14:30: leaked."),
        (RefusalCode.EXPIRED, "api_client.expired", "The client expired at 14:30."),
    ],
)
def test_an_end_is_the_cause_of_what_came_after_it(refusal: RefusalCode, tag: str, sentence: str) -> None:
    ended = change(tag, at("14:30"), reason="leaked")
    other = change("api_client.updated", at("14:30"), Change("description", None, "x"))
    assert cause(refusal, ended, other) == Cause(Likelihood.LIKELY, sentence, ended)
    later = change(tag, at("14:32"), reason="leaked")
    assert cause(refusal, later).change is None


def test_what_was_tried_and_did_not_come_about_is_no_cause() -> None:
    tried = change("api_client.revoked", at("14:30"), outcome=Outcome.DENIED)
    assert cause(RefusalCode.REVOKED, tried).change is None


def test_what_happened_after_the_first_refusal_is_no_cause_of_it() -> None:
    """However long the run goes on: where requests between are not known, it can go on over a change."""
    (run,) = gather([request(at("14:31"), RefusalCode.REVOKED), request(at("14:40"), RefusalCode.REVOKED)])
    between = change("api_client.revoked", at("14:35"))
    found = cause_of(run, [between], CLIENT, CALENDAR)
    assert found is not None and found.change is None


def test_where_the_log_does_not_reach_the_client_itself_tells() -> None:
    (run,) = gather([request(at("14:31"), RefusalCode.REVOKED)])
    client = replace(CLIENT, revoked_at=at("09:00", days_ago=8), revoked_by="Bob", revoke_reason="left us")
    found = cause_of(run, [], client, CALENDAR)
    assert found == Cause(Likelihood.NONE, "Bob revoked this client on 12 Nov at 09:00: left us.")
    unknown = cause_of(run, [], None, CALENDAR)
    assert unknown == Cause(Likelihood.NONE, "The client was revoked; the log does not tell by whom.")


def test_who_shortened_the_last_day_is_told_with_the_expiry() -> None:
    shortened = updated("09:00", "expires", "2027-05-31", "2026-11-19")
    expired = change("api_client.expired", at("12:00"))
    told = "Alice Moss made 19 Nov its last day at 09:00; it was 31 May 2027 before."
    assert cause(RefusalCode.EXPIRED, shortened, expired).reason == f"The client expired at 12:00. {told}"
    assert cause(RefusalCode.EXPIRED, shortened) == Cause(Likelihood.LIKELY, told, shortened)


def test_an_expiry_that_was_undone_is_not_to_blame_again() -> None:
    expired = change("api_client.expired", at("00:00", days_ago=9))
    prolonged = updated("09:00", "expires", "2026-11-10", "2026-11-19")
    found = cause(RefusalCode.EXPIRED, expired, prolonged)
    assert (found.change, found.likelihood) == (None, Likelihood.NONE)


def test_a_rotation_at_once_ends_its_own_token() -> None:
    rotated = change("token.rotated", at("14:30"), data={"replaced_by": NEW_TOKEN})
    found = cause(RefusalCode.TOKEN_ENDED, rotated)
    assert (found.change, found.likelihood) == (rotated, Likelihood.LIKELY)
    assert found.reason == f"Alice Moss rotated {TOKEN} at 14:30, {NEW_TOKEN} took its place, at once."
    other = replace(rotated, target=Reference("token", NEW_TOKEN))
    assert cause(RefusalCode.TOKEN_ENDED, other).change is None


def test_after_an_overlap_its_end_is_the_cause_and_the_rotation_is_told() -> None:
    data: dict[str, Json] = {"replaced_by": NEW_TOKEN, "overlap_ends": "2026-11-19"}
    rotated = change("token.rotated", at("09:00", days_ago=8), data=data)
    over = change("token.expired", at("00:00"), data=data)
    told = f"Alice Moss rotated {TOKEN} on 12 Nov at 09:00, {NEW_TOKEN} took its place; its last day was 19 Nov."
    assert cause(RefusalCode.TOKEN_ENDED, rotated, over) == Cause(Likelihood.LIKELY, told, over)
    assert cause(RefusalCode.TOKEN_ENDED, rotated) == Cause(Likelihood.LIKELY, told, rotated)
    during = replace(rotated, data={**data, "overlap_ends": "2026-11-20"})
    assert cause(RefusalCode.TOKEN_ENDED, during).change is None


def test_a_scope_is_missing_since_it_was_last_taken_away() -> None:
    first = updated("09:00", "scopes", ["a:read", "b:read"], ["b:read"])
    back = updated("10:00", "scopes", ["b:read"], ["a:read", "b:read"])
    again = updated("11:00", "scopes", ["a:read", "b:read"], None)
    other = updated("12:00", "scopes", None, ["b:read"])
    found = cause(RefusalCode.MISSING_SCOPE, first, back, again, other, scope="a:read")
    assert found == Cause(Likelihood.LIKELY, "Alice Moss took a:read away from this client at 11:00.", again)
    assert cause(RefusalCode.MISSING_SCOPE, first, back, scope="a:read").change is None


def test_a_scope_that_was_never_there_says_so() -> None:
    made = change("api_client.created", at("08:00"), Change("scopes", None, ["b:read"]))
    found = cause(RefusalCode.MISSING_SCOPE, made, scope="a:read")
    assert found == Cause(Likelihood.NONE, "No change took a:read away from this client: it never had it.")


def test_of_a_scope_that_is_not_known_the_last_loss_is_possible() -> None:
    lost = updated("09:00", "scopes", ["a:read", "b:read", "c:read"], ["b:read"])
    found = cause(RefusalCode.MISSING_SCOPE, lost)
    assert (found.likelihood, found.change) == (Likelihood.POSSIBLE, lost)
    assert "took a:read and c:read away" in found.reason


def test_an_address_is_left_out_by_the_networks_that_no_longer_hold_it() -> None:
    left = updated("09:00", "networks", ["198.51.100.0/24"], ["192.0.2.0/24"])
    other = updated("10:00", "networks", ["192.0.2.0/24"], ["192.0.2.0/25"])
    found = cause(RefusalCode.WRONG_NETWORK, left, other)
    assert (found.likelihood, found.change) == (Likelihood.LIKELY, left)
    assert found.reason == (
        f"Alice Moss left {ADDRESS} out of this client's networks at 09:00; since then they are 192.0.2.0/24."
    )
    anywhere = updated("09:00", "networks", None, ["192.0.2.0/24"])
    assert cause(RefusalCode.WRONG_NETWORK, anywhere).change == anywhere


def test_a_new_address_was_left_out_by_nobody() -> None:
    made = change("api_client.created", at("08:00"), Change("networks", None, ["192.0.2.0/24"]))
    other = updated("10:00", "networks", ["192.0.2.0/24"], ["192.0.2.0/25"])
    found = cause(RefusalCode.WRONG_NETWORK, made, other)
    assert (found.likelihood, found.change) == (Likelihood.NONE, None)
    assert "it is a new address" in found.reason


def test_a_wrong_secret_proves_nothing() -> None:
    alone = cause(RefusalCode.WRONG_SECRET)
    assert (alone.likelihood, alone.change) == (Likelihood.NONE, None)
    assert "which proves nothing" in alone.reason
    rotated = change("token.rotated", at("14:31") - SHORTLY)
    found = cause(RefusalCode.WRONG_SECRET, rotated)
    assert (found.likelihood, found.change) == (Likelihood.POSSIBLE, rotated)
    long_ago = replace(rotated, occurred_at=rotated.occurred_at - timedelta(seconds=1))
    assert cause(RefusalCode.WRONG_SECRET, long_ago).change is None


@pytest.mark.parametrize("refusal", RefusalCode)
def test_every_code_has_a_sentence(refusal: RefusalCode) -> None:
    (run,) = gather([request(at("14:31"), refusal)]) or (None,)
    if run is not None:
        found = cause_of(run, [], CLIENT, CALENDAR)
        assert found is not None
        assert found.change is None
        assert found.reason.endswith(".")


@pytest.mark.parametrize(
    "damaged",
    [
        Change("networks", "not-a-network", {"a": [1]}),
        Change("scopes", 7, [None, {}]),
        Change("expires", ["x"], None),
    ],
)
def test_changes_that_others_wrote_do_no_harm(damaged: Change) -> None:
    """Imported events hold any JSON."""
    odd = change("api_client.updated", at("09:00"), damaged, data={"overlap_ends": "0000-99-99"})
    ended = change("token.rotated", at("09:00"), data={"overlap_ends": "0000-99-99", "replaced_by": 7})
    for refusal in RefusalCode:
        for run in gather([request(at("14:31"), refusal, scope="a:read", ip="not an address")]):
            assert cause_of(run, [odd, ended], None, CALENDAR) is not None


_NETWORKS = st.sampled_from([None, ["198.51.100.0/24"], ["192.0.2.0/24"], ["192.0.2.0/24", "198.51.100.0/25"]])
_SCOPES = st.sampled_from([None, ["a:read"], ["b:read"], ["a:read", "b:read"]])
_STEP = st.one_of(
    st.tuples(st.just("networks"), _NETWORKS),
    st.tuples(st.just("scopes"), _SCOPES),
    st.tuples(st.just("expires"), st.dates(date(2026, 11, 21), date(2027, 5, 31)).map(str)),
    st.sampled_from(
        [
            ("api_client.expired", None),
            ("api_client.revoked", None),
            ("api_client.deleted", None),
            ("token.ended", None),
            ("token.rotated", None),
            ("token.expired", None),
            ("token.copied", None),
        ]
    ),
)
_CALL = st.tuples(st.just("call"), st.sampled_from([None, *RefusalCode]))


@given(st.lists(st.one_of(_STEP, _CALL), max_size=30))
def test_a_cause_is_a_change_before_the_first_refusal_that_explains_its_code(
    steps: list[tuple[str, object]],
) -> None:
    values: dict[str, Json] = {"networks": None, "scopes": ["a:read"], "expires": "2027-05-31"}
    moment, calls, changes = NOW - timedelta(days=1), [], []
    for what, value in steps:
        moment += timedelta(minutes=7)
        if what == "call":
            calls.append(request(moment, value, ip=ADDRESS, scope="a:read"))  # type: ignore[arg-type]
        elif what in values:
            changes.append(change("api_client.updated", moment, Change(what, values[what], value)))  # type: ignore[arg-type]
            values[what] = value  # type: ignore[assignment]
        else:
            changes.append(change(what, moment))
    for run in gather(calls, changes):
        found = cause_of(run, changes, CLIENT, CALENDAR)
        assert (found is None) is not run.is_refused
        if found is None:
            continue
        assert (found.change is None) is (found.likelihood is Likelihood.NONE)
        if found.change is not None:
            assert found.change.occurred_at <= run.first_at
            assert explains(found.change, run.refusal)


def explains(event: Event, refusal: RefusalCode | None) -> bool:
    """Whether a change alone can bring about such a refusal: the rules, said another way."""
    values = {change.field: (change.before, change.after) for change in event.changes}
    match refusal:
        case RefusalCode.REVOKED | RefusalCode.DELETED:
            return event.type == f"api_client.{refusal}"
        case RefusalCode.EXPIRED:
            return event.type == "api_client.expired" or str(values["expires"][0]) > str(values["expires"][1])
        case RefusalCode.TOKEN_ENDED:
            return event.type in ("token.ended", "token.rotated", "token.expired")
        case RefusalCode.MISSING_SCOPE:
            before, after = values["scopes"]
            return "a:read" in (before or []) and "a:read" not in (after or [])  # type: ignore[operator]
        case RefusalCode.WRONG_NETWORK:
            return [_holds(value) for value in values["networks"]] == [True, False]
        case RefusalCode.WRONG_SECRET:
            return event.type == "token.rotated"
    return False


def _holds(networks: Json) -> bool:
    address = read_address(ADDRESS)
    assert address is not None
    return not networks or any(address in read_network(str(one)) for one in networks)  # type: ignore[union-attr]

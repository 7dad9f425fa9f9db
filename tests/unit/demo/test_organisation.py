"""What holds for every demo: size, order, repeatability, and that its events agree with each other."""

from collections import Counter
from collections.abc import Callable
from contextlib import closing
from datetime import UTC, datetime, timedelta, timezone
from ipaddress import ip_address, ip_network
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from data.catalogue import CATALOGUE, authgear, requests
from data.demo import make_demo
from data.demo.calendar import ZONE
from data.records import TOMBSTONE, ActorType, Event, Json, Outcome
from data.services.audit_log import AuditLog
from tests.unit.demo.conftest import events_of

PERIOD = timedelta(days=120)
_SHIPPED = {"administrator", "client-manager", "support", "reviewer"}
"""The ids of the roles that come with the database."""
Make = Callable[..., tuple[Event, ...]]
DOCUMENTATION = [ip_network(text) for text in ("192.0.2.0/24", "198.51.100.0/24", "203.0.113.0/24", "2001:db8::/32")]
ENDS = st.datetimes(datetime(2024, 1, 1), datetime(2031, 1, 1), timezones=st.just(UTC))


# Each example makes a whole organisation, if with little everyday work.
@settings(deadline=None, max_examples=2, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(end=ENDS, seed=st.integers(0, 10_000))
def test_any_end_and_seed_give_events_in_order_within_the_period(
    tmp_path_factory: pytest.TempPathFactory, end: datetime, seed: int
) -> None:
    path = tmp_path_factory.mktemp("any") / "demo.db"
    make_demo(str(path), end, seed, everyday=50, with_requests=False)
    with closing(AuditLog(str(path), ZONE, clock=lambda: end)) as log:
        events = events_of(log)
    assert len(events) > 2_500
    assert end - PERIOD <= events[0].occurred_at
    assert end - timedelta(minutes=10) < events[-1].occurred_at < end


def test_the_same_seed_and_instant_give_the_same_events_and_another_seed_others(
    made: Make, end: datetime, demo: tuple[Event, ...]
) -> None:
    elsewhere = end.astimezone(timezone(timedelta(hours=5, minutes=45)))
    first = made(end, seed=8)
    assert made(elsewhere, seed=8) == first
    assert not {event.id for event in first} & {event.id for event in demo}


def test_there_are_about_five_thousand_events(demo: tuple[Event, ...]) -> None:
    assert 4_900 < len(demo) < 5_400


def test_an_end_without_zone_is_refused(end: datetime, tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="time zone"):
        make_demo(str(tmp_path / "demo.db"), end.replace(tzinfo=None))


def test_a_negative_number_of_acts_is_refused(end: datetime, tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="-1"):
        make_demo(str(tmp_path / "demo.db"), end, everyday=-1)


_REFUSED_ALONE = {
    *("access.read", "api_client.read", "log.imported", "log.read", "policy.read", "requests.imported"),
    *("keeper.ran", "requests.read", "system.read", "token.inspected", "token.used", "view.read"),
}
"""What only the gate tells of, when it lets somebody have nothing of it; here everybody may do what they do."""


def test_every_type_of_our_own_occurs_and_no_unknown_one(demo: tuple[Event, ...]) -> None:
    elsewhere = {event_type.tag for family in (*authgear.FAMILIES, *requests.FAMILIES) for event_type in family.types}
    own = {event_type.tag for event_type in CATALOGUE} - elsewhere - _REFUSED_ALONE - {TOMBSTONE}
    assert {event.type for event in demo} == own


def test_outcomes_are_mixed_as_in_a_quiet_organisation(demo: tuple[Event, ...]) -> None:
    share = {outcome: number / len(demo) for outcome, number in Counter(event.outcome for event in demo).items()}
    assert 0.90 <= share[Outcome.SUCCESS] <= 0.94
    assert 0.04 <= share[Outcome.DENIED] <= 0.065
    assert 0.02 <= share[Outcome.FAILURE] <= 0.04


def test_working_hours_weigh_more_than_nights_and_weekends(demo: tuple[Event, ...]) -> None:
    working = [event for event in demo if event.occurred_at.weekday() < 5 and 8 <= event.occurred_at.hour < 18]
    weekend = [event for event in demo if event.occurred_at.weekday() >= 5]
    assert len(working) > 0.7 * len(demo)
    assert 0 < len(weekend) < 0.1 * len(demo)


def test_what_was_denied_or_failed_has_a_reason_and_changed_nothing(demo: tuple[Event, ...]) -> None:
    unhappy = [event for event in demo if event.outcome is not Outcome.SUCCESS]
    assert all(event.reason and not event.changes for event in unhappy)


@pytest.mark.parametrize(
    "tag", ["api_client.revoked", "member.suspended", "member.removed", "log.event_erased", "session.ended"]
)
def test_what_ends_something_has_a_reason(demo: tuple[Event, ...], tag: str) -> None:
    reasons = [event.reason for event in demo if event.type == tag]
    assert reasons
    assert all(reasons)


def test_addresses_come_from_the_ranges_for_documentation(demo: tuple[Event, ...]) -> None:
    addresses = {ip_address(event.ip) for event in demo if event.ip is not None}
    assert all(any(address in network for network in DOCUMENTATION) for address in addresses)
    networks = [text for event in demo if "networks" in event.data for text in _texts(event.data["networks"])]
    assert all(any(ip_network(text)[0] in network for network in DOCUMENTATION) for text in networks)


def test_mail_goes_to_the_domains_for_examples(demo: tuple[Event, ...]) -> None:
    emails = {str(event.data["email"]) for event in demo if "email" in event.data}
    emails |= {event.target.label for event in demo if event.target and event.target.type == "invitation"}
    assert emails
    assert {email.rpartition("@")[2] for email in emails} <= {"example.org", "example.com", "example.net"}


def test_each_change_starts_from_what_the_one_before_it_left(demo: tuple[Event, ...]) -> None:
    known: dict[tuple[str, str | None, str], Json] = {}
    compared = 0
    for event in demo:
        for change in event.changes:
            assert event.target is not None
            assert change.before != change.after
            place = (event.target.type, event.target.id, change.field)
            if place in known:
                assert known[place] == change.before, event
                compared += 1
            known[place] = change.after
    assert compared > 300


def test_an_api_clients_facts_are_its_state_at_that_time(demo: tuple[Event, ...]) -> None:
    known: dict[tuple[str | None, str], Json] = {}
    compared = 0
    for event in demo:
        if not event.type.startswith("api_client."):
            continue
        assert event.target is not None
        assert event.target == event.client
        if event.outcome is Outcome.DENIED and event.actor.type == ActorType.MEMBER:
            assert not event.data, "a refusal tells what somebody may do, and not how the client stands"
            continue
        now = {**event.data, "name": event.target.name}
        for change in event.changes:
            assert now.get(change.field, change.after) == change.after
            known[event.target.id, change.field] = change.after
        for field in ("name", "expires", "scopes", "networks"):
            compared += (event.target.id, field) in known
            assert known.setdefault((event.target.id, field), now[field]) == now[field], event
    assert compared > 200


def test_every_successful_update_tells_what_changed(demo: tuple[Event, ...]) -> None:
    updates = [event for event in demo if event.type.endswith(".updated") and event.outcome is Outcome.SUCCESS]
    assert all(event.changes for event in updates)


def test_nothing_is_done_by_a_client_that_was_deleted_or_succeeds_once_it_was_barred(demo: tuple[Event, ...]) -> None:
    ended: dict[str | None, str] = {}
    refused = 0
    for event in demo:
        if event.actor.type == ActorType.API_CLIENT:
            assert ended.get(event.actor.id) != "api_client.deleted"
            if event.actor.id in ended:
                assert event.outcome is Outcome.DENIED
                refused += 1
        if event.outcome is Outcome.SUCCESS and event.target is not None:
            if event.type in {"api_client.deleted", "api_client.revoked", "api_client.expired"}:
                ended[event.target.id] = event.type
            elif event.type == "api_client.updated" and ended.get(event.target.id) == "api_client.expired":
                del ended[event.target.id]
    assert refused > 20


def test_a_session_has_one_member_address_and_program_from_sign_in_to_its_end(demo: tuple[Event, ...]) -> None:
    context: dict[str, tuple[str | None, str | None, str | None]] = {}
    closed: set[str | None] = set()
    for event in demo:
        if event.session_id is not None:
            here = (event.actor.id, event.ip, event.user_agent)
            assert event.session_id not in closed
            assert (event.session_id in context) == (event.type != "session.signed_in")
            if event.type == "session.ended":  # by somebody else, and told under the session that it is about
                assert event.target is not None and event.target.id == context[event.session_id][0] != event.actor.id
            else:
                assert context.setdefault(event.session_id, here) == here
        if event.type in {"session.signed_out", "session.lost", "session.ended"}:
            assert event.session_id is not None
            closed.add(event.session_id)
    assert len(closed) > 500


def test_ids_have_one_kind_and_events_of_the_keeper_have_no_request(demo: tuple[Event, ...]) -> None:
    prefixes = {"api_client": "c-", "member": "m-", "role": "r-", "group": "g-", "user": "u-", "token": "adk_"}
    for event in demo:
        if event.target is None:  # there was nothing yet that it could be about
            assert (event.type, event.outcome) in {
                ("invitation.sent", Outcome.DENIED),
                ("session.refused", Outcome.DENIED),
            }
        elif event.target.type in prefixes and event.target.id is not None and event.target.id not in _SHIPPED:
            assert event.target.id.startswith(prefixes[event.target.type])
        # Whoever comes, goes or joins does that with a console of their own, and not by a request to something.
        comes_or_goes = event.type.startswith("session.") and event.type != "session.ended"
        no_request = event.service in {"keeper", "join"} or (event.service == "console" and comes_or_goes)
        assert (event.request_id is None) == (no_request or event.actor.type == ActorType.SYSTEM), event


def test_the_ids_of_members_groups_and_roles_are_those_that_the_services_give(demo: tuple[Event, ...]) -> None:
    given = {
        event.target.id
        for event in demo
        if event.target and event.target.type in {"member", "group", "role"} and event.target.id is not None
    }
    assert len(given) > 18 and all(len(one) == 10 for one in given - _SHIPPED)


def _texts(value: Json) -> list[str]:
    assert isinstance(value, list)
    return [str(item) for item in value]

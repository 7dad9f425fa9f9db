"""Stories of people that a reviewer can find."""

from collections import Counter
from collections.abc import Sequence
from datetime import timedelta

from data.records import ActorType, Event, Outcome


def test_noras_invitation_comes_back_and_is_sent_again_and_accepted(demo: tuple[Event, ...]) -> None:
    told = [event.type for event in demo if event.target and event.target.name == "nora@example.com"]
    assert told == [
        "invitation.sent",
        "invitation.delivery_failed",
        "invitation.delivery_failed",
        "invitation.resent",
        "invitation.accepted",
    ]
    joined = [event.type for event in demo if event.actor.name == "Nora Quist"]
    assert joined[:4] == ["member.joined", "member.key_registered", "invitation.accepted", "session.signed_in"]
    promised = [event for event in _of(demo, "role.granted", "Reviewer") if event.data["grantee_name"] == "Nora Quist"]
    assert [event.actor.name for event in promised] == ["Alice Moss"]


def test_nothing_is_done_by_a_member_who_was_suspended_for_leaving(demo: tuple[Event, ...]) -> None:
    (suspended,) = _of(demo, "member.suspended", "Ivan Petrov")
    (removed,) = _of(demo, "member.removed", "Ivan Petrov")
    meanwhile = [
        event for event in demo if event.actor.name == "Ivan Petrov" and event.occurred_at > suspended.occurred_at
    ]
    assert all(event.type == "session.refused" for event in meanwhile)
    assert all(event.occurred_at < removed.occurred_at for event in meanwhile)
    withdrawn = [event.type for event in demo if suspended.occurred_at <= event.occurred_at < removed.occurred_at]
    assert {"session.ended", "group.member_removed", "role.withdrawn", "member.key_removed"} <= set(withdrawn)


def test_a_night_of_refused_sign_ins_comes_from_one_unfamiliar_address(demo: tuple[Event, ...]) -> None:
    refused = [event for event in demo if event.type == "session.refused" and event.actor.type == ActorType.ANONYMOUS]
    (address, _), *_ = Counter(event.ip for event in refused).most_common()
    burst = [event for event in refused if event.ip == address]
    assert len(burst) > 40
    assert len({event.actor.name for event in burst}) == 5, "as many keys were tried"
    assert burst[-1].occurred_at - burst[0].occurred_at < timedelta(minutes=30)
    assert burst[0].occurred_at.hour < 5
    assert not any(event.ip == burst[0].ip and event.outcome is Outcome.SUCCESS for event in demo)


def test_a_permission_taken_by_mistake_stops_colleagues_until_it_is_put_back(demo: tuple[Event, ...]) -> None:
    done = [event for event in _of(demo, "role.updated", "Integration manager") if event.outcome is Outcome.SUCCESS]
    taken, back = done
    assert set(_listed(taken, "before")) - set(_listed(taken, "after")) == {"clients:write"}
    assert set(_listed(back, "after")) == set(_listed(taken, "before"))
    stopped = [
        event
        for event in demo
        if taken.occurred_at < event.occurred_at < back.occurred_at and event.outcome is Outcome.DENIED
    ]
    assert {"Emi Tanaka", "Hugo Lind"} <= {event.actor.name for event in stopped}


def test_whoever_lost_their_key_or_was_barred_is_refused(demo: tuple[Event, ...]) -> None:
    reasons = Counter(event.reason for event in demo if event.type == "session.refused")
    assert reasons["This key is no member's here, or no longer."] > 50
    assert reasons["Ivan Petrov is suspended; an administrator can reinstate them."] > 0
    (removed,) = _of(demo, "member.key_removed", "Farid Nasser")
    (ended,) = [event for event in demo if event.type == "session.ended" and event.actor.name == "Carla Ruiz"]
    assert ended.target == removed.target and ended.occurred_at < removed.occurred_at
    tried = [event for event in demo if event.type == "session.refused" and event.ip == "198.51.100.250"]
    assert {event.actor.name for event in tried} == {removed.data["fingerprint"]}
    assert all(event.occurred_at > removed.occurred_at for event in tried)


def test_rules_above_permissions_are_met(demo: tuple[Event, ...]) -> None:
    refused = {
        (event.actor.name, event.type): event.reason or ""
        for event in demo
        if event.outcome is Outcome.DENIED and event.type.partition(".")[0] in {"role", "group", "member"}
    }
    assert refused["Carla Ruiz", "member.updated"].startswith("Nobody changes their own access")
    assert refused["Alice Moss", "role.updated"].startswith("Reviewer is built in")
    for who in (("Bob Okafor", "member.updated"), ("Hugo Lind", "role.updated"), ("Grace Lin", "group.updated")):
        assert refused[who].startswith("This needs access:write")


def _of(demo: Sequence[Event], tag: str, name: str | None = None) -> list[Event]:
    return [
        event for event in demo if event.type == tag and (name is None or (event.target and event.target.name == name))
    ]


def _listed(event: Event, side: str) -> list[str]:
    (change,) = event.changes
    value = change.before if side == "before" else change.after
    assert isinstance(value, list)
    return [str(item) for item in value]

"""Stories of the portal that a reviewer can find."""

from data.records import Event, Outcome


def test_a_project_in_draft_is_refused_production_until_it_is_active(demo: tuple[Event, ...]) -> None:
    refusals = [event for event in demo if event.reason == "a project in draft cannot promote to production"]
    (active,) = [event for event in demo if event.type == "project.updated" and event.data["status"] == "active"]
    assert [event.outcome for event in refusals] == [Outcome.DENIED]
    assert refusals[0].occurred_at < active.occurred_at


def test_one_afternoon_sees_a_whole_department_imported_but_for_one_taken_address(demo: tuple[Event, ...]) -> None:
    imported = [event for event in demo if event.actor.name == "Old importer"]
    assert {event.type for event in imported} == {"user.created"}
    assert len({event.occurred_at.date() for event in imported}) == 1
    failed = [event for event in imported if event.outcome is not Outcome.SUCCESS]
    assert [event.reason for event in failed] == ["the mail address is taken"]


def test_an_on_premises_key_gets_a_new_fingerprint_and_date_when_it_is_rotated(demo: tuple[Event, ...]) -> None:
    (rotated,) = [event for event in demo if event.type == "onprem_key.rotated"]
    assert [change.field for change in rotated.changes] == ["expires", "fingerprint"]


def test_a_user_who_was_deleted_is_not_heard_of_again(demo: tuple[Event, ...]) -> None:
    (deleted,) = [event for event in demo if event.type == "user.deleted"]
    assert deleted.target is not None
    later = [event.type for event in demo if event.target == deleted.target and event.occurred_at > deleted.occurred_at]
    assert later == []

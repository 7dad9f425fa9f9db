import pytest

from data.catalogue import Catalogue, EventType, Family, Tab

OPENED = EventType("door.opened", "Door opened", "Open door", Tab.ADMIN, ("width",))
CLOSED = EventType("door.closed", "Door closed", "Close door", Tab.ADMIN)
DOOR = Family("door", "Door", (OPENED, CLOSED))
WINDOW = Family("window", "Window", (EventType("window.opened", "Window opened", "Open window", Tab.USERS),))


def test_a_family_that_is_there_twice_is_refused() -> None:
    with pytest.raises(ValueError, match="family door is in the catalogue twice"):
        Catalogue(DOOR, WINDOW, Family("door", "Another door", ()))


def test_a_tag_that_is_there_twice_is_refused() -> None:
    with pytest.raises(ValueError, match=r"event type door\.opened is in the catalogue twice"):
        Catalogue(Family("door", "Door", (OPENED, CLOSED, OPENED)))


@pytest.mark.parametrize("tag", ["window.opened", "door", "doors.opened"])
def test_a_tag_outside_of_its_family_is_refused(tag: str) -> None:
    with pytest.raises(ValueError, match=f"event type {tag} is not of the family door"):
        Catalogue(Family("door", "Door", (EventType(tag, "Opened", "Open", None),)))


def test_known_types_are_found_counted_and_kept_in_order() -> None:
    catalogue = Catalogue(DOOR, WINDOW)
    assert [event_type.tag for event_type in catalogue] == ["door.opened", "door.closed", "window.opened"]
    assert len(catalogue) == 3
    assert catalogue.families == (DOOR, WINDOW)
    assert "door.opened" in catalogue
    assert "door.painted" not in catalogue
    assert catalogue.describe("door.opened") is OPENED
    assert catalogue.family("window.opened") is WINDOW


@pytest.mark.parametrize(
    ("tag", "name"),
    [
        ("roof.leaked", "Roof: leaked"),
        ("a.b.c", "B: c"),
        ("leaked", "Leaked"),
        ("roof.", "roof."),
        ("", ""),
        (".leaked", "Leaked"),
        ("aws.s3.PutObject", "PutObject"),
        ("github.org.add_member", "Org: add member"),
        ("auth0.mfa.send_sms", "MFA: send SMS"),
        ("github.invite_member", "GitHub: invite member"),
        ("gcp.v1.compute.disks.setIamPolicy", "Disks: setIamPolicy"),
    ],
)
def test_an_unknown_tag_describes_itself_without_facts_or_tab(tag: str, name: str) -> None:
    assert Catalogue(DOOR).describe(tag) == EventType(tag, name, name, None, ())


def test_an_unknown_tag_of_a_known_family_belongs_to_it() -> None:
    assert Catalogue(DOOR).family("door.painted") is DOOR


@pytest.mark.parametrize(("tag", "prefix"), [("roof.leaked", "roof"), ("a.b.c", "a.b"), ("leaked", "leaked")])
def test_an_unknown_family_is_made_of_the_tag(tag: str, prefix: str) -> None:
    assert Catalogue(DOOR).family(tag) == Family(prefix, prefix, ())

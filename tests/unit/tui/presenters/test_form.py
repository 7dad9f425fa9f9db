"""Tests of tui.presenters.form."""

from tui.presenters.form import Beside, decided, listed, merged, note_of, open_fields, ticked_text
from tui.presenters.pieces import Role

SEEN = {"name": "Payroll", "owner": "Alice", "description": "Ours", "scopes": "a:read", "networks": ""}


def test_two_editors_are_brought_together_field_by_field() -> None:
    now = {**SEEN, "owner": "Carla", "description": "Theirs", "scopes": "b:read"}
    mine = {**SEEN, "owner": "Bob", "networks": "192.0.2.0/24", "scopes": "b:read"}
    both = merged(SEEN, mine, now)
    assert both.texts == {**mine, "description": "Theirs"}, "what one has not touched is theirs, one's own stays"
    assert both.beside == {
        "description": Beside("before", "Ours", "theirs"),
        "owner": Beside("theirs", "Carla", "yours", is_open=True),
    }, "what both wrote alike is no question"
    assert open_fields(both.beside, SEEN) == ["owner"]
    assert open_fields(decided(both.beside, "owner"), SEEN) == []
    assert both.beside["owner"].turned("Bob") == Beside("yours", "Bob", "theirs")


def test_a_note_says_what_matters_most() -> None:
    def note(problem: str | None, beside: Beside | None) -> tuple[str, Role]:
        made = note_of(problem, beside, "(none)", "who answers for it", "ctrl+t")
        return made.text, made.role

    other = Beside("theirs", "", "yours", is_open=True)
    assert note("Wrong.", other) == ("Wrong.", Role.FAILURE)
    assert note(None, other) == ("theirs: (none)   ctrl+t takes it", Role.DENIED)
    assert note(None, other.turned("Bob"))[1] is Role.MUTED
    assert note(None, None) == ("who answers for it", Role.FAINT)


def test_what_is_ticked_is_the_same_text_whatever_the_order() -> None:
    assert ticked_text(["r-2", "r-1", "r-2"]) == "r-1 r-2" and ticked_text([]) == ""


def test_names_are_listed_as_in_a_sentence() -> None:
    assert listed(["name"]) == "name" and listed(["name", "owner", "last day"]) == "name, owner and last day"

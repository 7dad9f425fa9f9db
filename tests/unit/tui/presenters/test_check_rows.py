"""Tests of tui.presenters.check_rows."""

from tests.unit.tui.made_up_events import HOSTILE
from tui.presenters.check_rows import Option, arranged, check_rows, narrowed, ticked_words
from tui.presenters.pieces import Role, plain_text
from tui.terminal import cells_of

PERMISSIONS = (
    Option("audit:read", "audit:read", "view audit logs", "LOG-MANAGEMENT"),
    Option("audit:write", "audit:write", "manage audit logs", "LOG-MANAGEMENT"),
    Option("admin", "admin", "do everything", "ADMINISTRATION", "you do not hold it"),
)
MEMBERS = tuple(Option(f"m-{name}", name, f"{name.lower()}@example.org") for name in ("Alice Moss", "Bo Lind", "Carla"))


def rows(options: tuple[Option, ...], ticked: set[str], width: int) -> list[str]:
    return [plain_text(one.row) for one in check_rows(options, ticked, width, 15)]


def test_permissions_stand_behind_the_heading_of_their_group() -> None:
    shown = rows(PERMISSIONS, {"audit:read"}, 80)
    assert shown == [
        "    LOG-MANAGEMENT  [x] audit:read   view audit logs",
        "                    [ ] audit:write  manage audit logs",
        "    ADMINISTRATION  [ ] admin        you do not hold it",
    ]


def test_where_there_is_no_room_beside_them_headings_stand_above() -> None:
    shown = list(check_rows(PERMISSIONS, {"audit:read"}, 40, 2))
    assert [plain_text(one.row) for one in shown][:2] == ["  LOG-MANAGEMENT", "  [x] audit:read   view audit logs"]
    assert [one.id for one in shown] == [None, "audit:read", "audit:write", None, "admin"]


def test_what_cannot_be_ticked_is_faint_and_says_why() -> None:
    *_, last = check_rows(PERMISSIONS, set(), 80, 15)
    assert {piece.role for piece in last.row if piece.text.strip()} == {Role.MUTED, Role.FAINT}
    assert [piece.text for piece in last.row if piece.role is Role.MUTED] == ["ADMINISTRATION"]


def test_one_finds_among_many_whatever_the_case_and_the_blanks() -> None:
    assert [one.name for one in narrowed(MEMBERS, "alicem")] == ["Alice Moss"]
    assert [one.name for one in narrowed(MEMBERS, "LIND@")] == ["Bo Lind"]
    assert narrowed(MEMBERS, "") == MEMBERS and narrowed(MEMBERS, "zz") == ()


def test_what_is_ticked_comes_first_but_never_out_of_its_group() -> None:
    assert [one.name for one in arranged(MEMBERS, {"m-Carla"})] == ["Carla", "Alice Moss", "Bo Lind"]
    assert arranged(PERMISSIONS, {"admin"}) == PERMISSIONS


def test_what_is_ticked_is_told_in_words() -> None:
    assert ticked_words(MEMBERS, {"m-Carla", "m-Bo Lind"}) == "2 of 3: Bo Lind and Carla"
    assert ticked_words(MEMBERS, set()) == "none of 3" and ticked_words((), set()) == "", "the row above says it"
    many = tuple(Option(str(number), f"n{number}") for number in range(200))
    assert ticked_words(many, {one.id for one in many}).endswith("n11 and 188 more")


def test_no_name_drives_the_terminal_or_reaches_out() -> None:
    options = (Option("m-1", HOSTILE, HOSTILE), Option("m-2", "長" * 300, "x" * 3_000))
    for width in (20, 40, 80, 200):
        for row in rows(options, {"m-1"}, width):
            assert row.isprintable() and cells_of(row) <= width

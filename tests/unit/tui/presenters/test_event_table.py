"""Events as a table of plain text."""

from datetime import UTC, datetime
from uuid import UUID
from zoneinfo import ZoneInfo

from hypothesis import given, settings
from hypothesis import strategies as st

from data.records import Event, Reference
from tui.presenters.event_table import event_table
from tui.terminal import cells_of

ZONE = ZoneInfo("UTC")
MOMENT = datetime(2026, 11, 20, 10, 0, 0, 5, tzinfo=UTC)
NAMES = st.text(max_size=60)
FEWEST_CELLS = 80


def event_of(actor: str, target: str | None = None, ip: str | None = None) -> Event:
    return Event(
        id=UUID("018c2f3e-5a70-7d3a-9c1b-0242ac120002"),
        type="api_client.updated",
        occurred_at=MOMENT,
        recorded_at=MOMENT,
        actor=Reference("member", "m-1", actor),
        target=None if target is None else Reference("thing", target),
        ip=ip,
    )


@given(st.lists(st.builds(event_of, NAMES, st.none() | NAMES, st.none() | NAMES), max_size=4), st.integers(80, 400))
@settings(deadline=None)
def test_no_line_is_wider_than_the_terminal(events: list[Event], width: int) -> None:
    table = event_table(events, ZONE, width)
    assert len(table.lines) == len(events)
    assert all(cells_of(line) <= width for line in table.lines)


def test_there_is_room_for_everything_on_a_wide_terminal() -> None:
    table = event_table([event_of("Alice", "c-77", "198.51.100.7")], ZONE, 160)
    assert table.heading.split() == ["time", "(UTC)", "outcome", "title", "object", "actor", "address", "id"]
    assert table.left_out == ()


def test_a_narrow_terminal_goes_without_the_id_then_the_address_and_says_so() -> None:
    event = event_of("Alexandra Longname", "a-rather-long-target", "2001:db8:1234:5678::1")
    assert event_table([event], ZONE, FEWEST_CELLS).left_out == ("id",)
    assert event_table([event], ZONE, 70).left_out == ("address", "id")


def test_a_column_that_is_empty_takes_no_room() -> None:
    assert "object" not in event_table([event_of("Alice")], ZONE, 160).heading


def test_wide_characters_keep_columns_aligned() -> None:
    table = event_table([event_of("漢字", ip="a"), event_of("Bob", ip="a")], ZONE)
    assert len({cells_of(line) for line in table.lines}) == 1


def test_without_a_width_names_are_whole_and_times_name_their_offset() -> None:
    (line,) = event_table([event_of("x" * 300)], ZoneInfo("Asia/Tokyo")).lines
    assert "x" * 300 in line
    assert line.startswith("2026-11-20T19:00:00+09:00")

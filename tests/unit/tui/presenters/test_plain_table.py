"""Tables of plain text."""

from tui.presenters.plain_table import Column, plain_table

COLUMNS = (Column("name", least=4), Column("calls", is_number=True), Column("empty"), Column("id"))
ROWS = (("Payroll sync", "7", "", "c-1"), ("Reports", "1,204", "", "c-22"))


def test_columns_are_aligned_and_numbers_stand_at_the_right() -> None:
    assert plain_table(COLUMNS, ROWS).lines == (
        "Payroll sync      7    c-1",
        "Reports       1,204    c-22",
    )


def test_a_terminal_has_no_empty_column_and_headings_over_the_others() -> None:
    table = plain_table(COLUMNS, ROWS, 80)
    assert (table.heading, table.left_out) == ("name          calls  id", ())
    assert table.lines[0] == "Payroll sync      7  c-1"


def test_what_is_expendable_goes_before_a_line_is_too_long_and_the_rest_is_cut() -> None:
    assert plain_table(COLUMNS, ROWS, 21).lines[0] == "Payroll…      7  c-1"
    table = plain_table(COLUMNS, ROWS, 16, ("id",))
    assert (table.lines[0], table.left_out) == ("Payroll …      7", ("id",))


def test_a_table_that_goes_on_has_the_columns_of_the_one_before_as_wide_or_wider() -> None:
    first = plain_table(COLUMNS, ROWS[:1], 80)
    narrow = [tuple(cell[:1] for cell in ROWS[0])]
    assert plain_table(COLUMNS, narrow, 80, before=first).heading == first.heading
    wide = [("x" * 30, *ROWS[0][1:])]
    assert plain_table(COLUMNS, wide, 80, before=first).heading != first.heading
    empty = [tuple("" for _ in COLUMNS)]
    assert plain_table(COLUMNS, empty, 80, before=first).heading == first.heading, "a column does not go away again"

"""`auditdeck events`."""

from itertools import pairwise
from pathlib import Path

import pytest

from tests.functional.cli.command_line import Ran, Runner
from tests.functional.cli.made_up_log import fill, some_drafts

COUNT = 23


@pytest.fixture(autouse=True)
def filled(database: Path) -> None:
    fill(database, some_drafts(COUNT))


def ids_of(ran: Ran) -> list[str]:
    assert ran.status == 0, ran.err
    return [item["id"] for item in ran.json["items"]]


def test_a_line_of_plain_text_holds_time_outcome_title_object_actor_address_and_id(run: Runner) -> None:
    ran = run("events", "last:all", "outcome:denied", "--limit", "1")
    (item,) = run("events", "last:all", "outcome:denied", "--limit", "1", "--json").json["items"]
    words = "2026-03-02T09:10:00+00:00  ! DENIED  Update API client  Payroll sync  Alice Moss  198.51.100.7"
    assert ran.out == f"{words}  {item['id']}\n"


def test_only_what_happened_is_told_in_the_past_tense(run: Runner) -> None:
    done = run("events", "last:all", "outcome:success").out.splitlines()
    failed = run("events", "last:all", "outcome:failure").out.splitlines()
    assert done and all("  success  API client updated  " in line for line in done)
    assert failed and all("× FAILURE  Update API client  " in line for line in failed)


def test_times_are_those_of_the_zone_asked_for(run: Runner) -> None:
    assert "2026-03-02T14:45:00+05:45" in run("events", "last:all", "--zone", "Asia/Kathmandu").out


def test_columns_are_aligned(run: Runner) -> None:
    lines = run("events", "last:all").out.splitlines()
    assert len(lines) == COUNT
    for word in ("Payroll sync", "Alice Moss", "198.51.100.7"):
        assert len({line.index(word) for line in lines}) == 1


@pytest.mark.parametrize("sort", ["desc", "asc"])
def test_pages_read_to_the_end_are_the_whole_in_both_sorts(run: Runner, sort: str) -> None:
    whole = ids_of(run("events", "last:all", "--json", "--sort", sort, "--limit", "250"))
    assert whole == sorted(whole, reverse=sort == "desc") and len(whole) == COUNT
    page = run("events", "last:all", "--json", "--sort", sort, "--limit", "5")
    read = ids_of(page)
    while page.json["next_cursor"] is not None:
        page = run("events", "last:all", "--json", "--limit", "5", "--cursor", page.json["next_cursor"])
        assert page.json["items"], "a page after a cursor is never empty"
        read += ids_of(page)
    assert read == whole


def test_a_page_after_a_cursor_holds_nothing_that_arrived_since(run: Runner, database: Path) -> None:
    first = run("events", "last:all", "--json", "--sort", "asc", "--total")
    assert first.json["next_cursor"] is None
    first = run("events", "last:all", "--json", "--sort", "asc", "--limit", "20", "--total")
    fill(database, some_drafts(4))
    rest = run("events", "last:all", "--json", "--total", "--cursor", first.json["next_cursor"])
    assert (len(rest.json["items"]), rest.json["total"]) == (3, COUNT)


def test_plain_text_says_how_to_go_on_and_how_many_there_are(run: Runner) -> None:
    first = run("events", "last:all", "--limit", "20", "--total")
    assert len(first.out.splitlines()) == 20
    assert "23 in all." in first.err
    cursor = first.err.split("--cursor ")[1].strip()
    rest = run("events", "last:all", "--cursor", cursor)
    assert len(rest.out.splitlines()) == 3
    assert rest.err == ""


def test_json_has_a_total_only_when_asked(run: Runner) -> None:
    page = run("events", "last:all", "outcome:denied", "--json", "--limit", "2", "--total").json
    assert set(page) == {"items", "next_cursor", "limit", "total"}
    assert (page["limit"], page["total"]) == (2, 7)
    assert set(run("events", "last:all", "--json").json) == {"items", "next_cursor", "limit"}


def test_a_count_is_the_number_alone(run: Runner) -> None:
    assert run("events", "--count", "outcome:denied", "last:all").out == "7\n"
    assert run("events", "--count", "outcome:denied", "last:all", "--json").json == {"count": 7}


def test_without_a_limit_there_are_fifty(run: Runner, database: Path) -> None:
    fill(database, some_drafts(40))
    assert len(ids_of(run("events", "last:all", "--json"))) == 50


def test_words_may_stand_on_both_sides_of_a_flag(run: Runner) -> None:
    assert run("events", "last:all", "--count", "outcome:denied").out == "7\n"


def test_an_exclusion_is_not_taken_for_a_flag(run: Runner) -> None:
    assert run("events", "-outcome:success", "last:all", "--count").out == "15\n"
    assert run("events", "last:all", "--count", "-outcome:success").out == "15\n"


def test_a_quoted_name_is_one_value(run: Runner) -> None:
    assert run("events", 'actor:"Alice Moss"', "last:all", "--count").out == f"{COUNT}\n"


def test_no_match_names_the_query_with_the_time_that_was_meant(run: Runner) -> None:
    ran = run("events", "actor:nobody")
    assert (ran.status, ran.out) == (0, "")
    assert ran.err == "No event matches actor:nobody last:30d.\n"


def test_global_flags_may_stand_before_the_subcommand(run: Runner, database: Path, tmp_path: Path) -> None:
    other = tmp_path / "other.db"
    fill(other, some_drafts(2))
    assert run("--database", str(other), "events", "--count", "last:all").out == "2\n"
    assert run("events", "--count", "last:all", "--database", str(other)).out == "2\n"


@pytest.mark.parametrize(
    "words",
    [("--limit", "0"), ("--limit", "251"), ("--limit", "many"), ("--sort", "up"), ("--frob",), ("--lim", "3")],
    ids=" ".join,
)
def test_wrong_flags_are_a_usage_error(run: Runner, words: tuple[str, ...]) -> None:
    ran = run("events", *words)
    assert (ran.status, ran.out) == (2, "")
    assert ran.err.startswith("auditdeck") and len(ran.err.splitlines()) == 1


def a_cursor(run: Runner, *words: str) -> str:
    cursor: str = run("events", "last:all", "--json", "--limit", "2", *words).json["next_cursor"]
    return cursor


def test_a_cursor_is_refused_with_another_query_zone_or_sort(run: Runner) -> None:
    cursor = a_cursor(run)
    for words, sentence in (
        (("last:all", "outcome:denied"), "another query"),
        (("last:all", "--zone", "Europe/Berlin"), "another query, time zone or log"),
        (("last:all", "--sort", "asc"), "--sort desc"),
    ):
        ran = run("events", *words, "--cursor", cursor)
        assert (ran.status, ran.out) == (1, "")
        assert sentence in ran.err


def test_a_cursor_does_not_care_how_the_same_query_is_written(run: Runner) -> None:
    assert run("events", "  last:all ", "--cursor", a_cursor(run), "--json").status == 0


def test_a_damaged_cursor_is_refused(run: Runner) -> None:
    cursor = a_cursor(run)
    swapped = "".join(second + first for first, second in pairwise(cursor[:41]))
    for damaged in ("", "x", cursor[:-5], cursor[5:], swapped, "bnVsbA", "e30", "ümlaut", "\x1b[31m"):
        ran = run("events", "last:all", "--cursor", damaged)
        assert (ran.status, ran.out) == (1, "")
        assert "cursor" in ran.err and "\x1b" not in ran.err


def test_a_count_takes_no_cursor(run: Runner) -> None:
    ran = run("events", "last:all", "--count", "--cursor", a_cursor(run))
    assert (ran.status, ran.out) == (2, "")

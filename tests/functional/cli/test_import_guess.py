"""`auditdeck import --format guess`: a mapping is proposed, shown with five cards, written when it is accepted, and used."""

import gzip
import json
import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from data.hostile import holds_hostile
from data.records import Json
from tests.functional.cli.command_line import Ran, Runner, run_process
from tests.functional.cli.test_on_a_terminal import run_typing

QUESTION = "Type yes: "


def doors(number: int = 8) -> list[dict[str, Json]]:
    """Records of a log that nobody has mapped."""
    return [
        {
            "no": f"e-{index}",
            "loggedAt": f"2026-03-01T{10 + index // 3600}:{index // 60 % 60:02}:{index % 60:02}Z",
            "what": ("door.open", "door.close", "badge.revoke")[index % 3],
            "holder": {"id": f"m-{index % 2}", "name": ("Alice Moss", "Bob Lund")[index % 2]},
            "reader_ip": "198.51.100.7",
            "granted": index % 4 != 3,
        }
        for index in range(number)
    ]


def lines_of(records: list[dict[str, Json]]) -> str:
    return "".join(f"{json.dumps(record)}\n" for record in records)


@pytest.fixture
def log(tmp_path: Path) -> Path:
    path = tmp_path / "doors-audit-2026-03.jsonl"
    path.write_text(lines_of(doors()))
    return path


def shown(run: Runner) -> list[dict[str, Any]]:
    items: list[dict[str, Any]] = run("events", "last:all", "--json").json["items"]
    return items


def test_it_is_shown_with_five_cards_written_and_imported(run: Runner, log: Path) -> None:
    ran = run("import", str(log), "--format", "guess", "--yes")
    assert ran.status == 0, ran.err
    *told, total = ran.out.splitlines()
    assert total == "8 read: 8 added, 0 duplicates, 0 rejected."
    assert "  time            loggedAt, ISO 8601 in 100% of 8 records" in told
    assert "  actor           holder.id, who did it, in 100% of 8 records" in told
    assert "  target          nothing says what it was done to" in told
    assert [line for line in told if line.startswith("Example")] == [
        f"Example {number} of 5:" for number in range(1, 6)
    ]
    assert "  actor           Alice Moss (member m-0)" in told
    assert ran.err.splitlines()[-1] == "The mapping is in doors.toml."
    event = shown(run)[-1]
    assert (event["type"], event["occurred_at"], event["outcome"], event["ip"]) == (
        "doors.door.open",
        "2026-03-01T10:00:00.000000Z",
        "success",
        "198.51.100.7",
    )
    assert event["actor"] == {"type": "member", "id": "m-0", "name": "Alice Moss"}


def test_the_cards_are_those_that_event_prints_afterwards(run: Runner, log: Path) -> None:
    ran = run("import", str(log), "--format", "guess", "--yes")
    card = ran.out.partition("Example 1 of 5:\n\n")[2].partition("\n\nExample 2")[0]
    stored = run("event", shown(run)[-1]["id"]).out.strip()

    def without_arrival(text: str) -> list[str]:
        return [line for line in text.splitlines() if not line.startswith(("  recorded", "  proof"))]

    assert without_arrival(card) == without_arrival(stored)


def test_importing_twice_changes_nothing_and_so_does_the_file_that_was_written(run: Runner, log: Path) -> None:
    run("import", str(log), "--format", "guess", "--yes")
    again = run("import", str(log), "--format", "guess", "--yes")
    assert (again.status, again.out.splitlines()[-1]) == (0, "8 read: 0 added, 8 duplicates, 0 rejected.")
    assert again.err.splitlines()[-1] == "doors.toml is there already, and says the same."
    by_file = run("import", str(log), "--format", "doors.toml")
    assert (by_file.status, by_file.out) == (0, "8 read: 0 added, 8 duplicates, 0 rejected.\n")


def test_a_mapping_file_that_says_something_else_is_not_written_over(run: Runner, log: Path, database: Path) -> None:
    Path("doors.toml").write_text("[format]\nname = 'mine'\n")
    ran = run("import", str(log), "--format", "guess", "--yes")
    assert (ran.status, ran.out) == (1, "")
    assert (
        "doors.toml is there already and says something else: import with --format doors.toml, or name another"
        in ran.err
    )
    assert Path("doors.toml").read_text() == "[format]\nname = 'mine'\n"
    assert not database.exists()
    other = run("import", str(log), "--format", "guess", "--yes", "--mapping", "badges.toml")
    assert other.status == 0, other.err
    assert 'source = "badges"' in Path("badges.toml").read_text()


def test_a_mapping_that_was_corrected_by_hand_is_kept(run: Runner, log: Path) -> None:
    run("import", str(log), "--format", "guess", "--yes", "--database", "first.db")
    mapping = Path("doors.toml")
    mapping.write_text(mapping.read_text().replace('type = "doors."', 'type = "building."'))
    refused = run("import", str(log), "--format", "guess", "--yes")
    assert refused.status == 1
    assert run("import", str(log), "--format", "doors.toml").status == 0
    assert {event["type"].partition(".")[0] for event in shown(run)} == {"building"}


@pytest.mark.parametrize("packed", [False, True])
def test_standard_input_is_looked_at_and_then_read_whole(packed: bool) -> None:
    given = lines_of(doors(3_000)).encode()
    ran = run_process(["import", "-", "--format", "guess", "--yes"], gzip.compress(given) if packed else given)
    assert ran.status == 0, ran.err
    assert ran.out.splitlines()[-1].startswith("3,000 read: 3,000 added")
    assert Path("guessed.toml").exists()


@pytest.mark.parametrize(
    ("path", "why"),
    [("-", "Standard input is what is imported, so nobody can answer there; say --yes"), ("log.jsonl", "say --yes")],
)
def test_where_nobody_can_be_asked_it_is_shown_and_nothing_is_done(path: str, why: str, database: Path) -> None:
    Path("log.jsonl").write_text(lines_of(doors()))
    ran = run_process(["import", path, "--format", "guess"], lines_of(doors()).encode())
    assert ran.status == 2
    assert "loggedAt, ISO 8601" in ran.out
    assert why in ran.err
    assert not list(Path().glob("*.toml"))
    assert not database.exists()


@pytest.mark.parametrize(("answer", "status"), [("yes", 0), ("Y", 0), ("no", 1), ("", 1)])
def test_on_a_terminal_it_asks(answer: str, status: int, log: Path, database: Path) -> None:
    ended, screen = run_typing(["import", str(log), "--format", "guess"], answer, QUESTION)
    assert ended == status, screen
    assert "Write it to doors.toml and import with it? Type yes:" in screen
    assert Path("doors.toml").exists() is (status == 0)
    assert database.exists() is (status == 0)
    assert ("Nothing was written, and nothing imported." in screen) is (status == 1)


def test_with_json_the_result_alone_is_on_standard_output(run: Runner, log: Path) -> None:
    ran = run("import", str(log), "--format", "guess", "--yes", "--json")
    assert ran.json["added"] == 8
    assert "loggedAt, ISO 8601" in ran.err


def refusals() -> Iterator[Any]:
    yield pytest.param("", "there is nothing in it", id="empty")
    yield pytest.param(" \n\n", "there is nothing in it", id="blank")
    yield pytest.param("time,user,action\n2026-03-01,alice,open\n", "it is no JSON", id="CSV")
    yield pytest.param("\x00\x01\x02 binary", "it is no JSON", id="binary")
    yield pytest.param("[1, 2, 3]", "it is no JSON", id="a list of numbers")
    yield pytest.param('{"action": "open", "user": "alice"}\n' * 3, "can be told to be the time", id="no time")
    yield pytest.param('{"time": "2026-03-01T10:00:00Z"}\n' * 3, "can be told to be the action", id="no action")
    yield pytest.param('{"time": "2099-03-01T10:00:00Z", "action": "open"}\n', "a day in the future", id="to come")


@pytest.mark.parametrize(("content", "why"), refusals())
def test_what_cannot_be_guessed_is_refused_in_plain_words(
    run: Runner, tmp_path: Path, content: str, why: str, database: Path
) -> None:
    path = tmp_path / "strange.log"
    path.write_text(content)
    ran = run("import", str(path), "--format", "guess", "--yes")
    assert (ran.status, ran.out) == (1, "")
    (line,) = ran.err.splitlines()
    assert line.startswith(f"auditdeck: cannot guess a mapping of {path}: ")
    assert why in line
    assert "the README says" in line
    assert not list(Path().glob("*.toml"))
    assert not database.exists()


def test_records_without_a_time_or_an_action_are_rejected_one_by_one(run: Runner, tmp_path: Path) -> None:
    records: list[dict[str, Json]] = [*doors(), {"what": "door.open"}, {"loggedAt": "2026-03-01T10:00:00Z"}]
    path = tmp_path / "doors.jsonl"
    path.write_text(f"{lines_of(records)}not JSON\n")
    ran = run("import", str(path), "--format", "guess", "--yes")
    assert (ran.status, ran.out.splitlines()[-1]) == (3, "11 read: 8 added, 0 duplicates, 3 rejected.")
    assert "8 of 10 records can be read in this way; the others are rejected:" in ran.out
    assert "  1: occurred_at is missing: there is nothing at loggedAt" in ran.out
    reasons = [json.loads(line)["reason"] for line in Path("auditdeck-rejects.jsonl").read_text().splitlines()]
    assert reasons[:2] == [
        "occurred_at is missing: there is nothing at loggedAt",
        "type is missing: there is nothing at what",
    ]


@pytest.mark.parametrize(
    ("content", "lists"),
    [
        (doors(), None),
        ({"result": {"entries": doors()}, "next": "abc"}, "result.entries"),
        ({"Items": doors()}, "Items"),
        (doors(1)[0], None),
    ],
)
def test_records_are_found_in_documents_of_any_form(
    run: Runner, tmp_path: Path, content: Json, lists: str | None
) -> None:
    path = tmp_path / "doors.json.gz"
    path.write_bytes(gzip.compress(json.dumps(content).encode()))
    ran = run("import", str(path), "--format", "guess", "--yes", "--json")
    assert ran.json["rejected"] == 0
    assert ran.json["added"] in (1, 8)
    assert ("records = " in Path("doors.toml").read_text()) is (lists is not None)
    assert lists is None or f'records = "{lists}"' in Path("doors.toml").read_text()


def test_several_files_make_one_mapping(run: Runner, tmp_path: Path) -> None:
    paths = []
    for part in range(3):
        path = tmp_path / f"doors-{part}.jsonl"
        path.write_text(lines_of(doors(9)[part * 3 : part * 3 + 3]))
        paths.append(str(path))
    ran = run("import", *paths, str(tmp_path / "nowhere.jsonl"), "--format", "guess", "--yes", "--json")
    assert (ran.status, ran.json["added"], len(ran.json["failures"])) == (1, 9, 1)
    assert "of 9 records" in ran.err


def test_the_rest_of_a_long_file_is_read_by_what_its_beginning_says(run: Runner, tmp_path: Path) -> None:
    path = tmp_path / "doors.jsonl"
    late: dict[str, Json] = {"loggedAt": "2026-03-02T10:00:00Z", "what": {"an": "object"}, "no": "late"}
    path.write_text(lines_of([*doors(2_500), late]))
    ran = run("import", str(path), "--format", "guess", "--yes")
    assert "What the first 2,000 records of" in ran.out
    assert ran.out.splitlines()[-1] == "2,501 read: 2,500 added, 0 duplicates, 1 rejected."


def test_a_log_that_is_known_is_told_to_be(run: Runner, tmp_path: Path) -> None:
    path = tmp_path / "own.jsonl"
    path.write_text(lines_of([{"type": "door.open", "occurred_at": "2026-03-01T10:00:00Z"}]))
    ran = run("import", str(path), "--format", "guess", "--yes")
    assert "is known as auditdeck JSON lines; without --format guess it is read as that." in ran.err


@pytest.mark.parametrize(
    ("words", "why"),
    [
        (["--yes"], "--yes is for --format guess."),
        (["--mapping", "x.toml"], "--mapping is for --format guess."),
        (["--mapping", "x.toml", "--format", "gcp"], "--mapping is for --format guess."),
        (["--format", "guess", "--mapping", "x.json"], "--mapping takes the name of a file that ends in .toml"),
        (["--format", "guess", "--requests"], "--format is not for --requests"),
    ],
)
def test_what_does_not_go_together_is_told(run: Runner, log: Path, words: list[str], why: str) -> None:
    ran = run("import", str(log), *words)
    assert (ran.status, ran.out) == (2, "")
    assert why in ran.err


def test_a_file_that_cannot_be_read_or_written_is_told(run: Runner, log: Path, tmp_path: Path) -> None:
    missing = run("import", str(tmp_path / "nowhere.jsonl"), "--format", "guess", "--yes")
    assert (missing.status, "there is no such file" in missing.err) == (1, True)
    unwritable = run("import", str(log), "--format", "guess", "--yes", "--mapping", str(tmp_path / "no" / "x.toml"))
    assert (unwritable.status, "cannot write the mapping to" in unwritable.err) == (1, True)
    assert not (tmp_path / "audit.db").exists()


def test_nothing_hostile_in_a_record_or_a_name_reaches_the_terminal(run: Runner, tmp_path: Path) -> None:
    evil = "\x1b]0;pwned\x07\u202e"
    path = tmp_path / "d\x1b[2Joors.jsonl"
    records: list[dict[str, Json]] = [
        {**record, "what": "open", "holder": {"id": evil, "name": evil}, evil: evil, "result": f"ok{evil}\n[event]"}
        for record in doors()
    ]
    deep: Json = "x"
    for _ in range(190):
        deep = [deep]
    path.write_text(lines_of([{**record, "deep": deep, "k" * 50_000: 1} for record in records]))
    ran: Ran = run("import", str(path), "--format", "guess", "--yes", "--mapping", "doors.toml")
    assert ran.status == 0, ran.err
    assert not any(holds_hostile(line) for line in (ran.out + ran.err).split("\n"))
    assert not any(holds_hostile(line) for line in Path("doors.toml").read_text().split("\n"))
    assert run("import", str(path), "--format", "doors.toml", "--json").json["duplicates"] == 8


def test_memory_is_bounded_however_long_the_file_is(tmp_path: Path) -> None:
    from data.exchange import open_input
    from data.exchange.guessing.first_records import LOOKED_AT_BYTES
    from data.exchange.guessing.inputs import InputGuesser

    path = tmp_path / "long.jsonl"
    with path.open("wb") as file:
        for _ in range(12):
            file.write(lines_of([{**record, "padding": "x" * 1_000} for record in doors(1_000)]).encode())
    size = os.path.getsize(path)
    assert size > 3 * LOOKED_AT_BYTES
    with open_input(str(path)) as source:
        guesser = InputGuesser(1)
        guesser.look_at(source)
        assert source.consumed < 2 * LOOKED_AT_BYTES
        assert guesser.guess("doors").proposal.records == 2_000

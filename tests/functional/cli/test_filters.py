"""`auditdeck filters`."""

from data.query import REFERENCE, SORTS, reference_as_json
from tests.functional.cli.command_line import Runner


def test_the_text_names_every_key_with_its_example_and_every_sort(run: Runner) -> None:
    ran = run("filters")
    assert (ran.status, ran.err) == (0, "")
    lines = [line.strip() for line in ran.out.splitlines()]
    for entry in REFERENCE:
        assert any(line.startswith(f"{entry.word}:" if entry.word else "free text") for line in lines)
        assert f"Example: {entry.example}" in lines
        assert entry.hint in lines
    for sort in SORTS:
        assert any(line.split()[:1] == [sort] for line in lines)


def test_the_text_says_which_keys_take_several_values_and_can_be_excluded(run: Runner) -> None:
    blocks = run("filters").out.split("\n\n")
    by_word = {block.split(":")[0]: block for block in blocks}
    assert "Several values with commas; excluded with a minus: -outcome:failure,denied." in by_word["outcome"]
    assert "excluded with a minus: -service:console." in by_word["service"]
    assert "One value; not to be excluded." in by_word["last"]


def test_json_is_the_reference(run: Runner) -> None:
    assert run("filters", "--json").json == reference_as_json()

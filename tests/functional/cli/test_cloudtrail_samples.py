"""Real CloudTrail records, from their delivery files to the answers of queries."""

import pytest

from tests.functional.cli.command_line import PROJECT, Runner

SAMPLES = PROJECT.parent / "shared" / "samples" / "cloudtrail"


@pytest.mark.skipif(not SAMPLES.is_dir(), reason="the samples beside the project are not there")
def test_the_samples_are_imported_once_and_found_by_outcome(run: Runner) -> None:
    paths = sorted(map(str, SAMPLES.glob("*.json")))
    first = run("import", *paths, "--json")
    assert first.status == 0
    assert (first.json["read"], first.json["added"], first.json["files"]) == (2_900, 2_900, 55)
    again = run("import", *paths)
    assert (again.status, again.out) == (0, "2,900 read: 0 added, 2,900 duplicates, 0 rejected.\n")
    assert run("events", "outcome:failure", "last:all", "--count").out == "240\n"
    assert run("events", "outcome:denied", "last:all", "--count").out == "60\n"

"""Commands on a full disk: what would write says so and fails, what reads goes on."""

from pathlib import Path

from tests.full_disk import NoMoreBytes
from tests.functional.cli.command_line import Runner
from tests.functional.cli.made_up_clients import make_client, opened

CREATE = ("client", "create", "Payroll sync", "--description", "x" * 900, "--expires", "20 days", "--no-token")


def test_what_writes_is_refused_in_a_sentence_and_what_reads_goes_on(run: Runner, database: Path) -> None:
    make_client(database, "Reports")
    listed = run("clients", "--json")
    disk = NoMoreBytes(database)
    disk.fill()
    try:
        refused = run(*CREATE)
        assert (refused.status, refused.out) == (1, "")
        assert refused.err.startswith(f"auditdeck: {database} cannot be written: ") and refused.err.count("\n") == 1
        assert run("clients", "--json") == listed
        assert run("events", "--count").status == 0
    finally:
        disk.make_room()
    with opened(database) as log:
        assert log.clients.find("Reports")
    assert run(*CREATE).status == 0

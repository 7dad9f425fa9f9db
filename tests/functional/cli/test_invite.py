"""`auditdeck invite` and `auditdeck invitations`, as scripts and terminals have them."""

from pathlib import Path

import pytest

from data.access.codes import read_code
from tests.functional.cli.command_line import Runner
from tests.integration.mail_servers import Keeping, free_port, mail_server

BO, CY = "bo.lind@example.org", "cy@example.org"


def test_without_mail_the_text_is_written_to_be_passed_on(run: Runner, database: Path) -> None:
    run("db", "upgrade")
    ran = run("invite", BO, "--role", "support", "--role", "REVIEWER")
    (code,) = (line.strip() for line in ran.out.splitlines() if line.startswith("    adj-"))
    assert ran.status == 0 and read_code(code)
    assert ran.err == f"Pass this on to {BO}; it is shown this once.\n"
    (listed,) = run("invitations").out.splitlines()
    assert BO in listed and "open" in listed and "by hand" in listed and code not in listed
    item = run("invitations", "--json").json
    assert (item["email"], item["status"], item["roles"]) == (BO, "open", ["reviewer", "support"])
    assert not any("adj-" in str(value) for value in item.values())


def test_of_several_texts_in_a_file_each_says_whose_it_is(run: Runner, database: Path) -> None:
    run("db", "upgrade")
    lines = run("invite", BO, CY).out.splitlines()
    heads = [number for number, line in enumerate(lines) if line in (f"To: {BO}", f"To: {CY}")]
    codes = [number for number, line in enumerate(lines) if line.startswith("    adj-")]
    assert len(codes) == len(heads) == 2 and heads[0] < codes[0] < heads[1] < codes[1]
    assert heads[0] == 0 and lines[heads[1] - 1] == ""


def test_as_json_each_has_its_code(run: Runner, database: Path) -> None:
    run("db", "upgrade")
    item = run("invite", BO, "--json").json
    assert list(item)[-1] == "code" and read_code(item["code"]) and item["delivery"] == "by hand"


def test_whoever_cannot_be_invited_is_told_a_line_each(run: Runner, database: Path) -> None:
    run("db", "upgrade")
    run("invite", BO)
    ran = run("invite", BO, "nobody", CY)
    assert (ran.status, ran.out, len(ran.err.splitlines())) == (1, "", 2)
    assert "is invited already" in ran.err and "nobody: " in ran.err
    ran = run("invite", CY, "--role", "Captain")
    assert (ran.status, ran.out) == (1, "") and "There is no role Captain; there are: Client manager," in ran.err
    assert len(run("invitations", "--all").out.splitlines()) == 1


def test_none_is_told(run: Runner, database: Path) -> None:
    run("db", "upgrade")
    assert run("invitations").err == "No invitation is open; --all shows the others.\n"


def test_with_mail_it_is_sent_at_once_or_it_is_said_why_not(
    run: Runner, database: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    run("db", "upgrade")
    port, keeping = free_port(), Keeping()
    for name, value in (
        ("SMTP_HOST", "localhost"),
        ("SMTP_PORT", str(port)),
        ("SMTP_SECURITY", "none"),
        ("MAIL_FROM", "audit@example.org"),
        ("JOIN_COMMAND", "ssh console@audit.example.org join"),
    ):
        monkeypatch.setenv(f"AUDITDECK_{name}", value)
    ran = run("invite", BO)
    assert (ran.status, ran.out) == (
        0,
        "",
    ) and "cannot be reached: Connection refused. The invitation stands." in ran.err
    with mail_server(port, keeping):
        assert run("invite", CY) == (0, f"{CY} is invited, and the mail sent.\n", "")
    assert keeping.recipients == [CY] and read_code(keeping.codes[0])
    assert "ssh console@audit.example.org join" in keeping.mails[0].get_content()
    assert [line.split()[-1] for line in run("invitations").out.splitlines()] == ["sent", "refused."]

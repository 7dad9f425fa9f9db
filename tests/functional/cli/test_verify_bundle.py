"""`auditdeck export --format bundle` and `auditdeck verify FILE`."""

import io
import re
import subprocess
import sys
from contextlib import closing
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from data.merkle.checkpoints import origin_of
from data.merkle.notes import Signer
from data.services.audit_log import AuditLog
from tests.functional.cli.command_line import PROJECT, Runner, process_environment
from tests.functional.cli.made_up_log import fill, some_drafts
from tests.made_up_bundle import EVENTS, LOG, made_up_bundle
from tui.visitor import Visitor, serve

COUNT = 60
SIGNER = Signer.generate(origin_of(LOG))
OTHER = Signer.generate(origin_of(LOG))


@pytest.fixture
def good(tmp_path: Path) -> Path:
    """A bundle that holds."""
    file = tmp_path / "good.bundle.jsonl"
    file.write_bytes(b"".join(made_up_bundle(SIGNER)))
    return file


@pytest.fixture
def bad(good: Path, tmp_path: Path) -> Path:
    """The same with a name in its second event altered."""
    file = tmp_path / "bad.bundle.jsonl"
    lines = good.read_bytes().splitlines(keepends=True)
    file.write_bytes(b"".join([*lines[:2], lines[2].replace(b"Moss", b"Mose"), *lines[3:]]))
    return file


def test_what_is_exported_holds_wherever_it_is(run: Runner, database: Path, tmp_path: Path) -> None:
    fill(database, some_drafts(COUNT))
    file = tmp_path / "all.bundle.jsonl"
    words = ("export", "last:all", "--format", "bundle", "--to", str(file))
    never = run(*words)
    assert never.status == 1 and "ever sealed" in never.err and not file.exists()
    with closing(AuditLog(str(database), ZoneInfo("UTC"))) as log:
        log.keeper.seal()
    ran = run(*words)
    assert ran.status == 0 and f"{COUNT:,} events exported to {file}: last:all\n" in ran.err
    elsewhere = tmp_path / "elsewhere" / "nothing.db"
    checked = run("verify", str(file), "--database", str(elsewhere))
    assert (checked.status, checked.err) == (0, "")
    assert checked.out.startswith(f"The bundle holds: {COUNT} events, just as sealed in the log auditdeck/")
    assert not elsewhere.parent.exists()
    again = run("export", "last:all", "--format", "bundle", "--to", str(tmp_path / "again"))
    assert "1 event is left out: not sealed yet" in again.err  # that of the first export


def test_it_says_by_whom_it_is_signed_and_what_that_is_worth(run: Runner, good: Path) -> None:
    ran = run("verify", str(good))
    assert ran.status == 0
    for words in (
        f"The bundle holds: {EVENTS} events",
        "Of 1 event the personal part",
        "2 events that the query selects had not been sealed yet",
        "Query last:all",
        "no bundle proves",
        f"Key  {SIGNER.verifier}",
        "Anybody can make a key",
    ):
        assert words in ran.out
    demanded = run("verify", str(good), "--key", str(SIGNER.verifier))
    assert demanded.status == 0 and "It is the key that was demanded." in demanded.out
    assert "Anybody" not in demanded.out
    other = run("verify", str(good), "--key", str(OTHER.verifier))
    assert other.status == 1 and "signed by another key" in other.out and "DOES NOT HOLD" in other.out


def test_it_names_the_first_event_that_is_wrong(run: Runner, bad: Path) -> None:
    ran = run("verify", str(bad))
    assert ran.status == 1
    first, verdict = ran.out.splitlines()
    assert re.fullmatch(r"! line 3: place 5: Its personal part is not the one .*  event 018c[0-9a-f-]+", first)
    assert verdict == "The bundle DOES NOT HOLD; 1 event before that did."


def test_as_json(run: Runner, good: Path, bad: Path) -> None:
    whole = run("verify", str(good), "--json").json
    assert (whole["holds"], whole["count"], whole["erased"], whole["unsealed"], whole["findings"]) == (
        True,
        5,
        1,
        2,
        [],
    )
    assert whole["key"] == str(SIGNER.verifier) and whole["query"] == "last:all" and len(whole["root"]) == 64
    ran = run("verify", str(bad), "--json")
    (finding,) = ran.json["findings"]
    assert ran.status == 1 and (finding["line"], finding["place"]) == (3, 5) and not ran.json["holds"]


def test_what_cannot_be_checked(run: Runner, good: Path, tmp_path: Path) -> None:
    log = tmp_path / "events.jsonl"
    log.write_text('{"type":"x"}\n')
    for words, why in (
        ((str(tmp_path / "none"),), "there is no such file"),
        ((str(tmp_path),), "it is a folder"),
        ((str(log),), "It is no bundle"),
        ((str(good), "--key", "x"), "--key takes a public key: not a key"),
        ((str(good), "--key", SIGNER.written()), "--key takes a public key"),
        ((str(good), "--new"), "not about a bundle"),
        ((str(good), "--forget"), "not about a bundle"),
        (("--key", str(SIGNER.verifier)), "--key is about a bundle"),
    ):
        ran = run("verify", *words)
        assert (ran.status, ran.out) == (2, "") and why in ran.err
        assert SIGNER.written() not in ran.err


def test_from_standard_input_as_it_comes_over_ssh(
    run: Runner, good: Path, bad: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    serve(Visitor("SHA256:of-bo", "m-bo", "198.51.100.7", ("ssh", "audit@example.org")))
    try:
        refused = run("verify", str(good))
        assert refused.status == 2 and "Over ssh no file is read here" in refused.err
        for file, status in ((good, 0), (bad, 1)):
            monkeypatch.setattr("sys.stdin", io.TextIOWrapper(io.BytesIO(file.read_bytes())))
            assert run("verify", "-").status == status
    finally:
        serve(None)


def test_no_database_is_loaded_for_it(good: Path) -> None:
    script = "import sys, tui.cli; tui.cli.main(['verify', sys.argv[1]]); sys.exit('sqlalchemy' in sys.modules)"
    ended = subprocess.run(
        [sys.executable, "-c", script, str(good)],
        capture_output=True,
        env=process_environment(),
        timeout=30,
        check=False,
    )
    assert ended.returncode == 0 and b"The bundle holds" in ended.stdout


def test_hostile_text_in_it_drives_no_terminal(run: Runner, tmp_path: Path) -> None:
    file = tmp_path / "hostile"
    head, *rest = made_up_bundle(SIGNER, query="\u202e\x1b]52;c;aGk=\x07")
    file.write_bytes(b"".join([head, *rest]))
    for words in ((), ("--json",)):
        ran = run("verify", str(file), *words)
        assert ran.status == 0 and not {"\x1b", "\x07", "\u202e"} & set(ran.out)
    file.write_bytes(head.replace(b'"sort":"asc"', b'"sort":"\\u001b"'))
    assert "\x1b" not in run("verify", str(file)).out


def test_the_script_of_the_readme_says_the_same(good: Path, bad: Path, tmp_path: Path) -> None:
    found = re.search(
        r"```python\n(\"\"\"Check a bundle.*?)```", (PROJECT / "README.md").read_text(encoding="utf-8"), re.DOTALL
    )
    assert found is not None
    script = tmp_path / "check_bundle.py"
    script.write_text(found[1], encoding="utf-8")

    def ran(*words: str) -> tuple[int, bytes]:
        ended = subprocess.run(
            [sys.executable, "-I", str(script), *words], capture_output=True, timeout=30, check=False, cwd=tmp_path
        )
        return ended.returncode, ended.stdout + ended.stderr

    assert ran(str(good)) == (
        0,
        f"It holds: {EVENTS} events, 0 of them erased as a whole, signed by {SIGNER.verifier}\n".encode(),
    )
    status, told = ran(str(bad))
    assert status == 1 and b"line 3" in told and b"personal part" in told
    status, told = ran(str(good), str(OTHER.verifier))
    assert status == 1 and b"signed by another key" in told

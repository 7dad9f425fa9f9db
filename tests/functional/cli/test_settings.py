"""`auditdeck settings`."""

from pathlib import Path

import pytest

from data.settings import Settings, load_settings
from tests.functional.cli.command_line import Ran, Runner


def origins(ran: Ran) -> dict[str, str]:
    assert ran.status == 0, ran.err
    return {entry["name"]: entry["from"] for entry in ran.json["settings"]}


def test_each_setting_says_where_it_came_from(run: Runner, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    file = tmp_path / "mine.toml"
    file.write_text('zone = "Europe/Berlin"\ntheme = "light"\nlog_level = "debug"\n')
    monkeypatch.setenv("auditdeck_theme", "dark")
    ran = run("settings", "--settings", str(file), "--zone", "Asia/Tokyo", "--no-mouse", "--json")
    assert origins(ran) == {
        "database": "environment AUDITDECK_DATABASE",
        "as_owner": "environment AUDITDECK_AS_OWNER",
        "zone": "flag --zone",
        "theme": "environment AUDITDECK_THEME",
        "unicode": "default",
        "mouse": "flag --no-mouse",
        "frames": "default",
        "log_file": "environment AUDITDECK_LOG_FILE",
        "state_file": "environment AUDITDECK_STATE_FILE",
        "log_level": "file",
        "gateway_durable": "default",
        "smtp_host": "default",
        "smtp_port": "default",
        "smtp_security": "default",
        "smtp_user": "default",
        "smtp_password": "default",
        "mail_from": "default",
        "join_command": "default",
        "sealing_key": "default",
        "checkpoint_file": "default",
        "checkpoint_command": "default",
        "keys": "default",
    }
    values = {entry["name"]: entry["value"] for entry in ran.json["settings"]}
    assert (values["zone"], values["theme"], values["log_level"]) == ("Asia/Tokyo", "dark", "debug")
    assert (values["unicode"], values["mouse"]) == ("not set", "false")
    assert ran.json["file"] == str(file)


def test_the_text_has_a_line_on_each_setting(run: Runner) -> None:
    ran = run("settings")
    assert (ran.status, ran.err) == (0, "")
    lines = ran.out.splitlines()
    for name in Settings.model_fields:
        assert any(line.startswith(name) for line in lines)
    assert any(line.split() == ["zone", "UTC", "default"] for line in lines)


def test_a_password_is_not_shown(run: Runner) -> None:
    pytest.importorskip("psycopg")
    ran = run("settings", "--database", "postgresql+psycopg://auditor:hunter2@db.example.org/log")
    assert ran.status == 0
    assert "db.example.org" in ran.out and "hunter2" not in ran.out


_MAIL = {
    "SMTP_HOST": "mail.example.org",
    "MAIL_FROM": "Audit <audit@example.org>",
    "SMTP_USER": "auditdeck",
    "SMTP_PASSWORD": "hunter2",
}


def test_a_mail_server_s_password_is_not_shown(run: Runner, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name, value in _MAIL.items():
        monkeypatch.setenv(f"AUDITDECK_{name}", value)
    for words in (("settings",), ("settings", "--json")):
        ran = run(*words)
        assert ran.status == 0 and "mail.example.org" in ran.out and "set, and not shown" in ran.out
        assert "hunter2" not in ran.out + ran.err
    assert "hunter2" not in repr(load_settings()) + repr(load_settings().mail_server)
    assert "hunter2" not in (tmp_path / "operational.log").read_text()


def test_the_mail_server_is_at_the_port_of_its_security(monkeypatch: pytest.MonkeyPatch) -> None:
    assert load_settings().mail_server is None
    for name, value in _MAIL.items():
        monkeypatch.setenv(f"AUDITDECK_{name}", value)
    server = load_settings().mail_server
    assert server is not None and (server.port, server.password) == (587, "hunter2")
    monkeypatch.setenv("AUDITDECK_SMTP_SECURITY", "tls")
    server = load_settings().mail_server
    assert server is not None and server.port == 465


@pytest.mark.parametrize(
    ("changed", "words"),
    [
        ({"MAIL_FROM": ""}, "smtp_host needs mail_from"),
        ({"MAIL_FROM": "nobody"}, "'mail_from' is wrong"),
        ({"MAIL_FROM": "a@example.org\nBcc: eve@example.org"}, "'mail_from' is wrong"),
        ({"SMTP_PASSWORD": ""}, "need each other"),
        ({"SMTP_SECURITY": "none"}, "is not sent without TLS"),
        ({"SMTP_SECURITY": "ssl"}, "'smtp_security' is wrong"),
        ({"SMTP_PORT": "70000"}, "'smtp_port' is wrong"),
        ({"SMTP_HOST": "mail\x1b[2J"}, "'smtp_host' is wrong"),
        ({"JOIN_COMMAND": "ssh\n\nrm -rf"}, "'join_command' is wrong"),
    ],
    ids=lambda value: " ".join(value) if isinstance(value, dict) else None,
)
def test_settings_of_mail_that_cannot_be_are_told(
    run: Runner, monkeypatch: pytest.MonkeyPatch, changed: dict[str, str], words: str
) -> None:
    for name, value in {**_MAIL, **changed}.items():
        monkeypatch.setenv(f"AUDITDECK_{name}", value)
    ran = run("settings")
    assert (ran.status, ran.out, len(ran.err.splitlines())) == (1, "", 1)
    assert words in ran.err and "hunter2" not in ran.err


def test_an_address_that_is_none_is_told_beside_the_other_settings(run: Runner) -> None:
    ran = run("settings", "--database", "mysql://auditor:hunter2@db.example.org/log", "--json")
    assert ran.status == 0
    value = ran.json["settings"][0]["value"]
    assert value.startswith("not usable:") and "hunter2" not in value


def test_the_operational_log_may_be_named_from_home(
    run: Runner, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("AUDITDECK_LOG_FILE", "~/auditdeck.log")
    values = {entry["name"]: entry["value"] for entry in run("settings", "--json").json["settings"]}
    assert values["log_file"] == str(tmp_path / "auditdeck.log")


def test_the_home_of_nobody_is_told(run: Runner, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AUDITDECK_LOG_FILE", "~nosuchuser/auditdeck.log")
    ran = run("events")
    assert (ran.status, ran.out, len(ran.err.splitlines())) == (1, "", 1)
    assert "~nosuchuser/auditdeck.log is in the home folder of a user who is not known here" in ran.err


def test_keys_of_ones_own_are_shown_with_what_is_to_be_said_of_them(run: Runner, tmp_path: Path) -> None:
    file = tmp_path / "mine.toml"
    file.write_text('[keys]\n"log.find" = "ctrl+f"\nlog.undo = ["r", "F2"]\n"log.dates" = []\n')
    values = {
        entry["name"]: entry["value"] for entry in run("settings", "--settings", str(file), "--json").json["settings"]
    }
    assert values["keys"] == "log.find = ctrl+f, log.undo = r F2, log.dates = none"
    ran = run("settings", "--settings", str(file))
    assert "keys: log.undo takes r from log.refresh" in ran.out


@pytest.mark.parametrize("table", ["keys = 3", "[keys]\nlog.find = 3", '[keys]\n"log.find" = [3]'])
def test_keys_that_are_none_are_told(run: Runner, tmp_path: Path, table: str) -> None:
    file = tmp_path / "mine.toml"
    file.write_text(table)
    ran = run("settings", "--settings", str(file))
    assert (ran.status, ran.out, len(ran.err.splitlines())) == (1, "", 1)
    assert "'keys' is wrong" in ran.err


def test_keys_in_the_environment_are_json(run: Runner, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AUDITDECK_KEYS", '{"log.find": "ctrl+f"}')
    assert "log.find = ctrl+f" in run("settings").out
    monkeypatch.setenv("AUDITDECK_KEYS", "log.find")
    ran = run("settings")
    assert (ran.status, ran.out, len(ran.err.splitlines())) == (1, "", 1)
    assert "keys" in ran.err

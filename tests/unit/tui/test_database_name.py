"""What the console calls a database before it knows whether it can be opened: always something, never a secret."""

from pathlib import Path

import pytest

from tui.database_name import short_name, typed_address


@pytest.mark.parametrize(
    ("address", "name"),
    [
        ("/var/log/audit.db", "audit"),
        ("sqlite:////var/log/audit.db", "audit"),
        ("postgresql+psycopg://reader:hunter2@db.example.org/log", "log"),
        ("postgresql+psycopg://reader:hunter2@db.example.org", "db.example.org"),
        ("postgresql+psycopg://[bad/x", "postgresql+psycopg"),
        ("postgresql+psycopg://reader:hun/ter2@db.example.org", "postgresql+psycopg"),
    ],
)
def test_short_name(address: str, name: str) -> None:
    assert short_name(address) == name


@pytest.mark.parametrize(
    ("address", "typed"),
    [
        ("/var/lib/audit log.db", "/var/lib/audit log.db"),
        ("sqlite:////var/lib/audit.db", "sqlite:////var/lib/audit.db"),
        ("postgresql+psycopg://alice@db/audit", "postgresql+psycopg://alice@db/audit"),
        (
            "postgresql+psycopg://alice:s3cret@db:5433/audit?sslmode=require",
            "postgresql+psycopg://alice@db:5433/audit?sslmode=require",
        ),
        ("postgresql+psycopg:///audit?host=a&password=s3cret&port=1", "postgresql+psycopg:///audit?host=a&port=1"),
        ("postgresql+psycopg:///audit?pass%77ord=s3cret", "postgresql+psycopg:///audit"),
        ("postgresql+psycopg://alice:s3#cret@db/audit", None),
        ("postgresql+psycopg://alice:s3@cret@db/audit", None),
        ("postgresql+psycopg://alice:s3/cret@db/audit", None),
        ("postgresql+psycopg://[alice:s3cret@db/audit", None),
    ],
)
def test_an_address_to_type_has_no_password_and_is_left_out_in_doubt(address: str, typed: str | None) -> None:
    assert typed_address(address) == typed


def test_a_path_to_type_is_good_from_any_folder(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.chdir(tmp_path)
    assert typed_address("audit.db") == str(tmp_path / "audit.db")

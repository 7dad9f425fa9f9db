"""Addresses: understood alike however they are written, and shown without what is secret."""

from pathlib import Path

import pytest

from data.errors import DatabaseError
from data.store.location import parse_location


@pytest.mark.parametrize(
    "written", ["/var/log/audit.db", "sqlite:////var/log/audit.db", "sqlite+pysqlite:////var/log/audit.db"]
)
def test_embedded_database_is_its_file(written: str) -> None:
    location = parse_location(written)

    assert location.is_embedded
    assert location.path == Path("/var/log/audit.db")
    assert (location.name, location.shown) == ("audit", "/var/log/audit.db")


def test_path_is_made_absolute(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("HOME", "/home/reader")

    assert parse_location("audit.db").path == tmp_path / "audit.db"
    assert parse_location("~/audit.db").path == Path("/home/reader/audit.db")


@pytest.mark.parametrize("scheme", ["postgresql", "postgres", "postgresql+psycopg", "postgresql+psycopg2"])
def test_every_way_to_write_postgresql_means_the_one_driver(scheme: str) -> None:
    location = parse_location(f"{scheme}://reader@db.example.org/log")

    assert not location.is_embedded
    assert location.url.drivername == "postgresql+psycopg"
    assert location.name == "log"


@pytest.mark.parametrize(
    ("written", "name"),
    [
        ("postgresql://db.example.org", "db.example.org"),
        ("postgresql:///?host=/run/postgresql", "postgresql"),
        ("postgresql:///log?host=a.example.org&host=b.example.org", "log"),
    ],
)
def test_shared_database_without_a_name_of_its_own(written: str, name: str) -> None:
    assert parse_location(written).name == name


@pytest.mark.parametrize(
    "written",
    [
        "postgresql://reader:hunter2@db.example.org/log",
        "postgresql://reader@db.example.org/log?password=hunter2",
        "postgresql://reader@db.example.org/log?sslmode=require&sslpassword=hunter2",
        "postgresql://reader@db.example.org/log?PASSWORD=hunter2",
    ],
)
def test_no_password_is_shown(written: str) -> None:
    location = parse_location(written)

    assert "hunter2" not in location.shown
    assert "reader" in location.shown
    assert "hunter2" in location.url.render_as_string(hide_password=False)


@pytest.mark.parametrize("written", ["~nosuchuser/audit.db", "sqlite:///~nosuchuser/audit.db"])
def test_home_of_a_user_who_is_not_there(written: str) -> None:
    with pytest.raises(DatabaseError, match=r"^~nosuchuser/audit\.db is in the home folder of a user who is not known"):
        parse_location(written)


@pytest.mark.parametrize("written", ["postgresql+psycopg://[bad/x", "postgresql://bad]/x", "postgresql://u:p@[::1/x"])
def test_half_a_pair_of_brackets_is_no_host(written: str) -> None:
    with pytest.raises(DatabaseError, match="^This is not a database URL"):
        parse_location(written)


@pytest.mark.parametrize(
    "secret", ["hunter@2secret", "hunter/2@secret", "hunter@2/secret", "hunter@2:secret", "h?2@secret"]
)
def test_stray_at_in_a_password_is_refused_without_showing_it(secret: str) -> None:
    with pytest.raises(DatabaseError) as refused:
        parse_location(f"postgresql://reader:{secret}@db.example.org/log")

    assert str(refused.value) == "This database URL has more than one @: write %40 for an @ in a password."


def test_written_at_in_a_password_is_part_of_it() -> None:
    assert parse_location("postgresql://reader:hunter%402@db.example.org/log").url.password == "hunter@2"

"""Tests of tui.personal_state."""

import json
import logging
import os
import stat
from contextlib import suppress
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from data.errors import QueryError
from data.query import EventQuery, parse_query, print_query
from tests.strategies.queries import queries
from tui.personal_state import PersonalState, StateFile, database_key, state_path_of

_DENIED = parse_query("outcome:denied last:7d")
_ADDRESS = "postgresql+psycopg://auditor:hunter2@db.example.org/log"


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "state" / "console.json"


def test_at_the_first_start_there_is_nothing(path: Path) -> None:
    assert StateFile(path).read() == PersonalState(has_started=False, last_queries={})


def test_the_last_query_is_kept_for_each_database(path: Path) -> None:
    StateFile(path).note_end("/data/one.db", _DENIED)
    StateFile(path).note_end("/data/two.db", parse_query("actor:alice"))
    state = StateFile(path).read()
    assert state.has_started
    assert state.last_query("/data/one.db") == _DENIED
    assert state.last_query("/data/two.db") == parse_query("actor:alice")
    assert state.last_query("/data/three.db") is None


@given(queries())
def test_any_query_that_is_kept_is_offered_again(tmp_path_factory: pytest.TempPathFactory, query: EventQuery) -> None:
    with suppress(QueryError):  # one that cannot be written cannot be asked either
        expected = None if query == EventQuery() else parse_query(print_query(query))
        path = tmp_path_factory.mktemp("state") / "console.json"
        StateFile(path).note_end("log.db", query)
        assert StateFile(path).read().last_query("log.db") == expected


def test_what_one_begins_with_is_no_query_to_keep(path: Path) -> None:
    file = StateFile(path)
    file.note_end("log.db", _DENIED)
    file.note_end("log.db", EventQuery())
    assert file.read().last_query("log.db") == _DENIED


def test_only_some_databases_are_remembered(path: Path) -> None:
    for number in range(30):
        StateFile(path).note_end(f"{number}.db", _DENIED)
    state = StateFile(path).read()
    assert len(state.last_queries) == 20
    assert state.last_query("29.db") == _DENIED
    assert state.last_query("0.db") is None


def test_the_last_query_of_the_requests_is_kept_beside_it(path: Path) -> None:
    requests = parse_query("client:c-1 last:7d")
    StateFile(path).note_end("log.db", _DENIED, requests)
    StateFile(path).note_end("log.db", parse_query("actor:alice"))
    StateFile(path).note_end("other.db", _DENIED)
    state = StateFile(path).read()
    assert state.last_query("log.db") == parse_query("actor:alice")
    assert state.last_requests("log.db") == requests, "kept where nobody went there"
    assert state.last_requests("other.db") is None


def test_a_database_is_forgotten_with_both_of_its_queries(path: Path) -> None:
    for number in range(21):
        StateFile(path).note_end(f"{number}.db", _DENIED, _DENIED)
    state = StateFile(path).read()
    assert state.last_query("0.db") is None and state.last_requests("0.db") is None
    assert state.last_query("1.db") == state.last_requests("1.db") == _DENIED


def test_no_secret_and_no_address_is_in_the_file(path: Path) -> None:
    secret = "x" * 49
    StateFile(path).note_end(_ADDRESS, parse_query(f'"adk_Ab3dE5gH_{secret}" token:adk_Ab3dE5gH_{secret} has:changes'))
    text = path.read_text()
    assert "adk_Ab3dE5gH" in text and "has:changes" in text
    assert "xxx" not in text and "hunter2" not in text and "example.org" not in text


def test_the_file_is_the_persons_own(path: Path) -> None:
    StateFile(path).note_end("log.db", _DENIED)
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert stat.S_IMODE(path.parent.stat().st_mode) == 0o700
    assert os.listdir(path.parent) == [path.name]


@pytest.mark.parametrize(
    "text",
    [
        "",
        "{",
        "[]",
        "7",
        '{"has_started": 1, "last_queries": 3}',
        '{"last_queries": {"x": 3, "y": null}}',
        "[" * 100_000,
        "\ud800",
        "nan",
    ],
)
def test_a_broken_file_is_as_none_and_written_anew(path: Path, text: str) -> None:
    path.parent.mkdir()
    path.write_bytes(text.encode("utf-8", "surrogatepass"))
    assert StateFile(path).read() == PersonalState()
    StateFile(path).note_end("log.db", _DENIED)
    assert StateFile(path).read().last_query("log.db") == _DENIED


def test_a_query_that_can_no_longer_be_asked_is_not_offered(path: Path) -> None:
    path.parent.mkdir()
    path.write_text(json.dumps({"has_started": True, "last_queries": {database_key("log.db"): "outcome:lost"}}))
    assert StateFile(path).read().last_query("log.db") is None


def test_where_nothing_can_be_written_it_is_logged(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    (tmp_path / "taken").write_text("")
    for path in (tmp_path / "taken" / "console.json", tmp_path):
        caplog.clear()
        logger = logging.getLogger("auditdeck.state")
        logger.addHandler(caplog.handler)
        StateFile(path).note_end("log.db", _DENIED)
        logger.removeHandler(caplog.handler)
        assert "cannot be written" in caplog.text
    assert sorted(os.listdir(tmp_path)) == ["taken"]


def test_a_pipe_is_not_waited_for(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe")
    assert StateFile(tmp_path / "pipe").read() == PersonalState()


def test_without_a_file_nothing_is_kept_and_no_start_is_the_first() -> None:
    file = StateFile(None)
    file.note_end("log.db", _DENIED)
    assert file.read() == PersonalState(has_started=True)


@given(st.text(st.characters(exclude_characters=":@/?"), min_size=1))
def test_another_password_is_the_same_database(password: str) -> None:
    assert database_key(f"postgresql://a:{password}@h/log") == database_key("postgresql://a@h/log")
    assert database_key(_ADDRESS) != database_key("postgresql+psycopg://auditor@db.example.org/other")


def test_a_file_is_the_same_database_from_every_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    assert database_key("log.db") == database_key(str(tmp_path / "log.db"))


def test_members_who_share_an_account_have_places_of_their_own(path: Path) -> None:
    of_bo = state_path_of("m-8sK2bo", path)
    assert of_bo == path.parent / "members" / "m-8sK2bo" / path.name
    StateFile(of_bo).note_end("/data/one.db", _DENIED)
    assert StateFile(of_bo).read().last_query("/data/one.db") == _DENIED
    assert StateFile(state_path_of("m-alice", path)).read() == PersonalState()
    assert of_bo is not None and stat.S_IMODE(of_bo.parent.stat().st_mode) == 0o700


@pytest.mark.parametrize("member_id", ["", "..", "../m-1", "m-1/..", "/etc", "m-1\n", "m 1"])
def test_what_is_no_id_has_none(path: Path, member_id: str) -> None:
    assert state_path_of(member_id, path) is None
    assert state_path_of("m-1", None) is None

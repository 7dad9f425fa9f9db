"""`auditdeck events` in a search that takes long: what is found is written as it is found."""

import sys
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest

from data.answers import Page
from data.services.event_log import EventLog
from tests.functional.cli.command_line import Runner
from tests.functional.cli.made_up_log import fill, some_drafts

COUNT = 23
_whole_page = EventLog.page


class _Pieces:
    """Pages that come in pieces of two, every other one empty, to whoever asks with patience; ctrl+c after so many."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.most: int | None = None
        self.written: list[int] = []
        """How many lines stood on standard output when each piece was asked for."""
        pieces = self

        def page(self: EventLog, *words: Any, limit: int = 50, patience_s: float | None = None, **more: Any) -> Page:  # noqa: ANN401
            if patience_s is None:
                return _whole_page(self, *words, limit=limit, **more)
            number = len(pieces.written)
            if number == pieces.most:
                raise KeyboardInterrupt
            buffer = sys.stdout.buffer
            assert isinstance(buffer, BytesIO), "what is written is captured"
            pieces.written.append(buffer.getvalue().count(b"\n"))
            page = _whole_page(self, *words, limit=min(limit, 2), **more)
            if number % 2 and len(words) > 1 and words[1] is not None:
                return Page((), words[1], page.snapshot)
            return page

        monkeypatch.setattr(EventLog, "page", page)


@pytest.fixture
def pieces(database: Path, monkeypatch: pytest.MonkeyPatch) -> _Pieces:
    fill(database, some_drafts(COUNT))
    return _Pieces(monkeypatch)


def test_what_is_found_is_written_as_it_is_found(run: Runner, pieces: _Pieces, monkeypatch: pytest.MonkeyPatch) -> None:
    found = run("events", "last:all", "type:api_client.*", "number")
    assert pieces.written == sorted(pieces.written) and pieces.written[:6] == [0, 2, 2, 4, 4, 6]
    monkeypatch.setattr(EventLog, "page", _whole_page)
    assert found == run("events", "last:all", "type:api_client.*", "number")


def test_no_more_than_were_asked_for_are_written_and_the_rest_has_a_cursor(run: Runner, pieces: _Pieces) -> None:
    first = run("events", "last:all", "type:api_client.*", "number", "--limit", "5")
    assert len(first.out.splitlines()) == 5
    cursor = first.err.split("--cursor ")[1].strip()
    rest = run("events", "last:all", "type:api_client.*", "number", "--cursor", cursor)
    assert len(rest.out.splitlines()) == COUNT - 5 and "--cursor" not in rest.err


def test_what_was_found_stays_when_the_search_is_ended_and_it_says_how_to_go_on(run: Runner, pieces: _Pieces) -> None:
    pieces.most = 4
    ended = run("events", "last:all", "type:api_client.*", "number")
    assert ended.status == 130 and len(ended.out.splitlines()) == 4
    assert ended.err.startswith("The search was ended; to go on, add --cursor ")
    pieces.most = None
    cursor = ended.err.split("--cursor ")[1].strip()
    rest = run("events", "last:all", "type:api_client.*", "number", "--cursor", cursor)
    assert len(rest.out.splitlines()) == COUNT - 4


def test_json_is_written_as_a_whole(run: Runner, pieces: _Pieces) -> None:
    answer = run("events", "last:all", "type:api_client.*", "number", "--json").json
    assert len(answer["items"]) == COUNT and pieces.written == []


def test_total_is_that_of_the_whole(run: Runner, pieces: _Pieces) -> None:
    assert f"{COUNT} in all." in run("events", "last:all", "type:api_client.*", "number", "--total").err

"""Tests of tui.reading.connection."""

from tui.reading.connection import Connection


def test_pauses_grow_and_then_stay() -> None:
    connection = Connection()
    pauses = [connection.lose("arrived") for _ in range(8)]
    assert pauses == sorted(pauses) and pauses[0] <= 2 and pauses[-1] == pauses[-3] <= 60


def test_what_failed_is_remembered_until_there_is_a_connection() -> None:
    connection = Connection()
    assert not connection.is_lost
    connection.lose("open")
    connection.lose("facets")
    connection.lose("open")
    assert connection.is_lost
    assert connection.find() == {"open", "facets"}
    assert not connection.is_lost and connection.find() == set()


def test_pauses_begin_anew_after_a_connection() -> None:
    connection = Connection()
    first = connection.lose("open")
    for _ in range(5):
        connection.lose("open")
    connection.find()
    assert connection.lose("open") == first
